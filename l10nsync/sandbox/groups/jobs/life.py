"""The life of a job: authorize, cancel, close, delete and complete it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from l10nsync.sandbox.clock import iso
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.jobs import rules as jobs
from l10nsync.sandbox.groups.projects import workflows
from l10nsync.sandbox.groups.webhooks import rules as events
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.store import Row


def authorize(world: World, project: str, uid: str, chosen: Sequence[Mapping[str, Any]] = ()) -> None:
    """Send a job's content to translation; only when it awaits that and has content.

    CHOSEN names locales with their workflows; without it all go the way of their locale's default.
    """
    row = jobs.find(world, project, uid)
    _check_workflows(chosen)
    jobs.require_status(row, ("AWAITING_AUTHORIZATION",), "authorize")
    if not has_content(world, uid):
        raise invalid("Cannot authorize a job without content")
    release(world, row, ways(chosen))


def ways(chosen: Sequence[Mapping[str, Any]]) -> dict[str, str | None]:
    """Return locale to workflow, as requests spell it."""
    named = [workflow for workflow in chosen if workflow.get("targetLocaleId")]
    return {str(workflow["targetLocaleId"]): workflow.get("workflowUid") for workflow in named}


def release(world: World, row: Row, chosen: Mapping[str, str | None] | None = None) -> None:
    """Move a job's unauthorized content into translation: CHOSEN is locale to workflow, none means all."""
    chosen = chosen or dict.fromkeys(jobs.locales_of(row))
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
    row = jobs.find(world, project, uid)
    jobs.require_status(row, jobs.OPEN, "cancel")
    _drop_content(world, uid)
    stamp = datetime.fromtimestamp(world.now(), UTC).strftime("%Y/%m/%d %H:%M:%S")
    events.job_cancelled(world, row)
    jobs.change(world, uid, status="CANCELLED", name=f"{row['name']} (Cancelled {stamp})")


def close(world: World, project: str, uid: str) -> None:
    """Close a completed job; its content leaves it."""
    jobs.require_status(jobs.find(world, project, uid), ("COMPLETED",), "close")
    world.store.run("delete from job_strings where job = ?", uid)
    world.store.run("delete from job_files where job = ?", uid)
    jobs.change(world, uid, status="CLOSED")


def delete(world: World, project: str, uid: str) -> None:
    """Delete a cancelled job."""
    jobs.require_status(jobs.find(world, project, uid), ("CANCELLED",), "delete")
    jobs.change(world, uid, status="DELETED")


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
    unauthorize(world, "job = ?", uid)
    world.store.run("delete from job_files where job = ?", uid)


def unauthorize(world: World, where: str, *values: Any) -> int:
    """Take strings out of a job; what was not published yet is no longer authorized. WHERE is ours."""
    sql = f"""update translations set state = 'new' where state in ('authorized', 'translated')
              and (project, hash, locale) in (select project, hash, locale from job_strings where {where})"""  # noqa: S608
    world.store.run(sql, *values)
    return world.store.run(f"delete from job_strings where {where}", *values)  # noqa: S608


def _check_workflows(chosen: Sequence[Mapping[str, Any]]) -> None:
    for workflow in chosen:
        if workflow.get("targetLocaleId") and not workflow.get("workflowUid"):
            raise invalid("workflowUid is required if targetLocaleId is specified", "localeWorkflows")
