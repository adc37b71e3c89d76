"""What a gate is about, and what of it keeps the gate closed: what is incomplete, outdated or invalid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

from l10nsync import formats
from l10nsync.model import Gate
from l10nsync.plan.counts import Counts
from l10nsync.plan.gate.values import Obstacle
from l10nsync.plan.questions import FoundQuestion, Spotted
from l10nsync.plan.reasons import Action, Awaits
from l10nsync.plan.status import REFUSED, TO_PUSH, LocaleStatus, SourceStatus, Status, total
from l10nsync.plan.values import ALL_LOCALES, Plan, TargetChange
from l10nsync.plan.verify import Judged, Verification


def chosen(gate: Gate, resource: str) -> bool:
    """Whether a gate is about a resource."""
    return not gate.resources or any(fnmatchcase(resource, pattern) for pattern in gate.resources)


def sources_of(gate: Gate, status: Status) -> tuple[SourceStatus, ...]:
    """Return the sources that a gate is about, with the locales that it judges."""
    return tuple(
        replace(source, locales=tuple(cell for cell in source.locales if _is_judged(gate, cell.locale)))
        for source in status.sources
        if chosen(gate, source.resource)
    )


def _is_judged(gate: Gate, locale: str) -> bool:
    return not gate.locales or locale in gate.locales or locale in {"", ALL_LOCALES}


def changes_of(gate: Gate, plan: Plan | None) -> tuple[TargetChange, ...]:
    """Return the targets that a gate is about, with what a pull would do with them."""
    return tuple(
        change
        for change in (plan.changes if plan else ())
        if isinstance(change, TargetChange)
        and chosen(gate, change.resource)
        and _is_judged(gate, change.locale)
    )


def files_of(gate: Gate, verification: Verification | None) -> tuple[Judged, ...]:
    """Return the files that a gate is about, with what is wrong with them."""
    return tuple(
        judged_file
        for judged_file in (verification.judged if verification else ())
        if chosen(gate, judged_file.resource) and _is_judged(gate, judged_file.locale)
    )


def completion_of(sources: Iterable[SourceStatus]) -> dict[str, Counts]:
    """Return what is counted of SOURCES, by locale."""
    cells: dict[str, list[Counts]] = {}
    for source in sources:
        for cell in source.locales:
            cells.setdefault(cell.locale, []).append(_counts(source, cell))
    return {locale: total(found) for locale, found in cells.items()}


def _counts(source: SourceStatus, cell: LocaleStatus) -> Counts:
    """Return the counts of a cell; what the TMS does not have yet is not published either."""
    if not source.uploaded:
        return cell.counts
    more = Counts(strings=source.new_strings, words=source.new_words)
    return cell.counts + more


def incomplete(
    gate: Gate, completion: Mapping[str, Counts], sources: Iterable[SourceStatus]
) -> Iterator[Obstacle]:
    """Yield the locales that lack more than the gate allows."""
    sources = tuple(sources)
    for locale, counts in completion.items():
        needed = gate.complete.of(locale)
        if counts.completion < needed:
            yield Obstacle(
                "complete",
                locale,
                _only_resource(locale, sources),
                "",
                f"{counts.completion} % < {needed} %",
                locales=(locale,),
                counts=counts,
                needed=needed,
                key=locale,
            )


def _only_resource(locale: str, sources: Iterable[SourceStatus]) -> str:
    """Return the resource that lacks something in LOCALE, if it is just one."""
    incomplete = {source.resource for source in sources if _lacks(source, locale)}
    return next(iter(incomplete)) if len(incomplete) == 1 else ""


def _lacks(source: SourceStatus, locale: str) -> bool:
    """Whether SOURCE is not complete in LOCALE."""
    return any(cell.locale == locale and not _counts(source, cell).complete for cell in source.locales)


def outdated(sources: Iterable[SourceStatus], changes: Iterable[TargetChange]) -> Iterator[Obstacle]:
    """Yield the sources that are to be pushed, and the targets that are to be pulled."""
    for source in sources:
        if source.standing in TO_PUSH:
            locales = tuple(cell.locale for cell in source.locales)
            message = f"{source.standing}{f' ({source.detail})' if source.detail else ''}"
            message += "" if source.standing in REFUSED else "; push it"
            yield Obstacle("fresh", ALL_LOCALES, source.resource, source.path, message, locales=locales)
    for change in changes:
        if change.action is Action.KEEP and not change.held and change.awaits is not Awaits.VERSION:
            continue
        advice = "; pull it" if change.action is Action.WRITE else ""
        detail = f" ({change.detail})" if change.detail else ""
        message = f"{change.reason}{detail}{advice}"
        locales = (change.locale,)
        yield Obstacle("fresh", change.locale, change.resource, change.path, message, locales=locales)


def invalid(gate: Gate, verification: Verification) -> Iterator[Obstacle]:
    """Yield the errors of translations."""
    for target in files_of(gate, verification):
        for finding in target.findings:
            if finding.severity == "error":
                yield Obstacle(
                    "valid",
                    target.locale,
                    target.resource,
                    target.path,
                    f"{finding.rule}: {finding.message}",
                    locales=(target.locale,),
                    key=finding_key(target, finding),
                )


def unanswered(
    gate: Gate, sources: Iterable[SourceStatus], found: Iterable[FoundQuestion]
) -> Iterator[Obstacle]:
    """Yield the questions about the sources of the gate, if there are more than it lets wait."""
    mine = {(source.project, source.path): source for source in sources}
    waiting: list[tuple[FoundQuestion, Spotted, SourceStatus]] = []
    for question in found:
        spot = next((spot for spot in question.places if (question.project, spot.path) in mine), None)
        if question.about_source and spot is not None:
            waiting.append((question, spot, mine[question.project, spot.path]))
    if gate.questions is None or len(waiting) <= gate.questions:
        return
    for question, spot, source in waiting:
        place = f"{spot.path}:{spot.line}" if spot.line else spot.path
        message = f"#{question.issue.number} waits for an answer: {question.issue.text}"
        locales = tuple(cell.locale for cell in source.locales)
        yield Obstacle("questions", ALL_LOCALES, source.resource, place, message, locales=locales)


def finding_key(target: Judged, finding: formats.Finding) -> str:
    """Return what a baseline knows a finding by: line numbers change, so they are not part of it."""
    return f"{target.path}: {finding.rule}: {finding.key}"
