"""Nothing that git's configuration names runs to read: a marker stands wherever a program can be named."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from l10nsync.errors import RefusedError, RepositoryError
from l10nsync.sandbox.testing import SandboxServer
from l10nsync.workspace import Workspace
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.test_push_pull import files

READING = (
    "check",
    "list",
    "explain src/en/f0.json",
    "plan --offline --base HEAD~1",
    "verify --offline",
    "pseudo --into elsewhere",
)
"""Commands that ask nobody."""
ONLINE = ("plan", "push --dry-run", "push", "pull --dry-run", "pull", "status", "verify", "prune")


def _program(folder: Path) -> Path:
    """Return a program that leaves its mark, and passes on what it is given."""
    script = folder / "marker"
    script.write_text(f'#!/bin/sh\necho "$0 $*" >> {folder}/ran\ncat\n')
    script.chmod(0o755)
    return script


def _planted(repo: Repo, program: Path, *, remote: bool) -> None:
    """Name PROGRAM wherever git's configuration can, and give it every reason to run."""
    kinds = "filter=own diff=own merge=own"
    repo.commit({".gitattributes": f"*.json {kinds}\n*.md filter=linewise\n", "notes.md": "text\n"})
    names = (
        "core.fsmonitor", "core.pager", "core.editor", "core.askPass", "core.sshCommand", "core.gitProxy",
        "core.alternateRefsCommand", "sequence.editor", "diff.external", "interactive.diffFilter",
        "gpg.program", "gpg.x509.program", "gpg.ssh.program", "pager.log", "pager.status", "pager.diff",
        "filter.own.clean", "filter.own.smudge", "filter.linewise.process", "diff.own.textconv",
        "diff.own.command", "merge.own.driver", "credential.helper", "uploadpack.packObjectsHook",
        "remote.origin.receivepack", "remote.origin.uploadpack", "trailer.sign.command", "man.viewer",
    )  # fmt: skip
    for name in names:
        repo.git("config", name, str(program))
    repo.git("config", "filter.own.required", "true")
    for name in ("log", "status", "cat-file", "ls-files", "rev-parse"):
        repo.git("config", f"alias.{name}", f"!{program}")
    for name in ("log.showSignature", "commit.gpgSign", "push.gpgSign", "tag.gpgSign"):
        repo.git("config", name, "true")
    hooks = repo.root / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    repo.git("config", "core.hooksPath", str(hooks))
    for name in ("post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc", "pre-push",
                 "pre-commit", "fsmonitor-watchman", "query-watchman"):  # fmt: skip
        shutil.copy(program, hooks / name)
    if remote:
        repo.git("config", "remote.origin.url", f"ext::{program}")
        repo.git("config", "protocol.ext.allow", "always")
        repo.git("config", "core.repositoryFormatVersion", "1")
        repo.git("config", "extensions.partialClone", "origin")
        repo.git("config", "remote.origin.promisor", "true")


def _signed(repo: Repo) -> None:
    """Make HEAD a commit whose signature git would like to check."""
    commit = repo.git("cat-file", "commit", "HEAD")
    head, _, message = commit.partition("\n\n")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n x\n -----END PGP SIGNATURE-----"
    raw = repo.root / ".git" / "signed"
    raw.write_text(f"{head}\n{signature}\n\n{message}")
    repo.git("update-ref", "HEAD", repo.git("hash-object", "-t", "commit", "-w", str(raw)).strip())


def _touched(repo: Repo) -> None:
    """Let every file look as if somebody had worked on it."""
    for path in repo.root.glob("src/**/*.json"):
        os.utime(path, (1_000_000_000, 1_000_000_000))


@pytest.fixture
def program(tmp_path: Path) -> Path:
    return _program(tmp_path)


@pytest.fixture
def planted(repo: Repo, program: Path) -> Repo:
    """Make a repository with the program everywhere, signed and touched."""
    repo.commit(files(3, authorize=True))
    _planted(repo, program, remote=True)
    _signed(repo)
    _touched(repo)
    (program.parent / "ran").unlink()  # git has run it, in our own hands
    return repo


@pytest.mark.skipif(not shutil.which("strace"), reason="needs tool: strace")
def test_reading_runs_git_alone(planted: Repo, program: Path) -> None:
    """Commands that ask nobody start git alone, though a content is missing and files look edited."""
    blob = planted.git("rev-parse", "HEAD:src/en/f1.json").strip()
    (planted.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    script = "; ".join(f"{Path(sys.executable).parent / 'l10nsync'} {command}" for command in READING)
    trace = program.parent / "trace"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}

    subprocess.run(
        ["strace", "-f", "-qq", "-e", "trace=execve", "-o", str(trace), "sh", "-c", script],
        cwd=planted.root, env=environment, check=False, capture_output=True,
    )  # fmt: skip

    started = {Path(path).name for path in re.findall(r'execve\("([^"]+)".* = 0', trace.read_text())}
    assert started <= {"sh", "l10nsync", "git", Path(sys.executable).name}
    assert "git" in started
    assert not (program.parent / "ran").exists()


def test_commands_that_ask_the_service_run_none(
    planted: Repo, program: Path, sandbox_server: SandboxServer
) -> None:
    """Nor does any other command, not even by the remote's address: `ext::` is a program, not a transport."""
    runner = InProcess(sandbox_server)
    runner.project()

    for command in ONLINE:
        _touched(planted)
        runner.run(planted, *command.split(), code=None)

    assert not (program.parent / "ran").exists()


def test_the_worktree_refuses_what_a_filter_converts(
    planted: Repo, program: Path, sandbox_server: SandboxServer
) -> None:
    """A source that a program would have to convert is refused by name, and the program stays silent."""
    runner = InProcess(sandbox_server)
    runner.project()

    done = runner.run(planted, "push", "--worktree", code=8)

    assert "src/en/f0.json" in done.err
    assert "'own'" in done.err
    assert not (program.parent / "ran").exists()


def test_an_edit_is_told_without_the_filter(repo: Repo, program: Path) -> None:
    """A file whose time or size differs counts as edited; one that was only checked out does not."""
    repo.commit({"a.json": "{}", "b.json": "{}", ".gitattributes": "*.json filter=own\n"})
    repo.git("config", "filter.own.clean", f"{program}; sed s/x/y/")
    repo.git("config", "filter.own.smudge", "sed s/{/{{/")
    repo.git("rm", "--quiet", "--cached", "-r", ".")
    repo.git("reset", "--quiet", "--hard")
    assert repo.read("a.json") == b"{{}"
    (program.parent / "ran").unlink(missing_ok=True)

    repo.write({"b.json": "{{ }"})
    edited = Workspace.open(repo.root).uncommitted()

    assert edited == {"b.json"}
    assert not (program.parent / "ran").exists()


def test_a_large_file_is_known_by_its_pointer(repo: Repo) -> None:
    """A file of Git LFS whose time has changed is unedited if it is what its pointer names."""
    oid = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"  # of "hello"
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 5\n"
    repo.commit({"a.bin": pointer, "b.bin": pointer, ".gitattributes": "*.bin filter=lfs\n"})
    repo.git("config", "filter.lfs.process", "git-lfs filter-process")
    repo.write({"a.bin": "hello", "b.bin": "hellO"})

    assert Workspace.open(repo.root).uncommitted() == {"b.bin"}


def test_a_file_without_a_filter_is_read_from_the_work_tree(repo: Repo, program: Path) -> None:
    """Only the sources that a program converts are refused."""
    repo.commit({"a.json": "{}", "b.txt": "t", ".gitattributes": "*.txt filter=own\n"})
    repo.git("config", "filter.own.clean", str(program))
    workspace = Workspace.open(repo.root)

    assert workspace.worktree_blobs(["a.json"]) == {"a.json": b"{}"}
    with pytest.raises(RefusedError, match=r"b\.txt"):
        workspace.worktree_blobs(["a.json", "b.txt"])


def _partial(repo: Repo, folder: Path, what: str) -> Repo:
    """Return a clone of REPO without contents, and without a work tree that would have brought them."""
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("config", "uploadpack.allowAnySHA1InWant", "true")
    there = folder / "partial"
    repo.git("clone", "--quiet", f"--filter={what}", "--no-checkout", repo.root.as_uri(), str(there))
    clone = Repo(there)
    clone.git("sparse-checkout", "set", "--no-cone", "/.l10n.yml")
    clone.git("checkout", "--quiet", "main")
    return clone


@pytest.mark.parametrize("what", ["blob:none", "tree:0"])
def test_a_partial_clone_gets_what_it_lacks(
    repo: Repo, tmp_path: Path, sandbox_server: SandboxServer, what: str
) -> None:
    """A push from a clone without contents sends the sources, as from a whole one."""
    repo.commit(files(3, authorize=True))
    runner = InProcess(sandbox_server)
    runner.project()

    runner.run(_partial(repo, tmp_path, what), "push")

    assert len(runner.control.view(runner.ident)["files"]) == 3


def test_contents_that_a_clone_lacks_come_in_one_fetch(repo: Repo, tmp_path: Path) -> None:
    """Many contents cost one call of the remote, not one each; an offline command makes none."""
    repo.commit({f"src/{number}.json": f'{{"a": "{number}"}}' for number in range(20)})
    repo.commit({".l10n.yml": "version: 1\n"})
    workspace = Workspace.open(_partial(repo, tmp_path, "blob:none").root)
    blobs = [blob for path, blob in workspace.tree().items() if path.startswith("src/")]

    workspace.git.may_fetch = False
    assert workspace.blobs(blobs) == {}

    workspace.git.may_fetch = True
    asked: list[str] = []
    reach = workspace.git.remote

    def counted(*arguments: str, **options: object) -> bytes:
        asked.append(arguments[0])
        return reach(*arguments, **options)  # type: ignore[arg-type]

    workspace.git.remote = counted  # type: ignore[method-assign]
    assert len(workspace.blobs(blobs)) == 20
    assert asked == ["origin"]


def test_a_content_that_stays_away_is_an_error_of_its_file(repo: Repo, sandbox_server: SandboxServer) -> None:
    """No command takes a source that cannot be read for one that is in order; the others go on."""
    repo.commit(files(2, authorize=True))
    runner = InProcess(sandbox_server)
    runner.project()
    runner.run(repo, "push")
    runner.translate()
    blob = repo.git("rev-parse", "HEAD:src/en/f1.json").strip()
    (repo.root / ".git/objects" / blob[:2] / blob[2:]).unlink()

    codes = {
        command: runner.run(repo, *command.split(), code=None).code
        for command in ("check", "verify --offline", "pull", "pseudo --into elsewhere", "push --force")
    }

    assert codes == {
        "check": 2, "verify --offline": 6, "pull": 7, "pseudo --into elsewhere": 7, "push --force": 8
    }  # fmt: skip
    assert (repo.root / "src/de/f0.json").exists()
    assert not (repo.root / "src/de/f1.json").exists()


def test_the_other_end_of_a_local_remote_is_git(repo: Repo, program: Path, tmp_path: Path) -> None:
    """What is named for the other end would run here, where that is a folder; behind ssh it would not."""
    repo.commit(files(1))
    shallow = tmp_path / "shallow"
    repo.git("clone", "--quiet", "--depth", "1", repo.root.as_uri(), str(shallow))
    workspace = Workspace.open(shallow)
    workspace.git("config", "remote.origin.uploadpack", str(program))

    for address in (repo.root.as_uri(), str(repo.root)):
        workspace.git("config", "remote.origin.url", address)
        assert "main" in workspace.remote_heads()
    assert not (tmp_path / "ran").exists()

    workspace.git("config", "core.sshCommand", f"echo $* > {tmp_path}/asked; exit 1; :")
    workspace.git("config", "remote.origin.url", "example.org:shop.git")
    with pytest.raises(RepositoryError):
        workspace.remote_heads()
    assert str(program) in (tmp_path / "asked").read_text()
