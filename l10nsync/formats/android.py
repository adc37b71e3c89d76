"""Android string resources: `string`, `plurals` and `string-array`, with Android's own escapes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from l10nsync.errors import ContentError
from l10nsync.formats import inline, xmltree
from l10nsync.formats.coding import LineNumbers, decode
from l10nsync.formats.documents import Coding, Directives, Document, Fault, Unit
from l10nsync.formats.xmltree import Element

CODING = Coding(declared="xml")
_TOKEN = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|([\s\S])|\Z)|(")|([ \t\r\n]+)')
_PLAIN = {"n": "\n", "t": "\t", "r": "\r"}
_TAG = re.compile(r"(<!--.*?-->|<!\[CDATA\[|\]\]>|<[^<>]*>)", re.DOTALL)
_WRITTEN = {
    "\\": "\\\\", "'": "\\'", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\ufffe": "\\uFFFE",
    "\uffff": "\\uFFFF",
}  # fmt: skip
_SPECIAL = re.compile(
    "[\\\\'\"\n\t\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]|(?<= ) | (?= *\\Z)|\\A "
)
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_SPACE = " \t\r\n"
_REST = re.compile(r"[ \t]*\r?\n")


def _decode(raw: str) -> str:
    """Return the text behind Android's escapes, quotes and collapsed white space."""
    if not ("\\" in raw or '"' in raw or "\n" in raw or "\t" in raw or "  " in raw):
        return raw
    parts: list[str] = []
    position, quoted = 0, False
    for found in _TOKEN.finditer(raw):
        parts.append(raw[position : found.start()])
        position = found.end()
        if found[3]:
            quoted = not quoted
        elif found[4]:
            parts.append(found[4] if quoted else " ")
        elif found[1]:
            parts.append(chr(int(found[1], 16)))
        else:
            parts.append(_PLAIN.get(found[2], found[2] or ""))
    text = "".join((*parts, raw[position:]))
    return _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)


def _escaped(text: str) -> str:
    raw = _SPECIAL.sub(lambda found: _WRITTEN.get(found[0]) or f"\\u{ord(found[0]):04X}", text)
    return "\\" + raw if raw[:1] in {"@", "?"} else raw


def _plain_text(raw: str) -> str:
    return _decode(xmltree.unescape(raw))


def _encode_plain(text: str) -> str:
    return xmltree.escape(_escaped(text))


def _encode_cdata(text: str) -> str:
    return xmltree.escape_cdata(_escaped(text))


def _mixed_text(raw: str) -> str:
    """Return mixed content with escapes resolved outside its tags."""
    parts = _TAG.split(raw)
    return "".join(part if index % 2 else _decode(part) for index, part in enumerate(parts))


def _encode_mixed(text: str) -> str:
    if not xmltree.is_fragment(text):
        return _encode_plain(text)
    parts = _TAG.split(text)
    raw = "".join(part if index % 2 else _escaped_part(part) for index, part in enumerate(parts))
    raw = f"\\u0020{raw[1:]}" if raw[:1] == " " else raw
    return f"{raw[:-1]}\\u0020" if raw[-1:] == " " else raw


def _escaped_part(text: str) -> str:
    """Escape text beside tags, where a space at the end counts."""
    core = text.strip(" ")
    if not core:
        return text if len(text) < 2 else " " + "\\u0020" * (len(text) - 1)
    head = text[: len(text) - len(text.lstrip(" "))]
    tail = text[len(text.rstrip(" ")) :]
    spaces = [" " + "\\u0020" * (len(space) - 1) if space else "" for space in (head, tail)]
    raw = _SPECIAL.sub(lambda found: _WRITTEN.get(found[0]) or f"\\u{ord(found[0]):04X}", core)
    return f"{spaces[0]}{raw}{spaces[1]}"


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:
    """Read an Android resource file; see `documents.Parse`. `translatable="false"` is not a unit."""
    text, encoding, bom = decode(data, charset, CODING)
    root = xmltree.read(text)
    if root.local != "resources":
        raise ContentError(f"not Android resources: the root element is <{root.name}>", line=1, column=1)
    found = inline.directives(text)
    units = tuple(_units(text, root, {**directives, **found}))
    marks = tuple(xmltree.marks(text, [root], "tools:locale"))
    faults = tuple(_faults(text, units))
    return Document(text, units, encoding, bom, found, marks=marks, faults=faults)


_PIECE = re.compile(r"(\\(?:u[0-9A-Fa-f]{4}|[^u]|u))|(\")|('|&apos;|&#0*39;)|<[^<>]*>", re.DOTALL)
_ATTRIBUTE = re.compile(r"\?(?!attr/|[^/]*:attr/)(?:[^/:]+|[^/:]+:[^/]*)\Z")
"""What aapt2 takes for an attribute, except where it is plainly one."""
_SUBSTITUTION = re.compile(r"%(?:%|n|(\d+\$)?[-#+ 0,(<]*\d*(?:\.\d+)?[A-Za-z])")


def _faults(text: str, units: tuple[Unit, ...]) -> Iterator[Fault]:
    """Yield what aapt2, which packs the resources, refuses."""
    for unit in units:
        raw = text[unit.start : unit.end]
        if "'" in raw or "\\u" in raw or "&" in raw:
            for fault in _refused(raw, unit):
                start, end = fault.span or (0, 0)
                yield fault._replace(
                    span=(unit.start + start, unit.start + end),
                    line=unit.line + text.count("\n", unit.start, unit.start + start),
                )
        if not unit.markup and _ATTRIBUTE.match(raw):
            message = f"`{raw[:20]}` is read as the name of a theme's attribute"
            hint = "Write a backslash before the question mark."
            yield Fault(unit.key, message, unit.line, hint, span=(unit.start, unit.start + 1))
        if raw.count("%") > 1 and _is_ambiguous(unit):
            hint = 'Number them (`%1$s`, `%2$d`), or say formatted="false".'
            message = "aapt2 refuses several placeholders without numbers"
            yield Fault(unit.key, message, unit.line, hint)


def _is_ambiguous(unit: Unit) -> bool:
    """Whether a text has several placeholders, not all of them with numbers."""
    if "unformatted" in unit.flags:
        return False
    found = [match for match in _SUBSTITUTION.finditer(unit.text) if match[0] not in {"%%", "%n"}]
    return len(found) > 1 and not all(match[1] for match in found)


def _refused(raw: str, unit: Unit) -> Iterator[Fault]:
    """Yield the first sign that aapt2 refuses in a text, with its place there."""
    quoted = False
    for found in _PIECE.finditer(raw):
        if found[2]:
            quoted = not quoted
        elif found[3] and not quoted:
            hint = "Write a backslash before it."
            message = f"`{found[3]}` is not escaped, so aapt2 refuses the file"
            yield Fault(unit.key, message, unit.line, hint, span=found.span())
            return
        elif found[1] == "\\u":
            shown = raw[found.start() : found.start() + 6]
            hint = "Write four hexadecimal digits after it, or `\\\\` for a backslash."
            message = f"aapt2 refuses `{shown}`: it is not an escape"
            yield Fault(unit.key, message, unit.line, hint, span=(found.start(), found.start() + len(shown)))
            return


def _units(text: str, root: Element, directives: Directives) -> Iterator[Unit]:
    comments = directives.get("instruction_comments_enabled", "on").lower() not in {"off", "false"}
    named = [name.strip() for name in directives.get("instruction_attributes", "").split(",")]
    skipped = inline.excluded(text)
    limits = inline.Limits(text, directives)
    lines = LineNumbers(text)
    for element in root.children:
        if element.attributes.get("translatable") == "false" or inline.is_excluded(element.start, skipped):
            continue
        name = element.attributes.get("name", "")
        note = "\n".join(_notes(element, named, comments=comments))
        limit = limits.at(element.start)
        if element.name == "string":
            unit = _unit(text, element, name, "", note, _whole_lines(text, element), lines)
            plain = "unformatted" if element.attributes.get("formatted") == "false" else ""
            yield unit._replace(limit=limit, flags=plain) if limit or plain else unit
        elif element.name == "plurals":
            for item in element.named("item"):
                category = item.attributes.get("quantity", "other")
                yield _unit(text, item, name, category, note, _whole_lines(text, element), lines)
        elif element.name == "string-array":
            for index, item in enumerate(element.named("item")):
                yield _unit(text, item, f"{name}/{index}", "", note, None, lines)


def _notes(element: Element, named: list[str], *, comments: bool) -> Iterator[str]:
    """Yield the comment before an element, and what its attributes for translators say."""
    if comments and element.note and "smartling." not in element.note:
        yield element.note
    yield from (element.attributes[name] for name in named if name in element.attributes)


def _unit(
    text: str,
    element: Element,
    key: str,
    plural: str,
    note: str,
    remove: tuple[int, int] | None,
    lines: LineNumbers,
) -> Unit:
    line = lines.at(element.start)
    if element.empty_tag:
        start, end = _open_tag(text, element)
        closing = f"</{element.name}>"
        return Unit(
            key, "", start, end, lambda value: _filled(value, closing), plural, note, key, line, remove
        )
    raw = element.raw(text)
    if cdata := xmltree.ONE_CDATA.fullmatch(raw):
        start = element.content + cdata.start(1)
        end = element.content + cdata.end(1)
        return Unit(
            key,
            _decode(xmltree.cdata_text(cdata[1]).strip(_SPACE)),
            start,
            end,
            _encode_cdata,
            plural,
            note,
            key,
            line,
            remove,
        )
    core = raw.strip(_SPACE)
    start = element.content + len(raw) - len(raw.lstrip(_SPACE)) if core else element.content
    end = start + len(core) if core else element.content_end
    mixed = bool(element.children) or "<!" in core
    read, write = (_mixed_text, _encode_mixed) if mixed else (_plain_text, _encode_plain)
    encode = xmltree.keeping_entities(core, write)
    return Unit(key, read(core), start, end, encode, plural, note, key, line, remove, None, mixed)


def _open_tag(text: str, element: Element) -> tuple[int, int]:
    """Return the span of `/>`, white space before it included."""
    start = element.end - 2
    while text[start - 1].isspace():
        start -= 1
    return start, element.end


def _filled(text: str, closing: str) -> str:
    return f">{_encode_plain(text)}{closing}" if text else "/>"


def _whole_lines(text: str, element: Element) -> tuple[int, int]:
    """Return the element with its line, if nothing else is on it."""
    begin = xmltree.line_start(text, element.start)
    rest = _REST.match(text, element.end)
    return (element.start, element.end) if begin is None or rest is None else (begin, rest.end())
