"""Changes of a job that the service makes in the background."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from l10nsync.sandbox.clock import iso
from l10nsync.sandbox.common import waits
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.jobs import job_content, life
from l10nsync.sandbox.groups.jobs import rules as jobs
from l10nsync.sandbox.refusal import Refusal, not_found

JobChange = Callable[[World, str, Mapping[str, Any]], dict[str, int] | None]


def run(
    world: World, project: str, uid: str, name: str, arguments: Mapping[str, Any]
) -> dict[str, int] | str | None:
    """Carry out a change of a job's content, or begin it; a text is the uid of the process to poll."""
    jobs.find(world, project, uid)
    subject = world.uuid()
    action = {"job": uid, "name": name, "arguments": dict(arguments)}
    if world.policy(project, "process").done(0, 0.0):
        return ACTIONS[name](world, project, {"job": uid, **arguments})
    waits.begin(world, project, "process", subject, action)
    return subject


def process(world: World, project: str, uid: str, subject: str) -> dict[str, Any]:
    """Look at a background step of a job."""
    row = waits.find(world, subject)
    if row is None or row["kind"] != "process" or row["project"] != project:
        raise not_found()
    if waits.look(world, subject):
        finish(world, subject)
        row = waits.find(world, subject) or row
    return {
        "processUid": subject,
        "translationJobUid": uid,
        "processState": row["state"],
        "createdDate": iso(row["since"]),
        "modifiedDate": iso(row["modified"]),
    }


def finish(world: World, subject: str) -> None:
    """Carry out the change that a background step stands for."""
    row = waits.find(world, subject)
    if row is None:
        return
    action = json.loads(row["action"])
    try:
        ACTIONS[action["name"]](world, row["project"], {"job": action["job"], **action["arguments"]})
    except Refusal:
        waits.finish(world, subject, "FAILED")
    else:
        waits.finish(world, subject)


def settle(world: World, project: str) -> None:
    """Carry out the background steps that have become due by the clock."""
    for row in waits.running(world, project, "process"):
        if waits.due(world, row["subject"]):
            finish(world, row["subject"])


def _file_add(world: World, project: str, given: Mapping[str, Any]) -> dict[str, int]:
    added = job_content.add_file(world, project, given["job"], given["fileUri"], given.get("targetLocaleIds"))
    return {"successCount": sum(added.values()) - added[""], "failCount": added[""]}


def _cancel(world: World, project: str, given: Mapping[str, Any]) -> None:
    life.cancel(world, project, given["job"])


ACTIONS: Mapping[str, JobChange] = {
    "file/add": _file_add,
    "file/remove": lambda world, project, given: job_content.remove_file(
        world, project, given["job"], given["fileUri"]
    ),
    "locale/add": lambda world, project, given: job_content.add_locale(
        world, project, given["job"], given["locale"], sync=bool(given.get("syncContent", True))
    ),
    "locale/remove": lambda world, project, given: job_content.remove_locale(
        world, project, given["job"], given["locale"]
    ),
    "strings/add": lambda world, project, given: job_content.add_strings(
        world,
        project,
        given["job"],
        given["hashcodes"],
        given.get("targetLocaleIds"),
        move=bool(given.get("moveEnabled")),
    ),
    "strings/remove": lambda world, project, given: job_content.remove_strings(
        world, project, given["job"], given["hashcodes"], given.get("localeIds")
    ),
    "cancel": _cancel,
}
"""Changes of a job that the service may do in the background."""
