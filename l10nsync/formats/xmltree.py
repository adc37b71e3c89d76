"""XML elements with their places in the text, from expat; nothing is resolved but what is asked for."""

from __future__ import annotations

import re
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from typing import NamedTuple
from xml.parsers import expat

from l10nsync.errors import ContentError
from l10nsync.formats.documents import MAX_DEPTH, Edit, Mark

_TAG_END = re.compile(r"""<[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>""")
_REFERENCE = re.compile(r"&(?:#(\d{1,99})|#[xX]([0-9A-Fa-f]{1,99})|(\w+));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_SPLIT = "]]]]><![CDATA[>"
"""How a CDATA section says `]]>`."""
ONE_CDATA = re.compile(rf"\s*<!\[CDATA\[((?:{re.escape(_SPLIT)}|(?!\]\]>).)*)\]\]>\s*", re.DOTALL)
"""An element's content that is all CDATA; the text is in group 1."""
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})


class Element:
    """One element; positions are characters in the whole text."""

    __slots__ = (
        *(
            "__weakref__",
            "_parent",
            "attributes",
            "children",
            "content",
            "content_end",
            "end",
            "name",
            "note",
        ),
        "start",
    )

    def __init__(self, name: str, attributes: dict[str, str], parent: Element | None, start: int) -> None:
        self.name = name
        self.attributes = attributes
        # A circle would keep a large tree in memory until Python's collector comes by.
        self._parent = weakref.ref(parent) if parent is not None else None
        self.children: list[Element] = []
        self.start = start
        self.content = start
        """Where the start tag ends; equals `content_end` and `end` for an empty-element tag."""
        self.content_end = start
        self.end = start
        self.note = ""
        """The comment right before the element."""

    @property
    def parent(self) -> Element | None:
        """The element around it, while somebody holds the tree; None for the root."""
        return self._parent() if self._parent is not None else None

    @property
    def local(self) -> str:
        """The name without its prefix."""
        return self.name.rpartition(":")[2]

    def iter(self) -> Iterator[Element]:
        """Yield the element and all below it, in document order."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack.extend(reversed(element.children))

    def named(self, *names: str) -> list[Element]:
        """Return the child elements with one of the local names."""
        return [child for child in self.children if child.local in names]

    def child(self, name: str) -> Element | None:
        """Return the first child element with that local name."""
        return next((child for child in self.children if child.local == name), None)

    def raw(self, text: str) -> str:
        """Return the text between the tags."""
        return text[self.content : self.content_end]

    @property
    def empty_tag(self) -> bool:
        """Whether it is written `<a/>`."""
        return self.content == self.end


class _ElementBuilder:
    def __init__(self, text: str) -> None:
        self.text = text
        self.data = text.encode("utf-8", "surrogatepass")
        self.ascii = len(self.data) == len(text)
        self.byte = self.character = 0
        self.root: Element | None = None
        self.open: list[Element] = []
        self.comment: tuple[int, str] = (-1, "")
        self.parser = expat.ParserCreate("utf-8")

    def position(self) -> int:
        """Return the character at which the current event begins; events come in order."""
        index = self.parser.CurrentByteIndex
        if self.ascii:
            return index
        if index > self.byte:
            self.character += len(self.data[self.byte : index].decode("utf-8", "surrogatepass"))
            self.byte = index
        return self.character

    def start(self, name: str, attributes: dict[str, str]) -> None:
        position = self.position()
        if len(self.open) >= MAX_DEPTH:
            raise ContentError("not read: nested too deeply", line=self.parser.CurrentLineNumber, column=1)
        parent = self.open[-1] if self.open else None
        element = Element(name, attributes, parent, position)
        end = _TAG_END.match(self.text, position)
        element.content = end.end() if end else position
        if parent is not None:
            parent.children.append(element)
        else:
            self.root = element
        after, note = self.comment
        if after >= 0 and not self.text[after:position].strip():
            element.note = note
        self.comment = (-1, "")  # it is before one element only; looking back again would take forever
        self.open.append(element)

    def end(self, _name: str) -> None:
        element = self.open.pop()
        position = self.position()
        if self.text.startswith("/>", element.content - 2):
            element.content_end = element.end = element.content
            return
        element.content_end = position
        close = self.text.find(">", position)
        element.end = close + 1

    def take_comment(self, data: str) -> None:
        position = self.position()
        close = self.text.find("-->", position)
        previous, earlier = self.comment
        joined = bool(earlier) and not self.text[previous:position].strip()
        self.comment = (close + 3, f"{earlier}\n{data.strip()}" if joined else data.strip())

    def run(self) -> Element:
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CommentHandler = self.take_comment
        self.parser.buffer_text = True
        if "<!ENTITY" in self.text:
            self.parser.DefaultHandler = lambda _data: None  # keeps expat from expanding entities
        try:
            self.parser.Parse(self.data, True)
        except expat.ExpatError as error:
            message = expat.ErrorString(error.code)
            raise ContentError(
                f"not well-formed XML: {message}", line=error.lineno, column=error.offset + 1
            ) from None
        finally:
            # The parser and what it calls hold each other, and the text.
            del self.parser
        assert self.root is not None  # noqa: S101 - expat refuses a document without one
        return self.root


def read(text: str) -> Element:
    """Return the root element; raise `ContentError` with the place of what is not well-formed."""
    return _ElementBuilder(text).run()


def unescape(raw: str) -> str:
    """Return the characters that XML content means; entities that XML does not define stay."""
    if "<!" in raw or "<?" in raw:
        return "".join(_parts(raw))
    return _resolved(raw)


def _parts(raw: str) -> Iterator[str]:
    position = 0
    for found in _CDATA.finditer(raw):
        yield _resolved(_COMMENT.sub("", raw[position : found.start()]))
        yield found[1].replace("\r\n", "\n")
        position = found.end()
    yield _resolved(_COMMENT.sub("", raw[position:]))


def _resolved(raw: str) -> str:
    if "\r" in raw:
        raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    return _REFERENCE.sub(_character, raw) if "&" in raw else raw


def _character(found: re.Match[str]) -> str:
    if found[3]:
        return _NAMED.get(found[3], found[0])
    code = int(found[1]) if found[1] else int(found[2], 16)
    return chr(code) if code < 0x110000 else found[0]


def keeping_entities(raw: str, encode: Callable[[str], str]) -> Callable[[str], str]:
    """Return ENCODE; where RAW has entities that only its document defines, what leaves these as they are."""
    found = _REFERENCE.finditer(raw) if "&" in raw else ()
    own = {reference[0] for reference in found if reference[3] and reference[3] not in _NAMED}
    return partial(_with_entities, own, encode) if own else encode


def _with_entities(own: Collection[str], encode: Callable[[str], str], text: str) -> str:
    raw = encode(text)
    for entity in own:
        raw = raw.replace(escape(entity), entity)
    return raw


def escape(text: str) -> str:
    """Return TEXT as XML content; raise `ContentError` for a character that XML 1.0 cannot hold."""
    if bad := _ILLEGAL.search(text):
        raise ContentError(f"{bad[0]!a} is not allowed in XML")
    return text.translate(_ESCAPES)


def escape_attribute(text: str) -> str:
    """Return TEXT for an attribute in either kind of quotes."""
    raw = escape(text).replace('"', "&quot;").replace("'", "&apos;")
    return raw.replace("\n", "&#10;").replace("\t", "&#9;")


def escape_cdata(text: str) -> str:
    """Return TEXT for the inside of a CDATA section."""
    if bad := _ILLEGAL.search(text):
        raise ContentError(f"{bad[0]!a} is not allowed in XML")
    if "\r" in text:
        raise ContentError("a carriage return is not allowed in a CDATA section")
    return text.replace("]]>", _SPLIT)


def cdata_text(raw: str) -> str:
    """Return what the inside of a CDATA section says."""
    return raw.replace(_SPLIT, "]]>").replace("\r\n", "\n")


def is_fragment(text: str) -> bool:
    """Return whether TEXT is well-formed as the content of an element."""
    parser = expat.ParserCreate("utf-8")
    try:
        parser.Parse(f"<a>{text}</a>".encode("utf-8", "surrogatepass"), True)
    except expat.ExpatError as error:
        return expat.ErrorString(error.code) == "undefined entity"
    return True


def markup(text: str) -> str:
    """Return TEXT as mixed content: as it is where it is well-formed, else escaped."""
    return text if is_fragment(text) else escape(text)


class Content(NamedTuple):
    """The text of an element, with where and how it is written."""

    text: str
    start: int
    end: int
    encode: Callable[[str], str]
    markup: bool = False


def content(text: str, element: Element) -> Content:
    """Return what an element holds; mixed content keeps its tags and entities."""
    if element.empty_tag:
        start = element.end - 2
        while text[start - 1].isspace():
            start -= 1
        blank = text[start : element.end]
        return Content("", start, element.end, partial(_filled, blank, element.name, escape))
    raw = element.raw(text)
    if cdata := ONE_CDATA.fullmatch(raw):
        start, end = (element.content + position for position in cdata.span(1))
        return Content(cdata_text(cdata[1]), start, end, escape_cdata)
    span = element.content, element.content_end
    if element.children or "<" in raw:
        return Content(raw.replace("\r\n", "\n"), *span, markup, markup=True)
    return Content(unescape(raw), *span, keeping_entities(raw, _content_escape))


def _content_escape(text: str) -> str:
    return escape(text)


def _filled(blank: str, name: str, write: Callable[[str], str], text: str) -> str:
    return f">{write(text)}</{name}>" if text else blank


def mixed(text: str, element: Element) -> Content:
    """Return what an element holds as mixed content, though it may hold no tag yet; CDATA stays CDATA."""
    held = content(text, element)
    if element.empty_tag:
        blank = text[held.start : held.end]
        return held._replace(encode=partial(_filled, blank, element.name, markup), markup=True)
    raw = element.raw(text)
    if held.markup or ONE_CDATA.fullmatch(raw):
        return held
    return Content(raw.replace("\r\n", "\n"), held.start, held.end, markup, markup=True)


def line_start(text: str, position: int) -> int | None:
    """Return where the line of POSITION begins if only spaces and tabs stand before it, else None."""
    begin = position
    while begin > 0 and text[begin - 1] in " \t":
        begin -= 1
    return begin if begin == 0 or text[begin - 1] == "\n" else None


def attribute(text: str, element: Element, name: str) -> tuple[int, int] | None:
    """Return the span of an attribute's value, without quotes."""
    pattern = re.compile(rf"""\s{re.escape(name)}\s*=\s*("[^"]*"|'[^']*')""")
    found = pattern.search(text, element.start, element.content)
    return (found.start(1) + 1, found.end(1) - 1) if found else None


def without(text: str, element: Element, *names: str) -> Iterator[Edit]:
    """Yield what takes attributes out of a start tag, each with the white space before it."""
    for name in names:
        if span := attribute(text, element, name):
            start = text.rindex(name, element.start, span[0])
            while text[start - 1].isspace():
                start -= 1
            yield start, span[1] + 1, ""


def marks(
    text: str, elements: Iterable[Element], *names: str, added: bool = False, needed: bool = False
) -> Iterator[Mark]:
    """Yield the attributes that name the language of these elements.

    ADDED also yields the place of an attribute that is not there, the first of NAMES; NEEDED is the mark's.
    """
    for element in elements:
        line = text.count("\n", 0, element.start) + 1
        spans = [(span, name) for name in names if (span := attribute(text, element, name))]
        for span, _name in sorted(spans):
            yield Mark(*span, unescape(text[slice(*span)]), escape_attribute, line=line)
        if added and not spans:
            place = element.content - (2 if text.startswith("/>", element.content - 2) else 1)
            while text[place - 1].isspace():
                place -= 1
            yield Mark(place, place, "", partial(_attribute, names[0]), needed, line)


def _attribute(name: str, value: str) -> str:
    return f' {name}="{escape_attribute(value)}"'
