"""The plan of a push: every source is compared, placed and decided; what is not known is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from l10nsync.model import Source, fold
from l10nsync.plan.asking import Unknown, Wants, decide_all, need
from l10nsync.plan.open_jobs import OpenJobs
from l10nsync.plan.our_jobs import need_contents, with_concern
from l10nsync.plan.push.decision import moved, standing
from l10nsync.plan.push.evidence import NamespaceEvidence, gather
from l10nsync.plan.push.facts import PushFacts
from l10nsync.plan.push.job_holdings import are_jobs_known
from l10nsync.plan.push.jobs import job_plan, jobs_of, left_waiting
from l10nsync.plan.push.known_files import orphans_of
from l10nsync.plan.push.namespace_strings import Placed
from l10nsync.plan.push.namespaces import place
from l10nsync.plan.push.notices import left_behind, notices_of, notices_on
from l10nsync.plan.push.own_namespace import chosen_namespace, home_namespace
from l10nsync.plan.push.owner import is_alike_and_told
from l10nsync.plan.push.rounds import in_rounds
from l10nsync.plan.push.source import Comparison, compare
from l10nsync.plan.push.source_change import Destination
from l10nsync.plan.push.unchanged import is_settled
from l10nsync.plan.reasons import Action
from l10nsync.plan.strings import StringId, Strings, string_ids, strings_or_none
from l10nsync.plan.values import Backlog, Orphan, Plan, SourceChange

Compared = dict[str, Comparison]
"""Path to what was compared in an earlier round: it is not compared again."""


def plan_push(facts: PushFacts, compared: Compared | None = None) -> Plan | Wants:
    """Return what a push of one project does, or what has to be known before that can be decided.

    COMPARED is filled with what was found out, and may be handed in again with more facts.
    """
    try:
        return _plan(facts, {} if compared is None else compared)
    except Unknown as unknown:
        return unknown.wants


def _plan(facts: PushFacts, compared: Compared) -> Plan:
    """Return the plan, in four steps.

    Each source is compared with what the TMS holds. For those that stay in their namespace that decides. The
    others, whose content is sent, are placed by the evidence for a namespace. Then the uploads get an order,
    and jobs that they fill.
    """

    def compared_once(source: Source) -> Comparison:
        if source.path not in compared:
            compared[source.path] = compare(facts, source)
        return compared[source.path]

    need(lambda: facts.files)
    comparisons = decide_all(compared_once, facts.sources)
    unsettled = [comparison.source for comparison in comparisons if not is_settled(comparison)]
    facts = with_concern(facts, unsettled)
    need_contents(facts)
    at_home = decide_all(lambda comparison: standing(facts, comparison), comparisons)
    moving = [comparison for comparison, change in zip(comparisons, at_home, strict=True) if change is None]
    evidence = _evidence(facts, moving, _staying(comparisons, moving))
    changes = [change for change in at_home if change is not None]
    changes += _moved(facts, moving, _destinations(facts, moving, evidence))
    uploaded = {change.path for change in changes if change.action is Action.UPLOAD}
    sent = [comparison for comparison in moving if comparison.source.path in uploaded]
    alike = [comparison.source.path for comparison in sent if is_alike_and_told(facts, comparison)]
    left = left_behind(sent, changes, evidence)
    return _whole(facts, in_rounds(facts, changes, evidence), [*notices_on(alike, left, facts)], compared)


def _staying(comparisons: Sequence[Comparison], moving: Sequence[Comparison]) -> list[Comparison]:
    """Return the sources that stay where they are."""
    paths = {comparison.source.path for comparison in moving}
    return [comparison for comparison in comparisons if comparison.source.path not in paths]


def _moved(
    facts: PushFacts, moving: Sequence[Comparison], destinations: Mapping[str, Destination]
) -> list[SourceChange]:
    """Return what happens to the sources that are placed."""
    sent = Strings()
    for comparison in moving:
        sent.update(strings_or_none(comparison.source, comparison.ours or b""))
    return decide_all(
        lambda comparison: moved(facts, comparison, destinations[comparison.source.path], sent), moving
    )


# --- namespaces -------------------------------------------------------------------------------------------


def _evidence(
    facts: PushFacts, moving: Sequence[Comparison], staying: Sequence[Comparison]
) -> NamespaceEvidence:
    """Return what speaks for the namespaces of MOVING sources; STAYING ones hold strings where they are."""
    # What is ordered has no namespace, and what the user has decided needs no evidence.
    if facts.abilities.orders:
        return NamespaceEvidence((), (), ())
    undecided = [comparison for comparison in moving if not chosen_namespace(facts, comparison)]
    return gather(facts, undecided, _StayingSources(facts, staying).within)


class _StayingSources:
    """The sources that are not placed, with the strings that they keep where they are."""

    def __init__(self, facts: PushFacts, staying: Sequence[Comparison]) -> None:
        self.facts = facts
        self.by_namespace: dict[str, list[Comparison]] = {}
        for comparison in staying:
            self.by_namespace.setdefault(home_namespace(facts, comparison), []).append(comparison)

    def within(self, namespaces: frozenset[str]) -> list[Placed]:
        """Return those that live in any of NAMESPACES: only their contents have to be known."""
        found: list[tuple[str, Comparison]] = []
        for space in sorted(namespaces):
            found += [(space, comparison) for comparison in self.by_namespace.get(space, ())]
        return decide_all(lambda pair: self._placed(*pair), found)

    def _placed(self, namespace: str, comparison: Comparison) -> Placed:
        # What cannot be sent still asks for all that its file holds.
        differs = comparison.theirs is not None and not comparison.same
        content = comparison.theirs if differs else self.facts.content(comparison.blob)
        strings = frozenset(string_ids(comparison.source, content or b""))
        return Placed(comparison.source.path, namespace, strings)


def _destinations(
    facts: PushFacts, moving: Sequence[Comparison], evidence: NamespaceEvidence
) -> Mapping[str, Destination]:
    """Return path to where each source goes."""
    spaces = place(evidence.unplaced, evidence.placed, evidence.files)
    return {
        comparison.source.path: _destination(
            facts, comparison, spaces.get(comparison.source.path, ""), evidence
        )
        for comparison in moving
    }


def _destination(
    facts: PushFacts, found: Comparison, placed: str, evidence: NamespaceEvidence
) -> Destination:
    """Return where a source goes: PLACED by the rule, unless the user has chosen a namespace."""
    if facts.abilities.orders:
        return Destination(found.source.namespace)
    ours = frozenset(found.strings)
    if chosen := chosen_namespace(facts, found):
        held = ours & _held_by_choice(facts, found)
        return Destination(chosen, held, held)
    came_from = "" if found.listed else _came_from(placed, ours, evidence)
    seen = ours & evidence.held.get(placed, frozenset())
    waiting = evidence.waiting.of(found, placed) if evidence.waiting else frozenset()
    elsewhere = ours & evidence.settled.get(placed, frozenset())
    return Destination(placed, seen | elsewhere | waiting, seen, came_from)


def _held_by_choice(facts: PushFacts, found: Comparison) -> frozenset[StringId]:
    """Return what the namespace holds that the user chose: what the file there does, or still our own one."""
    forced = facts.forced.get(found.source.path)
    stays = found.listed is not None and found.source.namespace == home_namespace(facts, found)
    listed = facts.listed(forced) if forced else found.listed if stays else None
    return frozenset(string_ids(found.source, facts.stored(listed))) if listed else frozenset()


def _came_from(namespace: str, ours: frozenset[StringId], evidence: NamespaceEvidence) -> str:
    """Return the fileUri of the orphan in NAMESPACE that holds most of OURS; empty for none."""
    orphans = (
        file for file in evidence.files if file.uri in evidence.orphans and file.namespace == namespace
    )
    counts = {file.uri: len(file.strings & ours) for file in orphans}
    return max(
        (uri for uri, count in counts.items() if count), key=lambda uri: (counts[uri], uri), default=""
    )


# --- the whole --------------------------------------------------------------------------------------------


def _whole(
    facts: PushFacts, changes: Sequence[SourceChange], known: Sequence[str], compared: Compared
) -> Plan:
    """Return the plan that CHANGES make, with their jobs; KNOWN are the notices about them so far."""
    jobs = jobs_of(facts, changes)
    names: dict[str, str] = {}
    for name, sources in jobs.items():
        names |= {source.path: name for source in sources}
    changes = [
        replace(change, job=names[change.path]) if change.action is Action.UPLOAD else change
        for change in changes
    ]
    sending = {change.job for change in changes if change.action is Action.UPLOAD}
    plans = [job_plan(facts, name, sources, changes) for name, sources in jobs.items() if name in sending]
    backlog: list[Backlog] = []
    if are_jobs_known(facts):
        opened = OpenJobs(facts, changes, compared)
        opened.need_own()
        plans, backlog, notices = opened.plans(plans), opened.backlog(), opened.notices()
    else:
        resumed, notices = left_waiting(facts, jobs, {plan.request.name for plan in plans})
        plans += resumed
    return Plan(
        "push",
        tuple(sorted(changes, key=lambda change: (change.project, change.path, change.uri))),
        tuple(sorted(plans, key=lambda plan: plan.request.name)),
        tuple(sorted(_orphans(facts, changes), key=lambda orphan: fold(orphan.uri))),
        tuple(sorted([*known, *notices_of(facts, changes), *notices])),
        backlog=tuple(backlog),
    )


def _orphans(facts: PushFacts, changes: Sequence[SourceChange]) -> Iterator[Orphan]:
    """Yield the files that have no source here, those included that this push parks."""
    for file in orphans_of(facts):
        yield Orphan(facts.project, file.listed.uri)
    for change in changes:
        if change.copy_of:
            yield Orphan(facts.project, change.uri)
