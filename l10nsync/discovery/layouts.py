"""What belongs to the layouts of single platforms: directives, names, files that are never text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from l10nsync import formats
from l10nsync.discovery.file_groups import FileGroup
from l10nsync.discovery.inventory import Inventory
from l10nsync.discovery.names import meaning
from l10nsync.discovery.patterns import PathPair
from l10nsync.discovery.readings import PLACE, folder_name

_DULL = frozenset(
    [
        "src",
        "app",
        "main",
        "res",
        "locales",
        "locale",
        "i18n",
        "l10n",
        "lang",
        "langs",
        "languages",
        "values",
        "resources",
        "config",
        "po",
        "translations",
        "translation",
        "messages",
        "public",
        "static",
        "assets",
        "_locales",
        "lib",
        "intl",
        "content",
        "data",
        "resource",
        "metadata",
        "java",
        "kotlin",
        "shared",
        "common",
        "lc_messages",
        "default",
    ]
)
"""Folders that say nothing about what is in them."""
_DOMAINS = frozenset(["com", "org", "net", "io", "github", "edu", "gov"])
"""Parts with which packages of Java begin."""
_SPOKEN = frozenset(["i18n", "l10n", "lang", "langs", "locale", "locales", "messages", "translations"])
_PLAIN = {"markdown": "docs", "mdx": "docs", "javaProperties": "java", "phpResource": "php"}
NOT_TEXT = re.compile(
    r"(_url|/video|/copyright|category|_category)\.txt$|(^|/)(date-?time|number)-?formats/", re.IGNORECASE
)
"""Files of a store's listing that hold addresses and codes, and formats of dates and numbers."""


_TEXTS = frozenset({"message", "string", "translation"})
_NOTES = frozenset({"comment", "context", "description", "developer_comment", "note", "notes"})
"""Fields of a string in JSON, in the layouts that keep a note for the translator beside the text."""


def directives(path: str, kind: str, stock: Inventory) -> dict[str, str]:
    """Return the directives that the layout of a source needs, by its place and its content."""
    if kind not in {"json", "yaml"}:
        return {}
    # Without it the service knows strings of JSON by their texts alone, and takes no translation in.
    keys = {"source_key_paths": "{*}"} if kind == "json" else {}
    values = stock.values(path)
    if kind == "json" and _are_messages(path, values):
        return {"translate_paths": "*/message", "source_key_paths": "{*}/message"}
    if kind == "json" and any(key.endswith("/defaultMessage") for key in values):
        return {
            "translate_paths": "*/defaultMessage",
            "source_key_paths": "{*}/defaultMessage",
            "string_format": "icu",
        }
    if kind == "json" and (field := _text_field(values)):
        return {"translate_paths": f"*/{field}", "source_key_paths": f"{{*}}/{field}"}
    texts = "\n".join(values.values())
    if re.search(r"\{\s*\w+\s*,\s*(plural|select|selectordinal)\s*,", texts) or "+intl-icu." in path:
        return {**keys, "string_format": "icu"}
    if kind == "json" and re.search(r"\{\{[^{}]+\}\}", texts):
        return {**keys, "placeholder_format_custom": r"\{\{.+?\}\}"}
    return keys


def notes(path: str, kind: str, stock: Inventory) -> tuple[str, ...]:
    """Return what a person has to know of a layout that no directive can say."""
    if kind == "yaml" and _are_messages(path, stock.values(path)):
        return ("TODO: the descriptions are also sent: in YAML, no directive says which values are text",)
    return ()


def _are_messages(path: str, values: Mapping[str, str]) -> bool:
    """Whether JSON holds messages with descriptions, as browser extensions and Docusaurus have them."""
    fields = {key.rpartition("/")[2] for key in values}
    described = "description" in fields and fields <= {"message", "description", "content", "example"}
    return "message" in fields and (described or path.endswith("/messages.json"))


def _text_field(values: Mapping[str, str]) -> str:
    """Return the field of JSON that holds the text, where all others are notes about it; else nothing."""
    fields = {key.rpartition("/")[2] for key in values}
    texts = fields - _NOTES
    # A description beside a `text` may be for readers, too: it is a note beside a message alone.
    named = _TEXTS if "description" in fields else _TEXTS | {"text", "value"}
    is_noted = len(fields) > len(texts) == 1 and texts <= named and all(key.count("/") == 1 for key in values)
    return next(iter(texts)) if is_noted else ""


def is_open(group: FileGroup, source: str, kind: str) -> bool:
    """Whether every page beside a source is a source: some pages of a site are not translated yet."""
    kept = formats.TYPES[kind].keeps_keys
    return not kept and source == group.bare and PLACE in group.template.rpartition("/")[0]


def excluded(pairs: Sequence[PathPair]) -> tuple[str, ...]:
    """Return patterns of files that lie among PAIRS and hold no text."""
    if not any("metadata/" in pair.target for pair in pairs):
        return ()
    names = {pair.source.rpartition("/")[2] for pair in pairs if NOT_TEXT.search(pair.source)}
    return tuple(sorted(names))


def name_of(source: str, target: str, kind: str) -> str:
    """Return the name that a person would give: what the place says, else the platform."""
    folders = source.split("/")[:-1]
    spoken = [part.strip("_") for part in folders if part.lower() in _SPOKEN]
    telling = _telling(source)
    # Of a Java package the last part tells what it is: those before it are the maker's name.
    place = telling[-1:] if _DOMAINS.intersection(folders) else telling[:1]
    return _platform(source, target, kind) or next(iter([*place, *spoken]), _PLAIN.get(kind, kind))


def _platform(source: str, target: str, kind: str) -> str:
    """Return what the platform is called whose layout a resource has; empty if it has none of its own."""
    if re.search(r"\b(values|raw)-\{locale\}", target):
        return "android"
    if "_locales/" in target:
        return "extension"
    if "metadata/" in target and source.endswith(".txt"):
        return "store"
    return kind if kind in {"ios", "stringsdict", "xcstrings"} else ""


def _telling(source: str) -> list[str]:
    """Return the folders of SOURCE that say what is in them."""
    parts = [part for part in source.split("/")[:-1] if re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", part)]
    return [part for part in parts if part.lower() not in _DULL | _DOMAINS and not _is_locale(part)]


def _is_locale(folder: str) -> bool:
    return bool(meaning(folder_name(folder)[1])) or folder.endswith(".lproj")


def distinct(resources: Sequence[tuple[str, str]]) -> list[str]:
    """Return a name for each of RESOURCES (name and source): those of one name say where they are."""
    alike: dict[str, list[str]] = defaultdict(list)
    for name, source in resources:
        alike[name].append(source)
    return [_among(name, source, alike[name]) for name, source in resources]


def _among(name: str, source: str, sources: Sequence[str]) -> str:
    """Return NAME, with what no other of SOURCES has: a folder, a word of the file's name, or its ending."""
    others = [other for other in sources if other != source]
    shared = set(_telling(source)).intersection(*(_telling(other) for other in others))

    def folder(path: str) -> str:
        return next((part for part in _telling(path) if part not in shared), "")

    for feature in (folder, _word, _ending) if others else ():
        own = feature(source)
        if own not in map(feature, others):
            return f"{name}-{own}" if own and own != name else name
    return name


def _word(source: str) -> str:
    """Return what a file is called before any locale or wildcard; empty if it is called nothing."""
    found = re.match(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*", source.rpartition("/")[2])
    return found[0] if found and not meaning(found[0]) else ""


def _ending(source: str) -> str:
    ending = source.rpartition(".")[2]
    return ending if ending.isalnum() else ""
