"""Authentication v2."""

from __future__ import annotations

from l10nsync.sandbox.groups.auth.rules import Lives, Tokens
from l10nsync.sandbox.parsed_request import ParsedRequest
from l10nsync.sandbox.replies import Reply, data


def authenticate(call: ParsedRequest) -> Reply:
    """POST /auth-api/v2/authenticate."""
    body, tokens = call.body, _tokens(call)
    now = call.server.world.now()
    return data(tokens.authenticate(body.get("userIdentifier"), body.get("userSecret"), now))


def refresh(call: ParsedRequest) -> Reply:
    """POST /auth-api/v2/authenticate/refresh."""
    world = call.server.world
    revoke = bool(world.switch("", "refresh_revokes_access"))
    return data(_tokens(call).refresh(call.body.get("refreshToken"), world.now(), revoke=revoke))


def _tokens(call: ParsedRequest) -> Tokens:
    """Return the tokens of the server, new ones living as the switches say."""
    tokens = call.server.tokens
    tokens.lives = Lives(
        *(
            float(call.server.world.switch("", f"{name}_seconds"))
            for name in ("access_token", "refresh_token", "session")
        )
    )
    return tokens
