"""What the service holds of the files of a push: what we sent, or what somebody else sent meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from l10nsync.errors import RefusedError
from l10nsync.model import ListedFile, Upload, fold
from l10nsync.providers.smartling.api import LIST_PAGE, SmartlingApi
from l10nsync.providers.smartling.submit.pushed import PushedJob, SentFile, superseded
from l10nsync.providers.workers import gather


@dataclass(frozen=True, slots=True)
class ArrivalCheck:
    """Compares the files of a push with what the service shows."""

    pushed: PushedJob
    seen: str
    """`lastUploaded` of the newest file when the push was planned."""

    # --- before sending: what others have sent since the plan ---

    def cleared(self, files: Sequence[SentFile]) -> list[SentFile]:
        """Return those of FILES that may be sent: nobody newer was faster. The others are at their end."""
        if moved := self.pushed.submission.fence.moved():
            for file in files:
                file.fail(superseded(moved))
            return []
        for file, row, content in self._stored(self._sent_meanwhile(files)):
            file.base = row.last_uploaded
            if content is not None and not file.holds(content):
                self._overtaken(file, content)
        return [file for file in files if file.final is None]

    def _sent_meanwhile(self, files: Sequence[SentFile]) -> list[tuple[SentFile, ListedFile]]:
        """Return those of FILES that somebody has sent since the plan; what is gone is at its end."""
        rows, whole = self._recent({file.key for file in files})
        sent: list[tuple[SentFile, ListedFile]] = []
        for file in files:
            row = rows.get(file.key)
            if row is None and whole and file.base:
                file.fail(superseded("another push has renamed or deleted it on the TMS"))
            elif row is not None and row.last_uploaded != file.base:
                sent.append((file, row))
        return sent

    def _recent(self, keys: set[str]) -> tuple[dict[str, ListedFile], bool]:
        """Return the files of KEYS that were uploaded since the plan, and whether the whole list was read."""
        found: dict[str, ListedFile] = {}
        offset, total = 0, 1
        while keys - set(found) and offset < total:
            rows, total = self.pushed.api.newest_files(offset)
            found.update((fold(row.uri), row) for row in rows if fold(row.uri) in keys)
            offset += LIST_PAGE
            if not rows or (offset < total and rows[-1].last_uploaded <= self.seen):
                return found, False
        return found, offset >= total

    # --- after sending ---

    def read_back(self) -> None:
        """Confirm the files that the service shows as we sent them."""
        waiting = {file.key: file for file in self.pushed.pending() if file.touched}
        listed = _newest(self.pushed.api, set(waiting))
        seen = [(waiting[key], row) for key, row in listed.items()]
        confirmed = self._confirmed(seen)
        for file, row in confirmed:
            file.final = replace(file.outcome("done"), last_uploaded=row.last_uploaded)
        self._require_namespaces([file for file, _row in confirmed if file.upload.moves])
        for file, row in seen:
            file.base = row.last_uploaded

    def _confirmed(self, seen: Sequence[tuple[SentFile, ListedFile]]) -> list[tuple[SentFile, ListedFile]]:
        """Return those of SEEN, files with their rows, whose content on the service is what we sent."""
        confirmed = [(file, row) for file, row in seen if _is_ours(file, row)]
        doubtful = [(file, row) for file, row in seen if not _is_ours(file, row)]
        for file, row, content in self._stored(doubtful):
            if content is not None and file.holds(content):
                confirmed.append((file, row))
            elif content is not None and row.last_uploaded != file.base:
                self._overtaken(file, content)
        return confirmed

    def _require_namespaces(self, files: Sequence[SentFile]) -> None:
        """Let those of FILES fail that the service shows in another namespace than they were sent for.

        Whether an upload moves a file that is there is not documented. What is in the wrong namespace must
        not be authorized: its strings would be paid for once more.
        """
        statuses = gather(
            lambda file: self.pushed.api.status(file.upload.uri), files, self.pushed.api.client.threads
        )
        for file, status in zip(files, statuses, strict=True):
            if status is None or status.namespace != file.upload.namespace:
                shown = status.namespace if status else ""
                file.fail(_not_moved(file.upload, shown))

    # --- both ---

    def _stored(
        self, pairs: Sequence[tuple[SentFile, ListedFile]]
    ) -> Iterator[tuple[SentFile, ListedFile, bytes | None]]:
        """Yield PAIRS with what the service holds of each; None for a file that is gone."""
        threads = self.pushed.api.client.threads
        contents = gather(lambda pair: self.pushed.api.original(pair[0].upload.uri), pairs, threads)
        yield from ((file, row, content) for (file, row), content in zip(pairs, contents, strict=True))

    def _overtaken(self, file: SentFile, content: bytes) -> None:
        """Note what somebody else has sent; unless ours is newer, and is sent again, this is the end."""
        file.overtaken = True
        if not self.pushed.submission.fence.outranks(file.upload.uri, content):
            file.fail(superseded("another push was faster, and the TMS holds its content"))


def replaced_since(pushed: PushedJob) -> list[str]:
    """Return the fileUris of confirmed files under which the service holds another content by now."""
    sent = {key: file for key, file in pushed.files.items() if file.final and file.final.status == "done"}
    found = []
    for key, row in _newest(pushed.api, set(sent)).items():
        file = sent[key]
        if file.final and row.last_uploaded != file.final.last_uploaded:
            content = pushed.api.original(row.uri)
            if content is None or not file.holds(content):
                found.append(row.uri)
    return found


def _newest(api: SmartlingApi, keys: set[str]) -> dict[str, ListedFile]:
    """Return the rows of the files asked for, reading the list from its newest end."""
    found: dict[str, ListedFile] = {}
    offset, total = 0, 1
    while keys - set(found) and offset < total:
        rows, total = api.newest_files(offset)
        if not rows:
            break
        found.update((fold(row.uri), row) for row in rows if fold(row.uri) in keys)
        offset += LIST_PAGE
    return found


def _is_ours(file: SentFile, row: ListedFile) -> bool:
    """Whether the time of a file shows that the service holds what we sent.

    Not if another run overtook us: then the file was uploaded after our batch was done with it.
    """
    if not file.ours or row.last_uploaded == file.base:
        return False
    try:
        done, there = (datetime.fromisoformat(moment) for moment in (file.processed, row.last_uploaded))
    except (ValueError, TypeError):
        return True  # a service that says no times that can be compared
    return there <= done


def _not_moved(upload: Upload, shown: str) -> RefusedError:
    return RefusedError(
        f"{upload.uri}: sent for namespace {upload.namespace!r}, but the TMS shows it in {shown!r}",
        hint="None of it is authorized. Delete the file on the TMS (`l10nsync prune` lists files without a"
        " source, the dashboard deletes any), then push again.",
    )
