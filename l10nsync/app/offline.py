"""The plan of a push against a revision of the repository; the same planner, no network, no credentials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from l10nsync import layout
from l10nsync.app.cache import Cache
from l10nsync.app.links import Link
from l10nsync.app.past import manifest_from
from l10nsync.app.push import PreparedPush, prepare_push
from l10nsync.app.push_facts import PushRequest
from l10nsync.app.repository import Repository
from l10nsync.errors import ContentError, RepositoryError
from l10nsync.model import (
    Abilities,
    ListedFile,
    Manifest,
    Project,
    Question,
    RemoteState,
    Sent,
    Source,
    fold,
)
from l10nsync.plan import settings_digest
from l10nsync.plan.strings import strings_of
from l10nsync.workspace import Workspace


def prepare_offline(repository: Repository, request: PushRequest) -> PreparedPush:
    """Make the plan of a push against a revision of the repository instead of the TMS; needs no network.

    The planner is the same: what the base revision holds stands for what was sent.
    """
    workspace = repository.workspace
    base = request.base or _default_base(repository)
    before = _at_revision(repository, base)
    blobs = workspace.tree(base)
    contents = workspace.blobs(blobs[source.path] for source in before if source.path in blobs)
    memory: dict[str, Sent] = {}
    for source in before:
        if source.path in blobs and _was_sent(source, contents.get(blobs[source.path])):
            memory[fold(source.file_uri)] = Sent(
                source.file_uri, base, blobs[source.path], source.namespace, source.locales,
                settings_digest(source.directives), authorized=True, path=source.path,
            )  # fmt: skip
    links = {name: _OfflineLink(memory, base) for name in {source.project for source in repository.sources}}
    prepared = prepare_push(repository, cast("Mapping[str, Link]", links), replace(request, offline=True))
    return replace(prepared, plan=replace(prepared.plan, jobs=(), base=base))


def _was_sent(source: Source, content: bytes | None) -> bool:
    """Whether a push has sent what a revision holds: a broken source is not sent, nor one without strings."""
    if content is None:
        return True
    try:
        return bool(strings_of(source, content))
    except ContentError:
        return False


def _default_base(repository: Repository) -> str:
    default = repository.manifest.default_branch
    for name in (f"origin/{default}", default):
        if repository.workspace.resolve(name):
            return name
    raise RepositoryError(
        f"there is no branch {default!r} to compare with",
        hint="Name a revision with --base, or fetch more history.",
    )


def _at_revision(repository: Repository, revision: str) -> tuple[Source, ...]:
    """Return the sources that the manifests of REVISION meant for its files; none if it had none."""
    workspace = repository.workspace
    tree = workspace.tree(revision)
    parts = repository.manifest.parts or (repository.manifest,)
    then = [found for part in parts if (found := _manifest_at(workspace, revision, tree, part))]
    if not then:
        return ()
    return layout.lay_out(layout.join_manifests(then), replace(repository.tree, files=sorted(tree))).sources


def _manifest_at(
    workspace: Workspace, revision: str, tree: Mapping[str, str], part: Manifest
) -> Manifest | None:
    """Return a manifest as it was in REVISION; None if it was not there, or wrong."""
    name = layout.own_path(part)
    if name not in tree:
        return None
    return manifest_from(workspace.blobs([tree[name]])[tree[name]], part, revision)


class _OfflineProvider:
    """Answers for the TMS from a revision of the repository."""

    abilities = Abilities(delete=True)

    def __init__(self, memory: Mapping[str, Sent], base: str) -> None:
        self._memory = memory
        self._base = base

    def observe(self, _question: Question) -> RemoteState:
        files = {key: ListedFile(entry.uri, "", self._base) for key, entry in self._memory.items()}
        return RemoteState(files=files, jobs=())


class _OfflineLink:
    """Stands for a `Link` where nothing is asked over the network."""

    def __init__(self, memory: dict[str, Sent], base: str) -> None:
        self.provider = _OfflineProvider(memory, base)
        self.cache = Cache(Path(), sent=memory)
        self.project = Project("offline", "offline")
