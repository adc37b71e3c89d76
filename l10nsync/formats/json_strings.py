"""JSON: every string value, or those that `translate_paths` names.

A path is the names that lead to a value, joined by slashes; arrays add no name to a path that
`translate_paths` is matched against, but their indices are part of keys. The top-level `smartling` object
or array holds directives and is never translated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from l10nsync.errors import ContentError
from l10nsync.formats import library_signs, selection
from l10nsync.formats.coding import LineNumbers, decode, place
from l10nsync.formats.documents import (
    CATEGORIES,
    MAX_DEPTH,
    Coding,
    Directives,
    Document,
    Fault,
    Outline,
    Outlines,
    Unit,
)
from l10nsync.formats.selection import PathRule

CODING = Coding()
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_WRITTEN_ESCAPE = re.compile(r"\\u(?!00[01])[0-9A-Fa-f]{4}")
_SMARTLING = "smartling"


class JsonLeaf(NamedTuple):
    """One string value."""

    path: tuple[str, ...]
    """Names and array indices that lead to it."""
    names: str
    """The same without indices, joined by slashes."""
    start: int
    """After the opening quote."""
    end: int


class JsonTree(NamedTuple):
    """A JSON text that was read."""

    leaves: list[JsonLeaf]
    value: Any


def load(text: str) -> Any:
    """Return the value of a JSON text; raise `ContentError` with the place of what is wrong."""
    try:
        return json.loads(text, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise ContentError(f"not valid JSON: {error.msg}", line=error.lineno, column=error.colno) from None
    except RecursionError:
        line, column = place(text, _deep(text))
        raise ContentError("not read: nested too deeply", line=line, column=column) from None


def _integer(digits: str) -> int | float:
    """Return a number of any length; Python refuses to read very long ones as integers."""
    return int(digits) if len(digits) < 1000 else float(digits)


def _deep(text: str) -> int:
    """Return where the nesting becomes too deep."""
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += (token[0] in {"[", "{"}) - (token[0] in {"]", "}"})
        if depth > MAX_DEPTH:
            return token.start()
    return 0


def read(text: str) -> JsonTree:
    """Return every string value with its place, in file order; duplicates stay."""
    value = load(text)
    return JsonTree(list(_leaves(text)), value)


def _leaves(text: str) -> Iterator[JsonLeaf]:
    """Walk the tokens of a text that is known to be valid JSON."""
    paths: list[tuple[str, ...]] = []
    names: list[str] = []
    indices: list[int] = []  # -1 for an object
    path: tuple[str, ...] = ()
    name = ""
    awaiting_key = False
    for token in _TOKEN.finditer(text):
        start = token.start()
        first = text[start]
        if first == '"':
            if awaiting_key:
                key = _unquoted(text[start : token.end()])
                path = (*paths[-1], key)
                name = f"{names[-1]}/{key}" if names[-1] else key
                awaiting_key = False
            else:
                yield JsonLeaf(path, name, start + 1, token.end() - 1)
        elif first in "{[":
            if len(paths) >= MAX_DEPTH:
                line, column = place(text, start)
                raise ContentError("not read: nested too deeply", line=line, column=column)
            paths.append(path)
            names.append(name)
            awaiting_key = first == "{"
            indices.append(-1 if awaiting_key else 0)
            if not awaiting_key:
                path = (*path, "0")
        elif first in "}]":
            path, name = paths.pop(), names.pop()
            indices.pop()
            awaiting_key = False
        elif first == ",":
            if indices[-1] < 0:
                awaiting_key = True
            else:
                indices[-1] += 1
                path, name = (*paths[-1], str(indices[-1])), names[-1]


class _Members(list[tuple[str, Any]]):
    """An object as it is written: names may be there twice."""


_DECODER = json.JSONDecoder(object_pairs_hook=_Members, parse_int=_integer)
_ENCODER = json.JSONEncoder(ensure_ascii=False)


def _outline(text: str) -> Outline | None:
    try:
        value = _DECODER.decode(text)
        strings: list[str] = []
        return Outline(_shape(value, strings), strings)
    except (ValueError, RecursionError):
        return None


def _shape(value: Any, strings: list[str]) -> object:
    """Return a value without its strings, which go to STRINGS; arrays and objects are never equal."""
    if isinstance(value, str):
        strings.append(value)
        return None
    if isinstance(value, _Members):
        return tuple([(name, _shape(member, strings)) for name, member in value])
    if isinstance(value, list):
        return [_shape(member, strings) for member in value]
    return type(value), value


def _starts(text: str) -> list[int]:
    return [leaf.start for leaf in _leaves(text)]


OUTLINES = Outlines(_outline, _starts)


class JsonNode:
    """One value of a JSON text with its place; of an object the members by name, the last of each."""

    __slots__ = ("end", "kind", "members", "name", "start")

    def __init__(self, kind: str, start: int) -> None:
        self.kind = kind
        """Its first character."""
        self.start = start
        self.end = start
        self.name = start
        """Where its name begins, inside the quotes; the value itself where it has none."""
        self.members: dict[str, JsonNode] = {}


def nodes(text: str) -> JsonNode:
    """Return the value of a text that is known to be valid JSON and not too deep, with all places."""
    top = JsonNode("", 0)
    open_nodes: list[JsonNode] = [top]
    key, name = "", 0
    awaiting_key = False
    for token in _TOKEN.finditer(text):
        first = text[token.start()]
        holder = open_nodes[-1]
        if first in ":,":
            awaiting_key = first == "," and holder.kind == "{"
        elif first in "}]":
            open_nodes.pop().end = token.end()
        elif first == '"' and (awaiting_key and holder.kind == "{"):
            key, name = _unquoted(token[0]), token.start() + 1
        else:
            node = JsonNode(first, token.start())
            node.end = token.end()
            node.name = name if holder.kind == "{" else node.start
            holder.members[key if holder.kind == "{" else str(len(holder.members))] = node
            if first in "{[":
                open_nodes.append(node)
                awaiting_key = first == "{"
    return top.members["0"]


def written(value: object) -> str:
    """Return a value on one line, non-ASCII characters as they are."""
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def _unquoted(raw: str) -> str:
    return str(json.loads(raw)) if "\\" in raw else raw[1:-1]


def decoded(text: str, leaf: JsonLeaf) -> str:
    """Return the value of a leaf."""
    raw = text[leaf.start : leaf.end]
    return str(json.loads(f'"{raw}"')) if "\\" in raw else raw


def _encode(text: str) -> str:
    raw = _ENCODER.encode(text)[1:-1]
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", raw)


def _encode_ascii(text: str) -> str:
    return json.dumps(text)[1:-1]


def encoder(text: str) -> Callable[[str], str]:
    r"""Return how strings are written in this file: with `\uXXXX` where that is its habit."""
    return _encode_ascii if text.isascii() and _WRITTEN_ESCAPE.search(text) else _encode


# --- directives ---------------------------------------------------------------------------------------


def inline(value: Any) -> dict[str, str]:
    """Return the directives of the top-level `smartling` node, values as text."""
    node = value.get(_SMARTLING) if isinstance(value, dict) else None
    parts = node if isinstance(node, list) else [node]
    found: dict[str, str] = {}
    for part in parts:
        if isinstance(part, dict):
            found.update({str(name): _as_text(member) for name, member in part.items()})
    return found


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def beside(rule: PathRule, leaf: JsonLeaf, pattern: str) -> tuple[str, ...]:
    """Return the path of the value that PATTERN (a `key`, `instruction` or limit) means for LEAF."""
    if "*" not in pattern:
        return tuple(pattern.strip("/").split("/"))
    base = leaf.path[: len(leaf.path) - rule.steps] if rule.steps else leaf.path
    tail = pattern.rpartition("*")[2].strip("/")
    return (*base, *tail.split("/")) if tail else base


# --- the reader ---------------------------------------------------------------------------------------


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:
    """Read a JSON file; see `documents.Parse`."""
    text, encoding, bom = decode(data, charset, CODING)
    tree = read(text)
    found = inline(tree.value)
    effective = {**directives, **found}
    leaves = [leaf for leaf in tree.leaves if leaf.path[:1] != (_SMARTLING,)]
    units = library_signs.flagged(tuple(_units(text, leaves, tree.value, effective)), tree.value)
    optional = library_signs.optional(units, tree.value)
    faults = tuple(_replaced(tree, units, LineNumbers(text)))
    return Document(text, units, encoding, bom, found, optional=optional, faults=faults)


def _replaced(tree: JsonTree, units: Sequence[Unit], lines: LineNumbers) -> Iterator[Fault]:
    """Yield the strings that no program reads: a later object of the same name takes the place of theirs."""
    if _strings(tree.value) >= len(tree.leaves):
        return
    chosen = {unit.start for unit in units}
    for leaf in tree.leaves:
        if leaf.start in chosen and not _is_there(tree.value, leaf.path):
            message = "an object around it occurs twice, and only the later one is read,"
            yield Fault(
                "/".join(leaf.path), message, lines.at(leaf.start), "Join the two objects.", "key-twice"
            )


def _strings(value: Any) -> int:
    if isinstance(value, dict | list):
        return sum(map(_strings, value.values() if isinstance(value, dict) else value))
    return isinstance(value, str)


def _is_there(value: Any, path: tuple[str, ...]) -> bool:
    for step in path:
        value = _step(value, step)
    return isinstance(value, str)


def _units(text: str, leaves: list[JsonLeaf], value: Any, directives: Directives) -> Iterator[Unit]:
    chosen = selection.rules(directives)
    encode = encoder(text)
    by_path = {leaf.path: leaf for leaf in leaves} if chosen else {}
    variants = directives.get("variants_enabled", "true").lower() not in {"false", "off"}
    plurals = directives.get("plurals_detection", "").lower() in {"on", "true"}
    formats = "string_format_paths" in directives
    keys = directives.get("source_key_paths", "")
    lines = LineNumbers(text)
    for leaf in leaves:
        rule = _first(chosen, leaf)
        if chosen and rule is None:
            continue
        path, category = _category(leaf.path) if plurals else (leaf.path, "")
        key = "/".join(path)
        beside_it = _Beside(text, rule, leaf, by_path, value) if rule else None
        variant = (beside_it.variant(key) if beside_it else selection.captured(keys, key)) or key
        yield Unit(
            key,
            decoded(text, leaf),
            leaf.start,
            leaf.end,
            encode,
            category,
            beside_it.instruction if beside_it else "",
            variant if variants else "",
            lines.at(leaf.start),
            flags=selection.flag(directives, leaf.names, key) if formats else "",
            limit=beside_it.limit if beside_it else 0,
        )


def _first(chosen: list[PathRule], leaf: JsonLeaf) -> PathRule | None:
    for rule in chosen:
        if rule.pattern.fits(leaf.names) or rule.pattern.fits("/".join(leaf.path)):
            return rule
    return None


def _category(path: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    return (path[:-1], path[-1]) if path and path[-1] in CATEGORIES else (path, "")


class _Beside(NamedTuple):
    """What a rule finds beside a string."""

    text: str
    rule: PathRule
    leaf: JsonLeaf
    by_path: Mapping[tuple[str, ...], JsonLeaf]
    value: Any

    @property
    def instruction(self) -> str:
        return self._text_at(self.rule.instruction)

    @property
    def limit(self) -> int:
        """The number that the rule itself gives, or the one that it points to."""
        value: Any = self.rule.limit
        if value and not value.isdecimal():
            value = self.value
            for step in beside(self.rule, self.leaf, self.rule.limit):
                value = _step(value, step)
        return int(value) if str(value).isdecimal() and len(str(value)) < 7 else 0

    def variant(self, key: str) -> str:
        """Return the value that the rule's key points at, or the part of the path that it has in braces."""
        if "{" in self.rule.key:
            paths = (key, self.leaf.names)
            return next((part for path in paths if (part := selection.captured(self.rule.key, path))), "")
        return self._text_at(self.rule.key)

    def _text_at(self, pattern: str) -> str:
        found = self.by_path.get(beside(self.rule, self.leaf, pattern)) if pattern else None
        return decoded(self.text, found) if found else ""


def _step(holder: Any, name: str) -> Any:
    if isinstance(holder, list):
        return holder[int(name)] if name.isdecimal() and int(name) < len(holder) else None
    return holder.get(name) if isinstance(holder, dict) else None
