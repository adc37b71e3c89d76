"""Filling a translation job: one job, one batch at a time, every file confirmed by reading it back.

Nothing that this package does depends on what an earlier run remembers: job and batches are found by
what the service shows, so a run that was killed anywhere is taken up by the next one. A push goes from
`job` (which one takes the files) through `filling` (with `batch` and `arrival`) to `authorization`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from l10nsync.model import ImportOutcome, JobOutcome, ListedJob, Outcome, Submission, fold
from l10nsync.providers.smartling import changes, jobs
from l10nsync.providers.smartling.api import SmartlingApi
from l10nsync.providers.smartling.imports import import_all
from l10nsync.providers.smartling.pace import PollingPace
from l10nsync.providers.smartling.submit import authorization
from l10nsync.providers.smartling.submit.arrival import ArrivalCheck
from l10nsync.providers.smartling.submit.filling import Filling
from l10nsync.providers.smartling.submit.job import JOB_TRIES, JobSearch, JobShare
from l10nsync.providers.smartling.submit.pushed import JobLostError, PushedJob, SentFile


def submit(
    api: SmartlingApi,
    submission: Submission,
    pace: PollingPace | None = None,
    seen: str = "",
    listed: Sequence[ListedJob] | None = None,
) -> Iterator[Outcome | JobOutcome | ImportOutcome]:
    """Carry out SUBMISSION; see `Provider.submit`.

    SEEN is the `lastUploaded` of the newest file when the submission was planned: what was uploaded since
    precedes it in the list. LISTED is what there was of jobs of the name then, if that was looked for: a
    job that is gone by now, or a name that is taken, is found out where it is used.
    """
    patience = pace or PollingPace()
    if submission.actions:
        yield from jobs.act(api, submission.actions, patience)
        return
    if submission.imports:
        yield from import_all(api, submission.imports)
        return
    yield from changes.update_all(api, submission.updates)
    if not submission.uploads:
        yield from authorization.without_uploads(api, submission, patience)
        return
    used_jobs: set[str] = set()
    left = list(submission.uploads)
    lost = 0
    while left:
        place = JobSearch(api, submission, left, listed).usable(used_jobs)
        listed = None  # the list that the plan has read is good once: filling a job changes it
        used_jobs.add(place.job.uid)
        try:
            yield from _filled(PushedJob(api, submission, place, patience, _files(place)), seen)
        except JobLostError as error:
            lost += 1
            if lost == JOB_TRIES:
                raise error.refusal from error
            continue  # its files go into another job
        sent = {fold(upload.uri) for upload in place.share}
        left = [upload for upload in left if fold(upload.uri) not in sent]
    others = {strings.uid for strings in submission.leaving} - used_jobs
    yield from changes.leave_all(api, submission, patience, others)


def _files(place: JobShare) -> dict[str, SentFile]:
    """Return the uploads that the job takes, by their keys; none is sent yet."""
    made = (SentFile(upload, upload.last_uploaded) for upload in place.share)
    return {file.key: file for file in made}


def _filled(pushed: PushedJob, seen: str) -> Iterator[Outcome | JobOutcome]:
    """Fill one job and end it; SEEN as `submit` has it."""
    yield from Filling(pushed, ArrivalCheck(pushed, seen)).run()
    yield from authorization.end(pushed)
