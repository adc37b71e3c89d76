"""Tokens: who gets them, how long they live."""

from __future__ import annotations

import pytest

from l10nsync.sandbox.groups.auth.rules import Lives, Tokens
from l10nsync.sandbox.refusal import Refusal
from l10nsync.sandbox.testing import SandboxServer
from tests.sandbox_fixtures import RestClient


def test_only_credentials_made_for_the_sandbox_are_accepted(rest: RestClient) -> None:
    """A real secret is refused, so that it is not sent here for long unnoticed."""
    for user, secret in (("test-user", "real"), ("real", "test-secret"), ("", ""), (None, None)):
        body = {"userIdentifier": user, "userSecret": secret}
        answer = rest.send("POST", "/auth-api/v2/authenticate", body=body)
        assert (answer.status, answer.json["response"]["code"]) == (401, "AUTHENTICATION_ERROR")


def test_a_pair_of_tokens_has_the_usual_lives(rest: RestClient) -> None:
    """The lives are those of the service: 480 and 3660 seconds."""
    body = {"userIdentifier": "test-a", "userSecret": "test-b"}
    data = rest.send("POST", "/auth-api/v2/authenticate", body=body).data
    assert (data["expiresIn"], data["refreshExpiresIn"], data["tokenType"]) == (480, 3660, "Bearer")


def test_requests_without_a_living_token_are_refused(rest: RestClient) -> None:
    """Missing, wrong and unknown tokens are all 401 with the key that clients look for."""
    for header in ("", "Bearer", "Bearer wrong", "Basic abc"):
        answer = rest.send("GET", "/projects-api/v2/projects/{project}", headers={"Authorization": header})
        assert answer.status == 401
        assert answer.error["key"] == "invalid_token"


def test_tokens_expire_by_the_virtual_clock(own_sandbox: SandboxServer) -> None:
    """After eight virtual minutes a token is dead, and a refresh gives a living one."""
    control = own_sandbox.control
    client = RestClient(own_sandbox.url, control.project(), control)
    body = {"userIdentifier": "test-a", "userSecret": "test-b"}
    pair = client.send("POST", "/auth-api/v2/authenticate", body=body).data
    client.token = pair["accessToken"]
    control.advance(481)
    assert client.send("GET", "/projects-api/v2/projects/{project}").status == 401
    refreshed = client.send(
        "POST", "/auth-api/v2/authenticate/refresh", body={"refreshToken": pair["refreshToken"]}
    )
    client.token = refreshed.data["accessToken"]
    assert client.send("GET", "/projects-api/v2/projects/{project}").status == 200


def test_the_control_api_ends_all_tokens_at_once(own_sandbox: SandboxServer) -> None:
    """`tokens/expire` makes the next request fail as an expired token does."""
    client = RestClient(own_sandbox.url, "sandbox00", own_sandbox.control)
    assert client.send("GET", "/projects-api/v2/projects/{project}").status == 200
    own_sandbox.control.expire_tokens()
    assert client.send("GET", "/projects-api/v2/projects/{project}").status == 401


def test_a_refresh_token_works_once() -> None:
    """Each refresh gives a new pair and uses up the old refresh token."""
    tokens = Tokens()
    first = tokens.authenticate("test-a", "test-b", 0.0)
    second = tokens.refresh(first["refreshToken"], 10.0)
    assert second["refreshToken"] != first["refreshToken"]
    with pytest.raises(Refusal):
        tokens.refresh(first["refreshToken"], 11.0)


def test_a_session_ends_after_twelve_hours_however_often_it_is_refreshed() -> None:
    """Near the end both lives shrink; after it a refresh is refused although the token is young."""
    tokens = Tokens()
    pair = tokens.authenticate("test-a", "test-b", 0.0)
    now = 0.0
    while now + 3000 < Lives().session:
        now += 3000
        pair = tokens.refresh(pair["refreshToken"], now)
    assert pair["refreshExpiresIn"] == Lives().session - now < 3660
    with pytest.raises(Refusal):
        tokens.refresh(pair["refreshToken"], Lives().session + 1.0)


def test_lives_can_be_chosen(own_sandbox: SandboxServer) -> None:
    """For all tokens that are handed out from then on."""
    own_sandbox.control.switches(access_token_seconds=100, refresh_token_seconds=200, session_seconds=150)
    client = RestClient(own_sandbox.url, "sandbox00", own_sandbox.control)
    body = {"userIdentifier": "test-a", "userSecret": "test-b"}
    pair = client.send("POST", "/auth-api/v2/authenticate", body=body).data
    assert (pair["expiresIn"], pair["refreshExpiresIn"]) == (100, 150)
