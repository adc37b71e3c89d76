"""A sign of life: a line that counts the seconds on a terminal where nothing was said for one."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from l10nsync.cli.options import Options
from l10nsync.cli.streams import Unfailing

_SILENCE = 1.0  # seconds; a person begins to wonder then
_TALKATIVE = frozenset({"watch", "ci"})
"""Commands that say by themselves what they wait for, or run programs that use the terminal."""


class Pulse:
    """Shows `… push, 3 s` on STREAM, and takes it away before anything else is written."""

    def __init__(self, stream: Any, activity: str, silence: float = _SILENCE) -> None:
        self._stream = stream
        self._activity = activity
        self._silence = silence
        self._began = self._spoke = time.monotonic()
        self._shown = 0
        """Characters that are on the terminal now."""
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def start(self) -> None:
        """Begin to listen for silence."""
        self._thread.start()

    def stop(self) -> None:
        """Take the line away, for good."""
        self._over.set()
        self._thread.join()
        self.make_way()

    def is_alive(self) -> bool:
        """Whether it still listens."""
        return self._thread.is_alive()

    def make_way(self) -> None:
        """Take the line away, and begin to count the silence anew: something is said now."""
        with self._lock:
            self._spoke = time.monotonic()
            self._show("")

    def _beat(self) -> None:
        while not self._over.wait(self._silence / 2):
            with self._lock:
                now = time.monotonic()
                if now - self._spoke >= self._silence:
                    self._show(f"{self._dots()} {self._activity}, {now - self._began:.0f} s")

    def _dots(self) -> str:
        return "…" if "utf" in (getattr(self._stream, "encoding", "") or "").lower() else "..."

    def _show(self, text: str) -> None:
        """Write TEXT over the present line, without escape sequences: not every console knows them."""
        if text or self._shown:
            with contextlib.suppress(OSError, ValueError):  # the terminal is gone, or the stream is closed
                self._stream.write(f"\r{' ' * self._shown}\r{text}")
                self._stream.flush()
            self._shown = len(text)


@contextlib.contextmanager
def beating(options: Options, command: str) -> Iterator[None]:
    """Show a sign of life while COMMAND works in silence; only to a person who watches standard error."""
    stream: Any = sys.stderr
    wanted = not options.quiet and options.color != "never" and options.environ.get("TERM") != "dumb"
    if not wanted or command.partition(" ")[0] in _TALKATIVE:
        yield
        return
    if not (isinstance(stream, Unfailing) and stream.isatty()):
        yield
        return
    pulse = Pulse(stream.inner, command)
    Unfailing.before_words = pulse.make_way
    pulse.start()
    try:
        yield
    finally:
        pulse.stop()
        Unfailing.before_words = None


@contextlib.contextmanager
def paused() -> Iterator[None]:
    """Leave the terminal alone while a person is asked."""
    before, Unfailing.before_words = Unfailing.before_words, None
    pulse = getattr(before, "__self__", None)
    if pulse is not None:
        pulse.stop()
    yield
