"""XML of any kind: the elements and attributes that `translate_paths` names; nothing else is text.

A path names elements from the root. `a/b.title` is an attribute, `a/b[@name="x"]` asks for one, a slash at
the end takes all elements below, and `*` stands for one or more names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import NamedTuple

from l10nsync.formats import inline, marks, selection, xmltree
from l10nsync.formats.coding import LineNumbers, decode
from l10nsync.formats.documents import Coding, Directives, Document, Fixed, Parse, Unit
from l10nsync.formats.expressions import Expression
from l10nsync.formats.xmltree import Element

CODING = Coding(declared="xml")
_NAMED = re.compile(r"\{([\w:-]+)(?:\.([\w:-]+))?\}")
_STEP = re.compile(r"""(?P<name>[^\[]+)(?:\[@(?P<asked>[\w:-]+)\s*=\s*["']?(?P<value>[^"'\]]*)["']?\])?""")


class _XmlPath(NamedTuple):
    """One entry of a list of paths."""

    names: Expression
    asked: tuple[tuple[int, str, str], ...] = ()
    """How many elements up, which attribute, which value."""
    attribute: str = ""
    element: bool = True
    """Whether the text of the element is meant, and not an attribute."""

    def fits(self, element: Element, path: str) -> bool:
        """Return whether an element at that path is meant."""
        return self.names.fits(path) and all(
            _above(element, up).get(name) == value for up, name, value in self.asked
        )


def _above(element: Element, up: int) -> dict[str, str]:
    found: Element | None = element
    for _step in range(up):
        found = found.parent if found else None
    return found.attributes if found else {}


@lru_cache(maxsize=256)
def _path(written: str) -> _XmlPath:
    below = written.endswith("/") and len(written) > 1
    steps = re.split(r"/(?![^\[]*\])", written.strip("/"))
    element, dot, attribute = steps[-1].rpartition(".")
    if dot and element and "]" not in attribute:
        steps[-1] = element
    else:
        attribute = ""
    found = [_STEP.match(step) for step in steps]
    names = "/".join(match["name"] if match else step for match, step in zip(found, steps, strict=True))
    asked = tuple(
        (len(steps) - 1 - index, match["asked"], match["value"])
        for index, match in enumerate(found)
        if match and match["asked"]
    )
    return _XmlPath(selection.path_pattern(names, below=below), asked, attribute, not attribute)


def reader(default: str = "") -> Parse:
    """Return a reader whose `translate_paths` are DEFAULT where nothing is said."""

    def parse(data: bytes, directives: Directives, charset: str | None) -> Document:
        text, encoding, bom = decode(data, charset, CODING)
        root = xmltree.read(text)
        found = inline.directives(text)
        effective = {"translate_paths": default, **directives, **found}
        units = tuple(_units(text, root, effective))
        named = marks.of_root(text, root.start, root.content)
        fixed = tuple(_skeleton(text, root, units))
        return Document(text, units, encoding, bom, found, marks=named, fixed=fixed)

    return parse


def _paths_of(directives: Directives, name: str) -> list[_XmlPath]:
    rules = selection.rules({"translate_paths": directives.get(name, "")})
    return [_path(rule.path) for rule in rules]


class _XmlRules(NamedTuple):
    """What the directives say of a file's elements."""

    chosen: list[_XmlPath]
    notes: list[_XmlPath]
    named: re.Match[str] | None
    """How a key is made from an element and an attribute."""
    variants: bool
    """Whether a key distinguishes equal texts."""
    directives: Directives


def _rules(directives: Directives) -> _XmlRules:
    return _XmlRules(
        _paths_of(directives, "translate_paths"),
        _paths_of(directives, "instruction_paths"),
        _NAMED.search(directives.get("source_key_paths", "")),
        directives.get("variants_enabled", "true").lower() not in {"false", "off"},
        directives,
    )


def _units(text: str, root: Element, directives: Directives) -> Iterator[Unit]:
    rules, skipped, lines = _rules(directives), inline.excluded(text), LineNumbers(text)
    taken, note = -1, ""
    for element, path in _paths(root):
        if element.start < taken or inline.is_excluded(element.start, skipped):
            continue
        fitting = [rule for rule in rules.chosen if rule.fits(element, path)]
        if fitting:
            make = partial(
                Unit, note=note, line=lines.at(element.start), flags=selection.flag(directives, path)
            )
            yield from _units_of(text, element, _key(text, element, path, rules.named), fitting, rules, make)
            if any(rule.element for rule in fitting):
                taken = element.end
            note = ""
        elif any(rule.fits(element, path) for rule in rules.notes):
            note = xmltree.unescape(element.raw(text)).strip()


def _units_of(
    text: str,
    element: Element,
    key: str,
    fitting: list[_XmlPath],
    rules: _XmlRules,
    make: Callable[..., Unit],
) -> Iterator[Unit]:
    """Yield the texts of an element: its attributes that are named, then its content; MAKE knows the rest."""
    names = {rule.attribute for rule in fitting if rule.attribute}
    spans = [(span, name) for name in names if (span := xmltree.attribute(text, element, name))]
    for (start, end), name in sorted(spans):
        own = f"{key}.{name}"
        value, variant = xmltree.unescape(text[start:end]), own if rules.variants else ""
        yield make(own, value, start, end, xmltree.escape_attribute, variant=variant)
    if any(rule.element for rule in fitting):
        held = xmltree.content(text, element)
        variant = key if rules.variants else ""
        yield make(key, held.text, held.start, held.end, held.encode, variant=variant, markup=held.markup)


def _skeleton(text: str, root: Element, units: tuple[Unit, ...]) -> Iterator[Fixed]:
    """Yield every element that is not part of a string, with its path: a translation has them all."""
    spans = iter([(unit.start, unit.end) for unit in units])
    span = next(spans, None)
    lines = LineNumbers(text)
    for element, path in _paths(root):
        while span and span[1] <= element.start:
            span = next(spans, None)
        if span is None or not span[0] <= element.start < span[1]:
            yield Fixed("element", path, lines.at(element.start))


def _paths(root: Element) -> Iterator[tuple[Element, str]]:
    stack = [(root, root.name)]
    while stack:
        element, path = stack.pop()
        yield element, path
        stack.extend((child, f"{path}/{child.name}") for child in reversed(element.children))


def _key(text: str, element: Element, path: str, named: re.Match[str] | None) -> str:
    """Return what `source_key_paths` names: an attribute, or an element beside or around; else the path."""
    above: Element | None = element
    while named and above is not None:
        if named[2] is None:
            holder = above.parent
            beside = holder.child(named[1]) if holder else None
            if beside is not None and beside is not element:
                return xmltree.unescape(beside.raw(text)).strip()
        elif above.name == named[1] and named[2] in above.attributes:
            return above.attributes[named[2]]
        above = above.parent
    return path
