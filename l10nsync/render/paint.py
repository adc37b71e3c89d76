"""Colours by role, so that a renderer says what a text is and the terminal decides how it looks."""

from __future__ import annotations

from collections.abc import Callable

Paint = Callable[[str, str], str]
"""Called with a text and its role: error, warning, notice, good, new, changed, refused, dim, strong."""


def plain(text: str, _role: str) -> str:
    """Return TEXT as it is."""
    return text


def escape(text: str) -> str:
    """Return TEXT with control and direction characters made visible; names come from outside."""
    return "".join(
        char if char.isprintable() and char not in _DIRECTION else char.encode("unicode_escape").decode()
        for char in text
    )


_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def count(number: int, noun: str) -> str:
    """Return `1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
