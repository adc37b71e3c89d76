"""Translations that a newer file no longer has: found, and kept.

What a service delivers holds source text (or nothing) for a string that is not translated there. Where the
file of the repository has a translation for that string, the translation is the better of the two.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain, pairwise
from typing import NamedTuple

from l10nsync.errors import ContentError
from l10nsync.formats.documents import Document, Format, Unit
from l10nsync.formats.judge import keyed

UnitId = tuple[str, str, int]
"""Key, plural category, and the how many-th of these."""


class Lost(NamedTuple):
    """What would be lost, by its place in the file; the units are the repository's."""

    units: Mapping[UnitId, Unit]
    whole: bool = False
    """The strings have no keys: the file is kept as a whole or not at all."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys, each once, in the order of the file."""
        return tuple(dict.fromkeys(key for key, _plural, _number in self.units))


NOTHING_LOST = Lost({})


class TranslationVersions(NamedTuple):
    """A translation in the repository and as it is delivered, with its source."""

    source: Document
    local: Document
    delivered: Document
    bare: Document | None = None
    """The translation delivered without source text for what is not translated. What it holds is translated,
    even if it equals the source, unless all of it does: then it is hardly what was asked for."""
    past: Collection[Document] = ()
    """Earlier sources: a text of theirs is not a translation either, only older source text."""
    own: Collection[str] = ()
    """Plurals whose forms are keys of their own: those that are not delivered the service does not know."""


def lost(row: Format, versions: TranslationVersions) -> Lost:
    """Return the local translations for which the delivered file has source text, empty text or nothing."""
    source, local, delivered, bare, past, own = versions
    theirs = dict(placed(delivered))
    if not keyed(source, row):
        known, aged = _texts(source), _texts(source, *past)
        ours = {place: unit for place, unit in placed(local) if _says_more(unit, aged)}
        more = any(_says_more(unit, known) for unit in theirs.values())
        return NOTHING_LOST if more else Lost(ours, whole=True)
    texts, old = _texts_by_key(source), _texts_by_key(source, *past)
    there = {key for key, _plural, _number in theirs} | delivered.others
    translated = _translated(bare, texts) if bare else set()

    def is_gone(place: UnitId, key: str) -> bool:
        if place in theirs:
            return place not in translated and not _says_more(theirs[place], texts[key])
        return key not in there or key in own

    return Lost(
        {
            place: unit
            for place, unit in placed(local)
            if unit.key in texts and _says_more(unit, old[unit.key]) and is_gone(place, unit.key)
        }
    )


def _translated(bare: Document, texts: Mapping[str, set[str]]) -> set[UnitId]:
    units = dict(placed(bare))
    if not any(
        _says_more(unit, texts.get(unit.key, ())) or not unit.value.strip() for unit in units.values()
    ):
        return set()
    return {place for place, unit in units.items() if unit.value.strip()}


def placed(document: Document) -> Iterator[tuple[UnitId, Unit]]:
    """Yield the units of a file with their places, in its order."""
    seen: Counter[tuple[str, str]] = Counter()
    for unit in document.units:
        number = seen[unit.key, unit.plural]
        seen[unit.key, unit.plural] += 1
        yield (unit.key, unit.plural, number), unit


def _texts(*documents: Document) -> frozenset[str]:
    return frozenset(
        unit.text.strip() for unit in chain.from_iterable(document.units for document in documents)
    )


def _texts_by_key(*documents: Document) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        for unit in document.units:
            found[unit.key].add(unit.text.strip())
    return found


def _says_more(unit: Unit, texts: Collection[str]) -> bool:
    """Whether a unit says anything that its source does not."""
    text = unit.value.strip()
    return bool(text) and text not in texts


def kept(
    kept_units: Mapping[UnitId, Unit],
    source: Document,
    local: Document,
    delivered: Document,
    parse: Callable[[bytes], Document],
) -> bytes | None:
    """Return DELIVERED with the translations of LOCAL at the places given; None where that cannot be made.

    Strings that DELIVERED leaves out have to be put in, so the repository's own file or the source may have
    to serve as the ground. Whatever is returned reads back as just that.
    """
    wanted: dict[UnitId, tuple[Unit, Document]] = {
        **{place: (unit, delivered) for place, unit in placed(delivered)},
        **{place: (unit, local) for place, unit in kept_units.items()},
    }
    extended = _extended(delivered, local, kept_units, parse)
    return assembled(wanted, (delivered, local, source, *([extended] if extended else [])), parse)


def assembled(
    wanted: Mapping[UnitId, tuple[Unit, Document]],
    grounds: Iterable[Document],
    parse: Callable[[bytes], Document],
) -> bytes | None:
    """Return a file with just these strings, each with the file it comes from; None if none can hold them.

    It is the first of GROUNDS that has a place for every string.
    """
    values = {place: unit.value for place, (unit, _document) in wanted.items()}
    for ground in grounds:
        if wanted.keys() - {place for place, _unit in placed(ground)}:
            continue
        try:
            made = ground.splice(list(_edits(ground, wanted)))
            if {place: unit.value for place, unit in placed(parse(made))} == values:
                return made
        except ContentError:
            continue
    return None


def _extended(
    ground: Document, local: Document, units: Mapping[UnitId, Unit], parse: Callable[[bytes], Document]
) -> Document | None:
    """Return a file with entries of LOCAL put in after those that they follow there; None if that fails."""
    there = dict(placed(ground))
    ours = sorted(placed(local), key=lambda entry: entry[1].start)
    edits: list[tuple[int, int, str]] = []
    after, entry = -1, ""
    for (previous, before), (place, unit) in pairwise(ours):
        after = there[previous].end if previous in there else after
        if place in units and place not in there and after >= 0:
            entry += local.text[before.end : unit.end]
        else:
            edits += [(after, after, entry)] if entry else []
            entry = ""
            after = -1 if place not in there else after
    edits += [(after, after, entry)] if entry else []
    try:
        return parse(ground.splice(edits)) if edits else None
    except ContentError:
        return None


def _edits(
    ground: Document, wanted: Mapping[UnitId, tuple[Unit, Document]]
) -> Iterator[tuple[int, int, str]]:
    for place, unit in placed(ground):
        if place not in wanted:
            start, end = unit.remove or (unit.start, unit.end)
            yield start, end, "" if unit.remove else unit.encode("")
            continue
        new, document = wanted[place]
        if new.value != unit.value or new.markup != unit.markup:
            same = new.markup == unit.markup
            yield unit.start, unit.end, unit.encode(new.value) if same else document.text[new.start : new.end]
