"""What a call of the service means: whether something was published, and whether it is signed. Pure.

Nothing of a call is ever used as a path, an address or a locale. It is no more than a reason to ask the
service itself what there is to do.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

SIGNATURES = ("x-smartling-signature", "x-hub-signature-256", "x-signature")
"""Headers that may hold a signature; the service's documentation names none."""
_PUBLISHED_EVENTS = frozenset({"file.published", "translationJob.completed"})
_PUBLISHED_TYPES = frozenset({"job.completed", "job.localeCompleted", "string.localeCompleted"})
_ORDER_FIELDS = frozenset({"RequestId", "RequestNo", "RequestStatus"})
"""Fields of SmartMATE's calls about a request, as a form or as JSON."""

UNSIGNED_LIMIT = 16 * 1024
"""Bytes of a body that is parsed although nobody has signed it as it is."""
_FIELDS = 200
"""Fields of a call; what has more says nothing to us."""
_DEPTH = 8
"""How deeply fields are nested at most."""

_ISSUE_EVENTS = ("sourceIssue.", "translationIssue.")
"""What the types of events about translators' questions begin with."""
CallMeaning = Literal["published", "asked", "other", "nothing"]
"""Something may have been published; a question may have been asked or answered; another event; no message
of the service at all."""


@dataclass(frozen=True, slots=True)
class IncomingRequest:
    """One HTTP request as it came in."""

    method: str
    target: str
    """Path and query."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Address:
    """Where calls are expected."""

    url: str = ""
    """The address that was given to the service; empty for any path."""
    secret: str = ""
    """What calls are signed with; empty if it is not known."""

    def __repr__(self) -> str:
        return "Address(…)"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a call means."""

    status: int
    """HTTP status to answer."""
    meaning: CallMeaning = "nothing"
    event: str = ""
    """Id under which the service sends the same event again; empty if it has none."""
    signed: bool = False
    """The signature is right: the service said it. Else anybody may have."""
    seal: str = ""
    """The digest in a right signature, however it is spelled: if it comes again, the call may be a replay."""


def hear(call: IncomingRequest, address: Address) -> Heard:
    """Return what CALL means and how to answer it."""
    if not _is_here(call, address.url):
        return Heard(404)
    signature = next((call.headers[name] for name in SIGNATURES if call.headers.get(name)), "")
    is_judged = bool(address.secret and signature)
    seal = _seal(call, address, signature) if is_judged else ""
    if is_judged and not seal:
        return Heard(403)
    if call.method not in {"GET", "POST"}:
        return Heard(405)
    if not seal and len(call.body) > UNSIGNED_LIMIT:
        return Heard(413)
    signed = bool(seal)
    if order := _order(call):
        meaning, event = order
        return Heard(200, meaning, event, signed, seal)  # SmartMATE calls again until it gets a 200
    meaning, event = _meaning(call)
    return Heard(204, meaning, event, signed, seal)


def _is_here(call: IncomingRequest, url: str) -> bool:
    """Whether a call went to our address; what its query holds, a token say, must come back."""
    if not url:
        return True
    ours = urlsplit(url)
    path, _, query = call.target.partition("?")
    given = _pairs(query)
    wanted = parse_qsl(ours.query, keep_blank_values=True)
    # Every pair is compared with every other: the time taken shows nothing of a token in the address.
    matches = [sum(_equal(repr(pair), repr(other)) for other in given) for pair in wanted]
    return _equal(ours.path or "/", path) and all(matches)


def _equal(first: str, second: str) -> bool:
    return hmac.compare_digest(first.encode("utf-8", "replace"), second.encode("utf-8", "replace"))


# --- signatures -----------------------------------------------------------------------------------------


def _seal(call: IncomingRequest, address: Address, signature: str) -> str:
    """Return the digest in a SIGNATURE if it is the right one for the call, else nothing.

    The bytes as they came are judged first; only a body that is small is taken apart to judge its fields.
    """
    algorithm_named = signature.startswith(("sha1=", "sha256="))
    offered = (signature.partition("=")[2] if algorithm_named else signature).strip()
    secret = address.secret.encode()
    for texts in (_raw_texts(call, address.url), _parsed_texts(call)):
        signed = product(texts, ("sha1", "sha256"))
        digests = (hmac.new(secret, text, algorithm).digest() for text, algorithm in signed)
        found = [
            digest.hex()
            for digest in digests
            if any([_equal(offered, form) for form in _forms(digest)])  # noqa: C419 - all of them, in constant time
        ]
        if found:
            return found[0]
    return ""


def _forms(digest: bytes) -> tuple[str, str]:
    return base64.b64encode(digest).decode(), digest.hex()


def _raw_texts(call: IncomingRequest, url: str) -> Iterator[bytes]:
    """Yield what the service may have signed and what came as it is: the body, or the whole address."""
    if call.method == "POST":
        yield call.body
        return
    host = call.headers.get("host", "")
    bases = [url.partition("://")[0] + "://" + urlsplit(url).netloc] if url else []
    for base in (*bases, f"https://{host}", f"http://{host}"):
        yield f"{base}{call.target}".encode("utf-8", "replace")


def _parsed_texts(call: IncomingRequest) -> Iterator[bytes]:
    """Yield the fields of a body as the service may have signed them."""
    if call.method == "POST" and len(call.body) <= UNSIGNED_LIMIT:
        fields = sorted(f"{key}={value}" for key, value in _fields(call))
        yield "|".join(fields).encode("utf-8", "replace")


def _fields(call: IncomingRequest) -> list[tuple[str, str]]:
    """Return the fields of a body, nested ones as `a[0].b`; none of one that has too many."""
    data = _json(call.body)
    if data is None:
        return _pairs(call.body.decode("utf-8", "replace"))
    found = list(islice(_flat("", data, 0), _FIELDS + 1))
    return found if len(found) <= _FIELDS else []


def _pairs(query: str) -> list[tuple[str, str]]:
    """Return the fields of a query; none of one that has too many."""
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError:
        return []


def _flat(name: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEPTH:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(f"{name}.{key}" if name else str(key), inner, depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _flat(f"{name}[{index}]", inner, depth + 1)
    else:
        yield name, value if isinstance(value, str) else json.dumps(value)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


# --- meaning --------------------------------------------------------------------------------------------


def _order(call: IncomingRequest) -> tuple[CallMeaning, str] | None:
    """Return what a notification of SmartMATE means, and its id; None for any other call."""
    values = dict(_fields(call)) if call.method == "POST" else {}
    if not values.keys() >= _ORDER_FIELDS:
        return None
    status = values["RequestStatus"]
    return ("published" if status == "completed" else "other"), _event(f"{values['RequestId']} {status}")


def _meaning(call: IncomingRequest) -> tuple[CallMeaning, str]:
    pairs = _pairs(call.target.partition("?")[2])
    data = _json(call.body) if call.method == "POST" else None
    if isinstance(data, dict) and isinstance(data.get("eventType"), str):
        return _of_event(data["eventType"]), _event(data.get("eventId"))
    if isinstance(data, dict):
        pairs += [(str(key), value) for key, value in data.items() if isinstance(value, str)]
    elif call.method == "POST":
        pairs += _pairs(call.body.decode("utf-8", "replace"))
    return _by_fields(pairs), ""


def _of_event(kind: str) -> CallMeaning:
    if kind in _PUBLISHED_EVENTS:
        return "published"
    return "asked" if kind.startswith(_ISSUE_EVENTS) else "other"


def _event(ident: object) -> str:
    """Return an id of an event in a form of fixed length: what strangers send is not kept as it is."""
    known = isinstance(ident, str | int) and not isinstance(ident, bool)
    return _digest(str(ident)) if known and ident != "" else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _by_fields(pairs: Sequence[tuple[str, str]]) -> CallMeaning:
    values = dict(pairs)
    kind = values.get("type", "")
    if kind in _PUBLISHED_TYPES or (not kind and values.keys() >= {"locale", "fileUri"}):
        return "published"
    return "other" if kind else "nothing"


# --- when to look ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WatchPace:
    """When the service is asked after a call, which is a hint and no more; in seconds."""

    quiet: float = 2.0
    """How long to wait for further hints after each: many files published at once are one look."""
    longest: float = 30.0
    """How long to wait at most from the first hint on, however many follow."""
    unsigned: float = 30.0
    """The least time between two looks for which nobody has signed."""
    every: float = 600.0
    """The time between two looks without any hint: callbacks may be lost."""


@dataclass(frozen=True, slots=True)
class PendingCalls:
    """What has been heard since the last look; times are seconds of one clock."""

    looked: float
    first: float | None = None
    last: float = 0.0
    signed: bool = False

    def heard(self, now: float, *, signed: bool) -> PendingCalls:
        """Return the state after one more hint."""
        first = now if self.first is None else self.first
        return PendingCalls(self.looked, first, now, self.signed or signed)

    def due(self, pace: WatchPace) -> float:
        """Return when the next look is due."""
        poll = self.looked + pace.every
        if self.first is None:
            return poll
        settled = min(self.last + pace.quiet, self.first + pace.longest)
        return min(poll, settled if self.signed else max(settled, self.looked + pace.unsigned))
