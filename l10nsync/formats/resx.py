""".NET resources (`.resx`, `.resw`): the `data` elements that hold text."""

from __future__ import annotations

from collections.abc import Iterator

from l10nsync.errors import ContentError
from l10nsync.formats import inline, xmltree
from l10nsync.formats.coding import LineNumbers, decode
from l10nsync.formats.documents import Coding, Directives, Document, Unit
from l10nsync.formats.xmltree import Element

CODING = Coding(declared="xml")


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:  # noqa: ARG001 - see Parse
    """Read a resource file; see `documents.Parse`. Typed data and the designer's `>>` names are not text."""
    text, encoding, bom = decode(data, charset, CODING)
    root = xmltree.read(text)
    if root.local != "root":
        raise ContentError(f"not a .NET resource file: the root element is <{root.name}>", line=1, column=1)
    return Document(text, tuple(_units(text, root)), encoding, bom, inline.directives(text))


def _units(text: str, root: Element) -> Iterator[Unit]:
    skipped = inline.excluded(text)
    lines = LineNumbers(text)
    for element in root.named("data"):
        name = element.attributes.get("name", "")
        typed = "type" in element.attributes or "mimetype" in element.attributes
        value = element.child("value")
        if typed or value is None or name.startswith(">>") or inline.is_excluded(element.start, skipped):
            continue
        comment = element.child("comment")
        note = xmltree.unescape(comment.raw(text)) if comment else ""
        held = xmltree.content(text, value)
        yield Unit(
            name, held.text, held.start, held.end, held.encode, "", note, name, lines.at(held.start),
            markup=held.markup,
        )  # fmt: skip
