"""A service on a real socket whose every answer, down to the bytes, a test decides."""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock, Thread

from l10nsync.providers.base import Connection, Secret
from l10nsync.providers.http import Client
from l10nsync.providers.smartling.session import Session

USER = "test-user"
SECRET = 'test-s3cr"et\\<ü>/+canary'


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def token(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")


Responder = Callable[[Asked], bytes | None]
"""Returns the raw bytes of an answer; None closes the connection without one."""


def answer(
    status: int = 200,
    body: bytes | object = b"",
    *,
    length: int | None = None,
    framed: bool = True,
    **headers: str,
) -> bytes:
    """Return a raw answer; a BODY that is no bytes becomes JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
    lines = [f"HTTP/1.1 {status} Said", "X-SL-RequestId: req-1", "Date: Sat, 01 Aug 2026 10:00:00 GMT"]
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    given.setdefault("Content-Type", kind)
    if framed:
        given["Content-Length"] = str(len(content) if length is None else length)
    lines += [f"{name}: {value}" for name, value in given.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


def success(data: object = None, status: int = 200, **headers: str) -> bytes:
    """Return an answer in the service's envelope."""
    body = {"response": {"code": "SUCCESS", "data": data}}
    return answer(status, body, length=None, framed=True, **headers)


def refusal(status: int, code: str, message: str = "", key: str | None = None, **headers: str) -> bytes:
    """Return an error in the service's envelope."""
    error = {"key": key, "message": message, "details": None}
    body = {"response": {"code": code, "errors": [error]}}
    return answer(status, body, length=None, framed=True, **headers)


@dataclass
class Service:
    """Listens on loopback; auth calls are answered here, all others by `respond`."""

    respond: Responder = lambda _asked: success({"items": []})
    expires_in: float = 480
    refresh_expires_in: float = 3660
    refuse_refresh: bool = False
    refuse_login: bool = False
    asked: list[Asked] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    valid: set[str] = field(default_factory=set)
    url: str = ""
    _lock: Lock = field(default_factory=Lock)
    _stop: Event = field(default_factory=Event)

    def expire(self) -> None:
        """No token that was issued so far is good any more."""
        self.valid.clear()

    def serve(self, listener: socket.socket) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            try:
                while True:
                    line = stream.readline().decode()
                    if not line:
                        return
                    asked = _read(line, stream)
                    raw = self._answer(asked)
                    if raw is None:
                        return
                    connection.sendall(raw)
                    if b"\r\nContent-Length:" not in raw or b"\r\nConnection: close" in raw:
                        return
            except (OSError, ValueError):
                return

    def _answer(self, asked: Asked) -> bytes | None:
        with self._lock:
            self.asked.append(asked)
            self.counts[asked.path] += 1
        if asked.path == "/auth-api/v2/authenticate":
            return refusal(401, "AUTHENTICATION_ERROR", "no") if self.refuse_login else self._issue("login")
        if asked.path == "/auth-api/v2/authenticate/refresh":
            return (
                refusal(401, "AUTHENTICATION_ERROR", "no") if self.refuse_refresh else self._issue("refresh")
            )
        return self.respond(asked)

    def _issue(self, how: str) -> bytes:
        with self._lock:
            self.counts[how] += 1
            token = f"token-{how}-{self.counts[how]}-canary"
            self.valid.add(token)
            return success(
                {
                    "accessToken": token,
                    "refreshToken": f"again-{token}",
                    "expiresIn": self.expires_in,
                    "refreshExpiresIn": self.refresh_expires_in,
                    "tokenType": "Bearer",
                }
            )


def _read(line: str, stream: object) -> Asked:
    method, target, _ = line.split(" ")
    headers: dict[str, str] = {}
    while (text := stream.readline().decode("latin-1").rstrip("\r\n")) != "":  # type: ignore[attr-defined]
        name, _, value = text.partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", "0")))  # type: ignore[attr-defined]
    path, _, query = target.partition("?")
    return Asked(method, path, query, headers, body)


@contextmanager
def running(service: Service) -> Iterator[Service]:
    """Serve while the block runs."""
    listener = socket.create_server(("127.0.0.1", 0))
    service.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    thread = Thread(target=service.serve, args=(listener,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service._stop.set()
        # A blocked `accept` does not notice `close`.
        with socket.create_connection(listener.getsockname(), timeout=1):
            pass
        thread.join(5)
        listener.close()


class VirtualClock:
    """Time that passes only by waiting, and a fixed sequence of chances."""

    def __init__(self) -> None:
        self.time = 0.0
        self.waits: list[float] = []
        self._lock = Lock()
        self._state = 12345

    def now(self) -> float:
        return self.time

    def wait(self, stop: Event, seconds: float) -> None:
        with self._lock:
            self.waits.append(seconds)
            self.time += seconds

    def chance(self) -> float:
        with self._lock:
            self._state = (self._state * 1103515245 + 12345) % 2**31
            return self._state / 2**31


def connection(url: str, **changes: object) -> Connection:
    """Return a connection to URL with the test's credentials."""
    values: dict[str, object] = {
        "user": USER,
        "secret": Secret(SECRET),
        "user_agent": "integration-test-cli/1",
    }
    return Connection(url, **(values | changes))  # type: ignore[arg-type]


@contextmanager
def client(service: Service, **changes: object) -> Iterator[tuple[Client, VirtualClock]]:
    """Return a client of SERVICE with a session, and its clock."""
    clock = VirtualClock()
    made = Client(connection(service.url, **changes), clock)
    made.authorizer = Session(made)
    try:
        yield made, clock
    finally:
        made.close()
