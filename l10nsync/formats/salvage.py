"""The good strings of a file that also holds bad ones.

A string that does not fit its source is not written. In its place the target keeps the text that it has, if
that fits the source or was written for it; else the source's text is used, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class FaultyDelivery:
    """A delivered file with bad strings, and what is there to replace these."""

    source: Document
    delivered: Document
    local: Document | None
    """The file that is there."""
    judge: Callable[[bytes], Sequence[Finding]]
    """Finds what is wrong with any other version of the delivered file."""
    parse: Callable[[bytes], Document]
    rules: Rules


def salvaged(faulty: FaultyDelivery, errors: Sequence[Finding]) -> Salvaged | None:
    """Return the good strings of a delivered file; None if they cannot be separated from the bad ones.

    ERRORS are those of the delivered file.
    """
    keyed = faulty.rules.keyed
    delivered, unread_places = _with_unread(faulty)
    bad = _places(delivered, errors, keyed=keyed)
    if not bad:
        return None
    bad |= unread_places
    good = {place: (unit, delivered) for place, unit in placed(delivered) if place not in bad}
    if not (good or faulty.local):
        return None
    mending = _Mending(faulty, delivered, good)
    kept, is_doubtful = mending.fitting(_local(delivered, faulty.local, bad, keyed=keyed), bad)
    left = _outside(bad, kept, keyed=keyed)
    if left and faulty.rules.empty is None:
        return None
    content = mending.made(kept, left)
    if content is None or not mending.is_good(content, kept):
        return None
    names = {place: _name(unit) for place, unit in placed(delivered) if place in bad}
    stay = {name for place, name in names.items() if place not in left}
    return Salvaged(content, tuple(dict.fromkeys(names.values())), tuple(sorted(stay)), is_doubtful)


def _with_unread(faulty: FaultyDelivery) -> tuple[Document, set[UnitId]]:
    """Return the delivered file with the strings that it has but nobody could read, and their places."""
    delivered = faulty.delivered
    hidden = unread(faulty.source, delivered) if faulty.rules.keyed else frozenset()
    missing = tuple(unit for unit in faulty.source.units if unit.key in hidden)
    if missing:
        delivered = replace(delivered, units=(*delivered.units, *missing))
    return delivered, {place for place, unit in placed(delivered) if unit.key in hidden}


@dataclass(frozen=True, slots=True)
class _Mending:
    """Makes the file again: of its good strings, texts that the target has, and what stands for the rest."""

    faulty: FaultyDelivery
    delivered: Document
    """With the strings that nobody could read."""
    good: SalvagedUnits

    def made(self, kept: SalvagedUnits, left: Collection[UnitId]) -> bytes | None:
        """Return the file; None if there is none that can hold these strings."""
        source, local = self.faulty.source, self.faulty.local
        stand_ins = dict(_stand_ins(source, self.delivered, left, empty=self.faulty.rules.empty is True))
        grounds = [self.faulty.delivered, *([local] if local else []), source]
        return assembled({**self.good, **kept, **stand_ins}, grounds, self.faulty.parse)

    def is_good(self, content: bytes, kept: SalvagedUnits) -> bool:
        """Whether a file has no errors but in texts that were KEPT."""
        wrong = self.misfits(content)
        return wrong is not None and not _outside(wrong, kept, keyed=self.faulty.rules.keyed)

    def misfits(self, content: bytes | None) -> set[UnitId] | None:
        """Return the places that have errors; None if they are not of single strings."""
        if content is None:
            return None
        errors = [finding for finding in self.faulty.judge(content) if finding.severity == "error"]
        return _places(self.faulty.parse(content), errors, keyed=self.faulty.rules.keyed)

    def fitting(self, here: SalvagedUnits, bad: Collection[UnitId]) -> tuple[SalvagedUnits, bool]:
        """Return what can stay of the target's texts HERE, and whether any of them does not fit.

        A text that does not fit stays all the same if the source has not changed since it was written.
        """
        rules = self.faulty.rules
        wrong = self.misfits(self.made(here, _outside(bad, here, keyed=rules.keyed)))
        if wrong is None:
            return {}, False
        unfit = {place for place in wrong if not (rules.keyed and rules.unchanged(place[0]))}
        fit = _outside(here, unfit, keyed=rules.keyed)
        return {place: text for place, text in here.items() if place in fit}, bool(wrong)


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


def _outside(places: Iterable[UnitId], others: Collection[UnitId], *, keyed: bool) -> set[UnitId]:
    """Return those of PLACES that are not among OTHERS: with keys, the forms of a plural belong together."""
    keys = {key for key, _plural, _number in others} if keyed else set()
    return {place for place in places if place not in others and place[0] not in keys}


def _places(document: Document, errors: Sequence[Finding], *, keyed: bool) -> set[UnitId] | None:
    """Return the places of the bad strings, with all forms of a plural; None if the whole file is bad."""
    if any(error.rule in WHOLE or (keyed and not error.key) for error in errors):
        return None
    units = list(placed(document))
    found: set[UnitId] = set()
    for error in errors:
        meant = {place for place, unit in units if _is_meant(document, unit, error, keyed=keyed)}
        if not meant:
            return None
        found |= meant
    return found


def _is_meant(document: Document, unit: Unit, error: Finding, *, keyed: bool) -> bool:
    """Whether an error is about a string: of the same key, or else at its place."""
    if keyed:
        return unit.key == error.key
    if not error.column:
        return unit.line == error.line
    begin = unit.line, unit.start - document.text.rfind("\n", 0, unit.start)
    last = unit.line + document.text.count("\n", unit.start, unit.end)
    end = last, unit.end - document.text.rfind("\n", 0, unit.end)
    return begin <= (error.line, error.column) <= end


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
