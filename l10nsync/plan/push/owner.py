"""Whose content a push would replace: read from git's history, and asked for only where that is silent."""

from __future__ import annotations

import re

from l10nsync.errors import ContentError
from l10nsync.model import Question, blob_id, fold
from l10nsync.plan.asking import Unknown, Wants
from l10nsync.plan.ownership import ClaimGrounds, ContentOrigin, OwnershipVerdict, judge, refusal
from l10nsync.plan.push.facts import PushFacts
from l10nsync.plan.push.source import Comparison
from l10nsync.plan.reasons import Rival
from l10nsync.plan.strings import WHOLE_FILE, strings_of, strings_or_none

_ANY = {"branch": r"\S*", "sha": r"[0-9a-f]*", "date": r"\d{4}-\d\d-\d\d", "user": r".*?", "pr": r"\d*"}
"""Placeholders of a job's name, and what their values look like: no branch has a space in its name."""


def refused(facts: PushFacts, found: Comparison) -> tuple[Rival, str] | None:
    """Return whose what the TMS has of a source is, and why it is not replaced; None if it is."""
    options, verdict = facts.options, verdict_on(facts, found)
    accepted = {
        OwnershipVerdict.NEWER: options.accept_superseded or options.force,
        OwnershipVerdict.SUPERSEDED: options.accept_superseded,
        OwnershipVerdict.COLLISION: options.accept_collision,
        OwnershipVerdict.UNTOLD: options.accept_collision,
    }
    if accepted.get(verdict, True):
        return None
    replaced = verdict in {OwnershipVerdict.NEWER, OwnershipVerdict.SUPERSEDED}
    rival = Rival.NEWER if replaced else Rival.STRANGER
    return rival, refusal(verdict, _origin(facts, found) or ContentOrigin())


def is_another_content(facts: PushFacts, found: Comparison) -> bool:
    """Whether what the TMS has is not an earlier state of the source: a push replaces it if it may."""
    return verdict_on(facts, found) in {
        OwnershipVerdict.NEWER,
        OwnershipVerdict.SUPERSEDED,
        OwnershipVerdict.COLLISION,
        OwnershipVerdict.UNTOLD,
    }


def is_alike_and_told(facts: PushFacts, found: Comparison) -> bool:
    """Whether an unknown content is replaced that is mostly ours; in a shallow clone most are unknown."""
    origin = _origin(facts, found)
    return verdict_on(facts, found) is OwnershipVerdict.ALIKE and origin is not None and not origin.cut


def verdict_on(facts: PushFacts, found: Comparison) -> OwnershipVerdict:
    """Return whose content would be replaced."""
    origin = _origin(facts, found)
    if origin is None:
        return OwnershipVerdict.OURS
    rival = _rival(found)
    remembered = facts.memory.get(fold(found.uri))
    claim = ClaimGrounds(
        on_default=facts.on_default,
        branched=found.source.branched,
        named=found.source.named,
        remembered=bool(found.sent or (remembered and rival and remembered.blob == rival[1])),
        alike=_is_alike(found),
        jobs=_has_job(facts, found),
    )
    verdict = judge(origin, claim)
    if verdict is OwnershipVerdict.ASK_HISTORY and rival:
        raise Unknown(Wants(histories=frozenset({rival})))
    if verdict is OwnershipVerdict.ASK_JOBS:
        raise Unknown(Wants(Question(holders=frozenset({found.uri}))))
    return verdict


def _rival(found: Comparison) -> tuple[str, str] | None:
    """Return path and blob id of what would be replaced; None where nothing would be."""
    if found.theirs is None or found.same or not found.takes_part:
        return None
    return found.source.path, blob_id(found.theirs, found.blob)


def _origin(facts: PushFacts, found: Comparison) -> ContentOrigin | None:
    """Return where git knows the content from that would be replaced; None where nobody asks."""
    rival = _rival(found)
    if rival is None or facts.origins is None or facts.abilities.orders:
        return None
    if rival not in facts.origins:
        raise Unknown(Wants(rivals=frozenset({rival})))
    return facts.origins[rival]


def _is_alike(found: Comparison) -> bool:
    """Whether at least half of the TMS's content is also ours; unreadable content is not."""
    content = found.theirs or b""
    try:
        theirs = strings_of(found.source, content)
    except ContentError:
        return not content.strip()
    if WHOLE_FILE in theirs:
        return False
    ours = strings_or_none(found.source, found.ours or b"")
    return (theirs & ours).total() * 2 >= theirs.total()


def _has_job(facts: PushFacts, found: Comparison) -> bool | None:
    """Whether a job that is called as ours are holds the file; None: not asked."""
    if not (facts.own_jobs and facts.abilities.jobs):
        return False
    names = facts.remote.holders.get(fold(found.uri))
    return None if names is None else any(_is_own_name(name, facts) for name in names)


def _is_own_name(name: str, facts: PushFacts) -> bool:
    """Whether a job is called as this repository calls its jobs: of any branch, time and number."""
    for template in facts.own_jobs:
        parts = re.split(r"(\{[a-z]+\})", template.replace("{repo}", facts.words.get("repo", "")))
        pattern = "".join(_ANY.get(part[1:-1], "") if part[:1] == "{" else re.escape(part) for part in parts)
        if re.fullmatch(rf"{pattern}( [0-9a-f]{{10}})?( \d+)?", name):
            return True
    return False
