"""Fixtures of the Action's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.github import openapi
from tests.github.stage import Stage, staged
from tests.runner import Runner


@pytest.fixture
def stage(tmp_path: Path, runner: Runner) -> Iterator[Stage]:
    """Give a repository at GitHub, its checkout, and the sandbox."""
    with staged(tmp_path, runner) as found:
        yield found
    require_as_described(found)


@pytest.fixture
def branch_stage(tmp_path: Path, runner: Runner) -> Iterator[Stage]:
    """Give the same with `{branch}` in the fileUri."""
    with staged(tmp_path, runner, branch_uris=True) as found:
        yield found
    require_as_described(found)


def require_as_described(stage: Stage) -> None:
    """Hold what was asked of GitHub, and what the stand-in answered, against the published description."""
    if openapi.available():
        prefix = f"/repos/{stage.github.repository}/"
        found = [
            problem
            for each in stage.github.seen
            for problem in openapi.problems(
                each.method, prefix + each.path, each.body, each.status, each.answer
            )
        ]
        assert found == []
