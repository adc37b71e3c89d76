"""Which fileUris our files had under earlier rules of the manifest: by its history and by what was pushed."""

from __future__ import annotations

from dataclasses import replace

from l10nsync import layout
from l10nsync.app.past import manifests_of
from l10nsync.app.repository import Repository
from l10nsync.model import fold
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
    for earlier in manifests_of(repository, slice(VERSIONS)):
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
