"""Types that are read line by line: plain text and subtitles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from l10nsync.errors import ContentError
from l10nsync.formats import marks
from l10nsync.formats.coding import LineNumbers, decode
from l10nsync.formats.documents import Coding, Directives, Document, Unit

CODING = Coding()
_LINE = re.compile(r"[^\r\n]+")
_BREAK = re.compile(r"[ \t]*(?:\r\n|\r|\n)[ \t]*")
_TIME = r"(?:\d+:)?\d+:\d+[.,]\d+"
_CUE = re.compile(
    r"^(?P<name>(?!NOTE|STYLE|REGION|WEBVTT)[^\r\n]*\r?\n)?"
    rf"(?P<timing>{_TIME}[ \t]*-->[ \t]*{_TIME})[^\r\n]*(?:\r?\n|\Z)",
    re.MULTILINE,
)


def parse_text(data: bytes, directives: Directives, charset: str | None) -> Document:  # noqa: ARG001 - see Parse
    """Read plain text, where every line is a string; see `documents.Parse`."""
    text, encoding, bom = decode(data, charset, CODING)
    return Document(text, tuple(_text_lines(text)), encoding, bom)


def _text_lines(text: str) -> Iterator[Unit]:
    lines = LineNumbers(text)
    for found in _LINE.finditer(text):
        core = found[0].strip()
        if core:
            start = found.start() + found[0].index(core)
            yield Unit("", core, start, start + len(core), _one_line, line=lines.at(start))


def _one_line(text: str) -> str:
    return _BREAK.sub(" ", text)


def parse_cues(data: bytes, directives: Directives, charset: str | None) -> Document:  # noqa: ARG001 - see Parse
    """Read SubRip or WebVTT subtitles, where every cue is a string; see `documents.Parse`.

    A cue ends where the next begins, so blank lines inside one and missing ones between two do no harm.
    """
    text, encoding, bom = decode(data, charset, CODING)
    units = tuple(_cues(text))
    if not units and text.strip() and not text.startswith("WEBVTT"):
        raise ContentError("not a subtitle file: no cue in it", line=1, column=1)
    return Document(text, units, encoding, bom, marks=marks.of_cues(text))


def _cues(text: str) -> Iterator[Unit]:
    cues = list(_CUE.finditer(text))
    lines = LineNumbers(text)
    encode = _crlf if "\r\n" in text else str
    for index, cue in enumerate(cues):
        end = cues[index + 1].start() if index + 1 < len(cues) else len(text)
        raw = text[cue.end() : end]
        core = raw.rstrip()
        start = cue.end()
        key = " ".join(((cue["name"] or "").strip(), "".join(cue["timing"].split()))).strip()
        yield Unit(key, core.replace("\r\n", "\n"), start, start + len(core), encode, line=lines.at(start))


def _crlf(text: str) -> str:
    return text.replace("\n", "\r\n")
