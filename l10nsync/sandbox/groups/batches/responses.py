"""Job batches v2."""

from __future__ import annotations

from l10nsync.sandbox.groups.batches import rules as batches
from l10nsync.sandbox.groups.files.responses import upload_of
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.parsed_request import ParsedRequest, paged
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.replies import Reply, accepted, data


def create(call: ParsedRequest) -> Reply:
    """POST …/batches."""
    return data({"batchUid": batches.create(call.server.world, call.project, call.body)})


def listing(call: ParsedRequest) -> Reply:
    """GET …/batches: newest first unless asked otherwise."""
    world = call.server.world
    rows = batches.listing(world, call.project, call.text("translationJobUid"), call.text("status"))
    by = {"": "created", "createdDate": "created", "status": "status"}.get(call.text("sortBy"))
    if by is None:
        raise invalid(f"Unknown sortBy {call.text('sortBy')}", "sortBy")
    direction = call.text("orderBy") or call.text("sortDirection") or "desc"
    ordered = sorted(rows, key=lambda row: row[by], reverse=direction.lower() != "asc")
    return paged(call, [batches.listed(world, row) for row in ordered], 20, 100)


def upload(call: ParsedRequest) -> Reply:
    """POST …/batches/{batch}/file: accepted at once."""
    batches.find(call.server.world, call.project, call.path["batch"])
    locales = tuple(dict.fromkeys(call.fields("localeIdsToAuthorize")))
    given = batches.BatchUpload(upload_of(call), locales)
    batches.upload(call.server.world, call.project, call.path["batch"], given)
    return accepted()


def act(call: ParsedRequest) -> Reply:
    """PUT …/batches/{batch}: cancel or register a file."""
    body = call.body
    reason = str(body.get("reason") or "")
    uri, action = str(body.get("fileUri") or ""), str(body.get("action") or "")
    batches.act(call.server.world, call.project, call.path["batch"], action, uri, reason)
    return data()


def status(call: ParsedRequest) -> Reply:
    """GET …/batches/{batch}."""
    return data(batches.status(call.server.world, call.project, call.path["batch"]))


def job_for(call: ParsedRequest) -> Reply:
    """POST …/jobs: a living job of that name, or a new one."""
    projects.find(call.server.world, call.project)
    return data(batches.job_for(call.server.world, call.project, call.body))
