"""XML of any kind: the elements that `translate_paths` names; nothing else is text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from l10nsync.formats import inline, xmltree
from l10nsync.formats.base import Coding, Directives, Document, Parse, Unit
from l10nsync.formats.coding import Lines, decode
from l10nsync.formats.json_strings import Rule, rules
from l10nsync.formats.xmltree import Element

CODING = Coding(declared="xml")
_NAMED = re.compile(r"\{([\w:-]+)\.([\w:-]+)\}")


def reader(default: str = "") -> Parse:
    """Return a reader whose `translate_paths` are DEFAULT where nothing is said."""

    def parse(data: bytes, directives: Directives, charset: str | None) -> Document:
        text, encoding, bom = decode(data, charset, CODING)
        root = xmltree.read(text)
        found = inline.directives(text)
        effective = {"translate_paths": default, **directives, **found}
        return Document(text, tuple(_units(text, root, effective)), encoding, bom, found)

    return parse


def _units(text: str, root: Element, directives: Directives) -> Iterator[Unit]:
    chosen = rules(directives)
    named = _NAMED.search(directives.get("source_key_paths", ""))
    skipped = inline.excluded(text)
    lines = Lines(text)
    taken = -1
    for element, path in _paths(root):
        if element.start < taken or inline.is_excluded(element.start, skipped) or not _is_named(chosen, path):
            continue
        taken = element.end
        held = xmltree.content(text, element)
        key = _key(element, path, named)
        yield Unit(
            key, held.text, held.start, held.end, held.encode, "", "", key, lines.at(element.start),
            markup=held.markup,
        )  # fmt: skip


def _paths(root: Element) -> Iterator[tuple[Element, str]]:
    stack = [(root, root.name)]
    while stack:
        element, path = stack.pop()
        yield element, path
        stack.extend((child, f"{path}/{child.name}") for child in reversed(element.children))


def _is_named(chosen: list[Rule], path: str) -> bool:
    return any(rule.pattern.fullmatch(path) for rule in chosen)


def _key(element: Element, path: str, named: re.Match[str] | None) -> str:
    """Return the attribute that `source_key_paths` names, else the path."""
    above: Element | None = element
    while named and above is not None:
        if above.name == named[1] and named[2] in above.attributes:
            return above.attributes[named[2]]
        above = above.parent
    return path
