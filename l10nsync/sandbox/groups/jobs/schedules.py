"""When each step of a job's workflow is due, by locale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from l10nsync.sandbox.clock import iso, parse_iso
from l10nsync.sandbox.common import records
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.jobs import rules as jobs
from l10nsync.sandbox.groups.projects import workflows
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.store import Row

KIND = "schedule"


def listing(world: World, project: str, uid: str) -> list[dict[str, Any]]:
    """Return the schedule of a job."""
    jobs.find(world, project, uid)
    return records.listing(world, KIND, uid)


def change(world: World, project: str, uid: str, wanted: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Set due dates; there is one for each locale and step. Returns the whole schedule."""
    row = jobs.find(world, project, uid)
    if row["status"] not in jobs.EDITABLE:
        raise invalid(f"Cannot schedule a job in status {row['status']}")
    items = [_item(row, item) for item in wanted]
    known = {
        (schedule["targetLocaleId"], schedule["workflowStepUid"]): schedule
        for schedule in listing(world, project, uid)
    }
    for item in items:
        old = known.get((item["targetLocaleId"], item["workflowStepUid"]))
        if old:
            records.change(world, KIND, uid, old["scheduleUid"], dueDate=item["dueDate"])
        else:
            ident = world.uid()
            records.add(world, KIND, uid, ident, {"scheduleUid": ident, **item})
    return listing(world, project, uid)


def _item(row: Row, given: Mapping[str, Any]) -> dict[str, Any]:
    locale, step = given.get("targetLocaleId"), given.get("workflowStepUid")
    if locale not in jobs.locales_of(row):
        raise invalid(f"Locale {locale} is not in the job", "targetLocaleId")
    if not any(
        step == known_step.uid
        for known_step in chain.from_iterable(workflow.steps for workflow in workflows.WORKFLOWS)
    ):
        raise invalid(f"Workflow step {step} is not found", "workflowStepUid")
    try:
        due = iso(parse_iso(str(given.get("dueDate"))))
    except (ValueError, OverflowError):
        raise invalid(f"dueDate is not a date: {given.get('dueDate')}", "dueDate") from None
    return {"targetLocaleId": locale, "workflowStepUid": step, "dueDate": due}
