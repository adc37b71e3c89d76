"""Requests and wall time of pulls, against a sandbox that takes its time.

`python benchmarks/pull.py [FILES] [LOCALES]`; defaults: 300 files, 20 locales. Every request is made to take
the injected latency. The budget of a cold pull is 4 requests and one archive for every 500 translations; of a
warm one, with five translations published again, 3. The bound of the time is 1.5 times what the requests take
at best, at eight at once (but no less than one after the other where one needs the answer of the other), and
what the same pull takes without latency: starting the process, reading, checking and writing the files.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from math import ceil
from pathlib import Path

from round_trip import AUTHENTICATION, LOCALES, repository

from l10nsync.sandbox.testing import SandboxServer

CONCURRENCY = 8
LATENCIES = (0.0, 0.2, 0.5)
COLD_STEPS = 4
"""Requests of a cold pull that wait for another: sign in, list, and two rounds of archives."""
WARM_STEPS = 3
"""Sign in, list, one archive."""


class Bench:
    """A repository whose sources are translated, and a sandbox."""

    def __init__(self, server: SandboxServer, folder: Path, files: int, locales: list[str]) -> None:
        self.server, self.folder = server, folder
        repository(folder, files, locales)
        self.project = server.control.project(locales)
        self.environment = os.environ | server.environment(self.project)
        self.run("push")
        for locale in locales:  # one after the other: a call for all takes long
            server.control.translate(self.project, {locale: 100})
        server.control.advance(5)

    def run(self, *argv: str) -> tuple[int, float]:
        """Run a command; return its requests, signing in aside, and its seconds."""
        mark = self.server.control.last()
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "l10nsync", *argv],
            cwd=self.folder, env=self.environment, check=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        seconds = time.perf_counter() - began
        asked = [each["operation"] for each in self.server.control.requests(mark, self.project)]
        return sum(1 for each in asked if each not in AUTHENTICATION), seconds

    def slow(self, latency: float) -> None:
        """Let every request take LATENCY seconds."""
        self.server.control.clear_faults()
        if latency:
            self.server.control.fault("delay", seconds=latency, count=0)

    def forget(self) -> None:
        """Remove what earlier pulls wrote and learned."""
        for folder in self.folder.glob(".git/l10nsync/*.json"):
            folder.unlink()
        subprocess.run(["git", "clean", "--quiet", "--force", "-d"], cwd=self.folder, check=True)

    def republish(self, number: int) -> None:
        """Publish a new translation of five pairs."""
        self.server.control.clear_faults()
        for index in range(5):
            texts = {"texts": {f"key{key}": f"again {number}.{index}.{key}" for key in range(20)}}
            self.server.control.translate(
                self.project, {LOCALES[index]: 100}, how=texts, fileUris=[f"src/en/f{index}.json"], again=True
            )
        self.server.control.advance(5)


def main() -> int:
    """Print a row for each pull; return 1 if a budget of requests is broken."""
    files, count = (int(each) for each in [*sys.argv[1:], *("300", "20")[len(sys.argv) - 1 :]])
    good = True
    with SandboxServer() as server, tempfile.TemporaryDirectory() as name:
        bench = Bench(server, Path(name), files, LOCALES[:count])
        usual: dict[str, float] = {}
        for number, latency in enumerate(LATENCIES):
            bench.forget()
            bench.slow(latency)
            cold = bench.run("pull")
            bench.republish(number)
            bench.slow(latency)
            warm = bench.run("pull")
            bench.slow(0)
            rows = (
                ("cold", cold, 4 + ceil(files * count / 500), COLD_STEPS),
                ("warm, 5 again", warm, 3, WARM_STEPS),
            )
            for label, (requests, seconds), budget, steps in rows:
                base = usual.setdefault(label, seconds)
                network = max((requests + 1) * latency / CONCURRENCY, steps * latency)
                bound = base + 1.5 * network
                good &= requests <= budget
                print(
                    f"{label:<14} latency {latency:3.1f} s  {requests:3} requests of {budget:3}"
                    f"  {seconds:6.2f} s, bound {bound:6.2f} s  {'within' if seconds <= bound else 'BEYOND'}"
                )
    print(f"{files} files, {count} locales, {os.cpu_count()} processors")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
