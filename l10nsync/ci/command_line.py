"""The command line that the Action runs, from its inputs and the event."""

from __future__ import annotations

from itertools import chain

from l10nsync.app import Repository
from l10nsync.ci import inputs as action_inputs
from l10nsync.ci.step import ActionStep
from l10nsync.errors import UsageError

PULL_REQUEST_JOB = "{repo} pull request {pr}"
"""Job of a pull request's branch, unless `args` names another."""


def arguments(step: ActionStep, repository: Repository) -> list[str]:
    """Return the command line of the command; `args` comes last, and wins."""
    given, command = step.inputs, step.decision.command
    words = ["-C", str(step.folder())]
    words += list(chain.from_iterable(("-f", name) for name in given.manifest))
    words += ["--branch", given.branch] if given.branch else []
    words += list(chain.from_iterable(("-r", name) for name in given.resources))
    words += list(chain.from_iterable(("-l", name) for name in given.locales))
    words.append(command)
    if command == "plan" and step.decision.mode == "offline":
        words += ["--offline", *_base(step, repository)]
    elif command == "push":
        words += _push_options(step)
    elif command == "pull":
        words += _pull_options(step)
    elif command == "verify":
        words += ["--offline"] if step.decision.mode == "offline" else []
        words += ["--gate", given.gate] if given.gate else []
    elif command == "status" and given.report:
        report = step.report_path()
        report.parent.mkdir(parents=True, exist_ok=True)
        words += ["--html", str(report)]
    return [*words, *given.args]


def _push_options(step: ActionStep) -> list[str]:
    given = step.inputs
    words = ["--wait", given.wait]
    words += {True: ["--authorize"], False: ["--no-authorize"], None: []}[step.decision.authorize]
    words += action_inputs.accepted(given)
    # A pull request's files go into a job of their own: it ends with the pull request.
    if step.event.pull is not None and "--job" not in given.args:
        words += ["--job", PULL_REQUEST_JOB]
    return words


def _pull_options(step: ActionStep) -> list[str]:
    given = step.inputs
    # The check promises complete translations.
    if given.check_name and "--min-completion" not in given.args:
        return ["--min-completion", "100"]
    return []


def _base(step: ActionStep, repository: Repository) -> list[str]:
    """Return the revision that an offline plan compares with, as far as the checkout has one."""
    if step.inputs.base:
        return ["--base", step.inputs.base]
    pull, workspace = step.event.pull, repository.workspace
    if pull is None:
        return []
    merged = workspace.resolve("HEAD^2")
    if merged and merged == pull.head_sha:
        return ["--base", "HEAD^1"]  # what `pull_request` checks out merges the head into the base
    for revision in (pull.base_sha, f"origin/{pull.base_ref}"):
        if revision and workspace.resolve(revision):
            return ["--base", revision]
    raise UsageError(
        "the checkout lacks the commit that the pull request starts from",
        hint="Check out with `fetch-depth: 2`, which brings the merge commit and its base.",
    )
