"""Steps that the service does in the background: begun, looked at, done."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.store import Row


def begin(
    world: World, project: str, kind: str, subject: str, action: Mapping[str, Any] | None = None
) -> bool:
    """Start a background step; return whether it is done already, by the policy of its kind."""
    now = world.now()
    done = world.policy(project, kind).done(0, 0.0)
    world.store.run("delete from waits where subject = ?", subject)
    world.store.insert(
        "waits",
        subject=subject,
        project=project,
        kind=kind,
        action=json.dumps(action or {}),
        state="COMPLETED" if done else "IN_PROGRESS",
        since=now,
        modified=now,
    )
    return done


def find(world: World, subject: str) -> Row | None:
    """Return the step of a subject, or None."""
    return world.store.row("select * from waits where subject = ?", subject)


def look(world: World, subject: str) -> bool:
    """Look once at a running step; return whether this look found it done."""
    world.store.run("update waits set looks = looks + 1 where subject = ? and state = 'IN_PROGRESS'", subject)
    return due(world, subject)


def due(world: World, subject: str) -> bool:
    """Whether a running step has come to its end by now."""
    row = find(world, subject)
    if row is None or row["state"] != "IN_PROGRESS":
        return False
    return world.policy(row["project"], row["kind"]).done(row["looks"], world.now() - row["since"])


def finish(world: World, subject: str, state: str = "COMPLETED") -> None:
    """Record that a step has ended."""
    world.store.run("update waits set state = ?, modified = ? where subject = ?", state, world.now(), subject)


def running(world: World, project: str, kind: str) -> list[Row]:
    """Return the steps of a kind that have not ended, oldest first."""
    sql = "select * from waits where project = ? and kind = ? and state = 'IN_PROGRESS' order by since, rowid"
    return world.store.rows(sql, project, kind)
