"""Office and InDesign files: ZIP containers that are compared part by part, never written."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    import zipfile

_PIECE = 1_000_000
"""Bytes of a part that are in memory at once."""
_LIMIT = 500_000_000
"""Bytes that all parts together may unpack to."""


def differences(needed: str, source: bytes, translation: bytes) -> list[str]:
    """Return what shows that TRANSLATION is damaged; NEEDED is a part that it must hold."""
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(translation)) as archive:
            names = {entry.filename for entry in archive.infolist()}
            broken = _broken(archive)
    except _unreadable():
        return ["the translation is not a readable ZIP container"]
    if broken:
        return [broken]
    if needed not in names:
        return [f"part {needed} is missing"]
    return [f"part {name} is missing" for name in sorted(_names(source) - names)]


def _names(data: bytes) -> set[str]:
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {entry.filename for entry in archive.infolist()}
    except _unreadable():
        return set()


def _broken(archive: zipfile.ZipFile) -> str:
    """Return what is wrong with the first bad part, or nothing."""
    entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > _LIMIT:
        return "the translation unpacks to more than 500 MB"
    for entry in entries:
        parser = expat.ParserCreate() if entry.filename.endswith((".xml", ".rels")) else None
        try:
            with archive.open(entry) as part:
                while data := part.read(_PIECE):
                    if parser:
                        parser.Parse(data, False)
            if parser:
                parser.Parse(b"", True)
        except expat.ExpatError:
            return f"part {entry.filename} is not well-formed XML"
        except _unreadable():
            return f"part {entry.filename} is damaged"
    return ""


def _unreadable() -> tuple[type[Exception], ...]:
    """Return what the standard library raises for archives that are damaged in one way or another."""
    import lzma
    import struct
    import zipfile
    import zlib

    known = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error)
    return (*known, NotImplementedError, RuntimeError, ValueError, OSError, EOFError)
