"""Plural categories of each language, by two versions of CLDR.

The service speaks of CLDR 27, platforms use newer ones. Required is what a whole number can reach in both,
allowed is what either names. Spanish `many`, for one, is allowed and not required.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from l10nsync.formats.plural_table import TABLE

_ALIASES = {"iw": "he", "in": "id", "ji": "yi", "jw": "jv", "tl": "fil", "no": "nb", "mo": "ro", "sh": "sr"}


class Categories(NamedTuple):
    """The plural categories of one language."""

    required: frozenset[str]
    allowed: frozenset[str]


def _by_language() -> Iterator[tuple[str, Categories]]:
    for required, allowed, languages in TABLE:
        categories = Categories(frozenset(required.split()), frozenset(allowed.split()))
        for language in languages.split():
            yield language, categories


_BY_LANGUAGE = dict(_by_language())


def of(locale: str) -> Categories | None:
    """Return the categories of a locale id, in BCP 47, Android's or an older spelling; None if unknown."""
    parts = locale.replace("_", "-").removeprefix("b+").replace("+", "-").split("-")
    language = _ALIASES.get(parts[0].lower(), parts[0].lower())
    exact = f"{language}-{parts[1].removeprefix('r').upper()}" if len(parts) == 2 else language
    return _BY_LANGUAGE.get(exact) or _BY_LANGUAGE.get(language)
