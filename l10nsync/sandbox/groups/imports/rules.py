"""Existing translations brought in by key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.formats import placeholders, selection
from l10nsync.sandbox.common import source_strings
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.files import rules as files
from l10nsync.sandbox.groups.issues import rules as issues
from l10nsync.sandbox.groups.translators import rules as translators
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.store import Row

STATES = {"PUBLISHED": "published", "POST_TRANSLATION": "translated"}


@dataclass(frozen=True, slots=True)
class TranslationImport:
    """A translated file to take texts from."""

    uri: str
    file_type: str
    content: bytes
    locale: str
    state: str
    overwrite: bool = False
    directives: Mapping[str, str] = field(default_factory=dict)


def run(world: World, project: str, given: TranslationImport) -> dict[str, Any]:
    """Import what matches by key; unknown keys come back as errors of a success."""
    row = files.stored(world, project, given.uri)
    kind = formats.get(given.file_type)
    if kind is None or not kind.imports:
        raise invalid(f"Translations cannot be imported from {given.file_type}", "fileType")
    if given.state not in STATES:
        raise invalid("translationState must be PUBLISHED or POST_TRANSLATION", "translationState")
    _check_keys(row, kind)
    texts, known = _texts(given, kind.name), _known(world, row)
    how = placeholders.style(kind.placeholders, json.loads(row["effective"]))
    fitting = [key for key in texts if len(known.get(key, ())) == len(texts[key])]
    pairs = chain.from_iterable(zip(known[key], texts[key], strict=True) for key in fitting)
    written = [string for string, text in pairs if _take(world, project, string, text, given, how)]
    if given.state == "PUBLISHED":
        translators.published(world, project, given.locale, [string["hash"] for string in written])
    return {
        "stringCount": len(written),
        "wordCount": sum(string["words"] for string in written),
        "translationImportErrors": [_error(given.uri, key, known) for key in texts if key not in fitting],
    }


def _check_keys(row: Row, kind: formats.Format) -> None:
    """Refuse files whose strings the service knows by a directive alone, if the source came without it."""
    if not kind.keys_by_path:
        return
    directives = json.loads(row["effective"])
    if "source_key_paths" in directives or any(rule.key for rule in selection.rules(directives)):
        return
    text = f"Translations of {kind.name} files are imported only if the source has source_key_paths"
    raise invalid(text, "smartling.source_key_paths")


StringKey = tuple[str, str]
"""Key and plural category; a value of HTML has several strings under one."""


def _texts(given: TranslationImport, file_type: str) -> dict[StringKey, list[str]]:
    try:
        document = formats.parse(file_type, given.content, given.directives, None)
    except ContentError as error:
        raise invalid(f"An error occurred when parsing file: {error}", "parse.error") from error
    found: dict[StringKey, list[str]] = {}
    for unit in source_strings.translations_of(document, given.directives) if document else ():
        found.setdefault((unit.key, unit.plural), []).append(unit.text)
    return {key: texts for key, texts in found.items() if any(text.strip() for text in texts)}


def _known(world: World, row: Row) -> dict[StringKey, list[Row]]:
    sql = """select fs.key, fs.plural, fs.hash, s.text, s.words from file_strings fs
             join strings s on s.project = ? and s.hash = fs.hash where fs.file = ? order by fs.position"""
    found: dict[StringKey, list[Row]] = {}
    for string in world.store.rows(sql, row["project"], row["id"]):
        found.setdefault((string["key"], string["plural"]), []).append(string)
    return found


def _take(
    world: World,
    project: str,
    string: Row,
    text: str,
    given: TranslationImport,
    how: placeholders.PlaceholderStyle,
) -> bool:
    """Take one translation in, and return whether it was taken: an empty one never is.

    One that loses placeholders goes to translation, and an issue is raised.
    """
    if not text.strip():
        return False
    ident, locale = str(string["hash"]), given.locale
    state = world.store.value(
        "select state from translations where project = ? and hash = ? and locale = ?", project, ident, locale
    )
    if state in {"published", "translated"} and not given.overwrite:
        return False
    problems = [
        problem
        for problem in placeholders.compare(string["text"], text, how, plural=str(string["plural"]))
        if problem.severity == "error" and problem.rule.startswith("placeholder")
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


def _error(uri: str, key: StringKey, known: Mapping[StringKey, object]) -> dict[str, Any]:
    other = "The translation has another number of parts than the source"
    return {
        "importKey": key[0],
        "stringHashcode": None,
        "fileUri": uri,
        "messages": [other if key in known else "No string with this key in the source file"],
    }
