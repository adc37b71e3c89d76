"""Pushes and pulls that a bad line and a kill disturb: they end as if nothing had been.

The sandbox loses, breaks and refuses answers as a seed chooses, and every second run is killed at one of its
requests; it is run again until it succeeds. A failure names its seed: it always happens again in the same
way. Every run of the tests plays a few, `make test-sweeps` 200 of each.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

import pytest

from l10nsync.sandbox.testing import SandboxServer
from tests.racers import Entry, Racers
from tests.repositories import Repo
from tests.runner import AUTHENTICATION, Runner
from tests.test_push_pull import files, forget

SEEDS = 200
"""Disturbed runs of each command."""
SHARE = 20
"""Of one test."""
FEW = 2
"""In every run of the tests."""
RUNS = 6
"""More are not needed: at most one is killed, and there are two faults at most."""
FAULTS: tuple[dict[str, Any], ...] = (
    {"action": "status", "status": 429},
    {"action": "status", "status": 500},
    {"action": "status", "status": 503},
    {"action": "close_before"},
    {"action": "close_middle"},
    {"action": "drop_after"},
    {"action": "wrong_length"},
    {"action": "truncate_gzip"},
    {"action": "html", "status": 502},
    {"action": "cut_zip", "operation": "download*"},
)


def shares() -> Iterator[Any]:
    """Yield commands with the seeds that one test plays."""
    for command in ("push", "pull"):
        yield pytest.param(command, range(FEW), id=f"{command}-few")
        for first in range(0, SEEDS, SHARE):
            seeds = range(first, first + SHARE)
            yield pytest.param(command, seeds, id=f"{command}-{first:03}", marks=pytest.mark.sweep)


@dataclass
class Bench:
    """One repository, and a project of its own for each run."""

    runner: Runner
    racers: Racers
    repo: Repo

    def fresh(self, command: str) -> None:
        """Begin anew, up to where COMMAND has everything to do."""
        forget(self.repo)
        for folder in ("de", "fr"):
            shutil.rmtree(self.repo.root / "src" / folder, ignore_errors=True)
        self.runner.project()
        if command == "pull":
            self.runner.run(self.repo, "push")
            self.runner.translate()
            self.runner.control.advance(5)
            forget(self.repo)

    def run(self, command: str, dies_at: int = 0) -> tuple[int, str]:
        """Run COMMAND in a process that takes no time to wait; return its exit code and output."""
        environ = self.runner.environment()
        (done,) = self.racers.race(
            [Entry(str(self.repo.root), [command, "--yes"][: 1 + (command == "push")], environ, dies_at)]
        )
        assert "Traceback" not in done.err, done.err
        return done.code, done.out + done.err

    def requests(self, mark: int) -> int:
        """Return how many requests were made since MARK, signing in aside."""
        found = self.runner.control.requests(mark, self.runner.ident)
        return sum(request["operation"] not in AUTHENTICATION for request in found)

    def state(self) -> tuple[Any, dict[str, bytes]]:
        """Return what the TMS and the work tree hold."""
        root = self.repo.root
        held = {
            str(path.relative_to(root)): path.read_bytes() for path in root.glob("src/*/*") if path.is_file()
        }
        return self.runner.control.view(self.runner.ident), held

    @cached_property
    def undisturbed(self) -> dict[str, tuple[int, Any]]:
        """By command: the requests that it takes, and the state in which it ends."""
        found: dict[str, tuple[int, Any]] = {}
        for command in ("push", "pull"):
            self.fresh(command)
            mark = self.runner.mark()
            code, said = self.run(command)
            assert code == 0, said
            found[command] = self.requests(mark), self.state()
        return found

    def disturbed(self, command: str, seed: int) -> int:
        """Play one run, and judge its end; return the requests that it took."""
        usual, state = self.undisturbed[command]
        chance = Random(f"{command} {seed}")
        self.fresh(command)
        for _fault in range(chance.randint(1, 2)):
            nth = chance.randint(1, usual)
            self.runner.control.fault(project=self.runner.ident, nth=nth, **chance.choice(FAULTS))
        dies_at = chance.randint(1, 2 * usual + 4) if seed % 2 else 0
        mark = self.runner.mark()
        try:
            ends = [self.run(command, dies_at)]
            while ends[-1][0] != 0 and len(ends) < RUNS:
                ends.append(self.run(command))
        finally:
            self.runner.control.clear_faults(self.runner.ident)
        assert ends[-1][0] == 0, (command, seed, ends)
        assert self.state() == state, (command, seed)
        return self.requests(mark)


@pytest.fixture(scope="module")
def bench(sandbox_server: SandboxServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Give a repository of four sources."""
    repo = Repo(Path(tmp_path_factory.mktemp("disturbed")) / "repo")
    repo.commit(files(4))
    with Racers() as racers:
        yield Bench(Runner(sandbox_server), racers, repo)


@pytest.mark.parametrize(("command", "seeds"), list(shares()))
def test_a_disturbed_run_ends_as_any_other(bench: Bench, command: str, seeds: range) -> None:
    """In the same state; twenty of them together take at most twice the requests."""
    took = [bench.disturbed(command, seed) for seed in seeds]

    usual, _state = bench.undisturbed[command]
    assert len(took) < SHARE or sum(took) <= 2 * usual * len(took), (usual, took)
