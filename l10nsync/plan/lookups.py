"""Finds strings by text or key, and says what is known of each. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from l10nsync import formats
from l10nsync.model import AskedString, RemoteState, Source, StoredString, StringStage, fold
from l10nsync.plan.questions import Spotted, find_places
from l10nsync.plan.status.values import SourceStatus, Status

LEFT_OVER = "left over"
"""State of a file that this repository once had and no longer has."""


@dataclass(frozen=True, slots=True)
class StringInLocale:
    """One string in one locale."""

    locale: str
    stage: StringStage
    job: str = ""
    """Name of the job that holds it; empty for none."""


@dataclass(frozen=True, slots=True)
class FoundString:
    """A string of a file on the service, with its places in the committed source."""

    project: str
    source: Source
    uri: str
    string: StoredString
    places: tuple[Spotted, ...] = ()
    """Empty if the commit no longer has the string, or its type cannot be read."""
    locales: tuple[StringInLocale, ...] = ()

    @property
    def key(self) -> str:
        """Its key: the service's, or that of its place where the service knows none."""
        return self.string.key or next((place.key for place in self.places if place.key), "")


@dataclass(frozen=True, slots=True)
class StringQuery:
    """What is looked for; what is given has to fit, all of it."""

    text: str = ""
    """Part of the source text, in any case."""
    key: str = ""
    """A whole key, or a pattern with `*`."""

    def fits_key(self, key: str) -> bool:
        """Whether a key is meant."""
        # A key of several parts may be typed as code has it (`nav.save`) or as a file's path (`nav/save`).
        return not self.key or any(fnmatchcase(form, self.key) for form in (key, key.replace("/", ".")))

    def fits_text(self, text: str) -> bool:
        """Whether a text is meant."""
        return fold(self.text) in fold(text)


def matches(
    query: StringQuery,
    project: str,
    held: Mapping[str, tuple[Source, Sequence[StoredString]]],
    documents: Mapping[str, formats.Document],
) -> Iterator[FoundString]:
    """Yield the strings that are meant; HELD is by fileUri, DOCUMENTS are the committed sources by path."""
    for uri, (source, strings) in held.items():
        keyed = _texts_with_key(query, documents.get(source.path))
        for string in strings:
            # The service knows no keys of some types: they are looked up in the committed source.
            by_key = query.fits_key(string.key) if string.key else string.text.strip() in keyed
            if (by_key or not query.key) and query.fits_text(string.text):
                found = _placed(project, source, uri, string, documents)
                places = tuple(place for place in found.places if query.fits_key(place.key))
                yield replace(found, places=places or found.places)


def _texts_with_key(query: StringQuery, document: formats.Document | None) -> frozenset[str]:
    """Return the texts whose key is meant in a committed source."""
    units = document.units if query.key and document else ()
    return frozenset(unit.text.strip() for unit in units if query.fits_key(unit.key))


def _placed(
    project: str,
    source: Source,
    uri: str,
    string: StoredString,
    documents: Mapping[str, formats.Document],
) -> FoundString:
    asked = AskedString(string.text, string.variant, ((uri, string.key),))
    places = find_places(asked, {fold(uri): source}, documents)
    return FoundString(project, source, uri, string, tuple(place for place in places if place.line))


def with_stages(found: FoundString, remote: RemoteState) -> FoundString:
    """Return FOUND with what the service says of it in the locales of its source."""
    code = found.string.hashcode
    locales = tuple(
        StringInLocale(
            locale,
            remote.string_stages.get((code, locale), StringStage.NOT_ASKED_FOR),
            remote.string_jobs.get((code, locale), ""),
        )
        for locale in found.source.locales
    )
    return replace(found, locales=locales)


def strings_data(found: Sequence[FoundString], total: int) -> dict[str, Any]:
    """Return strings as JSON-ready data, as `schemas/strings.schema.json` describes it."""
    return {
        "schemaVersion": 1,
        "exitCode": 0,
        "total": total,
        "strings": [_string_data(string) for string in found],
    }


def _string_data(found: FoundString) -> dict[str, Any]:
    return {
        "project": found.project,
        "resource": found.source.resource,
        "path": found.source.path,
        "fileUri": found.uri,
        "key": found.key or None,
        "variant": found.string.variant or None,
        "text": found.string.text,
        "hashcode": found.string.hashcode,
        "places": [{"line": place.line, "column": place.column, "key": place.key} for place in found.places],
        "locales": [
            {"locale": part.locale, "state": part.stage.value, "job": part.job or None}
            for part in found.locales
        ],
    }


def files_data(status: Status) -> dict[str, Any]:
    """Return the files that the service holds, as `schemas/files.schema.json` describes it."""
    held = [_file_data(source) for source in status.sources if source.uploaded]
    left = [
        {"project": orphan.project, "fileUri": orphan.uri, "state": LEFT_OVER} for orphan in status.orphans
    ]
    missing = [source.path for source in status.sources if not source.uploaded]
    return {"schemaVersion": 1, "exitCode": 0, "files": [*held, *left], "notUploaded": missing}


def _file_data(source: SourceStatus) -> dict[str, Any]:
    return {
        "project": source.project,
        "fileUri": source.uri,
        "state": source.standing.value,
        "resource": source.resource,
        "path": source.path,
        "lastUploaded": source.last_uploaded,
        "detail": source.detail,
        "locales": [
            {"locale": part.locale, "published": part.completion, "words": part.counts.words}
            for part in source.locales
        ],
    }
