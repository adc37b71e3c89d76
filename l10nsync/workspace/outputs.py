"""Files that a build or test leaves in the work tree, tracked by git or not. No link is followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from l10nsync.errors import LocalIOError


def regular_files(root: Path, folder: str) -> Iterator[str]:
    """Yield the regular files below FOLDER of the work tree ROOT, from its top; none behind a link.

    Git's own folders are passed over. A folder that is not there has no files; one that cannot be read raises
    `LocalIOError`.
    """
    parts = [part for part in folder.split("/") if part]
    if any((root / Path(*parts[: number + 1])).is_symlink() for number in range(len(parts))):
        return
    start = root / folder
    for place, folders, names in os.walk(start, onerror=_raise):
        folders[:] = sorted(name for name in folders if name != ".git")
        for name in sorted(names):
            full = Path(place) / name
            if stat.S_ISREG(full.lstat().st_mode):
                yield full.relative_to(root).as_posix()


def _raise(error: OSError) -> None:
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return
    raise LocalIOError(f"cannot read {error.filename}: {error.strerror}") from error
