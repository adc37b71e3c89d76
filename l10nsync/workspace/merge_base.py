"""The commit that a branch is compared with: where it left the default branch; fetched if a clone lacks it.

CI clones little: often the branch's newest commit alone, without the default branch. Then the few commits
that show it are fetched as `git fetch` does it: one commit of the default branch, those of the branch itself,
and the one that it left. No prompt, hook, submodule or tag takes part, and the work tree stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from l10nsync.errors import RepositoryError
from l10nsync.workspace import Workspace
from l10nsync.workspace.command import AccessError, fields

_FETCH = (
    "-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=60",
    "fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-auto-gc", "--no-write-fetch-head",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CiHints:
    """What the CI reports about a branch that will be merged into the default branch."""

    merge: str = ""
    """The commit that merges it, if that is what is checked out."""
    base: str = ""
    """The commit where it left the default branch."""


@dataclass(frozen=True, slots=True)
class Base:
    """A commit that a branch is compared with."""

    commit: str
    exact: bool
    """Whether the branch left the default branch there; else its later changes count as differences."""


def changed(workspace: Workspace, base: Base) -> frozenset[str]:
    """Return the paths that differ between BASE and HEAD."""
    out = workspace.git("diff", "--name-only", "--no-renames", "-z", base.commit, "HEAD")
    return frozenset(fields(out))


def find(workspace: Workspace, default: str, hints: CiHints) -> Base | None:
    """Return what branch HEAD is compared with, from what is here; None if it has nothing of DEFAULT."""
    for commit in _hinted_commits(workspace, hints):
        if workspace.resolve(commit):
            return Base(commit, exact=True)
    tip = workspace.default_tip(default)
    if not tip:
        return None
    common = workspace.git("merge-base", tip, "HEAD", ok=(0, 1, 128)).decode().strip()
    if not common and workspace.is_shallow() and (fork := _left(workspace)) and workspace.resolve(fork):
        return Base(fork, exact=True)  # fetched by an earlier run
    return Base(common or tip, exact=bool(common))


def fetch(workspace: Workspace, default: str, hints: CiHints) -> Base:
    """Return the same, after fetching what is missing; raise `RepositoryError` if nothing can be compared."""
    found = find(workspace, default, hints)
    if found and (found.exact or not workspace.is_shallow()):
        return found
    remote = workspace.remote()
    if not remote:
        if found:
            return found
        raise _missing(default, "and no remote has it")
    fetcher = _Fetcher(workspace, remote, default)
    if workspace.is_shallow():
        for commit in _hinted_commits(workspace, hints):
            if fetcher.tries("--depth=1", commit):
                return Base(commit, exact=True)
    if not found:
        fetcher.fetch_default()
    if workspace.is_shallow() and (fork := fetcher.fork()):
        return Base(fork, exact=True)
    found = find(workspace, default, CiHints())
    if not found:
        raise _missing(default, "and the remote did not send it")
    return found


_DEEPER = ("--deepen=50", "--deepen=1000", "--unshallow")
"""What a shallow clone fetches of the history that it lacks, one after the other."""


def deepen(workspace: Workspace, times: int) -> bool:
    """Fetch more of the history for the TIMESth time, from 0; return whether there was more to be had."""
    remote, ends = workspace.remote(), sorted(workspace.cut())
    if not remote or not ends or times >= len(_DEEPER):
        return False
    return _Fetcher(workspace, remote, "").tries(_DEEPER[times], *ends)


def _hinted_commits(workspace: Workspace, hints: CiHints) -> Iterator[str]:
    """Yield the commits that the CI names: the merge's first parent, or the base itself."""
    if hints.merge and hints.merge == workspace.commit():
        yield from _parents(workspace, hints.merge)[:1]
    elif hints.base:
        yield hints.base


def _parents(workspace: Workspace, commit: str) -> list[str]:
    """Return the parents of a commit as it was made: a shallow clone hides those that it lacks."""
    header = workspace.git("cat-file", "commit", commit).decode("utf-8", "replace").partition("\n\n")[0]
    return [line.removeprefix("parent ") for line in header.split("\n") if line.startswith("parent ")]


def _left(workspace: Workspace) -> str:
    """Return the commit on which the history of a shallow clone rests; empty if there is not exactly one."""
    ends = workspace.git("rev-list", "--max-parents=0", "HEAD").decode().split()
    left = set(chain.from_iterable(_parents(workspace, commit) for commit in ends))
    return left.pop() if len(left) == 1 else ""


@dataclass(frozen=True, slots=True)
class _Fetcher:
    workspace: Workspace
    remote: str
    default: str

    def fetch_default(self) -> None:
        """Fetch the default branch as the remote has it; raise `RepositoryError` if it cannot be had."""
        depth = ("--depth=1",) if self.workspace.is_shallow() else ()
        try:
            self._fetch(*depth, f"+refs/heads/{self.default}:refs/remotes/{self.remote}/{self.default}")
        except RepositoryError as error:
            raise _missing(
                self.default,
                f"and cannot be fetched ({error.message.removeprefix('git failed: ')})",
                self.remote,
                error.hint if isinstance(error, AccessError) else "",
            ) from error

    def fork(self) -> str:
        """Fetch the commits of the branch alone, and the one that it left; empty if that is not known.

        Where a merge of the default branch stands between, the remote does not say which of its parents is
        whose.
        """
        head = self.workspace.commit()
        if not self.tries(f"--shallow-exclude=refs/heads/{self.default}", head):
            return ""
        left = _left(self.workspace)
        return left if left and (self.workspace.resolve(left) or self.tries("--depth=1", left)) else ""

    def tries(self, *arguments: str) -> bool:
        """Fetch; return whether the remote gave it."""
        try:
            self._fetch(*arguments)
        except RepositoryError:
            return False
        return all(self.workspace.resolve(commit) for commit in _commits(arguments))

    def _fetch(self, *arguments: str) -> None:
        options = [argument for argument in arguments if argument.startswith("--")]
        commits = _commits(arguments)
        self.workspace.git.remote(self.remote, *_FETCH, *options, "--end-of-options", self.remote, *commits)


def _commits(arguments: Iterable[str]) -> Iterator[str]:
    return (argument for argument in arguments if not argument.startswith("--"))


def _missing(default: str, why: str, remote: str = "", more: str = "") -> RepositoryError:
    """Return the error of a clone that does not show what a branch has changed."""
    known = f"{default}:refs/remotes/{remote}/{default}"
    fetch = f"Run `git fetch --depth=1 {remote} {known}`, or clone the whole history (`fetch-depth: 0`)."
    named = "`branch.default` in the manifest names the default branch; `push --force` sends every source."
    return RepositoryError(
        f"the default branch {default!r} is not in this clone {why}: the changed sources are not known",
        hint=named if not remote or "find remote ref" in why else f"{fetch} {more}".strip(),
    )
