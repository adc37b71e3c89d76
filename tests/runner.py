"""Runs the real command line against the real sandbox, in a project of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx

from l10nsync.cli import cli
from l10nsync.cli.console import run
from l10nsync.sandbox.testing import ControlClient, SandboxServer, wait_for
from tests.canary import kept, leaks
from tests.repositories import Repo

AUTHENTICATION = {"authenticate", "refresh"}
_TLS = httpx.create_ssl_context()
"""Made once: it takes a fifth of a run, and no run here speaks TLS."""
SECRETS = {"SMARTLING_USER_SECRET", "SMARTMATE_PASSWORD"}


@dataclass(frozen=True)
class Done:
    """A run that ended."""

    code: int
    out: str
    err: str


def run_here(root: Path, environ: Mapping[str, str], argv: Sequence[str]) -> Done:
    """Run the command line in this process, with an environment, a folder, outputs and signals of its own."""
    out, err = StringIO(), StringIO()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with (
            patch.dict(os.environ, environ, clear=True),
            patch("httpx._transports.default.create_ssl_context", return_value=_TLS),
            contextlib.chdir(root),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = run(cli, list(argv))
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return Done(code, out.getvalue(), err.getvalue())


@dataclass
class Runner:
    """The command line, a sandbox project, and what the sandbox has recorded."""

    server: SandboxServer
    ident: str = ""
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def control(self) -> ControlClient:
        """The control API of the sandbox."""
        return self.server.control

    def project(self, locales: Sequence[str] = ("de-DE", "fr-FR"), source: str = "en-US") -> str:
        """Make a fresh project and use it from now on."""
        self.ident = self.control.project(locales, source)
        return self.ident

    def environment(self) -> dict[str, str]:
        """Return the whole environment of a run: no variable of the test's own CI leaks in."""
        clean = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "TMPDIR") if key in os.environ}
        return {
            **clean,
            **self.server.environment(self.ident),
            "GIT_CONFIG_GLOBAL": os.devnull,
            **self.environ,
        }

    def start(self, repo: Repo | Path, *argv: str) -> subprocess.Popen[str]:
        """Start a run and return its process."""
        return subprocess.Popen(
            [sys.executable, "-m", "l10nsync", *argv],
            cwd=_root(repo),
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A run started in the background of a shell has SIGINT ignored, and would hand that on.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
        )

    def process(self, repo: Repo | Path, *argv: str, code: int | None = 0) -> Done:
        """Run the command line to its end in a process of its own; CODE is the exit code expected."""
        process = self.start(repo, *argv)
        out, err = process.communicate(timeout=120)
        return self._checked(Done(process.returncode, out, err), repo, code)

    def run(self, repo: Repo | Path, *argv: str, code: int | None = 0) -> Done:
        """Run the command line to its end in this process, which is much quicker; CODE as above.

        As far as a run can tell, it is one of its own: environment, working directory, output and signals.
        """
        return self._checked(run_here(_root(repo), self.environment(), argv), repo, code)

    def _checked(self, done: Done, repo: Repo | Path, code: int | None) -> Done:
        """Check what has to hold of every run: no traceback, no secret in what it printed or keeps."""
        assert code is None or done.code == code, f"exit {done.code}\n{done.out}\n{done.err}"
        assert "Traceback" not in done.err, done.err
        texts = done.out, done.err, *kept(_root(repo))
        secrets = {value for name, value in self.environment().items() if name in SECRETS and value}
        assert not [each for secret in secrets for each in leaks(secret, *texts)]
        return done

    def translate(self, locales: Mapping[str, int] | None = None, **work: Any) -> int:
        """Play the translators."""
        return self.control.translate(self.ident, locales, **work)

    def held(self) -> None:
        """Wait until a request of this project is held; raise `TimeoutError` if none comes."""
        wait_for(self.is_held)

    def is_held(self) -> bool:
        """Return whether a request of this project is held."""
        return any(self.ident in each["path"] for each in self.control.faults()["held"])

    def mark(self) -> int:
        """Return a mark for `requests_since`."""
        return self.control.last()

    def requests_since(self, mark: int) -> list[str]:
        """Return the operations asked for since MARK, authentication aside."""
        found = self.control.requests(mark, self.ident)
        return [each["operation"] for each in found if each["operation"] not in AUTHENTICATION]

    def original(self, uri: str) -> bytes:
        """Return a source as the sandbox holds it."""
        return self._ask("GET", "", fileUri=uri)

    def delete(self, uri: str) -> None:
        """Delete a file on the sandbox and wait until it is gone."""
        self._ask("POST", "/delete", form=[("fileUri", uri)])
        self.control.finish(self.ident)

    def _ask(self, method: str, path: str, **query: Any) -> bytes:
        from tests.sandbox_fixtures import RestClient

        answer = RestClient(self.server.url, self.ident, self.control).send(
            method, f"/files-api/v2/projects/{{project}}/file{path}", **query
        )
        assert answer.status == 200, (path, query, answer.body)
        return answer.body


def _root(repo: Repo | Path) -> Path:
    return repo.root if isinstance(repo, Repo) else repo
