"""The HTTP face: routing, tokens, the gate, the recorder, faults; one event loop, one call at a time."""

from __future__ import annotations

import asyncio
import gzip
import json
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.routing import Route as StarletteRoute
from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from l10nsync.model import fold
from l10nsync.sandbox import exchange
from l10nsync.sandbox.clock import http_date
from l10nsync.sandbox.exchange import Call, Part, Reply
from l10nsync.sandbox.faults import BEFORE, Rule
from l10nsync.sandbox.recorder import Record
from l10nsync.sandbox.refusal import Refusal
from l10nsync.sandbox.server_state import Server
from l10nsync.sandbox.state import delivery
from l10nsync.sandbox.urls import ROUTES, Route

Answer = Callable[[Scope, Receive, Send], Awaitable[None]]
_PART_LIMIT = 64 * 1024 * 1024
_HTML = (
    "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1></body></html>"
)


class Aborted(Exception):  # noqa: N818 - a way out, not a failure
    """The connection is to be cut without (the rest of) an answer."""


class Service:
    """The Smartling-compatible part as one ASGI application."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def router(self) -> Router:
        """Return the application; addresses that are not there answer 501."""
        ordered = sorted(ROUTES, key=lambda route: route.path.count("{"))
        routes = [StarletteRoute(each.path, self._endpoint(each), methods=[each.method]) for each in ordered]
        return Router(routes, redirect_slashes=False, default=self._missing)

    def _endpoint(self, route: Route) -> Any:
        service = self

        class Endpoint:
            """An ASGI application of its own, so that nothing rewrites the answer."""

            async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
                await service.serve(route, Request(scope, receive), send)

        return Endpoint()

    async def _missing(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        record = self._record("notImplemented", "", request)
        record.status = 501
        text = f"{request.method} {request.url.path} is not implemented by this sandbox"
        await write(
            send,
            self._dressed(exchange.refused(Refusal(501, "GENERAL_ERROR", text, "not.implemented")), request),
        )

    def _record(self, operation: str, project: str, request: Request) -> Record:
        return self.server.recorder.begin(
            {
                "method": request.method,
                "path": request.url.path,
                "query": request.url.query,
                "operation": operation,
                "project": project,
                "agent": request.headers.get("user-agent", ""),
            }
        )

    async def serve(self, route: Route, request: Request, send: Send) -> None:
        """Answer one request, whatever the faults in force make of it."""
        project = str(request.path_params.get("project", ""))
        record = self._record(route.operation, project, request)
        rule = self.server.faults.take(route.operation, request.url.path, project)
        record.fault = rule.action if rule else ""
        try:
            reply = await self._answer(route, request, record, rule)
            record.status = reply.status
            await _send(send, self._dressed(reply, request), rule)
        except Aborted:
            await abort(send)

    async def _answer(self, route: Route, request: Request, record: Record, rule: Rule | None) -> Reply:
        """Return the answer before the wire gets hold of it."""
        if rule and rule.action == "close_before":
            raise Aborted
        if rule and rule.action == "delay":
            await asyncio.sleep(rule.seconds)
        call = await read(self.server, route, request)
        _note(record, call)
        if rule and rule.action == "hold_before":
            await self.server.faults.hold(_held(record))
        if rule and rule.action in BEFORE - {"hold_before"} and not rule.apply:
            return _instead(rule)
        reply = await self._carried_out(route, request, call, rule)
        if rule and rule.action == "drop_after":
            record.status = reply.status
            raise Aborted
        if rule and rule.action == "hold":
            record.status = reply.status
            await self.server.faults.hold(_held(record))
        if rule and rule.action in {"html", "empty", "status"}:
            return _instead(rule)
        return reply

    async def _carried_out(self, route: Route, request: Request, call: Call, rule: Rule | None) -> Reply:
        try:
            if route.authorized:
                self.server.tokens.check(request.headers.get("authorization", ""), self.server.world.now())
            if not route.gated:
                return self._handled(route, call, rule)
            with self._gate(route, call):
                await asyncio.sleep(float(self.server.world.switch(call.project, "latency_ms")) / 1000)
                return self._handled(route, call, rule)
        except Refusal as refusal:
            return exchange.refused(refusal)

    @contextmanager
    def _gate(self, route: Route, call: Call) -> Iterator[None]:
        """Hold the project's gate, and the file if it is to be written."""
        self.server.enter(call.project)
        uri = call.field("fileUri")
        key = (call.project, fold(uri))
        try:
            if route.writes:
                self.server.hold(key, uri)
            try:
                yield
            finally:
                if route.writes:
                    self.server.writing.discard(key)
        finally:
            self.server.leave(call.project)

    def _handled(self, route: Route, call: Call, rule: Rule | None) -> Reply:
        """Run the handler in a transaction; a refusal keeps what was noted so far, a lie nothing."""
        refusal: Refusal | None = None
        reply = Reply()
        with self.server.world.store.transaction(keep=not (rule and rule.action == "lie")):
            if call.project:
                self.server.settle(call.project)
            try:
                reply = _source_text(call, rule) or route.handler(call)
            except Refusal as error:
                refusal = error
        if refusal is not None:
            raise refusal
        return reply

    def _dressed(self, reply: Reply, request: Request) -> Reply:
        """Add the headers that every answer has."""
        now = self.server.world.now()
        ident = request.headers.get("x-sl-requestid") or str(uuid.uuid4())
        headers = [*reply.headers, ("X-SL-RequestId", ident), ("Date", http_date(now))]
        wait = self.server.world.switch("", "retry_after")
        if wait is not None and reply.status in {423, 429, 503}:
            headers.append(("Retry-After", str(wait)))
        if reply.status != 204:
            headers.append(("Content-Length", str(len(reply.body))))
        return Reply(reply.status, reply.body, headers)


# --- reading ---------------------------------------------------------------------------------------------


async def read(server: Server, route: Route, request: Request) -> Call:
    """Return the request as a call; a body that cannot be read becomes an empty one."""
    query = parse_qsl(request.url.query, keep_blank_values=True)
    path = {key: str(value) for key, value in request.path_params.items()}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        form, parts = await _form(request)
        return Call(server, route.operation, path, query, form, parts)
    body = await request.body()
    return Call(server, route.operation, path, query, json=_json(body))


async def _form(request: Request) -> tuple[list[tuple[str, str]], dict[str, Part]]:
    fields: list[tuple[str, str]] = []
    parts: dict[str, Part] = {}
    async with request.form(max_files=10, max_fields=20_000, max_part_size=_PART_LIMIT) as form:
        for key, value in form.multi_items():
            if isinstance(value, UploadFile):
                parts[key] = Part(await value.read(), value.content_type or "")
            else:
                fields.append((key, value))
    if "file" not in parts and (text := dict(fields).get("file")) is not None:
        parts["file"] = Part(text.encode())
    return fields, parts


def _json(body: bytes) -> Any:
    if not body.strip():
        return None
    try:
        return json.loads(body)
    except ValueError:
        return _Broken()


class _Broken(list[Any]):
    """A body that is no JSON: refused where somebody reads it as an object."""


def _note(record: Record, call: Call) -> None:
    """Keep the names of what a request brings, never the values but for fileUris and locales."""
    names = list(dict.fromkeys([*(key for key, _ in call.form), *call.parts]))
    if isinstance(call.json, dict):
        names = list(call.json)
    record.fields = tuple(names)
    record.uris = tuple(dict.fromkeys(_uris(call)))
    record.locales = tuple(dict.fromkeys(_locales(call)))
    record.size = sum(len(part.content) for part in call.parts.values())


def _uris(call: Call) -> Iterator[str]:
    yield from (
        value for key, value in (*call.query, *call.form) if key.removesuffix("[]") in {"fileUri", "fileUris"}
    )
    if isinstance(call.json, dict):
        yield from (
            str(call.json[key]) for key in ("fileUri", "newFileUri") if isinstance(call.json.get(key), str)
        )
        yield from (str(each) for each in call.json.get("fileUris") or ())
        files = call.json.get("files")
        yield from (str(each.get("fileUri")) for each in files or () if isinstance(each, dict))


def _locales(call: Call) -> Iterator[str]:
    if "locale" in call.path:
        yield call.path["locale"]
    yield from call.fields("localeIdsToAuthorize")
    if isinstance(call.json, dict):
        yield from (str(each) for each in call.json.get("targetLocaleIds") or ())
        for each in call.json.get("files") or ():
            if isinstance(each, dict):
                yield from (str(locale) for locale in each.get("localeIds") or ())


def _held(record: Record) -> dict[str, Any]:
    return {
        "ordinal": record.ordinal,
        "operation": record.operation,
        "path": record.path,
        "uris": list(record.uris),
    }


# --- faults ----------------------------------------------------------------------------------------------


def _instead(rule: Rule) -> Reply:
    """Return the answer that a fault puts in the place of the real one."""
    if rule.action == "html":
        body = (rule.body or _HTML).encode()
        return Reply(
            rule.status or 200, body, (("Content-Type", "text/html; charset=utf-8"), *rule.headers.items())
        )
    if rule.action == "empty":
        return Reply(rule.status or 200, b"", (("Content-Type", "application/octet-stream"),))
    if rule.body is not None:
        headers = {"Content-Type": exchange.JSON_TYPE, **rule.headers}
        return Reply(rule.status or 500, rule.body.encode(), tuple(headers.items()))
    made = exchange.refused(Refusal(rule.status or 500, rule.code, rule.message, rule.key))
    return Reply(made.status, made.body, (*made.headers, *rule.headers.items()))


def _source_text(call: Call, rule: Rule | None) -> Reply | None:
    """Answer a download of a translation with the source."""
    if not rule or rule.action != "source_text":
        return None
    made = delivery.source(call.server.world, call.project, call.text("fileUri"))
    return exchange.download(made.content, made.media, made.name)


async def _send(send: Send, reply: Reply, rule: Rule | None) -> None:
    """Put an answer on the wire, cut or spoiled as the rule says."""
    action = rule.action if rule else ""
    half = reply.body[: len(reply.body) // 2]
    if action == "close_middle":
        await write(send, Reply(reply.status, half, reply.headers), unfinished=True)
    elif action == "wrong_length":
        headers = _with_header(reply, "Content-Length", str(len(reply.body) + 1))
        await write(send, Reply(reply.status, reply.body, headers), unfinished=True)
    elif action == "truncate_gzip":
        packed = gzip.compress(reply.body, mtime=0)
        cut = packed[: max(1, len(packed) // 2)]
        headers = [*_with_header(reply, "Content-Length", str(len(cut))), ("Content-Encoding", "gzip")]
        await write(send, Reply(reply.status, cut, headers))
    elif action == "cut_zip":
        await write(send, Reply(reply.status, half, _with_header(reply, "Content-Length", str(len(half)))))
    else:
        await write(send, reply)
        if action == "close_after":
            transport_of(send).close()


def _with_header(reply: Reply, name: str, value: str) -> list[tuple[str, str]]:
    return [*((key, old) for key, old in reply.headers if key != name), (name, value)]


async def write(send: Send, reply: Reply, *, unfinished: bool = False) -> None:
    """Send an answer; an UNFINISHED one ends with the connection."""
    headers = [(key.encode("latin-1"), value.encode("latin-1")) for key, value in reply.headers]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body, "more_body": unfinished})
    if unfinished:
        transport_of(send).close()
        await _gone()


async def abort(send: Send) -> None:
    """Cut the connection."""
    transport_of(send).abort()
    await _gone()


async def _gone() -> None:
    """Let the server notice that the connection is lost before the application returns."""
    for _ in range(3):
        await asyncio.sleep(0)


def transport_of(send: Any) -> asyncio.Transport:
    """Return the socket below a `send` of uvicorn: faults need to reach it."""
    transport: asyncio.Transport = send.__self__.transport
    return transport
