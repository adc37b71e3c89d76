"""Why a source that has changed is not sent: it is empty, another's, damaged, or cut short."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from l10nsync.errors import ContentError
from l10nsync.plan.push.facts import PushFacts
from l10nsync.plan.push.own_namespace import home_namespace
from l10nsync.plan.push.owner import is_another_content, refused
from l10nsync.plan.push.source import Comparison
from l10nsync.plan.push.source_change import Destination, Why, change_of
from l10nsync.plan.reasons import Action, Reason, Rival
from l10nsync.plan.strings import Strings, lost_keys, strings_of, strings_or_none
from l10nsync.plan.values import SourceChange

SHRINK_LIMIT = 30
"""Percent of its keys that a source may lose before an upload is refused."""
LACKING = Why(Reason.UNREADABLE, "git does not have its content here")
"""As in a partial clone whose remote does not answer."""


def unsendable(facts: PushFacts, found: Comparison, at_home: Destination) -> SourceChange | None:
    """Return why a changed source cannot be sent; None if it can."""
    if found.ours is not None and not _has_strings(found):
        return replace(change_of(found, at_home, Action.KEEP, Why(Reason.NO_STRINGS)), empty=True)
    if refusal := refused(facts, found):
        rival, detail = refusal
        reason = Reason.SUPERSEDED if rival is Rival.NEWER else Reason.COLLISION
        return change_of(found, at_home, Action.BLOCK, Why(reason, detail, rival=rival))
    if found.ours is None:
        return change_of(found, at_home, Action.BLOCK, LACKING)
    try:
        strings_of(found.source, found.ours)
    except ContentError as error:
        if facts.options.accept_shrink:
            return None
        why = Why(Reason.UNREADABLE, f"{error}; --accept-shrink sends it as it is")
        return change_of(found, at_home, Action.BLOCK, why)
    return None


def _has_strings(found: Comparison) -> bool:
    """Whether there is anything to send; what cannot be read may have something."""
    content = found.ours or b""
    try:
        return bool(content.strip() and strings_of(found.source, content))
    except ContentError:
        return True


def shrunk(facts: PushFacts, found: Comparison, to: Destination, sent: Strings) -> Why | None:
    """Return why the source may be damaged: most of what it had is gone, and it is still that file."""
    if found.theirs is None or facts.options.accept_shrink or to.namespace != home_namespace(facts, found):
        return None
    # What somebody else has there was let through: it does not shrink, it is replaced.
    if is_another_content(facts, found):
        return None
    before = strings_or_none(found.source, found.theirs)
    ours = strings_or_none(found.source, found.ours or b"")
    # What another source of this push has taken along is not lost: the file was split, or renamed.
    elsewhere = Counter({string: sent[string] - ours[string] for string in before})
    lost = lost_keys(before - elsewhere, ours)
    if not before or lost * 100 <= SHRINK_LIMIT * before.total():
        return None
    detail = f"{lost} of {before.total()} strings would be removed; --accept-shrink sends it as it is"
    return Why(Reason.SHRUNK, detail)
