"""Strings of a project by hashcode or file, and their translations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from l10nsync.sandbox.clock import iso
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.files import rules as files
from l10nsync.sandbox.groups.projects import workflows
from l10nsync.sandbox.groups.strings import new_strings
from l10nsync.sandbox.store import Row


def sources(world: World, project: str, hashes: Sequence[str], uri: str) -> list[dict[str, Any]]:
    """Return active strings, of a file or by hashcode; neither gives none."""
    return [_source(world, row) for row in _chosen(world, project, hashes, uri)]


def translations(
    world: World, project: str, locale: str, hashes: Sequence[str], uri: str, retrieval: str
) -> list[dict[str, Any]]:
    """Return the translations of authorized strings; saved ones too if RETRIEVAL is `pending`."""
    found = []
    for row in _chosen(world, project, hashes, uri):
        sql = "select * from translations where project = ? and hash = ? and locale = ? and state != 'new'"
        known = world.store.row(sql, project, row["hash"], locale)
        if known is not None:
            found.append(_translation(world, row, known, retrieval))
    return found


def _chosen(world: World, project: str, hashes: Sequence[str], uri: str) -> list[Row]:
    file = files.lookup(world, project, uri) if uri else None
    if not (hashes or file):
        return []
    sql = """select distinct s.* from strings s join file_strings fs on fs.hash = s.hash
             join files f on f.id = fs.file and f.project = s.project
             where s.project = ? and (? is null or f.id = ?) order by fs.file, fs.position"""
    ident = file["id"] if file else None
    return [
        row for row in world.store.rows(sql, project, ident, ident) if not hashes or row["hash"] in hashes
    ]


def _keys(world: World, row: Row) -> list[dict[str, Any]]:
    sql = """select f.uri, fs.key from file_strings fs join files f on f.id = fs.file
             where f.project = ? and fs.hash = ? order by f.id, fs.position"""
    return [
        {"fileUri": uri, "key": key or None}
        for uri, key in world.store.rows(sql, row["project"], row["hash"])
    ]


def _source(world: World, row: Row) -> dict[str, Any]:
    sql = """select f.uri, fs.note from file_strings fs join files f on f.id = fs.file
             where f.project = ? and fs.hash = ? and fs.note != '' order by f.id, fs.position"""
    notes = world.store.rows(sql, row["project"], row["hash"])
    extra = new_strings.kept(world, row["project"], row["hash"])
    return {
        "hashcode": row["hash"],
        "keys": _keys(world, row),
        "parsedStringText": row["text"],
        "stringText": extra.get("stringText"),
        "stringVariant": row["variant"] or None,
        "maxLength": extra.get("maxLength"),
        "stringInstructions": [note for _, note in notes] if extra else [],
        "contentFileStringInstructions": [
            {"fileUri": uri, "contentFileStringInstruction": note} for uri, note in notes if not extra
        ],
    }


def _translation(world: World, row: Row, known: Row, retrieval: str) -> dict[str, Any]:
    text = (known["saved"] or known["published"]) if retrieval == "pending" else known["published"]
    workflow, number = workflows.position(world, row["project"], row["hash"], known["locale"])
    made = {"translation": text, "pluralForm": None, "modifiedDate": iso(known["modified"])}
    return {
        "hashcode": row["hash"],
        "keys": _keys(world, row),
        "parsedStringText": row["text"],
        "stringText": new_strings.kept(world, row["project"], row["hash"]).get("stringText"),
        "stringVariant": row["variant"] or None,
        "targetLocaleId": known["locale"],
        "workflowStepUid": workflows.step_of(workflow, number, known["state"]).uid,
        "translations": [made] if text is not None else [],
    }
