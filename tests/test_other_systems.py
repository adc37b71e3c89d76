"""What macOS and Windows do otherwise, simulated: no folder handles, no locks, no sessions."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from l10nsync.errors import L10nSyncError, RefusedError
from l10nsync.workspace import command, whole_files
from tests.repositories import Repo
from tests.runner import Runner
from tests.test_push_pull import MANIFEST


@pytest.fixture
def without_folder_handles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what Windows lacks: files relative to a folder that is held open, POSIX process numbers."""
    monkeypatch.setattr(whole_files, "_HAS_FOLDER_HANDLES", False)
    for name in ("O_NOFOLLOW", "O_CLOEXEC", "O_DIRECTORY", "fchmod", "uname"):
        monkeypatch.delattr(os, name, raising=False)


@pytest.mark.usefixtures("without_folder_handles")
def test_files_are_replaced_without_folder_handles(tmp_path: Path) -> None:
    """A new folder is made, an old file replaced, and no temporary file is left."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a/old.json").write_bytes(b"old")
    with whole_files.Replacements(tmp_path) as replacements:
        for path in ("a/old.json", "b/c/new.json"):
            replacements.stage(path, b"new")
        replacements.flush()
        assert (tmp_path / "a/old.json").read_bytes() == b"old"
        for path in ("a/old.json", "b/c/new.json"):
            replacements.publish(path)
    whole_files.flush_names(tmp_path, ["a/old.json"])
    found = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*.*")}
    assert found == {"a/old.json": b"new", "b/c/new.json": b"new"}


@pytest.mark.usefixtures("without_folder_handles")
def test_links_are_refused_without_folder_handles(tmp_path: Path) -> None:
    """Neither a link in the way nor one in the file's place is followed or replaced."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (tmp_path / "elsewhere/x.json").touch()
    (tmp_path / "x.json").symlink_to(tmp_path / "elsewhere/x.json")
    for path in ("link/a.json", "x.json"):
        with pytest.raises(RefusedError):
            whole_files.write(tmp_path, path, b"new")
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["x.json"]
    assert (tmp_path / "elsewhere/x.json").read_bytes() == b""


@pytest.mark.usefixtures("without_folder_handles")
def test_a_file_that_another_program_holds_open_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows refuses to replace it: that is an error about this file, and nothing is left beside it."""

    def held(_self: Path, _target: Path) -> Path:
        raise PermissionError(errno.EACCES, "The process cannot access the file")

    (tmp_path / "a.json").write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(L10nSyncError, match=r"cannot write a\.json"):
        whole_files.write(tmp_path, "a.json", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.json", b"old")]


@pytest.mark.parametrize(
    "path", ["a\\b.json", "C:/x.json", "C:x.json", "con.json", "a/NUL", "a./b.json", "a/b.json "]
)
def test_what_windows_reads_otherwise_is_never_a_target(path: str, tmp_path: Path) -> None:
    """Backslashes, drives, devices, trailing dots and spaces lead elsewhere there: refused everywhere."""
    with pytest.raises(RefusedError):
        whole_files.write(tmp_path, path, b"x")
    assert list(tmp_path.iterdir()) == []


def test_no_process_is_asked_for_where_that_would_end_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`os.kill(process, 0)` sends Ctrl-C on Windows: there the age of a left-over file decides alone."""

    def killed(_process: int, _signal: int) -> None:
        raise AssertionError

    left = tmp_path / f".a.json.{whole_files._machine()}-1-0123456789ab.l10nsync-tmp"
    left.touch()
    monkeypatch.setattr(os, "kill", killed)
    with monkeypatch.context() as patch:
        patch.setattr(os, "name", "nt")
        ours = [entry for entry in os.scandir(tmp_path) if whole_files._is_left_behind(entry)]
    assert ours == []


def test_git_is_ended_where_there_are_no_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has neither `getsid` nor `killpg`; the process itself is ended."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    for name in ("getsid", "killpg"):
        monkeypatch.delattr(os, name)
    command._kill(process)
    assert process.wait(10) != 0


def test_a_folder_that_cannot_be_flushed_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some file systems of macOS and networks refuse it; the files themselves are safe by then."""

    def refused(_handle: int) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    whole_files.write(tmp_path, "a/b.json", b"x")
    monkeypatch.setattr(os, "fsync", refused)
    monkeypatch.setattr(whole_files, "_flush_of_file_systems", lambda: None)
    whole_files.flush_names(tmp_path, ["a/b.json"])


@pytest.mark.usefixtures("without_folder_handles")
def test_a_round_trip_needs_none_of_it(repo: Repo, runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without folder handles, without locks of files, without ids of users: sources go, translations come."""
    modules: dict[str, Any] = sys.modules
    monkeypatch.setitem(modules, "fcntl", None)
    monkeypatch.delattr(os, "getuid")
    repo.commit({".l10n.yml": MANIFEST % {"authorize": "true"}, "src/en/a.json": '{"hello": "Hello"}\n'})
    runner.run(repo, "push")
    runner.translate()
    assert "Wrote" in runner.run(repo, "pull").out
    assert "No changes" in runner.run(repo, "pull").out
