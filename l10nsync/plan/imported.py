"""Whether an import came about: by the service's own count, and by what it shows afterwards. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from l10nsync.errors import ServiceError
from l10nsync.formats import Document, Finding, Unit
from l10nsync.plan.report import Result

_AGAIN = "Run the same command again: it imports what is missing."


def confirmed(
    result: Result, sent: Document, source: Document, before: Document | None, after: Document | None
) -> Result:
    """Return RESULT, corrected by what the TMS has; SENT holds just what was imported.

    BEFORE and AFTER are what the TMS had and has; AFTER is None where it cannot be read, and then the
    service's count alone decides. Presence is asked for, not publication, and not the exact text: the
    service may write it otherwise.
    """
    units = [unit for unit in sent.units if unit.value.strip()]
    if after is None:
        if result.strings < len(units):
            return _failed(
                result, f"the service reports that it imported {result.strings} of {len(units)} strings"
            )
        return result
    missing = _missing(units, source, before, after, doubtful=result.strings < len(units))
    refused = {finding.key for finding in result.findings}
    result = replace(result, strings=len(units) - len(missing))
    if missing and len(missing) == len(units) and not refused:
        return _failed(result, f"the service accepted the file, but has none of its {len(units)} strings")
    message = "the service accepted it, but does not have it"
    found = [
        Finding("not-imported", "error", message, unit.key) for unit in missing if unit.key not in refused
    ]
    return replace(result, findings=(*result.findings, *found))


def _missing(
    units: Sequence[Unit], source: Document, before: Document | None, after: Document, *, doubtful: bool
) -> list[Unit]:
    """Return those of UNITS that the TMS does not have."""
    sources = {(unit.key, unit.plural): unit.text for unit in source.units}
    had, has = _values(before), _values(after)
    return [
        unit
        for unit in units
        if not _is_there(unit, sources.get(_key(unit)), had.get(_key(unit)), has.get(_key(unit)), doubtful)
    ]


def _failed(result: Result, message: str) -> Result:
    return replace(result, status="failed", error=ServiceError(message, hint=_AGAIN))


def _key(unit: Unit) -> tuple[str, str]:
    return unit.key, unit.plural


def _values(document: Document | None) -> Mapping[tuple[str, str], str]:
    return {_key(unit): unit.value for unit in document.units} if document else {}


def _is_there(unit: Unit, source: str | None, before: str | None, after: str | None, doubtful: bool) -> bool:
    """Whether the TMS has a translation of a string that it did not have before.

    A type that cannot leave out what is not translated shows the source in its place. So a text that equals
    its source shows nothing; the count decides: it is there unless the count is DOUBTFUL.
    """
    if after is None or not after.strip():
        return False
    if after == source:
        return unit.value == source and not doubtful
    return after == unit.value or after != before
