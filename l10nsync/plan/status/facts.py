"""What is known for a status. Each method returns a fact, or raises `Unknown` with its question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from l10nsync.model import (
    Counted,
    FileStatus,
    ListedJob,
    ProjectDetails,
    Question,
    Source,
    fold,
)
from l10nsync.plan.asking import Unknown, Wants
from l10nsync.plan.counts import counts_of
from l10nsync.plan.push import Compared, PushFacts, plan_push
from l10nsync.plan.values import Plan, contents_of


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


class Recall:
    """What is remembered of files that cannot have changed since.

    Uploads and publications are listed by the service. Authorizations are not, and neither is content
    that is excluded: only a file with every string published in every locale is relied on.
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
