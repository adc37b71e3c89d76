"""A source as a row of the plan: what happens to it, where, why, and what is remembered of it."""

from __future__ import annotations

from dataclasses import dataclass

from l10nsync.model import Sent
from l10nsync.plan.push.facts import PushFacts
from l10nsync.plan.push.own_namespace import present_namespace
from l10nsync.plan.push.source import Comparison
from l10nsync.plan.push.unchanged import is_authorized, locales_asked_for
from l10nsync.plan.reasons import Action, Awaits, Brings, Reason, Rival
from l10nsync.plan.strings import StringId
from l10nsync.plan.values import SourceChange, settings_digest


@dataclass(frozen=True, slots=True)
class Why:
    """Why something is sent, or is not: in words, and what follows from it."""

    reason: Reason
    detail: str = ""
    """One more sentence if the reason alone is not enough."""
    brings: Brings = Brings.NOTHING
    awaits: Awaits = Awaits.NOTHING
    rival: Rival = Rival.NOBODY


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a source goes on the TMS."""

    namespace: str
    held: frozenset[StringId] = frozenset()
    """The strings that nobody pays for again, as far as that matters for the source."""
    seen: frozenset[StringId] = frozenset()
    """Those of them that its own files have, or had under earlier paths."""
    came_from: str = ""
    """The fileUri of a file without a source that had its strings; empty for none."""


def change_of(found: Comparison, to: Destination, action: Action, why: Why) -> SourceChange:
    """Return the row for a source; nothing is counted in it yet."""
    source = found.source
    return SourceChange(
        action=action,
        reason=why.reason,
        project=source.project,
        resource=source.resource,
        path=source.path,
        uri=found.uri,
        file_type=source.file_type,
        namespace=to.namespace,
        locales=source.locales,
        directives=source.directives,
        charset=source.charset,
        blob=found.blob,
        last_uploaded=found.listed.last_uploaded if found.listed else "",
        detail=why.detail,
        brings=why.brings,
        awaits=why.awaits,
        rival=why.rival,
        renamed_from=to.came_from if action is Action.UPLOAD else "",
        moves=to.namespace != present_namespace(found),
    )


def memory_of(facts: PushFacts, found: Comparison, to: Destination) -> Sent | None:
    """Return what a later run may rely on while the server shows the same `last_uploaded`."""
    if found.listed is None:
        return None
    return Sent(
        uri=found.listed.uri,
        last_uploaded=found.listed.last_uploaded,
        blob=found.blob,
        namespace=to.namespace,
        locales=tuple(sorted(locales_asked_for(facts, found))),
        settings=settings_digest(found.source.directives),
        authorized=is_authorized(facts, found),
        path=found.source.path,
        jobs=found.sent.jobs if found.sent else (),
    )
