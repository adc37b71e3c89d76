"""The status of a project: what a push would do, and what the TMS counts of each file."""

from __future__ import annotations

from dataclasses import dataclass, replace

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.model import (
    Counted,
    FileStatus,
    LocaleCounts,
    Source,
    fold,
)
from l10nsync.plan.asking import Unknown, Wants, decide_all, need
from l10nsync.plan.counts import Counts, counts_of, scaled
from l10nsync.plan.jobs import FoundJob, find_jobs, own_jobs
from l10nsync.plan.reasons import Action, Awaits, Brings, Rival
from l10nsync.plan.status.facts import StatusFacts
from l10nsync.plan.status.values import REFUSED, LocaleStatus, SourceStatus, Standing, Status
from l10nsync.plan.values import SourceChange


def plan_status(facts: StatusFacts) -> Status | Wants:
    """Return the status of one project, or what has to be known before that."""
    try:
        return _status(facts)
    except Unknown as unknown:
        return unknown.wants


def _status(facts: StatusFacts) -> Status:
    if facts.only_jobs:
        need(lambda: facts.open_jobs, lambda: facts.project)
        return Status(jobs=_our_jobs(facts))
    sources = sorted(facts.push.sources, key=lambda source: source.path)
    need(
        lambda: facts.open_jobs,
        lambda: facts.plan,
        lambda: decide_all(lambda source: _counting(facts, source), sources),
    )
    sent = (change for change in facts.plan.changes if isinstance(change, SourceChange))
    changes = {change.path: change for change in sent if not change.copy_of}
    found = decide_all(lambda source: _source_status(facts, source, changes[source.path]), sources)
    return Status(
        tuple(found),
        facts.plan.orphans,
        jobs=_our_jobs(facts),
        remembered=sum(1 for source in sources if _is_remembered(facts, source)),
    )


@dataclass(frozen=True, slots=True)
class _Counting:
    """What is counted of a file on the TMS."""

    counts: FileStatus | Counted
    keep: Counted | None
    """What may be remembered of it."""


def _counting(facts: StatusFacts, source: Source) -> _Counting | None:
    """Return what the TMS counts of a source, or what is remembered of that; None for a file it lacks."""
    if facts.push.listed(source.file_uri) is None:
        return None
    answered = facts.push.remote.statuses.get(fold(source.file_uri))
    if answered is None and (memory := facts.recall.standing(source)):
        return _Counting(memory, memory)
    # What may be remembered depends on what was published: it is asked for in the same round.
    need(lambda: facts.status(source.file_uri), lambda: facts.recall.dates)
    status = facts.status(source.file_uri)
    return _Counting(status, facts.recall.record(source, status))


def _is_remembered(facts: StatusFacts, source: Source) -> bool:
    """Whether a file was not asked about."""
    counting = _counting(facts, source)
    return counting is not None and isinstance(counting.counts, Counted)


def _our_jobs(facts: StatusFacts) -> tuple[FoundJob, ...]:
    """Return the open jobs that concern us, the newest first."""
    remote, sources = facts.push.remote, facts.push.sources
    if not facts.open_jobs or not sources:
        return ()
    owned, content = own_jobs(sources, facts.push.words), facts.jobs == "with content"
    found = find_jobs(sources[0].project, facts.open_jobs, owned, everything=content)
    if not content:
        return tuple(found)
    ours = {fold(source.file_uri) for source in sources}
    full = (replace(job, details=remote.job_details.get(job.job.uid)) for job in found)
    return tuple(job for job in full if job.details and ours & set(map(fold, job.details.files)))


def _source_status(facts: StatusFacts, source: Source, change: SourceChange) -> SourceStatus:
    listed, counting = facts.push.listed(source.file_uri), _counting(facts, source)
    standing = _standing(change, uploaded=listed is not None)
    result = SourceStatus(
        project=source.project,
        resource=source.resource,
        path=source.path,
        uri=change.uri,
        standing=standing,
        locales=(),
        last_uploaded=listed.last_uploaded if listed else "",
        detail=_detail(change, standing),
        new_strings=change.new_strings,
        new_words=change.new_words,
        counted=counting.keep if counting else None,
        sent=change.remember,
    )
    if standing is Standing.NO_STRINGS:  # what the TMS still has of it, nobody waits for
        cells = tuple(LocaleStatus(locale, Counts(), asked_for=False) for locale in source.locales)
        return replace(result, locales=cells, detail="")
    if counting is None:
        ours = _own_counts(facts, source)
        cells = tuple(LocaleStatus(locale, ours, asked_for=False) for locale in source.locales)
        return replace(result, locales=cells, new_strings=ours.strings, new_words=ours.words)
    return replace(result, locales=_cells(facts, source, counting.counts))


def _cells(facts: StatusFacts, source: Source, counted: FileStatus | Counted) -> tuple[LocaleStatus, ...]:
    """Return what the TMS counts in each locale; where it counts nothing, our strings by its percentages."""
    if isinstance(counted, FileStatus) and not counted.counted:
        ours = _own_counts(facts, source)
        counts = {
            locale: scaled(ours, counted.locales.get(locale, LocaleCounts())) for locale in source.locales
        }
    else:
        counts = {locale: counts_of(counted, locale) for locale in source.locales}
    return tuple(
        LocaleStatus(locale, found, asked_for=_asked_for(counted, locale)) for locale, found in counts.items()
    )


def _asked_for(counted: FileStatus | Counted, locale: str) -> bool:
    given = counted.locales.get(locale)
    if isinstance(counted, FileStatus) and not counted.counted:
        return given is not None and given.asked_for
    return not counted.total_strings or (given is not None and given.asked_for)


_NOT_SENT = {Awaits.BRANCH: Standing.ELSEWHERE, Awaits.COMMIT: Standing.NOT_COMMITTED}
_NOT_OURS = {Rival.STRANGER: Standing.COLLISION, Rival.NEWER: Standing.SUPERSEDED}


def _standing(change: SourceChange, *, uploaded: bool) -> Standing:
    if change.empty:
        return Standing.NO_STRINGS
    if change.awaits in _NOT_SENT:
        return _NOT_SENT[change.awaits]
    if change.rival:
        return _NOT_OURS[change.rival]
    if not uploaded:
        return Standing.NOT_UPLOADED
    if change.action is Action.BLOCK or change.brings is Brings.CONTENT:
        return Standing.STALE
    return Standing.SETTINGS if change.action is Action.UPLOAD else Standing.CURRENT


def _detail(change: SourceChange, standing: Standing) -> str:
    # These states explain themselves; of the others, the reason of the push is shown as well.
    clear = {Standing.CURRENT, Standing.ELSEWHERE, Standing.NOT_COMMITTED, *REFUSED}
    is_clear = standing in clear or change.brings in {Brings.FILE, Brings.CONTENT}
    reason = "" if is_clear else change.reason
    return ": ".join(part for part in (str(reason), change.detail) if part)


def _own_counts(facts: StatusFacts, source: Source) -> Counts:
    """Count the strings of a source that the TMS does not have, or does not count."""
    blob = facts.push.blobs.get(source.path, "")
    content = facts.push.content(blob) if blob else None
    if content is None:
        return Counts(uncounted=1)
    try:
        document = formats.parse(source.file_type, content, source.directives, source.charset)
    except ContentError:
        return Counts(uncounted=1)
    if document is None:
        return Counts(uncounted=1)
    units = formats.strings(document, source.directives)
    texts = [unit.text for unit in units if unit.text.strip()]
    words = sum(map(formats.words, texts))
    return Counts(strings=len(texts), words=words, unauthorized_strings=len(texts), unauthorized_words=words)
