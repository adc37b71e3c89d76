"""The pages as an ASGI application: routing, the same-origin rule, and the headers that every page has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from l10nsync.sandbox.page import render
from l10nsync.sandbox.page.actions import ACTIONS
from l10nsync.sandbox.page.render import Page
from l10nsync.sandbox.page.views import VIEWS
from l10nsync.sandbox.refusal import Refusal, not_found
from l10nsync.sandbox.replies import Reply
from l10nsync.sandbox.routing import match
from l10nsync.sandbox.server_state import Server

PREFIX = "/sandbox"
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""No scripts, no frames, nothing from elsewhere. With `no-referrer` browsers would send no Origin."""
STATIC: Mapping[str, str] = {"page.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}


def is_page(path: str) -> bool:
    """Whether an address belongs to the pages; those of the control API are not asked about."""
    return path in {"/", "/favicon.ico", PREFIX} or path.startswith(f"{PREFIX}/")


class Pages:
    """The pages of one server."""

    def __init__(self, server: Server) -> None:
        self.server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; never through faults, tokens or the recorder."""
        request = Request(scope, receive)
        form: dict[str, str] = {}
        try:
            if request.method == "POST" and is_same_origin(request.headers):
                async with request.form(max_files=0, max_fields=1000) as given:
                    form = {key: value for key, value in given.items() if isinstance(value, str)}
            response = self._answer(request, form)
        except MultiPartException as error:
            response = self._shown(Page("problem.html", str(error.message), status=400), request)
        self.server.postman.collect()
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        await response(scope, receive, send)

    def _answer(self, request: Request, form: Mapping[str, str]) -> Response:
        name = request.url.path.removeprefix(f"{PREFIX}/static/")
        if request.method in {"GET", "HEAD"} and name in STATIC:
            return Response(render.static(name), media_type=STATIC[name])
        try:
            with self.server.world.store.transaction():
                return self._shown(self._made(request, form), request)
        except Refusal as refusal:
            message = refusal.message or "There is no such thing here."
            return self._shown(Page("problem.html", message, status=refusal.status), request)

    def _made(self, request: Request, form: Mapping[str, str]) -> Page | Reply | str:
        path = request.scope.get("raw_path", b"").decode("latin-1").partition("?")[0] or request.url.path
        if request.method == "POST":
            if not is_same_origin(request.headers):
                raise Refusal(403, "FORBIDDEN", "This form was not sent from a page of this sandbox.")
            action, names = match(ACTIONS, path)
            if action is not None:
                self._settle(names)
                return action(self.server, names, form)
        elif request.method in {"GET", "HEAD"}:
            view, names = match(VIEWS, path)
            if view is not None:
                self._settle(names)
                return view(self.server, names, request.query_params)
        raise not_found(f"There is no page {path}")

    def _settle(self, names: Mapping[str, str]) -> None:
        if "project" in names:
            self.server.settle(names["project"])

    def _shown(self, made: Page | Reply | str, request: Request) -> Response:
        if isinstance(made, str):
            return RedirectResponse(made, 303)
        if isinstance(made, Reply):
            return Response(made.body, made.status, dict(made.headers))
        text = render.html(
            made,
            path=request.url.path,
            query=request.query_params,
            url=f"http://{request.headers['host']}",
            now=self.server.world.now(),
        )
        return Response(text.encode(errors="replace"), made.status, media_type="text/html; charset=utf-8")


def is_same_origin(headers: Mapping[str, Any]) -> bool:
    """Whether a form was sent by one of our own pages: browsers say so in two headers; both must agree."""
    return (
        headers.get("origin") == f"http://{headers.get('host')}"
        and headers.get("sec-fetch-site", "same-origin") == "same-origin"
    )
