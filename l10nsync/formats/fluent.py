"""Project Fluent (`.ftl`): messages, terms and attributes; a whole pattern is one string."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from l10nsync.formats.base import Coding, Directives, Document, Unit
from l10nsync.formats.coding import Lines, decode

CODING = Coding()
_ENTRY = re.compile(r"^(?P<id>-?[A-Za-z][\w-]*)[ ]*=|^(?P<comment>#{1,3})(?: (?P<note>.*))?$", re.MULTILINE)
_ATTRIBUTE = re.compile(r"^[ ]+\.(?P<id>[A-Za-z][\w-]*)[ ]*=", re.MULTILINE)
_INDENT = re.compile(r"^[ ]+(?=\S)", re.MULTILINE)
_LITERAL = frozenset("{}[.*")


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:  # noqa: ARG001 - see Parse
    """Read a Fluent file; see `base.Parse`. What Fluent calls junk is passed over."""
    text, encoding, bom = decode(data, charset, CODING)
    return Document(text, tuple(_units(text)), encoding, bom)


def _units(text: str) -> Iterator[Unit]:
    lines = Lines(text)
    end_of_line = "\r\n" if "\r\n" in text else "\n"
    notes: list[str] = []
    starts = list(_ENTRY.finditer(text))
    for index, found in enumerate(starts):
        if found["comment"]:
            notes.append((found["note"] or "").strip())
            continue
        end = _end(text, found.end())
        following = starts[index + 1].start() if index + 1 < len(starts) else len(text)
        note = "\n".join(notes)
        notes = []
        yield from _message(text, found, min(end, following), note, lines, end_of_line)


def _end(text: str, position: int) -> int:
    """Return where the entry ends: at the first line that begins with anything but white space or `}`."""
    found = re.compile(r"\r?\n(?=[^\s}])").search(text, position)
    return found.start() if found else len(text)


def _message(
    text: str, found: re.Match[str], end: int, note: str, lines: Lines, end_of_line: str
) -> Iterator[Unit]:
    attributes = list(_ATTRIBUTE.finditer(text, found.end(), end))
    places = [(found["id"], found.end())] + [
        (f"{found['id']}.{each['id']}", each.end()) for each in attributes
    ]
    ends = [each.start() for each in attributes] + [end]
    for (key, start), finish in zip(places, ends, strict=True):
        raw = text[start:finish]
        core = raw.strip()
        if core:
            begin = start + raw.index(core)
            indent = _shared(raw)
            said = _dedented(core, indent)
            encode = partial(_encode, indent or "    ", end_of_line)
            yield Unit(key, said, begin, begin + len(core), encode, "", note, key, lines.at(begin))


def _shared(raw: str) -> str:
    indents = [found[0] for found in _INDENT.finditer(raw) if found.start() > 0]
    return min(indents, key=len, default="")


def _dedented(core: str, indent: str) -> str:
    return "\n".join(
        line.rstrip("\r").removeprefix(indent) if line.strip() else "" for line in core.split("\n")
    )


def _encode(indent: str, end: str, text: str) -> str:
    lines = text.strip().split("\n")
    return end.join([lines[0], *(f"{indent}{line}" if line.strip() else "" for line in lines[1:])])
