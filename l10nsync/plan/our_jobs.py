"""The open jobs that concern this branch, and what has to be known of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from l10nsync.model import JobSettings, ListedJob, Question, Source, file_uris, fold
from l10nsync.plan.asking import Unknown, Wants
from l10nsync.plan.elsewhere import elsewhere
from l10nsync.plan.job_settings import needing_fields
from l10nsync.plan.push.facts import AWAITING, OurFiles, PushFacts
from l10nsync.plan.push.jobs import is_form_of, job_name
from l10nsync.plan.push.known_files import orphans_of
from l10nsync.plan.values import SourceChange


@dataclass(frozen=True, slots=True)
class OurJob:
    """An open job that one of our name templates makes for this branch."""

    job: ListedJob
    base: str
    """The name without a number or digest."""
    sources: tuple[Source, ...]
    """Those that fill jobs of this name."""

    @property
    def settings(self) -> JobSettings:
        """Return the manifest's settings for the job."""
        return self.sources[0].job


def our_jobs(facts: PushFacts) -> list[OurJob]:
    """Return the open jobs of this branch; even if the branch no longer changes anything."""
    grouped: dict[str, list[Source]] = {}
    for source in sorted(facts.sources, key=lambda source: not source.push):
        grouped.setdefault(job_name(source.job.name, facts.words), []).append(source)
    found = []
    for job in facts.remote.job_list or ():
        for base, sources in grouped.items():
            if base and is_form_of(job.name, base, digest=not sources[0].job.reuse):
                found.append(OurJob(job, base, tuple(sources)))
                break
    return found


def _waiting_others(facts: PushFacts) -> frozenset[str]:
    """Return the uids of the jobs of others that wait for authorization."""
    ours = {found.job.uid for found in our_jobs(facts)}
    listed = facts.remote.job_list or ()
    return frozenset(job.uid for job in listed if job.status == AWAITING and job.uid not in ours)


def need_contents(facts: PushFacts) -> None:
    """Raise `Unknown` for what the list of open jobs does not say: content where it waits, custom fields.

    Of the jobs of others only those are looked into that hold a file of ours: see `with_concern`.
    """
    if facts.remote.job_list is None:
        return
    ours = our_jobs(facts)
    looked = frozenset(
        found.job.uid
        for found in ours
        # With --yes, what is in translation may leave as well; else it is named, where there may be any.
        if found.job.status == AWAITING or facts.options.yes or _may_hold_removed(facts, found)
    )
    concerned = _waiting_others(facts) & (facts.remote.jobs_of or frozenset())
    fields = needing_fields((found.job, found.settings) for found in ours)
    question = Question(
        job_contents=(looked | concerned) - facts.remote.job_contents.keys(),
        job_fields=fields - facts.remote.job_fields.keys(),
    )
    if question:
        raise Unknown(Wants(question))


def _may_hold_removed(facts: PushFacts, ours: OurJob) -> bool:
    """Whether a job has a locale that no source asks for which fills jobs of its name."""
    name = ours.settings.name
    everything = facts.everything or facts.sources
    asked = set(chain.from_iterable(source.locales for source in everything if source.job.name == name))
    return not asked.issuperset(ours.job.locales)


def with_concern(facts: PushFacts, unsettled: Sequence[Source]) -> PushFacts:
    """Return FACTS with which jobs of others concern us; raise `Unknown` for what has to be asked.

    UNSETTLED are the sources that are sent, or that have waiting strings: only what these have, here or on
    another branch, can be in such a job. One search answers for all of them; without any nobody is asked.
    """
    if facts.remote.jobs_of is not None or not _waiting_others(facts):
        return facts
    uris = _uris_of(facts, unsettled)
    if uris:
        raise Unknown(Wants(Question(jobs_of=uris)))
    return replace(facts, remote=replace(facts.remote, jobs_of=frozenset()))


def _uris_of(facts: PushFacts, sources: Sequence[Source]) -> frozenset[str]:
    """Return the fileUris under which strings of SOURCES may have come into a job.

    Those that the sources have, here and on any branch, and those of the files that they may have been: in
    one namespace, equal strings are one.
    """
    own = set(file_uris(sources))
    if not sources or not facts.strangers:
        return frozenset(own)
    others = elsewhere(facts.strangers, facts.known_elsewhere(), facts.blobs)
    of_branches = chain.from_iterable(others.standing_for([source.path]) for source in sources)
    without_source = (file.listed for file in orphans_of(facts))
    return frozenset(own | {listed.uri for listed in chain(of_branches, without_source)})


def asked_for(facts: PushFacts, changes: Sequence[SourceChange]) -> dict[str, frozenset[str]]:
    """Return which locales are asked for by fileUri, folded.

    A source that cannot be sent as it is asks for all that its file on the TMS holds; and so does every file
    of a pattern that matches nothing any more: nobody says whether that is meant.
    """
    sources = facts.everything or facts.sources
    emptied = {change.path for change in changes if facts.options.accept_shrink and change.empty}
    alive = {source.resource for source in sources}
    found: dict[str, frozenset[str]] = {}
    own = facts.own or OurFiles(())
    lost = (source for source in own.sources if source.resource not in alive or source.path in own.stranded)
    for source in (*sources, *lost):
        if source.path not in emptied:
            key = fold(source.file_uri)
            found[key] = found.get(key, frozenset()) | frozenset(source.locales)
    return found
