"""Putting texts into files: translations, and pseudo-localized texts."""

from __future__ import annotations

import re
from collections.abc import Callable

from l10nsync.formats import placeholders
from l10nsync.formats.documents import Directives, Document, Unit

TextOfUnit = Callable[[Unit], str | None]


def translated(document: Document, texts: TextOfUnit) -> bytes:
    """Return the file with every unit's text as TEXTS says; None leaves the string out as its type does."""
    changes: dict[int, str | None] = {}
    for index, unit in enumerate(document.units):
        text = texts(unit)
        if text is None or text != unit.value:
            changes[index] = text
    return document.replace(changes)


# --- pseudo-localization ------------------------------------------------------------------------------

_ACCENTS = str.maketrans("aceinouyACEINOUY", "åçéîñöûýÅÇÉÎÑÖÛÝ")
_PADDING = "éüñîöåý"


USUAL_INFLATION = 30
"""Percent by which pseudo-localized texts grow where nothing says otherwise."""


def inflation(directives: Directives) -> int:
    """Return the percent that `pseudo_inflation` says: 0 to 100."""
    percent = directives.get("pseudo_inflation", "").strip()
    return min(int(percent), 100) if percent.isdecimal() and len(percent) < 4 else USUAL_INFLATION


def pseudo_text(
    text: str,
    flavour: str,
    *,
    inflation: int = USUAL_INFLATION,
    style: placeholders.PlaceholderStyle | None = None,
) -> str:
    """Return TEXT with accents and made longer by INFLATION percent; placeholders, tags and syntax stay.

    FLAVOUR is a row's `placeholders`. The same text always gives the same result, in Latin-1 letters.
    """
    how = style or placeholders.style(flavour, {})
    parts: list[str] = []
    position = letters = last = 0
    for start, end in [*placeholders.protected(text, how), (len(text), len(text))]:
        free = text[position:start].translate(_ACCENTS)
        letters += len(free)
        parts += (free, text[start:end])
        if any(map(str.isalpha, free)) or (start == len(text) and free.strip()):
            last = len(parts) - 1
        position = end
    padding = _padding(letters * inflation // 100) if letters and last else ""
    if padding:
        core = parts[last - 1].rstrip()
        if any(parts[last:]):  # signs right before a placeholder stay with it: `(%s`
            core = core[: 1 + max(index for index, sign in enumerate(core) if sign.isalpha())]
        parts[last - 1] = f"{core} {padding}{parts[last - 1][len(core) :]}"
    return "".join(parts)


_LAST_LINES = re.compile(r"\s*(?:\n[ \t]*:{3,}[ \t]*)*\s*\Z")
"""White space, and the lines of Markdown that close a box."""


def pseudo_translation(text: str, flavour: str, locale: str) -> str:
    """Return TEXT as a stand-in for a translation: pseudo-localized, with the locale behind it."""
    made = pseudo_text(text, flavour)
    end = _LAST_LINES.search(made)
    place = end.start() if end else len(made)
    return f"{made[:place]} ({locale}){made[place:]}"


def _padding(size: int) -> str:
    return (_PADDING * (size // len(_PADDING) + 1))[:size]
