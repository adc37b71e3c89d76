"""Markdown and MDX: every paragraph, heading and table cell is a string; code and raw HTML are not.

Blocks are found by CommonMark's rules and those of GitHub's tables, line by line; the content of a block is
the string as it is written. Front matter, link definitions, and the imports and tags of MDX are not strings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from functools import partial
from typing import NamedTuple

from l10nsync.formats import marks
from l10nsync.formats.coding import LineNumbers, decode
from l10nsync.formats.documents import Coding, Directives, Document, Fixed, Parse, Unit

CODING = Coding()
_FRONT = re.compile(r"---[ \t]*\r?\n.*?\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_PROSE = re.compile(
    r"(?P<lines>(?:[^\W\d_][^\n]*+(?:\n|\Z))++)(?=[ \t\r]*(?:\n|\Z))|(?:[ \t\r]*+\n)++"
    r"|\#{1,6}[ \t]+(?P<heading>[^\s\#](?:[^\n\#]*[^\s\#])?)[ \t\r]*(?:\n|\Z)"
    r"|[-+*][ ](?P<item>[^\W\d_](?:[^\n]*[^\s])?)[ \t\r]*\n(?=[-+*][ ]|[ \t\r]*\n(?![ \t\r\n]))"
)
"""What most text is: lines that begin with a letter, up to a blank one, where nothing opens a block; blank
lines; plain headings; items of one line that nothing can go on with."""
_ATX = re.compile(r"#{1,6}(?:[ \t]+(.*?))??(?:[ \t]+#+)?[ \t\r]*$")
_FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})\r?$")
_SETEXT = re.compile(r"(?:=+|-+)[ \t\r]*$")
_ITEM = re.compile(r"(?:[-+*]|(\d{1,9})[.)])(?=[ \t\r]|$)")
_DELIMITERS = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t\r]*$")
_LABEL = re.compile(r"\[(?:[^\[\]\\]|\\.)*\S(?:[^\[\]\\]|\\.)*\]:[ \t]*")
_TARGET = re.compile(r"(?:<[^<>\n]*>|[^\s<]\S*)")
_TITLE = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\))[ \t\r]*$""", re.DOTALL)
_HTML = (
    (re.compile(r"<(?:script|pre|style|textarea)(?:[\s>]|$)", re.IGNORECASE),
     re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE)),
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<\?"), re.compile(r"\?>")),
    (re.compile(r"<![A-Za-z]"), re.compile(r">")),
    (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>")),
)  # fmt: skip
_BLOCK_TAG = re.compile(
    r"</?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog"
    r"|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe"
    r"|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table"
    r"|tbody|td|tfoot|th|thead|title|tr|track|ul)(?:[\s/>]|/>|$)",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"(?:<[A-Za-z][\w-]*"
    r"""(?:\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?)*\s*/?>"""
    r"|</[A-Za-z][\w-]*\s*>)[ \t\r]*$"
)
_JSX_PART = (
    r"""(?:</?[A-Za-z](?:"[^"]*"|'[^']*'|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}|[^<>"'{}])*>|<>|</>"""
    r"""|\{(?:[^{}]|\{[^{}]*\})*\})"""
)
_JSX = re.compile(rf"{_JSX_PART}(?:[ \t]*{_JSX_PART})*[ \t\r]*(?:\n|\Z)")
_MODULE = re.compile(r"(?:import|export)\b")
_CELL = re.compile(r"(?:[^|\\]|\\.)*", re.DOTALL)
_DEEPEST = 50
"""Containers in one another; what would open more is text."""
Span = tuple[int, int]


class _Block(NamedTuple):
    """Running text: the spans of its lines without markers and white space around."""

    lines: list[Span]
    prefix: str = ""
    """What a further line begins with; meaningless where there can be none."""
    kind: str = "text"


def reader(*, mdx: bool = False) -> Parse:
    """Return the reader for Markdown, or for MDX."""

    def parse(data: bytes, directives: Directives, charset: str | None) -> Document:  # noqa: ARG001 - see Parse
        text, encoding, bom = decode(data, charset, CODING)
        scan = _Scan(text, mdx=mdx)
        lines, end = LineNumbers(text), "\r\n" if "\r\n" in text else "\n"
        units = tuple(_unit(text, block, lines, end) for block in scan.run())
        return Document(text, units, encoding, bom, marks=marks.of_front_matter(text), fixed=tuple(scan.code))

    return parse


def _unit(text: str, block: _Block, lines: LineNumbers, end: str) -> Unit:
    spans = block.lines
    start, stop = spans[0][0], spans[-1][1]
    raw = text[start:stop]
    value = raw if len(spans) == 1 else "\n".join([text[first:last] for first, last in spans])
    encode: Callable[[str], str]
    if block.kind == "text":
        encode = partial(_encode, end + block.prefix, value, raw)
    elif block.kind == "cell":
        value = value.replace("\\|", "|")
        encode = _encode_cell
    else:
        encode = _encode_line
    return Unit("", value, start, stop, encode, line=lines.at(start))


def _encode(prefix: str, value: str, raw: str, text: str) -> str:
    """Return a text of several lines; unchanged, its lines may have different markers."""
    return raw if text == value else text.strip().replace("\n", prefix)


def _encode_line(text: str) -> str:
    return " ".join(text.split("\n")).strip()


def _encode_cell(text: str) -> str:
    return _encode_line(text).replace("|", "\\|")


class _Scan:
    """Goes through the lines once; `code` then holds the code blocks."""

    def __init__(self, text: str, *, mdx: bool) -> None:
        self.text = text
        self.mdx = mdx
        self.code: list[Fixed] = []
        self.containers: list[int] = []
        """Columns that an item's content is indented by; 0 for a quote."""
        self.paragraph: list[Span] = []
        self.marks: list[int] = []
        """Where each line of the paragraph begins."""
        self.fence = ""
        self.fence_indent = 0
        self.html: re.Pattern[str] | None = None
        """What ends the open HTML block."""
        self.blank_ends = False
        self.indented = False
        self.code_lines: list[str] = []
        self.code_start = 0
        self.columns = 0
        """Of the open table."""
        self.skip = 0
        """Lines before this place are part of a tag."""
        self.empty_item = False
        """Whether the innermost item began with nothing on its line."""

    def run(self) -> Iterator[_Block]:
        """Yield the blocks of running text in file order."""
        text, size = self.text, len(self.text)
        front = _FRONT.match(text)
        position = front.end() if front else 0
        prose, find = _PROSE.match, text.find
        while position < size:
            if not (self.containers or self.blank_ends or self._is_open()):
                found = prose(text, position)
                if found is not None and found.end() > position:
                    if found["heading"]:
                        yield _Block([found.span("heading")], kind="line")
                    elif found["item"]:
                        yield _Block([found.span("item")], "  ")
                    elif found["lines"] and not (self.mdx and _MODULE.match(text, position)):
                        yield _Block(_lines_of(text, position, found.end()))
                    position = found.end()
                    continue
            stop = find("\n", position)
            stop = size if stop < 0 else stop
            yield from self._line(position, stop)
            position = stop + 1
        yield from self._close(0)

    # one line

    def _line(self, start: int, stop: int) -> Iterator[_Block]:
        if start < self.skip:
            return
        matched, position, column = self._inside(start, stop)
        if matched < len(self.containers):
            if self.paragraph and self._is_lazy(position, stop, column):
                self._add(position, stop, start)
                return
            yield from self._close(matched)
        yield from self._content(position, stop, column, start)

    def _inside(self, position: int, stop: int) -> tuple[int, int, int]:
        """Return how many open containers a line stays in, and the place and column behind their marks."""
        column = 0
        for matched, width in enumerate(self.containers):
            indent, at = _indent(self.text, position, stop, column)
            blank = self._is_blank(at, stop)
            if width == 0:
                if blank or indent > 3 or self.text[at] != ">":
                    return matched, position, column
                position, column = self._behind_quote_mark(at, column + indent)
            elif blank:
                is_innermost = matched == len(self.containers) - 1
                if self.empty_item and is_innermost and not self._is_open():
                    return matched, position, column
            elif indent >= width:
                position, column = _advance(self.text, position, column, width)
            else:
                return matched, position, column
        return len(self.containers), position, column

    def _is_blank(self, at: int, stop: int) -> bool:
        return at >= stop or self.text[at] == "\r"

    def _behind_quote_mark(self, at: int, column: int) -> tuple[int, int]:
        """Return the place and column behind a `>` and the blank that belongs to it."""
        if self.text[at + 1 : at + 2] in {" ", "\t"}:
            return at + 2, column + 2
        return at + 1, column + 1

    def _is_open(self) -> bool:
        return bool(self.paragraph or self.fence or self.html or self.indented or self.columns)

    def _is_lazy(self, position: int, stop: int, column: int) -> bool:
        """Whether a line that leaves a container goes on with the paragraph in it."""
        indent, at = _indent(self.text, position, stop, column)
        if at >= stop or self.text[at] == "\r":
            return False
        # The paragraph is not on this level, so that any item may begin, not only one that could end it.
        return indent > 3 or not (_ITEM.match(self.text[at:stop]) or self._interrupts(at, stop))

    def _interrupts(self, at: int, stop: int) -> bool:
        """Whether a line ends a paragraph by opening a block."""
        text = self.text
        first = text[at]
        line = text[at:stop]
        if first == ">":
            return True
        if first == "#":
            return bool(_ATX.match(line))
        if first in "`~":
            return bool(_FENCE.match(line))
        if self.mdx and first in "<{":  # there a tag or an expression with lines of its own ends a paragraph
            return _JSX.match(text, at) is not None
        if first == "<":
            return self._html_end(line, paragraph=True) is not None
        if first in "*_-" and _RULE.match(line):
            return True
        item = _ITEM.match(line)
        return bool(item and line[item.end() :].strip() and (item[1] is None or int(item[1]) == 1))

    @staticmethod
    def _html_end(line: str, *, paragraph: bool) -> tuple[re.Pattern[str] | None, bool] | None:
        """Return what ends an HTML block that the line opens, and whether a blank line does."""
        for begin, end in _HTML:
            if begin.match(line):
                return end, False
        if _BLOCK_TAG.match(line) or (not paragraph and _TAG.match(line)):
            return None, True
        return None

    def _content(self, position: int, stop: int, column: int, start: int) -> Iterator[_Block]:
        """Read what a line says behind the markers of its containers."""
        indent, at = _indent(self.text, position, stop, column)
        if self.fence:
            self._in_fence(position, at, stop, indent)
        elif self.html is not None or self.blank_ends:
            self._in_html(position, at, stop)
        elif self._is_blank(at, stop):
            if self.indented:
                self.code_lines.append("")
            yield from self._end_paragraph()
            self.columns = 0
        else:
            self.empty_item = False
            if not self._in_code(position, at, stop, indent):
                yield from self._running(at, stop, column, indent, start)

    def _in_html(self, position: int, at: int, stop: int) -> None:
        """Skip a line of an HTML block, which ends with its own mark or with a blank line."""
        ended = self.html is not None and self.html.search(self.text, position, stop)
        if ended or (self.blank_ends and self._is_blank(at, stop)):
            self.html, self.blank_ends = None, False

    def _in_code(self, position: int, at: int, stop: int, indent: int) -> bool:
        """Take a line of an indented code block; return whether it is one. MDX has none."""
        line = self.text[position:stop].rstrip("\r")
        if self.indented and indent >= 4:
            self.code_lines.append(line)
            return True
        if self.indented:
            self._end_code()
        if indent < 4 or self.paragraph or self.mdx:
            return False
        self.columns = 0
        self.indented, self.code_start, self.code_lines = True, at, [line]
        return True

    def _running(self, at: int, stop: int, column: int, indent: int, start: int) -> Iterator[_Block]:
        """Read a line that opens a block, or goes on with a table or a paragraph."""
        if (indent < 4 or self.mdx) and (yield from self._opens(at, stop, column, indent, start)):
            return
        if self.columns:
            yield from _cells(self.text, at, stop, self.columns)
        else:
            self._add(at, stop, start)

    def _in_fence(self, position: int, at: int, stop: int, indent: int) -> None:
        line = self.text[at:stop].rstrip()
        if (indent < 4 or self.mdx) and len(line) >= len(self.fence) and not line.strip(self.fence[0]):
            self._end_code()
        else:
            self.code_lines.append(self.text[position:stop].rstrip("\r"))

    def _end_code(self) -> None:
        body = "\n".join(self.code_lines).strip("\n")
        if body.strip():
            self.code.append(Fixed("code block", body, self.text.count("\n", 0, self.code_start) + 1))
        self.fence, self.indented, self.code_lines = "", False, []

    def _opens(
        self, at: int, stop: int, column: int, indent: int, start: int
    ) -> Generator[_Block, None, bool]:
        """Open what the line begins behind INDENT columns; return whether it is dealt with."""
        if self.text[at].isalpha() and not self.mdx:
            return False
        if self.paragraph:
            if (yield from self._underlines(self.text[at:stop])):
                return True
            if not self._interrupts(at, stop):
                return False
        if self.text[at] == ">" and len(self.containers) < _DEEPEST:
            yield from self._end_block()
            self.containers.append(0)
            position, column = self._behind_quote_mark(at, column + indent)
            yield from self._content(position, stop, column, start)
            return True
        return (yield from self._begins(at, stop, column, indent, start))

    def _underlines(self, line: str) -> Generator[_Block, None, bool]:
        """End the paragraph with a line that makes it a heading, or its last line the head of a table."""
        if line[0] in "=-" and _SETEXT.match(line):
            yield from self._end_paragraph()
            return True
        if line[0] in "|:-" and _DELIMITERS.match(line):
            head, columns = self.paragraph[-1], line.strip().strip("|").count("|") + 1
            if "|" in line + self.text[slice(*head)] and len(_split(self.text, *head)) == columns:
                del self.paragraph[-1], self.marks[-1]
                yield from self._end_block()
                yield from _cells(self.text, *head, columns)
                self.columns = columns
                return True
        return False

    def _begins(
        self, at: int, stop: int, column: int, indent: int, start: int
    ) -> Generator[_Block, None, bool]:
        """Open a heading, a fence, a line across, an item or HTML."""
        line, first = self.text[at:stop], self.text[at]
        is_rule = first in "*_-" and _RULE.match(line) is not None
        if first == "#" and (heading := _ATX.match(line)):
            yield from self._end_block()
            yield from _heading(at, heading)
        elif first in "`~" and (fence := _FENCE.match(line)):
            yield from self._end_block()
            self.fence, self.code_start = fence[1] or fence[2], at
        elif not is_rule and len(self.containers) < _DEEPEST and (item := _ITEM.match(line)):
            yield from self._end_block()
            yield from self._open_item(at + item.end(), stop, column, indent + item.end(), start)
        elif is_rule or self._opens_markup(at, line):
            yield from self._end_block()
        else:
            return False
        return True

    def _opens_markup(self, at: int, line: str) -> bool:
        """Whether a line begins HTML, or in MDX a tag, an expression or an import, which are skipped."""
        if self.mdx:
            return self._is_code(at)
        running = bool(self.paragraph or self.columns)
        html = self._html_end(line, paragraph=running) if line[0] == "<" else None
        if html is None:
            return False
        end, self.blank_ends = html
        self.html = None if end is not None and end.search(line) else end
        return True

    def _is_code(self, at: int) -> bool:
        """Whether a line of MDX begins an import, an expression or a tag, which are skipped."""
        tag = _JSX.match(self.text, at)
        if tag is not None:
            self.skip = tag.end()
        elif not self.paragraph and _MODULE.match(self.text, at):
            self.blank_ends = True
        return tag is not None or self.blank_ends

    def _open_item(self, position: int, stop: int, column: int, width: int, start: int) -> Iterator[_Block]:
        """Open an item whose marker, with the text before it, has WIDTH columns."""
        text, inner = self.text, column + width
        indent, content = _indent(text, position, stop, inner)
        blank = content >= stop or text[content] == "\r"
        spaces = 1 if blank or indent > 4 else indent
        self.containers.append(width + spaces)
        self.empty_item = blank
        if blank:
            return
        position, inner = _advance(text, position, inner, spaces)
        yield from self._content(position, stop, inner, start)
        self.empty_item = False

    # paragraphs

    def _add(self, position: int, stop: int, start: int) -> None:
        _indentation, at = _indent(self.text, position, stop, 0)
        self.paragraph.append((at, at + len(self.text[at:stop].rstrip("\r"))))
        self.marks.append(start)

    def _end_paragraph(self) -> Iterator[_Block]:
        spans, marks = self.paragraph, self.marks
        if not spans:
            return
        self.paragraph, self.marks = [], []
        gone = _definitions(self.text, spans)
        spans, marks = spans[gone:], marks[gone:]
        if spans:
            last = spans[-1]
            spans[-1] = (last[0], last[0] + len(self.text[slice(*last)].rstrip()))
            yield _Block(spans, self._prefix(spans, marks), "text")

    def _prefix(self, spans: list[Span], marks: list[int]) -> str:
        """Return the markers of a further line: those of the second, or what the first one's stand for."""
        if len(spans) > 1:
            return self.text[marks[1] : spans[1][0]]
        return re.sub(r"[^>\s]", " ", self.text[marks[0] : spans[0][0]])

    def _end_block(self) -> Iterator[_Block]:
        yield from self._end_paragraph()
        self.columns = 0

    def _close(self, matched: int) -> Iterator[_Block]:
        """End what is open below the first MATCHED containers."""
        yield from self._end_block()
        if self.fence or self.indented:
            self._end_code()
        self.html, self.blank_ends = None, False
        del self.containers[matched:]


def _heading(at: int, found: re.Match[str]) -> Iterator[_Block]:
    """Yield the text of a heading that begins at AT; none if it is empty."""
    if found[1] and found[1].strip():
        begin = at + found.start(1)
        yield _Block([(begin, begin + len(found[1].rstrip()))], kind="line")


def _lines_of(text: str, start: int, end: int) -> list[Span]:
    """Return the spans of plain lines, white space at their ends left out."""
    spans: list[Span] = []
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        spans.append((start, start + len(text[start:stop].rstrip("\r"))))
        start = stop + 1
    spans[-1] = (spans[-1][0], spans[-1][0] + len(text[slice(*spans[-1])].rstrip()))
    return spans


def _indent(text: str, position: int, stop: int, column: int) -> tuple[int, int]:
    """Return how many columns of white space begin at a place, and where they end."""
    begin = column
    while position < stop:
        character = text[position]
        if character == " ":
            column += 1
        elif character == "\t":
            column += 4 - column % 4
        else:
            break
        position += 1
    return column - begin, position


def _advance(text: str, position: int, column: int, width: int) -> tuple[int, int]:
    """Return the place that lies so many columns on."""
    goal = column + width
    while column < goal and text[position : position + 1] in {" ", "\t"}:
        column += 1 if text[position] == " " else 4 - column % 4
        position += 1
    return position, column


def _definitions(text: str, spans: list[Span]) -> int:
    """Return how many lines at the beginning are link definitions."""
    index = 0
    while index < len(spans) and text[spans[index][0]] == "[":
        line = text[slice(*spans[index])]
        label = _LABEL.match(line)
        if label is None:
            break
        used, rest = index + 1, line[label.end() :]
        if not rest and used < len(spans):
            rest, used = text[slice(*spans[used])], used + 1
        target = _TARGET.match(rest)
        if target is None:
            break
        title = rest[target.end() :]
        if title.strip():
            if not title[0].isspace() or not _TITLE.fullmatch(title.strip()):
                break
        elif used < len(spans) and _TITLE.fullmatch(text[slice(*spans[used])]):
            used += 1
        index = used
    return index


def _split(text: str, start: int, stop: int) -> list[Span]:
    """Return the spans of the cells of a row, white space around them left out."""
    stop = start + len(text[start:stop].rstrip())
    cells: list[Span] = []
    position = start
    while position <= stop:
        found = _CELL.match(text, position, stop)
        end = found.end() if found else stop
        if end < stop and text[end] == "\\":
            end = stop
        raw = text[position:end]
        begin = position + len(raw) - len(raw.lstrip())
        cells.append((begin, max(begin, begin + len(raw.strip()))))
        position = end + 1
    if cells and cells[0][0] == cells[0][1] and text[start : start + 1] == "|":
        cells = cells[1:]
    if cells and cells[-1][0] == cells[-1][1] and text[stop - 1 : stop] == "|":
        cells = cells[:-1]
    return cells


def _cells(text: str, start: int, stop: int, columns: int) -> Iterator[_Block]:
    for span in _split(text, start, stop)[:columns]:
        if span[0] < span[1]:
            yield _Block([span], kind="cell")
