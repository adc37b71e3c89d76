"""A job that is being filled, and how far each of its files is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from l10nsync.errors import ServiceError, SupersededError
from l10nsync.model import JobState, Outcome, OutcomeStatus, Submission, Upload, fold
from l10nsync.providers.replies import no_strings
from l10nsync.providers.smartling.api import OPEN_JOB, SmartlingApi, is_absent
from l10nsync.providers.smartling.pace import PollingPace
from l10nsync.providers.smartling.submit.job import JobShare

SUPERSEDED = "Run push again on the newest commit of the branch: it sends what differs."
"""What to do after another push was faster."""


class JobLostError(Exception):
    """The job was ended while it was being filled: another run found nothing in it, or a person did it."""

    def __init__(self, refusal: ServiceError) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


@dataclass(slots=True)
class SentFile:
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
        """How the file is known here: `fold(fileUri)`."""
        return fold(self.upload.uri)

    def outcome(self, status: OutcomeStatus) -> Outcome:
        """Return how far the file is."""
        made = Outcome(self.upload.uri, "sending", strings=self.strings)
        return replace(made, status=status, error=self.error if status == "failed" else None)

    def holds(self, content: bytes) -> bool:
        """Whether CONTENT, as the service has stored it, is what is sent."""
        return same_content(content, self.upload.content, self.upload.charset)

    def fail(self, error: Exception) -> None:
        """End the file with ERROR; a file without strings is not a failure."""
        message = error.reply.message if isinstance(error, ServiceError) else ""
        self.error = error
        self.final = self.outcome("no strings" if no_strings(message) else "failed")


@dataclass(slots=True)
class PushedJob:
    """One job and its share of the uploads: what filling, confirming and authorizing know of each other."""

    api: SmartlingApi
    submission: Submission
    place: JobShare
    pace: PollingPace
    files: dict[str, SentFile]
    """By `fold(fileUri)`."""
    note: str = ""
    """The error that a batch reported as a whole; then nothing is authorized."""
    stuck: bool = False
    """Something that was to leave the job did not."""

    @property
    def confirms(self) -> bool:
        """Whether every file is read back; else it is enough that the service took it."""
        return self.submission.wait == "processed"

    @property
    def superseded(self) -> bool:
        """Whether another push was faster with any file."""
        return any(isinstance(file.error, SupersededError) for file in self.files.values())

    @property
    def failed(self) -> bool:
        """Whether any file did not arrive."""
        finals = [file.final for file in self.files.values()]
        return any(final is None or final.status == "failed" for final in finals)

    @property
    def has_strings(self) -> bool:
        """Whether the job got anything to translate."""
        return any(file.final is not None and file.final.strings for file in self.files.values())

    def pending(self) -> list[SentFile]:
        """Return the files that are not at their end."""
        return [file for file in self.files.values() if file.final is None]

    def require_job(self, refusal: ServiceError) -> None:
        """Raise `JobLostError` if what was refused was so because the job takes nothing any more."""
        if refusal.reply.status not in {0, 400, 404}:
            return
        try:
            status = self.api.job(self.place.job.uid).status
        except ServiceError as error:
            if not is_absent(error.reply):
                raise
            status = JobState.DELETED
        if status not in OPEN_JOB:
            raise JobLostError(refusal)


def superseded(why: str) -> SupersededError:
    """Return the error of a file or job where another push was faster."""
    return SupersededError(f"superseded: {why}", hint=SUPERSEDED)


def same_content(stored: bytes, sent: bytes, charset: str | None) -> bool:
    """Whether the service holds what was sent; it may have re-encoded it."""
    if stored == sent:
        return True
    first, second = decoded(stored, charset), decoded(sent, charset)
    return first is not None and first == second


def decoded(content: bytes, charset: str | None) -> str | None:
    """Return text by its byte order mark, as UTF-8, or by CHARSET; None if it is not text."""
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
