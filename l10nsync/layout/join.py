"""Several manifests of one repository as one: names kept apart, and what collides between them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from types import MappingProxyType

from l10nsync.errors import Diagnostic
from l10nsync.layout.resource_rules import problem
from l10nsync.model import Manifest, Project, Resource, Source, fold


def join_manifests(manifests: Sequence[Manifest]) -> Manifest:
    """Return one manifest that stands for all of MANIFESTS; a single one is returned as it is.

    Resources are called `folder/name`. Projects that are the same on the TMS become one; a name that means
    different projects is also called `folder/name`.
    """
    if len(manifests) == 1:
        return manifests[0]
    names = _project_names(manifests)
    parts = tuple(_renamed(manifest, names) for manifest in manifests)
    projects: dict[str, Project] = {}
    for part in parts:
        for name, project in part.projects.items():
            projects.setdefault(name, project)
    return Manifest(
        file=", ".join(manifest.file for manifest in manifests),
        folder="",
        projects=MappingProxyType(projects),
        resources=tuple(chain.from_iterable(part.resources for part in parts)),
        default_branch=manifests[0].default_branch,
        digest="".join(manifest.digest for manifest in manifests),
        parts=parts,
    )


def own_path(manifest: Manifest) -> str:
    """Return where a manifest lies, from the git root."""
    name = re.split(r"[/\\]", manifest.file)[-1]
    return f"{manifest.folder}/{name}" if manifest.folder else name


def qualified(manifest: Manifest, name: str) -> str:
    """Return NAME as it is called where several manifests are taken together."""
    return f"{manifest.folder}/{name}" if manifest.folder else name


def _identity(project: Project) -> Project:
    """Return what makes a project the same: all but its name in a manifest."""
    return replace(project, name="", id_variable="" if project.id else project.id_variable)


def _project_names(manifests: Sequence[Manifest]) -> Mapping[tuple[int, str], str]:
    """Return the name of each project by the manifest's place and its name there."""
    meanings: dict[str, list[Project]] = {}  # lists, not sets: a project with an order has mappings in it
    for manifest in manifests:
        for name, project in manifest.projects.items():
            same = meanings.setdefault(name, [])
            if _identity(project) not in same:
                same.append(_identity(project))
    known: list[tuple[Project, str]] = []
    found: dict[tuple[int, str], str] = {}
    for index, manifest in enumerate(manifests):
        for name, project in manifest.projects.items():
            identity = _identity(project)
            taken = next((other for known_identity, other in known if known_identity == identity), None)
            if taken is None:
                taken = name if len(meanings[name]) == 1 else qualified(manifest, name)
                known.append((identity, taken))
            found[index, name] = taken
    return {(id(manifests[index]), name): project for (index, name), project in found.items()}


def _renamed(manifest: Manifest, names: Mapping[tuple[int, str], str]) -> Manifest:
    key = id(manifest)
    resources = (
        replace(resource, name=qualified(manifest, resource.name), project=names[key, resource.project])
        for resource in manifest.resources
    )
    projects = {
        names[key, name]: replace(project, name=names[key, name])
        for name, project in manifest.projects.items()
    }
    return replace(manifest, projects=MappingProxyType(projects), resources=tuple(resources))


@dataclass(frozen=True, slots=True)
class _Owner:
    """A source with the resource and the manifest that it belongs to."""

    source: Source
    resource: Resource
    part: int


def collisions(parts: Sequence[Manifest], sources: Sequence[Sequence[Source]]) -> Iterator[Diagnostic]:
    """Yield what two manifests both claim: a fileUri, a target, or a target that is the other's source."""
    owners = list(_owners(parts, sources))
    yield from _shared_uris(owners)
    yield from _shared_targets(owners)
    yield from _overwritten(owners, {own_path(part): index for index, part in enumerate(parts)})


def _owners(parts: Sequence[Manifest], sources: Sequence[Sequence[Source]]) -> Iterator[_Owner]:
    """Yield each source with its resource and the number of its manifest."""
    for index, (part, found) in enumerate(zip(parts, sources, strict=True)):
        resources = {resource.name: resource for resource in part.resources}
        for source in found:
            if resource := resources.get(source.resource):
                yield _Owner(source, resource, index)


def _shared_uris(owners: Sequence[_Owner]) -> Iterator[Diagnostic]:
    first: dict[tuple[str, str], _Owner] = {}
    for owner in owners:
        other = first.setdefault((owner.source.project, fold(owner.source.file_uri)), owner)
        if other.part != owner.part:
            text = (
                f"`{other.source.path}` and `{owner.source.path}` of two manifests have the same fileUri"
                f" `{owner.source.file_uri}`"
            )
            yield _between("E207", text, owner, other, "fileUri")


def _shared_targets(owners: Sequence[_Owner]) -> Iterator[Diagnostic]:
    first: dict[str, _Owner] = {}
    for owner in owners:
        for target in owner.source.targets:
            other = first.setdefault(fold(target.path), owner)
            if other.part != owner.part:
                text = (
                    f"`{other.source.path}` and `{owner.source.path}` of two manifests both write"
                    f" `{target.path}`"
                )
                yield _between("E204", text, owner, other, "target")


def _overwritten(owners: Sequence[_Owner], manifests: Mapping[str, int]) -> Iterator[Diagnostic]:
    by_path = {fold(owner.source.path): owner for owner in owners}
    for owner in owners:
        for target in owner.source.targets:
            other = by_path.get(fold(target.path))
            if other and other.part != owner.part:
                text = f"the target `{target.path}` of `{owner.source.path}` is a source of another manifest"
                yield _between("E205", text, owner, other, "target")
            if manifests.get(target.path, owner.part) != owner.part:
                text = f"the target `{target.path}` must not be written: it is a manifest"
                yield problem("E206", text, owner.resource, "target")


def _between(code: str, message: str, here: _Owner, there: _Owner, key: str) -> Diagnostic:
    other = problem("", "the other one is here", there.resource, key, severity="notice")
    help_text = "Narrow the `source` of one of them, or `exclude` the files there."
    return problem(code, message, here.resource, key, help=help_text, related=(other,))
