"""Every field of what SmartMATE answers, replaced by nonsense: an error, or what would have come anyway."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from l10nsync.errors import L10nSyncError
from l10nsync.model import Question
from l10nsync.sandbox.testing import SandboxServer
from tests.providers.between import AnswerChange, Between, standing_before
from tests.providers.test_boundary import contents, submission, wanted
from tests.providers.test_nonsense import NONSENSE, Path, at, places
from tests.providers.worlds import SmartMateWorld, world_of

FEW = 10
"""Replacements in every run of the tests."""


@dataclass
class Look:
    """One look at the service, with or without a change."""

    between: Between
    world: SmartMateWorld

    def __call__(
        self, question: Question, pairs: list[Any], change: AnswerChange | None = None
    ) -> dict[Any, bytes | None] | None:
        """Ask and download; None where the whole ends with an error of ours."""
        self.between.begin(change)
        with self.world.provider(base_url=f"{self.between.url}/smartmate") as provider:
            try:
                provider.observe(question)
                found = list(provider.fetch(pairs))
            except L10nSyncError:
                return None
        return {one.wanted: one.content for one in found if one.error is None}


@pytest.fixture(scope="module")
def look(sandbox_server: SandboxServer) -> Iterator[Look]:
    world: SmartMateWorld = world_of("smartmate", sandbox_server)
    with standing_before(world.server.url) as between:
        yield Look(between, world)


def test_nonsense_is_never_another_result(look: Look) -> None:
    """A request whose tags, documents or state cannot be read is an error, never a missing translation."""
    sent = submission(2)
    look.world.push(sent)
    look.world.translate()
    question = Question(
        statuses=frozenset(one.uri for one in sent.uploads),
        published_since="window",
        contents=contents(sent.uploads),
    )
    pairs = wanted(sent.uploads)
    usual = look(question, pairs)
    assert usual
    assert all(usual.values())
    changes = [
        (number, path, nonsense)
        for number, data in enumerate(list(look.between.seen))
        for path, nonsense in _nonsense(data)
    ]
    wrong = []
    for change in Random("nonsense").sample(changes, min(FEW, len(changes))):
        found = look(question, pairs, change)
        if found is not None and not found.items() <= usual.items():
            wrong.append((change[0], change[1], str(change[2])[:40]))

    assert wrong == []


def _nonsense(data: Any) -> Iterator[tuple[Path, object]]:
    for path in places(data):
        for nonsense in NONSENSE:
            if type(nonsense) is not type(at(data, path)):
                yield path, nonsense
