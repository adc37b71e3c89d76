"""Every field of every answer, replaced by nonsense: an error with the request id, never another result."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from l10nsync.errors import L10nSyncError
from l10nsync.providers.http import Client
from l10nsync.providers.smartling.api import SmartlingApi
from l10nsync.providers.smartling.jobs import progress
from tests.providers.service import Service, answer, client, running

MOMENT = "2026-08-01T10:00:00Z"
COUNTS = {
    "localeId": "de", "authorizedStringCount": 1, "authorizedWordCount": 2, "completedStringCount": 3,
    "completedWordCount": 4, "excludedStringCount": 5, "excludedWordCount": 6,
}  # fmt: skip
JOB = {
    "translationJobUid": "j", "jobName": "n", "jobNumber": "J-1", "jobStatus": "DRAFT", "description": "d",
    "targetLocaleIds": ["de"], "dueDate": MOMENT, "referenceNumber": "r", "createdDate": MOMENT,
}  # fmt: skip
OPERATIONS: Mapping[str, tuple[Callable[[SmartlingApi], object], object]] = {
    "details": (
        lambda api: api.details(),
        {
            "projectId": "p", "projectName": "P", "accountUid": "a", "sourceLocaleId": "en",
            "targetLocales": [{"localeId": "de", "enabled": True}],
        },
    ),
    "files": (
        lambda api: api.list_files(),
        {"totalCount": 1, "items": [{"fileUri": "a", "fileType": "json", "lastUploaded": MOMENT}]},
    ),
    "status": (
        lambda api: api.status("a"),
        {
            "fileUri": "a", "lastUploaded": MOMENT, "namespace": {"name": "n"}, "directives": {"d": "v"},
            "totalStringCount": 1, "totalWordCount": 2, "items": [COUNTS],
        },
    ),
    "published": (
        lambda api: api.published_since(MOMENT),
        {"items": [{"fileUri": "a", "localeId": "de", "publishDate": MOMENT}]},
    ),
    "modified": (lambda api: api.modified_since("a", MOMENT), {"items": [{"localeId": "de"}]}),
    "jobs": (lambda api: api.open_jobs(), {"totalCount": 1, "items": [JOB]}),
    "job": (lambda api: api.job("j"), JOB),
    "search": (lambda api: api.jobs_with(["a"]), {"items": [JOB]}),
    "job files": (
        lambda api: api.job_files("j"), {"totalCount": 1, "items": [{"uri": "a", "localeIds": ["de"]}]},
    ),
    "job strings": (
        lambda api: api.job_pairs("j"),
        {"totalCount": 1, "items": [{"hashcode": "h", "targetLocaleId": "de"}]},
    ),
    "file strings": (lambda api: api.file_strings("a"), {"totalCount": 1, "items": [{"hashcode": "h"}]}),
    "source strings": (
        lambda api: api.source_strings(["h"]),
        {"items": [
            {"hashcode": "h", "parsedStringText": "t", "keys": [{"fileUri": "a", "key": "k"}]}
        ]},
    ),
    "authorized": (lambda api: api.authorized_strings(["h"], "de"), {"items": [{"hashcode": "h"}]}),
    "holds": (lambda api: api.holds_strings("j"), {"totalCount": 1, "items": [{"hashcode": "h"}]}),
    "process": (lambda api: api.process_state("j", "x"), {"processState": "COMPLETED"}),
    "progress": (
        lambda api: progress(api, "j"),
        {"contentProgressReport": [
            {
                "targetLocaleId": "de", "progress": {"percentComplete": 1, "totalWordCount": 2},
                "unauthorizedProgressReport": {"wordCount": 3, "stringCount": 4},
            }
        ]},
    ),
    "batch": (
        lambda api: api.batch("b"),
        {
            "status": "COMPLETED", "authorized": False, "updatedDate": MOMENT, "generalErrors": "",
            "files": [
                {
                    "fileUri": "a", "status": "COMPLETED", "updatedDate": MOMENT, "errors": "",
                    "targetLocales": [{"localeId": "de", "stringsAdded": 1}],
                }
            ],
        },
    ),
    "batches": (lambda api: api.open_batches("j"), {"items": [{"batchUid": "b", "status": "DRAFT"}]}),
    "new batch": (lambda api: api.create_batch("j", ["a"]), {"batchUid": "b"}),
    "new job": (lambda api: api.create_job({"jobName": "n"}), JOB),
    "report": (lambda api: api.begin_cost_report("j", {}), {"reportUid": "r", "reportStatus": "PENDING"}),
}  # fmt: skip
NONSENSE: tuple[object, ...] = (
    [[]], {"a": {"b": 1}}, True, -1, 10**30, [None], ["x", 3], "x" * 1_100_000,
)  # fmt: skip
"""No field of an answer can have one of these, but for the few named below."""
FREE = frozenset({"errors", "generalErrors", "reportStatus", "d"})
"""Fields that only explain, or that nobody reads; a directive may be true or false."""
OPEN = frozenset({"namespace", "directives", "progress", "unauthorizedProgressReport"})
"""Objects that need not have any field."""

Path = tuple[str | int, ...]


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running(Service()) as made:
        yield made


@pytest.fixture(scope="module")
def http(service: Service) -> Iterator[Client]:
    with client(service, deadline=1e9, concurrency=1) as (made, _):
        yield made


def places(value: object, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every value below VALUE."""
    pairs: Iterator[tuple[str | int, object]] = iter(())
    if isinstance(value, dict):
        pairs = iter(value.items())
    elif isinstance(value, list):
        pairs = iter(enumerate(value))
    for name, inner in pairs:
        yield (*path, name)
        yield from places(inner, (*path, name))


def replaced(value: Any, path: Path, new: object) -> Any:
    """Return a copy of VALUE with NEW at PATH."""
    if not path:
        return new
    if isinstance(value, dict):
        return {**value, path[0]: replaced(value[path[0]], path[1:], new)}
    return [replaced(row, path[1:], new) if at == path[0] else row for at, row in enumerate(value)]


def at(value: Any, path: Path) -> object:
    for name in path:
        value = value[name]
    return value


def may_be(good: object, new: object) -> bool:
    """Whether a field with the value GOOD may well have the value NEW."""
    if isinstance(good, bool):
        return isinstance(new, bool)
    # A number where a text is expected is read as one.
    return isinstance(good, str) and new == -1


def outcome(ask: Callable[[], object]) -> tuple[L10nSyncError | None, object]:
    try:
        return None, ask()
    except L10nSyncError as error:
        return error, None


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_nonsense_is_an_error(service: Service, http: Client, name: str) -> None:
    """Whatever stands in whatever field: the result is as before, or an error that has the request id."""
    ask, good = OPERATIONS[name]
    said: list[object] = [good]
    service.respond = lambda _asked: answer(200, {"response": {"code": "SUCCESS", "data": said[0]}})
    api = SmartlingApi(http, "p")
    usual = ask(api)
    for path in places(good):
        for new in NONSENSE:
            opened = (path[-1] in OPEN or path[:-1] == ("files", 0, "targetLocales")) and isinstance(
                new, dict
            )
            if may_be(at(good, path), new) or path[-1] in FREE or opened:
                continue
            said[0] = replaced(good, path, new)
            failure, found = outcome(lambda: ask(api))
            shown = (path, str(new)[:40], failure)
            assert failure or found == usual, shown
            reply = getattr(failure, "reply", None)
            assert reply is None or reply.request_id == "req-1", shown
