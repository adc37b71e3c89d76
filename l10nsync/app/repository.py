"""Reads the manifest and the work tree, and lays the one out over the other."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from l10nsync import layout, manifest
from l10nsync.branches import Branch, event_environment, resolve
from l10nsync.errors import ManifestError, UsageError
from l10nsync.layout import Layout, Tree
from l10nsync.model import Manifest, Source
from l10nsync.workspace import Tracked, Workspace

MANIFEST_NAME = manifest.NAME


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line and the environment say, apart from secrets."""

    directory: Path
    manifest: str | None = None
    branch: str | None = None
    resources: tuple[str, ...] = ()
    """Names or globs; empty means all."""
    locales: tuple[str, ...] = ()
    project: str | None = None


@dataclass(frozen=True)
class Repository:
    """The manifest and what it means for the files that git tracks."""

    workspace: Workspace
    manifest: Manifest
    tracked: Tracked
    layout: Layout
    branch: Branch
    settings: Settings
    tree: Tree

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources that the filters leave, each with the locales that they leave."""
        return _filtered(self.layout.sources, self.settings, self.manifest)

    @property
    def filtered(self) -> bool:
        """Whether a filter leaves some of the manifest out."""
        return bool(self.settings.resources or self.settings.locales or self.settings.project)


def open_repository(settings: Settings, environ: Mapping[str, str], *, checked: bool = True) -> Repository:
    """Read the manifest and lay it out over the tracked files.

    Raises `RepositoryError` without a work tree, `UsageError` without a manifest, and `ManifestError`
    with every problem of the manifest; with CHECKED false, problems that depend on the files are left
    in `layout.diagnostics`.
    """
    workspace = Workspace.open(settings.directory)
    path = _find_manifest(settings, workspace)
    text = path.read_bytes()
    loaded = manifest.load(
        text, file=_shown(path, settings), folder=_folder(path, workspace), environ=environ
    )
    branch = resolve(settings.branch, {**environ, **_event(environ)}, workspace.branch())
    repository = _lay_out(workspace, loaded, branch, settings)
    errors = [each for each in repository.layout.diagnostics if each.severity == "error"]
    if checked and errors:
        raise ManifestError(repository.layout.diagnostics)
    return repository


def _event(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Return what the event's file adds, where the CI gives one; what a variable says already stays."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        event = json.loads(Path(environ["GITHUB_EVENT_PATH"]).read_text("utf-8"))
        return {name: value for name, value in event_environment(event).items() if not environ.get(name)}
    return {}


def _lay_out(workspace: Workspace, loaded: Manifest, branch: Branch, settings: Settings) -> Repository:
    tracked = workspace.tracked()
    changed = None
    if _needs_branch(loaded) and branch.name and branch.name != loaded.default_branch:
        changed = workspace.changed_since(loaded.default_branch)
    ignore = workspace.read(f"{loaded.folder}/.l10nignore".lstrip("/")) or b""
    tree = Tree(
        files=sorted(tracked.files),
        specials=tracked.specials,
        ignore=ignore.decode("utf-8", "replace"),
        branch=branch.name or None,
        changed=changed,
    )
    found = layout.lay_out(loaded, tree)
    pointers = workspace.lfs_pointers({each.path: tracked.files[each.path] for each in found.sources})
    if pointers:
        tree = replace(
            tree,
            files=[path for path in tree.files if path not in pointers],
            specials={**tree.specials, **dict.fromkeys(pointers, "lfs")},
        )
        found = layout.lay_out(loaded, tree)
    return Repository(workspace, loaded, tracked, found, branch, settings, tree)


def _needs_branch(loaded: Manifest) -> bool:
    return any("{branch}" in resource.file_uri for resource in loaded.resources)


def _find_manifest(settings: Settings, workspace: Workspace) -> Path:
    if settings.manifest:
        path = (settings.directory / settings.manifest).resolve()
        if not path.is_file():
            raise UsageError(
                f"there is no manifest at {settings.manifest}", hint="Check the path given to -f."
            )
        return path
    found = manifest.find(settings.directory.resolve(), workspace.root.resolve())
    if found is None:
        raise UsageError(
            f"there is no {MANIFEST_NAME} in {settings.directory} or above it, up to {workspace.root}",
            hint=f"Write a {MANIFEST_NAME} (docs/manifest.md), or name one with -f.",
        )
    return found


def _folder(path: Path, workspace: Workspace) -> str:
    try:
        folder = path.parent.resolve().relative_to(workspace.root.resolve())
    except ValueError:
        raise UsageError(f"{path} lies outside the repository {workspace.root}") from None
    return "" if folder == Path() else folder.as_posix()


def _shown(path: Path, settings: Settings) -> str:
    """Return the path as the user would type it."""
    with contextlib.suppress(ValueError):
        return path.relative_to(settings.directory.resolve()).as_posix()
    return str(path)


def _filtered(sources: Sequence[Source], settings: Settings, loaded: Manifest) -> tuple[Source, ...]:
    if settings.resources:
        _require_known("resource", settings.resources, [each.name for each in loaded.resources])
    if settings.project:
        _require_known("project", (settings.project,), list(loaded.projects))
    if settings.locales:
        known = sorted({locale for resource in loaded.resources for locale in resource.locales.names})
        _require_known("locale", settings.locales, known)
    kept = (
        each
        for each in sources
        if (not settings.resources or any(fnmatchcase(each.resource, name) for name in settings.resources))
        and (not settings.project or each.project == settings.project)
    )
    if not settings.locales:
        return tuple(kept)
    return tuple(_with_locales(each, frozenset(settings.locales)) for each in kept)


def _with_locales(source: Source, locales: frozenset[str]) -> Source:
    return replace(
        source,
        locales=tuple(each for each in source.locales if each in locales),
        targets=tuple(each for each in source.targets if each.locale in locales),
    )


def _require_known(kind: str, given: Sequence[str], known: Sequence[str]) -> None:
    for name in given:
        if not any(fnmatchcase(each, name) for each in known):
            raise UsageError(
                f"the manifest has no {kind} {name!r}", hint=f"It has: {', '.join(known) or 'none'}."
            )
