"""Translations that exist already, taken from whole translated files: seeds, and what translators hand in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.formats import Unit, xcstrings
from l10nsync.sandbox.common import source_strings
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.files import rules as files
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.groups.translators import rules as translators
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.store import Row


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one translated file."""

    strings: int
    unknown: int
    """Texts that no string of the source stands for."""


def take(
    world: World, project: str, uri: str, locale: str, data: bytes, *, state: str = "published"
) -> Taken:
    """Make DATA the translation of a file, string by string; STATE is one of `translators.STATES`."""
    row = files.find(world, project, uri)
    projects.require_locales(world, project, [locale])
    if state not in translators.STATES:
        raise invalid(f"Unknown state {state}; there are {', '.join(translators.STATES)}", "state")
    found, unknown = _matched(world, row, _units(row, locale, data))
    for ident, text in found.items():
        translators.write(world, project, ident, locale, translators.STATES[state], text)
    if state == "published":
        translators.published(world, project, locale, list(found))
    return Taken(len(found), unknown)


def _units(row: Row, locale: str, data: bytes) -> list[Unit]:
    """Return the strings of a translated file, with the translation as their text."""
    directives = json.loads(row["sent"])
    charset = source_strings.python_charset(row["charset"])
    try:
        if row["type"] == "xcstrings":
            data = xcstrings.alone(data, locale)
        document = formats.parse(row["type"], data, directives, charset)
    except ContentError as error:
        raise invalid(f"The translation of {row['uri']} into {locale} cannot be read: {error}") from error
    return source_strings.translations_of(document, directives) if document else []


def _matched(world: World, row: Row, units: Iterable[Unit]) -> tuple[dict[str, str], int]:
    """Return texts by hash, and how many fit nowhere: the n-th text of a key stands for its n-th string."""
    sql = "select key, plural, hash from file_strings where file = ? order by position"
    waiting: dict[tuple[str, str], list[str]] = {}
    for known in world.store.rows(sql, row["id"]):
        waiting.setdefault((known["key"], known["plural"]), []).append(known["hash"])
    found: dict[str, str] = {}
    unknown = 0
    for unit in units:
        text = unit.text
        places = waiting.get((unit.key, unit.plural))
        if not places:
            unknown += bool(text.strip())
            continue
        ident = places.pop(0)
        if text.strip():
            found[ident] = text
    return found, unknown
