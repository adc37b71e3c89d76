"""Qt Linguist `.ts` files: source and translation side by side, plural forms by index."""

from __future__ import annotations

from collections.abc import Iterator

from l10nsync.errors import ContentError
from l10nsync.formats import inline, xmltree
from l10nsync.formats.coding import LineNumbers, decode
from l10nsync.formats.documents import Coding, Directives, Document, Unit
from l10nsync.formats.xmltree import Element

CODING = Coding(declared="xml")
_GONE = frozenset({"vanished", "obsolete"})


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:  # noqa: ARG001 - see Parse
    """Read a `.ts` file; see `documents.Parse`. Obsolete messages are not units."""
    text, encoding, bom = decode(data, charset, CODING)
    root = xmltree.read(text)
    if root.local != "TS":
        raise ContentError(f"not a Qt translation file: the root element is <{root.name}>", line=1, column=1)
    marks = tuple(xmltree.marks(text, [root], "language", added=True))
    units = tuple(_units(text, root))
    return Document(text, units, encoding, bom, inline.directives(text), marks=marks)


def _units(text: str, root: Element) -> Iterator[Unit]:
    lines = LineNumbers(text)
    for context in root.named("context"):
        name = context.child("name")
        title = xmltree.unescape(name.raw(text)) if name else ""
        for message in context.named("message"):
            translation = message.child("translation")
            if translation is not None and translation.attributes.get("type") not in _GONE:
                yield from _message(text, title, message, translation, lines)


def _inner(text: str, message: Element, name: str) -> str:
    found = message.child(name)
    return xmltree.unescape(found.raw(text)) if found else ""


def _message(
    text: str, title: str, message: Element, translation: Element, lines: LineNumbers
) -> Iterator[Unit]:
    source, comment = _inner(text, message, "source"), _inner(text, message, "comment")
    key = "|".join(part for part in (title, message.attributes.get("id", ""), source, comment) if part)
    note = _inner(text, message, "extracomment") or comment
    line = lines.at(message.start)
    origin = message.child("source")
    forms = translation.named("numerusform")
    unfinished = translation.attributes.get("type") == "unfinished"
    edits = tuple(xmltree.without(text, translation, "type")) if unfinished else ()
    for index, form in enumerate(forms or [translation]):
        held = xmltree.content(text, form)
        plural = str(index) if forms else ""
        yield Unit(
            key, source, held.start, held.end, held.encode, plural, note, key, line, None, held.text,
            unfinished=edits, source_start=origin.content if origin else None,
        )  # fmt: skip
