"""Glossary v3: glossaries, and their entries as files."""

from __future__ import annotations

from typing import Any

from l10nsync.sandbox.groups.glossaries import rules as glossaries
from l10nsync.sandbox.parsed_request import ParsedRequest
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.replies import Reply, data, download, items


def create(call: ParsedRequest) -> Reply:
    """POST …/glossaries."""
    return data(glossaries.create(call.server.world, call.path["account"], call.body))


def get(call: ParsedRequest) -> Reply:
    """GET …/glossaries/{glossary}."""
    return data(glossaries.find(call.server.world, call.path["account"], call.path["glossary"]))


def change(call: ParsedRequest) -> Reply:
    """PUT …/glossaries/{glossary}."""
    return data(glossaries.change(call.server.world, call.path["account"], call.path["glossary"], call.body))


def search(call: ParsedRequest) -> Reply:
    """POST …/glossaries/search."""
    found = glossaries.search(call.server.world, call.path["account"], call.body)
    paging: dict[str, Any] = call.body.get("paging") or {}
    offset, limit = int(paging.get("offset") or 0), paging.get("limit")
    end = len(found) if limit is None else offset + int(limit)
    return items(found[offset:end], len(found))


def export(call: ParsedRequest) -> Reply:
    """POST …/entries/download."""
    path = call.path
    content, media, name = glossaries.export(call.server.world, path["account"], path["glossary"], call.body)
    return download(content, media, name)


def begin_import(call: ParsedRequest) -> Reply:
    """POST …/import: what the file would change."""
    part = call.parts.get("importFile")
    if part is None:
        raise invalid("importFile parameter is required", "importFile")
    if not call.field("importFileName"):
        raise invalid("importFileName parameter is required", "importFileName")
    archive = call.field("archiveMode").lower() in {"true", "1", "yes"}
    given = {"media": call.field("importFileMediaType"), "content": part.content, "archive": archive}
    return data(
        glossaries.begin_import(call.server.world, call.path["account"], call.path["glossary"], given)
    )


def import_status(call: ParsedRequest) -> Reply:
    """GET …/import/{import}."""
    path = call.path
    world = call.server.world
    return data(glossaries.import_status(world, path["account"], path["glossary"], path["import"]))


def confirm(call: ParsedRequest) -> Reply:
    """POST …/import/{import}/confirm; the body may be missing."""
    path = call.path
    return data(glossaries.confirm(call.server.world, path["account"], path["glossary"], path["import"]))
