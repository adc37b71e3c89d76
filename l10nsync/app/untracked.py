"""Files that a source pattern matches and git does not track: named, so that nobody waits for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from l10nsync import layout
from l10nsync.app.repository import Repository
from l10nsync.model import Manifest
from l10nsync.paths import compile_source


def untracked_sources(repository: Repository) -> tuple[str, ...]:
    """Return the files that a source pattern matches and git does not track; none that it ignores."""
    folders = set(_pattern_folders(repository.manifest))
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
    files = "1 file matches a source pattern and is"
    if len(paths) > 1:
        files = f"{len(paths)} files match a source pattern and are"
    return f"{files} not tracked by git: {named} (`git add`, and commit, to send)"


def _pattern_folders(manifest: Manifest) -> Iterator[str]:
    """Yield the folder in which the matches of each source pattern lie; an empty one is the repository's."""
    for part in manifest.parts or (manifest,):
        for text in chain.from_iterable(resource.sources for resource in part.resources):
            start = f"{part.folder}/{compile_source(text).literal_prefix}"
            yield start.lstrip("/").rpartition("/")[0]
