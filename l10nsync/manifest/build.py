"""Turns a tree of nodes into the nouns of `model`, checking what needs no repository.

Every reader here takes what has the right kind and passes over the rest, which the schema has already
reported; so one run finds all problems.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from l10nsync.manifest import reading as read
from l10nsync.manifest.context_rules import read_context_rule
from l10nsync.manifest.gates import read_gate
from l10nsync.manifest.glossary import read_glossary
from l10nsync.manifest.locale_lists import read_locales
from l10nsync.manifest.problems import Problems
from l10nsync.manifest.projects import check_sections, read_projects
from l10nsync.manifest.provider_keys import check_provider_keys
from l10nsync.manifest.resource_checks import check_names
from l10nsync.manifest.resources import read_resource
from l10nsync.manifest.shared import DEFAULT_PROJECT, ManifestContext
from l10nsync.manifest.tree import ManifestNode
from l10nsync.model import Manifest


def build(
    root: ManifestNode, *, file: str, folder: str, environ: Mapping[str, str], problems: Problems
) -> Manifest:
    """Return the manifest that ROOT says; what is wrong with it is added to PROBLEMS."""
    shared = read_locales(root.get("locales"), problems)
    projects = read_projects(root, environ, problems)
    context = ManifestContext(root, read.mapping(root.get("defaults")), shared, projects, environ, problems)
    resources = tuple(read_resource(node, context) for node in read.items(root.get("resources")))
    check_names(resources, problems)
    check_provider_keys(resources, projects, problems)
    check_sections(root, projects, problems)
    gates = {
        entry.key.text: read_gate(entry, resources, context)
        for entry in read.mapping(root.get("gates")).entries.values()
    }
    glossary = read_glossary(root.get("glossary"), context)
    shown = tuple(read_context_rule(node, resources, context) for node in read.items(root.get("context")))
    used = {resource.project for resource in resources}
    return Manifest(
        file=file,
        folder=folder,
        projects=MappingProxyType(
            {
                name: project
                for name, project in projects.items()
                if name != DEFAULT_PROJECT or name in used or root.get("project")
            }
        ),
        resources=resources,
        gates=MappingProxyType(gates),
        glossary=glossary,
        context=shown,
        default_branch=read.text(read.mapping(root.get("branch")).get("default")) or "main",
    )
