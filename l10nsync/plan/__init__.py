"""What has to be done, as a value: compares a repository with a TMS and explains each decision. Pure.

Both planners work in two steps, so that all I/O stays outside: `wants_push` and `wants_pull` say what
must still be known (and are asked again until they want nothing), then `plan_push` and `plan_pull`
decide. The same facts always give the same plan; the executor carries out just what it says.
"""

from __future__ import annotations

from l10nsync.plan.pull import LocalTarget, PullFacts, completion, plan_pull, wanted, wants_pull
from l10nsync.plan.push import PushFacts, PushOptions, job_name, plan_push, upload, uploads_of, wants_push
from l10nsync.plan.report import JobResult, Report, Result
from l10nsync.plan.values import (
    ALL_LOCALES,
    Action,
    Change,
    JobPlan,
    Orphan,
    Plan,
    Reason,
    SourceChange,
    TargetChange,
    Wants,
    change_data,
    digest_of,
    finding_data,
    merge,
    settings_digest,
)

__all__ = [
    "ALL_LOCALES",
    "Action",
    "Change",
    "JobPlan",
    "JobResult",
    "LocalTarget",
    "Orphan",
    "Plan",
    "PullFacts",
    "PushFacts",
    "PushOptions",
    "Reason",
    "Report",
    "Result",
    "SourceChange",
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
    "settings_digest",
    "upload",
    "uploads_of",
    "wanted",
    "wants_pull",
    "wants_push",
]
