"""Archives of translations: read from a file on disk, believed only as a whole, bounded in every way.

What they hold is compared with what was asked for. Names of entries are never used as paths.
"""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from io import SEEK_END
from typing import IO, TypeVar

from l10nsync.errors import ServiceError
from l10nsync.model import Wanted, fold

ENTRY_LIMIT = 64 * 1024 * 1024
"""Bytes of one translated file."""
ALL_LIMIT = 256 * 1024 * 1024
"""Bytes of all translations in an archive."""
ENTRIES = 5000
"""Entries of an archive, ten times as many as can be asked for."""
DIRECTORY_LIMIT = 8 * 1024 * 1024
"""Bytes of the table of contents, which is read as a whole."""
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_END = struct.Struct("<4s4H2LH")
_END_MARK, _LARGE_MARK = b"PK\x05\x06", b"PK\x06\x07"
_LARGE_SIZE = 20
_LONGEST_END = _END.size + _LARGE_SIZE + 65_535
_PIECE = 256 * 1024
_Kept = TypeVar("_Kept")


class UnusableArchiveError(ServiceError):
    """An archive that cannot be read as a whole."""


class HostileArchiveError(UnusableArchiveError):
    """An archive that would take more memory or time than any honest one: so will a part of it."""


def unpack(file: IO[bytes], chunk: Iterable[Wanted], keep: Callable[[bytes], _Kept]) -> dict[Wanted, _Kept]:
    """Hand the translations in an archive to KEEP, one by one; return what that made of them.

    What is not clearly there is left out. Nothing is handed over before all of it has been read and checked.
    Raise `UnusableArchiveError` for an archive that is broken anywhere, `HostileArchiveError` for one that
    is beyond all bounds.
    """
    expected = _expected(chunk)
    try:
        _check_size(file)
        with zipfile.ZipFile(file) as archive:
            entries = _entries(archive)
            found = {wanted_item: info for key, wanted_item in expected.items() if (info := entries.get(key))}
            _check_all(found)
            for info in found.values():
                _check(archive, info)
            return {wanted_item: keep(archive.read(info)) for wanted_item, info in found.items()}
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        RuntimeError,
        NotImplementedError,
        OSError,
        OverflowError,
        ValueError,
    ) as error:
        raise UnusableArchiveError(f"the archive of translations cannot be read: {error}") from error


def entry_key(name: str) -> str:
    """Return the form in which names of entries are compared: no leading slash, no `..`, no case."""
    path = posixpath.normpath("/" + name.replace("\\", "/"))
    return fold(path.lstrip("/"))


def expected_keys(wanted: Wanted) -> tuple[str, ...]:
    """Return how the entry of a translation may be called; a `.pot` file comes back as `.po`."""
    names = [wanted.uri, wanted.uri[:-1]] if wanted.uri.lower().endswith(".pot") else [wanted.uri]
    return tuple(entry_key(f"{wanted.locale}/{entry_key(name)}") for name in names)


def _expected(chunk: Iterable[Wanted]) -> dict[str, Wanted]:
    """Map entry names to what they answer; a name that two could have answers neither."""
    answered: dict[str, set[Wanted]] = {}
    for wanted_item in chunk:
        for key in expected_keys(wanted_item):
            answered.setdefault(key, set()).add(wanted_item)
    return {key: wanted_items.pop() for key, wanted_items in answered.items() if len(wanted_items) == 1}


def _check_size(file: IO[bytes]) -> None:
    """Look at what the archive says of its table of contents, before that is read into memory."""
    size = file.seek(0, SEEK_END)
    file.seek(max(0, size - _LONGEST_END))
    tail = file.read(_LONGEST_END)
    at = tail.rfind(_END_MARK)
    if at < 0:
        raise UnusableArchiveError("the archive of translations cannot be read: it has no end")
    _mark, _disk, _start, _here, entries, directory, _offset, _comment = _END.unpack_from(tail, at)
    large = tail[max(0, at - _LARGE_SIZE) : at].startswith(_LARGE_MARK)
    if large or entries > ENTRIES or directory > DIRECTORY_LIMIT:
        raise HostileArchiveError("the archive of translations has more entries than were asked for")


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo | None]:
    """Return the entries by their compared name; None for one that occurs twice."""
    found: dict[str, zipfile.ZipInfo | None] = {}
    for info in archive.infolist():
        if not info.filename.endswith("/"):  # `is_dir` fails for an entry without a name
            key = entry_key(info.filename)
            found[key] = None if key in found else info
    return found


def _check_all(found: Mapping[Wanted, zipfile.ZipInfo]) -> None:
    """Judge the sizes that the archive names; reading holds it to them."""
    for info in found.values():
        if info.compress_type not in _METHODS:
            raise HostileArchiveError("the archive of translations is packed in an unexpected way")
        if info.file_size > ENTRY_LIMIT:
            raise HostileArchiveError(f"a file in the archive of translations has {info.file_size} bytes")
    size = sum(info.file_size for info in found.values())
    if size > ALL_LIMIT:
        raise HostileArchiveError(f"the archive of translations unpacks to {size} bytes")


def _check(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """Read an entry piece by piece, and hold it to what the archive says of it."""
    size = 0
    with archive.open(info) as entry:
        while piece := entry.read(_PIECE):  # reading to the end checks the checksum
            size += len(piece)
            if size > info.file_size:
                break
    if size != info.file_size:
        raise UnusableArchiveError("an entry of the archive does not have the size it declares")
