"""From files and their targets to few patterns that mean just these. Pure text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from l10nsync.paths import compile_source

_ALIKE = 3
"""So many folders without a folder in common become one pattern; two do that have one."""


_TEMPLATE = ".pot"
"""Ending of files that are sources by themselves, with or without a translation."""


@dataclass(frozen=True, slots=True)
class PathPair:
    """A source and where its translations lie, cut where both vary together.

    Source = `head` + `name` + `tail`, target = `target_head` + `name` + `target_tail`.
    """

    source: str
    target: str
    head: str
    target_head: str
    name: str
    tail: str
    target_tail: str
    is_open: bool = False
    """Whether other files in the folder of the source are also sources."""


_Family = Sequence[PathPair]
"""Pairs that differ by their names alone."""


@dataclass(frozen=True, slots=True)
class ResourcePattern:
    """What a resource says about some pairs."""

    sources: tuple[str, ...]
    target: str
    pairs: tuple[PathPair, ...]
    exclude: tuple[str, ...] = ()
    """Files among the sources that are not sources, as patterns from the top."""


def pair(source: str, target: str, *, is_open: bool = False) -> PathPair:
    """Cut a source and its target into what is theirs and what they have in common."""
    path, template = source, target
    source, target = _literal(source), _literal(target, braces=True)
    folders, target_folders = source.split("/")[:-1], target.split("/")[:-1]
    shared = _shared_name(source.rpartition("/")[2], target.rpartition("/")[2])
    if not shared:
        return PathPair(path, template, source, target, "", "", "", is_open)
    depth = _shared_depth(folders, target_folders)
    own = len(folders) - depth
    name = "/".join([*folders[own:], shared])
    head = "".join(f"{part}/" for part in folders[:own])
    target_head = "".join(f"{part}/" for part in target_folders[: len(target_folders) - depth])
    tail, target_tail = source[len(head) + len(name) :], target[len(target_head) + len(name) :]
    return PathPair(path, template, head, target_head, name, tail, target_tail, is_open)


def _shared_name(file: str, target_file: str) -> str:
    """Return what the file names of a source and its target both begin with, in whole parts."""
    if "{locale}" in target_file:
        before = target_file.partition("{locale}")[0].rstrip("._-")
        return before if before and file.startswith(before) else ""
    stem = file.rpartition(".")[0]
    return stem if target_file.startswith(f"{stem}.") else ""


def _shared_depth(folders: Sequence[str], target_folders: Sequence[str]) -> int:
    """Return how many of the last folders are the same below the one that names the locale."""
    below = len(target_folders)
    while below and "{locale}" not in target_folders[below - 1]:
        below -= 1
    most = min(len(folders), len(target_folders) - below) if below else 0
    return next((depth for depth in range(most) if folders[-1 - depth] != target_folders[-1 - depth]), most)


def _literal(path: str, *, braces: bool = False) -> str:
    """Return the pattern that means just PATH; BRACES are special in a target alone."""
    text = re.sub(r"([\\*?\[])", r"\\\1", path)
    return re.sub(r"\{(?!locale\})|(?<!\{locale)\}", r"\\\g<0>", text) if braces else text


def patterns(pairs: Sequence[PathPair], files: Sequence[str]) -> list[ResourcePattern]:
    """Return few patterns that take the PAIRS to their targets and match no other of the FILES.

    A folder that is one locale's belongs to it as a whole: other files there are also sources.
    """
    families: dict[tuple[str, str, str, str], list[PathPair]] = defaultdict(list)
    for found in pairs:
        families[found.head, found.target_head, found.tail, found.target_tail].append(found)
    left = [tuple(members) for _key, members in sorted(families.items())]
    result = list(chain.from_iterable(_of_bucket(bucket, files) for bucket in _buckets(left, _end_behind)))
    return sorted(result, key=lambda pattern: pattern.pairs[0].source)


def _of_bucket(
    bucket: Sequence[_Family], files: Sequence[str], *, is_near: bool = False
) -> list[ResourcePattern]:
    """Return the patterns of families that end alike: one for all, else one for those of one folder name."""
    if made := _joined(bucket, files, is_near=is_near):
        return [made]
    if is_near:
        return list(chain.from_iterable(_separate(members, files) for members in bucket))
    nearer = _buckets(bucket, _end_before)
    return list(chain.from_iterable(_of_bucket(fewer, files, is_near=True) for fewer in nearer))


def _buckets(families: Sequence[_Family], end: Callable[[str, str], str]) -> Iterator[list[_Family]]:
    """Yield families that may become one pattern together: END says the same of their folders."""
    found: dict[tuple[str, str, str, str], list[_Family]] = defaultdict(list)
    for members in families:
        first = members[0]
        ends = end(first.head, first.target_head), end(first.target_head, first.head)
        found[*ends, first.tail, first.target_tail].append(members)
    for _key, bucket in sorted(found.items()):
        if len(bucket) < _ALIKE and not _common([members[0].source for members in bucket]):
            yield from ([members] for members in bucket)
        else:
            yield bucket


def _end_behind(head: str, other: str) -> str:
    """Return what HEAD has behind what it begins with as OTHER does: a locale's folder and what follows."""
    return head[len(_common([f"{head}x", f"{other}x"])) :]


def _end_before(head: str, _other: str) -> str:
    """Return the last two parts of a path."""
    return "/".join(head.rstrip("/").split("/")[-2:])


def _common(paths: Sequence[str]) -> str:
    """Return the folders that all PATHS begin with."""
    split = [path.split("/")[:-1] for path in paths]
    depth = 0
    while all(len(parts) > depth for parts in split) and len({parts[depth] for parts in split}) == 1:
        depth += 1
    return "".join(f"{part}/" for part in split[0][:depth])


def _common_end(paths: Sequence[str]) -> str:
    """Return the whole parts that all PATHS end with."""
    split = [path.split("/") for path in paths]
    depth = 0
    while all(len(parts) > depth for parts in split) and len({parts[-1 - depth] for parts in split}) == 1:
        depth += 1
    return "/".join(split[0][len(split[0]) - depth :])


def _joined(bucket: Sequence[_Family], files: Sequence[str], *, is_near: bool) -> ResourcePattern | None:
    """Return one pattern for families in several folders; None if it would mean something else.

    What lies IS_NEAR each other may have a few strangers among it, which are excluded.
    """
    shape = _heads([members[0] for members in bucket]) if len(bucket) > 1 else None
    is_deep = any("/" in member.name for member in chain.from_iterable(bucket))
    if shape is None or ("**/" in shape[0] and is_deep):
        return None
    shaped = [replace(member, head=shape[0], target_head=shape[1]) for member in chain.from_iterable(bucket)]
    found = _fitting(shaped, files)
    return found if found and (is_near or not found.exclude) else None


def _heads(firsts: Sequence[PathPair]) -> tuple[str, str] | None:
    """Return heads of source and target that take those of FIRSTS; None if these vary in different places."""
    lead = _common(list(chain.from_iterable((f"{first.head}x", f"{first.target_head}x") for first in firsts)))
    middles, end = _middles([first.head[len(lead) :] for first in firsts])
    target_middles, target_end = _middles([first.target_head[len(lead) :] for first in firsts])
    if middles != target_middles:
        return None
    star = "*/" if all(middle.count("/") == 1 for middle in middles) else "**/"
    return f"{lead}{star}{end}", f"{lead}{star}{target_end}"


def _middles(heads: Sequence[str]) -> tuple[list[str], str]:
    """Return what each of HEADS has before what all end with, and that."""
    end = _common_end(heads)
    return [head[: len(head) - len(end)] for head in heads], end


def _fitting(members: Sequence[PathPair], files: Sequence[str]) -> ResourcePattern | None:
    """Return the plainest pattern that means just MEMBERS, whose heads are equal; None if there is none.

    Where some files more lie among many, they are excluded: that is shorter than a list of the many.
    """
    extras: list[tuple[ResourcePattern, set[str]]] = []
    for shape in _shapes(members):
        extra = _extra(shape, files)
        if extra is not None and not extra:
            return shape
        if extra is not None and len(shape.sources) == 1:
            extras.append((shape, extra))
    listed = _listed(members)
    for shape, extra in sorted(extras, key=lambda found: (len(found[1]), -len(found[0].target)))[:1]:
        if len(extra) * 2 < len(members):
            return replace(shape, exclude=tuple(f"/{_literal(path)}" for path in sorted(extra)))
    return listed if listed and _extra(listed, files) == set() else None


def _separate(members: Sequence[PathPair], files: Sequence[str]) -> list[ResourcePattern]:
    """Return the pattern of one family; at worst one for each file."""
    made = _fitting(members, files)
    alone = (
        ResourcePattern(
            (f"{member.head}{member.name}{member.tail}",),
            f"{member.target_head}{member.name}{member.target_tail}",
            (member,),
        )
        for member in members
    )
    return [made] if made else list(alone)


def _shapes(members: Sequence[PathPair]) -> Iterator[ResourcePattern]:
    """Yield patterns for MEMBERS, whose heads are equal, from the plainest to the most explicit."""
    first = members[0]
    names = sorted({member.name for member in members})
    pairs = tuple(members)
    if len(names) == 1 and not first.is_open:
        yield ResourcePattern(
            (f"{first.head}{names[0]}{first.tail}",),
            f"{first.target_head}{names[0]}{first.target_tail}",
            pairs,
        )
        return
    deep = any("/" in name for name in names)
    lasts = [name.rpartition("/")[2] for name in names]
    stem = _start(lasts)
    folders = "**/" if deep else ""
    for star in ("*", f"{stem}*") if len(stem) > 1 else ("*",):
        yield ResourcePattern(
            (f"{first.head}{folders}{star}{first.tail}",),
            f"{first.target_head}{folders}{star}{first.target_tail}", pairs,
        )  # fmt: skip


def _listed(members: Sequence[PathPair]) -> ResourcePattern | None:
    """Return the pattern that names each of MEMBERS; None where their targets cannot say it."""
    first = members[0]
    names = sorted({member.name for member in members})
    if any("/" in name for name in names) or first.tail.count(".") != 1 or "*" in first.head:
        return None
    sources = tuple(f"{first.head}{name}{first.tail}" for name in names)
    return ResourcePattern(sources, f"{first.target_head}{{stem}}{first.target_tail}", tuple(members))


def _start(names: Sequence[str]) -> str:
    """Return the text that all NAMES begin with."""
    low, high = min(names), max(names)
    length = next(
        (index for index, char in enumerate(low) if index >= len(high) or high[index] != char), len(low)
    )
    return low[:length]


def _extra(pattern: ResourcePattern, files: Sequence[str]) -> set[str] | None:
    """Return the strangers that a pattern matches among FILES; None if it lacks one of its sources."""
    wanted = {pair.source for pair in pattern.pairs}
    compiled = [compile_source(text) for text in pattern.sources]
    found = {path for path in files if any(source.match(path) is not None for source in compiled)}
    if not wanted <= found:
        return None
    return set() if pattern.pairs[0].is_open else set(filter(_stranger(pattern), found - wanted))


def _stranger(pattern: ResourcePattern) -> Callable[[str], bool]:
    """Return whether a path that PATTERN matches is neither a translation nor a source by its kind."""
    targets = [_regex(target) for target in sorted({pair.target for pair in pattern.pairs})]

    def is_stranger(path: str) -> bool:
        return not path.endswith(_TEMPLATE) and not any(target.fullmatch(path) for target in targets)

    return is_stranger


def _regex(target: str) -> re.Pattern[str]:
    return re.compile(re.escape(target).replace(r"\{locale\}", "[^/]+"))
