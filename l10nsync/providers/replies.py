"""Reading what a service says: error envelopes in every shape seen, and typed access to JSON.

This is where answers that make no sense end: a value of another type, a number or a text beyond all bounds,
a row that lacks what identifies it. Each is a `ServiceError` with the request id, never a value that looks
like "there is nothing". Only words that explain an error are read leniently (`words`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Literal, NoReturn

from l10nsync.errors import ServiceError, ServiceReply

JsonObject = Mapping[str, object]
ReplyVerdict = Literal["fine", "renew", "limit", "lock", "fault", "maintenance", "forbidden", "final"]

LONGEST_TEXT = 1_000_000
"""Characters of a text: a string of a source may be a whole page."""
LONGEST_NAME = 4096
"""Characters of a name, a uid, a locale or a date."""
LONGEST_TOKEN = 16_384
GREATEST = 10**12
"""No count of words, strings, files or seconds is larger."""
PLAUSIBLE = range(2000, 2200)
"""Years that a date of the service may have."""
GOOD_CODES = frozenset({"SUCCESS", "ACCEPTED", "OK"})
_FINAL_CODES = frozenset({"INSUFFICIENT_FUNDS_ERROR", "FILE_ALREADY_EXISTS_ERROR"})
_WORDS = frozenset(
    {"code", "response", "message", "detail", "error", "errors", "data", "requestId", "status"}
)
"""Names in error bodies that are not parameters."""
_TITLE = re.compile(rb"<title[^>]{0,200}>(.{0,4000}?)</title>", re.IGNORECASE | re.DOTALL)
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


# --- JSON ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReplyOrigin:
    """The answer that a value came in."""

    operation: str = ""
    status: int = 0
    request_id: str = ""


NOWHERE = ReplyOrigin()


class Fields(dict[str, object]):
    """An object of an answer, which knows the answer."""

    __slots__ = ("origin",)

    def __init__(self, pairs: JsonObject, origin: ReplyOrigin = NOWHERE) -> None:
        super().__init__(pairs)
        self.origin = origin


def parse_json(body: bytes, origin: ReplyOrigin = NOWHERE) -> object:
    """Return the JSON value of BODY, or None if it is not JSON; its objects are `Fields` from ORIGIN."""
    try:
        value: object = json.loads(
            body, object_hook=lambda found: Fields(found, origin), parse_constant=_no_number
        )
    except (ValueError, RecursionError):
        return None
    return value


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity are not JSON


def nonsense(source: object, problem: str) -> ServiceError:
    """Return the error for an answer that makes no sense; SOURCE is the object that has the PROBLEM."""
    origin = source.origin if isinstance(source, Fields) else NOWHERE
    reply = ServiceReply(status=origin.status, request_id=origin.request_id, operation=origin.operation)
    named = f"{origin.operation}: " if origin.operation else ""
    return ServiceError(f"{named}the answer is invalid: {problem}", reply)


def record(source: JsonObject, name: str) -> JsonObject:
    """Return a field that is an object; an empty one if it is absent or null."""
    value = source.get(name)
    if isinstance(value, dict):
        return value
    if value is not None:
        raise nonsense(source, f"{name} is not an object")
    return Fields({}, source.origin if isinstance(source, Fields) else NOWHERE)


def text(source: JsonObject, name: str, longest: int = LONGEST_NAME) -> str:
    """Return a field as text; empty if it is absent or null."""
    value = source.get(name)
    if value is None:
        return ""
    if isinstance(value, float) and isfinite(value):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < GREATEST**2:
        return str(value)
    if not isinstance(value, str):
        raise nonsense(source, f"{name} is not a string")
    if len(value) > longest:
        raise nonsense(source, f"{name} has {len(value)} characters")
    return sendable(value)


def sendable(value: str) -> str:
    """Return VALUE without halves of surrogate pairs, which JSON can hold and nobody can write."""
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


def words(source: JsonObject, name: str) -> str:
    """Return a field of an explanation as text, whatever it is; empty if it is not a plain value."""
    value = source.get(name)
    if isinstance(value, str):
        return sendable(value[:LONGEST_NAME])
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if number and abs(value) < GREATEST else ""  # type: ignore[arg-type]


def needed(source: JsonObject, name: str, longest: int = LONGEST_NAME) -> str:
    """Return a text that must be there."""
    value = text(source, name, longest)
    if not value:
        raise nonsense(source, f"it has no {name}")
    return value


def moment(source: JsonObject, name: str) -> str:
    """Return a time in ISO form; empty if it is absent or null. Times in UTC are left as they are written."""
    written = text(source, name)
    if not written:
        return ""
    try:
        found = datetime.fromisoformat(written)
        # Times are compared as texts, so they must be in one zone.
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise nonsense(source, f"{name} is not a time: {written[:40]!r}") from None
    if found.year not in PLAUSIBLE or len(written) < len("2026-08-01T10:00"):
        raise nonsense(source, f"{name} is not a time: {written[:40]!r}")
    return written if written.endswith("Z") else found.strftime("%Y-%m-%dT%H:%M:%SZ")


def count(source: JsonObject, name: str) -> int:
    """Return a field as a whole number from 0; 0 if it is absent or null."""
    value = source.get(name)
    if value is None or value == "":
        return 0
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        value = int(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= GREATEST:
        return int(value)
    raise nonsense(source, f"{name} is not a possible number")


def total(source: JsonObject, name: str = "totalCount") -> int:
    """Return how many rows a list has in all; it must be there, else a page could be taken for all."""
    if source.get(name) is None:
        raise nonsense(source, f"it has no {name}")
    return count(source, name)


def flag(source: JsonObject, name: str, *, absent: bool = False) -> bool:
    """Return a field as true or false, ABSENT if it is not there; the service also spells it as text."""
    value = source.get(name)
    if value is None:
        return absent
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise nonsense(source, f"{name} is neither true nor false")
    return value


def records(source: JsonObject, name: str) -> list[JsonObject]:
    """Return a field that is a list of objects; empty if it is absent or null."""
    value = source.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise nonsense(source, f"{name} is not a list")
    return rows(value, source, name)


def items(source: JsonObject, name: str = "items") -> list[JsonObject]:
    """Return a list of objects that must be there: no list is not an empty list."""
    if not isinstance(source.get(name), list):
        raise nonsense(source, f"it has no list of {name}")
    return records(source, name)


def rows(value: list[object], source: object, name: str) -> list[JsonObject]:
    """Return a list's objects, taken out of `data` where they are wrapped in it; every row must be one."""
    for number, row in enumerate(value, start=1):
        if not isinstance(row, dict):
            raise nonsense(source, f"row {number} of {name} is not an object")
    return _objects(value)


def texts(source: JsonObject, name: str) -> tuple[str, ...]:
    """Return a field that is a list of texts; empty if it is absent or null."""
    value = source.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise nonsense(source, f"{name} is not a list of strings")
    if (longest := max(map(len, value), default=0)) > LONGEST_NAME:
        raise nonsense(source, f"{name} holds a string of {longest} characters")
    return tuple(map(sendable, value))


def _objects(value: object) -> list[JsonObject]:
    """Return the objects in a list, and no more; one that is wrapped in `data` is unwrapped."""
    found = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    return [row["data"] if set(row) == {"data"} and isinstance(row["data"], dict) else row for row in found]


def _object(value: object) -> JsonObject:
    return value if isinstance(value, dict) else {}


# --- errors -------------------------------------------------------------------------------------------


def html_title(body: bytes) -> str | None:
    """Return the title of an HTML page (perhaps empty); None if BODY is not an HTML page."""
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
    outer = _object(parse_json(body))
    inner = _object(outer.get("response"))
    known = {"code", "data", "errors", "requestId"}
    return set(outer) == {"response"} and isinstance(inner.get("code"), str) and set(inner) <= known


def read_reply(status: int, body: bytes, request_id: str = "", operation: str = "") -> ServiceReply:
    """Return what the service said, from any shape of error body; never fails."""
    value = _object(parse_json(body))
    envelope = _object(value.get("response")) or value
    first = _first_error(envelope) or (_refused_field(value) if status >= 400 else {})
    title = html_title(body)
    return ServiceReply(
        status=status,
        code=words(envelope, "code") or words(_object(value.get("error")), "code"),
        key=words(first, "key"),
        message=_message(first, envelope) if title is None else f"an HTML page titled {title!r}",
        details=_details(first.get("details")),
        request_id=request_id or words(envelope, "requestId"),
        operation=operation,
    )


def _first_error(envelope: JsonObject) -> JsonObject:
    """Return the first error that a body names, an object of its own or a mere text; empty if it has none."""
    places = (envelope.get("errors"), _object(envelope.get("data")).get("errors"), envelope.get("error"))
    for place in places:
        if isinstance(place, dict) and place:
            return place
        errors = _objects(place)
        if errors:
            return errors[0]
        messages = [error for error in place if isinstance(error, str)] if isinstance(place, list) else []
        if messages:
            return {"message": messages[0]}
    return {}


def _refused_field(value: JsonObject) -> JsonObject:
    """Return what a body says that names each wrong parameter with its reason, or with a list of reasons."""
    reasons = {name: _reason(reason) for name, reason in value.items() if name not in _WORDS}
    (field, first), *others = [pair for pair in reasons.items() if pair[1]] or [("", "")]
    return {"key": field, "message": "; ".join([first, *(f"{name}: {value}" for name, value in others)])}


def _reason(value: object) -> str:
    found = value if isinstance(value, list) else [value]
    return " ".join(message for message in found if isinstance(message, str))


def _message(first: JsonObject, envelope: JsonObject) -> str:
    return words(first, "message") or words(envelope, "message") or words(envelope, "detail")


def _details(value: object) -> str:
    return as_json(value)[:LONGEST_NAME] if value not in (None, "", {}, []) else ""


def as_json(value: object) -> str:
    """Return a value of an answer as JSON text; empty where it is nested too deeply for that."""
    try:
        return sendable(json.dumps(value, ensure_ascii=False, sort_keys=True))
    except RecursionError:
        return ""


def explanations(value: object) -> list[JsonObject]:
    """Return the objects that explain errors, in a list or alone; whatever else is there is left out."""
    return _objects(value) or ([value] if isinstance(value, dict) else [])


_LIMIT_CODES = frozenset({"MAX_OPERATIONS_LIMIT_EXCEEDED", "SERVICE_BUSY"})
"""The service has too much to do: the same request may be sent later."""


def judge(reply: ServiceReply) -> ReplyVerdict:
    """Say what to do about an answer; the code in the body counts more than the HTTP status."""
    if reply.code in _FINAL_CODES:
        return "final"
    if reply.status == 401:
        return "renew"
    if reply.code == "MAINTENANCE_MODE_ERROR":
        return "maintenance"
    if reply.status == 429 or reply.code in _LIMIT_CODES:
        return "limit"
    if _is_lock(reply):
        return "lock"
    if reply.status == 403:
        return "forbidden"
    if reply.status == 408 or (reply.status >= 500 and reply.status not in {501, 505}):
        return "fault"
    if 200 <= reply.status < 300 and reply.code in GOOD_CODES | {""}:
        return "fine"
    return "final"


_LOCK_SIGNS = ("resource.locked", "file locked", "file is locked")
"""What older answers of status 400 say of a file that another operation has locked."""


def _is_lock(reply: ServiceReply) -> bool:
    if reply.status == 423 or reply.code == "RESOURCE_LOCKED":
        return True
    explained = f"{reply.key} {reply.message}".lower()
    return reply.status == 400 and any(sign in explained for sign in _LOCK_SIGNS)


def no_strings(message: str) -> bool:
    """Whether a message of the service means that a file has nothing to translate."""
    return "no source strings" in message.lower()
