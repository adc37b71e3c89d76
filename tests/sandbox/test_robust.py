"""No request makes the sandbox fail: wrong kinds of values are refused, whatever the operation."""

from __future__ import annotations

import re
from typing import Any

import pytest

from l10nsync.sandbox import shapes
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
    for number, name in enumerate(("", *NAMES)):
        # Two kinds for each name and route; over the routes every name gets every kind.
        kinds = (WRONG[(turn + number + step) % len(WRONG)] for step in (0, 3))
        for wrong in kinds if name else (None,):
            body = {**base, "jobName": f"job {name} {wrong!r}", name: wrong} if name else {}
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
