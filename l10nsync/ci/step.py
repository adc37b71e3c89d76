"""One step of a workflow: what it was given, and how it speaks to the runner and to GitHub."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from l10nsync import __version__
from l10nsync.ci import events
from l10nsync.ci.inputs import Inputs
from l10nsync.ci.log import Log
from l10nsync.ci.policy import EventDecision
from l10nsync.errors import RefusedError, UsageError
from l10nsync.github import API, GitHub
from l10nsync.plan.questions import FoundQuestion
from l10nsync.providers.base import Secret
from l10nsync.render.paint import escape
from l10nsync.render.pull_requests import RunContext


@dataclass(frozen=True, slots=True)
class ActionStep:
    """One step of a workflow."""

    environ: Mapping[str, str]
    log: Log
    outputs: dict[str, str]
    """The outputs for later steps, filled as the step goes on."""
    inputs: Inputs
    event: events.GitHubEvent
    decision: EventDecision
    questions: tuple[FoundQuestion, ...] = ()
    """Translators' questions on strings that the pull request changes."""

    @property
    def comments_plan(self) -> bool:
        """Whether the plan goes into a comment on the pull request."""
        online = self.decision.command == "plan" and self.decision.mode == "online"
        return online and self.event.pull is not None and self.inputs.comment != "never"

    def folder(self) -> Path:
        """Return the folder that the command works in."""
        return self.inside("working-directory", self.inputs.working_directory)

    def report_path(self) -> Path:
        """Return where the status page is to be written."""
        return self.inside("report", self.inputs.report)

    def inside(self, name: str, given: str) -> Path:
        """Return the path that an input names; raise `UsageError` where it leads out of the workspace."""
        workspace = Path(self.environ.get("GITHUB_WORKSPACE") or ".").resolve()
        path = (workspace / given).resolve()
        if not path.is_relative_to(workspace):
            raise UsageError(f"`{name}` leads out of the workspace: {given!r}")
        return path

    @contextlib.contextmanager
    def github(self) -> Iterator[GitHub]:
        """Yield a client of GitHub with the token of the step; raise `UsageError` where there is none."""
        if not self.inputs.github_token:
            raise UsageError(
                "there is no `github-token`", hint="Omit the input to use the workflow's own token."
            )
        github = GitHub(
            self.environ.get("GITHUB_API_URL") or API,
            self.event.repository,
            Secret(self.inputs.github_token),
        )
        try:
            yield github
        finally:
            github.close()

    def forgive(self, failure: str, step: Callable[[], str]) -> str:
        """Do STEP; if the token does not allow it, report that and continue."""
        try:
            return step()
        except RefusedError as error:
            self.log.say("notice", f"{failure}: {error.message}")
            return ""

    @property
    def default_token(self) -> bool:
        """Whether the token is the workflow's own, with which no checks start."""
        return self.inputs.github_token == self.environ.get("L10NSYNC_ACTION_TOKEN", "")

    @property
    def run_url(self) -> str:
        """The page of this run; empty where it is not known."""
        server = self.environ.get("GITHUB_SERVER_URL", "")
        run = self.environ.get("GITHUB_RUN_ID", "")
        return f"{server}/{self.event.repository}/actions/runs/{run}" if server and run.isdigit() else ""

    def context(self) -> RunContext:
        """Return the details of this run for a comment or page."""
        pull = self.event.pull
        sha = pull.head_sha if pull is not None else self.event.ran_sha or self.event.sha
        return RunContext(__version__, sha, self.run_url, pull.base_ref if pull is not None else "")

    def keep(self, name: str, text: str) -> str:
        """Write a file for later steps; return its path."""
        folder = Path(self.environ.get("RUNNER_TEMP") or self.environ.get("GITHUB_WORKSPACE") or ".")
        path = folder / name
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            self.log.miss(f"{name} cannot be written ({error.strerror})")
            return ""
        return str(path)

    def summarize(self, markdown: str) -> None:
        """Add to the summary of the job, if it is wanted."""
        if self.inputs.summary:
            self.log.summary(markdown)

    def say(self, level: str, message: str, **properties: str) -> None:
        """Annotate the run, if that is wanted."""
        if self.inputs.annotations:
            self.log.say(level, escape(message), **properties)
