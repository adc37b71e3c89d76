"""Files that are replaced whole: a reader sees the old one or the new one, and no link is followed.

Many files take three steps: every new content is written beside its file, all of them are flushed to the
disk, and then each gets its name. Where the system has it, one call flushes a whole file system.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from l10nsync import paths
from l10nsync.errors import L10nSyncError, LocalIOError, RefusedError

_TEMPORARY = re.compile(r"\..*\.(?P<machine>[0-9a-f]{8})-(?P<process>\d+)-[0-9a-f]{12}\.l10nsync-tmp")
_TEMPORARY_SUFFIX = ".l10nsync-tmp"
_STALE_AFTER = 3600.0  # seconds; then a temporary file of another machine belongs to a run that was killed
_HAS_FOLDER_HANDLES = os.open in os.supports_dir_fd and hasattr(os, "O_DIRECTORY")
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_FEW = 4
"""Up to so many are flushed one by one: to flush a file system waits for what everybody has written there."""


def write(root: Path, path: str, content: bytes) -> None:
    """Replace PATH below ROOT by CONTENT; `Replacements` says how, and what is raised."""
    with Replacements(root) as replacements:
        replacements.stage(path, content)
        replacements.flush()
        replacements.publish(path)


@dataclass(frozen=True, slots=True)
class _Staged:
    """A new content that has no name yet."""

    temporary: str
    """The name of the file that holds it, in the folder of its path."""
    device: int
    """The file system that it is on."""


class Replacements:
    """Files below a folder that are replaced together, each of them whole or not at all.

    Symbolic links are never followed or replaced below that folder. Missing folders are made. `stage` and
    `publish` raise `RefusedError` for a link, for anything that is not a regular file and for a path that
    leads out of the folder or is dangerous otherwise, and `LocalIOError` when the file system refuses: then
    the old file is kept, and the others go on. What was staged and not published is removed at the end.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._staged: dict[str, _Staged] = {}
        self._failed: dict[str, L10nSyncError] = {}
        self._opened: tuple[str, int] | None = None
        """The folder of the last path, and its handle: paths come in the order of their folders."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for path in list(self._staged):
            self._discard(path)
        self._close()

    def stage(self, path: str, content: bytes) -> None:
        """Write CONTENT beside PATH, with the permissions of the file that is there."""
        if reason := paths.unsafe(path):
            raise RefusedError(
                f"{path!a} is not written: {reason}", hint="Targets must lie in plain folders."
            )
        with _explained(path):
            self._staged[path] = self._write(path, content)

    def flush(self) -> None:
        """Make sure that what was staged is on the disk; what cannot get there fails when it is published."""
        if len(self._staged) > _FEW and self._flush_at_once():
            return
        for path, staged in self._staged.items():
            try:
                with _explained(path):
                    self._flush_one(path, staged)
            except L10nSyncError as error:
                self._failed[path] = error

    def publish(self, path: str) -> None:
        """Give a staged content its name; `flush_names` makes sure of the names."""
        if path in self._failed:
            raise self._failed[path]
        with _explained(path):
            self._rename(path, self._staged[path].temporary)
        del self._staged[path]

    def _write(self, path: str, content: bytes) -> _Staged:
        name = path.rpartition("/")[2]
        temporary = f".{name[:100]}.{_machine()}-{os.getpid()}-{secrets.token_hex(6)}{_TEMPORARY_SUFFIX}"
        if not _HAS_FOLDER_HANDLES:
            return _write_by_path(self._root, path, temporary, content)
        folder = self._folder(path)
        mode = _mode_of(folder, name)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.open(temporary, flags, 0o666, dir_fd=folder)
        try:
            try:
                _write_all(handle, content)
                if mode is not None:
                    os.fchmod(handle, mode)
                device = os.fstat(handle).st_dev
            finally:
                os.close(handle)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary, dir_fd=folder)
            raise
        return _Staged(temporary, device)

    def _flush_at_once(self) -> bool:
        """Flush the file systems that hold what was staged; False if that cannot be done or checked."""
        flush = _flush_of_file_systems()
        if flush is None:
            return False
        samples = {staged.device: path for path, staged in self._staged.items()}
        try:
            return all(flush(self._folder(path)) for path in samples.values())
        except OSError:
            return False

    def _flush_one(self, path: str, staged: _Staged) -> None:
        if not _HAS_FOLDER_HANDLES:
            return  # it was flushed as it was written
        handle = os.open(
            staged.temporary, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self._folder(path)
        )
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def _rename(self, path: str, temporary: str) -> None:
        if not _HAS_FOLDER_HANDLES:
            (self._root / path).with_name(temporary).replace(_regular(self._root, path))
            return
        folder, name = self._folder(path), path.rpartition("/")[2]
        _mode_of(folder, name)  # a link may have come meanwhile
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)

    def _discard(self, path: str) -> None:
        staged = self._staged.pop(path)
        with contextlib.suppress(OSError):
            if _HAS_FOLDER_HANDLES:
                os.unlink(staged.temporary, dir_fd=self._folder(path))
            else:
                (self._root / path).with_name(staged.temporary).unlink()

    def _folder(self, path: str) -> int:
        """Return a handle of the folder of PATH, which stays open until another one is wanted."""
        folder = path.rpartition("/")[0]
        if self._opened is not None and self._opened[0] == folder:
            return self._opened[1]
        self._close()
        handle = _open_folder(self._root, PurePosixPath(folder).parts)
        self._opened = (folder, handle)
        return handle

    def _close(self) -> None:
        if self._opened is not None:
            os.close(self._opened[1])
        self._opened = None


def flush_names(root: Path, paths: Iterable[str]) -> None:
    """Make sure that the names of files written at PATHS below ROOT outlive a loss of power.

    Once for each folder, however many files it holds, and once for all where that flushes a file system.
    """
    if not _HAS_FOLDER_HANDLES:
        return
    # Of each folder one path: a pull writes thousands of files into a few.
    samples = {path.rpartition("/")[0]: path for path in paths}.values()
    parents = chain.from_iterable(PurePosixPath(path).parents for path in samples)
    folders = sorted({root / parent for parent in parents})
    flush = _flush_of_file_systems() if len(folders) > _FEW else None
    if flush is not None:
        folders = list({_device(folder): folder for folder in folders}.values())
    for folder in folders:
        with contextlib.suppress(OSError):  # some network file systems cannot flush a folder
            handle = os.open(folder, _FOLDER)
            try:
                if flush is None or not flush(handle):
                    os.fsync(handle)
            finally:
                os.close(handle)


def _device(folder: Path) -> int:
    """Return the number of the file system that FOLDER is on; 0 if it is not known."""
    try:
        return folder.stat().st_dev
    except OSError:
        return 0


def sweep(root: Path, paths: Iterable[str]) -> None:
    """Remove temporary files beside PATHS below ROOT whose runs were killed, never those of a living run."""
    for folder in {path.rpartition("/")[0] for path in paths}:
        with contextlib.suppress(OSError):
            for entry in os.scandir(root / folder):
                if entry.name.endswith(_TEMPORARY_SUFFIX) and _is_left_behind(entry):
                    Path(entry.path).unlink()


def _is_left_behind(entry: os.DirEntry[str]) -> bool:
    """Whether the run that wrote a temporary file is over."""
    named = _TEMPORARY.fullmatch(entry.name)
    if named and named["machine"] == _machine() and os.name == "posix":
        return not _lives(int(named["process"]))
    return (
        entry.name.startswith(".") and time.time() - entry.stat(follow_symlinks=False).st_mtime > _STALE_AFTER
    )


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)  # sends nothing
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


@cache
def _machine() -> str:
    """Return eight digits for where process numbers mean what they mean here: this host or container."""
    try:
        processes = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        processes = ""
    host = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    return hashlib.sha256(f"{host} {processes}".encode()).hexdigest()[:8]


@cache
def _flush_of_file_systems() -> Callable[[int], bool] | None:
    """Return Linux's `syncfs`, which takes a handle and returns whether all went well, or None.

    Before Linux 5.8 it did not report errors.
    """
    if sys.platform != "linux":
        return None
    import ctypes

    release = [int(number) for number in re.findall(r"\d+", os.uname().release)[:2]]
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if release < [5, 8] or syncfs is None:
        return None
    return lambda handle: syncfs(handle) == 0


@contextlib.contextmanager
def _explained(path: str) -> Iterator[None]:
    """Turn what the file system says into an error about PATH."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR}:
            raise RefusedError(
                f"{path} leads through a symbolic link or a file",
                hint="Targets must lie in plain folders.",
            ) from error
        raise LocalIOError(f"cannot write {path}: {error.strerror}", hint="The old file was kept.") from error


def _open_folder(root: Path, parts: tuple[str, ...]) -> int:
    """Open the folder ROOT/PARTS, making what is missing, without following any link below ROOT."""
    handle = os.open(root, _FOLDER)
    try:
        for part in parts:
            inner = _open_inner(part, handle)
            os.close(handle)
            handle = inner
    except BaseException:
        os.close(handle)
        raise
    return handle


def _open_inner(name: str, folder: int) -> int:
    try:
        return os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
    except FileNotFoundError:
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, dir_fd=folder)
        return os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)


def _mode_of(folder: int, name: str) -> int | None:
    """Return the permission bits to keep; None for a new file; refuse what is not a regular file."""
    try:
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise RefusedError(f"{name} is not a regular file", hint="It was not changed.")
    return stat.S_IMODE(found.st_mode)


def _write_by_path(root: Path, path: str, temporary: str, content: bytes) -> _Staged:
    """Write without folder handles, where the system has none (Windows): checked, then flushed."""
    beside = _regular(root, path).with_name(temporary)
    beside.parent.mkdir(parents=True, exist_ok=True)
    try:
        with beside.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return _Staged(temporary, 0)


def _regular(root: Path, path: str) -> Path:
    """Return PATH below ROOT; refuse it if a link leads there, or if it is anything but a regular file."""
    full = root / path
    existing = next(folder for folder in full.parents if folder.exists())
    if existing.resolve() != root.resolve() / existing.relative_to(root):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if full.is_symlink() or (full.exists() and not full.is_file()):
        raise RefusedError(f"{path} is not a regular file", hint="It was not changed.")
    return full


def _write_all(handle: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(handle, view) :]
