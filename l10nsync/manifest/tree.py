"""Reads YAML into a tree of nodes that know their places; nothing is typed and nothing is run.

Only the event stream of PyYAML is used, never a constructor: it does not recurse, so a hostile file
is refused at its 33rd level before anything deep exists.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import yaml

from l10nsync.errors import ManifestError
from l10nsync.manifest.problems import Problems, other_side
from l10nsync.model import Place

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
MAX_NODES = 20_000
"""Nodes that a file may hold by itself; several times what a manifest of hundreds of resources needs."""
MAX_EXPANSION = 10_000
"""Nodes that aliases and merge keys may add."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_BREAK = re.compile(r"\r\n|\n|\r")
_SECRET = re.compile(r"(?i)((?:secret|token|passw|api_?-?key)[\w-]{0,40}[\"']?\s{0,9}[:=]\s{0,9})(\S.*)")
_NULLS = ("", "~", "null")


class MappingItem(NamedTuple):
    """One key of a mapping with its value."""

    key: ManifestNode
    value: ManifestNode


@dataclass(frozen=True, slots=True, eq=False)
class ManifestNode:
    """A value of the manifest, untyped, with its place."""

    kind: Literal["text", "list", "map"]
    place: Place
    text: str = ""
    """Of a scalar, as YAML reads it without giving it a type."""
    plain: bool = False
    """A scalar without quotes: only such a one can be null, a boolean or a number."""
    shift: int | None = None
    """Characters of the file between the node's start and the text's; None if there are escapes between."""
    items: tuple[ManifestNode, ...] = ()
    entries: Mapping[str, MappingItem] = field(default_factory=lambda: MappingProxyType({}))
    size: int = 1
    """Nodes in this subtree, itself included, aliases expanded."""

    @property
    def is_null(self) -> bool:
        """Whether this is YAML's null: nothing at all, `~` or `null`."""
        return self.kind == "text" and self.plain and self.text in _NULLS

    def get(self, key: str) -> ManifestNode | None:
        """Return the value of KEY; None if this is not a mapping or lacks it."""
        entry = self.entries.get(key)
        return entry.value if entry else None

    def part(self, offset: int, length: int) -> Place:
        """Return the place of LENGTH characters of the text at OFFSET; the whole where that is not known."""
        if self.shift is None:
            return self.place
        column = self.place.column + self.shift + offset
        return replace(self.place, column=column, end_column=column + max(length, 1))


class ManifestText:
    """The decoded manifest, with its lines."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        ends = [match.span() for match in _BREAK.finditer(text)]
        self._starts = [0, *(end for _, end in ends)]
        self._stops = [*(start for start, _ in ends), len(text)]
        self._shown: dict[int, str] = {}

    def place(self, start: int, end: int | None = None) -> Place:
        """Return the place of the characters START to END; of one line only, at least one column wide."""
        row = bisect.bisect_right(self._starts, start) - 1
        first, last = self._starts[row], self._stops[row]
        stop = max(min(last, start + 1 if end is None else end), start + 1)
        if row not in self._shown:  # once a line: a file may be one long line of many values
            self._shown[row] = _SECRET.sub(_masked, self.text[first:last])
        return Place(self.file, row + 1, start - first + 1, stop - first + 1, self._shown[row])

    def last_before(self, index: int) -> int:
        """Return the index of the last visible character before INDEX; 0 if there is none."""
        while index > 0 and self.text[index - 1].isspace():
            index -= 1
        return max(index - 1, 0)


def parse(data: bytes, file: str, problems: Problems) -> ManifestNode:
    """Return the tree of the manifest; what can be passed over (duplicate keys) is added to PROBLEMS.

    Raises `ManifestError` for a file that cannot be read to its end.
    """
    source = _decode(data, file)
    try:
        return _TreeBuilder(source, problems).build()
    except yaml.YAMLError as error:
        place = _error_place(source, error)
        if "nesting" in (getattr(error, "problem", None) or ""):
            # The parser looks ahead on a line, so its own limit may speak before the builder counts.
            raise _too_deep(place) from None
        raise _stop("E102", place, *_explain(source, error)) from None


def _masked(match: re.Match[str]) -> str:
    """Hide what looks like a secret in a line that will be printed, keeping the columns."""
    return match[1] + "*" * len(match[2])


def _stop(code: str, place: Place, message: str, help_text: str = "") -> ManifestError:
    problems = Problems()
    problems.add(code, place, message, help=help_text)
    return problems.error()


def _too_deep(place: Place) -> ManifestError:
    return _stop("E108", place, f"the manifest is nested more than {MAX_DEPTH} levels deep")


# --- bytes to text ------------------------------------------------------------------------------------


def _decode(data: bytes, file: str) -> ManifestText:
    start = Place(file, 1, 1, 2)
    if len(data) > MAX_BYTES:
        raise _stop(
            "E101", start, f"the manifest has {len(data):,} bytes; at most {MAX_BYTES:,} are read",
            "Patterns with `**` cover many files with one entry.",
        )  # fmt: skip
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in data[:4]:
        raise _stop("E101", start, "the manifest is not UTF-8 but looks like UTF-16", "Save it as UTF-8.")
    text = _utf8(data.removeprefix(b"\xef\xbb\xbf"), file)
    bad = _CONTROL.search(text.text)
    if bad:
        raise _stop(
            "E101",
            text.place(bad.start()),
            f"the manifest holds the control character U+{ord(bad[0]):04X}",
            "Remove it; in a double-quoted string it can be written as an escape.",
        )
    return text


def _utf8(data: bytes, file: str) -> ManifestText:
    try:
        return ManifestText(file, data.decode())
    except UnicodeDecodeError as error:
        text = ManifestText(file, data.decode(errors="replace"))
        place = text.place(len(data[: error.start].decode(errors="replace")))
        byte = data[error.start]
        raise _stop(
            "E101", place, f"the manifest is not UTF-8: byte 0x{byte:02X} stands alone", "Save it as UTF-8."
        ) from None


# --- text to nodes --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read."""

    event: Any
    level: int
    children: list[ManifestNode] = field(default_factory=list)
    """For a mapping: key, value, key, value…"""


class _TreeBuilder:
    """Turns events into nodes, with its own stack."""

    def __init__(self, source: ManifestText, problems: Problems) -> None:
        self.source = source
        self.problems = problems
        self.anchors: dict[str, ManifestNode] = {}
        self.open: list[_Open] = []
        self.nodes = 0
        self.expanded = 0
        self.root: ManifestNode | None = None

    def build(self) -> ManifestNode:
        for event in self._events():
            self._take(event)
        if self.root is None:
            place = self.source.place(0)
            raise _stop("E104", place, "the manifest is empty", "Begin with `version: 1` and `resources:`.")
        return self.root

    def _events(self) -> Iterator[Any]:
        documents = 0
        for event in yaml.parse(self.source.text, Loader=_Loader):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    place = self._place(event)
                    raise _stop("E108", place, "a manifest is one YAML document; a second one begins here")
            yield event

    def _place(self, event: Any) -> Place:
        return self.source.place(event.start_mark.index, event.end_mark.index)

    def _take(self, event: Any) -> None:
        if isinstance(event, yaml.NodeEvent):
            self._guard(event)
        if isinstance(event, yaml.ScalarEvent):
            self._add(self._scalar(event), event.anchor)
        elif isinstance(event, yaml.AliasEvent):
            self._add(self._alias(event), None)
        elif isinstance(event, yaml.CollectionStartEvent):
            self.open.append(_Open(event, len(self.open) + 1))
        elif isinstance(event, yaml.CollectionEndEvent):
            done = self.open.pop()
            is_map = isinstance(event, yaml.MappingEndEvent)
            self._add(self._mapping(done, event) if is_map else self._list(done, event), done.event.anchor)

    def _guard(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise _stop("E108", self._place(event), f"the manifest has more than {MAX_NODES:,} values")
        if isinstance(event, yaml.CollectionStartEvent) and len(self.open) >= MAX_DEPTH:
            raise _too_deep(self._place(event))
        tag = getattr(event, "tag", None)
        if tag:
            shown = _tag_text(self.source, event)
            raise _stop(
                "E108", self._tag_place(event, shown), f"the YAML tag `{shown}` is refused",
                "Put a string that begins with `!` in quotes.",
            )  # fmt: skip

    def _tag_place(self, event: Any, shown: str) -> Place:
        start = event.start_mark.index
        found = self.source.text.find(shown, start)
        at = found if found >= 0 else start
        return self.source.place(at, at + len(shown))

    def _add(self, node: ManifestNode, anchor: str | None) -> None:
        if anchor:
            self.anchors[anchor] = node
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node

    def _scalar(self, event: Any) -> ManifestNode:
        start, end = _content_span(self.source.text, event)
        raw = self.source.text[start:end]
        plain = event.style in {None, ""}
        shift = 0 if raw == event.value else 1 if raw[1:-1] == event.value else None
        if not raw:
            start = self.source.last_before(start)
        return ManifestNode("text", self.source.place(start, end), event.value, plain, shift)

    def _alias(self, event: Any) -> ManifestNode:
        node = self.anchors.get(event.anchor)
        if node is None:
            raise _stop(
                "E102", self._place(event), f"the alias `*{event.anchor}` has no anchor before it",
                "Put a pattern that begins with `*` in quotes.",
            )  # fmt: skip
        self._expand(node.size, self._place(event))
        return node

    def _expand(self, count: int, place: Place) -> None:
        self.expanded += count
        if self.expanded > MAX_EXPANSION:
            message = f"aliases expand to more than {MAX_EXPANSION:,} values"
            raise _stop("E108", place, message, "Write the values out.")

    def _list(self, done: _Open, event: Any) -> ManifestNode:
        size = 1 + sum(node.size for node in done.children)
        return ManifestNode("list", self._block_place(done, event), items=tuple(done.children), size=size)

    def _mapping(self, done: _Open, event: Any) -> ManifestNode:
        entries: dict[str, MappingItem] = {}
        merged: list[MappingItem] = []
        for key, value in zip(done.children[::2], done.children[1::2], strict=True):
            self._pair(key, value, entries, merged)
        inherited = self._merged(merged)
        everything = {**{key: entry for key, entry in inherited.items() if key not in entries}, **entries}
        size = 1 + sum(1 + entry.value.size for entry in everything.values())
        return ManifestNode("map", self._block_place(done, event), entries=everything, size=size)

    def _pair(
        self,
        key: ManifestNode,
        value: ManifestNode,
        entries: dict[str, MappingItem],
        merged: list[MappingItem],
    ) -> None:
        if key.kind != "text":
            raise _stop(
                "E108", key.place, f"a {'list' if key.kind == 'list' else 'mapping'} cannot be a key",
                "Put a string that begins with `{` or `[` in quotes.",
            )  # fmt: skip
        if key.plain and key.text == "<<":
            merged.append(MappingItem(key, value))
        elif key.text in entries:
            first = entries[key.text].key.place
            self.problems.add(
                "E107", key.place, f"the key `{key.text}` occurs twice",
                note=f"first in line {first.line}", help="Remove one of the two, or join their values.",
                related=(other_side(first, "first written here"),),
            )  # fmt: skip
        else:
            entries[key.text] = MappingItem(key, value)

    def _merged(self, merged: list[MappingItem]) -> dict[str, MappingItem]:
        """Return what the merge keys of one mapping bring in; earlier ones win."""
        entries: dict[str, MappingItem] = {}
        for key, value in merged:
            for node in value.items if value.kind == "list" else (value,):
                if node.kind != "map":
                    raise _stop("E108", key.place, "`<<` takes a mapping, or a list of mappings")
                self._expand(node.size, key.place)
                entries = {**node.entries, **entries}
        return entries

    def _block_place(self, done: _Open, event: Any) -> Place:
        """Return the place of a list or mapping: itself if it is on one line, else its first child."""
        start, _ = _content_span(self.source.text, done.event)
        if done.event.flow_style or not done.children:
            return self.source.place(start, event.end_mark.index)
        first = done.children[0].place
        begin = self.source.place(start)
        return first if begin.line == first.line and isinstance(event, yaml.MappingEndEvent) else begin


_PROPERTY = re.compile(r"&[\w-]+\s*")


def _content_span(text: str, event: Any) -> tuple[int, int]:
    """Return where the value itself begins and ends, without its anchor."""
    start, end = event.start_mark.index, event.end_mark.index
    match = _PROPERTY.match(text, start) if getattr(event, "anchor", None) else None
    return (min(match.end(), end) if match else start), end


def _tag_text(source: ManifestText, event: Any) -> str:
    match = re.compile(r"!\S*").search(source.text, event.start_mark.index)
    return match[0] if match else str(event.tag)


# --- what the YAML parser says ---------------------------------------------------------------------------


def _error_place(source: ManifestText, error: yaml.YAMLError) -> Place:
    """Return where the cause is: the beginning of what was not understood, if the parser reports it."""
    problem, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    opened = _OPENED.search(getattr(error, "context", None) or "")
    mark = context if opened and context else problem or context
    return source.place(min(mark.index if mark else 0, len(source.text)))


_OPENED = re.compile(r"scanning an? (alias|anchor|tag|quoted scalar|simple key)|parsing a flow")
"""Contexts whose own beginning is the cause; elsewhere it is where the parser stopped."""
_QUOTE = "Put a string that begins with `*`, `{`, `[`, `!`, `&`, `@`, `%` or a backtick in quotes."
_KNOWN_PROBLEMS = (
    ("an alias", "an unquoted string cannot begin with `*`", _QUOTE),
    ("an anchor", "an unquoted string cannot begin with `&`", _QUOTE),
    ("a tag", "an unquoted string cannot begin with `!`", _QUOTE),
    ("a directive", "a line cannot begin with `%`", _QUOTE),
    ("cannot start any token", "an unquoted string cannot begin with this character", _QUOTE),
    ("mapping values are not allowed", "a `:` is not allowed here", "Quote a string that contains `: `."),
    ("could not find expected ':'", "a key without its `:`", "Write a colon and a space after the key."),
    ("unknown escape character", "a `\\` in double quotes begins an escape, and this is not one",
     "Use single quotes: nothing is escaped there."),
    ("scanning a quoted scalar", "a quote is not closed", "Close it on the same line."),
    ("parsing a flow", "a `[` or `{` is not closed, or a comma is missing", _QUOTE),
    ("parsing a block", "this line does not fit the indentation of those before",
     "Entries of one list or mapping begin in the same column."),
)  # fmt: skip


def _explain(source: ManifestText, error: yaml.YAMLError) -> tuple[str, str]:
    """Return message and help for what the parser could not read."""
    complaint = f"{getattr(error, 'context', '') or ''} {getattr(error, 'problem', '') or ''}".strip()
    place = _error_place(source, error)
    indentation = place.text[: len(place.text) - len(place.text.lstrip())]
    if "\t" in indentation:
        return "a tab cannot indent YAML", "Indent with spaces."
    before = place.text[: place.column - 1].rstrip()[-1:]
    if "parsing a block" in complaint and before in {"]", "}", '"', "'"}:
        return f"nothing can follow the `{before}` here", "Put the whole text in quotes."
    for part, message, help_text in _KNOWN_PROBLEMS:
        if part in complaint:
            return message, help_text
    return f"this is not YAML: {complaint or 'the file cannot be parsed'}", ""
