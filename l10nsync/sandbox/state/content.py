"""What is in a file: its strings with their identity, read by the product's own readers."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import md5

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.formats.base import Unit
from l10nsync.sandbox.refusal import Refusal, invalid

_JAVA_CHARSETS = {"utf-16": "utf-16", "utf-16be": "utf-16-be", "utf-16le": "utf-16-le"}


@dataclass(frozen=True, slots=True)
class Text:
    """One translatable string of a file."""

    hash: str
    key: str
    text: str
    variant: str
    plural: str
    note: str
    words: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """A source file as the service took it in."""

    texts: tuple[Text, ...]
    encoding: str
    """Python codec of the bytes."""
    directives: Mapping[str, str]
    """Those found inside the file."""


def identity(text: str, variant: str, plural: str, namespace: str | None) -> str:
    """Return a string's hashcode: MD5 over text, variant and namespace."""
    parts = (text, variant, plural, "" if namespace is None else f"n{namespace}")
    return md5("\0".join(parts).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def unit_identity(unit: Unit, namespace: str | None) -> str:
    """Return the hashcode of one unit of a document."""
    return identity(unit.text, unit.variant, unit.plural, namespace)


def translation_of(unit: Unit) -> str:
    """Return the text that a translated file holds for a unit: bilingual types keep it beside the source."""
    return unit.text if unit.translation is None else unit.translation


def parse(
    file_type: str, data: bytes, directives: Mapping[str, str], charset: str | None, namespace: str | None
) -> Parsed:
    """Read a source file; raise the service's `parse.error` where it has no strings or is broken."""
    try:
        document = formats.parse(file_type, data, directives, charset)
    except ContentError as error:
        raise _parse_error(str(error)) from error
    if document is None:
        return Parsed((_opaque(data, namespace),), "", {})
    texts = tuple(_text(unit, namespace) for unit in document.units if unit.text.strip())
    if not texts:
        raise _parse_error("No source strings found;")
    return Parsed(texts, document.encoding, dict(document.directives))


def python_charset(name: str | None) -> str | None:
    """Return Python's name of a Java charset name, or None; raise a refusal for an unknown one."""
    if not name:
        return None
    try:
        return _JAVA_CHARSETS.get(name.lower()) or codecs.lookup(name).name
    except (LookupError, ValueError):  # a NUL in it, say
        raise invalid(f"Unsupported charset {name}", "smartling.file_charset") from None


def declared_charset(content_type: str) -> str | None:
    """Return the UTF-16 flavour that a part's Content-Type declares; other charsets are not heeded."""
    match = re.search(r"charset\s*=\s*\"?([\w-]+)", content_type, re.IGNORECASE)
    return match[1] if match and match[1].lower() in _JAVA_CHARSETS else None


def _text(unit: Unit, namespace: str | None) -> Text:
    ident = unit_identity(unit, namespace)
    return Text(ident, unit.key, unit.text, unit.variant, unit.plural, unit.note, formats.words(unit.text))


def _opaque(data: bytes, namespace: str | None) -> Text:
    """Stand for a file whose inside we do not read: one string, no words."""
    text = f"[{len(data)} bytes {md5(data, usedforsecurity=False).hexdigest()}]"
    return Text(identity(text, "", "", namespace), "", text, "", "", "", 0)


def _parse_error(message: str) -> Refusal:
    return invalid(f"An error occurred when parsing file: {message}", "parse.error", {"errorId": "parse000"})
