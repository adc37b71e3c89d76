"""Strings: which a file holds, how far each is, and which job holds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from l10nsync.model import JobState, ListedJob, RemoteState, StoredString, StringLocale, StringStage, fold
from l10nsync.providers.replies import LONGEST_TEXT, JsonObject, needed, records, text
from l10nsync.providers.smartling.api import FILE_STRINGS_PAGE, SmartlingApi
from l10nsync.providers.workers import gather

_SEARCHED = 100
"""Strings in one search for jobs: few enough that an answer of 100 jobs is rarely a cut one."""
_EMPTY = frozenset({JobState.CANCELLED, JobState.CLOSED, JobState.DELETED})
"""Jobs that hold nothing any more."""


def strings_of(api: SmartlingApi, uri: str) -> tuple[StoredString, ...]:
    """Return the strings of a file, in its order."""
    return tuple(_stored(row, uri) for row in api.file_string_rows(uri))


def _stored(row: JsonObject, uri: str) -> StoredString:
    keys = (key for key in records(row, "keys") if fold(text(key, "fileUri")) == fold(uri))
    return StoredString(
        hashcode=needed(row, "hashcode"),
        text=text(row, "parsedStringText", LONGEST_TEXT) or text(row, "stringText", LONGEST_TEXT),
        variant=text(row, "stringVariant", LONGEST_TEXT),
        key=next((text(key, "key", LONGEST_TEXT) for key in keys), ""),
    )


def stages(api: SmartlingApi, pairs: frozenset[StringLocale]) -> RemoteState:
    """Return how far each of PAIRS is, and the job that holds it."""
    asked: list[tuple[str, Sequence[str]]] = []
    for locale in sorted({locale for _hashcode, locale in pairs}):
        hashcodes = sorted(code for code, place in pairs if place == locale)
        asked += [(locale, part) for part in _parts(hashcodes, FILE_STRINGS_PAGE)]
    merged: dict[StringLocale, StringStage] = {}
    for answer in gather(lambda some: _stages(api, *some), asked, api.client.threads):
        merged |= answer
    return RemoteState(string_stages=merged, string_jobs=_jobs(api, pairs))


def _stages(api: SmartlingApi, locale: str, hashcodes: Sequence[str]) -> dict[StringLocale, StringStage]:
    saved = api.translated_strings(hashcodes, locale, "pending")
    published = api.translated_strings(hashcodes, locale, "published") if saved else {}
    return {(code, locale): _stage(code, saved, published) for code in hashcodes}


def _stage(code: str, saved: dict[str, bool], published: dict[str, bool]) -> StringStage:
    if published.get(code):
        return StringStage.PUBLISHED
    if saved.get(code):
        return StringStage.TRANSLATED
    return StringStage.IN_TRANSLATION if code in saved else StringStage.NOT_ASKED_FOR


def _jobs(api: SmartlingApi, pairs: frozenset[StringLocale]) -> dict[StringLocale, str]:
    parts = list(_parts(sorted({code for code, _locale in pairs}), _SEARCHED))
    found = gather(api.jobs_with_strings, parts, api.client.threads)
    jobs = {job.uid: job for job in chain.from_iterable(found) if job.status not in _EMPTY}
    ordered = sorted(jobs.values(), key=lambda job: (job.created, job.uid))

    def held(job: ListedJob) -> frozenset[StringLocale]:
        return api.job_pairs(job.uid) & pairs

    names: dict[StringLocale, str] = {}
    for job, content in zip(ordered, gather(held, ordered, api.client.threads), strict=True):
        names |= dict.fromkeys(content, job.name)
    return names


def _parts(hashcodes: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (hashcodes[start : start + size] for start in range(0, len(hashcodes), size))
