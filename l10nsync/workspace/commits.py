"""Commits made beside the work tree: only objects are written, and a branch of the remote moves by a push."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from l10nsync.workspace import Workspace
from l10nsync.workspace.command import fields


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A commit's tree with some paths as the work tree has them; made without touching index or HEAD."""

    base: str
    """Id of the commit's tree."""
    tree: str
    """Id of the new tree; equal to `base` where nothing differs."""
    modes: Mapping[str, str]
    """Path to git's file mode, of the paths that differ."""
    contents: Mapping[str, bytes]
    """Path to content as git stores it, of the paths that differ."""
    added: frozenset[str] = frozenset()
    """Those of them that the commit does not have at all."""
    digest: str = ""
    """Of the difference alone, in hex: equal on another base where the same files change in the same way."""


def snapshot(workspace: Workspace, paths: Iterable[str], base: str = "HEAD") -> Snapshot:
    """Return the tree of BASE with PATHS as the work tree has them, filtered as `git add` would.

    Only objects are written; index, HEAD, branches and work tree stay as they are.
    """
    base = workspace.git("rev-parse", "--verify", f"{base}^{{tree}}").decode().strip()
    wanted = sorted(set(paths))
    with tempfile.TemporaryDirectory(prefix="l10nsync-index-") as folder:
        environment = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        workspace.git("read-tree", base, env=environment)
        names = "".join(f"{path}\0" for path in wanted).encode("utf-8", "surrogateescape")
        workspace.git("update-index", "--add", "-z", "--stdin", stdin=names, env=environment)
        tree = workspace.git("write-tree", env=environment).decode().strip()
    differing = workspace.git("diff-tree", "-r", "-z", "--no-renames", base, tree)
    records = fields(differing)
    modes: dict[str, str] = {}
    blobs: dict[str, str] = {}
    added = set()
    for meta, path in zip(records, records, strict=True):
        _old, modes[path], _before, blobs[path], status = meta.split(" ")
        added |= {path} if status == "A" else set()
    found = workspace.blobs(blobs.values())
    contents = {path: found[blob] for path, blob in blobs.items()}
    return Snapshot(base, tree, modes, contents, frozenset(added), hashlib.sha256(differing).hexdigest())


def make(workspace: Workspace, tree: str, parent: str, message: str, author: tuple[str, str]) -> str:
    """Return the id of a new commit of TREE on PARENT; no branch moves. AUTHOR is name and address."""
    name, address = author
    environment = {
        "GIT_AUTHOR_NAME": name,
        "GIT_AUTHOR_EMAIL": address,
        "GIT_COMMITTER_NAME": name,
        "GIT_COMMITTER_EMAIL": address,
    }
    out = workspace.git("commit-tree", tree, "-p", parent, "-F", "-", stdin=message.encode(), env=environment)
    return out.decode().strip()


def push(workspace: Workspace, commit: str, branch: str, expected: str | None) -> None:
    """Set BRANCH of `origin` to COMMIT (empty deletes it), if it is still at EXPECTED there.

    With EXPECTED None the branch only moves forward. Raises `RepositoryError` if the remote refuses.
    """
    lease = () if expected is None else (f"--force-with-lease=refs/heads/{branch}:{expected}",)
    workspace.git.remote("origin", "push", "--quiet", *lease, "origin", f"{commit}:refs/heads/{branch}")


def fetch(workspace: Workspace, branch: str) -> str:
    """Return the commit that BRANCH has at `origin`; empty if it is not there. Fetches that commit."""
    out = workspace.git.remote("origin", "ls-remote", "--quiet", "origin", f"refs/heads/{branch}").decode()
    commit = out.partition("\t")[0]
    if commit:
        reference = f"refs/heads/{branch}"
        workspace.git.remote(
            "origin", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "origin", reference
        )
    return commit


def details(workspace: Workspace, commit: str) -> tuple[str, tuple[str, ...], str]:
    """Return tree, parents and message of a commit."""
    out = workspace.git("show", "--no-patch", "--format=%T%n%P%n%B", commit).decode("utf-8", "replace")
    tree, parents, message = out.split("\n", 2)
    return tree, tuple(parents.split()), message.strip()
