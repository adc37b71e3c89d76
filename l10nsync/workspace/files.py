"""Files that are replaced whole: a reader sees the old one or the new one, and no link is followed."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import time
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from l10nsync import paths
from l10nsync.errors import LocalIOError, RefusedError

_TEMPORARY_SUFFIX = ".l10nsync-tmp"
_STALE_AFTER = 3600.0  # seconds; an older temporary file belongs to a run that was killed
_HAS_FOLDER_HANDLES = os.open in os.supports_dir_fd and hasattr(os, "O_DIRECTORY")


def write(root: Path, path: str, content: bytes) -> None:
    """Replace PATH below ROOT by CONTENT so that a reader sees the old file or the new one, never half of it.

    Missing folders are made; `flush` makes sure of the new names. Symbolic links are never followed or
    replaced, below ROOT; raises `RefusedError` for them, for anything that is not a regular file and for a
    path that leads out of ROOT or is dangerous otherwise, `LocalIOError` when the file system refuses.
    """
    if reason := paths.unsafe(path):
        raise RefusedError(f"{path!a} is not written: {reason}", hint="Targets must lie in plain folders.")
    try:
        if _HAS_FOLDER_HANDLES:
            with _folder(root, PurePosixPath(path).parts[:-1]) as folder:
                _replace(folder, PurePosixPath(path).name, content)
        else:
            _replace_by_path(root, path, content)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR}:
            raise RefusedError(
                f"{path} leads through a symbolic link or a file",
                hint="Targets must lie in plain folders.",
            ) from error
        raise LocalIOError(f"cannot write {path}: {error.strerror}", hint="The old file was kept.") from error


def flush(root: Path, paths: Iterable[str]) -> None:
    """Make sure that files written at PATHS below ROOT are still there after a loss of power.

    Their contents are, once they are written; this is for their names: once for each folder, however many
    files it holds.
    """
    if not _HAS_FOLDER_HANDLES:
        return
    for folder in {parent for path in paths for parent in PurePosixPath(path).parents}:
        with contextlib.suppress(OSError):  # some network file systems cannot flush a folder
            handle = os.open(root / folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def sweep(root: Path, paths: Iterable[str]) -> None:
    """Remove temporary files that a killed run left beside PATHS below ROOT more than an hour ago."""
    now = time.time()
    for folder in {(root / path).parent for path in paths}:
        with contextlib.suppress(OSError):
            for entry in os.scandir(folder):
                ours = entry.name.startswith(".") and entry.name.endswith(_TEMPORARY_SUFFIX)
                if ours and now - entry.stat(follow_symlinks=False).st_mtime > _STALE_AFTER:
                    Path(entry.path).unlink()


@contextlib.contextmanager
def _folder(root: Path, parts: tuple[str, ...]) -> Iterator[int]:
    """Open the folder ROOT/PARTS, making what is missing, without following any link below ROOT."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    handle = os.open(root, flags)
    try:
        for part in parts:
            with contextlib.suppress(FileExistsError):
                os.mkdir(part, dir_fd=handle)
            inner = os.open(part, flags | os.O_NOFOLLOW, dir_fd=handle)
            os.close(handle)
            handle = inner
        yield handle
    finally:
        os.close(handle)


def _replace(folder: int, name: str, content: bytes) -> None:
    """Write CONTENT beside NAME, flush it to the disk, and rename it over NAME."""
    mode = _mode_for(folder, name)
    temporary = f".{name[:100]}.{secrets.token_hex(6)}{_TEMPORARY_SUFFIX}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(temporary, flags, 0o666, dir_fd=folder)
    try:
        try:
            _write_all(handle, content)
            if mode is not None:
                os.fchmod(handle, mode)
            os.fsync(handle)
        finally:
            os.close(handle)
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary, dir_fd=folder)
        raise


def _replace_by_path(root: Path, path: str, content: bytes) -> None:
    """Write without folder handles, where the system has none (Windows): checked, then renamed."""
    full = root / path
    existing = next(each for each in full.parents if each.exists())
    if existing.resolve() != root.resolve() / existing.relative_to(root):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    full.parent.mkdir(parents=True, exist_ok=True)
    if full.is_symlink() or (full.exists() and not full.is_file()):
        raise RefusedError(f"{path} is not a regular file", hint="It was left as it is.")
    temporary = full.with_name(f".{full.name[:100]}.{secrets.token_hex(6)}{_TEMPORARY_SUFFIX}")
    try:
        with temporary.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(full)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _mode_for(folder: int, name: str) -> int | None:
    """Return the permission bits to keep; None for a new file; refuse what is not a regular file."""
    try:
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise RefusedError(f"{name} is not a regular file", hint="It was left as it is.")
    return stat.S_IMODE(found.st_mode)


def _write_all(handle: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(handle, view) :]
