"""A process that lets several runs of the command line race, and decides at every request who moves next.

Run as a program: reads a race a line from standard input, as JSON, and prints what became of it. Each run
is a forked worker, which asks through a socket before each request that it sends, and after; nothing goes
on until all runs that have not ended are waiting, and then one of them may go. So a race is a sequence of
requests that a seed chooses, one at a time, and happens again in the same way. Waiting takes no time: the
workers' clock moves on by itself. Everything is imported before the fork.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import Any, Self
from unittest.mock import patch

import httpx

from l10nsync import formats
from l10nsync.cli import cli
from l10nsync.cli.console import run
from l10nsync.providers.throttle import RealClock
from l10nsync.sandbox.testing import ControlClient

_NEEDED = (
    "httpcore", "jsonschema", "yaml", "pathspec", "l10nsync.app", "l10nsync.cli.commands.push",
    "l10nsync.cli.connect", "l10nsync.cli.progress", "l10nsync.cli.result", "l10nsync.cli.saved",
    "l10nsync.cli.settings", "l10nsync.providers.smartling.provider", "l10nsync.providers.smartmate.provider",
    "l10nsync.render.reports",
)  # fmt: skip
"""What a run imports on its way."""


@dataclass(frozen=True)
class Entry:
    """One run that takes part."""

    root: str
    argv: Sequence[str]
    environ: Mapping[str, str]
    dies_at: int = 0
    """Number of the step at which it is killed, from 1: a request has one before and one after; 0: never."""


@dataclass(frozen=True)
class Finish:
    """A run that ended; `code` is -9 if it was killed."""

    code: int
    out: str
    err: str
    steps: int
    """How often it has asked."""


class _Runner:
    """A worker, as the scheduler sees it: running, waiting to be let go, or ended."""

    def __init__(self, entry: Entry, taken: Sequence[_Runner]) -> None:
        self.entry = entry
        self.steps = 0
        self.finish: Finish | None = None
        self.line, theirs = socket.socketpair()
        self.pid = os.fork()
        if not self.pid:
            for each in taken:
                each.line.close()
            self.line.close()
            _work(entry, theirs)
        theirs.close()
        self.stream = self.line.makefile("rb")

    def wait(self) -> bool:
        """Wait until the worker asks, or has ended; return whether it asks."""
        line = self._said()
        if line == b"?\n":
            self.steps += 1
            return True
        os.waitpid(self.pid, 0)
        said = json.loads(line) if line else {"code": -9, "out": "", "err": ""}
        self.finish = Finish(**said, steps=self.steps)
        self.stream.close()
        self.line.close()
        return False

    def _said(self) -> bytes:
        """Return what the worker says next; nothing where it was killed."""
        try:
            return self.stream.readline()
        except ConnectionResetError:  # one of its threads had not read yet that it may go
            return b""

    def go(self) -> bool:
        """Let the worker make its step, or kill it there; return whether it asks again."""
        if self.steps == self.entry.dies_at:
            os.kill(self.pid, signal.SIGKILL)
        else:
            self.line.sendall(b"!")
        return self.wait()


def race(entries: Sequence[Entry], seed: int, stall: int, clock: str) -> list[Finish]:
    """Let ENTRIES run, one step at a time, as SEED chooses.

    With STALL the first makes that many steps, then the others run to their ends, then it goes on. Where
    CLOCK is the address of a sandbox, a step takes a second of its time.
    """
    runners: list[_Runner] = []
    for entry in entries:
        runners.append(_Runner(entry, runners))
    waiting = [each for each in runners if each.wait()]
    turns = _stalled(runners, stall) if stall else _by_chance(runners, random.Random(seed))
    while waiting:
        current = next(each for each in turns if each in waiting)
        if clock:
            ControlClient(clock).advance(1)
        if not current.go():
            waiting.remove(current)
    return [each.finish for each in runners if each.finish]


def _by_chance(runners: Sequence[_Runner], chance: random.Random) -> Iterator[_Runner]:
    """Yield whose turn it is: a few steps of one, then of another; at times one until it has ended."""
    stay = chance.choice((0.5, 0.5, 0.8, 0.95, 1.0))
    current = chance.choice(runners)
    while True:
        if current.finish or chance.random() > stay:
            current = chance.choice(runners)
        yield current


def _stalled(runners: Sequence[_Runner], stall: int) -> Iterator[_Runner]:
    first, *others = runners
    yield from [first] * stall
    while True:
        yield from (each for each in others if not each.finish)
        if all(each.finish for each in others):
            yield first


# --- the worker ---------------------------------------------------------------------------------------


def _work(entry: Entry, line: socket.socket) -> None:
    """Run the command line and tell what came about; never returns."""
    code, out, err = 99, io.StringIO(), io.StringIO()
    try:
        os.environ.clear()
        os.environ.update(entry.environ)
        _at_every_request(line)
        _without_waiting()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(cli, ["-C", entry.root, "--color", "never", *entry.argv])
    finally:
        said = {"code": code, "out": out.getvalue(), "err": err.getvalue()}
        line.sendall(json.dumps(said).encode() + b"\n")
        os._exit(0)


def _at_every_request(line: socket.socket) -> None:
    send = httpx.HTTPTransport.handle_request

    def ask() -> None:
        line.sendall(b"?\n")
        if line.recv(1) != b"!":
            os._exit(98)

    def handle(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        ask()
        response = send(self, request)
        ask()
        return response

    httpx.HTTPTransport.handle_request = handle  # type: ignore[method-assign]


def _without_waiting() -> None:
    ahead = [0.0]
    now = RealClock.now

    def wait(_self: RealClock, stop: threading.Event, seconds: float) -> None:
        if not stop.is_set():
            ahead[0] += seconds

    RealClock.now = lambda self: now(self) + ahead[0]  # type: ignore[method-assign]
    RealClock.wait = wait  # type: ignore[method-assign, assignment]


# --- the program, and who starts it -------------------------------------------------------------------


def main() -> None:
    """Carry out a race for each line of the input."""
    for name in _NEEDED:
        import_module(name)
    formats.get("json")
    context = httpx.create_ssl_context()  # reads certificates, which takes longer than a request here
    with patch("httpx._transports.default.create_ssl_context", lambda *_args, **_more: context):
        gc.freeze()  # nothing that a worker collects is shared
        _serve()


def _serve() -> None:
    for text in sys.stdin:
        asked = json.loads(text)
        found = race([Entry(**each) for each in asked["entries"]], **asked["how"])
        sys.stdout.write(json.dumps([asdict(each) for each in found]) + "\n")
        sys.stdout.flush()


class Racers:
    """The program, started by a test: a context manager that ends it."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.racers"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def race(self, entries: Sequence[Entry], seed: int = 0, stall: int = 0, clock: str = "") -> list[Finish]:
        """Let ENTRIES run as SEED, STALL and CLOCK of `race` say; return how each ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        how = {"seed": seed, "stall": stall, "clock": clock}
        asked: dict[str, Any] = {"entries": [asdict(each) for each in entries], "how": how}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return [Finish(**each) for each in json.loads(self._process.stdout.readline())]


if __name__ == "__main__":
    main()
