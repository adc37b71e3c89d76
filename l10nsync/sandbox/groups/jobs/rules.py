"""Translation jobs: find, show, create and edit them.

DRAFT or AWAITING_AUTHORIZATION, then IN_PROGRESS, COMPLETED, CLOSED; or CANCELLED, DELETED.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from l10nsync.sandbox.clock import iso, parse_iso
from l10nsync.sandbox.common.uris import JOB_NAME_LIMIT
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.issues import rules as issues
from l10nsync.sandbox.groups.jobs import custom_fields
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.groups.webhooks import rules as events
from l10nsync.sandbox.refusal import field_refused, invalid, not_found
from l10nsync.sandbox.store import Row

OPEN = ("DRAFT", "AWAITING_AUTHORIZATION", "IN_PROGRESS")
EDITABLE = (*OPEN, "COMPLETED")
"""Statuses in which a job can be changed."""
STATUSES = ("DRAFT", "AWAITING_AUTHORIZATION", "IN_PROGRESS", "COMPLETED", "CANCELLED", "CLOSED", "DELETED")
FILES_LIMIT = 5000
"""Files that a job holds at most."""
_FIELDS = ("description", "dueDate", "referenceNumber", "callbackUrl", "callbackMethod", "customFields")
_LIMITS = {"description": 8000, "callbackUrl": 8192}
"""Characters of a field at most."""


def find(world: World, project: str, uid: str) -> Row:
    """Return a job; raise a refusal if it is unknown or deleted."""
    sql = "select * from jobs where project = ? and uid = ? and status != 'DELETED'"
    row = world.store.row(sql, project, uid)
    if row is None:
        raise not_found()
    return row


def listing(world: World, project: str, name: str = "", statuses: Sequence[str] = ()) -> list[Row]:
    """Return jobs whose name holds NAME (as LIKE does: `%` and `_` are wildcards), oldest first.

    Without STATUSES all but deleted ones.
    """
    sql = "select * from jobs where project = ? and name like ? order by created, rowid"
    rows = world.store.rows(sql, project, f"%{name}%")
    wanted = statuses or [status for status in STATUSES if status != "DELETED"]
    return [row for row in rows if row["status"] in wanted]


def locales_of(row: Row) -> list[str]:
    """Return the target locales of a job."""
    found: list[str] = json.loads(row["locales"])
    return found


def listed(row: Row) -> dict[str, Any]:
    """Return a job as lists show it."""
    fields = json.loads(row["fields"])
    return {
        "translationJobUid": row["uid"],
        "jobName": row["name"],
        "jobNumber": row["number"],
        "jobStatus": row["status"],
        "targetLocaleIds": locales_of(row),
        "description": fields.get("description"),
        "dueDate": fields.get("dueDate"),
        "referenceNumber": fields.get("referenceNumber"),
        "createdDate": iso(row["created"]),
    }


def details(world: World, row: Row, *, with_files: bool = True) -> dict[str, Any]:
    """Return a job as its own page shows it; at most 300 of its files."""
    fields = json.loads(row["fields"])
    shown = {
        **listed(row),
        "callbackUrl": fields.get("callbackUrl"),
        "callbackMethod": fields.get("callbackMethod"),
        "createdByUserUid": "sandboxuser1",
        "modifiedDate": iso(row["modified"]),
        "modifiedByUserUid": "sandboxuser1",
        "firstAuthorizedDate": iso(row["authorized_first"]),
        "lastAuthorizedDate": iso(row["authorized_last"]),
        "firstCompletedDate": iso(row["completed_first"]),
        "lastCompletedDate": iso(row["completed_last"]),
        "priority": None,
        "customFields": fields.get("customFields") or [],
        "issues": _issues(world, row),
    }
    if with_files:
        some = files_of(world, row["uid"])[:300]
        shown["sourceFiles"] = [
            {"name": file["uri"], "uri": file["uri"], "fileUid": file["fileUid"]} for file in some
        ]
    return shown


def _issues(world: World, row: Row) -> dict[str, int]:
    """Return how many open issues the strings of a job have."""
    sql = "select distinct hash from job_strings where job = ?"
    hashes = {held[0] for held in world.store.rows(sql, row["uid"])}
    kinds = [issue["issueTypeCode"] for issue in issues.opened(world, row["project"], hashes)]
    return {
        "sourceIssuesCount": kinds.count("SOURCE"), "translationIssuesCount": kinds.count("TRANSLATION")
    }  # fmt: skip


def files_of(world: World, uid: str) -> list[dict[str, Any]]:
    """Return the files of a job, each with its locales."""
    sql = """select f.uri, f.uid, jf.locale from job_files jf join files f on f.id = jf.file
             where jf.job = ? order by f.id, jf.locale"""
    found: dict[str, dict[str, Any]] = {}
    for uri, file_uid, locale in world.store.rows(sql, uid):
        entry = found.setdefault(uri, {"uri": uri, "fileUid": file_uid, "localeIds": []})
        entry["localeIds"].append(locale)
    return list(found.values())


def create(world: World, project: str, body: Mapping[str, Any]) -> Row:
    """Create a job; names are unique in the project."""
    name = _checked_name(world, project, body)
    wanted = body.get("targetLocaleIds") or []
    locales = projects.require_locales(world, project, wanted, "targetLocaleIds")
    now, uid = world.now(), world.uid()
    world.store.insert(
        "jobs",
        uid=uid,
        project=project,
        name=name,
        number=f"SMTL-{world.store.count('job')}",
        status=world.switch(project, "empty_job_status"),
        locales=json.dumps(locales),
        fields=json.dumps(_fields(world, project, body)),
        created=now,
        modified=now,
    )
    row = find(world, project, uid)
    events.job_created(world, row)
    return row


def replace(world: World, project: str, uid: str, body: Mapping[str, Any]) -> Row:
    """Edit a job: all its fields at once, those left out are blanked; not its locales."""
    row = find(world, project, uid)
    require_status(row, EDITABLE, "update")
    name = _checked_name(world, project, body, uid)
    sql = "update jobs set name = ?, fields = ?, modified = ? where uid = ?"
    world.store.run(sql, name, json.dumps(_fields(world, project, body)), world.now(), uid)
    row = find(world, project, uid)
    events.job_updated(world, row)
    return row


def _checked_name(world: World, project: str, body: Mapping[str, Any], uid: str = "") -> str:
    name = body.get("jobName")
    if not isinstance(name, str) or not name.strip():
        raise field_refused("jobName", "jobName is required")
    if len(name) > JOB_NAME_LIMIT:
        raise field_refused("jobName", f"jobName must not be longer than {JOB_NAME_LIMIT} characters")
    sql = "select uid from jobs where project = ? and name = ? and uid != ? and status != 'DELETED'"
    if world.store.value(sql, project, name, uid):
        raise field_refused("jobName", f"Job with name '{name}' already exists")
    return name


def _fields(world: World, project: str, body: Mapping[str, Any]) -> dict[str, Any]:
    for field, limit in _LIMITS.items():
        if len(body.get(field) or "") > limit:
            raise field_refused(field, f"{field} must not be longer than {limit} characters")
    if body.get("dueDate"):
        _check_date(body["dueDate"])
    given = {field: body[field] for field in _FIELDS if body.get(field) is not None}
    filled = custom_fields.filled(world, project, body.get("customFields") or ())
    return {**given, "customFields": filled} if filled else given


def _check_date(text: str) -> None:
    try:
        parse_iso(text)
    except ValueError:
        raise field_refused("dueDate", f"dueDate is not a date: {text}") from None


def require_status(row: Row, statuses: Sequence[str], verb: str) -> None:
    """Raise a refusal if the job's status does not allow VERB."""
    if row["status"] not in statuses:
        raise invalid(f"Cannot {verb} a job in status {row['status']}")


def change(world: World, uid: str, **columns: Any) -> None:
    """Set COLUMNS of a job, and its time of modification."""
    names = ", ".join(f"{name} = ?" for name in columns)
    sql = f"update jobs set {names}, modified = ? where uid = ?"  # noqa: S608
    world.store.run(sql, *columns.values(), world.now(), uid)
