"""What the user of a push allows, by flag."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PushOptions:
    """What the user allows, by flag."""

    force: bool = False
    accept_shrink: bool = False
    accept_namespace_change: bool = False
    accept_superseded: bool = False
    accept_collision: bool = False
    order_all: bool = False
    """Plan as if every job were authorized, where a service orders what it is sent."""
    yes: bool = False
    """What is in translation may leave a job, and what is not ours may be authorized."""
