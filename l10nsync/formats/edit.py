"""Putting texts into files: translations, the repository's own style, pseudo-localized texts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator

from l10nsync.errors import ContentError
from l10nsync.formats import judge, placeholders
from l10nsync.formats.base import Document, Unit

Texts = Callable[[Unit], str | None]


def translated(document: Document, texts: Texts) -> bytes:
    """Return the file with every unit's text as TEXTS says; None leaves the string out as its type does."""
    changes: dict[int, str | None] = {}
    for index, unit in enumerate(document.units):
        text = texts(unit)
        if text is None or text != unit.value:
            changes[index] = text
    return document.replace(changes)


def layouts(
    delivered: Document, models: Iterable[bytes], parse: Callable[[bytes], Document]
) -> Iterator[bytes]:
    """Yield the delivered texts in the layout of each model that can hold them."""
    for model in models:
        try:
            made = spliced(delivered, parse(model))
        except ContentError:
            continue
        if made is not None and is_result(made, delivered, parse):
            yield made


def spliced(delivered: Document, model: Document) -> bytes | None:
    """Return MODEL with the texts and labels of DELIVERED; None where their keys differ."""
    if len(delivered.labels) != len(model.labels) or _places(delivered) != _places(model):
        return None
    edits = _label_edits(delivered, model)
    queues: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for unit in reversed(delivered.units):
        queues[unit.key, unit.plural].append(unit)
    for old in model.units:
        new = queues[old.key, old.plural].pop()
        if (old.value, old.markup) == (new.value, new.markup):
            continue
        raw = old.encode(new.value) if old.markup == new.markup else delivered.text[new.start : new.end]
        edits.append((old.start, old.end, raw))
    try:
        return model.splice(edits)
    except ContentError:
        return None


def _places(document: Document) -> Counter[tuple[str, str]]:
    return Counter((unit.key, unit.plural) for unit in document.units)


def _label_edits(delivered: Document, model: Document) -> list[tuple[int, int, str]]:
    return [
        (old.start, old.end, delivered.text[new.start : new.end])
        for new, old in zip(delivered.labels, model.labels, strict=True)
        if new.value != old.value
    ]


def same_labels(one: Document, other: Document) -> bool:
    """Return whether both files name the same language."""
    return [label.value for label in one.labels] == [label.value for label in other.labels]


def is_result(data: bytes, delivered: Document, parse: Callable[[bytes], Document]) -> bool:
    """Return whether DATA reads back as what was delivered."""
    try:
        document = parse(data)
    except ContentError:
        return False
    return judge.contents(document) == judge.contents(delivered) and same_labels(document, delivered)


# --- pseudo-localization ------------------------------------------------------------------------------

_ACCENTS = str.maketrans("aceinouyACEINOUY", "åçéîñöûýÅÇÉÎÑÖÛÝ")
_PADDING = "éüñîöåý"


def pseudo_text(
    text: str, flavour: str, *, inflation: int = 30, style: placeholders.Style | None = None
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
        if free.strip():
            last = len(parts) - 1
        position = end
    padding = _padding(letters * inflation // 100) if letters and last else ""
    if padding:
        core = parts[last - 1].rstrip()
        parts[last - 1] = f"{core} {padding}{parts[last - 1][len(core) :]}"
    return "".join(parts)


def _padding(size: int) -> str:
    return (_PADDING * (size // len(_PADDING) + 1))[:size]
