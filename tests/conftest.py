"""Fixtures of the whole suite."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from l10nsync.sandbox.testing import SandboxServer
from tests.forks import Forks
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.runner import Runner
from tests.sandbox_fixtures import own_sandbox, sandbox_control, sandbox_server

__all__ = ["own_sandbox", "repo", "runner", "sandbox_control", "sandbox_server"]


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """Give an empty git repository."""
    return Repo(tmp_path / "repo")


@pytest.fixture
def runner(request: pytest.FixtureRequest, sandbox_server: SandboxServer) -> Runner:
    """Give the command line with a fresh project of the shared sandbox.

    In a module marked `in_process` it is `in_process`: what pushes often waits for no batch there.
    """
    if request.node.get_closest_marker("in_process"):
        quick: InProcess = request.getfixturevalue("in_process")
        return quick
    found = Runner(sandbox_server)
    found.project()
    return found


@pytest.fixture
def in_process(sandbox_server: SandboxServer) -> InProcess:
    """Give the same without a process: for tests in which none of its own matters."""
    found = InProcess(sandbox_server)
    found.project()
    return found


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """Give runs that can be killed, and cost a fork."""
    with Forks(tmp_path_factory.mktemp("forks") / "output") as found:
        yield found


@pytest.fixture
def own_runner(own_sandbox: SandboxServer) -> Runner:
    """Give the command line with a sandbox of its own, whose clock may be moved."""
    found = Runner(own_sandbox)
    found.project()
    return found


@pytest.fixture(scope="session")
def report_schema() -> dict[str, Any]:
    """Return the published schema of reports."""
    path = Path(__file__).parent.parent / "schemas" / "report.schema.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found
