"""What is in a job, string by string: which files hold it, and whether it is authorized."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from itertools import chain

from l10nsync.model import HeldString, JobContent, StringLocale
from l10nsync.providers.smartling.api import FILE_STRINGS_PAGE, SmartlingApi, absent_as_none
from l10nsync.providers.smartling.jobs import progress
from l10nsync.providers.workers import gather


def content(api: SmartlingApi, uid: str, waited: frozenset[StringLocale] = frozenset()) -> JobContent:
    """Return the strings of a job; a job that is gone has none. WAITED were not authorized a moment ago."""
    pairs = absent_as_none(lambda: api.job_pairs(uid))
    if not pairs:
        return JobContent()
    parts = list(_parts(sorted({hashcode for hashcode, _locale in pairs})))
    found = gather(api.source_strings, parts, api.client.threads)
    active = dict(chain.from_iterable(strings.items() for strings in found))
    strings = {hashcode: active.get(hashcode, HeldString()) for hashcode, _locale in pairs}
    counts = {progress_row.locale: progress_row.unauthorized_strings for progress_row in progress(api, uid)}
    waiting: set[StringLocale] = set()
    for locale in sorted({locale for _hashcode, locale in pairs}):
        mine = {hashcode for hashcode, place in pairs if place == locale}
        before = {hashcode for hashcode, place in waited if place == locale}
        found_waiting = _waiting(api, mine, active.keys(), locale, counts.get(locale, 0), before)
        waiting |= {(hashcode, locale) for hashcode in found_waiting}
    return JobContent(strings, frozenset(waiting), frozenset(pairs - waiting))


def _waiting(
    api: SmartlingApi, mine: set[str], active: Container[str], locale: str, number: int, before: set[str]
) -> set[str]:
    """Return those of a job's strings in LOCALE that nobody has authorized: NUMBER of them.

    Mostly the number alone shows it. Else the service reports it for each string of a file. Of the others it
    reports nothing: all of them wait, or those that did BEFORE, if that makes up the number; in doubt they
    count as under way.
    """
    if number in {0, len(mine)}:
        return mine if number else set()
    held = {hashcode for hashcode in mine if hashcode in active}
    found = gather(
        lambda some: api.authorized_strings(some, locale), list(_parts(sorted(held))), api.client.threads
    )
    waiting = held - frozenset[str]().union(*found)
    lost = mine - held
    guesses = (lost, lost & before)
    return next((waiting | guess for guess in guesses if number == len(waiting) + len(guess)), waiting)


def _parts(hashcodes: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(hashcodes), FILE_STRINGS_PAGE):
        yield hashcodes[start : start + FILE_STRINGS_PAGE]
