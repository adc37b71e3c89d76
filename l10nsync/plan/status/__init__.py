"""How far every file is in every locale, and what must be known to say so. Pure.

A status is made of what a push would do (new, changed and unchanged sources, orphans) and of the counts
that the TMS has for each file. `plan_status` gives the answer, or says what must still be known.
"""

from l10nsync.plan.status.facts import StatusFacts
from l10nsync.plan.status.planner import plan_status
from l10nsync.plan.status.values import (
    NOT_FRESH,
    REFUSED,
    TO_PUSH,
    LocaleStatus,
    SourceStatus,
    Standing,
    Status,
    merge_statuses,
    total,
    with_context,
    with_questions,
)

__all__ = [
    "NOT_FRESH",
    "REFUSED",
    "TO_PUSH",
    "LocaleStatus",
    "SourceStatus",
    "Standing",
    "Status",
    "StatusFacts",
    "merge_statuses",
    "plan_status",
    "total",
    "with_context",
    "with_questions",
]
