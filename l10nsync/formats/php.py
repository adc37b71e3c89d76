"""PHP resources: literal arrays of strings; nothing that PHP would compute is touched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from l10nsync.errors import ContentError
from l10nsync.formats import php_syntax
from l10nsync.formats.coding import LineNumbers, decode, place
from l10nsync.formats.documents import MAX_DEPTH, Coding, Directives, Document, Unit

CODING = Coding()
_TOKEN = re.compile(
    r"(?P<space>\s+|//[^\n]*|\#(?!\[)[^\n]*|/\*.*?\*/|<\?php|<\?=|\?>)"
    r"|'(?P<single>[^'\\]*(?:\\.[^'\\]*)*)'"
    r'|"(?P<double>[^"\\]*(?:\\.[^"\\]*)*)"'
    r"|(?P<arrow>=>)|(?P<open>array\s*\(|\[|\()|(?P<close>[\])])|(?P<comma>,)|(?P<end>;)"
    r"|(?P<other>[\w$\\]+|->|::|[^\s\w])",
    re.DOTALL,
)
_DOUBLE_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]+)\}|x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|([nrtvef\\$\"]))")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "v": "\v", "e": "\x1b", "f": "\f", "\\": "\\", "$": "$", '"': '"'}
_SINGLE_ESCAPE = re.compile(r"\\(['\\])")
_INTERPOLATED = re.compile(r"(?<!\\)(?:\\\\)*(?:\$[A-Za-z_{]|\{\$)")
_WRITTEN = {"\\": "\\\\", '"': '\\"', "$": "\\$", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SPECIAL = re.compile(r'[\\"$\n\r\t]')


def _single(raw: str) -> str:
    return _SINGLE_ESCAPE.sub(r"\1", raw)


def _encode_single(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _double(raw: str) -> str:
    return _DOUBLE_ESCAPE.sub(_character, raw)


def _character(found: re.Match[str]) -> str:
    if found[1] or found[2]:
        code = int(found[1] or found[2], 16)
        return chr(code) if code < 0x110000 else found[0]
    return chr(int(found[3], 8)) if found[3] else _PLAIN[found[4]]


def _encode_double(text: str) -> str:
    return _SPECIAL.sub(lambda found: _WRITTEN[found[0]], text)


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:  # noqa: ARG001 - see Parse
    """Read a PHP file of literal arrays; see `documents.Parse`."""
    text, encoding, bom = decode(data, charset, CODING)
    if "<?" not in text:
        raise ContentError("not a PHP file: no opening tag", line=1, column=1)
    faults = tuple(php_syntax.faults(text, _TOKEN.finditer(text)))
    return Document(text, tuple(_units(text)), encoding, bom, faults=faults)


class _Walk:
    """The open brackets around the current token."""

    def __init__(self) -> None:
        self.kinds: list[str] = []
        self.path: list[str] = []
        self.counts: list[int] = []
        self.key: str | None = None
        self.indices: list[str] = []
        """Of an assignment `$texts['a']['b'] = …`."""

    def open(self, token: re.Match[str], before: re.Match[str] | None) -> None:
        """Enter a bracket: an array, or what PHP computes."""
        if len(self.path) >= MAX_DEPTH:
            line, column = place(token.string, token.start())
            raise ContentError("not read: nested too deeply", line=line, column=column)
        follows = before is not None and (before["close"] or re.fullmatch(r"[\w$\\\\]+", before[0]))
        returned = before is not None and before[0] == "return"
        kind = (
            "array"
            if token[0] != "(" and (returned or not follows)
            else "index"
            if token[0] == "["
            else "call"
        )
        self.kinds.append(kind)
        self.path.append(self.key or "")
        self.counts.append(0)
        self.key = None

    def close(self) -> None:
        """Leave a bracket."""
        if self.path:
            self.kinds.pop()
            self.path.pop()
            self.counts.pop()
        self.key = None

    def separate(self, token: re.Match[str]) -> None:
        """Go on to the next item or statement."""
        if token["comma"] is None:
            self.indices.clear()
        elif self.key is None and self.counts:
            self.counts[-1] += 1
        self.key = None

    def name(self, *, assigned: bool) -> str | None:
        """Return the key of the string at hand; None if it is not text."""
        if assigned and not self.kinds:
            return "/".join(self.indices) or None
        if not self.kinds or any(kind != "array" for kind in self.kinds):
            return None
        last = self.key if self.key is not None else str(self.counts[-1])
        return "/".join(part for part in (*self.indices, *self.path, last) if part)


def _units(text: str) -> Iterator[Unit]:
    """Walk the tokens; a value is a string alone between its neighbours."""
    lines = LineNumbers(text)
    walk = _Walk()
    for before, token, after in _neighbours(text):
        if token["open"] is not None:
            walk.open(token, before)
        elif token["close"] is not None:
            walk.close()
        elif token["comma"] is not None or token["end"] is not None:
            walk.separate(token)
        elif _is_string(token):
            if _is_a(after, "arrow"):
                walk.key = _value(token)
            elif walk.kinds == ["index"] and _is_a(after, "close"):
                walk.indices.append(_value(token))
            elif _stands_alone(before, token, after):
                key = walk.name(assigned=before is not None and before[0] == "=")
                if key is not None:
                    yield _unit(token, key, lines)


def _neighbours(text: str) -> Iterator[tuple[re.Match[str] | None, re.Match[str], re.Match[str] | None]]:
    """Yield each token with those before and after it; no more than three are held at a time."""
    before: re.Match[str] | None = None
    token: re.Match[str] | None = None
    for after in _TOKEN.finditer(text):
        if after["space"] is None:
            if token is not None:
                yield before, token, after
            before, token = token, after
    if token is not None:
        yield before, token, None


def _is_a(token: re.Match[str] | None, kind: str) -> bool:
    return token is not None and token[kind] is not None


def _is_string(token: re.Match[str]) -> bool:
    return token["single"] is not None or token["double"] is not None


def _value(token: re.Match[str]) -> str:
    text = _single(token["single"]) if token["single"] is not None else _double(token["double"])
    return text.replace("\r\n", "\n") if "\r\n" in token[0] else text


def _stands_alone(before: re.Match[str] | None, token: re.Match[str], after: re.Match[str] | None) -> bool:
    begun = before is not None and (before["arrow"] or before["comma"] or before["open"] or before[0] == "=")
    ended = after is not None and (after["comma"] or after["close"] or after["end"])
    raw = token["double"]
    return bool(begun and ended and (raw is None or not _INTERPOLATED.search(raw)))


def _unit(token: re.Match[str], key: str, lines: LineNumbers) -> Unit:
    encode: Callable[[str], str]
    if token["single"] is not None:
        (start, end), encode = token.span("single"), _encode_single
    else:
        (start, end), encode = token.span("double"), _encode_double
    return Unit(key, _value(token), start, end, encode, "", "", key, lines.at(start))
