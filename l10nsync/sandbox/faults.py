"""Faults on request: which requests are hit, and what happens to them.

A rule matches by operation name or path (globs) and project, skips `nth` - 1 matches, and then hits
`count` requests (0: all from then on). The first rule that hits a request decides.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from fnmatch import fnmatchcase
from typing import Any

BEFORE = frozenset({"status", "close_before", "html", "empty", "hold_before"})
"""Actions after which the request was not carried out (`html` and `empty`: unless `apply` is set)."""
ACTIONS = BEFORE | {
    "close_middle", "close_after", "drop_after", "delay", "wrong_length", "truncate_gzip", "cut_zip",
    "source_text", "lie", "hold",
}  # fmt: skip


@dataclass(slots=True)
class Rule:
    """One fault.

    status         answer `status` with `code`, `key`, `message`, or `body` (text), `headers`; change nothing
    html           answer an HTML page with `status` (200)
    empty          answer 200 without a body
    close_before   close the connection before anything is done
    drop_after     do what is asked, then close without an answer
    close_middle   answer half of the body, then close
    close_after    answer, then close the connection that was to stay open
    wrong_length   declare one byte more than is sent, then close
    truncate_gzip  answer with half of a gzip stream
    cut_zip        answer with the first half of the body as if it were all
    source_text    answer a download with the source file
    lie            answer as if it were done, but do nothing
    delay          wait `seconds` of real time, then go on as usual
    hold           do what is asked, then answer only after a release
    hold_before    wait for a release, then do what is asked
    """

    action: str
    operation: str = "*"
    path: str = "*"
    project: str = ""
    nth: int = 1
    count: int = 1
    status: int = 0
    code: str = "GENERAL_ERROR"
    key: str = "general_error"
    message: str = "Unexpected server error"
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    apply: bool = False
    seen: int = 0
    """Requests that matched so far."""
    hits: int = 0

    def due(self, operation: str, path: str, project: str) -> bool:
        """Whether this request is to be hit; counts it if it matches."""
        if not (fnmatchcase(operation, self.operation) and fnmatchcase(path, self.path)):
            return False
        if self.project and project != self.project:
            return False
        self.seen += 1
        return self.seen >= self.nth and not (self.count and self.hits >= self.count)


def rule_from(values: Mapping[str, Any]) -> Rule:
    """Read a rule; raise ValueError for an unknown action or field."""
    known = {each.name for each in fields(Rule)} - {"seen", "hits"}
    unknown = sorted(set(values) - known)
    if unknown or values.get("action") not in ACTIONS:
        message = f"unknown fields {unknown}" if unknown else f"unknown action {values.get('action')!r}"
        raise ValueError(message)
    return Rule(**values)


@dataclass(slots=True)
class Faults:
    """The rules in force, and the requests that wait for a release."""

    rules: list[Rule] = field(default_factory=list)
    held: list[dict[str, Any]] = field(default_factory=list)
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, operation: str, path: str, project: str) -> Rule | None:
        """Return the rule that hits a request, or None; every rule counts its matches."""
        due = [rule for rule in self.rules if rule.due(operation, path, project)]
        for rule in due[:1]:
            rule.hits += 1
        return due[0] if due else None

    async def hold(self, request: dict[str, Any]) -> None:
        """Wait until somebody releases what is held."""
        self.held.append(request)
        released = self._released
        try:
            await released.wait()
        finally:
            self.held.remove(request)

    def release(self) -> int:
        """Let every held request go on; return how many there were."""
        number = len(self.held)
        self._released.set()
        self._released = asyncio.Event()
        return number

    def clear(self, project: str = "") -> None:
        """Forget the rules of a project, or all; a full clear also releases what is held."""
        self.rules = [rule for rule in self.rules if project and rule.project != project]
        if not project:
            self.release()

    def shown(self) -> dict[str, Any]:
        """Return the rules with their counts, and what is held."""
        return {"rules": [asdict(rule) for rule in self.rules], "held": list(self.held)}
