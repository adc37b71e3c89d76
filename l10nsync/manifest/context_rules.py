"""The entries of `context`: pictures and pages that show where strings appear."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from l10nsync import services
from l10nsync.manifest import reading as read
from l10nsync.manifest.gates import check_known_resource
from l10nsync.manifest.resource_checks import check_source_pattern
from l10nsync.manifest.sections import read_section
from l10nsync.manifest.shared import ManifestContext
from l10nsync.manifest.tree import ManifestNode
from l10nsync.model import CONTEXT_MEDIA, ContextRule, Resource

_WILD = frozenset("*?[]")


def read_context_rule(
    node: ManifestNode, resources: Sequence[Resource], context: ManifestContext
) -> ContextRule:
    """Return an entry of `context`, holding what it names against the resources and their services."""
    entry = read.mapping(node)
    for pattern in read.text_nodes(entry.get("files")):
        if check_source_pattern(pattern, context.problems):
            _check_ending(pattern, context)
    for name in read.text_nodes(entry.get("resources")):
        check_known_resource(name, resources, context.problems)
    place = (entry.get("files") or node).place
    rule = read_section(ContextRule, entry, place=place)
    _check_service(rule, resources, context)
    return rule


def _check_ending(pattern: ManifestNode, context: ManifestContext) -> None:
    """Refuse a pattern that can match nothing but files of another kind."""
    name = pattern.text.rpartition("/")[2]
    ending = name.rpartition(".")[2] if "." in name else ""
    if not ending or _WILD & set(ending) or ending.casefold() in CONTEXT_MEDIA:
        return
    context.problems.add(
        "E106",
        pattern.place,
        f"`{pattern.text}` names files of a type that cannot show strings",
        help=f"HTML, PNG and JPEG are supported: .{', .'.join(CONTEXT_MEDIA)}.",
    )


def _check_service(rule: ContextRule, resources: Sequence[Resource], context: ManifestContext) -> None:
    """Refuse an entry that no service of its resources takes."""
    shown = [
        resource
        for resource in resources
        if not rule.resources or any(fnmatchcase(resource.name, name) for name in rule.resources)
    ]
    projects = [
        context.projects[resource.project] for resource in shown if resource.project in context.projects
    ]
    known = [service for project in projects if (service := services.find(project.provider))]
    if known and not any(service.context for service in known):
        names = ", ".join(sorted({service.name for service in known}))
        context.problems.add(
            "E124",
            rule.place,
            f"`context` has no effect here: {names} does not support pictures or pages",
            help="Take the entry out, or name resources of another project.",
        )
