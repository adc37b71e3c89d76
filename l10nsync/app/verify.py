"""Reads what a verification without a service judges: tracked sources, and the targets that git sees."""

from __future__ import annotations

from l10nsync.app.glossary import glossary_terms
from l10nsync.app.pull import targets_of
from l10nsync.app.repository import Repository
from l10nsync.plan.verify import Verification, verify


def verify_offline(repository: Repository) -> Verification:
    """Judge the targets by themselves and by their sources; asks no service.

    Those that the work tree lacks are judged as git has them.
    """
    workspace = repository.workspace
    sources = repository.sources
    blobs = {source.path: repository.tracked.files[source.path] for source in sources}
    contents = workspace.blobs(blobs.values())
    originals = {path: contents[blob] for path, blob in blobs.items() if blob in contents}
    found = targets_of(repository, sources).files()
    present = {path: file.content for path, file in found.items()}
    terms = glossary_terms(repository)
    return verify(sources, originals, present, repository.tracked.files, terms)
