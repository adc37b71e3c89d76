"""The event that started a workflow run, read from GitHub's environment and payload. Pure.

Everything in a payload may come from a stranger: names are kept as data and never become part of a command.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DEPENDABOT = "dependabot[bot]"
"""Runs that it starts get its own secrets only, whatever the event."""


@dataclass(frozen=True, slots=True)
class EventPullRequest:
    """The pull request that an event is about."""

    number: int
    head_ref: str
    head_sha: str
    head_repository: str
    """`owner/name`; empty when the fork was deleted."""
    base_ref: str
    base_sha: str
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class GitHubEvent:
    """One event of GitHub."""

    name: str
    """Such as `push`, `pull_request`, `schedule`."""
    repository: str = ""
    """`owner/name`."""
    actor: str = ""
    ref: str = ""
    sha: str = ""
    pull: EventPullRequest | None = None
    head_message: str = ""
    """Message of the commit that a push put on top."""
    ran_sha: str = ""
    """`workflow_run`: the commit that the other run was for."""
    ran_repository: str = ""
    ran_branch: str = ""
    unreadable: bool = False
    """What it says of itself cannot be read, or lacks what every event of its kind has."""
    default_branch: str = ""
    """Of the repository; empty where the event does not say."""
    deleted: bool = False
    """A push that deleted its branch: the checkout is not what the branch holds."""

    @property
    def fork(self) -> bool:
        """Whether the code comes from another repository."""
        if self.pull is None:
            return False
        theirs = self.pull.head_repository.lower()
        return not theirs or theirs != self.repository.lower()

    @property
    def dependabot(self) -> bool:
        """Whether Dependabot started the run: GitHub treats it as a fork."""
        return self.actor == DEPENDABOT

    @property
    def branch(self) -> str:
        """Name of the branch that the run works on; empty for a tag."""
        if self.pull is not None:
            return self.pull.head_ref
        return self.ref.removeprefix("refs/heads/") if self.ref.startswith("refs/heads/") else ""


def read(environ: Mapping[str, str], payload: object) -> GitHubEvent:
    """Return the event of ENVIRON (`GITHUB_…`) and PAYLOAD (the JSON of `GITHUB_EVENT_PATH`).

    A payload of another shape gives an event that knows less, or is `unreadable`; it never fails. None stands
    for a payload that could not be read at all.
    """
    data = _record(payload)
    run = _record(data.get("workflow_run"))
    name, pull = environ.get("GITHUB_EVENT_NAME", ""), _pull_request(data)
    return GitHubEvent(
        name=name,
        repository=environ.get("GITHUB_REPOSITORY", ""),
        actor=environ.get("GITHUB_ACTOR", ""),
        ref=environ.get("GITHUB_REF", ""),
        sha=environ.get("GITHUB_SHA", ""),
        pull=pull,
        unreadable=not isinstance(payload, dict) or (pull is None and _is_of_pull_request(environ)),
        head_message=_text(_record(data.get("head_commit")).get("message")),
        ran_sha=_text(run.get("head_sha")),
        ran_repository=_text(_record(run.get("head_repository")).get("full_name")),
        ran_branch=_text(run.get("head_branch")),
        default_branch=_text(_record(data.get("repository")).get("default_branch")),
        deleted=deletes(data),
    )


def deletes(payload: Mapping[str, Any]) -> bool:
    """Return whether a push event says that its branch or tag is gone: in a word, or by a commit of zeros."""
    after = _text(payload.get("after"))
    return payload.get("deleted") is True or bool(after and not after.strip("0"))


def _is_of_pull_request(environ: Mapping[str, str]) -> bool:
    """Whether the runner itself says that the event is about a pull request."""
    named = environ.get("GITHUB_EVENT_NAME", "").startswith("pull_request")
    return named or environ.get("GITHUB_REF", "").startswith("refs/pull/")


def _pull_request(data: Mapping[str, Any]) -> EventPullRequest | None:
    found = _record(data.get("pull_request"))
    head, base = _record(found.get("head")), _record(found.get("base"))
    number = found.get("number")
    if not isinstance(number, int) or not head:
        return None
    labels = found.get("labels")
    return EventPullRequest(
        number=number,
        head_ref=_text(head.get("ref")),
        head_sha=_text(head.get("sha")),
        head_repository=_text(_record(head.get("repo")).get("full_name")),
        base_ref=_text(base.get("ref")),
        base_sha=_text(base.get("sha")),
        labels=frozenset(
            _text(_record(label).get("name")) for label in (labels if isinstance(labels, list) else [])
        )
        - {""},
    )


def _record(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
