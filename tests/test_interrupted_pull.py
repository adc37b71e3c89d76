"""A pull that is killed or refused at any system call: every target is the old file or the new one.

The worker of `killable` carries out a pull of twenty files, half of them new, with the real executor and the
real file system. strace attaches to it and injects a SIGKILL or an error into the n-th call of a kind.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import killable
from tests.killable import FILES, new, old, target
from tests.repositories import Repo
from tests.runner import Runner
from tests.test_push_pull import files

ERRORS = ("ENOSPC", "EIO", "EACCES")
CALLS = ("openat", "mkdirat", "write", "syncfs", "fsync", "close", "renameat", "newfstatat", "getrandom")
"""Calls that an error is injected into."""
LEFTOVER = re.compile(r"\.de\d*\.json\.[0-9a-f]{8}-\d+-[0-9a-f]{12}\.l10nsync-tmp")

pytestmark = pytest.mark.skipif(not shutil.which("strace"), reason="needs tool: strace")


@dataclass
class Lab:
    """Makes folders and runs workers in them under strace."""

    base: Path
    forker: subprocess.Popen[str]
    number: int = 0

    def folder(self) -> Path:
        """Make a folder with the old files in it."""
        self.number += 1
        folder = self.base / f"w{self.number}"
        for index in range(FILES):
            if (content := old(index)) is not None:
                path = folder / target(index)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        os.mkfifo(f"{folder}.go")
        return folder

    def run(self, folder: Path, *arguments: str) -> int:
        """Pull in FOLDER with strace attached; return the exit code, negative for a signal."""
        assert self.forker.stdin is not None
        assert self.forker.stdout is not None
        self.forker.stdin.write(f"{folder}\n")
        self.forker.stdin.flush()
        worker = self.forker.stdout.readline().strip()
        command = ["strace", "-o", f"{folder}.trace", *arguments, "-p", worker]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
            assert tracer.stderr is not None
            said = tracer.stderr.readline()
            with Path(f"{folder}.go").open("r+b", buffering=0) as go:
                go.write(b"x")
            code = int(self.forker.stdout.readline())
            tracer.stderr.read()
        assert "attached" in said, said
        return code

    def calls(self) -> list[tuple[str, int]]:
        """Return every system call of a pull that nobody disturbs: its name, and the how many-th it is."""
        folder = self.folder()
        assert self.run(folder) == 0
        assert [state(folder, index) for index in range(FILES)] == ["new"] * FILES
        names = re.findall(r"^(\w+)\(", Path(f"{folder}.trace").read_text(), re.MULTILINE)
        started = names.index("close") + 1  # what comes before lets the worker begin
        seen: Counter[str] = Counter()
        found = []
        for index, name in enumerate(names):
            seen[name] += 1
            if index >= started:
                found.append((name, seen[name]))
        return [each for each in found if each[0] != "exit_group"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Give a laboratory; its forker ends with it."""
    command = [sys.executable, "-m", "tests.killable"]
    root = Path(__file__).parent.parent
    with subprocess.Popen(
        command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as forker:
        yield Lab(tmp_path_factory.mktemp("killed"), forker)
        assert forker.stdin is not None
        forker.stdin.close()


def state(folder: Path, index: int) -> str:
    """Return whether a target is the old file, the new one, or anything else."""
    path = folder / target(index)
    content = path.read_bytes() if path.exists() else None
    return {new(index): "new", old(index): "old"}.get(content, f"torn: {content!r:.80}")


def leftovers(folder: Path) -> list[Path]:
    """Return the files that are no targets."""
    targets = {folder / target(index) for index in range(FILES)}
    return [path for path in folder.rglob("*") if path.is_file() and path not in targets]


def check_killed(lab: Lab, call: str, number: int) -> None:
    """Kill a pull at one call, look at what is there, and let the next pull finish the work."""
    folder = lab.folder()
    code = lab.run(folder, "-e", f"inject={call}:signal=KILL:when={number}")
    assert code == -9, (call, number, code)
    states = [state(folder, index) for index in range(FILES)]
    assert set(states) <= {"old", "new"}, (call, number, states)
    left = leftovers(folder)
    assert len(left) <= FILES, left
    for path in left:
        assert LEFTOVER.fullmatch(path.name), path

    assert killable.pull(folder) == 0

    assert [state(folder, index) for index in range(FILES)] == ["new"] * FILES
    assert leftovers(folder) == []
    shutil.rmtree(folder)


def check_refused(lab: Lab, call: str, number: int, error: str) -> None:
    """Let one call fail: what could not be written is the old file, is reported, and leaves nothing."""
    folder = lab.folder()
    code = lab.run(folder, "-e", f"inject={call}:error={error}:when={number}")
    states = [state(folder, index) for index in range(FILES)]
    assert set(states) <= {"old", "new"}, (call, number, error, states)
    assert code != 0 or "old" not in states, (call, number, error, code, states)
    assert code in {0, 2, 7, 8}, (call, number, error, code)
    assert states.count("old") <= 1, (call, number, error, states)
    assert leftovers(folder) == []
    shutil.rmtree(folder)


def some(points: Sequence[tuple[str, int]], number: int) -> list[tuple[str, int]]:
    """Return NUMBER of POINTS, evenly spread."""
    return [points[index * len(points) // number] for index in range(min(number, len(points)))]


def test_a_pull_killed_at_a_system_call_leaves_whole_files(lab: Lab) -> None:
    """Two hundred kills, spread over all calls: nothing torn or empty, and the next pull ends the work."""
    points = lab.calls()
    assert len(points) > 300, points
    for call, number in some(points, 200):
        check_killed(lab, call, number)


def test_a_pull_that_the_system_refuses_keeps_the_old_files(lab: Lab) -> None:
    """No space, a broken disk, no permission: at calls of every kind, one after the other."""
    points = [each for each in lab.calls() if each[0] in CALLS]
    for (call, number), error in zip(some(points, 60), itertools.cycle(ERRORS), strict=False):
        check_refused(lab, call, number, error)


@pytest.mark.long
def test_every_system_call_of_a_pull_may_be_the_last(lab: Lab) -> None:
    """A kill at each call."""
    for call, number in lab.calls():
        check_killed(lab, call, number)


@pytest.mark.long
@pytest.mark.parametrize("error", ERRORS)
def test_every_system_call_of_a_pull_may_fail(lab: Lab, error: str) -> None:
    """Each error at each call."""
    for call, number in lab.calls():
        if call in CALLS:
            check_refused(lab, call, number, error)


WRITING = re.compile(r'openat\((?:AT_FDCWD|\d+)<([^>]*)>, "([^"]*)", ([A-Z_|]+)')
RENAMING = re.compile(r'rename(?:at2?)?\(.*?(?:\d+<([^>]*)>, )?"([^"]*)"(?:, \w+)?\) += 0')


def test_only_declared_targets_are_opened_for_writing(repo: Repo, runner: Runner, tmp_path: Path) -> None:
    """In the whole repository a pull opens its targets' temporary files and its own cache, nothing else."""
    repo.commit(files(2))
    runner.run(repo, "push")
    runner.translate()
    trace = tmp_path / "trace"
    command = [
        "strace",
        "-f",
        "-y",
        "-qq",
        "-e",
        "trace=open,openat,creat,rename,renameat,renameat2,symlink,link",
    ]
    subprocess.run(
        [*command, "-o", str(trace), sys.executable, "-m", "l10nsync", "pull"],
        cwd=repo.root, env=runner.environment(), check=True, capture_output=True,
    )  # fmt: skip

    opened: set[str] = set()
    for folder, name, flags in WRITING.findall(trace.read_text()):
        full = Path(folder, name)
        if {"O_WRONLY", "O_RDWR", "O_CREAT"} & set(flags.split("|")) and full.is_relative_to(repo.root):
            opened.add(
                re.sub(
                    r"\.[0-9a-f]{8}-\d+-[0-9a-f]{12}(?=\.l10nsync-tmp)|\.\d+(?=\.tmp)|/[0-9a-f]{16}(?=\.)",
                    "",
                    str(full.relative_to(repo.root)),
                )
            )
    names = {f"src/{locale}/.f{index}.json.l10nsync-tmp" for locale in ("de", "fr") for index in range(2)}

    assert names <= opened
    assert {each for each in opened - names if not each.startswith(".git/l10nsync")} == set()
    assert "symlink" not in trace.read_text()
