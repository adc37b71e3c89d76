"""The reader for text types without one of their own: one unit holds the whole text and never changes."""

from __future__ import annotations

from l10nsync.formats.coding import decode
from l10nsync.formats.documents import Coding, Directives, Document, Parse, Unit


def reader(coding: Coding) -> Parse:
    """Return a reader whose one unit is the text; replacing it gives the file as it was."""

    def parse(data: bytes, directives: Directives, charset: str | None) -> Document:  # noqa: ARG001 - see Parse
        text, encoding, bom = decode(data, charset, coding)
        unit = Unit("", text, 0, len(text), lambda _text: text, line=1)
        return Document(text, (unit,) if text.strip() else (), encoding, bom)

    return parse
