"""Which namespace each source is uploaded into. Pure.

The service knows a string by namespace, variant and text, not by its file (contract, section 10). The same
three are the same string, with one translation and one payment. So a translation survives a rename, a split,
a swap or a branch if the upload that brings its string again goes into the namespace where the string is.
Five sentences decide which one that is:

1. A source *stays* in the namespace of its home while at least half of its strings are there, unless history
   names another file that it was, which holds more of them.
2. Otherwise it *follows*: history, whatever is still shared; or, without history, its strings, if at least
   half of them have left their places. A string has left a namespace if no source that stays there holds it.
3. Sources are placed one after another, the strongest evidence first. Each takes its strings along, so the
   next one does not find them.
4. What nothing speaks for gets the namespace of its own file, else the default branch's, else the rule's.
5. Nothing is lost on the way: `upload_rounds` says in which order the uploads go.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from l10nsync.plan.strings import StringId

Rank = tuple[object, ...]
"""How strong a claim is; the lowest is the strongest."""
NEVER = 1_000_000
"""Renames ago, for a path that the source never had."""
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


def place(
    unplaced: Iterable[Unplaced], placed: Iterable[Placed], files: Iterable[HeldFile]
) -> Mapping[str, str]:
    """Return path to namespace for the sources of UNPLACED.

    PLACED are the other sources of the commit. FILES are the files on the TMS whose path some history of this
    repository knows, as far as their strings matter.
    """
    return _Placement(unplaced, placed, files).run()


@dataclass(frozen=True, slots=True, order=True)
class _NamespaceClaim:
    """One reason for a source to go into a namespace."""

    rank: Rank
    path: str
    namespace: str


@dataclass
class _NamespaceStrings:
    """What the TMS has in each namespace, and what the sources that stay there hold of it."""

    has: dict[str, set[StringId]] = field(default_factory=dict)
    lives: dict[str, set[StringId]] = field(default_factory=dict)
    where: dict[StringId, list[str]] = field(default_factory=dict)
    """The namespaces that have a string."""
    paths: dict[str, set[str]] = field(default_factory=dict)
    """The paths whose files are in a namespace."""

    def add(self, held: HeldFile) -> None:
        """Take in a file that is on the TMS."""
        strings = self.has.setdefault(held.namespace, set())
        for string in held.strings - strings:
            self.where.setdefault(string, []).append(held.namespace)
        strings |= held.strings
        self.paths.setdefault(held.namespace, set()).add(held.path)

    def left(self, strings: frozenset[StringId]) -> dict[str, set[StringId]]:
        """Return, by namespace, those of STRINGS that are there, and that no source there holds any more."""
        found: dict[str, set[StringId]] = {}
        for string in strings:
            namespaces = self.where.get(string, ())
            if len(namespaces) > COMMON:
                continue
            for namespace in namespaces:
                if string not in self.lives.get(namespace, ()):
                    found.setdefault(namespace, set()).add(string)
        return found


class _Placement:
    """One run of the rule."""

    def __init__(
        self, unplaced: Iterable[Unplaced], placed: Iterable[Placed], files: Iterable[HeldFile]
    ) -> None:
        self.waiting = {source.path: source for source in unplaced}
        self.places = _NamespaceStrings()
        self.by_uri: dict[str, HeldFile] = {}
        self.found: dict[str, str] = {}
        self.users: Counter[str] = Counter()
        """How many sources live in each namespace: where a source is placed, until then where its file is."""
        for source in self.waiting.values():
            if source.own:
                self.users[source.own.namespace] += 1
        for held in files:
            self.places.add(held)
            self.by_uri[held.uri] = held
        for other in placed:
            self._settle(other.namespace, other.strings)

    def _settle(self, namespace: str, strings: frozenset[StringId]) -> None:
        self.users[namespace] += 1
        self.places.lives.setdefault(namespace, set()).update(strings)

    def run(self) -> Mapping[str, str]:
        """Place every source: by the strongest claim there is, then those that have none."""
        # What one source takes is gone for the others, so a claim only ever gets weaker: the best one of a
        # source is looked at again when its turn comes, and goes back into the queue if it is weaker by then.
        queue = [claim for source in self.waiting.values() if (claim := self._best(source))]
        heapq.heapify(queue)
        while queue:
            claim = heapq.heappop(queue)
            source = self.waiting[claim.path]
            now = self._best(source)
            if now == claim:
                self._put(source, claim.namespace)
            elif now:
                heapq.heappush(queue, now)
        for path in sorted(self.waiting):
            source = self.waiting[path]
            self._put(source, self._without_evidence(source))
        return self.found

    def _put(self, source: Unplaced, namespace: str) -> None:
        del self.waiting[source.path]
        if source.own:
            self.users[source.own.namespace] -= 1
        self.found[source.path] = namespace
        self._settle(namespace, source.strings)

    def _best(self, source: Unplaced) -> _NamespaceClaim | None:
        return min(self._claims(source), default=None)

    def _claims(self, source: Unplaced) -> Iterator[_NamespaceClaim]:
        """Yield what speaks for a namespace: what is there, what has left there, and history."""
        home = source.home
        here = len(source.strings & self.places.has.get(home.namespace, set())) if home else 0
        if home and here:
            yield _NamespaceClaim((home.uri not in source.was, -here, 0), source.path, home.namespace)
        followed = self._history(source)
        stays = 2 * here >= len(source.strings)
        found = {} if stays else self.places.left(source.strings)
        for namespace, strings in followed.items():
            found[namespace] = found.get(namespace, set()) | strings
        enough = 2 * len(set[StringId]().union(*found.values())) >= len(source.strings)
        for namespace, strings in found.items():
            if home and namespace == home.namespace:
                continue
            if len(strings) > here and (enough or namespace in followed):
                rank = (namespace not in followed, -len(strings), 1, *self._nearness(source, namespace))
                yield _NamespaceClaim(rank, source.path, namespace)

    def _history(self, source: Unplaced) -> dict[str, set[StringId]]:
        """Return, by namespace, what the source still shares with the files that history says it was."""
        found: dict[str, set[StringId]] = {}
        for uri in source.was:
            held = self.by_uri.get(uri)
            shared = held.strings & source.strings if held else None
            if held and shared and held is not source.home:
                found.setdefault(held.namespace, set()).update(shared)
        return found

    def _nearness(self, source: Unplaced, namespace: str) -> tuple[int, int, int]:
        """Return how near a namespace's files are: the same path, an earlier one, the same name."""
        paths = self.places.paths[namespace]
        names = {path.rpartition("/")[2] for path in paths}
        same_path = source.path in paths
        same_name = source.path.rpartition("/")[2] in names
        steps_back = (step for step, path in enumerate(source.earlier) if path in paths)
        return (not same_path, next(steps_back, NEVER), not (same_path or same_name))

    def _without_evidence(self, source: Unplaced) -> str:
        """Return the namespace of a source whose strings are nowhere."""
        own, default = source.own, source.default
        if own and not self._is_evicted(source, own.namespace):
            return own.namespace
        if default and not own:
            return default.namespace
        rules = [*reversed(source.earlier_rules), source.rule]
        free = (rule for rule in rules if not self._is_crowded(rule, source))
        return next(free, own.namespace if own else source.rule)

    def _is_evicted(self, source: Unplaced, namespace: str) -> bool:
        """Whether nothing of SOURCE is in NAMESPACE, and another source lives there."""
        nothing_there = source.strings.isdisjoint(self.places.has.get(namespace, ()))
        return nothing_there and self._is_crowded(namespace, source)

    def _is_crowded(self, namespace: str, source: Unplaced) -> bool:
        """Whether another source lives in NAMESPACE."""
        itself = source.own is not None and source.own.namespace == namespace
        return self.users[namespace] > itself
