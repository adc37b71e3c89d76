"""Requests between the wire and the responses: parsed, plain values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from l10nsync.sandbox.clock import moment
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.replies import Reply, items

if TYPE_CHECKING:
    from l10nsync.sandbox.server_state import Server

_TRUE = frozenset({"true", "1", "yes", "on"})
_INDEX = re.compile(r"\[\d*\]$")


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A file that came in a multipart body."""

    content: bytes
    content_type: str = ""
    name: str = ""
    """The file name that the client gave; never an identity of anything."""


@dataclass(frozen=True, slots=True)
class ParsedRequest:
    """One request, parsed; handlers take it and return a `Reply`."""

    server: Server
    operation: str
    path: Mapping[str, str]
    query: Sequence[tuple[str, str]] = ()
    form: Sequence[tuple[str, str]] = ()
    parts: Mapping[str, BodyPart] = field(default_factory=dict)
    uploads: Sequence[tuple[str, BodyPart]] = ()
    """Every file of the body with its field, in order; `parts` has the last of each field."""
    json: Any = None
    accept: str = ""
    """The media type that the client wants, in lower case."""

    @property
    def project(self) -> str:
        """The project that the path names; empty if none."""
        return self.path.get("project", "")

    def text(self, name: str, default: str = "") -> str:
        """Return one query parameter; absent and empty are the same."""
        return next((value for key, value in self.query if key == name), "") or default

    def texts(self, name: str) -> list[str]:
        """Return a query array, spelled with or without brackets, empty or with a number in them."""
        return [value for key, value in self.query if _INDEX.sub("", key) == name and value]

    def number(self, name: str, default: int, maximum: int | None = None) -> int:
        """Return a whole number of the query; raise a refusal if it is none or out of range."""
        given = self.text(name)
        if not given:
            return default
        if not given.isdigit() or (maximum is not None and int(given) > maximum):
            raise invalid(f"{name} must be a number of at most {maximum}", name)
        return int(given)

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a truth value of the query: true, True, 1, yes."""
        given = self.text(name)
        return given.lower() in _TRUE if given else default

    def moment(self, name: str) -> float | None:
        """Return a time of the query, or None if it is absent."""
        given = self.text(name)
        return moment(name, given) if given else None

    def field(self, name: str, default: str = "") -> str:
        """Return a field of the body, whether multipart, urlencoded or JSON."""
        if isinstance(self.json, dict):
            value = self.json.get(name)
            return str(value) if value is not None else default
        return next((value for key, value in self.form if key == name), default)

    def fields(self, name: str) -> list[str]:
        """Return an array of a form: repeated, joined by commas, or as Java and JSON write a list."""
        given = [value for key, value in self.form if _INDEX.sub("", key) == name]
        return list(chain.from_iterable(listed_in(value) for value in given))

    @property
    def body(self) -> dict[str, Any]:
        """The JSON object of the body; an empty one if there is no body."""
        if self.json is None:
            return {}
        if not isinstance(self.json, dict):
            raise invalid("The request body must be a JSON object")
        return self.json

    def array(self, name: str, maximum: int | None = None) -> list[Any]:
        """Return an array of the JSON body; an empty one if it is absent or null."""
        value = self.body.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or (maximum is not None and len(value) > maximum):
            raise invalid(f"{name} must be an array of at most {maximum} elements", name)
        return value


def listed_in(value: str) -> list[str]:
    """Return the elements of a list that one field holds: `a,b`, Java's `[a, b]` or JSON's `["a", "b"]`."""
    value = value.strip()
    if value.startswith("[") and value.endswith("]"):
        value = value[1:-1]
    elements = (part.strip() for part in value.split(","))
    return [element.strip('"') for element in elements if element.strip('"')]


def paged(
    call: ParsedRequest,
    found: Sequence[Any],
    default: int | None,
    maximum: int | None = None,
    show: Callable[[Any], Any] | None = None,
) -> Reply:
    """Return one page of a list, by the request's `limit` and `offset`; SHOW makes an item its answer."""
    offset = call.number("offset", 0)
    limit = call.number("limit", len(found) if default is None else default, maximum)
    page = found[offset : offset + limit]
    return items([show(row) for row in page] if show else page, len(found))
