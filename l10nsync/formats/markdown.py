"""Markdown: every paragraph, heading and table cell is a string; code, front matter and raw HTML are none.

The blocks come from markdown-it-py. Where that is missing, the whole text is one unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from l10nsync.formats import whole
from l10nsync.formats.base import Coding, Directives, Document, Unit
from l10nsync.formats.coding import Lines, decode

CODING = Coding()
_FRONT = re.compile(r"---\r?\n.*?\r?\n---\r?\n", re.DOTALL)
_BREAK = re.compile(r"\n")


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:
    """Read a Markdown file; see `base.Parse`."""
    try:
        from markdown_it import MarkdownIt
    except ImportError:
        return whole.reader(CODING)(data, directives, charset)
    text, encoding, bom = decode(data, charset, CODING)
    front = _FRONT.match(text)
    skip = front.end() if front else 0
    tokens = MarkdownIt("commonmark").enable("table").parse(text[skip:].replace("\x00", "\ufffd"))
    return Document(text, tuple(_units(text, skip, tokens)), encoding, bom)


def _units(text: str, skip: int, tokens: list[Any]) -> Iterator[Unit]:
    starts = [skip, *(found.end() for found in _BREAK.finditer(text, skip))]
    lines = Lines(text)
    position = skip
    for token in tokens:
        if token.type != "inline" or token.map is None or not token.content.strip():
            continue
        begin = max(position, starts[min(token.map[0], len(starts) - 1)])
        end = starts[token.map[1]] if token.map[1] < len(starts) else len(text)
        found = _located(token.content, text, begin, end)
        if found is None:
            continue
        position = found.end()
        prefix = found[1] if found.lastindex else ""
        line = lines.at(found.start())
        yield Unit(
            "", token.content, *found.span(), partial(_encode, prefix, token.content, found[0]), line=line
        )


def _located(content: str, text: str, begin: int, end: int) -> re.Match[str] | None:
    """Return where the content of a block stands; its later lines may have markers before them."""
    lines = [re.escape(line) for line in content.split("\n")]
    expression = lines[0]
    for index, line in enumerate(lines[1:]):
        markers = r"[ \t>]*" if index else r"([ \t>]*)"
        expression += rf"[ \t]*\r?\n{markers}{line}"
    return re.compile(expression).search(text, begin, end)


def _encode(prefix: str, content: str, raw: str, text: str) -> str:
    if text == content:
        return raw  # its lines may have different markers
    return text.strip().replace("\n", f"\n{prefix}")
