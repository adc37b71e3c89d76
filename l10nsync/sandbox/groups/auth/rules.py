"""Access and refresh tokens: short lives inside sessions of at most twelve hours."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from l10nsync.sandbox.refusal import Refusal, unauthenticated


@dataclass(frozen=True, slots=True)
class Lives:
    """How long tokens live, in seconds."""

    access: float = 480
    refresh: float = 3660
    session: float = 12 * 3600


@dataclass(slots=True)
class TokenPair:
    """One pair of tokens."""

    access: str
    refresh: str
    access_ends: float
    refresh_ends: float
    session_ends: float


@dataclass(slots=True)
class Tokens:
    """All tokens that were handed out; they do not outlive the server."""

    pairs: list[TokenPair] = field(default_factory=list)
    lives: Lives = Lives()
    issued: int = 0
    refreshed: int = 0

    def authenticate(self, user: Any, secret: Any, now: float) -> dict[str, Any]:
        """Open a session; only identifiers and secrets that start with `test-` are accepted."""
        if not all(isinstance(text, str) and text.startswith("test-") for text in (user, secret)):
            text = "Invalid credentials. A sandbox takes only identifiers and secrets that start with test-"
            raise Refusal(401, "AUTHENTICATION_ERROR", text, "invalid_credentials", {})
        return self._issue(now, now + self.lives.session)

    def refresh(self, token: Any, now: float, *, revoke: bool = False) -> dict[str, Any]:
        """Exchange a refresh token for a new pair of the same session; each one works once."""
        pair = next((pair for pair in self.pairs if pair.refresh == token), None)
        if pair is None or now >= min(pair.refresh_ends, pair.session_ends):
            raise Refusal(401, "AUTHENTICATION_ERROR", "Invalid refresh token", "invalid_token", {})
        pair.refresh_ends = 0.0
        if revoke:
            pair.access_ends = 0.0
        self.refreshed += 1
        return self._issue(now, pair.session_ends)

    def check(self, header: str, now: float) -> None:
        """Raise the refusal of a request unless HEADER carries a living access token."""
        scheme, _, token = header.partition(" ")
        alive = {pair.access for pair in self.pairs if now < pair.access_ends}
        if scheme.lower() != "bearer" or token not in alive:
            raise unauthenticated()

    def expire(self, *, refresh: bool = False) -> None:
        """End all access tokens now, and the refresh tokens too if asked."""
        for pair in self.pairs:
            pair.access_ends = 0.0
            if refresh:
                pair.refresh_ends = 0.0

    def _issue(self, now: float, session_ends: float) -> dict[str, Any]:
        self.issued += 1
        left = max(0.0, session_ends - now)
        access_life, refresh_life = min(self.lives.access, left), min(self.lives.refresh, left)
        access, refresh = (f"{kind}-{self.issued}-{_noise(kind, self.issued, now)}" for kind in ("at", "rt"))
        self.pairs = [pair for pair in self.pairs if max(pair.access_ends, pair.refresh_ends) > now]
        self.pairs.append(TokenPair(access, refresh, now + access_life, now + refresh_life, session_ends))
        return {
            "accessToken": access,
            "refreshToken": refresh,
            "expiresIn": int(access_life),
            "refreshExpiresIn": int(refresh_life),
            "tokenType": "Bearer",
        }


def _noise(kind: str, number: int, now: float) -> str:
    return sha256(f"{kind} {number} {now}".encode()).hexdigest()[:32]
