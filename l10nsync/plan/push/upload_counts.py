"""What an upload brings: all its strings, the new ones among them, and what these may cost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from l10nsync.plan.push.facts import PushFacts
from l10nsync.plan.push.source import Comparison, content_to_send
from l10nsync.plan.push.source_change import Destination, Why, change_of
from l10nsync.plan.push.unchanged import locales_added, words_in_no_job
from l10nsync.plan.reasons import Action, Awaits, Brings, Reason
from l10nsync.plan.strings import StringId, string_ids, strings_or_none, words_of
from l10nsync.plan.values import SourceChange


def ids_of(facts: PushFacts, found: Comparison) -> Mapping[StringId, int]:
    """Return the source's strings as the service distinguishes them."""
    return string_ids(found.source, content_to_send(facts, found))


def counted(facts: PushFacts, found: Comparison, to: Destination, why: Why) -> SourceChange:
    """Return the upload with what it brings: all strings, the new ones, and what they may cost."""
    source = found.source
    ours = strings_or_none(source, content_to_send(facts, found))
    ids = ids_of(facts, found)
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
        change_of(found, to, action, why if may_order else unasked),
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
