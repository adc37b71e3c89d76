"""What a push does with every source, decided from what the repository and the TMS hold. Pure."""

from __future__ import annotations

from l10nsync.plan.push.facts import AWAITING, PushFacts, PushOptions
from l10nsync.plan.push.planner import Compared, plan_push

__all__ = ["AWAITING", "Compared", "PushFacts", "PushOptions", "plan_push"]
