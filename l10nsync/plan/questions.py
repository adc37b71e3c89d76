"""Translators' questions at their places in the sources. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.model import AskedString, IssueComment, Source, StringIssue, fold
from l10nsync.plan import content


@dataclass(frozen=True, slots=True)
class Spotted:
    """Where the string of a question stands."""

    path: str
    line: int
    column: int
    """Both from 1; 0 where the source no longer has the string, or its type cannot be read."""
    key: str


@dataclass(frozen=True, slots=True)
class FoundQuestion:
    """A question with the places of its string; without a place, no source here has the string."""

    project: str
    issue: StringIssue
    string: AskedString
    places: tuple[Spotted, ...] = ()
    comments: tuple[IssueComment, ...] = ()

    @property
    def state(self) -> str:
        """`open`, `answered` or `closed`."""
        if self.issue.state == "RESOLVED":
            return "closed"
        return "answered" if self.issue.answered else "open"


def find_places(
    string: AskedString, sources: Mapping[str, Source], contents: Mapping[str, bytes]
) -> tuple[Spotted, ...]:
    """Return every place of a string; SOURCES is by folded fileUri, CONTENTS by path."""
    found: dict[Spotted, None] = {}
    for uri, key in string.holders:
        source = sources.get(fold(uri))
        if source is not None:
            spots = _in_source(source, contents.get(source.path), key, string)
            found |= dict.fromkeys(spots or [Spotted(source.path, 0, 0, key)])
    return tuple(found)


def _in_source(source: Source, data: bytes | None, key: str, string: AskedString) -> list[Spotted]:
    try:
        document = formats.parse(source.file_type, data or b"", content.reading(source), source.charset)
    except ContentError:
        return []
    units = document.units if document else ()
    mine = [unit for unit in units if key and unit.key == key]
    # Without a key the text decides, and the variant among equal texts; all that fit are named.
    mine = mine or [unit for unit in units if unit.text.strip() == string.text.strip()]
    same = [unit for unit in mine if string.variant and unit.variant == string.variant]
    return [Spotted(source.path, unit.line, _column(document, unit), unit.key) for unit in same or mine]


def _column(document: formats.Document | None, unit: formats.Unit) -> int:
    if document is None or document.pack is not None:
        return 1
    return unit.start - max(document.text.rfind(sign, 0, unit.start) for sign in "\n\r")


def question_data(found: Sequence[FoundQuestion]) -> dict[str, Any]:
    """Return questions as JSON-ready data, as `schemas/questions.schema.json` describes it."""
    return {"schemaVersion": 1, "questions": [_data(question) for question in found]}


def _data(question: FoundQuestion) -> dict[str, Any]:
    issue = question.issue
    first = question.places[0] if question.places else None
    return {
        "number": issue.number,
        "uid": issue.uid,
        "project": question.project,
        "state": question.state,
        "type": issue.kind,
        "subtype": issue.subtype,
        "path": first.path if first else None,
        "line": (first.line or None) if first else None,
        "column": (first.column or None) if first else None,
        "key": (first.key or None) if first else None,
        "places": [
            {"path": one.path, "line": one.line or None, "column": one.column or None, "key": one.key or None}
            for one in question.places
        ],
        "locale": issue.locale or None,
        "string": question.string.text or None,
        "text": issue.text,
        "author": issue.author or None,
        "created": issue.created or None,
        "comments": [
            {"text": one.text, "author": one.author or None, "created": one.created or None}
            for one in question.comments
        ],
    }
