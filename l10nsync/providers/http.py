"""One HTTP client for a run: it authenticates, waits, repeats and checks; callers see only good answers.

`Client.send` is the only place that sends. It returns an `Answer` that is complete and says success,
or raises: `CredentialsError` (not allowed), `TemporaryError` (gave up; `Unanswered` where a request that
must not be repeated blindly may have been applied), `ServiceError` (refused for good).
"""

from __future__ import annotations

import json as jsonlib
import ssl
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from typing import IO, Literal, Protocol
from urllib.parse import urlencode, urlsplit

import httpx

from l10nsync.errors import (
    CredentialsError,
    Interrupted,
    L10nSyncError,
    ServiceError,
    ServiceReply,
    TemporaryError,
    UsageError,
)
from l10nsync.providers import multipart, trace
from l10nsync.providers.base import Connection
from l10nsync.providers.multipart import FilePart
from l10nsync.providers.replies import (
    PLAUSIBLE,
    Fields,
    JsonObject,
    ReplyOrigin,
    ReplyVerdict,
    html_title,
    is_error_envelope,
    judge,
    nonsense,
    parse_json,
    read_reply,
    record,
)
from l10nsync.providers.throttle import Clock, RealClock, Throttle, fault_delay, limit_delay, retry_after
from l10nsync.spool import no_room

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
FILE_LIMIT = 64 * 1024 * 1024
"""Bytes of a file."""
HEAD = 65_536
"""Bytes of a large file that are looked at as `body`."""
JSON_LIMIT = 16 * 1024 * 1024
"""Bytes of any other answer: what is parsed takes many times as much memory."""
AGAIN = "run the same command again; what is already done is not done twice"

RequestProblem = ReplyVerdict | Literal["unsent", "lost", "garbled", "fatal", "setting"]


class Unanswered(TemporaryError):  # noqa: N818 - named for what happened
    """A request may or may not have been applied: look at the service before asking again."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, in a form that can be sent again."""

    operation: str
    """Our name of it, for messages and statistics."""
    method: str
    path: str
    """Below the base URL, with a leading slash, quoted."""
    params: tuple[tuple[str, str], ...] = ()
    json: object = None
    """A JSON body; None for no body."""
    form: tuple[tuple[str, str], ...] = ()
    """Fields of a multipart body."""
    file: bytes | None = None
    """The part `file` of a multipart body."""
    files: tuple[FilePart, ...] = ()
    """Further files of a multipart body, each with a field and a name of its own."""
    repeatable: bool = True
    """False where doing it twice does harm; then `Unanswered` is raised instead of a repetition."""
    accept_file: bool = False
    """The answer is a file, not an envelope."""
    on_disk: bool = False
    """That file is large: it comes as `Answer.file`, and only its beginning as `Answer.body`."""
    may_be_html: bool = False
    """That file may be an HTML page."""
    authorized: bool = True
    timeout: float = 60.0
    """Seconds without a byte."""
    limit: int = 0
    """Bytes of an answer; 0 for what is usual of its kind."""

    @property
    def most(self) -> int:
        """How many bytes the answer may have."""
        return self.limit or (FILE_LIMIT if self.accept_file else JSON_LIMIT)

    def body(self) -> tuple[str, bytes]:
        """Return Content-Type and bytes of the body; both empty for none."""
        if self.json is not None:
            return "application/json", jsonlib.dumps(self.json, ensure_ascii=False).encode()
        if self.form or self.file is not None or self.files:
            return multipart.encode(self.form, self.file, self.files)
        return "", b""

    def fields(self) -> dict[str, int]:
        """Return the names of what the body holds, with sizes in bytes."""
        if isinstance(self.json, Mapping):
            return {str(name): len(jsonlib.dumps(value)) for name, value in self.json.items()}
        sizes = {name: len(value.encode()) for name, value in self.form}
        for file in self.files:
            sizes[file.field] = sizes.get(file.field, 0) + len(file.content)
        return sizes if self.file is None else sizes | {"file": len(self.file)}


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete, successful answer."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    request_id: str = ""
    operation: str = ""
    file: IO[bytes] | None = None
    """The whole body, where `Call.on_disk` asked for that; it is gone when it is closed."""

    @property
    def value(self) -> object:
        """The whole JSON value; every object in it knows where it came from."""
        return parse_json(self.body, self._origin)

    @property
    def record(self) -> JsonObject:
        """`data`, which must be an object; an empty one where the answer holds none."""
        data = self.data
        if data is None:
            return Fields({}, self._origin)
        if not isinstance(data, dict):
            raise nonsense(Fields({}, self._origin), "it is not an object")
        return data

    @property
    def _origin(self) -> ReplyOrigin:
        return ReplyOrigin(self.operation, self.status, self.request_id)

    @property
    def data(self) -> object:
        """`response.data` of an envelope, or the whole JSON value where there is no envelope."""
        value = self.value
        if not isinstance(value, dict) or "response" not in value:
            return value
        return record(value, "response").get("data")


class Authorizer(Protocol):
    """Knows the `Authorization` header; shared by all threads."""

    def header(self) -> tuple[str, int]:
        """Return the header's value and the generation of the token in it."""
        ...

    def renew(self, generation: int) -> None:
        """Replace the token of GENERATION, once however many threads ask; raise `CredentialsError`."""
        ...


def is_loopback(host: str) -> bool:
    """Whether HOST is this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


_NO_ADDRESS = "the API address must be a plain URL such as https://api.smartling.com"


def checked_base_url(url: str) -> str:
    """Return URL without a final slash; raise `UsageError` if credentials must not be sent there."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
        _ = parts.port  # one that is no number is noticed only when it is asked for
    except ValueError as error:
        raise UsageError(_NO_ADDRESS) from error
    if not host or parts.username or parts.password or parts.query or parts.fragment:
        raise UsageError(_NO_ADDRESS)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise UsageError(f"the API address must use https (http only for this machine), host {host}")
    return url.strip().rstrip("/")


_TEST = "test-"
"""How the credentials of a sandbox begin."""


def uses_test_credentials(connection: Connection) -> bool:
    """Whether the service is a sandbox on this machine: nobody else takes its credentials."""
    return connection.user.startswith(_TEST)


def check_test_credentials(url: str, values: Iterable[str]) -> None:
    """Raise `CredentialsError` if the sandbox's dummy credentials would go to a real host."""
    host = urlsplit(url).hostname or ""
    if not is_loopback(host) and any(value.startswith(_TEST) for value in values):
        raise CredentialsError(
            f"test credentials are not sent to {host}",
            hint="set real credentials, or the API address of a sandbox on this machine",
        )


@dataclass(frozen=True, slots=True)
class _Raw:
    status: int
    headers: Mapping[str, str]
    body: bytes
    file: IO[bytes] | None = None
    size: int = 0

    @property
    def request_id(self) -> str:
        return self.headers.get("x-sl-requestid", "")[:_LONGEST_ID]

    @property
    def framed(self) -> bool:
        return "content-length" in self.headers or "transfer-encoding" in self.headers


_LONGEST_ID = 200
"""Characters of a request id; a longer one is cut."""
_SILENCE = ServiceReply()


@dataclass(frozen=True, slots=True)
class _Failure:
    problem: RequestProblem
    text: str = ""
    reply: ServiceReply = _SILENCE
    asked: float = 0.0
    """Seconds of `Retry-After`."""

    def __str__(self) -> str:
        return self.text or str(self.reply)


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

    def __post_init__(self) -> None:
        settings = self.connection
        self.base_url = checked_base_url(settings.base_url)
        check_test_credentials(self.base_url, (settings.user, settings.secret.reveal()))
        self.redact.add(settings.secret.reveal())
        self.ends = self.clock.now() + settings.deadline
        self.gate = Throttle(settings.concurrency, self.clock, self.stop)
        self._trace = trace.Trace(self.redact, settings.verbosity, settings.log_file)
        self._http = _transport(self.base_url, settings)

    def close(self) -> None:
        """Send nothing more, wake everybody who waits, and let go of the connections."""
        self.stop.set()
        self._http.close()
        self._trace.close()

    @property
    def threads(self) -> int:
        """How many calls are worth making at once."""
        return max(1, self.connection.concurrency)

    def remaining(self) -> float:
        """Seconds until the run's deadline."""
        return self.ends - self.clock.now()

    def warn(self, text: str) -> None:
        """Tell the user something that changes how the run goes on."""
        self._trace.warn(text)

    def pause(self, seconds: float) -> None:
        """Wait between two looks; raise `Interrupted` when stopped, `TemporaryError` at the deadline."""
        if self.remaining() <= seconds:
            raise TemporaryError("the time limit of the run is used up", hint=AGAIN)
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

    def _once(self, call: Call, tries: _Tries) -> Answer | _Failure:
        headers = self._headers(call, tries)
        with self.gate.passing():
            began = self.clock.now()
            raw = self._transmit(call, headers, tries.ends)
            took = (self.clock.now() - began) * 1000
        result = self._judged(call, raw) if isinstance(raw, _Raw) else raw
        self.known = self.known or (call.authorized and isinstance(result, Answer))
        self._note(call, tries, raw, result, took)
        if not isinstance(result, _Failure) or result.problem not in {"limit", "unsent", "lost"}:
            self.gate.succeeded()
        return result

    def _headers(self, call: Call, tries: _Tries) -> dict[str, str]:
        headers: dict[str, str] = {}
        if call.authorized and self.authorizer:
            headers["Authorization"], tries.generation = self.authorizer.header()
        return headers

    def _transmit(self, call: Call, headers: dict[str, str], ends: float) -> _Raw | _Failure:
        content_type, body = call.body()
        if content_type:
            headers["Content-Type"] = content_type
        url = self.base_url + call.path + (f"?{urlencode(call.params)}" if call.params else "")
        timeout = httpx.Timeout(call.timeout, connect=CONNECT_TIMEOUT, pool=None)
        request = self._http.build_request(call.method, url, headers=headers, content=body, timeout=timeout)
        with self._lock:
            self.requests[call.operation] += 1
        return self._within(ends, lambda: self._exchange(request, call, ends))

    def _within(self, ends: float, exchange: Callable[[], _Raw | _Failure]) -> _Raw | _Failure:
        """Return what EXCHANGE returns, or a failure when it has not come by ENDS.

        The request has a thread of its own, which is left behind then. Nothing else bounds all that may
        hang: names that are looked up, handshakes, headers that come byte by byte, answers without end.
        """
        results: SimpleQueue[_Raw | _Failure | BaseException] = SimpleQueue()

        def work() -> None:
            try:
                results.put(exchange())
            except BaseException as error:  # noqa: BLE001 - raised to the caller
                results.put(error)

        Thread(target=work, name="l10nsync-request", daemon=True).start()
        try:
            result = results.get(timeout=max(0.0, ends - self.clock.now()) + GRACE)
        except Empty:
            return _Failure("lost", "the answer took too long")
        if isinstance(result, BaseException):
            raise result
        return result

    def _exchange(self, request: httpx.Request, call: Call, ends: float) -> _Raw | _Failure:
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
            return _lost(error, self.base_url, self.redact)
        except Exception as error:
            if self.stop.is_set():  # another thread has closed the client
                raise Interrupted from error
            # What no library expected is still only a bad answer.
            return _Failure(
                "lost", self.redact(f"the answer cannot be read: {type(error).__name__}: {error}")
            )

    def _read(self, response: httpx.Response, call: Call, ends: float) -> _Raw | _Failure:
        chunks: list[bytes] = []
        size = 0
        file = _new_file() if call.on_disk and response.status_code == HTTPStatus.OK else None
        for chunk in response.iter_raw():
            if file is None or size < HEAD:
                chunks.append(chunk)
            if file is not None:
                _keep(file, chunk)
            size += len(chunk)
            if size > call.most:
                return _Failure("fatal", f"the answer is larger than {call.most} bytes")
            if self.stop.is_set():
                raise Interrupted
            if self.clock.now() > ends + GRACE:
                return _Failure("lost", "the answer took too long")
        headers = {name.lower(): value for name, value in response.headers.items()}
        return _Raw(response.status_code, headers, b"".join(chunks), file, size)

    def _see_time(self, date: str) -> None:
        if self.server_time or not date:
            return
        try:
            moment = parsedate_to_datetime(date).astimezone(UTC)
        except (ValueError, OverflowError, TypeError):
            return
        if moment.year in PLAUSIBLE:
            self.server_time = moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def _judged(self, call: Call, raw: _Raw) -> Answer | _Failure:
        coding = raw.headers.get("content-encoding", "identity").lower()
        if coding not in {"identity", ""}:
            return self._garbled(call, raw, f"the answer is encoded as {coding}, which was not asked for")
        if 300 <= raw.status < 400:
            host = _host_of(raw.headers.get("location", "")) or "an unknown host"
            return _Failure(
                "fatal", self.redact(f"refused to follow a redirect to {host}"), self._reply(call, raw)
            )
        if 200 <= raw.status < 300:
            return self._success(call, raw)
        return self._failure(call, raw)

    def _success(self, call: Call, raw: _Raw) -> Answer | _Failure:
        answer = Answer(raw.status, raw.headers, raw.body, raw.request_id, call.operation, raw.file)
        if raw.status == 204:
            return answer
        if call.accept_file:
            return self._file(call, raw, answer)
        title = html_title(raw.body)
        if title is not None:
            return self._garbled(call, raw, f"expected JSON, got an HTML page titled {title!r}")
        if not isinstance(parse_json(raw.body), dict | list):
            return self._garbled(call, raw, "expected JSON, got something else or only a part of it")
        return answer if judge(self._reply(call, raw)) == "fine" else self._failure(call, raw)

    def _file(self, call: Call, raw: _Raw, answer: Answer) -> Answer | _Failure:
        if raw.status != 200:
            return self._garbled(call, raw, f"expected a file, got status {raw.status}")
        if not raw.framed:
            return self._garbled(call, raw, "the answer does not say where it ends, so it may be cut")
        if not raw.body:
            return self._garbled(call, raw, "expected a file, got an empty answer")
        title = None if call.may_be_html else html_title(raw.body)
        if title is not None:
            return self._garbled(call, raw, f"expected a file, got an HTML page titled {title!r}")
        if is_error_envelope(raw.body):
            return self._failure(call, raw)
        return answer

    def _garbled(self, call: Call, raw: _Raw, text: str) -> _Failure:
        reply = replace(self._reply(call, raw), message=self.redact(text))
        return _Failure("garbled", self.redact(text), reply)

    def _failure(self, call: Call, raw: _Raw) -> _Failure:
        reply = self._reply(call, raw)
        problem = judge(reply)
        return _Failure(
            "garbled" if problem == "fine" else problem,
            reply=reply,
            asked=retry_after(raw.headers.get("retry-after", "")),
        )

    def _reply(self, call: Call, raw: _Raw) -> ServiceReply:
        said = read_reply(raw.status, raw.body, raw.request_id, call.operation)
        hide = self.redact
        return replace(
            said,
            code=hide(said.code),
            key=hide(said.key),
            message=hide(said.message),
            details=hide(said.details),
            request_id=hide(said.request_id),
        )

    def _note(self, call: Call, tries: _Tries, raw: object, result: Answer | _Failure, took: float) -> None:
        tries.sent += 1
        seen = raw if isinstance(raw, _Raw) else _Raw(0, {}, b"")
        failed = result if isinstance(result, _Failure) else None
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

    def _again(self, call: Call, tries: _Tries, failure: _Failure) -> None:
        """Return when CALL may be sent once more; raise if it may not."""
        problem = failure.problem
        if problem == "renew":
            self._renew(call, tries, failure)
            return
        if problem in {"final", "fatal", "setting", "forbidden"}:
            raise self._refused(call, failure)
        if problem in {"lost", "fault", "garbled"} and not call.repeatable:
            raise Unanswered(
                f"{call.operation}: {failure}; it may have been done",
                hint=AGAIN,
                request_id=failure.reply.request_id,
                status=failure.reply.status,
            )
        self._pause_before(call, tries, failure)

    def _pause_before(self, call: Call, tries: _Tries, failure: _Failure) -> None:
        """Wait before CALL is sent once more; raise where that is of no use, or there is no time for it."""
        delay = self._delay(tries, failure)
        if self._hopeless(tries, failure) or self.clock.now() + delay > tries.ends:
            raise self._given_up(call, tries, failure)
        self._trace.again(call.operation, str(failure), delay)
        self.clock.wait(self.stop, delay)
        if self.stop.is_set():
            raise Interrupted

    def _renew(self, call: Call, tries: _Tries, failure: _Failure) -> None:
        """Replace the token; one that is refused though it is new shows wrong credentials, or a fault.

        Wrong credentials serve nobody. Where other requests are served, this one may be later.
        """
        now = self.clock.now()
        fresh = tries.renewed is not None and now - tries.renewed < FRESH
        tries.refused += fresh
        if not call.authorized or self.authorizer is None or (not self.known and tries.refused >= UNKNOWN):
            raise CredentialsError(
                f"{call.operation}: the service did not accept the credentials: {failure}",
                hint="check the user identifier and the secret, and that they may use this project",
            )
        if fresh:
            self._pause_before(call, tries, failure)
        self.authorizer.renew(tries.generation)
        tries.renewed = self.clock.now()

    def _delay(self, tries: _Tries, failure: _Failure) -> float:
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

    def _hopeless(self, tries: _Tries, failure: _Failure) -> bool:
        if failure.problem == "maintenance":
            return self.clock.now() - tries.began > MAINTENANCE_LIMIT
        if failure.problem == "garbled":
            return tries.garbled >= GARBLED
        if failure.reply == _SILENCE and not self.server_time:
            # It never answered in this run: perhaps it is not there.
            return self.clock.now() - tries.began > self.connection.patience
        if failure.problem == "renew":
            return tries.refused >= FEW
        return failure.problem == "fault" and failure.reply.code == "GENERAL_ERROR" and tries.faults >= FEW

    def _refused(self, call: Call, failure: _Failure) -> L10nSyncError:
        message = f"{call.operation}: {failure}"
        if failure.problem == "forbidden":
            return CredentialsError(message, hint="ask the account's owner for access to this project")
        if failure.problem == "setting":
            return UsageError(message, hint=_setting_hint(failure.text))
        if failure.problem == "fatal" and failure.reply == _SILENCE:
            return TemporaryError(message, hint=_tls_hint(failure.text))
        hint = "check the project id" if failure.reply.status == NOT_FOUND else ""
        return ServiceError(message, failure.reply, hint=hint)

    def _given_up(self, call: Call, tries: _Tries, failure: _Failure) -> L10nSyncError:
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


def _new_file() -> IO[bytes]:
    """Return a file without a name: nothing is left of it when the run is killed."""
    try:
        return tempfile.TemporaryFile()
    except OSError as error:
        raise no_room(error) from error


def _keep(file: IO[bytes], chunk: bytes) -> None:
    try:
        file.write(chunk)
    except OSError as error:
        raise no_room(error) from error


def _transport(base_url: str, settings: Connection) -> httpx.Client:
    # A proxy named in the environment is for other machines: nothing plain may leave this one.
    local = is_loopback(urlsplit(base_url).hostname or "")
    size = settings.concurrency + 2
    try:
        return httpx.Client(
            headers={
                "User-Agent": settings.user_agent,
                "Accept": "*/*",
                "Accept-Encoding": "identity",
            },
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            follow_redirects=False,
            trust_env=not local,
            limits=httpx.Limits(max_connections=size, max_keepalive_connections=size),
        )
    except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
        raise _unusable(error) from error


def _unusable(error: Exception) -> UsageError:
    """Say which setting of the environment makes a connection impossible; its value may hold a password."""
    if isinstance(error, ImportError):
        return UsageError(
            "a proxy of the environment is a SOCKS proxy, for which a package is missing",
            hint="Install it with: pip install 'httpx[socks]'; or name an HTTP proxy in HTTPS_PROXY.",
        )
    if isinstance(error, OSError):
        return UsageError(
            f"the certificates that the environment names cannot be read: {error.strerror or error}",
            hint="Look at SSL_CERT_FILE and SSL_CERT_DIR.",
        )
    return UsageError(
        "the proxy that the environment names is not an address",
        hint="Look at HTTPS_PROXY, ALL_PROXY and NO_PROXY; write http://HOST:PORT.",
    )


def _host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _lost(error: Exception, base_url: str, redact: trace.Redactor) -> _Failure:
    """Say what became of a request that has no complete answer."""
    host = urlsplit(base_url).hostname
    said = redact(str(error) or type(error).__name__)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error)):
        return _Failure("setting", f"the certificate of {host} is not trusted: {said}")
    if isinstance(error, httpx.ProxyError) and said.startswith("407"):
        return _Failure("setting", f"the proxy wants a user and a password: {said}")
    if any(isinstance(cause, ssl.SSLError) for cause in _causes(error)):
        return _Failure("fatal", f"TLS connection to {host} failed: {said}")
    if isinstance(error, httpx.ProxyError):
        return _Failure("unsent", f"the proxy refused the connection to {host}: {said}")
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return _Failure("unsent", f"cannot reach {host}: {said}")
    return _Failure("lost", f"the connection to {host} broke: {said}")


_CA_HINT = "if a company proxy signs its own certificates, name its CA file in SSL_CERT_FILE"


def _setting_hint(text: str) -> str:
    return "write them in HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT" if "proxy" in text else _CA_HINT


def _tls_hint(text: str) -> str:
    return _CA_HINT if text.startswith("TLS") else AGAIN
