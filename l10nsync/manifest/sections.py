"""Reads the settings whose keys the model declares: a section of the manifest to a value of its class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from l10nsync.manifest import reading as read
from l10nsync.manifest.locale_lists import read_threshold
from l10nsync.manifest.tree import ManifestNode
from l10nsync.model.keys import KeyKind, ManifestKey, declared, spelled

_Settings = TypeVar("_Settings")


def read_section(settings: type[_Settings], node: ManifestNode, **own: Any) -> _Settings:
    """Return what NODE says, as a value of the class SETTINGS.

    OWN are fields that have a reader of their own, or are not keys. A key that is not given, or is of the
    wrong kind, has its default.
    """
    values = {
        entry.name: _READERS[key.kind](node.get(spelled(entry, key)), key)
        for entry, key in declared(settings)
        if entry.name not in own and key.kind in _READERS
    }
    return settings(**values, **own)


def _text(node: ManifestNode | None, key: ManifestKey) -> object:
    found = read.text(node)
    # What is sent may be empty: the service is to have none.
    is_given = found is not None if key.sent else bool(found)
    return found if is_given else key.default


def _flag(node: ManifestNode | None, key: ManifestKey) -> object:
    return read.flag(node, default=bool(key.default))


def _number(node: ManifestNode | None, key: ManifestKey) -> object:
    return read.number(node) if node is not None else key.default


def _choice(node: ManifestNode | None, key: ManifestKey) -> object:
    return read.one_of(node, key.default, key.options)


def _texts(node: ManifestNode | None, _key: ManifestKey) -> object:
    return read.texts(node)


def _values(node: ManifestNode | None, _key: ManifestKey) -> object:
    return MappingProxyType(read.values(node))


def _percent(node: ManifestNode | None, key: ManifestKey) -> object:
    return key.default if node is None else read_threshold(node, getattr(key.default, "percent", 0))


_READERS: Mapping[KeyKind, Callable[[ManifestNode | None, ManifestKey], object]] = {
    "text": _text,
    "flag": _flag,
    "number": _number,
    "choice": _choice,
    "texts": _texts,
    "one or more": _texts,
    "values": _values,
    "percent": _percent,
}
