"""Translation jobs: their life, their content, their progress.

DRAFT or AWAITING_AUTHORIZATION, then IN_PROGRESS, COMPLETED, CLOSED; or CANCELLED, DELETED. A string in
one locale is in one job at a time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from l10nsync.sandbox.clock import iso, parse_iso
from l10nsync.sandbox.common import waits
from l10nsync.sandbox.common.uris import JOB_NAME_LIMIT, fold
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.files import rules as files
from l10nsync.sandbox.groups.issues import rules as issues
from l10nsync.sandbox.groups.jobs import custom_fields
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.groups.projects import workflows
from l10nsync.sandbox.groups.webhooks import rules as events
from l10nsync.sandbox.refusal import Refusal, field_refused, invalid, not_found
from l10nsync.sandbox.store import Row

OPEN = ("DRAFT", "AWAITING_AUTHORIZATION", "IN_PROGRESS")
EDITABLE = (*OPEN, "COMPLETED")
STATUSES = ("DRAFT", "AWAITING_AUTHORIZATION", "IN_PROGRESS", "COMPLETED", "CANCELLED", "CLOSED", "DELETED")
FILES_LIMIT = 5000
_FIELDS = ("description", "dueDate", "referenceNumber", "callbackUrl", "callbackMethod", "customFields")
_LIMITS = {"description": 8000, "callbackUrl": 8192}


# --- finding ---------------------------------------------------------------------------------------------


def find(world: World, project: str, uid: str) -> Row:
    """Return a job; raise a refusal if it is unknown or deleted."""
    sql = "select * from jobs where project = ? and uid = ? and status != 'DELETED'"
    row = world.store.row(sql, project, uid)
    if row is None:
        raise not_found()
    return row


def listing(world: World, project: str, name: str = "", statuses: Sequence[str] = ()) -> list[Row]:
    """Return jobs whose name holds NAME (as LIKE does: `%` and `_` are wildcards), oldest first."""
    sql = "select * from jobs where project = ? and name like ? order by created, rowid"
    rows = world.store.rows(sql, project, f"%{name}%")
    return [row for row in rows if (row["status"] in statuses if statuses else row["status"] != "DELETED")]


def locales_of(row: Row) -> list[str]:
    """Return the target locales of a job."""
    found: list[str] = json.loads(row["locales"])
    return found


# --- what the API shows ----------------------------------------------------------------------------------


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


# --- create, edit ----------------------------------------------------------------------------------------


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
    _require(row, EDITABLE, "update")
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


def _require(row: Row, statuses: Sequence[str], verb: str) -> None:
    if row["status"] not in statuses:
        raise invalid(f"Cannot {verb} a job in status {row['status']}")


# --- life ------------------------------------------------------------------------------------------------


def authorize(world: World, project: str, uid: str, chosen: Sequence[Mapping[str, Any]] = ()) -> None:
    """Send a job's content to translation; only when it awaits that and has content.

    CHOSEN names locales with their workflows; without it all go the way of their locale's default.
    """
    row = find(world, project, uid)
    _check_workflows(chosen)
    _require(row, ("AWAITING_AUTHORIZATION",), "authorize")
    if not has_content(world, uid):
        raise invalid("Cannot authorize a job without content")
    release(world, row, ways(chosen))


def ways(chosen: Sequence[Mapping[str, Any]]) -> dict[str, str | None]:
    """Return locale to workflow, as requests spell it."""
    named = [workflow for workflow in chosen if workflow.get("targetLocaleId")]
    return {str(workflow["targetLocaleId"]): workflow.get("workflowUid") for workflow in named}


def release(world: World, row: Row, chosen: Mapping[str, str | None] | None = None) -> None:
    """Move a job's unauthorized content into translation: CHOSEN is locale to workflow, none means all."""
    chosen = chosen or dict.fromkeys(locales_of(row))
    locales = tuple(chosen)
    for locale, workflow in chosen.items():
        workflows.assign(world, row, locale, workflow)
    now = world.now()
    marks = ", ".join("?" * len(locales))
    sql = f"""insert into translations (project, hash, locale, state, modified)
              select project, hash, locale, 'authorized', ? from job_strings
              where job = ? and locale in ({marks})
              on conflict (project, hash, locale) do update
              set state = 'authorized', modified = excluded.modified where state = 'new'"""  # noqa: S608 - only question marks
    world.store.run(sql, now, row["uid"], *locales)
    sql = """update jobs set status = 'IN_PROGRESS', authorized_first = coalesce(authorized_first, ?),
             authorized_last = ?, modified = ? where uid = ?"""
    world.store.run(sql, now, now, now, row["uid"])
    complete(world, row["uid"])


def cancel(world: World, project: str, uid: str) -> None:
    """Cancel a job: its content becomes unauthorized, its name free."""
    row = find(world, project, uid)
    _require(row, OPEN, "cancel")
    _drop_content(world, uid)
    stamp = datetime.fromtimestamp(world.now(), UTC).strftime("%Y/%m/%d %H:%M:%S")
    events.job_cancelled(world, row)
    _set(world, uid, status="CANCELLED", name=f"{row['name']} (Cancelled {stamp})")


def close(world: World, project: str, uid: str) -> None:
    """Close a completed job; its content leaves it."""
    _require(find(world, project, uid), ("COMPLETED",), "close")
    world.store.run("delete from job_strings where job = ?", uid)
    world.store.run("delete from job_files where job = ?", uid)
    _set(world, uid, status="CLOSED")


def delete(world: World, project: str, uid: str) -> None:
    """Delete a cancelled job."""
    _require(find(world, project, uid), ("CANCELLED",), "delete")
    _set(world, uid, status="DELETED")


def complete(world: World, uid: str) -> None:
    """Note which locales of a job, and whether the job itself, are complete by now."""
    row = world.store.row("select * from jobs where uid = ?", uid)
    if row is None or row["status"] != "IN_PROGRESS":
        return
    now = world.now()
    open_locales = _open_locales(world, uid)
    sql = "insert into job_completions values (?, ?, ?) on conflict do nothing"
    for locale in sorted(_content_locales(world, uid) - open_locales):
        if world.store.run(sql, uid, locale, now):
            events.job_locale_completed(world, row, locale)
    if not open_locales:
        sql = """update jobs set status = 'COMPLETED', completed_first = coalesce(completed_first, ?),
                 completed_last = ?, modified = ? where uid = ?"""
        world.store.run(sql, now, now, now, uid)
        events.job_completed(world, row)


def completions(world: World, uid: str) -> list[dict[str, Any]]:
    """Return when each locale of a job was last completed."""
    rows = world.store.rows("select locale, date from job_completions where job = ? order by locale", uid)
    return [{"targetLocaleId": row["locale"], "completionDate": iso(row["date"])} for row in rows]


def _open_locales(world: World, uid: str) -> set[str]:
    sql = """select distinct js.locale from job_strings js
             left join translations t using (project, hash, locale)
             where js.job = ? and coalesce(t.state, 'new') not in ('published', 'excluded')
               and exists (select 1 from file_strings fs join files f on f.id = fs.file
                           where fs.hash = js.hash and f.project = js.project)"""
    return {row[0] for row in world.store.rows(sql, uid)}


def _content_locales(world: World, uid: str) -> set[str]:
    return {row[0] for row in world.store.rows("select distinct locale from job_strings where job = ?", uid)}


def has_content(world: World, uid: str) -> bool:
    """Whether any string is in a job."""
    return bool(world.store.value("select 1 from job_strings where job = ? limit 1", uid))


def _drop_content(world: World, uid: str) -> None:
    _unauthorize(world, "job = ?", uid)
    world.store.run("delete from job_files where job = ?", uid)


def _unauthorize(world: World, where: str, *values: Any) -> int:
    """Take strings out of a job; what was not published yet is no longer authorized. WHERE is ours."""
    sql = f"""update translations set state = 'new' where state in ('authorized', 'translated')
              and (project, hash, locale) in (select project, hash, locale from job_strings where {where})"""  # noqa: S608
    world.store.run(sql, *values)
    return world.store.run(f"delete from job_strings where {where}", *values)  # noqa: S608


def _set(world: World, uid: str, **columns: Any) -> None:
    names = ", ".join(f"{name} = ?" for name in columns)
    sql = f"update jobs set {names}, modified = ? where uid = ?"  # noqa: S608
    world.store.run(sql, *columns.values(), world.now(), uid)


def _check_workflows(chosen: Sequence[Mapping[str, Any]]) -> None:
    for workflow in chosen:
        if workflow.get("targetLocaleId") and not workflow.get("workflowUid"):
            raise invalid("workflowUid is required if targetLocaleId is specified", "localeWorkflows")


# --- content ---------------------------------------------------------------------------------------------


def add_file(
    world: World, project: str, uid: str, uri: str, wanted: Sequence[str] | None, *, move: bool = False
) -> dict[str, int]:
    """Add a file's unpublished strings to a job; return how many were added, by locale.

    Strings that are in another job stay there (unless MOVE) and count under the key `""`.
    """
    row = find(world, project, uid)
    _require(row, EDITABLE, "add content to")
    file = files.find(world, project, uri)
    locales = _extend(world, row, wanted)
    if world.store.value("select count(distinct file) from job_files where job = ?", uid) >= FILES_LIMIT:
        raise invalid(f"A job holds {FILES_LIMIT} files at most", "fileUri")
    added: dict[str, int] = {"": 0}
    for locale in locales:
        added[locale], failed = _add(world, row, _hashes(world, int(file["id"])), locale, move=move)
        added[""] += failed
        _register(world, row, int(file["id"]), locale)
    _reopen(world, uid, [locale for locale, number in added.items() if locale and number])
    return added


def add_strings(
    world: World, project: str, uid: str, hashes: Sequence[str], wanted: Sequence[str] | None, *, move: bool
) -> dict[str, int]:
    """Add single strings to a job; return the counts as `file/add` does."""
    row = find(world, project, uid)
    _require(row, EDITABLE, "add content to")
    counts = {locale: _add(world, row, hashes, locale, move=move) for locale in _extend(world, row, wanted)}
    _reopen(world, uid, [locale for locale, (done, _) in counts.items() if done])
    success, failed = (sum(row[which] for row in counts.values()) for which in (0, 1))
    return {"successCount": success, "failCount": failed}


def remove_strings(
    world: World, project: str, uid: str, hashes: Sequence[str], locales: Sequence[str] | None
) -> dict[str, int]:
    """Take single strings out of a job."""
    row = find(world, project, uid)
    removed = 0
    for locale in locales or locales_of(row):
        for hash_ in hashes:
            removed += _unauthorize(world, "job = ? and hash = ? and locale = ?", uid, hash_, locale)
    return {"successCount": removed, "failCount": 0}


def remove_file(world: World, project: str, uid: str, uri: str) -> dict[str, int]:
    """Take a file out of a job; its content becomes unauthorized."""
    find(world, project, uid)
    row = files.lookup(world, project, uri)
    if row is None:
        raise not_found(f"File not found: {uri}")
    where = "job = ? and hash in (select hash from file_strings where file = ?)"
    removed = _unauthorize(world, where, uid, row["id"])
    world.store.run("delete from job_files where job = ? and file = ?", uid, row["id"])
    return {"successCount": removed, "failCount": 0}


def add_locale(world: World, project: str, uid: str, locale: str, *, sync: bool) -> dict[str, int]:
    """Add a target locale; with SYNC what the job has already is added for it too."""
    row = find(world, project, uid)
    _require(row, EDITABLE, "add a locale to")
    known = [file["uri"] for file in files_of(world, uid)] if sync else []
    _extend(world, row, [locale])
    counts = [add_file(world, project, uid, uri, [locale]) for uri in known]
    success, failed = sum(count[locale] for count in counts), sum(count[""] for count in counts)
    return {"successCount": success, "failCount": failed}


def remove_locale(world: World, project: str, uid: str, locale: str) -> dict[str, int]:
    """Take a target locale out of a job; its content becomes unauthorized."""
    row = find(world, project, uid)
    if locale not in locales_of(row):
        raise not_found(f"Locale {locale} is not in the job")
    removed = _unauthorize(world, "job = ? and locale = ?", uid, locale)
    world.store.run("delete from job_files where job = ? and locale = ?", uid, locale)
    _set(world, uid, locales=json.dumps([other for other in locales_of(row) if other != locale]))
    return {"successCount": removed, "failCount": 0}


def strings(world: World, uid: str, locale: str | None) -> list[dict[str, str]]:
    """Return the strings of a job, in all locales or one."""
    sql = "select locale, hash from job_strings where job = ? and ? in ('', locale) order by locale, rowid"
    rows = world.store.rows(sql, uid, locale or "")
    return [{"targetLocaleId": row["locale"], "hashcode": row["hash"]} for row in rows]


def _hashes(world: World, file: int) -> list[str]:
    sql = "select distinct hash from file_strings where file = ? order by position"
    return [row[0] for row in world.store.rows(sql, file)]


def _extend(world: World, row: Row, wanted: Sequence[str] | None) -> list[str]:
    """Return the locales meant by a request, added to the job where they are new to it."""
    if not wanted and not locales_of(row):
        raise invalid("The job has no target locales and none are specified", "targetLocaleIds")
    if not wanted:
        return locales_of(row)
    chosen = projects.require_locales(world, row["project"], wanted, "targetLocaleIds")
    merged = list(dict.fromkeys([*locales_of(row), *chosen]))
    if merged != locales_of(row):
        _set(world, row["uid"], locales=json.dumps(merged))
    return chosen


_OPEN_STRINGS = """
    select value as hash from json_each(:hashes) where not exists (
      select 1 from translations t where t.project = :project and t.hash = value and t.locale = :locale
      and t.state in ('published', 'excluded'))"""
"""Those of the given strings that are still to be translated in a locale."""


def _add(world: World, row: Row, hashes: Sequence[str], locale: str, *, move: bool) -> tuple[int, int]:
    """Put strings into a job in one locale; return (added, refused because another job holds them)."""
    given = {"hashes": json.dumps(hashes), "project": row["project"], "locale": locale, "job": row["uid"]}
    held = f"""from job_strings where project = :project and locale = :locale and job != :job
               and hash in ({_OPEN_STRINGS})"""
    if move:
        world.store.named(f"delete {held}", given)
    added = world.store.named(
        f"insert or ignore into job_strings select :project, hash, :locale, :job from ({_OPEN_STRINGS})",  # noqa: S608
        given,
    )
    touch = f"update job_strings set job = job where rowid in (select rowid {held})"  # noqa: S608
    return added, world.store.named(touch, given)


def _register(world: World, row: Row, file: int, locale: str) -> None:
    """List a file under a job for a locale if any of its strings is in it."""
    sql = """insert or ignore into job_files select ?, ?, ? where exists (
               select 1 from job_strings where project = ? and locale = ? and +job = ? and hash in (
                 select hash from file_strings where file = ?))"""
    world.store.run(sql, row["uid"], file, locale, row["project"], locale, row["uid"], file)


def _reopen(world: World, uid: str, locales: Sequence[str]) -> None:
    """Make a job with new content in LOCALES await authorization."""
    row = world.store.row("select * from jobs where uid = ?", uid)
    if not locales or row is None:
        return
    reopens = world.switch(row["project"], "new_content_reopens")
    if row["status"] == "DRAFT" or (row["status"] in {"IN_PROGRESS", "COMPLETED"} and reopens):
        _set(world, uid, status="AWAITING_AUTHORIZATION")
    sql = "delete from job_completions where job = ? and locale in (select value from json_each(?))"
    world.store.run(sql, uid, json.dumps(locales))


# --- steps in the background -----------------------------------------------------------------------------

JobChange = Callable[[World, str, Mapping[str, Any]], dict[str, int] | None]


def run(
    world: World, project: str, uid: str, name: str, arguments: Mapping[str, Any]
) -> dict[str, int] | str | None:
    """Carry out a change of a job's content, or begin it; a text is the uid of the process to poll."""
    find(world, project, uid)
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
    added = add_file(world, project, given["job"], given["fileUri"], given.get("targetLocaleIds"))
    return {"successCount": sum(added.values()) - added[""], "failCount": added[""]}


def _cancel(world: World, project: str, given: Mapping[str, Any]) -> None:
    cancel(world, project, given["job"])


ACTIONS: Mapping[str, JobChange] = {
    "file/add": _file_add,
    "file/remove": lambda world, project, given: remove_file(world, project, given["job"], given["fileUri"]),
    "locale/add": lambda world, project, given: add_locale(
        world, project, given["job"], given["locale"], sync=bool(given.get("syncContent", True))
    ),
    "locale/remove": lambda world, project, given: remove_locale(
        world, project, given["job"], given["locale"]
    ),
    "strings/add": lambda world, project, given: add_strings(
        world,
        project,
        given["job"],
        given["hashcodes"],
        given.get("targetLocaleIds"),
        move=bool(given.get("moveEnabled")),
    ),
    "strings/remove": lambda world, project, given: remove_strings(
        world, project, given["job"], given["hashcodes"], given.get("localeIds")
    ),
    "cancel": _cancel,
}
"""Changes of a job that the service may do in the background."""


def search(
    world: World, project: str, uris: Sequence[str], hashes: Sequence[str], uids: Sequence[str]
) -> list[Row]:
    """Return the jobs that hold any of the files, any of the strings and are any of the jobs given."""
    found = listing(world, project)
    if uris:
        folded = {fold(uri) for uri in uris}
        sql = "select distinct jf.job from job_files jf join files f on f.id = jf.file where f.folded = ?"
        keep = {row[0] for row in chain.from_iterable(world.store.rows(sql, uri) for uri in folded)}
        found = [row for row in found if row["uid"] in keep]
    if hashes:
        sql = "select distinct job from job_strings where project = ? and hash = ?"
        keep = {
            row[0] for row in chain.from_iterable(world.store.rows(sql, project, hash_) for hash_ in hashes)
        }
        found = [row for row in found if row["uid"] in keep]
    return [row for row in found if not uids or row["uid"] in uids]


# --- progress --------------------------------------------------------------------------------------------


def progress(world: World, row: Row, locale: str | None = None, uri: str | None = None) -> dict[str, Any]:
    """Return a job's progress, of all files or one, in all locales or one."""
    file = files.find(world, row["project"], uri)["id"] if uri else None
    sql = """select js.locale, coalesce(t.state, 'new') as state, ws.workflow, coalesce(ws.step, 0) as step,
               count(*) as strings, sum(s.words) as words
             from job_strings js join strings s on s.project = js.project and s.hash = js.hash
             left join translations t on t.project = js.project and t.hash = js.hash and t.locale = js.locale
             left join workflow_strings ws
               on ws.project = js.project and ws.hash = js.hash and ws.locale = js.locale
             where js.job = ? and ? in ('', js.locale)
               and (? is null or js.hash in (select hash from file_strings where file = ?))
             group by js.locale, 2, 3, 4"""
    rows = world.store.rows(sql, row["uid"], locale or "", file, file)
    reports = [
        _locale_report(locale, [row for row in rows if row["locale"] == locale])
        for locale in _in_order(row, rows)
    ]
    return {
        "contentProgressReport": reports,
        "progress": _overall(rows),
        "summaryReport": _summary(rows),
    }


def _in_order(row: Row, rows: Sequence[Row]) -> list[str]:
    present = {row["locale"] for row in rows}
    return [locale for locale in locales_of(row) if locale in present]


def _locale_report(locale: str, rows: Sequence[Row]) -> dict[str, Any]:
    new = _sum(rows, "new")
    known = [row for row in rows if row["state"] != "new"]
    present = [
        workflow for workflow in workflows.WORKFLOWS if any(_workflow(row) is workflow for row in known)
    ]
    return {
        "targetLocaleId": locale,
        "targetLocaleDescription": projects.describe(locale),
        "unauthorizedProgressReport": {"stringCount": new[0], "wordCount": new[1]},
        "workflowProgressReportList": [
            {
                "workflowUid": workflow.uid,
                "workflowName": workflow.name,
                "workflowStepSummaryReportItemList": [
                    {
                        "workflowStepUid": step.uid,
                        "workflowStepName": step.name,
                        "workflowStepType": step.kind,
                        **_counted([row for row in known if _step(row) is step]),
                    }
                    for step in workflow.steps
                ],
            }
            for workflow in present or [workflows.TRANSLATION]
        ],
        "progress": _overall(rows),
    }


def _workflow(row: Row) -> workflows.ProjectWorkflow:
    return workflows.named(row["workflow"])


def _step(row: Row) -> workflows.WorkflowStep:
    return workflows.step_of(_workflow(row), row["step"], row["state"])


def _counted(rows: Sequence[Row]) -> dict[str, int]:
    return {
        "stringCount": sum(row["strings"] for row in rows),
        "wordCount": sum(row["words"] for row in rows),
    }


def _sum(rows: Sequence[Row], *states: str) -> tuple[int, int]:
    chosen = [row for row in rows if row["state"] in states]
    return sum(row["strings"] for row in chosen), sum(row["words"] for row in chosen)


def _overall(rows: Sequence[Row]) -> dict[str, int] | None:
    """Return percent and words; None for a job without content."""
    if not rows:
        return None
    total, done = sum(row["words"] for row in rows), _sum(rows, "published", "excluded")[1]
    return {"percentComplete": 100 * done // total if total else 100, "totalWordCount": total}


def _summary(rows: Sequence[Row]) -> list[dict[str, Any]]:
    names = [
        "Unauthorized",
        *(step.name for step in chain.from_iterable(workflow.steps[:-1] for workflow in workflows.WORKFLOWS)),
        "Published",
    ]
    by_name: dict[str, list[Row]] = {name: [] for name in names}
    for row in rows:
        if row["state"] != "excluded":
            by_name["Unauthorized" if row["state"] == "new" else _step(row).name].append(row)
    return [{"workflowStepName": name, **_counted(mine)} for name, mine in by_name.items() if mine]


def by_strings(
    world: World, project: str, hashes: Sequence[str], locales: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the jobs that hold any of the strings, with what they hold of them."""
    found: list[dict[str, Any]] = []
    for row in listing(world, project):
        held: dict[str, list[str]] = {}
        for string in strings(world, row["uid"], None):
            if string["hashcode"] in hashes and (not locales or string["targetLocaleId"] in locales):
                held.setdefault(string["targetLocaleId"], []).append(string["hashcode"])
        if held:
            entry = listed(row)
            by_locale = [{"localeId": locale, "hashcodes": codes} for locale, codes in held.items()]
            found.append({
                "translationJobUid": entry["translationJobUid"], "jobName": entry["jobName"],
                "dueDate": entry["dueDate"], "hashcodesByLocale": by_locale,
            })  # fmt: skip
    return found
