"""Downloading translations: archives first, halved where one does not serve, single files last."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO

from l10nsync.errors import CredentialsError, ServiceError, TemporaryError
from l10nsync.model import Fetched, Wanted, fold
from l10nsync.providers.smartling.api import Api
from l10nsync.providers.workers import each

PAIRS = 500
"""File × locale pairs in one archive."""
ENTRY_LIMIT = 64 * 1024 * 1024
"""Bytes of one translated file."""

Chunk = tuple[Wanted, ...]


class UnusableArchiveError(ServiceError):
    """An archive that cannot be read as a whole."""


def fetch(api: Api, wanted: Iterable[Wanted]) -> Iterator[Fetched]:
    """Download everything in WANTED; yield one answer per item, in no particular order."""
    work = chunks(wanted)
    for chunk, result in each(lambda chunk: _fetch(api, chunk), work, api.client.threads):
        if isinstance(result, Exception):
            if not isinstance(result, ServiceError | TemporaryError):
                raise result
            yield from (Fetched(one, error=result) for one in chunk)
        else:
            yield from result


def chunks(wanted: Iterable[Wanted]) -> list[Chunk]:
    """Divide WANTED into requests: one for a multilingual file, else up to `PAIRS` of equal options.

    Files stay together where they fit: a file's locales come in one archive.
    """
    groups: dict[tuple[str, str], dict[str, list[Wanted]]] = {}
    single: list[Chunk] = []
    for one in dict.fromkeys(wanted):
        if one.multilingual or one.content is not None:
            single.append((one,))
        else:
            files = groups.setdefault((one.retrieval_type, one.incomplete), {})
            files.setdefault(fold(one.uri), []).append(one)
    return [*single, *(chunk for files in groups.values() for chunk in _packed(files.values()))]


def _packed(files: Iterable[list[Wanted]]) -> Iterator[Chunk]:
    held: list[Wanted] = []
    for file in files:
        if held and len(held) + len(file) > PAIRS:
            yield tuple(held)
            held = []
        held += file
        while len(held) > PAIRS:
            yield tuple(held[:PAIRS])
            held = held[PAIRS:]
    if held:
        yield tuple(held)


def _fetch(api: Api, chunk: Chunk) -> list[Fetched]:
    """Return an answer for each item of CHUNK."""
    if chunk[0].multilingual or chunk[0].content is not None:
        return [_single(api, chunk[0])]
    try:
        found = _archive(api, chunk)
    except CredentialsError:
        raise
    except (ServiceError, TemporaryError) as error:
        return _halved(api, chunk, error)
    return [answer for one in chunk for answer in _answers(api, one, found)]


def _answers(api: Api, one: Wanted, found: dict[Wanted, bytes]) -> list[Fetched]:
    if one in found:
        return [Fetched(one, found[one])]
    if one.incomplete == "skip":
        return [Fetched(one)]  # the archive leaves out what is not published
    return [_single(api, one)]


def _halved(api: Api, chunk: Chunk, error: ServiceError | TemporaryError) -> list[Fetched]:
    """Find the item that spoils an archive by halving; the others still come in bulk."""
    if api.client.remaining() <= 0:
        raise error
    if len(chunk) == 1:
        # A single download cannot leave out what is not published, so there is no other way to ask.
        return [Fetched(chunk[0], error=error) if chunk[0].incomplete == "skip" else _single(api, chunk[0])]
    middle = _middle(chunk)
    return [*_fetch(api, chunk[:middle]), *_fetch(api, chunk[middle:])]


def _middle(chunk: Chunk) -> int:
    """Return the border between two files that is nearest to the middle; inside a file if it is one."""
    half = len(chunk) // 2
    borders = [at for at in range(1, len(chunk)) if chunk[at].uri != chunk[at - 1].uri]
    return min(borders, key=lambda at: abs(at - half), default=half)


def _single(api: Api, one: Wanted) -> Fetched:
    locale = "all" if one.multilingual else one.locale
    originals = one.incomplete != "empty"
    try:
        if one.content is not None:
            content = api.matched(one.content, one.uri, locale, one.retrieval_type, originals=originals)
        else:
            content = api.translated(one.uri, locale, one.retrieval_type, originals=originals)
    except (ServiceError, TemporaryError) as error:
        return Fetched(one, error=error)
    return Fetched(one, content)


def _archive(api: Api, chunk: Chunk) -> dict[Wanted, bytes]:
    asked: dict[str, list[str]] = {}
    for one in chunk:
        asked.setdefault(one.uri, []).append(one.locale)
    body = api.archive(
        asked,
        chunk[0].retrieval_type,
        originals=chunk[0].incomplete != "empty",
        published_only=chunk[0].incomplete == "skip",
    )
    return {} if body is None else unpack(body, chunk)


# --- archives -----------------------------------------------------------------------------------------


def entry_key(name: str) -> str:
    """Return the form in which names of entries are compared: no leading slash, no `..`, no case.

    Names are only ever compared, never used as paths.
    """
    path = posixpath.normpath("/" + name.replace("\\", "/"))
    return fold(path.lstrip("/"))


def expected_keys(one: Wanted) -> tuple[str, ...]:
    """Return how the entry of a translation may be called; a `.pot` file comes back as `.po`."""
    names = [one.uri, one.uri[:-1]] if one.uri.lower().endswith(".pot") else [one.uri]
    return tuple(entry_key(f"{one.locale}/{entry_key(name)}") for name in names)


def unpack(body: bytes, chunk: Chunk) -> dict[Wanted, bytes]:
    """Return the translations in an archive; what is not clearly there is left out.

    Raise `UnusableArchiveError` for an archive that is broken anywhere.
    """
    expected = _expected(chunk)
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            entries = _entries(archive)
            return {one: _read(archive, entries[key]) for key, one in expected.items() if entries.get(key)}
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        RuntimeError,
        NotImplementedError,
        OSError,
        ValueError,
    ) as error:
        raise UnusableArchiveError(f"the archive of translations cannot be read: {error}") from error


def _expected(chunk: Chunk) -> dict[str, Wanted]:
    """Map entry names to what they answer; a name that two could have answers neither."""
    names = [(key, one) for one in chunk for key in expected_keys(one)]
    seen: dict[str, set[Wanted]] = {}
    for key, one in names:
        seen.setdefault(key, set()).add(one)
    return {key: one for key, one in names if len(seen[key]) == 1}


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo | None]:
    """Return the entries by their compared name; None for one that occurs twice."""
    found: dict[str, zipfile.ZipInfo | None] = {}
    for info in archive.infolist():
        if not info.filename.endswith("/"):  # `is_dir` fails for an entry without a name
            key = entry_key(info.filename)
            found[key] = None if key in found else info
    return found


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo | None) -> bytes:
    if info is None or info.file_size > ENTRY_LIMIT:
        raise UnusableArchiveError("an entry of the archive is too large")
    with archive.open(info) as entry:
        content = entry.read(ENTRY_LIMIT + 1)  # reading to the end checks the checksum
    if len(content) > ENTRY_LIMIT or len(content) != info.file_size:
        raise UnusableArchiveError("an entry of the archive has another size than it says")
    return content
