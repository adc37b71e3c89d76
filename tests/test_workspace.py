"""The git work tree, on real repositories."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from l10nsync.errors import LocalIOError, RefusedError, RepositoryError
from l10nsync.workspace import Workspace, merge_base, whole_files
from tests.repositories import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "repo")


def test_tracked_files_are_regular_files_of_the_index(repo: Repo) -> None:
    """Untracked files and links are not among the tracked files."""
    repo.write({"a.json": "{}", "ä b.json": "{}"})
    (repo.root / "link.json").symlink_to("a.json")
    repo.commit()
    repo.write({"untracked.json": "{}"})

    tracked = Workspace.open(repo.root).tracked()

    assert sorted(tracked.files) == ["a.json", "ä b.json"]
    assert tracked.specials == {"link.json": "symlink"}


def test_names_with_newlines_and_quotes_are_read_exactly(repo: Repo) -> None:
    """Git's quoting never reaches us."""
    name = 'a\n"b"\t.json'
    repo.commit({name: "{}"})

    assert list(Workspace.open(repo.root).tracked().files) == [name]
    assert list(Workspace.open(repo.root).tree()) == [name]


def test_blobs_are_read_as_committed(repo: Repo) -> None:
    """Line ends and filters of the work tree do not change what is read."""
    repo.git("config", "core.autocrlf", "true")
    repo.commit({"a.txt": b"one\r\ntwo\r\n"})
    workspace = Workspace.open(repo.root)

    tree = workspace.tree()

    assert workspace.blobs(tree.values()) == {tree["a.txt"]: b"one\ntwo\n"}


def test_a_missing_blob_is_left_out(repo: Repo) -> None:
    """An id that the repository lacks is no error."""
    repo.commit({"a": "x"})

    assert Workspace.open(repo.root).blobs(["0" * 40]) == {}


def test_the_worktree_is_read_as_it_would_be_committed(repo: Repo) -> None:
    """Uncommitted content passes the same filters as `git add`, and no object is stored."""
    repo.git("config", "core.autocrlf", "true")
    repo.commit({"a.txt": "one\n"})
    repo.write({"a.txt": b"two\r\n"})
    before = repo.git("count-objects", "-v")

    assert Workspace.open(repo.root).worktree_blobs(["a.txt", "none.txt"]) == {"a.txt": b"two\n"}
    assert repo.git("count-objects", "-v") == before


def test_lfs_pointers_are_recognised(repo: Repo) -> None:
    """A pointer is never taken for content."""
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 1\n"
    repo.commit({"big.json": pointer, "small.json": "{}"})
    workspace = Workspace.open(repo.root)

    assert workspace.lfs_pointers(workspace.tracked().files) == {"big.json"}


def test_branches_keep_their_slashes(repo: Repo) -> None:
    """The branch is the full name; a detached HEAD has none."""
    commit = repo.commit({"a": "x"})
    repo.git("switch", "--quiet", "--create", "feature/fix#1-ü")
    assert Workspace.open(repo.root).branch() == "feature/fix#1-ü"
    repo.git("switch", "--quiet", "--detach", commit)
    assert Workspace.open(repo.root).branch() == ""


def test_a_linked_worktree_works(repo: Repo, tmp_path: Path) -> None:
    """In a linked work tree `.git` is a file; its own git folder is used."""
    repo.commit({"a": "x"})
    repo.git("worktree", "add", "--quiet", "-b", "other", str(tmp_path / "linked"))

    workspace = Workspace.open(tmp_path / "linked")

    assert workspace.branch() == "other"
    assert workspace.git_dir.is_dir()
    assert list(workspace.tracked().files) == ["a"]


def test_changes_are_counted_from_the_merge_base(repo: Repo) -> None:
    """What the default branch changed meanwhile does not count as changed here."""
    repo.commit({"a": "1", "b": "1", "c": "1"})
    repo.git("switch", "--quiet", "--create", "feature")
    repo.commit({"a": "2"})
    repo.git("switch", "--quiet", "main")
    repo.commit({"b": "2"})
    repo.git("switch", "--quiet", "feature")

    workspace = Workspace.open(repo.root)

    found = merge_base.find(workspace, "main", merge_base.CiHints())
    assert found
    assert merge_base.changed(workspace, found) == frozenset({"a"})
    assert merge_base.find(workspace, "nowhere", merge_base.CiHints()) is None


def test_uncommitted_changes_are_named(repo: Repo) -> None:
    """Staged and unstaged changes of tracked files count; untracked files do not."""
    repo.commit({"staged": "1", "edited": "1", "same": "1"})
    repo.write({"staged": "2", "edited": "2", "new": "1"})
    repo.git("add", "staged")

    assert Workspace.open(repo.root).uncommitted() == {"staged", "edited"}


def test_past_paths_are_what_history_deleted_or_renamed(repo: Repo) -> None:
    """Deletions and renames of any commit are found in one pass."""
    repo.commit({"gone": "1", "old": "long enough to be found again\n" * 5})
    repo.git("rm", "--quiet", "gone")
    repo.git("mv", "old", "new")
    repo.commit()

    assert Workspace.open(repo.root).past_paths() == {"gone", "old"}


def test_a_merge_in_progress_is_refused(repo: Repo) -> None:
    """Unmerged paths stop a run before anything is read."""
    repo.commit({"a": "1"})
    repo.git("switch", "--quiet", "--create", "one")
    repo.commit({"a": "2"})
    repo.git("switch", "--quiet", "main")
    repo.commit({"a": "3"})
    with pytest.raises(Exception, match="merge"):
        repo.git("merge", "one")

    with pytest.raises(RepositoryError, match="a has unresolved merge conflicts"):
        Workspace.open(repo.root).tracked()


def test_outside_a_repository_one_line_says_so(tmp_path: Path) -> None:
    """Git's own wall of text is not shown."""
    with pytest.raises(RepositoryError, match=r"^not inside a git repository$"):
        Workspace.open(tmp_path)


def test_programs_of_the_repository_never_run(repo: Repo, tmp_path: Path) -> None:
    """A filesystem monitor planted in the repository's own configuration stays silent."""
    repo.commit({"a": "1"})
    proof = tmp_path / "ran"
    script = tmp_path / "monitor"
    script.write_text(f"#!/bin/sh\ntouch {proof}\n")
    script.chmod(0o755)
    repo.git("config", "core.fsmonitor", str(script))

    Workspace.open(repo.root).uncommitted()

    assert not proof.exists()


def test_variables_of_hooks_do_not_redirect_us(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`GIT_DIR` and `GIT_INDEX_FILE`, as hooks set them, are ignored."""
    repo.commit({"a": "1"})
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))

    assert list(Workspace.open(repo.root).tracked().files) == ["a"]


def test_a_write_makes_folders_and_keeps_the_mode(repo: Repo) -> None:
    """A new file gets the usual mode, an old one keeps its own."""
    repo.commit({"keep.json": "old"})
    (repo.root / "keep.json").chmod(0o640)
    workspace = Workspace.open(repo.root)

    workspace.write("keep.json", b"new")
    workspace.write("deep/er/new.json", b"new")

    assert repo.read("keep.json") == repo.read("deep/er/new.json") == b"new"
    assert stat.S_IMODE((repo.root / "keep.json").stat().st_mode) == 0o640
    assert not list(repo.root.rglob("*.l10nsync-tmp"))


def flushes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count what is flushed from now on: a file, a folder, a file system."""
    flushed: list[str] = []
    fsync, syncfs = os.fsync, whole_files._flush_of_file_systems()

    def counting(handle: int) -> None:
        flushed.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        fsync(handle)

    def counting_all(handle: int) -> bool:
        flushed.append("file system")
        return syncfs is not None and syncfs(handle)

    monkeypatch.setattr(os, "fsync", counting)
    monkeypatch.setattr(whole_files, "_flush_of_file_systems", lambda: counting_all if syncfs else None)
    return flushed


def replace_all(root: Path, contents: Mapping[str, bytes]) -> None:
    """Replace files of ROOT as a pull does."""
    with whole_files.Replacements(root) as replacements:
        for path, content in contents.items():
            replacements.stage(path, content)
        replacements.flush()
        for path in contents:
            replacements.publish(path)
    whole_files.flush_names(root, contents)


def test_many_files_are_flushed_with_two_calls(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """The contents reach the disk before their names do, however many folders they are in."""
    if whole_files._flush_of_file_systems() is None:
        pytest.skip("this system flushes one file at a time")
    flushed = flushes(monkeypatch)
    contents = {f"deep/{folder}/{index}.json": b"new" for folder in "abc" for index in range(10)}

    replace_all(repo.root, contents)

    assert flushed == ["file system", "file system"]
    assert {path: repo.read(path) for path in contents} == contents


def test_a_few_files_are_flushed_by_themselves(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for what other programs have written to the same disk."""
    flushed = flushes(monkeypatch)

    replace_all(repo.root, {"a/1.json": b"new", "a/2.json": b"new"})

    assert flushed == ["file", "file", "folder", "folder"]  # the top and `a`


def test_where_a_file_system_cannot_be_flushed_its_files_are(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once for each file, and once for each folder."""
    flushed = flushes(monkeypatch)
    monkeypatch.setattr(whole_files, "_flush_of_file_systems", lambda: lambda _handle: False)

    replace_all(repo.root, {f"deep/{folder}/{index}.json": b"new" for folder in "ab" for index in range(10)})

    assert flushed == ["file"] * 20 + ["folder"] * 4  # the top, `deep`, and the two below


def test_what_was_not_published_is_removed(repo: Repo) -> None:
    """A run that ends between its steps leaves nothing behind."""
    repo.commit({"x/a": "1"})

    with whole_files.Replacements(repo.root) as replacements:
        replacements.stage("x/a", b"2")
        replacements.stage("x/b", b"2")

    assert repo.read("x/a") == b"1"
    assert sorted(path.name for path in (repo.root / "x").iterdir()) == ["a"]


def test_only_what_a_dead_run_left_is_swept(repo: Repo) -> None:
    """A living run keeps its temporary files, however old they are; those of a killed one go at once."""
    repo.commit({"x/a": "1"})
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    living, dead = (
        repo.root / "x" / f".a.{whole_files._machine()}-{process}-0123456789ab.l10nsync-tmp"
        for process in (os.getpid(), ended.pid)
    )
    for path in (living, dead):
        path.write_text("half")
    os.utime(living, (time.time() - 7200,) * 2)

    whole_files.sweep(repo.root, ["x/a"])

    assert [path.exists() for path in (living, dead)] == [True, False]


@pytest.mark.parametrize("planted", ["file", "folder"])
def test_links_are_never_written_through(repo: Repo, tmp_path: Path, planted: str) -> None:
    """Neither a linked file nor a file below a linked folder is touched."""
    repo.commit({"a": "1"})
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "victim").write_text("mine")
    link, target, path = {
        "file": (repo.root / "victim", outside / "victim", "victim"),
        "folder": (repo.root / "sub", outside, "sub/victim"),
    }[planted]
    link.symlink_to(target)

    with pytest.raises(RefusedError):
        Workspace.open(repo.root).write(path, b"theirs")

    assert (outside / "victim").read_text() == "mine"
    assert link.is_symlink()


def test_a_pipe_is_refused_and_not_opened(repo: Repo) -> None:
    """A FIFO in the place of a target does not hang the run."""
    repo.commit({"a": "1"})
    os.mkfifo(repo.root / "pipe")

    with pytest.raises(RefusedError, match="not a regular file"):
        Workspace.open(repo.root).write("pipe", b"x")


def test_a_folder_in_the_place_of_a_file_is_an_error_of_its_own(repo: Repo) -> None:
    """A path that leads through a file is refused, and the file is kept."""
    repo.commit({"a": "1"})

    with pytest.raises((RefusedError, LocalIOError)):
        Workspace.open(repo.root).write("a/b", b"x")

    assert repo.read("a") == b"1"


def test_old_temporary_files_are_swept(repo: Repo) -> None:
    """What a killed run left behind goes away after an hour; other people's files stay."""
    repo.commit({"x/a": "1"})
    old, young, other = (
        repo.root / "x" / name for name in (".a.1.l10nsync-tmp", ".a.2.l10nsync-tmp", ".other.tmp")
    )
    for path in (old, young, other):
        path.write_text("half")
    for path in (old, other):
        os.utime(path, (time.time() - 7200,) * 2)

    whole_files.sweep(repo.root, ["x/a"])

    assert [path.exists() for path in (old, young, other)] == [False, True, True]


def test_without_folder_handles_the_same_rules_hold(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system has no folder handles, paths are checked instead: links are still refused."""
    monkeypatch.setattr("l10nsync.workspace.whole_files._HAS_FOLDER_HANDLES", False)
    repo.commit({"a": "1"})
    workspace = Workspace.open(repo.root)
    (tmp_path / "outside").mkdir()
    (repo.root / "sub").symlink_to(tmp_path / "outside")
    (repo.root / "link").symlink_to(repo.root / "a")

    workspace.write("deep/new", b"new")
    for path in ("sub/victim", "link"):
        with pytest.raises(RefusedError):
            workspace.write(path, b"theirs")

    assert repo.read("deep/new") == b"new"
    assert repo.read("a") == b"1"
    assert not list((tmp_path / "outside").iterdir())
    assert not list(repo.root.rglob("*.l10nsync-tmp"))


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("https://git.example.org/a/b.git", "https://git.example.org"),
        ("https://somebody@git.example.org:8443/a/b", "https://git.example.org:8443"),
        ("https://git.example.org@evil.example/a", "https://evil.example"),
        ("HTTPS://Git.Example.org/a", "https://git.example.org"),
        ("http://git.example.org/a", ""),
        ("git@git.example.org:a/b.git", ""),
        ("ssh://git@git.example.org/a", ""),
        ("/srv/a.git", ""),
    ],
)
def test_the_server_of_a_remote_is_what_git_would_ask(repo: Repo, address: str, server: str) -> None:
    """A token goes to that server, and nowhere without encryption; rewritten addresses count as rewritten."""
    repo.git("remote", "add", "origin", "short:b")
    repo.git("config", f"url.{address}.insteadOf", "short:b")
    assert Workspace.open(repo.root).remote_server() == server


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://github.example/acme/app.git", "acme/app"),
        ("https://user:token@github.example/acme/app/", "acme/app"),
        ("git@github.example:acme/app.git", "acme/app"),
        ("ssh://git@host.example:7999/group/sub/app.git", "sub/app"),
        ("https://dev.azure.example/org/project/_git/app", "project/app"),
        ("git@ssh.dev.azure.example:v3/org/project/app", "project/app"),
        ("host:app.git", "app"),
        ("https://host.example/app", "app"),
        ("/srv/git/app.git", "app"),
        ("file:///srv/git/app.git", "app"),
        ("C:/git/app.git", "app"),
        ("..", "repo"),
    ],
)
def test_a_repository_has_the_name_of_its_owner_before_its_own(repo: Repo, address: str, name: str) -> None:
    """Where its address tells one; each kind of address tells the same."""
    repo.git("config", "remote.origin.url", address)
    assert Workspace.open(repo.root).owned_name() == name
