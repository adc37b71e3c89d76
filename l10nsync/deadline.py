"""The one deadline of a command: whatever it waits for, it waits no longer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf


@dataclass(slots=True)
class _Deadline:
    ends: float = inf


_present = _Deadline()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let everything that waits inside of this block end after SECONDS; of nested ones the inner counts."""
    before = _present.ends
    _present.ends = time.monotonic() + seconds
    try:
        yield
    finally:
        _present.ends = before


def left() -> float:
    """Return the seconds until the deadline; infinite where there is none, negative when it is over."""
    return _present.ends - time.monotonic()
