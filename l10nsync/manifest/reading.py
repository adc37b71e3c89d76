"""Reads values out of nodes: each function takes what has the right kind and passes over the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from l10nsync.manifest.tree import ManifestNode, MappingItem
from l10nsync.model import Place

RULE_KEYS = ("only", "except", "map")
"""What a choice among the shared locales consists of."""
NO_PLACE = Place("")
EMPTY_MAP = ManifestNode("map", NO_PLACE)
_Value = TypeVar("_Value")


def text(node: ManifestNode | None) -> str | None:
    """Return a text; None for another kind of node, and for `null`."""
    return node.text if node is not None and node.kind == "text" and not node.is_null else None


def flag(node: ManifestNode | None, default: bool) -> bool:
    """Return a truth value."""
    return {"true": True, "false": False}.get(text(node) or "", default)


def number(node: ManifestNode | None) -> int | None:
    """Return a whole number."""
    digits = text(node) or ""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


def one_of(node: ManifestNode | None, default: _Value, allowed: Iterable[_Value]) -> _Value:
    """Return which of the words ALLOWED it is."""
    name = text(node)
    return next((value for value in allowed if value == name), default)


def mapping(node: ManifestNode | None) -> ManifestNode:
    """Return a mapping; an empty one in the place of anything else."""
    return node if node is not None and node.kind == "map" else EMPTY_MAP


def items(node: ManifestNode | None) -> tuple[ManifestNode, ...]:
    """Return the nodes of a list."""
    return node.items if node is not None and node.kind == "list" else ()


def text_nodes(node: ManifestNode | None) -> tuple[ManifestNode, ...]:
    """Return the texts of a list, or the text that stands for a list of one."""
    if node is None:
        return ()
    return tuple(item for item in (node, *node.items) if text(item))


def texts(node: ManifestNode | None) -> tuple[str, ...]:
    """Return the texts of a list, or the one that stands for it."""
    return tuple(item.text for item in text_nodes(node))


def values(node: ManifestNode | None) -> dict[str, str]:
    """Return the texts of a mapping by their keys."""
    return {key: value for key, entry in mapping(node).entries.items() if (value := text(entry.value))}


def join(base: ManifestNode, over: ManifestNode) -> ManifestNode:
    """Return OVER laid over BASE: mappings key by key, anything else replaces."""
    if base.kind != "map" or over.kind != "map":
        return over
    entries = dict(base.entries)
    for key, entry in over.entries.items():
        old = entries.get(key)
        value = _join_value(key, old.value, entry.value) if old else entry.value
        entries[key] = MappingItem(entry.key, value)
    return replace(over, entries=entries)


def _join_value(key: str, base: ManifestNode, over: ManifestNode) -> ManifestNode:
    """Join two values of KEY; of `locales` only two choices (`only`, `except`, `map`) can be joined."""
    if key == "locales" and not (is_choice(base) and is_choice(over)):
        return over
    return join(base, over)


def is_choice(node: ManifestNode) -> bool:
    """Whether `locales` of a resource chooses among the shared ones."""
    return node.kind == "map" and any(key in node.entries for key in RULE_KEYS)
