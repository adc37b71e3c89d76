"""Lists of files, and the status of each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from l10nsync.sandbox.clock import iso
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.files import rules as files
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.store import Row

_STATES = {
    "authorized": "authorized",
    "translated": "authorized",
    "published": "completed",
    "excluded": "excluded",
}


_COUNTS = (
    "authorizedStringCount", "authorizedWordCount", "completedStringCount", "completedWordCount",
    "excludedStringCount", "excludedWordCount",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filter:
    """The conditions that the files of a list meet; empty ones are met by all."""

    mask: str = ""
    types: tuple[str, ...] = ()
    after: float | None = None
    before: float | None = None
    order: str = ""


def listing(world: World, project: str, wanted: Filter) -> list[Row]:
    """Return all files that fit, in the order asked for; without one, in an order that is not stable."""
    rows = world.store.rows("select * from files where project = ? and pending is not 'new'", project)
    return _ordered(world, [row for row in rows if _fits(row, wanted)], wanted.order)


def _fits(row: Row, wanted: Filter) -> bool:
    mask = wanted.mask.replace("%", "").casefold()
    return (
        mask in row["uri"].casefold()
        and (not wanted.types or row["type"] in wanted.types)
        and (wanted.after is None or int(row["uploaded"]) > wanted.after)
        and (wanted.before is None or int(row["uploaded"]) < wanted.before)
    )


def _ordered(world: World, rows: list[Row], order: str) -> list[Row]:
    name, _, direction = order.partition("_")
    column = {"created": "created", "fileUri": "uri", "lastUploaded": "uploaded"}.get(name)
    if order and (column is None or direction not in {"", "asc", "desc"}):
        raise invalid(f"Unknown orderBy {order}", "orderBy")
    if column is None:
        return _unstable(world, rows)
    return sorted(rows, key=lambda row: (row[column], row["id"]), reverse=direction == "desc")


def _unstable(world: World, rows: list[Row]) -> list[Row]:
    """Turn the list by one more place at each call: paging without an order skips and repeats."""
    turn = world.store.count("unstable") % len(rows) if rows else 0
    return rows[turn:] + rows[:turn]


def file_time(world: World, project: str, seconds: float) -> str:
    """Return a time of a file as the service writes it: whole seconds unless the switch says otherwise."""
    text = str(iso(seconds))
    if world.switch(project, "last_uploaded_millis"):
        return f"{text[:-1]}.{int(seconds * 1000) % 1000:03}Z"
    return text


def listed(world: World, row: Row) -> dict[str, Any]:
    """Return a file as lists show it."""
    return {
        "fileUri": row["uri"],
        "fileType": row["type"],
        "created": file_time(world, row["project"], row["created"]),
        "lastUploaded": file_time(world, row["project"], row["uploaded"]),
        "hasInstructions": has_instructions(world, row),
    }


def has_instructions(world: World, row: Row) -> bool:
    """Whether any string of a file has a note for its translators."""
    return bool(
        world.store.value("select 1 from file_strings where file = ? and note != '' limit 1", row["id"])
    )


def totals(world: World, ident: int) -> tuple[int, int]:
    """Return the strings and words of a file."""
    sql = """select count(*), coalesce(sum(words), 0) from strings join (
               select distinct hash from file_strings where file = ?) using (hash)
             where project = (select project from files where id = ?)"""
    row = world.store.row(sql, ident, ident)
    return (int(row[0]), int(row[1])) if row else (0, 0)


def counts(world: World, row: Row) -> dict[str, dict[str, int]]:
    """Return the counts of a file by locale and field name, for every locale with any translation."""
    sql = """select t.locale, t.state, count(*), sum(s.words) from translations t
             join strings s on s.project = t.project and s.hash = t.hash
             where t.project = ? and t.hash in (select hash from file_strings where file = ?)
             group by t.locale, t.state"""
    found: dict[str, dict[str, int]] = {}
    for locale, state, number, words in world.store.rows(sql, row["project"], row["id"]):
        if state in _STATES:
            kind = _STATES[state]
            fields = found.setdefault(locale, dict.fromkeys(_COUNTS, 0))
            fields[f"{kind}StringCount"] += number
            fields[f"{kind}WordCount"] += words
    return found


def status(world: World, project: str, uri: str, locales: Sequence[str]) -> dict[str, Any]:
    """Return a file's status over all locales."""
    row = files.find(world, project, uri)
    by_locale = counts(world, row)
    items = [{"localeId": locale, **by_locale.get(locale, dict.fromkeys(_COUNTS, 0))} for locale in locales]
    return {**_status_head(world, row, locales), "totalCount": len(items), "items": items}


def locale_status(world: World, project: str, uri: str, locale: str) -> dict[str, Any]:
    """Return a file's status in one locale, flat."""
    row = files.find(world, project, uri)
    return {**_status_head(world, row, [locale]), **counts(world, row).get(locale, dict.fromkeys(_COUNTS, 0))}


def _status_head(world: World, row: Row, locales: Sequence[str]) -> dict[str, Any]:
    strings, words = totals(world, int(row["id"]))
    if world.switch(row["project"], "totals_leave_out_excluded"):
        left_out = _excluded(world, row, locales)
        strings, words = strings - left_out[0], words - left_out[1]
    shown = "effective" if world.switch(row["project"], "status_effective_directives") else "sent"
    return {
        **listed(world, row),
        "parserVersion": 4,
        "totalStringCount": strings,
        "totalWordCount": words,
        "totalPageCount": None,
        "pageCountStatus": "NOT_AVAILABLE_UNSUPPORTED",
        "directives": json.loads(row[shown]),
        "namespace": {"name": row["namespace"]},
    }


def _excluded(world: World, row: Row, locales: Sequence[str]) -> tuple[int, int]:
    """Return the strings and words of a file that are excluded in all of the locales."""
    sql = """select count(*), coalesce(sum(words), 0) from (
               select s.words from translations t join strings s on s.project = t.project and s.hash = t.hash
               where t.project = ? and t.state = 'excluded' and t.locale in (select value from json_each(?))
                 and t.hash in (select hash from file_strings where file = ?)
               group by t.hash having count(*) = ?)"""
    wanted = json.dumps(list(locales))
    found = world.store.row(sql, row["project"], wanted, row["id"], len(locales))
    return (int(found[0]), int(found[1])) if found and locales else (0, 0)


def types(world: World, project: str) -> list[str]:
    """Return the file types present in a project."""
    sql = "select distinct type from files where project = ? and pending is not 'new' order by type"
    return [row[0] for row in world.store.rows(sql, project)]


def last_modified(world: World, row: Row, locale: str) -> float:
    """Return when the translated file last changed: its source or any of its translations."""
    column = "modified" if world.switch(row["project"], "last_modified_counts_saved") else "published_at"
    sql = f"""select max({column}) from translations
             where project = ? and locale = ? and hash in (select hash from file_strings where file = ?)"""  # noqa: S608 - one of two names
    changed = world.store.value(sql, row["project"], locale, row["id"])
    return max(float(row["uploaded"]), float(changed or 0.0))
