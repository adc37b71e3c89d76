"""What is decided about a target before anything is downloaded."""

from __future__ import annotations

from dataclasses import replace

from l10nsync.model import fold
from l10nsync.plan.asking import need
from l10nsync.plan.counts import completion
from l10nsync.plan.pull.delivered import not_uploaded, written
from l10nsync.plan.pull.target import Decision, PullTarget
from l10nsync.plan.reasons import Action, Awaits, Reason
from l10nsync.plan.strings import has_strings


def first_look(target: PullTarget) -> Decision | None:
    """Return what happens to a target for which no translation is needed; None where one has to come."""
    if target.local is not None and target.local.unreadable:
        return target.change(Action.HOLD, Reason.UNAVAILABLE, target.local.unreadable), None
    if target.wanted is None:
        return _copied(target)
    if target.is_known:
        return (target.unchanged() if target.stands else target.unpublished()), None
    # Whether there is anything to translate and whether the TMS has it is asked in target round.
    need(lambda: _has_no_strings(target), lambda: _is_uploaded(target))
    if _has_no_strings(target):
        return target.kept(Reason.NO_STRINGS), None
    if not _is_uploaded(target):
        return not_uploaded(target), None
    if shortfall := _shortfall(target):
        kept = target.kept(Reason.BELOW_COMPLETION, shortfall)
        return replace(kept, awaits=Awaits.PUBLICATION), None
    return None


def _copied(target: PullTarget) -> Decision:
    original = target.facts.content(target.blob)
    same = target.stands and target.local is not None and target.local.content == original
    if original is None or same:
        return target.unchanged(), None
    return written(target, original)


def _has_no_strings(target: PullTarget) -> bool:
    """Whether the source has nothing to translate: a push leaves it out, whatever the TMS has of it."""
    original = target.facts.content(target.blob)
    return original is not None and not has_strings(target.source, original)


def _is_uploaded(target: PullTarget) -> bool:
    """Whether the TMS has the source; what was published, or came with the last pull, is there."""
    record, uri = target.record, target.source.file_uri
    was_seen = bool(target.date or (record and record.source_blob and record.uri == uri))
    if was_seen and target.facts.remote.files is None:
        return True
    return fold(uri) in target.facts.files


def _shortfall(target: PullTarget) -> str:
    """Return by how much the completion is too low; empty if it is not."""
    least = target.source.pull.min_completion
    if not least:
        return ""
    status = target.facts.status(target.source.file_uri)
    for locale in target.locales:
        done = completion(status, locale)
        if done < least.of(locale):
            return f"{done} % of {least.of(locale)} %"
    return ""
