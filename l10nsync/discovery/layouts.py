"""What belongs to the layouts of single platforms: directives, names, files that are never text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from l10nsync import formats
from l10nsync.discovery.groups import FileGroup
from l10nsync.discovery.inventory import Inventory
from l10nsync.discovery.names import meaning
from l10nsync.discovery.patterns import PathPair
from l10nsync.discovery.readings import PLACE

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
_SPOKEN = frozenset(["i18n", "l10n", "lang", "langs", "locale", "locales", "messages", "translations"])
_PLAIN = {"markdown": "docs", "mdx": "docs", "javaProperties": "java", "phpResource": "php"}
NOT_TEXT = re.compile(r"(_url|/video|/copyright|category|_category)\.txt$")
"""Files of a store's listing that hold addresses and codes."""


def directives(path: str, kind: str, stock: Inventory) -> dict[str, str]:
    """Return the directives that the layout of a source needs, told by its place and its content."""
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
    texts = "\n".join(values.values())
    if re.search(r"\{\s*\w+\s*,\s*(plural|select|selectordinal)\s*,", texts) or "+intl-icu." in path:
        return {**keys, "string_format": "icu"}
    if kind == "json" and re.search(r"\{\{[^{}]+\}\}", texts):
        return {**keys, "placeholder_format_custom": r"\{\{.+?\}\}"}
    return keys


def _are_messages(path: str, values: Mapping[str, str]) -> bool:
    """Whether JSON holds messages with descriptions, as browser extensions and Docusaurus have them."""
    fields = {key.rpartition("/")[2] for key in values}
    described = "description" in fields and fields <= {"message", "description", "content", "example"}
    return "message" in fields and (described or path.endswith("/messages.json"))


def is_open(group: FileGroup, source: str, kind: str) -> bool:
    """Whether every page beside a source is a source: a site's pages, of which not all are translated yet."""
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
    if "values-{locale}" in target:
        platform = "android"
    elif "_locales/" in target:
        platform = "extension"
    elif "metadata/" in target and source.endswith(".txt"):
        platform = "store"
    elif kind in {"ios", "stringsdict", "xcstrings"}:
        platform = "ios" if kind == "ios" else kind
    else:
        platform = ""
    parts = [part for part in source.split("/")[:-1] if re.fullmatch(r"[A-Za-z0-9_-]+", part)]
    telling = [part for part in parts if part.lower() not in _DULL and not meaning(part)]
    spoken = [part.strip("_") for part in parts if part.lower() in _SPOKEN]
    return platform or next(iter([*telling, *spoken]), _PLAIN.get(kind, kind))
