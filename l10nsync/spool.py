"""Contents that wait on the disk instead of in memory, until they are read one by one."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

from l10nsync.errors import LocalIOError

IN_MEMORY = 1024 * 1024
"""Bytes up to which a spool needs no file: a small run does without any."""
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Spool:
    """One temporary file without a name for many contents: nothing is left of it when a run is killed.

    It may be used by several threads. Raises `LocalIOError` where the disk refuses.
    """

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile[bytes](max_size=IN_MEMORY)
        self._lock = Lock()
        self._end = 0

    def put(self, content: bytes) -> Slip:
        """Store CONTENT; return what brings it back."""
        with self._lock, _explained():
            self._file.seek(self._end)
            self._file.write(content)
            slip = Slip(self, self._end, len(content))
            self._end += len(content)
            return slip

    def get(self, at: int, size: int) -> bytes:
        """Return SIZE bytes from AT."""
        with self._lock, _explained():
            self._file.seek(at)
            return self._file.read(size)


@dataclass(frozen=True, slots=True)
class Slip:
    """Where a content is."""

    spool: Spool
    at: int
    size: int

    def read(self) -> bytes:
        """Return the content."""
        return self.spool.get(self.at, self.size)


Split = Callable[[_Value], tuple[_Value, bytes | None]]
"""Takes the content out of a value; None where it has none."""
Join = Callable[[_Value, bytes], _Value]
"""Puts the content back."""


class Spooled(MutableMapping[_Key, _Value]):
    """A mapping whose values have their contents on the disk: each is read when it is asked for.

    The last one stays in memory, because whoever judges a file asks for it several times in a row.
    """

    def __init__(self, split: Split[_Value], join: Join[_Value]) -> None:
        self._split, self._join = split, join
        self._spool = Spool()
        self._entries: dict[_Key, tuple[_Value, Slip | None]] = {}
        self._last: tuple[Slip, _Value] | None = None

    def __getitem__(self, key: _Key) -> _Value:
        bare, slip = self._entries[key]
        if slip is None:
            return bare
        last = self._last
        if last and last[0] is slip:
            return last[1]
        value = self._join(bare, slip.read())
        self._last = slip, value
        return value

    def __setitem__(self, key: _Key, value: _Value) -> None:
        bare, content = self._split(value)
        self._entries[key] = bare, None if content is None else self._spool.put(content)

    def __delitem__(self, key: _Key) -> None:
        del self._entries[key]

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[_Key]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise no_room(error) from error


def no_room(error: OSError) -> LocalIOError:
    """Return what to say where no temporary file can be made or written."""
    return LocalIOError(
        f"cannot write to the folder for temporary files: {error.strerror or error}",
        hint="Free some space, or name another folder in TMPDIR.",
    )
