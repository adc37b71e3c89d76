"""The answers of all tests here fit the official API description."""

from __future__ import annotations

import re

import pytest

from l10nsync.sandbox.urls import ROUTES
from tests.sandbox import openapi

NOT_IN_THE_COPY = ("/estimates-api/v2/", "/reports-api/v3/")
"""Services that official clients use and that the copy of the description leaves out."""
_HOOK = "/webhooks-api/v2/accounts/{account}/subscriptions/{subscription}"
BEYOND = {
    ("POST", "/auth-api/v2/authenticate/user"),  # the official Python client, for the vendor's own people
    ("GET", "/accounts-api/v2/accounts"),  # the official n8n nodes
    ("PUT", _HOOK),  # the official Node client
    ("POST", f"{_HOOK}/test"),
}
"""Addresses that only official clients know."""


def test_the_description_is_at_hand() -> None:
    """Without a copy of it, the answers of these tests are not held against it."""
    if not openapi.available():
        pytest.skip(f"{openapi.VARIABLE} names no copy of the official API description")
    assert len(openapi.routes()) > 100


def test_every_operation_is_one_of_the_services() -> None:
    """Each address of the sandbox is in the description; those that are not are known by name."""
    if not openapi.available():
        pytest.skip(f"{openapi.VARIABLE} names no copy of the official API description")
    extra = {(route.method, route.path) for route in ROUTES} - set(_described())
    assert {(method, path) for method, path in extra if not path.startswith(NOT_IN_THE_COPY)} == BEYOND


def test_every_operation_of_the_service_is_there() -> None:
    """Each operation of the description has an address here, by the name that it has there."""
    if not openapi.available():
        pytest.skip(f"{openapi.VARIABLE} names no copy of the official API description")
    named = {(route.method, _pattern(route.path)): route.operation for route in ROUTES}
    described = {(m, _pattern(p)): op["operationId"] for m, p, op in openapi.operations()}
    assert set(described) - set(named) == set()
    renamed = {name: named[where] for where, name in described.items() if named[where] != name}
    assert renamed == {
        "downloadTranslatedFile": "downloadTranslatedFileSingleLocale",  # the official Python client's name
        "downloadMultipleTranslatedFilesPost": "downloadMultipleFilesTranslations",  # as it was once
    }


def _described() -> list[tuple[str, str]]:
    """Return the addresses of the sandbox that the description has."""
    known = {(method, _pattern(path)) for method, path, _ in openapi.operations()}
    return [(route.method, route.path) for route in ROUTES if (route.method, _pattern(route.path)) in known]


def _pattern(path: str) -> str:
    return re.sub(r"\{\w+\}", "[^/]+", path)


def test_schemas_without_answers_are_not_passed_over() -> None:
    """A wrong answer is found: the check itself works."""
    if not openapi.available():
        pytest.skip(f"{openapi.VARIABLE} names no copy of the official API description")
    found = openapi.problems("GET", "/projects-api/v2/projects/p", 200, b'{"response": {"code": "OK"}}')
    assert found != []
