"""ICU and Java message patterns: a parser that finds arguments, categories and plain text.

Grammar: ICU MessageFormat; in Java mode a single apostrophe always quotes, in ICU mode only before a
brace (or `#` inside a plural), and with `quotes=False` (Flutter's default) never.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

MessageSyntax = Literal["icu", "java", "plain"]
CasePath = tuple[tuple[str, str], ...]
"""The cases around a place, outermost first: name of the argument, selector."""
_COMPLEX = re.compile(r"\{\s*[\w.-]+\s*,\s*(?:plural|select|selectordinal)\s*,")
_ANGULAR = "VAR_"
"""What Angular calls the argument of a choice; where no case fits, it shows nothing."""
_CATEGORIES = frozenset({"zero", "one", "two", "few", "many", "other"})
_SIMPLE = frozenset({"number", "date", "time", "spellout", "ordinal", "duration", "list"})
_NAME = re.compile(r"\s*([^\s{},'#]+)\s*")
_TYPE = re.compile(r"\s*(\w+)\s*")
_SELECTOR = re.compile(r"\s*(=\d+|[^\s{},'#=]+)\s*\{")
_OFFSET = re.compile(r"\s*offset\s*:\s*-?\d+")
_PLAIN = re.compile(r"[^{}'#]+")
_MAX_DEPTH = 30


class MessageError(ValueError):
    """The text is not a message pattern; `position` counts from 0."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


class ShownArgument(NamedTuple):
    """An argument where its value is shown: `{name}`, `{name, number}`, or `#` in a plural."""

    name: str
    kind: str
    """Type: `number`, `date`, …; `#` where a plural shows its number; empty for a plain argument."""
    start: int
    end: int
    path: CasePath
    """The cases that it is in."""


@dataclass(slots=True)
class Message:
    """What a pattern holds."""

    arguments: set[str] = field(default_factory=set)
    """`name` or `name, type`."""
    categories: dict[str, set[str]] = field(default_factory=dict)
    """Selectors of each plural argument, by `name, type`."""
    choices: dict[str, set[str]] = field(default_factory=dict)
    """Keys of each select argument, by name."""
    shown: list[ShownArgument] = field(default_factory=list)
    """In the order of the text."""
    leaves: list[CasePath] = field(default_factory=list)
    """Each case without further cases in it."""
    spans: list[tuple[int, int]] = field(default_factory=list)
    """The spans of plain text, including quotes."""


def is_complex(text: str) -> bool:
    """Return whether TEXT has an argument that only a message parser can judge."""
    return bool(_COMPLEX.search(text))


def parse(text: str, mode: MessageSyntax = "icu") -> Message:
    """Return what a pattern holds; raise `MessageError` if it is not one."""
    parser = _Parser(text, mode)
    end = parser.message(0, 0, in_plural=False)
    if end < len(text):
        raise MessageError("a closing brace without an opening one", end)
    return parser.found


class _Parser:
    def __init__(self, text: str, mode: MessageSyntax) -> None:
        self.text = text
        self.mode = mode
        self.found = Message()
        self.path: list[tuple[str, str]] = []

    def message(self, position: int, depth: int, *, in_plural: bool) -> int:
        """Read text and arguments up to a closing brace or the end; return where that is."""
        if depth > _MAX_DEPTH:
            raise MessageError("nested too deeply", position)
        text, size = self.text, len(self.text)
        while position < size:
            if found := _PLAIN.match(text, position):
                self.found.spans.append(found.span())
                position = found.end()
                continue
            character = text[position]
            if character == "}":
                if depth == 0 and self.mode == "java":
                    raise MessageError("a closing brace without an opening one", position)
                return position
            if character == "{":
                position = self._argument(position + 1, depth)
            elif character == "'":
                position = self._apostrophe(position, in_plural=in_plural)
            else:
                if in_plural:
                    self._show(self.path[-1][0], "#", position, position + 1)
                else:
                    self.found.spans.append((position, position + 1))
                position += 1
        return position

    def _show(self, name: str, kind: str, start: int, end: int) -> None:
        self.found.shown.append(ShownArgument(name, kind, start, end, tuple(self.path)))

    def _apostrophe(self, position: int, *, in_plural: bool) -> int:
        following = self.text[position + 1 : position + 2]
        if self.mode == "plain":
            return position + 1
        if following == "'":
            return position + 2
        quoting = self.mode == "java" or following in {"{", "}"} or (in_plural and following == "#")
        if not quoting or not following:
            return position + 1
        end = position + 1
        while True:
            end = self.text.find("'", end)
            if end < 0:
                return len(self.text)
            if self.text[end + 1 : end + 2] != "'":
                return end + 1
            end += 2

    def _argument(self, position: int, depth: int) -> int:
        name = _NAME.match(self.text, position)
        if name is None:
            raise MessageError("an argument without a name", position)
        if self.text[name.end() : name.end() + 1] == "}":
            self.found.arguments.add(name[1])
            self._show(name[1], "", position - 1, name.end() + 1)
            return name.end() + 1
        if self.text[name.end() : name.end() + 1] != ",":
            raise MessageError("an argument that is not closed", name.end())
        kind = _TYPE.match(self.text, name.end() + 1)
        if kind is None:
            raise MessageError("an argument without a type", name.end() + 1)
        self.found.arguments.add(f"{name[1]}, {kind[1]}")
        return self._typed(name[1], kind[1], kind.end(), depth)

    def _typed(self, name: str, kind: str, position: int, depth: int) -> int:
        if kind in {"plural", "selectordinal", "select"}:
            if self.text[position : position + 1] != ",":
                raise MessageError(f"{kind} without its cases", position)
            return self._cases(name, kind, position + 1, depth)
        if kind not in _SIMPLE and kind != "choice":
            raise MessageError(f"unknown argument type {kind!r}", position)
        begin = self.text.rfind("{", 0, position)
        end = self._style(position, choice=kind == "choice")
        self._show(name, kind, begin, end)
        return end

    def _style(self, position: int, *, choice: bool) -> int:
        """Skip a format style up to its closing brace; a `choice` holds message patterns."""
        level = 0
        begin = position
        while position < len(self.text):
            character = self.text[position]
            if character == "'" and self.mode != "plain":
                position = self._apostrophe(position, in_plural=False)
                continue
            if character == "{":
                level += 1
            elif character == "}":
                if level == 0:
                    if choice:
                        self._nested(self.text[begin:position])
                    return position + 1
                level -= 1
            position += 1
        raise MessageError("an argument that is not closed", position)

    def _nested(self, pattern: str) -> None:
        for part in re.findall(r"\{\s*([^\s{},'#]+)", pattern):
            self.found.arguments.add(part)

    def _cases(self, name: str, kind: str, position: int, depth: int) -> int:
        plural = kind != "select"
        if plural and (offset := _OFFSET.match(self.text, position)):
            position = offset.end()
        selectors: set[str] = set()
        while case := _SELECTOR.match(self.text, position):
            selector = case[1]
            if selector in selectors:
                raise MessageError(f"{selector!r} twice in {{{name}, {kind}}}", case.start(1))
            if plural and not _counts(selector):
                raise MessageError(f"{selector!r} is not a plural category", case.start(1))
            selectors.add(selector)
            self.path.append((name, selector))
            leaves = len(self.found.leaves)
            position = self.message(case.end(), depth + 1, in_plural=plural)
            if len(self.found.leaves) == leaves:
                self.found.leaves.append(tuple(self.path))
            self.path.pop()
            if self.text[position : position + 1] != "}":
                raise MessageError(f"case {selector!r} is not closed", position)
            position += 1
        while self.text[position : position + 1].isspace():
            position += 1
        if self.text[position : position + 1] != "}":
            raise MessageError(f"{{{name}, {kind}}} is not closed", position)
        if "other" not in selectors and not name.startswith(_ANGULAR):
            raise MessageError(f"{{{name}, {kind}}} has no case 'other'", position)
        if plural:
            self.found.categories.setdefault(f"{name}, {kind}", set()).update(selectors)
        else:
            self.found.choices.setdefault(name, set()).update(selectors)
        return position + 1


def _counts(selector: str) -> bool:
    """Whether a plural can have a case of that name: a category, or a number such as `=0`."""
    return selector.startswith("=") or selector in _CATEGORIES
