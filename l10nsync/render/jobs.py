"""Jobs as text and as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from l10nsync.model import JobDetails, JobSettings, JobState
from l10nsync.model.keys import sent_names
from l10nsync.plan import JobResult
from l10nsync.plan.jobs import FoundJob
from l10nsync.plan.report import job_data
from l10nsync.plan.values import cost_data
from l10nsync.render.paint import Paint, cells, count, escape, pad, plain
from l10nsync.render.plans import cost_text
from l10nsync.render.reports import job_lines

_ROLES: Mapping[str, str] = {
    JobState.AWAITING_AUTHORIZATION: "changed",
    JobState.IN_PROGRESS: "new",
    JobState.COMPLETED: "good",
}


def table(found: Sequence[FoundJob], paint: Paint = plain) -> str:
    """Return jobs as a table, one line each; the first line counts them."""
    if not found:
        return "No jobs."
    several = len({found_job.project for found_job in found}) > 1
    rows = [
        (
            found_job.job.uid,
            found_job.job.status.value,
            found_job.job.due_date[:10] or "-",
            (f"{found_job.project}: " if several else "") + found_job.job.name,
        )
        for found_job in found
    ]
    rows = [(escape(uid), escape(status), escape(due), escape(name)) for uid, status, due, name in rows]
    if not any(found_job.job.due_date for found_job in found):
        rows = [(uid, status, "", name) for uid, status, _due, name in rows]
    widths = [max(cells(row[column]) for row in rows) for column in range(3)]
    lines = [paint(f"{count(len(found), 'job')}.", "strong")]
    for uid, status, due, name in rows:
        state = paint(pad(status, widths[1]), _ROLES.get(status, "dim"))
        when = f"{pad(due, widths[2])}  " if widths[2] else ""
        lines.append(f"  {pad(uid, widths[0])}  {state}  {when}{name}")
    return "\n".join(lines)


def card(found: FoundJob, paint: Paint = plain) -> str:
    """Return everything about one job."""
    job, details = found.job, found.details
    lines = [f'Job "{escape(job.name)}" · {paint(escape(job.status), _ROLES.get(job.status, "dim"))}']
    about = (
        ("project", found.project),
        ("uid", f"{job.uid} ({job.number})" if job.number else job.uid),
        ("created", job.created),
        ("due", job.due_date),
        ("reference", job.sent.get("referenceNumber", "")),
        ("locales", " ".join(job.locales)),
        ("content", _content(details) if details else ""),
        ("cost", cost_text(found.cost) if found.cost else ""),
        ("about", job.sent.get("description", "")),
        ("page", job.url),
    )
    lines += [f"  {name:<10} {escape(value)}" for name, value in about if value]
    for part in details.progress if details else ():
        waiting = (
            f", {count(part.unauthorized_words, 'word')} not authorized" if part.unauthorized_words else ""
        )
        lines.append(
            f"  {pad(escape(part.locale), 10)} {part.percent} % of {count(part.words, 'word')}{waiting}"
        )
    return "\n".join(lines)


def _content(details: JobDetails) -> str:
    if not details.files:
        return "none"
    return f"{count(len(details.files), 'file')}, {count(details.words, 'word')} in all locales"


def outcome(result: JobResult, paint: Paint = plain) -> str:
    """Return what became of a job; the first line is the verdict."""
    done = "Authorized 1 job." if result.authorized else "Cancelled 1 job." if result.cancelled else ""
    done = done or ("Changed 1 open job." if result.changed and not result.error else "")
    verdict = paint(done, "good") if done else paint("The job is unchanged.", "error")
    return "\n".join([verdict, *job_lines(result, paint, pushed=False)])


def data(command: str, exit_code: int, found: Sequence[FoundJob], result: JobResult | None) -> dict[str, Any]:
    """Return the answer of a job command, as `schemas/jobs.schema.json` describes it."""
    made: dict[str, Any] = {
        "schemaVersion": 1,
        "command": command,
        "exitCode": exit_code,
        "jobs": [job_row(found_job) for found_job in found],
    }
    return made | ({"result": job_data(result)} if result else {})


def job_row(found: FoundJob) -> dict[str, Any]:
    """Return one job as data."""
    job, details = found.job, found.details
    made: dict[str, Any] = {
        "project": found.project,
        "uid": job.uid,
        "number": job.number,
        "name": job.name,
        "own": found.own,
        "status": job.status,
        "locales": list(job.locales),
        **{name: job.sent.get(name, "") for name in sent_names(JobSettings)},
        "created": job.created,
        "url": job.url,
    }
    if details:
        made["files"] = [
            {"fileUri": uri, "locales": list(locales)} for uri, locales in sorted(details.files.items())
        ]
        made["words"] = details.words
        made["unauthorizedWords"] = details.unauthorized_words
        made["percent"] = details.percent
        made["progress"] = [
            {
                "locale": progress.locale,
                "percent": progress.percent,
                "words": progress.words,
                "unauthorizedWords": progress.unauthorized_words,
            }
            for progress in details.progress
        ]
    if found.cost:
        made["cost"] = cost_data(found.cost)
    return made
