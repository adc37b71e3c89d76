"""What the GitHub Action does: decide, run the ordinary command, report the result to GitHub.

`act` is the whole of it; `remember` comes before, in a step of its own. The command line gives `act` an
`invoke`, which runs a command as a terminal would and returns its results as values.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

from l10nsync import __version__
from l10nsync.app import Repository, Settings, open_repository
from l10nsync.ci import events, memory
from l10nsync.ci import inputs as action_inputs
from l10nsync.ci.annotations import report_error
from l10nsync.ci.command_line import arguments
from l10nsync.ci.comments import comment_for_fork
from l10nsync.ci.log import Log
from l10nsync.ci.policy import decide
from l10nsync.ci.step import ActionStep
from l10nsync.ci.step_outputs import tell
from l10nsync.errors import (
    EXIT_DIFFERENCES,
    EXIT_GATE,
    EXIT_OK,
    EXIT_PARTIAL,
    EXIT_REFUSED,
    EXIT_TEMPORARY,
    EXIT_USAGE,
    L10nSyncError,
    RefusedError,
)
from l10nsync.plan.questions import FoundQuestion, QuestionList
from l10nsync.workspace import Workspace

_OUTCOMES = {
    EXIT_DIFFERENCES: "changes",
    EXIT_GATE: "gate-failed",
    EXIT_PARTIAL: "partial",
    EXIT_REFUSED: "refused",
    EXIT_TEMPORARY: "temporary",
    EXIT_USAGE: "invalid",
}


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that was run."""

    code: int
    shown: tuple[object, ...]
    """Its results and the error that ended it, as values."""


Invoke = Callable[[Sequence[str], Mapping[str, str], Callable[[str], None], Callable[[str], str]], Ran]
"""Runs a command with a command line, an environment, a function that hides a
new token in the log, and one that returns the newest commit of a branch."""


def act(environ: Mapping[str, str], invoke: Invoke) -> int:
    """Do what the Action was asked to do; return the exit code of the step."""
    log = Log(environ)
    outputs: dict[str, str] = {"version": __version__, "offline": "false"}
    code = EXIT_USAGE
    try:
        code = _run(_begun(environ, log, outputs), invoke)
    except L10nSyncError as error:
        code = error.exit_code
        report_error(log, error, summary=True)
    finally:
        outputs["exit-code"] = str(code)
        outputs.setdefault("outcome", _OUTCOMES.get(code, "error" if code else "clean"))
        log.outputs(outputs)
    return code or (EXIT_PARTIAL if log.failed else EXIT_OK)


def remember(environ: Mapping[str, str]) -> int:
    """Say where the memory of earlier runs is restored from; what is wrong with the step, `act` says."""
    log = Log(environ)
    with contextlib.suppress(L10nSyncError):
        step = _begun(environ, log, {})
        log.outputs(memory.places(step, Workspace.open(step.folder()).git_dir))
    return EXIT_OK


def _begun(environ: Mapping[str, str], log: Log, outputs: dict[str, str]) -> ActionStep:
    """Read what the step was given, hide its secrets in the log, and decide what it may do."""
    inputs = action_inputs.parse(environ.get("L10NSYNC_ACTION_INPUTS", ""))
    for secret in (inputs.user_secret, inputs.github_token):
        log.mask(secret)
    event = events.read(environ, _payload(environ))
    return ActionStep(environ, log, outputs, inputs, event, decide(event, inputs))


def _run(step: ActionStep, invoke: Invoke) -> int:
    """Run the step; return its exit code."""
    decision = step.decision
    _name_proxy(step)
    if decision.mode == "refuse":
        raise RefusedError(decision.reason)
    if decision.reason:
        step.log.say("notice", decision.reason)
        step.summarize(f"> {decision.reason}\n")
    if decision.mode == "skip":
        step.outputs["outcome"] = "skipped"
        return EXIT_OK
    if decision.command == "install":
        return EXIT_OK
    if decision.command == "comment":
        comment_for_fork(step)
        return EXIT_OK
    return _run_command(step, invoke)


def _run_command(step: ActionStep, invoke: Invoke) -> int:
    environ = action_inputs.environment(step.inputs, step.environ)
    offline = step.decision.mode == "offline"
    step.outputs["offline"] = str(offline or "--offline" in step.inputs.args).lower()
    if offline:
        environ = _without_secrets(environ)
    repository = _open(step, environ)
    _require_pinned(step, repository)
    if step.decision.command == "push" and step.event.pull is not None:
        _require_own_uris(repository)
    git_dir, carries = repository.workspace.git_dir, memory.carries(step)
    taken = memory.take(step, environ, git_dir) if carries else ""
    with step.log.quoted():
        ran = invoke(arguments(step, repository), environ, step.log.mask, partial(_head_of, step))
    if carries:
        step.outputs.update(memory.leave(step, environ, git_dir, taken))
    if step.comments_plan:
        step = replace(step, questions=_asked(step, invoke, environ))
    return tell(step, ran.shown, ran.code, repository)


def _without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of an offline run: nothing that a stranger's code leads to may hold a secret."""
    secrets = ("SMART", "L10NSYNC_GIT_TOKEN")
    return {key: value for key, value in environ.items() if not key.startswith(secrets)}


def _asked(step: ActionStep, invoke: Invoke, environ: Mapping[str, str]) -> tuple[FoundQuestion, ...]:
    """Return the translators' questions on strings that the pull request changes; none if unanswered."""
    words = ["-C", str(step.folder())]
    words += list(chain.from_iterable(("-f", name) for name in step.inputs.manifest))
    words += ["questions", "list", "--changed"]
    with step.log.quoted():
        ran = invoke(words, environ, step.log.mask, partial(_head_of, step))
    return next((value.questions for value in ran.shown if isinstance(value, QuestionList)), ())


def _head_of(step: ActionStep, branch: str) -> str:
    """Return the newest commit of a branch; empty where GitHub does not say: git itself may know."""
    try:
        with step.github() as github:
            return github.branch(branch)
    except L10nSyncError:
        return ""


def _open(step: ActionStep, environ: Mapping[str, str]) -> Repository:
    settings = Settings(step.folder(), manifests=step.inputs.manifest, branch=step.inputs.branch or None)
    return open_repository(settings, environ, checked=False)


def _require_pinned(step: ActionStep, repository: Repository) -> None:
    """Raise `RefusedError` where the manifest names another project than the workflow does."""
    wanted = step.inputs.project_id
    strangers = {project.id for project in repository.manifest.projects.values() if project.id} - set(wanted)
    if wanted and strangers:
        allowed = " and ".join(repr(project) for project in wanted)
        raise RefusedError(
            f"the manifest names project {min(strangers)!r}, the workflow allows only {allowed}",
            hint="Change `project-id` in the workflow, or the manifest; nothing was sent.",
        )


def _require_own_uris(repository: Repository) -> None:
    """Raise `RefusedError` where a pull request's files would take the place of the default branch's."""
    shared = [source.path for source in repository.sources if source.push and not source.default_uri]
    if shared:
        raise RefusedError(
            f"{shared[0]} has the same fileUri on every branch: a pull request would replace it for all",
            hint="Begin `fileUri` with `{branch}/`, or push after the merge.",
        )


def _payload(environ: Mapping[str, str]) -> object:
    """Return what the event says of itself; None where that cannot be read."""
    with contextlib.suppress(OSError, ValueError, KeyError, RecursionError):
        return json.loads(Path(environ["GITHUB_EVENT_PATH"]).read_text("utf-8"))
    return None


def _name_proxy(step: ActionStep) -> None:
    """Name what an earlier step may have put between us and the service."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        if value := step.environ.get(name):
            step.log.say("notice", f"{name} is set: {value.rpartition('@')[2]}")
