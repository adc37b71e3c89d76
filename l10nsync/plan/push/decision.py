"""What a push does with one source, and why, once it is known which namespace it goes into."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from l10nsync.errors import ContentError
from l10nsync.model import Sent, fold
from l10nsync.plan.absent import why_never_sent
from l10nsync.plan.push.facts import SHRINK_LIMIT, PushFacts
from l10nsync.plan.push.owner import is_another_content, refused
from l10nsync.plan.push.source import Comparison, content_to_send
from l10nsync.plan.push.unchanged import (
    changed_directives,
    is_authorized,
    locales_added,
    locales_asked_for,
    locales_in_no_job,
    words_in_no_job,
)
from l10nsync.plan.reasons import Action, Awaits, Brings, Reason, Rival
from l10nsync.plan.strings import (
    StringId,
    Strings,
    lost_keys,
    string_ids,
    strings_of,
    strings_or_none,
    words_of,
)
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


_LACKING = Why(Reason.UNREADABLE, "git does not have its content here")
"""As in a partial clone whose remote does not answer."""


def standing(facts: PushFacts, found: Comparison) -> SourceChange | None:
    """Return what happens to a source that stays where it is; None for one whose content is sent.

    The latter is `moving`: it has to be placed before `moved` can say what happens to it.
    """
    at_home = Destination(home_namespace(facts, found))
    if never := why_never_sent(found.source, committed=bool(found.blob)):
        reason, awaits = never
        detail = "commit it to send it, or use --worktree" if awaits is Awaits.COMMIT else ""
        return _change(found, at_home, Action.KEEP, Why(reason, detail, awaits=awaits))
    if not found.same:
        return _unsendable(facts, found, at_home)
    why = _why_same(facts, found, at_home)
    if not why.brings:
        return replace(_change(found, at_home, Action.KEEP, why), remember=_memory(facts, found, at_home))
    if found.ours is None and facts.content(found.blob) is None:
        return _change(found, at_home, Action.BLOCK, _LACKING)
    if why.brings is Brings.NAMESPACE:
        return None
    ids = frozenset(_ids(facts, found))
    return _counted(facts, found, replace(at_home, held=ids, seen=ids), why)


def home_namespace(facts: PushFacts, found: Comparison) -> str:
    """Return the namespace of a source that is not placed: its file's, the default branch's, the rule's."""
    if found.sent:
        return found.sent.namespace
    if found.status:
        return found.status.namespace or found.source.namespace
    default = facts.memory.get(fold(found.source.default_uri)) if found.source.default_uri else None
    return default.namespace if default and default.last_uploaded else found.source.namespace


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


def chosen_namespace(facts: PushFacts, found: Comparison) -> str:
    """Return the namespace that the user chose for a source; empty where the content decides."""
    if forced := facts.forced.get(found.source.path):
        listed = facts.listed(forced)
        return facts.namespace_of(listed) if listed else ""
    return found.source.namespace if facts.options.accept_namespace_change else ""


def _unsendable(facts: PushFacts, found: Comparison, at_home: Destination) -> SourceChange | None:
    """Return why a changed source cannot be sent; None if it can."""
    if found.ours is not None and not _has_strings(found):
        return replace(_change(found, at_home, Action.KEEP, Why(Reason.NO_STRINGS)), empty=True)
    if refusal := refused(facts, found):
        rival, detail = refusal
        reason = Reason.SUPERSEDED if rival is Rival.NEWER else Reason.COLLISION
        return _change(found, at_home, Action.BLOCK, Why(reason, detail, rival=rival))
    if found.ours is None:
        return _change(found, at_home, Action.BLOCK, _LACKING)
    try:
        strings_of(found.source, found.ours)
    except ContentError as error:
        if facts.options.accept_shrink:
            return None
        why = Why(Reason.UNREADABLE, f"{error}; --accept-shrink sends it as it is")
        return _change(found, at_home, Action.BLOCK, why)
    return None


def _has_strings(found: Comparison) -> bool:
    """Whether there is anything to send; what cannot be read may have something."""
    content = found.ours or b""
    try:
        return bool(content.strip() and strings_of(found.source, content))
    except ContentError:
        return True


def moved(facts: PushFacts, found: Comparison, to: Destination, sent: Strings) -> SourceChange:
    """Return what happens to a source that is placed; SENT is what all sources hold whose content is sent."""
    if why := _shrunk(facts, found, to, sent):
        return _change(found, to, Action.BLOCK, why)
    return _counted(facts, found, to, _why_moved(facts, found, to))


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


def _shrunk(facts: PushFacts, found: Comparison, to: Destination, sent: Strings) -> Why | None:
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


def _ids(facts: PushFacts, found: Comparison) -> Mapping[StringId, int]:
    """Return the source's strings as the service distinguishes them."""
    return string_ids(found.source, content_to_send(facts, found))


def _counted(facts: PushFacts, found: Comparison, to: Destination, why: Why) -> SourceChange:
    """Return the upload with what it brings: all strings, the new ones, and what they may cost."""
    source = found.source
    ours = strings_or_none(source, content_to_send(facts, found))
    ids = _ids(facts, found)
    # What is ordered is ordered whole.
    held = frozenset[StringId]() if facts.abilities.orders else to.held
    new = {string: words for string, words in ids.items() if string not in held}
    unseen = ids.keys() - (held & to.seen)
    added = locales_added(facts, found) if why.brings is Brings.LOCALES else ()
    words, new_words = words_of(ours), sum(new.values())
    times = new_words * (len(source.locales) - len(added)) + words * len(added)
    may_order = source.job.authorize or facts.options.order_all or not facts.abilities.orders
    action = Action.UPLOAD if may_order else Action.KEEP
    unasked = Why(Reason.NOT_AUTHORIZED, awaits=Awaits.AUTHORIZATION)
    return replace(
        _change(found, to, action, why if may_order else unasked),
        strings=ours.total(),
        words=words,
        new_strings=len(new),
        new_words=new_words,
        unseen_strings=len(unseen),
        fresh=_fresh(facts, found, to, frozenset(ours), whole=bool(added)),
        fresh_locales=added or source.locales,
        words_to_translate=words_in_no_job(facts, found) if why.brings is Brings.JOB else times,
    )


def _fresh(
    facts: PushFacts,
    found: Comparison,
    to: Destination,
    ours: Collection[tuple[str, str, str]],
    *,
    whole: bool,
) -> frozenset[tuple[str, str]]:
    """Return key and plural category of those of OURS that are new, not just edited; WHOLE: of all."""
    keys = frozenset((key, plural) for key, plural, _text in ours)
    if whole or facts.abilities.orders or not to.held:
        return keys
    before = _content_before(facts, found)
    texts = {text for _variant, _plural, text in to.held}
    known = {(key, plural) for key, plural, _text in strings_or_none(found.source, before)}
    known |= {(key, plural) for key, plural, text in ours if text in texts}
    return keys - known


def _content_before(facts: PushFacts, found: Comparison) -> bytes:
    """Return what the source's own file holds, or the default branch's where it has none."""
    if found.theirs or found.listed or not found.source.default_uri:
        return found.theirs or b""
    default = facts.listed(found.source.default_uri)
    return facts.stored(default) if default else b""


def _memory(facts: PushFacts, found: Comparison, to: Destination) -> Sent | None:
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
    )


def _change(found: Comparison, to: Destination, action: Action, why: Why) -> SourceChange:
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
        moves=to.namespace != _present_namespace(found),
    )


def _present_namespace(found: Comparison) -> str:
    """Return the namespace that the file has; of a new one the rule's, with which it begins."""
    if found.sent:
        return found.sent.namespace
    return (found.status.namespace if found.status else "") or found.source.namespace
