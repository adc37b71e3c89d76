"""A command's result, as outputs of the step, summary, annotations, comment and pull request."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from l10nsync.app import Repository
from l10nsync.ci import pull
from l10nsync.ci.annotations import annotate_changes, annotate_problems, report_error
from l10nsync.ci.comments import comment
from l10nsync.ci.step import ActionStep
from l10nsync.errors import EXIT_DIFFERENCES, EXIT_OK, L10nSyncError, SupersededError, worst
from l10nsync.plan import Counts, Plan, Report, SourceChange, Status
from l10nsync.plan.gate import Judgement
from l10nsync.render import gate, pull_requests, reports, status, verification


def tell(step: ActionStep, shown: Iterable[object], code: int, repository: Repository) -> int:
    """Turn the results into outputs, summary, annotations, comment and pull request; return the exit code."""
    codes = [code]
    for value in shown:
        if isinstance(value, L10nSyncError):
            report_error(step.log, value, annotate=step.inputs.annotations, summary=step.inputs.summary)
        elif isinstance(value, Plan):
            _tell_plan(step, value)
            if step.inputs.fail_on == "changes" and value.has_work:
                codes.append(EXIT_DIFFERENCES)
        elif isinstance(value, Report):
            _tell_report(step, value, repository)
        elif isinstance(value, Judgement):
            _tell_judgement(step, value)
        elif isinstance(value, Status):
            _tell_status(step, value)
    if step.inputs.report and step.report_path().is_file():
        step.outputs["report-file"] = str(step.report_path())
    code = worst(codes)
    if code == EXIT_OK and step.outputs.get("has-changes") == "true":
        step.outputs["outcome"] = "changes"
    return code


def _tell_plan(step: ActionStep, plan: Plan) -> None:
    data = plan.as_data()
    uploads = [change for change in plan.work if isinstance(change, SourceChange)]
    step.outputs.update(
        {
            "has-changes": str(plan.has_work).lower(),
            "files-to-push": str(len(uploads)),
            "files-to-pull": str(len(plan.work) - len(uploads)),
            "strings": str(sum(upload.new_strings for upload in uploads)),
            "words": str(sum(upload.new_words for upload in uploads)),
            "plan-file": step.keep("l10nsync-plan.json", json.dumps(data, indent=2)),
        }
    )
    markdown = pull_requests.plan_markdown(data, step.context(), step.questions)
    step.outputs["markdown-file"] = step.keep("l10nsync-plan.md", markdown)
    step.summarize(markdown)
    annotate_changes(step, plan)
    _comment_plan(step, plan, data)


def _comment_plan(step: ActionStep, plan: Plan, data: Mapping[str, Any]) -> None:
    """Comment a plan on its pull request; one with nothing to say only updates a comment that is there."""
    request = step.event.pull
    if request is None or not step.comments_plan:
        return
    says_something = plan.has_work or bool(plan.refused or plan.held or step.questions)
    is_worth_a_comment = says_something or step.inputs.comment == "always"
    with step.github() as github:
        comment(step, github, request.number, data, create=is_worth_a_comment)


def _tell_report(step: ActionStep, report: Report, repository: Repository) -> None:
    plan = report.plan
    markdown = reports.markdown(report)
    step.outputs.update(
        {
            "has-changes": str(plan.has_work).lower(),
            "markdown-file": step.keep("l10nsync-report.md", markdown),
        }
    )
    step.summarize(markdown)
    annotate_changes(step, plan)
    _tell_failures(step, report)
    _tell_jobs(step, report)
    if plan.direction == "push":
        step.outputs["files-to-push"] = str(len(plan.work))
    else:
        pull.bring(step, report, repository)


def _tell_failures(step: ActionStep, report: Report) -> None:
    """Annotate what did not succeed; of files that another push was faster with, say it once."""
    if report.superseded:
        step.outputs["outcome"] = "superseded"
    for message, hint in reports.superseded(report):
        step.say("error", f"{message}. {hint}")
    for result in (result for result in report.failed if result not in report.overtaken):
        message = getattr(result.error, "message", "") or str(result.error)
        step.say("error", message, file=result.change.path)


def _tell_jobs(step: ActionStep, report: Report) -> None:
    for job in report.jobs:
        if isinstance(job.error, SupersededError):
            step.outputs["outcome"] = "superseded"
            step.say("error", f"{job.error.message}. {job.error.hint}")
        step.outputs.update({"job-uid": job.uid, "job-url": job.url})


def _tell_judgement(step: ActionStep, found: Judgement) -> None:
    """Turn a gate's verdict into outputs, annotations and the summary."""
    if found.completion:
        _tell_completion(step, found.completion)
    blocking = set(
        chain.from_iterable((obstacle.locales or (obstacle.locale,)) for obstacle in found.obstacles)
    ) - {"*"}
    step.outputs["blocking-locales"] = json.dumps(sorted(blocking))
    step.summarize(gate.markdown(found))
    if step.inputs.annotations and found.verification:
        annotate_problems(step.log, verification.problems(found.verification))
    if not found.passed:
        step.say("error", gate.verdict(found))


def _tell_status(step: ActionStep, found: Status) -> None:
    _tell_completion(step, found.by_locale())
    step.summarize(status.markdown(found))


def _tell_completion(step: ActionStep, counts: Mapping[str, Counts]) -> None:
    step.outputs["completion"] = json.dumps(
        {locale: figures.completion for locale, figures in counts.items()}
    )
