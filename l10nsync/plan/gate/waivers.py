"""What a gate lets through: what a waiver names, and what the baseline knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase

from l10nsync.model import Waiver
from l10nsync.plan.gate.blockers import completion_of, finding_key, sources_of
from l10nsync.plan.gate.values import Baseline, GateFacts, Judgement, Obstacle
from l10nsync.plan.verify import Judged, Verification


def with_waiver(facts: GateFacts, found: Obstacle) -> Obstacle:
    """Return an obstacle with the waiver that names it: one that has not ended, if there is one."""
    if found.locales and set(found.locales) <= facts.waived:
        return replace(found, waiver=Waiver(reason="--waive"))
    fitting = [waiver for waiver in facts.gate.allow if _fits(waiver, found)]
    standing = [waiver for waiver in fitting if not has_ended(facts, waiver)]
    return replace(found, waiver=next(iter([*standing, *fitting]), None))


def _fits(waiver: Waiver, found: Obstacle) -> bool:
    """Whether a waiver names an obstacle; one without locale, resource or check names all."""
    locale = not waiver.locale or set(found.locales) == {waiver.locale}
    resource = not waiver.resource or bool(found.resource and fnmatchcase(found.resource, waiver.resource))
    return locale and resource and waiver.check in {"", found.check}


def has_ended(facts: GateFacts, waiver: Waiver) -> bool:
    """Whether a waiver lets nothing through any more."""
    return bool(waiver.until) and facts.today > waiver.until


def is_known(baseline: Baseline, found: Obstacle) -> bool:
    """Whether an obstacle is no worse than the baseline."""
    if found.check == "valid":
        return found.key in baseline.valid
    if found.check == "complete" and found.counts:
        return found.counts.completion >= baseline.complete.get(found.locale, 101)
    return False


def notices_of(facts: GateFacts, found: Iterable[Obstacle]) -> Iterator[str]:
    """Yield which waivers and which parts of the baseline are needed no more, and what cannot be judged."""
    if facts.gate.questions is not None and facts.status and facts.status.questions is None:
        yield "this service has no questions: nothing was counted for `questions`"
    yield from _waivers_over(facts, found)
    if risen := _risen(facts):
        yield f"better than the baseline: {', '.join(risen)}; `verify --write-baseline` keeps it so"


def _waivers_over(facts: GateFacts, found: Iterable[Obstacle]) -> Iterator[str]:
    """Yield which waivers have ended that no obstacle needs any more."""
    used = {id(obstacle.waiver) for obstacle in found if obstacle.waiver}
    for waiver in facts.gate.allow:
        if has_ended(facts, waiver) and id(waiver) not in used:
            yield f"{waiver_name(waiver)} ended on {waiver.until} and is no longer needed: remove it"


def _risen(facts: GateFacts) -> list[str]:
    """Return the locales that are further than the baseline says."""
    if not (facts.baseline and facts.status):
        return []
    counts = completion_of(sources_of(facts.gate, facts.status))
    known = ((locale, percent) for locale, percent in facts.baseline.complete.items() if locale in counts)
    return sorted(locale for locale, percent in known if counts[locale].completion > percent)


def waiver_name(waiver: Waiver) -> str:
    """Return how a message calls a waiver."""
    place = f" ({waiver.place.file}:{waiver.place.line})" if waiver.place.line else ""
    parts = [part for part in (waiver.locale, waiver.resource, waiver.check) if part]
    return f"the waiver for {' '.join(parts) or 'everything'}{place}"


def baseline_of(judgement: Judgement, old: Baseline | None) -> Baseline:
    """Return what the baseline is from now on; compared with an old one it only ever becomes stricter."""
    short = {
        obstacle.locale: obstacle
        for obstacle in (*judgement.obstacles, *judgement.known)
        if obstacle.check == "complete"
    }
    complete = {locale: obstacle.counts.completion for locale, obstacle in short.items() if obstacle.counts}
    valid = {
        obstacle.key for obstacle in (*judgement.obstacles, *judgement.known) if obstacle.check == "valid"
    }
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


def shown(
    verification: Verification | None, files: tuple[Judged, ...], passes: frozenset[str]
) -> Verification | None:
    """Return what the gate is about; errors that are let through only warn."""
    if verification is None:
        return None

    def eased(target: Judged) -> Judged:
        findings = tuple(
            replace(finding, severity="warning") if finding_key(target, finding) in passes else finding
            for finding in target.findings
        )
        return replace(target, findings=findings)

    kept = {id(file): eased(file) for file in files}
    return replace(
        verification,
        targets=tuple(kept[id(file)] for file in verification.targets if id(file) in kept),
        sources=tuple(kept[id(file)] for file in verification.sources if id(file) in kept),
    )
