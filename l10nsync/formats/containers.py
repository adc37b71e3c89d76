"""Office and InDesign files: ZIP containers that are compared part by part, never written."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    import zipfile

_LIMIT = 500_000_000
"""Bytes that all parts together may unpack to."""


def differences(needed: str, source: bytes, translation: bytes) -> list[str]:
    """Return what shows that TRANSLATION is damaged; NEEDED is a part that it must hold."""
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(io.BytesIO(translation)) as archive:
            names = {entry.filename for entry in archive.infolist()}
            broken = _broken(archive)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, zlib.error, EOFError):
        return ["the translation is no readable ZIP container"]
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
    except (zipfile.BadZipFile, ValueError, OSError):
        return set()


def _broken(archive: zipfile.ZipFile) -> str:
    """Return what is wrong with the first bad part, or nothing."""
    import zipfile
    import zlib

    entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > _LIMIT:
        return "the translation unpacks to more than 500 MB"
    for entry in entries:
        try:
            data = archive.read(entry)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
            return f"part {entry.filename} is damaged"
        if entry.filename.endswith((".xml", ".rels")) and not _well_formed(data):
            return f"part {entry.filename} is not well-formed XML"
    return ""


def _well_formed(data: bytes) -> bool:
    parser = expat.ParserCreate()
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        return False
    return True
