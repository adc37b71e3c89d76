"""Translators' questions as text, Markdown, annotations and SARIF. What others wrote is always escaped."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from l10nsync.plan.questions import FoundQuestion
from l10nsync.render.diagnostics import command
from l10nsync.render.paint import Paint, count, escape, plain
from l10nsync.render.plans import cell, code

_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_GONE = "this string is in no source here"


def text(found: Sequence[FoundQuestion], paint: Paint = plain) -> str:
    """Return questions for a person, each at its places; the first line counts them."""
    if not found:
        return "No questions."
    lines = [paint(f"{count(len(found), 'question')}.", "strong")]
    for question in found:
        lines += card(question, paint).split("\n")
    return "\n".join(lines)


def card(question: FoundQuestion, paint: Paint = plain) -> str:
    """Return one question with its places and comments."""
    issue = question.issue
    about = " · ".join(filter(None, (issue.locale, _kind(question), question.state, issue.created[:10])))
    places = [_place(question, index) for index in range(len(question.places))] or [_GONE]
    lines = [f"{escape(places[0])}  {paint(f'#{issue.number}', 'strong')} {escape(about)}"]
    lines += [f"  also {escape(place)}" for place in places[1:]]
    if question.string.text:
        lines.append(f"  string: {escape(question.string.text)}")
    lines += [
        f"  changed since, now: {escape(current)}"
        for current in dict.fromkeys(spot.text for spot in question.places if spot.text)
    ]
    lines += [
        f"  {'asked:' if index == 0 else ''} {escape(line)}" for index, line in enumerate(_lines(issue.text))
    ]
    lines += [
        f"  comment: {escape(line)}"
        for line in chain.from_iterable(_lines(comment.text) for comment in question.comments)
    ]
    return "\n".join(lines)


def _lines(text: str) -> list[str]:
    return text.splitlines() or [""]


def _kind(question: FoundQuestion) -> str:
    return f"{question.issue.kind} {question.issue.subtype}".lower().replace("_", " ").strip()


def _place(question: FoundQuestion, index: int = 0) -> str:
    spot = question.places[index]
    where = f"{spot.path}:{spot.line}:{spot.column}" if spot.line else f"{spot.path} (string gone)"
    return f"{where} ({spot.key})" if spot.key else where


def markdown(found: Sequence[FoundQuestion]) -> str:
    """Return questions as a Markdown table."""
    lines = [f"### {count(len(found), 'question')}", ""]
    if found:
        lines += ["| # | Place | String | Question | Locale | State |", "|--:|---|---|---|---|---|"]
    for question in found:
        place = _place(question) if question.places else _GONE
        issue = question.issue
        lines.append(
            f"| {cell(issue.number)} | {code(place)} | {code(question.string.text)} | {cell(issue.text)}"
            f" | {cell(issue.locale)} | {question.state} |"
        )
    return "\n".join(lines) + "\n"


def github(found: Sequence[FoundQuestion]) -> str:
    """Return workflow commands that annotate the lines of the strings."""
    lines = []
    for question in found:
        for spot in question.places or (None,):
            place = {"file": spot.path, "line": spot.line, "col": spot.column} if spot else {}
            title = f"Translator's question {question.issue.number}"
            lines.append(command("notice", question.issue.text, {**place, "title": title}))
    return "\n".join(lines)


def sarif(found: Sequence[FoundQuestion], *, version: str) -> dict[str, Any]:
    """Return questions as a SARIF log, for code scanning."""
    rule = {"id": "question", "shortDescription": {"text": "A translator has a question about this string"}}
    driver = {"name": "l10nsync", "semanticVersion": version, "rules": [rule]}
    results = [
        {
            "ruleId": "question",
            "level": "note",
            "message": {"text": question.issue.text},
            "locations": [_location(spot.path, spot.line, spot.column) for spot in question.places],
            "partialFingerprints": {"question": question.issue.uid},
        }
        for question in found
    ]
    return {
        "$schema": _SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }


def _location(path: str, line: int, column: int) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": path}}
    if line:
        place["region"] = {"startLine": line, "startColumn": column}
    return {"physicalLocation": place}
