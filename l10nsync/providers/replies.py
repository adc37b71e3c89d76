"""Reading what a service says: error envelopes in every shape seen, and typed access to JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from math import isfinite
from typing import Literal

from l10nsync.errors import ServiceError, ServiceReply

Record = Mapping[str, object]
Verdict = Literal["fine", "renew", "limit", "lock", "fault", "maintenance", "forbidden", "final"]

GOOD_CODES = frozenset({"SUCCESS", "ACCEPTED", "OK"})
_FINAL_CODES = frozenset({"INSUFFICIENT_FUNDS_ERROR", "FILE_ALREADY_EXISTS_ERROR"})
_WORDS = frozenset(
    {"code", "response", "message", "detail", "error", "errors", "data", "requestId", "status"}
)
"""Names in error bodies that are no parameters."""
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


# --- JSON ---------------------------------------------------------------------------------------------


def parse_json(body: bytes) -> object:
    """Return the JSON value of BODY, or None if it is none."""
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value


def record(value: object) -> Record:
    """Return VALUE if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def text(source: Record, name: str) -> str:
    """Return a field as text; empty if it is absent, null or no plain value."""
    value = source.get(name)
    if isinstance(value, str):
        # JSON can hold half a surrogate pair, which could not be sent or written again.
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def count(source: Record, name: str) -> int:
    """Return a field as a whole number from 0; 0 if it is none."""
    value = source.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    if isinstance(value, int | float) and isfinite(value):
        return max(0, int(value))
    return 0


def flag(source: Record, name: str) -> bool:
    """Return a field as true or false; the service also spells it as text."""
    value = source.get(name)
    return value.lower() == "true" if isinstance(value, str) else bool(value)


def records(value: object) -> list[Record]:
    """Return the objects in a list; one that is wrapped in `data` is unwrapped."""
    found = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    return [
        each["data"] if set(each) == {"data"} and isinstance(each["data"], dict) else each for each in found
    ]


def items(data: object, operation: str) -> list[Record]:
    """Return the `items` of an answer; raise `ServiceError` if it has none: no list is not an empty list."""
    value = record(data).get("items")
    if not isinstance(value, list):
        raise ServiceError(f"{operation}: the answer has no list of items")
    return records(value)


def needed(data: object, name: str, operation: str) -> str:
    """Return a field that must be there; raise `ServiceError` if it is not."""
    value = text(record(data), name)
    if not value:
        raise ServiceError(f"{operation}: the answer has no {name}")
    return value


# --- errors -------------------------------------------------------------------------------------------


def html_title(body: bytes) -> str | None:
    """Return the title of an HTML page (perhaps empty); None if BODY is no HTML page."""
    if not _HTML.match(body[:4096]):
        return None
    found = _TITLE.search(body[:65536])
    title = found.group(1).decode("utf-8", "replace") if found else ""
    return " ".join(title.split())[:100]


def is_error_envelope(body: bytes) -> bool:
    """Whether BODY is the service's own answer where a file was asked for.

    A translated JSON file may well have a top-level `response`, so the whole shape must fit.
    """
    if len(body) > 65536 or body.lstrip()[:1] != b"{":
        return False
    outer = record(parse_json(body))
    inner = record(outer.get("response"))
    known = {"code", "data", "errors", "requestId"}
    return set(outer) == {"response"} and isinstance(inner.get("code"), str) and set(inner) <= known


def read_reply(status: int, body: bytes, request_id: str = "", operation: str = "") -> ServiceReply:
    """Return what the service said, from any shape of error body; never fails."""
    value = record(parse_json(body))
    envelope = record(value.get("response")) or value
    first = _first_error(envelope) or (_refused_field(value) if status >= 400 else {})
    title = html_title(body)
    return ServiceReply(
        status=status,
        code=text(envelope, "code") or text(record(value.get("error")), "code"),
        key=text(first, "key"),
        message=_message(first, envelope) if title is None else f"an HTML page titled {title!r}",
        details=_details(first.get("details")),
        request_id=request_id or text(envelope, "requestId"),
        operation=operation,
    )


def _first_error(envelope: Record) -> Record:
    places = (envelope.get("errors"), record(envelope.get("data")).get("errors"), envelope.get("error"))
    for place in places:
        if isinstance(place, dict) and place:
            return place
        found = records(place)
        if found:
            return found[0]
        words = [each for each in place if isinstance(each, str)] if isinstance(place, list) else []
        if words:
            return {"message": words[0]}
    return {}


def _refused_field(value: Record) -> Record:
    """Return what a body says that names each wrong parameter with its reason, or with a list of reasons."""
    said = {name: _reason(reason) for name, reason in value.items() if name not in _WORDS}
    (field, first), *others = [pair for pair in said.items() if pair[1]] or [("", "")]
    return {"key": field, "message": "; ".join([first, *(f"{name}: {each}" for name, each in others)])}


def _reason(value: object) -> str:
    found = value if isinstance(value, list) else [value]
    return " ".join(each for each in found if isinstance(each, str))


def _message(first: Record, envelope: Record) -> str:
    return text(first, "message") or text(envelope, "message") or text(envelope, "detail")


def _details(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if value not in (None, "", {}, []) else ""


def judge(reply: ServiceReply) -> Verdict:
    """Say what to do about an answer; the code in the body counts more than the HTTP status."""
    if reply.code in _FINAL_CODES:
        return "final"
    if reply.status == 401:
        return "renew"
    if reply.code == "MAINTENANCE_MODE_ERROR":
        return "maintenance"
    if reply.status == 429 or reply.code in {"MAX_OPERATIONS_LIMIT_EXCEEDED", "SERVICE_BUSY"}:
        return "limit"
    if reply.status == 423 or reply.code == "RESOURCE_LOCKED" or _is_lock(reply):
        return "lock"
    if reply.status == 403:
        return "forbidden"
    if reply.status == 408 or (reply.status >= 500 and reply.status not in {501, 505}):
        return "fault"
    if 200 <= reply.status < 300 and reply.code in GOOD_CODES | {""}:
        return "fine"
    return "final"


def _is_lock(reply: ServiceReply) -> bool:
    words = f"{reply.key} {reply.message}".lower()
    return reply.status == 400 and (
        "resource.locked" in words or "file locked" in words or "file is locked" in words
    )


def no_strings(words: str) -> bool:
    """Whether a message of the service means that a file has nothing to translate."""
    return "no source strings" in words.lower()
