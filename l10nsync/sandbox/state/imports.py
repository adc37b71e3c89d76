"""Existing translations brought in by key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.formats import placeholders
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.state import content, files, issues, translators
from l10nsync.sandbox.state.world import World
from l10nsync.sandbox.store import Row

STATES = {"PUBLISHED": "published", "POST_TRANSLATION": "translated"}


@dataclass(frozen=True, slots=True)
class Import:
    """A translated file to take texts from."""

    uri: str
    file_type: str
    content: bytes
    locale: str
    state: str
    overwrite: bool = False
    directives: Mapping[str, str] = field(default_factory=dict)


def run(world: World, project: str, given: Import) -> dict[str, Any]:
    """Import what matches by key; unknown keys come back as errors of a success."""
    row = files.stored(world, project, given.uri)
    kind = formats.get(given.file_type)
    if kind is None or not kind.imports:
        raise invalid(f"Translations cannot be imported from {given.file_type}", "fileType")
    if given.state not in STATES:
        raise invalid("translationState must be PUBLISHED or POST_TRANSLATION", "translationState")
    texts = _texts(given, kind.name)
    known = _known(world, row)
    how = placeholders.style(kind.placeholders, json.loads(row["effective"]))
    taken = [key for key in texts if key in known]
    written = [known[key] for key in taken if _take(world, project, known[key], texts[key], given, how)]
    if given.state == "PUBLISHED":
        translators.published(world, project, given.locale, [each["hash"] for each in written])
    return {
        "stringCount": len(written),
        "wordCount": sum(each["words"] for each in written),
        "translationImportErrors": [_error(given.uri, key) for key in texts if key not in known],
    }


def _texts(given: Import, file_type: str) -> dict[tuple[str, str], str]:
    try:
        document = formats.parse(file_type, given.content, given.directives, None)
    except ContentError as error:
        raise invalid(f"An error occurred when parsing file: {error}", "parse.error") from error
    units = document.units if document else ()
    return {(unit.key, unit.plural): text for unit in units if (text := content.translation_of(unit)).strip()}


def _known(world: World, row: Row) -> dict[tuple[str, str], Row]:
    sql = """select fs.key, fs.plural, fs.hash, s.text, s.words from file_strings fs
             join strings s on s.project = ? and s.hash = fs.hash where fs.file = ?"""
    return {(each["key"], each["plural"]): each for each in world.store.rows(sql, row["project"], row["id"])}


def _take(world: World, project: str, string: Row, text: str, given: Import, how: placeholders.Style) -> bool:
    """Take one translation in; one that loses placeholders goes to translation, and an issue is raised."""
    ident, locale = str(string["hash"]), given.locale
    state = world.store.value(
        "select state from translations where project = ? and hash = ? and locale = ?", project, ident, locale
    )
    if state in {"published", "translated"} and not given.overwrite:
        return False
    problems = [
        each
        for each in placeholders.compare(string["text"], text, how, plural=bool(string["plural"]))
        if each.severity == "error" and each.rule.startswith("placeholder")
    ]
    if problems:
        translators.write(world, project, ident, locale, "authorized", text)
        _raise_issue(world, project, ident, locale, f"Placeholders differ: {problems[0].message}")
        return False
    translators.write(world, project, ident, locale, STATES[given.state], text)
    return True


def _raise_issue(world: World, project: str, ident: str, locale: str, text: str) -> None:
    issue = {
        "issueText": text[: issues.TEXT_LIMIT], "issueTypeCode": "TRANSLATION",
        "issueSubTypeCode": "PLACEHOLDER_ISSUE", "string": {"hashcode": ident, "localeId": locale},
    }  # fmt: skip
    issues.create(world, project, issue)


def _error(uri: str, key: tuple[str, str]) -> dict[str, Any]:
    return {
        "importKey": key[0],
        "stringHashcode": None,
        "fileUri": uri,
        "messages": ["No string with this key in the source file"],
    }
