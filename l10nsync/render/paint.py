"""Colours by role, so that a renderer says what a text is and the terminal decides how it looks."""

from __future__ import annotations

from collections.abc import Callable

from l10nsync.printable import escape

__all__ = ["Paint", "cells", "count", "escape", "pad", "plain"]

Paint = Callable[[str, str], str]
"""Called with a text and its role: error, warning, notice, good, new, changed, refused, dim, strong."""


def plain(text: str, _role: str) -> str:
    """Return TEXT as it is."""
    return text


def cells(text: str) -> int:
    """Return how many columns of a terminal TEXT takes: ideographs and emoji take two, marks none."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return TEXT filled up to WIDTH columns of a terminal; with RIGHT it is moved to the right."""
    blanks = " " * (width - cells(text))
    return f"{blanks}{text}" if right else f"{text}{blanks}"


def count(number: int, noun: str) -> str:
    """Return `1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
