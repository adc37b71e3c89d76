"""Reads what a verification without a service judges: tracked sources, and the targets that are there."""

from __future__ import annotations

from l10nsync.app.repository import Repository
from l10nsync.plan.verify import Verification, verify


def verify_offline(repository: Repository) -> Verification:
    """Judge the targets of the work tree by themselves and by their sources; asks no service."""
    workspace = repository.workspace
    sources = repository.sources
    blobs = {each.path: repository.tracked.files[each.path] for each in sources}
    contents = workspace.blobs(blobs.values())
    originals = {path: contents[blob] for path, blob in blobs.items() if blob in contents}
    paths = {target.path for source in sources for target in source.targets}
    present = {path: content for path in paths if (content := workspace.read(path)) is not None}
    return verify(sources, originals, present)
