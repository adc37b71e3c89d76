"""The content of a job: files, strings and locales. A string in one locale is in one job at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from l10nsync.sandbox.common.uris import fold
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.files import rules as files
from l10nsync.sandbox.groups.jobs import life
from l10nsync.sandbox.groups.jobs import rules as jobs
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.refusal import invalid, not_found
from l10nsync.sandbox.store import Row


def add_file(
    world: World, project: str, uid: str, uri: str, wanted: Sequence[str] | None, *, move: bool = False
) -> dict[str, int]:
    """Add a file's unpublished strings to a job; return how many were added, by locale.

    Strings that are in another job stay there (unless MOVE) and count under the key `""`.
    """
    row = jobs.find(world, project, uid)
    jobs.require_status(row, jobs.EDITABLE, "add content to")
    file = files.find(world, project, uri)
    locales = _extend(world, row, wanted)
    if world.store.value("select count(distinct file) from job_files where job = ?", uid) >= jobs.FILES_LIMIT:
        raise invalid(f"A job holds {jobs.FILES_LIMIT} files at most", "fileUri")
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
    row = jobs.find(world, project, uid)
    jobs.require_status(row, jobs.EDITABLE, "add content to")
    counts = {locale: _add(world, row, hashes, locale, move=move) for locale in _extend(world, row, wanted)}
    _reopen(world, uid, [locale for locale, (done, _) in counts.items() if done])
    success, failed = (sum(row[which] for row in counts.values()) for which in (0, 1))
    return {"successCount": success, "failCount": failed}


def remove_strings(
    world: World, project: str, uid: str, hashes: Sequence[str], locales: Sequence[str] | None
) -> dict[str, int]:
    """Take single strings out of a job."""
    row = jobs.find(world, project, uid)
    removed = 0
    for locale in locales or jobs.locales_of(row):
        for hash_ in hashes:
            removed += life.unauthorize(world, "job = ? and hash = ? and locale = ?", uid, hash_, locale)
    return {"successCount": removed, "failCount": 0}


def remove_file(world: World, project: str, uid: str, uri: str) -> dict[str, int]:
    """Take a file out of a job; its content becomes unauthorized."""
    jobs.find(world, project, uid)
    row = files.lookup(world, project, uri)
    if row is None:
        raise not_found(f"File not found: {uri}")
    where = "job = ? and hash in (select hash from file_strings where file = ?)"
    removed = life.unauthorize(world, where, uid, row["id"])
    world.store.run("delete from job_files where job = ? and file = ?", uid, row["id"])
    return {"successCount": removed, "failCount": 0}


def add_locale(world: World, project: str, uid: str, locale: str, *, sync: bool) -> dict[str, int]:
    """Add a target locale; with SYNC what the job has already is added for it too."""
    row = jobs.find(world, project, uid)
    jobs.require_status(row, jobs.EDITABLE, "add a locale to")
    known = [file["uri"] for file in jobs.files_of(world, uid)] if sync else []
    _extend(world, row, [locale])
    counts = [add_file(world, project, uid, uri, [locale]) for uri in known]
    success, failed = sum(count[locale] for count in counts), sum(count[""] for count in counts)
    return {"successCount": success, "failCount": failed}


def remove_locale(world: World, project: str, uid: str, locale: str) -> dict[str, int]:
    """Take a target locale out of a job; its content becomes unauthorized."""
    row = jobs.find(world, project, uid)
    if locale not in jobs.locales_of(row):
        raise not_found(f"Locale {locale} is not in the job")
    removed = life.unauthorize(world, "job = ? and locale = ?", uid, locale)
    world.store.run("delete from job_files where job = ? and locale = ?", uid, locale)
    jobs.change(world, uid, locales=json.dumps([other for other in jobs.locales_of(row) if other != locale]))
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
    if not wanted and not jobs.locales_of(row):
        raise invalid("The job has no target locales and none are specified", "targetLocaleIds")
    if not wanted:
        return jobs.locales_of(row)
    chosen = projects.require_locales(world, row["project"], wanted, "targetLocaleIds")
    merged = list(dict.fromkeys([*jobs.locales_of(row), *chosen]))
    if merged != jobs.locales_of(row):
        jobs.change(world, row["uid"], locales=json.dumps(merged))
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
        jobs.change(world, uid, status="AWAITING_AUTHORIZATION")
    sql = "delete from job_completions where job = ? and locale in (select value from json_each(?))"
    world.store.run(sql, uid, json.dumps(locales))


def search(
    world: World, project: str, uris: Sequence[str], hashes: Sequence[str], uids: Sequence[str]
) -> list[Row]:
    """Return the jobs that hold any of the files, any of the strings and are any of the jobs given."""
    found = jobs.listing(world, project)
    if uris:
        sql = "select distinct jf.job from job_files jf join files f on f.id = jf.file where f.folded = ?"
        found = _in_any(found, (world.store.rows(sql, uri) for uri in {fold(uri) for uri in uris}))
    if hashes:
        sql = "select distinct job from job_strings where project = ? and hash = ?"
        found = _in_any(found, (world.store.rows(sql, project, hash_) for hash_ in hashes))
    return [row for row in found if not uids or row["uid"] in uids]


def _in_any(jobs_: Iterable[Row], answers: Iterable[Iterable[Row]]) -> list[Row]:
    """Return those jobs that any of some answers names in its first column."""
    uids = {row[0] for row in chain.from_iterable(answers)}
    return [job for job in jobs_ if job["uid"] in uids]


def by_strings(
    world: World, project: str, hashes: Sequence[str], locales: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the jobs that hold any of the strings, with what they hold of them."""
    found: list[dict[str, Any]] = []
    for row in jobs.listing(world, project):
        held: dict[str, list[str]] = {}
        for string in strings(world, row["uid"], None):
            if string["hashcode"] in hashes and (not locales or string["targetLocaleId"] in locales):
                held.setdefault(string["targetLocaleId"], []).append(string["hashcode"])
        if held:
            entry = jobs.listed(row)
            by_locale = [{"localeId": locale, "hashcodes": codes} for locale, codes in held.items()]
            found.append({
                "translationJobUid": entry["translationJobUid"], "jobName": entry["jobName"],
                "dueDate": entry["dueDate"], "hashcodesByLocale": by_locale,
            })  # fmt: skip
    return found
