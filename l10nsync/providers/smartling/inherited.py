"""Strings that another job took first.

A string is in one job at most. A file whose strings came with another file of its namespace, such as that of
a branch which is merged now, finds them taken; and while nobody authorizes that job, nobody translates them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from l10nsync.model import JobOutcome, ListedJob, LocaleCounts, StringLocale, Upload
from l10nsync.providers.smartling.api import AWAITING, SmartlingApi
from l10nsync.providers.smartling.changes import not_moved
from l10nsync.providers.smartling.jobs import wait_for_change
from l10nsync.providers.smartling.pace import PollingPace
from l10nsync.providers.workers import gather


def take_over(
    api: SmartlingApi, outcome: JobOutcome, uploads: Sequence[Upload], added: int, pace: PollingPace
) -> JobOutcome:
    """Move strings of UPLOADS into the job of OUTCOME from jobs that wait for authorization.

    ADDED is how many the service has put there already, counted once for each locale. What another job has
    under way stays there.
    """
    if _unauthorized(api, uploads) <= added:
        return outcome
    waiting = [job for job in api.open_jobs() if job.status == AWAITING and job.uid != outcome.uid]
    wanted = _locales_of_strings(api, uploads) if waiting else {}
    held = gather(lambda job: api.job_strings(job.uid) & wanted.keys(), waiting, api.client.threads)
    found = frozenset[str]().union(*held)
    if not found:
        return outcome
    moving = {hashcode: wanted[hashcode] for hashcode in found}
    _move(api, outcome.uid, moving, pace)
    givers = [job for job, some in zip(waiting, held, strict=True) if some]
    names = ", ".join(f'"{job.name}"' for job in givers)
    if stays := _still_held(api, givers, moving):
        return replace(outcome, error=not_moved(outcome, names, stays))
    return replace(outcome, note=outcome.note or _taken_over(len(found), names))


def _taken_over(number: int, names: str) -> str:
    strings = "1 string" if number == 1 else f"{number} strings"
    return f"{strings} taken over from {names}, which waited for authorization"


def _still_held(
    api: SmartlingApi, givers: Sequence[ListedJob], wanted: Mapping[str, tuple[str, ...]]
) -> set[StringLocale]:
    """Return what GIVERS still hold of strings that were to leave them; WANTED is hashcode to locales."""
    left = gather(lambda job: api.job_pairs(job.uid), givers, api.client.threads)
    held = frozenset[StringLocale]().union(*left)
    return {(code, locale) for code, locale in held if locale in wanted.get(code, ())}


def _locales_of_strings(api: SmartlingApi, uploads: Sequence[Upload]) -> dict[str, tuple[str, ...]]:
    """Return the hashcode of each string of UPLOADS with the locales that it is sent for."""
    found = gather(lambda upload: api.file_strings(upload.uri), uploads, api.client.threads)
    wanted: dict[str, tuple[str, ...]] = {}
    for upload, hashes in zip(uploads, found, strict=True):
        wanted.update(dict.fromkeys(hashes, upload.locales))
    return wanted


def _move(api: SmartlingApi, uid: str, wanted: Mapping[str, tuple[str, ...]], pace: PollingPace) -> None:
    """Move strings into a job, those of the same locales at once; WANTED is hashcode to locales."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for hashcode, locales in sorted(wanted.items()):
        groups.setdefault(locales, []).append(hashcode)
    for locales, hashes in sorted(groups.items()):
        for process in api.move_strings(uid, hashes, locales):
            wait_for_change(api, uid, process, pace)


def _unauthorized(api: SmartlingApi, uploads: Sequence[Upload]) -> int:
    """Return how many strings of UPLOADS nobody has authorized yet, counted once for each locale."""
    statuses = gather(lambda upload: api.status(upload.uri), uploads, api.client.threads)
    total = 0
    for upload, status in zip(uploads, statuses, strict=True):
        if status:
            known = (_known(status.locales.get(locale)) for locale in upload.locales)
            total += sum(max(0, status.total_strings - strings) for strings in known)
    return total


def _known(counts: LocaleCounts | None) -> int:
    """Return how many strings of a file have left the state of not being asked for."""
    return counts.authorized_strings + counts.completed_strings + counts.excluded_strings if counts else 0
