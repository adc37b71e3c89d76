""".phrase.yml."""

from __future__ import annotations

import re
from itertools import chain

from l10nsync.discovery.draft import Draft, DraftResource
from l10nsync.discovery.ecosystem import ReadFile
from l10nsync.discovery.foreign.common import ForeignEntry, Keys, assembled, glob_regex, ours, plain_path
from l10nsync.discovery.foreign.data import source_locale, yaml_data
from l10nsync.discovery.names import service_id

_LOCALE = r"<locale_(?:name|code)>"


def convert(text: str, files: list[str], read: ReadFile) -> Draft:
    """Return the draft for a .phrase.yml: each source with the target that lies as it does."""
    top = Keys(yaml_data(text))
    data = top.below("phrase") if top.has("phrase") else top
    push, pull = data.below("push"), data.below("pull")
    sources, targets = push.each("sources"), pull.each("targets")
    places = [(plain_path(str(target.take("file"))), target) for target in targets]
    pairs = [(plain_path(str(source.take("file"))), source) for source in sources]
    guess = _language(pairs, files, read)
    entries = [
        _entry(number, path, params_row, places, guess) for number, (path, params_row) in enumerate(pairs, 1)
    ]
    left = list(chain.from_iterable(keys.left() for keys in (top, data, push, pull)))
    used = {
        place
        for place in chain.from_iterable([_target(path, places, guess)] for path, _each in pairs)
        if place
    }
    notes = ["TODO: check `locales`; Phrase keeps them in the project.", *left]
    for place, target_entry in places:
        notes += [f"TODO key: pull.targets: {place}: no source is pushed for it"] if place not in used else []
        notes += target_entry.left()
    return assembled(entries, files, Draft((), source_locale=service_id(guess), notes=tuple(notes)), read)


def _language(pairs: list[tuple[str, Keys]], files: list[str], read: ReadFile) -> str:
    for path, params_row in pairs:
        params = params_row.below("params")
        if params.has("locale_id") and re.fullmatch(r"[a-z]{2,3}([_-]\w+)?", str(params.take("locale_id"))):
            return str(params.take("locale_id"))
        if not re.search(_LOCALE, path):
            pattern = glob_regex(path)
            found = [file for file in files if pattern.fullmatch(file)] or [path]
            return source_locale(found, [], files, read)
    return source_locale([], [], files, read)


def _target(path: str, places: list[tuple[str, Keys]], own: str) -> str:
    """Return the target that belongs to the source PATH: the same but for its locale, or the only one."""
    for place, _each in places:
        filled = re.sub(_LOCALE, own, place)
        if path in {place, filled} or glob_regex(path).fullmatch(re.sub(r"<\w+>", "x", filled)):
            return place
    return places[0][0] if len(places) == 1 else ""


def _entry(number: int, path: str, data: Keys, places: list[tuple[str, Keys]], own: str) -> ForeignEntry:
    place = _target(path, places, own)
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
        f"files-{number}", tuple(ours(source)), target if is_known else None,
        notes=(*notes, *data.left(), *params.left()),
    )  # fmt: skip
    matched = glob_regex(source)

    def lies(_path: str) -> str | None:
        return target if is_known else None

    return ForeignEntry(resource, lambda path: matched.fullmatch(path) is not None, lies)
