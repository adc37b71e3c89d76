"""Final documents: the source document with every string translated, by what its name says it is."""

from __future__ import annotations

from collections.abc import Mapping

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.formats import Unit

How = str | Mapping[str, str]
"""`pseudo`, `source`, or texts by key or by source text; others stay as they are."""


def translated(name: str, content: bytes, language: str, how: How) -> bytes:
    """Return a document in LANGUAGE; one whose inside we do not read stays as it is."""
    kind = formats.detect(name)
    if kind is None:
        return content

    def text(unit: Unit) -> str | None:
        if not isinstance(how, str):
            return how.get(unit.key, how.get(unit.text, unit.text))
        if how == "source" or not unit.text.strip():
            return unit.text
        return formats.pseudo_translation(unit.text, kind.placeholders, language)

    try:
        return formats.translate(kind.name, content, text)
    except ContentError:
        return content
