"""The first manifest of a repository: drafted, checked against the files, written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path

from l10nsync import discovery, formats, layout, manifest
from l10nsync.app.links import Connect
from l10nsync.discovery import Draft, Inventory
from l10nsync.errors import ContentError, Diagnostic, ManifestError, RefusedError, UsageError
from l10nsync.layout import Layout, TrackedTree
from l10nsync.model import Project, ProjectDetails, Question, Source, target_paths
from l10nsync.workspace import Workspace

_USUAL_BRANCHES = ("main", "master", "develop", "trunk")


@dataclass(frozen=True, slots=True)
class InitRequest:
    """How a manifest is begun."""

    directory: Path
    origin: str | None = None
    """A configuration of another tool; None detects."""
    project: str = ""
    source_locale: str = ""
    """Empty: what the repository says."""
    locales: tuple[str, ...] = ()
    """Local names, or ids, if they cannot be found."""
    force: bool = False
    """Replace a manifest that is there."""
    details: ProjectDetails | None = None
    """The project, where it could be asked: its ids decide."""


@dataclass(frozen=True)
class Begun:
    """A manifest, not written yet."""

    path: Path
    text: str
    draft: Draft
    sources: int
    targets: int
    """Translations that the repository has."""
    strings: int
    words: int
    problems: tuple[Diagnostic, ...]
    """What is still wrong with it; it is not to be written then."""
    differences: tuple[str, ...] = ()
    """Where it means something else than the configuration that it comes from."""
    same: int = 0
    """Pairs of a file and a locale for which both mean the same."""


class _Scene:
    """The repository that the manifest is for."""

    def __init__(self, directory: Path) -> None:
        self.path = directory.resolve() / manifest.NAME
        self.workspace = Workspace.open(directory)
        self.tracked = self.workspace.tracked()
        root = self.workspace.root.resolve()
        self.folder = "" if self.path.parent == root else self.path.parent.relative_to(root).as_posix()
        self.prefix = f"{self.folder}/" if self.folder else ""
        self._contents: dict[str, bytes] = {}

    @cached_property
    def stock(self) -> Inventory:
        """The tracked files below the manifest's folder, relative to it."""
        below = (path for path in self.tracked.files if path.startswith(self.prefix))
        return discovery.take_stock((path.removeprefix(self.prefix) for path in below), self.read)

    @cached_property
    def tree(self) -> TrackedTree:
        """The tracked files, for laying the manifest out."""
        branch, origin = self.workspace.branch() or "main", self.workspace.origin_name()
        return TrackedTree(sorted(self.tracked.files), self.tracked.specials, branch=branch, repo=origin)

    def read(self, path: str) -> bytes:
        """Return the content of a file below the manifest's folder, of the work tree or else the index."""
        full = self.prefix + path
        if full not in self._contents:
            found = self.workspace.read(full)
            blob = self.tracked.files.get(full, "")
            self._contents[full] = (
                self.workspace.blobs([blob]).get(blob, b"") if found is None and blob else found or b""
            )
        return self._contents[full]

    def laid_out(self, text: str) -> Layout:
        """Return what a manifest means for the files; raise `ManifestError` if it is invalid."""
        environ = {"SMARTLING_PROJECT_ID": "unknown"}
        loaded = manifest.load(text.encode(), file=manifest.NAME, folder=self.folder, environ=environ)
        return layout.lay_out(loaded, self.tree)

    def by_path(self, found: Layout) -> dict[str, Source]:
        """Return the sources of a layout by their paths below the manifest's folder."""
        return {source.path.removeprefix(self.prefix): source for source in found.sources}


@dataclass(frozen=True)
class _JudgedDraft:
    """A draft as a manifest, laid out over the files."""

    draft: Draft
    layout: Layout
    problems: tuple[Diagnostic, ...]


def prepare_init(request: InitRequest) -> Begun:
    """Return the manifest that fits the repository; writes nothing."""
    scene = _Scene(request.directory)
    if scene.path.exists() and not request.force:
        raise RefusedError(
            f"{manifest.NAME} already exists", hint="`l10nsync check` reads it; --force replaces it."
        )
    drafted = replace(_draft(request, scene), branch=_default_branch(scene.workspace))
    found = _settled(drafted if request.origin is None else _allowed(drafted, scene), scene)
    draft = found.draft
    if request.origin is None:
        draft = replace(draft, not_taken=(*draft.not_taken, *_not_taken(found, scene)))
    if not draft.resources:
        raise _nothing("no translations found that l10nsync can handle", draft)
    same = discovery.parity(draft.meaning, scene.by_path(found.layout), scene.prefix)
    there = list(chain.from_iterable(source.targets for source in found.layout.sources))
    strings, words = _counted(found.layout.sources, scene)
    return Begun(
        scene.path, discovery.written(draft), draft, len(found.layout.sources),
        sum(target.path in scene.tracked.files for target in there), strings, words, found.problems,
        *((same.differences, same.same) if request.origin else ()),
    )  # fmt: skip


def prepare_report(request: InitRequest) -> Begun:
    """Return the manifest that is here, compared with the configuration that REQUEST names."""
    scene = _Scene(request.directory)
    draft = _draft(request, scene)
    text = scene.path.read_text("utf-8")
    found = scene.laid_out(text)
    same = discovery.parity(draft.meaning, scene.by_path(found), scene.prefix)
    return Begun(scene.path, text, draft, len(found.sources), 0, 0, 0, (), same.differences, same.same)


def ask_project(connect: Connect, project_id: str) -> ProjectDetails | None:
    """Return what the service says about a project; raises the service's errors."""
    provider, _connection = connect(Project("default", project_id))
    try:
        return provider.observe(Question(project=True)).project
    finally:
        provider.close()


def _draft(request: InitRequest, scene: _Scene) -> Draft:
    details = request.details
    source = request.source_locale or (details.source_locale if details else "")
    draft = (
        _detected(request, scene, source) if request.origin is None else _converted(request, scene, source)
    )
    draft = discovery.with_locales(draft, request.locales)
    if not draft.locales and not any(resource.only or resource.locale_map for resource in draft.resources):
        sources = ", ".join(chain.from_iterable(resource.sources[:3] for resource in draft.resources[:3]))
        raise UsageError(
            "no target locale found",
            hint=f"Sources: {sources}. Name the locales: `l10nsync init -l de -l fr` and so on.",
        )
    draft = discovery.with_ids(draft, details.locales) if details and details.locales else draft
    return replace(draft, project=request.project or draft.project or "${SMARTLING_PROJECT_ID}")


def _detected(request: InitRequest, scene: _Scene, source: str) -> Draft:
    configured = discovery.configured(scene.stock)
    draft = discovery.detect(scene.stock, source, configured)
    draft = draft if draft.resources else discovery.detect(scene.stock, source, configured, alone=True)
    if not draft.resources and not request.locales:
        named = replace(draft, not_taken=discovery.not_taken(draft, scene.stock, ()))
        raise _nothing("no translations found among the tracked files", named)
    return draft


def _converted(request: InitRequest, scene: _Scene, source: str) -> Draft:
    origin = request.origin or ""
    try:
        content = (request.directory / origin).read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {origin}: {error.strerror}") from error
    draft = discovery.convert(origin, content, scene.stock.paths, scene.read)
    draft = replace(draft, source_locale=source) if source else draft
    if request.locales or draft.locales:
        return draft
    seen = discovery.detect(scene.stock, draft.source_locale).locales
    note = "TODO locales: the old file shows none; these are those of other files here"
    return replace(draft, locales=seen, notes=(*draft.notes, note) if seen else draft.notes)


def _nothing(message: str, draft: Draft) -> UsageError:
    """Return the error for a repository without anything to take; its hint says what there is instead."""
    others = [f"`{discovery.from_command(path)}`" for path, _tool in draft.others]
    keys = [note for note in draft.notes if note.startswith("TODO key: ")]
    usual = "Only files tracked by git count. `--from FILE` reads another tool's configuration."
    return UsageError(message, hint="; ".join([*draft.not_taken[:5], *keys[:5], *others]) or usual)


def _default_branch(workspace: Workspace) -> str:
    """Return the default branch, if it is not the one that a manifest means without saying so."""
    here = set(workspace.branch_names())
    found = workspace.remote_default() or next((name for name in _USUAL_BRANCHES if name in here), "")
    found = found or workspace.branch()
    return "" if found == "main" else found


def _judge(draft: Draft, scene: _Scene) -> _JudgedDraft:
    """Return what a draft means for the files, and what `check` would say of it."""
    try:
        found = scene.laid_out(discovery.written(draft))
    except ManifestError as error:
        return _JudgedDraft(draft, Layout((), (), ()), tuple(error.diagnostics))
    return _JudgedDraft(
        draft, found, tuple(diagnostic for diagnostic in found.diagnostics if diagnostic.severity == "error")
    )


def _settled(draft: Draft, scene: _Scene) -> _JudgedDraft:
    """Return DRAFT without what `check` refuses, each part that is left out with its reason."""
    found = _readable(_judge(draft, scene), scene)
    if not found.problems:
        return found
    # Resource by resource: what is wrong alone, or together with those before it, is left out.
    kept = _judge(replace(found.draft, resources=()), scene)
    for resource in found.draft.resources:
        more = _judge(replace(kept.draft, resources=(*kept.draft.resources, resource)), scene)
        if more.problems:
            line = f"{', '.join(resource.sources)}: {more.problems[0].message}"
            kept = replace(kept, draft=replace(kept.draft, not_taken=(*kept.draft.not_taken, line)))
        else:
            kept = more
    return kept


def _not_taken(found: _JudgedDraft, scene: _Scene) -> tuple[str, ...]:
    used = [path.removeprefix(scene.prefix) for path in _used(found.layout)]
    return discovery.not_taken(found.draft, scene.stock, used)


def _allowed(draft: Draft, scene: _Scene) -> Draft:
    """Return DRAFT with leave to match no file for what another tool's configuration says without any."""
    resources = []
    for resource in draft.resources:
        alone = _judge(replace(draft, resources=(resource,)), scene)
        if not alone.layout.sources and resource.sources:
            note = f"TODO: {', '.join(resource.sources)} matches no tracked file"
            resource = replace(resource, optional=True, notes=(*resource.notes, note))  # noqa: PLW2901
        resources.append(resource)
    return replace(draft, resources=tuple(resources))


def _readable(found: _JudgedDraft, scene: _Scene) -> _JudgedDraft:
    """Return what was FOUND without the sources that do not parse as their types."""
    faults = {path: _fault(source, scene) for path, source in scene.by_path(found.layout).items()}
    broken = {path: source for path, source in scene.by_path(found.layout).items() if faults[path]}
    if not broken:
        return found
    lines = [
        f"{path}: it does not parse as {source.file_type}: {faults[path]}" for path, source in broken.items()
    ]
    resources = []
    for resource in found.draft.resources:
        own = sorted(path for path, source in broken.items() if source.resource == resource.name)
        left = tuple(source for source in resource.sources if source not in own)
        excluded = tuple(f"/{path}" for path in own) if left == resource.sources else ()
        if left:
            resources.append(replace(resource, sources=left, exclude=(*resource.exclude, *excluded)))
    not_taken = (*found.draft.not_taken, *lines)
    return _judge(replace(found.draft, resources=tuple(resources), not_taken=not_taken), scene)


def _fault(source: Source, scene: _Scene) -> str:
    """Return why a source does not parse, with its line; empty if it does."""
    content = scene.read(source.path.removeprefix(scene.prefix))
    try:
        if content.strip():
            formats.parse(source.file_type, content, source.directives, source.charset)
    except ContentError as error:
        return f"{error.message} (line {error.line})" if error.line else error.message
    return ""


def _used(found: Layout) -> list[str]:
    return [
        *(source.path for source in found.sources),
        *(target_paths(found.sources)),
    ]


def _counted(sources: Sequence[Source], scene: _Scene) -> tuple[int, int]:
    """Return how many strings and words a first push would send."""
    strings = words = 0
    for source in sources:
        content = scene.read(source.path.removeprefix(scene.prefix))
        try:
            counts = formats.count(source.file_type, content, source.directives, source.charset)
        except ContentError:
            continue
        if counts:
            strings, words = strings + counts.strings, words + counts.words
    return strings, words


def write_init(begun: Begun) -> None:
    """Write the manifest; raise `ManifestError` instead if `check` would refuse it."""
    if begun.problems:
        raise ManifestError(list(begun.problems))
    try:
        begun.path.write_text(begun.text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {begun.path}: {error.strerror}") from error
