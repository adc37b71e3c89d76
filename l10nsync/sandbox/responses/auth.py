"""Authentication v2."""

from __future__ import annotations

from l10nsync.sandbox.exchange import Call, Reply, data


def authenticate(call: Call) -> Reply:
    """POST /auth-api/v2/authenticate."""
    body = call.body
    now = call.server.world.now()
    return data(call.server.tokens.authenticate(body.get("userIdentifier"), body.get("userSecret"), now))


def refresh(call: Call) -> Reply:
    """POST /auth-api/v2/authenticate/refresh."""
    world = call.server.world
    revoke = bool(world.switch("", "refresh_revokes_access"))
    return data(call.server.tokens.refresh(call.body.get("refreshToken"), world.now(), revoke=revoke))
