"""The `gates` of a manifest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fnmatch import fnmatchcase
from itertools import chain

from l10nsync import paths
from l10nsync.manifest import reading as read
from l10nsync.manifest.locale_lists import check_known_locale
from l10nsync.manifest.problems import Problems, nearest
from l10nsync.manifest.sections import read_section
from l10nsync.manifest.shared import DEFAULT_LOCALE, ManifestContext
from l10nsync.manifest.tree import ManifestNode, MappingItem
from l10nsync.model import Gate, Resource, Waiver


def read_gate(entry: MappingItem, resources: Sequence[Resource], context: ManifestContext) -> Gate:
    """Return a gate, holding what it names against the resources and their locales."""
    node, name = read.mapping(entry.value), entry.key.text
    known = set(chain.from_iterable(resource.locales.names for resource in resources))
    for locale_node in read.text_nodes(node.get("locales")):
        check_known_locale(locale_node, known, context.problems)
    for resource_node in read.text_nodes(node.get("resources")):
        check_known_resource(resource_node, resources, context.problems)
    complete = node.get("complete")
    for threshold in read.mapping(complete).entries.values():
        check_known_locale(threshold.key, known | {DEFAULT_LOCALE}, context.problems)
    return read_section(
        Gate,
        node,
        name=name,
        baseline=_baseline(node.get("baseline"), context.problems),
        allow=tuple(
            _waiver(read.mapping(waiver), known, resources, context)
            for waiver in read.items(node.get("allow"))
        ),
    )


def _baseline(node: ManifestNode | None, problems: Problems) -> str:
    path = read.text(node) or ""
    why = paths.unsafe(path) if path else None
    if node is not None and why:
        problems.add(
            "E106", node.place, f"`{path}` cannot be written: {why}", help="Name a file beside the manifest."
        )
    return path


def _waiver(
    node: ManifestNode, known: Iterable[str], resources: Sequence[Resource], context: ManifestContext
) -> Waiver:
    locale, resource, until = node.get("locale"), node.get("resource"), node.get("until")
    if locale is not None and read.text(locale):
        check_known_locale(locale, known, context.problems)
    if resource is not None and read.text(resource):
        check_known_resource(resource, resources, context.problems)
    if until is not None and read.text(until):
        try:
            date.fromisoformat(until.text)
        except ValueError:
            context.problems.add(
                "E106", until.place, f"`{until.text}` is not a date", help="Write `2026-12-31`."
            )
    return read_section(Waiver, node, place=node.place)


def check_known_resource(node: ManifestNode, resources: Sequence[Resource], problems: Problems) -> None:
    """Refuse a name or glob that fits no resource."""
    names = [resource.name for resource in resources]
    if any(fnmatchcase(name, node.text) for name in names):
        return
    near = nearest(node.text, names)
    help_ = f"Did you mean `{near}`?" if near else f"There are: {', '.join(names)}."
    problems.add("E106", node.place, f"there is no resource `{node.text}`", help=help_)
