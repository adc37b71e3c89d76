"""What goes to a translation management system, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from l10nsync.errors import L10nSyncError
from l10nsync.model.contexts import ContextTask
from l10nsync.model.manifest_settings import PUBLISHED, Incomplete, JobSettings, RetrievalType
from l10nsync.model.questions import IssueReply
from l10nsync.model.remote import Cost, JobContent, StringLocale
from l10nsync.model.service import Workflow

_NOTHING: Mapping[str, str] = MappingProxyType({})

FILE_URI_LIMIT = 512
"""Characters in a fileUri (contract of the Files API, `fileUri`)."""
JOB_NAME_LIMIT = 170
"""Characters in a job name (Jobs API, `jobName`)."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One whole source file to send."""

    uri: str
    file_type: str
    namespace: str
    locales: tuple[str, ...]
    content: bytes
    charset: str | None = None
    directives: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    last_uploaded: str = ""
    """Its time in the list of files before the upload; empty for a new file."""
    blob: str = ""
    """Blob id of the content in git."""
    moves: bool = False
    """The service is not known to move a file between namespaces: it has to show this one afterwards."""
    expected: int = 0
    """Strings that a job may have to take at most, counted once for each locale."""


@dataclass(frozen=True, slots=True)
class JobRequest(JobSettings):
    """The job that uploads go to: its settings, ready to send.

    Every placeholder of `name` is filled in, `due_date` is a moment in UTC (`YYYY-MM-DDThh:mm:ssZ`), and the
    limits are the lowest of all sources.
    """

    references: tuple[tuple[str, str], ...] = ()
    """Path and blob id of each file that is sent along."""


@dataclass(frozen=True, slots=True)
class JobAction:
    """Something to do with a job that is there."""

    verb: Literal["authorize", "cancel"]
    uid: str
    locale_workflows: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    reason: str = ""
    """Why it is cancelled, for the people who look at the job."""


@dataclass(frozen=True, slots=True)
class JobUpdate:
    """New settings for an open job; everything else of it stays."""

    uid: str
    name: str
    fields: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """Key of the manifest that is sent as it is (`description`, `dueDate`…) to its new value."""
    custom_fields: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """Uid of a custom field to its new value."""


@dataclass(frozen=True, slots=True)
class StringsOfJob:
    """Some of the strings that are in a job."""

    uid: str
    name: str
    pairs: frozenset[StringLocale]
    """Hashcode and locale."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What may become of the content of a job, judged by what it holds after the uploads."""

    leaving: frozenset[StringLocale] = frozenset()
    """Hashcode and locale of what no source asks for, as far as it may be taken out."""
    refusal: str = ""
    """Why the rest must not be authorized; empty if it may be."""


ImportState = Literal["PUBLISHED", "POST_TRANSLATION"]


@dataclass(frozen=True, slots=True)
class Import:
    """An existing translation to take into the TMS."""

    uri: str
    file_type: str
    locale: str
    content: bytes
    state: ImportState = "PUBLISHED"
    overwrite: bool = False
    """Replace translations that the TMS has."""
    directives: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class ImportIssue:
    """A string that the service did not take."""

    key: str
    message: str


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What became of one import."""

    uri: str
    locale: str
    strings: int = 0
    """Strings that were taken."""
    issues: tuple[ImportIssue, ...] = ()
    error: L10nSyncError | None = None


@dataclass(frozen=True, slots=True)
class Deletion:
    """A file to delete, as it was when that was decided."""

    uri: str
    last_uploaded: str
    """As in the list of files: a file that shows another time was replaced by somebody."""


Wait = Literal["processed", "accepted", "none"]


def _in_place() -> str:
    return ""


def _unknown(_uri: str, _content: bytes) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Fence:
    """What git says while a push is under way: a provider asks before it sends, and before it authorizes.

    Both are called by the thread that carries out the submission, and may take a moment.
    """

    moved: Callable[[], str] = _in_place
    """Why what is sent is no longer the branch's newest commit, in words; empty while it is."""
    outranks: Callable[[str, bytes], bool] = _unknown
    """Whether what we send of a fileUri is newer than a content that somebody else sent meanwhile."""


def _forget(_keys: frozenset[str]) -> None:
    pass


@dataclass(frozen=True, slots=True)
class InFlight:
    """Orders that were sent, and whose answer has not come, even in earlier runs.

    A service that takes no order back may have taken one that it does not show yet.
    """

    known: frozenset[str] = frozenset()
    """Keys of what earlier runs have sent without an answer; the provider chooses them."""
    begin: Callable[[frozenset[str]], None] = _forget
    """Called right before an order is sent: the keys are kept, whatever becomes of this run."""
    end: Callable[[frozenset[str]], None] = _forget
    """Called once it is known what became of the order."""


@dataclass(frozen=True, slots=True)
class Submission:
    """Everything one push sends to one job of one project.

    Without uploads it authorizes what waits in that job, if that is asked for. With actions or
    imports it carries out these, and nothing else; a job without a name is not created.
    """

    job: JobRequest = field(default_factory=lambda: JobRequest(""))
    uploads: tuple[Upload, ...] = ()
    wait: Wait = "processed"
    callback_url: str = ""
    """Address for the callbacks of the files and of a job that is created."""
    actions: tuple[JobAction, ...] = ()
    imports: tuple[Import, ...] = ()
    references: tuple[tuple[str, bytes], ...] = ()
    """Path and content of each file that is sent along."""
    deletions: tuple[Deletion, ...] = ()
    """The first one that fails ends the deletions; one that was sent again meanwhile stays, without that."""
    ending: tuple[str, ...] = ()
    """Uids of jobs to cancel, or to close if they are completed, where no file holds any string of them after
    the deletions."""
    replies: tuple[IssueReply, ...] = ()
    """What is done with translators' questions, in this order; one that fails raises `ServiceError`."""
    contexts: tuple[ContextTask, ...] = ()
    """Pictures and pages that show strings; each gets an outcome."""
    context_deletions: tuple[str, ...] = ()
    """Uids of pictures and pages to delete; each gets an outcome, under its uid."""
    fence: Fence = field(default_factory=Fence)
    """Checks whether the uploads may still go, where others push as well."""
    in_flight: InFlight = field(default_factory=InFlight)
    """What was ordered without an answer."""
    updates: tuple[JobUpdate, ...] = ()
    """Carried out first."""
    leaving: tuple[StringsOfJob, ...] = ()
    """Strings to take out of open jobs once the uploads are there, as far as `consent` still agrees."""
    taken: tuple[StringsOfJob, ...] = ()
    """Strings to move into the job of this submission, from the jobs in which they wait."""
    consent: Callable[[JobContent], Consent] | None = None
    """Asked before anything leaves a job, and before one is authorized; without it nothing leaves."""


OutcomeStatus = Literal["sending", "accepted", "processing", "done", "failed", "no strings"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one upload; progress states come first, the last one for a uri is final."""

    uri: str
    status: OutcomeStatus
    error: Exception | None = None
    strings: int = 0
    """Strings × locales that the job took."""
    last_uploaded: str = ""
    """As the list of files shows it after the upload; empty if that was not read."""


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """What became of one job of a submission; follows the outcomes of its uploads."""

    uid: str
    name: str
    url: str = ""
    created: bool = False
    authorized: bool = False
    cancelled: bool = False
    closed: bool = False
    removed: bool = False
    """It was made for this submission, ended up without content and is gone again."""
    cost: Cost | None = None
    note: str = ""
    """Why it was not authorized although that was asked for."""
    error: L10nSyncError | None = None
    """Why what was asked of the job did not come about."""
    changed: str = ""
    """What was changed in an open job; such an outcome does not include authorization."""
    taken_out: frozenset[StringLocale] = frozenset()
    """Hashcode and locale of the strings that left the job."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One translation to download."""

    uri: str
    locale: str
    retrieval_type: RetrievalType = PUBLISHED
    incomplete: Incomplete = "source"
    multilingual: bool = False
    """One file holds all locales; `locale` is then empty."""
    blob: str = field(default="", compare=False)
    """Blob id of the source in the repository: the content whose translation is wanted first."""
    content: bytes | None = None
    """A source that is not stored: it is translated with what the file `uri` has; nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came for one `Wanted`."""

    wanted: Wanted
    content: bytes | None = None
    """None where the service has no such translation (see `error`) or left it out as incomplete."""
    error: Exception | None = None
    outdated: bool = False
    """The translation of an earlier source: that of the present one is not there yet."""


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a provider can do beyond observing, submitting and fetching."""

    workflow: Workflow = Workflow.JOBS
    """What becomes of a file that is sent."""
    delete: bool = False
    imports: bool = False
    pseudo: bool = False
    matching: bool = False
    """A source that is not stored can be translated with the strings of one that is (`Wanted.content`)."""
    jobs: bool = False
    """Jobs can be listed, looked at, authorized and cancelled."""
    costs: bool = False
    """The cost of a job can be estimated before it is authorized."""
    questions: bool = False
    """Translators ask about strings, and can be answered."""
    glossaries: bool = False
    """Glossaries can be taken as TBX."""
    strings: bool = False
    """Strings can be looked up, each with its state in a locale and the job that holds it."""
    context: bool = False
    """Pictures and pages can show where strings appear."""

    @property
    def orders(self) -> bool:
        """Whether what is sent is ordered, whole: there is no later authorization, and no text is reused."""
        return self.workflow is Workflow.ORDERS

    @property
    def direct(self) -> bool:
        """Whether a file is only uploaded: there are neither jobs nor orders."""
        return self.workflow is Workflow.DIRECT
