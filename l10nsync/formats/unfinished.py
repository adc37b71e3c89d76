"""Entries that say that they are not translated: gettext's `fuzzy`, Qt's `unfinished` and others.

A program that loads the file leaves them out, or shows them as doubtful. A published translation ends that.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from l10nsync.formats.documents import Document, Format
from l10nsync.formats.judge import Finding, shown
from l10nsync.formats.keep import placed


def finished(made: Document, delivered: Document) -> bytes:
    """Return a file without the marks of the strings that DELIVERED translates in the same words."""
    arrived = dict(placed(delivered))
    units = list(placed(made))
    waiting = {
        unit.key
        for place, unit in units
        if place not in arrived
        or arrived[place].value != unit.value
        or unit.value.strip() in {"", unit.text.strip()}
    }
    edits = set(chain.from_iterable(unit.unfinished for _place, unit in units if unit.key not in waiting))
    return made.splice(sorted(edits))


def marked(translation: Document, row: Format) -> Iterator[Finding]:
    """Yield one warning for the texts of a file that are marked as untranslated: they do not count."""
    keys = list(
        dict.fromkeys(unit.key for unit in translation.units if unit.unfinished and unit.value.strip())
    )
    if not keys:
        return
    line = next(unit.line for unit in translation.units if unit.key == keys[0])
    strings = f"{len(keys)} strings are" if len(keys) > 1 else "1 string is"
    message = f"{strings} marked as untranslated ({row.unfinished}), the first is {shown(keys[0])}"
    yield Finding("unfinished", "warning", message, "", line)
