"""Downloading translations: archives first, halved where one does not serve, single files last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from threading import Lock

from l10nsync.errors import CredentialsError, ServiceError, TemporaryError
from l10nsync.model import Fetched, Wanted, fold
from l10nsync.providers.smartling.api import SmartlingApi
from l10nsync.providers.smartling.archives import HostileArchiveError, unpack
from l10nsync.providers.workers import each
from l10nsync.spool import Slip, Spool

PAIRS = 500
"""File × locale pairs in one archive."""
RUN_LIMIT = 512 * 1024 * 1024
"""Bytes that are fetched at once: more is not what was asked for, or belongs into several pulls."""

Chunk = tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class _Arrival:
    """What came for one item; its content waits on the disk."""

    wanted: Wanted
    content: Slip | None = None
    error: Exception | None = None

    def fetched(self) -> Fetched:
        """Return it with its content."""
        content = None if self.content is None else self.content.read()
        return Fetched(self.wanted, content, self.error)


@dataclass(slots=True)
class _Room:
    """Where the contents wait, and how much may still come; shared by all threads."""

    left: int = field(default_factory=lambda: RUN_LIMIT)
    spool: Spool = field(default_factory=Spool)
    _lock: Lock = field(default_factory=Lock)

    def take(self, content: bytes) -> Slip | ServiceError:
        """Keep CONTENT; return an error in its place if it is too much."""
        with self._lock:
            fits = len(content) <= self.left
            self.left -= len(content) if fits else 0
        return self.spool.put(content) if fits else self._too_much()

    def _too_much(self) -> ServiceError:
        return ServiceError(
            f"the translations of this pull have more than {RUN_LIMIT // 2**20} MB",
            hint="Pull fewer at once: -r for some resources, -l for some locales.",
        )


def fetch(api: SmartlingApi, wanted: Iterable[Wanted]) -> Iterator[Fetched]:
    """Download everything in WANTED; yield one answer per item, in no particular order."""
    room = _Room()
    for chunk, result in each(lambda chunk: _fetch(api, chunk, room), chunks(wanted), api.client.threads):
        if isinstance(result, Exception):
            if not isinstance(result, ServiceError | TemporaryError):
                raise result
            yield from (Fetched(item, error=result) for item in chunk)
        else:
            yield from (answer.fetched() for answer in result)


def chunks(wanted: Iterable[Wanted]) -> list[Chunk]:
    """Divide WANTED into requests: one for a multilingual file, else up to `PAIRS` of equal options.

    Files stay together where they fit: a file's locales come in one archive.
    """
    groups: dict[tuple[str, str], dict[str, list[Wanted]]] = {}
    single: list[Chunk] = []
    for item in dict.fromkeys(wanted):
        if item.multilingual or item.content is not None:
            single.append((item,))
        else:
            files = groups.setdefault((item.retrieval_type, item.incomplete), {})
            files.setdefault(fold(item.uri), []).append(item)
    return [*single, *(chain.from_iterable(_packed(files.values()) for files in groups.values()))]


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


def _fetch(api: SmartlingApi, chunk: Chunk, room: _Room) -> list[_Arrival]:
    """Return an answer for each item of CHUNK."""
    if chunk[0].multilingual or chunk[0].content is not None:
        return [_single(api, chunk[0], room)]
    try:
        found = _archive(api, chunk, room)
    except CredentialsError:
        raise
    except HostileArchiveError as error:
        api.client.warn(f"{error.message}; its {len(chunk)} files are downloaded one by one")
        return [_alone(api, item, room, error) for item in chunk]
    except (ServiceError, TemporaryError) as error:
        return _halved(api, chunk, room, error)
    return list(chain.from_iterable(_answers(api, item, found, room) for item in chunk))


def _kept(file: Wanted, kept: Slip | ServiceError) -> _Arrival:
    return _Arrival(file, error=kept) if isinstance(kept, ServiceError) else _Arrival(file, kept)


def _answers(
    api: SmartlingApi, file: Wanted, found: Mapping[Wanted, Slip | ServiceError], room: _Room
) -> list[_Arrival]:
    if file in found:
        return [_kept(file, found[file])]
    if file.incomplete == "skip":
        return [_Arrival(file)]  # the archive leaves out what is not published
    return [_single(api, file, room)]


def _halved(
    api: SmartlingApi, chunk: Chunk, room: _Room, error: ServiceError | TemporaryError
) -> list[_Arrival]:
    """Find the item that spoils an archive by halving; the others still come in bulk."""
    if api.client.remaining() <= 0:
        raise error
    if len(chunk) == 1:
        return [_alone(api, chunk[0], room, error)]
    middle = _middle(chunk)
    return [*_fetch(api, chunk[:middle], room), *_fetch(api, chunk[middle:], room)]


def _alone(api: SmartlingApi, file: Wanted, room: _Room, error: ServiceError | TemporaryError) -> _Arrival:
    # A single download cannot leave out what is not published, so there is no other way to ask.
    return _Arrival(file, error=error) if file.incomplete == "skip" else _single(api, file, room)


def _middle(chunk: Chunk) -> int:
    """Return the border between two files that is nearest to the middle; inside a file if it is one."""
    half = len(chunk) // 2
    borders = [at for at in range(1, len(chunk)) if chunk[at].uri != chunk[at - 1].uri]
    return min(borders, key=lambda at: abs(at - half), default=half)


def _single(api: SmartlingApi, file: Wanted, room: _Room) -> _Arrival:
    locale = "all" if file.multilingual else file.locale
    originals = file.incomplete != "empty"
    try:
        if file.content is not None:
            content = api.matched(file.content, file.uri, locale, file.retrieval_type, originals=originals)
        else:
            content = api.translated(file.uri, locale, file.retrieval_type, originals=originals)
    except (ServiceError, TemporaryError) as error:
        return _Arrival(file, error=error)
    return _kept(file, room.take(content))


def _archive(api: SmartlingApi, chunk: Chunk, room: _Room) -> dict[Wanted, Slip | ServiceError]:
    asked: dict[str, list[str]] = {}
    for item in chunk:
        asked.setdefault(item.uri, []).append(item.locale)
    file = api.archive(
        asked,
        chunk[0].retrieval_type,
        originals=chunk[0].incomplete != "empty",
        published_only=chunk[0].incomplete == "skip",
    )
    if file is None:
        return {}
    with file:
        return unpack(file, chunk, room.take)
