"""The check run that says how far a branch's translations are. Pure."""

from __future__ import annotations

from typing import Any

from l10nsync.plan import Action, Report, TargetChange
from l10nsync.render.paint import count
from l10nsync.render.pull_requests import RunContext, pull_body


def check_run(name: str, sha: str, report: Report, run_url: str) -> dict[str, Any]:
    """Return the check run for a pull: held back fails, not translated yet is in progress, else success.

    A check that is required holds the merge until it succeeds; one in progress is brought up to date by
    the next run.
    """
    changes = [change for change in report.plan.changes if isinstance(change, TargetChange)]
    held = [change for change in changes if change.action in {Action.HOLD, Action.BLOCK}]
    held_back = len(held) + len(report.failed)
    strings = sum(len(change.held) for change in report.plan.held)
    waiting = [change for change in changes if change.awaits]
    check: dict[str, Any] = {"name": name, "head_sha": sha}
    if run_url:
        check["details_url"] = run_url
    if held_back:
        title = f"Held back: {count(held_back, 'file')}"
        check |= {"status": "completed", "conclusion": "failure"}
    elif strings:
        title = f"Held back: {count(strings, 'string')}"
        check |= {"status": "completed", "conclusion": "failure"}
    elif waiting:
        title = f"Not translated yet: {count(len(waiting), 'file')}"
        check |= {"status": "in_progress"}
    else:
        title = f"Complete: {count(len(changes), 'file')}"
        check |= {"status": "completed", "conclusion": "success"}
    failed = {result.change.path for result in report.failed}
    written = {
        change.path: change.new
        for change in changes
        if change.action is Action.WRITE and change.path not in failed
    }
    check["output"] = {"title": title, "summary": pull_body(report, written, RunContext("", "", run_url))}
    return check
