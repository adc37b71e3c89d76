"""Glossaries as TBX (ISO 30042), in the spellings of versions 2 and 3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from l10nsync.errors import ContentError
from l10nsync.formats import xmltree
from l10nsync.formats.xmltree import Element, unescape

_CONCEPTS = frozenset({"termEntry", "conceptEntry"})
_LANGUAGES = ("langSet", "langSec")


class TermEntry(NamedTuple):
    """One entry: what a thing is called in each language."""

    terms: Mapping[str, tuple[str, ...]]
    """Language as the file spells it, in lower case and with hyphens, to its terms; any of them is right."""

    def of(self, locale: str) -> tuple[str, ...]:
        """Return the terms of LOCALE: those of the locale itself, else those of its language."""
        name = locale.replace("_", "-").lower()
        return self.terms.get(name) or self.terms.get(name.partition("-")[0], ())


def read_tbx(data: bytes) -> tuple[TermEntry, ...]:
    """Return the entries of a glossary; raise `ContentError` if it is not TBX."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ContentError("not UTF-8, which is required of TBX", line=line, column=1) from error
    root = xmltree.read(text)
    if root.local not in {"martif", "tbx"}:
        raise ContentError(
            f"<{root.local}> is not a glossary: TBX begins with <martif> or <tbx>", line=1, column=1
        )
    return tuple(_entry(element, text) for element in root.iter() if element.local in _CONCEPTS)


def _entry(concept: Element, text: str) -> TermEntry:
    found: dict[str, tuple[str, ...]] = {}
    for section in concept.named(*_LANGUAGES):
        language = section.attributes.get("xml:lang", "").replace("_", "-").lower()
        terms = (unescape(part.raw(text)).strip() for part in section.iter() if part.local == "term")
        found[language] = (*found.get(language, ()), *filter(None, terms))
    return TermEntry(found)
