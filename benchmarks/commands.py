"""What whole commands take: wall time, processor, memory, requests, and how far that is from the least.

`python benchmarks/commands.py`; `--help` has the options. Usual are 300 files, 20 locales, latencies of 0, 50
and 200 ms, and three runs each, of which the median counts. Each command is a process of its own, with its
modules compiled before; every request takes the latency. `--vs CMD` gives another command the same to do, in
turn with ours, in a repository and a project of its own: `--vs old/.venv/bin/l10nsync`.

The limit is the start of a Python that can speak TLS, and the least rounds of requests that the service's API


"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import ceil
from pathlib import Path

from round_trip import AUTHENTICATION, LOCALES, commit, repository

from l10nsync.sandbox.testing import SandboxServer, rounds

AT_ONCE = 8
PAIRS = 500
"""Translations that one archive holds."""
RUN = """\
import json, resource, subprocess, sys, time
began = time.perf_counter()
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
wall = time.perf_counter() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([code, wall, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024]))
"""
"""Runs a command: what is started counts the memory of who starts it as its own, so that has to be small."""
START = [sys.executable, "-c", "import http.client, ssl"]


@dataclass(frozen=True)
class Measure:
    """One run."""

    wall: float
    processor: float
    peak: int
    """Megabytes."""
    requests: int = 0
    rounds: int = 0


@dataclass
class Contender:
    """A command with a repository and a project of its own."""

    name: str
    command: list[str]
    folder: Path
    project: str
    environment: dict[str, str]
    server: SandboxServer
    edits: int = 0
    measures: list[Measure] = field(default_factory=list)

    def run(self, argv: Sequence[str]) -> Measure:
        """Run the command once."""
        mark = self.server.control.last()
        done = subprocess.run(
            [sys.executable, "-c", RUN, *self.command, *argv],
            cwd=self.folder, env=self.environment, check=True, stdout=subprocess.PIPE,
        )  # fmt: skip
        code, wall, processor, peak = json.loads(done.stdout)
        if code:
            raise SystemExit(f"{shlex.join([*self.command, *argv])} ended with {code}")
        asked = self.server.control.requests(mark, self.project)
        wanted = [request for request in asked if request["operation"] not in AUTHENTICATION]
        return Measure(wall, processor, peak, len(wanted), rounds(asked))

    def calls(self, argv: Sequence[str]) -> tuple[str, str]:
        """Run the command under strace; return how often it flushed, and started git."""
        strace = shutil.which("strace")
        if strace is None:
            return "?", "?"
        with tempfile.NamedTemporaryFile("r") as trace:
            watched = ["-f", "-qq", "-o", trace.name, "-e", "trace=fsync,fdatasync,syncfs,execve"]
            subprocess.run(
                [strace, *watched, *self.command, *argv],
                cwd=self.folder, env=self.environment, check=True,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            lines = trace.read()
        flushes = len(re.findall(r"\b(?:fsync|fdatasync|syncfs)\(", lines))
        return str(flushes), str(len(re.findall(r"execve\(\S*/git\", .*= 0$", lines, re.MULTILINE)))

    # --- what comes before a run -------------------------------------------------------------------

    def forget_targets(self) -> None:
        """Remove what pulls wrote and learned."""
        self.forget()
        subprocess.run(["git", "clean", "--quiet", "--force", "-d"], cwd=self.folder, check=True)

    def forget(self) -> None:
        """Remove the cache."""
        shutil.rmtree(self.folder / ".git" / "l10nsync", ignore_errors=True)

    def nothing(self) -> None:
        """Leave all as it is."""

    def republish(self) -> None:
        """Publish a new translation of five pairs."""
        self.edits += 1
        for index in range(5):
            texts = {f"key{key}": f"again {self.edits}.{index}.{key}" for key in range(20)}
            self.server.control.translate(
                self.project, {LOCALES[0]: 100}, how={"texts": texts},
                fileUris=[f"src/en/f{index}.json"], again=True,
            )  # fmt: skip
        self.server.control.advance(5)

    def edit(self) -> None:
        """Commit another text in one source."""
        self.edits += 1
        path = self.folder / "src" / "en" / "f0.json"
        text = re.sub(r'"key0": "[^"]*"', f'"key0": "Another text, {self.edits}"', path.read_text("utf-8"))
        path.write_text(text, encoding="utf-8")
        commit(self.folder)


@dataclass(frozen=True)
class Scenario:
    """A command, what comes before it, and the least that it has to ask."""

    name: str
    argv: tuple[str, ...]
    before: Callable[[Contender], None] = Contender.nothing
    rounds: int = 0
    """The least, signing in included."""


def scenarios(files: int, locales: int) -> list[Scenario]:
    """Return them in the order in which they leave the project as the next one needs it."""
    archives = ceil(ceil(files * locales / PAIRS) / AT_ONCE)
    return [
        Scenario("--version", ("--version",)),
        Scenario("check", ("check",)),
        Scenario("pull, everything", ("pull",), Contender.forget_targets, 2 + archives),
        Scenario("pull, nothing new", ("pull",), rounds=2),
        Scenario("pull, 5 published again", ("pull",), Contender.republish, 3),
        Scenario("status, all counts", ("status", "--fresh"), rounds=2 + ceil(files / AT_ONCE)),
        Scenario("status, again", ("status",), rounds=3),
        Scenario("push, nothing changed", ("push",), rounds=3),
        Scenario("push, one file changed", ("push",), Contender.edit, 7),
    ]


def prepared(contender: Contender, files: int, locales: list[str]) -> None:
    """Push and translate everything, and pull it once."""
    repository(contender.folder, files, locales)
    contender.run(["push"])
    for locale in locales:  # one after the other: a call for all takes long
        contender.server.control.translate(contender.project, {locale: 100})
    contender.server.control.advance(5)
    for argv in (["--version"], ["check"], ["status"], ["pull"]):
        contender.run(argv)


def start() -> float:
    """Return how long it takes Python to be ready to ask, in seconds."""
    times = []
    for _run in range(5):
        began = time.perf_counter()
        subprocess.run(START, check=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def measured(
    scenario: Scenario, contenders: Sequence[Contender], latency: float, runs: int, base: float
) -> None:
    """Print a row for each contender; they take turns."""
    for contender in contenders:
        contender.measures.clear()
    for _run in range(runs):
        for contender in contenders:
            contender.server.control.clear_faults()
            scenario.before(contender)
            if latency:
                contender.server.control.fault("delay", seconds=latency, count=0)
            contender.measures.append(contender.run(scenario.argv))
            contender.server.control.clear_faults()
    limit = base + scenario.rounds * latency
    for contender in contenders:
        flushes, git = "", ""
        if not latency:
            scenario.before(contender)
            flushes, git = contender.calls(scenario.argv)
        wall = statistics.median(run.wall for run in contender.measures)
        used = statistics.median(run.processor for run in contender.measures)
        last = contender.measures[-1]
        peak = max(run.peak for run in contender.measures)
        print(
            f"| {scenario.name} | {contender.name} | {latency * 1000:.0f} | {wall:.2f} | {used:.2f} | {peak} "
            f"| {last.requests} | {last.rounds} | {flushes} | {git} | {limit:.2f} | {wall / limit:.1f} |",
            flush=True,
        )


def main() -> None:
    """Print a table in Markdown."""
    parser = argparse.ArgumentParser(description="What whole commands take.")
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--locales", type=int, default=20, choices=range(1, len(LOCALES) + 1), metavar="N")
    parser.add_argument("--latency", type=float, action="append", help="in milliseconds; several times")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", action="append", default=[], help="a part of a scenario's name")
    parser.add_argument("--vs", default="", help="another command, beside ours")
    told = parser.parse_args()
    locales = LOCALES[: told.locales]
    commands = {"l10nsync": [sys.executable, "-m", "l10nsync"]}
    if told.vs:
        commands[told.vs] = shlex.split(told.vs)
    # Modules are compiled once, as where the tool is installed, whatever the shell says.
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with SandboxServer() as server, tempfile.TemporaryDirectory() as place:
        contenders: list[Contender] = []
        for number, (name, command) in enumerate(commands.items()):
            project = server.control.project(locales)
            environment = (
                usual | server.environment(project) | {"PYTHONPYCACHEPREFIX": f"{place}/{number}.pyc"}
            )
            contender = Contender(name, command, Path(place) / str(number), project, environment, server)
            contender.folder.mkdir()
            prepared(contender, told.files, locales)
            contenders.append(contender)
        base = start()
        print(
            f"{datetime.now(UTC):%Y-%m-%d}; {told.files} files, {told.locales} locales; "
            f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, "
            f"Python {platform.python_version()}; load {os.getloadavg()[0]:.1f}; start {base * 1000:.0f} ms\n"
        )
        print(
            "| scenario | command | latency, ms | wall, s | CPU, s | peak, MB | requests | rounds | flushes "
            "| git | limit, s | wall/limit |"
        )
        print("|" + "---|" * 12, flush=True)
        for scenario in scenarios(told.files, told.locales):
            if told.only and not any(word in scenario.name for word in told.only):
                continue
            asks = scenario.rounds > 0
            latencies = told.latency if told.latency is not None else [0.0, 50.0, 200.0]
            for latency in latencies if asks else [0.0]:
                measured(scenario, contenders, latency / 1000, told.runs, base)


if __name__ == "__main__":
    main()
