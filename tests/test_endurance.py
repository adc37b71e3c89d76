"""Half an hour of everything at once: clients, branches, faults, expiring tokens, kills; and nothing is lost.

`make test-long` lets it run for 30 minutes; L10NSYNC_ENDURANCE names another number.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests import peaks
from tests.manifests import small_manifest
from tests.repositories import Repo
from tests.runner import Runner
from tests.test_push_pull import forget

MINUTES = float(os.environ.get("L10NSYNC_ENDURANCE") or 30)
BRANCHES = ("main", "feature")
CLIENTS = tuple((branch, number) for branch in BRANCHES for number in range(2))
"""Two clones of each branch."""
FILES = 6
"""Sources of a branch."""
COMMANDS = (["push"], ["push"], ["pull"], ["pull"], ["prune"], ["prune", "--apply"], ["status"], ["plan"])
"""What a client may run next; half of it is meant to change something."""
EXPECTED = frozenset({0, 1, 2, 3, 4, 5, 6, 7, 8}) - {1}
"""Exit codes that say something: 1 is a defect of our own."""
FAULTS: tuple[dict[str, Any], ...] = (
    {"action": "status", "status": 429},
    {"action": "status", "status": 500},
    {"action": "status", "status": 503},
    {"action": "drop_after"},
    {"action": "close_middle"},
    {"action": "close_before"},
    {"action": "truncate_gzip"},
    {"action": "cut_zip", "operation": "download*"},
)
EVERY = 5
"""A fault waits for one of the next requests, of so many; as the next one comes a moment later, about every
tenth request is hit."""
TOKENS = 30.0
"""Seconds after which all tokens end."""
KILLED = 8
"""One of so many commands is killed."""
GROWTH = 10
"""Megabytes by which commands may need more than in the first sixth of the time."""
MANIFEST = small_manifest(
    "src", "job: {authorize: true}", name="web", resource=('fileUri: "{branch}/{path}"',)
)


@dataclass(frozen=True)
class Ran:
    """A command that ended."""

    command: str
    code: int
    """Negative: killed."""
    megabytes: int
    at: float
    """Share of the whole time that was over."""
    said: str


@dataclass
class Storm:
    """All that goes on, until the time is over."""

    runner: Runner
    remote: Path
    clones: dict[tuple[str, int], Repo]
    seconds: float
    began: float = field(default_factory=time.monotonic)
    ran: list[Ran] = field(default_factory=list)
    contents: dict[str, set[str]] = field(default_factory=dict)
    broken: list[BaseException] = field(default_factory=list)

    def is_over(self) -> bool:
        """Whether the time is over, or something broke."""
        return bool(self.broken) or time.monotonic() - self.began > self.seconds

    def guarded(self, work: Any, *arguments: Any) -> threading.Thread:
        """Start WORK in a thread; what it raises is kept."""

        def run() -> None:
            try:
                work(*arguments)
            except BaseException as error:  # noqa: BLE001 - raised by the test
                self.broken.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    def client(self, branch: str, number: int) -> None:
        """Edit, commit, push and pull in one clone, again and again."""
        chance = Random(f"{branch} {number}")
        repo = self.clones[branch, number]
        version = 0
        while not self.is_over():
            if number == 0 and chance.random() < 0.4:
                version += 1
                self.edit(repo, branch, f"src/en/f{chance.randrange(FILES)}.json", version)
            elif number:
                repo.git("fetch", "--quiet", "origin")
                repo.git("reset", "--quiet", "--hard", f"origin/{branch}")
            if chance.random() < 0.1:
                forget(repo)
            self.command(repo, chance.choice(COMMANDS), kill=chance.random() < 1 / KILLED, chance=chance)
            if chance.random() < 0.3:
                self.runner.translate()

    def edit(self, repo: Repo, branch: str, path: str, version: int) -> None:
        """Change one text of a source, and publish the commit; translations that came are in it."""
        texts = json.loads(repo.read(path))
        texts["counter"] = f"Text {version} of {path} on {branch}"
        repo.commit({path: json.dumps(texts)})
        repo.git("push", "--quiet", "origin", f"HEAD:{branch}")

    def command(self, repo: Repo, argv: list[str], *, kill: bool, chance: Random) -> Ran:
        """Run one command, perhaps not to its end."""
        process = subprocess.Popen(
            peaks.measured([*argv, "--timeout", "90s"]),
            cwd=repo.root, env=self.runner.environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        if kill:
            killer = threading.Timer(chance.uniform(0.5, 8), process.kill)
            killer.daemon = True
            killer.start()
        assert process.stdout is not None
        said = process.stdout.read()
        process.wait()
        share = (time.monotonic() - self.began) / self.seconds
        ran = Ran(argv[0], process.returncode, peaks.megabytes(said), share, said)
        assert "Traceback" not in said, said
        assert ran.code in EXPECTED or ran.code == -9, (argv, ran.code, said)
        self.ran.append(ran)
        return ran

    def weather(self) -> None:
        """Keep one of ten requests hit, and let all tokens end again and again."""
        chance = Random("weather")
        expired = time.monotonic()
        while not self.is_over():
            self.runner.control.clear_faults(self.runner.ident)
            nth = chance.randint(1, EVERY)
            self.runner.control.fault(project=self.runner.ident, nth=nth, **chance.choice(FAULTS))
            if time.monotonic() - expired > TOKENS:
                self.runner.control.expire_tokens()
                expired = time.monotonic()
            self.wait_for_requests(EVERY)

    def wait_for_requests(self, number: int) -> None:
        """Wait until so many more requests have come."""
        mark = self.runner.control.last()
        while not self.is_over() and self.runner.control.last() < mark + number:
            time.sleep(0.1)


def _clones(remote: Path, folder: Path) -> Iterator[tuple[tuple[str, int], Repo]]:
    for branch, number in CLIENTS:
        root = folder / f"{branch}-{number}"
        subprocess.run(
            ["git", "clone", "--quiet", "--branch", branch, remote.as_uri(), str(root)], check=True
        )
        yield (branch, number), Repo(root, branch=branch)


def prepared(runner: Runner, folder: Path) -> Storm:
    """Make the remote, its branches and the clones."""
    repo, remote = Repo(folder / "first"), folder / "remote.git"
    repo.git("init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    for branch in BRANCHES:
        if branch != "main":
            repo.git("switch", "--quiet", "--create", branch)
        sources = {
            f"src/en/f{at}.json": json.dumps({"title": f"File {at}", "counter": f"Text 0 of {at} {branch}"})
            for at in range(FILES)
        }
        repo.commit({".l10n.yml": MANIFEST, **sources})
        repo.git("push", "--quiet", str(remote), f"HEAD:{branch}")
    return Storm(runner, remote, dict(_clones(remote, folder)), MINUTES * 60)


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak")
def test_nothing_is_lost_in_half_an_hour(runner: Runner, tmp_path: Path) -> None:
    """Whatever happened: then the TMS has what the branches say, and they have all translations."""
    storm = prepared(runner, tmp_path)
    mark = runner.mark()
    threads = [storm.guarded(storm.client, *client) for client in CLIENTS]
    threads.append(storm.guarded(storm.weather))
    for thread in threads:
        thread.join()
    if storm.broken:
        raise storm.broken[0]
    runner.control.clear_faults(runner.ident)

    settle(storm)

    judge_memory(storm)
    judge_uploads(storm, mark)


def settle(storm: Storm) -> None:
    """Let the last word of each branch be pushed, translated and pulled; judge both sides."""
    runner = storm.runner
    for branch in BRANCHES:
        repo = storm.clones[branch, 1]
        repo.git("fetch", "--quiet", "origin")
        repo.git("reset", "--quiet", "--hard", f"origin/{branch}")
        repo.git("clean", "--quiet", "--force", "-d")
        runner.run(repo, "push")
    runner.translate()
    runner.control.advance(5)
    for branch in BRANCHES:
        repo = storm.clones[branch, 1]
        runner.run(repo, "pull")
        for at in range(FILES):
            source = repo.read(f"src/en/f{at}.json")
            assert runner.original(f"{branch}/src/en/f{at}.json") == source, (branch, at)
            for folder in ("de", "fr"):
                texts = json.loads(repo.read(f"src/{folder}/f{at}.json"))
                assert texts.keys() == json.loads(source).keys(), (branch, at, folder)
                assert not set(texts.values()) & set(json.loads(source).values()), (branch, at, folder)
        assert runner.run(repo, "push").out.startswith("No changes")


def judge_memory(storm: Storm) -> None:
    """Require that commands need as much at the end as in the beginning."""
    early = Counter[str]()
    late = Counter[str]()
    for ran in storm.ran:
        if ran.code >= 0:
            part = early if ran.at < 1 / 6 else late
            part[ran.command] = max(part[ran.command], ran.megabytes)
    grown = {command: late[command] - early[command] for command in early.keys() & late.keys()}
    told({command: (early[command], late[command]) for command in grown})
    assert max(grown.values(), default=0) < GROWTH, grown


def judge_uploads(storm: Storm, mark: int) -> None:
    """Require that a content goes up again only where a kill or a lost answer may have hidden it."""
    found = storm.runner.control.requests(mark, storm.runner.ident)
    uploads = sum(request["operation"] == "uploadFileToJobBatchV2" for request in found)
    excuses = sum(bool(request.get("fault")) for request in found)
    kills = sum(ran.code == -9 for ran in storm.ran)
    contents = commits_of(storm)
    assert uploads <= contents + excuses + kills * FILES, (uploads, contents, excuses, kills)
    told(
        f"{len(storm.ran)} commands, {len(found)} requests, {excuses} faults, {kills} kills,"
        f" {uploads} uploads of {contents} contents, codes {Counter(ran.code for ran in storm.ran)}"
    )


def told(figures: object) -> None:
    """Show figures to whoever runs this with `-s`."""
    sys.stdout.write(f"{figures}\n")


def commits_of(storm: Storm) -> int:
    """Return how many contents the sources have had; each names its branch."""
    repo = storm.clones["main", 1]
    repo.git("fetch", "--quiet", "origin")
    out = repo.git("log", "--all", "--raw", "--no-renames", "--format=", "--no-abbrev", "-m", "--", "src/en")
    rows = [line.split() for line in out.splitlines() if line.startswith(":")]
    return len({(row[3], row[5]) for row in rows})
