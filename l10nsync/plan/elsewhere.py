"""Files of other branches on the TMS: which sources they stand for, and whose strings they hold. Pure.

A branch sends a source under a fileUri of its own, in a namespace that may be another one than the rule's: it
was renamed on the branch, say. Once the source gets to another branch, by a merge of any kind, it is new
there; its strings are not. So a new source takes the namespace in which such a file has its strings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from l10nsync.model import ListedFile, Source, fold

BRANCH = "\x01"
"""Stands for the branch in the fileUris of a layout for all branches; no branch has such a name."""
READ_AT_MOST = 100
"""Files of other branches under unknown paths that are read to find the content of a new source."""
ASK_AT_MOST = 10
"""Files of other branches that are asked for their namespace on behalf of one new source."""
Patterns = Mapping[str, Sequence[tuple[str, Source]]]
"""What follows the branch in a fileUri, folded, to what precedes it, and the source."""


def patterns_of(sources: Iterable[Source]) -> Patterns:
    """Return the fileUris of SOURCES that hold `BRANCH`, by what follows the branch."""
    found: dict[str, list[tuple[str, Source]]] = {}
    for source in sources:
        before, mark, after = source.file_uri.partition(BRANCH)
        if mark and BRANCH not in after:
            found.setdefault(fold(after), []).append((before, source))
    return found


def readings(uri: str, patterns: Patterns) -> Iterator[tuple[str, Source]]:
    """Yield every branch and source that a fileUri may stand for, the longest path first."""
    first_letters = {after[:1] for after in patterns}
    for at in range(1, len(uri)):
        if fold(uri[at]) not in first_letters:
            continue
        for before, source in patterns.get(fold(uri[at:]), ()):
            if fold(uri[: len(before)]) == fold(before) and at > len(before):
                yield uri[len(before) : at], source


def tails(uri: str) -> Iterator[str]:
    """Yield the paths that a fileUri may end with, itself included."""
    parts = uri.split("/")
    return ("/".join(parts[at:]) for at in range(len(parts)))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The files of other branches."""

    by_path: Mapping[str, tuple[ListedFile, ...]] = field(default_factory=dict)
    """Path of a source to the files that stand for it."""
    unknown: tuple[ListedFile, ...] = ()
    """Those that stand for no present source."""

    def standing_for(self, paths: Iterable[str]) -> list[ListedFile]:
        """Return the files that stand for any of PATHS: those that were uploaded last, if there are many."""
        found = {file.uri: file for file in chain.from_iterable(self.by_path.get(path, ()) for path in paths)}
        return sorted(found.values(), key=lambda file: file.last_uploaded, reverse=True)[:ASK_AT_MOST]

    def readable(self) -> tuple[ListedFile, ...]:
        """Return the unknown ones, unless they are too many to be read."""
        return self.unknown if len(self.unknown) <= READ_AT_MOST else ()


def elsewhere(files: Iterable[ListedFile], sources: Iterable[Source], present: Iterable[str]) -> Elsewhere:
    """Return which of FILES stand for which of SOURCES; PRESENT are the paths that are sources here."""
    sources, here = list(sources), frozenset(present)
    patterns = patterns_of(sources)
    plain = {fold(source.file_uri): source.path for source in sources if BRANCH not in source.file_uri}
    by_path: dict[str, list[ListedFile]] = {}
    unknown: list[ListedFile] = []
    for listed in files:
        paths = {source.path for _, source in readings(listed.uri, patterns)}
        if fold(listed.uri) in plain:
            paths.add(plain[fold(listed.uri)])
        for path in paths:
            by_path.setdefault(path, []).append(listed)
        if paths and not paths & here:
            unknown.append(listed)
    return Elsewhere({path: tuple(found) for path, found in by_path.items()}, tuple(unknown))
