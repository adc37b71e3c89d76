"""XLIFF 1.2 and 2.x: the source is the text of a unit, the target its translation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from l10nsync.errors import ContentError
from l10nsync.formats import inline, xmltree
from l10nsync.formats.coding import LineNumbers, decode
from l10nsync.formats.documents import Coding, Directives, Document, Edit, Mark, Unit
from l10nsync.formats.xmltree import Content, Element

CODING = Coding(declared="xml")
_DOUBTFUL = re.compile(r"fuzzy|suggestion|mt\b|rejected|needs|unfinished")
"""What a qualifier says of a text that nobody has confirmed."""


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:  # noqa: ARG001 - see Parse
    """Read an XLIFF file of either version; see `documents.Parse`. `translate="no"` is not a unit."""
    text, encoding, bom = decode(data, charset, CODING)
    root = xmltree.read(text)
    if root.local != "xliff":
        raise ContentError(f"not XLIFF: the root element is <{root.name}>", line=1, column=1)
    elements = list(root.iter())
    units = tuple(_units(text, elements))
    return Document(text, units, encoding, bom, inline.directives(text), marks=tuple(_marks(text, root)))


def _marks(text: str, root: Element) -> Iterator[Mark]:
    """Yield `trgLang`, which version 2 demands, or the `target-language` of each file."""
    if root.attributes.get("version", "").startswith("2"):
        return xmltree.marks(text, [root], "trgLang", added=True, needed=True)
    return xmltree.marks(text, root.named("file"), "target-language", added=True, needed=True)


def _units(text: str, elements: list[Element]) -> Iterator[Unit]:
    lines = LineNumbers(text)
    for element in elements:
        if element.local not in {"trans-unit", "segment"} or _is_fixed(element):
            continue
        source, target = element.child("source"), element.child("target")
        if source is not None:
            yield _unit(text, element, source, target, lines)


def _is_fixed(element: Element | None) -> bool:
    while element is not None:
        translate = element.attributes.get("translate")
        if translate is not None:
            return translate == "no"
        element = element.parent
    return False


def _unit(text: str, element: Element, source: Element, target: Element | None, lines: LineNumbers) -> Unit:
    key = _key(element)
    held = xmltree.content(text, source)
    read = xmltree.mixed if held.markup else xmltree.content
    place = read(text, target) if target else _missing(text, source, held)
    note = "\n".join(_notes(text, element))
    markup = held.markup or place.markup
    line = lines.at(source.start)
    return Unit(
        key, held.text, place.start, place.end, place.encode, "", note, key, line, None, place.text, markup,
        unfinished=tuple(_unfinished(text, element, target)), source_start=source.content,
    )  # fmt: skip


def _unfinished(text: str, element: Element, target: Element | None) -> Iterator[Edit]:
    """Yield what takes away that a unit is not approved, or that its target is new or to be looked at."""
    if element.local == "segment":  # version 2
        state, detail = (element.attributes.get(name, "") for name in ("state", "subState"))
        if state == "initial":
            yield from xmltree.without(text, element, "state", "subState")
        elif _DOUBTFUL.search(detail):
            yield from xmltree.without(text, element, "subState")
        return
    if element.attributes.get("approved") == "no":
        yield from xmltree.without(text, element, "approved")
    if target is None:
        return
    state, detail = (target.attributes.get(name, "") for name in ("state", "state-qualifier"))
    if state == "new" or state.startswith("needs-"):
        yield from xmltree.without(text, target, "state", "state-qualifier")
    elif _DOUBTFUL.search(detail):
        yield from xmltree.without(text, target, "state-qualifier")


def _missing(text: str, source: Element, held: Content) -> Content:
    """Return the place right after the source, where a target is put in."""
    begin = xmltree.line_start(text, source.start)
    end = "\r\n" if begin and text[begin - 2 : begin] == "\r\n" else "\n"
    gap = f"{end}{text[begin : source.start]}" if begin else ""
    prefix = source.name.removesuffix("source")
    write = xmltree.markup if held.markup else xmltree.escape
    return Content("", source.end, source.end, partial(_inserted, gap, f"{prefix}target", write))


def _inserted(gap: str, name: str, write: object, text: str) -> str:
    raw = write(text) if callable(write) else text
    return f"{gap}<{name}>{raw}</{name}>" if text else ""


def _key(element: Element) -> str:
    """Return file and unit; a segment adds its own id."""
    file, unit = "", element
    if element.local == "segment" and element.parent is not None:
        unit = element.parent
    above: Element | None = unit
    while above is not None and above.local != "file":
        above = above.parent
    if above is not None:
        file = above.attributes.get("original") or above.attributes.get("id", "")
    name = unit.attributes.get("resname") or unit.attributes.get("id", "")
    parts = [file, name, element.attributes.get("id", "") if element is not unit else ""]
    return "/".join(part for part in parts if part)


def _notes(text: str, element: Element) -> Iterator[str]:
    holder = element.parent if element.local == "segment" and element.parent is not None else element
    for notes in (holder, *holder.named("notes")):
        for note in notes.named("note"):
            yield xmltree.unescape(note.raw(text)).strip()
