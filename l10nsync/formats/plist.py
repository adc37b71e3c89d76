"""Property lists as `.strings`: XML as people and tools write it, and Apple's binary form.

A binary list is read as the XML that says the same, and written back as a binary one.
"""

from __future__ import annotations

import plistlib
import struct
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from l10nsync.errors import ContentError
from l10nsync.formats import xmltree
from l10nsync.formats.xmltree import Content, Element

MAGIC = b"bplist00"
_DAMAGED = (
    plistlib.InvalidFileException, ValueError, TypeError, LookupError, OverflowError, RecursionError,
    AttributeError, struct.error,
)  # fmt: skip
"""What plistlib raises for a damaged list."""


class PlistString(NamedTuple):
    """A string of the list, with where it begins and ends."""

    key: str
    content: Content
    start: int
    end: int
    note: str


def is_xml(text: str) -> bool:
    """Return whether a `.strings` file is an XML property list."""
    return text.lstrip().startswith("<")


def unpacked(data: bytes) -> tuple[str, Callable[[str], bytes]]:
    """Return the XML of a binary list, and what makes a binary list of such a text again."""
    try:
        value = plistlib.loads(data, fmt=plistlib.FMT_BINARY)
        text = plistlib.dumps(value, sort_keys=False).decode()
    except _DAMAGED:
        raise ContentError("not read: a damaged binary property list") from None
    return text, partial(_packed, text, data)


def _packed(before: str, data: bytes, text: str) -> bytes:
    if text == before:
        return data
    return plistlib.dumps(plistlib.loads(text.encode()), fmt=plistlib.FMT_BINARY, sort_keys=False)


def _top(text: str) -> Element:
    root = xmltree.read(text)
    top = root.child("dict") if root.local == "plist" else None
    if top is None:
        raise ContentError("not a valid .strings file: no property list with a dictionary", line=1, column=1)
    return top


def entries(text: str) -> Iterator[PlistString]:
    """Yield the strings of an XML list; other values are not for translators."""
    children = _top(text).children
    for index in range(len(children) - 1):
        key, value = children[index], children[index + 1]
        if key.local != "key" or value.local != "string":
            continue
        begin = xmltree.line_start(text, key.start)
        end = value.end
        while begin is not None and text[end : end + 1] in {" ", "\t", "\r"}:
            end += 1
        alone = begin is not None and text[end : end + 1] == "\n"
        span = (begin, end + 1) if begin is not None and alone else (key.start, value.end)
        yield PlistString(xmltree.unescape(key.raw(text)), xmltree.content(text, value), *span, key.note)


def filled(text: str, strings: Iterator[tuple[str, str]]) -> tuple[int, int, str]:
    """Return the edit that gives an XML list just these strings, indented and broken into lines as it is."""
    top = _top(text)
    first = top.children[0] if top.children else None
    start = xmltree.line_start(text, first.start) if first else None
    indent = text[start : first.start] if first and start is not None else "\t"
    end = "\r\n" if "\r\n" in text else "\n"
    lines = [
        f"{indent}<key>{xmltree.escape(key)}</key>{end}{indent}<string>{xmltree.escape(value)}</string>{end}"
        for key, value in strings
    ]
    if top.empty_tag:
        return top.start, top.end, f"<dict>{end}{''.join(lines)}</dict>"
    close = text[: top.content_end].rpartition("\n")[2]
    return top.content, top.content_end, f"{end}{''.join(lines)}{close if not close.strip() else ''}"
