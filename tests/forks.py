"""Runs of the command line that can be killed for the price of a fork.

Run as a program it is their parent: everything is imported once, and each line of its input, a JSON object
with `environ`, `argv` and `output`, forks a worker that carries out one run. It prints the worker's process
id and, when the worker has ended, its exit code; negative: the signal that ended it.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import TracebackType
from typing import TYPE_CHECKING, Self

import l10nsync
from l10nsync.cli import cli
from l10nsync.cli.console import run

if TYPE_CHECKING:
    from tests.runner import Runner


class Worker:
    """A run in a process of its own."""

    def __init__(self, answers: int, ident: int) -> None:
        self._answers = answers
        self._ident = ident
        self.code: int | None = None

    def poll(self, seconds: float = 0.0) -> int | None:
        """Return the exit code; None if the run has not ended within SECONDS."""
        if self.code is None and select.select([self._answers], [], [], seconds)[0]:
            self.code = _number(self._answers)
        return self.code

    def kill(self) -> int | None:
        """End the process without a word; return its exit code."""
        os.kill(self._ident, signal.SIGKILL)
        return self.poll(60)


class Forks:
    """Starts runs, one at a time; a context manager that ends their parent."""

    def __init__(self, output: Path) -> None:
        self.output = output
        """Where a run's output and errors go."""
        self._parent = subprocess.Popen(
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )

    def start(self, folder: Path, environ: Mapping[str, str], *argv: str) -> Worker:
        """Start a run in FOLDER."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        asked = {"environ": dict(environ), "argv": ["-C", str(folder), *argv], "output": str(self.output)}
        self._parent.stdin.write(json.dumps(asked).encode() + b"\n")
        answers = self._parent.stdout.fileno()
        return Worker(answers, _number(answers))

    def kill(
        self, runner: Runner, folder: Path, *argv: str, at: int, when: str = "hold", **which: str
    ) -> bool:
        """Start a run and kill it at its request AT; False if it ended before it came to that.

        `hold` kills it after the request was carried out, `hold_before` before; WHICH may name the
        `operation` that is counted.
        """
        runner.control.fault(when, project=runner.ident, nth=at, **which)
        worker = self.start(folder, runner.environment(), *argv)
        while worker.poll(0.005) is None:
            if runner.is_held():
                worker.kill()
        runner.control.clear_faults(runner.ident)
        runner.control.release()
        return worker.code == -signal.SIGKILL

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._parent.communicate()


def _number(answers: int) -> int:
    """Read one line, byte by byte: what comes after it is another answer."""
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(answers, 1)
        assert byte, "the parent of the runs has ended"
        line += byte
    return int(line)


def _say(number: int) -> None:
    os.write(1, f"{number}\n".encode())


def _work(asked: Mapping[str, object]) -> int:
    """Carry out one run, with nothing of this process but what was imported."""
    os.environ.clear()
    os.environ.update(asked["environ"])  # type: ignore[call-overload]
    file = os.open(str(asked["output"]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for old, new in ((nothing, 0), (file, 1), (file, 2)):
        os.dup2(old, new)
    return run(cli, asked["argv"])  # type: ignore[arg-type]


def _warm() -> None:
    """Import what a run imports only when it needs it."""
    for each in walk_packages(l10nsync.__path__, "l10nsync."):
        if not each.name.startswith(("l10nsync.sandbox", "l10nsync.__main__")):
            import_module(each.name)
    for name in ("httpx", "jsonschema", "yaml"):
        import_module(name)


def main() -> None:
    """Fork a worker for each line of the input."""
    _warm()
    for line in sys.stdin:
        asked = json.loads(line)
        worker = os.fork()
        if worker:
            _say(worker)
            _, status = os.waitpid(worker, 0)
            _say(os.waitstatus_to_exitcode(status))
            continue
        code = 99
        try:
            code = _work(asked)
        finally:
            os._exit(code)


if __name__ == "__main__":
    main()
