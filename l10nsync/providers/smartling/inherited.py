"""Strings that another job took first.

A string is in one job at most. A file whose strings came with another file of its namespace, such as that of
a branch which is merged now, finds them taken; and while nobody authorizes that job, nobody translates them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from l10nsync.model import JobOutcome, LocaleCounts, Upload
from l10nsync.providers.smartling.api import AWAITING, Api
from l10nsync.providers.smartling.jobs import Pace, wait_for_change
from l10nsync.providers.workers import gather


def take_over(api: Api, outcome: JobOutcome, uploads: Sequence[Upload], added: int, pace: Pace) -> JobOutcome:
    """Move strings of UPLOADS into the job of OUTCOME from jobs that wait for authorization.

    ADDED is how many the service has put there already, counted once for each locale. What another job has
    under way stays there.
    """
    if _unauthorized(api, uploads) <= added:
        return outcome
    waiting = [each for each in api.open_jobs() if each.status == AWAITING and each.uid != outcome.uid]
    if not waiting:
        return outcome
    wanted: dict[str, tuple[str, ...]] = {}
    found = gather(lambda each: api.file_strings(each.uri), uploads, api.client.threads)
    for upload, hashes in zip(uploads, found, strict=True):
        wanted.update(dict.fromkeys(hashes, upload.locales))
    held = gather(lambda job: api.job_strings(job.uid) & wanted.keys(), waiting, api.client.threads)
    moved: dict[tuple[str, ...], set[str]] = {}
    for each in frozenset().union(*held):
        moved.setdefault(wanted[each], set()).add(each)
    for locales, some in sorted(moved.items()):
        for process in api.move_strings(outcome.uid, sorted(some), locales):
            wait_for_change(api, outcome.uid, process, pace)
    names = [f'"{job.name}"' for job, each in zip(waiting, held, strict=True) if each]
    if not names:
        return outcome
    number = sum(len(each) for each in moved.values())
    strings = "1 string" if number == 1 else f"{number} strings"
    note = f"{strings} taken over from {', '.join(names)}, which waited for authorization"
    return replace(outcome, note=outcome.note or note)


def _unauthorized(api: Api, uploads: Sequence[Upload]) -> int:
    """Return how many strings of UPLOADS nobody has authorized yet, counted once for each locale."""
    statuses = gather(lambda each: api.status(each.uri), uploads, api.client.threads)
    return sum(
        max(0, status.total_strings - _known(status.locales.get(locale)))
        for upload, status in zip(uploads, statuses, strict=True)
        if status
        for locale in upload.locales
    )


def _known(counts: LocaleCounts | None) -> int:
    """Return how many strings of a file have left the state of not being asked for."""
    return counts.authorized_strings + counts.completed_strings + counts.excluded_strings if counts else 0
