"""Filling a job: every file gets into a batch, one batch at a time, until the service shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from l10nsync.errors import CredentialsError, ServiceError, ServiceReply, TemporaryError
from l10nsync.model import Outcome, fold
from l10nsync.providers.http import AGAIN, Unanswered
from l10nsync.providers.replies import no_strings
from l10nsync.providers.smartling.api import NOT_UPLOADED, Batch, BatchFile, cancelled, failed
from l10nsync.providers.smartling.submit.arrival import ArrivalCheck
from l10nsync.providers.smartling.submit.batch import finish, watch
from l10nsync.providers.smartling.submit.pushed import PushedJob, SentFile, superseded
from l10nsync.providers.workers import each

ROUNDS = 3
"""How often a file is sent again that the service does not show afterwards."""


@dataclass(frozen=True, slots=True)
class Filling:
    """One job being filled with its share of the uploads."""

    pushed: PushedJob
    arrivals: ArrivalCheck

    def run(self) -> Iterator[Outcome]:
        """Send every file, again if it was lost; yield its progress, and in the end its result."""
        for number in range(ROUNDS):
            if not self.pushed.pending():
                break
            yield from self._round(fresh=self.pushed.place.created and number == 0)
            if self.pushed.confirms:
                self.arrivals.read_back()
            else:
                self._accept()
        for file in self.pushed.files.values():
            yield file.final or self._unconfirmed(file)

    def _round(self, *, fresh: bool) -> Iterator[Outcome]:
        """Get every pending file into some batch of the job, and each batch to its end."""
        for file in self.pushed.pending():
            file.touched = False
        if not fresh:
            for uid in self.pushed.api.open_batches(self.pushed.place.job.uid):
                yield from self._adopt(uid)
        waiting = [file for file in self.pushed.pending() if not file.touched]
        if waiting:
            uid = self._create([file.upload.uri for file in waiting])
            if uid:
                # From here on, no other push can finish a batch of this job: what the list shows now, stays.
                clear = self.arrivals.cleared(waiting)
                for file in waiting:
                    if file.final:
                        self._cancel(uid, file.upload.uri, "another push has sent it")
                yield from self._send(uid, clear)
                if self.pushed.confirms:
                    yield from self._settle(uid)

    def _create(self, uris: list[str]) -> str:
        """Return a new batch; empty where it must be looked for in the next round."""
        refused: ServiceError | None = None
        for _ in range(2):
            try:
                return self.pushed.api.create_batch(self.pushed.place.job.uid, uris)
            except Unanswered:
                return ""
            except ServiceError as error:
                self.pushed.require_job(error)
                if error.reply.status != 400:
                    raise
                refused = error
            if self.pushed.api.open_batches(self.pushed.place.job.uid):
                return ""  # somebody else was faster: one batch at a time per job
            # What was in the way may have ended between the two questions.
        assert refused is not None  # noqa: S101 - the loop ends in no other way
        raise refused

    def _adopt(self, uid: str) -> Iterator[Outcome]:
        """Take up a batch that an interrupted or concurrent run has begun.

        Raise `UnfinishedPushError` where it has files that are not sent by now: once it is finished, the TMS
        is not what it was when this push was planned.
        """
        batch = self.pushed.api.batch(uid)
        strangers = batch.uploaded - {fold(upload.uri) for upload in self.pushed.submission.uploads}
        if not batch.authorized:
            cleared = self.arrivals.cleared(self.pushed.pending())
            if strangers:
                cleared = [file for file in cleared if file.key in batch.files]
            yield from self._send(uid, self._registered(batch, cleared))
        if strangers:
            finish(self.pushed.api, uid, self.pushed.pace)
        # A job takes one batch at a time, so even a run that does not wait has to wait for this one.
        if self.pushed.confirms or not all(file.touched for file in self.pushed.pending()):
            yield from self._settle(uid)

    def _registered(self, batch: Batch, pending: Sequence[SentFile]) -> list[SentFile]:
        """Return those of PENDING that the batch still waits for, registering those it does not know."""
        for file in pending:
            file.touched = file.key in batch.files and not cancelled(batch.files[file.key].status)
        new = [file for file in pending if file.key not in batch.files]
        if batch.status in {"DRAFT", "ADDING_FILES"} and new:
            for file, result in each(
                lambda file: self._register(batch.uid, file), new, self.pushed.api.client.threads
            ):
                file.touched = result is None
        known = batch.files
        return [
            file
            for file in pending
            if file.touched and (file.key not in known or known[file.key].status in NOT_UPLOADED)
        ]

    def _register(self, uid: str, file: SentFile) -> None:
        self.pushed.api.register_file(uid, file.upload.uri)

    def _send(self, uid: str, files: list[SentFile]) -> Iterator[Outcome]:
        for file in files:
            file.touched = True
            yield file.outcome("sending")
        for file, result in each(lambda file: self._upload(uid, file), files, self.pushed.api.client.threads):
            if isinstance(result, Exception):
                self._failed_upload(uid, file, result)
            else:
                file.ours = result
                yield file.outcome("accepted")

    def _upload(self, uid: str, file: SentFile) -> bool:
        """Send a file; return False where the batch turns out to have it from somebody else."""
        try:
            self.pushed.api.upload(uid, file.upload, self.pushed.submission.callback_url)
        except ServiceError as error:
            if no_strings(error.reply.message) or error.reply.status not in {400, 404}:
                raise
            found = self.pushed.api.batch(uid).files.get(file.key)
            if found is None or found.status in NOT_UPLOADED:
                raise
            return False
        return True

    def _failed_upload(self, uid: str, file: SentFile, error: Exception) -> None:
        """Take a file out of the batch that cannot be sent; what concerns the whole call is raised."""
        if isinstance(error, CredentialsError) or self.pushed.api.client.remaining() <= 0:
            raise error
        if not isinstance(error, ServiceError | TemporaryError):
            raise error
        file.fail(error)
        self._cancel(uid, file.upload.uri, "the upload failed")

    def _cancel(self, uid: str, uri: str, reason: str) -> None:
        try:
            self.pushed.api.cancel_file(uid, uri, reason)
        except ServiceError:
            return  # it has been uploaded or cancelled meanwhile: the batch goes on all the same

    def _settle(self, uid: str) -> Iterator[Outcome]:
        """Watch a batch to its end; read what became of our files."""
        batch = None
        for batch in watch(self.pushed.api, uid, self.pushed.pace, rush=self.pushed.submission.job.rush):
            for file in self.pushed.pending():
                if file.touched and file.key in batch.files:
                    yield replace(file.outcome("processing"), strings=batch.files[file.key].strings)
        if batch:
            self._read_results(batch)

    def _read_results(self, batch: Batch) -> None:
        for file in self.pushed.pending():
            item = batch.files.get(file.key)
            if file.touched and item:
                self._read_result(file, item)
        if batch.errors:
            self.pushed.note = f"the batch reported: {batch.errors.message}"

    def _read_result(self, file: SentFile, item: BatchFile) -> None:
        file.strings = item.strings
        file.processed = item.updated
        if cancelled(item.status):
            file.touched = False  # by somebody else: our own cancellations are final already
            file.error = ServiceError(f"{file.upload.uri}: cancelled in the batch", item.error)
        elif failed(item.status) or item.error:
            reply = item.error or ServiceReply(message=item.status)
            refusal = ServiceError(f"{file.upload.uri}: {reply.message}", reply)
            if not no_strings(reply.message):
                self.pushed.require_job(refusal)
            file.fail(refusal)

    def _accept(self) -> None:
        for file in self.pushed.pending():
            if file.touched:
                file.final = file.outcome("accepted")

    def _unconfirmed(self, file: SentFile) -> Outcome:
        if file.error is None and file.overtaken:
            file.error = superseded("other pushes keep sending it; the TMS holds the last one's content")
        elif file.error is None and file.touched:
            message = "the service accepted the file but does not show it"
            file.error = ServiceError(f"{file.upload.uri}: {message}", hint=AGAIN)
        elif file.error is None:
            message = "not sent, because another client kept the job busy"
            file.error = TemporaryError(f"{file.upload.uri}: {message}", hint=AGAIN)
        return file.outcome("failed")
