"""Job batches: files registered, uploaded one by one, then taken in and attached to the job together.

DRAFT until the first upload, ADDING_FILES until every registered file was uploaded or cancelled, EXECUTING
until the service is done, then COMPLETED, whatever became of the single files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from l10nsync.sandbox.clock import iso
from l10nsync.sandbox.common import source_strings, waits
from l10nsync.sandbox.common.uris import FILE_URI_LIMIT, fold
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.files import uploads
from l10nsync.sandbox.groups.jobs import job_content
from l10nsync.sandbox.groups.jobs import life as job_life
from l10nsync.sandbox.groups.jobs import rules as jobs
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.refusal import Refusal, invalid
from l10nsync.sandbox.store import Row

TERMINAL = ("COMPLETED", "UPLOAD_FAILED", "ATTACH_FAILED", "CANCELED")


@dataclass(frozen=True, slots=True)
class BatchUpload:
    """One file of a batch as its upload brings it."""

    upload: uploads.UploadedFile
    locales: tuple[str, ...]


# --- finding ---------------------------------------------------------------------------------------------


def find(world: World, project: str, uid: str) -> Row:
    """Return a batch; raise the API's own 404 if it is unknown."""
    row = world.store.row("select * from batches where project = ? and uid = ?", project, uid)
    if row is None:
        text = f"Batch with uid={uid} and projectId={project} not found."
        raise invalid(text, "batch.not.found", status=404)
    return row


def items(world: World, uid: str) -> list[Row]:
    """Return the files of a batch, in the order of their registration."""
    return world.store.rows("select * from batch_files where batch = ? order by position", uid)


def listing(world: World, project: str, job: str = "", status: str = "") -> list[Row]:
    """Return the batches of a project, oldest first."""
    sql = """select * from batches where project = ? and ? in ('', job) and ? in ('', status)
             order by created, rowid"""
    return world.store.rows(sql, project, job, status)


# --- create, register, cancel ----------------------------------------------------------------------------


def create(world: World, project: str, body: Mapping[str, Any]) -> str:
    """Open a batch for a job and register its files; return its uid."""
    uris = _checked_uris(body.get("fileUris"))
    if not isinstance(body.get("authorize"), bool):
        raise invalid("authorize is required", "authorize")
    job = _job(world, project, body.get("translationJobUid"))
    _refuse_second(world, project, job)
    now, uid = world.now(), world.uid()
    world.store.insert(
        "batches",
        uid=uid,
        project=project,
        job=job["uid"],
        status="DRAFT",
        authorize=int(body["authorize"]),
        workflows=json.dumps(body.get("localeWorkflows")),
        created=now,
        modified=now,
    )
    for uri in uris:
        _register(world, uid, uri)
    return uid


def _checked_uris(uris: Any) -> list[str]:
    if not isinstance(uris, list) or not uris:
        raise invalid("fileUris must have at least one element", "fileUris")
    for number, uri in enumerate(uris):
        if not isinstance(uri, str) or not 1 <= len(uri) <= FILE_URI_LIMIT:
            raise invalid(f"size must be between 1 and {FILE_URI_LIMIT}", f"fileUris[{number}]")
    if len({fold(uri) for uri in uris}) != len(uris):
        raise invalid("fileUris must be unique", "fileUris")
    return uris


def _job(world: World, project: str, uid: Any) -> Row:
    if not uid:
        raise invalid("translationJobUid is required", "translationJobUid")
    try:
        row = jobs.find(world, project, str(uid))
    except Refusal:
        raise invalid(f"Job with uid={uid} not found.", "job.not.found", status=404) from None
    if row["status"] not in jobs.EDITABLE:
        raise invalid(f"Job in status {row['status']} takes no content", "batch.not.created")
    return row


def _refuse_second(world: World, project: str, job: Row) -> None:
    idle = {"COMPLETED"} if world.switch(project, "empty_batch_blocks") else {"COMPLETED", "DRAFT"}
    rows = listing(world, project, job["uid"])
    unfinished = [row for row in rows if row["status"] not in idle]
    if unfinished and world.switch(project, "second_batch_refused"):
        raise invalid(f"Job has an unfinished batch {unfinished[0]['uid']}", "batch.not.created")


def _register(world: World, uid: str, uri: str) -> None:
    position = world.store.value("select count(*) from batch_files where batch = ?", uid)
    world.store.insert(
        "batch_files",
        batch=uid,
        position=position,
        uri=uri,
        folded=fold(uri),
        status="DRAFT",
        modified=world.now(),
    )


def act(world: World, project: str, uid: str, action: str, uri: str, reason: str) -> None:
    """Carry out CANCEL_FILE or REGISTER_FILE."""
    row = find(world, project, uid)
    if action == "REGISTER_FILE":
        _register_more(world, row, uri)
    elif action == "CANCEL_FILE":
        _cancel(world, row, uri, reason)
    else:
        raise invalid(f"Unknown action {action}", "action")


def _register_more(world: World, row: Row, uri: str) -> None:
    if row["status"] not in {"DRAFT", "ADDING_FILES"}:
        raise invalid(f"Batch in status {row['status']} takes no more files", "file.not.registered")
    if not 1 <= len(uri) <= FILE_URI_LIMIT:
        raise invalid(f"size must be between 1 and {FILE_URI_LIMIT}", "fileUri")
    if _item(world, row["uid"], uri) is None:
        _register(world, row["uid"], uri)
    _touch(world, row["uid"])


def _cancel(world: World, row: Row, uri: str, reason: str) -> None:
    item = _item(world, row["uid"], uri)
    if item is None:
        raise invalid(f"File {uri} is not registered in the batch", "file.not.registered")
    if item["status"] != "DRAFT" or row["status"] not in {"DRAFT", "ADDING_FILES"}:
        raise invalid(f"File {uri} in status {item['status']} cannot be cancelled", "file.not.cancelled")
    _set_item(world, item, status="CANCELED", errors=reason)
    _advance(world, row["uid"])


def _item(world: World, uid: str, uri: str) -> Row | None:
    return world.store.row("select * from batch_files where batch = ? and folded = ?", uid, fold(uri))


def _set_item(world: World, item: Row, **columns: Any) -> None:
    names = ", ".join(f"{name} = ?" for name in columns)
    sql = f"update batch_files set {names}, modified = ? where batch = ? and folded = ?"  # noqa: S608
    world.store.run(sql, *columns.values(), world.now(), item["batch"], item["folded"])
    _touch(world, item["batch"])


def _touch(world: World, uid: str) -> None:
    world.store.run("update batches set modified = ? where uid = ?", world.now(), uid)


# --- upload ----------------------------------------------------------------------------------------------


def upload(world: World, project: str, uid: str, given: BatchUpload) -> None:
    """Accept the bytes of one registered file; everything else comes later."""
    row = find(world, project, uid)
    item = _item(world, uid, given.upload.uri)
    if row["status"] not in {"DRAFT", "ADDING_FILES"}:
        raise invalid(f"Batch in status {row['status']} takes no more files", "batch.not.suitable")
    if item is None:
        raise invalid(f"File {given.upload.uri} is not registered in the batch", "file.not.registered")
    if item["status"] != "DRAFT":
        raise invalid(f"File {given.upload.uri} was already uploaded to the batch", "batch.not.suitable")
    if not given.locales:
        raise invalid("localeIdsToAuthorize[] is required", "localeIdsToAuthorize")
    projects.require_locales(world, project, given.locales, "localeIdsToAuthorize")
    files_type_known(given.upload)
    if not given.upload.content:
        raise invalid("The file is empty", "file")
    if world.switch(project, "batch_parses_at_once"):
        _parse_now(world, project, given.upload)
    body = {
        **asdict(given.upload),
        "content": world.store.put(given.upload.content),
        "locales": given.locales,
    }
    _set_item(world, item, status="UPLOADING", upload=json.dumps(body))
    if row["status"] == "DRAFT":
        world.store.run("update batches set status = 'ADDING_FILES' where uid = ?", uid)
    _advance(world, uid)


def files_type_known(given: uploads.UploadedFile) -> None:
    """Refuse at once what no later step could take."""
    from l10nsync import formats

    if formats.get(given.file_type) is None:
        raise invalid(f"Unsupported file type {given.file_type}", "fileType")


def _parse_now(world: World, project: str, given: uploads.UploadedFile) -> None:
    """Refuse what cannot be parsed in the words that this API has used: GENERAL_ERROR with 400."""
    charset = source_strings.python_charset(given.charset)
    try:
        source = source_strings.StoredSource(
            given.file_type, given.content, given.directives, charset, given.namespace
        )
        source_strings.parse(world, project, source)
    except Refusal as refusal:
        text = f"parse.error: {refusal.message}"
        raise Refusal(400, "GENERAL_ERROR", text, refusal.key, refusal.details) from refusal


def _advance(world: World, uid: str) -> None:
    """Begin to execute once every registered file was uploaded or cancelled."""
    row = world.store.row("select * from batches where uid = ?", uid)
    assert row is not None  # noqa: S101 - the caller has just changed it
    waiting = world.store.value("select 1 from batch_files where batch = ? and status = 'DRAFT' limit 1", uid)
    if waiting or row["status"] not in {"DRAFT", "ADDING_FILES"}:
        return
    world.store.run("update batches set status = 'EXECUTING' where uid = ?", uid)
    _touch(world, uid)
    if waits.begin(world, row["project"], "batch", f"batch {uid}"):
        execute(world, uid)


# --- execution -------------------------------------------------------------------------------------------


def settle(world: World, project: str) -> None:
    """Finish the batches that have become due by the clock."""
    for row in waits.running(world, project, "batch"):
        if waits.due(world, row["subject"]):
            execute(world, row["subject"].removeprefix("batch "))


def look(world: World, uid: str) -> None:
    """Count one look at a batch: what was uploaded is taken in, and the batch may come to its end."""
    take_in(world, uid)
    if waits.look(world, f"batch {uid}"):
        execute(world, uid)


def execute(world: World, uid: str) -> None:
    """Take in what is left, attach all files to the job, authorize if asked, and complete."""
    take_in(world, uid)
    row = world.store.row("select * from batches where uid = ?", uid)
    assert row is not None  # noqa: S101 - waits and batches come and go together
    for item in items(world, uid):
        if item["status"] == "ATTACHING":
            _attach(world, row, item)
    errors = _authorize(world, row) if row["authorize"] else ""
    sql = "update batches set status = 'COMPLETED', modified = ?, errors = ? where uid = ?"
    world.store.run(sql, world.now(), errors, uid)
    waits.finish(world, f"batch {uid}")


def take_in(world: World, uid: str) -> None:
    """Hand the uploaded files of a batch to the Files API."""
    row = world.store.row("select * from batches where uid = ?", uid)
    for item in items(world, uid):
        if row is not None and item["status"] == "UPLOADING":
            _store(world, row["project"], item)


def _store(world: World, project: str, item: Row) -> None:
    body = json.loads(item["upload"])
    body.pop("locales")
    given = uploads.UploadedFile(**{**body, "content": world.store.get(body["content"])})
    try:
        uploads.apply(world, project, given)
    except Refusal as refusal:
        _set_item(world, item, status="UPLOAD_FAILED", errors=_error_text(refusal))
    else:
        _set_item(world, item, status="ATTACHING")


def _attach(world: World, row: Row, item: Row) -> None:
    wanted = json.loads(item["upload"])["locales"]
    try:
        added = job_content.add_file(world, row["project"], row["job"], item["uri"], wanted)
    except Refusal as refusal:
        _set_item(world, item, status="ATTACH_FAILED", errors=_error_text(refusal))
        return
    _set_item(world, item, status="COMPLETED", added=json.dumps({locale: added[locale] for locale in wanted}))


def _authorize(world: World, row: Row) -> str:
    """Authorize the job for a batch that asked for it; return what went wrong, as text."""
    try:
        job = jobs.find(world, row["project"], row["job"])
    except Refusal as refusal:
        return _error_text(refusal)
    if job["status"] in jobs.OPEN and job_life.has_content(world, job["uid"]):
        chosen = json.loads(row["workflows"] or "null") or []
        job_life.release(world, job, job_life.ways(chosen))
    return ""


def _error_text(refusal: Refusal) -> str:
    return json.dumps(refusal.envelope()["response"]["errors"][0])


# --- what the API shows ----------------------------------------------------------------------------------


def status(world: World, project: str, uid: str) -> dict[str, Any]:
    """Look at a batch and return its status."""
    find(world, project, uid)
    look(world, uid)
    row = find(world, project, uid)
    none = str(world.switch(project, "batch_errors_empty"))
    words = _V2 if world.switch(project, "batch_file_statuses") == "v2" else {}
    return {
        "status": row["status"],
        "authorized": bool(row["authorize"]),
        "generalErrors": row["errors"],
        "projectId": project,
        "translationJobUid": row["job"],
        "updatedDate": iso(row["modified"]),
        "files": [_shown(item, none, words) for item in items(world, uid)],
    }


_V2 = {"DRAFT": "UPLOADING", "ATTACHING": "PROCESSING", "UPLOAD_FAILED": "FAILED", "ATTACH_FAILED": "FAILED"}
"""States of a batch's files as the API description names them; a strict official client has the others."""


def _shown(item: Row, no_errors: str, words: Mapping[str, str]) -> dict[str, Any]:
    body = json.loads(item["upload"] or "{}")
    added = json.loads(item["added"])
    return {
        "fileUri": item["uri"],
        "status": words.get(item["status"], item["status"]),
        "errors": item["errors"] or no_errors,
        "updatedDate": iso(item["modified"]),
        "targetLocales": [
            {"localeId": locale, "stringsAdded": added.get(locale, 0)} for locale in body.get("locales", ())
        ],
    }


def listed(world: World, row: Row) -> dict[str, Any]:
    """Return a batch as lists show it."""
    failed = any(item["errors"] for item in items(world, row["uid"]))
    return {
        "batchUid": row["uid"],
        "status": row["status"],
        "authorized": bool(row["authorize"]),
        "hasError": failed or bool(row["errors"]),
        "translationJobUid": row["job"],
        "projectId": row["project"],
        "createdDate": iso(row["created"]),
        "modifiedDate": iso(row["modified"]),
    }


# --- jobs by name ----------------------------------------------------------------------------------------

_FINISHED = ("CLOSED", "COMPLETED", "CANCELLED", "DELETED")


def job_for(world: World, project: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a living job of the name that the template gives, or create one."""
    template = body.get("nameTemplate")
    if not isinstance(template, str) or not template.strip():
        raise invalid("nameTemplate is required", "nameTemplate")
    moment = _moment(world, body.get("timeZoneName"))
    name = evaluate(template, moment)
    row = _reusable(world, project, name) if body.get("mode", "REUSE_EXISTING") != "CREATE_NEW" else None
    if row is None:
        row = _create_named(world, project, name, body, moment)
    return {key: jobs.listed(row)[key] for key in (
        "translationJobUid", "jobName", "jobNumber", "dueDate", "targetLocaleIds", "createdDate", "jobStatus",
        "referenceNumber", "description")}  # fmt: skip


def _reusable(world: World, project: str, name: str) -> Row | None:
    salted = re.compile(re.escape(name) + r"( .+)?")
    finished = set(_FINISHED)
    if world.switch(project, "completed_job_reused"):
        finished.remove("COMPLETED")
    rows = [row for row in jobs.listing(world, project) if row["status"] not in finished]
    exact = [row for row in rows if row["name"] == name]
    return next(iter(exact), None) or next((row for row in rows if salted.fullmatch(row["name"])), None)


def _create_named(world: World, project: str, name: str, body: Mapping[str, Any], moment: datetime) -> Row:
    taken = {row["name"] for row in jobs.listing(world, project)}
    if name in taken:
        salt = moment.strftime("%Y-%m-%d %I:%M:%S %p") if body.get("salt") == "TIMESTAMP" else world.uid(5)
        name = f"{name} {salt}"
    return jobs.create(world, project, {**body, "jobName": name})


def _moment(world: World, zone: Any) -> datetime:
    if not zone:
        return datetime.fromtimestamp(world.now(), UTC)
    try:
        return datetime.fromtimestamp(world.now(), ZoneInfo(str(zone)))
    except (ZoneInfoNotFoundError, ValueError):
        raise invalid(f"Unknown time zone {zone}", "timeZoneName") from None


_PATTERNS = {
    "yyyy": "%Y", "yy": "%y", "MM": "%m", "MMM": "%b", "MMMM": "%B", "dd": "%d", "HH": "%H", "hh": "%I",
    "mm": "%M", "ss": "%S", "a": "%p", "EEE": "%a", "EEEE": "%A", "DDD": "%j",
}  # fmt: skip


def evaluate(template: str, moment: datetime) -> str:
    """Return a name with its `{date pattern}` parts filled in; patterns are Java's."""
    return re.sub(r"\{([^{}]*)\}", lambda match: _date(match[1], moment), template)


def _date(pattern: str, moment: datetime) -> str:
    out: list[str] = []
    for match in re.finditer(r"'([^']*)'|([a-zA-Z])\2*|.", pattern):
        word = match[0]
        if match[1] is not None:
            out.append(match[1] or "'")
        elif match[2] is None:
            out.append(word)
        elif word.startswith("Q"):
            out.append(f"{'Q' if len(word) == 3 else ''}{(moment.month - 1) // 3 + 1}")
        elif word in _PATTERNS:
            out.append(moment.strftime(_PATTERNS[word]))
        else:
            raise invalid(f"Unknown pattern {word}", "job.name.evaluation.failed")
    return "".join(out)
