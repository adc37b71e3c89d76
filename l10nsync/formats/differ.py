"""Translations of one target in several versions, held against each other string by string.

A version is read as its texts by place. Strings without distinct keys are one text: the whole file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from hashlib import sha256

from l10nsync.errors import ContentError
from l10nsync.formats import keep
from l10nsync.formats.documents import Document, Format, ReadDocument, Unit
from l10nsync.formats.judge import keyed

Spot = tuple[str, str, str, int]
"""Locale (of a file that holds all of them), key, plural category, and the how many-th of these."""
WHOLE: Spot = ("", "", "", 0)
"""The file as a whole, where its strings have no keys."""


def texts(
    row: Format, source: bytes, data: bytes, read: ReadDocument | None, charset: str | None
) -> dict[Spot, str]:
    """Return the texts of a version by place; raise `ContentError` if it cannot be read."""
    if read is None:
        return {WHOLE: sha256(data).hexdigest()}
    if row.localize:
        found: dict[Spot, str] = {}
        for locale, document in row.localize(data, charset).items():
            found |= {(locale, *place): unit.value for place, unit in _finished(document)}
        return found
    if row.multilingual:
        return {}
    document = read(data)
    if not keyed(read(source), row):
        return {WHOLE: "\0".join(unit.value for unit in document.units)}
    return {("", *place): unit.value for place, unit in _finished(document)}


def _finished(document: Document) -> list[tuple[keep.UnitId, Unit]]:
    """Return the units of a file, but for those that it says nobody has translated yet."""
    return [(place, unit) for place, unit in keep.placed(document) if not unit.unfinished]


def laid_over(
    row: Format,
    source: bytes,
    local: bytes,
    delivered: bytes,
    spots: Collection[Spot],
    read: ReadDocument | None,
    charset: str | None,
) -> bytes | None:
    """Return DELIVERED with the texts that LOCAL has at SPOTS; None where no file can hold both."""
    if read is None or WHOLE in spots:
        return local
    if row.localize:
        if row.omit is None:
            return None
        locales = {spot[0] for spot in spots}
        keys = {locale: frozenset(spot[1] for spot in spots if spot[0] == locale) for locale in locales}
        return row.omit(delivered, keys, charset)
    try:
        ours = dict(keep.placed(read(local)))
        kept: Mapping[keep.UnitId, Unit] = {spot[1:]: ours[spot[1:]] for spot in spots}
        return keep.kept(kept, read(source), read(local), read(delivered), read)
    except ContentError:
        return None
