"""Every request that came in, for tests to count and read; never content, never secrets.

A file of JSON lines can be named beside that: it gets each request with its whole answer, if that is JSON.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from l10nsync.sandbox.replies import Reply


@dataclass(slots=True)
class RecordedRequest:
    """One request."""

    ordinal: int
    """From 1, over the whole life of the server."""
    method: str
    path: str
    query: str
    operation: str
    project: str
    agent: str = ""
    at: float = 0.0
    """When it came in, by the sandbox's clock."""
    began: int = 0
    """When it came in, counted in requests that came in and answers that went out."""
    ended: int = 0
    """When it was answered, likewise; 0 while it is not."""
    status: int = 0
    """0 while it is not answered, or was never answered."""
    fields: tuple[str, ...] = ()
    """Names of the body's fields."""
    uris: tuple[str, ...] = ()
    """Every fileUri that the request names."""
    locales: tuple[str, ...] = ()
    size: int = 0
    fault: str = ""


@dataclass(slots=True)
class Recorder:
    """The requests of one server's life."""

    records: list[RecordedRequest] = field(default_factory=list)
    last: int = 0
    moments: int = 0
    """Requests that came in and answers that went out."""
    file: Path | None = None
    """Where requests and answers are added, one JSON object a line."""

    def begin(self, record_fields: dict[str, Any]) -> RecordedRequest:
        """Open the record of a request that has just come in."""
        self.last += 1
        self.moments += 1
        record = RecordedRequest(ordinal=self.last, began=self.moments, **record_fields)
        self.records.append(record)
        return record

    def answered(self, record: RecordedRequest, reply: Reply) -> None:
        """Note how a request was answered."""
        self.moments += 1
        record.status, record.ended = reply.status, self.moments
        if self.file is None:
            return
        kind = next((value for key, value in reply.headers if key == "Content-Type"), "")
        line = {**asdict(record), "contentType": kind, "answer": _shown(kind, reply.body)}
        with self.file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")

    def since(self, ordinal: int, project: str = "") -> list[dict[str, Any]]:
        """Return the requests after ORDINAL, of one project or all; auth calls belong to every project."""
        return [
            asdict(record)
            for record in self.records
            if record.ordinal > ordinal and (not project or record.project in {project, ""})
        ]

    def clear(self) -> None:
        """Forget the records; the ordinals go on."""
        self.records.clear()


def _shown(kind: str, body: bytes) -> Any:
    """Return an answer's JSON; of anything else its size and SHA-256."""
    if kind.startswith("application/json"):
        try:
            return json.loads(body)
        except ValueError:
            pass
    return {"size": len(body), "sha256": sha256(body).hexdigest()}
