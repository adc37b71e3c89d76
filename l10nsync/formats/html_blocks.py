"""HTML: every block of running text is a string, with the inline tags inside it; so is text in attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache, partial

from l10nsync.formats import inline, marks
from l10nsync.formats.coding import LineNumbers, decode
from l10nsync.formats.documents import Coding, Directives, Document, Fixed, Unit

CODING = Coding(declared="html")
_INLINE_TAGS = """
    a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark q ruby rt rp s
    samp small span strike strong sub sup time tt u var wbr
"""
_INLINE = frozenset(_INLINE_TAGS.split())
_SILENT = re.compile(
    r"<(script|style|textarea)\b.*?(?:</\1\s*>|\Z)|<pre\b.*?</pre\s*>", re.DOTALL | re.IGNORECASE
)
"""As in a browser, what is not closed goes on to the end of the file."""
_TAG = re.compile(
    r"""<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<[!?][^<>]*>|<(/?[A-Za-z][\w:-]*+)(?:"[^"]*"|'[^']*'|[^<>"'])*+>""",
    re.DOTALL,
)
_ATTRIBUTES = "title, alt"
_VARIANT = re.compile(r"""\sdata-sl-variant\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:
    """Read an HTML file; see `documents.Parse`. Scripts, styles and preformatted text are not strings."""
    text, encoding, bom = decode(data, charset, CODING)
    found = inline.directives(text)
    effective = {**directives, **found}
    joined = _INLINE | set(_names(effective.get("force_inline_for_tags", "")))
    spoken = _attributes(effective.get("include_translatable_attributes", _ATTRIBUTES))
    units: list[Unit] = []
    fixed: list[Fixed] = []
    lines = LineNumbers(text)
    for start, end, tag in _blocks(text, joined):
        if unit := _block(text, start, end, tag, lines):
            units.append(unit)
        else:
            for match in _TAG.finditer(text, start, end):
                units += _attribute_units(text, match, spoken, lines)
        if end < len(text) and (name := _TAG.match(text, end)) and name[1]:
            fixed.append(Fixed("tag", name[1].lower(), lines.at(end)))
            units += _attribute_units(text, name, spoken, lines)
    return Document(text, tuple(units), encoding, bom, found, marks=marks.of_html(text), fixed=tuple(fixed))


def pieces(value: str) -> list[tuple[int, int]]:
    """Return the spans of the strings in VALUE, which is HTML inside another file: one for each block."""
    found: list[tuple[int, int]] = []
    for start, end, _tag in _blocks(value, _INLINE):
        core = value[start:end].strip()
        if core and any(map(str.isalnum, _TAG.sub("", core))):
            begin = start + value[start:end].index(core)
            found.append((begin, begin + len(core)))
    return found


def _names(listed: str) -> list[str]:
    return [name.strip().lower() for name in listed.split(",") if name.strip()]


@lru_cache(maxsize=64)
def _attributes(listed: str) -> re.Pattern[str] | None:
    names = "|".join(map(re.escape, _names(listed)))
    return re.compile(rf"""\s({names})\s*=\s*(["'])(.*?)\2""", re.DOTALL | re.IGNORECASE) if names else None


def _block(text: str, start: int, end: int, tag: str, lines: LineNumbers) -> Unit | None:
    """Return the string between two block-level tags; TAG is the one before it."""
    raw = text[start:end]
    core = raw.strip()
    if not core or not any(map(str.isalnum, _TAG.sub("", core))):
        return None
    begin = start + raw.index(core)
    named = _VARIANT.search(tag) if "data-sl-variant" in tag else None
    variant = (named[1] or named[2] or "") if named else ""
    return Unit("", core, begin, begin + len(core), str, "", "", variant, lines.at(begin), markup=True)


def _attribute_units(
    text: str, tag: re.Match[str], spoken: re.Pattern[str] | None, lines: LineNumbers
) -> Iterator[Unit]:
    if spoken is None or "=" not in tag[0]:
        return
    for found in spoken.finditer(text, tag.start(), tag.end()):
        if any(map(str.isalnum, found[3])):
            encode = partial(_encode, found[2])
            yield Unit("", found[3], *found.span(3), encode, line=lines.at(found.start(3)), markup=True)


def _encode(quote: str, text: str) -> str:
    return text.replace(quote, "&quot;" if quote == '"' else "&#39;")


def _blocks(text: str, joined: frozenset[str]) -> Iterator[tuple[int, int, str]]:
    """Yield the spans between block-level tags, with the tag before each."""
    silent = dict(found.span() for found in _SILENT.finditer(text))
    position = start = 0
    tag = ""
    while found := _TAG.search(text, position):
        skipped = silent.get(found.start())
        position = skipped or found.end()
        name = (found[1] or "").lower().removeprefix("/")
        if skipped or name not in joined:
            yield start, found.start(), tag
            start, tag = position, found[0]
    yield start, len(text), tag
