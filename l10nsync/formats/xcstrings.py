"""Apple String Catalogs (`.xcstrings`): one JSON file for all locales; the source language is what is read.

A key without a text in the source language is its own text. Units stand for the source and are never
rewritten; `merge` puts the translations of one locale in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from l10nsync.errors import ContentError
from l10nsync.formats import json_strings
from l10nsync.formats.base import CATEGORIES, Coding, Directives, Document, Unit
from l10nsync.formats.coding import decode

CODING = Coding()
_OPEN = re.compile(r"\{\n\n *\}")
_EMPTY = re.compile(r'^(?P<indent> *)"(?:[^"\\]|\\.)*+" : \{\}', re.MULTILINE)


class Entry(NamedTuple):
    """One text of a localization."""

    key: str
    path: tuple[str, ...]
    """Names from the localization to its `stringUnit`; empty where that is at its top."""
    text: str
    plural: str = ""
    note: str = ""


def _load(text: str) -> dict[str, Any]:
    value = json_strings.read(text).value
    if not isinstance(value, dict) or not isinstance(value.get("strings"), dict):
        raise ContentError("not a String Catalog: no `strings` object", line=1, column=1)
    return value


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:  # noqa: ARG001 - see Parse
    """Read the source strings of a catalog; see `base.Parse`."""
    text, encoding, bom = decode(data, charset, CODING)
    value = _load(text)
    units = tuple(
        Unit(
            "/".join((entry.key, *_variation(entry))),
            entry.text,
            0,
            0,
            _nothing,
            entry.plural,
            entry.note,
            entry.key,
        )
        for entry in entries(value)
    )
    return Document(text, units, encoding, bom)


def _nothing(_text: str) -> str:
    return ""


def _variation(entry: Entry) -> tuple[str, ...]:
    """Return what tells texts of one key apart, the plural category aside."""
    path = entry.path[:-1] if entry.plural else entry.path
    return tuple(part for part in path if part not in {"variations", "plural", "device", "substitutions"})


def entries(value: dict[str, Any]) -> Iterator[Entry]:
    """Yield the texts of the source language, in the file's order."""
    source = str(value.get("sourceLanguage", "en"))
    for key, about in value["strings"].items():
        if not isinstance(about, dict) or about.get("shouldTranslate") is False:
            continue
        note = about.get("comment", "")
        localization = _object(about, "localizations").get(source)
        found = list(_texts(localization, ())) if isinstance(localization, dict) else []
        for path, text in found or [((), key)]:
            plural = path[-1] if path and path[-1] in CATEGORIES else ""
            yield Entry(key, path, text, plural, note if isinstance(note, str) else "")


def _object(holder: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the object with that name; an empty one where there is none."""
    if not isinstance(holder.get(name), dict):
        return {}
    found: dict[str, Any] = holder[name]
    return found


def _texts(node: dict[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if len(path) > 20:
        raise ContentError("not read: variations nested too deeply", line=1, column=1)
    unit = node.get("stringUnit")
    if isinstance(unit, dict) and isinstance(unit.get("value"), str):
        yield path, unit["value"]
    for name, child in node.items():
        if name != "stringUnit" and isinstance(child, dict):
            yield from _texts(child, (*path, name))


def merge(data: bytes, locale: str, texts: Callable[[Unit], str | None], charset: str | None = None) -> bytes:
    """Return the catalog with the texts of one locale put in; None leaves a text as it is."""
    text, encoding, bom = decode(data, charset, CODING)
    value = _load(text)
    before = json.dumps(value)
    document = parse(data, {}, charset)
    for entry, unit in zip(entries(_load(text)), document.units, strict=True):
        said = texts(unit)
        if said is not None:
            node = value["strings"][entry.key]
            for name in ("localizations", locale, *entry.path):
                node[name] = node = _object(node, name)
            node["stringUnit"] = {"state": "translated", "value": said}
    if json.dumps(value) == before:
        return data
    made = json.dumps(value, indent=2, ensure_ascii=False, separators=(",", " : "))
    if _OPEN.search(text):
        made = _EMPTY.sub(_opened, made)
    return bom + (made + ("\n" if text.endswith("\n") else "")).encode(encoding)


def alone(data: bytes, locale: str, charset: str | None = None) -> bytes:
    """Return a catalog whose source language is LOCALE, with nothing but what is translated into it.

    What is marked `new` is not: Xcode puts the source there.
    """
    text, encoding, bom = decode(data, charset, CODING)
    value = _load(text)
    kept = {}
    for key, about in value["strings"].items():
        known = _object(_object(about, "localizations"), locale) if isinstance(about, dict) else {}
        if any(_texts(done := _finished(known), ())):
            kept[key] = {**about, "localizations": {locale: done}}
    made = {**value, "sourceLanguage": locale, "strings": kept}
    return bom + json.dumps(made, ensure_ascii=False).encode(encoding)


def _finished(node: dict[str, Any]) -> dict[str, Any]:
    """Return a localization without the texts that nobody has translated yet."""
    return {
        name: _finished(child) if isinstance(child, dict) else child
        for name, child in node.items()
        if not (name == "stringUnit" and isinstance(child, dict) and child.get("state") == "new")
    }


def _opened(found: re.Match[str]) -> str:
    """Write an empty object as Xcode does, over three lines."""
    return f"{found[0][:-1]}\n\n{found['indent']}}}"
