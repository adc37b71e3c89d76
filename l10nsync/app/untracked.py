"""Files that a source pattern matches and git does not track: named, so that nobody waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from l10nsync import layout
from l10nsync.app.repository import Repository
from l10nsync.paths import compile_source


def untracked_sources(repository: Repository) -> tuple[str, ...]:
    """Return the files that a source pattern matches and git does not track; none that it ignores."""
    patterns = (
        (part.folder, compile_source(text).literal_prefix)
        for part in repository.manifest.parts or (repository.manifest,)
        for resource in part.resources
        for text in resource.sources
    )
    folders = {f"{folder}/{start}".lstrip("/").rpartition("/")[0] for folder, start in patterns}
    others = repository.workspace.untracked(() if "" in folders else folders)
    if not others:
        return ()
    tree = replace(repository.tree, files=sorted({*repository.tree.files, *others}))
    wanted = {resource.name for resource in repository.resources}
    found = layout.lay_out(repository.manifest, tree).sources
    return tuple(source.path for source in found if source.path in others and source.resource in wanted)


def untracked_notice(paths: Sequence[str]) -> str:
    """Return the sentence about files that a source pattern matches and git does not track."""
    named = ", ".join(paths[:3]) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")
    one = "1 file matches a source pattern and is"
    many = f"{len(paths)} files match a source pattern and are"
    return f"{one if len(paths) == 1 else many} not tracked by git: {named} (`git add`, and commit, to send)"
