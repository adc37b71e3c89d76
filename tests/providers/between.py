"""Stands between a client and the sandbox, and changes one answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx

from tests.providers.service import Asked, Service, answer, running
from tests.providers.test_nonsense import Path, replaced

PASSED_ON = ("authorization", "content-type", "accept")
AnswerChange = tuple[int, Path, object]
"""Number of the answer, the place in it, and what stands there."""


class Between:
    """Passes requests on."""

    def __init__(self, service: Service, upstream: str) -> None:
        self.url = service.url
        self.upstream = upstream
        self.seen: list[Any] = []
        """What was answered as JSON, before any change."""
        self.change: AnswerChange | None = None
        service.respond = self.respond

    def begin(self, change: AnswerChange | None) -> None:
        """Begin to count answers anew, and make CHANGE from now on."""
        self.change = change
        self.seen.clear()

    def respond(self, asked: Asked) -> bytes:
        headers = {name: value for name, value in asked.headers.items() if name in PASSED_ON}
        address = f"{self.upstream}{asked.path}" + (f"?{asked.query}" if asked.query else "")
        found = httpx.request(asked.method, address, headers=headers, content=asked.body, timeout=30)
        if not found.headers.get("content-type", "").startswith("application/json"):
            return answer(found.status_code, found.content)
        data = json.loads(found.content)
        if isinstance(data, list | dict):
            self.seen.append(data)
            if self.change and self.change[0] == len(self.seen) - 1:
                with suppress(LookupError, TypeError):  # another answer has come in its place
                    data = replaced(data, *self.change[1:])
        return answer(found.status_code, data)


class _Everything(Service):
    """Answers nothing by itself."""

    def _answer(self, asked: Asked) -> bytes | None:
        return self.respond(asked)


@contextmanager
def standing_before(upstream: str) -> Iterator[Between]:
    """Give one that stands before the service at UPSTREAM."""
    with running(_Everything()) as service:
        yield Between(service, upstream)
