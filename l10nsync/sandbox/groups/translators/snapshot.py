"""A project without its ids and times, so that two states can be compared as values."""

from __future__ import annotations

import json
from typing import Any

from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.batches import rules as batches
from l10nsync.sandbox.groups.jobs import job_content
from l10nsync.sandbox.groups.jobs import rules as jobs
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.store import Row


def view(world: World, project: str) -> dict[str, Any]:
    """Return files, jobs and open batches of a project in a normal form."""
    rows = world.store.rows("select * from files where project = ? order by folded", project)
    return {
        "locales": sorted(projects.locales(world, project)),
        "files": {row["uri"]: _file(world, row) for row in rows},
        "jobs": sorted(
            (_job(world, row) for row in jobs.listing(world, project)), key=lambda job: str(job["name"])
        ),
        "openBatches": [
            _batch(world, row) for row in batches.listing(world, project) if row["status"] != "COMPLETED"
        ],
    }


def _file(world: World, row: Row) -> dict[str, Any]:
    return {
        "sha": row["blob"],
        "type": row["type"],
        "namespace": row["namespace"],
        "charset": row["charset"],
        "directives": json.loads(row["sent"]),
        "callback": row["callback"],
        "state": row["pending"] or "ready",
        "strings": _strings(world, row),
        "locales": _locales(world, row),
    }


def _strings(world: World, row: Row) -> list[list[str]]:
    sql = """select fs.key, fs.plural, s.text from file_strings fs join strings s
             on s.project = ? and s.hash = fs.hash where fs.file = ? order by fs.position"""
    return [[key, plural, text] for key, plural, text in world.store.rows(sql, row["project"], row["id"])]


def _locales(world: World, row: Row) -> dict[str, list[list[str | None]]]:
    sql = """select t.locale, fs.key, t.state, coalesce(t.saved, t.published) from file_strings fs
             join translations t on t.project = ? and t.hash = fs.hash where fs.file = ? and t.state != 'new'
             order by t.locale, fs.position"""
    found: dict[str, list[list[str | None]]] = {}
    for locale, key, state, text in world.store.rows(sql, row["project"], row["id"]):
        found.setdefault(locale, []).append([key, state, text])
    return found


def _job(world: World, row: Row) -> dict[str, Any]:
    return {
        "name": row["name"],
        "status": row["status"],
        "locales": sorted(jobs.locales_of(row)),
        "fields": json.loads(row["fields"]),
        "files": {file["uri"]: sorted(file["localeIds"]) for file in jobs.files_of(world, row["uid"])},
        "strings": len(job_content.strings(world, row["uid"], None)),
    }


def _batch(world: World, row: Row) -> dict[str, Any]:
    name = world.store.value("select name from jobs where uid = ?", row["job"])
    return {
        "job": name,
        "status": row["status"],
        "files": {item["uri"]: item["status"] for item in batches.items(world, row["uid"])},
    }
