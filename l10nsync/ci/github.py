"""What the GitHub Action does: decide, run the ordinary command, report the result to GitHub.

`act` is the whole of it. The command line gives it `invoke`, which runs a command as a terminal would
and returns its results as values.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

from l10nsync import __version__
from l10nsync.app import Repository, Settings, open_repository
from l10nsync.app.brought import brought_by
from l10nsync.ci import checks, delivery, events
from l10nsync.ci import inputs as action_inputs
from l10nsync.ci.inputs import Inputs
from l10nsync.ci.log import Log
from l10nsync.ci.policy import EventDecision, decide
from l10nsync.errors import (
    EXIT_DIFFERENCES,
    EXIT_GATE,
    EXIT_OK,
    EXIT_PARTIAL,
    EXIT_REFUSED,
    EXIT_TEMPORARY,
    EXIT_USAGE,
    Diagnostic,
    L10nSyncError,
    RefusedError,
    SupersededError,
    UsageError,
    worst,
)
from l10nsync.github import API, GitHub
from l10nsync.plan import Counts, Plan, Report, SourceChange, Status, TargetChange
from l10nsync.plan.gate import Judgement
from l10nsync.plan.questions import FoundQuestion, QuestionList
from l10nsync.providers.base import Secret
from l10nsync.render import gate, pull_requests, reports, status, verification
from l10nsync.render.paint import escape
from l10nsync.render.pull_requests import RunContext
from l10nsync.workspace import commits
from l10nsync.workspace.commits import Snapshot

PULL_REQUEST_JOB = "{repo} pull request {pr}"
"""Job of a pull request's branch, unless `args` names another."""
_ANNOTATIONS = 10
"""Of one level; GitHub shows no more of one step."""
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
"""Runs a command with a command line, an environment, what hides a new token in the log, and what tells the
newest commit of a branch."""


def act(environ: Mapping[str, str], invoke: Invoke) -> int:
    """Do what the Action was asked to do; return the exit code of the step."""
    log = Log(environ)
    outputs: dict[str, str] = {"version": __version__, "offline": "false"}
    code = EXIT_USAGE
    try:
        code = _ActionStep(environ, log, outputs, invoke).run()
    except L10nSyncError as error:
        code = error.exit_code
        _report_error(log, error, summary=True)
    finally:
        outputs["exit-code"] = str(code)
        outputs.setdefault("outcome", _OUTCOMES.get(code, "error" if code else "clean"))
        log.outputs(outputs)
    return code or (EXIT_PARTIAL if log.failed else EXIT_OK)


@dataclass
class _ActionStep:
    """One step of a workflow."""

    environ: Mapping[str, str]
    log: Log
    outputs: dict[str, str]
    invoke: Invoke
    inputs: Inputs = field(init=False)
    event: events.GitHubEvent = field(init=False)
    decision: EventDecision = field(init=False)
    questions: tuple[FoundQuestion, ...] = ()
    """Translators' questions on strings that the pull request changes."""

    def run(self) -> int:
        """Run the step."""
        self.inputs = action_inputs.parse(self.environ.get("L10NSYNC_ACTION_INPUTS", ""))
        for secret in (self.inputs.user_secret, self.inputs.github_token):
            self.log.mask(secret)
        self.event = events.read(self.environ, _payload(self.environ))
        self.decision = decide(self.event, self.inputs)
        self._name_proxy()
        if self.decision.mode == "refuse":
            raise RefusedError(self.decision.reason)
        if self.decision.reason:
            self.log.say("notice", self.decision.reason)
            self._summarize(f"> {self.decision.reason}\n")
        if self.decision.mode == "skip":
            self.outputs["outcome"] = "skipped"
            return EXIT_OK
        if self.decision.command == "install":
            return EXIT_OK
        if self.decision.command == "comment":
            return self._comment_for_fork()
        return self._command()

    # --- an ordinary command ------------------------------------------------------------------------------

    def _command(self) -> int:
        environ = action_inputs.environment(self.inputs, self.environ)
        offline = self.decision.mode == "offline"
        self.outputs["offline"] = str(offline or "--offline" in self.inputs.args).lower()
        if offline:
            # Nothing that a stranger's code leads to may even hold a secret.
            secrets = ("SMART", "L10NSYNC_GIT_TOKEN")
            environ = {key: value for key, value in environ.items() if not key.startswith(secrets)}
        repository = self._open(environ)
        self._require_pinned(repository)
        if self.decision.command == "push" and self.event.pull is not None:
            _require_own_uris(repository)
        with self.log.quoted():
            ran = self.invoke(self._arguments(repository), environ, self.log.mask, self._head_of)
        if self._comments:
            self.questions = self._asked(environ)
        return self._tell(ran, repository)

    @property
    def _comments(self) -> bool:
        """Whether the plan goes into a comment on the pull request."""
        online = self.decision.command == "plan" and self.decision.mode == "online"
        return online and self.event.pull is not None and self.inputs.comment != "never"

    def _asked(self, environ: Mapping[str, str]) -> tuple[FoundQuestion, ...]:
        """Return the translators' questions on strings that the pull request changes; none if unanswered."""
        words = ["-C", str(self._folder())]
        words += list(chain.from_iterable(("-f", name) for name in self.inputs.manifest))
        words += ["questions", "list", "--changed"]
        with self.log.quoted():
            ran = self.invoke(words, environ, self.log.mask, self._head_of)
        return next((value.questions for value in ran.shown if isinstance(value, QuestionList)), ())

    def _head_of(self, branch: str) -> str:
        """Return the newest commit of a branch; empty where GitHub does not say: git itself may know."""
        try:
            with self._github() as github:
                return github.branch(branch)
        except L10nSyncError:
            return ""

    def _open(self, environ: Mapping[str, str]) -> Repository:
        settings = Settings(self._folder(), manifests=self.inputs.manifest, branch=self.inputs.branch or None)
        return open_repository(settings, environ, checked=False)

    def _folder(self) -> Path:
        return self._inside("working-directory", self.inputs.working_directory)

    def _inside(self, name: str, given: str) -> Path:
        """Return the path that an input names; raise `UsageError` where it leads out of the workspace."""
        workspace = Path(self.environ.get("GITHUB_WORKSPACE") or ".").resolve()
        path = (workspace / given).resolve()
        if not path.is_relative_to(workspace):
            raise UsageError(f"`{name}` leads out of the workspace: {given!r}")
        return path

    def _require_pinned(self, repository: Repository) -> None:
        """Raise `RefusedError` where the manifest names another project than the workflow does."""
        wanted = self.inputs.project_id
        strangers = {project.id for project in repository.manifest.projects.values() if project.id} - set(
            wanted
        )
        if wanted and strangers:
            allowed = " and ".join(repr(project) for project in wanted)
            raise RefusedError(
                f"the manifest names project {min(strangers)!r}, the workflow allows {allowed} alone",
                hint="Change `project-id` in the workflow, or the manifest; nothing was sent.",
            )

    def _arguments(self, repository: Repository) -> list[str]:
        """Return the command line of the command."""
        given, decision = self.inputs, self.decision
        words = ["-C", str(self._folder())]
        words += list(chain.from_iterable(("-f", name) for name in given.manifest))
        words += ["--branch", given.branch] if given.branch else []
        words += list(chain.from_iterable(("-r", name) for name in given.resources))
        words += list(chain.from_iterable(("-l", name) for name in given.locales))
        words.append(decision.command)
        if decision.command == "plan" and decision.mode == "offline":
            words += ["--offline", *self._base(repository)]
        if decision.command == "push":
            words += ["--wait", given.wait]
            words += {True: ["--authorize"], False: ["--no-authorize"], None: []}[decision.authorize]
            words += action_inputs.accepted(given)
            if self.event.pull is not None and "--job" not in given.args:
                words += ["--job", PULL_REQUEST_JOB]
        if decision.command == "pull" and given.check_name and "--min-completion" not in given.args:
            words += ["--min-completion", "100"]  # the check promises complete translations
        if decision.command == "verify":
            words += ["--offline"] if decision.mode == "offline" else []
            words += ["--gate", given.gate] if given.gate else []
        if decision.command == "status" and given.report:
            report = self._report_path()
            report.parent.mkdir(parents=True, exist_ok=True)
            words += ["--html", str(report)]
        return [*words, *given.args]

    def _base(self, repository: Repository) -> list[str]:
        """Return the revision that an offline plan compares with, as far as the checkout has one."""
        if self.inputs.base:
            return ["--base", self.inputs.base]
        pull, workspace = self.event.pull, repository.workspace
        if pull is None:
            return []
        merged = workspace.resolve("HEAD^2")
        if merged and merged == pull.head_sha:
            return ["--base", "HEAD^1"]  # what `pull_request` checks out merges the head into the base
        for revision in (pull.base_sha, f"origin/{pull.base_ref}"):
            if revision and workspace.resolve(revision):
                return ["--base", revision]
        raise UsageError(
            "the commit that the pull request starts from is not in the checkout",
            hint="Check out with `fetch-depth: 2`, which brings the merge commit and its base.",
        )

    def _report_path(self) -> Path:
        return self._inside("report", self.inputs.report)

    # --- what came about ----------------------------------------------------------------------------------

    def _tell(self, ran: Ran, repository: Repository) -> int:
        """Turn the results into outputs, summary, annotations, comment and pull request."""
        codes = [ran.code]
        for value in ran.shown:
            if isinstance(value, L10nSyncError):
                _report_error(self.log, value, annotate=self.inputs.annotations, summary=self.inputs.summary)
            elif isinstance(value, Plan):
                self._tell_plan(value)
                if self.inputs.fail_on == "changes" and value.has_work:
                    codes.append(EXIT_DIFFERENCES)
            elif isinstance(value, Report):
                self._tell_report(value, repository)
            elif isinstance(value, Judgement):
                self._tell_judgement(value)
            elif isinstance(value, Status):
                self._tell_status(value)
        if self.inputs.report and self._report_path().is_file():
            self.outputs["report-file"] = str(self._report_path())
        code = worst(codes)
        if code == EXIT_OK and self.outputs.get("has-changes") == "true":
            self.outputs["outcome"] = "changes"
        return code

    def _tell_plan(self, plan: Plan) -> None:
        data = plan.as_data()
        uploads = [change for change in plan.work if isinstance(change, SourceChange)]
        self.outputs |= {
            "has-changes": str(plan.has_work).lower(),
            "files-to-push": str(len(uploads)),
            "files-to-pull": str(len(plan.work) - len(uploads)),
            "strings": str(sum(upload.new_strings for upload in uploads)),
            "words": str(sum(upload.new_words for upload in uploads)),
            "plan-file": self._keep("l10nsync-plan.json", json.dumps(data, indent=2)),
        }
        markdown = pull_requests.plan_markdown(data, self._context(), self.questions)
        self.outputs["markdown-file"] = self._keep("l10nsync-plan.md", markdown)
        self._summarize(markdown)
        self._annotate_changes(plan)
        pull = self.event.pull
        if pull is not None and self._comments:
            worth = self.inputs.comment == "always" or plan.has_work or bool(plan.refused or plan.held)
            worth = worth or bool(self.questions)
            with self._github() as github:
                self._comment(github, pull.number, data, create=worth)

    def _tell_judgement(self, found: Judgement) -> None:
        """Turn what a gate says into outputs, annotations and the summary."""
        if found.completion:
            self._tell_completion(found.completion)
        blocking = set(
            chain.from_iterable((obstacle.locales or (obstacle.locale,)) for obstacle in found.obstacles)
        ) - {"*"}
        self.outputs["blocking-locales"] = json.dumps(sorted(blocking))
        self._summarize(gate.markdown(found))
        if self.inputs.annotations and found.verification:
            _annotate_problems(self.log, verification.problems(found.verification))
        if not found.passed:
            self._say("error", gate.verdict(found))

    def _tell_status(self, found: Status) -> None:
        self._tell_completion(found.by_locale())
        self._summarize(status.markdown(found))

    def _tell_completion(self, counts: Mapping[str, Counts]) -> None:
        self.outputs["completion"] = json.dumps(
            {locale: figures.completion for locale, figures in counts.items()}
        )

    def _tell_report(self, report: Report, repository: Repository) -> None:
        plan = report.plan
        markdown = reports.markdown(report)
        self.outputs |= {
            "has-changes": str(plan.has_work).lower(),
            "markdown-file": self._keep("l10nsync-report.md", markdown),
        }
        self._summarize(markdown)
        self._annotate_changes(plan)
        if report.superseded:
            self.outputs["outcome"] = "superseded"
        for message, hint in reports.superseded(report):
            self._say("error", f"{message}. {hint}")
        for result in (result for result in report.failed if result not in report.overtaken):
            message = getattr(result.error, "message", "") or str(result.error)
            self._say("error", message, file=result.change.path)
        for job in report.jobs:
            if isinstance(job.error, SupersededError):
                self.outputs["outcome"] = "superseded"
                self._say("error", f"{job.error.message}. {job.error.hint}")
            self.outputs |= {"job-uid": job.uid, "job-url": job.url}
        if plan.direction == "push":
            self.outputs["files-to-push"] = str(len(plan.work))
            return
        failed = {id(result.change) for result in report.failed}
        written = sorted(
            change.path
            for change in plan.work
            if isinstance(change, TargetChange) and id(change) not in failed and not report.dry_run
        )
        self.outputs["files-to-pull"] = str(len(plan.work))
        self.outputs["changed-files"] = json.dumps(written)
        if not report.dry_run:
            self._deliver(report, repository, written)
            self._set_check(report)

    def _deliver(self, report: Report, repository: Repository, written: Sequence[str]) -> None:
        """Bring WRITTEN to GitHub, as `deliver` says."""
        given = self.inputs
        if given.deliver == "none":
            self.outputs["pull-request-operation"] = "none"
            return
        workspace = repository.workspace
        # What an earlier pull wrote into this work tree and nobody committed is as good as written now.
        equal = {
            change.path
            for change in report.plan.changes
            if isinstance(change, TargetChange)
            and change.current
            and not (change.corrected or change.conflicts)
        }
        there = {path for path in equal if workspace.read(path) is not None}
        snapshot = commits.snapshot(workspace, {*written, *there})
        brought = brought_by(repository, snapshot.contents)
        with self._github() as github:
            store: delivery.CommitStore = (
                delivery.ApiStore(github) if given.commit_method == "api" else delivery.GitStore(workspace)
            )
            if given.deliver == "commit":
                branch, head = self._own_branch(repository)
                text = delivery.message(given.commit_message, snapshot, brought)
                done = delivery.onto_branch(store, snapshot, branch, head, text)
            else:
                wish = replace(self._wish(report, snapshot), brought=brought)
                done = delivery.pull_request(store, github, snapshot, workspace.commit(), wish)
        for notice in done.notices:
            self.log.say("warning", notice)
        if done.operation in {"created", "updated"} and self._default_token:
            self.log.say("notice", _CHECKS_WAIT)
        self.outputs |= {
            "pull-request-operation": done.operation,
            "pull-request-head-sha": done.sha,
            "pull-request-number": str(done.number or ""),
            "pull-request-url": done.url,
        }
        if done.url:
            self._summarize(f"Pull request {done.operation}: {done.url}\n")

    def _own_branch(self, repository: Repository) -> tuple[str, str]:
        """Return the branch that a commit goes onto, and the commit that it is expected to have."""
        pull = self.event.pull
        if pull is not None:
            return pull.head_ref, pull.head_sha
        if not self.event.branch:
            raise UsageError(
                "`deliver: commit` needs a run for a branch", hint="Use `deliver: pull-request`."
            )
        return self.event.branch, repository.workspace.commit()

    def _wish(self, report: Report, snapshot: Snapshot) -> delivery.Wish:
        given = self.inputs
        base = given.pr_base or self.event.branch
        if not base:
            raise UsageError("the branch to merge into is not known", hint="Name it as `pr-base`.")
        branch = given.pr_branch or f"l10nsync/{base}"
        if branch == base:
            raise UsageError(f"`pr-branch` cannot be the base branch {base!r}")
        notice = _CHECKS_WAIT if self._default_token else ""
        files = {path: path in snapshot.added for path in snapshot.contents}
        return delivery.Wish(
            branch=branch,
            base=base,
            message=given.commit_message,
            title=given.pr_title,
            body=pull_requests.pull_body(report, files, self._context(), above=given.pr_body, notice=notice),
            labels=given.pr_labels,
            reviewers=given.pr_reviewers,
            assignees=given.pr_assignees,
            draft=given.pr_draft,
        )

    def _set_check(self, report: Report) -> None:
        pull = self.event.pull
        if not self.inputs.check_name:
            return
        head = pull.head_sha if pull is not None else self.event.sha
        if self.inputs.deliver == "commit":
            head = self.outputs.get("pull-request-head-sha") or head
        check = checks.check_run(self.inputs.check_name, head, report, self._run_url)
        with self._github() as github:
            self._forgive("the check run was not set", lambda: github.set_check(check))

    # --- comments -----------------------------------------------------------------------------------------

    def _comment(self, github: GitHub, number: int, data: Mapping[str, Any], *, create: bool) -> None:
        """Keep the one comment of this key up to date; a token that may not is no failure."""
        key, context = self.inputs.comment_key, self._context()
        body = pull_requests.plan_comment(data, key, context, self.questions)
        marker = pull_requests.marker(self.inputs.comment_key)

        def upsert() -> str:
            marked = [comment for comment in github.comments(number) if comment.body.startswith(marker)]
            # Anybody can write a marker: only a comment of this token's owner is ours.
            personal = not self.inputs.github_token.startswith("ghs_")
            me = github.login() if marked and personal else ""
            ours = next(
                (comment for comment in marked if (comment.author == me if me else comment.bot)), None
            )
            if ours is None:
                return github.create_comment(number, body) if create else ""
            if pull_requests.same_text(ours.body, body):
                return ours.url
            return github.update_comment(ours.id, body)

        self.outputs["comment-url"] = self._forgive("there is no comment", upsert)

    def _comment_for_fork(self) -> int:
        """Comment the plan that an unprivileged run left in a file; the file is a stranger's data."""
        from l10nsync.ci.left_plan import read_plan

        data = read_plan(self._inside("comment-file", self.inputs.comment_file))
        with self._github() as github:
            found = [
                pull
                for pull in github.pulls_of_commit(self.event.ran_sha)
                if pull.head_repository == self.event.ran_repository
                and pull.head_ref == self.event.ran_branch
            ]
            if len(found) != 1:
                raise UsageError(
                    "the pull request of the run is not known",
                    hint="It may be closed, or have a newer commit; its own run comments then.",
                )
            self._comment(github, found[0].number, data, create=True)
        return EXIT_OK

    # --- small things -------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _github(self) -> Iterator[GitHub]:
        if not self.inputs.github_token:
            raise UsageError(
                "there is no `github-token`", hint="Leave the input away to use the workflow's own."
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

    def _forgive(self, what: str, step: Callable[[], str]) -> str:
        """Do STEP; where the token does not allow it, say so and go on."""
        try:
            return step()
        except RefusedError as error:
            self.log.say("notice", f"{what}: {error.message}")
            return ""

    @property
    def _default_token(self) -> bool:
        return self.inputs.github_token == self.environ.get("L10NSYNC_ACTION_TOKEN", "")

    @property
    def _run_url(self) -> str:
        server = self.environ.get("GITHUB_SERVER_URL", "")
        run = self.environ.get("GITHUB_RUN_ID", "")
        return f"{server}/{self.event.repository}/actions/runs/{run}" if server and run.isdigit() else ""

    def _context(self) -> RunContext:
        pull = self.event.pull
        sha = pull.head_sha if pull is not None else self.event.ran_sha or self.event.sha
        return RunContext(__version__, sha, self._run_url, pull.base_ref if pull is not None else "")

    def _keep(self, name: str, text: str) -> str:
        """Write a file for later steps; return its path."""
        folder = Path(self.environ.get("RUNNER_TEMP") or self.environ.get("GITHUB_WORKSPACE") or ".")
        path = folder / name
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            self.log.miss(f"{name} cannot be written ({error.strerror})")
            return ""
        return str(path)

    def _summarize(self, markdown: str) -> None:
        if self.inputs.summary:
            self.log.summary(markdown)

    def _say(self, level: str, message: str, **properties: str) -> None:
        if self.inputs.annotations:
            self.log.say(level, escape(message), **properties)

    def _annotate_changes(self, plan: Plan) -> None:
        """Annotate what is blocked or held back, the first of them."""
        changes = (*plan.refused, *plan.held)
        for change in changes[:_ANNOTATIONS]:
            detail = f": {change.detail}" if change.detail else ""
            line = ""
            if isinstance(change, TargetChange) and change.findings:
                first = change.findings[0]
                detail = f": {first.rule}, {first.key}: {first.message}"
                line = str(first.line or "")
            self._say("warning", f"{change.path}: {change.reason}{detail}", file=change.path, line=line)
        if len(changes) > _ANNOTATIONS:
            self._say("warning", f"{len(changes) - _ANNOTATIONS} more; the summary has them all")

    def _name_proxy(self) -> None:
        """Name what an earlier step may have put between us and the service."""
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
            if value := self.environ.get(name):
                self.log.say("notice", f"{name} is set: {value.rpartition('@')[2]}")


_CHECKS_WAIT = (
    "This was done with the workflow's own token: checks do not start by themselves, or wait for an approval."
    " The token of a GitHub App as `github-token` starts them."
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


def _report_error(log: Log, error: L10nSyncError, *, annotate: bool = True, summary: bool = True) -> None:
    if error.diagnostics and annotate:
        _annotate_problems(log, error.diagnostics)
    elif annotate:
        log.say("error", escape(f"{error.message}. {error.hint}" if error.hint else error.message))
    if summary:
        log.summary(reports.failure(error))


def _annotate_problems(log: Log, problems: Sequence[Diagnostic]) -> None:
    seen: dict[str, int] = {}
    for problem in problems:
        seen[problem.severity] = seen.get(problem.severity, 0) + 1
        if seen[problem.severity] <= _ANNOTATIONS:
            message = f"{problem.message}. {problem.help}" if problem.help else problem.message
            log.say(
                problem.severity,
                escape(message),
                title=f"l10nsync {problem.code}".strip(),
                file=problem.file,
                line=str(problem.line or ""),
                col=str(problem.column or ""),
                endColumn=str(problem.end_column or ""),
            )
    for severity, number in seen.items():
        if number > _ANNOTATIONS:
            log.say(severity, f"{number - _ANNOTATIONS} more; the log has them all")
