"""Carries out a plan against providers and the work tree, and fills a report; decides nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Protocol

from l10nsync.errors import (
    L10nSyncError,
    RefusedError,
    SupersededError,
    TemporaryError,
    UnfinishedPushError,
)
from l10nsync.formats import Finding
from l10nsync.model import (
    Deletion,
    Fence,
    Import,
    ImportOutcome,
    InFlight,
    JobOutcome,
    JobRequest,
    Outcome,
    Submission,
    Wait,
    fold,
)
from l10nsync.plan import (
    Action,
    Change,
    FileChange,
    JobEnd,
    JobPlan,
    JobResult,
    Plan,
    Report,
    Result,
    SourceChange,
    TargetChange,
    upload,
    uploads_of,
)
from l10nsync.plan.job_content import consent
from l10nsync.plan.report import ResultStatus
from l10nsync.providers.base import Provider
from l10nsync.workspace import whole_files

IMPORTS = 50
"""Translations that are in memory together while they are sent."""
Watch = Callable[[Change, str], None]
"""Called with a change and its present state, for progress."""

_FINAL_STATES: Mapping[str, ResultStatus] = {
    "done": "done",
    "accepted": "accepted",
    "failed": "failed",
    "no strings": "no strings",
}
"""States of an outcome after which nothing more comes for its file."""


def push(
    plan: Plan,
    providers: Mapping[str, Provider],
    contents: Mapping[str, bytes],
    *,
    wait: Wait = "processed",
    callback_url: str = "",
    fence: Fence | None = None,
    in_flight: Mapping[str, InFlight] | None = None,
    watch: Watch = lambda _change, _state: None,
) -> Report:
    """Send what PLAN says, one job after the other; CONTENTS maps blob ids to bytes.

    IN_FLIGHT is by project. One file that fails does not stop the others, and one job that fails does not
    stop the next. Raises `UnfinishedPushError` where PLAN no longer fits: make another one, it does the rest.
    """
    shared = Submission(JobRequest(""), wait=wait, callback_url=callback_url, fence=fence or Fence())
    results: list[Result] = []
    jobs: dict[tuple[str, str], list[JobResult]] = {}
    last = max((change.round for change in plan.work if isinstance(change, SourceChange)), default=0)
    for round_number in range(last + 1):
        # A later round overwrites content that an earlier one brings to safety: all of that must be there.
        confirmed = all(result.status in {"done", "no strings"} for result in results)
        for turn in _turns(plan, round_number):
            if round_number and not confirmed:
                results += [_not_reached(change) for change in turn.changes.values()]
                continue
            submission = _submission(shared, turn, contents)
            submission = replace(submission, in_flight=(in_flight or {}).get(turn.job.project, InFlight()))
            done, outcomes = _submit(providers[turn.job.project], submission, turn.job, turn.changes, watch)
            results += done
            jobs[turn.job.project, turn.job.request.name] = outcomes
    return Report(plan, tuple(results), tuple(chain.from_iterable(jobs.values())))


@dataclass(frozen=True, slots=True)
class _Turn:
    """What goes into one job in one round."""

    job: JobPlan
    changes: Mapping[str, SourceChange]
    """By `fold(fileUri)`."""
    is_final: bool
    """Whether nothing goes into the job in a later round: now all else is done with it."""


def _turns(plan: Plan, round_number: int) -> Iterator[_Turn]:
    """Yield what goes into which job in a round; a job without uploads has its turn in the first."""
    for job in plan.jobs:
        planned = uploads_of(plan, job.request.name, job.project)
        last = max((change.round for change in planned), default=0)
        now = {fold(change.uri): change for change in planned if change.round == round_number}
        if now or last == round_number:
            yield _Turn(job, now, is_final=last == round_number)


def _submission(shared: Submission, turn: _Turn, contents: Mapping[str, bytes]) -> Submission:
    job = turn.job
    found = replace(
        shared,
        job=job.request if turn.is_final else replace(job.request, authorize=False),
        uploads=tuple(upload(change, contents[change.blob]) for change in turn.changes.values()),
        references=tuple((path, contents[blob]) for path, blob in job.request.references),
        consent=partial(consent, job.stakes),
    )
    if not turn.is_final:
        return found
    return replace(found, updates=job.updates, leaving=job.leaving, taken=job.taken)


def _not_reached(change: SourceChange) -> Result:
    """Return the result of an upload that would overwrite what an earlier round did not bring to safety."""
    message = f"{change.path}: not sent, because an upload that it waits for was not confirmed"
    return Result(change, "failed", TemporaryError(message, hint="Run push again to send the rest."))


def prune(
    plan: Plan,
    providers: Mapping[str, Provider],
    *,
    wait: Wait = "processed",
    watch: Watch = lambda _change, _state: None,
) -> Report:
    """Delete what PLAN lists, and end the jobs that are empty then; what fails ends the whole."""
    results: list[Result] = []
    jobs: list[JobResult] = []
    error: L10nSyncError | None = None
    for name, provider in providers.items():
        changes = _deletions(plan, name)
        ending = _endings(plan, name)
        submission = Submission(
            wait=wait,
            deletions=tuple(Deletion(change.uri, change.last_uploaded) for change in changes.values()),
            ending=tuple(ending),
        )
        ended: dict[str, Result] = {}
        has_work = bool(changes or ending)
        try:
            for event in provider.submit(submission) if has_work and not error else ():
                if isinstance(event, JobOutcome):
                    jobs.append(_ended_job(ending[event.uid], event))
                elif isinstance(event, Outcome) and event.status in _FINAL_STATES:
                    change = changes[fold(event.uri)]
                    watch(change, event.status)
                    ended[fold(event.uri)] = Result(change, _FINAL_STATES[event.status], event.error)
        except L10nSyncError as raised:
            error = raised
        results += [ended.get(key, Result(change, "failed", error)) for key, change in changes.items()]
        error = error or _failure(ended.values())
    return Report(plan, tuple(results), tuple(jobs))


def _deletions(plan: Plan, project: str) -> dict[str, FileChange]:
    """Return what PLAN deletes in PROJECT, by `fold(fileUri)`."""
    files = (change for change in plan.work if isinstance(change, FileChange))
    return {fold(change.uri): change for change in files if change.project == project}


def _endings(plan: Plan, project: str) -> dict[str, JobEnd]:
    """Return the jobs that PLAN ends in PROJECT, by their ids."""
    return {end.uid: end for end in plan.ending if end.project == project}


def _failure(ended: Iterable[Result]) -> L10nSyncError | None:
    """Return the first error that ends the whole: not that somebody has sent a file meanwhile."""
    errors = (result.error for result in ended if isinstance(result.error, L10nSyncError))
    return next((error for error in errors if not isinstance(error, SupersededError)), None)


def _ended_job(end: JobEnd, event: JobOutcome) -> JobResult:
    return JobResult(
        end.project,
        event.name,
        event.uid,
        event.name,
        event.url,
        cancelled=event.cancelled,
        closed=event.closed,
        note=event.note,
        error=event.error,
    )


def _submit(
    provider: Provider,
    submission: Submission,
    job: JobPlan,
    changes: Mapping[str, SourceChange],
    watch: Watch,
) -> tuple[list[Result], list[JobResult]]:
    """Return the results, and one outcome per job: a plan of many files fills several."""
    results: dict[str, Result] = {}
    outcomes: list[JobResult] = []
    error: L10nSyncError | None = None
    try:
        for event in provider.submit(submission):
            if isinstance(event, JobOutcome):
                outcomes.append(job_result(job.project, event, job.request.name))
            elif isinstance(event, Outcome):
                change = changes[fold(event.uri)]
                watch(change, event.status)
                results |= _result(change, event)
    except UnfinishedPushError:
        raise
    except L10nSyncError as raised:
        error = raised
        if job.request.name:
            outcomes.append(JobResult(job.project, job.request.name, planned=job.request.name, error=raised))
    for key, change in changes.items():
        if key not in results:
            results[key] = Result(change, "failed", error)
    return list(results.values()), outcomes


def _result(change: SourceChange, event: Outcome) -> dict[str, Result]:
    status = _FINAL_STATES.get(event.status)
    if status is None:
        return {}
    return {fold(event.uri): Result(change, status, event.error, event.strings, event.last_uploaded)}


def job_result(project: str, event: JobOutcome, planned: str = "") -> JobResult:
    """Return what the report says of a job's outcome; PLANNED is the plan's own name of it."""
    return JobResult(
        project=project,
        name=event.name,
        planned=planned or event.name,
        uid=event.uid,
        url="" if event.removed else event.url,
        created=event.created,
        authorized=event.authorized,
        cancelled=event.cancelled,
        removed=event.removed,
        cost=str(event.cost or ""),
        note=event.note,
        changed=event.changed,
        taken_out=len(event.taken_out),
        error=event.error,
    )


def import_(
    plan: Plan,
    providers: Mapping[str, Provider],
    imports: Mapping[str, Import],
    *,
    watch: Watch = lambda _change, _state: None,
) -> Report:
    """Send what PLAN says; IMPORTS maps paths to what is sent. One that fails does not stop the others."""
    results: list[Result] = []
    work = [change for change in plan.work if isinstance(change, TargetChange)]
    for project in sorted({change.project for change in work}):
        mine = {(fold(change.uri), change.locale): change for change in work if change.project == project}
        paths = [change.path for change in mine.values()]
        error: L10nSyncError | None = None
        try:
            for start in range(0, len(paths), IMPORTS):
                portion = tuple(imports[path] for path in paths[start : start + IMPORTS])
                for event in providers[project].submit(Submission(imports=portion)):
                    if isinstance(event, ImportOutcome):
                        change = mine.pop((fold(event.uri), event.locale))
                        results.append(_imported(change, event))
                        watch(change, results[-1].status)
        except L10nSyncError as raised:
            error = raised
        results += [Result(change, "failed", error) for change in mine.values()]
    return Report(plan, tuple(results))


def _imported(change: TargetChange, event: ImportOutcome) -> Result:
    findings = tuple(Finding("refused", "error", issue.message, issue.key) for issue in event.issues)
    status: ResultStatus = "failed" if event.error else "done"
    return Result(change, status, event.error, event.strings, findings=findings)


class WorkTree(Protocol):
    """Where targets are written."""

    root: Path

    def read(self, path: str) -> bytes | None:
        """Return what is there, as git would store it; None if there is no file."""

    def checked_out(self, path: str, content: bytes) -> bytes:
        """Return CONTENT as it is to lie there."""


def pull(
    plan: Plan,
    place: WorkTree,
    contents: Mapping[str, bytes],
    *,
    watch: Watch = lambda _change, _state: None,
) -> Report:
    """Write what PLAN says; CONTENTS maps paths to bytes. A write that fails does not stop the others."""
    return Report(plan, _write_all(plan, place, contents, watch))


def keep_invalid(plan: Plan, contents: Mapping[str, bytes], folder: Path) -> tuple[str, ...]:
    """Store what was held back below FOLDER, under the targets' paths; return these paths."""
    held = {
        change.path: contents[change.path]
        for change in plan.changes
        if isinstance(change, TargetChange) and change.action is Action.HOLD and change.path in contents
    }
    held |= {change.path: change.delivered for change in plan.held if change.delivered is not None}
    with whole_files.Replacements(folder) as replacements:
        for path, content in held.items():
            replacements.stage(path, content)
        replacements.flush()
        for path in held:
            replacements.publish(path)
    whole_files.flush_names(folder, held)
    return tuple(held)


def _require_as_planned(place: WorkTree, change: TargetChange) -> None:
    """Raise `RefusedError` if somebody changed a target after the plan was made."""
    content = place.read(change.path)
    present = "" if content is None else hashlib.sha256(content).hexdigest()
    if present != change.before:
        raise RefusedError(
            f"{change.path} was changed after the plan was made", hint="It was not changed; run again."
        )


def _write_all(
    plan: Plan, place: WorkTree, contents: Mapping[str, bytes], watch: Watch
) -> tuple[Result, ...]:
    """Write every target beside its file, flush them together, then give each its name."""
    changes = (change for change in plan.changes if isinstance(change, TargetChange))
    writes = [change for change in changes if change.action is Action.WRITE]
    by_folder = sorted(writes, key=_folder_and_name)
    failed: dict[str, L10nSyncError] = {}
    whole_files.sweep(place.root, (change.path for change in writes))
    with whole_files.Replacements(place.root) as replacements:
        for change in by_folder:
            try:
                replacements.stage(change.path, place.checked_out(change.path, contents[change.path]))
            except L10nSyncError as error:
                failed[change.path] = error
        replacements.flush()
        for change in by_folder:
            try:
                if change.path not in failed:
                    _require_as_planned(place, change)
                    replacements.publish(change.path)
            except L10nSyncError as error:
                failed[change.path] = error
            watch(change, "failed" if change.path in failed else "done")
    whole_files.flush_names(place.root, (change.path for change in writes))
    return tuple(_written(change, failed.get(change.path)) for change in writes)


def _written(change: TargetChange, error: L10nSyncError | None) -> Result:
    return Result(change, "failed", error) if error else Result(change, "done")


def _folder_and_name(change: TargetChange) -> tuple[str, str]:
    folder, _, name = change.path.rpartition("/")
    return folder, name
