"""Translators' questions at their places in the sources. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.model import AskedString, IssueComment, IssueReply, Source, StringIssue, fold
from l10nsync.plan import content


@dataclass(frozen=True, slots=True)
class Spotted:
    """The place of a question's string."""

    path: str
    line: int
    column: int
    """Both from 1; 0 where the source no longer has the string, or its type cannot be read."""
    key: str
    text: str = ""
    """What the source says there now, where that is another text than the one that was asked about."""


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

    @property
    def waits(self) -> bool:
        """Whether it waits for an answer from here."""
        return self.state == "open"

    def concerns(self, locale: str) -> bool:
        """Whether it is about LOCALE: one about the source is about all, whoever asks."""
        return self.about_source or self.issue.locale in {"", locale}

    @property
    def about_source(self) -> bool:
        """Whether it is about the source text, not about a translation of it."""
        return self.issue.kind == "SOURCE"


@dataclass(frozen=True, slots=True)
class QuestionList:
    """Questions as a command has found them."""

    questions: tuple[FoundQuestion, ...]


def is_about_change(
    question: FoundQuestion, before: Mapping[str, formats.Document], now: Mapping[str, formats.Document]
) -> bool:
    """Whether the string of a question differs between two states of the sources, both by path."""
    return any(
        _texts_at(before.get(spot.path), spot, question.string)
        != _texts_at(now.get(spot.path), spot, question.string)
        for spot in question.places
    )


def _texts_at(document: formats.Document | None, spot: Spotted, string: AskedString) -> list[str]:
    """Return the texts of a string in one state: by its key, else whether its text is there at all."""
    units = document.units if document else ()
    if spot.key:
        return [unit.text for unit in units if unit.key == spot.key]
    return [unit.text for unit in units if unit.text.strip() == string.text.strip()][:1]


def read_sources(sources: Iterable[Source], contents: Mapping[str, bytes]) -> dict[str, formats.Document]:
    """Return each source that can be read, by path; CONTENTS is also by path."""
    found: dict[str, formats.Document] = {}
    for source in sources:
        with suppress(ContentError):
            data = contents.get(source.path, b"")
            document = formats.parse(source.file_type, data, content.reading(source), source.charset)
            found |= {source.path: document} if document else {}
    return found


def find_places(
    string: AskedString, sources: Mapping[str, Source], documents: Mapping[str, formats.Document]
) -> tuple[Spotted, ...]:
    """Return every place of a string; SOURCES is by folded fileUri, DOCUMENTS by path."""
    found: dict[Spotted, None] = {}
    for uri, key in string.holders:
        source = sources.get(fold(uri))
        if source is not None:
            document = documents.get(source.path)
            spots = _in_document(source.path, document, key, string) if document else []
            found |= dict.fromkeys(spots or [Spotted(source.path, 0, 0, key)])
    return tuple(found)


def _in_document(path: str, document: formats.Document, key: str, string: AskedString) -> list[Spotted]:
    """Return the places that a string may have."""
    starts = document.starts() if document.starts else None
    return [
        replace(
            _spotted(path, document, document.units[index], starts[index] if starts else None),
            text=_other_text(document.units[index], string),
        )
        for index in _meant(document.units, key, string)
    ]


def _other_text(unit: formats.Unit, string: AskedString) -> str:
    """Return the text of a unit that has another one than the string; white space does not count."""
    return "" if not string.text or unit.text.split() == string.text.split() else unit.text


def _meant(units: Sequence[formats.Unit], key: str, string: AskedString) -> Sequence[int]:
    """Return the indexes of the units that a string may be: those of its key, else those of its text.

    Of several, those count that also have its text, and of these those that have its variant; if any has.
    """
    text = string.text.strip()
    by_text = [index for index, unit in enumerate(units) if unit.text.strip() == text]
    found = [index for index, unit in enumerate(units) if key and unit.key == key] or by_text
    found = sorted(set(found) & set(by_text)) or found
    of_variant = [index for index in found if string.variant and units[index].variant == string.variant]
    return of_variant or found


def _spotted(path: str, document: formats.Document, unit: formats.Unit, start: int | None) -> Spotted:
    """Return where the text of a unit begins in the source; what is unpacked has lines, and no columns."""
    if document.pack is not None:
        return Spotted(path, unit.line, 1, unit.key)
    text, origin = document.text, unit.source_start if start is None else start
    at = unit.start if origin is None else origin
    here = text.count("\n", 0, at) + 1
    line = unit.line if origin is None else here
    if line == here:
        return Spotted(path, line, at - max(text.rfind(sign, 0, at) for sign in "\n\r"), unit.key)
    # The text begins below the line of its entry, after blanks: the entry is named.
    entry = text.split("\n")[line - 1]
    return Spotted(path, line, len(entry) - len(entry.lstrip()) + 1, unit.key)


def lacking(question: FoundQuestion, reply: IssueReply) -> tuple[str, ...]:
    """Return what of a reply a question does not show, in words; nothing if it shows all of it."""
    comments = {comment.text.strip() for comment in question.comments}
    shown = {
        "its state": not reply.state or question.issue.state == reply.state,
        "the mark that it is answered": question.issue.answered or not reply.answered,
        "the comment": not reply.comment or reply.comment.strip() in comments,
    }
    return tuple(name for name, is_there in shown.items() if not is_there)


def question_data(found: Sequence[FoundQuestion]) -> dict[str, Any]:
    """Return questions as JSON-ready data, as `schemas/questions.schema.json` describes it."""
    return {"schemaVersion": 1, "questions": [_data(question) for question in found]}


def _data(question: FoundQuestion) -> dict[str, Any]:
    issue = question.issue
    return {
        "number": issue.number,
        "uid": issue.uid,
        "project": question.project,
        "state": question.state,
        "type": issue.kind,
        "subtype": issue.subtype,
        **_place_data(question.places[0] if question.places else None),
        "places": [_place_data(place) for place in question.places],
        "locale": issue.locale or None,
        "string": question.string.text or None,
        "text": issue.text,
        "author": issue.author or None,
        "created": issue.created or None,
        "comments": [
            {"text": comment.text, "author": comment.author or None, "created": comment.created or None}
            for comment in question.comments
        ],
    }


def _place_data(place: Spotted | None) -> dict[str, Any]:
    """Return a place; where there is none, all of it is null."""
    if place is None:
        return {"path": None, "line": None, "column": None, "key": None, "currentText": None}
    return {
        "path": place.path,
        "line": place.line or None,
        "column": place.column or None,
        "key": place.key or None,
        "currentText": place.text or None,
    }
