"""What speaks for a namespace: the files on the TMS that this repository knows, and git's history. Pure.

Reading a file of the TMS costs a request, so only what can change a decision is read: the home of each source
that is sent; where that does not settle it, the files whose source is gone, then those of other branches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from l10nsync.plan.asking import decide_all
from l10nsync.plan.push.accounted import WaitingStrings, authorized_elsewhere
from l10nsync.plan.push.facts import PushFacts
from l10nsync.plan.push.known_files import KnownFile, KnownFiles
from l10nsync.plan.push.namespace_strings import HeldFile, Placed, Unplaced
from l10nsync.plan.push.search import Search
from l10nsync.plan.push.source import Comparison
from l10nsync.plan.strings import StringId


@dataclass(frozen=True, slots=True)
class NamespaceEvidence:
    """All that decides about namespaces."""

    unplaced: tuple[Unplaced, ...]
    placed: tuple[Placed, ...]
    files: tuple[HeldFile, ...]
    orphans: frozenset[str] = frozenset()
    """fileUris of those files that have no source any more."""
    held: Mapping[str, frozenset[StringId]] = field(default_factory=dict)
    """By namespace, what the files of this branch and of the default branch hold."""
    settled: Mapping[str, frozenset[StringId]] = field(default_factory=dict)
    """By namespace, what the files of other branches hold that have every string authorized or in a job."""
    waiting: WaitingStrings | None = None
    beside: tuple[HeldFile, ...] = ()
    """Files without a source that decide nothing, and that are known without a request."""


StayingAfter = Callable[[frozenset[str]], Sequence[Placed]]
"""Returns the other sources of the commit that live in any of some namespaces."""


def gather(facts: PushFacts, moving: Sequence[Comparison], staying: StayingAfter) -> NamespaceEvidence:
    """Return the evidence for the namespaces of MOVING; STAYING are the other sources of the commit."""
    files = KnownFiles(facts, moving)
    search = Search(files)
    known = [home for home in chain.from_iterable(files.homes.values()) if home]
    known += search.others()
    held = decide_all(files.read, known)
    spaces = frozenset(file.namespace for file in held)
    by_path = _by_path(known)
    return NamespaceEvidence(
        tuple(decide_all(lambda found: search.unplaced(found, by_path), moving)),
        tuple(staying(spaces)),
        tuple(held),
        frozenset(file.listed.uri for file in known if file.orphan),
        _by_namespace(content for file, content in zip(known, held, strict=True) if not file.other),
        _by_namespace([*_accounted_for(files, known, held), *authorized_elsewhere(files)]),
        WaitingStrings(files),
        tuple(search.beside({file.listed.uri for file in known})),
    )


def _accounted_for(
    files: KnownFiles, known: Sequence[KnownFile], held: Sequence[HeldFile]
) -> Iterator[HeldFile]:
    """Yield what those files of other branches hold of which an upload brings nothing into a job."""
    for file, content in zip(known, held, strict=True):
        if file.other and files.is_accounted_for(file):
            yield content


def _by_path(files: Iterable[KnownFile]) -> Mapping[str, Sequence[KnownFile]]:
    found: dict[str, list[KnownFile]] = {}
    for file in files:
        found.setdefault(file.path, []).append(file)
    return found


def _by_namespace(files: Iterable[HeldFile]) -> Mapping[str, frozenset[StringId]]:
    found: dict[str, set[StringId]] = {}
    for file in files:
        found.setdefault(file.namespace, set()).update(file.strings)
    return {namespace: frozenset(strings) for namespace, strings in found.items()}
