"""Your git is left as it was found, whatever shape the repository has."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from l10nsync.sandbox.testing import SandboxServer
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.test_push_pull import files

COMMANDS = (
    ("check",),
    ("list",),
    ("plan",),
    ("push",),
    ("status",),
    ("pull", "--dry-run"),
    ("pull",),
    ("verify",),
    ("prune",),
)


def _plain(repo: Repo, _folder: Path) -> Repo:
    return repo


def _branch_with_slashes(repo: Repo, _folder: Path) -> Repo:
    repo.git("switch", "--quiet", "--create", "feature/deep/one#two")
    return repo


def _detached(repo: Repo, _folder: Path) -> Repo:
    repo.git("switch", "--quiet", "--detach")
    return repo


def _tag(repo: Repo, _folder: Path) -> Repo:
    repo.git("tag", "v1", "-m", "The first")
    repo.git("checkout", "--quiet", "v1")
    return repo


def _shallow(repo: Repo, folder: Path) -> Repo:
    repo.commit({"README": "more"})
    repo.git("clone", "--quiet", "--depth=1", repo.root.as_uri(), str(folder / "shallow"))
    return Repo(folder / "shallow")


def _partial(repo: Repo, folder: Path) -> Repo:
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("clone", "--quiet", "--filter=blob:limit=100k", repo.root.as_uri(), str(folder / "partial"))
    return Repo(folder / "partial")


def _linked_worktree(repo: Repo, folder: Path) -> Repo:
    repo.git("worktree", "add", "--quiet", "-b", "linked", str(folder / "linked"))
    linked = Repo.__new__(Repo)
    linked.root = folder / "linked"
    return linked


def _sparse(repo: Repo, _folder: Path) -> Repo:
    repo.git("sparse-checkout", "set", "--no-cone", "/src/en/f0.json", "/.l10n.yml")
    return repo


def _submodule(repo: Repo, folder: Path) -> Repo:
    inner = Repo(folder / "inner")
    inner.commit({"src/en/inner.json": '{"a": "Inner"}'})
    address = inner.root.as_uri()
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", address, "vendored")
    repo.commit()
    return repo


def _line_ends(repo: Repo, _folder: Path) -> Repo:
    repo.git("config", "core.autocrlf", "true")
    repo.commit({".gitattributes": "*.json text eol=crlf\n"})
    repo.git("rm", "--quiet", "--cached", "-r", ".")
    repo.git("reset", "--quiet", "--hard")
    return repo


def _staged(repo: Repo, _folder: Path) -> Repo:
    repo.write({"src/en/f1.json": '{"title": "Staged"}', "src/en/new.json": '{"title": "Staged, too"}'})
    repo.git("add", "--all")
    repo.write({"src/en/f1.json": '{"title": "And edited"}', "notes.txt": "untracked"})
    return repo


def _assumed_unchanged(repo: Repo, _folder: Path) -> Repo:
    repo.git("update-index", "--assume-unchanged", "src/en/f0.json")
    repo.git("update-index", "--skip-worktree", "src/en/f1.json")
    repo.write({"src/en/f0.json": '{"title": "Unseen"}'})
    return repo


def _locked_index(repo: Repo, _folder: Path) -> Repo:
    (repo.root / ".git/index.lock").write_bytes(b"")
    return repo


def _stat_dirty(repo: Repo, _folder: Path) -> Repo:
    for path in repo.root.glob("src/en/*.json"):
        path.touch()  # git would like to refresh its index
    return repo


def _programs(repo: Repo, folder: Path) -> Repo:
    hook = repo.root / ".git/hooks/post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {folder}/ran\n")
    hook.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "diff.external", "credential.helper"):
        repo.git("config", name, f"!touch {folder}/ran")
    return repo


def _packed(repo: Repo, _folder: Path) -> Repo:
    repo.git("gc", "--quiet")
    return repo


def _stash(repo: Repo, _folder: Path) -> Repo:
    repo.write({"src/en/f0.json": '{"title": "For later"}'})
    repo.git("stash", "--quiet")
    return repo


def _merged(repo: Repo, _folder: Path) -> Repo:
    repo.git("switch", "--quiet", "--create", "side")
    repo.commit({"src/en/side.json": '{"title": "From the side"}'})
    repo.git("switch", "--quiet", "main")
    repo.commit({"src/en/f0.json": '{"title": "Meanwhile"}'})
    repo.git("merge", "--quiet", "--no-edit", "side")
    return repo


def _merging(repo: Repo, folder: Path) -> Repo:
    _merged(repo, folder)
    repo.git("switch", "--quiet", "--create", "again", "HEAD~1")
    repo.commit({"README": "again"})
    repo.git("merge", "--quiet", "--no-commit", "--no-ff", "main")
    return repo


def _odd_names(repo: Repo, _folder: Path) -> Repo:
    repo.commit({"src/en/a b#c.json": '{"title": "Odd"}', "src/en/ä {x}.json": '{"title": "Odder"}'})
    return repo


SHAPES: Mapping[str, Callable[[Repo, Path], Repo]] = {
    "plain": _plain,
    "branch with slashes": _branch_with_slashes,
    "detached": _detached,
    "tag": _tag,
    "shallow": _shallow,
    "partial": _partial,
    "linked worktree": _linked_worktree,
    "sparse": _sparse,
    "submodule": _submodule,
    "line ends": _line_ends,
    "staged": _staged,
    "assumed unchanged": _assumed_unchanged,
    "locked index": _locked_index,
    "touched": _stat_dirty,
    "programs": _programs,
    "packed": _packed,
    "stash": _stash,
    "merged": _merged,
    "merging": _merging,
    "odd names": _odd_names,
}


def found(*roots: Path) -> dict[str, str]:
    """Return path to kind, mode and content of all below ROOTS, but for what l10nsync itself keeps."""
    state: dict[str, str] = {}
    for path in sorted(each for root in roots for each in root.rglob("*")):
        if "l10nsync" in path.parts:
            continue
        mode = path.lstat().st_mode
        content = path.read_bytes() if stat.S_ISREG(mode) else b""
        state[str(path)] = f"{mode:o} {hashlib.sha256(content).hexdigest()}"
    return state


@pytest.mark.parametrize("shape", SHAPES)
def test_git_is_left_as_it_was_found(
    repo: Repo, tmp_path: Path, sandbox_server: SandboxServer, shape: str
) -> None:
    """Index, HEAD, refs, objects, config and every file but the targets are byte for byte what they were."""
    repo.commit(files(3, authorize=True))
    there = SHAPES[shape](repo, tmp_path)
    runner = InProcess(sandbox_server)
    runner.project()
    before = found(repo.root, there.root)

    for command in COMMANDS:
        if command[0] == "status":
            runner.translate()
        runner.run(there, *command, code=None)

    after = found(repo.root, there.root)
    assert not before.keys() - after.keys()
    changed = {path for path in after if after[path] != before.get(path)}
    targets = {path for path in changed if {"de", "fr"} & set(Path(path).relative_to(there.root).parts)}
    assert changed == targets
    assert targets
    assert not (tmp_path / "ran").exists()
