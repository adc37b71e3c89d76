"""Which earlier paths the files of a repository had, from its history. Pure."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from l10nsync.model import Commit, FileStep

COMPARE_AT_MOST = 100
"""The most commits whose contents are compared, and files of one commit."""
SAME = 0.5
"""Part of two contents that has to be equal for them to be one file, as git has it."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A time during which a file had one path."""

    path: str
    blobs: frozenset[str]
    """Blob ids of what it held then."""


@dataclass(frozen=True, slots=True)
class Lineages:
    """The past of the files that a repository has now."""

    stages: Mapping[str, tuple[Stage, ...]] = field(default_factory=dict)
    """Present path to its stages, the present one first."""
    former: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Path to the blob ids of every file that ever had it, apart from its present stage."""
    had: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Path to the blob ids that the present files held while they had it."""

    def held(self, path: str, blob: str) -> bool:
        """Whether the file that has PATH now held BLOB since it has it."""
        stages = self.stages.get(path)
        return bool(stages) and blob in stages[0].blobs  # type: ignore[index]

    def contents(self, path: str) -> frozenset[str]:
        """Return the blob ids of all that any file held while it had PATH."""
        return self.former.get(path, frozenset()) | self.had.get(path, frozenset())

    def earlier(self, path: str) -> tuple[Stage, ...]:
        """Return the stages before the present one, the latest first."""
        return self.stages.get(path, ())[1:]


def contents_of(commits: Iterable[Commit]) -> Mapping[str, frozenset[str]]:
    """Return path to the blob ids of everything that was ever there."""
    found: dict[str, set[str]] = {}
    for commit in commits:
        for step in commit.steps:
            for path, blob in ((step.old, step.old_blob), (step.new, step.new_blob)):
                if blob:
                    found.setdefault(path, set()).add(blob)
    return {path: frozenset(blobs) for path, blobs in found.items()}


def trace(
    commits: Iterable[Commit],
    present: Mapping[str, str],
    brought: Callable[[str], Iterable[Commit]] | None = None,
    curious: Container[str] = (),
    read: Callable[[Iterable[str]], Mapping[str, bytes]] | None = None,
) -> Lineages:
    """Follow the files of PRESENT (path to blob id) back through COMMITS, the newest first.

    For the paths in CURIOUS, also follow merges and compare contents. Where a merge added a file, BROUGHT,
    given the merge's id, returns the commits that it brought in, and they are followed. Where a commit
    changed a file together with others, READ returns the contents of blobs, and those
    that are alike are one file.
    """
    past = _PastContents(
        {path: [(path, {blob})] for path, blob in present.items()}, {}, brought, curious, read
    )
    past.follow(commits, {path: path for path in present})
    lineages = {
        path: tuple(Stage(name, frozenset(blobs)) for name, blobs in found)
        for path, found in past.stages.items()
    }
    return Lineages(
        lineages,
        {
            path: frozenset(blobs - (lineages[path][0].blobs if path in lineages else frozenset()))
            for path, blobs in past.former.items()
        },
        _by_path(chain.from_iterable(lineages.values())),
    )


def _by_path(stages: Iterable[Stage]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for stage in stages:
        found.setdefault(stage.path, set()).update(stage.blobs)
    return {path: frozenset(blobs) for path, blobs in found.items()}


@dataclass
class _PastContents:
    """What is known so far."""

    stages: dict[str, list[tuple[str, set[str]]]]
    former: dict[str, set[str]]
    brought: Callable[[str], Iterable[Commit]] | None
    curious: Container[str]
    read: Callable[[Iterable[str]], Mapping[str, bytes]] | None
    compared: int = 0

    def follow(self, commits: Iterable[Commit], names: dict[str, str]) -> dict[str, str]:
        """Follow NAMES (then to now); return those that are older than COMMITS."""
        for commit in commits:
            steps = self._steps(commit, names)
            for step in steps:
                self._note(step, names.get(step.new))
            known = [step for step in steps if step.new in names]
            renamed = [(step, names[step.new]) for step in known if step.kind == "R"]
            added = {step.new: names[step.new] for step in known if step.kind == "A"}
            for name in [*added, *(step.new for step, _owner in renamed)]:
                del names[name]
            for step, owner in renamed:
                names[step.old] = owner
                self.stages[owner].append((step.old, {step.old_blob}))
            for name, owner in self._brought_along(commit, added).items():
                names.setdefault(name, owner)
        return names

    def _note(self, step: FileStep, owner: str | None) -> None:
        """Note what a path held; it is a stage of OWNER's, if a source had that path."""
        if step.kind != "D" and owner is not None:
            kept = {step.new_blob} if step.kind in {"R", "A"} else {step.new_blob, step.old_blob}
            self.stages[owner][-1][1].update(kept)
        for path, blob in ((step.old, step.old_blob), (step.new, step.new_blob)):
            if blob and path:
                self.former.setdefault(path, set()).add(blob)

    def _brought_along(self, commit: Commit, added: Mapping[str, str]) -> dict[str, str]:
        """Return the older names of files that a merge ADDED, as far as somebody wants to know them."""
        came = {name: owner for name, owner in added.items() if owner in self.curious}
        return self.follow(self.brought(commit.id), came) if came and commit.merge and self.brought else {}

    def _steps(self, commit: Commit, names: Mapping[str, str]) -> list[FileStep]:
        """Return the steps of one commit, with the renames that only contents show."""
        steps = paired(commit.steps)
        if self.read is None or not self._may_hide_a_rename(steps, names):
            return steps
        self.compared += 1
        left = [step for step in steps if step.kind in "MAD"]
        return alike(
            steps,
            self.read(
                set(filter(None, chain.from_iterable((step.old_blob, step.new_blob) for step in left)))
            ),
        )

    def _may_hide_a_rename(self, steps: Sequence[FileStep], names: Mapping[str, str]) -> bool:
        """Whether contents can be compared and may show a rename that somebody wants to know."""
        if not any(step.kind in "MA" and names.get(step.new) in self.curious for step in steps):
            return False
        olds = sum(step.kind in "MD" for step in steps)
        # A file that changed alone was nothing else; one that came beside a deleted one may have been that.
        alone = olds < 2 and not any(step.kind == "D" for step in steps)
        return not alone and olds <= COMPARE_AT_MOST and self.compared < COMPARE_AT_MOST


def paired(commit: Sequence[FileStep]) -> list[FileStep]:
    """Return the steps of one commit, with the renames that git does not look for.

    Git pairs added files with deleted ones, and breaks up changed ones only if they are large: two small
    files that swap their names are two changes to it. Here a file that holds exactly what another one of
    the same commit held before, and no longer holds, was that other one.
    """
    taken = {step.old for step in commit if step.kind == "R"}
    left: dict[str, list[FileStep]] = {}
    for step in commit:
        if step.kind in {"D", "M"} and step.old not in taken:
            left.setdefault(step.old_blob, []).append(step)
    found: list[FileStep] = []
    came: dict[str, int] = {}
    for step in commit:
        if step.kind in {"A", "M"}:
            came[step.new_blob] = came.get(step.new_blob, 0) + 1
    for step in commit:
        sources = [left_step for left_step in left.get(step.new_blob, ()) if left_step.old != step.new]
        if step.kind in {"A", "M"} and len(sources) == 1 == came[step.new_blob]:
            found.append(replace(step, kind="R", old=sources[0].old, old_blob=sources[0].old_blob))
        else:
            found.append(step)
    return found


def alike(steps: Sequence[FileStep], contents: Mapping[str, bytes]) -> list[FileStep]:
    """Return the steps of one commit including renames among edited files.

    Git compares added files with deleted ones, and changed ones only if they are large. Here each content
    that came is paired with the one that went and is most like it: its own path's former one, perhaps.
    """
    came: dict[str, str] = {}
    gone: set[str] = set()
    for _how_alike, _same_path, old_path, new_path in sorted(_likenesses(steps, contents), reverse=True):
        if new_path not in came and old_path not in gone:
            came[new_path] = old_path
            gone.add(old_path)
    before = {step.old: step.old_blob for step in steps if step.kind in {"M", "D"}}
    renamed = {new: old for new, old in came.items() if new != old}
    return [
        replace(step, kind="R", old=renamed[step.new], old_blob=before[renamed[step.new]])
        if step.kind in {"M", "A"} and step.new in renamed
        else step
        for step in steps
    ]


def _likenesses(
    steps: Sequence[FileStep], contents: Mapping[str, bytes]
) -> Iterator[tuple[float, bool, str, str]]:
    """Yield each file that went with one that came and is like it: how much, whether of one path, both."""
    pieces = {blob: _pieces(content) for blob, content in contents.items()}
    olds = [step for step in steps if step.kind in {"M", "D"} and step.old_blob in pieces]
    news = [step for step in steps if step.kind in {"M", "A"} and step.new_blob in pieces]
    for old, new in itertools.product(olds, news):
        likeness = _likeness(pieces[old.old_blob], pieces[new.new_blob], grown=_moved(old, new))
        if likeness >= SAME:
            yield likeness, old.old == new.new, old.old, new.new


def _pieces(content: bytes) -> Counter[bytes]:
    """Return what a content is made of: lines, and the parts between commas or tags of long ones."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = content.decode("utf-16", "replace").encode()
    return Counter(
        line for line in re.split(rb"[\r\n]+|(?<=[,;>])", content.removeprefix(b"\xef\xbb\xbf")) if line
    )


def _moved(old: FileStep, new: FileStep) -> bool:
    """Whether one file went and another one came: it may have grown to a multiple on the way."""
    return old.kind == "D" and new.kind == "A"


def _likeness(left: Counter[bytes], right: Counter[bytes], *, grown: bool) -> float:
    """Return which part of the larger content is in the other one, by length; of LEFT if it has GROWN."""
    whole = _length(left) if grown else max(_length(left), _length(right))
    return _length(left & right) / whole if whole else 0.0


def _length(pieces: Counter[bytes]) -> int:
    return sum(len(piece) * count for piece, count in pieces.items())
