"""The answers of all tests here fit the official API description."""

from __future__ import annotations

import pytest

from l10nsync.sandbox.urls import ROUTES
from tests.sandbox import openapi

NOT_IN_THE_COPY = ("/estimates-api/v2/", "/reports-api/v3/")
"""Services that official clients use and that the copy of the description leaves out."""


def test_the_description_is_at_hand() -> None:
    """Without a copy of it, the answers of these tests are not held against it."""
    if not openapi.available():
        pytest.skip(f"{openapi.VARIABLE} names no copy of the official API description")
    assert len(openapi.routes()) > 100


def test_every_operation_is_one_of_the_services() -> None:
    """Each address of the sandbox is in the description; those that are not are known by name."""
    if not openapi.available():
        pytest.skip(f"{openapi.VARIABLE} names no copy of the official API description")
    described = {(method, pattern.pattern) for method, pattern, _ in openapi.routes()}
    extra = {route.path for route in ROUTES if (route.method, _pattern(route.path)) not in described}
    beyond = {path for path in extra if not path.startswith(NOT_IN_THE_COPY)}
    assert beyond == {"/auth-api/v2/authenticate/user"}, "only the address that one official client uses"


def _pattern(path: str) -> str:
    import re

    return re.sub(r"\{\w+\}", "[^/]+", path)


def test_schemas_without_answers_are_not_passed_over() -> None:
    """A wrong answer is found: the check itself works."""
    if not openapi.available():
        pytest.skip(f"{openapi.VARIABLE} names no copy of the official API description")
    found = openapi.problems("GET", "/projects-api/v2/projects/p", 200, b'{"response": {"code": "OK"}}')
    assert found != []
