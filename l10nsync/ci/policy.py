"""What an event may lead to: whose code runs, whether secrets may be used, who may spend money. Pure.

The table, in words (`docs/github-action.md` has it for users):

    pull_request_target, workflow_run, issue_comment   refused: a stranger's code or words beside secrets
    a fork's pull request, anything by Dependabot      offline, or nothing; never a secret, never a write
    an event that cannot be read                       as a fork's
    a pull request of this repository                  reads; pushes its own branch's files; authorizes only
                                                       by input or label; commits only onto its own branch
    merge_group                                        reads; the push that follows the merge does the rest
    a push that deleted its branch                     reads; nothing is sent or delivered
    push, schedule, dispatches, releases               everything
    any other event                                    reads
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from l10nsync.ci.events import GitHubEvent
from l10nsync.ci.inputs import Inputs

RunMode = Literal["online", "offline", "skip", "refuse"]

REFUSED = {
    "pull_request_target": "it runs with the base repository's secrets on code from anybody; use"
    " `pull_request`, which gives a fork an offline plan",
    "workflow_run": "it runs with secrets after a run that anybody may start; only `command: comment`"
    " may follow such a run, and it treats what the run left as data",
    "issue_comment": "anybody may write a comment, and it runs with secrets; use `workflow_dispatch`",
}
TRUSTED = frozenset(
    {"push", "schedule", "workflow_dispatch", "repository_dispatch", "release", "create", "deployment"}
)
"""Events that only somebody with write access can cause."""
READS = frozenset({"check", "plan", "status", "verify", "install"})
_OFFLINE_FORM = {"check": "check", "plan": "plan", "push": "plan", "verify": "verify"}


@dataclass(frozen=True, slots=True)
class EventDecision:
    """What is done about an event."""

    mode: RunMode
    command: str
    reason: str = ""
    """One sentence for the log, where it is not simply what was asked for."""
    authorize: bool | None = None
    """Whether a push authorizes its job; None for what the manifest says."""


def decide(event: GitHubEvent, inputs: Inputs) -> EventDecision:
    """Return what is done about EVENT; secrets are not looked at, so their absence changes nothing here."""
    command = inputs.command
    if event.name in REFUSED:
        return _dangerous(event, command)
    if command == "comment":
        return EventDecision(
            "refuse", command, "`command: comment` is for `workflow_run`; `plan` comments by itself"
        )
    if command == "install":
        return EventDecision("online", command)
    if event.fork or event.dependabot or event.unreadable:
        return _stranger(event, inputs)
    if event.pull is not None:
        return _pull_request(event, inputs)
    return _own(event, inputs)


def _dangerous(event: GitHubEvent, command: str) -> EventDecision:
    """Decide about an event that brings a stranger's code or words beside secrets."""
    if event.name == "workflow_run" and command == "comment" and not event.unreadable:
        return EventDecision("online", command)
    return EventDecision("refuse", command, f"`{event.name}` is refused: {REFUSED[event.name]}")


def _own(event: GitHubEvent, inputs: Inputs) -> EventDecision:
    """Decide about an event of this repository that is not a pull request."""
    command = inputs.command
    if event.deleted and command not in READS:
        return EventDecision(
            "skip", command, f"the push deleted {event.ref or 'its branch'}: nothing is sent for it"
        )
    if event.name in TRUSTED or command in READS:
        return EventDecision("online", command, authorize=_explicit(inputs))
    if event.name == "merge_group":
        return EventDecision(
            "skip", command, f"a merge queue's run does not {command}; the push that follows the merge does"
        )
    return EventDecision(
        "refuse",
        command,
        f"`{event.name or 'this'}` is not an event to {command} on; use `push` or a dispatch",
    )


def _stranger(event: GitHubEvent, inputs: Inputs) -> EventDecision:
    run = f"this run is {'Dependabot' if event.dependabot else 'a fork'}'s"
    if event.unreadable:
        run = "the event of this run cannot be read, so it is taken for a fork's"
    if inputs.fork_mode == "fail":
        return EventDecision("refuse", inputs.command, f"{run}, and `fork-mode` is `fail`")
    form = _OFFLINE_FORM.get(inputs.command)
    if inputs.fork_mode == "skip" or form is None:
        return EventDecision("skip", inputs.command, f"{run}: it has no secrets, and nothing is done")
    does = "compares with the base" if form == "plan" else "looks at the repository alone"
    return EventDecision("offline", form, f"{run}: it has no secrets, so it {does}")


def _pull_request(event: GitHubEvent, inputs: Inputs) -> EventDecision:
    command = inputs.command
    if command == "pull" and inputs.deliver == "pull-request":
        return EventDecision(
            "refuse",
            command,
            "a pull request's run does not open another one; use `deliver: commit` or `deliver: none`",
        )
    explicit = _explicit(inputs)
    labels = event.pull.labels if event.pull else frozenset()
    labelled = bool(inputs.authorize_label) and inputs.authorize_label in labels
    return EventDecision("online", command, authorize=explicit if explicit is not None else labelled)


def _explicit(inputs: Inputs) -> bool | None:
    return {"true": True, "false": False}.get(inputs.authorize)
