"""Brings what a pull wrote to GitHub: one commit with just those files, and one pull request for it.

The branch is ours alone: one commit on top of the base, made anew when the difference changes and left
alone when it does not, so that checks do not run for nothing. A commit of somebody else on it is never lost.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from l10nsync.errors import RefusedError, RepositoryError, ServiceError, TemporaryError
from l10nsync.github import GitHub, GitHubCommit, GitHubPullRequest
from l10nsync.render.pull_requests import same_text
from l10nsync.workspace import Workspace, commits
from l10nsync.workspace.commits import Snapshot
from l10nsync.workspace.editions import TRAILER, digest_of, trailer

AUTHOR = ("l10nsync", "l10nsync@users.noreply.github.com")
_INLINE = 4 * 1024 * 1024
"""Bytes of text that one request for a tree may carry."""

DeliveryOperation = Literal["created", "updated", "unchanged", "closed", "none"]


@dataclass(frozen=True, slots=True)
class Wish:
    """The pull request to create or update."""

    branch: str
    base: str
    message: str
    title: str
    body: str
    brought: frozenset[bytes] | None = None
    """Digests of the strings that the pull brought; None if there are too many to list."""
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    """Users, and teams as `organization/team`."""
    assignees: tuple[str, ...] = ()
    draft: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What became of it."""

    operation: DeliveryOperation
    number: int = 0
    url: str = ""
    sha: str = ""
    notices: tuple[str, ...] = ()
    """What did not work beside the main thing, such as an unknown reviewer."""


class CommitStore(Protocol):
    """Where commits are made: through GitHub's API, or with git."""

    def branch(self, name: str) -> str:
        """Return the commit of a branch at GitHub; empty if there is none."""
        ...

    def commit(self, sha: str) -> GitHubCommit:
        """Return a commit that `branch` has returned."""
        ...

    def make(self, snapshot: Snapshot, message: str, parent: str) -> str:
        """Return a new commit on PARENT with what SNAPSHOT changes; empty if it would change nothing."""
        ...

    def move(self, branch: str, sha: str, expected: str | None) -> None:
        """Point BRANCH to SHA if it is still at EXPECTED (empty: not there); None: only forward."""
        ...

    def delete(self, branch: str, expected: str) -> None:
        """Remove BRANCH if it is still at EXPECTED."""
        ...


@dataclass(frozen=True, slots=True)
class ApiStore:
    """Commits through the API: signed by GitHub, without git credentials."""

    github: GitHub

    def branch(self, name: str) -> str:
        """See `CommitStore`."""
        return self.github.branch(name)

    def commit(self, sha: str) -> GitHubCommit:
        """See `CommitStore`."""
        return self.github.commit(sha)

    def make(self, snapshot: Snapshot, message: str, parent: str) -> str:
        """See `CommitStore`."""
        before = self.github.commit(parent).tree
        tree = before
        for part in self._parts(snapshot):
            tree = self.github.create_tree(tree, part)
        return "" if tree == before else self.github.create_commit(message, tree, parent)

    def _parts(self, snapshot: Snapshot) -> list[list[dict[str, str]]]:
        """Return the entries of the tree, in requests of bearable size; text travels within them."""
        parts: list[list[dict[str, str]]] = [[]]
        size = 0
        for path, content in sorted(snapshot.contents.items()):
            entry = {"path": path, "mode": snapshot.modes[path], "type": "blob"}
            try:
                entry["content"] = content.decode("utf-8")
                size += len(content)
            except UnicodeDecodeError:
                entry["sha"] = self.github.create_blob(base64.b64encode(content).decode())
            if size > _INLINE and parts[-1]:
                parts.append([])
                size = len(content)
            parts[-1].append(entry)
        return parts

    def move(self, branch: str, sha: str, expected: str | None) -> None:
        """See `CommitStore`; the API has no lease, so EXPECTED is looked at right before."""
        if expected == "":
            self.github.create_branch(branch, sha)
            return
        if expected is not None:
            _require_unmoved(branch, self.github.branch(branch), expected)
        try:
            self.github.move_branch(branch, sha, force=expected is not None)
        except ServiceError as error:
            if expected is not None:
                raise
            raise TemporaryError(
                f"branch {branch!r} has moved in the meantime", hint="Run the job again."
            ) from error

    def delete(self, branch: str, expected: str) -> None:
        """See `CommitStore`."""
        _require_unmoved(branch, self.github.branch(branch), expected)
        self.github.delete_branch(branch)


@dataclass(frozen=True, slots=True)
class GitStore:
    """Commits with git, pushed with the credentials of the checkout."""

    workspace: Workspace

    def branch(self, name: str) -> str:
        """See `CommitStore`."""
        return commits.fetch(self.workspace, name)

    def commit(self, sha: str) -> GitHubCommit:
        """See `CommitStore`."""
        tree, parents, message = commits.details(self.workspace, sha)
        return GitHubCommit(sha, tree, parents, message)

    def make(self, snapshot: Snapshot, message: str, parent: str) -> str:
        """See `CommitStore`."""
        there = commits.snapshot(self.workspace, snapshot.contents, parent)
        return (
            ""
            if there.tree == there.base
            else commits.make(self.workspace, there.tree, parent, message, AUTHOR)
        )

    def move(self, branch: str, sha: str, expected: str | None) -> None:
        """See `CommitStore`."""
        self._push(sha, branch, expected)

    def delete(self, branch: str, expected: str) -> None:
        """See `CommitStore`."""
        self._push("", branch, expected)

    def _push(self, sha: str, branch: str, expected: str | None) -> None:
        try:
            commits.push(self.workspace, sha, branch, expected)
        except RepositoryError as error:
            if "stale info" in error.message or "fetch first" in error.message or "rejected" in error.message:
                raise TemporaryError(
                    f"branch {branch!r} has moved in the meantime", hint="Run the job again."
                ) from error
            raise


def pull_request(
    store: CommitStore, github: GitHub, snapshot: Snapshot, head: str, wish: Wish
) -> DeliveryResult:
    """Bring the pull request of WISH in step with SNAPSHOT, a difference to the commit HEAD.

    Raises `RefusedError` if the branch holds a commit that is not ours.
    """
    before = store.branch(wish.branch)
    old = store.commit(before) if before else None
    if old is not None and TRAILER not in old.message:
        raise RefusedError(
            f"branch {wish.branch!r} holds a commit that l10nsync did not make",
            hint="Merge or close its pull request, or name another branch as `pr-branch`.",
        )
    if snapshot.tree == snapshot.base:
        return _close(store, github, wish, before)
    sha = before
    if old is None or digest_of(old.message) != snapshot.digest:
        sha = _moved(store, snapshot, head, wish, before)
    pull = github.open_pull(wish.branch, wish.base)
    if pull is None:
        return _open(github, wish, sha)
    if not same_text(pull.body, wish.body):
        pull = github.update_pull(pull.number, {"body": wish.body})
        return DeliveryResult("updated", pull.number, pull.url, sha)
    return DeliveryResult("unchanged" if sha == before else "updated", pull.number, pull.url, sha)


def _moved(store: CommitStore, snapshot: Snapshot, head: str, wish: Wish, before: str) -> str:
    """Point the branch of WISH to a new commit; return it, or the same one where another run made it first.

    Raises `TemporaryError` if another run was faster with something else.
    """
    sha = store.make(snapshot, message(wish.message, snapshot, wish.brought), head)
    try:
        store.move(wish.branch, sha, before)
    except (TemporaryError, ServiceError) as error:
        now = store.branch(wish.branch)
        if now == before:
            raise
        if now and digest_of(store.commit(now).message) == snapshot.digest:
            return now
        raise TemporaryError(
            f"another run was faster: branch {wish.branch!r} has moved in the meantime",
            hint="Run the job again.",
        ) from error
    return sha


def _close(store: CommitStore, github: GitHub, wish: Wish, before: str) -> DeliveryResult:
    if not before:
        return DeliveryResult("none")
    pull = github.open_pull(wish.branch, wish.base)
    if pull is not None:
        github.update_pull(pull.number, {"state": "closed"})
    store.delete(wish.branch, before)
    return DeliveryResult("closed", pull.number, pull.url) if pull else DeliveryResult("none")


def _open(github: GitHub, wish: Wish, sha: str) -> DeliveryResult:
    fields = {
        "title": wish.title,
        "body": wish.body,
        "head": wish.branch,
        "base": wish.base,
        "draft": wish.draft,
        "maintainer_can_modify": True,
    }
    try:
        pull = github.create_pull(fields)
    except ServiceError:
        theirs = github.open_pull(wish.branch, wish.base)
        if theirs is None:
            raise
        return DeliveryResult("unchanged", theirs.number, theirs.url, sha)  # another run opened it meanwhile
    return DeliveryResult("created", pull.number, pull.url, sha, tuple(_decorate(github, wish, pull)))


def _decorate(github: GitHub, wish: Wish, pull: GitHubPullRequest) -> list[str]:
    """Add labels, assignees and reviewers; what GitHub refuses there is no reason to fail."""
    teams = [reviewer.rpartition("/")[2] for reviewer in wish.reviewers if "/" in reviewer]
    users = [reviewer for reviewer in wish.reviewers if "/" not in reviewer]
    steps: tuple[tuple[str, tuple[str, ...], Callable[[], None]], ...] = (
        ("labels", wish.labels, lambda: github.add_labels(pull.number, wish.labels)),
        ("assignees", wish.assignees, lambda: github.add_assignees(pull.number, wish.assignees)),
        ("reviewers", wish.reviewers, lambda: github.request_reviews(pull.number, users, teams)),
    )
    notices = []
    for part, wanted, step in steps:
        try:
            if wanted:
                step()
        except (RefusedError, ServiceError) as error:
            notices.append(f"the pull request has no {part}: {error.message}")
    return notices


def onto_branch(
    store: CommitStore, snapshot: Snapshot, branch: str, expected: str, text: str
) -> DeliveryResult:
    """Add a commit with what SNAPSHOT changes on top of BRANCH, which was at EXPECTED when the run began.

    TEXT is its whole message.

    A commit of ours that makes the same difference is not made a second time, whatever started the run.
    """
    head = store.branch(branch)
    if head != expected:
        raise TemporaryError(
            f"branch {branch!r} has moved in the meantime",
            hint="The run for its new commit completes the work.",
        )
    if not snapshot.contents or digest_of(store.commit(head).message) == snapshot.digest:
        return DeliveryResult("unchanged", sha=head)
    sha = store.make(snapshot, text, head)
    if not sha:
        return DeliveryResult("unchanged", sha=head)
    store.move(branch, sha, None)
    return DeliveryResult("updated", sha=sha)


def message(text: str, snapshot: Snapshot, brought: frozenset[bytes] | None) -> str:
    """Return a commit message with our trailer."""
    return f"{text.strip()}\n\n{trailer(snapshot.digest, brought)}\n"


def _require_unmoved(branch: str, found: str, expected: str) -> None:
    if found != expected:
        raise TemporaryError(f"branch {branch!r} has moved in the meantime", hint="Run the job again.")
