"""What a pull does with a translation that has come, or has not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from l10nsync import formats
from l10nsync.model import Wanted, fold
from l10nsync.plan import content
from l10nsync.plan.absent import why_never_sent
from l10nsync.plan.asking import decide_all
from l10nsync.plan.pull.corrected import (
    TranslationStages,
    corrected,
    laid_over,
    remembering,
    standing,
    with_corrections,
)
from l10nsync.plan.pull.source_text import is_source_text, lost, with_lost
from l10nsync.plan.pull.target import Decision, PullTarget
from l10nsync.plan.pull.wording import first_finding, held_back, translations
from l10nsync.plan.reasons import Action, Awaits, Reason
from l10nsync.plan.strings import same_content
from l10nsync.plan.values import TargetChange

_OTHER_KEYS = frozenset({"key-extra", "key-missing"})
"""What a translation of a source with other strings has; nothing else that is wrong comes of versions."""


def delivered(target: PullTarget, pair: Wanted) -> Decision:
    """Return what happens to a target whose translation PAIR was asked for."""
    answer = target.facts.answer(pair)
    if answer.error is not None:
        if fold(target.source.file_uri) not in target.facts.files:
            return not_uploaded(target), None
        return target.change(Action.HOLD, Reason.UNAVAILABLE, str(answer.error)), None
    if answer.content is None:
        return target.unpublished(remember=True), None
    if target.blob and target.facts.content(target.blob) is None:
        detail = f"git does not have the content of {target.source.path} here"
        return target.change(Action.HOLD, Reason.UNREADABLE, detail), None
    return _judged(target, target.arrived(answer.content, delivered=True), outdated=answer.outdated)


def not_uploaded(target: PullTarget) -> TargetChange:
    """Return that a target waits for its source, and why that is not on the TMS."""
    committed = target.facts.is_committed(target.source.path)
    never = why_never_sent(target.source, committed=committed)
    reason, awaits = never or (Reason.NOT_UPLOADED, Awaits.UPLOAD)
    return replace(target.kept(reason), awaits=awaits)


def _judged(target: PullTarget, came: bytes, *, outdated: bool) -> Decision:
    if is_source_text(target, came):
        return target.unpublished(remember=True), None
    findings = target.findings(came)
    if not _errors(findings):
        return _taken(target, came, findings, came)
    if outdated:
        detail = "a translation of an earlier version does not fit"
        return target.unpublished(detail, remember=True), None
    return _without_bad_strings(target, came, findings)


def _without_bad_strings(target: PullTarget, came: bytes, findings: tuple[formats.Finding, ...]) -> Decision:
    """Return what is written of a translation some of whose strings do not fit; else it is held back."""
    good = _salvaged(target, came)
    change, made = _taken(target, good.content, (), came) if good else (None, None)
    if good is None or change is None or change.action is Action.BLOCK:
        if _is_of_another_version(target, came, findings):
            # Nothing is wrong with it, and no pull can change that: it is not there for our version yet.
            return replace(target.kept(Reason.OTHER_VERSION), awaits=Awaits.VERSION), None
        change = target.change(Action.HOLD, Reason.INVALID, first_finding(_errors(findings)))
        return replace(change, findings=findings), came
    detail = held_back(good)
    detail = f"{detail}; {change.detail}" if change.detail else detail
    reason = Reason.HELD if change.action is Action.KEEP else change.reason
    change = replace(
        change,
        reason=reason,
        detail=detail,
        findings=findings,
        held=good.bad,
        delivered=came,
        current=False,
    )
    return change, made


def _is_of_another_version(target: PullTarget, came: bytes, findings: Iterable[formats.Finding]) -> bool:
    """Whether a translation fits the source that the TMS has, and that is another version than ours."""
    if target.wanted is None or target.wanted.content is not None:
        return False  # what came was made of our own version
    if not any(finding.rule in _OTHER_KEYS for finding in findings):
        return False
    theirs = target.facts.original(target.source.file_uri)
    if theirs is None or same_content(target.source, target.original, theirs):
        return False
    return not _errors(target.findings(came, of=theirs))


def _salvaged(target: PullTarget, came: bytes) -> formats.Salvaged | None:
    """Return a translation without the strings that do not fit; None where it is taken as a whole or not."""
    if target.source.pull.invalid == "file":
        return None
    good = _salvaged_with(target, came, None)
    if good is None or not good.doubtful:
        return good
    # A text that is here may have been meant for an earlier source.
    return _salvaged_with(target, came, _history(target))


def _history(target: PullTarget) -> list[formats.TargetVersion]:
    """Return what each commit made of the target, and the source that it was made for."""
    facts, path = target.facts, target.source.path
    editions = facts.history_of(target.path)
    sources = decide_all(lambda edition: facts.content_in(edition.commit, path), editions)

    def content_of(blob: str) -> bytes:
        return target.arrived(facts.content(blob) or b"")

    return [
        formats.TargetVersion(
            content_of(edition.blob),
            tuple(content_of(blob) for blob in edition.before if blob.strip("0")),
            original,
        )
        for edition, original in zip(editions, sources, strict=True)
        if edition.blob.strip("0")
    ]


def _salvaged_with(
    target: PullTarget, came: bytes, history: Sequence[formats.TargetVersion] | None
) -> formats.Salvaged | None:
    source = target.source
    return formats.salvage(
        source.file_type,
        target.original,
        None if target.here is None else formats.PresentTarget(target.here, history),
        came,
        target.findings,
        incomplete=source.pull.incomplete,
        directives=content.reading(source),
        charset=source.charset,
    )


def _taken(
    target: PullTarget, fitting: bytes, findings: tuple[formats.Finding, ...], came: bytes
) -> Decision:
    """Decide about a translation that fits its source; CAME is what arrived, with what does not fit."""
    kept = lost(target, fitting, came)
    if kept.strings and kept.content is None:
        detail = f"{translations(kept.strings)} would become source text; --force writes it"
        return target.change(Action.BLOCK, Reason.BACKWARDS, detail), None
    whole = fitting if kept.content is None else kept.content
    stages = TranslationStages(came, fitting, whole)
    found = corrected(target, stages)
    mine = standing(target, found)
    over = laid_over(target, whole, mine) if mine else whole
    if over is None:
        change, made = replace(target.kept(Reason.CORRECTED, remember=True), current=True), None
    else:
        change, made = _styled(target, over, came)
        change = replace(change, findings=findings if change.action is Action.WRITE else ())
        change = with_lost(change, kept) if kept.strings else change
    change = with_corrections(target, change, found) if found.texts else change
    return remembering(target, change, stages, found, made), made


def _styled(target: PullTarget, whole: bytes, came: bytes) -> Decision:
    made = content.styled(target.source, target.file, whole, target.original, target.here, came)
    if target.local and target.stands and made == target.local.content:
        return target.unchanged(remember=True), None
    return written(target, made)


def written(target: PullTarget, made: bytes) -> Decision:
    """Return the write, unless somebody's work would be lost by it."""
    if target.is_edited and not target.facts.force:
        detail = "uncommitted changes would be lost; commit them, or use --force"
        return target.change(Action.BLOCK, Reason.EDITED, detail), None
    change = target.change(Action.WRITE, Reason.NEWER if target.stands else Reason.NEW)
    digest = hashlib.sha256(made).hexdigest()
    return replace(change, new=not target.stands, digest=digest, remember=target.to_remember(digest)), made


def _errors(findings: Iterable[formats.Finding]) -> list[formats.Finding]:
    return [finding for finding in findings if finding.severity == "error"]
