"""How far every file is in every locale, and what must be known to say so. Pure.

A status is made of what a push would do (new, changed and unchanged sources, orphans) and of the counts
that the TMS has for each file. `plan_status` gives the answer, or says what must still be known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Literal

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.model import (
    Counted,
    FileStatus,
    ListedJob,
    LocaleCounts,
    ProjectDetails,
    Question,
    Sent,
    Source,
    fold,
)
from l10nsync.plan.asking import Unknown, Wants, decide_all, need
from l10nsync.plan.counts import Counts, counts_of, scaled
from l10nsync.plan.jobs import FoundJob, find_jobs, own_jobs
from l10nsync.plan.push import Compared, PushFacts, plan_push
from l10nsync.plan.reasons import Action, Reason
from l10nsync.plan.values import Orphan, Plan, SourceChange, TargetChange, contents_of


class Standing(StrEnum):
    """How the TMS's copy of a source compares with the repository; a closed set."""

    CURRENT = "current"
    STALE = "stale"
    """The source changed since it was uploaded: the counts are those of the old content."""
    SETTINGS = "settings changed"
    """Same content; directives, locales or the namespace are to be sent."""
    COLLISION = "collision"
    """The TMS has somebody else's content under the fileUri: a push refuses it."""
    SUPERSEDED = "superseded"
    """The TMS has what another branch, or a newer commit, has sent: a push refuses it."""
    NOT_UPLOADED = "not uploaded"
    NOT_COMMITTED = "not committed"
    """There is nothing to send yet: a push sends what HEAD holds."""
    NO_STRINGS = "no strings"
    ELSEWHERE = "not pushed from here"
    """This branch or this repository does not send the file, so it is not compared."""


REFUSED = (Standing.COLLISION, Standing.SUPERSEDED)
"""What a push does not send before somebody has decided."""
NOT_FRESH = (Standing.STALE, *REFUSED, Standing.NOT_UPLOADED, Standing.NOT_COMMITTED)
"""What the TMS does not have as the repository has it."""
TO_PUSH = (*NOT_FRESH, Standing.SETTINGS)
"""What is to be sent, or kept from it."""


@dataclass(frozen=True)
class StatusFacts:
    """All that is known about one project for a status; what is not raises `Unknown` with its question."""

    push: PushFacts
    """With all locales of each source; what has been asked and answered is in its `remote`."""
    memory: Mapping[str, Counted] = field(default_factory=dict)
    """By `fold(fileUri)`."""
    horizon: str = ""
    """Publications before this moment are no longer listed by the service."""
    settled: str = ""
    """Publications from this moment on may not be in the counts yet."""
    floor: str = ""
    """A moment shortly before the TMS was asked: all earlier publications are in the counts."""
    fresh: bool = False
    """Whether every file is asked about, whatever is remembered."""
    jobs: Literal["", "listed", "with content"] = ""
    """Whether open jobs are asked about; with their content it is known which hold our files."""
    only_jobs: bool = False
    """Whether nothing is asked about the files themselves."""
    compared: Compared = field(default_factory=dict)
    """What `plan_push` has found out in earlier rounds."""

    @property
    def open_jobs(self) -> tuple[ListedJob, ...]:
        """The open jobs, the oldest first; none where nobody asks for them."""
        if self.jobs and self.push.remote.job_list is None:
            raise Unknown(Wants(Question(open_jobs=self.jobs)))
        return self.push.remote.job_list or ()

    @property
    def project(self) -> ProjectDetails:
        """What the service says of the project."""
        if self.push.remote.project is None:
            raise Unknown(Wants(Question(project=True)))
        return self.push.remote.project

    @cached_property
    def plan(self) -> Plan:
        """What a push would do."""
        found = plan_push(self.push, self.compared)
        if isinstance(found, Wants):
            raise Unknown(found)
        return found

    def status(self, uri: str) -> FileStatus:
        """Return the counts that the TMS has of a file."""
        found = self.push.remote.statuses.get(fold(uri))
        if found is None:
            known = contents_of(self.push.sources, self.push.blobs)
            raise Unknown(Wants(Question(statuses=frozenset({uri}), contents=known)))
        return found

    @cached_property
    def recall(self) -> Recall:
        """What is remembered of the files."""
        return Recall(self)


@dataclass(frozen=True, slots=True)
class LocaleStatus:
    """One file in one locale."""

    locale: str
    counts: Counts
    asked_for: bool = True
    """Whether any of its strings was ever sent to translation in this locale."""

    @property
    def completion(self) -> int:
        """Percent of words published, rounded down."""
        return self.counts.completion


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One source with its locales."""

    project: str
    resource: str
    path: str
    uri: str
    standing: Standing
    locales: tuple[LocaleStatus, ...]
    last_uploaded: str = ""
    """In the server's words; empty for a file that is not on the TMS."""
    detail: str = ""
    """Why a push sends it, or refuses to; one sentence."""
    new_strings: int = 0
    """Strings of the repository that the TMS does not have."""
    new_words: int = 0
    counted: Counted | None = field(default=None, compare=False, repr=False)
    """What the cache shall keep of the counts."""
    sent: Sent | None = field(default=None, compare=False, repr=False)
    """What the cache shall keep of a source that is unchanged."""

    @property
    def uploaded(self) -> bool:
        """Whether the TMS has the file."""
        return bool(self.last_uploaded)

    @property
    def fresh(self) -> bool:
        """Whether the TMS has the strings that the repository has, as far as a push from here would know."""
        return self.standing not in NOT_FRESH

    @property
    def complete(self) -> bool:
        """Whether every string that the repository has is published in every locale."""
        return self.fresh and all(each.counts.complete for each in self.locales)

    @property
    def counts(self) -> Counts:
        """The sum over its locales."""
        return total(each.counts for each in self.locales)


@dataclass(frozen=True, slots=True)
class Status:
    """Files × locales, sorted by project and path."""

    sources: tuple[SourceStatus, ...] = ()
    orphans: tuple[Orphan, ...] = ()
    jobs: tuple[FoundJob, ...] = ()
    """Open jobs that hold files of this manifest or, where their content was not asked for, are named so."""
    pull: Plan | None = None
    """What a pull would do now; None where that was not asked for."""
    notices: tuple[str, ...] = ()
    projects: Mapping[str, ProjectDetails] = field(default_factory=dict)
    """By the manifest's name of the project."""
    remembered: int = 0
    """How many files were not asked about, because nothing has happened to them since an earlier run."""
    commit: str = ""
    branch: str = ""
    moment: str = ""
    """When the TMS was asked, by its own clock: ISO time in UTC."""
    requests: Mapping[str, int] = field(default_factory=dict)
    """Number of HTTP requests by operation."""

    @property
    def locales(self) -> tuple[str, ...]:
        """Every locale of any source, in the order in which the manifest names them."""
        return tuple(dict.fromkeys(cell.locale for each in self.sources for cell in each.locales))

    @property
    def counts(self) -> Counts:
        """The sum over everything."""
        return total(each.counts for each in self.sources)

    @property
    def complete(self) -> bool:
        """Whether everything that the repository has is on the TMS and published in every locale."""
        return all(each.complete for each in self.sources)

    @property
    def unfinished(self) -> tuple[str, ...]:
        """The locales in which not every file is uploaded, fresh and published."""
        open_ = {
            cell.locale
            for each in self.sources
            for cell in each.locales
            if not (each.fresh and cell.counts.complete)
        }
        return tuple(each for each in self.locales if each in open_)

    @property
    def held_back(self) -> tuple[TargetChange, ...]:
        """The targets that a pull would leave as they are although the TMS has another translation."""
        refused = (*self.pull.refused, *self.pull.held) if self.pull else ()
        return tuple(each for each in refused if isinstance(each, TargetChange))

    def by_locale(self) -> dict[str, Counts]:
        """Return the sum over all files for each locale."""
        cells = ((cell.locale, cell.counts) for each in self.sources for cell in each.locales)
        return _summed(self.locales, cells)

    def by_resource(self) -> dict[str, tuple[SourceStatus, ...]]:
        """Return the files of each resource, in the order of their paths."""
        found: dict[str, list[SourceStatus]] = {}
        for each in self.sources:
            found.setdefault(each.resource, []).append(each)
        return {name: tuple(sources) for name, sources in sorted(found.items())}

    def standing(self, *standings: Standing) -> tuple[SourceStatus, ...]:
        """Return the sources of which one of STANDINGS is true."""
        return tuple(each for each in self.sources if each.standing in standings)


def merge_statuses(found: Sequence[Status]) -> Status:
    """Return the statuses of several projects as one."""
    sources = (source for status in found for source in status.sources)
    return Status(
        sources=tuple(sorted(sources, key=lambda source: (source.project, source.path))),
        orphans=tuple(orphan for status in found for orphan in status.orphans),
        jobs=tuple(job for status in found for job in status.jobs),
        notices=tuple(notice for status in found for notice in status.notices),
        projects={name: details for status in found for name, details in status.projects.items()},
        remembered=sum(status.remembered for status in found),
        moment=max((status.moment for status in found), default=""),
    )


def total(counts: Iterable[Counts]) -> Counts:
    """Return the sum of COUNTS."""
    return sum(counts, Counts())


def _summed(names: Iterable[str], pairs: Iterable[tuple[str, Counts]]) -> dict[str, Counts]:
    found = dict.fromkeys(names, Counts())
    for name, counts in pairs:
        found[name] += counts
    return found


# --- what is remembered -----------------------------------------------------------------------------------


class Recall:
    """What is remembered of files to which nothing can have happened since.

    Uploads and publications are listed by the service. Authorizations are not, and neither is content
    that is excluded: only a file of which every string is published in every locale is relied on.
    """

    def __init__(self, facts: StatusFacts) -> None:
        self.facts = facts
        self.known: Mapping[str, Counted] = {}
        if not facts.fresh and facts.horizon:
            uris = {fold(source.file_uri) for source in facts.push.sources}
            memory = ((key, found) for key, found in facts.memory.items() if key in uris)
            self.known = {key: found for key, found in memory if self._may_stand(found)}

    def _may_stand(self, found: Counted) -> bool:
        """Whether the file was not uploaded since, and publications since then are still listed."""
        listed = self.facts.push.listed(found.uri)
        return (
            listed is not None
            and found.last_uploaded == listed.last_uploaded
            and found.until >= self.facts.horizon
        )

    @cached_property
    def dates(self) -> Mapping[str, list[str]]:
        """When each file was published, as far back as matters here."""
        published = self.facts.push.remote.published
        if published is None:
            since = min((found.until for found in self.known.values()), default="window")
            raise Unknown(Wants(Question(published_since=since)))
        found: dict[str, list[str]] = {}
        for pair in published:
            found.setdefault(fold(pair.uri), []).append(pair.date)
        return found

    def standing(self, source: Source) -> Counted | None:
        """Return what is remembered of a file, if it is still true."""
        key = fold(source.file_uri)
        found = self.known.get(key)
        if found is None or any(date > found.until for date in self.dates.get(key, ())):
            return None
        return replace(found, until=max(found.until, self.facts.floor)) if _finished(found, source) else None

    def record(self, source: Source, status: FileStatus) -> Counted | None:
        """Return what may be remembered: the publications up to `until` are in the counts."""
        if not (self.facts.floor and status.counted):
            return None
        dates = [date for date in self.dates.get(fold(status.uri), ()) if date < self.facts.settled]
        found = Counted(
            uri=status.uri,
            last_uploaded=status.last_uploaded,
            until=max([*dates, self.facts.floor]),
            total_strings=status.total_strings,
            total_words=status.total_words,
            locales=status.locales,
        )
        return found if _finished(found, source) else None


def _finished(found: Counted, source: Source) -> bool:
    return all(counts_of(found, locale).complete for locale in source.locales)


# --- the answer -------------------------------------------------------------------------------------------


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
    # What was published tells what may be remembered: it is asked for in the same round.
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


def _standing(change: SourceChange, *, uploaded: bool) -> Standing:
    if change.action is Action.KEEP and change.reason is Reason.NO_STRINGS:
        return Standing.NO_STRINGS
    named = {
        Reason.NOT_PUSHED_HERE: Standing.ELSEWHERE,
        Reason.NOT_COMMITTED: Standing.NOT_COMMITTED,
        Reason.COLLISION: Standing.COLLISION,
        Reason.SUPERSEDED: Standing.SUPERSEDED,
    }
    if change.reason in named:
        return named[change.reason]
    if not uploaded:
        return Standing.NOT_UPLOADED
    if change.action is Action.BLOCK or change.reason is Reason.CONTENT_CHANGED:
        return Standing.STALE
    return Standing.SETTINGS if change.action is Action.UPLOAD else Standing.CURRENT


def _detail(change: SourceChange, standing: Standing) -> str:
    told = {Standing.CURRENT, Standing.ELSEWHERE, Standing.NOT_COMMITTED, *REFUSED}
    reason = (
        "" if standing in told or change.reason in {Reason.NEW, Reason.CONTENT_CHANGED} else change.reason
    )
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
