"""What a pull wrote, brought to GitHub: a commit, a pull request, a check run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from l10nsync.app import Repository
from l10nsync.app.brought import brought_by
from l10nsync.ci import check_run, delivery
from l10nsync.ci.step import ActionStep
from l10nsync.errors import UsageError
from l10nsync.plan import Report, TargetChange
from l10nsync.render import pull_requests
from l10nsync.workspace import commits
from l10nsync.workspace.commits import Snapshot

_CHECKS_WAIT = (
    "This used the workflow's own token: checks do not start by themselves, or wait for approval. To start"
    " them, use the token of a GitHub App as `github-token`."
)


def bring(step: ActionStep, report: Report, repository: Repository) -> None:
    """Report what a pull wrote; commit it and set the check run, as `deliver` and `check-name` say."""
    plan = report.plan
    failed = {id(result.change) for result in report.failed}
    written = sorted(
        change.path
        for change in plan.work
        if isinstance(change, TargetChange) and id(change) not in failed and not report.dry_run
    )
    step.outputs["files-to-pull"] = str(len(plan.work))
    step.outputs["changed-files"] = json.dumps(written)
    if not report.dry_run:
        _deliver(step, report, repository, written)
        _set_check(step, report)


def _deliver(step: ActionStep, report: Report, repository: Repository, written: Sequence[str]) -> None:
    """Bring WRITTEN to GitHub, as `deliver` says."""
    given = step.inputs
    if given.deliver == "none":
        step.outputs["pull-request-operation"] = "none"
        return
    workspace = repository.workspace
    snapshot = commits.snapshot(workspace, {*written, *_written_before(report, repository)})
    brought = brought_by(repository, snapshot.contents)
    with step.github() as github:
        store: delivery.CommitStore = (
            delivery.ApiStore(github) if given.commit_method == "api" else delivery.GitStore(workspace)
        )
        if given.deliver == "commit":
            branch, head = _own_branch(step, repository)
            text = delivery.message(given.commit_message, snapshot, brought)
            done = delivery.onto_branch(store, snapshot, branch, head, text)
        else:
            wish = replace(_wish(step, report, snapshot), brought=brought)
            done = delivery.pull_request(store, github, snapshot, workspace.commit(), wish)
    _tell_delivery(step, done)


def _written_before(report: Report, repository: Repository) -> set[str]:
    """Return what an earlier pull wrote into this work tree and nobody committed: as good as written now."""
    equal = {
        change.path
        for change in report.plan.changes
        if isinstance(change, TargetChange) and change.current and not (change.corrected or change.conflicts)
    }
    return {path for path in equal if repository.workspace.read(path) is not None}


def _tell_delivery(step: ActionStep, done: delivery.DeliveryResult) -> None:
    for notice in done.notices:
        step.log.say("warning", notice)
    if done.operation in {"created", "updated"} and step.default_token:
        step.log.say("notice", _CHECKS_WAIT)
    step.outputs.update(
        {
            "pull-request-operation": done.operation,
            "pull-request-head-sha": done.sha,
            "pull-request-number": str(done.number or ""),
            "pull-request-url": done.url,
        }
    )
    if done.url:
        step.summarize(f"Pull request {done.operation}: {done.url}\n")


def _own_branch(step: ActionStep, repository: Repository) -> tuple[str, str]:
    """Return the branch that a commit goes onto, and the commit that it is expected to have."""
    pull = step.event.pull
    if pull is not None:
        return pull.head_ref, pull.head_sha
    if not step.event.branch:
        raise UsageError("`deliver: commit` needs a run for a branch", hint="Use `deliver: pull-request`.")
    return step.event.branch, repository.workspace.commit()


def _wish(step: ActionStep, report: Report, snapshot: Snapshot) -> delivery.Wish:
    given = step.inputs
    base = given.pr_base or step.event.branch
    if not base:
        raise UsageError("the branch to merge into is not known", hint="Name it as `pr-base`.")
    branch = given.pr_branch or f"l10nsync/{base}"
    if branch == base:
        raise UsageError(f"`pr-branch` cannot be the base branch {base!r}")
    notice = _CHECKS_WAIT if step.default_token else ""
    files = {path: path in snapshot.added for path in snapshot.contents}
    return delivery.Wish(
        branch=branch,
        base=base,
        message=given.commit_message,
        title=given.pr_title,
        body=pull_requests.pull_body(report, files, step.context(), above=given.pr_body, notice=notice),
        labels=given.pr_labels,
        reviewers=given.pr_reviewers,
        assignees=given.pr_assignees,
        draft=given.pr_draft,
    )


def _set_check(step: ActionStep, report: Report) -> None:
    pull = step.event.pull
    if not step.inputs.check_name:
        return
    head = pull.head_sha if pull is not None else step.event.sha
    if step.inputs.deliver == "commit":
        head = step.outputs.get("pull-request-head-sha") or head
    check = check_run.check_run(step.inputs.check_name, head, report, step.run_url)
    with step.github() as github:
        step.forgive("the check run could not be set", lambda: github.set_check(check))
