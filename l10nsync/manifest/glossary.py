"""The `glossary` of a manifest."""

from __future__ import annotations

from l10nsync import paths, services
from l10nsync.manifest import reading as read
from l10nsync.manifest.sections import read_section
from l10nsync.manifest.shared import ManifestContext
from l10nsync.manifest.tree import ManifestNode
from l10nsync.model import GlossarySettings


def read_glossary(node: ManifestNode | None, context: ManifestContext) -> GlossarySettings | None:
    """Return the glossary that a manifest names; what is wrong with it is added to the problems."""
    if node is None:
        return None
    section = read.mapping(node)
    file = section.get("file")
    why = paths.unsafe(read.text(file) or "") if file is not None else None
    if file is not None and why:
        context.problems.add(
            "E106",
            file.place,
            f"`{file.text}` cannot be written: {why}",
            help="Name a file beside the manifest.",
        )
    known = [services.find(project.provider) for project in context.projects.values()]
    described = [service for service in known if service]
    if described and not any(service.glossaries for service in described):
        context.problems.add(
            "E124",
            node.place,
            f"`glossary` has no effect: {described[0].name} has no glossaries",
            help="Take it out.",
        )
    return read_section(GlossarySettings, section, place=node.place)
