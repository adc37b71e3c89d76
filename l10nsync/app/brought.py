"""Records what a pull brought in its commit, so that history separates its texts from people's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from l10nsync import formats
from l10nsync.app.repository import Repository
from l10nsync.model import Source, Target
from l10nsync.plan import ALL_LOCALES
from l10nsync.plan.corrections import MOST_BROUGHT, brought, texts_of
from l10nsync.workspace.editions import future_digest, trailer

_AT_ONCE = 20
"""Files whose contents are in memory together."""


def pull_trailer(repository: Repository, contents: Mapping[str, bytes]) -> str:
    """Return the trailer for a commit on HEAD of just CONTENTS, by path and as git stores them."""
    if not contents:
        return ""
    digest = future_digest(repository.workspace, contents)
    return trailer(digest, brought_by(repository, contents)) if digest else ""


def brought_by(repository: Repository, contents: Mapping[str, bytes]) -> frozenset[bytes] | None:
    """Return what stands for the strings that CONTENTS have and HEAD does not; None for too many."""
    workspace = repository.workspace
    head = workspace.tree() if workspace.commit() else {}
    tracked = repository.tracked.files
    places = _places(repository, contents)
    paths = list(places)
    found: frozenset[bytes] = frozenset()
    for start in range(0, len(paths), _AT_ONCE):
        portion = paths[start : start + _AT_ONCE]
        olds = {path: head[path] for path in portion if path in head}
        originals = {path: tracked.get(places[path][0].path, "") for path in portion}
        blobs = workspace.blobs({*olds.values(), *originals.values()} - {""})
        for path in portion:
            original, old = blobs.get(originals[path], b""), blobs.get(olds.get(path, ""), b"")
            texts = (
                texts_of(*places[path], original, data) if data else {} for data in (old, contents[path])
            )
            found |= brought(*texts)
            if len(found) > MOST_BROUGHT:
                return None
    return found


def _places(repository: Repository, contents: Mapping[str, bytes]) -> dict[str, tuple[Source, Target]]:
    """Return source and target of each path; a file for all locales stands for all of them."""
    found: dict[str, tuple[Source, Target]] = {}
    for source in repository.sources:
        kind = formats.get(source.file_type)
        for target in source.targets:
            if target.path in contents and target.path not in found:
                whole = kind is not None and kind.multilingual
                found[target.path] = source, replace(target, locale=ALL_LOCALES) if whole else target
    return found
