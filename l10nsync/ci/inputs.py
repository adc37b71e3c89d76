"""The inputs of the Action, from the JSON that GitHub makes of them. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from l10nsync.errors import UsageError

COMMANDS = ("check", "plan", "push", "pull", "status", "verify", "comment", "install")
_CHOICES = {
    "command": COMMANDS,
    "wait": ("processed", "accepted", "none"),
    "fail-on": ("never", "changes"),
    "fork-mode": ("offline", "skip", "fail"),
    "authorize": ("", "true", "false"),
    "comment": ("changes", "always", "never"),
    "deliver": ("pull-request", "commit", "none"),
    "commit-method": ("api", "git"),
}
_TRUTHS = {"true": True, "false": False}
SETUP_ONLY = frozenset({"python", "executable"})
"""Inputs that the installation reads, before there is a program to read them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What the workflow asked for; a field is the input of that name with `_` for `-`."""

    command: str
    args: tuple[str, ...] = ()
    """Further arguments of l10nsync, one a line; never split at spaces, never seen by a shell."""
    working_directory: str = "."
    manifest: tuple[str, ...] = ()
    user_id: str = ""
    user_secret: str = ""
    project_id: tuple[str, ...] = ()
    """The only projects that the manifest may name: a pull request cannot change that. The first is the one
    of a manifest that names none."""
    api_url: str = ""
    """Address of Smartling's API, where it is not the usual one."""
    smartmate_api_url: str = ""
    branch: str = ""
    base: str = ""
    resources: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    gate: str = ""
    wait: str = "processed"
    fail_on: str = "never"
    authorize: str = ""
    authorize_label: str = ""
    """A label that, on the pull request, lets a push authorize its job."""
    accept_shrink: bool = False
    accept_namespace_change: bool = False
    accept_superseded: bool = False
    accept_collision: bool = False
    fork_mode: str = "offline"
    cache: bool = True
    """Carry what this run learns to later ones, through GitHub's cache."""
    github_token: str = ""
    comment: str = "changes"
    comment_key: str = ""
    comment_file: str = ""
    check_name: str = ""
    """Name of the check run that says how far the translations are; empty for none."""
    summary: bool = True
    annotations: bool = True
    report: str = ""
    """Path for the HTML status report, relative to the workspace."""
    deliver: str = "pull-request"
    commit_method: str = "api"
    commit_message: str = "Update translations"
    pr_branch: str = ""
    pr_base: str = ""
    pr_title: str = "Update translations"
    pr_body: str = ""
    pr_labels: tuple[str, ...] = ()
    pr_reviewers: tuple[str, ...] = ()
    pr_assignees: tuple[str, ...] = ()
    pr_draft: bool = False


_LISTS = frozenset(
    {"manifest", "project_id", "resources", "locales", "pr_labels", "pr_reviewers", "pr_assignees"}
)
_ACCEPTED = ("accept_shrink", "accept_namespace_change", "accept_superseded", "accept_collision")
"""What a push refuses without the flag of the same name."""
_SWITCHES = frozenset({"summary", "annotations", "pr_draft", "cache", *_ACCEPTED})
NAMES = frozenset(field.name.replace("_", "-") for field in fields(Inputs)) | SETUP_ONLY
"""Every input that `action.yml` may declare."""


def parse(text: str) -> Inputs:
    """Return the inputs of TEXT, the JSON of GitHub's `toJSON(inputs)`.

    An input that is left empty has its default. Raises `UsageError` naming the input that is wrong.
    """
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the inputs of the Action are not JSON: {error}") from error
    if not isinstance(given, dict):
        raise UsageError("the inputs of the Action are not a JSON object")
    if unknown := sorted(given.keys() - NAMES):
        raise UsageError(
            f"the Action has no input {unknown[0]!r}", hint=f"It has: {', '.join(sorted(NAMES))}."
        )
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name in SETUP_ONLY:
            continue
        if not isinstance(value, str):
            raise UsageError(f"input {name!r} must be a string", hint=f"It is {json.dumps(value)}.")
        _read(name, value, values)
    if "command" not in values:
        raise UsageError("input 'command' is missing", hint=f"It is one of: {', '.join(COMMANDS)}.")
    return Inputs(**values)


def _read(name: str, value: str, values: dict[str, Any]) -> None:
    field = name.replace("-", "_")
    # A pasted title may hold anything; only texts that are one line are stripped.
    stripped = value.strip()
    if field == "args":
        values[field] = _parts(r"\n", value)
    elif field in _LISTS:
        values[field] = _parts(r"[,\n]", value)
    elif name in _CHOICES and (stripped or "" in _CHOICES[name]):
        _require_choice(name, stripped, [choice for choice in _CHOICES[name] if choice])
        values[field] = stripped
    elif field in _SWITCHES and stripped:
        _require_choice(name, stripped, list(_TRUTHS))
        values[field] = _TRUTHS[stripped]
    elif stripped:
        values[field] = stripped


def _parts(between: str, value: str) -> tuple[str, ...]:
    return tuple(part for word in re.split(between, value) if (part := word.strip()))


def _require_choice(name: str, value: str, choices: list[str]) -> None:
    if value and value not in choices:
        raise UsageError(
            f"input {name!r} cannot be {value!r}",
            hint=f"It is one of: {', '.join(f'`{choice}`' for choice in choices)}.",
        )


def accepted(inputs: Inputs) -> list[str]:
    """Return the flags for what a push must accept."""
    return [f"--{name.replace('_', '-')}" for name in _ACCEPTED if getattr(inputs, name)]


def environment(inputs: Inputs, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment that the run works with.

    Where to send credentials is said by the workflow alone: an earlier step may have run a stranger's
    code, which can set variables for the steps that follow.
    """
    variables = {key: value for key, value in environ.items() if key not in _TAKEN_FROM_INPUTS}
    variables["L10NSYNC_ACTION"] = "true"
    pairs = (
        ("SMARTLING_API_URL", inputs.api_url),
        ("SMARTMATE_API_URL", inputs.smartmate_api_url),
        ("SMARTLING_USER_IDENTIFIER", inputs.user_id),
        ("SMARTLING_USER_SECRET", inputs.user_secret),
        ("SMARTLING_PROJECT_ID", "".join(inputs.project_id[:1])),
        ("L10NSYNC_GIT_TOKEN", inputs.github_token),
    )
    for name, value in pairs:
        if value:
            variables[name] = value
            for other in _OTHER_SPELLINGS.get(name, ()):
                variables.pop(other, None)
    return variables


_TAKEN_FROM_INPUTS = frozenset(
    {
        "SMARTLING_API_URL",
        "SMARTMATE_API_URL",
        "L10NSYNC_ACTION_INPUTS",
        "L10NSYNC_ACTION_TOKEN",
        "L10NSYNC_GIT_TOKEN",
        "L10NSYNC_MANIFEST",
        "L10NSYNC_LOG_FILE",
        "L10NSYNC_BRANCH",
        "L10NSYNC_DEFAULT_BRANCH",
        "L10NSYNC_DELETED_BRANCH",
        "L10NSYNC_FORK",
        "L10NSYNC_PULL_REQUEST",
    }
)
_OTHER_SPELLINGS = {
    "SMARTLING_USER_IDENTIFIER": ("SMARTLING_USER_ID",),
    "SMARTLING_USER_SECRET": ("SMARTLING_SECRET",),
}
