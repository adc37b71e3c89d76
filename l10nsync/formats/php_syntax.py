"""Whether PHP reads a file of literal arrays: what PHP itself would stop at."""

from __future__ import annotations

import re
from collections.abc import Iterator

from l10nsync.formats.coding import place
from l10nsync.formats.documents import Fault

_WORDS = frozenset({"and", "or", "xor", "instanceof", "as", "insteadof"})
_VALUE = re.compile(r"[\w$\\]")
_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*(\\u\{(?![0-9A-Fa-f]+\}))")
_PAIRS = {"]": "[", ")": "("}


def faults(text: str, tokens: Iterator[re.Match[str]]) -> Iterator[Fault]:
    """Yield the first place where PHP would stop; files with HTML or heredocs are not looked at."""
    if "?>" in text.rstrip().removesuffix("?>") or "<<<" in text:
        return
    opened: list[tuple[str, int]] = []
    before: re.Match[str] | None = None
    for token in tokens:
        if token["space"] is not None:
            continue
        string = token["single"] is not None or token["double"] is not None
        if token["other"] in {"'", '"'}:
            hint = f"Close the text with {token[0]}, and write a backslash before each {token[0]} in it."
            yield _fault(text, token.start(), "a text that is not closed", hint)
            return
        if token["double"] is not None and (escape := _ESCAPE.search(token["double"])):
            hint = "Write hexadecimal digits in the braces, or `\\\\` for a backslash."
            yield _fault(text, token.start("double") + escape.start(1), f"`{escape[1][:8]}`", hint)
            return
        value = string or (token["other"] is not None and _VALUE.match(token[0]) and token[0] not in _WORDS)
        if value and before is not None and (before["single"] is not None or before["double"] is not None):
            hint = "A comma is missing, or a quote in the text before it has no backslash."
            yield _fault(text, token.start(), f"`{token[0][:20]}` right after a text", hint)
            return
        if token["open"]:
            opened.append((token[0][-1], token.start()))
        elif token["close"] and (not opened or opened.pop()[0] != _PAIRS[token[0]]):
            yield _fault(text, token.start(), f"`{token[0]}` that closes nothing", "Take it out.")
            return
        before = token
    if opened:
        sign, position = opened[-1]
        yield _fault(text, position, f"`{sign}` that is not closed", "Close it.")


def _fault(text: str, position: int, problem: str, hint: str) -> Fault:
    message = f"PHP does not read the file: {problem}"
    return Fault("", message, place(text, position)[0], hint, span=(position, position + 1))
