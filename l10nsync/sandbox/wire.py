"""The outermost layer: who may talk to us, and how header names are spelled on the wire."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from l10nsync.sandbox.control import PREFIX
from l10nsync.sandbox.loopback import is_loopback
from l10nsync.sandbox.page.asgi import is_page

ORDERS = "/smartmate"
"""The beginning of the addresses of the other service."""


def is_own_origin(origin: str) -> bool:
    """Whether an Origin header names a page of this machine."""
    scheme, _, host = origin.partition("://")
    return scheme in {"http", "https"} and is_loopback(host)


class Wire:
    """Refuses foreign hosts and origins; hands the control API, the pages and the service their requests."""

    def __init__(self, service: ASGIApp, control: ASGIApp, pages: ASGIApp, orders: ASGIApp) -> None:
        self.service = service
        self.control = control
        self.pages = pages
        self.orders = orders

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        if not _allowed(scope):
            await _refuse(send)
            return
        await self._app(scope["path"])(scope, receive, send)

    def _app(self, path: str) -> ASGIApp:
        if path.startswith(PREFIX):
            return self.control
        if path.startswith(f"{ORDERS}/"):
            return self.orders
        return self.pages if is_page(path) else self.service


def _allowed(scope: Scope) -> bool:
    headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
    origin = headers.get("origin")
    return is_loopback(headers.get("host", "")) and (origin is None or is_own_origin(origin))


async def _refuse(send: Send) -> None:
    body = b"This server answers this machine only."
    headers = spelled([("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    message: Message = {"type": "http.response.body", "body": body}
    await send(message)


def spelled(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Return headers as bytes in the spelling given: some clients compare names with their case."""
    return [(key.encode("latin-1"), value.encode("latin-1")) for key, value in headers]
