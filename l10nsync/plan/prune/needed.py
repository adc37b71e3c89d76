"""Who still needs what a file on the TMS holds: it is kept until nobody does. Pure.

A string that no file holds any more may lose its translation, and would be paid for again. So a file stays

- while a source of this commit that the TMS lacks has a string of it that the source's own file lacks: the
  push of that source takes the string over, in whatever namespace it goes into;
- while a string of it that a source of this commit has waits, or is in translation, in an open job and no
  other file holds it: a file that was renamed, whose new one has not arrived. What no source has any more
  keeps nothing: the list says what of it is with translators, and a person decides. The files of branches are
  another matter: an abandoned branch's job ends with its files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from l10nsync.model import JobContent, JobState, OpenJob, Source, fold
from l10nsync.plan.asking import decide_all, need
from l10nsync.plan.counts import counts_of
from l10nsync.plan.job_content import described
from l10nsync.plan.prune.candidate import Candidate
from l10nsync.plan.prune.facts import PruneFacts
from l10nsync.plan.push.job_holdings import jobs_with
from l10nsync.plan.push.source import Comparison, compare
from l10nsync.plan.strings import StringId, string_ids


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What waits or is in translation of one file alone."""

    described: str
    """How many strings and words, in which locales, in which job."""
    remedy: str
    """What ends it."""


class Needs:
    """What the sources of this commit, and the open jobs, still need of files on the TMS."""

    def __init__(self, facts: PruneFacts, candidates: Sequence[Candidate]) -> None:
        self.facts = facts
        self.candidates = candidates

    # --- sources ------------------------------------------------------------------------------------------

    def taker(self, candidate: Candidate) -> str:
        """Return the path of a source that takes a string of CANDIDATE with its next push; empty for none."""
        strings = candidate.strings
        taken = (path for path, wanted in self._taken.items() if not strings.isdisjoint(wanted))
        return min(taken, default="")

    def is_wanted(self, candidate: Candidate) -> bool:
        """Whether a source of this commit has a string of CANDIDATE, wherever the TMS has that string."""
        return any(not candidate.strings.isdisjoint(self._strings(source)) for source in self._suspects)

    @cached_property
    def _taken(self) -> dict[str, frozenset[StringId]]:
        """Path to what a push of the source brings that its own file on the TMS lacks."""
        compared = decide_all(lambda source: compare(self.facts.push, source), self._suspects)
        return {found.source.path: self._brought(found) for found in compared if not found.same}

    @cached_property
    def _suspects(self) -> list[Source]:
        """The sources that have any string of a candidate: only these are compared with the TMS."""
        pushed = [source for source in self.facts.sources if source.push and source.path in self.facts.blobs]
        if not (self.candidates and pushed):
            return []
        need(
            lambda: decide_all(lambda candidate: candidate.strings, self.candidates),
            lambda: decide_all(self._strings, pushed),
        )
        wanted = frozenset[StringId]().union(*(candidate.strings for candidate in self.candidates))
        return [source for source in pushed if not wanted.isdisjoint(self._strings(source))]

    def _strings(self, source: Source) -> frozenset[StringId]:
        content = self.facts.push.content(self.facts.blobs[source.path])
        return frozenset(string_ids(source, content or b""))

    def _brought(self, found: Comparison) -> frozenset[StringId]:
        there = string_ids(found.source, found.theirs) if found.theirs is not None else {}
        return self._strings(found.source) - there.keys()

    # --- jobs ---------------------------------------------------------------------------------------------

    def translators(self, candidate: Candidate, deleted: frozenset[str]) -> OpenWork | None:
        """Return what waits or is in translation of CANDIDATE alone; None for nothing.

        DELETED are the fileUris, folded, of what is deleted along with it.
        """
        if candidate.branch or not self.facts.abilities.jobs or not self._may_be_in_job(candidate):
            return None
        return next(self._in_jobs(candidate, deleted | {candidate.key}), None)

    def _may_be_in_job(self, candidate: Candidate) -> bool:
        """Whether any string of the file is not translated yet."""
        status = self.facts.push.status(candidate.listed.uri)
        counts = [counts_of(status, locale) for locale in status.locales]
        return not status.locales or any(
            count.unauthorized_strings or count.in_translation_strings for count in counts
        )

    def _in_jobs(self, candidate: Candidate, without: frozenset[str]) -> Iterator[OpenWork]:
        jobs = jobs_with(self.facts.push, candidate.listed.uri)
        contents = decide_all(lambda job: self.facts.job_content(job.uid), jobs)
        for job, content in zip(jobs, contents, strict=True):
            alone = frozenset(
                (code, locale)
                for code, locale in content.waiting | content.under_way
                if candidate.key in (holders := _holders(content, code)) and holders <= without
            )
            if alone:
                yield OpenWork(f'{described(content, alone)} in job "{job.name}"', _remedy(job))


def _holders(content: JobContent, code: str) -> frozenset[str]:
    """Return the fileUris, folded, of the files that hold a string of a job."""
    return frozenset(fold(uri) for uri, _key in content.strings[code].holders)


def _remedy(job: OpenJob) -> str:
    if job.status is JobState.IN_PROGRESS:
        return "wait for the translators, or take them out with `l10nsync push --yes`"
    return "`l10nsync push` takes them out"
