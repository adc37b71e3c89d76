"""What has to be done, as a value: compares a repository with a TMS and explains each decision. Pure.

All I/O stays outside: a planner gives its plan, or says what has to be known before that (`Wants`), and is
asked again with the answers. The same facts always give the same plan; the executor does just what it says.
"""

from __future__ import annotations

from l10nsync.plan.asking import Wants
from l10nsync.plan.counts import Counts, completion
from l10nsync.plan.pull import LocalTarget, PullFacts, plan_pull, wanted
from l10nsync.plan.push import Compared, PushFacts, PushOptions, plan_push
from l10nsync.plan.push.jobs import job_name
from l10nsync.plan.reasons import Action, Awaits, Brings, Reason, Rival
from l10nsync.plan.report import JobResult, Report, Result
from l10nsync.plan.status import (
    LocaleStatus,
    SourceStatus,
    Standing,
    Status,
    StatusFacts,
    plan_status,
)
from l10nsync.plan.uploads import upload, uploads_of
from l10nsync.plan.values import (
    ALL_LOCALES,
    Change,
    Difference,
    FileChange,
    JobEnd,
    JobPlan,
    Orphan,
    Plan,
    SourceChange,
    TargetChange,
    change_data,
    digest_of,
    finding_data,
    merge,
    settings_digest,
)

__all__ = [
    "ALL_LOCALES",
    "Action",
    "Awaits",
    "Brings",
    "Change",
    "Compared",
    "Counts",
    "Difference",
    "FileChange",
    "JobEnd",
    "JobPlan",
    "JobResult",
    "LocalTarget",
    "LocaleStatus",
    "Orphan",
    "Plan",
    "PullFacts",
    "PushFacts",
    "PushOptions",
    "Reason",
    "Report",
    "Result",
    "Rival",
    "SourceChange",
    "SourceStatus",
    "Standing",
    "Status",
    "StatusFacts",
    "TargetChange",
    "Wants",
    "change_data",
    "completion",
    "digest_of",
    "finding_data",
    "job_name",
    "merge",
    "plan_pull",
    "plan_push",
    "plan_status",
    "settings_digest",
    "upload",
    "uploads_of",
    "wanted",
]
