"""What is in a file: its strings with their identity, read by the product's own readers."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import md5

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.formats.documents import Unit
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.refusal import Refusal, invalid

_JAVA_CHARSETS = {"utf-16": "utf-16", "utf-16be": "utf-16-be", "utf-16le": "utf-16-le"}


@dataclass(frozen=True, slots=True)
class SourceString:
    """One translatable string of a file."""

    hash: str
    key: str
    text: str
    variant: str
    plural: str
    note: str
    words: int


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A source file and all that says how to read it."""

    file_type: str
    data: bytes
    directives: Mapping[str, str]
    """Those that came with the upload."""
    charset: str | None
    """Python codec; None leaves it to the bytes."""
    namespace: str | None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A source file as the service took it in."""

    texts: tuple[SourceString, ...]
    encoding: str
    """Python codec of the bytes."""
    directives: Mapping[str, str]
    """Those found inside the file."""


def identity(text: str, variant: str, plural: str, namespace: str | None) -> str:
    """Return a string's hashcode: MD5 over text, variant and namespace."""
    parts = (text, variant, plural, "" if namespace is None else f"n{namespace}")
    return md5("\0".join(parts).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def has_variants(world: World, project: str, file_type: str, directives: Mapping[str, str]) -> bool:
    """Whether equal texts of a file are several strings if their keys differ; DIRECTIVES are those in force.

    Whether that is so for the keys of JSON without `variants_enabled` is an open question.
    """
    is_asked = directives.get("variants_enabled", "").lower() in {"true", "on"}
    return is_asked or file_type != "json" or bool(world.switch(project, "json_keys_are_variants"))


def translations_of(document: formats.Document, directives: Mapping[str, str]) -> list[Unit]:
    """Return the strings of a translated file, with the translation as their text."""
    units = tuple(unit._replace(text=unit.value, translation=None) for unit in document.units)
    return formats.strings(replace(document, units=units), directives)


def parse(world: World, project: str, source: StoredSource) -> Parsed:
    """Read a source file; raise the service's `parse.error` where it has no strings or is broken."""
    try:
        document = formats.parse(source.file_type, source.data, source.directives, source.charset)
    except ContentError as error:
        raise _parse_error(str(error)) from error
    if document is None:
        return Parsed((_opaque(source.data, source.namespace),), "", {})
    effective = {**source.directives, **document.directives}
    variants = has_variants(world, project, source.file_type, effective)
    strings = formats.strings(document, source.directives)
    texts = tuple(_text(unit, source.namespace, variants) for unit in strings if unit.text.strip())
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


def _text(unit: Unit, namespace: str | None, variants: bool) -> SourceString:
    variant = unit.variant if variants else ""
    ident = identity(unit.text, variant, unit.plural, namespace)
    return SourceString(ident, unit.key, unit.text, variant, unit.plural, unit.note, formats.words(unit.text))


def _opaque(data: bytes, namespace: str | None) -> SourceString:
    """Stand for a file whose inside we do not read: one string, no words."""
    text = f"[{len(data)} bytes {md5(data, usedforsecurity=False).hexdigest()}]"
    return SourceString(identity(text, "", "", namespace), "", text, "", "", "", 0)


def _parse_error(message: str) -> Refusal:
    return invalid(f"An error occurred when parsing file: {message}", "parse.error", {"errorId": "parse000"})
