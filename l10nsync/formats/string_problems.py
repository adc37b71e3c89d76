"""What may be wrong with one string, in the words that a person reads."""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """One way in which a translation does not keep what its source has."""

    rule: str
    severity: str
    message: str
    span: tuple[int, int] | None = None
    """Where in the translation's text; None where the whole of it is meant."""
    hint: str = ""
    """What to do."""


_LONGEST = 120


def quoted(text: str) -> str:
    """Return a text for a message: on one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def lost(spelled: str, source: str, *, where: str = "", severity: str = "error") -> Problem:
    """Return the problem that SPELLED, as it is written in SOURCE, is not in the translation."""
    hint = f"Put `{spelled}` where it belongs; the source says: {quoted(source)}"
    return Problem("placeholder-missing", severity, f"`{spelled}` is missing{where}", None, hint)


def added(spelled: str, span: tuple[int, int], source: str, *, severity: str = "error") -> Problem:
    """Return the problem that the translation has SPELLED at SPAN, which SOURCE lacks."""
    hint = f"Nothing fills it in; the source says: {quoted(source)}"
    return Problem("placeholder-extra", severity, f"`{spelled}` is not in the source", span, hint)


def displaced(spelled: str, number: str, source: str) -> Problem:
    """Return the problem that SPELLED, argument NUMBER of SOURCE, stands for another argument."""
    return Problem(
        "placeholder-missing", "error", f"`{spelled}` is missing as argument {number}", None, _order(source)
    )


def misplaced(spelled: str, span: tuple[int, int], number: str, wanted: str, source: str) -> Problem:
    """Return the problem that SPELLED at SPAN is given argument NUMBER, for which SOURCE has WANTED."""
    message = f"`{spelled}` gets argument {number}, which is `{wanted}` in the source"
    return Problem("placeholder-extra", "error", message, span, _order(source))


def _order(source: str) -> str:
    return (
        f"Keep the kinds of the arguments and their order, or number them; the source says: {quoted(source)}"
    )
