"""The files, and the jobs, of branches that are merged or gone. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from l10nsync.model import JobState, ListedFile, Question, Source, fold
from l10nsync.plan.asking import Unknown, Wants, need
from l10nsync.plan.elsewhere import patterns_of, readings
from l10nsync.plan.prune.candidate import Candidate
from l10nsync.plan.prune.facts import BranchFacts, PruneFacts
from l10nsync.plan.reasons import Action
from l10nsync.plan.values import FileChange, JobEnd

LOOK_AT_MOST = 20
"""Completed jobs of branches without files that are looked at: those of all times are many."""
OPEN = frozenset({JobState.DRAFT, JobState.AWAITING_AUTHORIZATION, JobState.IN_PROGRESS})


def files_of_branches(facts: PruneFacts, branches: BranchFacts) -> Iterator[Candidate]:
    """Yield the files of branches that are merged or gone."""
    # Questions are in the order in which their answers are needed, each asked once for all files.
    need(lambda: facts.jobs)
    yield from _known(facts, branches)
    yield from _guessed(facts, branches)


def state(branches: BranchFacts, name: str) -> str:
    """Return `merged`, `gone` or `living`: as living as any branch that has the same fileUris."""
    alive = {fold(branch) for branch in (*branches.living, branches.default)}
    # Under another rule of another branch's manifest (`v2/{branch}/…`) more may come before the name.
    if fold(name) in alive or any(fold(name).endswith(f"/{branch}") for branch in alive):
        return "living"
    return "merged" if fold(name) in {fold(branch) for branch in branches.merged} else "gone"


def _known(facts: PruneFacts, branches: BranchFacts) -> Iterator[Candidate]:
    """Yield the files under paths that are or were sources; never one that a living branch may have."""
    patterns = patterns_of(branches.patterns)
    named = branches.known | _branches_of_jobs(facts, branches)
    for listed in facts.files.values():
        read = list(readings(listed.uri, patterns))
        states = {state(branches, name) for name, _ in read}
        if len(states) == 1 and (kind := states.pop()) in branches.kinds:
            name, source = read[0]
            yield Candidate(facts, listed, source, name, kind, kind == "merged" or name in named)


# --- paths that only a gone branch had ---------------------------------------------------------------------


def _guessed(facts: PruneFacts, branches: BranchFacts) -> Iterator[Candidate]:
    """Yield the files that only a gone branch had, so that history does not know their paths.

    One is ours if a push from here sent it, a job named after the branch holds it, or the user says so.
    """
    named = _branches_of_jobs(facts, branches)
    read = list(_gone_readings(facts, branches))
    in_jobs = frozenset(fold(listed.uri) for listed, name, _ in read if name in named)
    if unknown := in_jobs - facts.remote.jobs_asked:
        raise Unknown(Wants(Question(jobs=unknown)))
    seen: set[str] = set()
    for listed, name, source in read:
        known = name in branches.known | named
        candidate = Candidate(facts, listed, source, name, "gone", known)
        if candidate.key not in seen and _is_branchs(candidate, branches, name):
            seen.add(candidate.key)
            yield candidate


def _is_branchs(candidate: Candidate, branches: BranchFacts, name: str) -> bool:
    """Whether a file under an unknown path is that of the branch NAME."""
    sent = candidate.facts.sent(candidate.listed)
    if sent and sent.path == candidate.source.path:
        return True
    jobs = candidate.facts.remote.jobs or ()
    holders = {
        _branch_of(job.name, branches.job_names) for job in jobs if candidate.key in map(fold, job.files)
    }
    return name in branches.ours | holders


def _gone_readings(facts: PruneFacts, branches: BranchFacts) -> Iterator[tuple[ListedFile, str, Source]]:
    """Yield the unknown files that only gone branches may have, with each branch and source."""
    unread = _unread(facts, branches)
    if unread and branches.guesses is None:
        raise Unknown(Wants(elsewhere=frozenset(listed.uri for listed in unread)))
    patterns = patterns_of(source for source in branches.guesses or () if source.project == facts.project)
    for listed in unread if patterns else ():
        read = list(readings(listed.uri, patterns))
        if all(state(branches, name) == "gone" for name, _ in read):
            yield from ((listed, name, source) for name, source in read)


def _unread(facts: PruneFacts, branches: BranchFacts) -> list[ListedFile]:
    """Return the files under paths that this repository's history does not know."""
    if "gone" not in branches.kinds:
        return []
    patterns = patterns_of(branches.patterns)
    return [
        listed
        for key, listed in facts.files.items()
        if key not in facts.present and not any(readings(listed.uri, patterns))
    ]


# --- jobs -------------------------------------------------------------------------------------------------


def ended_jobs(facts: PruneFacts, changes: Iterable[FileChange]) -> Iterator[tuple[JobEnd, bool]]:
    """Yield the jobs of branches without files, and whether that is so only after CHANGES.

    A prune that was interrupted has left jobs of branches whose files are gone already: of the completed ones
    the newest are looked at.
    """
    branches = facts.branches
    if branches is None or not facts.abilities.jobs:
        return
    by_fate: dict[bool, set[str]] = {True: set(), False: set()}
    for change in changes:
        by_fate[change.action is Action.DELETE].add(change.branch)
    deleted, kept = by_fate[True], by_fate[False]
    looked_at = 0
    for job in reversed(facts.jobs):
        name = _branch_of(job.name, branches.job_names)
        if name in kept or not _is_ended(branches, name):
            continue
        completed = job.status is JobState.COMPLETED
        looked_at += completed and name not in deleted
        if job.status in OPEN or (completed and (name in deleted or looked_at <= LOOK_AT_MOST)):
            yield JobEnd(facts.project, job.uid, job.name, job.status, name), name in deleted


def _is_ended(branches: BranchFacts, name: str) -> bool:
    """Whether NAME is that of a branch whose files are deleted."""
    return bool(name) and state(branches, name) in branches.kinds


def _branches_of_jobs(facts: PruneFacts, branches: BranchFacts) -> frozenset[str]:
    """Return the branches that jobs of this repository are named after."""
    found = (_branch_of(job.name, branches.job_names) for job in facts.jobs)
    return frozenset(name for name in found if name)


def _branch_of(job: str, templates: Iterable[str]) -> str:
    """Return the branch that the name of a JOB holds; empty if the name is not ours."""
    for template in templates:
        parts = re.split(r"(\{branch\}|\{\*\})", template)
        pattern = "".join(
            {"{branch}": "(?P<branch>.+?)", "{*}": ".*?"}.get(part, re.escape(part)) for part in parts
        )
        found = re.fullmatch(pattern + r"( [0-9a-f]{10})?( \d+)?", job, re.DOTALL)
        if found:
            return found["branch"]
    return ""
