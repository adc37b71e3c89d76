"""Taking existing translations into a project, file by file and locale by locale."""

from __future__ import annotations

from collections.abc import Iterator

from l10nsync.errors import CredentialsError, L10nSyncError
from l10nsync.model import Import, ImportIssue, ImportOutcome
from l10nsync.providers.replies import JsonObject, count, explanations, words
from l10nsync.providers.smartling.api import SmartlingApi
from l10nsync.providers.workers import each


def import_all(api: SmartlingApi, imports: tuple[Import, ...]) -> Iterator[ImportOutcome]:
    """Import several files at once; yield one outcome each, as they get ready.

    Doing an import twice does no harm, so an unanswered one is repeated.
    """
    for given, result in each(api.import_file, imports, api.client.threads):
        if isinstance(result, Exception):
            if isinstance(result, CredentialsError) or not isinstance(result, L10nSyncError):
                raise result
            yield ImportOutcome(given.uri, given.locale, error=result)
        else:
            yield read_outcome(given, result)


def read_outcome(sent: Import, data: JsonObject) -> ImportOutcome:
    """Return what the service says of one import: a success may still name strings that it did not take."""
    found = data.get("translationImportErrors")
    issues = [
        ImportIssue(words(error, "importKey") or words(error, "stringHashcode"), _message(error))
        for error in explanations(found)
    ]
    issues += [ImportIssue("", message) for message in _texts(found)]
    return ImportOutcome(sent.uri, sent.locale, count(data, "stringCount"), tuple(issues))


def _message(error: JsonObject) -> str:
    return "; ".join(_texts(error.get("messages"))) or words(error, "message") or "not imported"


def _texts(value: object) -> list[str]:
    return [line for line in value if isinstance(line, str)] if isinstance(value, list) else []
