"""Deleting files, and ending the jobs that are empty without them.

The service takes a deletion at once and needs minutes for it. Translations stay in its translation memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from l10nsync.errors import L10nSyncError, ServiceError, TemporaryError
from l10nsync.model import JobOutcome, Outcome, OutcomeStatus, Submission, fold
from l10nsync.providers.smartling.api import Api, is_absent
from l10nsync.providers.smartling.jobs import Pace, cancel, outcome_of, settled

_CLOSED = frozenset({"CLOSED"})
CHUNK = 200
"""Strings asked about at once."""


def delete_all(api: Api, submission: Submission, pace: Pace) -> Iterator[Outcome | JobOutcome]:
    """Delete the files of SUBMISSION, one by one up to the first that fails; then look at the jobs."""
    deleted: list[str] = []
    failure: L10nSyncError | None = None
    for uri in submission.deletions:
        yield Outcome(uri, "sending")
        try:
            _delete(api, uri)
        except (ServiceError, TemporaryError) as error:
            failure = error
            yield Outcome(uri, "failed", error)
            break
        deleted.append(uri)
    for uri in submission.deletions[len(deleted) + 1 :]:
        yield Outcome(uri, "failed", ServiceError(f"{uri}: not tried after the failure of another file"))
    if submission.wait == "processed":
        _wait(api, deleted, pace)
    final: OutcomeStatus = "done" if submission.wait == "processed" else "accepted"
    yield from (Outcome(uri, final) for uri in deleted)
    if failure is None and submission.wait == "processed":
        yield from (_end(api, uid, pace) for uid in submission.ending)


def _delete(api: Api, uri: str) -> None:
    try:
        api.delete(uri)
    except ServiceError as error:
        if not is_absent(error.reply):
            raise


def _wait(api: Api, uris: Iterable[str], pace: Pace) -> None:
    """Wait until the list of files shows none of URIS."""
    left = set(map(fold, uris))
    look = 0
    while left and (left := left & api.list_files().keys()):
        api.client.pause(pace.wait(look))
        look += 1


def is_used(api: Api, uid: str) -> bool:
    """Return whether any file holds a string of a job."""
    strings = sorted(api.job_strings(uid))
    return any(api.in_files(strings[at : at + CHUNK]) for at in range(0, len(strings), CHUNK))


def _end(api: Api, uid: str, pace: Pace) -> JobOutcome:
    """Cancel or close a job, unless a file still holds one of its strings."""
    job = api.job(uid)
    outcome = outcome_of(job)
    try:
        if is_used(api, uid):
            return replace(outcome, note="left as it is: other files hold its strings")
        if job.status == "COMPLETED":
            api.close_job(uid)
            status = settled(api, uid, _CLOSED, pace)
            said = f"the service accepted that job {uid} is closed, but it is {status}"
            return (
                replace(outcome, closed=True)
                if status in _CLOSED
                else replace(outcome, error=ServiceError(said))
            )
        cancel(api, uid, "its branch is merged or gone", pace)
    except ServiceError as error:
        return replace(outcome, error=error)
    return replace(outcome, cancelled=True)
