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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from l10nsync.plan.push.namespace_strings import HeldFile, NamespaceStrings, Placed, Unplaced
from l10nsync.plan.strings import StringId

NEVER = 1_000_000
"""Renames ago, for a path that the source never had."""


def place(
    unplaced: Iterable[Unplaced], placed: Iterable[Placed], files: Iterable[HeldFile]
) -> Mapping[str, str]:
    """Return path to namespace for the sources of UNPLACED.

    PLACED are the other sources of the commit. FILES are the files on the TMS whose path some history of this
    repository knows, as far as their strings matter.
    """
    waiting = {source.path: source for source in unplaced}
    strings = NamespaceStrings(files)
    for source in waiting.values():
        strings.expect(source)
    for other in placed:
        strings.add_resident(other.namespace, other.strings)
    return _placed_in_turn(waiting, strings)


class _Evidence(NamedTuple):
    """How strong a claim is, in the order of sentence 3; the lowest is the strongest."""

    is_without_history: bool
    strings: int
    """How many strings speak for it, negative."""
    is_elsewhere: bool
    """Whether it is not the namespace of the source's home."""
    is_of_another_path: bool = False
    renames_ago: int = 0
    """How long ago the source had a path whose file is there."""
    is_of_another_name: bool = False


@dataclass(frozen=True, slots=True, order=True)
class _NamespaceClaim:
    """One reason for a source to go into a namespace."""

    evidence: _Evidence
    path: str
    namespace: str


def _placed_in_turn(waiting: dict[str, Unplaced], strings: NamespaceStrings) -> Mapping[str, str]:
    """Place every source: by the strongest claim there is (sentence 3), then those that have none (4).

    What one source takes is gone for the others, so a claim only ever gets weaker: the best one of a source
    is looked at again when its turn comes, and goes back into the queue if it is weaker by then.
    """
    chosen: dict[str, str] = {}
    queue = [claim for source in waiting.values() if (claim := _best(source, strings))]
    heapq.heapify(queue)
    while queue:
        claim = heapq.heappop(queue)
        now = _best(waiting[claim.path], strings)
        if now == claim:
            strings.settle(waiting.pop(claim.path), claim.namespace)
            chosen[claim.path] = claim.namespace
        elif now:
            heapq.heappush(queue, now)
    for path, source in sorted(waiting.items()):
        chosen[path] = _without_evidence(source, strings)
        strings.settle(source, chosen[path])
    return chosen


def _best(source: Unplaced, strings: NamespaceStrings) -> _NamespaceClaim | None:
    return min(_claims(source, strings), default=None)


def _claims(source: Unplaced, strings: NamespaceStrings) -> Iterator[_NamespaceClaim]:
    """Yield what speaks for a namespace: that the source stays (sentence 1), and what it follows (2)."""
    home = source.home
    at_home = len(strings.shared(source.strings, home.namespace)) if home else 0
    if home and at_home:
        evidence = _Evidence(home.uri not in source.was, -at_home, is_elsewhere=False)
        yield _NamespaceClaim(evidence, source.path, home.namespace)
    was = strings.shared_with(source.was, source)
    for namespace, shared in _followed(source, was, strings, at_home).items():
        if len(shared) > at_home and not (home and namespace == home.namespace):
            nearness = _nearness(source, strings.paths(namespace))
            evidence = _Evidence(namespace not in was, -len(shared), True, *nearness)
            yield _NamespaceClaim(evidence, source.path, namespace)


def _followed(
    source: Unplaced, was: Mapping[str, set[StringId]], strings: NamespaceStrings, at_home: int
) -> Mapping[str, set[StringId]]:
    """Return, by namespace, the strings that a source follows: those of what it WAS, and those that left."""
    if _is_half(at_home, source):
        return was
    left = strings.left(source.strings)
    found = {name: was.get(name, set()) | left.get(name, set()) for name in {**was, **left}}
    gone = len(set[StringId]().union(*found.values()))
    return found if _is_half(gone, source) else {name: found[name] for name in was}


def _is_half(number: int, source: Unplaced) -> bool:
    """Whether NUMBER strings are at least half of a source."""
    return 2 * number >= len(source.strings)


def _nearness(source: Unplaced, paths: set[str]) -> tuple[bool, int, bool]:
    """Return how near the files of a namespace are: the same path, an earlier one, the same name."""
    if source.path in paths:
        return False, _renames_ago(source, paths), False
    names = {path.rpartition("/")[2] for path in paths}
    return True, _renames_ago(source, paths), source.path.rpartition("/")[2] not in names


def _renames_ago(source: Unplaced, paths: set[str]) -> int:
    return next((step for step, path in enumerate(source.earlier) if path in paths), NEVER)


def _without_evidence(source: Unplaced, strings: NamespaceStrings) -> str:
    """Return the namespace of a source whose strings are nowhere (sentence 4)."""
    own, default = source.own, source.default
    if own and not _is_evicted(source, own.namespace, strings):
        return own.namespace
    if default and not own:
        return default.namespace
    rules = [*reversed(source.earlier_rules), source.rule]
    free = (rule for rule in rules if not strings.has_others(rule, source))
    return next(free, own.namespace if own else source.rule)


def _is_evicted(source: Unplaced, namespace: str, strings: NamespaceStrings) -> bool:
    """Whether nothing of SOURCE is in NAMESPACE, and another source lives there."""
    return not strings.shared(source.strings, namespace) and strings.has_others(namespace, source)
