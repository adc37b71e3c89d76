"""Standard output and error, which may be closed, full, or left by their reader while there is work to do."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable
from typing import Any, ClassVar

from l10nsync.errors import EXIT_PARTIAL


class Unfailing:
    """A stream that drops what it cannot write: losing words must not stop work half-way."""

    before_words: ClassVar[Callable[[], None] | None] = None
    """Called before anything is written to any of them: a temporary line on the terminal is removed."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.problem: OSError | None = None
        """The first thing that went wrong."""

    def write(self, text: str) -> int:
        """Write TEXT, unless something went wrong before."""
        if text and Unfailing.before_words is not None:
            Unfailing.before_words()
        if self.problem is None:
            try:
                self._stream.write(text)
            except OSError as error:
                self._drop(error)
        return len(text)

    def flush(self) -> None:
        """Flush what was written, unless something went wrong before."""
        if self.problem is None:
            try:
                self._stream.flush()
            except OSError as error:
                self._drop(error)

    @property
    def inner(self) -> Any:
        """The stream itself."""
        return self._stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _drop(self, error: OSError) -> None:
        self.problem = error
        # Python flushes the stream once more at its end, and would complain again.
        with contextlib.suppress(OSError):
            sink = os.open(os.devnull, os.O_WRONLY)
            os.dup2(sink, self._stream.fileno())
            os.close(sink)


def guard() -> None:
    """Open what was closed before we were started, and let no stream fail from now on."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free: a file of ours must not
    for name, number in (("stdout", 1), ("stderr", 2)):
        stream = getattr(sys, name) or open(number, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        setattr(sys, name, Unfailing(stream))


def finish(code: int) -> int:
    """Flush what was printed; return CODE, or that of a result that could not be written.

    A reader that went away early has what it wanted.
    """
    sys.stdout.flush()
    problem = getattr(sys.stdout, "problem", None)
    if problem is not None and problem.errno not in {errno.EPIPE, errno.ESHUTDOWN}:
        sys.stderr.write(
            f"error: standard output cannot be written: {problem.strerror}\n"
            f"  hint: Only its output is lost; the command itself ended with exit code {code}.\n"
        )
        code = code or EXIT_PARTIAL
    sys.stderr.flush()
    return code
