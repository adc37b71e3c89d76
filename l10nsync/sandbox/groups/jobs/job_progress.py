"""The progress of a job, by locale and workflow step."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.files import rules as files
from l10nsync.sandbox.groups.jobs import rules as jobs
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.groups.projects import workflows
from l10nsync.sandbox.store import Row


def progress(world: World, row: Row, locale: str | None = None, uri: str | None = None) -> dict[str, Any]:
    """Return a job's progress, of all files or one, in all locales or one."""
    file = files.find(world, row["project"], uri)["id"] if uri else None
    sql = """select js.locale, coalesce(t.state, 'new') as state, ws.workflow, coalesce(ws.step, 0) as step,
               count(*) as strings, sum(s.words) as words
             from job_strings js join strings s on s.project = js.project and s.hash = js.hash
             left join translations t on t.project = js.project and t.hash = js.hash and t.locale = js.locale
             left join workflow_strings ws
               on ws.project = js.project and ws.hash = js.hash and ws.locale = js.locale
             where js.job = ? and ? in ('', js.locale)
               and (? is null or js.hash in (select hash from file_strings where file = ?))
             group by js.locale, 2, 3, 4"""
    rows = world.store.rows(sql, row["uid"], locale or "", file, file)
    reports = [
        _locale_report(locale, [row for row in rows if row["locale"] == locale])
        for locale in _in_order(row, rows)
    ]
    return {
        "contentProgressReport": reports,
        "progress": _overall(rows),
        "summaryReport": _summary(rows),
    }


def _in_order(row: Row, rows: Sequence[Row]) -> list[str]:
    present = {row["locale"] for row in rows}
    return [locale for locale in jobs.locales_of(row) if locale in present]


def _locale_report(locale: str, rows: Sequence[Row]) -> dict[str, Any]:
    new = _sum(rows, "new")
    known = [row for row in rows if row["state"] != "new"]
    present = [
        workflow for workflow in workflows.WORKFLOWS if any(_workflow(row) is workflow for row in known)
    ]
    return {
        "targetLocaleId": locale,
        "targetLocaleDescription": projects.describe(locale),
        "unauthorizedProgressReport": {"stringCount": new[0], "wordCount": new[1]},
        "workflowProgressReportList": [
            {
                "workflowUid": workflow.uid,
                "workflowName": workflow.name,
                "workflowStepSummaryReportItemList": [
                    {
                        "workflowStepUid": step.uid,
                        "workflowStepName": step.name,
                        "workflowStepType": step.kind,
                        **_counted([row for row in known if _step(row) is step]),
                    }
                    for step in workflow.steps
                ],
            }
            for workflow in present or [workflows.TRANSLATION]
        ],
        "progress": _overall(rows),
    }


def _workflow(row: Row) -> workflows.ProjectWorkflow:
    return workflows.named(row["workflow"])


def _step(row: Row) -> workflows.WorkflowStep:
    return workflows.step_of(_workflow(row), row["step"], row["state"])


def _counted(rows: Sequence[Row]) -> dict[str, int]:
    return {
        "stringCount": sum(row["strings"] for row in rows),
        "wordCount": sum(row["words"] for row in rows),
    }


def _sum(rows: Sequence[Row], *states: str) -> tuple[int, int]:
    chosen = [row for row in rows if row["state"] in states]
    return sum(row["strings"] for row in chosen), sum(row["words"] for row in chosen)


def _overall(rows: Sequence[Row]) -> dict[str, int] | None:
    """Return percent and words; None for a job without content."""
    if not rows:
        return None
    total, done = sum(row["words"] for row in rows), _sum(rows, "published", "excluded")[1]
    return {"percentComplete": 100 * done // total if total else 100, "totalWordCount": total}


def _summary(rows: Sequence[Row]) -> list[dict[str, Any]]:
    names = [
        "Unauthorized",
        *(step.name for step in chain.from_iterable(workflow.steps[:-1] for workflow in workflows.WORKFLOWS)),
        "Published",
    ]
    by_name: dict[str, list[Row]] = {name: [] for name in names}
    for row in rows:
        if row["state"] != "excluded":
            by_name["Unauthorized" if row["state"] == "new" else _step(row).name].append(row)
    return [{"workflowStepName": name, **_counted(mine)} for name, mine in by_name.items() if mine]
