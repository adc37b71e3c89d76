"""Fixtures of the Action's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.github.stage import Stage, staged
from tests.runner import Runner


@pytest.fixture
def stage(tmp_path: Path, runner: Runner) -> Iterator[Stage]:
    """Give a repository at GitHub, its checkout, and the sandbox."""
    with staged(tmp_path, runner) as found:
        yield found


@pytest.fixture
def branch_stage(tmp_path: Path, runner: Runner) -> Iterator[Stage]:
    """Give the same with `{branch}` in the fileUri."""
    with staged(tmp_path, runner, branch_uris=True) as found:
        yield found
