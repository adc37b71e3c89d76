"""The people behind the service, played by us: managers authorize, translators save and publish."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from l10nsync import formats
from l10nsync.sandbox.common.uris import fold
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.files import rules as files
from l10nsync.sandbox.groups.jobs import life as job_life
from l10nsync.sandbox.groups.jobs import rules as jobs
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.groups.projects import workflows
from l10nsync.sandbox.groups.strings import new_strings
from l10nsync.sandbox.groups.webhooks import rules as events
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.store import Row

STATES = {"published": "published", "pending": "translated", "prepublished": "prepublished"}
"""How finished work is: published; saved for now; or saved and handed out already, before its last step."""


@dataclass(frozen=True, slots=True)
class TranslationWork:
    """Instructions for translators."""

    locales: Mapping[str, int]
    """Locale to percent of the strings of each file, in file order."""
    how: str | Mapping[str, str] = "pseudo"
    """`pseudo`, `source`, or texts by key or by source text (others are left)."""
    state: str = "published"
    """One of `STATES`."""
    uris: tuple[str, ...] = ()
    """Only these files; none means all."""
    authorize: bool = True
    """Authorize first what waits for it, as a manager would."""
    again: bool = False
    """Also touch strings that are published already: a correction."""


def translate(world: World, project: str, work: TranslationWork) -> int:
    """Do the work; return how many strings were changed."""
    locales = projects.require_locales(world, project, list(work.locales))
    if work.state not in STATES:
        raise invalid(f"Unknown state {work.state}; there are {', '.join(STATES)}", "state")
    if work.authorize:
        authorize(world, project, locales)
    return sum(_translate(world, project, locale, work) for locale in locales)


def publish(world: World, project: str, locales: Sequence[str] = ()) -> int:
    """Publish what is saved, whatever its step; return how many strings that were."""
    total = 0
    for locale in locales or projects.locales(world, project):
        sql = "select hash from translations where project = ? and locale = ? and state = 'translated'"
        hashes = [row[0] for row in world.store.rows(sql, project, locale)]
        _publish(world, project, locale, hashes)
        total += len(hashes)
    return total


def _publish(world: World, project: str, locale: str, hashes: Sequence[str]) -> None:
    now = world.now()
    sql = """update translations set state = 'published', published = saved, published_at = ?, modified = ?
             where project = ? and locale = ? and state = 'translated'
               and hash in (select value from json_each(?))"""
    world.store.run(sql, now, now, project, locale, json.dumps(list(hashes)))
    published(world, project, locale, hashes)


def save(world: World, project: str, locale: str, texts: Mapping[str, str]) -> int:
    """Keep what a translator typed, by hash; an empty text takes back what was saved. Returns the changes.

    A published string that is changed is in work again: what was published stays until it is submitted.
    """
    known = _translations(world, project, locale, texts)
    changed = 0
    for ident, text in texts.items():
        row = known.get(ident)
        if row is None or row["state"] in {"new", "excluded"}:
            raise invalid(f"String {ident} is not authorized for {locale}", "hashcode")
        if not text.strip() and row["published"] is not None:
            raise invalid("A published translation cannot be empty", "translation")
        if text == (row["saved"] or ""):
            continue
        write(world, project, ident, locale, "translated" if text.strip() else "authorized", text or None)
        changed += 1
    return changed


def submit(world: World, project: str, locale: str, hashes: Iterable[str]) -> tuple[int, int]:
    """Move saved strings to their next step; return how many moved on and how many were published."""
    saved = [
        ident
        for ident, row in _translations(world, project, locale, hashes).items()
        if row["state"] == "translated" and row["saved"] is not None
    ]
    done = [ident for ident in saved if workflows.advance(world, project, ident, locale)]
    _publish(world, project, locale, done)
    return len(saved) - len(done), len(done)


def settle(world: World, project: str) -> None:
    """Let the machine translate what was authorized for it."""
    delay = float(world.switch(project, "machine_seconds"))
    for locale, hashes in workflows.waiting_for_machine(world, project, world.now() - delay).items():
        for row in active(world, project):
            if row["hash"] in hashes:
                write(world, project, row["hash"], locale, "published", _text(row, locale, "pseudo"))
        published(world, project, locale, sorted(hashes))


def _translations(world: World, project: str, locale: str, hashes: Iterable[str]) -> dict[str, Row]:
    sql = """select * from translations where project = ? and locale = ?
             and hash in (select value from json_each(?))"""
    rows = world.store.rows(sql, project, locale, json.dumps(list(hashes)))
    return {row["hash"]: row for row in rows}


def exclude(world: World, project: str, hashes: Iterable[str], locale: str) -> None:
    """Exclude strings from translation in a locale."""
    for hash_ in hashes:
        write(world, project, hash_, locale, "excluded", None)


def active(world: World, project: str, uris: Sequence[str] = ()) -> list[Row]:
    """Return the strings of a project's files in file order, each hash once."""
    sql = """select fs.hash, min(fs.key) as key, s.text, f.type, f.folded from file_strings fs
             join files f on f.id = fs.file join strings s on s.project = f.project and s.hash = fs.hash
             where f.project = ? group by fs.hash order by min(f.folded), min(fs.position)"""
    wanted = {fold(uri) for uri in uris}
    rows = world.store.rows(sql, project)
    return [row for row in rows if not wanted or row["folded"] in wanted]


def authorize(world: World, project: str, locales: Sequence[str]) -> None:
    """Authorize what awaits it, in jobs and outside of them, as a manager would."""
    for row in jobs.listing(world, project, statuses=("AWAITING_AUTHORIZATION",)):
        job_life.release(world, row)
    now = world.now()
    for locale in locales:
        world.store.many(
            """insert into translations (project, hash, locale, state, modified)
               values (?, ?, ?, 'authorized', ?)
               on conflict (project, hash, locale) do update set state = 'authorized' where state = 'new'""",
            ((project, row["hash"], locale, now) for row in active(world, project)),
        )


def _translate(world: World, project: str, locale: str, work: TranslationWork) -> int:
    share = _share(active(world, project, work.uris), work.locales[locale])
    states = _states(world, project, locale)
    changed = []
    for row in share:
        text = _text(row, locale, work.how)
        state = states.get(row["hash"], "new")
        if text is None or state in {"new", "excluded"} or (state == "published" and not _corrects(work)):
            continue
        write(world, project, row["hash"], locale, STATES[work.state], text)
        changed.append(row["hash"])
    if work.state == "published":
        published(world, project, locale, changed)
    return len(changed)


def _share(rows: Sequence[Row], percent: int) -> list[Row]:
    """Return the first PERCENT of each file's strings, rounded down."""
    by_file: dict[str, list[Row]] = {}
    for row in rows:
        by_file.setdefault(row["folded"], []).append(row)
    return list(chain.from_iterable(mine[: len(mine) * percent // 100] for mine in by_file.values()))


def _corrects(work: TranslationWork) -> bool:
    return work.again or not isinstance(work.how, str)


def _states(world: World, project: str, locale: str) -> dict[str, str]:
    sql = "select hash, state from translations where project = ? and locale = ?"
    return dict(tuple(row) for row in world.store.rows(sql, project, locale))


def _text(row: Row, locale: str, how: str | Mapping[str, str]) -> str | None:
    source = str(row["text"])
    if not isinstance(how, str):
        return how.get(row["key"], how.get(source))
    if how == "source":
        return source
    kind = formats.get(row["type"])
    return formats.pseudo_translation(source, kind.placeholders if kind else "none", locale)


def write(world: World, project: str, ident: str, locale: str, state: str, text: str | None) -> None:
    """Set the translation of one string; `prepublished` is handed out as if published, but is not done."""
    now = world.now()
    published = text if state in {"published", "prepublished"} else None
    state = "translated" if state == "prepublished" else state
    sql = """insert into translations values (?, ?, ?, ?, ?, ?, ?, ?)
             on conflict (project, hash, locale) do update set state = excluded.state, saved = excluded.saved,
               published = coalesce(excluded.published, published),
               published_at = coalesce(excluded.published_at, published_at), modified = excluded.modified"""
    world.store.run(
        sql, project, ident, locale, state, text, published, now if published is not None else None, now
    )


def published(world: World, project: str, locale: str, hashes: Sequence[str]) -> None:
    """Note the files that are published by this, and the jobs that are complete by this."""
    if not hashes:
        return
    for row in _files_of(world, project, hashes):
        sql = """select 1 from translations where project = ? and locale = ?
                 and state in ('authorized', 'translated')
                 and hash in (select hash from file_strings where file = ?) limit 1"""
        if not world.store.value(sql, project, locale, row["id"]):
            sql = "insert into publications values (?, ?, ?) on conflict do update set date = excluded.date"
            world.store.run(sql, row["id"], locale, world.now())
            events.file_published(world, row, locale)
    for ident, text in _called_back(world, project, locale, hashes):
        events.string_published(world, project, new_strings.kept(world, project, ident), locale, text)
    for row in jobs.listing(world, project, statuses=("IN_PROGRESS",)):
        job_life.complete(world, row["uid"])


def _called_back(world: World, project: str, locale: str, hashes: Sequence[str]) -> list[tuple[str, str]]:
    """Return those of the strings that came through the Strings API, with their translation."""
    sql = """select fs.hash, t.published from files f join file_strings fs on fs.file = f.id
             join translations t on t.project = f.project and t.hash = fs.hash and t.locale = ?
             where f.project = ? and f.type = ?"""
    wanted = set(hashes)
    rows = world.store.rows(sql, locale, project, files.VIRTUAL)
    return [(ident, text) for ident, text in rows if ident in wanted]


def _files_of(world: World, project: str, hashes: Sequence[str]) -> list[Row]:
    wanted = set(hashes)
    sql = """select f.id, fs.hash from files f join file_strings fs on fs.file = f.id where f.project = ?"""
    ids = {row["id"] for row in world.store.rows(sql, project) if row["hash"] in wanted}
    return [
        row for row in world.store.rows("select * from files where project = ?", project) if row["id"] in ids
    ]
