"""What all endpoints of a project have in common: paths, calls, pages, and how the service says "none"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar
from urllib.parse import quote

from l10nsync.errors import ServiceError, ServiceReply, TemporaryError
from l10nsync.providers.http import Answer, Call, Client
from l10nsync.providers.replies import (
    JsonObject,
    items,
    needed,
    nonsense,
    text,
    total,
)
from l10nsync.providers.workers import gather

T = TypeVar("T")

LONGEST_LIST = 1_000_000
"""Rows; a list that claims more is not believed."""
FEW_ROUNDS = 3
"""How often a list is read again when it changes under our hands."""


@dataclass(frozen=True, slots=True)
class ProjectApi:
    """The calls of one project of Smartling."""

    client: Client
    project: str

    def path(self, service: str, rest: str) -> str:
        """Return the path of something in the project, quoted apart from REST."""
        return f"/{service}/projects/{segment(self.project)}{rest}"

    def get(self, operation: str, path: str, *params: tuple[str, str], limit: int = 0) -> JsonObject:
        """Return the record that a path answers with."""
        return self.client.send(Call(operation, "GET", path, params=params, limit=limit)).record

    def post(self, operation: str, path: str, body: object) -> Answer:
        """Send a JSON body to a path."""
        return self.client.send(Call(operation, "POST", path, json=body))

    def all_pages(
        self,
        page: Callable[[int], tuple[list[JsonObject], int]],
        size: int,
        key: Callable[[JsonObject], str],
    ) -> list[JsonObject]:
        """Return everything a list holds; it is read again if it changed in between."""
        for _ in range(FEW_ROUNDS):
            first, number = page(0)
            if number > LONGEST_LIST:
                raise ServiceError(f"the service reports a list of {number} rows")
            if len(first) < min(size, number):
                continue  # a page that is not full is the last one, whatever else is claimed
            rest = gather(page, range(size, number, size), self.client.threads)
            found = {key(row): row for row in chain(first, *(later for later, _ in rest))}
            if len(found) >= number and all(later == number for _, later in rest):
                return list(found.values())
        raise TemporaryError(
            "a list of the service kept changing while it was read", hint="Run the same command again."
        )


def segment(name: str) -> str:
    """Return NAME as one part of a path."""
    return quote(name, safe="")


def absent_as_none(call: Callable[[], T]) -> T | None:
    """Return what CALL returns, or None where it says that there is no such file."""
    try:
        return call()
    except ServiceError as error:
        if is_absent(error.reply):
            return None
        raise


def is_absent(reply: ServiceReply) -> bool:
    """Whether the service says that there is no such file, in either of its ways."""
    reason = f"{reply.key} {reply.message}".lower()
    is_named = "file.not.found" in reason or "file not found" in reason
    return reply.status == 404 or (reply.status == 400 and is_named)


def page_of(data: JsonObject) -> tuple[list[JsonObject], int]:
    """Return the rows of a page, and how many there are in all."""
    found, number = items(data), total(data)
    if number < len(found):
        raise nonsense(data, f"it has {len(found)} rows of {number}")
    return found, number


def hashcode(row: JsonObject) -> str:
    """Return the hashcode of a string."""
    return needed(row, "hashcode")


def process_of(answer: Answer) -> str:
    """Return the uid of the process that an answer asks to wait for; empty if all is done."""
    if answer.status != 202:
        return ""
    return text(answer.record, "processUid") or text(answer.record, "url").rpartition("/")[2]


def workflows_body(workflows: Mapping[str, str]) -> dict[str, object]:
    """Return the part of a body that names workflows by locale; nothing for the defaults."""
    pairs = [{"targetLocaleId": locale, "workflowUid": uid} for locale, uid in workflows.items()]
    return {"localeWorkflows": pairs} if pairs else {}
