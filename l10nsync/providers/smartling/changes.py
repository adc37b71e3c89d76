"""Changes of jobs that are open: what they say of themselves, and what leaves them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from l10nsync.errors import L10nSyncError, ServiceError, SupersededError, TemporaryError
from l10nsync.model import (
    Consent,
    JobContent,
    JobOutcome,
    JobSettings,
    JobUpdate,
    StringLocale,
    StringsOfJob,
    Submission,
)
from l10nsync.model.keys import sent_names
from l10nsync.providers.http import AGAIN
from l10nsync.providers.replies import LONGEST_TEXT, JsonObject, records, text
from l10nsync.providers.smartling.api import SmartlingApi
from l10nsync.providers.smartling.contents import content
from l10nsync.providers.smartling.jobs import wait_for_change
from l10nsync.providers.smartling.pace import PollingPace

_KEPT = ("jobName", *sent_names(JobSettings), "callbackUrl", "callbackMethod")
"""What the service blanks unless it is sent again."""


def update_all(api: SmartlingApi, updates: Iterable[JobUpdate]) -> Iterator[JobOutcome]:
    """Carry out UPDATES; one that is refused does not stop the next."""
    for update in updates:
        outcome = JobOutcome(update.uid, update.name, api.job_page(update.uid))
        try:
            names = _update(api, update)
        except (ServiceError, TemporaryError) as error:
            yield replace(outcome, changed="nothing: its settings are unchanged", error=error)
        else:
            yield replace(outcome, changed=f"{', '.join(names)} set")


def _update(api: SmartlingApi, update: JobUpdate) -> list[str]:
    """Read the job, change it, write it and read it back; return the names of what was changed."""
    before = api.job_record(update.uid)
    fields: dict[str, object] = {name: before[name] for name in _KEPT if before.get(name)}
    fields |= update.fields
    if custom := {**custom_fields(before), **update.custom_fields}:
        fields["customFields"] = [{"fieldUid": uid, "fieldValue": value} for uid, value in custom.items()]
    api.replace_job(update.uid, fields)
    after = api.job_record(update.uid)
    stays = [name for name, value in update.fields.items() if not _says(after, name, value)]
    found = custom_fields(after)
    stays += [uid for uid, value in update.custom_fields.items() if found.get(uid) != value]
    if stays:
        raise ServiceError(
            f'the service took the change of job "{update.name}", but {", ".join(stays)} did not change',
            hint=AGAIN,
        )
    return [*update.fields, *(f"custom field {uid}" for uid in update.custom_fields)]


def custom_fields(job: JsonObject) -> dict[str, str]:
    """Return the custom fields of a job by their uids."""
    found = records(job, "customFields")
    return {text(row, "fieldUid"): text(row, "fieldValue", LONGEST_TEXT) for row in found}


def _says(job: JsonObject, name: str, value: str) -> bool:
    found = text(job, name, LONGEST_TEXT)
    if name != "dueDate":
        return found == value
    try:
        return datetime.fromisoformat(found) == datetime.fromisoformat(value)
    except (ValueError, TypeError):
        return False


def leave_all(
    api: SmartlingApi, submission: Submission, pace: PollingPace, uids: Iterable[str] | None = None
) -> Iterator[JobOutcome]:
    """Take strings out of the jobs that are named for that, or of those of UIDS alone."""
    wanted = None if uids is None else frozenset(uids)
    if submission.consent is None:
        return
    for leaving in submission.leaving:
        if wanted is None or leaving.uid in wanted:
            yield _leave(api, submission.consent, leaving, pace)


def _leave(
    api: SmartlingApi, consent: Callable[[JobContent], Consent], leaving: StringsOfJob, pace: PollingPace
) -> JobOutcome:
    """Take out what was planned, as far as it still fits what the job and the files hold."""
    outcome = JobOutcome(leaving.uid, leaving.name, api.job_page(leaving.uid))
    try:
        found = consent(content(api, leaving.uid, leaving.pairs)).leaving & leaving.pairs
        for locale in sorted({place for _hashcode, place in found}):
            some = sorted(hashcode for hashcode, place in found if place == locale)
            for process in api.remove_strings(leaving.uid, some, locale):
                wait_for_change(api, leaving.uid, process, pace)
        stays = found & api.job_pairs(leaving.uid) if found else frozenset[StringLocale]()
    except (ServiceError, TemporaryError) as error:
        return replace(outcome, changed="not all strings could be taken out", error=error)
    if stays:
        message = f'the service left {_strings(len(stays))} in job "{leaving.name}"'
        failure = ServiceError(message, hint=AGAIN)
        return replace(outcome, changed="not all strings could be taken out", error=failure)
    locales = ", ".join(sorted({place for _hashcode, place in found}))
    return replace(
        outcome,
        changed=f"{_strings(len({hashcode for hashcode, _locale in found}))} taken out ({locales})"
        if found
        else "nothing left to take out",
        taken_out=frozenset(found),
    )


def _strings(number: int) -> str:
    return "1 string" if number == 1 else f"{number} strings"


def not_moved(outcome: JobOutcome, names: str, lacking: Collection[StringLocale]) -> ServiceError:
    """Return that the service left strings in the jobs NAMES, although it took the order to move them."""
    number = len({hashcode for hashcode, _locale in lacking})
    message = f'the service left {_strings(number)} in {names} that belong in job "{outcome.name}"'
    return ServiceError(message, hint=AGAIN)


def take(
    api: SmartlingApi, outcome: JobOutcome, taken: Iterable[StringsOfJob], pace: PollingPace
) -> JobOutcome:
    """Move strings that wait in other jobs into the job of OUTCOME; one that is authorized by now stays.

    That is read back: strings that did not come are an error of the job.
    """
    names: list[str] = []
    moved: set[StringLocale] = set()
    for some in taken:
        if some.uid == outcome.uid:
            continue
        found = content(api, some.uid).waiting & some.pairs
        for locale in sorted({place for _hashcode, place in found}):
            hashcodes = sorted(hashcode for hashcode, place in found if place == locale)
            for process in api.move_strings(outcome.uid, hashcodes, [locale]):
                wait_for_change(api, outcome.uid, process, pace)
        if found:
            names.append(f'"{some.name}"')
            moved |= found
    if not names:
        return outcome
    if lacking := moved - api.job_pairs(outcome.uid):
        return replace(outcome, error=not_moved(outcome, ", ".join(names), lacking))
    number = len({hashcode for hashcode, _locale in moved})
    note = f"{_strings(number)} taken over from {', '.join(names)}, which waited for authorization"
    return replace(outcome, note=outcome.note or note)


@dataclass(frozen=True, slots=True)
class LastLook:
    """What a job holds right before it is authorized."""

    error: L10nSyncError | None = None
    """Why it must not be authorized."""
    waits: bool = True
    """Whether anything in it waits, as far as that is known."""


def settle(api: SmartlingApi, outcome: JobOutcome, submission: Submission, pace: PollingPace) -> LastLook:
    """Look into a job once more, right before it is authorized.

    What an interrupted push left in it, and no source asks for, leaves it now. What somebody else put there
    is not for this push to authorize.
    """
    if submission.consent is None:
        return LastLook()
    held = content(api, outcome.uid)
    found = submission.consent(held)
    if found.refusal:
        error = SupersededError(
            f"it was not authorized: {found.refusal}: somebody else filled it, or a newer push supersedes"
            " this one",
            hint="Push again: the plan shows what it holds; --yes authorizes it unchanged.",
        )
        return LastLook(error)
    waits = bool(held.waiting - found.leaving)
    if not found.leaving:
        return LastLook(waits=waits)
    leaving = StringsOfJob(outcome.uid, outcome.name, found.leaving)
    return LastLook(_leave(api, submission.consent, leaving, pace).error, waits)
