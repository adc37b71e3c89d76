"""PHP resources: literal arrays of strings; nothing that PHP would compute is touched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from l10nsync.errors import ContentError
from l10nsync.formats.base import MAX_DEPTH, Coding, Directives, Document, Unit
from l10nsync.formats.coding import Lines, decode, place

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
        return chr(int(found[1] or found[2], 16))
    return chr(int(found[3], 8)) if found[3] else _PLAIN[found[4]]


def _encode_double(text: str) -> str:
    return _SPECIAL.sub(lambda found: _WRITTEN[found[0]], text)


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:  # noqa: ARG001 - see Parse
    """Read a PHP file of literal arrays; see `base.Parse`."""
    text, encoding, bom = decode(data, charset, CODING)
    if "<?" not in text:
        raise ContentError("not a PHP file: no opening tag", line=1, column=1)
    return Document(text, tuple(_units(text)), encoding, bom)


def _units(text: str) -> Iterator[Unit]:
    """Walk the tokens; a value is a string alone between `=>`, comma or bracket and comma or bracket."""
    lines = Lines(text)
    tokens = [found for found in _TOKEN.finditer(text) if found["space"] is None]
    path: list[str] = []
    counts: list[int] = []
    key: str | None = None
    for index, token in enumerate(tokens):
        if token["open"] is not None:
            if len(path) >= MAX_DEPTH:
                line, column = place(text, token.start())
                raise ContentError("not read: nested too deeply", line=line, column=column)
            path.append(key or "")
            counts.append(0)
            key = None
        elif token["close"] is not None:
            if path:
                path.pop()
                counts.pop()
            key = None
        elif token["comma"] is not None or token["end"] is not None:
            if key is None and counts and token["comma"] is not None:
                counts[-1] += 1
            key = None
        elif _is_string(token):
            following = tokens[index + 1] if index + 1 < len(tokens) else None
            if following is not None and following["arrow"] is not None:
                key = _said(token)
            elif path and _stands_alone(tokens, index):
                name = key if key is not None else str(counts[-1])
                yield _unit(token, "/".join(part for part in (*path, name) if part), lines)


def _is_string(token: re.Match[str]) -> bool:
    return token["single"] is not None or token["double"] is not None


def _said(token: re.Match[str]) -> str:
    return _single(token["single"]) if token["single"] is not None else _double(token["double"])


def _stands_alone(tokens: list[re.Match[str]], index: int) -> bool:
    before = tokens[index - 1] if index else None
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    begun = before is not None and (before["arrow"] or before["comma"] or before["open"])
    ended = after is not None and (after["comma"] or after["close"])
    raw = tokens[index]["double"]
    return bool(begun and ended and (raw is None or not _INTERPOLATED.search(raw)))


def _unit(token: re.Match[str], key: str, lines: Lines) -> Unit:
    encode: Callable[[str], str]
    if token["single"] is not None:
        (start, end), encode = token.span("single"), _encode_single
    else:
        (start, end), encode = token.span("double"), _encode_double
    return Unit(key, _said(token), start, end, encode, "", "", key, lines.at(start))
