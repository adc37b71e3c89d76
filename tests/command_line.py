"""Runs the real command line in this process, for commands that need no service."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from l10nsync.cli import cli
from l10nsync.cli.console import run
from tests.repositories import Repo


@dataclass(frozen=True)
class Ended:
    """A run that ended."""

    code: int
    out: str
    err: str


@dataclass
class CommandLine:
    """Calls the command line in one repository."""

    repo: Repo
    capture: pytest.CaptureFixture[str]

    def __call__(self, *argv: str, code: int = 0) -> Ended:
        """Run a command; CODE is the exit code expected."""
        found = run(cli, ["-C", str(self.repo.root), "--color", "never", *argv])
        out, err = self.capture.readouterr()
        assert found == code, f"exit {found}\n{out}\n{err}"
        return Ended(found, out, err)
