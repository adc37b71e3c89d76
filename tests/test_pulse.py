"""A person in front of a terminal sees that something goes on, and what is said stands undisturbed."""

from __future__ import annotations

import io
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from typing import Any

import pytest

from l10nsync.cli.options import Options
from l10nsync.cli.progress import watching
from l10nsync.cli.pulse import Pulse, beating, paused
from l10nsync.cli.streams import Unfailing
from l10nsync.sandbox.testing import wait_for


class Terminal(io.StringIO):
    """A terminal that can be looked at."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        """Say that it is one."""
        return True

    def screen(self) -> list[str]:
        """Return the lines that stand on it: a carriage return goes back, and what follows covers."""
        found = []
        for line in self.getvalue().split("\n"):
            shown = ""
            for part in line.split("\r"):
                shown = part + shown[len(part) :]
            found.append(shown.rstrip())
        return found


@contextmanager
def watched() -> Iterator[Terminal]:
    """Give a terminal that is standard error."""
    found = Terminal()
    stream: Any = Unfailing(found)
    try:
        with redirect_stderr(stream):
            yield found
    finally:
        Unfailing.before_words = None


def test_silence_is_counted_and_words_stand_alone() -> None:
    """Where nothing is said the line comes; before words it goes, and nothing is left of it."""
    with watched() as terminal:
        pulse = Pulse(terminal, "push", silence=0.02)
        Unfailing.before_words = pulse.make_way
        pulse.start()
        wait_for(lambda: "… push, 0 s" in terminal.screen())
        sys.stderr.write("Sent 1 file.\n")
        assert terminal.screen()[0] == "Sent 1 file."
        wait_for(lambda: "… push, 0 s" in terminal.screen())
        pulse.stop()
        assert terminal.screen() == ["Sent 1 file.", ""]


def test_whoever_speaks_is_not_interrupted() -> None:
    """A bar that is drawn ten times a second leaves no silence."""
    with watched() as terminal:
        pulse = Pulse(terminal, "push", silence=30)
        Unfailing.before_words = pulse.make_way
        pulse.start()
        sys.stderr.write("50 %")
        pulse.stop()
        assert terminal.getvalue() == "50 %"


@pytest.mark.parametrize(
    ("options", "command"),
    [
        (Options(quiet=True), "push"),
        (Options(color="never"), "push"),
        (Options(environ={"TERM": "dumb"}), "push"),
        (Options(environ={}), "watch"),
    ],
)
def test_some_want_no_sign_of_life(options: Options, command: str) -> None:
    """Whoever asked for silence or plain text gets it; so do commands that say what they wait for."""
    with watched(), beating(options, command):
        assert Unfailing.before_words is None


def test_a_question_is_left_alone() -> None:
    """While a person types an answer, nothing moves."""
    with watched() as terminal:
        with beating(Options(environ={}), "init"):
            pulse = getattr(Unfailing.before_words, "__self__")  # noqa: B009 - typed as any callable
            with paused():
                sys.stderr.write("Source locale: ")
                assert not pulse.is_alive()
        assert terminal.screen() == ["Source locale:"]


def test_a_bar_keeps_its_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the names are that it passes, it stays on one line, and where it is."""
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    work: Any = [type("Change", (), {"path": f"web/{'long/' * length}a.json"}) for length in (0, 3, 40)]
    plan: Any = type("Plan", (), {"work": work})
    with watched() as terminal, watching(Options(environ={"TERM": "xterm"}), plan) as bar:
        for change in work:
            bar(change, "sending")
            bar(change, "done")
            time.sleep(0.15)  # it is drawn ten times a second
    lines = re.split(r"[\r\n]", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.getvalue()))
    frames = [line for line in lines if "/3" in line]
    assert frames
    assert {len(frame) for frame in frames} == {60}
    assert len({frame.index("/3") for frame in frames}) == 1
