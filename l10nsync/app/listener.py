"""A small HTTP listener for the calls of the service; it only hands them on and answers."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore, Thread
from types import TracebackType
from typing import Any, Self

from l10nsync.errors import UsageError
from l10nsync.plan.notify import SIGNATURES, UNSIGNED_LIMIT, IncomingRequest

BODY_LIMIT = 256 * 1024
"""Bytes; a longer body is refused unread, and so is one of `UNSIGNED_LIMIT` without any signature."""
HEAD_LIMIT = 32 * 1024
"""Bytes of a request line with its headers; what follows them is not read."""
_DIGITS = 10
"""Digits of a length; more are not read as a number."""
SECONDS = 10.0
"""A connection that is silent for so long is closed."""
LONGEST = 20.0
"""Seconds: a connection that is not done by then is closed, however busy it is."""
CONNECTIONS = 32
"""Connections that are served at once; more are closed."""


class Listener:
    """Listens in threads of its own; a context manager that ends them."""

    def __init__(self, host: str, port: int, answer: Callable[[IncomingRequest], int]) -> None:
        """ANSWER returns the status for a call; it is called from several threads."""
        try:
            self._server = _CallServer((host, port), answer)
        except (OSError, OverflowError) as error:
            raise UsageError(
                f"cannot listen on {host}:{port}: {getattr(error, 'strerror', None) or error}",
                hint="Choose another address with --listen HOST:PORT, or none with --listen none.",
            ) from error
        self._thread = Thread(target=self._server.serve_forever, args=(0.2,), daemon=True)

    @property
    def address(self) -> str:
        """Where it listens, as `host:port`."""
        host, port = self._server.server_address[:2]
        name = host.decode() if isinstance(host, bytes | bytearray) else str(host)
        return f"[{name}]:{port}" if ":" in name else f"{name}:{port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()


class _CallServer(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], answer: Callable[[IncomingRequest], int]) -> None:
        self.answer = answer
        self._free = BoundedSemaphore(CONNECTIONS)
        self._began: dict[Any, float] = {}
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _CallHandler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread, unless too many are open."""
        if not self._free.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a connection and give its place free."""
        self._began[request] = time.monotonic()
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._began.pop(request, None)
            self._free.release()

    def service_actions(self) -> None:
        """Close the connections that send so slowly that they would keep their places for ever."""
        for request, began in list(self._began.items()):
            if time.monotonic() - began > LONGEST:
                with contextlib.suppress(OSError):
                    request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log nothing: a client that disconnects is normal."""


class _Stream:
    """What a connection sends: the lines before the body end at `HEAD_LIMIT`."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._left = HEAD_LIMIT
        self.over = False
        """There were too many bytes before the body."""
        self.read = stream.read
        self.close = stream.close

    @property
    def closed(self) -> bool:
        """Whether it is closed, which the base class asks."""
        return bool(self._stream.closed)

    def readline(self, limit: int = -1) -> bytes:
        """Return the next line; nothing once there was too much."""
        line: bytes = self._stream.readline(min(limit, self._left) if limit >= 0 else self._left)
        self._left -= len(line)
        self.over = self.over or not self._left
        return b"" if self.over else line


class _CallHandler(BaseHTTPRequestHandler):
    server: _CallServer
    timeout = SECONDS
    server_version = "l10nsync"
    sys_version = ""

    def setup(self) -> None:
        """Bound what is read."""
        super().setup()
        self.rfile: Any = _Stream(self.rfile)

    def _serve(self) -> None:
        if self.rfile.over:
            return self._reply(431)
        length = self.headers.get("Content-Length") or "0"
        if not length.isascii() or not length.isdigit() or "Transfer-Encoding" in self.headers:
            return self._reply(400)
        signed = any(name in self.headers for name in SIGNATURES)
        if len(length) > _DIGITS or int(length) > (BODY_LIMIT if signed else UNSIGNED_LIMIT):
            return self._reply(413)
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            return None
        headers = {name.lower(): value for name, value in self.headers.items()}
        return self._reply(self.server.answer(IncomingRequest(self.command, self.path, headers, body)))

    do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = _serve  # noqa: N815 - the names that the base class looks for

    def _reply(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Log nothing: requests of strangers do not belong in our output."""
