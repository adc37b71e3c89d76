"""A report as text and as Markdown; the first line is the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from l10nsync.errors import L10nSyncError, ServiceError
from l10nsync.formats import Finding
from l10nsync.plan import Action, Change, JobResult, Report, Result, TargetChange
from l10nsync.render import plans
from l10nsync.render.paint import Paint, count, escape, plain

_NAMED = 10
"""Files that one message names."""


def text(report: Report, paint: Paint = plain) -> str:
    """Return the report for a person: verdict, each item, what failed and why, the jobs."""
    lines = [paint(verdict(report), "good" if report.exit_code == 0 else "error")]
    kept = [change for change in report.plan.changes if change.action is Action.KEEP]
    named = [change for change in kept if _is_named(report, change)]
    lines += _items(report, named, paint)
    lines += _failures(report, paint)
    lines += plans.import_findings(report.plan, paint)
    lines += plans.finding_lines(_refused_strings(report), paint)
    several = plans.several(report.plan.changes)
    pushed = report.plan.direction == "push"
    for job in report.jobs:
        lines += job_lines(job, paint, several=several, pushed=pushed)
    lines += [paint(f"  · {words}", "dim") for words in plans.kept(kept, named)]
    if report.plan.orphans:
        lines.append(
            paint(
                f"{count(len(report.plan.orphans), 'file')} on the TMS no longer in the repository, kept"
                " (`l10nsync prune` lists them)",
                "dim",
            )
        )
    notices = (*plans.backlog(report.plan), *report.plan.notices)
    lines += [paint(f"notice: {escape(notice)}", "notice") for notice in notices]
    lines += [paint(f"commit trailer: {report.trailer}", "dim")] if report.trailer else []
    return "\n".join(lines)


def _items(report: Report, named: Sequence[Change], paint: Paint) -> list[str]:
    """Return what was done and what was refused, and the NAMED ones of the rest; failures come later."""
    failed = {id(result.change) for result in report.failed}
    changes = (*report.plan.work, *report.plan.refused, *named)
    shown = [change for change in changes if id(change) not in failed]
    return plans.tables(shown, paint, imports=report.plan.direction == "import")


def _failures(report: Report, paint: Paint) -> list[str]:
    """Return what a newer push has done already, and what failed."""
    overtaken = {id(result) for result in report.overtaken}
    failed = (_failure(result, paint) for result in report.failed if id(result) not in overtaken)
    return [*_superseded(report, paint), *chain.from_iterable(failed)]


def _refused_strings(report: Report) -> list[tuple[str, Finding]]:
    """Return what the service has found wrong with strings, by the file's path."""
    found: list[tuple[str, Finding]] = []
    for result in report.results:
        found += [(result.change.path, finding) for finding in result.findings]
    return found


def _is_named(report: Report, change: Change) -> bool:
    """Whether a kept item gets a line: of an import, what was kept and why is half of the answer."""
    if report.plan.direction == "import" and change.detail:
        return True
    if not isinstance(change, TargetChange):
        return False
    return bool(change.kept or change.held or change.corrected or change.conflicts)


def verdict(report: Report) -> str:
    """Return what came about, in one sentence."""
    plan = report.plan
    good = [result.change for result in report.results if result.status in {"done", "no strings"}]
    done = len(good)
    accepted = sum(1 for result in report.results if result.status == "accepted")
    total = len(report.results)
    tail = _tail(report)
    if not plan.has_work:
        return plans.verdict(plan)
    if accepted:
        return f"Accepted, not confirmed: {count(accepted, 'file')}{tail}."
    if not total:
        return f"{_without_files(report)}{tail}."
    if plan.direction == "import":
        strings = sum(result.strings for result in report.results)
        of = f" of {total}" if done < total else ""
        return f"Imported {count(strings, 'string')} in {done}{of} {'file' if total == 1 else 'files'}{tail}."
    verb = {"push": "Sent", "prune": "Deleted"}.get(plan.direction, "Wrote")
    if done == total:
        return f"{verb} {count(done, 'file')}{tail}."
    return f"{verb} {done} of {count(total, 'file')}{tail}."


def _without_files(report: Report) -> str:
    """Return what became of a push that had no file to send."""
    changed = {job.uid for job in report.jobs if job.changed}
    acted = [job for job in report.jobs if not job.changed]
    if any(job.error for job in acted):
        return "The job was not authorized"
    if any(job.error for job in report.jobs):
        return "The open job was not changed as planned"
    authorized = [job for job in acted if job.authorized]
    parts = [f"Changed {count(len(changed), 'open job')}"] if changed else []
    parts += [f"Authorized {count(len(authorized), 'job')}"] if authorized else []
    return ", ".join(parts) or "No job was authorized"


def _tail(report: Report) -> str:
    plan = report.plan
    parts = [
        (len(report.overtaken), "superseded"),
        (len(report.failed) - len(report.overtaken), "failed"),
        (plan.count(Action.BLOCK), "blocked"),
        (plan.count(Action.HOLD), "held back"),
    ]
    strings = sum(len(change.held) for change in plan.held)
    tail = f", {count(strings, 'string')} held back" if strings else ""
    return "".join(f", {number} {word}" for number, word in parts if number) + tail


def superseded(report: Report) -> list[tuple[str, str]]:
    """Return one message, with what to do, for all files that another push was faster with for one reason."""
    reasons: dict[str, list[Result]] = {}
    for result in report.overtaken:
        reasons.setdefault(str(result.error), []).append(result)
    found = []
    for reason, results in reasons.items():
        names = ", ".join(result.change.path for result in results[:_NAMED])
        more = f" and {len(results) - _NAMED} more" if len(results) > _NAMED else ""
        found.append((f"{names}{more}: {reason}", str(getattr(results[0].error, "hint", ""))))
    return found


def _superseded(report: Report, paint: Paint) -> list[str]:
    lines = []
    for message, hint in superseded(report):
        lines += [f"{paint('error', 'error')}: {escape(message)}", f"  hint: {escape(hint)}"]
    return lines


def _failure(result: Result, paint: Paint) -> list[str]:
    error = result.error
    message = getattr(error, "message", "") or str(error or "it was not reached")
    for named in (result.change.path, result.change.uri):
        message = message.removeprefix(f"{named}: ")  # the line begins with it already
    first = f"{paint('error', 'error')}: {escape(result.change.path)}: {escape(message)}"
    return [first, *_explained(error)]


def _explained(error: BaseException | None) -> list[str]:
    """Return what the service has said about an error, and what to do."""
    lines = []
    if isinstance(error, ServiceError) and error.reply.status:
        lines.append(f"  service: {escape(str(error.reply))}")
    hint = getattr(error, "hint", "")
    return [*lines, f"  hint: {escape(hint)}"] if hint else lines


def job_lines(job: JobResult, paint: Paint, *, several: bool = False, pushed: bool = True) -> list[str]:
    """Return what became of a job: its state, its page, what went wrong; with SEVERAL also its project.

    With PUSHED also whether the push has made it.
    """
    lines = []
    name = f'"{escape(job.name)}"' + (f" of {escape(job.project)}" if several else "")
    if job.changed and job.uid:
        lines = [f"Job {name} · {escape(job.changed)}"]
    elif job.uid:
        made = f"{'created' if job.created else 'reused'} · " if pushed else ""
        cost = f" · {escape(job.cost)}" if job.cost else ""
        lines = [f"Job {name} · {made}{escape(_state(job, pushed=pushed))}{cost}"]
        lines += [f"     {escape(job.url)}"] if job.url else []
    if job.error:
        lines.append(f"{paint('error', 'error')}: job {name}: {escape(job.error.message)}")
        lines += _explained(job.error)
    shows_note = job.note and (pushed or job.authorized)
    return [*lines, paint(f"notice: {escape(job.note)}", "notice")] if shows_note else lines


def _state(job: JobResult, *, pushed: bool = True) -> str:
    if job.changed:
        return job.changed
    if job.removed:
        return "removed: nothing in it to translate"
    if job.cancelled:
        return "cancelled"
    if job.closed:
        return "closed"
    if job.authorized or pushed:
        return "authorized" if job.authorized else "not authorized"
    return job.note or "unchanged"


def failure(error: L10nSyncError) -> str:
    """Return an error that ended a whole run as GitHub Markdown: its places, or what to do about it."""
    cell, code = plans.cell, plans.code
    lines = [f"### {cell(error.message)}", ""]
    lines += [cell(error.hint)] if error.hint else []
    for diagnostic in error.diagnostics:
        place = ":".join(str(part) for part in (diagnostic.file, diagnostic.line, diagnostic.column) if part)
        lines.append(
            f"- {code(place)} {cell(diagnostic.severity)} {cell(diagnostic.code)}: {cell(diagnostic.message)}"
        )
    return "\n".join(lines).rstrip() + "\n"


def markdown(report: Report) -> str:
    """Return the report as GitHub Markdown."""
    cell, code = plans.cell, plans.code
    changes = (*report.plan.work, *report.plan.refused)
    lines = [f"### {cell(verdict(report))}", "", *plans.markdown_table(changes)]
    lines += [f"- {cell(message)}. {cell(hint)}" for message, hint in superseded(report)]
    overtaken = {id(result) for result in report.overtaken}
    failed = [result for result in report.failed if id(result) not in overtaken]
    lines += [f"- failed: {code(result.change.path)}: {cell(str(result.error))}" for result in failed]
    for job in report.jobs:
        cost = f", {cell(job.cost)}" if job.cost else ""
        state = cell(_state(job, pushed=report.plan.direction == "push"))
        lines += [f"- job {code(job.name)}: {state}{cost} {job.url}".rstrip()] if job.uid else []
        lines += [f"- job {code(job.name)}: {cell(job.error.message)}"] if job.error else []
    return "\n".join(lines).rstrip() + "\n"
