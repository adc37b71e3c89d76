"""Putting a delivered translation into the repository's own layout, so that a diff shows only what changed.

A file is a row of items (units and labels) with gaps between them. A gap leads from one item to the next
and holds everything else: keys, comments, signs, white space. Items that both files have keep the gaps of
the model; what only the delivery has comes in with its own, and what only the model has goes with its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import NamedTuple

from l10nsync.errors import ContentError
from l10nsync.formats import judge
from l10nsync.formats.documents import Document, Label, ReadDocument, Unit


class Item(NamedTuple):
    """A unit or a label at its place."""

    name: tuple[str, str, int]
    """Key, plural category, and which one of that name it is."""
    start: int
    end: int
    part: Unit | Label


def says(data: bytes, delivered: Document, read: ReadDocument) -> bool:
    """Return whether DATA reads as what was delivered: the same strings, the same language."""
    try:
        document = read(data)
    except ContentError:
        return False
    same = [label.value for label in document.labels] == [label.value for label in delivered.labels]
    return same and judge.contents(document) == judge.contents(delivered)


def laid_out(delivered: Document, model: Document, read: ReadDocument) -> bytes | None:
    """Return the delivered texts in the layout of MODEL; None where it cannot hold them."""
    theirs, ours = _items(delivered), _items(model)
    if theirs is None or ours is None:
        return None
    places = {item.name: index for index, item in enumerate(ours)}
    found = [places.get(item.name, -1) for item in theirs]
    if len(theirs) == len(ours) and -1 not in found:
        attempts = [partial(_spliced, delivered, model, theirs, ours, found)]
    else:
        weave = partial(_woven, delivered, model, theirs, ours, _rising(found))
        attempts = [partial(weave, styled=True), weave]
    for attempt in attempts:
        with suppress(ContentError):
            if says(made := attempt(), delivered, read):
                return made
    return None


def texts_alone(delivered: Document, model: Document, read: ReadDocument) -> bytes | None:
    """Return MODEL with the delivered texts, where it writes all of them itself; else None.

    Then it does not matter how the delivery is laid out, and nothing else has to be looked at.
    """
    theirs, ours = _items(delivered), _items(model)
    if theirs is None or ours is None or len(theirs) != len(ours):
        return None
    places = {item.name: index for index, item in enumerate(ours)}
    found = [places.get(item.name, -1) for item in theirs]
    if -1 in found or not all(
        _is_written(item, ours[place]) for item, place in zip(theirs, found, strict=True)
    ):
        return None
    try:
        made = _spliced(delivered, model, theirs, ours, found)
    except ContentError:
        return None
    return made if says(made, delivered, read) else None


def _is_written(theirs: Item, ours: Item) -> bool:
    """Whether nothing of the delivery's own text is needed for an item that both have."""
    new, old = theirs.part, ours.part
    if isinstance(new, Unit) and isinstance(old, Unit):
        return new.markup == old.markup
    return isinstance(new, Label) and isinstance(old, Label) and new.value == old.value


def likeness(document: Document, model: Document) -> int:
    """Return how many lines of the gaps of a document are just as in MODEL."""
    found = []
    for version in (document, model):
        items = _items(version) or []
        gaps = (_gap(version, items, index) for index in range(len(items) + 1))
        found.append(Counter(chain.from_iterable(gap.split("\n") for gap in gaps)))
    return (found[0] & found[1]).total()


def _items(document: Document) -> list[Item] | None:
    """Return the items in the order of the text; None where they overlap."""
    seen: Counter[tuple[str, str]] = Counter()
    items: list[Item] = []
    parts = [(unit.start, unit.end, unit.key, unit.plural, unit) for unit in document.units]
    parts += [(label.start, label.end, "", "label", label) for label in document.labels]  # type: ignore[misc]
    for start, end, key, plural, part in sorted(parts, key=lambda part: part[:2]):
        if items and start < items[-1].end:
            return None
        items.append(Item((key, plural, seen[key, plural]), start, end, part))
        seen[key, plural] += 1
    return items


def _raw(theirs: Item, ours: Item, delivered: Document, model: Document) -> str:
    """Return the model's text for an item that both have: unchanged if it says the same."""
    new, old = theirs.part, ours.part
    if isinstance(new, Unit) and isinstance(old, Unit):
        if (old.value, old.markup) == (new.value, new.markup):
            return model.text[ours.start : ours.end]
        if old.markup == new.markup:
            return old.encode(new.value)
    elif new.value == old.value:
        return model.text[ours.start : ours.end]
    elif isinstance(old, Label) and old.merge is not None:
        return old.merge(model.text[ours.start : ours.end], delivered.text[theirs.start : theirs.end])
    return delivered.text[theirs.start : theirs.end]


def _spliced(
    delivered: Document, model: Document, theirs: Sequence[Item], ours: Sequence[Item], found: Sequence[int]
) -> bytes:
    """Return MODEL, in its own order, with the delivered texts: both have the same items."""
    return model.splice(
        [
            (ours[place].start, ours[place].end, _raw(item, ours[place], delivered, model))
            for item, place in zip(theirs, found, strict=True)
        ]
    )


def _rising(found: Sequence[int]) -> list[int]:
    """Return FOUND with -1 for what is not in the longest row of places that only rise."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, place in enumerate(found):
        if place < 0:
            before.append(-1)
            continue
        length = bisect_left(tails, place)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [place]
        ends[length : length + 1] = [index]
    kept: set[int] = set()
    index = ends[-1] if ends else -1
    while index >= 0:
        kept.add(index)
        index = before[index]
    return [place if index in kept else -1 for index, place in enumerate(found)]


def _woven(
    delivered: Document,
    model: Document,
    theirs: Sequence[Item],
    ours: Sequence[Item],
    found: Sequence[int],
    *,
    styled: bool = False,
) -> bytes:
    """Return the delivered items with the model's gaps wherever these lead to the same item.

    STYLED: a gap that differs from one of the model in white space and signs alone is written as that one is,
    and any other one is indented as the model is.
    """
    parts: list[str] = []
    styles = _styles(model, ours)
    between = _between(model, ours) if styled else {}
    steps = (_step(delivered, theirs), _step(model, ours)) if styled else ("", "")
    last = -1  # the model's place of the item before; its beginning and its end count as items
    for index, place in enumerate([*found, len(ours)]):
        if 0 <= place == last + 1:
            parts.append(_gap(model, ours, place))
        elif styled and (own := _own_gap(delivered, model, theirs, ours, index, place, between)) is not None:
            parts.append(own)
        else:
            lines = _indented(_gap(delivered, theirs, index).split("\n"), *steps)
            if place >= 0:
                _take_over(lines, _gap(model, ours, place).split("\n"), end=True)
            if last >= -1:
                _take_over(lines, _gap(model, ours, last + 1).split("\n"), end=False)
            if place < 0:
                lines[-1] = _in_style(lines[-1], theirs[index].name[0], styles)
            parts.append("\n".join(lines))
        last = place if place >= 0 else -2
        if index < len(theirs):
            item = theirs[index]
            raw = delivered.text[item.start : item.end]
            parts.append(raw if place < 0 else _raw(item, ours[place], delivered, model))
    return model.splice([(0, len(model.text), "".join(parts))])


def _between(model: Document, ours: Sequence[Item]) -> dict[str, tuple[str, str]]:
    """Return what stands between two strings that one thing holds, before and after the second one's name."""
    found: dict[str, tuple[str, str]] = {}
    for index in range(1, len(ours)):
        key = ours[index].name[0]
        holder = key.rpartition("/")[0]
        same = holder == ours[index - 1].name[0].rpartition("/")[0]
        if same and holder not in found and (parts := _around(_gap(model, ours, index), key)):
            found[holder] = parts
    return found


def _own_gap(
    delivered: Document,
    model: Document,
    theirs: Sequence[Item],
    ours: Sequence[Item],
    index: int,
    place: int,
    between: Mapping[str, tuple[str, str]],
) -> str | None:
    """Return the model's gap that says what the delivered one at INDEX says; None if it has none."""
    gap = _gap(delivered, theirs, index)
    if place >= 0:
        own = _gap(model, ours, place)
        return own if _bare(own) == _bare(gap) else None
    key = theirs[index].name[0]
    here, style = _around(gap, key), between.get(key.rpartition("/")[0])
    if here is None or style is None or not _are_alike(here, style):
        return None
    return style[0] + gap[len(here[0]) : len(gap) - len(here[1])] + style[1]


def _step(document: Document, items: Sequence[Item]) -> str:
    """Return the white space by which the lines of a document's gaps are indented; empty if none is."""
    lines = chain.from_iterable(
        _gap(document, items, index).split("\n")[1:] for index in range(len(items) + 1)
    )
    indents = {line[: len(line) - len(line.lstrip(" \t"))] for line in lines}
    return min(filter(None, indents), key=len, default="")


def _indented(lines: list[str], theirs: str, ours: str) -> list[str]:
    """Return the lines of a gap with one step of white space in place of another."""
    if not theirs or not ours:
        return lines
    made = lines[:1]
    for line in lines[1:]:
        deep = 0
        while line.startswith(theirs, deep * len(theirs)):
            deep += 1
        made.append(ours * deep + line[deep * len(theirs) :])
    return made


def _are_alike(first: tuple[str, str], second: tuple[str, str]) -> bool:
    """Whether the texts around two names say the same."""
    return all(_bare(before) == _bare(after) for before, after in zip(first, second, strict=True))


def _styles(model: Document, ours: Sequence[Item]) -> dict[str, tuple[str, str]]:
    """Return the text before and after the name of a string on its line, by what holds the string."""
    found: dict[str, tuple[str, str]] = {}
    for index, item in enumerate(ours):
        holder, _slash, _name = item.name[0].rpartition("/")
        if holder not in found and (parts := _around(_gap(model, ours, index).split("\n")[-1], item.name[0])):
            found[holder] = parts
    return found


def _around(line: str, key: str) -> tuple[str, str] | None:
    """Return the text around the name of a string: its key, or the last part of that."""
    name = key if key in line else key.rpartition("/")[2]
    if not name:
        return None
    head, found, tail = line.rpartition(name)
    return (head, tail) if found else None


def _in_style(line: str, key: str, styles: Mapping[str, tuple[str, str]]) -> str:
    """Return the line that names a new string with the indentation and the separator of its neighbours."""
    here, style = _around(line, key), styles.get(key.rpartition("/")[0])
    if here is None or style is None or not _are_alike(here, style):
        return line
    return style[0] + line[len(here[0]) : len(line) - len(here[1])] + style[1]


def _bare(text: str) -> str:
    """Return what counts of a text around a name: neither white space nor which separator or quote it is."""
    return "".join(text.split()).replace(":", "=").replace("'", '"')


def _take_over(lines: list[str], own: Sequence[str], *, end: bool) -> None:
    """Replace lines at the beginning, or the end, of a gap by those of our own that differ in space alone."""
    for step in range(min(len(lines), len(own))):
        index = -1 - step if end else step
        if "".join(lines[index].split()) != "".join(own[index].split()):
            return
        # What ends a gap has no line end of its own: the line that it replaces may have one.
        lines[index] = own[index].removesuffix("\r") + ("\r" if lines[index].endswith("\r") else "")


def _gap(document: Document, items: Sequence[Item], index: int) -> str:
    """Return the text before an item, back to the one before it."""
    start = items[index - 1].end if index else 0
    return document.text[start : items[index].start if index < len(items) else len(document.text)]
