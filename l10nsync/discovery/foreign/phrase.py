""".phrase.yml."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from itertools import chain

from l10nsync.discovery.draft import Draft, DraftResource
from l10nsync.discovery.ecosystem import ReadFile
from l10nsync.discovery.file_groups import best_name
from l10nsync.discovery.foreign.common import (
    ForeignEntry,
    Keys,
    assembled,
    glob_regex,
    names_at,
    ours,
    plain_path,
)
from l10nsync.discovery.foreign.data import source_locale, yaml_data
from l10nsync.discovery.names import service_id
from l10nsync.discovery.readings import PLACE, nameless, readings

_LOCALE = r"<locale_(?:name|code)>"


def convert(text: str, files: list[str], read: ReadFile) -> Draft:
    """Return the draft for a .phrase.yml: each source with the targets that lie as it does."""
    top = Keys(yaml_data(text))
    root = next((key for key in ("phrase", "phraseapp") if top.has(key)), "")
    data = top.below(root) if root else top
    push, pull = data.below("push"), data.below("pull")
    pairs, places = _by_path(push.each("sources")), _by_path(pull.each("targets"))
    own = _language(pairs, files, read)
    entries, notes = _converted(pairs, [path for path, _keys in places], own, files)
    others = (keys for _path, keys in places)
    left = chain.from_iterable(keys.left() for keys in (top, data, push, pull, *others))
    notes = ["TODO: check `locales`; Phrase keeps them in the project.", *notes, *left]
    draft = Draft((), source_locale=service_id(own), notes=tuple(notes))
    return assembled(entries, files, draft, read)


def _converted(
    pairs: list[tuple[str, Keys]], places: list[str], own: str, files: list[str]
) -> tuple[list[ForeignEntry], list[str]]:
    """Return entries for the PAIRS that are pushed and the PLACES that are pulled, and notes for people."""
    shapes = _by_language(places)
    targets = list(dict.fromkeys(shapes.get(path, path) for path in places))
    translations = {path for path, _keys in pairs if _is_translation(path, shapes, own)}
    pushed = [(path, keys) for path, keys in pairs if path not in translations]
    entries = chain.from_iterable(_entries(path, keys, targets, own) for path, keys in pushed)
    used = set(chain.from_iterable(_targets(path, targets, own) for path, _keys in pushed))
    pulled, lost = _pulled_alone([target for target in targets if target not in used], own, files)
    translated = (_of_translation(path, keys) for path, keys in pairs if path in translations)
    numbered = [entry.numbered(number) for number, entry in enumerate([*entries, *pulled], 1)]
    return numbered, [*chain.from_iterable(translated), *lost]


def _is_translation(path: str, shapes: Mapping[str, str], own: str) -> bool:
    """Whether a path that is pushed is one of several that differ by their languages, and not OWN's."""
    return path in shapes and path != re.sub(_LOCALE, own, shapes[path])


def _pulled_alone(targets: list[str], own: str, files: list[str]) -> tuple[list[ForeignEntry], list[str]]:
    """Return entries for TARGETS that nothing is pushed for, and a note for each without a source here."""
    found = {target: _unpushed(target, own, files) for target in targets}
    lost = [
        f"TODO key: pull.targets: {target}: no source is pushed for it"
        for target in targets
        if not found[target]
    ]
    return [_pulled(target, source) for target, source in found.items() if source], lost


def _of_translation(path: str, keys: Keys) -> list[str]:
    return [f"{path} is a translation, not a source: `l10nsync import` takes it over", *keys.left()]


def _entries(path: str, keys: Keys, targets: list[str], own: str) -> list[ForeignEntry]:
    """Return an entry for a source, or for each of several targets that it has."""
    mine = _targets(path, targets, own)
    return [_entry(place, keys, mine, own) for place in (mine if len(mine) > 1 else [path])]


def _by_path(listed: list[Keys]) -> list[tuple[str, Keys]]:
    """Return what is listed by the path of its file; a tag stands for any part of a name."""
    return [(plain_path(str(keys.take("file"))).replace("<tag>", "*"), keys) for keys in listed]


def _by_language(paths: list[str]) -> dict[str, str]:
    """Return the path with `<locale_name>` for each of PATHS that has fellows in other languages."""
    named = list(chain.from_iterable(_named(path) for path in paths if not re.search(_LOCALE, path)))
    counted = Counter(template for template, _path in named)
    return {
        path: template.replace(PLACE, "<locale_name>") for template, path in named if counted[template] > 1
    }


def _named(path: str) -> list[tuple[str, str]]:
    return [(template, path) for template, _name in readings(path)[:1]]


def _language(pairs: list[tuple[str, Keys]], files: list[str], read: ReadFile) -> str:
    for path, params_row in pairs:
        params = params_row.below("params")
        if params.has("locale_id") and re.fullmatch(r"[a-z]{2,3}([_-]\w+)?", str(params.take("locale_id"))):
            return str(params.take("locale_id"))
        if not re.search(_LOCALE, path):
            pattern = glob_regex(path)
            found = [file for file in files if pattern.fullmatch(file)] or [path]
            return source_locale(found, [], files, read)
        here = sorted(names_at([re.sub(_LOCALE, PLACE, path)], files))
        own = source_locale([], [], files, read)
        return best_name(here, own) or own
    return source_locale([], [], files, read)


def _targets(path: str, targets: list[str], own: str) -> list[str]:
    """Return the targets that belong to the source PATH: the same but for their locale, or the only one."""
    here = re.sub(_LOCALE, own, path)
    filled = {target: re.sub(r"<\w+>", "x", re.sub(_LOCALE, own, target)) for target in targets}
    found = [
        target
        for target, text in filled.items()
        if path == target or here == text or glob_regex(here).fullmatch(text)
    ]
    return found or (targets if len(targets) == 1 else [])


def _unpushed(place: str, own: str, files: list[str]) -> str:
    """Return the source of a target that nothing is pushed for; empty if its file is not here."""
    target = re.sub(_LOCALE, PLACE, place)
    sources = [*nameless(target), target.replace(PLACE, own)]
    return next((path for path in sources if path in files), "")


def _pulled(place: str, source: str) -> ForeignEntry:
    target = re.sub(_LOCALE, PLACE, place)
    note = f"TODO: the old file pulls {place} and pushes no source for it: is {source} its source?"
    resource = DraftResource("files", (re.sub(r"([\\*?\[])", r"\\\1", source),), target, notes=(note,))
    return ForeignEntry(resource, lambda path: path == source, lambda _path: target)


def _entry(path: str, data: Keys, targets: list[str], own: str) -> ForeignEntry:
    place = path if path in targets else next(iter(targets), "")
    source = re.sub(_LOCALE, own, path)
    target = re.sub(_LOCALE, "{locale}", place)
    unknown = re.findall(r"<\w+>", f"{source}{target}")
    params = data.below("params")
    params.take("locale_id")
    notes = (
        [f"TODO: write as a target: {place or 'no file of `pull` belongs to it'}"]
        if unknown or not place
        else []
    )
    is_known = bool(place) and not unknown
    resource = DraftResource(
        "files", tuple(ours(source)), target if is_known else None,
        notes=(*notes, *data.left(), *params.left()),
    )  # fmt: skip
    matched = glob_regex(source)

    def lies(_path: str) -> str | None:
        return target if is_known else None

    return ForeignEntry(resource, lambda path: matched.fullmatch(path) is not None, lies)
