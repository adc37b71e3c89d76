"""CSV by RFC 4180: every cell, or those in the columns that `paths` names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from l10nsync.errors import ContentError
from l10nsync.formats import inline, selection
from l10nsync.formats.coding import LineNumbers, decode, place
from l10nsync.formats.documents import Coding, Directives, Document, Fixed, Unit

MAX_CELLS = 500_000
"""Cells that a table may have: its places alone take some hundred megabytes then."""
CODING = Coding()
_SEPARATORS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}
_SIGNS = frozenset(",;\t|")
"""Signs that separate columns somewhere: after a closing quote they are hardly text."""
CellSpan = tuple[int, int]
"""The span of a cell, including quotes."""


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:
    """Read a table; see `documents.Parse`. `field_separator` and `string_encloser` change the signs."""
    text, encoding, bom = decode(data, charset, CODING)
    found = inline.directives(text)
    effective = {**directives, **found}
    named = effective.get("field_separator", "").strip(" '\"")
    separator = _SEPARATORS.get(named.lower(), named[:1]) or ","
    quote = effective.get("string_encloser", "").strip()[:1] or '"'
    rows = [
        row for row in _rows(text, separator, quote) if not inline.is_directive(text[row[0][0] : row[-1][1]])
    ]
    size = f"{len(rows)} × {max(map(len, rows), default=0)}"
    units = tuple(_units(text, rows, effective, separator, quote))
    return Document(text, units, encoding, bom, found, fixed=(Fixed("size of the table", size),))


def _rows(text: str, separator: str, quote: str) -> Iterator[list[CellSpan]]:
    plain = re.compile(rf"[^{re.escape(separator)}\r\n]*+")
    row: list[CellSpan] = []
    position = cells = 0
    while position <= len(text):
        cells += 1
        if cells > MAX_CELLS:
            line, column = place(text, position)
            raise ContentError(f"not read: more than {MAX_CELLS:,} cells", line=line, column=column)
        start, quoted = position, text.startswith(quote, position)
        end = _end_of_quoted(text, position, quote) if quoted else -1
        if end < 0:
            found = plain.match(text, position)
            end = found.end() if found else position
        elif text[end : end + 1] not in {*_SIGNS, "\r", "\n", ""}:  # text after the quote goes on, as in PHP
            found = plain.match(text, end)
            end = found.end() if found else end
        position = end
        row.append((start, position))
        following = text[position : position + 1]
        if following == separator:
            position += 1
        elif following in {"", "\r", "\n"}:
            yield row
            row = []
            position += 2 if text.startswith("\r\n", position) else 1
            if position >= len(text):
                return
        else:
            line, column = place(text, position)
            raise ContentError(
                "not valid CSV: text after a closing quote", line=line, column=column,
                hint="If no comma separates the columns, name their sign in the directive `field_separator`.",
            )  # fmt: skip


def _end_of_quoted(text: str, start: int, quote: str) -> int:
    """Return where a cell in quotes ends, a doubled quote being part of it; -1 if no quote follows.

    Where only doubled ones follow, the first of the last two is taken for the closing one.
    """
    at, last = start + 1, -1
    while (at := text.find(quote, at)) >= 0:
        if not text.startswith(quote, at + 1):
            return at + 1
        last, at = at + 1, at + 2
    return last


def value(text: str, cell: CellSpan, quote: str) -> str:
    """Return what a cell says; a line end inside it is one line feed."""
    raw = text[slice(*cell)]
    if raw[:1] == quote and len(raw) > 1:
        end = _end_of_quoted(raw, 0, quote)
        if 0 < end < len(raw):
            raw = f"{raw[: end - 1]}{raw[end:]}{quote}"
        return raw[1:-1].replace(quote * 2, quote).replace("\r\n", "\n")
    return raw


def _encode(quoted: bool, separator: str, quote: str, text: str) -> str:
    special = separator in text or quote in text or "\n" in text or "\r" in text or text != text.strip()
    return f"{quote}{text.replace(quote, quote * 2)}{quote}" if quoted or special else text


def _units(
    text: str, rows: list[list[CellSpan]], directives: Directives, separator: str, quote: str
) -> Iterator[Unit]:
    header = [value(text, cell, quote) for cell in rows[0]] if rows else []
    wanted = _columns(directives.get("paths", ""), header)
    keys = _columns(directives.get("source_key_paths", ""), header)
    notes = _columns(directives.get("string_instructions_paths", ""), header)
    first = 1 if directives.get("first_row_header", "").lower() in {"true", "on"} else 0
    lines = LineNumbers(text)
    for row in rows[first:]:
        values = [value(text, cell, quote) for cell in row]
        for index, cell in enumerate(row):
            if (wanted and index not in wanted) or index in keys or index in notes or cell[0] == cell[1]:
                continue
            encode = partial(_encode, text[cell[0]] == quote, separator, quote)
            key = _before(values, keys, index, "/")
            note = _before(values, notes, index, "\n")
            flags = selection.flag(directives, str(index + 1), *header[index : index + 1])
            yield Unit(key, values[index], *cell, encode, "", note, key, lines.at(cell[0]), flags=flags)


def _before(values: list[str], columns: list[int], index: int, joint: str) -> str:
    """Return what the columns to the left of a cell say; of all where none is to the left."""
    left = [column for column in columns if column < index]
    return joint.join(values[column] for column in left or columns if column < len(values))


def _columns(listed: str, header: list[str]) -> list[int]:
    """Return column indices for a list of numbers from 1 or of header names."""
    found: list[int] = []
    for part in filter(None, re.split(r"[,/\[\]\s]+", listed)):
        if not part.isdecimal() and part in header:
            found.append(header.index(part))
        elif part.isdecimal() and len(part) < 7 and int(part) > 0:
            found.append(int(part) - 1)
    return found
