"""What is done with a job that is there: looked at, estimated, authorized, cancelled, removed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from l10nsync.errors import L10nSyncError, RefusedError, ServiceError, TemporaryError
from l10nsync.model import (
    JobAction,
    JobDetails,
    JobOutcome,
    JobRequest,
    JobState,
    ListedJob,
    LocaleProgress,
)
from l10nsync.providers.replies import JsonObject, count, moment, needed, record, records
from l10nsync.providers.smartling import costs
from l10nsync.providers.smartling.api import SmartlingApi, is_absent
from l10nsync.providers.smartling.pace import PollingPace

BUSY = "nothing of this push is in it, and another push is filling it"
REFILLED = "another push has filled it since, and what that has sent waits for authorization"
_EMPTY = "nothing in it to translate"
AUTHORIZED = frozenset({JobState.IN_PROGRESS, JobState.COMPLETED})
CANCELLED = frozenset({JobState.CANCELLED, JobState.DELETED})
CONFIRMING_LOOKS = 4
"""How often a job's state is read until it shows what the service has accepted."""


def outcome_of(job: ListedJob, *, created: bool = False) -> JobOutcome:
    """Return the outcome of a job to which nothing has been done."""
    return JobOutcome(uid=job.uid, name=job.name, url=job.url, created=created)


def act(api: SmartlingApi, actions: tuple[JobAction, ...], pace: PollingPace) -> Iterator[JobOutcome]:
    """Carry out ACTIONS one by one; one that is refused does not stop the next."""
    for action in actions:
        outcome = outcome_of(api.job(action.uid))
        try:
            if action.verb == "authorize":
                yield authorize(api, outcome, action.locale_workflows, pace)
            else:
                cancel(api, action.uid, action.reason, pace)
                yield replace(outcome, cancelled=True)
        except ServiceError as error:
            yield replace(outcome, error=error)


def authorize(
    api: SmartlingApi,
    outcome: JobOutcome,
    workflows: Mapping[str, str],
    pace: PollingPace,
    *,
    waits: bool = True,
) -> JobOutcome:
    """Authorize a job, and read that back; a refusal is not an error if the job is already authorized.

    WAITS is whether anything in it may still wait.
    """
    try:
        api.authorize(outcome.uid, workflows)
    except ServiceError as error:
        if error.reply.status != 400:
            raise
        status = api.job(outcome.uid).status
        if status in AUTHORIZED:
            return _authorized_already(api, outcome) if waits else replace(outcome, authorized=True)
        reason = error.reply.message or f"the job is {status}"
        raise ServiceError(f"not authorized: {reason}", error.reply) from error
    status = settled(api, outcome.uid, AUTHORIZED, pace)
    if status in AUTHORIZED:
        return replace(outcome, authorized=True)
    if _was_authorized_meanwhile(api, outcome.uid):
        return replace(outcome, authorized=True, note=REFILLED)
    reason = f'the service accepted the authorization of job "{outcome.name}", but the job is {status}'
    return replace(outcome, error=ServiceError(reason, hint="Run the same command again to authorize it."))


def _was_authorized_meanwhile(api: SmartlingApi, uid: str) -> bool:
    """Whether a job that waits for authorization has got one since this run began.

    What another push brings into an authorized job waits again, and the whole job with it.
    """
    authorized = moment(api.job_record(uid), "lastAuthorizedDate")
    return bool(authorized) and "" < api.client.server_time <= authorized


def _authorized_already(api: SmartlingApi, outcome: JobOutcome) -> JobOutcome:
    """Return OUTCOME of a job in translation, in which the service authorizes nothing more."""
    left = sum(locale.unauthorized_strings for locale in progress(api, outcome.uid))
    if not left:
        return replace(outcome, authorized=True)
    wait = "1 string × locale waits" if left == 1 else f"{left} strings × locales wait"
    message = f'job "{outcome.name}" is in translation, and the service authorizes nothing more in it: {wait}'
    hint = "Authorize them in the dashboard; with --job NAME, later pushes use another job."
    return replace(outcome, error=ServiceError(message, hint=hint))


def settled(api: SmartlingApi, uid: str, wanted: frozenset[JobState], pace: PollingPace) -> JobState:
    """Return the state of a job once it is one of WANTED, or after a few looks the one that it has."""
    for look in range(CONFIRMING_LOOKS):
        status = api.job(uid).status
        if status in wanted:
            break
        if look + 1 < CONFIRMING_LOOKS:
            api.client.pause(pace.wait(look))
    return status


def workflows_for(request: JobRequest, locales: set[str]) -> Mapping[str, str]:
    """Return the workflows of REQUEST for those of LOCALES that it names."""
    return {locale: uid for locale, uid in request.locale_workflows.items() if locale in locales}


def within_limits(
    api: SmartlingApi, outcome: JobOutcome, request: JobRequest, workflows: Mapping[str, str]
) -> JobOutcome:
    """Return OUTCOME, with what the job will cost if REQUEST limits that; too much is an error of it.

    The service's own count of words is asked: a job may hold more than this run has sent.
    """
    if request.max_words is not None:
        words = sum(progress_row.unauthorized_words for progress_row in progress(api, outcome.uid))
        if words > request.max_words:
            return replace(outcome, error=_too_many_words(outcome, words, request.max_words))
    if not request.max_cost:
        return outcome
    try:
        outcome = replace(outcome, cost=costs.cost(api, outcome.uid, PollingPace(), workflows))
    except (ServiceError, TemporaryError) as error:
        return replace(outcome, error=_unknown_cost(outcome, error))
    return replace(outcome, error=over_budget(outcome, request.max_cost))


def _too_many_words(outcome: JobOutcome, words: int, limit: int) -> RefusedError:
    return RefusedError(
        f'job "{outcome.name}" would authorize {words} words × locales, more than `maxWords: {limit}`;'
        " it was not authorized",
        hint=f"To override, run `l10nsync job authorize {outcome.uid} --yes`.",
    )


def over_budget(outcome: JobOutcome, limit: str) -> RefusedError | None:
    """Return why a job of known cost must not be authorized; None if it may."""
    if outcome.cost is None or not outcome.cost.exceeds(limit):
        return None
    return RefusedError(
        f'job "{outcome.name}" would cost {outcome.cost}, more than `maxCost: {limit}`; it was not'
        " authorized",
        hint=f"To override, run `l10nsync job authorize {outcome.uid} --yes`.",
    )


def _unknown_cost(outcome: JobOutcome, error: L10nSyncError) -> RefusedError:
    return RefusedError(
        f'the cost of job "{outcome.name}" is not known ({error}), and `maxCost` is set;'
        " it was not authorized",
        hint=f"To override, run `l10nsync job authorize {outcome.uid} --yes`.",
    )


def cancel(api: SmartlingApi, uid: str, reason: str, pace: PollingPace) -> None:
    """Cancel a job, and read that back; no error if it is cancelled already."""
    _cancel(api, uid, reason, pace)
    status = settled(api, uid, CANCELLED, pace)
    if status not in CANCELLED:
        raise ServiceError(
            f"the service accepted the cancellation of job {uid}, but the job is {status}",
            hint="Run the same command again.",
        )


def _cancel(api: SmartlingApi, uid: str, reason: str, pace: PollingPace) -> None:
    try:
        process = api.cancel_job(uid, reason)
    except ServiceError as error:
        if error.reply.status != 400 or api.job(uid).status is not JobState.CANCELLED:
            raise
        return
    if process:
        wait_for_change(api, uid, process, pace)


def wait_for_change(api: SmartlingApi, uid: str, process: str, pace: PollingPace) -> None:
    """Wait until a change of a job has happened; raise `ServiceError` if the service gives it up."""
    look = 0
    while (state := api.process_state(uid, process)) != "COMPLETED":
        if state == "FAILED":
            raise ServiceError(f"the service could not change the job {uid}")
        api.client.pause(pace.wait(look))
        look += 1


def remove(api: SmartlingApi, uid: str, reason: str, pace: PollingPace) -> None:
    """Cancel and delete a job."""
    _cancel(api, uid, reason, pace)
    delete(api, uid)


def delete(api: SmartlingApi, uid: str) -> None:
    """Delete a cancelled job; no error if it is gone already."""
    try:
        api.delete_job(uid)
    except ServiceError as error:
        if not is_absent(error.reply):
            raise


def removed_if_empty(api: SmartlingApi, outcome: JobOutcome, pace: PollingPace, uri: str) -> JobOutcome:
    """Remove the job of OUTCOME, which this run has made, if no string is in it, and nobody is filling it.

    A job takes one batch at a time: an open one of ours, for the file URI, keeps other pushes out meanwhile.
    """
    if api.holds_strings(outcome.uid):
        return outcome
    try:
        batch = api.create_batch(outcome.uid, [uri])
    except (ServiceError, TemporaryError):
        return replace(outcome, note=BUSY)
    # An empty job does no harm: if the service will not delete it, the push has not failed.
    with suppress(ServiceError):
        try:
            if api.holds_strings(outcome.uid):
                return outcome
            _cancel(api, outcome.uid, _EMPTY, pace)  # only a cancelled job can be deleted: that confirms it
        finally:
            with suppress(ServiceError):
                api.cancel_file(batch, uri, _EMPTY)
        delete(api, outcome.uid)
        return replace(outcome, removed=True)
    return outcome


# --- looking ------------------------------------------------------------------------------------------


def details(api: SmartlingApi, uid: str) -> JobDetails | None:
    """Return a job's files and progress; None if there is no such job."""
    try:
        return content(api, api.job(uid))
    except ServiceError as error:
        if is_absent(error.reply):
            return None
        raise


def content(api: SmartlingApi, job: ListedJob) -> JobDetails:
    """Return the files and the progress of a job."""
    files = api.job_files(job.uid)
    shown = api.progress(job.uid)
    overall = record(shown, "progress")
    return JobDetails(
        job=job,
        files=files,
        percent=count(overall, "percentComplete") if overall else None,
        words=count(overall, "totalWordCount"),
        progress=_locales(shown),
    )


def progress(api: SmartlingApi, uid: str) -> tuple[LocaleProgress, ...]:
    """Return how far a job is in each locale."""
    return _locales(api.progress(uid))


def _locales(shown: JsonObject) -> tuple[LocaleProgress, ...]:
    return tuple(_locale(record) for record in records(shown, "contentProgressReport"))


def _locale(row: JsonObject) -> LocaleProgress:
    overall = record(row, "progress")
    # The API's description misspells the field, its example does not.
    misspelt = not row.get("unauthorizedProgressReport")
    waiting = record(row, "unuathorizedProgressReport" if misspelt else "unauthorizedProgressReport")
    return LocaleProgress(
        locale=needed(row, "targetLocaleId"),
        percent=count(overall, "percentComplete"),
        words=count(overall, "totalWordCount"),
        unauthorized_words=count(waiting, "wordCount"),
        unauthorized_strings=count(waiting, "stringCount"),
    )


# --- what it costs ------------------------------------------------------------------------------------
