"""The first manifest of a repository: drafted, checked against the files, written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from l10nsync import discovery, layout, manifest
from l10nsync.discovery import Draft
from l10nsync.errors import Diagnostic, ManifestError, RefusedError, UsageError
from l10nsync.layout import Tree
from l10nsync.workspace import Workspace


@dataclass(frozen=True, slots=True)
class InitRequest:
    """How a manifest is begun."""

    directory: Path
    origin: str | None = None
    """A configuration of another tool; None detects."""
    project: str = ""
    source_locale: str = "en"
    locales: tuple[str, ...] = ()
    """Local names, or ids, where nothing tells them."""
    force: bool = False
    """Replace a manifest that is there."""


@dataclass(frozen=True)
class Begun:
    """A manifest, not written yet."""

    path: Path
    text: str
    draft: Draft
    sources: int
    targets: int
    """Translations that the repository has."""
    problems: tuple[Diagnostic, ...]
    """What is still wrong with it."""


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
    tracked = workspace.tracked()
    prefix = f"{folder}/" if folder else ""
    files = sorted(each.removeprefix(prefix) for each in tracked.files if each.startswith(prefix))
    draft = _draft(request, files)
    text = discovery.written(draft)
    try:
        loaded = manifest.load(
            text.encode(), file=manifest.NAME, folder=folder, environ={"SMARTLING_PROJECT_ID": "unknown"}
        )
    except ManifestError as error:
        return Begun(path, text, draft, 0, 0, tuple(error.diagnostics))
    tree = Tree(sorted(tracked.files), tracked.specials, branch=workspace.branch() or "main")
    found = layout.lay_out(loaded, tree)
    present = sum(1 for source in found.sources for each in source.targets if each.path in tracked.files)
    wrong = tuple(each for each in found.diagnostics if each.severity == "error")
    return Begun(path, text, draft, len(found.sources), present, wrong)


def _draft(request: InitRequest, files: Sequence[str]) -> Draft:
    if request.origin is None:
        draft = discovery.detect(files, request.source_locale)
        if not draft.resources:
            raise UsageError(
                "no translations were found among the tracked files",
                hint="Write a manifest by hand (docs/manifest.md), or begin with --from FILE.",
            )
    else:
        try:
            content = (request.directory / request.origin).read_bytes()
        except OSError as error:
            raise UsageError(f"cannot read {request.origin}: {error.strerror}") from error
        draft = discovery.convert(request.origin, content)
        draft = discovery.with_locales(draft, sorted(discovery.local_names(draft, list(files))))
    draft = discovery.with_locales(draft, request.locales)
    if not draft.locales:
        raise UsageError(
            "no locale is known to translate into", hint="Name them: `l10nsync init -l de -l fr` and so on."
        )
    return replace(draft, project=request.project or draft.project or "${SMARTLING_PROJECT_ID}")


def write_init(begun: Begun) -> None:
    """Write the manifest."""
    try:
        begun.path.write_text(begun.text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {begun.path}: {error.strerror}") from error
