"""Java `.properties`: logical lines, escapes, ISO-8859-1 or UTF."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from l10nsync.formats import inline
from l10nsync.formats.coding import LineNumbers, decode, escape
from l10nsync.formats.documents import Coding, Directives, Document, Fault, Unit

CODING = Coding(fallback="latin-1", escapes=True)
_LINE = re.compile(
    r"(?P<comment>[ \t\f]*[#!][^\r\n]*)"
    r"|(?P<blank>[ \t\f]*(?=\r|\n|\Z))"
    r"|[ \t\f]*(?P<key>(?:[^\\\r\n=: \t\f]++|\\(?:\r\n|[\s\S]))*+)"
    r"(?P<separator>(?:[ \t\f]++|\\(?:\r\n|\r|\n))*+(?:[=:](?:[ \t\f]++|\\(?:\r\n|\r|\n)[ \t\f]*+)*+)?)"
    r"(?P<value>(?:[^\\\r\n]++|\\(?:\r\n|[\s\S]))*+\\?)"
)
_BREAK = re.compile(r"\r\n|\r|\n")
_CONTINUED = re.compile(r"\\(?:\r\n|\r|\n)[ \t\f]*")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|([\s\S])|\Z)")
_PLAIN = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_WRITTEN = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f"}
_SPECIAL = re.compile(r"[\\\n\r\t\f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]|[\ud800-\udfff]")
_ESCAPED = re.compile(r"\\u[0-9A-Fa-f]{4}")


def unescape(raw: str) -> str:
    """Return the text of a key or value."""
    if "\\" not in raw:
        return raw
    text = _ESCAPE.sub(_character, _CONTINUED.sub("", raw))
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if "u" in raw else text


def _character(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return _PLAIN.get(found[2], found[2]) if found[2] else ""


def _encode(prefix: str, must_escape: Callable[[str], bool], text: str) -> str:
    """Return a value; PREFIX is the separator that a line with a key alone still needs."""
    raw = _SPECIAL.sub(lambda found: _WRITTEN[found[0]], text)
    raw = _CONTROL.sub(lambda found: escape(found[0]), raw)
    if raw[:1] in {" ", "=", ":"}:
        raw = "\\" + raw
    if not raw.isascii():
        raw = "".join(
            escape(character) if not character.isascii() and must_escape(character) else character
            for character in raw
        )
    return f"{prefix}{raw}" if raw else ""


def _escaping(text: str, encoding: str) -> Callable[[str], bool]:
    """Return which characters beyond ASCII this file escapes: by habit all, else those its encoding lacks."""
    if text.isascii() and _ESCAPED.search(text):
        return lambda _character: True
    if encoding in {"latin-1", "ascii"}:
        limit = "\xff" if encoding == "latin-1" else "\x7f"
        return lambda character: character > limit
    return lambda _character: False


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:  # noqa: ARG001 - see Parse
    """Read a `.properties` file; see `documents.Parse`. Nothing in it can be wrong but its encoding."""
    text, encoding, bom = decode(data, charset, CODING)
    units = tuple(_units(text, encoding))
    faults = tuple(_faults(text, units))
    return Document(text, units, encoding, bom, inline.directives(text), faults=faults)


_TOKEN = re.compile(r"\\(?:u([0-9A-Fa-f]{4})?|([\s\S])|\Z)")
_LOST = re.compile(r"[A-Za-z0-9]")


def _faults(text: str, units: tuple[Unit, ...]) -> Iterator[Fault]:
    r"""Yield escapes that Java refuses (`\u12`), and backslashes that it drops without a word (`C:\data`)."""
    if "\\" not in text:
        return
    lines = LineNumbers(text)
    for unit in units:
        for found in _TOKEN.finditer(text, unit.start, unit.end):
            sign, shown = found[0], found[0]
            if sign == "\\u":
                shown = text[found.start() : min(found.start() + 6, unit.end)]
                message = f"`{shown}` is not a `\\uXXXX` escape, so Java refuses the whole file"
            elif found[2] and _LOST.fullmatch(found[2]) and found[2] not in _PLAIN:
                message = f"Java drops the backslash of `{sign}`"
            else:
                continue
            hint = "Write `\\\\` for a backslash."
            span = found.start(), found.start() + len(shown)
            yield Fault(unit.key, message, lines.at(found.start()), hint, span=span)


def _units(text: str, encoding: str) -> Iterator[Unit]:
    must_escape = _escaping(text, encoding)
    encode = partial(_encode, "", must_escape)
    skipped = inline.excluded(text)
    lines = LineNumbers(text)
    notes: list[str] = []
    position, size = 0, len(text)
    while position < size:
        found = _LINE.match(text, position)
        assert found is not None  # noqa: S101 - every alternative may be empty
        position = found.end()
        if found["comment"] is not None:
            notes.append(found["comment"].lstrip(" \t\f#!").rstrip())
        elif found["blank"] is not None:
            notes.clear()
        else:
            if not inline.is_excluded(found.start(), skipped):
                yield _unit(found, encode, partial(_encode, "=", must_escape), notes, lines)
            notes.clear()
        ending = _BREAK.match(text, position)
        position = ending.end() if ending else position


def _unit(
    found: re.Match[str],
    encode: Callable[[str], str],
    encode_with_sign: Callable[[str], str],
    notes: list[str],
    lines: LineNumbers,
) -> Unit:
    """Return the unit of a line; one with a key alone needs the `=` before a value can stand in it."""
    key = unescape(found["key"])
    start, end = found.span("value")
    separated = bool(found["separator"].strip("\\\r\n"))
    note = "\n".join(note for note in notes if not note.startswith("smartling."))
    return Unit(
        key,
        unescape(found["value"]),
        start,
        end,
        encode if separated else encode_with_sign,
        "",
        note,
        key,
        lines.at(found.start()),
    )
