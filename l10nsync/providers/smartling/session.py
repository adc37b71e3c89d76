"""The access token: got once, renewed once however many threads need it, replaced when a session ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from threading import Lock

from l10nsync.errors import CredentialsError, ServiceError
from l10nsync.providers.http import Call, Client
from l10nsync.providers.replies import LONGEST_TOKEN, JsonObject, count, needed, nonsense

MARGIN = 30.0
"""Seconds before its end at which a token is replaced."""
SHORT = 60.0
"""Seconds; a refreshed token that lives no longer shows that the session (12 hours) is near its end."""

LONGEST_SESSION = 24 * 3600
"""Seconds; a token that claims to live longer is replaced by then."""
_SENDABLE = re.compile(r"[\x21-\x7e]+")
_HINT = (
    "Check SMARTLING_USER_IDENTIFIER and SMARTLING_USER_SECRET (or those of the project's credentials set); "
    "create a token in the dashboard under Account Settings > API."
)


@dataclass(frozen=True, slots=True)
class SessionTokens:
    """One pair of tokens."""

    access: str
    refresh: str
    issued: float
    expires_in: float
    refresh_expires_in: float

    def ends(self, now: float) -> bool:
        """Whether the access token should be replaced before it is used again."""
        # A token shorter than the margin would be replaced for every request.
        return now >= self.issued + max(self.expires_in - MARGIN, self.expires_in / 2)

    def refreshable(self, now: float) -> bool:
        """Whether refreshing is worth trying; if not, only a new authentication helps."""
        return bool(self.refresh) and now < self.issued + self.refresh_expires_in - MARGIN


@dataclass(slots=True)
class Session:
    """The `Authorizer` of Smartling's API."""

    client: Client
    _lock: Lock = field(default_factory=Lock)
    _token: SessionTokens | None = None
    _generation: int = 0
    _near_end: bool = False
    """The lifetimes of the session shrink: authenticate next time."""

    def header(self) -> tuple[str, int]:
        """Return the header's value and its generation; authenticates or refreshes when needed."""
        with self._lock:
            token = self._token
            if token is None or (token.ends(self.client.clock.now()) and token.expires_in > 0):
                token = self._replace(token)
            return f"Bearer {token.access}", self._generation

    def renew(self, generation: int) -> None:
        """Replace the token of GENERATION unless another thread has done so."""
        with self._lock:
            if generation == self._generation:
                self._replace(self._token)

    def _replace(self, old: SessionTokens | None) -> SessionTokens:
        token = self._refresh(old) if old and self._may_refresh(old) else None
        if token is not None and old is not None:
            self._near_end = token.refresh_expires_in < old.refresh_expires_in
        if token is None or token.expires_in < SHORT:
            token = self._authenticate()
            self._near_end = False
        for secret in (token.access, token.refresh):
            self.client.redact.add_token(secret)
            if hide := self.client.connection.hide:
                hide(secret)
        self._token = token
        self._generation += 1
        return token

    def _may_refresh(self, old: SessionTokens) -> bool:
        return not self._near_end and old.refreshable(self.client.clock.now())

    def _refresh(self, old: SessionTokens) -> SessionTokens | None:
        try:
            return self._ask(
                "refresh the token", "/auth-api/v2/authenticate/refresh", {"refreshToken": old.refresh}
            )
        except (CredentialsError, ServiceError):
            return None  # the session has ended; a new one says what is wrong, if anything is

    def _authenticate(self) -> SessionTokens:
        settings = self.client.connection
        secret = settings.secret.reveal()
        if not settings.user or not secret:
            raise CredentialsError("no user identifier or secret is set for Smartling", hint=_HINT)
        body = {"userIdentifier": settings.user, "userSecret": secret}
        try:
            return self._ask("authenticate", "/auth-api/v2/authenticate", body)
        except CredentialsError as error:
            raise CredentialsError(error.message, hint=_HINT) from error
        except ServiceError as error:
            if error.reply.status in {400, 404}:
                raise CredentialsError(error.message, hint=_HINT) from error
            raise

    def _ask(self, operation: str, path: str, body: dict[str, str]) -> SessionTokens:
        answer = self.client.send(Call(operation, "POST", path, json=body, authorized=False))
        data = answer.record
        return SessionTokens(
            access=_token(data, "accessToken"),
            refresh=_token(data, "refreshToken"),
            issued=self.client.clock.now(),
            expires_in=_lifetime(data, "expiresIn"),
            refresh_expires_in=_lifetime(data, "refreshExpiresIn"),
        )


def _token(data: JsonObject, name: str) -> str:
    """Return a token; raise `ServiceError` for one that no header can hold."""
    value = needed(data, name, LONGEST_TOKEN)
    if not _SENDABLE.fullmatch(value):
        raise nonsense(data, f"{name} is not a token")
    return value


def _lifetime(data: JsonObject, name: str) -> float:
    return float(min(count(data, name), LONGEST_SESSION))
