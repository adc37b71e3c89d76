"""Apple String Catalogs (`.xcstrings`): one JSON file for all locales; the source language is what is read.

A key without a text in the source language is its own text. Units stand for the source and are never
rewritten; translations go in by splicing, so that what they do not touch keeps its bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

from l10nsync.errors import ContentError
from l10nsync.formats import json_strings
from l10nsync.formats.coding import LineNumbers, decode
from l10nsync.formats.documents import CATEGORIES, Coding, Directives, Document, Unit
from l10nsync.formats.json_strings import JsonNode

CODING = Coding()
_INDENT = re.compile(r"\{\s*?\n([ \t]+)\"")
_COLON = re.compile(r'"(\s*:\s*)["{\[]')
_EMPTY = re.compile(r"\{\}")
_WRAPPERS = frozenset({"variations", "plural", "device", "substitutions"})


class CatalogText(NamedTuple):
    """One text of a localization."""

    key: str
    path: tuple[str, ...]
    """Names from the localization to its `stringUnit`; empty where that is at its top."""
    text: str
    plural: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        """The key with what distinguishes its texts, except the plural category."""
        path = self.path[:-1] if self.plural else self.path
        return "/".join((self.key, *(part for part in path if part not in _WRAPPERS)))


def _load(text: str) -> dict[str, Any]:
    value = json_strings.read(text).value
    if not isinstance(value, dict) or not isinstance(value.get("strings"), dict):
        raise ContentError("not a String Catalog: no `strings` object", line=1, column=1)
    return value


def parse(data: bytes, directives: Directives, charset: str | None) -> Document:  # noqa: ARG001 - see Parse
    """Read the source strings of a catalog; see `documents.Parse`."""
    text, encoding, bom = decode(data, charset, CODING)
    value = _load(text)
    found = tuple(entries(value))
    units = tuple(
        Unit(entry.name, entry.text, 0, 0, _nothing, entry.plural, entry.note, entry.key) for entry in found
    )
    return Document(text, units, encoding, bom, starts=partial(_starts, text, _source_of(value), found))


def _starts(text: str, source: str, found: Sequence[CatalogText]) -> list[int]:
    """Return where the text of each entry begins: at its key where the source language has none."""
    strings = json_strings.nodes(text).members["strings"].members
    starts: list[int] = []
    for entry in found:
        holder = strings[entry.key]
        place = holder.name
        for name in ("localizations", source, *entry.path, "stringUnit", "value"):
            member = holder.members.get(name)
            if member is None:
                break
            holder = member
        else:
            place = holder.start + 1
        starts.append(place)
    return starts


def _nothing(_text: str) -> str:
    return ""


def localizations(data: bytes, charset: str | None) -> dict[str, Document]:
    """Return what a catalog holds for each locale but the source's, with the lines of the keys."""
    text, encoding, bom = decode(data, charset, CODING)
    value = _load(text)
    source = _source_of(value)
    strings = json_strings.nodes(text).members["strings"]
    lines, places = LineNumbers(text), {}
    for key, node in strings.members.items():
        places[key] = lines.at(node.start)
    units: dict[str, list[Unit]] = {}
    for key, about in value["strings"].items():
        if not isinstance(about, dict) or about.get("shouldTranslate") is False:
            continue
        for locale, node in _object(about, "localizations").items():
            if locale != source and isinstance(node, dict):
                units.setdefault(locale, []).extend(
                    Unit(entry.name, entry.text, 0, 0, _nothing, entry.plural, line=places.get(key, 0))
                    for entry in _entries_of(key, node)
                )
    return {locale: Document(text, tuple(unit), encoding, bom) for locale, unit in units.items()}


def _source_of(value: dict[str, Any]) -> str:
    return str(value.get("sourceLanguage", "en"))


def entries(value: dict[str, Any]) -> Iterator[CatalogText]:
    """Yield the texts of the source language, in the file's order."""
    source = _source_of(value)
    for key, about in value["strings"].items():
        if not isinstance(about, dict) or about.get("shouldTranslate") is False:
            continue
        comment = about.get("comment", "")
        note = comment if isinstance(comment, str) else ""
        localization = _object(about, "localizations").get(source)
        found = list(_entries_of(key, localization)) if isinstance(localization, dict) else []
        yield from (entry._replace(note=note) for entry in found or [CatalogText(key, (), key)])


def _entries_of(key: str, localization: dict[str, Any]) -> Iterator[CatalogText]:
    for path, text in _texts(localization, ()):
        plural = path[-1] if path and path[-1] in CATEGORIES else ""
        yield CatalogText(key, path, text, plural)


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


# --- putting translations in ---------------------------------------------------------------------------


def merge(data: bytes, locale: str, texts: Callable[[Unit], str | None], charset: str | None = None) -> bytes:
    """Return the catalog with the texts of one locale put in; None leaves a text as it is."""
    text, _encoding, _bom = decode(data, charset, CODING)
    value = _load(text)
    document = parse(data, {}, charset)
    made: dict[str, dict[str, Any]] = {}
    for entry, unit in zip(entries(value), document.units, strict=True):
        translation = texts(unit)
        if translation is not None:
            before = _object(_object(value["strings"][entry.key], "localizations"), locale)
            node = made.setdefault(entry.key, json.loads(json.dumps(before)))
            for name in entry.path:
                node[name] = node = _object(node, name)
            node["stringUnit"] = {"state": "translated", "value": translation}
    return _spliced(data, {key: {locale: node} for key, node in made.items()}, charset)


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


def join(delivered: bytes, model: bytes, charset: str | None = None, published: bool = True) -> bytes:
    """Return MODEL with the translations of a delivered catalog.

    Its keys, its source texts and its own translations of what was not delivered stay. PUBLISHED: a text that
    arrives is no longer `new` or to be reviewed; else its state is that of the text it replaces.
    """
    theirs = _load(decode(delivered, charset, CODING).text)
    ours = _load(decode(model, charset, CODING).text)
    source = _source_of(ours)
    wanted: dict[str, dict[str, Any]] = {}
    for key, about in ours["strings"].items():
        sent = theirs["strings"].get(key)
        if isinstance(about, dict) and isinstance(sent, dict) and about.get("shouldTranslate") is not False:
            own = _object(about, "localizations")
            new = _object(sent, "localizations")
            texts = {text for _path, text in _texts(_object(new, source), ())} or {key}
            stated = {
                locale: _stated(node, _object(own, locale), texts, published=published)
                for locale, node in new.items()
                if locale != source and isinstance(node, dict)
            }
            wanted[key] = {locale: node for locale, node in stated.items() if own.get(locale) != node}
    return _spliced(model, wanted, charset)


_OPEN = frozenset({"new", "needs_review"})


def _stated(
    node: dict[str, Any], own: dict[str, Any], source: Collection[str], *, published: bool
) -> dict[str, Any]:
    """Return a delivered localization with the states that its texts get; OWN is the present one."""
    made = {
        name: _stated(child, _object(own, name), source, published=published)
        if isinstance(child, dict)
        else child
        for name, child in node.items()
        if name != "stringUnit"
    }
    unit, here = node.get("stringUnit"), _object(own, "stringUnit")
    if not isinstance(unit, dict):
        return made if "stringUnit" not in node else node
    state = _state(unit, here, source, published=published)
    stated = {**unit, "state": state} if state else unit
    return {name: stated if name == "stringUnit" else made[name] for name in node}


def _state(
    unit: dict[str, Any], here: dict[str, Any], source: Collection[str], *, published: bool
) -> str | None:
    """Return the state of a delivered text; HERE is what the file has at its place."""
    state, own_state = unit.get("state"), here.get("state")
    if unit.get("value") in source:
        return own_state or state
    if not published:
        return own_state if own_state in _OPEN else state
    if state not in _OPEN:
        return state
    # A service that sends back what the file had has not translated it.
    return own_state if unit.get("value") == here.get("value") and own_state else "translated"


def rename(
    data: bytes, names: Mapping[str, tuple[str, ...]], charset: str | None = None, delivered: bool = False
) -> bytes:
    """Return a catalog whose localizations have the names given for the service's ids.

    A localization that already has its name wins over one under an id, unless the file is what the service
    DELIVERED: then the one under the name came with the upload. Everything else keeps its bytes.
    """
    text, encoding, bom = decode(data, charset, CODING)
    value = _load(text)
    write = _Writer(text)
    wanted = {_folded(locale): own for locale, own in names.items()}
    kept = set(chain.from_iterable(names.values()))
    source = _source_of(value)
    edits: list[tuple[int, int, str]] = []
    for key, node in json_strings.nodes(text).members["strings"].members.items():
        about = value["strings"][key]
        own = _object(about, "localizations") if isinstance(about, dict) else {}
        ids = [locale for locale in own if locale not in kept and locale != source]
        names_of = {locale: wanted[_folded(locale)] for locale in ids if _folded(locale) in wanted}
        moved = _moved(own, names_of, delivered=delivered)
        if moved:
            edits += write.moves(node.members["localizations"], moved)
    return Document(text, (), encoding, bom).splice(edits) if edits else data


def _moved(
    own: Mapping[str, Any], names_of: Mapping[str, tuple[str, ...]], *, delivered: bool
) -> dict[str, list[str]]:
    """Return the names that localizations get: none for one that goes."""
    moved = {
        locale: [name for name in names if delivered or name not in own] for locale, names in names_of.items()
    }
    replaced = chain.from_iterable(moved.values()) if delivered else ()
    return moved | {name: [] for name in replaced if name in own}


def _folded(locale: str) -> str:
    return locale.replace("_", "-").lower()


def omit(data: bytes, keys: Mapping[str, frozenset[str]], charset: str | None = None) -> bytes:
    """Return a catalog without the localizations that hold a text of KEYS (by locale); only for `join`."""
    text, encoding, bom = decode(data, charset, CODING)
    value = _load(text)
    for key, about in value["strings"].items():
        own = _object(about, "localizations") if isinstance(about, dict) else {}
        for locale in [*own]:
            names = {entry.name for entry in _entries_of(key, _object(own, locale))}
            if names & keys.get(locale, frozenset()):
                del own[locale]
    return bom + json.dumps(value, ensure_ascii=False).encode(encoding)


def _spliced(data: bytes, wanted: Mapping[str, Mapping[str, Any]], charset: str | None) -> bytes:
    """Return the catalog with localizations set: by key, then by locale."""
    text, encoding, bom = decode(data, charset, CODING)
    value = _load(text)
    write = _Writer(text)
    strings = json_strings.nodes(text).members["strings"]
    edits: list[tuple[int, int, str]] = []
    for key, by_locale in wanted.items():
        own = _object(value["strings"][key], "localizations")
        new = {locale: node for locale, node in by_locale.items() if own.get(locale) != node}
        if new:
            edits += write.edits(strings.members[key], value["strings"][key], new)
    return Document(text, (), encoding, bom).splice(edits) if edits else data


class _Writer:
    """Writes JSON as a file does: its indentation, its colons, its line ends, its way with empty objects."""

    def __init__(self, text: str) -> None:
        self.text = text
        found, colon = _INDENT.search(text), _COLON.search(text)
        self.indent = found[1] if found else None
        self.colon = colon[1] if colon else " : "
        self.end = "\r\n" if "\r\n" in text else "\n"

    def edits(
        self, entry: JsonNode, value: dict[str, Any], new: Mapping[str, Any]
    ) -> list[tuple[int, int, str]]:
        """Return what puts localizations into one entry, each at its place by name."""
        holder = entry.members.get("localizations")
        if holder is None or holder.kind != "{" or not holder.members:
            whole = {**value, "localizations": dict(sorted(new.items()))}
            return [(entry.start, entry.end, self.value(dict(sorted(whole.items())), 2))]
        found: list[tuple[int, int, str]] = []
        inserted: dict[int, list[str]] = {}
        for locale, node in sorted(new.items()):
            here = holder.members.get(locale)
            raw = self.value(node, 4)
            if here is not None:
                found.append((here.start, here.end, raw))
                continue
            before = [member for name, member in holder.members.items() if name < locale]
            place = max((member.end for member in before), default=holder.start + 1)
            inserted.setdefault(place, []).append(f"{json.dumps(locale)}{self.colon}{raw}")
        first = holder.start + 1
        for place, members in inserted.items():
            parts = [f"{self._break(4)}{member}" for member in members]
            joined = f"{','.join(parts)}," if place == first else f",{','.join(parts)}"
            found.append((place, place, joined))
        return found

    def moves(self, holder: JsonNode, moved: Mapping[str, Sequence[str]]) -> Iterator[tuple[int, int, str]]:
        """Yield what gives localizations other names, none or several."""
        spans: list[tuple[int, int]] = []
        for locale, node in holder.members.items():
            begin = self.text.rindex(json.dumps(locale), holder.start, node.start)
            names = moved.get(locale)
            if names:
                raw = self.text[begin + len(json.dumps(locale)) : node.end]
                yield begin, node.end, f",{self._break(4)}".join(f"{json.dumps(name)}{raw}" for name in names)
            elif names is not None:
                spans.append((begin, node.end))
        for begin, end in spans:  # what goes takes a comma along: the one before it, or else the one after it
            before = self.text[:begin].rstrip()
            rest = self.text[end:]
            after = rest[: len(rest) - len(rest.lstrip())] + "," if rest.lstrip().startswith(",") else ""
            if before.endswith(","):
                yield len(before) - 1, end, ""
            else:
                yield len(before), end + len(after), ""

    def _break(self, depth: int) -> str:
        return "" if self.indent is None else f"{self.end}{self.indent * depth}"

    def value(self, value: object, depth: int) -> str:
        """Return a value that begins at a depth of so many indentations."""
        if isinstance(value, dict) and value:
            members = [
                f"{self._break(depth + 1)}{json.dumps(name, ensure_ascii=False)}{self.colon}"
                f"{self.value(member, depth + 1)}"
                for name, member in value.items()
            ]
            return f"{{{','.join(members)}{self._break(depth)}}}"
        if isinstance(value, list) and value:
            items = [f"{self._break(depth + 1)}{self.value(member, depth + 1)}" for member in value]
            return f"[{','.join(items)}{self._break(depth)}]"
        return json_strings.written(value)
