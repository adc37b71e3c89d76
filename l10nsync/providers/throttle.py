"""When the next request may go: waiting times, and one gate that all worker threads share."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from secrets import SystemRandom
from threading import Condition, Event
from typing import Protocol

from l10nsync.errors import Interrupted

_RANDOM = SystemRandom()

LIMIT_BASE, LIMIT_CAP = 1.0, 60.0
"""Seconds: first and longest wait after a limit or a lock (the service advises 30 to 60 s at most)."""
FAULT_BASE, FAULT_CAP = 0.5, 20.0
"""Seconds: first and longest wait after a server fault or a lost connection."""
FLOOR = 0.1
"""Seconds: the shortest wait between two attempts, whatever chance or the service says."""
RETRY_AFTER_CAP = 120.0
"""Seconds: a longer `Retry-After` is not believed."""
SUCCESSES_TO_GROW = 20


class Clock(Protocol):
    """Where time, waiting and chance come from; tests give one that needs no real time."""

    def now(self) -> float:
        """Return seconds that never go back; only differences mean something."""
        ...

    def wait(self, stop: Event, seconds: float) -> None:
        """Return after SECONDS, or as soon as STOP is set."""
        ...

    def chance(self) -> float:
        """Return a random number, 0 included, 1 excluded."""
        ...


class RealClock:
    """The clock of this machine."""

    def now(self) -> float:
        """Return the monotonic time."""
        return time.monotonic()

    def wait(self, stop: Event, seconds: float) -> None:
        """Sleep, but wake up when STOP is set."""
        stop.wait(seconds)

    def chance(self) -> float:
        """Return a random number."""
        return _RANDOM.random()


def limit_delay(attempt: int, chance: float) -> float:
    """Seconds to wait after a limit or lock: half fixed, half by chance; ATTEMPT counts from 0."""
    longest = min(LIMIT_CAP, LIMIT_BASE * 2.0 ** min(attempt, 30))
    return longest * (0.5 + chance / 2)


def fault_delay(attempt: int, chance: float) -> float:
    """Seconds to wait after a fault: nearly all by chance, so that clients do not come back together."""
    return max(FLOOR, chance * min(FAULT_CAP, FAULT_BASE * 2.0 ** min(attempt, 30)))


def retry_after(header: str) -> float:
    """Return the seconds that a `Retry-After` header asks for, clamped; 0 for a date or nonsense."""
    text = header.strip()
    if not (text.isascii() and text.isdigit()):
        return 0.0
    return min(RETRY_AFTER_CAP, float(text[:10]))  # ten digits are far beyond the cap already


@dataclass(slots=True)
class Throttle:
    """Lets at most `limit` requests out at once, and none during a pause.

    The limit halves when the service says "too many", and grows by one for each 20 successes, up to
    what it was at first.
    """

    limit: int
    clock: Clock
    stop: Event
    highest: int = 0
    _inside: int = 0
    _successes: int = 0
    _level: int = 0
    """Pauses in a row without a success between them."""
    _paused_until: float = float("-inf")
    _changed: Condition = field(default_factory=Condition)

    def __post_init__(self) -> None:
        self.limit = self.highest = max(1, self.limit)

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Wait for a place, and give it back in the end; raise `Interrupted` once stopped."""
        self._enter()
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify()

    def _enter(self) -> None:
        while True:
            with self._changed:
                self._check()
                pause = self._paused_until - self.clock.now()
                if pause <= 0:
                    if self._inside < self.limit:
                        self._inside += 1
                        return
                    # A timeout, because nobody notifies when a signal asks to stop.
                    self._changed.wait(0.5)
                    continue
            self.clock.wait(self.stop, pause)

    def _check(self) -> None:
        if self.stop.is_set():
            raise Interrupted

    def succeeded(self) -> None:
        """Note an answer that did not complain about limits."""
        with self._changed:
            self._level = 0
            self._successes += 1
            if self._successes >= SUCCESSES_TO_GROW and self.limit < self.highest:
                self.limit += 1
                self._successes = 0
                self._changed.notify()

    def throttled(self, asked: float) -> None:
        """Note a 429: halve the limit and pause everybody, for the seconds ASKED at least.

        Answers to requests that were on their way when the pause began belong to the same event.
        """
        with self._changed:
            now = self.clock.now()
            if self._paused_until <= now:
                self.limit = max(1, self.limit // 2)
                self._successes = 0
                # `Retry-After: 0`, again and again, must not turn us into a storm of requests.
                pause = max(asked, limit_delay(self._level, self.clock.chance()))
                self._level += 1
                self._paused_until = now + pause
            elif asked:
                self._paused_until = max(self._paused_until, now + asked)
