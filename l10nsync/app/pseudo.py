"""Pseudo-localized targets: prepare them from the committed sources, carry it out; needs no service."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from l10nsync.app import execute
from l10nsync.app.pull import targets_of
from l10nsync.app.repository import Repository
from l10nsync.errors import LocalIOError, UsageError
from l10nsync.model import target_paths
from l10nsync.plan import LocalTarget, Plan, Report
from l10nsync.plan.pseudo import PseudoFacts, plan_pseudo
from l10nsync.workspace import Workspace
from l10nsync.workspace.targets import Targets


@dataclass(frozen=True, slots=True)
class PseudoRequest:
    """What a run of `pseudo` was asked to do, beyond the manifest."""

    inflation: int | None = None
    force: bool = False
    into: Path | None = None
    """Folder that stands for the top of the repository; None for the repository itself."""


@dataclass(frozen=True)
class PreparedPseudo:
    """Pseudo-localized targets, ready to be written."""

    plan: Plan
    contents: Mapping[str, bytes]
    """Target path to the bytes to write."""
    place: Workspace | Targets
    """Where they are written."""


def prepare_pseudo(repository: Repository, request: PseudoRequest) -> PreparedPseudo:
    """Make the plan of a run of `pseudo`; writes nothing."""
    workspace = repository.workspace
    sources = repository.sources
    targets = targets_of(repository, sources)
    place = _place(workspace, request.into, targets)
    head = workspace.tree() if workspace.commit() else {}
    edited = workspace.uncommitted()
    paths = set(target_paths(sources))
    models = {path: file.content for path, file in targets.files().items()}
    facts = PseudoFacts(
        sources=sources,
        blobs=head,
        contents=workspace.blobs(head[source.path] for source in sources if source.path in head),
        present=_present(repository, place, paths, edited),
        models=models,
        edited=edited,
        inflation=request.inflation,
        force=request.force,
    )
    plan, contents = plan_pseudo(facts)
    return PreparedPseudo(plan, contents, place)


def _place(workspace: Workspace, into: Path | None, targets: Targets) -> Workspace | Targets:
    """Return where to write: the work tree, or the same paths below another folder."""
    if into is None:
        return targets
    if into.exists() and not into.is_dir():
        raise UsageError(f"{into} is not a folder", hint="Check the path given to --into.")
    if into.resolve().is_relative_to(workspace.git_dir.resolve()):
        raise UsageError(f"{into} lies in git's own folder", hint="Name another folder with --into.")
    return Workspace(into.resolve(), workspace.git_dir)


def _present(
    repository: Repository, place: Workspace | Targets, paths: set[str], edited: frozenset[str]
) -> dict[str, LocalTarget]:
    """Read what is there, and see which of it git could not bring back."""
    found: dict[str, LocalTarget] = {}
    for path in paths:
        content = place.read(path)
        if content is not None:
            known = _path_in_git(repository.workspace, place, path)
            safe = known in repository.tracked.files and known not in edited
            found[path] = LocalTarget(content, hashlib.sha256(content).hexdigest(), not safe)
    return found


def _path_in_git(workspace: Workspace, place: Workspace | Targets, path: str) -> str:
    """Return PATH as git knows it; empty for a place outside the work tree."""
    try:
        folder = place.root.resolve().relative_to(workspace.root.resolve())
    except ValueError:
        return ""
    return (PurePosixPath(folder.as_posix()) / path).as_posix()


def carry_out_pseudo(
    prepared: PreparedPseudo, *, watch: execute.Watch = lambda _change, _state: None
) -> Report:
    """Write what the plan says."""
    if prepared.plan.has_work:
        try:
            prepared.place.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LocalIOError(f"cannot make {prepared.place.root}: {error.strerror}") from error
    return execute.pull(prepared.plan, prepared.place, prepared.contents, watch=watch)
