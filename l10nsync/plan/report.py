"""What became of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Literal

from l10nsync.errors import (
    EXIT_OK,
    EXIT_PARTIAL,
    EXIT_REFUSED,
    L10nSyncError,
    ServiceError,
    SupersededError,
    worst,
)
from l10nsync.formats import Finding
from l10nsync.plan.reasons import Action, Rival
from l10nsync.plan.values import Change, Plan, SourceChange, TargetChange, change_data, finding_data

ResultStatus = Literal["done", "accepted", "failed", "no strings"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one change that the executor carried out."""

    change: Change
    status: ResultStatus
    error: Exception | None = None
    strings: int = 0
    """Strings × locales that the job took."""
    last_uploaded: str = ""
    findings: tuple[Finding, ...] = ()
    """Strings of an import that the service did not take."""


@dataclass(frozen=True, slots=True)
class JobResult:
    """What became of one job of the plan."""

    project: str
    name: str
    uid: str = ""
    planned: str = ""
    """The name that the plan says; the job's own may be numbered."""
    url: str = ""
    created: bool = False
    authorized: bool = False
    cancelled: bool = False
    closed: bool = False
    removed: bool = False
    """It was made for this push, ended up without content and is gone again."""
    cost: str = ""
    """What the service estimated before it was authorized, with its currency."""
    note: str = ""
    changed: str = ""
    """What was changed in a job that was open; such a result says nothing about its authorization."""
    taken_out: int = 0
    """Strings, each counted once for each locale, that left the job."""
    error: L10nSyncError | None = None
    """Why the whole job stopped; what it sent before is in the results."""


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a run: the plan, one result per change carried out, the jobs, and the cost."""

    plan: Plan
    results: tuple[Result, ...] = ()
    jobs: tuple[JobResult, ...] = ()
    requests: Mapping[str, int] = field(default_factory=dict)
    """Number of HTTP requests by operation."""
    dry_run: bool = False
    trailer: str = ""
    """Of a pull that wrote files: the trailer for a commit with just these."""

    @property
    def failed(self) -> tuple[Result, ...]:
        """Results of changes that did not come about."""
        return tuple(result for result in self.results if result.status == "failed")

    @property
    def overtaken(self) -> tuple[Result, ...]:
        """Those of the failed results that are so because another push was faster, or a commit newer."""
        return tuple(result for result in self.failed if isinstance(result.error, SupersededError))

    @property
    def superseded(self) -> tuple[str, ...]:
        """Paths of what a newer commit, or another push, has the last word on."""
        sources = [change for change in self.plan.changes if isinstance(change, SourceChange)]
        blocked = {change.path for change in sources if change.rival is Rival.NEWER}
        return tuple(sorted(blocked | {result.change.path for result in self.overtaken}))

    @property
    def confirmed(self) -> bool:
        """Whether everything was read back; False after `--wait accepted` or `none`."""
        return not any(result.status == "accepted" for result in self.results)

    @property
    def exit_code(self) -> int:
        """The exit code that the run earns: 0 only if every planned item came about."""
        codes = {job.error.exit_code for job in self.jobs if job.error}
        codes |= {_code_of(result) for result in self.failed}
        actions = {change.action for change in self.plan.changes}
        if Action.BLOCK in actions:
            codes.add(EXIT_REFUSED)
        if Action.HOLD in actions or self.plan.held or self._lacks_strings:
            codes.add(EXIT_PARTIAL)
        return worst(codes or {EXIT_OK})

    @property
    def _lacks_strings(self) -> bool:
        """Whether some strings of an import were held back, or not taken by the service."""
        held = (
            finding.severity == "error"
            for finding in chain.from_iterable(
                change.findings
                for change in self.plan.work
                if isinstance(change, TargetChange) and change.action is Action.IMPORT
            )
        )
        return any(held) or any(result.findings for result in self.results)

    def as_data(self) -> dict[str, Any]:
        """Return the report as JSON-ready data, as `schemas/report.schema.json` describes it."""
        return {
            "schemaVersion": 1,
            "command": self.plan.direction,
            "dryRun": self.dry_run,
            "exitCode": self.exit_code,
            "confirmed": self.confirmed,
            "superseded": list(self.superseded),
            "plan": self.plan.as_data(),
            "results": [_result_data(result) for result in self.results],
            "jobs": [job_data(job) for job in self.jobs],
            "requests": dict(sorted(self.requests.items())),
            **({"trailer": self.trailer} if self.trailer else {}),
        }


def _code_of(result: Result) -> int:
    return result.error.exit_code if isinstance(result.error, L10nSyncError) else EXIT_PARTIAL


def error_data(error: Exception) -> dict[str, Any]:
    """Return an error as JSON-ready data; what the service said is kept apart from our own words."""
    data: dict[str, Any] = {
        "message": getattr(error, "message", str(error)),
        "hint": getattr(error, "hint", ""),
    }
    if isinstance(error, ServiceError):
        reply = error.reply
        data["service"] = {
            "status": reply.status,
            "code": reply.code,
            "key": reply.key,
            "message": reply.message,
            "requestId": reply.request_id,
            "operation": reply.operation,
        }
    return data


def _result_data(result: Result) -> dict[str, Any]:
    data: dict[str, Any] = {
        "status": result.status,
        "strings": result.strings,
        "change": change_data(result.change),
    }
    if result.findings:
        data["findings"] = [finding_data(finding) for finding in result.findings]
    return data | ({"error": error_data(result.error)} if result.error else {})


def job_data(job: JobResult) -> dict[str, Any]:
    """Return what became of a job as JSON-ready data."""
    data: dict[str, Any] = {
        "project": job.project,
        "name": job.name,
        "uid": job.uid,
        "url": job.url,
        "created": job.created,
        "authorized": job.authorized,
        "cancelled": job.cancelled,
        "removed": job.removed,
        "cost": job.cost,
        "note": job.note,
    }
    data |= {"closed": True} if job.closed else {}
    data |= {"changed": job.changed} if job.changed else {}
    return data | ({"error": error_data(job.error)} if job.error else {})
