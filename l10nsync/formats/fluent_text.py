"""Patterns of Project Fluent: which text in them is free to change, and what a translation has to keep.

Fluent's own parser reads them (`fluent.syntax`). A text here is a pattern without the indentation of its
file; it may have placeables, and selectors with variants.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from l10nsync.formats import icu, messages
from l10nsync.formats.string_problems import Problem, added, quoted

_INDENT = "    "
_HEAD = "k =\n"
_LIBRARY = frozenset({"NUMBER", "DATETIME", "PLATFORM"})
"""Functions that Fluent's implementations have, and that of Firefox."""
FluentNode = Any
"""Of `fluent.syntax.ast`, which has a class for each part of the grammar."""


class FluentError(ValueError):
    """The text is not a pattern; `position` is where, in the text."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


class FluentPattern(NamedTuple):
    """What a pattern holds, positions in its text."""

    message: icu.Message
    """Variables and references to messages with their variants; the default variant is `other`."""
    free: tuple[tuple[int, int], ...]
    """The spans of text."""
    terms: dict[str, tuple[int, int]]
    functions: dict[str, tuple[int, int]]


class _SourcePlaces:
    """Turns places in the parsed source into places in the text: its lines are indented there."""

    def __init__(self, text: str) -> None:
        self.text = text
        starts, inside, outside = [], len(_HEAD), 0
        for line in text.split("\n"):
            starts.append((inside, outside, len(line)))
            inside += len(_INDENT) + len(line) + 1
            outside += len(line) + 1
        self.starts = starts

    def of(self, position: int) -> int:
        """Return the place in the text."""
        for inside, outside, size in self.starts:
            if position <= inside + len(_INDENT) + size:
                return outside + max(0, position - inside - len(_INDENT))
        return len(self.text)

    def spans(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the parts of a span, line by line, without the indentation."""
        for inside, outside, size in self.starts:
            first, last = max(start, inside + len(_INDENT)), min(end, inside + len(_INDENT) + size)
            if first < last:
                shift = outside - inside - len(_INDENT)
                yield first + shift, last + shift


@lru_cache(maxsize=64)
def parse(text: str) -> FluentPattern:
    """Return what a pattern holds; raise `FluentError` if Fluent does not read it."""
    from fluent.syntax import FluentParser, ast

    source = _HEAD + "".join(f"{_INDENT}{line}\n" for line in text.split("\n"))
    places = _SourcePlaces(text)
    try:
        entry = FluentParser().parse_entry(source)
    except RecursionError:
        raise FluentError("nested too deeply", 0) from None
    if isinstance(entry, ast.Junk) or not isinstance(entry, ast.Message) or entry.value is None:
        found = entry.annotations[0] if isinstance(entry, ast.Junk) and entry.annotations else None
        message = str(found.message) if found else "not a pattern"
        raise FluentError(message, places.of(found.span.start) if found and found.span else 0)
    end = entry.span.end if entry.span else 0
    if entry.attributes or source[end:].strip():
        raise FluentError("a line that is not part of the text", places.of(end))
    reading = _PatternReading(places)
    reading.pattern(entry.value, ())
    return FluentPattern(reading.message, tuple(reading.free), reading.terms, reading.functions)


class _PatternReading:
    """Walks the tree of a pattern."""

    def __init__(self, places: _SourcePlaces) -> None:
        self.places = places
        self.message = icu.Message()
        self.free: list[tuple[int, int]] = []
        self.terms: dict[str, tuple[int, int]] = {}
        self.functions: dict[str, tuple[int, int]] = {}

    def pattern(self, node: FluentNode, path: icu.CasePath) -> None:
        """Take in text and placeables."""
        for element in node.elements:
            if type(element).__name__ == "TextElement":
                self.free.extend(self.places.spans(element.span.start, element.span.end))
            else:
                self.expression(element.expression, path, element.span, shown=True)

    def expression(self, node: FluentNode, path: icu.CasePath, span: FluentNode, *, shown: bool) -> None:
        """Take in the content of braces; SHOWN is false for what only selects."""
        kind = type(node).__name__
        place = (self.places.of(span.start), self.places.of(span.end))
        if kind == "SelectExpression":
            self._select(node, path, span)
        elif kind == "Placeable":
            self.expression(node.expression, path, span, shown=shown)
        elif kind == "VariableReference" and shown:
            self._show(f"${node.id.name}", place, path)
        elif kind == "MessageReference":
            name = f"{node.id.name}.{node.attribute.name}" if node.attribute else node.id.name
            self._show(name, place, path)
        elif kind == "TermReference":
            self.terms.setdefault(f"-{node.id.name}", place)
        elif kind == "FunctionReference":
            self.functions.setdefault(node.id.name, place)
            for argument in node.arguments.positional:
                self.expression(argument, path, span, shown=shown)

    def _show(self, name: str, place: tuple[int, int], path: icu.CasePath) -> None:
        self.message.arguments.add(name)
        self.message.shown.append(icu.ShownArgument(name, "", *place, path))

    def _select(self, node: FluentNode, path: icu.CasePath, span: FluentNode) -> None:
        self.expression(node.selector, path, span, shown=False)
        name = _selecting(node.selector)
        for variant in node.variants:
            key = variant.key
            category = (
                "other" if variant.default else str(getattr(key, "name", None) or getattr(key, "value", ""))
            )
            inner = (*path, (name, category))
            leaves = len(self.message.leaves)
            self.pattern(variant.value, inner)
            if len(self.message.leaves) == leaves:
                self.message.leaves.append(inner)


def _selecting(node: FluentNode) -> str:
    """Return what a selector goes by: the variable in it, or its name."""
    kind = type(node).__name__
    if kind == "VariableReference":
        return f"${node.id.name}"
    if kind == "FunctionReference" and node.arguments.positional:
        return _selecting(node.arguments.positional[0])
    return str(node.id.name) if hasattr(node, "id") else kind


def free(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of text that may change; nothing if Fluent cannot read it."""
    try:
        return parse(text).free
    except FluentError:
        return ()


def references(text: str) -> frozenset[str]:
    """Return the messages and terms that a pattern refers to."""
    try:
        found = parse(text)
    except FluentError:
        return frozenset()
    return frozenset(found.terms) | {name for name in found.message.arguments if not name.startswith("$")}


def compare(source: str, target: str, known: Collection[str]) -> list[Problem]:
    """Return what TARGET loses, adds or breaks; KNOWN are messages and terms that it may refer to.

    Variants, options of functions, and arguments that only select are the translator's business.
    """
    try:
        before = parse(source)
    except FluentError:
        return []
    try:
        after = parse(target)
    except FluentError as problem:
        place = min(problem.position, max(len(target) - 1, 0))
        hint = f"The source says: {quoted(source)}"
        message = f"Fluent does not read this: {problem}"
        return [Problem("message-format", "error", message, (place, place + 1), hint)]
    problems = [
        problem
        for problem in messages.arguments(before.message, after.message, source, target)
        if not (problem.rule == "placeholder-extra" and _named(problem, target) & set(known))
    ]
    for name in sorted(before.terms.keys() - after.terms.keys()):
        hint = f"The source says: {quoted(source)}"
        problems.append(Problem("placeholder-missing", "warning", f"`{{ {name} }}` is not used", None, hint))
    for name, span in sorted(after.terms.items()):
        if name not in before.terms and name not in known:
            problems.append(added(target[slice(*span)], span, source))
    for name, span in sorted(after.functions.items()):
        if name not in before.functions and name not in _LIBRARY:
            problems.append(added(target[slice(*span)], span, source))
    return problems


def _named(problem: Problem, target: str) -> frozenset[str]:
    """Return the message that an added placeable refers to."""
    return references(target[slice(*problem.span)]) if problem.span else frozenset()
