"""Why a prune is refused: a list of files that cannot be true, or too many deletions. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from l10nsync.model import fold
from l10nsync.plan.prune.facts import PruneFacts
from l10nsync.plan.reasons import Action
from l10nsync.plan.values import Plan

FEW_FILES = 3
"""Files that one prune deletes without a flag, however small the repository is."""
MOST_FILES = 10
"""Files that one prune deletes at most without a flag."""
MOST_PERCENT = 10
"""Percent of the repository's files on the TMS that more than `FEW_FILES` may be."""


def doubt_of(facts: PruneFacts) -> str:
    """Return why the list of files cannot be believed; empty if nothing speaks against it."""
    if facts.abilities.orders:
        return "an order is not a list of files, so the service cannot delete from it"
    files = facts.files
    present = {fold(source.file_uri) for source in facts.sources}
    sent = {key for key, sent in facts.memory.items() if sent.last_uploaded and key in present}
    missing = sent - files.keys()
    if sent and len(missing) * 2 > len(sent):
        return f"the list of files looks wrong: it lacks {len(missing)} of {len(sent)} files sent from here"
    if not facts.branches and not facts.present & files.keys():
        return "the list of files looks wrong: it lacks all files of this repository"
    return ""


def over_limit(plan: Plan, facts: Iterable[PruneFacts], limit: int | None) -> str:
    """Return why PLAN deletes more than may be deleted at once; empty if it does not."""
    deleted = plan.count(Action.DELETE)
    if limit is not None:
        return (
            f"{deleted} files would be deleted, more than --max-deletions {limit}" if deleted > limit else ""
        )
    if deleted <= FEW_FILES:
        return ""
    if deleted > MOST_FILES:
        return f"{deleted} files would be deleted, more than {MOST_FILES} at once"
    ours = deleted + sum(len(known.present & known.files.keys()) for known in facts)
    if deleted * 100 > MOST_PERCENT * ours:
        return f"{deleted} of our {ours} files on the TMS would be deleted, more than {MOST_PERCENT} %"
    return ""
