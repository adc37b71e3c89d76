"""Every request that came in, for tests to count and read; never content, never secrets."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class Record:
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

    records: list[Record] = field(default_factory=list)
    last: int = 0

    def begin(self, record_fields: dict[str, Any]) -> Record:
        """Open the record of a request that has just come in."""
        self.last += 1
        record = Record(ordinal=self.last, **record_fields)
        self.records.append(record)
        return record

    def since(self, ordinal: int, project: str = "") -> list[dict[str, Any]]:
        """Return the requests after ORDINAL, of one project or all; auth calls belong to every project."""
        return [
            asdict(each)
            for each in self.records
            if each.ordinal > ordinal and (not project or each.project in {project, ""})
        ]

    def clear(self) -> None:
        """Forget the records; the ordinals go on."""
        self.records.clear()
