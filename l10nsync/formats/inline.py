"""Directives in comments: `# smartling.name = value`, and the parts that `sltrans` excludes."""

from __future__ import annotations

import re

_DIRECTIVE = re.compile(
    r"^[ \t]*(?:\#+|!+|//+|;|/\*+|<!--)[ \t.]*smartling\.(\w+)"
    r"[ \t]*[=:][ \t]*(.*?)[ \t]*(?:\*/|-->)?[ \t]*\r?$",
    re.MULTILINE,
)


def directives(text: str) -> dict[str, str]:
    """Return the directives in the comments of TEXT; `sltrans`, which holds for a part only, aside."""
    if "smartling." not in text:
        return {}
    return {found[1]: found[2] for found in _DIRECTIVE.finditer(text) if found[1] != "sltrans"}


def excluded(text: str) -> list[tuple[int, int]]:
    """Return the spans between `sltrans = notranslate` and the next `sltrans = translate`."""
    if "smartling.sltrans" not in text:
        return []
    spans: list[tuple[int, int]] = []
    begin: int | None = None
    for found in _DIRECTIVE.finditer(text):
        if found[1] != "sltrans":
            continue
        if found[2].lower() == "notranslate":
            begin = found.start() if begin is None else begin
        elif begin is not None:
            spans.append((begin, found.start()))
            begin = None
    return spans if begin is None else [*spans, (begin, len(text))]


def is_excluded(position: int, spans: list[tuple[int, int]]) -> bool:
    """Return whether POSITION lies in one of the spans."""
    return any(start <= position < end for start, end in spans)
