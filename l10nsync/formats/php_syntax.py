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
    opened: list[re.Match[str]] = []
    before: re.Match[str] | None = None
    for token in tokens:
        if token["space"] is not None:
            continue
        fault = _at_text(text, before, token) or _at_bracket(text, opened, token)
        if fault is not None:
            yield fault
            return
        before = token
    if opened:
        sign = opened[-1][0][-1]
        yield _fault(text, opened[-1].start(), f"`{sign}` that is not closed", "Close it.")


def _at_text(text: str, before: re.Match[str] | None, token: re.Match[str]) -> Fault | None:
    """Return what is wrong with a text that begins or ends at TOKEN."""
    if token["other"] in {"'", '"'}:
        hint = f"Close the text with {token[0]}, and write a backslash before each {token[0]} in it."
        return _fault(text, token.start(), "a text that is not closed", hint)
    if token["double"] is not None and (escape := _ESCAPE.search(token["double"])):
        hint = "Write hexadecimal digits in the braces, or `\\\\` for a backslash."
        return _fault(text, token.start("double") + escape.start(1), f"`{escape[1][:8]}`", hint)
    if before is not None and _is_text(before) and _is_value(token):
        hint = "A comma is missing, or a quote in the text before it has no backslash."
        return _fault(text, token.start(), f"`{token[0][:20]}` right after a text", hint)
    return None


def _at_bracket(text: str, opened: list[re.Match[str]], token: re.Match[str]) -> Fault | None:
    """Keep account of the brackets that are OPENED; return what is wrong with one that closes nothing."""
    if token["open"]:
        opened.append(token)
    elif token["close"] and (not opened or opened.pop()[0][-1] != _PAIRS[token[0]]):
        return _fault(text, token.start(), f"`{token[0]}` that closes nothing", "Take it out.")
    return None


def _is_text(token: re.Match[str]) -> bool:
    return token["single"] is not None or token["double"] is not None


def _is_value(token: re.Match[str]) -> bool:
    """Whether TOKEN is a text, a number, a name or a variable: two of these never stand side by side."""
    if token["other"] is None:
        return _is_text(token)
    return _VALUE.match(token[0]) is not None and token[0] not in _WORDS


def _fault(text: str, position: int, problem: str, hint: str) -> Fault:
    message = f"PHP does not read the file: {problem}"
    return Fault("", message, place(text, position)[0], hint, span=(position, position + 1))
