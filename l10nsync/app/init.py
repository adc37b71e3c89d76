"""The first manifest of a repository: drafted, checked against the files, written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from l10nsync import discovery, formats, layout, manifest
from l10nsync.discovery import Draft
from l10nsync.errors import ContentError, Diagnostic, ManifestError, RefusedError, UsageError
from l10nsync.layout import Layout, Tree
from l10nsync.model import Source
from l10nsync.workspace import Tracked, Workspace

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
    """Local names, or ids, where nothing tells them."""
    force: bool = False
    """Replace a manifest that is there."""
    ids: tuple[str, ...] = ()
    """Locale ids of the project, where it could be asked."""


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


@dataclass(frozen=True)
class _Scene:
    """The repository that the manifest is for."""

    workspace: Workspace
    tracked: Tracked
    folder: str
    contents: dict[str, bytes] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        return f"{self.folder}/" if self.folder else ""

    @property
    def files(self) -> list[str]:
        """The tracked files below the manifest's folder, relative to it."""
        return sorted(
            path.removeprefix(self.prefix) for path in self.tracked.files if path.startswith(self.prefix)
        )

    def read(self, path: str) -> bytes:
        """Return the content of a file below the manifest's folder, of the work tree or else the index."""
        full = self.prefix + path
        if full not in self.contents:
            found = self.workspace.read(full)
            blob = self.tracked.files.get(full, "")
            self.contents[full] = (
                self.workspace.blobs([blob]).get(blob, b"") if found is None and blob else found or b""
            )
        return self.contents[full]


@dataclass(frozen=True)
class _Judged:
    """A draft as a manifest, laid out over the files."""

    text: str
    layout: Layout
    problems: tuple[Diagnostic, ...]


def prepare_init(request: InitRequest) -> Begun:
    """Return the manifest that fits the repository; writes nothing."""
    workspace = Workspace.open(request.directory)
    path = request.directory.resolve() / manifest.NAME
    if path.exists() and not request.force:
        raise RefusedError(
            f"there is a {manifest.NAME} already", hint="`l10nsync check` reads it; --force replaces it."
        )
    root = workspace.root.resolve()
    folder = "" if path.parent == root else path.parent.relative_to(root).as_posix()
    scene = _Scene(workspace, workspace.tracked(), folder)
    draft = replace(_draft(request, scene), branch=_default_branch(workspace))
    draft = _settled(draft if request.origin is None else _allowed(draft, scene), scene)
    if request.origin is None:
        found = _judge(draft, scene)
        used = [each.removeprefix(scene.prefix) for each in _used(found.layout)]
        lines = discovery.not_taken(draft, scene.files, used, scene.read)
        draft = replace(draft, not_taken=(*draft.not_taken, *lines))
        if not draft.resources:
            raise UsageError(
                "no translations were found that l10nsync can take",
                hint="; ".join(draft.not_taken[:5]) or "Write a manifest by hand, or begin with --from FILE.",
            )
    found = _judge(draft, scene)
    differences, same = _compared(draft, found.layout, scene) if request.origin else ((), 0)
    present = sum(
        1 for source in found.layout.sources for each in source.targets if each.path in scene.tracked.files
    )
    strings, words = _counted(found.layout.sources, scene)
    return Begun(
        path,
        found.text,
        draft,
        len(found.layout.sources),
        present,
        strings,
        words,
        found.problems,
        differences,
        same,
    )


def _draft(request: InitRequest, scene: _Scene) -> Draft:
    if request.origin is None:
        draft = discovery.detect(scene.files, request.source_locale, scene.read, request.ids)
        if not draft.resources and not request.locales:
            others = [f"`l10nsync init --from {path}`" for path, _tool in draft.others]
            lines = discovery.not_taken(draft, scene.files, (), scene.read)
            raise UsageError(
                "no translations were found among the tracked files",
                hint="; ".join(
                    [*lines[:5], *others]
                    or ["Write a manifest by hand (docs/manifest.md), or begin with --from FILE."]
                ),
            )
    else:
        try:
            content = (request.directory / request.origin).read_bytes()
        except OSError as error:
            raise UsageError(f"cannot read {request.origin}: {error.strerror}") from error
        draft = discovery.convert(request.origin, content, scene.files, scene.read)
        if request.source_locale:
            draft = replace(draft, source_locale=request.source_locale)
        if not request.locales and not draft.locales:
            seen = discovery.detect(scene.files, draft.source_locale, scene.read).locales
            note = "TODO locales: the old file shows none; these are those of other files here"
            draft = replace(draft, locales=seen, notes=(*draft.notes, note) if seen else draft.notes)
    draft = discovery.with_locales(draft, request.locales)
    if not draft.locales and not any(each.only or each.locale_map for each in draft.resources):
        raise UsageError(
            "no locale is known to translate into", hint="Name them: `l10nsync init -l de -l fr` and so on."
        )
    return replace(draft, project=request.project or draft.project or "${SMARTLING_PROJECT_ID}")


def _default_branch(workspace: Workspace) -> str:
    """Return the default branch, if it is not the one that a manifest means without saying so."""
    here = set(workspace.branch_names())
    found = workspace.remote_default() or next((name for name in _USUAL_BRANCHES if name in here), "")
    found = found or workspace.branch()
    return "" if found == "main" else found


def _judge(draft: Draft, scene: _Scene) -> _Judged:
    """Return what a draft means for the files, and what `check` would say of it."""
    text = discovery.written(draft)
    try:
        loaded = manifest.load(
            text.encode(),
            file=manifest.NAME,
            folder=scene.folder,
            environ={"SMARTLING_PROJECT_ID": "unknown"},
        )
    except ManifestError as error:
        return _Judged(text, Layout((), (), ()), tuple(error.diagnostics))
    tree = Tree(
        sorted(scene.tracked.files), scene.tracked.specials, branch=scene.workspace.branch() or "main",
        repo=scene.workspace.origin_name(),
    )  # fmt: skip
    found = layout.lay_out(loaded, tree)
    wrong = tuple(each for each in found.diagnostics if each.severity == "error")
    return _Judged(text, found, wrong)


def _settled(draft: Draft, scene: _Scene) -> Draft:
    """Return DRAFT without what `check` refuses, each part that is left out with its reason."""
    draft = _readable(draft, scene)
    if not _judge(draft, scene).problems:
        return draft
    # Resource by resource: what is wrong alone, or together with those before it, is left out.
    kept = replace(draft, resources=())
    for resource in draft.resources:
        more = replace(kept, resources=(*kept.resources, resource))
        problems = _judge(more, scene).problems
        if problems:
            line = f"{', '.join(resource.sources)}: {problems[0].message}"
            kept = replace(kept, not_taken=(*kept.not_taken, line))
        else:
            kept = more
    return kept


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


def _compared(draft: Draft, found: Layout, scene: _Scene) -> tuple[tuple[str, ...], int]:
    """Return where the manifest means something else than the old file, and how often it does not."""
    ours = {
        (each.path.removeprefix(scene.prefix), target.locale): target.path.removeprefix(scene.prefix)
        for each in found.sources
        for target in each.targets
    }
    taken = {each.path.removeprefix(scene.prefix) for each in found.sources}
    theirs = {
        (each.source, locale): each.template.replace("{locale}", name)
        for each in draft.meaning
        if each.template
        for locale, names in each.names.items()
        for name in names[:1]
    }
    # Where the old file knows no locale, it means the same place for whatever locale there is.
    silent = {each.source: each.template for each in draft.meaning if each.template and not each.names}
    theirs |= {
        (path, target.locale): silent[path].replace("{locale}", target.local_name)
        for each in found.sources
        if (path := each.path.removeprefix(scene.prefix)) in silent
        for target in each.targets
    }
    lines = [
        f"{source} {locale}: {theirs.get((source, locale), 'nothing')} by the old file,"
        f" {ours.get((source, locale), 'nothing')} by the manifest"
        for source, locale in sorted(ours.keys() | theirs.keys())
        if ours.get((source, locale)) != theirs.get((source, locale))
    ]
    unknown = sorted({each.source for each in draft.meaning if each.template is None})
    lines += [f"{path}: the old file says a target that is not known here" for path in unknown]
    lines += [
        f"{each.source}: a source by the old file alone" for each in draft.meaning if each.source not in taken
    ]
    same = sum(1 for pair, path in theirs.items() if ours.get(pair) == path)
    return tuple(lines), same


def prepare_report(request: InitRequest) -> Begun:
    """Return the manifest that is here, compared with the configuration that REQUEST names."""
    workspace = Workspace.open(request.directory)
    path = request.directory.resolve() / manifest.NAME
    root = workspace.root.resolve()
    folder = "" if path.parent == root else path.parent.relative_to(root).as_posix()
    scene = _Scene(workspace, workspace.tracked(), folder)
    draft = _draft(request, scene)
    text = path.read_text("utf-8")
    loaded = manifest.load(
        text.encode(), file=manifest.NAME, folder=folder, environ={"SMARTLING_PROJECT_ID": "unknown"}
    )
    tree = Tree(sorted(scene.tracked.files), scene.tracked.specials, branch=workspace.branch() or "main")
    found = layout.lay_out(loaded, tree)
    differences, same = _compared(draft, found, scene)
    return Begun(path, text, draft, len(found.sources), 0, 0, 0, (), differences, same)


def _readable(draft: Draft, scene: _Scene) -> Draft:
    """Return DRAFT without the sources that do not parse as their types."""
    broken = [each for each in _judge(draft, scene).layout.sources if _fault(each, scene)]
    lines = [
        f"{each.path.removeprefix(scene.prefix)}: it does not parse as {each.file_type}" for each in broken
    ]
    resources = []
    for resource in draft.resources:
        own = sorted(
            each.path.removeprefix(scene.prefix) for each in broken if each.resource == resource.name
        )
        left = tuple(source for source in resource.sources if source not in own)
        if left:
            excluded = own if left == resource.sources else ()
            resources.append(
                replace(
                    resource, sources=left, exclude=(*resource.exclude, *(f"/{path}" for path in excluded))
                )
            )
    return replace(draft, resources=tuple(resources), not_taken=(*draft.not_taken, *lines))


def _fault(source: Source, scene: _Scene) -> bool:
    content = scene.read(source.path.removeprefix(scene.prefix))
    try:
        if content.strip():
            formats.parse(source.file_type, content, source.directives, source.charset)
    except ContentError:
        return True
    return False


def _used(found: Layout) -> list[str]:
    return [
        *(each.path for each in found.sources),
        *(target.path for each in found.sources for target in each.targets),
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
