"""The command line in this process, against the real sandbox: for tests that run it thousands of times."""

from __future__ import annotations

import io
import os
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import httpx

from l10nsync.cli import cli
from l10nsync.cli.console import run
from tests.repositories import Repo
from tests.runner import Done, Runner

_TLS = httpx.create_ssl_context()
"""Made once: it takes a fifth of a run, and no run here speaks TLS."""


class InProcess(Runner):
    """A runner that starts no process; a batch is finished at the first look."""

    def project(self, locales: object = ("de-DE", "fr-FR"), source: str = "en-US") -> str:
        """Make a fresh project whose batches keep nobody waiting."""
        found = super().project(("de-DE", "fr-FR"), source)
        self.control.policies(found, batch={"looks": 1})
        return found

    def run(self, repo: Repo | Path, *argv: str, code: int | None = 0) -> Done:
        """Run the command line; CODE is the exit code expected, None for any."""
        root = repo.root if isinstance(repo, Repo) else repo
        out, err = io.StringIO(), io.StringIO()
        with (
            patch.dict(os.environ, self.environment(), clear=True),
            patch("httpx._transports.default.create_ssl_context", return_value=_TLS),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            found = run(cli, ["-C", str(root), "--color", "never", *argv])
        assert code is None or found == code, f"exit {found}\n{argv}\n{out.getvalue()}\n{err.getvalue()}"
        return Done(found, out.getvalue(), err.getvalue())
