"""The HTTP face: routing, tokens, the gate, the recorder, faults; one event loop, one call at a time."""

from __future__ import annotations

import asyncio
import os
import traceback
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import unquote

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from l10nsync.sandbox import body_limit, fields, replies, shapes
from l10nsync.sandbox.clock import http_date
from l10nsync.sandbox.common.uris import fold
from l10nsync.sandbox.faults import BEFORE, HEADER, STOPPED, FaultRule
from l10nsync.sandbox.groups.files import downloads
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.parsed_request import ParsedRequest
from l10nsync.sandbox.recorder import RecordedRequest
from l10nsync.sandbox.refusal import Refusal, invalid, unauthenticated
from l10nsync.sandbox.replies import Reply
from l10nsync.sandbox.request_bodies import note, read
from l10nsync.sandbox.routing import pattern
from l10nsync.sandbox.sending import abort, instead, recoded, send_reply, write
from l10nsync.sandbox.server_state import Server
from l10nsync.sandbox.urls import ROUTES, Route


class Aborted(Exception):  # noqa: N818 - a way out, not a failure
    """The connection is to be cut without (the rest of) an answer."""


_PATTERNS = [
    (route, pattern(route.path)) for route in sorted(ROUTES, key=lambda route: route.path.count("{"))
]


def find(method: str, path: str) -> tuple[Route | None, dict[str, str]]:
    """Return the route of a request and what its names stand for; the most literal path wins."""
    for route, compiled in _PATTERNS:
        if route.method == method and (match := compiled.fullmatch(path)):
            return route, {key: unquote(value) for key, value in match.groupdict().items()}
    return None, {}


class NamedOperation(Protocol):
    """Something that can be asked for."""

    @property
    def operation(self) -> str:
        """Its name, for faults and the recorder."""
        ...


R = TypeVar("R", bound=NamedOperation)


class Front(ABC, Generic[R]):
    """What every simulated service has: the recorder, the faults, the same headers."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def _record(self, operation: str, project: str, request: Request) -> RecordedRequest:
        return self.server.recorder.begin(
            {
                "method": request.method,
                "path": request.url.path,
                "query": request.url.query,
                "operation": operation,
                "project": project,
                "agent": request.headers.get("user-agent", ""),
                "at": self.server.world.now(),
            }
        )

    async def serve(self, route: R, path: Mapping[str, str], request: Request, send: Send) -> None:
        """Answer one request, whatever the faults in force make of it."""
        project = path.get("project", "")
        record = self._record(route.operation, project, request)
        try:
            rule = self._rule(route, project, request)
        except Refusal as refusal:
            reply = self._refused(refusal)
            self.server.recorder.answered(record, reply)
            await write(send, self._dressed(reply, request))
            return
        record.fault = rule.action if rule else ""
        try:
            reply = await self._safely_answered(route, path, request, record, rule)
            self.server.recorder.answered(record, reply)
            await send_reply(send, self._dressed(reply, request), rule)
        except Aborted:
            await abort(send)

    async def _safely_answered(
        self,
        route: R,
        path: Mapping[str, str],
        request: Request,
        record: RecordedRequest,
        rule: FaultRule | None,
    ) -> Reply:
        """Return the answer; even a defect of ours is answered in the shape that clients expect."""
        try:
            return await self._answer(route, path, request, record, rule)
        except (Aborted, asyncio.CancelledError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is
            traceback.print_exc()
            text = f"The sandbox itself has failed: {type(error).__name__}: {error}"
            return self._refused(Refusal(500, "GENERAL_ERROR", text, "general_error"))

    def _rule(self, route: R, project: str, request: Request) -> FaultRule | None:
        """Return the fault that hits a request, or None."""
        header = request.headers.get(HEADER, "")
        try:
            return self.server.faults.take(route.operation, request.url.path, project, header)
        except ValueError as error:
            raise invalid(f"{HEADER}: {error}", HEADER) from None

    async def _answer(
        self,
        route: R,
        path: Mapping[str, str],
        request: Request,
        record: RecordedRequest,
        rule: FaultRule | None,
    ) -> Reply:
        """Return the answer before the wire gets hold of it."""
        if rule:
            await _before_reading(rule)
        try:
            call = await read(self.server, route.operation, path, request)
        except Refusal as refusal:
            return self._refused(refusal)
        note(record, call)
        if rule and rule.action in BEFORE:
            await self._held_before(rule, record)
            if _takes_the_place(rule):
                return self._instead(rule)
        reply = await self._carried_out(route, request, call, rule)
        return await self._after(rule, record, reply) if rule else reply

    async def _held_before(self, rule: FaultRule, record: RecordedRequest) -> None:
        """Stop, or wait for the release, before the request is carried out."""
        if rule.action == "hold_before":
            await self.server.faults.hold(_held(record))
        if rule.action == "stop_before":
            os._exit(STOPPED)

    async def _after(self, rule: FaultRule, record: RecordedRequest, reply: Reply) -> Reply:
        """Return what a fault leaves of the answer to a request that was carried out."""
        match rule.action:
            case "stop":
                os._exit(STOPPED)
            case "drop_after":
                record.status = reply.status
                raise Aborted
            case "hold":
                record.status = reply.status
                await self.server.faults.hold(_held(record))
            case "html" | "empty" | "status":
                return self._instead(rule)
            case "wrong_charset":
                return recoded(reply, rule.charset)
        return reply

    @abstractmethod
    async def _carried_out(
        self, route: R, request: Request, call: ParsedRequest, rule: FaultRule | None
    ) -> Reply:
        """Return the service's own answer."""

    def _refused(self, refusal: Refusal) -> Reply:
        """Return an error as the service words it."""
        return replies.refused(refusal)

    def _instead(self, rule: FaultRule) -> Reply:
        """Return the answer that a fault puts in the place of the real one."""
        return instead(rule)

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


async def _before_reading(rule: FaultRule) -> None:
    if rule.action == "close_before":
        raise Aborted
    if rule.action == "delay":
        await asyncio.sleep(rule.seconds)


def _takes_the_place(rule: FaultRule) -> bool:
    """Whether the answer of a fault comes instead of carrying the request out, not after it."""
    return rule.action != "hold_before" and not rule.apply


class Service(Front[Route]):
    """The Smartling-compatible part as one ASGI application."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; an address that is not there is 501."""
        request = Request(scope, receive)
        raw = scope.get("raw_path", b"").decode("latin-1").partition("?")[0] or scope["path"]
        route, path = find(request.method, raw)
        if route is None:
            await self._missing(request, send)
        else:
            most = body_limit.KNOWN if self._is_known(request) else body_limit.STRANGER
            refusal = unauthenticated() if route.authorized and most == body_limit.STRANGER else None
            limited = body_limit.limited(receive, most, refusal)
            await self.serve(route, path, Request(scope, limited), send)

    def _is_known(self, request: Request) -> bool:
        """Whether a request shows a token that is good now."""
        try:
            self.server.tokens.check(request.headers.get("authorization", ""), self.server.world.now())
        except Refusal:
            return False
        return True

    async def _missing(self, request: Request, send: Send) -> None:
        record = self._record("notImplemented", "", request)
        text = f"{request.method} {request.url.path} is not implemented by this sandbox"
        refusal = Refusal(501, "GENERAL_ERROR", text, "not.implemented")
        reply = replies.refused(refusal)
        self.server.recorder.answered(record, reply)
        await write(send, self._dressed(reply, request))

    async def _carried_out(
        self, route: Route, request: Request, call: ParsedRequest, rule: FaultRule | None
    ) -> Reply:
        try:
            if route.authorized:
                self.server.tokens.check(request.headers.get("authorization", ""), self.server.world.now())
            if call.project:
                projects.find(self.server.world, call.project)
            if "account" in call.path:
                projects.require_account(self.server.world, call.path["account"])
            if not route.gated:
                return self._handled(route, call, rule)
            with self._gate(route, call):
                await asyncio.sleep(float(self.server.world.switch(call.project, "latency_ms")) / 1000)
                return self._handled(route, call, rule)
        except Refusal as refusal:
            return replies.refused(refusal)

    @contextmanager
    def _gate(self, route: Route, call: ParsedRequest) -> Iterator[None]:
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

    def _handled(self, route: Route, call: ParsedRequest, rule: FaultRule | None) -> Reply:
        """Run the handler in a transaction; a refusal keeps what was noted so far, a lie nothing."""
        refusal: Refusal | None = None
        reply = Reply()
        with self.server.world.store.transaction(keep=not (rule and rule.action == "lie")):
            if call.project:
                self.server.settle(call.project)
            try:
                fields.check(route.operation, call.json)
                if isinstance(call.json, dict):
                    shapes.check(call.json)
                reply = _source_text(call, rule) or route.handler(call)
            except Refusal as error:
                refusal = error
        if rule and rule.action == "lie":
            self.server.world.outbox.clear()
        self.server.postman.collect()
        if refusal is not None:
            raise refusal
        return reply


def _held(record: RecordedRequest) -> dict[str, Any]:
    return {
        "ordinal": record.ordinal,
        "operation": record.operation,
        "path": record.path,
        "uris": list(record.uris),
    }


def _source_text(call: ParsedRequest, rule: FaultRule | None) -> Reply | None:
    """Answer a download of a translation with the source."""
    if not rule or rule.action != "source_text":
        return None
    made = downloads.source(call.server.world, call.project, call.text("fileUri"))
    return replies.download(made.content, made.media, made.name)
