"""The WorkFlow API over HTTP, below `/smartmate`: Basic authentication, and faults as elsewhere."""

from __future__ import annotations

from urllib.parse import unquote

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from l10nsync.sandbox import body_limit
from l10nsync.sandbox.asgi import Front
from l10nsync.sandbox.faults import FaultRule
from l10nsync.sandbox.parsed_request import ParsedRequest
from l10nsync.sandbox.refusal import Refusal
from l10nsync.sandbox.replies import Reply
from l10nsync.sandbox.routing import pattern
from l10nsync.sandbox.sending import write
from l10nsync.sandbox.smartmate import accounts
from l10nsync.sandbox.smartmate.refusal import Declined, not_found
from l10nsync.sandbox.smartmate.responses import Visit, WorkFlowRoute, addresses

PREFIX = "/smartmate"
API = f"{PREFIX}/api/v1.0"
STAGING = f"{PREFIX}/staging/api/v1.0"
_ADDRESSES = [(method, pattern(path), route) for method, path, route in addresses()]


def find(method: str, path: str) -> tuple[WorkFlowRoute | None, dict[str, str]]:
    """Return the route of a request below the API's own prefix, and what its names stand for."""
    for known, compiled, route in _ADDRESSES:
        if known == method and (match := compiled.fullmatch(path)):
            return route, {key: unquote(value) for key, value in match.groupdict().items()}
    return None, {}


class WorkFlow(Front[WorkFlowRoute]):
    """The WorkFlow API as one ASGI application; the account takes the place of the project."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; an address that is not there is 404."""
        request = Request(scope, receive)
        raw = scope.get("raw_path", b"").decode("latin-1").partition("?")[0] or scope["path"]
        prefix = STAGING if raw.startswith(STAGING) else API
        route, path = find(request.method, raw.removeprefix(prefix)) if raw.startswith(prefix) else (None, {})
        user = accounts.user_of(request.headers.get("authorization", ""))[0]
        if route is None:
            reply = self._refused(not_found())
            self.server.recorder.answered(self._record("notFound", user, request), reply)
            await write(send, self._dressed(reply, request))
        else:
            most = body_limit.KNOWN if self._is_known(request) else body_limit.STRANGER
            limited = Request(scope, body_limit.limited(receive, most))
            await self.serve(route, {**path, "project": user}, limited, send)

    def _is_known(self, request: Request) -> bool:
        """Whether a request has the password of an account."""
        try:
            accounts.authenticated(self.server.world, request.headers.get("authorization", ""))
        except Declined:
            return False
        return True

    async def _carried_out(
        self, route: WorkFlowRoute, request: Request, call: ParsedRequest, rule: FaultRule | None
    ) -> Reply:
        server, world = self.server, self.server.world
        refusal: Refusal | None = None
        reply = Reply()
        with world.store.transaction(keep=not (rule and rule.action == "lie")):
            try:
                account = accounts.authenticated(world, request.headers.get("authorization", ""))
                staging = request.url.path.startswith(STAGING)
                base = f"{request.url.scheme}://{request.url.netloc}{STAGING if staging else API}"
                reply = route.handler(Visit(call, account, base, staging))
            except Declined as declined:
                declined.in_arrays = bool(world.switch(call.project, "mate_reasons_in_arrays"))
                refusal = declined
        server.postman.collect()
        return self._refused(refusal) if refusal else reply

    def _refused(self, refusal: Refusal) -> Reply:
        """Return an error as this service words it."""
        if isinstance(refusal, Declined):
            return super()._refused(refusal)
        return super()._refused(Declined(refusal.status, refusal.message or "Invalid request."))

    def _instead(self, rule: FaultRule) -> Reply:
        """Return the answer that a fault puts in the place of the real one, as this service words it."""
        if rule.action == "status" and rule.body is None:
            made = self._refused(Declined(rule.status or 500, rule.message))
            return Reply(made.status, made.body, (*made.headers, *rule.headers.items()))
        return super()._instead(rule)
