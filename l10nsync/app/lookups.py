"""Look-ups in what the service holds of this repository: one file's content, and single strings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from l10nsync import formats
from l10nsync.app.links import Link, attributed, observe
from l10nsync.app.repository import Repository
from l10nsync.errors import ServiceError, UsageError
from l10nsync.model import Question, RemoteState, Source, StoredString, StringLocale, Wanted, fold, uri_among
from l10nsync.plan.lookups import FoundString, StringQuery, matches, with_stages
from l10nsync.plan.questions import read_sources


@dataclass(frozen=True, slots=True)
class FileContent:
    """What the service has of one file."""

    uri: str
    path: str
    """Of the source."""
    locale: str
    """Empty for the source itself, and for a file that holds all locales."""
    content: bytes


def get_file(repository: Repository, links: Mapping[str, Link], *, original: bool) -> FileContent:
    """Return the content of the one file that the filters leave: a source's, or one translation's.

    Raise `UsageError` where several are meant, or the service has none.
    """
    source = _only_source(repository)
    link = links[source.project]
    return _original(link, source) if original else _translation(link, source)


def _only_source(repository: Repository) -> Source:
    sources = repository.sources
    if len(sources) != 1:
        raise UsageError(
            f"{', '.join(repository.settings.paths)} matches {len(sources)} sources; name one",
            hint="`l10nsync files list` lists them.",
        )
    return sources[0]


def _original(link: Link, source: Source) -> FileContent:
    remote = observe(link, RemoteState(), Question(originals=frozenset({source.file_uri})))
    content = remote.originals.get(fold(source.file_uri))
    if content is None:
        raise _absent(source)
    return FileContent(source.file_uri, source.path, "", content)


def _translation(link: Link, source: Source) -> FileContent:
    kind = formats.get(source.file_type)
    multilingual = bool(kind and kind.multilingual)
    if not multilingual and len(source.locales) != 1:
        hint = f"Choose one with -l: {', '.join(source.locales)}; --original gives the source."
        raise UsageError(f"{source.path} has {len(source.locales)} translations", hint=hint)
    locale = "" if multilingual else source.locales[0]
    wanted = Wanted(source.file_uri, locale, source.pull.retrieval_type, multilingual=multilingual)
    remote = observe(link, RemoteState(), Question(files=True))
    if fold(source.file_uri) not in (remote.files or {}):
        raise _absent(source)
    with attributed(link):
        (fetched,) = link.provider.fetch([wanted])
    if fetched.error is not None:
        raise fetched.error
    if fetched.content is None:
        raise ServiceError(f"the service returned no translation of {source.path} into {locale}")
    return FileContent(source.file_uri, source.path, locale, fetched.content)


def _absent(source: Source) -> UsageError:
    hint = "`l10nsync files list` lists what it has; `l10nsync push` sends it."
    return UsageError(f"the TMS has no file {source.file_uri}", hint=hint)


def find_strings(
    repository: Repository, links: Mapping[str, Link], query: StringQuery, most: int
) -> tuple[tuple[FoundString, ...], int]:
    """Return the strings that are meant, by file, and how many they are; MOST of them at most are returned.

    One request for the list of files, one for each file, then two for each 500 strings in a locale, and one
    for each job that holds any of them.
    """
    able = [link for link in links.values() if link.provider.abilities.strings]
    if not able:
        raise UsageError("this service does not report single strings")
    found: list[FoundString] = []
    total = 0
    for link in able:
        remote, some = _matches(repository, link, query)
        total += len(some)
        some = some[: most - len(found)]
        pairs = frozenset(chain.from_iterable(map(_pairs, some)))
        if pairs:
            remote = observe(link, remote, Question(string_stages=pairs))
        found += [with_stages(string, remote) for string in some]
    return tuple(found), total


def _pairs(found: FoundString) -> list[StringLocale]:
    return [(found.string.hashcode, locale) for locale in found.source.locales]


def _matches(repository: Repository, link: Link, query: StringQuery) -> tuple[RemoteState, list[FoundString]]:
    remote = observe(link, RemoteState(), Question(files=True))
    mine = [source for source in repository.sources if source.project == link.project.name]
    uris = {uri: source for source in mine if (uri := uri_among(source, remote.files or {}))}
    if uris:
        remote = observe(link, remote, Question(strings_of=frozenset(uris)))
    held: dict[str, tuple[Source, tuple[StoredString, ...]]] = {
        uri: (source, remote.strings_of.get(fold(uri), ())) for uri, source in uris.items()
    }
    tracked = repository.tracked.files
    here = [source for source in uris.values() if source.path in tracked]
    contents = repository.workspace.blobs(tracked[source.path] for source in here)
    by_path = {source.path: contents.get(tracked[source.path], b"") for source in here}
    return remote, list(matches(query, link.project.name, held, read_sources(here, by_path)))
