"""Apple `.strings`: `"key" = "value";` with C comments, in UTF-8 or UTF-16."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from l10nsync.errors import ContentError
from l10nsync.formats import inline, plist
from l10nsync.formats.coding import LineNumbers, decode, place
from l10nsync.formats.documents import CATEGORIES, Coding, Directives, Document, Fault, Unit

CODING = Coding()
_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<comment>/\*.*?\*/|//[^\r\n]*)"
    r'|"(?P<quoted>[^"\\]*(?:\\.[^"\\]*)*)"'
    r"|'(?P<single>[^'\\]*(?:\\.[^'\\]*)*)'"
    r"|(?P<bare>[\w.$/:-]+)"
    r"|(?P<sign>[=;{}])",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:U([0-9A-Fa-f]{1,4})|([0-7]{1,3})|(.))", re.DOTALL)
"""As Core Foundation reads them: `\\u203A` has no meaning, and is shown as `u203A`."""
_FOREIGN = re.compile(r"\\u([0-9A-Fa-f]{4})")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "\n": "\n"}
_SPECIAL = re.compile(r'[\\"\n\r\t\x00-\x1f]|[\ud800-\udfff]')
_WRITTEN = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_PLURAL = re.compile(r"(.*)##\{(" + "|".join(CATEGORIES) + r")\}", re.DOTALL)
_END = re.compile(r"[ \t]*\r?\n")
_NO_COMMENT = "No comment provided by engineer."


def unescape(raw: str) -> str:
    """Return the text of a quoted string; a line end inside it is one line feed."""
    if "\r" in raw:
        raw = raw.replace("\r\n", "\n")
    if "\\" not in raw:
        return raw
    text = _ESCAPE.sub(_character, raw)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if "\\U" in raw else text


def _character(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return chr(int(found[2], 8)) if found[2] else _PLAIN.get(found[3], found[3])


def _encode(text: str) -> str:
    return _SPECIAL.sub(lambda found: _WRITTEN.get(found[0]) or f"\\U{ord(found[0]):04X}", text)


def _encode_single(text: str) -> str:
    return _encode(text).replace('\\"', '"').replace("'", "\\'")


def _encode_bare(text: str) -> str:
    return f'"{_encode(text)}"'


def _encode_added(key: str, text: str) -> str:
    """Return what gives a key that stands for itself another text."""
    return "" if text == key else f' = "{_encode(text)}"'


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:  # noqa: ARG001 - see Parse
    """Read a `.strings` file; see `documents.Parse`. It may also be an XML or a binary property list."""
    if data.startswith(plist.MAGIC):
        text, pack = plist.unpacked(data)
        return Document(text, tuple(_listed(text)), pack=pack)
    text, encoding, bom = decode(data, charset, CODING)
    if plist.is_xml(text):
        return Document(text, tuple(_listed(text)), encoding, bom, inline.directives(text))
    units = tuple(_units(text))
    faults = tuple(_faults(text, units))
    return Document(text, units, encoding, bom, inline.directives(text), faults=faults)


def _faults(text: str, units: tuple[Unit, ...]) -> Iterator[Fault]:
    r"""Yield escapes that other languages have (`\u203A`): Apple's reader drops the backslash alone."""
    lines = LineNumbers(text)
    for unit in units if "\\u" in text else ():
        for found in _ESCAPE.finditer(text, unit.start, unit.end):
            digits = _FOREIGN.match(text, found.start(), unit.end)
            if digits:
                message = f"`{digits[0]}` is shown as `{digits[0][1:]}`"
                hint = f"Write `\\U{digits[1]}`."
                yield Fault(unit.key, message, lines.at(found.start()), hint, span=digits.span())


def _listed(text: str) -> Iterator[Unit]:
    """Yield the strings of an XML property list."""
    lines = LineNumbers(text)
    for entry in plist.entries(text):
        name, category = _named(entry.key)
        held = entry.content
        yield Unit(
            name, held.text, held.start, held.end, held.encode, category, entry.note, name,
            lines.at(held.start), (entry.start, entry.end),
        )  # fmt: skip


def recast(document: Document, model: Document) -> bytes | None:
    """Return the strings of a file in the syntax of MODEL: quoted, or as a property list; None if it is."""
    if (plist.is_xml(document.text), document.pack is None) == (plist.is_xml(model.text), model.pack is None):
        return None
    strings = ((_key(unit), unit.value) for unit in document.units)
    if plist.is_xml(model.text):
        return model.splice([plist.filled(model.text, strings)])
    return "".join(f'"{_encode(key)}" = "{_encode(value)}";\n' for key, value in strings).encode()


def _key(unit: Unit) -> str:
    return f"{unit.key}##{{{unit.plural}}}" if unit.plural else unit.key


def _named(key: str) -> tuple[str, str]:
    """Return the name and the plural category that a key says."""
    plural = _PLURAL.fullmatch(key)
    return (plural[1], plural[2]) if plural else (key, "")


def _tokens(text: str) -> Iterator[re.Match[str]]:
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise _wrong(text, position, f"unexpected {text[position]!r}")
        yield found
        position = found.end()


def _wrong(text: str, position: int, message: str) -> ContentError:
    line, column = place(text, position)
    return ContentError(f"not a valid .strings file: {message}", line=line, column=column)


def _inside(text: str) -> Iterator[re.Match[str]]:
    """Yield the tokens without the braces that may be around all of them."""
    first, opened = True, False
    for token in _tokens(text):
        counts = token["space"] is None and token["comment"] is None
        if counts and token["sign"] == ("{" if first else "}") and first != opened:
            opened = first
        else:
            yield token
        first = first and not counts
    if opened:
        raise _wrong(text, len(text), "the brace around all entries is not closed")


_ORDER = (frozenset({None}), frozenset({"=", ";"}), frozenset({None}), frozenset({";"}))
"""The signs of an entry's tokens, None for a string: `key = value;`, or `key;`, which stands for itself."""


def _entries(text: str) -> Iterator[tuple[re.Match[str] | None, list[re.Match[str]]]]:
    """Yield the tokens of each entry, with the comment right before it."""
    comment: re.Match[str] | None = None
    tokens: list[re.Match[str]] = []
    for token in _inside(text):
        if token["space"] is not None:
            if not tokens and token[0].count("\n") > 1:
                comment = None
        elif token["comment"] is not None:
            comment = comment if tokens else token
        elif token["sign"] not in _ORDER[len(tokens)]:
            raise _wrong(text, token.start(), f"unexpected {token[0][:20]!r}")
        else:
            tokens.append(token)
            if token["sign"] == ";":
                yield comment, tokens
                comment, tokens = None, []
    if tokens:
        raise _wrong(text, len(text), "the last entry is not finished")


def _units(text: str) -> Iterator[Unit]:
    lines, skipped = LineNumbers(text), inline.excluded(text)
    for comment, tokens in _entries(text):
        key, end = tokens[0], tokens[-1]
        if inline.is_excluded(key.start(), skipped):
            continue
        value = tokens[2] if len(tokens) == len(_ORDER) else None
        note, begin = (_note(comment[0]), comment.start()) if comment else ("", key.start())
        yield _unit(key, value, note, lines.at(key.start()), _entry(text, begin, end.end()))


def _entry(text: str, start: int, end: int) -> tuple[int, int]:
    """Return an entry with the rest of its line."""
    rest = _END.match(text, end)
    return start, rest.end() if rest else end


def _text(token: re.Match[str]) -> str:
    return token["bare"] if token["bare"] is not None else unescape(token["quoted"] or token["single"] or "")


def _unit(
    key: re.Match[str], value: re.Match[str] | None, note: str, line: int, remove: tuple[int, int]
) -> Unit:
    name, category = _named(_text(key))
    encode: Callable[[str], str]
    if value is None:
        (start, end), encode = (key.end(), key.end()), partial(_encode_added, _text(key))
        return Unit(name, _text(key), start, end, encode, category, note, name, line, remove)
    if value["quoted"] is not None:
        (start, end), encode = value.span("quoted"), _encode
    elif value["single"] is not None:
        (start, end), encode = value.span("single"), _encode_single
    else:
        (start, end), encode = value.span(), _encode_bare
    return Unit(name, _text(value), start, end, encode, category, note, name, line, remove)


def _note(comment: str) -> str:
    if comment.startswith("//"):
        note = comment.lstrip("/").strip()
        return "" if note.startswith("smartling.") else note
    note = comment.removeprefix("/*").removesuffix("*/").strip()
    return "" if note == _NO_COMMENT or note.startswith("smartling.") else note
