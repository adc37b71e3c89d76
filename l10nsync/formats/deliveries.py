"""What a pull writes for a file that was delivered: its own bytes, or what changed in the layout at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from l10nsync.errors import ContentError
from l10nsync.formats import coding as _coding
from l10nsync.formats import restyling as _restyling
from l10nsync.formats import twins as _twins
from l10nsync.formats import unfinished as _unfinished
from l10nsync.formats.documents import NOTHING, Directives, Document, Format, Language
from l10nsync.formats.named_languages import named_like, named_safely
from l10nsync.formats.resource_files import read_or_none, reader_of, row_of


def restyle(  # noqa: PLR0913 - each is one thing that a manifest or a pull decides
    file_type: str,
    delivered: bytes,
    *,
    source: bytes,
    target: bytes | None = None,
    style: Literal["repo", "smartling"] = "repo",
    directives: Directives = NOTHING,
    charset: str | None = None,
    language: Language | None = None,
    published: bool = True,
) -> bytes:
    """Return the bytes to keep for a delivered translation; TARGET is the file that is there now, if any.

    TARGET itself where both say the same. Of a file for all locales the translations go into TARGET, whatever
    the style. Else, by STYLE: `smartling` is what was delivered; `repo` puts what
    changed into the layout of TARGET, or of SOURCE where there is none, and conforms what was delivered where
    neither can hold it. The result always reads back as what was delivered. Where a file names its language,
    it names LANGUAGE then; None: the one that was delivered. PUBLISHED: what arrives is finished.
    """

    def named(data: bytes) -> bytes:
        if language is None:
            return named_like(file_type, data, delivered, directives, charset)
        return named_safely(file_type, data, language, directives, charset, target, source)

    place = _DeliveryPlace(row_of(file_type), source, target, style, directives, charset)
    return named(_restyled(named(delivered), place, published=published))


@dataclass(frozen=True, slots=True)
class _DeliveryPlace:
    """Where a delivered translation goes: the files that are there, and how all of them are read."""

    row: Format
    source: bytes
    target: bytes | None
    style: Literal["repo", "smartling"]
    directives: Directives
    charset: str | None

    @property
    def model(self) -> bytes:
        """The file whose encoding and line ends a translation gets."""
        return self.target or self.source

    def conform(self, translation: bytes) -> bytes:
        """Return a translation with the encoding and the line ends of the model."""
        return conform(translation, self.model, self.row.name, self.charset)

    def twin_of(self, translation: bytes) -> _twins.Twin | None:
        """Return a translation as the source with other texts; None if it is more than that."""
        return _twins.twin_of(self.row, self.source, translation, self.directives, self.charset)


def _restyled(delivered: bytes, place: _DeliveryPlace, *, published: bool) -> bytes:
    row, target = place.row, place.target
    read = reader_of(row, place.directives, place.charset)
    if read is None or delivered == target:
        return delivered
    if row.join and target:
        return _joined(delivered, place, published=published)
    if made := _as_twin(delivered, place):
        return made
    if _is_taken_whole(row):
        return delivered if place.style == "smartling" else place.conform(delivered)
    try:
        new = read(delivered)
    except ContentError:
        return place.conform(delivered)
    recast_data = _in_syntax_of(row, new, read_or_none(place.model, read))
    if recast_data is not None:
        delivered, new = recast_data, read(recast_data)
    if target and _restyling.says(target, new, read):
        return target
    if place.style == "smartling":
        return delivered
    return _in_layout(new, place, read) or place.conform(delivered)


def _as_twin(delivered: bytes, place: _DeliveryPlace) -> bytes | None:
    """Return what is kept of a translation that is its source with other texts; else None."""
    new = place.twin_of(delivered)
    if new is None:
        return None
    if place.target:
        here = place.twin_of(place.target)
        return place.target if here and here.texts == new.texts else None
    return new.in_layout_of_source() if place.style == "repo" else None


def _is_taken_whole(row: Format) -> bool:
    """Whether a file is never merged with another: it holds all locales, or its strings have no places."""
    return row.multilingual or row.whole


def _joined(delivered: bytes, place: _DeliveryPlace, *, published: bool) -> bytes:
    """Return a file for all locales with the translations delivered in it, whatever the style."""
    if place.row.join is None or place.target is None:
        return delivered
    try:
        return place.row.join(delivered, place.target, place.charset, published)
    except ContentError:
        return place.conform(delivered)


def _in_layout(new: Document, place: _DeliveryPlace, read: Callable[[bytes], Document]) -> bytes | None:
    """Return a translation in the layout of the target, else of the source; None if neither can hold it."""
    delivered = read(place.conform(new.replace({})))
    present = read_or_none(place.target, read) if place.target else None
    if present is not None and (made := _restyling.texts_alone(delivered, present, read)) is not None:
        return made
    source = read_or_none(place.source, read)
    like_source = _restyling.laid_out(delivered, source, read) if source else None
    if present is None:
        return like_source
    # What the target lacks comes in as the source has it or as it was delivered: as the target rather looks.
    usual = place.conform(like_source) if like_source else None
    donors = [*([read(usual)] if usual else []), delivered]
    donors.sort(key=lambda donor: _restyling.likeness(donor, present), reverse=True)
    layouts = (_restyling.laid_out(donor, present, read) for donor in donors)
    return next((layout for layout in layouts if layout is not None), usual)


def _in_syntax_of(row: Format, document: Document, model: Document | None) -> bytes | None:
    """Return a file in the syntax of MODEL; None where its type has one syntax, or that cannot be."""
    if row.recast is None or model is None:
        return None
    return row.recast(document, model)


def recast(
    file_type: str, data: bytes, model: bytes, directives: Directives = NOTHING, charset: str | None = None
) -> bytes:
    """Return a file in the syntax of MODEL, where its type has several; DATA itself if that cannot be."""
    row = row_of(file_type)
    read = reader_of(row, directives, charset)
    if read is None or row.recast is None:
        return data
    document, ground = read_or_none(data, read), read_or_none(model, read)
    return (_in_syntax_of(row, document, ground) if document else None) or data


def conform(translation: bytes, model: bytes, file_type: str, charset: str | None = None) -> bytes:
    """Return a translation with encoding, byte order mark, line ends and final newline of MODEL.

    Opaque types, and what cannot be decoded, stay as they are.
    """
    row = row_of(file_type)
    if row.parse is None or not model:
        return translation
    try:
        ours, theirs = (_coding.decode(data, charset, row.coding) for data in (model, translation))
    except ContentError:
        return translation
    return _coding.restore(theirs, ours, row.coding)


def finished(
    file_type: str,
    made: bytes,
    delivered: bytes,
    directives: Directives = NOTHING,
    charset: str | None = None,
) -> bytes:
    """Return MADE without the marks of being untranslated on strings that DELIVERED translates.

    Only where both say the same, and not the source's own text. Nothing else is changed.
    """
    row = row_of(file_type)
    read = reader_of(row, directives, charset)
    if read is None or not row.unfinished or row.multilingual:
        return made
    try:
        return _unfinished.finished(read(made), read(delivered))
    except ContentError:
        return made
