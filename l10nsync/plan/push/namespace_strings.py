"""Which strings are in which namespace: on the TMS, and in the sources that live there. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from l10nsync.plan.strings import StringId

COMMON = 100
"""A string that is in more namespaces than this ("OK", "Cancel") does not show where a source has gone."""


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file on the TMS that this repository has or had under some path."""

    uri: str
    path: str
    """The source path that its fileUri stands for."""
    namespace: str
    strings: frozenset[StringId]


@dataclass(frozen=True, slots=True)
class Placed:
    """A source that is not uploaded now, and where its strings are."""

    path: str
    namespace: str
    strings: frozenset[StringId]


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A source that is uploaded, with all that speaks for a namespace."""

    path: str
    strings: frozenset[StringId]
    rule: str
    """The namespace that the manifest gives to its path."""
    own: HeldFile | None = None
    """The file under its own fileUri."""
    default: HeldFile | None = None
    """On a branch: the default branch's file of that path."""
    was: frozenset[str] = frozenset()
    """fileUris of the files that history says this source was."""
    earlier: Sequence[str] = ()
    """Its earlier paths, the latest first."""
    earlier_rules: Sequence[str] = ()
    """The namespaces that the manifest gives to them."""

    @property
    def home(self) -> HeldFile | None:
        """The file whose namespace it stays in unless something stronger speaks for another one."""
        return self.own or self.default


class NamespaceStrings:
    """What the TMS has in each namespace, and which sources live there so far."""

    def __init__(self, files: Iterable[HeldFile]) -> None:
        self._strings: dict[str, set[StringId]] = {}
        self._paths: dict[str, set[str]] = {}
        self._namespaces: dict[StringId, list[str]] = {}
        """The namespaces that have a string."""
        self._living: dict[str, set[StringId]] = {}
        """What the sources hold that stay in a namespace or have been placed there."""
        self._residents: Counter[str] = Counter()
        """How many sources live in a namespace: where one is placed, until then where its file is."""
        self._by_uri: dict[str, HeldFile] = {}
        for held in files:
            self._add(held)

    def _add(self, held: HeldFile) -> None:
        strings = self._strings.setdefault(held.namespace, set())
        for string in held.strings - strings:
            self._namespaces.setdefault(string, []).append(held.namespace)
        strings |= held.strings
        self._paths.setdefault(held.namespace, set()).add(held.path)
        self._by_uri[held.uri] = held

    def expect(self, source: Unplaced) -> None:
        """Count a source that has to be placed where its own file is."""
        if source.own:
            self._residents[source.own.namespace] += 1

    def settle(self, source: Unplaced, namespace: str) -> None:
        """Place a source that was expected."""
        if source.own:
            self._residents[source.own.namespace] -= 1
        self.add_resident(namespace, source.strings)

    def add_resident(self, namespace: str, strings: frozenset[StringId]) -> None:
        """Let a source with STRINGS live in a namespace: from now on these have not left it."""
        self._residents[namespace] += 1
        self._living.setdefault(namespace, set()).update(strings)

    def paths(self, namespace: str) -> set[str]:
        """Return the paths whose files are in a namespace."""
        return self._paths[namespace]

    def shared(self, strings: frozenset[StringId], namespace: str) -> frozenset[StringId]:
        """Return those of STRINGS that are in a namespace."""
        return strings & self._strings.get(namespace, set())

    def shared_with(self, uris: Iterable[str], source: Unplaced) -> dict[str, set[StringId]]:
        """Return, by namespace, what a source shares with files other than its home."""
        shared: dict[str, set[StringId]] = {}
        for held in (self._by_uri[uri] for uri in uris if uri in self._by_uri):
            strings = held.strings & source.strings
            if strings and held is not source.home:
                shared.setdefault(held.namespace, set()).update(strings)
        return shared

    def left(self, strings: frozenset[StringId]) -> dict[str, set[StringId]]:
        """Return, by namespace, those of STRINGS that are there, and that no source there holds any more."""
        left: dict[str, set[StringId]] = {}
        for string in strings:
            namespaces = self._namespaces.get(string, ())
            if len(namespaces) > COMMON:
                continue
            for namespace in namespaces:
                if string not in self._living.get(namespace, ()):
                    left.setdefault(namespace, set()).add(string)
        return left

    def has_others(self, namespace: str, source: Unplaced) -> bool:
        """Whether another source than SOURCE lives in a namespace."""
        itself = source.own is not None and source.own.namespace == namespace
        return self._residents[namespace] > itself
