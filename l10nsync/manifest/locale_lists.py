"""The `locales` of a manifest and of its resources, and what else names locales."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType

from l10nsync import locales
from l10nsync.manifest import reading as read
from l10nsync.manifest.problems import Problems, nearest
from l10nsync.manifest.reading import RULE_KEYS
from l10nsync.manifest.shared import DEFAULT_LOCALE, ManifestLocales
from l10nsync.manifest.tree import ManifestNode
from l10nsync.model import Place, Threshold


def read_locales(node: ManifestNode | None, problems: Problems) -> ManifestLocales:
    """Read a list of ids, or a mapping of ids to local names."""
    if node is None or node.kind == "text":
        return ManifestLocales({}, {})
    names: dict[str, tuple[str, ...]] = {}
    places: dict[str, Place] = {}
    for key, value in _spelled(node):
        check_id(key, problems)
        names[key.text] = local_names(value, problems) or (key.text,)
        places[key.text] = key.place if value is None or value.is_null else value.place
    explicit = frozenset(key.text for key, value in _spelled(node) if value and not value.is_null)
    return ManifestLocales(names, places, explicit)


def _spelled(node: ManifestNode) -> Iterator[tuple[ManifestNode, ManifestNode | None]]:
    if node.kind == "list":
        yield from ((item, None) for item in read.text_nodes(node))
    else:
        yield from node.entries.values()


def check_id(key: ManifestNode, problems: Problems) -> None:
    """Refuse what cannot be the id of a locale."""
    if not locales.valid_id(key.text):
        problems.add(
            "E114",
            key.place,
            f"`{key.text}` cannot be a locale id",
            note="not a locale id",
            help="The service's id comes first, such as `de-DE: de`.",
        )


def local_names(node: ManifestNode | None, problems: Problems) -> tuple[str, ...]:
    """Return what a locale is called in paths: one name, or several."""
    nodes = read.text_nodes(node)
    for item in nodes:
        if not locales.valid_local_name(item.text):
            problems.add(
                "E115",
                item.place,
                f"`{item.text}` cannot be a local name",
                note="not a valid part of a path",
                help="A local name is used in paths, such as `de` or `zh-Hans`.",
            )
    return tuple(node.text for node in nodes)


def resource_locales(
    node: ManifestNode | None, shared: ManifestLocales, problems: Problems
) -> ManifestLocales:
    """Return the locales of a resource: the shared ones, changed or replaced by its own `locales`."""
    if node is None or node.is_null:
        return replace(shared, explicit=frozenset())
    if node.kind == "map" and not read.is_choice(node):
        _check_misspelt_choice(node, shared, problems)
    if not read.is_choice(node):
        return read_locales(node, problems)
    return _chosen(node, shared, problems)


def _chosen(node: ManifestNode, shared: ManifestLocales, problems: Problems) -> ManifestLocales:
    own = read_locales(read.mapping(node.get("map")), problems)
    only = read.text_nodes(node.get("only"))
    dropped = read.text_nodes(node.get("except"))
    _check_choice(node, only, dropped, shared, problems)
    ids = [node.text for node in only] or list(shared.names)
    left_out = {node.text for node in dropped}
    kept = [code for code in dict.fromkeys(ids) if code not in left_out]
    # The resource's own spelling and place win over the manifest's.
    names = {code: own.names.get(code) or shared.names.get(code) or (code,) for code in kept}
    places = {**shared.places, **{node.text: node.place for node in only}, **own.places}
    return ManifestLocales(names, {code: places[code] for code in kept}, own.explicit & set(kept))


def _check_choice(
    node: ManifestNode,
    only: Sequence[ManifestNode],
    dropped: Sequence[ManifestNode],
    shared: ManifestLocales,
    problems: Problems,
) -> None:
    """Refuse ids in `only` that are none, and in `except` and `map` those that are not in this resource."""
    for id_node in only:
        check_id(id_node, problems)
    known = {*shared.names, *(id_node.text for id_node in only)}
    mapped = (entry.key for entry in read.mapping(node.get("map")).entries.values())
    for item in (*dropped, *mapped):
        check_known_locale(item, known, problems)


def check_known_locale(node: ManifestNode, known: Iterable[str], problems: Problems) -> None:
    """Refuse a locale that is not among those KNOWN."""
    if node.text in known:
        return
    near = nearest(node.text, known)
    problems.add(
        "E121",
        node.place,
        f"`{node.text}` is not among the locales",
        help=f"Did you mean `{near}`?" if near else "Name it under `locales:` first.",
    )


def _check_misspelt_choice(node: ManifestNode, shared: ManifestLocales, problems: Problems) -> None:
    """Refuse `onyl: [de]`, which would else be a locale of that name."""
    for key, entry in node.entries.items():
        near = nearest(key, RULE_KEYS)
        odd = key not in shared.names and not locales.looks_like_locale(key)
        if near and odd and "-" not in key:
            problems.add("E103", entry.key.place, f"unknown key `{key}`", help=f"Did you mean `{near}`?")


def read_threshold(node: ManifestNode | None, usual: int = 0) -> Threshold:
    """Return a percentage, or a mapping of locales to percentages with `default` for all others."""
    entries = read.mapping(node).entries
    percents = {locale: read.number(entry.value) or 0 for locale, entry in entries.items()}
    others = percents.pop(DEFAULT_LOCALE, usual if percents else 0)
    return Threshold(read.number(node) or others, MappingProxyType(percents))
