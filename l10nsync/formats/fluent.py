"""Project Fluent (`.ftl`): messages, terms and attributes; a whole pattern is one string.

Fluent's own parser says where they are. What it calls junk is not a string but a fault of the file.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import partial

from l10nsync.errors import ContentError
from l10nsync.formats import fluent_text
from l10nsync.formats.coding import LineNumbers, decode, place
from l10nsync.formats.documents import MAX_DEPTH, Coding, Directives, Document, Fault, Unit
from l10nsync.formats.fluent_text import FluentNode

CODING = Coding()
_INDENT = re.compile(r"^[ ]+(?=\S)", re.MULTILINE)
_NAME = re.compile(r"-?[A-Za-z][\w-]*(?=[ ]*=)")
_STRINGS = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_SPECIAL = frozenset("[.*}")
_USUAL = "    "


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:  # noqa: ARG001 - see Parse
    """Read a Fluent file; see `documents.Parse`."""
    text, encoding, bom = decode(data, charset, CODING)
    _check_depth(text)
    from fluent.syntax import FluentParser, ast

    plain = text.replace("\r\n", "\n")
    places = _LineEndPlaces(text)
    lines = LineNumbers(text)
    units: list[Unit] = []
    faults: list[Fault] = []
    names: list[str] = []
    for entry in FluentParser().parse(plain).body:
        if isinstance(entry, ast.Junk):
            faults.append(_fault(entry, places, lines))
        elif isinstance(entry, ast.Message | ast.Term):
            name = f"-{entry.id.name}" if isinstance(entry, ast.Term) else entry.id.name
            names.append(name)
            note = (entry.comment.content or "") if entry.comment else ""
            units += _units(text, entry, name, note, places, lines)
    used = frozenset().union(*(fluent_text.references(unit.text) for unit in units))
    defined = {*names, *(unit.key for unit in units)}
    facts = {"names": " ".join(sorted(defined)), "elsewhere": " ".join(sorted(used - defined))}
    own = frozenset(unit.key for unit in units if unit.key.startswith("-") and "." in unit.key)
    return Document(
        text, tuple(units), encoding, bom, facts=facts, faults=tuple(faults), optional=own
    )  # attributes of a term are the translator's: genders, cases


def _check_depth(text: str) -> None:
    """Refuse what would nest the parser too deeply."""
    depth = 0
    for found in re.finditer(r"[{}]|^(?=[\w-])", text, re.MULTILINE):
        depth = 0 if not found[0] else depth + (found[0] == "{") - (found[0] == "}" and depth > 0)
        if depth > MAX_DEPTH // 4:
            line, column = place(text, found.start())
            raise ContentError("not read: nested too deeply", line=line, column=column)


class _LineEndPlaces:
    """Turns places in a text with plain line ends into places in the text as it is."""

    def __init__(self, text: str) -> None:
        self.returns = [found.start() - number for number, found in enumerate(re.finditer(r"\r(?=\n)", text))]

    def of(self, position: int) -> int:
        """Return the place in the text as it is."""
        return position + bisect_left(self.returns, position)


def _fault(entry: FluentNode, places: _LineEndPlaces, lines: LineNumbers) -> Fault:
    found = entry.annotations[0] if entry.annotations else None
    start = entry.span.start
    name = _NAME.match(entry.content)
    where = found.span.start if found and found.span else start
    complaint = str(found.message) if found else "not a message"
    hint = "Fluent skips it; write `name = text`, and a default variant (`*[other]`) in each choice."
    place = places.of(where)
    message = f"Fluent does not read this: {complaint}"
    return Fault(name[0] if name else "", message, lines.at(place), hint, span=(place, place + 1))


def _units(
    text: str, entry: FluentNode, name: str, note: str, places: _LineEndPlaces, lines: LineNumbers
) -> Iterator[Unit]:
    holders = [(name, entry.value)] + [
        (f"{name}.{attribute.id.name}", attribute.value) for attribute in entry.attributes
    ]
    end_of_line = "\r\n" if "\r\n" in text else "\n"
    for key, pattern in holders:
        if pattern is None or pattern.span is None:
            continue
        start, end = places.of(pattern.span.start), places.of(pattern.span.end)
        raw = text[start:end]
        core = raw.strip()
        if not core:
            continue
        begin = start + raw.index(core)
        line = text.rfind("\n", 0, begin) + 1
        block = not text[line:begin].strip(" ")
        indent = _shared(core)
        encode = partial(_encode, indent or (text[line:begin] if block else _USUAL), end_of_line, block)
        yield Unit(
            key, _dedented(core, indent), begin, begin + len(core), encode, "", note, key, lines.at(begin)
        )


def _shared(raw: str) -> str:
    return min((found[0] for found in _INDENT.finditer(raw) if found.start() > 0), key=len, default="")


def _dedented(core: str, indent: str) -> str:
    return "\n".join(
        line.rstrip("\r").removeprefix(indent) if line.strip() else "" for line in core.split("\n")
    )


def _encode(indent: str, end: str, block: bool, text: str) -> str:
    """Return a pattern for its place; a line of text that begins with a sign of Fluent's has it in braces."""
    depth = 0
    written: list[str] = []
    for number, line in enumerate(text.strip().split("\n")):
        shown = line
        if depth == 0 and line[:1] in _SPECIAL and (number or block):
            shown = f'{{ "{line[0]}" }}{line[1:]}'
        written.append(f"{indent}{shown}" if number and shown.strip() else shown)
        bare = _STRINGS.sub("", line)
        depth = max(0, depth + bare.count("{") - bare.count("}"))
    return end.join(written)
