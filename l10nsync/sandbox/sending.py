"""From a `Reply` to the wire, cut or spoiled where a fault says so."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

from starlette.types import Send

from l10nsync.sandbox import replies
from l10nsync.sandbox.faults import FaultRule
from l10nsync.sandbox.refusal import Refusal
from l10nsync.sandbox.replies import Reply

_HTML = (
    "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1></body></html>"
)


def instead(rule: FaultRule) -> Reply:
    """Return the answer that a fault puts in the place of the real one."""
    if rule.action == "html":
        body = (rule.body or _HTML).encode()
        return Reply(
            rule.status or 200, body, (("Content-Type", "text/html; charset=utf-8"), *rule.headers.items())
        )
    if rule.action == "empty":
        return Reply(rule.status or 200, b"", (("Content-Type", "application/octet-stream"),))
    if rule.body is not None:
        headers = {"Content-Type": replies.JSON_TYPE, **rule.headers}
        return Reply(rule.status or 500, rule.body.encode(), tuple(headers.items()))
    code, key, message = rule.reply()
    made = replies.refused(Refusal(rule.status or 500, code, message, key))
    return Reply(made.status, made.body, (*made.headers, *rule.headers.items()))


def recoded(reply: Reply, charset: str) -> Reply:
    """Return an answer in another charset than the one it declares."""
    kind = next((value for key, value in reply.headers if key == "Content-Type"), "")
    declared = kind.partition("charset=")[2] or "utf-8"
    try:
        body = reply.body.decode(declared).encode(charset, "replace")
    except (LookupError, UnicodeError):
        return reply
    return Reply(reply.status, body, reply.headers)


async def send_reply(send: Send, reply: Reply, rule: FaultRule | None) -> None:
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
