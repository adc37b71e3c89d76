"""A pytest plugin: the fixture `l10nsync_sandbox`, a translation management system for one test.

pytest finds it by itself once l10nsync is installed with its `sandbox` extra. The server runs once for the
whole session; each test has a project of its own in it.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from l10nsync.errors import UsageError
from l10nsync.extras import require_sandbox
from l10nsync.sandbox.testing import ControlClient, SandboxServer, environment

MARKER = "l10nsync_sandbox(locales, source): what the project of the fixture l10nsync_sandbox is like"


class _Variables(dict[str, str]):
    """An environment that nobody prints: pytest shows the arguments of each call that led to a failure."""

    def __repr__(self) -> str:
        return "<variables of the environment>"


class Failed(subprocess.CalledProcessError):
    """A command of l10nsync that did not end with 0: says what it printed, and nothing of the environment."""

    def __str__(self) -> str:
        output = "\n".join(text.strip() for text in (self.stdout, self.stderr) if text and text.strip())
        return f"`{shlex.join(['l10nsync', *self.cmd[3:]])}` ended with exit code {self.returncode}\n{output}"


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A project of a running sandbox, with those who work in it."""

    url: str
    """Address of the server; the page is at its `/sandbox/`."""
    project: str
    control: ControlClient
    """Everything else that can be steered: faults, the clock, switches. See docs/sandbox.md."""

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead a client here; the fixture has set them for the test already."""
        return {**environment(self.url, self.project), "L10NSYNC_SANDBOX_URL": self.url}

    def run(self, *arguments: str, cwd: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run l10nsync in a repository; CHECK raises `CalledProcessError` unless it ends with 0."""
        __tracebackhide__ = True
        done = subprocess.run(
            [sys.executable, "-m", "l10nsync", *arguments],
            cwd=cwd,
            env=_Variables({**os.environ, **self.environment}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if check and done.returncode:
            raise Failed(done.returncode, done.args, done.stdout, done.stderr)
        return done

    def seed(self, repository: str | Path) -> None:
        """Load a repository with the translations that it has."""
        from l10nsync.sandbox import seeding

        found = seeding.read(Path(repository), _Variables({**os.environ, **self.environment}))
        done = seeding.load(self.control, self.project, found)
        if done.problems:
            raise ValueError("; ".join(done.problems))

    def translate(
        self, locales: Mapping[str, int] | None = None, texts: Mapping[str, str] | None = None, **work: Any
    ) -> int:
        """Authorize and translate: LOCALES to percent, TEXTS by key or source; return how many strings."""
        how = {"how": {"texts": dict(texts)}} if texts is not None else {}
        return self.control.translate(self.project, locales, **how, **work)

    def publish(self, *locales: str) -> int:
        """Publish what was saved with `state="pending"`."""
        return self.control.publish(self.project, locales)

    def view(self) -> dict[str, Any]:
        """Return files, jobs and open batches, without ids and times."""
        return self.control.view(self.project)

    def requests(self, operation: str = "") -> list[dict[str, Any]]:
        """Return the requests that came in for this project, of one operation or all."""
        found = self.control.requests(0, self.project)
        return [record for record in found if operation in {"", record["operation"]}]

    def fault(self, action: str, **rule: Any) -> None:
        """Make the next request that RULE matches fail."""
        self.control.fault(action, project=self.project, **rule)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", MARKER)


@pytest.fixture(scope="session")
def l10nsync_sandbox_server() -> Iterator[SandboxServer]:
    """Run one sandbox for the whole session."""
    try:
        require_sandbox()
    except UsageError as error:
        pytest.fail(f"{error.message}. {error.hint}", pytrace=False)
    with SandboxServer() as server:
        yield server


@pytest.fixture
def l10nsync_sandbox(
    l10nsync_sandbox_server: SandboxServer, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Sandbox]:
    """Give a project of its own to a test, and lead every client that the test starts to it.

    `@pytest.mark.l10nsync_sandbox(locales=["de-DE"], source="en-GB")` says what the project is like;
    without locales it takes any that a request names.
    """
    control = l10nsync_sandbox_server.control
    project = control.project(**_wanted(request))
    found = Sandbox(l10nsync_sandbox_server.url, project, control)
    for name, value in found.environment.items():
        monkeypatch.setenv(name, value)
    yield found
    control.clear_faults(project)


def _wanted(request: pytest.FixtureRequest) -> dict[str, Any]:
    marker = request.node.get_closest_marker("l10nsync_sandbox")
    given: Mapping[str, Any] = marker.kwargs if marker else {}
    locales: Sequence[str] | None = given.get("locales")
    return {"locales": locales, "source": given.get("source", "en-US")}
