"""What a pull brought, told in the commit that holds it: history then tells its texts from people's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from l10nsync import formats
from l10nsync.app.repository import Repository
from l10nsync.model import Source, Target
from l10nsync.plan import ALL_LOCALES
from l10nsync.plan.corrections import MOST_BROUGHT, brought, texts_of
from l10nsync.workspace.editions import future_digest, trailer


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
    before = workspace.blobs(head[path] for path in contents if path in head)
    places = _places(repository, contents)
    found: frozenset[bytes] = frozenset()
    for path, (source, target) in places.items():
        blob = repository.tracked.files.get(source.path, "")
        original = workspace.blobs([blob]).get(blob, b"") if blob else b""
        old = before.get(head.get(path, ""), b"")
        texts = (texts_of(source, target, original, data) if data else {} for data in (old, contents[path]))
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
