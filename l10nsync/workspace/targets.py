"""Targets as git sees them: as it would store what the work tree has, else what it holds itself.

A sparse checkout shows a part of what is tracked, and a file may be deleted and not committed: then index and
HEAD speak for it. All contents are as git stores them; attributes have their say when a target is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from l10nsync.errors import LocalIOError
from l10nsync.workspace import LFS_MARK, TrackedFiles, Workspace
from l10nsync.workspace.attributes import AS_IT_IS, Conversion, conversions
from l10nsync.workspace.command import fields

Absent = Literal["", "left out", "deleted"]
"""Why the work tree lacks a file that git has: a sparse checkout leaves it out, or somebody deleted it."""


@dataclass(frozen=True, slots=True)
class TargetFile:
    """One target, as git would store it."""

    content: bytes
    absent: Absent = ""


class Targets:
    """The targets at some paths of a work tree."""

    def __init__(self, workspace: Workspace, tracked: TrackedFiles, paths: Iterable[str]) -> None:
        self.root: Path = workspace.root
        self._workspace = workspace
        self._tracked = tracked
        self._paths = sorted(set(paths))
        self.conversions: Mapping[str, Conversion] = conversions(workspace.git, self._paths)
        """Of the paths that are not the same in the repository and the work tree."""
        self.unreadable: dict[str, str] = {}
        """Why a file that is there could not be read, by path, once `files` or `each` has tried."""

    def files(self) -> dict[str, TargetFile]:
        """Return all that the work tree has, or git where it lacks them."""
        return dict(self.each())

    def each(self) -> Iterator[tuple[str, TargetFile]]:
        """Yield them by path, one after the other."""
        missing: list[str] = []
        for path in self._paths:
            try:
                content = self.read(path)
            except LocalIOError as error:
                self.unreadable[path] = error.message
                continue
            if content is None:
                missing.append(path)
            else:
                yield path, TargetFile(content)
        yield from self._held(missing).items()

    def read(self, path: str) -> bytes | None:
        """Return what the work tree has at PATH, as git would store it; None if there is no file."""
        content = self._workspace.read(path)
        return None if content is None else self._conversion(path).stored(content)

    def checked_out(self, path: str, content: bytes) -> bytes:
        """Return CONTENT as git's attributes want it at PATH; raise `ContentError` if that cannot be."""
        return self._conversion(path).checked_out(content)

    def _conversion(self, path: str) -> Conversion:
        """Return what git does with PATH: what is stored with CRLF, automatic conversion leaves alone."""
        return AS_IT_IS if path in self._with_crlf else self.conversions.get(path, AS_IT_IS)

    @cached_property
    def _with_crlf(self) -> frozenset[str]:
        """Paths under automatic conversion whose tracked content has CRLF, where that makes a difference."""
        tracked = self._tracked.files
        asked = {
            path: tracked[path]
            for path, conversion in self.conversions.items()
            if conversion.text == "auto"
            and path in tracked
            and (conversion.crlf or b"\r\n" in (self._workspace.read(path) or b""))
        }
        contents = self._workspace.blobs(asked.values())
        return frozenset(path for path, blob in asked.items() if b"\r\n" in contents.get(blob, b""))

    def _held(self, missing: Iterable[str]) -> dict[str, TargetFile]:
        """Return what index or HEAD have of the paths that the work tree lacks, as far as it is content."""
        blobs = {path: self._tracked.files[path] for path in missing if path in self._tracked.files}
        rest = [path for path in missing if path not in self._tracked.files]
        if rest and (removed := self._removed()):
            blobs |= {path: removed[path] for path in rest if path in removed}
        contents = self._workspace.blobs(blobs.values())
        return {
            path: TargetFile(content, "left out" if path in self._tracked.left_out else "deleted")
            for path, blob in blobs.items()
            if (content := contents.get(blob)) is not None
            # A program would have to turn it into content.
            and not (content.startswith(LFS_MARK) or self.conversions.get(path, AS_IT_IS).filtered)
        }

    def _removed(self) -> dict[str, str]:
        """Return path to blob id of what HEAD has and the index no longer has."""
        if not self._workspace.commit():
            return {}
        out = self._workspace.git(
            "diff-index",
            "--cached",
            "--raw",
            "-z",
            "--no-abbrev",
            "--no-renames",
            "--diff-filter=D",
            "HEAD",
            "--",
        )
        records = fields(out)
        return {path: meta.split(" ")[2] for meta, path in zip(records, records, strict=True)}
