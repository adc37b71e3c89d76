"""What a gate says about what is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from l10nsync.plan.gate.blockers import (
    changes_of,
    completion_of,
    files_of,
    incomplete,
    invalid,
    outdated,
    sources_of,
    unanswered,
)
from l10nsync.plan.gate.values import GateFacts, Judgement, Obstacle
from l10nsync.plan.gate.waivers import has_ended, is_known, notices_of, shown, with_waiver
from l10nsync.plan.status import SourceStatus
from l10nsync.plan.values import ALL_LOCALES
from l10nsync.plan.verify import Judged


def judge(facts: GateFacts) -> Judgement:
    """Return what the gate says about what is known."""
    gate, status = facts.gate, facts.status
    sources = sources_of(gate, status) if status else ()
    files = files_of(gate, facts.verification)
    found = [with_waiver(facts, obstacle) for obstacle in _obstacles(facts, sources)]
    waived = tuple(obstacle for obstacle in found if _is_waived(facts, obstacle))
    left = [obstacle for obstacle in found if obstacle not in waived]
    known = tuple(obstacle for obstacle in left if _is_in_baseline(facts, obstacle))
    completion = completion_of(sources)
    return Judgement(
        gate,
        obstacles=tuple(obstacle for obstacle in left if obstacle not in known),
        waived=waived,
        known=known,
        completion=completion,
        verification=shown(facts.verification, files, _invalid_keys([*waived, *known])),
        resources=_resources(sources, files),
        locales=tuple(completion) or tuple(sorted({file.locale for file in files} - {"", ALL_LOCALES})),
        commit=status.commit if status else "",
        offline=status is None,
        notices=tuple(notices_of(facts, found)),
    )


def _obstacles(facts: GateFacts, sources: Sequence[SourceStatus]) -> Iterator[Obstacle]:
    """Yield what keeps the gate closed before anything is let through."""
    gate = facts.gate
    if facts.status and gate.complete:
        yield from incomplete(gate, completion_of(sources), sources)
    if gate.fresh:
        yield from outdated(sources, changes_of(gate, facts.pull))
    if gate.valid and facts.verification:
        yield from invalid(gate, facts.verification)
    if facts.status:
        yield from unanswered(gate, sources, facts.status.questions or ())


def _is_waived(facts: GateFacts, obstacle: Obstacle) -> bool:
    """Whether a waiver in force allows an obstacle."""
    return obstacle.waiver is not None and not has_ended(facts, obstacle.waiver)


def _is_in_baseline(facts: GateFacts, obstacle: Obstacle) -> bool:
    """Whether an obstacle was there when the gate was introduced."""
    return facts.baseline is not None and is_known(facts.baseline, obstacle)


def _invalid_keys(obstacles: Iterable[Obstacle]) -> frozenset[str]:
    """Return what the baseline knows those of OBSTACLES by that are errors of translations."""
    return frozenset(obstacle.key for obstacle in obstacles if obstacle.check == "valid")


def _resources(sources: Sequence[SourceStatus], files: Sequence[Judged]) -> tuple[str, ...]:
    """Return the names of all resources that are judged."""
    return tuple(sorted({source.resource for source in sources} | {file.resource for file in files}))
