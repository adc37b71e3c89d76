"""The sandbox's clock: real time plus an offset that only ever grows."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from l10nsync.sandbox.refusal import invalid

DAY = 86_400.0


class SimulatedClock:
    """Seconds since the epoch, as the simulated service sees them."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._offset = 0.0

    def now(self) -> float:
        """Return the present time."""
        return self._source() + self._offset

    def advance(self, seconds: float) -> float:
        """Move the clock forward and return the new time."""
        if seconds < 0:
            message = "the clock only goes forward"
            raise ValueError(message)
        self._offset += seconds
        return self.now()


def iso(seconds: float | None) -> str | None:
    """Return a time as the service writes it: UTC, whole seconds, `Z`."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def http_date(seconds: float) -> str:
    """Return a time as the `Date` header writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")


def parse_iso(text: str) -> float:
    """Read a time as clients write it (`Z`, an offset, or none for UTC; fractions allowed).

    Raises ValueError for anything else.
    """
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def moment(name: str, given: str) -> float:
    """Return a time that a client wrote; raise a refusal that names the parameter if it is invalid."""
    try:
        return parse_iso(given)
    except (ValueError, OverflowError):
        raise invalid(f"{name} is not a date: {given}", name) from None
