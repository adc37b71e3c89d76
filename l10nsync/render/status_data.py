"""A status as JSON data and as tab-separated lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from l10nsync.plan import Counts, LocaleStatus, SourceStatus, Status
from l10nsync.render import jobs
from l10nsync.render.paint import escape
from l10nsync.render.status import cell_of, verdict

COLUMNS = (
    "project",
    "resource",
    "source",
    "fileUri",
    "standing",
    "locale",
    "askedFor",
    "strings",
    "words",
    "publishedStrings",
    "publishedWords",
    "inTranslationWords",
    "unauthorizedWords",
    "excludedWords",
    "completion",
    "questions",
)
"""The columns of a tab-separated line, one line for each file and locale."""


def data(status: Status, *, exit_code: int = 0) -> dict[str, Any]:
    """Return the status as JSON-ready data, as `schemas/status.schema.json` describes it."""
    return {
        "schemaVersion": 1,
        "command": "status",
        "exitCode": exit_code,
        "complete": status.complete,
        "verdict": verdict(status),
        "moment": status.moment,
        "commit": status.commit,
        "branch": status.branch,
        "projects": [
            {"name": name, "id": project.id, "title": project.name}
            for name, project in status.projects.items()
        ],
        "total": counts_data(status.counts),
        "locales": {locale: counts_data(counts) for locale, counts in status.by_locale().items()},
        "resources": {
            name: {"files": len(sources), "locales": _columns(sources, status.locales)}
            for name, sources in status.by_resource().items()
        },
        "files": [_source_data(source) for source in status.sources],
        "jobs": [jobs.job_row(job) for job in status.jobs],
        "orphans": [{"project": orphan.project, "fileUri": orphan.uri} for orphan in status.orphans],
        "questions": None if status.questions is None else len(status.questions),
        "context": status.context and dict(zip(("shown", "strings"), status.context, strict=True)),
        "remembered": status.remembered,
        "requests": dict(sorted(status.requests.items())),
    }


def counts_data(counts: Counts) -> dict[str, Any]:
    """Return counts as JSON-ready data."""
    return {
        "completion": counts.completion,
        "complete": counts.complete,
        "strings": counts.strings,
        "words": counts.words,
        "publishedStrings": counts.published_strings,
        "publishedWords": counts.published_words,
        "inTranslationStrings": counts.in_translation_strings,
        "inTranslationWords": counts.in_translation_words,
        "unauthorizedStrings": counts.unauthorized_strings,
        "unauthorizedWords": counts.unauthorized_words,
        "excludedStrings": counts.excluded_strings,
        "excludedWords": counts.excluded_words,
        "uncounted": counts.uncounted,
    }


def _columns(sources: Sequence[SourceStatus], locales: Sequence[str]) -> dict[str, Any]:
    cells = {locale: cell_of(sources, locale) for locale in locales}
    return {locale: {**counts_data(cell[0]), "askedFor": cell[1]} for locale, cell in cells.items() if cell}


def _source_data(source: SourceStatus) -> dict[str, Any]:
    return {
        "project": source.project,
        "resource": source.resource,
        "source": source.path,
        "fileUri": source.uri,
        "standing": str(source.standing),
        "fresh": source.fresh,
        "complete": source.complete,
        "lastUploaded": source.last_uploaded,
        "detail": source.detail,
        "newStrings": source.new_strings,
        "newWords": source.new_words,
        "questions": source.questions,
        "shownStrings": source.shown_strings,
        "locales": {
            cell.locale: {
                **counts_data(cell.counts),
                "askedFor": cell.asked_for,
                "questions": cell.questions,
            }
            for cell in source.locales
        },
    }


def tsv(status: Status) -> str:
    """Return a head and one line for each file and locale."""
    lines = [COLUMNS, *(_line(source, cell) for source, cell in _cells(status))]
    return "\n".join("\t".join(map(escape, line)) for line in lines)


def _cells(status: Status) -> Iterator[tuple[SourceStatus, LocaleStatus]]:
    for source in status.sources:
        for cell in source.locales:
            yield source, cell


def _line(source: SourceStatus, cell: LocaleStatus) -> tuple[str, ...]:
    given = {**_source_data(source), **counts_data(cell.counts)}
    of_locale = {
        "locale": cell.locale, "askedFor": str(cell.asked_for).lower(), "questions": cell.questions,
    }  # fmt: skip
    return tuple(str(of_locale.get(name, given.get(name))) for name in COLUMNS)
