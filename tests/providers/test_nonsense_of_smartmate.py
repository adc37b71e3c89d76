"""Every field of what SmartMATE answers, replaced by nonsense: an error, or what would have come anyway."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import httpx
import pytest

from l10nsync.errors import L10nSyncError
from l10nsync.model import Question
from l10nsync.sandbox.testing import SandboxServer
from tests.providers.service import Asked, Service, answer, running
from tests.providers.test_boundary import contents, submission, wanted
from tests.providers.test_nonsense import NONSENSE, Path, at, places, replaced
from tests.providers.worlds import SmartMateWorld, world_of

PASSED_ON = ("authorization", "content-type", "accept")
FEW = 10
"""Replacements in every run of the tests."""
Change = tuple[int, Path, object]
"""Number of the answer, the place in it, and what stands there."""


class Between:
    """Stands between a provider and the sandbox, and changes one answer."""

    def __init__(self, service: Service, world: SmartMateWorld) -> None:
        self.service, self.world = service, world
        self.seen: list[Any] = []
        """What was answered as JSON, before any change."""
        self.change: Change | None = None
        service.respond = self.respond

    def respond(self, asked: Asked) -> bytes:
        headers = {name: value for name, value in asked.headers.items() if name in PASSED_ON}
        address = f"{self.world.server.url}{asked.path}" + (f"?{asked.query}" if asked.query else "")
        found = httpx.request(asked.method, address, headers=headers, content=asked.body, timeout=30)
        if not found.headers.get("content-type", "").startswith("application/json"):
            return answer(found.status_code, found.content)
        data = json.loads(found.content)
        if isinstance(data, list | dict):
            self.seen.append(data)
            if self.change and self.change[0] == len(self.seen) - 1:
                data = replaced(data, *self.change[1:])
        return answer(found.status_code, data)

    def look(self, question: Question, pairs: list[Any]) -> dict[Any, bytes | None] | None:
        """Ask and download; None where the whole ends with an error of ours."""
        self.seen.clear()
        with self.world.provider(base_url=f"{self.service.url}/smartmate") as provider:
            try:
                provider.observe(question)
                found = list(provider.fetch(pairs))
            except L10nSyncError:
                return None
        return {one.wanted: one.content for one in found if one.error is None}


@pytest.fixture(scope="module")
def between(sandbox_server: SandboxServer) -> Iterator[Between]:
    world: SmartMateWorld = world_of("smartmate", sandbox_server)
    with running(Service()) as service:
        yield Between(service, world)


def test_nonsense_is_never_another_result(between: Between) -> None:
    """A request whose tags, documents or state cannot be read is an error, never a missing translation."""
    sent = submission(2)
    between.world.push(sent)
    between.world.translate()
    question = Question(
        statuses=frozenset(one.uri for one in sent.uploads),
        published_since="window",
        contents=contents(sent.uploads),
    )
    pairs = wanted(sent.uploads)
    between.change = None
    usual = between.look(question, pairs)
    assert usual
    assert all(usual.values())
    changes = [
        (number, path, nonsense)
        for number, data in enumerate(list(between.seen))
        for path, nonsense in _nonsense(data)
    ]
    wrong = []
    for change in Random("nonsense").sample(changes, min(FEW, len(changes))):
        between.change = change
        found = between.look(question, pairs)
        if found is not None and not found.items() <= usual.items():
            wrong.append((change[0], change[1], str(change[2])[:40]))

    assert wrong == []


def _nonsense(data: Any) -> Iterator[tuple[Path, object]]:
    for path in places(data):
        for nonsense in NONSENSE:
            if type(nonsense) is not type(at(data, path)):
                yield path, nonsense
