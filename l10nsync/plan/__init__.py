"""What has to be done, as a value: compares a repository with a TMS and explains each decision. Pure.

All I/O stays outside: a planner gives its plan, or says what has to be known before that (`Wants`), and is
asked again with the answers. The same facts always give the same plan; the executor does just what it says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from l10nsync.homes import at_home

if TYPE_CHECKING:
    # Names of one module share a line.
    # isort: off
    from l10nsync.plan.asking import Wants as Wants
    from l10nsync.plan.counts import Counts as Counts, completion as completion
    from l10nsync.plan.pull import (
        LocalTarget as LocalTarget,
        PullFacts as PullFacts,
        plan_pull as plan_pull,
        wanted as wanted,
    )
    from l10nsync.plan.push import (
        Compared as Compared,
        PushFacts as PushFacts,
        PushOptions as PushOptions,
        plan_push as plan_push,
    )
    from l10nsync.plan.push.jobs import job_name as job_name
    from l10nsync.plan.reasons import (
        Action as Action,
        Awaits as Awaits,
        Brings as Brings,
        Reason as Reason,
        Rival as Rival,
    )
    from l10nsync.plan.report import JobResult as JobResult, Report as Report, Result as Result
    from l10nsync.plan.status import (
        LocaleStatus as LocaleStatus,
        SourceStatus as SourceStatus,
        Standing as Standing,
        Status as Status,
        StatusFacts as StatusFacts,
        plan_status as plan_status,
    )
    from l10nsync.plan.uploads import upload as upload, uploads_of as uploads_of
    from l10nsync.plan.values import (
        ALL_LOCALES as ALL_LOCALES,
        Change as Change,
        Difference as Difference,
        FileChange as FileChange,
        JobEnd as JobEnd,
        JobPlan as JobPlan,
        Orphan as Orphan,
        Plan as Plan,
        SourceChange as SourceChange,
        TargetChange as TargetChange,
        change_data as change_data,
        digest_of as digest_of,
        finding_data as finding_data,
        merge as merge,
        settings_digest as settings_digest,
    )

_HOMES = {
    "asking": ("Wants",),
    "counts": (
        "Counts",
        "completion",
    ),
    "pull": (
        "LocalTarget",
        "PullFacts",
        "plan_pull",
        "wanted",
    ),
    "push": (
        "Compared",
        "PushFacts",
        "PushOptions",
        "plan_push",
    ),
    "push.jobs": ("job_name",),
    "reasons": (
        "Action",
        "Awaits",
        "Brings",
        "Reason",
        "Rival",
    ),
    "report": (
        "JobResult",
        "Report",
        "Result",
    ),
    "status": (
        "LocaleStatus",
        "SourceStatus",
        "Standing",
        "Status",
        "StatusFacts",
        "plan_status",
    ),
    "uploads": (
        "upload",
        "uploads_of",
    ),
    "values": (
        "ALL_LOCALES",
        "Change",
        "Difference",
        "FileChange",
        "JobEnd",
        "JobPlan",
        "Orphan",
        "Plan",
        "SourceChange",
        "TargetChange",
        "change_data",
        "digest_of",
        "finding_data",
        "merge",
        "settings_digest",
    ),
}
"""What is shown here, by its module; the same as above, for those who run it."""
__getattr__ = at_home(__name__, _HOMES)
