"""The good strings of a file that also holds bad ones.

A string that does not fit its source is not written. In its place the target keeps the text that it has, if
that fits the source or was written for it; else the source's text is used, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from l10nsync.formats.documents import Document, Unit
from l10nsync.formats.judge import Finding, unread
from l10nsync.formats.keep import UnitId, assembled, placed

WHOLE = frozenset({"key-extra", "key-missing", "plural-count", "structure", "unreadable"})
"""Rules that say something of the file: it is cut, or another one."""
SalvagedUnits = Mapping[UnitId, tuple[Unit, Document]]


class TargetVersion(NamedTuple):
    """What one commit made of a target."""

    content: bytes
    before: tuple[bytes, ...]
    """What its parents had."""
    source: bytes | None
    """The source in that commit; None where it was not there."""


class PresentTarget(NamedTuple):
    """The target that is there."""

    content: bytes
    history: Sequence[TargetVersion] | None = None
    """How it came to be, the newest version first; None: not asked, as if its source had never changed."""


class Rules(NamedTuple):
    """What decides about a bad string."""

    keyed: bool
    """Whether strings are known by keys, else by their order."""
    unchanged: Callable[[str], bool]
    """Whether the source's text of a key is the one that the target's was written for."""
    empty: bool | None
    """What stands for a string that has no text here: nothing, or the source's text; None: no file then."""


class Salvaged(NamedTuple):
    """A file without its bad strings."""

    content: bytes
    bad: tuple[str, ...]
    """Keys of the bad strings, or what else names them, in the order of the file."""
    present: tuple[str, ...] = ()
    """Those that keep the text that the target has."""
    doubtful: bool = False
    """Whether the target has a text that does not fit, so that earlier sources had a say."""


def salvaged(
    source: Document,
    delivered: Document,
    local: Document | None,
    judge: Callable[[bytes], Sequence[Finding]],
    parse: Callable[[bytes], Document],
    errors: Sequence[Finding],
    *,
    rules: Rules,
) -> Salvaged | None:
    """Return the good strings of a delivered file; None if they cannot be separated from the bad ones.

    ERRORS are those of the delivered file, JUDGE finds those of another one. LOCAL is the file that is there.
    """
    came, hidden = delivered, unread(source, delivered) if rules.keyed else frozenset()
    missing = tuple(unit for unit in source.units if unit.key in hidden)
    delivered = replace(came, units=(*came.units, *missing)) if missing else came
    bad = _places(delivered, errors, keyed=rules.keyed)
    bad = bad and bad | {place for place, unit in placed(delivered) if unit.key in hidden}
    good = {place: (unit, delivered) for place, unit in placed(delivered) if place not in (bad or ())}
    if not bad or not (good or local):
        return None
    grounds = [came, *([local] if local else []), source]

    def made(kept: SalvagedUnits, left: Collection[UnitId]) -> bytes | None:
        stand_ins = dict(_stand_ins(source, delivered, left, empty=rules.empty is True))
        return assembled({**good, **kept, **stand_ins}, grounds, parse)

    def misfits(content: bytes | None) -> set[UnitId] | None:
        """Return the places that have errors; None if they are not of single strings."""
        if content is None:
            return None
        found = [finding for finding in judge(content) if finding.severity == "error"]
        return _places(parse(content), found, keyed=rules.keyed)

    here = _local(delivered, local, bad, keyed=rules.keyed)
    without = {place for place in bad if not _has(here, place, keyed=rules.keyed)}
    wrong = misfits(made(here, without))
    if wrong is None:
        here, without, wrong = {}, bad, set()
    unfit = {place for place in wrong if not (rules.keyed and rules.unchanged(place[0]))}
    kept = {place: found for place, found in here.items() if not _has(unfit, place, keyed=rules.keyed)}
    left = {place for place in bad if not _has(kept, place, keyed=rules.keyed)}
    if left and rules.empty is None:
        return None
    content = made(kept, left)
    after = misfits(content)
    if content is None or after is None or any(not _has(kept, place, keyed=rules.keyed) for place in after):
        return None
    names = {place: _name(unit) for place, unit in placed(delivered) if place in bad}
    stay = {name for place, name in names.items() if place not in left}
    return Salvaged(content, tuple(dict.fromkeys(names.values())), tuple(sorted(stay)), bool(wrong))


def committed_with(
    key: str, local: Document, history: Sequence[TargetVersion], read: Callable[[bytes], Document | None]
) -> TargetVersion | None:
    """Return the version that gave the target its text of a key; None if that was never committed.

    HISTORY has the newest version first. If it is cut, the oldest version with that text counts.
    """

    def values(document: Document | None) -> list[tuple[str, str]]:
        units = document.units if document else ()
        return sorted((unit.plural, unit.value) for unit in units if unit.key == key)

    same = [version for version in history if values(read(version.content)) == values(local)]
    first = (
        version
        for version in same
        if all(values(read(content)) != values(local) for content in version.before)
    )
    return next(first, same[-1] if same else None)


def _name(unit: Unit) -> str:
    return unit.key or f"line {unit.line}"


def _has(places: Collection[UnitId], place: UnitId, *, keyed: bool) -> bool:
    """Whether a string is among PLACES: the forms of a plural belong together."""
    return place in places or (keyed and any(other[0] == place[0] for other in places))


def _places(document: Document, errors: Sequence[Finding], *, keyed: bool) -> set[UnitId] | None:
    """Return the places of the bad strings, with all forms of a plural; None if the whole file is bad."""
    if any(error.rule in WHOLE or (keyed and not error.key) for error in errors):
        return None
    wanted = {(error.key, 0 if keyed else error.line) for error in errors}
    found = {
        place: (unit.key, 0 if keyed else unit.line)
        for place, unit in placed(document)
        if (unit.key, 0 if keyed else unit.line) in wanted
    }
    return set(found) if wanted == set(found.values()) else None


def _local(
    delivered: Document, local: Document | None, bad: Collection[UnitId], *, keyed: bool
) -> SalvagedUnits:
    """Return what the target has for the bad strings; without keys only if it has as many strings."""
    if local is None or (not keyed and len(local.units) != len(delivered.units)):
        return {}
    keys = {place[0] for place in bad}
    return {
        place: (unit, local)
        for place, unit in placed(local)
        if unit.value.strip() and (place[0] in keys if keyed else place in bad)
    }


def _stand_ins(
    source: Document, delivered: Document, left: Collection[UnitId], *, empty: bool
) -> Iterator[tuple[UnitId, tuple[Unit, Document]]]:
    """Yield what stands for strings without a text of their own; what can be left out is not among it."""
    originals = dict(placed(source))
    others = {place[0]: unit for place, unit in originals.items() if unit.plural in {"", "other"}}
    for place, unit in placed(delivered):
        if place not in left or (empty and unit.remove is not None):
            continue
        if unit.translation is not None:  # the type has the source's text beside the translation
            yield place, (unit._replace(translation="" if empty else unit.text), delivered)
        elif empty:
            yield place, (unit._replace(text=""), delivered)
        else:
            yield place, (originals.get(place) or others.get(place[0]) or unit, source)
