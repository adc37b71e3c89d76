"""What the machine refuses is said in one line with what to do; it is never a defect of ours."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from l10nsync.cli import streams
from l10nsync.cli.console import run, save
from l10nsync.errors import UsageError
from l10nsync.providers.trace import open_log
from l10nsync.sandbox.testing import SandboxServer
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.test_push_pull import files


class Full(io.StringIO):
    """A stream on a disk without room, or whose reader is gone."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def write(self, _text: str) -> int:
        raise OSError(self.number, os.strerror(self.number))


@pytest.mark.parametrize(
    ("number", "code", "ends"),
    [(errno.ENOSPC, 0, 7), (errno.ENOSPC, 6, 6), (errno.EIO, 0, 7), (errno.EPIPE, 0, 0), (errno.EPIPE, 3, 3)],
)
def test_a_result_that_cannot_be_written_is_no_success(
    monkeypatch: pytest.MonkeyPatch, number: int, code: int, ends: int
) -> None:
    """A full disk makes a success partial and says so; a reader that went away has what it wanted."""
    said = io.StringIO()
    out = streams.Unfailing(Full(number))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", streams.Unfailing(said))
    out.write("the result")
    out.write("and more of it")

    assert streams.finish(code) == ends
    assert ("cannot be written" in said.getvalue()) == (number != errno.EPIPE)


@pytest.mark.parametrize("redirected", [">/dev/full", ">&-", "2>/dev/full", "<&- >&- 2>&-"])
def test_a_push_is_finished_whatever_becomes_of_its_words(
    repo: Repo, sandbox_server: SandboxServer, redirected: str
) -> None:
    """With full or closed streams all files are sent; only a result that is lost shows in the exit code."""
    repo.commit(files(2))
    runner = InProcess(sandbox_server)
    runner.project()

    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m l10nsync push {redirected}"],
        cwd=repo.root, env={**os.environ, **runner.environment()}, check=False, stderr=subprocess.PIPE,
    )  # fmt: skip

    assert done.returncode == (7 if redirected == ">/dev/full" else 0)
    assert len(runner.control.view(runner.ident)["files"]) == 2


@pytest.mark.parametrize("kind", ["pipe", "folder", "loop", "missing"])
def test_a_manifest_that_is_not_a_file_is_named(repo: Repo, sandbox_server: SandboxServer, kind: str) -> None:
    """It is a wrong setting, and reading it keeps nobody waiting."""
    repo.commit(files(1))
    path = repo.root / ".l10n.yml"
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "loop":
        path.symlink_to(path.name)

    done = InProcess(sandbox_server).run(repo, "check", code=2)

    assert "the manifest .l10n.yml" in done.err


@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EMFILE, errno.EROFS, errno.ENAMETOOLONG, errno.ESTALE]
)
def test_what_the_system_refuses_is_not_a_defect(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Wherever the system says no, the exit code is 7 and the reason is told."""

    @click.command
    def command() -> None:
        raise OSError(number, os.strerror(number), "cache.json")

    assert run(command, []) == 7
    said = capsys.readouterr().err
    assert os.strerror(number) in said
    assert "defect" not in said


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("can't start new thread")])
def test_a_machine_that_has_no_more_to_give_is_named(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    """Memory and threads are limits of the system, too."""

    @click.command
    def command() -> None:
        raise error

    assert run(command, []) == 7
    assert "defect" not in capsys.readouterr().err


def test_names_are_utf8_whatever_the_system_says(repo: Repo, sandbox_server: SandboxServer) -> None:
    """Git writes names of files as UTF-8; a locale in which Python would not changes nothing."""
    repo.commit({**files(1), "src/en/ü 中.json": '{"title": "Text"}'})
    runner = InProcess(sandbox_server)
    runner.project()
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    done = subprocess.run(
        [sys.executable, "-m", "l10nsync", "list", "--format", "tsv"],
        cwd=repo.root, env={**os.environ, **runner.environment(), **locale}, check=False, capture_output=True,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "src/en/ü 中.json" in done.stdout.decode()


def test_a_damaged_cache_is_none(repo: Repo, sandbox_server: SandboxServer) -> None:
    """Whatever stands in l10nsync's own files, a run asks the service instead."""
    repo.commit(files(1))
    runner = InProcess(sandbox_server)
    runner.project()
    runner.run(repo, "push")
    runner.translate()
    runner.run(repo, "pull")
    kept = [path for path in (repo.root / ".git" / "l10nsync").iterdir() if path.suffix == ".json"]
    assert kept
    for damage in ("[" * 100_000, '{"version": 1e999}', "null", "\0"):
        for path in kept:
            path.write_text(damage)
        assert runner.run(repo, "pull").out.startswith("No changes")


def test_a_log_that_nobody_reads_keeps_nobody_waiting(tmp_path: Path) -> None:
    """A pipe without a reader is refused at once."""
    os.mkfifo(tmp_path / "log")
    with pytest.raises(UsageError, match="log file"):
        open_log(str(tmp_path / "log"))


def test_a_clock_of_another_age_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A year that Python cannot count with is a wrong setting of the machine."""

    def far() -> float:
        raise OverflowError("timestamp too large")

    monkeypatch.setattr(time, "time", far)

    assert run(click.Command("any"), []) == 2
    assert "centuries ahead" in capsys.readouterr().err


def test_a_device_stays_a_device(tmp_path: Path) -> None:
    """A report that is written to a pipe goes through it; nothing takes its place."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        save(str(pipe), "the page")

        assert os.read(reader, 100) == b"the page"
        assert pipe.is_fifo()
    finally:
        os.close(reader)


def test_a_full_device_is_an_error(tmp_path: Path) -> None:
    """What cannot be saved is named with the reason."""
    link = tmp_path / "full"
    link.symlink_to("/dev/full")

    with pytest.raises(UsageError, match="No space left"):
        save(str(link), "the page")


def test_a_target_that_cannot_be_read_holds_up_no_other(
    repo: Repo, sandbox_server: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pull names it, leaves it alone and writes the rest."""
    repo.commit(files(2, authorize=True))
    runner = InProcess(sandbox_server)
    runner.project()
    runner.run(repo, "push")
    runner.translate()
    repo.write({"src/de/f0.json": '{"title": "Eigenes"}'})
    read = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path.parts[-2:] == ("de", "f0.json"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return read(path)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", refused)  # the superuser, as in many containers, may read all
        done = runner.run(repo, "pull", code=7)

    assert "cannot read src/de/f0.json: Permission denied" in done.out
    assert repo.read("src/de/f0.json") == b'{"title": "Eigenes"}'
    assert (repo.root / "src/de/f1.json").exists()
