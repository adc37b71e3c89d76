"""What this repository once had, or has elsewhere: earlier sources, and those of other branches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from l10nsync import layout, manifest
from l10nsync.app.repository import Repository
from l10nsync.errors import ManifestError
from l10nsync.model import Manifest, Sent, Source, file_uris, fold
from l10nsync.paths import compile_source
from l10nsync.plan.elsewhere import BRANCH, patterns_of, readings, tails

MANIFESTS = 5
"""Earlier rules for fileUris that are looked at, the newest: each lays out all paths."""


def past_sources(repository: Repository, memory: Mapping[str, Sent]) -> tuple[Source, ...]:
    """Return the sources that the history had, or a push has sent, and the present state no longer has.

    Those are the paths that are gone; and the present ones under the fileUris of earlier manifests.
    """
    workspace = repository.workspace
    known = _earlier_paths(repository) | {sent.path for sent in memory.values() if sent.path}
    committed = workspace.tree().keys() if workspace.commit() else set()
    gone = known - repository.tracked.files.keys() - committed
    # On a branch, a path that came and went there differs from nothing: it may be the branch's all the same.
    once = replace(repository.tree, files=sorted(gone), changed=None)
    found = layout.lay_out(repository.manifest, once).sources
    return (*_under_earlier_rules(repository, gone), *found)


def _earlier_paths(repository: Repository) -> frozenset[str]:
    """Return the paths that history had: in a shallow clone those at least that the branch has taken away."""
    return repository.workspace.past_paths() | (repository.tree.changed or frozenset())


def _under_earlier_rules(repository: Repository, gone: Iterable[str]) -> list[Source]:
    """Return the present sources, and the paths that are GONE, with the fileUris of earlier manifests.

    A path that is there and that no rule matches any more is not among them: a rule may have a typo.
    """
    present = repository.layout.sources
    uris = {fold(uri) for uri in file_uris(present)}
    paths = sorted({*gone, *(source.path for source in present)})
    tree = replace(repository.tree, files=paths, changed=None)
    found = chain.from_iterable(
        layout.lay_out(earlier, tree).sources for earlier in _earlier_manifests(repository)
    )
    return [source for source in found if fold(source.file_uri) not in uris]


def _earlier_manifests(repository: Repository) -> list[Manifest]:
    """Return the manifests of HEAD's history with other rules for fileUris, the oldest first."""
    rules = {_rules(part) for part in repository.manifest.parts or (repository.manifest,)}
    found: list[Manifest] = []
    for earlier in manifests_of(repository, slice(1, None)):
        if _rules(earlier) not in rules:
            rules.add(_rules(earlier))
            found.append(earlier)
        if len(found) == MANIFESTS:
            break
    return found[::-1]


def manifests_of(repository: Repository, versions: slice) -> Iterator[Manifest]:
    """Yield VERSIONS of each manifest in HEAD's history, the newest first; a broken one is nobody's rule."""
    parts = {layout.own_path(part): part for part in repository.manifest.parts or (repository.manifest,)}
    history = repository.workspace.history(parts)
    blobs: list[tuple[Manifest, str]] = []
    for path, part in parts.items():
        blobs += [(part, blob) for blob in history[path][versions]]
    contents = repository.workspace.blobs(blob for _part, blob in blobs) if blobs else {}
    for part, blob in blobs:
        earlier = manifest_from(contents.get(blob), part, blob[:10])
        if earlier:
            yield earlier


def _rules(manifest: Manifest) -> tuple[object, ...]:
    """Return what of a manifest decides about fileUris."""
    resources = (
        (resource.name, resource.project, resource.sources, resource.file_uri)
        for resource in manifest.resources
    )
    return (manifest.folder, *resources)


def manifest_from(text: bytes | None, part: Manifest, revision: str) -> Manifest | None:
    """Return PART, a manifest, as TEXT had it in REVISION; None if it was not there, or wrong."""
    try:
        name = f"{revision}:{layout.own_path(part)}"
        return manifest.load(text, file=name, folder=part.folder, environ={}) if text is not None else None
    except ManifestError:
        return None


def sources_elsewhere(repository: Repository, uris: Iterable[str]) -> tuple[Source, ...]:
    """Return every path that is or was a source here, or that one of URIS may stand for, for any branch.

    Also as earlier rules for fileUris called them: a branch may have been sent before the rule changed.

    Without branches in fileUris, only a path that a shallow clone has forgotten could be found.
    """
    branched = any("{branch}" in resource.file_uri for resource in repository.manifest.resources)
    if not branched and not repository.workspace.is_shallow():
        return ()
    known = repository.tracked.files.keys() | _earlier_paths(repository)
    return _on_any_branch(repository, known | set(chain.from_iterable(tails(uri) for uri in uris)))


def _on_any_branch(repository: Repository, paths: Iterable[str]) -> tuple[Source, ...]:
    """Return what the manifest, and earlier ones, make of PATHS on any branch."""
    tree = replace(repository.tree, files=sorted(paths), branch=BRANCH, changed=None)
    rules = (repository.manifest, *_earlier_manifests(repository))
    found = chain.from_iterable(layout.lay_out(rule, tree).sources for rule in rules)
    return tuple(source for source in found if source.push)


def uris_of_branches(repository: Repository, project: str, uris: Iterable[str]) -> frozenset[str]:
    """Return those of URIS, folded, that a known path of this repository has on a known branch."""
    workspace = repository.workspace
    if not workspace.commit():
        return frozenset()
    paths = repository.tracked.files.keys() | _earlier_paths(repository) | workspace.paths_elsewhere()
    sources = _on_any_branch(repository, paths)
    patterns = patterns_of(source for source in sources if source.project == project)
    # A folder of another repository, `other/{path}`, would read as one of our branches.
    branches = set(map(fold, workspace.branch_names() | workspace.merged_names("HEAD")))
    return frozenset(
        fold(uri)
        for uri in uris
        if not branches.isdisjoint(fold(branch) for branch, _source in readings(uri, patterns))
    )


def own_sources(repository: Repository, project: str, uris: Iterable[str] = ()) -> tuple[Source, ...]:
    """Return every file of the project that is or was a source here, as this branch calls it.

    What is excluded today was a source before, perhaps. Of URIS, those with the repository's name in them
    are ours even if a shallow clone has forgotten their paths.
    """
    known = repository.tracked.files.keys() | _earlier_paths(repository)
    named = any("{repo}" in resource.file_uri for resource in repository.manifest.resources)
    forgotten = set(chain.from_iterable(tails(uri) for uri in uris)) - known if named else set[str]()
    tree = replace(repository.tree, files=sorted(known | forgotten), changed=None, ignore="", ignores={})
    found = layout.lay_out(_without_excludes(repository.manifest), tree).sources
    return tuple(
        source
        for source in found
        if source.project == project and source.push and (source.named or source.path not in forgotten)
    )


def stranded_paths(repository: Repository, own: Iterable[Source]) -> frozenset[str]:
    """Return the paths of those of OWN that only patterns match which match no file any more."""
    manifest = repository.manifest
    prefix = f"{manifest.folder}/" if manifest.folder else ""
    present = [source.path for source in repository.layout.sources]
    found: set[str] = set()
    for resource in manifest.resources:
        mine = {source.path for source in own if source.resource == resource.name}
        patterns = [] if manifest.parts else [compile_source(source) for source in resource.sources]
        for pattern in patterns:
            matched = {
                path for path in (*present, *mine) if pattern.match(path.removeprefix(prefix)) is not None
            }
            if not matched.isdisjoint(present):
                mine -= matched
        found |= mine
    return frozenset(found)


def _without_excludes(manifest: Manifest) -> Manifest:
    resources = tuple(replace(resource, excludes=()) for resource in manifest.resources)
    return replace(manifest, resources=resources, parts=tuple(map(_without_excludes, manifest.parts)))
