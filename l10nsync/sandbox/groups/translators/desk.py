"""What a manager and a translator see on their desks: projects, jobs, files and strings, counted and found.

Reading only. Nothing here counts as a look at background work, so that whoever watches changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from l10nsync import formats
from l10nsync.formats import placeholders
from l10nsync.sandbox.common.uris import fold
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.batches import rules as batches
from l10nsync.sandbox.groups.jobs import job_progress
from l10nsync.sandbox.groups.jobs import rules as jobs
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.groups.projects import workflows
from l10nsync.sandbox.store import Row

PAGE = 50
"""Strings that one page shows."""
STATES = ("new", "authorized", "translated", "published", "excluded")
"""The states of a string in a locale, in the order of its life."""


# --- projects --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One project at a glance."""

    id: str
    name: str
    source: str
    locales: tuple[str, ...]
    files: int
    strings: int
    words: int
    jobs: int
    waiting: int
    """Jobs that await authorization."""


def project(world: World, ident: str) -> ProjectRow:
    """Return one project; raise a refusal if there is none."""
    row = projects.find(world, ident)
    sql = "select count(*) from files where project = ? and pending is not 'new'"
    active = """select count(*), coalesce(sum(words), 0) from strings where project = ?1 and hash in (
                  select fs.hash from file_strings fs join files f on f.id = fs.file where f.project = ?1)"""
    strings, words = world.store.rows(active, ident)[0]
    rows = jobs.listing(world, ident)
    return ProjectRow(
        id=ident,
        name=row["name"],
        source=row["source"],
        locales=tuple(projects.locales(world, ident)),
        files=int(world.store.value(sql, ident)),
        strings=strings,
        words=words,
        jobs=len(rows),
        waiting=sum(row["status"] == "AWAITING_AUTHORIZATION" for row in rows),
    )


def all_projects(world: World) -> list[ProjectRow]:
    """Return every project, oldest first."""
    rows = world.store.rows("select id from projects where archived = 0 order by rowid")
    return [project(world, row["id"]) for row in rows]


# --- jobs ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Job:
    """One job at a glance."""

    uid: str
    name: str
    number: str
    status: str
    locales: tuple[str, ...]
    description: str
    due: str
    created: float
    strings: int
    """Strings times locales."""
    words: int
    percent: int | None
    """Published words of all; None for a job without content."""
    files: int
    unauthorized: int
    """Strings times locales that no workflow has yet."""


def job(world: World, row: Row, report: Mapping[str, Any] | None = None) -> Job:
    """Return one job; REPORT is its progress where that is known already."""
    report = report or job_progress.progress(world, row)
    steps = {step["workflowStepName"]: step for step in report["summaryReport"]}
    overall = report["progress"]
    fields = json.loads(row["fields"])
    sql = "select count(distinct file) from job_files where job = ?"
    return Job(
        uid=row["uid"],
        name=row["name"],
        number=row["number"],
        status=row["status"],
        locales=tuple(jobs.locales_of(row)),
        description=fields.get("description") or "",
        due=fields.get("dueDate") or "",
        created=row["created"],
        strings=sum(step["stringCount"] for step in steps.values()),
        words=overall["totalWordCount"] if overall else 0,
        percent=overall["percentComplete"] if overall else None,
        files=int(world.store.value(sql, row["uid"])),
        unauthorized=steps.get("Unauthorized", {}).get("stringCount", 0),
    )


def all_jobs(world: World, ident: str) -> list[Job]:
    """Return the jobs of a project, newest first."""
    return [job(world, row) for row in reversed(jobs.listing(world, ident))]


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch of a job, with the state of each file."""

    uid: str
    status: str
    created: float
    errors: str
    files: tuple[tuple[str, str, str], ...]
    """fileUri, status, errors."""


def batches_of(world: World, ident: str, uid: str) -> list[BatchRow]:
    """Return the batches of a job, newest first."""
    return [
        BatchRow(
            row["uid"],
            row["status"],
            row["created"],
            row["errors"],
            tuple((item["uri"], item["status"], item["errors"]) for item in batches.items(world, row["uid"])),
        )
        for row in reversed(batches.listing(world, ident, uid))
    ]


# --- files -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file at a glance."""

    uri: str
    type: str
    namespace: str
    uploaded: float
    state: str
    """`ready`, or `new` and `deleting` while the service works on it."""
    strings: int
    words: int
    published: Mapping[str, int]
    """Published strings by locale, for every locale with any authorized string."""
    authorized: Mapping[str, int]
    """Strings in work or published by locale, the same locales."""

    def percent(self, locale: str) -> int | None:
        """Return how much of what was authorized in a locale is published; None if nothing was."""
        wanted = self.authorized.get(locale)
        return 100 * self.published.get(locale, 0) // wanted if wanted else None


_FILES = """
    with wanted as (
      select * from files f where f.project = :project and (:uri = '' or f.folded = :uri)
        and (:job = '' or f.id in (select file from job_files where job = :job))),
    held as (select distinct fs.file, fs.hash from file_strings fs join wanted on wanted.id = fs.file)"""


def all_files(world: World, ident: str, uid: str = "", uri: str = "") -> list[FileRow]:
    """Return the files of a project, of one job, or of one URI, in the order of their URIs."""
    given = {"project": ident, "job": uid, "uri": fold(uri)}
    sql = f"""{_FILES}
              select held.file, t.locale, count(*) as strings, sum(t.state = 'published') as published
              from held join translations t on t.project = :project and t.hash = held.hash
              where t.state in ('authorized', 'translated', 'published') group by held.file, t.locale"""  # noqa: S608 - fixed text
    by_file: dict[int, list[Row]] = {}
    for row in world.store.ask(sql, given):
        by_file.setdefault(row["file"], []).append(row)
    sql = f"""{_FILES}
              select wanted.*, count(s.hash) as strings, coalesce(sum(s.words), 0) as words from wanted
              left join held on held.file = wanted.id
              left join strings s on s.project = :project and s.hash = held.hash
              group by wanted.id order by wanted.folded"""  # noqa: S608 - fixed text
    return [_file(row, by_file.get(row["id"], [])) for row in world.store.ask(sql, given)]


def file(world: World, row: Row) -> FileRow:
    """Return one file."""
    return all_files(world, row["project"], uri=row["uri"])[0]


def uris(world: World, ident: str) -> list[str]:
    """Return the fileUris of a project, in their order."""
    sql = "select uri from files where project = ? and pending is not 'new' order by folded"
    return [row["uri"] for row in world.store.rows(sql, ident)]


def _file(row: Row, counted: Sequence[Row]) -> FileRow:
    return FileRow(
        uri=row["uri"],
        type=row["type"],
        namespace=row["namespace"] or "",
        uploaded=row["uploaded"],
        state=row["pending"] or "ready",
        strings=row["strings"],
        words=row["words"],
        published={row["locale"]: row["published"] for row in counted},
        authorized={row["locale"]: row["strings"] for row in counted},
    )


# --- strings ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StringFilter:
    """Which strings are looked for."""

    locale: str
    job: str = ""
    uri: str = ""
    state: str = ""
    text: str = ""
    """In the source, the translation or the key, whatever the case."""
    page: int = 1


@dataclass(frozen=True, slots=True)
class String:
    """One string with its translation into one locale."""

    hash: str
    key: str
    text: str
    parts: tuple[tuple[str, bool], ...]
    """The text in pieces, each with whether a translation has to keep it as it is."""
    variant: str
    plural: str
    note: str
    words: int
    uri: str
    shared: int
    """Further files that hold the same string."""
    state: str
    translation: str
    """The saved text, else the published one; may be empty."""
    published: str
    """What is handed out now, where that differs from what is saved; else empty."""
    prepublished: bool
    step: str
    last: bool
    """Whether the next step publishes it."""
    job: str
    job_name: str
    problems: tuple[str, ...]

    @property
    def editable(self) -> bool:
        """Whether translators may write it."""
        return self.state in {"authorized", "translated", "published"}


@dataclass(frozen=True, slots=True)
class StringPage:
    """One page of strings."""

    strings: tuple[String, ...]
    total: int
    by_state: Mapping[str, int]
    """Strings in each state, the state asked for aside."""


_STRINGS = """
    from file_strings fs
    join files f on f.id = fs.file and f.project = :project
    join strings s on s.project = f.project and s.hash = fs.hash
    left join translations t on t.project = s.project and t.hash = s.hash and t.locale = :locale
    left join job_strings js on js.project = s.project and js.hash = s.hash and js.locale = :locale
    where (:uri = '' or f.folded = :uri) and (:job = '' or js.job = :job)
      and (:text = '' or instr(casefold(s.text), :text) or instr(casefold(fs.key), :text)
           or instr(casefold(coalesce(t.saved, t.published, '')), :text))"""


def strings(world: World, ident: str, wanted: StringFilter) -> StringPage:
    """Return a page of strings, in the order of their files."""
    given = {
        "project": ident,
        "locale": wanted.locale,
        "uri": fold(wanted.uri),
        "job": wanted.job,
        "text": wanted.text.casefold(),
        "state": wanted.state,
        "limit": PAGE,
        "offset": PAGE * (wanted.page - 1),
    }
    sql = f"select coalesce(t.state, 'new') as state, count(distinct s.hash) as number {_STRINGS} group by 1"
    by_state = {row["state"]: row["number"] for row in world.store.ask(sql, given)}
    sql = f"""select s.*, min(fs.key) as key, min(fs.plural) as plural, max(fs.note) as note,
                min(f.uri) as uri, min(f.folded) as folded, min(f.type) as type,
                min(f.effective) as effective, min(fs.position) as position, count(distinct f.id) as holders,
                coalesce(t.state, 'new') as state, t.saved, t.published,
                js.job, (select name from jobs where uid = js.job) as job_name
              {_STRINGS} and (:state = '' or coalesce(t.state, 'new') = :state)
              group by s.hash order by folded, position limit :limit offset :offset"""  # noqa: S608 - fixed text
    rows = world.store.ask(sql, given)
    total = by_state.get(wanted.state, 0) if wanted.state else sum(by_state.values())
    return StringPage(tuple(_string(world, row, wanted.locale) for row in rows), total, by_state)


def texts(world: World, ident: str, locale: str, hashes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return source and translation (saved, else published, else empty) of strings, by hash."""
    sql = """select s.hash, s.text, coalesce(t.saved, t.published, '') from strings s
             left join translations t on t.project = s.project and t.hash = s.hash and t.locale = ?
             where s.project = ? and s.hash in (select value from json_each(?))"""
    rows = world.store.rows(sql, locale, ident, json.dumps(list(hashes)))
    return {ident: (source, translation) for ident, source, translation in rows}


def _string(world: World, row: Row, locale: str) -> String:
    kind = formats.get(row["type"])
    style = placeholders.style(kind.placeholders if kind else "none", json.loads(row["effective"]))
    workflow, number = workflows.position(world, row["project"], row["hash"], locale)
    saved, published, state = row["saved"], row["published"], row["state"]
    translation = published if saved is None else saved
    differs = state == "translated" and published is not None and published != saved
    plural = str(row["plural"])
    problems = placeholders.compare(row["text"], translation, style, plural=plural) if translation else []
    return String(
        hash=row["hash"],
        key=row["key"],
        text=row["text"],
        parts=tuple(_parts(row["text"], placeholders.protected(row["text"], style))),
        variant=row["variant"],
        plural=row["plural"],
        note=row["note"],
        words=row["words"],
        uri=row["uri"],
        shared=row["holders"] - 1,
        state=state,
        translation=translation or "",
        published=published if differs else "",
        prepublished=state == "translated" and published is not None and not differs,
        step="" if state == "new" else workflows.step_of(workflow, number, state).name,
        last=number + 2 >= len(workflow.steps),
        job=row["job"] or "",
        job_name=row["job_name"] or "",
        problems=tuple(problem.message for problem in problems),
    )


def _parts(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    found, position = [], 0
    for start, end in spans:
        found += [(text[position:start], False), (text[start:end], True)]
        position = end
    return [(part, kept) for part, kept in [*found, (text[position:], False)] if part]
