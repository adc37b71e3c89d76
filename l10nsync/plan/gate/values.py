"""The input of a gate, and its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from l10nsync.errors import EXIT_GATE, EXIT_OK
from l10nsync.model import Gate, Waiver
from l10nsync.plan.counts import Counts
from l10nsync.plan.status import Status
from l10nsync.plan.values import Plan
from l10nsync.plan.verify import Verification

GateCheck = Literal["complete", "fresh", "valid", "questions"]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason not to release."""

    check: GateCheck
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

    def of(self, check: GateCheck) -> tuple[Obstacle, ...]:
        """Return the obstacles of one check."""
        return tuple(obstacle for obstacle in self.obstacles if obstacle.check == check)


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
