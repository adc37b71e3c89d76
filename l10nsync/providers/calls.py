"""A request and its answer, as values."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

from l10nsync.errors import TemporaryError
from l10nsync.providers import multipart
from l10nsync.providers.multipart import FilePart
from l10nsync.providers.replies import Fields, JsonObject, ReplyOrigin, nonsense, parse_json, record

FILE_LIMIT = 64 * 1024 * 1024
"""Bytes of a file."""
JSON_LIMIT = 16 * 1024 * 1024
"""Bytes of any other answer: what is parsed takes many times as much memory."""
AGAIN = "Run the same command again; nothing is done twice."


class Unanswered(TemporaryError):  # noqa: N818 - named for what happened
    """A request may or may not have been applied: look at the service before asking again."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, in a form that can be sent again."""

    operation: str
    """Our name of it, for messages and statistics."""
    method: str
    path: str
    """Below the base URL, with a leading slash, quoted."""
    params: tuple[tuple[str, str], ...] = ()
    json: object = None
    """A JSON body; None for no body."""
    form: tuple[tuple[str, str], ...] = ()
    """Fields of a multipart body."""
    file: bytes | None = None
    """The part `file` of a multipart body."""
    files: tuple[FilePart, ...] = ()
    """Further files of a multipart body, each with a field and a name of its own."""
    repeatable: bool = True
    """False where doing it twice does harm; then `Unanswered` is raised instead of a repetition."""
    accept_file: bool = False
    """The answer is a file, not an envelope."""
    on_disk: bool = False
    """That file is large: it comes as `Answer.file`, and only its beginning as `Answer.body`."""
    may_be_html: bool = False
    """That file may be an HTML page."""
    authorized: bool = True
    timeout: float = 60.0
    """Seconds without a byte."""
    limit: int = 0
    """Bytes of an answer; 0 for what is usual of its kind."""

    @property
    def most(self) -> int:
        """How many bytes the answer may have."""
        return self.limit or (FILE_LIMIT if self.accept_file else JSON_LIMIT)

    def body(self) -> tuple[str, bytes]:
        """Return Content-Type and bytes of the body; both empty for none."""
        if self.json is not None:
            return "application/json", jsonlib.dumps(self.json, ensure_ascii=False).encode()
        if self.form or self.file is not None or self.files:
            return multipart.encode(self.form, self.file, self.files)
        return "", b""

    def fields(self) -> dict[str, int]:
        """Return the names of what the body holds, with sizes in bytes."""
        if isinstance(self.json, Mapping):
            return {str(name): len(jsonlib.dumps(value)) for name, value in self.json.items()}
        sizes = {name: len(value.encode()) for name, value in self.form}
        for file in self.files:
            sizes[file.field] = sizes.get(file.field, 0) + len(file.content)
        return sizes if self.file is None else sizes | {"file": len(self.file)}


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete, successful answer."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    request_id: str = ""
    operation: str = ""
    file: IO[bytes] | None = None
    """The whole body, where `Call.on_disk` asked for that; it is gone when it is closed."""

    @property
    def value(self) -> object:
        """The whole JSON value; every object in it knows where it came from."""
        return parse_json(self.body, self._origin)

    @property
    def record(self) -> JsonObject:
        """`data`, which must be an object; an empty one where the answer holds none."""
        data = self.data
        if data is None:
            return Fields({}, self._origin)
        if not isinstance(data, dict):
            raise nonsense(Fields({}, self._origin), "it is not an object")
        return data

    @property
    def _origin(self) -> ReplyOrigin:
        return ReplyOrigin(self.operation, self.status, self.request_id)

    @property
    def data(self) -> object:
        """`response.data` of an envelope, or the whole JSON value where there is no envelope."""
        value = self.value
        if not isinstance(value, dict) or "response" not in value:
            return value
        return record(value, "response").get("data")
