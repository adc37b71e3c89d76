"""The Job Batches API: how files get into a job."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from l10nsync.errors import ServiceReply
from l10nsync.model import Upload, fold
from l10nsync.providers.http import Call
from l10nsync.providers.replies import (
    JsonObject,
    as_json,
    count,
    explanations,
    flag,
    items,
    needed,
    records,
    text,
    words,
)
from l10nsync.providers.smartling.api.service_calls import ProjectApi, segment, workflows_body

NOT_UPLOADED = frozenset({"DRAFT"})
"""What a file of a batch is before its bytes are sent."""
LOCALES_FIELD = "localeIdsToAuthorize[]"
CLIENT_LIB = json.dumps({"client": "l10nsync", "version": "1"})


@dataclass(frozen=True, slots=True)
class BatchFile:
    """One file registered in a batch."""

    uri: str
    status: str
    error: ServiceReply | None
    strings: int
    updated: str


@dataclass(frozen=True, slots=True)
class Batch:
    """A job batch with its files."""

    uid: str
    status: str
    authorized: bool
    errors: ServiceReply | None
    files: Mapping[str, BatchFile]
    """By `fold(fileUri)`."""
    updated: str

    @property
    def uploaded(self) -> frozenset[str]:
        """Files, folded, whose bytes it has taken: nobody can take them back."""
        return frozenset(
            key
            for key, file in self.files.items()
            if not (file.status in NOT_UPLOADED or cancelled(file.status) or failed(file.status))
        )


def failed(status: str) -> bool:
    """Whether a status of a batch or of a file in it means failure, known or not."""
    return "FAIL" in status or "ERROR" in status


def cancelled(status: str) -> bool:
    """Whether a status means cancelled; both spellings occur."""
    return status.startswith("CANCEL")


def terminal(status: str) -> bool:
    """Whether nothing more will happen; an unknown status is not the end."""
    return status == "COMPLETED" or cancelled(status) or failed(status)


@dataclass(frozen=True, slots=True)
class BatchesApi(ProjectApi):
    """The job batches of a project."""

    def create_batch(self, job: str, uris: Iterable[str], rush: Mapping[str, str] | None = None) -> str:
        """Register files for a job; return the batch's uid.

        With RUSH, the workflows by locale (empty for the defaults), the batch authorizes the job when it
        is done and asks for rush delivery; else it authorizes nothing.
        """
        operation = "create the batch"
        body: dict[str, object] = {"authorize": False, "translationJobUid": job, "fileUris": list(uris)}
        if rush is not None:
            body |= {"authorize": True, "rushJob": True, **workflows_body(rush)}
        call = Call(operation, "POST", self._batches(), json=body, repeatable=False)
        return needed(self.client.send(call).record, "batchUid")

    def open_batches(self, job: str) -> list[str]:
        """Return those of a job's newest 100 batches that are not finished, the oldest first."""
        order = (("sortBy", "createdDate"), ("orderBy", "desc"), ("limit", "100"))
        params = (("translationJobUid", job), *order)
        found = items(self.get("list the job's batches", self._batches(), *params))
        pairs = [(needed(batch, "batchUid"), needed(batch, "status")) for batch in reversed(found)]
        return [uid for uid, status in pairs if not terminal(status)]

    def batch(self, uid: str) -> Batch:
        """Return a batch with the state of its files."""
        data = self.get("read the batch", self._batches(f"/{segment(uid)}"))
        files = [_batch_file(row) for row in items(data, "files")]
        return Batch(
            uid=uid,
            status=needed(data, "status"),
            authorized=flag(data, "authorized"),
            errors=read_error(data.get("generalErrors")),
            files={fold(file.uri): file for file in files},
            updated=text(data, "updatedDate"),
        )

    def upload(self, batch: str, upload: Upload, callback_url: str = "") -> None:
        """Send one whole file to a batch; the service works on it later."""
        path = self._batches(f"/{segment(batch)}/file")
        form = tuple(upload_fields(upload, callback_url))
        timeout = 60.0 + len(upload.content) / 50_000
        self.client.send(Call("upload a file", "POST", path, form=form, file=upload.content, timeout=timeout))

    def register_file(self, batch: str, uri: str) -> None:
        """Add a file to a batch that does not execute yet."""
        self._put_batch("register a file", batch, {"action": "REGISTER_FILE", "fileUri": uri})

    def cancel_file(self, batch: str, uri: str, reason: str) -> None:
        """Take a file out of a batch, so that the batch can go on without it."""
        self._put_batch("cancel a file", batch, {"action": "CANCEL_FILE", "fileUri": uri, "reason": reason})

    def _put_batch(self, operation: str, batch: str, body: Mapping[str, str]) -> None:
        self.client.send(Call(operation, "PUT", self._batches(f"/{segment(batch)}"), json=dict(body)))

    def _batches(self, rest: str = "") -> str:
        return self.path("job-batches-api/v2", f"/batches{rest}")


def upload_fields(upload: Upload, callback_url: str = "") -> list[tuple[str, str]]:
    """Return the fields of a multipart upload, the file itself aside."""
    fields = [("fileUri", upload.uri), ("fileType", upload.file_type)]
    fields += [(LOCALES_FIELD, locale) for locale in upload.locales]
    fields.append(("smartling.namespace", upload.namespace))
    if upload.charset:
        fields.append(("smartling.file_charset", upload.charset))
    fields += [(f"smartling.{name}", value) for name, value in upload.directives.items()]
    fields.append(("smartling.client_lib_id", CLIENT_LIB))
    if callback_url:
        fields.append(("callbackUrl", callback_url))
    return fields


def _batch_file(row: JsonObject) -> BatchFile:
    return BatchFile(
        uri=needed(row, "fileUri"),
        status=needed(row, "status"),
        error=read_error(row.get("errors")),
        strings=sum(count(locale, "stringsAdded") for locale in records(row, "targetLocales")),
        updated=text(row, "updatedDate"),
    )


def read_error(value: object) -> ServiceReply | None:
    """Return what the `errors` text of a batch or file says; None for its many ways to say nothing."""
    parsed = _parsed(value)
    if parsed in (None, "", {}, [], "null"):
        return None
    found = explanations(parsed)
    if not found:
        return ServiceReply(message=parsed if isinstance(parsed, str) else as_json(parsed))
    first: JsonObject = found[0]
    inner = explanations(first.get("errors"))
    first = inner[0] if inner else first
    message = words(first, "message") or as_json(first)
    return ServiceReply(code=words(first, "code"), key=words(first, "key"), message=message)


def _parsed(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        parsed: object = json.loads(value)
    except (ValueError, RecursionError):
        return value.strip()
    return parsed
