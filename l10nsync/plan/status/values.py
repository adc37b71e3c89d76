"""How far files are in their locales, as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain

from l10nsync.model import (
    Counted,
    ProjectDetails,
    Sent,
)
from l10nsync.plan.counts import Counts
from l10nsync.plan.jobs import FoundJob
from l10nsync.plan.questions import FoundQuestion
from l10nsync.plan.values import Orphan, Plan, TargetChange


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


@dataclass(frozen=True, slots=True)
class LocaleStatus:
    """One file in one locale."""

    locale: str
    counts: Counts
    asked_for: bool = True
    """Whether any of its strings was ever sent to translation in this locale."""
    questions: int = 0
    """Translators' questions that wait for an answer; those about the source concern every locale."""

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
    questions: int = 0
    """Translators' questions about its strings that wait for an answer."""
    shown_strings: int | None = None
    """Its strings that have a picture or page; None where nobody was asked."""
    counted: Counted | None = field(default=None, compare=False, repr=False)
    """The cache entry for the counts."""
    sent: Sent | None = field(default=None, compare=False, repr=False)
    """The cache entry for an unchanged source."""

    @property
    def size(self) -> tuple[int, int]:
        """Its strings and words, counted once and not for each locale."""
        counts = [cell.counts for cell in self.locales]
        strings = max((count.strings for count in counts), default=0)
        return strings, max((count.words for count in counts), default=0)

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
        return self.fresh and all(locale.counts.complete for locale in self.locales)

    @property
    def unfinished(self) -> tuple[str, ...]:
        """The locales in which it is not uploaded, fresh and published."""
        return tuple(cell.locale for cell in self.locales if not (self.fresh and cell.counts.complete))

    @property
    def counts(self) -> Counts:
        """The sum over its locales."""
        return total(locale.counts for locale in self.locales)


@dataclass(frozen=True, slots=True)
class Status:
    """Files × locales, sorted by project and path."""

    sources: tuple[SourceStatus, ...] = ()
    orphans: tuple[Orphan, ...] = ()
    jobs: tuple[FoundJob, ...] = ()
    """Open jobs that hold files of this manifest or, where their content was not asked for, are named so."""
    pull: Plan | None = None
    """What a pull would do now; None where that was not asked for."""
    questions: tuple[FoundQuestion, ...] | None = None
    """Translators' questions about the sources that wait for an answer; None where nobody was asked."""
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
        return tuple(
            dict.fromkeys(
                cell.locale for cell in chain.from_iterable(source.locales for source in self.sources)
            )
        )

    @property
    def counts(self) -> Counts:
        """The sum over everything."""
        return total(source.counts for source in self.sources)

    @property
    def context(self) -> tuple[int, int] | None:
        """How many strings have a picture or page, and of how many; None where nobody was asked."""
        asked = [source for source in self.sources if source.shown_strings is not None]
        shown = sum(source.shown_strings or 0 for source in asked)
        return (shown, sum(source.size[0] for source in asked)) if asked else None

    @property
    def complete(self) -> bool:
        """Whether everything that the repository has is on the TMS and published in every locale."""
        return all(source.complete for source in self.sources)

    @property
    def unfinished(self) -> tuple[str, ...]:
        """The locales in which not every file is uploaded, fresh and published."""
        unfinished = set(chain.from_iterable(source.unfinished for source in self.sources))
        return tuple(locale for locale in self.locales if locale in unfinished)

    @property
    def held_back(self) -> tuple[TargetChange, ...]:
        """The targets that a pull would leave as they are although the TMS has another translation."""
        refused = (*self.pull.refused, *self.pull.held) if self.pull else ()
        return tuple(change for change in refused if isinstance(change, TargetChange))

    def by_locale(self) -> dict[str, Counts]:
        """Return the sum over all files for each locale."""
        cells = (
            (cell.locale, cell.counts)
            for cell in chain.from_iterable(source.locales for source in self.sources)
        )
        return _summed(self.locales, cells)

    def by_resource(self) -> dict[str, tuple[SourceStatus, ...]]:
        """Return the files of each resource, in the order of their paths."""
        found: dict[str, list[SourceStatus]] = {}
        for source in self.sources:
            found.setdefault(source.resource, []).append(source)
        return {name: tuple(sources) for name, sources in sorted(found.items())}

    def standing(self, *standings: Standing) -> tuple[SourceStatus, ...]:
        """Return the sources with one of STANDINGS."""
        return tuple(source for source in self.sources if source.standing in standings)


def merge_statuses(found: Sequence[Status]) -> Status:
    """Return the statuses of several projects as one."""
    sources = chain.from_iterable(status.sources for status in found)
    return Status(
        sources=tuple(sorted(sources, key=lambda source: (source.project, source.path))),
        orphans=tuple(chain.from_iterable(status.orphans for status in found)),
        jobs=tuple(chain.from_iterable(status.jobs for status in found)),
        notices=tuple(chain.from_iterable(status.notices for status in found)),
        projects=dict(chain.from_iterable(status.projects.items() for status in found)),
        remembered=sum(status.remembered for status in found),
        moment=max((status.moment for status in found), default=""),
    )


def with_questions(status: Status, found: Sequence[FoundQuestion] | None) -> Status:
    """Return STATUS with the questions that were FOUND, counted for each file and locale."""
    if found is None:
        return status
    by_place: dict[tuple[str, str], list[FoundQuestion]] = {}
    for question in found:
        for path in {spot.path for spot in question.places}:
            by_place.setdefault((question.project, path), []).append(question)
    sources = [
        _with_questions(source, by_place.get((source.project, source.path), ())) for source in status.sources
    ]
    return replace(status, sources=tuple(sources), questions=tuple(found))


def _with_questions(source: SourceStatus, asked: Sequence[FoundQuestion]) -> SourceStatus:
    if not asked:
        return source
    cells = (
        replace(cell, questions=sum(question.concerns(cell.locale) for question in asked))
        for cell in source.locales
    )
    return replace(source, questions=len(asked), locales=tuple(cells))


def with_context(status: Status, shown: Mapping[tuple[str, str], int]) -> Status:
    """Return STATUS with how many strings have a picture or page, by project and fileUri."""
    sources = (
        replace(source, shown_strings=min(found, source.size[0]))
        if (found := shown.get((source.project, source.uri))) is not None
        else source
        for source in status.sources
    )
    return replace(status, sources=tuple(sources))


def total(counts: Iterable[Counts]) -> Counts:
    """Return the sum of COUNTS."""
    return sum(counts, Counts())


def _summed(names: Iterable[str], pairs: Iterable[tuple[str, Counts]]) -> dict[str, Counts]:
    found = dict.fromkeys(names, Counts())
    for name, counts in pairs:
        found[name] += counts
    return found
