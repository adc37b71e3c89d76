"""Tools that keep little in the repository: source and locales are taken, all else is named."""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain

from l10nsync.discovery.detect import detect
from l10nsync.discovery.draft import Draft, DraftResource, plain
from l10nsync.discovery.ecosystem import ReadFile
from l10nsync.discovery.foreign.common import ForeignEntry, Keys, assembled, plain_path, texts
from l10nsync.discovery.foreign.data import json_data, yaml_data
from l10nsync.discovery.inventory import take_stock
from l10nsync.discovery.names import service_id, service_ids


def lokalise(text: str, files: list[str], read: ReadFile) -> Draft:
    """Return the draft for a lokalise.yml."""
    return _found(Keys(yaml_data(text)), files, read, "Lokalise")


def tolgee(text: str, files: list[str], read: ReadFile) -> Draft:
    """Return the draft for a .tolgeerc."""
    data = Keys(json_data(text) if text.lstrip().startswith("{") else yaml_data(text))
    return _found(data, files, read, "Tolgee")


def weblate(text: str, files: list[str], read: ReadFile) -> Draft:
    """Return the draft for a .weblate."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read_string(text)
    sections = {name: dict(parser[name]) for name in parser.sections()}
    return _found(Keys(sections), files, read, "Weblate")


def _found(data: Keys, files: list[str], read: ReadFile, tool: str) -> Draft:
    draft = detect(take_stock(files, read))
    notes = (
        f"TODO: {tool} keeps files and locales in its project: these were found in the repository.",
        *data.left(),
    )
    return replace(draft, others=(), notes=(*draft.notes, *notes))


def _paths(settings: object) -> list[str]:
    """Return the places that a plugin of inlang says, one or several, with `{locale}`."""
    pattern = settings.get("pathPattern") if isinstance(settings, Mapping) else None
    listed = pattern.values() if isinstance(pattern, Mapping) else texts(pattern)
    return [plain_path(str(path).replace("{languageTag}", "{locale}")) for path in listed if path]


def inlang(text: str, files: list[str], read: ReadFile) -> Draft:
    """Return the draft for the settings of an inlang project."""
    data = Keys(json_data(text))
    data.take("$schema")
    own = str(
        data.take("baseLocale", "") or data.take("sourceLanguageTag", "") or data.take("sourceLocale", "en")
    )
    listed = data.take("locales", []) or data.take("languageTags", []) or data.take("targetLocales", [])
    names = service_ids(str(name) for name in listed if name != own)
    plugins = [data.take(key) for key in data.names() if key.startswith("plugin.")]
    places = list(chain.from_iterable(map(_paths, plugins)))
    if not places:
        draft = detect(take_stock(files, read), own)
        return replace(
            draft, others=(), locales={**draft.locales, **plain(names)}, notes=(*draft.notes, *data.left())
        )
    locales = {key: value[0] for key, value in names.items()}
    entries = [_entry(number, place, own, locales) for number, place in enumerate(places, 1)]
    return assembled(entries, files, Draft((), plain(names), service_id(own), notes=data.left()), read)


def _entry(number: int, place: str, own: str, names: Mapping[str, str]) -> ForeignEntry:
    source = place.replace("{locale}", own)
    return ForeignEntry(
        DraftResource(f"messages-{number}" if number > 1 else "messages", (source,), place),
        lambda path: path == source, lambda _path: place, names, are_all=True,
    )  # fmt: skip
