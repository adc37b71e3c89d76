"""Strings v2: strings without a file, and reading all of them."""

from __future__ import annotations

from typing import Any

from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.groups.strings import new_strings
from l10nsync.sandbox.groups.strings import rules as strings
from l10nsync.sandbox.parsed_request import ParsedRequest
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.replies import Reply, data, items

SOURCES_LIMIT = 500
TRANSLATIONS_LIMIT = 10_000


def add(call: ParsedRequest) -> Reply:
    """POST …: 200 with the strings, or 202 with a process where the service takes its time."""
    made, done = new_strings.receive(call.server.world, call.project, call.body)
    return data(made, 200 if done else 202)


def process(call: ParsedRequest) -> Reply:
    """GET …/processes/{process}."""
    return data(new_strings.process(call.server.world, call.project, call.path["process"]))


def sources(call: ParsedRequest) -> Reply:
    """GET or POST …/source-strings."""
    found = strings.sources(
        call.server.world, call.project, _hashes(call), str(_given(call, "fileUri") or "")
    )
    return _page(call, found, SOURCES_LIMIT, SOURCES_LIMIT)


def translations(call: ParsedRequest) -> Reply:
    """GET or POST …/translations."""
    locale = str(_given(call, "targetLocaleId") or "")
    if not locale:
        raise invalid("targetLocaleId is required", "targetLocaleId")
    projects.require_locales(call.server.world, call.project, [locale], "targetLocaleId")
    retrieval = str(_given(call, "retrievalType") or "published").lower()
    uri = str(_given(call, "fileUri") or "")
    found = strings.translations(call.server.world, call.project, locale, _hashes(call), uri, retrieval)
    return _page(call, found, SOURCES_LIMIT, TRANSLATIONS_LIMIT)


def _given(call: ParsedRequest, name: str) -> Any:
    """Return a parameter of the query or of the JSON body."""
    return call.text(name) or (call.body.get(name) if call.json is not None else None)


def _hashes(call: ParsedRequest) -> list[str]:
    return call.texts("hashcodes") or [str(hashcode) for hashcode in call.array("hashcodes")]


def _page(call: ParsedRequest, found: list[dict[str, Any]], default: int, maximum: int) -> Reply:
    limit, offset = (_number(call, name, other) for name, other in (("limit", default), ("offset", 0)))
    if limit > maximum:
        raise invalid(f"limit must not exceed {maximum}", "limit")
    return items(found[offset : offset + limit], len(found))


def _number(call: ParsedRequest, name: str, default: int) -> int:
    return call.number(name, int(call.body.get(name) or default) if call.json is not None else default)
