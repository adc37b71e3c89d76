"""The plan of a prune: every file without a source is looked at; what is not known is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from l10nsync.plan.asking import Unknown, Wants, decide_all, need
from l10nsync.plan.prune.branches import ended_jobs, files_of_branches
from l10nsync.plan.prune.candidate import Candidate, orphans
from l10nsync.plan.prune.facts import PruneFacts
from l10nsync.plan.prune.needed import Needs
from l10nsync.plan.prune.safeguards import doubt_of
from l10nsync.plan.reasons import Action, Awaits, Reason
from l10nsync.plan.values import FileChange, JobEnd, Plan


def plan_prune(facts: PruneFacts) -> Plan | Wants:
    """Return what a prune of one project deletes, or what has to be known before that can be decided."""
    try:
        return _plan(facts)
    except Unknown as unknown:
        return unknown.wants


def _plan(facts: PruneFacts) -> Plan:
    need(lambda: facts.files)
    candidates = list(_candidates(facts))
    changes = decide_all(_first_look, candidates)
    doomed = [
        candidate
        for candidate, change in zip(candidates, changes, strict=True)
        if change.action is Action.DELETE
    ]
    looked_at = _second_look(Needs(facts, doomed), doomed)
    changes = [looked_at.get(change.uri, change) for change in changes]
    doubt = doubt_of(facts)
    return Plan(
        "prune",
        tuple(sorted(changes, key=lambda change: (change.project, change.uri))),
        notices=(doubt,) if doubt else (),
        ending=tuple(_endings(facts, changes)),
    )


def _candidates(facts: PruneFacts) -> Iterator[Candidate]:
    """Yield the files that need a decision."""
    for candidate in files_of_branches(facts, facts.branches) if facts.branches else orphans(facts):
        wanted = facts.resources is None or candidate.source.resource in facts.resources
        if wanted and candidate.key not in facts.present:
            yield candidate


def _first_look(candidate: Candidate) -> FileChange:
    """Return what happens to a file, as far as it is known without the others."""
    # Whether it is ours and whether it is needed is asked in one round.
    need(candidate.is_ours, candidate.not_pushed_since)
    if not candidate.is_ours():
        name = f"branch {candidate.branch!r}; by --ours" if candidate.branch else "content"
        detail = f"its {name} is not in this repository's history"
        return candidate.change(Action.KEEP, Reason.FOREIGN, detail)
    if not candidate.facts.abilities.delete:
        return candidate.change(Action.BLOCK, Reason.NOT_SUPPORTED, "the service cannot delete files")
    if path := candidate.not_pushed_since():
        detail = f"push {path} on the default branch first"
        kept = candidate.change(Action.KEEP, Reason.NOT_PUSHED_SINCE, detail)
        return replace(kept, awaits=Awaits.PUSH)
    reason = {"": Reason.ORPHAN, "merged": Reason.MERGED, "gone": Reason.GONE}[candidate.kind]
    detail = f"branch {candidate.branch}" if candidate.branch else ""
    return candidate.change(Action.DELETE, reason, detail)


def _second_look(needs: Needs, doomed: list[Candidate]) -> dict[str, FileChange]:
    """Return, by fileUri, what happens after all to files that somebody needs or works on."""
    decided: dict[str, FileChange] = {}
    takers = decide_all(needs.taker, doomed)
    for candidate, path in zip(doomed, takers, strict=True):
        if path:
            detail = f"{path} takes over strings of it; push that first"
            decided[candidate.listed.uri] = candidate.change(Action.KEEP, Reason.NEEDED, detail)
    left = [candidate for candidate in doomed if candidate.listed.uri not in decided]
    decide_all(lambda candidate: needs.translators(candidate, frozenset()), left)
    deleted: set[str] = set()
    for candidate in left:
        # Of two that hold the same strings the first may go, the other keeps them.
        work = needs.translators(candidate, frozenset(deleted))
        if work and needs.is_wanted(candidate):
            detail = f"{work.described}; {work.remedy}"
            decided[candidate.listed.uri] = candidate.change(Action.KEEP, Reason.IN_JOB, detail)
            continue
        deleted.add(candidate.key)
        if work:
            detail = f"not translated yet: {work.described}"
            decided[candidate.listed.uri] = candidate.change(Action.DELETE, Reason.ORPHAN, detail)
    return decided


def _endings(facts: PruneFacts, changes: list[FileChange]) -> Iterator[JobEnd]:
    """Yield the jobs of the branches that may be empty once CHANGES are carried out."""
    ended = list(ended_jobs(facts, changes))
    left = decide_all(lambda pair: pair[1] or not facts.is_used(pair[0].uid), ended)
    yield from (job for (job, _now), is_left in zip(ended, left, strict=True) if is_left)
