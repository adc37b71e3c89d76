"""Whether what came is a translation at all, and which translations it would take away.

A service shows the source's text where it has no translation. A translation may also equal its source: a
download without source text separates them, and is requested only if that matters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.model import Source, Wanted
from l10nsync.plan import content
from l10nsync.plan.asking import need
from l10nsync.plan.pull.target import PullTarget
from l10nsync.plan.pull.wording import some, translations
from l10nsync.plan.reasons import Action, Reason
from l10nsync.plan.values import TargetChange


def is_source_text(target: PullTarget, came: bytes) -> bool:
    """Whether this is the source's own text and nothing says that it was published as a translation."""
    if not _looks_untranslated(target, came):
        return False
    proof = _proof(target)
    if proof is None:
        return True
    # Where it is what is here already, nobody has to be asked: nothing would change.
    is_here = target.local is not None and target.local.content == came
    shown = target.facts.fetched.get(proof) if is_here else target.facts.answer(proof)
    return shown is None or shown.content is None


def _looks_untranslated(target: PullTarget, came: bytes) -> bool:
    record, pair = target.record, target.wanted
    same = record and (record.uri, record.locale) == (target.source.file_uri, target.file.locale)
    if target.date or (record and same and record.date):
        return False
    if pair is None or pair.multilingual or pair.retrieval_type == "pseudo" or pair.incomplete == "skip":
        return False
    return _says_nothing_new(target.source, target.original, came)


def _says_nothing_new(source: Source, original: bytes, came: bytes) -> bool:
    """Whether every string of a translation is the source's own text, or empty."""
    try:
        ours, theirs = (
            formats.parse(source.file_type, data, content.reading(source), source.charset)
            for data in (original, came)
        )
    except ContentError:
        return False
    if ours is None or theirs is None:
        return original == came
    texts: dict[str, set[str]] = {}
    for unit in ours.units:
        texts.setdefault(unit.key, {""}).add(unit.text.strip())
    return all(unit.value.strip() in texts.get(unit.key, ()) for unit in theirs.units)


def _proof(target: PullTarget) -> Wanted | None:
    """Return the download that is answered only if the translation is published."""
    pair = target.wanted
    if pair is None or pair.retrieval_type != "published" or pair.multilingual:
        return None
    return replace(pair, incomplete="skip")


# --- what would go back -----------------------------------------------------------------------------------


def lost(target: PullTarget, fitting: bytes, came: bytes) -> formats.Kept:
    """Return what a translation would take from the file that is here; FITTING is what fits of what CAME."""
    is_pseudo = target.wanted is not None and target.wanted.retrieval_type == "pseudo"
    if target.here is None or target.facts.force or is_pseudo:
        return formats.Kept()
    found = _lost_with(target, fitting, (), None)
    if not found.strings:
        return found
    facts, path, bare = target.facts, target.source.path, _bare(target)
    # The replacement for a string that does not fit is ours: no download shows anything about it.
    if bare is None or (fitting != came and bare != target.wanted):
        return _lost_with(target, fitting, facts.earlier_contents(path), None)
    need(lambda: facts.earlier_contents(path), lambda: facts.answer(bare))
    return _lost_with(target, fitting, facts.earlier_contents(path), facts.answer(bare).content)


def _bare(target: PullTarget) -> Wanted | None:
    """Return the download that has no source text in place of translations; None where there is none."""
    kind, pair = formats.get(target.source.file_type), target.wanted
    if pair is None or pair.incomplete == "empty":
        return pair
    return replace(pair, incomplete="empty") if kind and kind.original_strings else None


def _lost_with(target: PullTarget, came: bytes, earlier: Iterable[bytes], bare: bytes | None) -> formats.Kept:
    source = target.source
    return formats.keep(
        source.file_type,
        [target.original, *earlier],
        target.here or b"",
        came,
        locale=target.file.locale,
        bare=bare,
        directives=content.reading(source),
        charset=source.charset,
    )


def with_lost(change: TargetChange, kept: formats.Kept) -> TargetChange:
    """Say that translations stay which the TMS does not have."""
    kept_count = f"{translations(kept.strings)} kept ({some(kept.keys)})"
    detail = f"{kept_count}: the TMS has only source text (--force writes it)"
    change = replace(change, kept=kept.keys, detail=change.detail or detail)
    return replace(change, reason=Reason.KEPT, current=False) if change.action is Action.KEEP else change
