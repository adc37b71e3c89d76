"""What a push does with every source, decided from what the repository and the TMS hold. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from l10nsync.homes import at_home

if TYPE_CHECKING:
    # Names of one module share a line.
    # isort: off
    from l10nsync.plan.push.facts import AWAITING as AWAITING, PushFacts as PushFacts
    from l10nsync.plan.push.push_options import PushOptions as PushOptions
    from l10nsync.plan.push.planner import Compared as Compared, plan_push as plan_push

_HOMES = {
    "facts": (
        "AWAITING",
        "PushFacts",
    ),
    "push_options": ("PushOptions",),
    "planner": (
        "Compared",
        "plan_push",
    ),
}
"""What is shown here, by its module; the same as above, for those who run it."""
__getattr__ = at_home(__name__, _HOMES)
