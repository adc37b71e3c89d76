"""What somebody corrected here: it stays, and is named until the TMS has it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.formats import WHOLE, Spot
from l10nsync.model import Wanted
from l10nsync.plan import content, corrections
from l10nsync.plan.corrections import Changed, CorrectionEvidence, Corrections, TextBySpot
from l10nsync.plan.pull.target import PullTarget
from l10nsync.plan.pull.wording import conflicting, corrected_here, names_of
from l10nsync.plan.reasons import Action, Reason
from l10nsync.plan.values import TargetChange

_SECONDS = len("2026-01-01T00:00:00")
"""How precisely times are compared: characters of them."""


@dataclass(frozen=True, slots=True)
class TranslationStages:
    """A translation on its way into a target."""

    came: bytes
    """What the service delivered."""
    fitting: bytes
    """The same, with other texts for strings that do not fit their source."""
    whole: bytes
    """The same, with the translations here in place of source text."""

    @property
    def is_altered(self) -> bool:
        """Whether texts stand in it that the service did not deliver."""
        return self.whole != self.came


def corrected(target: PullTarget, stages: TranslationStages) -> Corrections:
    """Return the strings that differ from what the service has because somebody changed them here."""
    pair, here = target.wanted, target.here
    if here is None or pair is None or not _may_be_corrected(target, pair, is_same=here == stages.came):
        return Corrections()
    ours, theirs = target.texts(here), target.texts(stages.came)
    held = _held(target, stages, ours, theirs)
    theirs = {**_taken_texts(target, stages, theirs), **{spot: theirs[spot] for spot in held}}
    spots = corrections.disputed(ours, theirs)
    if not spots:
        return Corrections()
    verdicts = corrections.judge(spots, _evidence(target, ours, theirs, pair))
    # A text that does not fit is no alternative to the one here.
    sides = {
        spot: Changed.HERE if side is Changed.BOTH and spot in held else side
        for spot, side in verdicts.items()
    }
    found = {side: tuple(spot for spot in spots if sides[spot] is side) for side in Changed}
    named = (*found[Changed.HERE], *found[Changed.BOTH])
    texts = {spot: (theirs[spot], ours[spot]) for spot in named}
    return Corrections(found[Changed.HERE], found[Changed.BOTH], texts)


def _may_be_corrected(target: PullTarget, pair: Wanted, *, is_same: bool) -> bool:
    """Whether what is here can be a correction that counts: somebody's own text, and not what came."""
    if target.facts.force or target.is_edited:
        return False
    return not (pair.retrieval_type == "pseudo" or is_same or target.is_untouched)


def _taken_texts(target: PullTarget, stages: TranslationStages, came: TextBySpot) -> TextBySpot:
    """Return the texts that a pull would take; what stands in it for the service's is nobody's."""
    if not stages.is_altered:
        return came
    whole = target.texts(stages.whole)
    # In a file without keys no string can be separated from the others.
    return {
        spot: text for spot, text in whole.items() if spot in came and (spot == WHOLE or came[spot] == text)
    }


def _held(
    target: PullTarget, stages: TranslationStages, ours: TextBySpot, came: TextBySpot
) -> frozenset[Spot]:
    """Return the places whose text here stays because the service's does not fit the source."""
    if stages.fitting == stages.came:
        return frozenset()
    fitting = target.texts(stages.fitting)
    if target.wanted and target.wanted.multilingual:
        fitting = {**ours, **fitting}  # what a catalog of all locales lacks stays as it is
    stay = (spot for spot, text in ours.items() if spot != WHOLE and fitting.get(spot) == text)
    return frozenset(spot for spot in stay if came.get(spot, ours[spot]) != ours[spot])


def _evidence(target: PullTarget, ours: TextBySpot, theirs: TextBySpot, pair: Wanted) -> CorrectionEvidence:
    facts = target.facts
    asked = (pair.uri, pair.locale, pair.retrieval_type)
    return CorrectionEvidence(
        local=ours,
        delivered=theirs,
        remembered=corrections.unpacked(target.base),
        sources=lambda: frozenset(_source_texts(target)),
        editions=lambda: facts.history_of(target.path),
        deepen=facts.require_older,
        # One version's parent is mostly the next version: two are enough to read each once.
        texts=lru_cache(maxsize=2)(lambda blob: target.texts(target.arrived(facts.content(blob) or b""))),
        published=target.date[:_SECONDS],
        since=facts.since[:_SECONDS] if pair.retrieval_type == "published" else "",
        translations=lambda: () if pair.multilingual else facts.translated(asked),
    )


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
    """Say what was corrected here."""
    here, both = (names_of(spots, target.path) for spots in (found.here, found.both))
    parts = (corrected_here(here), conflicting(both, service_wins=_service_wins(target)), change.detail)
    if change.action is Action.KEEP and change.current:
        change = replace(change, reason=Reason.CONFLICT if both else Reason.CORRECTED)
    spots = (*found.here, *found.both)
    return replace(
        change,
        detail="; ".join(part for part in parts if part),
        overrides={name: found.texts[spot] for name, spot in zip((*here, *both), spots, strict=True)},
        spots=spots,
        corrected=tuple(dict.fromkeys(here)),
        conflicts=tuple(dict.fromkeys(both)),
    )


def remembering(
    target: PullTarget,
    change: TargetChange,
    stages: TranslationStages,
    found: Corrections,
    made: bytes | None,
) -> TargetChange:
    """Return CHANGE with what the next pull compares with; it asks again, to say again what stays.

    MADE is what is written; None where the file stays.
    """
    remember = change.remember
    if remember is None or not (stages.is_altered or found.texts):
        return change
    ours = target.texts(target.here) if target.here else {}
    after = ours if made is None else target.texts(target.arrived(made))
    came = target.texts(stages.came)
    whole = target.texts(stages.whole)
    altered = {spot for spot, text in came.items() if whole.get(spot) != text}
    # Who changed a text that stays is asked again, once the service has one that can be taken.
    stay = {spot for spot in altered if spot in after and after[spot] == ours.get(spot)}
    both = set() if _service_wins(target) else set(found.both)
    replaced = {spot: after[spot] for spot in altered - stay - both if spot in after}
    texts = corrections.settled(remember.texts, target.base, stay | both)
    return replace(change, remember=replace(remember, texts=corrections.amended(texts, replaced), again=True))
