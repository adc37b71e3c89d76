"""Which language the sources are in by the configurations of other tools beside them. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from l10nsync.discovery.draft import Draft, FileMeaning
from l10nsync.discovery.ecosystem import Fact, others
from l10nsync.discovery.file_groups import fits
from l10nsync.discovery.foreign import convert
from l10nsync.discovery.foreign.data import template_regex
from l10nsync.discovery.inventory import Inventory
from l10nsync.discovery.names import meaning
from l10nsync.discovery.readings import PLACE, readings
from l10nsync.errors import UsageError


def configured(stock: Inventory) -> list[Fact]:
    """Return what configurations of other tools show: the language in the paths of their sources.

    It counts for the folder of those files. A configuration that cannot be read, or that matches no file,
    shows nothing.
    """
    found: dict[Fact, None] = {}
    for path, _tool in others(stock.paths, stock.read):
        try:
            draft = convert(path, stock.read(path), stock.paths, stock.read)
        except UsageError:
            continue
        found.update(dict.fromkeys(_facts(draft, path)))
    return list(found)


def _facts(draft: Draft, path: str) -> Iterator[Fact]:
    for file in draft.meaning:
        for template, name in _named(file):
            # A pattern may match translations, too: the source is what the whole configuration shows.
            if meaning(name) and fits(name, draft.source_locale):
                head = template.partition(PLACE)[0].rpartition("/")[0]
                yield Fact(f"{head}/" if head else "", name, path)


def _named(file: FileMeaning) -> list[tuple[str, str]]:
    """Return where a source has the name of its language, and the name."""
    if file.template is None:
        return [(template, name) for template, name in readings(file.source)[:1]]
    hit = template_regex(file.template).fullmatch(file.source) if PLACE in file.template else None
    return [(file.template, hit["locale"])] if hit else []
