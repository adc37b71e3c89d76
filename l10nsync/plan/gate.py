"""Whether translations may be released: complete, fresh and valid; with waivers and a baseline. Pure.

`judge` holds what is known against a gate of the manifest. What it is not told (no status, no plan of a
pull) it does not judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any, Literal

from l10nsync import formats
from l10nsync.errors import EXIT_GATE, EXIT_OK
from l10nsync.model import Gate, Waiver
from l10nsync.plan.counts import Counts
from l10nsync.plan.reasons import Action
from l10nsync.plan.status import REFUSED, TO_PUSH, LocaleStatus, SourceStatus, Status, total
from l10nsync.plan.values import ALL_LOCALES, Plan, TargetChange
from l10nsync.plan.verify import Judged, Verification

Check = Literal["complete", "fresh", "valid"]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason not to release."""

    check: Check
    locale: str
    """`*` for what concerns all locales."""
    resource: str
    """Empty for what concerns all resources of the gate."""
    path: str
    message: str
    locales: tuple[str, ...] = ()
    """All locales that it concerns."""
    counts: Counts | None = None
    needed: int = 0
    """Percent, where completion is the obstacle."""
    key: str = ""
    """What the baseline knows it by."""
    waiver: Waiver | None = None
    """The waiver that names it, ended or not."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was wrong when the gate was introduced: only what is worse keeps it closed."""

    complete: Mapping[str, int] = field(default_factory=dict)
    """Locale to percent."""
    valid: frozenset[str] = frozenset()
    """Findings, by target, rule and key."""

    def as_data(self) -> dict[str, Any]:
        """Return the baseline as JSON-ready data."""
        return {
            "schemaVersion": 1,
            "complete": dict(sorted(self.complete.items())),
            "valid": sorted(self.valid),
        }


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a gate says."""

    gate: Gate
    obstacles: tuple[Obstacle, ...] = ()
    """What keeps it closed."""
    waived: tuple[Obstacle, ...] = ()
    known: tuple[Obstacle, ...] = ()
    """What the baseline knows already."""
    completion: Mapping[str, Counts] = field(default_factory=dict)
    """By locale."""
    verification: Verification | None = None
    resources: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    commit: str = ""
    offline: bool = False
    notices: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing keeps the gate closed."""
        return not self.obstacles

    @property
    def exit_code(self) -> int:
        """The exit code that this earns."""
        return EXIT_OK if self.passed else EXIT_GATE

    def of(self, check: Check) -> tuple[Obstacle, ...]:
        """Return the obstacles of one check."""
        return tuple(each for each in self.obstacles if each.check == check)


@dataclass(frozen=True, slots=True)
class GateFacts:
    """All that a gate may judge."""

    gate: Gate
    status: Status | None = None
    pull: Plan | None = None
    verification: Verification | None = None
    baseline: Baseline | None = None
    today: str = ""
    """ISO date, in UTC."""
    waived: frozenset[str] = frozenset()
    """Locales that are waived for this time alone."""


def chosen(gate: Gate, resource: str) -> bool:
    """Whether a gate is about a resource."""
    return not gate.resources or any(fnmatchcase(resource, each) for each in gate.resources)


def judge(facts: GateFacts) -> Judgement:
    """Return what the gate says about what is known."""
    gate, status = facts.gate, facts.status
    sources = _sources(gate, status) if status else ()
    completion = _completion(sources)
    found = [
        *(_complete(gate, completion, sources) if status and gate.complete else ()),
        *(_fresh(sources, _changes(gate, facts.pull)) if gate.fresh else ()),
        *(_valid(gate, facts.verification) if gate.valid and facts.verification else ()),
    ]
    found = [_with_waiver(facts, each) for each in found]
    waived = [each for each in found if each.waiver and not _ended(facts, each.waiver)]
    rest = [each for each in found if each not in waived]
    known = [each for each in rest if facts.baseline and _known(facts.baseline, each)]
    judged = _judged(gate, facts.verification)
    passes = frozenset(each.key for each in (*waived, *known) if each.check == "valid")
    return Judgement(
        gate,
        obstacles=tuple(each for each in rest if each not in known),
        waived=tuple(waived),
        known=tuple(known),
        completion=completion,
        verification=_shown(facts.verification, judged, passes),
        resources=tuple(sorted({each.resource for each in sources} | {each.resource for each in judged})),
        locales=tuple(completion) or tuple(sorted({each.locale for each in judged} - {"", ALL_LOCALES})),
        commit=status.commit if status else "",
        offline=status is None,
        notices=tuple(_notices(facts, found)),
    )


def baseline_of(judgement: Judgement, old: Baseline | None) -> Baseline:
    """Return what the baseline is from now on; compared with an old one it only ever becomes stricter."""
    short = {
        each.locale: each for each in (*judgement.obstacles, *judgement.known) if each.check == "complete"
    }
    complete = {locale: each.counts.completion for locale, each in short.items() if each.counts}
    valid = {each.key for each in (*judgement.obstacles, *judgement.known) if each.check == "valid"}
    if old is None:
        return Baseline(complete, frozenset(valid))
    if judgement.offline:  # nothing was learned of completion
        complete = dict(old.complete)
    return Baseline(
        {
            locale: max(percent, old.complete[locale])
            for locale, percent in complete.items()
            if locale in old.complete
        },
        frozenset(valid & old.valid),
    )


# --- what is judged -----------------------------------------------------------------------------------


def _sources(gate: Gate, status: Status) -> tuple[SourceStatus, ...]:
    return tuple(
        replace(each, locales=tuple(cell for cell in each.locales if _is_judged(gate, cell.locale)))
        for each in status.sources
        if chosen(gate, each.resource)
    )


def _is_judged(gate: Gate, locale: str) -> bool:
    return not gate.locales or locale in gate.locales or locale in {"", ALL_LOCALES}


def _changes(gate: Gate, plan: Plan | None) -> tuple[TargetChange, ...]:
    return tuple(
        each
        for each in (plan.changes if plan else ())
        if isinstance(each, TargetChange) and chosen(gate, each.resource) and _is_judged(gate, each.locale)
    )


def _judged(gate: Gate, verification: Verification | None) -> tuple[Judged, ...]:
    return tuple(
        each
        for each in (verification.judged if verification else ())
        if chosen(gate, each.resource) and _is_judged(gate, each.locale)
    )


def _completion(sources: Iterable[SourceStatus]) -> dict[str, Counts]:
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


def _complete(
    gate: Gate, completion: Mapping[str, Counts], sources: Iterable[SourceStatus]
) -> Iterator[Obstacle]:
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
    open_ = {
        source.resource
        for source in sources
        for cell in source.locales
        if cell.locale == locale and not _counts(source, cell).complete
    }
    return next(iter(open_)) if len(open_) == 1 else ""


def _fresh(sources: Iterable[SourceStatus], changes: Iterable[TargetChange]) -> Iterator[Obstacle]:
    for source in sources:
        if source.standing in TO_PUSH:
            locales = tuple(cell.locale for cell in source.locales)
            message = f"{source.standing}{f' ({source.detail})' if source.detail else ''}"
            message += "" if source.standing in REFUSED else "; push it"
            yield Obstacle("fresh", ALL_LOCALES, source.resource, source.path, message, locales=locales)
    for change in changes:
        if change.action is Action.KEEP and not change.held:
            continue
        advice = "; pull it" if change.action is Action.WRITE else ""
        detail = f" ({change.detail})" if change.detail else ""
        message = f"{change.reason}{detail}{advice}"
        locales = (change.locale,)
        yield Obstacle("fresh", change.locale, change.resource, change.path, message, locales=locales)


def _valid(gate: Gate, verification: Verification) -> Iterator[Obstacle]:
    for target in _judged(gate, verification):
        for each in target.findings:
            if each.severity == "error":
                yield Obstacle(
                    "valid",
                    target.locale,
                    target.resource,
                    target.path,
                    f"{each.rule}: {each.message}",
                    locales=(target.locale,),
                    key=finding_key(target, each),
                )


def finding_key(target: Judged, finding: formats.Finding) -> str:
    """Return what a baseline knows a finding by: line numbers move, so they are no part of it."""
    return f"{target.path}: {finding.rule}: {finding.key}"


def _shown(
    verification: Verification | None, judged: tuple[Judged, ...], passes: frozenset[str]
) -> Verification | None:
    """Return what the gate is about; errors that are let through only warn."""
    if verification is None:
        return None

    def eased(target: Judged) -> Judged:
        findings = tuple(
            replace(each, severity="warning") if finding_key(target, each) in passes else each
            for each in target.findings
        )
        return replace(target, findings=findings)

    shown = {id(each): eased(each) for each in judged}
    return replace(
        verification,
        targets=tuple(shown[id(each)] for each in verification.targets if id(each) in shown),
        sources=tuple(shown[id(each)] for each in verification.sources if id(each) in shown),
    )


# --- what is let through ------------------------------------------------------------------------------


def _with_waiver(facts: GateFacts, found: Obstacle) -> Obstacle:
    if found.locales and set(found.locales) <= facts.waived:
        return replace(found, waiver=Waiver(reason="--waive"))
    fitting = [each for each in facts.gate.allow if _fits(each, found)]
    standing = [each for each in fitting if not _ended(facts, each)]
    return replace(found, waiver=next(iter([*standing, *fitting]), None))


def _fits(waiver: Waiver, found: Obstacle) -> bool:
    """Whether a waiver names an obstacle; one without locale, resource or check names all."""
    locale = not waiver.locale or set(found.locales) == {waiver.locale}
    resource = not waiver.resource or bool(found.resource and fnmatchcase(found.resource, waiver.resource))
    return locale and resource and waiver.check in {"", found.check}


def _ended(facts: GateFacts, waiver: Waiver) -> bool:
    return bool(waiver.until) and facts.today > waiver.until


def _known(baseline: Baseline, found: Obstacle) -> bool:
    if found.check == "valid":
        return found.key in baseline.valid
    if found.check == "complete" and found.counts:
        return found.counts.completion >= baseline.complete.get(found.locale, 101)
    return False


def _notices(facts: GateFacts, found: Iterable[Obstacle]) -> Iterator[str]:
    used = {id(each.waiver) for each in found if each.waiver}
    for waiver in facts.gate.allow:
        if _ended(facts, waiver) and id(waiver) not in used:
            yield f"{waiver_name(waiver)} ended on {waiver.until} and is not needed any more: remove it"
    if facts.baseline and facts.status:
        counts = _completion(_sources(facts.gate, facts.status))
        risen = sorted(
            locale
            for locale, percent in facts.baseline.complete.items()
            if locale in counts and counts[locale].completion > percent
        )
        if risen:
            yield f"better than the baseline: {', '.join(risen)}; `verify --write-baseline` keeps it so"


def waiver_name(waiver: Waiver) -> str:
    """Return how a message calls a waiver."""
    place = f" ({waiver.place.file}:{waiver.place.line})" if waiver.place.line else ""
    parts = [each for each in (waiver.locale, waiver.resource, waiver.check) if each]
    return f"the waiver for {' '.join(parts) or 'everything'}{place}"
