"""Whether a file that a filter program converts was edited, without running the program."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from l10nsync.workspace.command import fields

if TYPE_CHECKING:
    from l10nsync.workspace import Workspace

LFS_MARK = b"version https://git-lfs.github.com/spec/"
_LFS_POINTER = re.compile(rb"oid sha256:([0-9a-f]{64})\nsize (\d+)\n")
_STAT = re.compile(r"mtime: (\d+):(\d+)\n.*?size: (\d+)\t", re.DOTALL)


def unedited(workspace: Workspace, paths: Collection[str]) -> frozenset[str]:
    """Return those of PATHS whose file is as the last checkout left it, or as its Git LFS pointer says."""
    if not paths:
        return frozenset()
    untouched = _untouched(workspace, paths)
    return untouched | _as_pointers_say(workspace, frozenset(paths) - untouched)


def _untouched(workspace: Workspace, paths: Collection[str]) -> frozenset[str]:
    """Return the paths whose size and time of change are those that the index remembers."""
    # Each path ends in a NUL, the details that follow it belong to the path before.
    records = list(fields(workspace.git("ls-files", "--debug", "-z", "--", *sorted(paths))))
    found = set()
    names = [*records[:1], *map(_after_details, records[1:])]
    for path, details in zip(names, records[1:], strict=False):
        remembered = _STAT.search(details)
        if remembered and _is(workspace.root / path, *map(int, remembered.groups())):
            found.add(path)
    return frozenset(found)


def _after_details(record: str) -> str:
    """Return the path that follows the five lines of details of the file before."""
    return record.split("\n", 5)[-1]


def _is(file: Path, seconds: int, nanoseconds: int, size: int) -> bool:
    try:
        found = file.lstat()
    except OSError:
        return False
    same_time = found.st_mtime_ns in {seconds * 10**9 + nanoseconds, seconds * 10**9}
    return same_time and found.st_size == size


def _as_pointers_say(workspace: Workspace, paths: Collection[str]) -> frozenset[str]:
    """Return the paths whose content in the index is a Git LFS pointer to the file in the work tree."""
    blobs = {path: blob for path, blob in workspace.tracked().files.items() if path in paths}
    contents = workspace.blobs(blobs.values())
    return frozenset(
        path for path, blob in blobs.items() if _names(contents.get(blob, b""), workspace.root / path)
    )


def _names(pointer: bytes, file: Path) -> bool:
    """Whether POINTER is one of Git LFS, and FILE is what it points to."""
    named = _LFS_POINTER.search(pointer) if pointer.startswith(LFS_MARK) else None
    if named is None or not file.is_file() or file.stat().st_size != int(named[2]):
        return False
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == named[1].decode()
