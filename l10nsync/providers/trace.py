"""What a run says about its requests: one line each, details, a log file; never a secret, never content."""

from __future__ import annotations

import base64
import json
import os
import re
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from threading import Lock
from typing import TextIO
from urllib.parse import quote, quote_plus

from l10nsync.errors import ServiceReply, UsageError
from l10nsync.printable import escape

HIDDEN = "[hidden]"
_TOKENS = 16
_SHORTEST = 4
"""Characters; shorter secrets would black out ordinary words."""
_USERINFO = re.compile(r"(?<=://)[^/@\s]+@")
_PRIVATE_FIELDS = frozenset({"callbackurl", "usersecret", "useridentifier", "accesstoken", "refreshtoken"})


def encodings(secret: str) -> frozenset[str]:
    """Return the forms in which SECRET could appear in a text, if they are long enough to recognize."""
    raw = secret.encode()
    forms = {
        secret,
        secret[::-1],
        repr(secret)[1:-1],
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        raw.hex(),
        raw.hex().upper(),
        *_base64_forms(raw),
    }
    return frozenset(form for form in forms if len(form) >= _SHORTEST)


def _base64_forms(raw: bytes) -> Iterator[str]:
    # Inside a longer text a secret is encoded from one of three offsets; the characters at both ends
    # also depend on its neighbours and are left out.
    for offset in range(3):
        padded = b"\0" * offset + raw
        start = (offset * 8 + 5) // 6
        end = len(padded) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(padded).decode()[start:end]


class Redactor:
    """Blanks out every known secret, in any encoding."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._forms: set[str] = set()
        self._recent: deque[frozenset[str]] = deque(maxlen=_TOKENS)
        self._pattern: re.Pattern[str] | None = None
        self._lock = Lock()
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """From now on hide these as well."""
        with self._lock:
            self._forms.update(chain.from_iterable(encodings(secret) for secret in secrets if secret))
            self._compile()

    def add_token(self, token: str) -> None:
        """Hide a secret that lives only for minutes; the oldest of many is forgotten."""
        with self._lock:
            self._recent.append(encodings(token))
            self._compile()

    def _compile(self) -> None:
        forms = self._forms.union(*self._recent)
        longest_first = sorted(forms, key=lambda form: (-len(form), form))
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, text: str) -> str:
        """Return TEXT without secrets, and without user and password in a URL."""
        shown = self._pattern.sub(HIDDEN, text) if self._pattern else text
        return _USERINFO.sub(f"{HIDDEN}@", shown)


def shown_field(name: str, value: str) -> str:
    """Return VALUE as a diagnostic may show it: names and sizes, no private text."""
    return f"({len(value)} characters)" if name.lower() in _PRIVATE_FIELDS or len(value) > 120 else value


@dataclass(frozen=True, slots=True)
class TracedRequest:
    """One request that was answered, or not."""

    operation: str
    method: str
    path: str
    milliseconds: float
    attempt: int
    status: int = 0
    """0 where no answer came."""
    request_id: str = ""
    query: tuple[tuple[str, str], ...] = ()
    fields: Mapping[str, int] = field(default_factory=dict)
    """Names of what the body held, with sizes in bytes."""
    content_type: str = ""
    size: int = 0
    problem: str = ""
    reply: ServiceReply | None = None


def line(event: TracedRequest) -> str:
    """Return the one line of `-v`."""
    answer = str(event.status) if event.status else "no answer"
    ident = f" {event.request_id}" if event.request_id else ""
    return escape(f"{event.method} {event.path} {answer} {event.milliseconds:.0f} ms{ident}")


def details(event: TracedRequest) -> str:
    """Return the further lines of `-vv`; empty if there is nothing to add."""
    parts = []
    if event.query:
        parts.append(
            "  query " + "&".join(f"{name}={shown_field(name, value)}" for name, value in event.query)
        )
    if event.fields:
        parts.append("  sent " + ", ".join(f"{name} {size} B" for name, size in event.fields.items()))
    if event.content_type or event.size:
        parts.append(f"  received {event.content_type or 'no type'}, {event.size} B")
    if event.reply and (event.reply.code or event.reply.message):
        parts.append(f"  said {event.reply.code} {event.reply.key} {event.reply.message}".rstrip())
    if event.problem:
        parts.append(f"  {event.problem}")
    return "\n".join(map(escape, parts))


def record(event: TracedRequest, when: datetime) -> dict[str, object]:
    """Return the JSON object of the log file."""
    reply = event.reply
    return {
        "time": when.isoformat(timespec="milliseconds"),
        "operation": event.operation,
        "method": event.method,
        "path": event.path,
        "query": {name: shown_field(name, value) for name, value in event.query},
        "fields": dict(event.fields),
        "status": event.status,
        "milliseconds": round(event.milliseconds, 1),
        "requestId": event.request_id,
        "attempt": event.attempt,
        "contentType": event.content_type,
        "size": event.size,
        "problem": event.problem,
        "code": reply.code if reply else "",
        "key": reply.key if reply else "",
        "message": reply.message if reply else "",
    }


def open_log(path: str) -> TextIO:
    """Open a log file for appending that only its owner may read; raise `UsageError`.

    A pipe that nobody reads is refused: opening it would keep us waiting.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0), 0o600)
        if hasattr(os, "set_blocking"):
            os.set_blocking(descriptor, True)
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"cannot write the log file {path}: {error.strerror}") from error


_WORTH_A_LINE = 2.0
"""A wait of so many seconds is always shown: silence looks like a hang."""


class Trace:
    """Writes down each request, as far as the user asked for it."""

    def __init__(self, redact: Redactor, verbosity: int = 0, log_file: str = "") -> None:
        self._redact = redact
        self._verbosity = verbosity
        self._log = open_log(log_file) if log_file else None
        self._lock = Lock()

    def note(self, event: TracedRequest) -> None:
        """Show and log EVENT."""
        self._write(self._text(event), record(event, datetime.now(UTC)))

    def again(self, operation: str, why: str, seconds: float) -> None:
        """Show and log that a request will be repeated after some SECONDS."""
        loud = self._verbosity > 0 or seconds >= _WORTH_A_LINE
        shown = escape(f"  {operation} again in {seconds:.1f} s: {why}") + "\n" if loud else ""
        when = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._write(shown, {"time": when, "operation": operation, "again": round(seconds, 2), "why": why})

    def warn(self, text: str) -> None:
        """Show and log TEXT, whatever the verbosity is."""
        when = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._write(f"warning: {escape(text)}\n", {"time": when, "warning": text})

    def _write(self, text: str, entry: Mapping[str, object]) -> None:
        with self._lock:
            if text:
                sys.stderr.write(self._redact(text))
            if self._log and not self._log.closed:
                self._keep(self._log, self._redact(json.dumps(entry)) + "\n")

    def _keep(self, log: TextIO, entry: str) -> None:
        """Write a line to the log; a disk that is full ends the log, not the run."""
        try:
            log.write(entry)
            log.flush()
        except OSError as error:
            sys.stderr.write(f"the log file ends here: {error.strerror or error}\n")
            self._log = None
            with suppress(OSError):
                log.close()

    def _text(self, event: TracedRequest) -> str:
        if self._verbosity < 1:
            return ""
        more = details(event) if self._verbosity > 1 else ""
        return f"{line(event)}\n" + (f"{more}\n" if more else "")

    def close(self) -> None:
        """Close the log file."""
        with self._lock:
            if self._log:
                with suppress(OSError):
                    self._log.close()
