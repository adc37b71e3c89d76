"""Deleting files, and ending the jobs that are empty without them.

The service takes a deletion at once and needs minutes for it. Translations stay in its translation memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from l10nsync.errors import L10nSyncError, ServiceError, SupersededError, TemporaryError
from l10nsync.model import Deletion, JobOutcome, JobState, Outcome, OutcomeStatus, Submission, fold
from l10nsync.providers.smartling.api import SmartlingApi, is_absent
from l10nsync.providers.smartling.jobs import cancel, outcome_of, settled
from l10nsync.providers.smartling.pace import PollingPace

_SENT_AGAIN = "somebody sent it again after the list was made: it is kept"
_LIST_AGAIN = "Run the same command without --apply and read the list again."
_CLOSED = frozenset({JobState.CLOSED})
CHUNK = 200
"""Strings asked about at once."""


def delete_all(
    api: SmartlingApi, submission: Submission, pace: PollingPace
) -> Iterator[Outcome | JobOutcome]:
    """Delete the files of SUBMISSION, one by one up to the first that fails; then look at the jobs.

    A deletion cannot be taken back, so each file is looked at once more right before it: one that somebody
    has sent since the list was made stays.
    """
    deleted: list[Deletion] = []
    left = list(submission.deletions)
    failure: L10nSyncError | None = None
    whole = True
    while left and failure is None:
        file = left.pop(0)
        yield Outcome(file.uri, "sending")
        try:
            if _is_new(api, file):
                whole = False
                yield Outcome(file.uri, "failed", SupersededError(_SENT_AGAIN, hint=_LIST_AGAIN))
                continue
            _delete(api, file.uri)
        except (ServiceError, TemporaryError) as error:
            failure = error
            yield Outcome(file.uri, "failed", error)
        else:
            deleted.append(file)
    for deletion in left:
        untried = ServiceError(f"{deletion.uri}: not tried, because another file failed")
        yield Outcome(deletion.uri, "failed", untried)
    if submission.wait == "processed":
        _wait(api, deleted, pace)
    final: OutcomeStatus = "done" if submission.wait == "processed" else "accepted"
    yield from (Outcome(deletion.uri, final) for deletion in deleted)
    if whole and failure is None and submission.wait == "processed":
        yield from (_end(api, uid, pace) for uid in submission.ending)


def _is_new(api: SmartlingApi, file: Deletion) -> bool:
    """Whether the service shows that a file was sent after it was listed; one that is gone is not new."""
    status = api.status(file.uri)
    return status is not None and not _same_moment(status.last_uploaded, file.last_uploaded)


def _same_moment(first: str, second: str) -> bool:
    try:
        return datetime.fromisoformat(first) == datetime.fromisoformat(second)
    except (ValueError, TypeError):
        return first == second


def _delete(api: SmartlingApi, uri: str) -> None:
    try:
        api.delete(uri)
    except ServiceError as error:
        if not is_absent(error.reply):
            raise


def _wait(api: SmartlingApi, deleted: Iterable[Deletion], pace: PollingPace) -> None:
    """Wait until the list of files shows none of what was deleted; a file sent since then is another one."""
    left = {fold(deletion.uri): deletion.last_uploaded for deletion in deleted}
    look = 0
    while left:
        listed = api.list_files()
        left = {
            key: moment
            for key, moment in left.items()
            if key in listed and _same_moment(listed[key].last_uploaded, moment)
        }
        if left:
            api.client.pause(pace.wait(look))
            look += 1


def is_used(api: SmartlingApi, uid: str) -> bool:
    """Return whether any file holds a string of a job."""
    strings = sorted(api.job_strings(uid))
    return any(api.in_files(strings[at : at + CHUNK]) for at in range(0, len(strings), CHUNK))


def _end(api: SmartlingApi, uid: str, pace: PollingPace) -> JobOutcome:
    """Cancel or close a job, unless a file still holds one of its strings."""
    job = api.job(uid)
    outcome = outcome_of(job)
    try:
        if is_used(api, uid):
            return replace(outcome, note="unchanged: other files hold its strings")
        if job.status is JobState.COMPLETED:
            api.close_job(uid)
            status = settled(api, uid, _CLOSED, pace)
            message = f"the service accepted that job {uid} is closed, but it is {status}"
            return (
                replace(outcome, closed=True)
                if status in _CLOSED
                else replace(outcome, error=ServiceError(message))
            )
        cancel(api, uid, "its branch is merged or gone", pace)
    except ServiceError as error:
        return replace(outcome, error=error)
    return replace(outcome, cancelled=True)
