"""Which fileUris our files had under earlier rules of the manifest: by its history and by what was pushed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from l10nsync import layout, manifest
from l10nsync.app.repository import Repository
from l10nsync.errors import L10nSyncError
from l10nsync.model import Manifest, fold
from l10nsync.plan import PushFacts

VERSIONS = 20
"""Earlier manifests that are looked at, the newest first."""


def earlier_uris(repository: Repository, facts: PushFacts) -> frozenset[str]:
    """Return the fileUris, folded, that this branch's files had by earlier manifests, or were sent under.

    After a rule was changed, or a resource was taken out, the files on the TMS are ours as before.
    """
    files = repository.tracked.files.keys() | repository.workspace.past_paths()
    tree = replace(repository.tree, files=sorted(files), changed=None, ignore="", ignores={})
    found = set(_pushed(repository, facts))
    for earlier in _earlier_manifests(repository):
        found |= {
            fold(source.file_uri)
            for source in layout.lay_out(earlier, tree).sources
            if source.project == facts.project
        }
    return frozenset(found)


def _pushed(repository: Repository, facts: PushFacts) -> list[str]:
    """Return what a push from this clone has sent, other branches' files aside."""
    own = {repository.branch.name, repository.workspace.branch()}
    others = {fold(f"{name}/") for name in repository.workspace.branch_names() - own}
    return [
        key for key in facts.memory if not any(key.startswith(name) or f"/{name}" in key for name in others)
    ]


def _earlier_manifests(repository: Repository) -> list[Manifest]:
    """Return what the manifests said before, as far as it can be read: a broken one is nobody's rule."""
    now = repository.manifest
    paths = [layout.own_path(part) for part in (now.parts or (now,))]
    versions = repository.workspace.history(paths)
    contents = repository.workspace.blobs(blob for blobs in versions.values() for blob in blobs[:VERSIONS])
    found = []
    for path in paths:
        folder = str(PurePosixPath(path).parent).removeprefix(".")
        for blob in versions[path][:VERSIONS]:
            try:
                found.append(manifest.load(contents[blob], file=path, folder=folder, environ={}))
            except (L10nSyncError, KeyError):
                continue
    return found
