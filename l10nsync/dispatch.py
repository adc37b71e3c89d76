"""Tells GitHub that translations wait: a `repository_dispatch` event, on which a workflow can pull."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from l10nsync.errors import CredentialsError, ServiceError, TemporaryError, UsageError
from l10nsync.providers.base import Secret

EVENT = "l10nsync-published"
"""The event's type, for `on: repository_dispatch: types: […]`."""
API = "https://api.github.com"
TRIES = 4
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}")


@dataclass(frozen=True, slots=True)
class DispatchTarget:
    """One repository on GitHub."""

    repository: str
    """`owner/name`."""
    token: Secret
    api: str = API

    def __post_init__(self) -> None:
        from l10nsync.providers.http import checked_base_url

        checked_base_url(self.api)
        if not _NAME.fullmatch(self.repository):
            raise UsageError(f"{self.repository!r} is no repository of GitHub", hint="Write OWNER/NAME.")
        if not self.token:
            raise CredentialsError(
                "there is no token for GitHub",
                hint="Set GITHUB_TOKEN; it needs the permission to write contents of the repository.",
            )

    def dispatch(self, payload: Mapping[str, int | str], sleep: Callable[[float], None] = time.sleep) -> None:
        """Send the event; raise `TemporaryError` after several tries, else what GitHub says."""
        import httpx

        headers = {
            "Authorization": f"Bearer {self.token.reveal()}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
            "User-Agent": "l10nsync",
        }
        body = {"event_type": EVENT, "client_payload": dict(payload)}
        address = f"{self.api.rstrip('/')}/repos/{self.repository}/dispatches"
        said = ""
        for attempt in range(TRIES):
            if attempt:
                sleep(2.0**attempt)
            try:
                answer = httpx.post(address, json=body, headers=headers, timeout=20.0)
            except httpx.HTTPError as error:
                said = type(error).__name__
                continue
            if answer.status_code < 300:
                return
            said = f"HTTP {answer.status_code}"
            if _is_limited(answer.status_code, answer.headers):
                continue
            if answer.status_code in {401, 403, 404}:
                raise CredentialsError(
                    f"GitHub does not take the event for {self.repository}: {said}",
                    hint="The token needs the permission to write contents of this repository.",
                )
            if answer.status_code < 500:
                raise ServiceError(f"GitHub does not take the event for {self.repository}: {said}")
        raise TemporaryError(f"GitHub could not be told: {said}", hint="It is told again with the next look.")


def _is_limited(status: int, headers: Mapping[str, str]) -> bool:
    """Whether GitHub only wants us to wait; it says so with 403, too."""
    spent = headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers
    return status == 429 or (status == 403 and spent)
