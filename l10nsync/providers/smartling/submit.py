"""Filling a translation job: one job, one batch at a time, every file confirmed by reading it back.

Nothing that this module does depends on what an earlier run remembers: job and batches are found by
what the service shows, so a run that was killed anywhere is taken up by the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain

from l10nsync.errors import (
    CredentialsError,
    L10nSyncError,
    RefusedError,
    ServiceError,
    ServiceReply,
    SupersededError,
    TemporaryError,
    UnfinishedPushError,
)
from l10nsync.model import (
    JOB_NAME_LIMIT,
    ImportOutcome,
    JobOutcome,
    JobRequest,
    JobState,
    ListedFile,
    ListedJob,
    Outcome,
    OutcomeStatus,
    Submission,
    Upload,
    fold,
)
from l10nsync.model.keys import sent_texts
from l10nsync.providers.http import AGAIN, Unanswered
from l10nsync.providers.replies import no_strings
from l10nsync.providers.smartling import changes, jobs
from l10nsync.providers.smartling.api import (
    LIST_PAGE,
    NOT_UPLOADED,
    OPEN_JOB,
    Batch,
    BatchFile,
    SmartlingApi,
    cancelled,
    failed,
    is_absent,
    terminal,
)
from l10nsync.providers.smartling.imports import import_all
from l10nsync.providers.smartling.inherited import take_over
from l10nsync.providers.smartling.jobs import PollingPace
from l10nsync.providers.workers import each, gather

JOB_FILES = 5000
"""Files that one job holds at most."""
ROUNDS = 3
"""How often a file is sent again that the service does not show afterwards."""
JOB_TRIES = 5
"""How often the job is looked for when its creation is not answered or its name was just taken."""
KEPT_END = 12
"""Characters kept at the end of a name that is cut: it may end with a digest."""
SUPERSEDED = "Run push again on the newest commit of the branch: it sends what differs."
"""What to do after another push was faster."""


def submit(
    api: SmartlingApi, submission: Submission, pace: PollingPace | None = None, seen: str = ""
) -> Iterator[Outcome | JobOutcome | ImportOutcome]:
    """Carry out SUBMISSION; see `Provider.submit`.

    SEEN is the `lastUploaded` of the newest file when the submission was planned: what was uploaded since
    stands before it in the list.
    """
    patience = pace or PollingPace()
    if submission.actions:
        yield from jobs.act(api, submission.actions, patience)
        return
    if submission.imports:
        yield from import_all(api, submission.imports)
        return
    yield from changes.update_all(api, submission.updates)
    if not submission.uploads:
        yield from _without_uploads(api, submission, patience)
        return
    taken: set[str] = set()
    left = list(submission.uploads)
    lost = 0
    while left:
        place = _Jobs(api, submission, left).usable(taken)
        taken.add(place.job.uid)
        try:
            yield from _Filling(api, submission, place, patience, seen).run(place.share)
        except _JobLostError as error:
            lost += 1
            if lost == JOB_TRIES:
                raise error.refusal from error
            continue
        part = set(map(id, place.share))
        left = [upload for upload in left if id(upload) not in part]
    others = {strings.uid for strings in submission.leaving} - taken
    yield from changes.leave_all(api, submission, patience, others)


def locales_of(uploads: Iterable[Upload]) -> tuple[str, ...]:
    """Return all locales of UPLOADS, in the order they first occur."""
    return tuple(dict.fromkeys(chain.from_iterable(upload.locales for upload in uploads)))


# --- the job ------------------------------------------------------------------------------------------


def numbered(name: str, number: int) -> str:
    """Return the job name with a number from 2 on, cut to what the service takes."""
    suffix = "" if number == 1 else f" {number}"
    room = JOB_NAME_LIMIT - len(suffix)
    if len(name) > room:
        name = name[: room - KEPT_END] + name[-KEPT_END:]
    return name + suffix


def searched(name: str) -> str:
    """Return the longest text that all numbered forms of NAME have in common."""
    return name[: JOB_NAME_LIMIT - KEPT_END - 8].rstrip() if len(name) > JOB_NAME_LIMIT - 8 else name


@dataclass(frozen=True, slots=True)
class _JobShare:
    """A job, and the uploads that it takes."""

    job: ListedJob
    created: bool
    share: list[Upload]


@dataclass(frozen=True, slots=True)
class _Jobs:
    api: SmartlingApi
    submission: Submission
    uploads: list[Upload]

    @property
    def request(self) -> JobRequest:
        return self.submission.job

    def usable(self, taken: set[str]) -> _JobShare:
        """Return the first open job of the name that has room, or a new one; not one of TAKEN."""
        error: L10nSyncError | None = None
        for _ in range(JOB_TRIES):
            place, free = self._existing(taken)
            if place:
                return place
            try:
                return _JobShare(self._create(free), created=True, share=self.uploads[:JOB_FILES])
            except Unanswered as lost:
                error = lost
            except ServiceError as refused:
                if not _is_name_taken(refused.reply):
                    raise
                error = refused
        raise TemporaryError(f"no job could be found or created: {error}", hint=AGAIN) from error

    def _existing(self, taken: set[str]) -> tuple[_JobShare | None, str]:
        """Return a place in a job that is there, or else the first free name."""
        by_name = _by_name(self.api.jobs_like(searched(self.request.name)))
        number = 1
        while found := by_name.get(numbered(self.request.name, number)):
            opened = next((job for job in found if job.status in OPEN_JOB and job.uid not in taken), None)
            share = self._share(opened, several=numbered(self.request.name, 2) in by_name) if opened else []
            if opened and (share or not self.uploads):
                return _JobShare(opened, created=False, share=share), ""
            number += 1
        return None, numbered(self.request.name, number)

    def _share(self, job: ListedJob, *, several: bool) -> list[Upload]:
        """Return the uploads that a job has room for: those it holds already, and as many more as fit."""
        # A small push does not pay a request to learn that the only job of its name is not full.
        if len(self.uploads) <= JOB_FILES // 10 and not several:
            return self.uploads
        held = set(map(fold, self.api.job_files(job.uid)))
        mine = [upload for upload in self.uploads if fold(upload.uri) in held]
        others = [upload for upload in self.uploads if fold(upload.uri) not in held]
        return mine + others[: max(0, JOB_FILES - len(held))]

    def _create(self, name: str) -> ListedJob:
        taken = {
            locale
            for _hashcode, locale in chain.from_iterable(strings.pairs for strings in self.submission.taken)
        }
        locales = dict.fromkeys([*locales_of(self.uploads), *sorted(taken)])
        fields: dict[str, object] = {"jobName": name, "targetLocaleIds": list(locales)}
        optional = {
            **sent_texts(self.request),
            "callbackUrl": self.submission.callback_url,
            "callbackMethod": "GET" if self.submission.callback_url else "",
            "customFields": [
                {"fieldUid": uid, "fieldValue": value} for uid, value in self.request.custom_fields.items()
            ],
        }
        fields.update((key, value) for key, value in optional.items() if value)
        return self.api.create_job(fields)


def _by_name(listed: Iterable[ListedJob]) -> dict[str, list[ListedJob]]:
    found: dict[str, list[ListedJob]] = {}
    for job in listed:
        found.setdefault(job.name, []).append(job)
    return found


def _is_name_taken(reply: ServiceReply) -> bool:
    return reply.status in {400, 409} and "jobName" in f"{reply.key} {reply.details}"


class _JobLostError(Exception):
    """The job was ended while it was being filled: another run found nothing in it, or a person did it."""

    def __init__(self, refusal: ServiceError) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


# --- filling it ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _SentFile:
    """One upload on its way."""

    upload: Upload
    base: str
    """`lastUploaded` before it was sent; anything else confirms."""
    ours: bool = False
    """We sent it in this run, so a new `lastUploaded` is ours; else the content is compared."""
    touched: bool = False
    """It is or was in a batch of this round."""
    overtaken: bool = False
    """At the last look, the service held what somebody else had sent."""
    final: Outcome | None = None
    error: Exception | None = None
    strings: int = 0
    processed: str = ""
    """When the batch was done with it, in the server's words."""

    @property
    def key(self) -> str:
        return fold(self.upload.uri)

    def outcome(self, status: OutcomeStatus) -> Outcome:
        made = Outcome(self.upload.uri, "sending", strings=self.strings)
        return replace(made, status=status, error=self.error if status == "failed" else None)

    def holds(self, content: bytes) -> bool:
        """Whether CONTENT, as the service has stored it, is what is sent."""
        return same_content(content, self.upload.content, self.upload.charset)

    def fail(self, error: Exception) -> None:
        said = error.reply.message if isinstance(error, ServiceError) else ""
        self.error = error
        self.final = self.outcome("no strings" if no_strings(said) else "failed")


@dataclass(slots=True)
class _Filling:
    """One job being filled with its share of the uploads."""

    api: SmartlingApi
    submission: Submission
    place: _JobShare
    pace: PollingPace
    seen: str
    files: dict[str, _SentFile] = field(default_factory=dict)
    note: str = ""
    stuck: bool = False
    """Something that was to leave the job did not."""

    def run(self, uploads: Iterable[Upload]) -> Iterator[Outcome | JobOutcome]:
        made = (_SentFile(upload, upload.last_uploaded) for upload in uploads)
        self.files = {each_file.key: each_file for each_file in made}
        confirmed = self.submission.wait == "processed"
        for number in range(ROUNDS):
            if not self._pending():
                break
            yield from self._round(fresh=self.place.created and number == 0)
            if confirmed:
                self._read_back()
            else:
                self._accept()
        for file in self.files.values():
            yield file.final or self._unconfirmed(file)
        yield from self._leave(confirmed=confirmed)
        yield self._end(confirmed=confirmed)

    def _leave(self, *, confirmed: bool) -> Iterator[JobOutcome]:
        """Take out of the job what nobody asks for any more, once every file shows what it holds now."""
        if not confirmed or any(
            file.final is None or file.final.status == "failed" for file in self.files.values()
        ):
            return
        for outcome in changes.leave_all(self.api, self.submission, self.pace, [self.place.job.uid]):
            self.stuck = self.stuck or outcome.error is not None
            yield outcome

    def _pending(self) -> list[_SentFile]:
        return [file for file in self.files.values() if file.final is None]

    def _accept(self) -> None:
        for file in self._pending():
            if file.touched:
                file.final = file.outcome("accepted")

    def _unconfirmed(self, one: _SentFile) -> Outcome:
        if one.error is None and one.overtaken:
            one.error = _superseded("other pushes keep sending it; the TMS holds the last one's content")
        elif one.error is None and one.touched:
            said = "the service took the file but does not show it"
            one.error = ServiceError(f"{one.upload.uri}: {said}", hint=AGAIN)
        elif one.error is None:
            said = "not sent, because another client kept the job busy"
            one.error = TemporaryError(f"{one.upload.uri}: {said}", hint=AGAIN)
        return one.outcome("failed")

    # --- batches ---

    def _round(self, *, fresh: bool) -> Iterator[Outcome]:
        """Get every pending file into some batch of the job, and each batch to its end."""
        for file in self._pending():
            file.touched = False
        if not fresh:
            for uid in self.api.open_batches(self.place.job.uid):
                yield from self._adopt(uid)
        waiting = [file for file in self._pending() if not file.touched]
        if waiting:
            uid = self._create([file.upload.uri for file in waiting])
            if uid:
                # From here on, no other push of this job can finish one: what the list shows now, stays.
                clear = self._cleared(waiting)
                for file in waiting:
                    if file.final:
                        self._cancel(uid, file.upload.uri, "another push has sent it")
                yield from self._send(uid, clear)
                if self.submission.wait == "processed":
                    yield from self._settle(uid)

    def _create(self, uris: list[str]) -> str:
        """Return a new batch; empty where it must be looked for in the next round."""
        refused: ServiceError | None = None
        for _ in range(2):
            try:
                return self.api.create_batch(self.place.job.uid, uris)
            except Unanswered:
                return ""
            except ServiceError as error:
                self._require_job(error)
                if error.reply.status != 400:
                    raise
                refused = error
            if self.api.open_batches(self.place.job.uid):
                return ""  # somebody else was faster: one batch at a time per job
            # What was in the way may have ended between the two questions.
        assert refused is not None  # noqa: S101 - the loop ends in no other way
        raise refused

    def _require_job(self, refusal: ServiceError) -> None:
        """Raise `_JobLostError` if what was refused was so because the job takes nothing any more."""
        if refusal.reply.status not in {0, 400, 404}:
            return
        try:
            status = self.api.job(self.place.job.uid).status
        except ServiceError as error:
            if not is_absent(error.reply):
                raise
            status = JobState.DELETED
        if status not in OPEN_JOB:
            raise _JobLostError(refusal)

    def _adopt(self, uid: str) -> Iterator[Outcome]:
        """Take up a batch that an interrupted or concurrent run has begun.

        Raise `UnfinishedPushError` where it has files that are not sent by now: once it is finished, the TMS
        is not what it was when this push was planned.
        """
        batch = self.api.batch(uid)
        strangers = batch.uploaded - {fold(upload.uri) for upload in self.submission.uploads}
        if not batch.authorized:
            cleared = self._cleared(self._pending())
            if strangers:
                cleared = [file for file in cleared if file.key in batch.files]
            yield from self._send(uid, self._registered(batch, cleared))
        if strangers:
            finish(self.api, uid, self.pace)
        # A job takes one batch at a time, so even a run that does not wait has to wait for this one.
        if self.submission.wait == "processed" or not all(file.touched for file in self._pending()):
            yield from self._settle(uid)

    def _registered(self, batch: Batch, pending: Sequence[_SentFile]) -> list[_SentFile]:
        """Return those of PENDING that the batch still waits for, registering those it does not know."""
        for file in pending:
            file.touched = file.key in batch.files and not cancelled(batch.files[file.key].status)
        new = [file for file in pending if file.key not in batch.files]
        if batch.status in {"DRAFT", "ADDING_FILES"} and new:
            for file, result in each(
                lambda file: self._register(batch.uid, file), new, self.api.client.threads
            ):
                file.touched = result is None
        known = batch.files
        return [
            file
            for file in pending
            if file.touched and (file.key not in known or known[file.key].status in NOT_UPLOADED)
        ]

    def _register(self, uid: str, one: _SentFile) -> None:
        self.api.register_file(uid, one.upload.uri)

    def _cleared(self, files: Sequence[_SentFile]) -> list[_SentFile]:
        """Return those of FILES that may be sent: nobody newer was faster. The others are at their end."""
        if moved := self.submission.fence.moved():
            for file in files:
                file.fail(_superseded(moved))
            return []
        for file, row, content in self._stored(self._sent_meanwhile(files)):
            file.base = row.last_uploaded
            if content is not None and not file.holds(content):
                self._overtaken(file, content)
        return [file for file in files if file.final is None]

    def _sent_meanwhile(self, files: Sequence[_SentFile]) -> list[tuple[_SentFile, ListedFile]]:
        """Return those of FILES that somebody has sent since the plan; what is gone is at its end."""
        rows, whole = self._recent({file.key for file in files})
        sent: list[tuple[_SentFile, ListedFile]] = []
        for file in files:
            row = rows.get(file.key)
            if row is None and whole and file.base:
                file.fail(_superseded("another push has renamed or deleted it on the TMS"))
            elif row is not None and row.last_uploaded != file.base:
                sent.append((file, row))
        return sent

    def _stored(
        self, pairs: Sequence[tuple[_SentFile, ListedFile]]
    ) -> Iterator[tuple[_SentFile, ListedFile, bytes | None]]:
        """Yield PAIRS with what the service holds of each; None for a file that is gone."""
        threads = self.api.client.threads
        contents = gather(lambda pair: self.api.original(pair[0].upload.uri), pairs, threads)
        yield from ((file, row, content) for (file, row), content in zip(pairs, contents, strict=True))

    def _overtaken(self, one: _SentFile, content: bytes) -> None:
        """Note what somebody else has sent; unless ours is newer, and is sent again, this is the end."""
        one.overtaken = True
        if not self.submission.fence.outranks(one.upload.uri, content):
            one.fail(_superseded("another push was faster, and the TMS holds what that one sent"))

    def _recent(self, keys: set[str]) -> tuple[dict[str, ListedFile], bool]:
        """Return the files of KEYS that were uploaded since the plan, and whether the whole list was read."""
        found: dict[str, ListedFile] = {}
        offset, total = 0, 1
        while keys - set(found) and offset < total:
            rows, total = self.api.newest_files(offset)
            found.update((fold(row.uri), row) for row in rows if fold(row.uri) in keys)
            offset += LIST_PAGE
            if not rows or (offset < total and rows[-1].last_uploaded <= self.seen):
                return found, False
        return found, offset >= total

    def _send(self, uid: str, files: list[_SentFile]) -> Iterator[Outcome]:
        for file in files:
            file.touched = True
            yield file.outcome("sending")
        for file, result in each(lambda file: self._upload(uid, file), files, self.api.client.threads):
            if isinstance(result, Exception):
                self._failed_upload(uid, file, result)
            else:
                file.ours = result
                yield file.outcome("accepted")

    def _upload(self, uid: str, one: _SentFile) -> bool:
        """Send a file; return False where the batch turns out to have it from somebody else."""
        try:
            self.api.upload(uid, one.upload, self.submission.callback_url)
        except ServiceError as error:
            if no_strings(error.reply.message) or error.reply.status not in {400, 404}:
                raise
            found = self.api.batch(uid).files.get(one.key)
            if found is None or found.status in NOT_UPLOADED:
                raise
            return False
        return True

    def _failed_upload(self, uid: str, one: _SentFile, error: Exception) -> None:
        """Take a file out of the batch that cannot be sent; what concerns the whole call is raised."""
        if isinstance(error, CredentialsError) or self.api.client.remaining() <= 0:
            raise error
        if not isinstance(error, ServiceError | TemporaryError):
            raise error
        one.fail(error)
        self._cancel(uid, one.upload.uri, "the upload failed")

    def _cancel(self, uid: str, uri: str, reason: str) -> None:
        try:
            self.api.cancel_file(uid, uri, reason)
        except ServiceError:
            return  # it has been uploaded or cancelled meanwhile: the batch goes on all the same

    def _settle(self, uid: str) -> Iterator[Outcome]:
        """Watch a batch to its end; read what became of our files."""
        batch = None
        for batch in watch(self.api, uid, self.pace, rush=self.submission.job.rush):
            for file in self._pending():
                if file.touched and file.key in batch.files:
                    yield replace(file.outcome("processing"), strings=batch.files[file.key].strings)
        if batch:
            self._read_results(batch)

    def _read_results(self, batch: Batch) -> None:
        for file in self._pending():
            item = batch.files.get(file.key)
            if file.touched and item:
                self._read_result(file, item)
        if batch.errors:
            self.note = f"the batch reported: {batch.errors.message}"

    def _read_result(self, one: _SentFile, item: BatchFile) -> None:
        one.strings = item.strings
        one.processed = item.updated
        if cancelled(item.status):
            one.touched = False  # by somebody else: our own cancellations are final already
            one.error = ServiceError(f"{one.upload.uri}: cancelled in the batch", item.error)
        elif failed(item.status) or item.error:
            reply = item.error or ServiceReply(message=item.status)
            refusal = ServiceError(f"{one.upload.uri}: {reply.message}", reply)
            if not no_strings(reply.message):
                self._require_job(refusal)
            one.fail(refusal)

    # --- reading back ---

    def _read_back(self) -> None:
        """Confirm the files that the service shows as we sent them."""
        waiting = {file.key: file for file in self._pending() if file.touched}
        listed = self._newest(set(waiting))
        seen = [(waiting[key], row) for key, row in listed.items()]
        confirmed = self._confirmed(seen)
        for file, row in confirmed:
            file.final = replace(file.outcome("done"), last_uploaded=row.last_uploaded)
        self._require_namespaces([file for file, _row in confirmed if file.upload.moves])
        for file, row in seen:
            file.base = row.last_uploaded

    def _confirmed(self, seen: Sequence[tuple[_SentFile, ListedFile]]) -> list[tuple[_SentFile, ListedFile]]:
        """Return those of SEEN, files with their rows, of which the service has what we sent."""
        confirmed = [(file, row) for file, row in seen if _is_ours(file, row)]
        doubtful = [(file, row) for file, row in seen if not _is_ours(file, row)]
        for file, row, content in self._stored(doubtful):
            if content is not None and file.holds(content):
                confirmed.append((file, row))
            elif content is not None and row.last_uploaded != file.base:
                self._overtaken(file, content)
        return confirmed

    def _require_namespaces(self, files: Sequence[_SentFile]) -> None:
        """Let those of FILES fail that the service shows in another namespace than they were sent for.

        Whether an upload moves a file that is there is not documented. What is in the wrong namespace must
        not be authorized: its strings would be paid for once more.
        """
        statuses = gather(lambda file: self.api.status(file.upload.uri), files, self.api.client.threads)
        for file, status in zip(files, statuses, strict=True):
            if status is None or status.namespace != file.upload.namespace:
                shown = status.namespace if status else ""
                file.fail(_not_moved(file.upload, shown))

    def _newest(self, keys: set[str]) -> dict[str, ListedFile]:
        """Return the rows of the files asked for, reading the list from its newest end."""
        found: dict[str, ListedFile] = {}
        offset, total = 0, 1
        while keys - set(found) and offset < total:
            rows, total = self.api.newest_files(offset)
            if not rows:
                break
            found.update((fold(row.uri), row) for row in rows if fold(row.uri) in keys)
            offset += LIST_PAGE
        return found

    # --- the end ---

    def _end(self, *, confirmed: bool) -> JobOutcome:
        job, request = self.place.job, self.submission.job
        outcome = replace(jobs.outcome_of(job, created=self.place.created), note=self.note)
        superseded = any(isinstance(file.error, SupersededError) for file in self.files.values())
        if confirmed and request.authorize and not self.note and not superseded:
            outcome = self._take_over(outcome)
        # After another push was faster the job stays, even if it is empty: that push may be about to fill it.
        if confirmed and self.place.created and not superseded and not self._has_strings():
            some = next(iter(self.files.values()))
            outcome = jobs.removed_if_empty(self.api, outcome, self.pace, some.upload.uri)
        if outcome.removed or outcome.note == jobs.BUSY or not request.authorize:
            return outcome
        if why := self._held_back(confirmed=confirmed, superseded=superseded):
            return replace(outcome, note=f"not authorized: {why}")
        return self._authorized(outcome)

    def _has_strings(self) -> bool:
        """Whether the job got anything to translate."""
        return any(file.final is not None and file.final.strings for file in self.files.values())

    def _authorized(self, outcome: JobOutcome) -> JobOutcome:
        """Authorize the job, if it is within its limits and ours is still the newest commit."""
        request = self.submission.job
        workflows = jobs.workflows_for(
            request, {*self.place.job.locales, *locales_of(file.upload for file in self.files.values())}
        )
        outcome = jobs.within_limits(self.api, outcome, request, workflows)
        if outcome.error:
            return outcome
        look = changes.LastLook()
        if not self.place.created:
            look = changes.settle(self.api, outcome, self.submission, self.pace)
        if look.error:
            return replace(outcome, error=look.error)
        if moved := self.submission.fence.moved():
            return replace(outcome, error=_superseded(f"{moved}: the job was not authorized"))
        if request.rush:
            return self._rush(outcome, workflows)
        try:
            return jobs.authorize(self.api, outcome, workflows, self.pace, waits=look.waits)
        except ServiceError as error:
            self._require_job(error)
            if self.api.holds_strings(outcome.uid):
                raise
            return replace(outcome, note="not authorized: there is nothing in it to translate")

    def _held_back(self, *, confirmed: bool, superseded: bool) -> str:
        """Return why the job must not be authorized; empty if it may be."""
        finals = [file.final for file in self.files.values()]
        if superseded:
            return "another push was faster"
        if self.stuck:
            return "not everything left it that was to leave"
        if not confirmed:
            return "the uploads were accepted, but not confirmed"
        if self.note:
            raise ServiceError(f"not authorized: {self.note}")
        if any(final is None or final.status == "failed" for final in finals):
            return "not every file arrived"
        if not any(final and final.status == "done" for final in finals):
            return "no file has anything to translate"
        return ""

    def _take_over(self, outcome: JobOutcome) -> JobOutcome:
        """Take strings of our files from jobs that nobody authorizes, where ours got fewer than expected."""
        outcome = changes.take(self.api, outcome, self.submission.taken, self.pace)
        ours = list(self.files.values())
        short = [file for file in ours if file.strings < file.upload.expected]
        if not short or any(file.final is None or file.final.status == "failed" for file in ours):
            return outcome
        uploads = [file.upload for file in short]
        return take_over(self.api, outcome, uploads, sum(file.strings for file in short), self.pace)

    def _rush(self, outcome: JobOutcome, workflows: Mapping[str, str]) -> JobOutcome:
        """Authorize with rush delivery, which the service takes from a batch only: send one file again."""
        done = (file for file in self.files.values() if file.final and file.final.status == "done")
        again = min(done, key=lambda file: len(file.upload.content)).upload
        uid = self.api.create_batch(outcome.uid, [again.uri], workflows)
        self.api.upload(uid, again, self.submission.callback_url)
        for _ in watch(self.api, uid, self.pace, rush=True):
            pass
        if self.api.job(outcome.uid).status in jobs.AUTHORIZED:
            return replace(outcome, authorized=True)
        return replace(outcome, error=ServiceError(f'the batch did not authorize the job "{outcome.name}"'))


def _not_moved(upload: Upload, shown: str) -> RefusedError:
    return RefusedError(
        f"{upload.uri}: sent for namespace {upload.namespace!r}, but the TMS shows it in {shown!r}",
        hint="Nothing of it is authorized. Delete the file on the TMS (`l10nsync prune` lists files without a"
        " source, the dashboard deletes any), then push again.",
    )


def _superseded(why: str) -> SupersededError:
    return SupersededError(f"superseded: {why}", hint=SUPERSEDED)


def _is_ours(one: _SentFile, row: ListedFile) -> bool:
    """Whether the time of a file tells that what the service holds is what we sent.

    Not if another run overtook us: then the file was uploaded after our batch was done with it.
    """
    if not one.ours or row.last_uploaded == one.base:
        return False
    try:
        done, there = (datetime.fromisoformat(moment) for moment in (one.processed, row.last_uploaded))
    except (ValueError, TypeError):
        return True  # a service that says no times that can be compared
    return there <= done


def watch(api: SmartlingApi, uid: str, pace: PollingPace, *, rush: bool = False) -> Iterator[Batch]:
    """Yield a batch at each look, until it is finished.

    When nothing changes for `pace.stall` seconds, registered files that nobody uploads are cancelled,
    else the batch would wait for them for ever. Raise `TemporaryError` at the deadline, and for a stalled
    batch that would authorize: what is missing there is not ours to decide. With RUSH it is ours, and
    was begun when everything else had arrived.
    """
    seen: object = None
    since = api.client.clock.now()
    look = 0
    while True:
        batch = _look(api, uid)
        yield batch
        if terminal(batch.status):
            return
        state = (batch.status, batch.updated, tuple((file.uri, file.status) for file in batch.files.values()))
        now = api.client.clock.now()
        if state != seen:
            seen, since = state, now
        elif now - since >= pace.stall:
            _unblock(api, batch, may_authorize=rush)
            since = now
        _pause(api, batch, pace.wait(look))
        look += 1


def finish(api: SmartlingApi, uid: str, pace: PollingPace) -> None:
    """Watch a batch that a push has left behind to its end; raise `UnfinishedPushError` then."""
    for _ in watch(api, uid, pace):
        pass
    raise UnfinishedPushError("an interrupted push had sent other files, which were taken first", hint=AGAIN)


def _look(api: SmartlingApi, uid: str) -> Batch:
    try:
        return api.batch(uid)
    except TemporaryError as error:
        if api.client.remaining() > 0:
            raise
        raise _unfinished(uid) from error


def _pause(api: SmartlingApi, batch: Batch, seconds: float) -> None:
    try:
        api.client.pause(seconds)
    except TemporaryError as error:
        raise _unfinished(batch.uid) from error


def _unfinished(uid: str) -> TemporaryError:
    return TemporaryError(
        f"the service took the files but has not finished with them (batch {uid})", hint=AGAIN
    )


def _unblock(api: SmartlingApi, batch: Batch, *, may_authorize: bool) -> None:
    missing = [file.uri for file in batch.files.values() if file.status in NOT_UPLOADED]
    if missing and batch.authorized and not may_authorize:
        raise TemporaryError(
            f"another client's batch {batch.uid} waits for {len(missing)} files, such as {missing[0]}, "
            "and would authorize the job without them",
            hint="finish or cancel that batch, then run the same command again",
        )
    for uri in missing:
        try:
            api.cancel_file(batch.uid, uri, "no client uploaded this file")
        except ServiceError:
            continue  # uploaded or cancelled at this very moment


def _without_uploads(api: SmartlingApi, submission: Submission, pace: PollingPace) -> Iterator[JobOutcome]:
    """Take out what nobody asks for; authorize every open job of the name, with what waits elsewhere."""
    stuck: set[str] = set()
    for outcome in changes.leave_all(api, submission, pace):
        stuck |= {outcome.uid} if outcome.error else set()
        yield outcome
    request = submission.job
    if not request.authorize:
        return
    place = _Jobs(api, submission, []).usable(set()) if submission.taken else None
    opened = _opened(api, request, place)
    if not opened:
        raise ServiceError(f"there is no open job {request.name!r} to authorize")
    for job in opened:
        for uid in api.open_batches(job.uid):
            for _ in watch(api, uid, pace, rush=request.rush):
                pass
        outcome = jobs.outcome_of(job, created=bool(place and place.created and place.job.uid == job.uid))
        if job.uid in stuck:
            yield replace(outcome, note="not authorized: not everything left it that was to leave")
            continue
        if place and place.job.uid == job.uid:
            outcome = changes.take(api, outcome, submission.taken, pace)
        yield _authorize_found(api, submission, job, outcome, pace)


def _opened(api: SmartlingApi, request: JobRequest, place: _JobShare | None) -> list[ListedJob]:
    """Return the open jobs of the name; a job that was made for this is among them."""
    by_name = _by_name(api.jobs_like(searched(request.name)))
    opened: list[ListedJob] = [place.job] if place else []
    number = 1
    while found := by_name.get(numbered(request.name, number)):
        known = {job.uid for job in opened}
        opened += [job for job in found if job.status in OPEN_JOB and job.uid not in known]
        number += 1
    return opened


def _authorize_found(
    api: SmartlingApi, submission: Submission, job: ListedJob, outcome: JobOutcome, pace: PollingPace
) -> JobOutcome:
    """Authorize a job as it is, if it is within its limits and nothing else is in it."""
    request = submission.job
    if moved := submission.fence.moved():
        return replace(outcome, error=_superseded(f"{moved}: the job was not authorized"))
    if not api.holds_strings(job.uid):
        return replace(outcome, note="not authorized: there is nothing in it to translate")
    look = changes.settle(api, outcome, submission, pace)
    if look.error:
        return replace(outcome, error=look.error)
    locales = {
        *job.locales,
        *(locale for _hashcode, locale in chain.from_iterable(strings.pairs for strings in submission.taken)),
    }
    workflows = jobs.workflows_for(request, locales)
    outcome = jobs.within_limits(api, outcome, request, workflows)
    if outcome.error:
        return outcome
    note = "authorized without rush delivery, which goes with uploads only" if request.rush else outcome.note
    return replace(jobs.authorize(api, outcome, workflows, pace, waits=look.waits), note=note)


def same_content(stored: bytes, sent: bytes, charset: str | None) -> bool:
    """Whether the service holds what was sent; it may have re-encoded it."""
    if stored == sent:
        return True
    first, second = decoded(stored, charset), decoded(sent, charset)
    return first is not None and first == second


def decoded(content: bytes, charset: str | None) -> str | None:
    """Return text by its byte order mark, as UTF-8, or by CHARSET; None if it is no text."""
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    marked = [codec for mark, codec in marks if content.startswith(mark)]
    declared = [charset] if charset else []
    wide = charset is not None and charset.lower().replace("_", "-").startswith("utf-16")
    for codec in marked or ([*declared, "utf-8"] if wide else ["utf-8", *declared]):
        try:
            return content.decode(codec)
        except (UnicodeDecodeError, LookupError):
            continue
    return None
