"""Progress: a bar on a terminal, plain lines elsewhere; always on standard error."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator

import click

from l10nsync.cli.options import Options
from l10nsync.plan import Change, Plan
from l10nsync.render.paint import count, escape

_FINAL = frozenset({"done", "failed", "no strings"})
_FEW = 20
"""Up to so many files each gets a line of its own."""
_HEARTBEAT = 5.0  # seconds


def _tell(text: str) -> None:
    """Print a line of progress; a reader that went away must not stop the work."""
    with contextlib.suppress(BrokenPipeError):
        click.echo(text, err=True)


class ProgressLines:
    """One line per finished file for a few files, else a line every five seconds."""

    def __init__(self, total: int, final: frozenset[str] = _FINAL) -> None:
        self._total = total
        self._final = final
        self._done = 0
        self._last = time.monotonic()

    def __call__(self, change: Change, state: str) -> None:
        """Show that CHANGE is in STATE."""
        if state not in self._final:
            return
        self._done += 1
        now = time.monotonic()
        if self._total <= _FEW:
            _tell(f"{state:<10} {escape(change.path)} ({self._done}/{self._total})")
        elif now - self._last >= _HEARTBEAT or self._done == self._total:
            _tell(f"{self._done} of {count(self._total, 'file')} done")
            self._last = now


@contextlib.contextmanager
def watching(options: Options, plan: Plan, *, wait: str = "processed") -> Iterator[ProgressLines]:
    """Yield what shows the progress of carrying PLAN out; WAIT says what the last state of a file is."""
    total = len(plan.work)
    final = _FINAL if wait == "processed" else _FINAL | {"accepted"}
    if options.quiet or not total or options.format == "json":
        yield _Silent(total)
    elif sys.stderr.isatty() and options.color != "never" and options.environ.get("TERM") != "dumb":
        with _bar(total, final) as bar:
            yield bar
    else:
        yield ProgressLines(total, final)


class _Silent(ProgressLines):
    def __call__(self, change: Change, state: str) -> None:
        """Say nothing."""


@contextlib.contextmanager
def _bar(total: int, final: frozenset[str]) -> Iterator[ProgressLines]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.table import Column

    # The part with a varying length comes last on the line: the bar keeps its place and width.
    rest = Column(ratio=1, no_wrap=True, overflow="ellipsis")
    with Progress(
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", table_column=rest),
        console=Console(stderr=True),
        transient=True,
        expand=True,
    ) as progress:
        task = progress.add_task("", total=total)

        class Bar(ProgressLines):
            def __call__(self, change: Change, state: str) -> None:
                """Move the bar."""
                from rich.markup import escape as literal

                progress.update(task, description=literal(f"{state} {escape(change.path)}"))
                if state in final:
                    progress.advance(task)

        yield Bar(total)
