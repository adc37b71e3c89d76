"""How far every file is in every locale, and what must be known to say so. Pure.

A status is made of what a push would do (new, changed and unchanged sources, orphans) and of the counts
that the TMS has for each file. `plan_status` gives the answer, or says what must still be known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from l10nsync.homes import at_home

if TYPE_CHECKING:
    # Names of one module share a line.
    # isort: off
    from l10nsync.plan.status.facts import StatusFacts as StatusFacts
    from l10nsync.plan.status.planner import plan_status as plan_status
    from l10nsync.plan.status.values import (
        NOT_FRESH as NOT_FRESH,
        REFUSED as REFUSED,
        TO_PUSH as TO_PUSH,
        LocaleStatus as LocaleStatus,
        SourceStatus as SourceStatus,
        Standing as Standing,
        Status as Status,
        merge_statuses as merge_statuses,
        total as total,
        with_context as with_context,
        with_questions as with_questions,
    )

_HOMES = {
    "facts": ("StatusFacts",),
    "planner": ("plan_status",),
    "values": (
        "NOT_FRESH",
        "REFUSED",
        "TO_PUSH",
        "LocaleStatus",
        "SourceStatus",
        "Standing",
        "Status",
        "merge_statuses",
        "total",
        "with_context",
        "with_questions",
    ),
}
"""What is shown here, by its module; the same as above, for those who run it."""
__getattr__ = at_home(__name__, _HOMES)
