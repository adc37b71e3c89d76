"""The job that takes a push: found by its name and its room, or created.

Jobs of one name are numbered from 2 on, because a job holds so many files at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from l10nsync.errors import L10nSyncError, ServiceError, ServiceReply, TemporaryError
from l10nsync.model import JOB_NAME_LIMIT, JobRequest, ListedJob, Submission, Upload, fold
from l10nsync.model.keys import sent_texts
from l10nsync.providers.http import AGAIN, Unanswered
from l10nsync.providers.smartling.api import OPEN_JOB, SmartlingApi

JOB_FILES = 5000
"""Files that one job holds at most."""
JOB_TRIES = 5
"""How often the job is looked for when its creation is not answered or its name was just taken."""
KEPT_END = 12
"""Characters kept at the end of a name that is cut: it may end with a digest."""


@dataclass(frozen=True, slots=True)
class JobShare:
    """A job, and the uploads that it takes."""

    job: ListedJob
    created: bool
    share: list[Upload]


@dataclass(frozen=True, slots=True)
class JobSearch:
    """Looks for the job that takes UPLOADS, by its name alone."""

    api: SmartlingApi
    submission: Submission
    uploads: list[Upload]
    listed: Sequence[ListedJob] | None = None
    """The jobs of the name, as they were a moment ago; None: they are asked for."""

    @property
    def request(self) -> JobRequest:
        """What the job is to be called and to hold."""
        return self.submission.job

    def usable(self, taken: set[str]) -> JobShare:
        """Return the first open job of the name that has room, or a new one; not one of TAKEN."""
        error: L10nSyncError | None = None
        listed = self.listed
        for _ in range(JOB_TRIES):
            if listed is None:
                listed = self.api.jobs_like(searched(self.request.name))
            place, free = self._existing(taken, listed)
            listed = None
            if place:
                return place
            try:
                return JobShare(self._create(free), created=True, share=self.uploads[:JOB_FILES])
            except Unanswered as lost:
                error = lost
            except ServiceError as refused:
                if not _is_name_taken(refused.reply):
                    raise
                error = refused
        raise TemporaryError(f"no job could be found or created: {error}", hint=AGAIN) from error

    def _existing(self, taken: set[str], listed: Iterable[ListedJob]) -> tuple[JobShare | None, str]:
        """Return a place in one of LISTED, or else the first free name."""
        named = _by_name(listed)
        number = 1
        while found := named.get(numbered(self.request.name, number)):
            opened = next((job for job in found if job.status in OPEN_JOB and job.uid not in taken), None)
            share = self._share(opened, several=numbered(self.request.name, 2) in named) if opened else []
            if opened and (share or not self.uploads):
                return JobShare(opened, created=False, share=share), ""
            number += 1
        return None, numbered(self.request.name, number)

    def _share(self, job: ListedJob, *, several: bool) -> list[Upload]:
        """Return the uploads that a job has room for: those it holds already, and as many more as fit."""
        # A small push does not pay a request to learn that the only job of its name is not full.
        is_small = len(self.uploads) <= JOB_FILES // 10
        if is_small and not several:
            return self.uploads
        held = set(map(fold, self.api.job_files(job.uid)))
        mine = [upload for upload in self.uploads if fold(upload.uri) in held]
        others = [upload for upload in self.uploads if fold(upload.uri) not in held]
        return mine + others[: max(0, JOB_FILES - len(held))]

    def _create(self, name: str) -> ListedJob:
        locales = dict.fromkeys([*locales_of(self.uploads), *sorted(locales_taken(self.submission))])
        fields: dict[str, object] = {"jobName": name, "targetLocaleIds": list(locales)}
        optional = {
            **sent_texts(self.request),
            "callbackUrl": self.submission.callback_url,
            "callbackMethod": "GET" if self.submission.callback_url else "",
            "customFields": [
                {"fieldUid": uid, "fieldValue": value} for uid, value in self.request.custom_fields.items()
            ],
        }
        fields.update((key, value) for key, value in optional.items() if value)
        return self.api.create_job(fields)


def open_jobs_of(api: SmartlingApi, request: JobRequest, place: JobShare | None) -> list[ListedJob]:
    """Return the open jobs of the name; a job that was made for this is among them."""
    named = _by_name(api.jobs_like(searched(request.name)))
    opened: list[ListedJob] = [place.job] if place else []
    number = 1
    while found := named.get(numbered(request.name, number)):
        known = {job.uid for job in opened}
        opened += [job for job in found if job.status in OPEN_JOB and job.uid not in known]
        number += 1
    return opened


def _by_name(listed: Iterable[ListedJob]) -> dict[str, list[ListedJob]]:
    found: dict[str, list[ListedJob]] = {}
    for job in listed:
        found.setdefault(job.name, []).append(job)
    return found


def numbered(name: str, number: int) -> str:
    """Return the job name with a number from 2 on, cut to what the service takes."""
    suffix = "" if number == 1 else f" {number}"
    room = JOB_NAME_LIMIT - len(suffix)
    if len(name) > room:
        name = name[: room - KEPT_END] + name[-KEPT_END:]
    return name + suffix


def searched(name: str) -> str:
    """Return the longest text that all numbered forms of NAME have in common."""
    return name[: JOB_NAME_LIMIT - KEPT_END - 8].rstrip() if len(name) > JOB_NAME_LIMIT - 8 else name


def locales_of(uploads: Iterable[Upload]) -> tuple[str, ...]:
    """Return all locales of UPLOADS, in the order they first occur."""
    return tuple(dict.fromkeys(chain.from_iterable(upload.locales for upload in uploads)))


def locales_taken(submission: Submission) -> set[str]:
    """Return the locales of the strings that the job takes from other jobs."""
    pairs = chain.from_iterable(strings.pairs for strings in submission.taken)
    return {locale for _hashcode, locale in pairs}


def _is_name_taken(reply: ServiceReply) -> bool:
    return reply.status in {400, 409} and "jobName" in f"{reply.key} {reply.details}"
