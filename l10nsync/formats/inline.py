"""Directives in comments: `# smartling.name = value`, and the parts that `sltrans` excludes."""

from __future__ import annotations

import re
from typing import NamedTuple

from l10nsync.formats.documents import Directives

_LINE = re.compile(
    r"^[ \t]*(?:\#+|!+|//+|;|/\*+)[ \t.]*smartling\.(\w+)[ \t]*[=:][ \t]*(.*?)[ \t]*(?:\*/[ \t]*)?\r?$",
    re.MULTILINE,
)
_MARKUP = re.compile(r"<!--[\s.]*smartling\.(\w+)[ \t]*[=:][ \t]*(.*?)\s*-->")


class _InlineDirective(NamedTuple):
    """A directive at its place."""

    start: int
    name: str
    value: str


def _found(text: str) -> list[_InlineDirective]:
    """Return the directives in the comments of TEXT, in file order."""
    if "smartling." not in text:
        return []
    found = [*_LINE.finditer(text), *_MARKUP.finditer(text)]
    return sorted(_InlineDirective(match.start(), match[1], match[2]) for match in found)


def directives(text: str) -> dict[str, str]:
    """Return the directives in the comments of TEXT; `sltrans`, which holds for a part only, aside."""
    return {directive.name: directive.value for directive in _found(text) if directive.name != "sltrans"}


def is_directive(line: str) -> bool:
    """Return whether a line is a comment with a directive."""
    return bool(_found(line))


def excluded(text: str) -> list[tuple[int, int]]:
    """Return the spans between `sltrans = notranslate` and the next `sltrans = translate`."""
    spans: list[tuple[int, int]] = []
    begin: int | None = None
    for found in _found(text):
        if found.name != "sltrans":
            continue
        if found.value.lower() == "notranslate":
            begin = found.start if begin is None else begin
        elif begin is not None:
            spans.append((begin, found.start))
            begin = None
    return spans if begin is None else [*spans, (begin, len(text))]


def is_excluded(position: int, spans: list[tuple[int, int]]) -> bool:
    """Return whether POSITION lies in one of the spans."""
    return any(start <= position < end for start, end in spans)


class Limits:
    """The `character_limit` that holds at a place: the last one before it; positions only grow."""

    def __init__(self, text: str, directives: Directives) -> None:
        self._left = [found for found in _found(text) if found.name == "character_limit"][::-1]
        self._now = "" if self._left else directives.get("character_limit", "")

    def at(self, position: int) -> int:
        """Return how many characters a translation of the string at POSITION may have; 0 for any number."""
        while self._left and self._left[-1].start < position:
            self._now = self._left.pop().value
        return int(self._now) if self._now.isdecimal() and len(self._now) < 7 else 0
