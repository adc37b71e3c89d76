"""Small things that are kept as JSON: issues, comments, subscriptions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.refusal import not_found


def add(world: World, kind: str, owner: str, uid: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a new thing; OWNER is the project, account or parent that it belongs to."""
    position = world.store.count(f"record {kind}")
    world.store.insert(
        "records", kind=kind, owner=owner, uid=uid, position=position, body=json.dumps(dict(body))
    )
    return dict(body)


def find(world: World, kind: str, owner: str, uid: str) -> dict[str, Any]:
    """Return a thing; raise a 404 if its owner has none of that uid."""
    text = world.store.value(
        "select body from records where kind = ? and owner = ? and uid = ?", kind, owner, uid
    )
    if text is None:
        raise not_found(f"{kind} {uid} is not found", "not.found")
    found: dict[str, Any] = json.loads(text)
    return found


def change(world: World, kind: str, owner: str, uid: str, **fields: Any) -> dict[str, Any]:
    """Change fields of a thing and return it."""
    body = {**find(world, kind, owner, uid), **fields}
    world.store.run("update records set body = ? where kind = ? and uid = ?", json.dumps(body), kind, uid)
    return body


def remove(world: World, kind: str, owner: str, uid: str) -> None:
    """Forget a thing."""
    find(world, kind, owner, uid)
    world.store.run("delete from records where kind = ? and uid = ?", kind, uid)


def listing(world: World, kind: str, owner: str) -> list[dict[str, Any]]:
    """Return the things of an owner, oldest first."""
    sql = "select body from records where kind = ? and owner = ? order by position"
    return [json.loads(row[0]) for row in world.store.rows(sql, kind, owner)]


def update(world: World, kind: str, uid: str, **fields: Any) -> None:
    """Change fields of a thing, whoever owns it; nothing happens if it is gone."""
    text = world.store.value("select body from records where kind = ? and uid = ?", kind, uid)
    if text is not None:
        body = {**json.loads(text), **fields}
        world.store.run("update records set body = ? where kind = ? and uid = ?", json.dumps(body), kind, uid)
