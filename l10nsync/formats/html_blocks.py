"""HTML: every block of running text is a string, with the inline tags inside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from l10nsync.formats.base import Coding, Directives, Document, Unit
from l10nsync.formats.coding import Lines, decode

CODING = Coding(declared="html")
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "br",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "ruby",
        "rt",
        "rp",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_SILENT = re.compile(
    r"<(script|style|textarea)\b.*?(?:</\1\s*>|\Z)|<pre\b.*?</pre\s*>", re.DOTALL | re.IGNORECASE
)
"""As in a browser, what is not closed goes on to the end of the file."""
_TAG = re.compile(
    r"""<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<[!?][^>]*>|</?([A-Za-z][\w:-]*+)(?:"[^"]*"|'[^']*'|[^<>"'])*+>""",
    re.DOTALL,
)
_EDGE = re.compile(r"(?:\s+|<!--.*?-->|<br\s*/?>)*", re.DOTALL)


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:  # noqa: ARG001 - see Parse
    """Read an HTML file; see `base.Parse`. Scripts, styles and preformatted text are no strings."""
    text, encoding, bom = decode(data, charset, CODING)
    return Document(text, tuple(_units(text)), encoding, bom)


def _units(text: str) -> Iterator[Unit]:
    lines = Lines(text)
    for start, end in _blocks(text):
        raw = text[start:end]
        core = raw.strip()
        if core and any(map(str.isalnum, _TAG.sub("", core))):
            begin = start + raw.index(core)
            yield Unit("", core, begin, begin + len(core), str, line=lines.at(begin), markup=True)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans between block-level tags."""
    silent = dict(found.span() for found in _SILENT.finditer(text))
    position = start = 0
    while found := _TAG.search(text, position):
        skipped = silent.get(found.start())
        position = skipped or found.end()
        name = (found[1] or "").lower()
        if skipped or name not in _INLINE:
            yield start, found.start()
            start = position
    yield start, len(text)
