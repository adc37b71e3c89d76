"""Translations that differ from their source in texts alone: read once, judged and laid out against it.

A reader finds the place of every string, which takes most of the time of a pull. Of a type whose values can
be had much quicker than their places, a translation with just the names of its source needs no places of its
own: those of the source are enough. What is said here of a translation is always what its reader would lead
to; where that is not certain, nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, pairwise

from l10nsync.errors import ContentError
from l10nsync.formats import coding, judge, keep, placeholders, plural_keys
from l10nsync.formats.documents import Directives, Document, Format, Outline, Unit
from l10nsync.formats.table import TYPES

_AT_MOST = 1_000_000
"""Bytes of the largest file that is looked at this way: some are kept in memory."""
_PLURAL = "plural"
"""What a message pattern with plural forms has in it."""


@dataclass(frozen=True, slots=True)
class TwinSource:
    """A source with all that does not depend on its translations."""

    document: Document
    outline: Outline
    places: tuple[int, ...]
    """Of each unit, which one of the outline's strings it is."""
    others: tuple[int, ...]
    """The strings that are not units: instructions, directives, what is not translated."""
    spots: tuple[tuple[str, str, str, int], ...]
    """Of each unit, as `differ` names it."""
    gaps: tuple[str, ...]
    """The text before each unit, and after the last."""
    needs_check: frozenset[int]
    """Units that are looked at one by one: they hold signs of placeholders, or their length counts."""
    is_simple: bool
    """Whether nothing but the texts of single units can be wrong with a twin."""


@dataclass(frozen=True, slots=True)
class Twin:
    """A translation that has everything as its source has it, but for the texts."""

    source: TwinSource
    texts: tuple[str, ...]
    """One for each unit of the source."""

    def by_spot(self) -> dict[tuple[str, str, str, int], str]:
        """Return the texts by place."""
        return dict(zip(self.source.spots, self.texts, strict=True))

    def in_layout_of_source(self) -> bytes | None:
        """Return the source with these texts; None where its encoding might not hold them."""
        source, document = self.source, self.source.document
        if document.encoding != "utf-8" or document.pack is not None:
            return None
        parts = [source.gaps[0]]
        for unit, text, gap in zip(document.units, self.texts, source.gaps[1:], strict=True):
            parts += (document.text[unit.start : unit.end] if text == unit.text else unit.encode(text), gap)
        try:
            return document.bom + "".join(parts).encode()
        except UnicodeEncodeError:
            return None


def twin_of(
    row: Format, source: bytes, translation: bytes, directives: Directives, charset: str | None
) -> Twin | None:
    """Return what a translation says, if it is its source with other texts."""
    if row.outlines is None or max(len(source), len(translation)) > _AT_MOST:
        return None
    frozen = tuple(sorted(directives.items()))
    return _twin(row.name, source, translation, frozen, charset)


@lru_cache(maxsize=4)  # a translation is judged, restyled and remembered
def _twin(
    file_type: str,
    source: bytes,
    translation: bytes,
    frozen: tuple[tuple[str, str], ...],
    charset: str | None,
) -> Twin | None:
    row = TYPES[file_type]
    first = _source(file_type, source, frozen, charset)
    if first is None or row.outlines is None:
        return None
    try:
        text = coding.decode(translation, charset, row.coding).text
    except ContentError:
        return None
    found = row.outlines.read(text)
    if found is None or found.shape != first.outline.shape:
        return None
    ours, theirs = first.outline.strings, found.strings
    if any(ours[index] != theirs[index] for index in first.others):
        return None
    return Twin(first, tuple(theirs[index] for index in first.places))


@lru_cache(maxsize=4)  # a source is held against the translation of each of its locales
def _source(
    file_type: str, source: bytes, frozen: tuple[tuple[str, str], ...], charset: str | None
) -> TwinSource | None:
    row, directives = TYPES[file_type], dict(frozen)
    if row.parse is None or row.outlines is None:
        return None
    try:
        document = row.parse(source, directives, charset)
    except ContentError:
        return None
    outline = row.outlines.read(document.text)
    if outline is None or document.labels or document.marks or document.fixed or document.faults:
        return None
    numbers = {start: number for number, start in enumerate(row.outlines.starts(document.text))}
    places = tuple(numbers[unit.start] for unit in document.units)
    if not _are_read_alike(document, outline, places):
        return None
    return TwinSource(
        document,
        outline,
        places,
        tuple(sorted(set(numbers.values()) - set(places))),
        tuple(("", *place) for place, _unit in keep.placed(document)),
        _between(document),
        _needing_check(document.units),
        _is_simple(document, row, directives),
    )


def _are_read_alike(document: Document, outline: Outline, places: Sequence[int]) -> bool:
    """Whether the texts of a document are those that its outline has at PLACES."""
    return [outline.strings[place] for place in places] == [unit.value for unit in document.units]


def _between(document: Document) -> tuple[str, ...]:
    """Return what stands before, between and behind the strings of a file."""
    spans = chain.from_iterable((unit.start, unit.end) for unit in document.units)
    edges = [0, *spans, len(document.text)]
    return tuple(document.text[start:end] for start, end in list(pairwise(edges))[::2])


def _needing_check(units: Sequence[Unit]) -> frozenset[int]:
    """Return which strings a translation may break: they have a limit, or may hold placeholders."""
    return frozenset(
        index for index, unit in enumerate(units) if unit.limit or placeholders.may_hold(unit.text)
    )


def _is_simple(document: Document, row: Format, directives: Directives) -> bool:
    """Whether neither plural forms nor expressions of the manifest have a say."""
    style = placeholders.style(row.placeholders, {**directives, **document.directives})
    if style.custom or "markdown" in style.flavours or not judge.keyed(document, row):
        return False
    if any(unit.plural for unit in document.units):
        return False
    return not row.plural_keys or not plural_keys.may_fold(unit.key for unit in document.units)


def is_faultless(
    twin: Twin, row: Format, directives: Directives, *, locale: str, incomplete: str, translated: bool
) -> bool:
    """Return whether nothing at all is wrong with a translation, as far as that can be seen quickly.

    TRANSLATED: it must differ from the source.
    """
    source, texts = twin.source, twin.texts
    if not source.is_simple:
        return False
    if incomplete != "empty" and _is_emptied(source.document.units, texts):
        return False
    if translated and _says_nothing_new(source.document.units, texts):
        return False
    doubtful = source.needs_check | _doubtful(texts)
    if not doubtful:
        return True
    before, after = _parts(source.document, texts, sorted(doubtful))
    wrong = chain(
        judge.texts(before, after, row, directives),
        judge.patterns(before, after, row, directives, locale),
    )
    return next(wrong, None) is None


def _is_emptied(units: Sequence[Unit], texts: Sequence[str]) -> bool:
    return any(not text.strip() and unit.text.strip() for unit, text in zip(units, texts, strict=True))


def _says_nothing_new(units: Sequence[Unit], texts: Sequence[str]) -> bool:
    pairs = zip(units, texts, strict=True)
    return all(text.strip() in {"", unit.text.strip()} for unit, text in pairs)


def _doubtful(texts: Sequence[str]) -> set[int]:
    """Return which texts may hold placeholders, tags or plurals; all are asked at once: few files do."""
    whole, doubtful = "\n".join(texts), set[int]()
    if placeholders.may_hold(whole):
        doubtful |= {index for index, text in enumerate(texts) if placeholders.may_hold(text)}
    if _PLURAL in whole:
        doubtful |= {index for index, text in enumerate(texts) if _PLURAL in text}
    return doubtful


def _parts(document: Document, texts: Sequence[str], chosen: Sequence[int]) -> tuple[Document, Document]:
    """Return some units of a source, and the same with their translations."""
    units = tuple(document.units[index] for index in chosen)
    theirs = tuple(unit._replace(text=texts[index]) for unit, index in zip(units, chosen, strict=True))
    return replace(document, units=units), replace(document, units=theirs)
