"""The one deadline of a command: whatever it waits for, it waits no longer."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from types import FrameType
from typing import Any, NoReturn

from l10nsync.errors import TemporaryError

LAST = 1.5
"""Seconds after the deadline when what still goes on is ended; what knows the deadline is over by then."""


@dataclass(slots=True)
class _Deadline:
    ends: float = inf


_present = _Deadline()


class _TimeIsUp(BaseException):
    """The deadline is over, and something waits that does not know it. No handler of errors keeps it."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let everything that waits inside of this block end after SECONDS; of nested ones the inner counts.

    What looks at `left` ends by itself, and in its own words. All else, such as a pipe that nobody writes
    to, is ended a moment later, where the system can. Raises `TemporaryError` then.
    """
    before = _present.ends
    _present.ends = time.monotonic() + seconds
    handler = _alarm()
    try:
        yield
    except _TimeIsUp as error:
        raise TemporaryError(
            "the time limit of the run is used up",
            hint="Run the same command again, with a longer --timeout; what is done is not done twice.",
        ) from error
    finally:
        _present.ends = before
        _alarm(handler)


def left() -> float:
    """Return the seconds until the deadline; infinite where there is none, negative when it is over."""
    return _present.ends - time.monotonic()


def _alarm(handler: Any = None) -> Any:
    """Set the alarm for the present deadline; return who was called before. HANDLER is called again then."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return None
    # An outer deadline that is over already ends nothing: what is left to do is to say what was done.
    signal.setitimer(signal.ITIMER_REAL, left() + LAST if 0 < left() < inf else 0)
    return signal.signal(signal.SIGALRM, _end if handler is None else handler)


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    raise _TimeIsUp
