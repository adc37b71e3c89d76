"""What a push does with one source, and why, once it is known which namespace it goes into."""

from __future__ import annotations

from dataclasses import replace

from l10nsync.plan.absent import why_never_sent
from l10nsync.plan.push.facts import PushFacts
from l10nsync.plan.push.own_namespace import chosen_namespace, home_namespace
from l10nsync.plan.push.source import Comparison
from l10nsync.plan.push.source_change import Destination, Why, change_of, memory_of
from l10nsync.plan.push.unchanged import changed_directives, locales_added, locales_in_no_job
from l10nsync.plan.push.unsendable import LACKING, shrunk, unsendable
from l10nsync.plan.push.upload_counts import counted, ids_of
from l10nsync.plan.reasons import Action, Awaits, Brings, Reason
from l10nsync.plan.strings import Strings
from l10nsync.plan.values import SourceChange


def standing(facts: PushFacts, found: Comparison) -> SourceChange | None:
    """Return what happens to a source that stays where it is; None for one whose content is sent.

    The latter is `moving`: it has to be placed before `moved` can say what happens to it.
    """
    at_home = Destination(home_namespace(facts, found))
    if never := why_never_sent(found.source, committed=bool(found.blob)):
        reason, awaits = never
        detail = "commit it to send it, or use --worktree" if awaits is Awaits.COMMIT else ""
        return change_of(found, at_home, Action.KEEP, Why(reason, detail, awaits=awaits))
    if not found.same:
        return unsendable(facts, found, at_home)
    why = _why_same(facts, found, at_home)
    if not why.brings:
        return replace(change_of(found, at_home, Action.KEEP, why), remember=memory_of(facts, found, at_home))
    if found.ours is None and facts.content(found.blob) is None:
        return change_of(found, at_home, Action.BLOCK, LACKING)
    if why.brings is Brings.NAMESPACE:
        return None
    ids = frozenset(ids_of(facts, found))
    return counted(facts, found, replace(at_home, held=ids, seen=ids), why)


def _why_same(facts: PushFacts, found: Comparison, at_home: Destination) -> Why:
    """Return why a source is sent again although the TMS holds its content; `unchanged` if it is not."""
    if facts.options.force and not facts.abilities.orders:  # nothing is ordered twice
        return Why(Reason.FORCED, brings=Brings.AGAIN)
    wanted = chosen_namespace(facts, found)
    if wanted and wanted != at_home.namespace:
        return Why(Reason.NAMESPACE_CHANGED, f"was {at_home.namespace!r}", Brings.NAMESPACE)
    if changed := changed_directives(facts, found):
        return Why(Reason.DIRECTIVES_CHANGED, ", ".join(changed), Brings.DIRECTIVES)
    if added := locales_added(facts, found):
        return Why(Reason.LOCALE_ADDED, ", ".join(added), Brings.LOCALES)
    if loose := locales_in_no_job(facts, found):
        return Why(Reason.IN_NO_JOB, ", ".join(loose), Brings.JOB)
    return Why(Reason.UNCHANGED)


def moved(facts: PushFacts, found: Comparison, to: Destination, sent: Strings) -> SourceChange:
    """Return what happens to a source that is placed; SENT is what all sources hold whose content is sent."""
    if why := shrunk(facts, found, to, sent):
        return change_of(found, to, Action.BLOCK, why)
    return counted(facts, found, to, _why_moved(facts, found, to))


def _why_moved(facts: PushFacts, found: Comparison, to: Destination) -> Why:
    if found.listed is None:
        if to.came_from:
            return Why(Reason.RENAMED, f"was {to.came_from}", Brings.MOVED_FILE)
        return Why(Reason.NEW, brings=Brings.FILE)
    before = home_namespace(facts, found)
    if facts.options.force and not facts.abilities.orders:
        return Why(Reason.FORCED, brings=Brings.AGAIN)
    if chosen_namespace(facts, found) and before != to.namespace:
        return Why(Reason.NAMESPACE_CHANGED, f"was {before!r}", Brings.NAMESPACE)
    if before != to.namespace:
        where = f"its strings are in namespace {to.namespace!r}"
        return Why(Reason.CONTENT_CHANGED, where, Brings.CONTENT)
    return Why(Reason.CONTENT_CHANGED, brings=Brings.CONTENT)
