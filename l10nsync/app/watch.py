"""Watching: wait for calls of the service, or for time to pass; pull; run a command if something came."""

from __future__ import annotations

import subprocess
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from threading import Condition
from typing import Literal

from l10nsync.app.links import Connect, linked
from l10nsync.app.listener import Listener
from l10nsync.app.pull import PullOptions, carry_out_pull, prepare_pull
from l10nsync.app.questions import waiting_questions
from l10nsync.app.repository import Settings, open_repository
from l10nsync.deadline import within
from l10nsync.errors import EXIT_OK, EXIT_PARTIAL, L10nSyncError, TemporaryError, worst
from l10nsync.github import GitHub
from l10nsync.plan import Plan, Report
from l10nsync.plan.notify import Address, Heard, IncomingRequest, PendingCalls, WatchPace, hear
from l10nsync.plan.questions import FoundQuestion
from l10nsync.render import questions

REMEMBERED = 1000
"""Events that are known by their id, so that a repeated one is ignored; signatures likewise."""
SLICE = 0.5
"""Seconds: an interrupt is noticed after so long at most."""


@dataclass(frozen=True, slots=True)
class WatchRequest:
    """The options of a watch."""

    listen: tuple[str, int] | None = ("127.0.0.1", 8765)
    """Host and port; None only polls."""
    address: Address = field(default_factory=Address)
    pace: WatchPace = field(default_factory=WatchPace)
    once: bool = False
    """End after the first poll that found something."""
    limit: float = 1800.0
    """With `once`: seconds after which nothing is waited for any more."""
    command: tuple[str, ...] = ()
    """Run after a pull that wrote something."""
    github: GitHub | None = None
    """Notify this repository instead of pulling."""


TellLine = Callable[[str], None]
"""Takes a line of progress."""


class Ear:
    """Receives calls from several threads and decides when to poll."""

    def __init__(
        self, address: Address, pace: WatchPace, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._address = address
        self._pace = pace
        self._clock = clock
        self._changed = Condition()
        self._known: OrderedDict[str, None] = OrderedDict()
        self._seals: OrderedDict[str, None] = OrderedDict()
        self._waiting = PendingCalls(looked=clock())
        self._asked = False

    def answer(self, call: IncomingRequest) -> int:
        """Take a call; return the status to answer."""
        heard = hear(call, self._address)
        with self._changed:
            if heard.meaning in {"published", "asked"} and not self._is_repeated(heard):
                self._asked = self._asked or heard.meaning == "asked"
                self._waiting = self._waiting.heard(self._clock(), signed=self._is_fresh(heard))
                self._changed.notify_all()
        return heard.status

    def take_asked(self) -> bool:
        """Return whether a call was about questions since this was called last."""
        with self._changed:
            asked, self._asked = self._asked, False
            return asked

    def _is_fresh(self, heard: Heard) -> bool:
        """Whether the service has signed a call now: one that was heard before may be sent by anybody."""
        return heard.signed and not _remembered(self._seals, heard.seal)

    def _is_repeated(self, heard: Heard) -> bool:
        if not heard.event:
            return False
        # An unsigned call must not keep a true event from being noticed.
        if heard.signed or not self._address.secret:
            return _remembered(self._known, heard.event)
        return heard.event in self._known

    def wait(self, until: float = inf) -> Literal["call", "time"]:
        """Wait until it is time to poll and return why; raise `TemporaryError` when that is after UNTIL."""
        with self._changed:
            while True:
                if (now := self._clock()) >= until:
                    raise TemporaryError("nothing was published in the time given", hint="Watch again.")
                if (left := self._waiting.due(self._pace) - now) <= 0:
                    break
                self._changed.wait(min(left, until - now, SLICE))
            why: Literal["call", "time"] = "time" if self._waiting.first is None else "call"
            self._waiting = PendingCalls(looked=self._clock())
            return why


def _remembered(known: OrderedDict[str, None], key: str) -> bool:
    """Return whether KEY is known; from now on it is, until `REMEMBERED` others came."""
    found = key in known
    known[key] = None
    while len(known) > REMEMBERED:
        known.popitem(last=False)
    return found


def watch(
    settings: Settings,
    environ: Mapping[str, str],
    connect: Connect,
    request: WatchRequest,
    *,
    tell: TellLine,
    show: Callable[[Report], object],
) -> int:
    """Poll at once, then whenever something may have been published; return the exit code with `once`.

    Temporary errors are reported and watching continues; wrong credentials and a wrong manifest end it.
    """
    ear = Ear(request.address, request.pace)
    if request.listen is None:
        return _looks(settings, environ, connect, request, ear, tell, show)
    with Listener(*request.listen, ear.answer) as listener:
        tell(f"listening on http://{listener.address}, polling at least every {request.pace.every:g} s")
        return _looks(settings, environ, connect, request, ear, tell, show)


def _looks(
    settings: Settings,
    environ: Mapping[str, str],
    connect: Connect,
    request: WatchRequest,
    ear: Ear,
    tell: TellLine,
    show: Callable[[Report], object],
) -> int:
    look = _Look(settings, environ, connect, request.github, tell, show)
    until = time.monotonic() + request.limit if request.once else inf
    why = "time"
    waiting = False  # whether a poll has come to its end, so that silence is reported once
    while True:
        brought, code, failed = _look_once(look, request.limit, tell, asked=ear.take_asked())
        if brought and request.command:
            code = worst({code, _run(request.command, tell)})
        if request.once and (brought or code != EXIT_OK):
            return code
        if not (brought or failed or code) and (why == "call" or not waiting):
            tell("nothing new is published; waiting")
        waiting = waiting or not failed
        why = _wait(ear, until, tell, failed)


def _look_once(look: _Look, limit: float, tell: TellLine, *, asked: bool) -> tuple[bool, int, str]:
    """Return whether there was something, the exit code, and what failed and may work later.

    LIMIT is in seconds. Each poll has a deadline of its own: a watch may last for months.
    """
    try:
        with within(limit):
            return *look(asked=asked), ""
    except L10nSyncError as error:
        if error.exit_code not in _PASSING:
            raise
        tell(f"{error.message}; trying again later")
        return False, EXIT_OK, error.message


def _wait(ear: Ear, until: float, tell: TellLine, failed: str) -> Literal["call", "time"]:
    """Wait for the next poll; an error also names what FAILED in the last one."""
    try:
        why = ear.wait(until)
    except TemporaryError as error:
        if failed:
            raise TemporaryError(f"{error.message}; the last poll failed: {failed}") from error
        raise
    if why == "call":
        tell("the service called: polling")
    return why


@dataclass(slots=True)
class _Look:
    """One poll after the other: the manifest is read again each time."""

    settings: Settings
    environ: Mapping[str, str]
    connect: Connect
    github: GitHub | None
    tell: TellLine
    show: Callable[[Report], object]
    notified_of: str = ""
    """Digest of the plan that GitHub was last notified of."""
    asked: bool = False
    """Whether questions are still to be reported: a poll may fail before it has."""
    known: frozenset[str] = frozenset()
    """Uids of the questions that were reported."""

    def __call__(self, *, asked: bool = False) -> tuple[bool, int]:
        """Pull, or notify GitHub; return whether there was something, and the exit code.

        ASKED: also report new questions of translators.
        """
        self.asked = self.asked or asked
        repository = open_repository(self.settings, self.environ, fetch=True)
        with linked(repository, self.connect, sources=repository.sources) as links:
            if self.asked:
                self._tell_questions(waiting_questions(repository, links) or ())
            prepared = prepare_pull(repository, links, PullOptions())
            if self.github is not None:
                return self._dispatch(self.github, prepared.plan), EXIT_OK
            report = carry_out_pull(repository, links, prepared)
        brought = any(result.status == "done" for result in report.results)
        if brought or report.exit_code != EXIT_OK:
            self.show(report)
        return brought, report.exit_code

    def _tell_questions(self, found: Sequence[FoundQuestion]) -> None:
        """Report the questions that wait for an answer and were not reported before."""
        for question in found:
            if question.issue.uid not in self.known:
                self.tell(f"a translator asks:\n{questions.card(question)}")
        self.known = frozenset(question.issue.uid for question in found)
        self.asked = False

    def _dispatch(self, github: GitHub, plan: Plan) -> bool:
        """Notify GitHub once of what waits: the work tree here stays behind until somebody updates it."""
        if not plan.has_work or plan.digest == self.notified_of:
            return False
        github.dispatch({"translations": len(plan.work)})
        self.notified_of = plan.digest
        self.tell(f"notified {github.repository}: {len(plan.work)} translations are waiting")
        return True


_PASSING = frozenset({5, 7})
"""Exit codes of errors that may be gone at the next poll."""


def _run(command: Sequence[str], tell: TellLine) -> int:
    """Run a command to its end; its output goes to the user."""
    try:
        done = subprocess.run(command, check=False)
    except OSError as error:
        tell(f"cannot run {command[0]}: {error.strerror or error}")
        return EXIT_PARTIAL
    if done.returncode == 0:
        return EXIT_OK
    tell(f"{command[0]} ended with {done.returncode}")
    return EXIT_PARTIAL
