"""The rule of `docs/branches.md#renames`, said a second time, over sets and with a history that knows all.

It is the measure of what a push may pay. It reads every file of the TMS, compares all claims anew whenever a
source is placed, and is told who was who: none of that is open to the product, which has to do as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

Strings = frozenset[tuple[str, str]]
"""Keys and texts."""
FAR = 99
"""Renames ago, of a path that the file never had."""


@dataclass(frozen=True)
class RemoteFile:
    """What the TMS has under one fileUri."""

    uri: str
    path: str
    namespace: str
    strings: Strings


@dataclass(frozen=True)
class Moving:
    """A source that is sent."""

    path: str
    strings: Strings
    rules: tuple[str, ...]
    """The namespaces that the manifest gives to its paths, the first one that it had first."""
    own: RemoteFile | None
    home: RemoteFile | None
    """Its own file; on a branch, the default branch's file of that path otherwise."""
    earlier: tuple[str, ...]
    """Its earlier paths, the latest first."""
    was: frozenset[str]
    """fileUris of the files that history says it was."""


Claim = tuple[bool, int, int, tuple[bool, int, bool], str, str]
"""The least is the strongest: no history, less strings, a move, farther away; then path and namespace."""


class Placing:
    """One push: MOVING are placed, STAYING (path to namespace and strings) are not; FILES are on the TMS."""

    def __init__(
        self,
        moving: Sequence[Moving],
        staying: Mapping[str, tuple[str, Strings]],
        files: Sequence[RemoteFile],
    ) -> None:
        self.waiting = {source.path: source for source in moving}
        self.files = files
        self.has: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for file in files:
            self.has[file.namespace] |= file.strings
        self.lives: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self.found: dict[str, str] = {}
        for path, (namespace, strings) in staying.items():
            self.put(path, namespace, strings)

    def put(self, path: str, namespace: str, strings: Strings) -> None:
        self.found[path] = namespace
        self.lives[namespace] |= strings

    def run(self) -> Mapping[str, str]:
        """Return path to namespace: the strongest claim first, then what nothing speaks for."""
        while claims := [*chain.from_iterable(map(self.claims, self.waiting.values()))]:
            *_, path, namespace = min(claims)
            self.put(path, namespace, self.waiting.pop(path).strings)
        for path, source in sorted(self.waiting.items()):
            del self.waiting[path]
            self.put(path, self.otherwise(source), source.strings)
        return self.found

    def claims(self, source: Moving) -> Iterator[Claim]:
        """Yield what speaks for a namespace: the home, history, and what has left its place."""
        home = source.home.namespace if source.home else ""
        here = len(source.strings & self.has[home]) if home else 0
        near = (False, 0, False)
        if source.home and here:
            yield (source.home.uri not in source.was, -here, 0, near, source.path, home)
        was: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for file in self.files:
            if file is not source.home and source.strings & file.strings and file.uri in source.was:
                was[file.namespace] |= source.strings & file.strings
        found = {namespace: set(strings) for namespace, strings in was.items()}
        if 2 * here < len(source.strings):
            for namespace, strings in self.has.items():
                found.setdefault(namespace, set()).update(source.strings & strings - self.lives[namespace])
        most = 2 * len(set[tuple[str, str]]().union(*found.values())) >= len(source.strings)
        for namespace, strings in found.items():
            if namespace != home and len(strings) > here and (most or namespace in was):
                near = self.nearness(source, namespace)
                yield (namespace not in was, -len(strings), 1, near, source.path, namespace)

    def nearness(self, source: Moving, namespace: str) -> tuple[bool, int, bool]:
        """Return how far a namespace's files are: the same path, an earlier one, the same name."""
        paths = {file.path for file in self.files if file.namespace == namespace}
        back = (step for step, path in enumerate(source.earlier) if path in paths)
        same_name = source.path.split("/")[-1] in {path.split("/")[-1] for path in paths}
        same_path = source.path in paths
        return (not same_path, next(back, FAR), not (same_path or same_name))

    def otherwise(self, source: Moving) -> str:
        """Return the namespace of a source whose strings are nowhere."""
        own = source.own.namespace if source.own else ""
        if own and (source.strings & self.has[own] or self.is_free(own)):
            return own
        if source.home and not source.own:
            return source.home.namespace
        free = (rule for rule in source.rules if self.is_free(rule))
        return next(free, own or source.rules[-1])

    def is_free(self, namespace: str) -> bool:
        """Whether no other source lives there."""
        there = {waiting.own.namespace for waiting in self.waiting.values() if waiting.own}
        return namespace not in there | set(self.found.values())
