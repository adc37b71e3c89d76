"""gettext catalogues and templates (`.po`, `.pot`), line by line.

The text of a unit is the source (`msgid`), its translation the `msgstr`, and its place that of the
`msgstr`. The header is not a unit; its language and plural forms are labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from gettext import c2py

from l10nsync.errors import ContentError
from l10nsync.formats import inline
from l10nsync.formats.coding import LineNumbers, decode
from l10nsync.formats.documents import Coding, Directives, Document, Edit, Fault, Label, Mark, Unit

CODING = Coding(declared="gettext")
CONTEXT_END = "\x04"
"""Separates context and msgid in a key, as in compiled catalogues."""
_LINE = re.compile(
    r"[ \t]*(?:(?P<obsolete>\#~[^\r\n]*)|\#(?P<mark>[.,:|]?)(?P<comment>[^\r\n]*)"
    r"|(?:(?P<keyword>msgctxt|msgid_plural|msgid|msgstr)(?:[ \t]*\[[ \t]*(?P<index>\d{1,6})[ \t]*\])?[ \t]*)?"
    r'"(?P<text>[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*)"[ \t]*|(?P<blank>[ \t]*))(?P<end>\r\n|\r|\n|\Z)'
)
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|(.))", re.DOTALL)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_SPECIAL = re.compile('[\\\\"\x00-\x1f\x7f\x85\u2028\u2029]')
_WRITTEN = {
    "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\a": "\\a", "\b": "\\b", "\f": "\\f",
    "\v": "\\v", "\x85": "\x85", "\u2028": "\u2028", "\u2029": "\u2029",
}  # fmt: skip
_PLURAL_FORMS = re.compile(r'Plural-Forms: (?:[^\\"]|"[ \t]*\r?\n[ \t]*")*')
_LANGUAGE = re.compile(r'(?:(?<=")|(?<=\\n))Language:[ \t]*([^\\"\r\n]*)')
_COUNTS = re.compile(r"Plural-Forms:[^\n]*?nplurals\s*=\s*(\d{1,6})\s*;\s*plural\s*=([^;\n]*)")
_COUNTED = 201
"""So many numbers, from 0, show each form that a language has."""
_NPLURALS = re.compile(r"nplurals\s*=\s*(\d{1,6})")


@dataclass(slots=True)
class _PoKeyword:
    """One keyword with its text; positions inside the outermost quotes."""

    start: int
    end: int
    raw: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(map(_unescape, self.raw))


@dataclass(slots=True)
class _PoEntry:
    parts: dict[str, _PoKeyword] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    flag_lines: list[re.Match[str]] = field(default_factory=list)
    earlier: list[tuple[int, int]] = field(default_factory=list)
    """Lines of the `msgid` that a fuzzy entry was translated from."""
    start: int = 0


def _unescape(raw: str) -> str:
    return _ESCAPE.sub(_character, raw) if "\\" in raw else raw


def _character(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return chr(int(found[2], 8)) if found[2] else _PLAIN.get(found[3], found[3])


def _quoted(text: str) -> str:
    return _SPECIAL.sub(lambda found: _WRITTEN.get(found[0]) or f"\\{ord(found[0]):03o}", text)


def _encode(text: str) -> str:
    """Return a `msgstr` without its outermost quotes: one line, or a line for each line of TEXT."""
    if "\n" not in text[:-1]:
        return _quoted(text)
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    return "\n".join(['"', *(f'"{_quoted(line)}"' for line in lines)]).removesuffix('"')


def _encode_crlf(text: str) -> str:
    return _encode(text).replace("\n", "\r\n")


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:  # noqa: ARG001 - see Parse
    """Read a catalogue or template; see `documents.Parse`."""
    text, encoding, bom = decode(data, charset, CODING)
    units: list[Unit] = []
    labels: list[Label] = []
    marks: list[Mark] = []
    facts: dict[str, str] = {}
    faults: list[Fault] = []
    header: _PoKeyword | None = None
    encode = _encode_crlf if "\r\n" in text else _encode
    skipped = inline.excluded(text)
    lines = LineNumbers(text)
    for entry in _entries(text):
        if "msgid" in entry.parts and not entry.parts["msgid"].text and "msgctxt" not in entry.parts:
            labels += _header(entry, facts)
            marks += _language(text, entry.parts.get("msgstr"))
            header = entry.parts.get("msgstr")
            faults += _counting(header, lines) if header else ()
        elif not inline.is_excluded(entry.start, skipped):
            units += _units(entry, encode, lines)
            faults += _faults(entry, lines)
    found = inline.directives(text)
    faults += _uncounted(units) if "nplurals" not in facts else ()
    blanks = _blanks(text, header, units) if header and "nplurals" not in facts else ()
    return Document(
        text, tuple(units), encoding, bom, found, tuple(labels), tuple(marks),
        facts=facts, faults=tuple(faults), blanks=blanks,
    )  # fmt: skip


def _uncounted(units: Iterable[Unit]) -> Iterator[Fault]:
    """Yield what msgfmt refuses where no header counts plural forms: the first of them."""
    for unit in units:
        if unit.plural and unit.value:
            message = "msgfmt refuses plural forms without a header that counts them"
            hint = "Add a line such as `Plural-Forms: nplurals=2; plural=(n != 1);`."
            yield Fault(unit.key, message, unit.line, hint)
            return


def _counting(header: _PoKeyword, lines: LineNumbers) -> Iterator[Fault]:
    """Yield what `msgfmt --check` refuses in how a header counts: an expression that is none, or too high."""
    found = _COUNTS.search(header.text)
    if found is None:
        return
    number, written = int(found[1]), found[2].strip()
    line = lines.at(header.start)
    hint = "CLDR and gettext's manual list the plural forms of each language."
    try:
        highest = _highest_form(written)
    except (ValueError, ArithmeticError, RecursionError):
        yield Fault("", f"msgfmt refuses the plural forms: `{written[:40]}` is not an expression", line, hint)
        return
    if highest >= number:
        message = (
            f"msgfmt refuses the plural forms: `{written[:40]}` gives {highest}, but nplurals is {number}"
        )
        yield Fault("", message, line, hint)


@lru_cache(maxsize=64)
def _highest_form(expression: str) -> int:
    """Return the number of the highest form that a plural expression gives; languages share a few of them."""
    return max(map(c2py(expression), range(_COUNTED)))


_TWO_FORMS = "nplurals=2; plural=(n != 1);"
"""As xgettext writes every plural of a template: with two forms."""


def _blanks(text: str, header: _PoKeyword, units: Iterable[Unit]) -> tuple[tuple[int, int, str], ...]:
    """Return the edit that gives a template with plurals the header that msgfmt asks for."""
    if {unit.plural for unit in units if unit.plural} != {"0", "1"}:
        return ()
    if found := _PLURAL_FORMS.search(text, header.start, header.end):
        value = found.start() + len("Plural-Forms: ")
        end = text.find("\\n", value, header.end)
        return ((value, end, _TWO_FORMS),) if end >= 0 else ()
    return ((header.end, header.end, _line_put_in(text, header, f"Plural-Forms: {_TWO_FORMS}\\n")),)


_CONTROL = re.compile(r"\\(?![ntbrfva\\\"0-7x]).?", re.DOTALL)


def _faults(entry: _PoEntry, lines: LineNumbers) -> Iterator[Fault]:
    """Yield what `msgfmt --check` refuses in an entry that is not fuzzy."""
    parts = entry.parts
    if "fuzzy" in entry.flags or "msgid" not in parts:
        return
    msgid = parts["msgid"].text
    key = f"{parts['msgctxt'].text}{CONTEXT_END}{msgid}" if "msgctxt" in parts else msgid
    for name, part in parts.items():
        line = lines.at(part.start)
        for found in _CONTROL.finditer("".join(part.raw).replace("\\\\", "")):
            hint = "Write `\\\\` for a backslash."
            yield Fault(key, f"msgfmt refuses `{found[0]}`: it is not an escape", line, hint)
        if not name.startswith("msgstr") or not part.text:
            continue
        for place, differs in (("begin", str.startswith), ("end", str.endswith)):
            if differs(part.text, "\n") != differs(msgid, "\n"):
                message = f"msgfmt refuses it: source and translation do not both {place} with `\\n`"
                yield Fault(key, message, line, f"Let both {place} with it, or neither.")


def _entries(text: str) -> Iterator[_PoEntry]:
    entry, keyword = _PoEntry(), ""
    position, number, size = 0, 0, len(text)
    while position < size:
        number += 1
        found = _LINE.match(text, position)
        if found is None:
            raise ContentError(
                "not a valid PO file: neither a comment nor a quoted text", line=number, column=1
            )
        if _begins(found, entry):
            yield entry
            entry = _PoEntry()
        if found["keyword"]:
            keyword = _keyword(found, entry, number)
        elif found["text"] is not None:
            _continue(found, entry, keyword, number)
        else:
            _comment(found, entry)
        position = found.end()
    if "msgstr" in {name.partition("[")[0] for name in entry.parts}:
        yield entry
    elif entry.parts:
        raise ContentError("not a valid PO file: the last entry has no msgstr", line=number, column=1)


def _begins(found: re.Match[str], entry: _PoEntry) -> bool:
    """Return whether this line belongs to the next entry."""
    if not any(name.startswith("msgstr") for name in entry.parts):
        return False
    return found["comment"] is not None or found["keyword"] in {"msgctxt", "msgid"}


def _keyword(found: re.Match[str], entry: _PoEntry, number: int) -> str:
    name = str(found["keyword"])
    if found["index"] is not None:
        name = f"{name}[{int(found['index'])}]"
    if name in entry.parts:
        raise ContentError(f"not a valid PO file: {name} twice in one entry", line=number, column=1)
    if name.startswith("msgstr") and "msgid" not in entry.parts:
        raise ContentError(f"not a valid PO file: {name} without msgid", line=number, column=1)
    if not entry.parts:
        entry.start = found.start()
    start, end = found.span("text")
    entry.parts[name] = _PoKeyword(start, end, [found["text"]])
    return name


def _continue(found: re.Match[str], entry: _PoEntry, keyword: str, number: int) -> None:
    part = entry.parts.get(keyword)
    if part is None:
        raise ContentError("not a valid PO file: a text without a keyword", line=number, column=1)
    part.raw.append(found["text"])
    part.end = found.end("text")


def _comment(found: re.Match[str], entry: _PoEntry) -> None:
    if found["mark"] == ".":
        entry.notes.append(found["comment"].strip())
    elif found["mark"] == ",":
        entry.flags += [flag.strip() for flag in found["comment"].split(",")]
        entry.flag_lines.append(found)
    elif found["mark"] == "|":
        entry.earlier.append(found.span())


def _header(entry: _PoEntry, facts: dict[str, str]) -> Iterator[Label]:
    part = entry.parts["msgstr"]
    fields = dict(line.partition(": ")[::2] for line in part.text.split("\n"))
    if plurals := _NPLURALS.search(fields.get("Plural-Forms", "")):
        facts["nplurals"] = plurals[1]
    forms = "".join(fields.get("Plural-Forms", "").split()).rstrip(";")
    yield Label(part.start, part.end, forms, _merged)


def _merged(ours: str, theirs: str) -> str:
    """Return our header with their plural forms; theirs where ours has none."""
    new, old = _PLURAL_FORMS.search(theirs), _PLURAL_FORMS.search(ours)
    if new is not None and old is None:
        return theirs
    return ours if new is None or old is None else ours[: old.start()] + new[0] + ours[old.end() :]


def _language(text: str, part: _PoKeyword | None) -> Iterator[Mark]:
    """Yield the header's `Language`, or where it is put in: on a line of its own at the end."""
    if part is None:
        return
    if found := _LANGUAGE.search(text, part.start, part.end):
        line = text.count("\n", 0, found.start()) + 1
        yield Mark(*found.span(1), found[1].strip(), partial(_spaced, found[0][9:10]), line=line)
        return
    yield Mark(part.end, part.end, "", partial(_put_in, _line_put_in(text, part, "Language: ")))


def _line_put_in(text: str, header: _PoKeyword, value: str) -> str:
    """Return what begins a further line of a header, at its end, and says VALUE."""
    end = "\r\n" if "\r\n" in text else "\n"
    raw = text[header.start : header.end]
    gap = "" if not raw or raw.endswith("\\n") else "\\n"
    return f'{gap}"{end}"{value}'


def _spaced(before: str, name: str) -> str:
    return f"{'' if before in {' ', chr(9)} else ' '}{name}"


def _put_in(before: str, name: str) -> str:
    return f"{before}{name}\\n"


def _fuzzy(entry: _PoEntry) -> tuple[Edit, ...]:
    """Return what makes a fuzzy entry a translated one; nothing if it is not fuzzy."""
    if "fuzzy" not in entry.flags:
        return ()
    edits: list[Edit] = [(*line, "") for line in entry.earlier]
    for line in entry.flag_lines:
        flags = [flag.strip() for flag in line["comment"].split(",")]
        others = [flag for flag in flags if flag and flag != "fuzzy"]
        if not others:
            edits.append((*line.span(), ""))
        elif "fuzzy" in flags:
            edits.append((*line.span("comment"), f" {', '.join(others)}"))
    return tuple(sorted(edits))


def _units(entry: _PoEntry, encode: object, lines: LineNumbers) -> Iterator[Unit]:
    parts = entry.parts
    if "msgid" not in parts:
        return
    msgid = parts["msgid"].text
    context = parts["msgctxt"].text if "msgctxt" in parts else ""
    key = f"{context}{CONTEXT_END}{msgid}" if "msgctxt" in parts else msgid
    many = parts["msgid_plural"].text if "msgid_plural" in parts else msgid
    note = "\n".join(entry.notes)
    flags = " ".join(flag.removesuffix("-format") for flag in entry.flags if flag.endswith("-format"))
    for name, part in parts.items():
        if name.startswith("msgstr"):
            plural = name[7:-1]
            source = msgid if plural in {"", "0"} else many
            origin = parts["msgid" if plural in {"", "0"} or many == msgid else "msgid_plural"]
            line = lines.at(part.start)
            yield Unit(
                key, source, part.start, part.end, encode, plural, note, context, line,  # type: ignore[arg-type]
                None, part.text, False, flags, 0, _fuzzy(entry), origin.start,
            )  # fmt: skip
