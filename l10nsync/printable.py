"""Texts from outside, made fit to be printed: to a terminal, and into the log of a CI system."""

from __future__ import annotations

import re

_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_COMMAND = re.compile(r"##(?=\w*\[)")
"""GitHub, Azure and TeamCity look for `##[…]`, `##vso[…]` and `##teamcity[…]` anywhere in a line."""
_FIRST = re.compile(r"\A(\s*):(?=:)")
"""GitHub takes a line that begins with `::` for a command, spaces aside."""


def escape(text: str) -> str:
    """Return TEXT with control and direction characters, and commands to a CI system, made visible."""
    shown = "".join(
        char if char.isprintable() and char not in _DIRECTION else char.encode("unicode_escape").decode()
        for char in text
    )
    return _FIRST.sub(r"\1\\x3a", _COMMAND.sub(r"#\\x23", shown))
