"""Long results: their lists are folded on a terminal, and they end with the verdict that they began with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, groupby

LONG = 50
"""Lines of a list that a terminal shows; a longer one moves the verdict out of sight."""
_COLORS = re.compile(r"\x1b\[[0-9;]*m")


def folded(lines: Sequence[str]) -> list[str]:
    """Return LINES with the first `LONG` of each list, and how many are left out.

    A list is a run of lines that are all indented, or all not; a table keeps its last line, which sums it up.
    """
    return list(chain.from_iterable(_shown(list(run), indented) for indented, run in groupby(lines, _indent)))


def _indent(line: str) -> bool | None:
    """Whether LINE is indented; None for one that parts two lists."""
    plain = _COLORS.sub("", line)
    return plain.startswith("  ") if plain else None


def _shown(run: list[str], indented: bool | None) -> Iterator[str]:
    last = [] if indented else run[-1:]
    left = len(run) - LONG - len(last)
    if indented is None or left <= 0:
        yield from run
        return
    yield from run[:LONG]
    yield f"{'  ' if indented else ''}… and {left} more (-v shows all)"
    yield from last


def is_long(lines: Sequence[str]) -> bool:
    """Whether LINES need their verdict, which is the first of them, once more at the end."""
    return len(lines) > LONG + 1
