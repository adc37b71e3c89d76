"""Apple `.stringsdict`: plural rules in a property list, in XML or in Apple's binary form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from l10nsync.errors import ContentError
from l10nsync.formats import inline, plist, xmltree
from l10nsync.formats.coding import LineNumbers, decode
from l10nsync.formats.documents import CATEGORIES, Coding, Directives, Document, Fixed, Unit
from l10nsync.formats.xmltree import Element

CODING = Coding(declared="xml")
_VARIABLE = re.compile(r"%(?:\d+\$)?#@[^@]*@")


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:  # noqa: ARG001 - see Parse
    """Read a `.stringsdict` file; see `documents.Parse`."""
    text, encoding, bom, pack = "", "utf-8", b"", None
    if data.startswith(plist.MAGIC):
        text, pack = plist.unpacked(data)
    else:
        text, encoding, bom = decode(data, charset, CODING)
    root = xmltree.read(text)
    top = root.child("dict") if root.local == "plist" else None
    if top is None:
        raise ContentError("not a .stringsdict file: no property list with a dictionary", line=1, column=1)
    lines = LineNumbers(text)
    entries = list(_entries(text, top))
    units = tuple(chain.from_iterable(_rule(text, name, rule, lines) for name, rule in entries))
    fixed = tuple(chain.from_iterable(_fixed(text, name, rule) for name, rule in entries))
    optional = frozenset(name for name, _rule_of_it in entries)  # a language may add words around a variable
    return Document(
        text, units, encoding, bom, inline.directives(text), fixed=fixed, optional=optional, pack=pack
    )


def _fixed(text: str, name: str, rule: Element) -> Iterator[Fixed]:
    """Yield the types of the values: `d` and `@` are not words, though they look like text."""
    lines = LineNumbers(text)
    for inner, value in _entries(text, rule):
        if inner == "NSStringLocalizedFormatKey" and value.local == "string":
            pattern = xmltree.unescape(value.raw(text))
            variables = " ".join(sorted(found[0] for found in _VARIABLE.finditer(pattern)))
            yield Fixed(f"variables of '{name}'", variables, lines.at(value.start))
        for key, form in _entries(text, value) if value.local == "dict" else ():
            if key.endswith("TypeKey") and form.local == "string":
                kind = xmltree.unescape(form.raw(text)).strip()
                yield Fixed(f"{key} of '{name}/{inner}'", kind, lines.at(form.start))


def _entries(text: str, holder: Element) -> Iterator[tuple[str, Element]]:
    """Yield the names of a dictionary with their values."""
    children = holder.children
    for index in range(len(children) - 1):
        if children[index].local == "key" and children[index + 1].local != "key":
            yield xmltree.unescape(children[index].raw(text)), children[index + 1]


def _rule(text: str, name: str, rule: Element, lines: LineNumbers) -> Iterator[Unit]:
    for inner, value in _entries(text, rule):
        if inner == "NSStringLocalizedFormatKey" and value.local == "string":
            held = xmltree.content(text, value)
            if any(map(str.isalpha, _VARIABLE.sub("", held.text))):
                yield _unit(text, value, name, "", lines)
        elif value.local == "dict":
            for category, form in _entries(text, value):
                if category in CATEGORIES and form.local == "string":
                    yield _unit(text, form, f"{name}/{inner}", category, lines)


def _unit(text: str, element: Element, key: str, plural: str, lines: LineNumbers) -> Unit:
    held = xmltree.content(text, element)
    line = lines.at(element.start)
    return Unit(
        key, held.text, held.start, held.end, held.encode, plural, "", key, line, markup=held.markup,
    )  # fmt: skip
