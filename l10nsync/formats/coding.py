"""Bytes to text and back: byte order marks, declared encodings, line ends."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from l10nsync.errors import ContentError
from l10nsync.formats.documents import MAX_BYTES, Coding

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""UTF-32 stands before UTF-16, whose little-endian mark is the beginning of its own."""
_DECLARED = {
    "xml": re.compile(rb"""^\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']"""),
    "gettext": re.compile(
        rb"""^"Content-Type:[^"\n]*charset=[ \t]*([\w.:-]+)""", re.MULTILINE | re.IGNORECASE
    ),
    "html": re.compile(rb"""<meta\b[^>]*?charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE),
}
_XML_DECLARATION = re.compile(r"""^(\s*<\?xml\b[^>]*?\bencoding\s*=\s*["'])([\w.:-]+)""")
_BREAK = re.compile(r"\r\n|\r|\n")
_HEAD = 4096
_UNICODE = {"utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"}
_ONE_TO_ONE = _UNICODE | {"latin-1", "ascii"}
"""Encodings with one spelling for each text: what was decoded gives the same bytes again."""
_NAMES = {"iso8859-1": "latin-1"}


class Decoded(NamedTuple):
    """A file's text, and what it takes to write it back."""

    text: str
    encoding: str = "utf-8"
    bom: bytes = b""

    def encode(self, text: str) -> bytes:
        """Return TEXT in this encoding; raise `UnicodeEncodeError` if it cannot hold it."""
        return self.bom + text.encode(self.encoding)


def codec(charset: str) -> str:
    """Return Python's name of a charset; raise `ContentError` for one that does not exist."""
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        raise ContentError(
            f"unknown charset {charset!r}", hint="Use a name such as UTF-8 or ISO-8859-1."
        ) from None
    return _NAMES.get(name, name)


def decode(data: bytes, charset: str | None, coding: Coding) -> Decoded:
    """Return the text of a file.

    A byte order mark decides, then CHARSET, then what the file declares, then UTF-8, then the type's
    fallback. Bytes that are valid UTF-8 beyond ASCII are UTF-8 even if CHARSET names a one-byte
    encoding, because the service may hand such a file back as UTF-8.
    Raises `ContentError` with the place of the first byte that does not fit.
    """
    if len(data) > MAX_BYTES:
        raise ContentError(f"the file has {len(data):,} bytes; at most {MAX_BYTES:,} are read")
    for bom, name in _MARKS:
        if data.startswith(bom):
            return Decoded(_strict(data[len(bom) :], name), name, bom)
    named = codec(charset) if charset else _zeros(data) or _declared(data, coding)
    return _unmarked(data, named, coding)


def _unmarked(data: bytes, named: str, coding: Coding) -> Decoded:
    """Return the text of a file without a byte order mark; NAMED is its encoding if anything says it."""
    if named in {"utf-16", "utf-32"}:
        named = _zeros(data) or f"{named}-be"
    if named in {"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"}:
        return Decoded(_strict(data, named), named)
    if named and data.isascii():
        return Decoded(_strict(data, named), named)
    try:
        return Decoded(data.decode())
    except UnicodeDecodeError:
        name = named if named and named != "utf-8" else coding.fallback or "utf-8"
    text = _strict(data, name)
    if name not in _ONE_TO_ONE and text.encode(name) != data:
        raise ContentError(f"the bytes cannot be kept when read as {name}")
    return Decoded(text, name)


def _zeros(data: bytes) -> str:
    """Return the UTF-16 that NUL bytes at the beginning betray, or nothing.

    In mostly Latin text every other byte is NUL: at least half of the pairs at the beginning have one, all
    of them on the same side.
    """
    if len(data) % 2 or 0 not in data[:4]:
        return ""
    head = data[:64]
    evens, odds = (head[begin::2].count(0) for begin in (0, 1))
    pairs = len(head) // 2
    if 2 * max(evens, odds) < pairs or min(evens, odds):
        return ""
    return "utf-16-be" if evens else "utf-16-le"


def _declared(data: bytes, coding: Coding) -> str:
    pattern = _DECLARED.get(coding.declared)
    found = pattern.search(data[:_HEAD]) if pattern else None
    if found is None:
        return ""
    name = found[1].decode("ascii")
    try:
        return codec(name)
    except ContentError:
        return ""  # templates say CHARSET; what the bytes are decides


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(name, "replace")
        line, column = place(before, len(before))
        raise ContentError(f"not valid {name}", line=line, column=column) from None


def place(text: str, position: int) -> tuple[int, int]:
    """Return line and column, both from 1, of a position in TEXT."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


class LineNumbers:
    """Line numbers for positions that only grow: linear over the whole text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._line = 1

    def at(self, position: int) -> int:
        """Return the line, from 1, of POSITION; a smaller one than before gives the last answer."""
        self._line += self._text.count("\n", self._position, position)
        self._position = max(self._position, position)
        return self._line


def restore(delivered: Decoded, model: Decoded, coding: Coding) -> bytes:
    """Return the delivered text with encoding, mark, line ends and final newline of MODEL.

    Where the model's encoding cannot hold the text, escapes stand in if the type has them; else the
    delivered encoding stays.
    """
    text = _with_breaks(delivered.text, model.text)
    named = _renamed(text, model) if coding.declared == "xml" else text
    for candidate, style in ((named, model), (text, delivered)):
        if (data := _written(candidate, style, coding)) is not None:
            return data
    return delivered.encode(delivered.text)


def _written(text: str, style: Decoded, coding: Coding) -> bytes | None:
    """Return the bytes if they read back as TEXT; escaped where the encoding lacks a character."""
    try:
        data = style.encode(text)
        if decode(data, style.encoding, coding).text == text:
            return data
    except (UnicodeEncodeError, ContentError):
        pass
    return style.encode(_escaped(text)) if coding.escapes else None


def _escaped(text: str) -> str:
    return "".join(character if character < "\x7f" else escape(character) for character in text)


def escape(text: str) -> str:
    r"""Return TEXT as `\uXXXX` escapes of its UTF-16 code units."""
    raw = text.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{raw[index] << 8 | raw[index + 1]:04X}" for index in range(0, len(raw), 2))


def _renamed(text: str, model: Decoded) -> str:
    """Return XML whose declaration names the encoding that it is going to be written in."""
    theirs = _XML_DECLARATION.match(model.text)
    ours = _XML_DECLARATION.match(text)
    if theirs is None or ours is None or theirs[2].lower() == ours[2].lower():
        return text
    return ours[1] + theirs[2] + text[ours.end() :]


def line_end(text: str) -> str:
    """Return the line end that TEXT uses most, or nothing for a text of one line."""
    crlf = text.count("\r\n")
    plain = text.count("\n") - crlf
    alone = text.count("\r") - crlf
    most = max(crlf, plain, alone)
    return "" if not most else "\n" if plain == most else "\r\n" if crlf == most else "\r"


def _with_breaks(text: str, model: str) -> str:
    end = line_end(model)
    if end and (end != "\n" or "\r" in text):
        text = _BREAK.sub(end, text)
    if not model or not text.strip():
        return text
    if not model.endswith(("\n", "\r")):
        return text.rstrip("\r\n")
    return text if text.endswith(("\n", "\r")) else text + (end or "\n")
