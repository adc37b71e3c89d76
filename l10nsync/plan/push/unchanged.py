"""What a push still has to do about a source whose content the TMS has: directives, locales, what waits."""

from __future__ import annotations

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.model import FileStatus, OpenJob, fold
from l10nsync.plan.counts import counts_of
from l10nsync.plan.push.facts import AWAITING, PushFacts
from l10nsync.plan.push.job_holdings import are_jobs_known, jobs_with, need_waiting_with, waiting_in_jobs
from l10nsync.plan.push.source import Comparison
from l10nsync.plan.values import settings_digest

# --- directives and locales -------------------------------------------------------------------------------


def changed_directives(facts: PushFacts, found: Comparison) -> list[str]:
    """Return the directives that the manifest names otherwise than the file was sent with."""
    source = found.source
    if found.sent:
        return ["settings"] if found.sent.settings != settings_digest(source.directives) else []
    shown = found.status.directives if found.status else {}
    inside = _directives_inside(facts, found)
    ours = sorted(source.directives.items())
    return [name for name, value in ours if name not in inside and shown.get(name) != value]


def _directives_inside(facts: PushFacts, found: Comparison) -> frozenset[str]:
    """Return the directives that the file itself names: they win, so the status shows theirs."""
    source, content = found.source, facts.content(found.blob) or b""
    try:
        document = formats.parse(source.file_type, content, source.directives, source.charset)
    except ContentError:
        return frozenset()
    return frozenset(document.directives if document else ())


def locales_added(facts: PushFacts, found: Comparison) -> tuple[str, ...]:
    """Return the locales that the file was never sent for."""
    asked = locales_asked_for(facts, found)
    return tuple(locale for locale in found.source.locales if locale not in asked)


def locales_asked_for(facts: PushFacts, found: Comparison) -> set[str]:
    """Return the locales that the file was sent for: by the status, or else by an open job."""
    if found.sent:
        return set(found.sent.locales)
    counts = found.status.locales if found.status else {}
    shown = {locale for locale, count in counts.items() if count.asked_for}
    if not found.listed or shown.issuperset(found.source.locales):
        return shown
    key = fold(found.uri)
    for job in jobs_with(facts, found.uri):
        shown.update(*(locales for uri, locales in job.files.items() if fold(uri) == key))
    return shown


# --- what waits for authorization -------------------------------------------------------------------------


def is_authorized(facts: PushFacts, found: Comparison) -> bool:
    """Whether no string of the file waits for authorization in any job."""
    if are_jobs_known(facts):
        return not any(waiting_in_jobs(facts, found.uri, locale) for locale in found.source.locales)
    return not any(job.status == AWAITING for job in _waiting_jobs(facts, found))


def _waiting_jobs(facts: PushFacts, found: Comparison) -> list[OpenJob]:
    """Return the open jobs that may hold strings of an unchanged file which nobody has authorized yet."""
    if not found.listed or not _may_wait(facts, found):
        return []
    return jobs_with(facts, found.uri)


def _may_wait(facts: PushFacts, found: Comparison) -> bool:
    if found.sent:
        return found.source.job.authorize and not found.sent.authorized and found.sent.blob == found.blob
    if found.status is None or not found.same:
        return False
    if fold(found.uri) in facts.remote.jobs_asked:
        return True
    return found.source.job.authorize and _has_unauthorized(found)


def is_settled(found: Comparison) -> bool:
    """Whether the TMS has the source as it is, and nothing of it waits: no open job is about it."""
    if not found.takes_part:
        return True
    if not found.same:
        return False
    if found.sent:
        return found.sent.authorized and set(found.source.locales) <= set(found.sent.locales)
    shown = found.status.locales if found.status else {}
    return set(found.source.locales) <= shown.keys() and not _has_unauthorized(found)


def _has_unauthorized(found: Comparison) -> bool:
    """Whether strings of a locale were never authorized: an interrupted push may have left them."""
    status = found.status
    if status is None:
        return False
    locales = [locale for locale in found.source.locales if locale in status.locales]
    return any(counts_of(status, locale).unauthorized_strings for locale in locales)


def locales_in_no_job(facts: PushFacts, found: Comparison) -> tuple[str, ...]:
    """Return the locales in which strings are neither translated nor excluded nor in any job."""
    status = _status_beside_jobs(facts, found)
    if status is None or not status.counted:
        return ()
    loose = tuple(
        locale
        for locale in found.source.locales
        if counts_of(status, locale).unauthorized_strings > waiting_in_jobs(facts, found.uri, locale)
    )
    if loose:  # they may be in a job that was not looked into yet
        need_waiting_with(facts, found.uri)
    return loose


def _status_beside_jobs(facts: PushFacts, found: Comparison) -> FileStatus | None:
    """Return the status of a file whose strings may have left the job that they were sent to; else None."""
    if not are_jobs_known(facts):
        return None
    if found.status:
        return found.status
    sent = found.sent
    if sent is None or sent.authorized or sent.blob != found.blob:
        return None
    in_jobs = [waiting_in_jobs(facts, found.uri, locale) for locale in found.source.locales]
    # Where every locale has something waiting, the file is where it was sent.
    return None if all(in_jobs) else facts.status(found.uri)


def words_in_no_job(facts: PushFacts, found: Comparison) -> int:
    """Return the words that an upload brings back into a job, in all locales together."""
    status = _status_beside_jobs(facts, found)
    loose = locales_in_no_job(facts, found)
    return sum(counts_of(status, locale).unauthorized_words for locale in loose) if status else 0
