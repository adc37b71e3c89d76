"""What the Action shows beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from l10nsync.ci.log import Log
from l10nsync.ci.step import ActionStep
from l10nsync.errors import Diagnostic, L10nSyncError
from l10nsync.plan import Plan, TargetChange
from l10nsync.render import reports
from l10nsync.render.paint import escape

_ANNOTATIONS = 10
"""Per level; GitHub shows no more for one step."""


def report_error(log: Log, error: L10nSyncError, *, annotate: bool = True, summary: bool = True) -> None:
    """Report what ended the step, as annotations and in the summary."""
    if error.diagnostics and annotate:
        annotate_problems(log, error.diagnostics)
    elif annotate:
        log.say("error", escape(f"{error.message}. {error.hint}" if error.hint else error.message))
    if summary:
        log.summary(reports.failure(error))


def annotate_problems(log: Log, problems: Sequence[Diagnostic]) -> None:
    """Annotate the lines that something is wrong with, the first problems of each severity."""
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


def annotate_changes(step: ActionStep, plan: Plan) -> None:
    """Annotate what is blocked or held back, the first of them."""
    changes = (*plan.refused, *plan.held)
    for change in changes[:_ANNOTATIONS]:
        detail = f": {change.detail}" if change.detail else ""
        line = ""
        if isinstance(change, TargetChange) and change.findings:
            first = change.findings[0]
            detail = f": {first.rule}, {first.key}: {first.message}"
            line = str(first.line or "")
        step.say("warning", f"{change.path}: {change.reason}{detail}", file=change.path, line=line)
    if len(changes) > _ANNOTATIONS:
        step.say("warning", f"{len(changes) - _ANNOTATIONS} more; the summary has them all")
