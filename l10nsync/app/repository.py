"""Reads the manifest and the work tree, and lays the one out over the other."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import chain, product
from pathlib import Path
from typing import TYPE_CHECKING

from l10nsync import layout, manifest
from l10nsync.ci_variables import Branch, PullRequest, event_environment, pull_request, resolve
from l10nsync.errors import Diagnostic, ManifestError, RefusedError, UsageError
from l10nsync.layout import Layout, TrackedTree
from l10nsync.layout.path_arguments import chosen_locales, idle, select
from l10nsync.model import Manifest, Resource, Source, fold
from l10nsync.paths import PatternError, compile_source
from l10nsync.workspace import TrackedFiles, Workspace, merge_base
from l10nsync.workspace.command import GitToken, require_certificates, server_of

if TYPE_CHECKING:
    from l10nsync.plan.limits import TrustedLimits

MANIFEST_NAME = manifest.NAME
NO_BRANCH = "{branch}"
"""Used as the branch where there is none and none is needed: `{branch}` then stays in the fileUris."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line and the environment say, apart from secrets."""

    directory: Path
    manifests: tuple[str, ...] = ()
    """Paths or globs; empty for the nearest manifest above, else those below."""
    branch: str | None = None
    resources: tuple[str, ...] = ()
    """Names or globs; empty means all."""
    locales: tuple[str, ...] = ()
    project: str | None = None
    paths: tuple[str, ...] = ()
    """Files or folders, as they were typed in the directory; empty means all."""
    job: str = ""
    """The job whose files and locales alone are left; empty for no such filter."""
    whole: bool = False
    """Sources keep all their locales, though paths name some of their translations alone."""


@dataclass(frozen=True)
class Repository:
    """The manifest and what it means for the files that git tracks; several manifests act as one."""

    workspace: Workspace
    manifest: Manifest
    tracked: TrackedFiles
    layout: Layout
    branch: Branch
    settings: Settings
    tree: TrackedTree
    pull_request: PullRequest | None = None
    """What this run is for, if that is not merged yet."""
    deleted: bool = False
    """The event that started this run has deleted the branch: the checkout is not what that held."""
    limits: TrustedLimits | None = None
    """What counts on a pull request, and on nothing else."""

    @property
    def ci_hints(self) -> merge_base.CiHints:
        """What the CI reports about the place where the branch left the default branch."""
        return _ci_hints(self.pull_request, self.manifest.default_branch)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources that the filters leave, each with the locales that they leave."""
        sources = _filtered(self.layout.sources, self.settings, self.manifest)
        if not self.settings.paths:
            return sources
        return select(sources, _from_root(self.settings, self.workspace), narrow=not self.settings.whole)

    def require_sources(self, *, targets: bool) -> None:
        """Raise `UsageError` for a path that names no source, nor a target if TARGETS allows that."""
        sources = _filtered(self.layout.sources, self.settings, self.manifest)
        paths = dict(zip(_from_root(self.settings, self.workspace), self.settings.paths, strict=True))
        for path in idle(sources, paths, targets=targets):
            is_target = not (targets or idle(sources, [path], targets=True))
            reason = "translations, but push sends sources" if is_target else "no source tracked by git"
            raise UsageError(
                f"{paths[path]} names {reason}",
                hint=f"`l10nsync explain {paths[path]}` explains how the manifest treats a file.",
            )

    @property
    def resources(self) -> tuple[Resource, ...]:
        """The resources that the filters leave, with or without any source."""
        return _left(self.settings, self.manifest)

    @property
    def scope(self) -> str:
        """Which manifest this is, or which ones, from the git root: what a memory is kept for."""
        # A leading slash keeps the memories of earlier versions.
        paths = [layout.own_path(part) for part in self.manifest.parts or (self.manifest,)]
        return "\0".join(path if "/" in path else f"/{path}" for path in paths)

    @property
    def filtered(self) -> bool:
        """Whether a filter leaves some of the manifest out."""
        settings = self.settings
        narrow = settings.resources, settings.locales, settings.project, settings.paths, settings.job
        return any(narrow)


def open_repository(
    settings: Settings,
    environ: Mapping[str, str],
    *,
    checked: bool = True,
    fetch: bool = False,
    needs_branch: bool = True,
) -> Repository:
    """Read the manifest and lay it out over the tracked files.

    Without NEEDS_BRANCH, the run asks nobody: one without a branch leaves `{branch}` in the fileUris as it
    is, and a partial clone fetches nothing.

    With FETCH, a clone that lacks what a branch has to be compared with fetches it, and one that cannot is an
    error; else all sources of such a branch count as its own.

    Raises `RepositoryError` without a work tree, `UsageError` without a manifest, and `ManifestError`
    with every problem of the manifest; with CHECKED false, problems that depend on the files are left
    in `layout.diagnostics`.
    """
    workspace = Workspace.open(settings.directory)
    workspace.git.token = _token(workspace, environ)
    workspace.git.may_fetch = needs_branch
    tracked = workspace.tracked()
    paths = _find_manifests(settings, workspace, tracked)
    loaded = _load(paths, settings, workspace, tracked, environ)
    # A review, a comment or a deletion is described only by the event's file, not by variables.
    described = {**environ, **_event(environ)}
    branch = resolve(settings.branch, described, workspace.branch())
    request = pull_request(described)
    changed = None
    if _needs_branch(loaded) and branch.name and branch.name != loaded.default_branch:
        changed = _changed(workspace, loaded.default_branch, request, fetch=fetch)
    if not branch.name and not needs_branch:
        branch = replace(branch, name=NO_BRANCH)
    repository = _lay_out(workspace, loaded, branch, settings, tracked, changed)
    is_deleted = bool(branch.name) and branch.name == described.get("L10NSYNC_DELETED_BRANCH")
    limits = None
    if request:
        from l10nsync.app.limits import trusted_limits  # of pull requests, with all that plans jobs

        limits = trusted_limits(workspace, loaded, request, environ, fetch=fetch)
    repository = _explained(replace(repository, pull_request=request, deleted=is_deleted, limits=limits))
    errors = [problem for problem in repository.layout.diagnostics if problem.severity == "error"]
    if checked and errors:
        raise ManifestError(repository.layout.diagnostics)
    return repository


def require_own_branch(repository: Repository, known: Iterable[str]) -> None:
    """Raise `RefusedError` if another branch, among KNOWN, has the same fileUris.

    They know neither case nor Unicode form. The default branch keeps its files, whoever else takes its name.
    """
    name, default = repository.branch.name, repository.manifest.default_branch
    if not name or name == default or not _needs_branch(repository.manifest):
        return
    others = sorted({default, *known} - {name})
    twin = next((other for other in others if fold(other) == fold(name)), None)
    if twin is not None:
        raise RefusedError(
            f"the branches {name!r} and {twin!r} have the same fileUris: the TMS does not distinguish upper"
            " and lower case, nor composed and decomposed letters",
            hint=f"Rename one of them (`git branch -m`); if {twin!r} is gone, run `git fetch --prune`.",
        )


def _explained(repository: Repository) -> Repository:
    """Return REPOSITORY with its empty patterns explained by files that git does not track."""
    if not any(diagnostic.code == "E203" for diagnostic in repository.layout.diagnostics):
        return repository
    workspace, tracked = repository.workspace, repository.tracked
    head = workspace.tree().keys() - tracked.files.keys() if workspace.commit() else frozenset()
    remedy = "run `git checkout`, or widen the sparse checkout" if not tracked.files else "run `git restore`"
    tree = replace(
        repository.tree,
        untracked={
            **dict.fromkeys(
                workspace.untracked(ignored=True), "is ignored by git: see `git check-ignore -v`"
            ),
            **dict.fromkeys(workspace.untracked(), "is not tracked by git: run `git add`, and commit it"),
            **dict.fromkeys(head, f"is in HEAD and not in the index: {remedy}"),
        },
    )
    return replace(repository, tree=tree, layout=layout.lay_out(repository.manifest, tree))


_SERVERS = ("GITHUB_SERVER_URL", "CI_SERVER_URL", "SYSTEM_COLLECTIONURI")
"""Variables of GitHub, GitLab and Azure that name the server of the repository."""


def _token(workspace: Workspace, environ: Mapping[str, str]) -> GitToken | None:
    """Return the token that the repository's server may get: the CI says which that is, else the remote."""
    value = environ.get("L10NSYNC_GIT_TOKEN", "").strip()
    if not value:
        return None
    require_certificates()
    address = next((environ[name] for name in _SERVERS if environ.get(name)), "")
    server = server_of(address) if address else workspace.remote_server()
    return GitToken(value, server) if server else None


def _event(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Return what the event's file adds, where the CI gives one; what a variable says already stays.

    An event that cannot be read may be a fork's.
    """
    path = environ.get("GITHUB_EVENT_PATH")
    if not path:
        return {}
    try:
        found = event_environment(json.loads(Path(path).read_text("utf-8")))
    except (OSError, ValueError, RecursionError):
        found = {"L10NSYNC_FORK": "true"}
    return {name: value for name, value in found.items() if not environ.get(name)}


def _changed(
    workspace: Workspace, default: str, request: PullRequest | None, *, fetch: bool
) -> frozenset[str] | None:
    """Return the files that differ from the default branch; None where nothing can be compared."""
    hints = _ci_hints(request, default)
    found = merge_base.find(workspace, default, hints)
    if fetch and workspace.commit():
        found = merge_base.fetch(workspace, default, hints)
    return merge_base.changed(workspace, found) if found else None


def _ci_hints(request: PullRequest | None, default: str) -> merge_base.CiHints:
    """Return what the CI says of a pull request; nothing if it will be merged into another branch."""
    if request is None or request.target != default:
        return merge_base.CiHints()
    return merge_base.CiHints(request.merge, request.base)


def _load(
    paths: Sequence[Path],
    settings: Settings,
    workspace: Workspace,
    tracked: TrackedFiles,
    environ: Mapping[str, str],
) -> Manifest:
    """Return the manifests of PATHS as one; raise `ManifestError` with the problems of all."""
    loaded: list[Manifest] = []
    problems: list[Diagnostic] = []
    for path in paths:
        try:
            loaded.append(
                manifest.load(
                    _manifest_text(path, settings, workspace, tracked),
                    file=_shown(path, settings),
                    folder=_folder(path, workspace),
                    environ=environ,
                )
            )
        except ManifestError as error:
            problems += error.diagnostics
    if problems:
        raise ManifestError(problems)
    if len({part.default_branch for part in loaded}) > 1:
        named = ", ".join(f"{part.default_branch} ({part.file})" for part in loaded)
        raise UsageError(
            f"the manifests name different default branches: {named}",
            hint="Set the same `branch.default` in all of them.",
        )
    return layout.join_manifests(loaded)


def _lay_out(
    workspace: Workspace,
    loaded: Manifest,
    branch: Branch,
    settings: Settings,
    tracked: TrackedFiles,
    changed: frozenset[str] | None,
) -> Repository:
    ignores = {part.folder: _ignore(workspace, tracked, part) for part in (loaded, *loaded.parts)}
    tree = TrackedTree(
        files=sorted(tracked.files),
        specials=tracked.specials,
        ignore=ignores[loaded.folder],
        ignores=ignores,
        branch=branch.name or None,
        changed=changed,
        repo=workspace.origin_name() if _needs_repo(loaded) else "",
    )
    found = layout.lay_out(loaded, tree)
    pointers = workspace.lfs_pointers({source.path: tracked.files[source.path] for source in found.sources})
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


def _needs_repo(loaded: Manifest) -> bool:
    return any("{repo}" in f"{resource.file_uri} {resource.namespace or ''}" for resource in loaded.resources)


def _ignore(workspace: Workspace, tracked: TrackedFiles, loaded: Manifest) -> str:
    path = f"{loaded.folder}/.l10nignore".lstrip("/")
    content = workspace.read(path) or _left_out(path, workspace, tracked) or b""
    return content.decode("utf-8", "replace")


def _left_out(path: str, workspace: Workspace, tracked: TrackedFiles) -> bytes | None:
    """Return what git has of a file that a sparse checkout leaves out; None for any other."""
    return (
        workspace.blobs([tracked.files[path]]).get(tracked.files[path]) if path in tracked.left_out else None
    )


def _manifest_text(path: Path, settings: Settings, workspace: Workspace, tracked: TrackedFiles) -> bytes:
    """Return a manifest's content; raise `UsageError` for one that cannot be read, or is deleted here."""
    shown = _shown(path, settings)
    try:
        if path.exists() and not path.is_file():  # reading a pipe would wait for its writer
            raise UsageError(
                f"the manifest {shown} is not a file", hint="Put a file there, or name one with -f."
            )
        return path.read_bytes()
    except FileNotFoundError:
        name = f"{_folder(path, workspace)}/{path.name}".lstrip("/")
    except OSError as error:
        raise UsageError(
            f"the manifest {shown} cannot be read: {error.strerror}", hint="Check its permissions."
        ) from error
    content = _left_out(name, workspace, tracked)
    if content is None:
        raise UsageError(
            f"the manifest {shown} is tracked, but it is not in the work tree",
            hint=f"Run `git restore {shown}`, or commit its deletion.",
        )
    return content


def _find_manifests(settings: Settings, workspace: Workspace, tracked: TrackedFiles) -> list[Path]:
    """Return the manifests that are named; else the nearest one above; else all below the folder."""
    if settings.manifests:
        named = list(
            chain.from_iterable(
                _named(manifest, settings, workspace, tracked) for manifest in settings.manifests
            )
        )
        return list(dict.fromkeys(named))
    found = manifest.find(settings.directory.resolve(), workspace.root.resolve())
    if found is not None:
        return [found]
    below = _named(f"**/{MANIFEST_NAME}", settings, workspace, tracked, needed=False)
    if not below:
        raise UsageError(
            f"there is no {MANIFEST_NAME} in {settings.directory}, above it up to {workspace.root}, or below"
            " it among the tracked files",
            hint="`l10nsync init` generates one; -f names one elsewhere.",
        )
    return below


def _named(
    text: str, settings: Settings, workspace: Workspace, tracked: TrackedFiles, *, needed: bool = True
) -> list[Path]:
    """Return the file called TEXT, or the tracked ones that it matches as a glob."""
    path = (settings.directory / text).resolve()
    if path.is_file():
        return [path]
    root, start = workspace.root.resolve(), settings.directory.resolve()
    prefix = "" if start == root else f"{start.relative_to(root).as_posix()}/"
    try:
        pattern = compile_source(text)
    except PatternError as error:
        raise UsageError(f"{text} is neither a file nor a valid pattern: {error.message}") from None
    fits = [
        root / file
        for file in sorted(tracked.files)
        if file.startswith(prefix) and pattern.match(file.removeprefix(prefix)) is not None
    ]
    if not fits and needed:
        raise UsageError(
            f"there is no manifest at {text}",
            hint="Check the path given to -f; a pattern finds tracked files.",
        )
    return fits


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
    left = {resource.name for resource in _left(settings, loaded)}
    kept = (source for source in sources if source.resource in left)
    if not settings.locales:
        return tuple(kept)
    known = set(chain.from_iterable(resource.locales.names for resource in loaded.resources))
    wanted = chosen_locales(settings.locales, known, sources)
    return tuple(_with_locales(source, wanted) for source in kept)


def _left(settings: Settings, loaded: Manifest) -> tuple[Resource, ...]:
    """Return the resources that the filters leave; raise `UsageError` for a name that fits nothing."""
    names = _spellings(loaded)
    projects = _project_spellings(loaded)
    if settings.resources:
        _require_known("resource", settings.resources, names)
    if settings.project:
        _require_known("project", (settings.project,), projects)
    chosen = _chosen(settings.resources, names)
    own = _chosen((settings.project,) if settings.project else (), projects)
    return tuple(
        resource
        for resource in loaded.resources
        if (not settings.resources or resource.name in chosen)
        and (not settings.project or resource.project in own)
    )


def _spellings(loaded: Manifest) -> Mapping[str, tuple[str, ...]]:
    """Return each resource's name with what it may be called: including the name in its own manifest."""
    plain: dict[str, tuple[str, ...]] = {resource.name: (resource.name,) for resource in loaded.resources}
    for part in loaded.parts:
        for resource in part.resources:
            plain[resource.name] = (resource.name, resource.name.removeprefix(f"{part.folder}/"))
    return plain


def _project_spellings(loaded: Manifest) -> Mapping[str, tuple[str, ...]]:
    """Return each project's name with what it may be called."""
    plain: dict[str, tuple[str, ...]] = {name: (name,) for name in loaded.projects}
    for part in loaded.parts:
        for name in part.projects:
            plain[name] = (*plain[name], name.removeprefix(f"{part.folder}/"))
    return plain


def _chosen(wanted: Sequence[str], spellings: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Return the names with a spelling that is WANTED, by itself or as a glob."""
    return frozenset(
        name
        for name, spelled in spellings.items()
        if any(name == pattern or fnmatchcase(name, pattern) for pattern, name in product(wanted, spelled))
    )


def _from_root(settings: Settings, workspace: Workspace) -> list[str]:
    """Return the paths that were typed, from the git root; raise `UsageError` for one outside of it."""
    root, start = workspace.root.resolve(), settings.directory.resolve()
    found = []
    for typed in settings.paths:
        # Not resolved: a link in the repository is itself, not what it points to.
        full = Path(os.path.normpath(start / typed))
        if not full.is_relative_to(root):
            raise UsageError(f"{typed} lies outside the repository {workspace.root}")
        found.append("" if full == root else full.relative_to(root).as_posix())
    return found


def _with_locales(source: Source, locales: frozenset[str]) -> Source:
    return replace(
        source,
        locales=tuple(locale for locale in source.locales if locale in locales),
        targets=tuple(target for target in source.targets if target.locale in locales),
    )


def _require_known(kind: str, given: Sequence[str], known: Mapping[str, Sequence[str]]) -> None:
    for name in given:
        if not _chosen((name,), known):
            raise UsageError(
                f"the manifest has no {kind} {name!r}", hint=f"It has: {', '.join(known) or 'none'}."
            )
