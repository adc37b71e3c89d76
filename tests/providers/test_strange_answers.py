"""Whatever a service answers, a provider ends with an answer or an error of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from l10nsync.errors import L10nSyncError, ServiceError
from l10nsync.model import JobRequest, Outcome, Question, Submission, Upload, Wanted
from l10nsync.providers.smartling.api import SmartlingApi, failed, read_error, terminal
from l10nsync.providers.smartling.costs import read_cost, read_matches
from l10nsync.providers.smartling.provider import Smartling
from tests.providers.service import Asked, Service, answer, client, running, success

MOMENT = "2026-08-01T10:00:00Z"
_GOOD: dict[str, object] = {
    "/jobs": {"items": [], "totalCount": 0, "translationJobUid": "job000000001", "jobName": "n"},
    "/batches": {"items": [], "totalCount": 0, "batchUid": "batch"},
    "/batches/batch": {
        "status": "COMPLETED",
        "files": [
            {"fileUri": "a", "status": "COMPLETED", "errors": "", "targetLocales": [{"stringsAdded": 1}]}
        ],
    },
    "/files/list": {"items": [{"fileUri": "a", "fileType": "json", "lastUploaded": MOMENT}], "totalCount": 1},
    "/file/status": {"fileUri": "a", "items": [{"localeId": "de", "completedStringCount": 1}]},
    "/jobs/search": {"items": [{"translationJobUid": "j", "jobName": "n", "jobStatus": "DRAFT"}]},
    "/jobs/j/files": {"items": [{"uri": "a", "localeIds": ["de"]}], "totalCount": 1},
    "/jobs/job000000001/strings": {"items": [], "totalCount": 0},
    "/jobs/j": {"translationJobUid": "j", "jobName": "n", "jobStatus": "DRAFT"},
    "/jobs/job000000001": {"translationJobUid": "job000000001", "jobName": "n", "jobStatus": "DRAFT"},
    "/jobs/j/progress": {
        "progress": {"percentComplete": 1, "totalWordCount": 2},
        "contentProgressReport": [{"targetLocaleId": "de", "progress": {"percentComplete": 1}}],
    },
    "/jobs/j/reports/cost": {"reportUid": "r", "reportStatus": "PENDING"},
    "/reports/r/status": {"reportUid": "r", "reportStatus": "COMPLETED"},
    "/reports/r": {
        "reportUid": "r",
        "priceInformation": [{"priceMin": 1, "priceMax": 1.5, "currencyCode": "EUR"}],
    },
    "/files/list/recently-published": {"items": [{"fileUri": "a", "localeId": "de", "publishDate": MOMENT}]},
}

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 10**9)
    | st.floats()
    | st.sampled_from(["", "COMPLETED", "FAILED", "NEW_STATE", "CANCELED", "a", "\ud800"])
)
_JSON = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner)
)

QUESTION = Question(
    project=True,
    files=True,
    originals=frozenset({"a"}),
    statuses=frozenset({"a"}),
    jobs=frozenset({"a"}),
    job_names=frozenset({"n"}),
    job_details=frozenset({"j"}),
    job_costs=frozenset({"j"}),
    published_since="window",
)
SUBMISSION = Submission(JobRequest("n", authorize=True), (Upload("a", "json", "a", ("de",), b'{"a": "b"}'),))


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running(Service()) as made:
        yield made


def good(asked: Asked) -> object:
    """Return the usual data for a path, found by its end."""
    fitting = [path for path in _GOOD if asked.path.endswith(path)]
    return _GOOD[max(fitting, key=len)] if fitting else {}


@st.composite
def changes(draw: st.DrawFn) -> tuple[int, list[str | int], object]:
    """Draw which answer to change, where in it, and what then stands there."""
    names: list[str | int] = ["items", "files", "status", "totalCount", "errors", "fileUri", 0]
    path: list[str | int] = draw(st.lists(st.sampled_from(names), max_size=3))
    return draw(st.integers(0, 20)), path, draw(_JSON)


def changed(data: object, path: list[str | int], value: object) -> object:
    """Return a copy of DATA with VALUE put in at PATH, as far as the path leads."""
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(data, dict):
        return {**data, head: changed(data.get(head), rest, value)}
    if isinstance(data, list) and data:
        return [changed(data[0], path[1:] if head == 0 else path, value), *data[1:]]
    return value


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes())
def test_a_changed_answer_is_never_a_crash(
    service: Service, change: tuple[int, list[str | int], object]
) -> None:
    """One answer with a field dropped, added or of another type gives a result or an error of ours."""
    number, path, value = change
    count = 0

    def respond(asked: Asked) -> bytes:
        nonlocal count
        count += 1
        data = good(asked)
        if count - 1 == number:
            data = changed(data, path, value)
        return answer(200, {"response": {"code": "SUCCESS", "data": data}})

    service.respond = respond
    with client(service, deadline=60, concurrency=1) as (http, _):
        provider = Smartling(SmartlingApi(http, "p"))
        for act in (lambda: provider.observe(QUESTION), lambda: list(provider.submit(SUBMISSION))):
            try:
                act()
            except L10nSyncError:
                continue
        found = list(provider.fetch([Wanted("a", "de")]))
    assert len(found) == 1


@pytest.mark.parametrize("status", ["COMPLETED_WITH_ERRORS", "ATTACH_FAILED", "UPLOAD_FAILED", "FAILED"])
def test_every_kind_of_failure_is_known_by_its_word(service: Service, status: str) -> None:
    """A status that says error or failure is one, even if nobody has documented it."""
    (upload,) = SUBMISSION.uploads
    planned = replace(upload, last_uploaded=MOMENT)  # as the list of files has it: nobody else was there
    assert failed(status)
    assert terminal(status)
    batch = {
        "status": "COMPLETED",
        "files": [{"fileUri": "a", "status": status, "errors": '{"message": "why"}'}],
    }
    service.respond = lambda asked: answer(
        200,
        {"response": {"code": "OK", "data": batch if asked.path.endswith("/batches/batch") else good(asked)}},
    )
    with client(service) as (http, _):
        events = list(Smartling(SmartlingApi(http, "p")).submit(replace(SUBMISSION, uploads=(planned,))))
    finals = [event for event in events if isinstance(event, Outcome)]
    assert finals[-1].status == "failed"
    assert "why" in str(finals[-1].error)


def test_an_unknown_status_is_not_the_end() -> None:
    """A state that we do not know is waited for, never taken for success."""
    assert not terminal("SOMETHING_NEW")
    assert not terminal("")


@pytest.mark.parametrize("nothing", ["", "{}", "[]", "null", None, {}, []])
def test_there_are_many_ways_to_say_no_error(nothing: object) -> None:
    """Each of them means that all is well."""
    assert read_error(nothing) is None


@pytest.mark.parametrize(
    "value",
    [
        '{"key": "parse.error", "message": "bad"}',
        '[{"key": "parse.error", "message": "bad"}]',
        '{"errors": [{"key": "parse.error", "message": "bad"}]}',
        {"key": "parse.error", "message": "bad"},
    ],
)
def test_an_error_in_a_batch_is_read(value: object) -> None:
    """The text of JSON holds an object, a list, or an envelope of its own."""
    reply = read_error(value)
    assert reply is not None
    assert (reply.key, reply.message) == ("parse.error", "bad")


def test_a_plain_text_is_an_error_too() -> None:
    """What is no JSON is the message itself."""
    reply = read_error("the file is too large")
    assert reply is not None
    assert reply.message == "the file is too large"
    assert read_error(json.dumps("quoted")) is not None


def test_rush_delivery_stands_in_the_batch_that_authorizes(service: Service) -> None:
    """The wish goes where the service takes it, with the workflows; any other batch authorizes nothing."""
    service.respond = lambda asked: success(good(asked))
    with client(service) as (made, _clock):
        api = SmartlingApi(made, "p")
        service.asked.clear()
        api.create_batch("j", ["a"])
        api.create_batch("j", ["a"], {"de": "w1"})
    plain, rush = (json.loads(each.body) for each in service.asked if each.path.endswith("/batches"))
    assert plain == {"authorize": False, "translationJobUid": "j", "fileUris": ["a"]}
    assert rush == {
        "authorize": True,
        "rushJob": True,
        "localeWorkflows": [{"targetLocaleId": "de", "workflowUid": "w1"}],
        "translationJobUid": "j",
        "fileUris": ["a"],
    }


@pytest.mark.parametrize(
    "report",
    [
        {},
        {"priceInformation": None},
        {"priceInformation": [{"priceMax": "much", "currencyCode": "EUR"}]},
        {
            "priceInformation": [
                {"priceMax": 1, "currencyCode": "EUR"},
                {"priceMax": 1, "currencyCode": "USD"},
            ]
        },
        {"priceInformation": [{"priceMax": 1, "currencyCode": "EUR"}], "warnings": ["No rates for 'fr-FR'."]},
        {"priceInformation": [{"priceMin": -3, "priceMax": -2, "currencyCode": "EUR"}]},
        {"priceInformation": [{"priceMin": -3, "priceMax": 2, "currencyCode": "EUR"}]},
        {"priceInformation": [{"priceMin": 3, "priceMax": 2, "currencyCode": "EUR"}]},
        {"priceInformation": [{"priceMin": 3, "currencyCode": "EUR"}]},
        {"priceInformation": [{"priceMin": "few", "priceMax": 2, "currencyCode": "EUR"}]},
        {"priceInformation": [{"priceMax": float("inf"), "currencyCode": "EUR"}]},
        {"priceInformation": [{"priceMax": True, "currencyCode": "EUR"}]},
        {"priceInformation": [{"priceMax": 2}]},
        {"priceInformation": [{"priceMax": 2, "currencyCode": "EUR"}, "much more"]},
        {"priceInformation": [{"priceMax": 2, "currencyCode": "EUR"}, {}]},
        {"priceInformation": {"priceMax": 2, "currencyCode": "EUR"}},
    ],
)
def test_half_an_estimate_is_none(report: dict[str, object]) -> None:
    """A price that is missing, unreadable, negative or contradictory is not a cost, nor is a part of one."""
    with pytest.raises(ServiceError, match="estimate of the cost"):
        read_cost(report)


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ("Match,Words,Weighted Words\nNew,4,4\n95-99%,3,1\n100%,2,1\nRepetition,1,0\n", (4, 5, 1)),
        ("Fuzzy Tier,Word Count\n0 - 84.9%,6\n85 - 94.9%,3\nRepetitions,1\n", (6, 3, 1)),
        ("Match,Words\nNew,4\n", None),
        ("Match,Words\nNew,9\nOther,1\n", None),
        ("Match,Words\nNew,ten\n", None),
        ("Locale,Price\nde-DE,10\n", None),
        ("\x00\xff", None),
        ("", None),
    ],
)
def test_words_by_match_are_read_only_where_they_add_up(table: str, found: tuple[int, ...] | None) -> None:
    """The table is not documented: what is not understood, or does not add up, is nothing."""
    matches = read_matches(table.encode(), 10)
    assert (matches and (matches.new, matches.fuzzy, matches.repeated)) == found
