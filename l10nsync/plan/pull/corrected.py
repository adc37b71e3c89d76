"""What somebody corrected here: it stays, and is named until the TMS has it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.formats import Spot
from l10nsync.model import Wanted
from l10nsync.plan import content, corrections
from l10nsync.plan.corrections import Changed, CorrectionEvidence, Corrections, TextBySpot
from l10nsync.plan.pull.target import PullTarget
from l10nsync.plan.pull.wording import conflicting, corrected_here, names_of
from l10nsync.plan.reasons import Action, Reason
from l10nsync.plan.values import TargetChange

_SECONDS = len("2026-01-01T00:00:00")
"""How precisely times are compared: characters of them."""


def corrected(target: PullTarget, came: bytes) -> Corrections:
    """Return the strings that differ from what CAME because somebody changed them here."""
    pair, here = target.wanted, target.here
    if here is None or pair is None or target.facts.force or target.is_edited:
        return Corrections()
    if pair.retrieval_type == "pseudo" or here == came or target.is_untouched:
        return Corrections()
    ours, theirs = target.texts(here), target.texts(came)
    spots = corrections.disputed(ours, theirs)
    if not spots:
        return Corrections()
    verdicts = corrections.judge(spots, _evidence(target, ours, theirs, pair))
    found = {side: tuple(spot for spot in spots if verdicts[spot] is side) for side in Changed}
    named = (*found[Changed.HERE], *found[Changed.BOTH])
    texts = {spot: (theirs[spot], ours[spot]) for spot in named}
    return Corrections(found[Changed.HERE], found[Changed.BOTH], texts)


def _evidence(target: PullTarget, ours: TextBySpot, theirs: TextBySpot, pair: Wanted) -> CorrectionEvidence:
    facts = target.facts
    asked = (pair.uri, pair.locale, pair.retrieval_type)
    return CorrectionEvidence(
        local=ours,
        delivered=theirs,
        remembered=_remembered(target, pair),
        sources=lambda: frozenset(_source_texts(target)),
        editions=lambda: facts.history_of(target.path),
        deepen=facts.require_older,
        # One version's parent is mostly the next version: two are enough to read each once.
        texts=lru_cache(maxsize=2)(lambda blob: target.texts(target.arrived(facts.content(blob) or b""))),
        published=target.date[:_SECONDS],
        since=facts.since[:_SECONDS] if pair.retrieval_type == "published" else "",
        translations=lambda: () if pair.multilingual else facts.translated(asked),
    )


def _remembered(target: PullTarget, pair: Wanted) -> corrections.Remembered:
    """Return what the service had at the last pull; nothing if that asked for something else."""
    record = target.record
    if record is None or (record.uri, record.locale) != (target.source.file_uri, target.file.locale):
        return {}
    same = record.options.partition("/")[0] == pair.retrieval_type
    return corrections.unpacked(record.texts) if same else {}


def _source_texts(target: PullTarget) -> Iterator[str]:
    """Yield the texts of the source, and of what it was before."""
    source = target.source
    for data in (target.original, *target.facts.earlier_contents(source.path)):
        with contextlib.suppress(ContentError):
            document = formats.parse(source.file_type, data, content.reading(source), source.charset)
            yield from (unit.text.strip() for unit in (document.units if document else ()))


def standing(target: PullTarget, found: Corrections) -> tuple[Spot, ...]:
    """Return the places whose text stays."""
    return found.here if _service_wins(target) else (*found.here, *found.both)


def _service_wins(target: PullTarget) -> bool:
    """Whether the TMS's text is taken where both have changed it."""
    return target.source.pull.corrections == "service"


def laid_over(target: PullTarget, came: bytes, spots: Sequence[Spot]) -> bytes | None:
    """Return what CAME with the texts of SPOTS as they are here; None where that cannot be written."""
    source = target.source
    return formats.laid_over(
        source.file_type,
        target.original,
        target.here or b"",
        came,
        spots,
        content.reading(source),
        source.charset,
    )


def with_corrections(target: PullTarget, change: TargetChange, found: Corrections) -> TargetChange:
    """Say what was corrected here; ask again next time, to say so again."""
    here, both = (names_of(spots, target.path) for spots in (found.here, found.both))
    parts = (corrected_here(here), conflicting(both, service_wins=_service_wins(target)), change.detail)
    if change.action is Action.KEEP and change.current:
        change = replace(change, reason=Reason.CONFLICT if both else Reason.CORRECTED)
    remember = change.remember
    if remember:
        before = target.record.texts if target.record else ""
        texts = corrections.settled(remember.texts, before, () if _service_wins(target) else found.both)
        remember = replace(remember, texts=texts, again=True)
    spots = (*found.here, *found.both)
    return replace(
        change,
        detail="; ".join(part for part in parts if part),
        remember=remember,
        overrides={name: found.texts[spot] for name, spot in zip((*here, *both), spots, strict=True)},
        spots=spots,
        corrected=tuple(dict.fromkeys(here)),
        conflicts=tuple(dict.fromkeys(both)),
    )
