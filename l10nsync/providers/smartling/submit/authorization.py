"""The end of a push: what must leave the filled job leaves it, then it is authorized where that is due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from l10nsync.errors import ServiceError
from l10nsync.model import JobOutcome, ListedJob, Submission
from l10nsync.providers.smartling import changes, jobs
from l10nsync.providers.smartling.api import SmartlingApi, is_absent
from l10nsync.providers.smartling.inherited import take_over
from l10nsync.providers.smartling.pace import PollingPace
from l10nsync.providers.smartling.submit.arrival import replaced_since
from l10nsync.providers.smartling.submit.batch import wait_for_end
from l10nsync.providers.smartling.submit.job import JobSearch, locales_of, locales_taken, open_jobs_of
from l10nsync.providers.smartling.submit.pushed import PushedJob, superseded


def end(pushed: PushedJob) -> Iterator[JobOutcome]:
    """Take out of the filled job what nobody asks for any more, then authorize it, as far as that is due.

    Raise `JobLostError` for a job that is gone.
    """
    try:
        yield from _leave(pushed)
        yield _end(pushed)
    except ServiceError as error:
        if is_absent(error.reply):  # another push has removed it as empty: the files go into another job
            pushed.require_job(error)
        raise


def _leave(pushed: PushedJob) -> Iterator[JobOutcome]:
    """Take out of the job what nobody asks for any more, once every file shows what it holds now."""
    if not pushed.confirms or pushed.failed:
        return
    for outcome in changes.leave_all(pushed.api, pushed.submission, pushed.pace, [pushed.place.job.uid]):
        pushed.stuck = pushed.stuck or outcome.error is not None
        yield outcome


def _end(pushed: PushedJob) -> JobOutcome:
    request = pushed.submission.job
    outcome = replace(jobs.outcome_of(pushed.place.job, created=pushed.place.created), note=pushed.note)
    will_authorize = request.authorize and not pushed.note and not pushed.superseded
    if pushed.confirms and will_authorize:
        outcome = _take_over(pushed, outcome)
    if _is_left_empty(pushed):
        some = next(iter(pushed.files.values()))
        outcome = jobs.removed_if_empty(pushed.api, outcome, pushed.pace, some.upload.uri)
    if _is_over(outcome) or not request.authorize:
        return outcome
    if pushed.confirms and pushed.note and not pushed.superseded and not pushed.stuck:
        raise ServiceError(f"not authorized: {pushed.note}")
    if why := _held_back(pushed):
        return replace(outcome, note=f"not authorized: {why}")
    return _authorized(pushed, outcome)


def _is_over(outcome: JobOutcome) -> bool:
    """Whether nothing more is done with a job, whether it was to be authorized or not."""
    return bool(outcome.error) or outcome.removed or outcome.note == jobs.BUSY


def _take_over(pushed: PushedJob, outcome: JobOutcome) -> JobOutcome:
    """Take strings of our files from jobs that nobody authorizes, where ours got fewer than expected."""
    outcome = changes.take(pushed.api, outcome, pushed.submission.taken, pushed.pace)
    if outcome.error:
        return outcome
    short = [file for file in pushed.files.values() if file.strings < file.upload.expected]
    if not short or pushed.failed:
        return outcome
    uploads = [file.upload for file in short]
    return take_over(pushed.api, outcome, uploads, sum(file.strings for file in short), pushed.pace)


def _is_left_empty(pushed: PushedJob) -> bool:
    """Whether we created the job and it got nothing.

    After another push was faster the job stays, even if it is empty: that push may be about to fill it.
    """
    return pushed.confirms and pushed.place.created and not pushed.superseded and not pushed.has_strings


def _held_back(pushed: PushedJob) -> str:
    """Return why the job must not be authorized; empty if it may be."""
    if pushed.superseded:
        return "another push was faster"
    if pushed.stuck:
        return "not all strings could be taken out"
    if not pushed.confirms:
        return "the uploads were accepted, but not confirmed"
    if pushed.failed:
        return "not every file arrived"
    if not any(file.final and file.final.status == "done" for file in pushed.files.values()):
        return "no file has strings to translate"
    return ""


def _authorized(pushed: PushedJob, outcome: JobOutcome) -> JobOutcome:
    """Authorize the job, if it is within its limits and ours is still the newest commit."""
    request = pushed.submission.job
    workflows = jobs.workflows_for(
        request, {*pushed.place.job.locales, *locales_of(file.upload for file in pushed.files.values())}
    )
    outcome = jobs.within_limits(pushed.api, outcome, request, workflows)
    if outcome.error:
        return outcome
    look = changes.LastLook()
    if not pushed.place.created:
        look = changes.settle(pushed.api, outcome, pushed.submission, pushed.pace)
    if look.error:
        return replace(outcome, error=look.error)
    if moved := pushed.submission.fence.moved():
        return replace(outcome, error=superseded(f"{moved}: the job was not authorized"))
    if request.rush:
        return _rush(pushed, outcome, workflows)
    try:
        return _checked(pushed, jobs.authorize(pushed.api, outcome, workflows, pushed.pace, waits=look.waits))
    except ServiceError as error:
        pushed.require_job(error)
        # What is in it now may have come since, from another push, which authorizes it.
        if (pushed.has_strings or look.waits) and pushed.api.holds_strings(outcome.uid):
            raise
        return replace(outcome, note="not authorized: there is nothing in it to translate")


def _checked(pushed: PushedJob, outcome: JobOutcome) -> JobOutcome:
    """Return OUTCOME, with an error if whoever has filled the job since has replaced a content of ours."""
    if outcome.note != jobs.REFILLED:
        return outcome
    replaced = replaced_since(pushed)
    if not replaced:
        return outcome
    return replace(outcome, error=superseded(f"another push has sent other content of {replaced[0]} since"))


def _rush(pushed: PushedJob, outcome: JobOutcome, workflows: Mapping[str, str]) -> JobOutcome:
    """Authorize with rush delivery, which the service takes from a batch only: send one file again."""
    done = (file for file in pushed.files.values() if file.final and file.final.status == "done")
    again = min(done, key=lambda file: len(file.upload.content)).upload
    uid = pushed.api.create_batch(outcome.uid, [again.uri], workflows)
    pushed.api.upload(uid, again, pushed.submission.callback_url)
    wait_for_end(pushed.api, uid, pushed.pace, rush=True)
    if pushed.api.job(outcome.uid).status in jobs.AUTHORIZED:
        return replace(outcome, authorized=True)
    return replace(outcome, error=ServiceError(f'the batch did not authorize the job "{outcome.name}"'))


def without_uploads(api: SmartlingApi, submission: Submission, pace: PollingPace) -> Iterator[JobOutcome]:
    """Take out what nobody asks for; authorize every open job of the name, with what waits elsewhere."""
    stuck: set[str] = set()
    for outcome in changes.leave_all(api, submission, pace):
        stuck |= {outcome.uid} if outcome.error else set()
        yield outcome
    request = submission.job
    if not request.authorize:
        return
    place = JobSearch(api, submission, []).usable(set()) if submission.taken else None
    opened = open_jobs_of(api, request, place)
    if not opened:
        raise ServiceError(f"there is no open job {request.name!r} to authorize")
    for job in opened:
        for uid in api.open_batches(job.uid):
            wait_for_end(api, uid, pace, rush=request.rush)
        takes = place is not None and place.job.uid == job.uid
        outcome = jobs.outcome_of(job, created=bool(takes and place and place.created))
        if job.uid in stuck:
            yield replace(outcome, note="not authorized: not all strings could be taken out")
            continue
        if takes:
            outcome = changes.take(api, outcome, submission.taken, pace)
            if outcome.error:
                yield outcome
                continue
        yield _authorize_found(api, submission, job, outcome, pace)


def _authorize_found(
    api: SmartlingApi, submission: Submission, job: ListedJob, outcome: JobOutcome, pace: PollingPace
) -> JobOutcome:
    """Authorize a job as it is, if it is within its limits and nothing else is in it."""
    request = submission.job
    if moved := submission.fence.moved():
        return replace(outcome, error=superseded(f"{moved}: the job was not authorized"))
    if not api.holds_strings(job.uid):
        return replace(outcome, note="not authorized: there is nothing in it to translate")
    look = changes.settle(api, outcome, submission, pace)
    if look.error:
        return replace(outcome, error=look.error)
    workflows = jobs.workflows_for(request, {*job.locales, *locales_taken(submission)})
    outcome = jobs.within_limits(api, outcome, request, workflows)
    if outcome.error:
        return outcome
    note = "authorized without rush delivery, which goes with uploads only" if request.rush else outcome.note
    return replace(jobs.authorize(api, outcome, workflows, pace, waits=look.waits), note=note)
