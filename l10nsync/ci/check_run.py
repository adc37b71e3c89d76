"""The check run that says how far a branch's translations are. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from l10nsync.plan import Action, Report, TargetChange
from l10nsync.render.paint import count
from l10nsync.render.pull_requests import RunContext, pull_body

_FAILURE = {"status": "completed", "conclusion": "failure"}


def check_run(name: str, sha: str, report: Report, run_url: str) -> dict[str, Any]:
    """Return the check run for a pull: held back fails, not translated yet is in progress, else success.

    A check that is required holds the merge until it succeeds; one in progress is brought up to date by
    the next run.
    """
    changes = [change for change in report.plan.changes if isinstance(change, TargetChange)]
    title, state = _state(report, changes)
    failed = {result.change.path for result in report.failed}
    written = {
        change.path: change.new
        for change in changes
        if change.action is Action.WRITE and change.path not in failed
    }
    output = {"title": title, "summary": pull_body(report, written, RunContext("", "", run_url))}
    details = {"details_url": run_url} if run_url else {}
    return {"name": name, "head_sha": sha, **details, **state, "output": output}


def _state(report: Report, changes: Sequence[TargetChange]) -> tuple[str, Mapping[str, str]]:
    """Return the title, and what decides whether the merge is held."""
    held = [change for change in changes if change.action in {Action.HOLD, Action.BLOCK}]
    if files := len(held) + len(report.failed):
        return f"Held back: {count(files, 'file')}", _FAILURE
    if strings := sum(len(change.held) for change in report.plan.held):
        return f"Held back: {count(strings, 'string')}", _FAILURE
    if waiting := sum(1 for change in changes if change.awaits):
        return f"Not translated yet: {count(waiting, 'file')}", {"status": "in_progress"}
    return f"Complete: {count(len(changes), 'file')}", {"status": "completed", "conclusion": "success"}
