"""What a pull writes for a file that was delivered: its own bytes, or what changed in the layout at hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
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

    made = _restyled(
        file_type, named(delivered), source, target, style, directives, charset, published=published
    )
    return named(made)


def _restyled(
    file_type: str,
    delivered: bytes,
    source: bytes,
    target: bytes | None,
    style: Literal["repo", "smartling"],
    directives: Directives,
    charset: str | None,
    *,
    published: bool,
) -> bytes:
    row = row_of(file_type)
    read = reader_of(row, directives, charset)
    if read is None or delivered == target:
        return delivered
    if row.join and target:
        return _joined(row, delivered, target, charset, published=published)
    if made := _as_twin(row, delivered, source, target, style, directives, charset):
        return made
    model = target or source
    plain = conform(delivered, model, file_type, charset)
    if _is_taken_whole(row):
        return delivered if style == "smartling" else plain
    try:
        new = read(delivered)
    except ContentError:
        return plain
    recast_data = _in_syntax_of(row, new, read_or_none(model, read))
    if recast_data is not None:
        delivered, new = recast_data, read(recast_data)
        plain = conform(delivered, model, file_type, charset)
    if target and _restyling.says(target, new, read):
        return target
    if style == "smartling":
        return delivered
    conformed = partial(conform, model=model, file_type=file_type, charset=charset)
    return _in_layout(new, target, source, read, conformed) or plain


def _as_twin(
    row: Format,
    delivered: bytes,
    source: bytes,
    target: bytes | None,
    style: Literal["repo", "smartling"],
    directives: Directives,
    charset: str | None,
) -> bytes | None:
    """Return what is kept of a translation that is its source with other texts; else None."""
    new = _twins.twin_of(row, source, delivered, directives, charset)
    if new is None:
        return None
    if target:
        here = _twins.twin_of(row, source, target, directives, charset)
        return target if here and here.texts == new.texts else None
    return new.in_layout_of_source() if style == "repo" else None


def _is_taken_whole(row: Format) -> bool:
    """Whether a file is never merged with another: it holds all locales, or its strings have no places."""
    return row.multilingual or row.whole


def _joined(row: Format, delivered: bytes, target: bytes, charset: str | None, *, published: bool) -> bytes:
    """Return a file for all locales with the translations delivered in it, whatever the style."""
    if row.join is None:
        return delivered
    try:
        return row.join(delivered, target, charset, published)
    except ContentError:
        return conform(delivered, target, row.name, charset)


def _in_layout(
    new: Document,
    target: bytes | None,
    source: bytes,
    read: Callable[[bytes], Document],
    conformed: Callable[[bytes], bytes],
) -> bytes | None:
    """Return a translation in the layout of TARGET, or else of SOURCE; None where neither can hold it."""
    delivered = read(conformed(new.replace({})))
    present = read_or_none(target, read) if target else None
    if present is not None and (made := _restyling.texts_alone(delivered, present, read)) is not None:
        return made
    first = read_or_none(source, read)
    like_source = _restyling.laid_out(delivered, first, read) if first else None
    if present is None:
        return like_source
    # What the target lacks comes in as the source has it or as it was delivered: as the target rather looks.
    donors = [*([read(conformed(like_source))] if like_source else []), delivered]
    donors.sort(key=lambda donor: _restyling.likeness(donor, present), reverse=True)
    layouts = (_restyling.laid_out(donor, present, read) for donor in donors)
    usual = conformed(like_source) if like_source else None
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
