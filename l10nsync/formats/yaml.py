"""YAML, above all Rails locale files: every string scalar, written back in its own style.

The file is read as a stream of parser events, so nothing recurses. Aliases are never expanded: an anchored
text is translated once, in its place. If the first key is a locale, it is the root and no part of the keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from l10nsync.errors import ContentError
from l10nsync.formats import inline, library_signs, selection
from l10nsync.formats.coding import decode, place
from l10nsync.formats.documents import (
    CATEGORIES,
    MAX_DEPTH,
    Coding,
    Directives,
    Document,
    Mark,
    Unit,
)

if TYPE_CHECKING:
    from yaml import MarkedYAMLError

YamlEvent = Any
ScalarEvent = Any
"""PyYAML's events; its stubs call their marks optional, which those of a parser are not."""

CODING = Coding()
LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?(?:[-_](?:[A-Za-z]{2}|[0-9]{3}))?")
_NOT_TEXT = re.compile(
    r"~|null|Null|NULL|true|True|TRUE|false|False|FALSE|<<|="
    r"|[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|[\d][\d_]*|\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?)"
    r"|[-+]?(?:\d[\d_]*)?\.[\d_]+(?:[eE][-+]?\d+)?|[-+]?\d[\d_]*\.?[\d_]*(?:[eE][-+]?\d+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|\d{4}-\d\d?-\d\d?(?:[Tt ].*)?",
    re.ASCII,
)
_TRUTHS = re.compile(r"(?i:y|n|yes|no|on|off)")
_PLAIN = re.compile(r"[^\W\d_][^\x00-\x1f\x7f-\xa0:#\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]*")
_FLOW = frozenset(",[]{}")
_UNSAFE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|\r|\t"
)
_BREAK = re.compile("[\n\r\x85\u2028\u2029]")
_ESCAPES = {
    "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0", "\x85": "\\N",
    "\u2028": "\\L", "\u2029": "\\P",
}  # fmt: skip
ROOT = "l10nsync.root"
"""Name of a directive of our own: first keys, a line each, that are roots although they do not look like a
locale (`german`)."""
_DOUBLE = re.compile('[\\\\"\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]')
_PROPERTIES = re.compile(r"(?:(?:&[0-9A-Za-z_-]+|![^\s]*)\s*)+")
_HEADER = re.compile(r"([|>])([-+\d]*)([ \t]*(?:#[^\n]*)?)\r?\n")


@dataclass(slots=True)
class _Frame:
    """One open mapping or sequence."""

    prefix: str
    """How the keys of what it holds begin."""
    flow: bool
    mapping: bool
    index: int = 0
    key: ScalarEvent | None = None
    awaiting_key: bool = True
    keys: list[str] = field(default_factory=list)
    leaves: list[int] = field(default_factory=list)
    """Where its scalars are in what was read."""
    plain: bool = True
    """Whether all its values are scalars."""


class _YamlOther(NamedTuple):
    """A scalar that is not a string."""

    key: str


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:
    """Read a YAML file; see `documents.Parse`. Several documents in one file are one after the other."""
    text, encoding, bom = decode(data, charset, CODING)
    found = inline.directives(text)
    effective = {**directives, **found}
    plurals = effective.get("plurals_detection", "on").lower() not in {"off", "false"}
    reading = _YamlReading(text, plurals=plurals, root=directives.get(ROOT, ""))
    _read(text, reading.takers())
    return _document(text, encoding, bom, found, reading, effective)


def _read(text: str, takers: Mapping[str, Callable[[YamlEvent], None]]) -> None:
    """Give each event of TEXT to the taker of its kind; the others are of no interest."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    taken = {getattr(yaml, name): take for name, take in takers.items()}
    parser: Any = None
    try:
        parser = loader(text)
        while parser.check_event():
            event = parser.get_event()
            if take := taken.get(type(event)):
                take(event)
    except yaml.MarkedYAMLError as error:
        raise _refused(error) from None
    except yaml.YAMLError as error:
        position = getattr(error, "position", 0)
        line, column = place(text, position if isinstance(position, int) else 0)
        raise ContentError(
            "not valid YAML: a character that is not allowed there", line=line, column=column
        ) from None
    finally:
        if parser is not None:
            parser.dispose()


def _refused(error: MarkedYAMLError) -> ContentError:
    """Return the error for what the parser refuses, with its place."""
    mark = error.problem_mark or error.context_mark
    problem = error.problem or error.context or ""
    # The parser looks ahead on a line, so its own limit may speak before `_open` counts.
    message = "not read: nested too deeply" if "nesting" in problem else f"not valid YAML: {problem}"
    return (
        ContentError(message, line=mark.line + 1, column=mark.column + 1) if mark else ContentError(message)
    )


class _YamlReading:
    """Collects the scalars of one file from its events; of an event, nothing stays but what a unit needs."""

    def __init__(self, text: str, *, plurals: bool, root: str) -> None:
        self.text = text
        self.skipped = inline.excluded(text)
        self.plurals = plurals
        self.named = frozenset(root.split("\n"))
        self.frames: list[_Frame] = []
        self.scalars: list[Unit | _YamlOther | None] = []
        """None for what is excluded."""
        self.root: ScalarEvent | None = None
        self.first = True

    def takers(self) -> Mapping[str, Callable[[YamlEvent], None]]:
        """Return what takes in an event, by the name of its kind."""
        return {
            "ScalarEvent": self._scalar,
            "MappingStartEvent": self._open,
            "SequenceStartEvent": self._open,
            "MappingEndEvent": self._close,
            "SequenceEndEvent": self._close,
            "AliasEvent": lambda _event: self._step(plain=False),
        }

    def _key(self) -> str:
        """Return the key of the value or item that comes now."""
        frame = self.frames[-1]
        if not frame.mapping:
            return f"{frame.prefix}{frame.index}"
        return f"{frame.prefix}{'?' if frame.key is None else frame.key.value}"

    def _prefix(self) -> str:
        """Return how the keys of the collection begin that is opened now."""
        if not self.frames:
            return ""
        frame = self.frames[-1]
        is_root = frame.mapping and frame.key is not None and frame.key is self.root
        return frame.prefix if is_root else f"{self._key()}/"

    def _step(self, *, plain: bool) -> None:
        """Go on to the next key, value or item of the innermost collection."""
        if not self.frames:
            return
        frame = self.frames[-1]
        if not frame.mapping:
            frame.index += 1
        elif frame.awaiting_key:
            frame.awaiting_key = False
        else:
            frame.awaiting_key, frame.key = True, None
            frame.plain = frame.plain and plain

    def _open(self, event: Any) -> None:
        if len(self.frames) >= MAX_DEPTH:
            mark = event.start_mark
            raise ContentError("not read: nested too deeply", line=mark.line + 1, column=mark.column + 1)
        mapping = type(event).__name__ == "MappingStartEvent"
        if self.frames and self.frames[-1].mapping and len(self.frames) == 1 and self.first:
            self._claim_root(mapping=mapping)
        self.frames.append(_Frame(self._prefix(), bool(event.flow_style), mapping))

    def _claim_root(self, *, mapping: bool) -> None:
        self.first = False
        key = self.frames[0].key
        if mapping and key is not None and (key.value in self.named or LOCALE.fullmatch(key.value)):
            self.root = key

    def _close(self, _event: YamlEvent) -> None:
        frame = self.frames.pop()
        if self.plurals and _is_plural(frame):
            for index in frame.leaves:
                self.scalars[index] = _as_plural(self.scalars[index])
        self._step(plain=False)

    def _scalar(self, event: ScalarEvent) -> None:
        if self.frames and self.frames[-1].mapping:
            frame = self.frames[-1]
            if frame.awaiting_key:
                frame.key = event
                frame.keys.append(event.value)
                frame.awaiting_key = False
                return
            if len(self.frames) == 1:
                self.first = False
        if self.frames:
            frame = self.frames[-1]
            frame.leaves.append(len(self.scalars))
            self.scalars.append(self._leaf(event, frame))
        self._step(plain=True)

    def _leaf(self, event: ScalarEvent, frame: _Frame) -> Unit | _YamlOther | None:
        key = self._key()
        if not _is_text(event):
            return _YamlOther(key)
        if self.skipped and inline.is_excluded(event.start_mark.index, self.skipped):
            return None
        return _unit(self.text, key, event, frame)


def _as_plural(scalar: Unit | _YamlOther | None) -> Unit | _YamlOther | None:
    """Return a scalar whose key ends in a plural category as that form of the string before it."""
    if scalar is None:
        return None
    key, _, category = scalar.key.rpartition("/")
    if isinstance(scalar, Unit):
        return scalar._replace(key=key, plural=category, variant=key)
    return _YamlOther(key)


def _is_plural(frame: _Frame) -> bool:
    keys = frame.keys
    return frame.mapping and frame.plain and "other" in keys and all(key in CATEGORIES for key in keys)


def _is_text(event: ScalarEvent) -> bool:
    if event.style:
        return event.tag in {None, "!", "tag:yaml.org,2002:str"} or event.implicit[1]
    if event.tag and not event.implicit[0]:
        return event.tag in {"!", "tag:yaml.org,2002:str"}
    return bool(event.value) and not _NOT_TEXT.fullmatch(event.value)


def _document(
    text: str, encoding: str, bom: bytes, found: dict[str, str], reading: _YamlReading, directives: Directives
) -> Document:
    special = directives.keys() & {"string_format_paths", "source_key_paths"}
    units = [scalar for scalar in reading.scalars if isinstance(scalar, Unit)]
    if special:
        units = [_selected(unit, directives) for unit in units]
    others = {scalar.key for scalar in reading.scalars if isinstance(scalar, _YamlOther)}
    marks = _marks(text, reading.root)
    return Document(
        text, library_signs.flagged(units), encoding, bom, found, marks=marks, others=frozenset(others)
    )


def _selected(unit: Unit, directives: Directives) -> Unit:
    """Return the unit with the format and the variant that directives give to its path."""
    variant = selection.captured(directives.get("source_key_paths", ""), unit.key)
    return unit._replace(flags=selection.flag(directives, unit.key), variant=variant or unit.variant)


def _marks(text: str, root: ScalarEvent | None) -> tuple[Mark, ...]:
    if root is None:
        return ()
    start, end = _quotes_kept(text, root)
    quote = text[start] if text[start] in "\"'" else ""
    return (Mark(start, end, root.value, partial(_root, quote), line=root.start_mark.line + 1),)


def _root(quote: str, name: str) -> str:
    """Return a root key as it was quoted; what is not a plain word (`no`) is quoted anyway."""
    if quote == "'":
        return _single_quoted(name)
    return double_quoted(name) if quote else _plain(False, name)


def _quotes_kept(text: str, event: ScalarEvent) -> tuple[int, int]:
    """Return the whole scalar, quotes included, anchors and tags not."""
    start, end = event.start_mark.index, event.end_mark.index
    if text[start : start + 1] in {"&", "!"}:
        properties = _PROPERTIES.match(text, start, end)
        start = properties.end() if properties else start
        if start < end and not text[start - 1].isspace():
            mark = event.start_mark
            message = "not valid YAML: no space after an anchor or tag"
            raise ContentError(message, line=mark.line + 1, column=mark.column + 1)
    return start, end


def _unit(text: str, key: str, event: ScalarEvent, frame: _Frame) -> Unit:
    start, end = _quotes_kept(text, event)
    name = frame.key if frame.mapping else None
    encode = _styled(text, event, frame, start)
    if event.style in {"|", ">"}:
        end = max(start + 1, start + len(text[start:end].rstrip()))
    note = _comment_above(text, name or event)
    line = event.start_mark.line + 1
    removal = None if frame.flow or name is None else _removal(text, name, end)
    return Unit(key, event.value, start, end, encode, "", note, key, line, removal)


def _comment_above(text: str, event: ScalarEvent) -> str:
    """Return the comment lines right above the line of EVENT."""
    line_start = event.start_mark.index - event.start_mark.column
    notes: list[str] = []
    while line_start > 0:
        begin = text.rfind("\n", 0, line_start - 1) + 1
        line = text[begin : line_start - 1].strip()
        if not line.startswith("#"):
            break
        if "smartling." not in line:
            notes.insert(0, line.lstrip("# "))
        line_start = begin
    return "\n".join(notes)


def _removal(text: str, name: ScalarEvent, end: int) -> tuple[int, int] | None:
    """Return the lines of the key NAME and its value, where these stand alone on them."""
    begin = name.start_mark.index - name.start_mark.column
    if text[begin : name.start_mark.index].strip(" "):
        return None
    finish = text.find("\n", end)
    return begin, len(text) if finish < 0 else finish + 1


def _styled(text: str, event: ScalarEvent, frame: _Frame, start: int) -> Callable[[str], str]:
    style = event.style
    if style == '"':
        return double_quoted
    if style == "'":
        return _single_quoted
    if style in {"|", ">"}:
        header = _HEADER.match(text, start)
        indent = _indent(text, event, frame, start)
        return partial(
            _literal, header[3] if header else "", indent, "\r\n" if "\r\n" in text[:2000] else "\n"
        )
    return _IN_FLOW if frame.flow else _IN_BLOCK


def _indent(text: str, event: ScalarEvent, frame: _Frame, start: int) -> str:
    """Return the white space before the lines of a block scalar."""
    name = frame.key if frame.mapping else None
    column = name.start_mark.column if name else max(event.start_mark.column - 2, 0)
    line = text.find("\n", start) + 1
    found = re.compile(r"(?:[ ]*\r?\n)*([ ]+)").match(text, line) if line else None
    if found and len(found[1]) > column and not re.match(r"[|>][-+]?\d", text[start : start + 3]):
        return str(found[1])
    return " " * (int(column) + 2)


def double_quoted(text: str) -> str:
    """Return TEXT as a double-quoted scalar on one line."""
    return f'"{_DOUBLE.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    code = ord(character)
    return _ESCAPES.get(character) or (f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}")


def _single_quoted(text: str) -> str:
    if _DOUBLE.sub("", text.replace('"', "").replace("\\", "")) != text.replace('"', "").replace("\\", ""):
        return double_quoted(text)
    return "'" + text.replace("'", "''") + "'"


def _plain(flow: bool, text: str) -> str:
    """Return TEXT without quotes where every reader takes it as this text."""
    safe = _PLAIN.fullmatch(text) and not text.endswith(" ") and not (flow and _FLOW & set(text))
    if safe and not _NOT_TEXT.fullmatch(text) and not _TRUTHS.fullmatch(text):
        return text
    return double_quoted(text)


_IN_BLOCK, _IN_FLOW = (partial(_plain, flow) for flow in (False, True))


def _literal(comment: str, indent: str, end: str, text: str) -> str:
    """Return TEXT as a block scalar `|` without its last line end, or double-quoted where that cannot be."""
    body = text.removesuffix("\n")
    lines = body.split("\n")
    plain = (
        body.strip()
        and not body.endswith("\n")
        and not _UNSAFE.search(body)
        and not _BREAK.search(body.replace("\n", ""))
    )
    if not plain or lines[0][:1] in {"", " "} or any(line[-1:] == " " and not line.strip() for line in lines):
        return double_quoted(text)
    if lines[-1].endswith(" "):
        return double_quoted(text)
    chomp = "" if text.endswith("\n") else "-"
    return f"|{chomp}{comment}{end}" + end.join(f"{indent}{line}" if line else "" for line in lines)


# --- the root key -------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _folded(locale: str) -> str:
    return locale.replace("_", "-").casefold()


def substitute_root(data: bytes, source_locale: str, target: str) -> bytes:
    """Return the file with a first key that is SOURCE_LOCALE, or its language, replaced by TARGET.

    Any other first key, and a file that is not YAML, stay unchanged.
    """
    try:
        document = parse(data, {}, None)
    except ContentError:
        return data
    source = _folded(source_locale)
    known = {source, source.split("-")[0]}
    return document.splice(
        [
            (mark.start, mark.end, mark.write(target))
            for mark in document.marks
            if _folded(mark.value) in known
        ]
    )
