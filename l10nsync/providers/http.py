"""One HTTP client for a run: it authenticates, waits, repeats and checks; callers see only good answers.

`Client.send` is the only place that sends. It returns an `Answer` that is complete and says success,
or raises: `CredentialsError` (not allowed), `TemporaryError` (gave up; `Unanswered` where a request that
must not be repeated blindly may have been applied), `ServiceError` (refused for good).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from queue import Empty, SimpleQueue
from threading import Event, Lock
from typing import Protocol
from urllib.parse import urlencode

from l10nsync.errors import (
    CredentialsError,
    Interrupted,
    L10nSyncError,
    ServiceError,
    TemporaryError,
    UsageError,
)
from l10nsync.lean import httpx
from l10nsync.providers import trace
from l10nsync.providers.addresses import check_test_credentials, checked_base_url, uses_test_credentials
from l10nsync.providers.base import Connection
from l10nsync.providers.calls import AGAIN, Answer, Call, Unanswered
from l10nsync.providers.replies import PLAUSIBLE
from l10nsync.providers.throttle import Clock, RealClock, Throttle, fault_delay, limit_delay
from l10nsync.providers.transport import (
    SILENCE,
    CallFailure,
    RawAnswer,
    connected,
    keep,
    lost,
    new_file,
    setting_hint,
    tls_hint,
)
from l10nsync.providers.verdicts import judged
from l10nsync.providers.workers import Crew

__all__ = [
    "AGAIN",
    "Answer",
    "Authorizer",
    "Call",
    "Client",
    "Unanswered",
    "checked_base_url",
    "uses_test_credentials",
]

REQUEST_LIMIT = 600.0
"""Seconds that one call may take with all its repetitions."""
GRACE = 1.0
"""Seconds by which an answer that is nearly there may overrun the deadline."""
NOT_FOUND = 404
MAINTENANCE_LIMIT = 120.0
"""Seconds after which a maintenance of the service is no longer waited for."""
FEW = 8
"""Attempts where a server fault may well be permanent, or a token is refused that others were served with."""
UNKNOWN = 2
"""Attempts with a fresh token where no request of the run was served yet."""
GARBLED = 4
"""Attempts where an answer cannot be read."""
FRESH = 60.0
"""Seconds for which a new token cannot have expired."""
CONNECT_TIMEOUT = 10.0
HEAD = 65_536
"""Bytes of a large file that are looked at as `body`."""


class Authorizer(Protocol):
    """Knows the `Authorization` header; shared by all threads."""

    def header(self) -> tuple[str, int]:
        """Return the header's value and the generation of the token in it."""
        ...

    def renew(self, generation: int) -> None:
        """Replace the token of GENERATION, once however many threads ask; raise `CredentialsError`."""
        ...


@dataclass(slots=True)
class _Tries:
    """What happened to one call so far."""

    began: float
    ends: float
    sent: int = 0
    limits: int = 0
    faults: int = 0
    garbled: int = 0
    renewed: float | None = None
    """When the token was renewed for this call."""
    generation: int = 0
    refused: int = 0
    """How often a token was refused that was new."""


@dataclass(slots=True)
class Client:
    """Sends calls to one service; used by several threads."""

    connection: Connection
    clock: Clock = field(default_factory=RealClock)
    authorizer: Authorizer | None = None
    requests: Counter[str] = field(default_factory=Counter)
    """Requests sent so far, by operation; repetitions count."""
    server_time: str = ""
    """UTC time in ISO form that the first answer carried."""
    redact: trace.Redactor = field(default_factory=trace.Redactor)
    stop: Event = field(default_factory=Event)
    base_url: str = ""
    ends: float = 0.0
    """When the run's deadline is, by `clock`."""
    known: bool = False
    """The service has served a request with our token: the credentials are right."""
    gate: Throttle = field(init=False)
    _trace: trace.Trace = field(init=False)
    _http: httpx.Client = field(init=False)
    _lock: Lock = field(default_factory=Lock)
    _crew: Crew = field(default_factory=lambda: Crew("l10nsync-request"))

    def __post_init__(self) -> None:
        settings = self.connection
        self.base_url = checked_base_url(settings.base_url)
        check_test_credentials(self.base_url, (settings.user, settings.secret.reveal()))
        self.redact.add(settings.secret.reveal())
        self.ends = self.clock.now() + settings.deadline
        self.gate = Throttle(settings.concurrency, self.clock, self.stop)
        self._trace = trace.Trace(self.redact, settings.verbosity, settings.log_file)
        self._http = connected(self.base_url, settings)

    def close(self) -> None:
        """Send nothing more, wake everybody who waits, and let go of the connections."""
        self.stop.set()
        self._http.close()
        self._crew.dismiss()
        self._trace.close()

    @property
    def threads(self) -> int:
        """How many calls are worth making at once."""
        return max(1, self.connection.concurrency)

    def remaining(self) -> float:
        """Seconds until the run's deadline."""
        return self.ends - self.clock.now()

    def warn(self, text: str) -> None:
        """Show the user something that changes how the run continues."""
        self._trace.warn(text)

    def pause(self, seconds: float) -> None:
        """Wait between two looks; raise `Interrupted` when stopped, `TemporaryError` at the deadline."""
        if self.remaining() <= seconds:
            raise TemporaryError("the run's time limit is reached", hint=AGAIN)
        self.clock.wait(self.stop, seconds)
        if self.stop.is_set():
            raise Interrupted

    def send(self, call: Call) -> Answer:
        """Send CALL until it is answered well; see the module for what is raised."""
        now = self.clock.now()
        tries = _Tries(began=now, ends=min(self.ends, now + REQUEST_LIMIT))
        while True:
            result = self._once(call, tries)
            if isinstance(result, Answer):
                return result
            self._again(call, tries, result)

    # --- one attempt ---

    def _once(self, call: Call, tries: _Tries) -> Answer | CallFailure:
        headers = self._headers(call, tries)
        with self.gate.passing():
            began = self.clock.now()
            raw = self._transmit(call, headers, tries.ends)
            took = (self.clock.now() - began) * 1000
        result = judged(call, raw, self.redact) if isinstance(raw, RawAnswer) else raw
        self.known = self.known or (call.authorized and isinstance(result, Answer))
        self._note(call, tries, raw, result, took)
        if not isinstance(result, CallFailure) or result.problem not in {"limit", "unsent", "lost"}:
            self.gate.succeeded()
        return result

    def _headers(self, call: Call, tries: _Tries) -> dict[str, str]:
        headers: dict[str, str] = {}
        if call.authorized and self.authorizer:
            headers["Authorization"], tries.generation = self.authorizer.header()
        return headers

    def _transmit(self, call: Call, headers: dict[str, str], ends: float) -> RawAnswer | CallFailure:
        content_type, body = call.body()
        if content_type:
            headers["Content-Type"] = content_type
        url = self.base_url + call.path + (f"?{urlencode(call.params)}" if call.params else "")
        timeout = httpx.Timeout(call.timeout, connect=CONNECT_TIMEOUT, pool=None)
        request = self._http.build_request(call.method, url, headers=headers, content=body, timeout=timeout)
        with self._lock:
            self.requests[call.operation] += 1
        return self._within(ends, lambda: self._exchange(request, call, ends))

    def _within(
        self, ends: float, exchange: Callable[[], RawAnswer | CallFailure]
    ) -> RawAnswer | CallFailure:
        """Return what EXCHANGE returns, or a failure when it has not come by ENDS.

        The request has a thread to itself, which is left behind then. Nothing else bounds all that may
        hang: names that are looked up, handshakes, headers that come byte by byte, answers without end.
        """
        results: SimpleQueue[RawAnswer | CallFailure | BaseException] = SimpleQueue()

        def work() -> None:
            try:
                results.put(exchange())
            except BaseException as error:  # noqa: BLE001 - raised to the caller
                results.put(error)

        self._crew.begin(work)
        try:
            result = results.get(timeout=max(0.0, ends - self.clock.now()) + GRACE)
        except Empty:
            return CallFailure("lost", "the answer took too long")
        if isinstance(result, BaseException):
            raise result
        return result

    def _exchange(self, request: httpx.Request, call: Call, ends: float) -> RawAnswer | CallFailure:
        try:
            response = self._http.send(request, stream=True)
            try:
                self._see_time(response.headers.get("date", ""))
                return self._read(response, call, ends)
            finally:
                response.close()
        except L10nSyncError:
            raise
        except (httpx.HTTPError, OSError) as error:
            return lost(error, self.base_url, self.redact)
        except Exception as error:
            if self.stop.is_set():  # another thread has closed the client
                raise Interrupted from error
            # What no library expected is still only a bad answer.
            return CallFailure(
                "lost", self.redact(f"the answer cannot be read: {type(error).__name__}: {error}")
            )

    def _read(self, response: httpx.Response, call: Call, ends: float) -> RawAnswer | CallFailure:
        chunks: list[bytes] = []
        size = 0
        file = new_file() if call.on_disk and response.status_code == HTTPStatus.OK else None
        for chunk in response.iter_raw():
            if file is None or size < HEAD:
                chunks.append(chunk)
            if file is not None:
                keep(file, chunk)
            size += len(chunk)
            if size > call.most:
                return CallFailure("fatal", f"the answer is larger than {call.most} bytes")
            if self.stop.is_set():
                raise Interrupted
            if self.clock.now() > ends + GRACE:
                return CallFailure("lost", "the answer took too long")
        headers = {name.lower(): value for name, value in response.headers.items()}
        return RawAnswer(response.status_code, headers, b"".join(chunks), file, size)

    def _see_time(self, date: str) -> None:
        if self.server_time or not date:
            return
        try:
            moment = parsedate_to_datetime(date).astimezone(UTC)
        except (ValueError, OverflowError, TypeError):
            return
        if moment.year in PLAUSIBLE:
            self.server_time = moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def _note(
        self, call: Call, tries: _Tries, raw: object, result: Answer | CallFailure, took: float
    ) -> None:
        tries.sent += 1
        seen = raw if isinstance(raw, RawAnswer) else RawAnswer(0, {}, b"")
        failed = result if isinstance(result, CallFailure) else None
        self._trace.note(
            trace.TracedRequest(
                operation=call.operation,
                method=call.method,
                path=call.path,
                milliseconds=took,
                attempt=tries.sent,
                status=seen.status,
                request_id=seen.request_id,
                query=call.params,
                fields=call.fields(),
                content_type=seen.headers.get("content-type", ""),
                size=seen.size,
                problem=failed.text if failed else "",
                reply=failed.reply if failed else None,
            )
        )

    # --- between two attempts ---

    def _again(self, call: Call, tries: _Tries, failure: CallFailure) -> None:
        """Return when CALL may be sent once more; raise if it may not."""
        problem = failure.problem
        if problem == "renew":
            self._renew(call, tries, failure)
            return
        if problem in {"final", "fatal", "setting", "forbidden"}:
            raise self._refused(call, failure)
        if problem in {"lost", "fault", "garbled"} and not call.repeatable:
            raise Unanswered(
                f"{call.operation}: {failure}; it may have been executed",
                hint=AGAIN,
                request_id=failure.reply.request_id,
                status=failure.reply.status,
            )
        self._pause_before(call, tries, failure)

    def _pause_before(self, call: Call, tries: _Tries, failure: CallFailure) -> None:
        """Wait before CALL is sent once more; raise if that is useless or there is no time for it."""
        delay = self._delay(tries, failure)
        if self._hopeless(tries, failure) or self.clock.now() + delay > tries.ends:
            raise self._given_up(call, tries, failure)
        self._trace.again(call.operation, str(failure), delay)
        self.clock.wait(self.stop, delay)
        if self.stop.is_set():
            raise Interrupted

    def _renew(self, call: Call, tries: _Tries, failure: CallFailure) -> None:
        """Replace the token; one that is refused though it is new shows wrong credentials, or a fault.

        Wrong credentials serve nobody. Where other requests are served, this one may be later.
        """
        now = self.clock.now()
        fresh = tries.renewed is not None and now - tries.renewed < FRESH
        tries.refused += fresh
        if not call.authorized or self.authorizer is None or (not self.known and tries.refused >= UNKNOWN):
            raise CredentialsError(
                f"{call.operation}: the service did not accept the credentials: {failure}",
                hint="Check the user identifier and the secret, and that they may use this project.",
            )
        if fresh:
            self._pause_before(call, tries, failure)
        self.authorizer.renew(tries.generation)
        tries.renewed = self.clock.now()

    def _delay(self, tries: _Tries, failure: CallFailure) -> float:
        chance = self.clock.chance()
        if failure.problem in {"limit", "lock", "maintenance"}:
            delay = limit_delay(tries.limits, chance)
            tries.limits += 1
            if failure.problem == "limit":
                self.gate.throttled(failure.asked)
        else:
            delay = fault_delay(tries.faults, chance)
            tries.faults += 1
            tries.garbled += failure.problem == "garbled"
        return max(delay, failure.asked)

    def _hopeless(self, tries: _Tries, failure: CallFailure) -> bool:
        if failure.problem == "maintenance":
            return self.clock.now() - tries.began > MAINTENANCE_LIMIT
        if failure.problem == "garbled":
            return tries.garbled >= GARBLED
        if failure.reply == SILENCE and not self.server_time:
            # It never answered in this run: perhaps it is not there.
            return self.clock.now() - tries.began > self.connection.patience
        if failure.problem == "renew":
            return tries.refused >= FEW
        return failure.problem == "fault" and failure.reply.code == "GENERAL_ERROR" and tries.faults >= FEW

    def _refused(self, call: Call, failure: CallFailure) -> L10nSyncError:
        message = f"{call.operation}: {failure}"
        if failure.problem == "forbidden":
            return CredentialsError(message, hint="Ask the account's owner for access to this project.")
        if failure.problem == "setting":
            return UsageError(message, hint=setting_hint(failure.text))
        if failure.problem == "fatal" and failure.reply == SILENCE:
            return TemporaryError(message, hint=tls_hint(failure.text))
        hint = "Check the project id." if failure.reply.status == NOT_FOUND else ""
        return ServiceError(message, failure.reply, hint=hint)

    def _given_up(self, call: Call, tries: _Tries, failure: CallFailure) -> L10nSyncError:
        seconds = self.clock.now() - tries.began
        if failure.problem == "garbled":
            return ServiceError(f"{call.operation}: {failure}", failure.reply)
        why = "the service is in maintenance; " if failure.problem == "maintenance" else ""
        return TemporaryError(
            f"{call.operation}: {why}gave up after {tries.sent} attempts in {seconds:.0f} s: {failure}",
            hint=AGAIN,
            request_id=failure.reply.request_id,
            status=failure.reply.status,
        )
