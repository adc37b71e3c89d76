"""No request makes the sandbox fail: wrong kinds of values are refused, whatever the operation."""

from __future__ import annotations

import re
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from l10nsync.sandbox import shapes
from l10nsync.sandbox.body_limit import STRANGER
from l10nsync.sandbox.fields import FIELDS
from l10nsync.sandbox.refusal import Refusal
from l10nsync.sandbox.urls import ROUTES, Route
from tests.sandbox_fixtures import RestClient

HELLO = b'{"greeting": "Hello world"}'
WRONG: tuple[Any, ...] = (5, "x", [1], [{}], {"a": 1}, None)
NAMES = (
    "fileUri", "fileUris", "targetLocaleIds", "localeWorkflows", "files", "hashcodes", "limit", "string",
    "events", "issueText", "callbackUrl", "dueDate", "stringFilter", "sortBy", "createdDateAfter",
    "authorize", "customFields",
)  # fmt: skip
WITH_BODY = [
    route for route in ROUTES if route.method in {"POST", "PUT"} and "authenticate" not in route.path
]


def address(route: Route, names: dict[str, str]) -> str:
    """Return a route's path with its names filled in."""
    return re.sub(r"\{(\w+)\}", lambda match: names.get(match[1], "aaaaaaaaaaaa"), route.path)


@pytest.mark.parametrize("route", WITH_BODY, ids=lambda route: f"{route.method} {route.path}")
def test_values_of_the_wrong_kind_are_refused(rest: RestClient, route: Route) -> None:
    """Any known field with any kind of value gives an answer in the service's own shape."""
    rest.upload("a.json", HELLO)
    job = rest.job("n")
    names = {"project": rest.project, "job": job, "locale": "de-DE", "account": "sandbox1"}
    base = {"fileUri": "a.json", "fileUris": ["a.json"], "translationJobUid": job, "authorize": False}
    turn = WITH_BODY.index(route)
    known = FIELDS.get(route.operation, frozenset({*base, "jobName", *NAMES}))
    for number, name in enumerate(("", *(name for name in NAMES if name in known))):
        # Two kinds for each name and route; over the routes every name gets every kind.
        kinds = (WRONG[(turn + number + step) % len(WRONG)] for step in (0, 3))
        for wrong in kinds if name else (None,):
            whole = {**base, "jobName": f"job {name} {wrong!r}", name: wrong} if name else {}
            body = {field: value for field, value in whole.items() if field in known}
            answer = rest.send(route.method, address(route, names), body=body)
            assert answer.status < 500, (body, answer.body)
            assert "response" in answer.json


@pytest.mark.parametrize(
    "query",
    ["fileTypes=none", "limit=x", "offset=-1", "limit=1e3", "lastUploadedAfter=no", "createdDateAfter=1"],
)
def test_parameters_of_the_wrong_kind_are_refused(rest: RestClient, query: str) -> None:
    """The same for everything that is read."""
    name, _, value = query.partition("=")
    names = {"project": rest.project, "account": "sandbox1"}
    for route in ROUTES:
        if route.method == "GET":
            assert rest.send("GET", address(route, names), arrays={name: value}).status < 500


def test_shapes_are_checked_however_deep() -> None:
    """A wrong kind inside a list of objects is found and named."""
    shapes.check({"files": [{"fileUri": "a", "localeIds": ["de"]}], "limit": "5", "dueDate": None})
    with pytest.raises(Refusal, match="localeIds must be an array of texts"):
        shapes.check({"files": [{"fileUri": "a", "localeIds": "de"}]})


def _sent(rest: RestClient, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    connection = HTTPConnection(urlsplit(rest.url).netloc, timeout=20)
    try:
        connection.request("POST", path.replace("{project}", rest.project), body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("body", [b"{", b"[]", b"5", b"\xff", b'"x"', b"[" * 5000, b'{"a":' * 5000])
@pytest.mark.parametrize(
    "path", ["/sandbox/api/projects", "/sandbox/api/policies", "/jobs-api/v3/projects/{project}/jobs"]
)
def test_what_is_no_json_object_is_refused(rest: RestClient, path: str, body: bytes) -> None:
    """Broken, of another kind, or nested without end: a 400, at the control API too."""
    headers = {"Authorization": f"Bearer {rest.authenticate()}", "Content-Type": "application/json"}
    status, text = _sent(rest, path, body, headers)
    assert (status, b"Traceback" in text) == (400, False)


@pytest.mark.parametrize("token", ["", "Bearer none"])
def test_a_stranger_cannot_make_the_server_read_much(rest: RestClient, token: str) -> None:
    """A large body is not kept before a good token was shown; with one it is, and other things are wrong."""
    path, much = "/jobs-api/v3/projects/{project}/jobs", b" " * (STRANGER + 1)
    kind = {"Content-Type": "application/json"}
    status, text = _sent(rest, path, much, {**kind, **({"Authorization": token} if token else {})})
    assert (status, b"invalid_token" in text) == (401, True)
    status, _text = _sent(rest, path, much, {**kind, "Authorization": f"Bearer {rest.authenticate()}"})
    assert status == 400
    status, _text = _sent(rest, "/auth-api/v2/authenticate", much, kind)
    assert status == 413
