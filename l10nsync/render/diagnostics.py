"""Diagnostics with file, line, column, excerpt and caret; as text, JSON data and GitHub annotations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from l10nsync.errors import Diagnostic
from l10nsync.render.paint import Paint, cells, count, escape, plain

FEW = 20
"""Diagnostics of one code that a terminal shows in full; the rest is counted."""


def text(diagnostics: Sequence[Diagnostic], paint: Paint = plain, most: int | None = None) -> str:
    """Return the diagnostics in the order given, MOST of one code, and a last line that counts them."""
    blocks: list[str] = []
    shown: dict[str, int] = {}
    for diagnostic in diagnostics:
        shown[diagnostic.code] = shown.get(diagnostic.code, 0) + 1
        if most is None or shown[diagnostic.code] <= most:
            blocks.append(_block(diagnostic, paint))
    for code, number in shown.items():
        if most is not None and number > most:
            blocks.append(f"… and {number - most} more of {code} (-v shows all)\n")
    return "\n".join([*blocks, summary(diagnostics)])


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """Return how many there are of each severity, as a sentence."""
    severities = [diagnostic.severity for diagnostic in diagnostics]
    parts = [
        count(severities.count(name), name) for name in ("error", "warning", "notice") if name in severities
    ]
    return f"{', '.join(parts)}." if parts else "No problems."


def _block(diagnostic: Diagnostic, paint: Paint) -> str:
    label = paint(
        f"{diagnostic.severity}[{diagnostic.code}]" if diagnostic.code else diagnostic.severity,
        diagnostic.severity,
    )
    lines = [f"{label}: {paint(escape(diagnostic.message), 'strong')}"]
    width = max([len(str(part.line)) for part in (diagnostic, *diagnostic.related)], default=1)
    lines += _excerpt(diagnostic, width, "-->", "^", paint)
    for other in diagnostic.related:
        lines += _excerpt(other, width, ":::", "-", paint)
    if diagnostic.help:
        lines.append(f"{' ' * width} = help: {escape(diagnostic.help)}")
    return "\n".join(lines) + "\n"


def _excerpt(diagnostic: Diagnostic, width: int, arrow: str, mark: str, paint: Paint) -> list[str]:
    if not diagnostic.file:
        return []
    place = ":".join(
        str(part) for part in (escape(diagnostic.file), diagnostic.line, diagnostic.column) if part
    )
    lines = [f"{' ' * width}{paint(arrow, 'dim')} {place}"]
    if not diagnostic.line or not diagnostic.text:
        return lines
    bar = paint("|", "dim")
    before, marked = _parts(diagnostic)
    length = max(cells(_line(marked)), 1)
    indent = "".join("\t" if char == "\t" else " " * cells(escape(char)) for char in before)
    note = diagnostic.note if mark == "^" else diagnostic.note or diagnostic.message
    caret = paint(mark * length, diagnostic.severity if mark == "^" else "dim")
    return [
        *lines,
        f"{' ' * width} {bar}",
        f"{diagnostic.line:>{width}} {bar} {_line(diagnostic.text)}",
        f"{' ' * width} {bar} {indent}{caret}{f' {escape(note)}' if note else ''}",
    ]


def _parts(diagnostic: Diagnostic) -> tuple[str, str]:
    """Return what a line has before the caret, and over it: without a column, the diagnostic of its text."""
    if diagnostic.column < 1:
        text = diagnostic.text.strip()
        return diagnostic.text[: diagnostic.text.find(text)], text
    return diagnostic.text[: diagnostic.column - 1], diagnostic.text[
        diagnostic.column - 1 : max(diagnostic.end_column - 1, diagnostic.column)
    ]


def _line(line: str) -> str:
    return "".join(char if char == "\t" else escape(char) for char in line)


def data(diagnostic: Diagnostic) -> dict[str, Any]:
    """Return one diagnostic as JSON-ready data."""
    found: dict[str, Any] = {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "file": diagnostic.file,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "endColumn": diagnostic.end_column,
        "help": diagnostic.help,
    }
    if diagnostic.related:
        found["related"] = [data(part) for part in diagnostic.related]
    return found


def github(diagnostics: Iterable[Diagnostic]) -> str:
    """Return workflow commands that annotate the lines; names and messages cannot break out of them."""
    lines = []
    for diagnostic in diagnostics:
        title = f"l10nsync {diagnostic.code}".strip()
        properties = {
            "file": diagnostic.file,
            "line": diagnostic.line,
            "col": diagnostic.column,
            "endColumn": diagnostic.end_column,
            "title": title,
        }
        message = f"{diagnostic.message}. {diagnostic.help}" if diagnostic.help else diagnostic.message
        lines.append(command(diagnostic.severity, message, properties))
    return "\n".join(lines)


def command(name: str, value: str, properties: Mapping[str, object] = MappingProxyType({})) -> str:
    """Return a workflow command of GitHub: one line, whatever it holds; empty PROPERTIES are left out."""
    words = ",".join(f"{key}={_property(str(text))}" for key, text in properties.items() if text)
    return f"::{name} {words}::{_message(value)}" if words else f"::{name}::{_message(value)}"


def _message(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _message(value).replace(":", "%3A").replace(",", "%2C")
