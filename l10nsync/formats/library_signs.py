"""Signs in a file that say which library reads it, where the type alone does not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from l10nsync.formats.documents import Unit
from l10nsync.formats.flavours import FLAVOURS

_LINKED = re.compile(r"(?<!\w)@(?:\.\w+)?:(?:[A-Za-z]\w*[\w.]*|\(|\{')")
_FUNCTION = re.compile(r"\{\{\s*(?:PLURAL|GENDER|GRAMMAR)\s*:", re.IGNORECASE)
"""Of MediaWiki."""
_DATES = frozenset({"date", "time", "datetime", "date_time", "timestamp"})
_DATE_FORMATS = re.compile(r"(?:date|time|datetime|timestamp)_?formats?", re.IGNORECASE)
_FORMATS = frozenset({"formats", "format"})
_CHROME = frozenset({"message", "description", "placeholders", "hash", "meaning"})
_CHROME_NAME = re.compile(r"[A-Za-z0-9_@]+")
RAILS_GIVES = "%{attribute} %{model} %{value} %{count}"
"""What Rails fills in in each message of an error, whether the English one uses it or not."""


def flagged(units: Sequence[Unit], value: Any = None) -> tuple[Unit, ...]:
    """Return the units with the flavours that the file shows; VALUE is the content of a JSON file."""
    library = _library(units, value)
    if library:
        return tuple(_with(unit, library) for unit in units)
    return tuple(_with(unit, flag) if (flag := _flag(unit)) else unit for unit in units)


def _library(units: Sequence[Unit], value: Any) -> str:
    """Return the flavour of the library that a whole file is for; empty if it shows none."""
    if _is_mediawiki(units, value):
        return "mediawiki"
    if _is_chrome(value):
        return "chrome"
    return "vue" if _is_vue(units) else ""


def _is_mediawiki(units: Sequence[Unit], value: Any) -> bool:
    if isinstance(value, dict) and isinstance(value.get("@metadata"), dict):
        return True
    return any("{{" in unit.text and _FUNCTION.search(unit.text) for unit in units)


def _is_vue(units: Sequence[Unit]) -> bool:
    """Whether texts link others as vue-i18n does; i18next has `$t(…)` for that."""
    if not any(_LINKED.search(unit.text) for unit in units):
        return False
    return not any("$t(" in unit.text for unit in units)


def _with(unit: Unit, flag: str) -> Unit:
    return unit._replace(flags=f"{unit.flags} {flag}".strip())


def _flag(unit: Unit) -> str:
    """Return what the place of a string says: a pattern of dates or numbers, a message of Rails."""
    parts = unit.key.split("/")
    if "%" in unit.text:
        for index, part in enumerate(parts):
            if _DATE_FORMATS.fullmatch(part) or (part in _DATES and _FORMATS & set(parts[index + 1 :])):
                return "strftime"
        if "number" in parts and parts[-1] in {"format", "negative_format"}:
            return "rails-number"
    if "errors" in parts:
        return "rails-errors"
    return "laravel" if ":" in unit.text and unit.key == unit.text and FLAVOURS["laravel"](unit.text) else ""


def _is_chrome(value: Any) -> bool:
    """Whether a file is the messages of a browser extension."""
    if not isinstance(value, dict) or not value:
        return False
    for name, about in value.items():
        if not isinstance(about, dict) or not isinstance(about.get("message"), str):
            return False
        if not about.keys() <= _CHROME or not _CHROME_NAME.fullmatch(name):
            return False
    return True


def optional(units: Iterable[Unit], value: Any) -> frozenset[str]:
    """Return the keys that a translation may lack, or have of its own: notes for people."""
    if isinstance(value, dict) and isinstance(value.get("@metadata"), dict):
        return frozenset(unit.key for unit in units if unit.key.startswith("@metadata/"))
    if _is_chrome(value):
        return frozenset(unit.key for unit in units if not unit.key.endswith("/message"))
    return frozenset()
