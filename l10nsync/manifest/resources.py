"""The `resources` of a manifest, each with the defaults under it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from l10nsync.manifest import reading as read
from l10nsync.manifest.locale_lists import local_names, resource_locales
from l10nsync.manifest.resource_checks import check_resource
from l10nsync.manifest.sections import read_section
from l10nsync.manifest.shared import DEFAULT_PROJECT, ManifestContext, ManifestLocales
from l10nsync.manifest.tree import ManifestNode
from l10nsync.manifest.validate import untyped
from l10nsync.model import JobSettings, LocaleRule, Place, PullSettings, Resource


def read_resource(entry: ManifestNode, context: ManifestContext) -> Resource:
    """Return what a node of `resources` says, with the defaults under it."""
    if entry.kind != "map":
        return Resource("", DEFAULT_PROJECT, (), None, place=entry.place)
    node = read.join(context.defaults, entry)
    project = read.text(node.get("project")) or DEFAULT_PROJECT
    own = resource_locales(node.get("locales"), context.locales, context.problems)
    job = _job_node(node, project, context.root)
    sources = read.texts(node.get("source"))
    resource = read_section(
        Resource,
        node,
        name=read.text(node.get("name")) or (sources[0] if sources else ""),
        project=project,
        directives=MappingProxyType(_directives(node.get("directives"))),
        locales=LocaleRule(MappingProxyType(dict(own.names)), own.explicit),
        copies=local_names(node.get("copies"), context.problems),
        pull=read_section(PullSettings, read.mapping(node.get("pull"))),
        rules=MappingProxyType(_rules(node.get("rules"))),
        job=read_section(JobSettings, job),
        place=entry.place,
        places=MappingProxyType(_places(node, job, own, context)),
    )
    check_resource(resource, entry, node, job, own, context)
    return resource


def _job_node(node: ManifestNode, project: str, root: ManifestNode) -> ManifestNode:
    """Return the job settings that hold: the top's, the defaults', the project's, the resource's own."""
    named = read.mapping(read.mapping(root.get("projects")).get(project))
    layers = (root, read.mapping(root.get("defaults")), named)
    joined = read.EMPTY_MAP
    for layer in layers:
        joined = read.join(joined, read.mapping(layer.get("job")))
    # NODE already has the defaults in it: what it says otherwise than they do is its own
    defaults = read.mapping(read.mapping(root.get("defaults")).get("job")).entries
    own = {
        key: entry
        for key, entry in read.mapping(node.get("job")).entries.items()
        if defaults.get(key) is not entry
    }
    return read.join(joined, replace(read.EMPTY_MAP, entries=own))


def _directives(node: ManifestNode | None) -> dict[str, str]:
    return {
        name: entry.value.text
        if entry.value.kind == "text"
        else json.dumps(untyped(entry.value), ensure_ascii=False)
        for name, entry in read.mapping(node).entries.items()
        if not entry.value.is_null
    }


def _rules(node: ManifestNode | None) -> dict[str, str]:
    return {
        rule: entry.value.text
        for rule, entry in read.mapping(node).entries.items()
        if not entry.value.is_null
    }


def _places(
    node: ManifestNode, job: ManifestNode, own: ManifestLocales, context: ManifestContext
) -> dict[str, Place]:
    """Return the place of each value by its dotted key, and of each locale as `locales.ID`."""
    places = {f"locales.{locale}": place for locale, place in own.places.items()}
    named = read.mapping(read.mapping(context.root.get("projects")).get(read.text(node.get("project")) or ""))
    for name, holders in (
        ("locales", (context.root,)),
        ("project", (context.root,)),
        ("sourceLocale", (named, context.root)),
    ):
        found = next((value for holder in holders if (value := holder.get(name))), None)
        if found is not None:
            places[name] = found.place
    places.update(_flat("", node))
    places.update(_flat("job.", job))
    return places


def _flat(prefix: str, node: ManifestNode) -> Iterator[tuple[str, Place]]:
    steps = [(key, entry.value) for key, entry in node.entries.items()]
    steps += [(str(index), item) for index, item in enumerate(node.items)]
    for key, value in steps:
        yield f"{prefix}{key}", value.place
        yield from _flat(f"{prefix}{key}.", value)
