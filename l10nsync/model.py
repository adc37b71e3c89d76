"""The nouns of l10nsync, as frozen values; no behaviour beyond what follows from their fields.

Three groups: what the manifest says (`Manifest`, `Project`, `Resource`), what it means for the files
of a repository (`Source`, `Target`), and what a translation management system holds (`RemoteState`
and its parts). Paths are always POSIX, relative to the git root unless a field says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from l10nsync.errors import L10nSyncError

PUBLISHED: Literal["published"] = "published"
RetrievalType = Literal["published", "pending", "pseudo"]
Incomplete = Literal["source", "empty", "skip"]
Style = Literal["repo", "smartling"]

FILE_URI_LIMIT = 512
"""Characters in a fileUri (contract of the Files API, `fileUri`)."""
JOB_NAME_LIMIT = 170
"""Characters in a job name (Jobs API, `jobName`)."""

_NOTHING: Mapping[str, str] = MappingProxyType({})


# --- what the manifest says ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file; counts from 1."""

    file: str
    line: int = 0
    column: int = 0
    end_column: int = 0
    text: str = ""
    """The whole line, without its line end."""


@dataclass(frozen=True, slots=True)
class LocaleRule:
    """Which locales apply, and how the repository spells them."""

    names: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Locale id to local names, in manifest order; an id that is spelled as itself maps to itself."""
    explicit: frozenset[str] = frozenset()
    """Ids that the resource's own map names: `{locale:…}` takes their local name as it is."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A percentage that has to be reached, rounded down."""

    percent: int = 0
    locales: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Locale id to a percentage of its own."""

    def of(self, locale: str) -> int:
        """Return what LOCALE has to reach."""
        return self.locales.get(locale, self.percent)

    def __bool__(self) -> bool:
        return bool(self.percent or any(self.locales.values()))


@dataclass(frozen=True, slots=True)
class PullSettings:
    """How translations are taken from the TMS."""

    retrieval_type: RetrievalType = PUBLISHED
    incomplete: Incomplete = "source"
    """What stands where nothing is translated: source text, empty text, or no file at all."""
    min_completion: Threshold = field(default_factory=Threshold)
    """Percent of words; below it a target is left as it is."""
    style: Style = "repo"
    """Whose layout a target has: that of the repository's own file, or that of the delivery."""


@dataclass(frozen=True, slots=True)
class JobSettings:
    """The translation job that a push fills."""

    name: str = "{repo} {branch}"
    reuse: bool = True
    authorize: bool = False
    description: str = ""
    due_date: str = ""
    """ISO date or date-time, or `+5d`, `+12h`; empty for none."""
    reference_number: str = ""
    locale_workflows: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Locale id to workflow uid; all locales or none."""
    custom_fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Uid of a custom field to its value."""
    max_words: int | None = None
    max_cost: str = ""
    """Decimal number in the account's currency; empty for no limit."""
    rush: bool = False


@dataclass(frozen=True, slots=True)
class OrderSettings:
    """What an order says, for a service that translates what it is sent (SmartMATE)."""

    customer: str = ""
    contact: str = ""
    """`LastName, FirstName`."""
    delivery_date: str = ""
    """`+10d`, `+2w`, `+48h`, the first two also with a time of day: `+10d 17:00`."""
    time_zone: str = "UTC"
    """IANA name of the zone in which delivery dates are written."""
    purchase_order: str = ""
    note: str = ""
    references: tuple[str, ...] = ()
    """Tracked files that are sent along, relative to the manifest's folder."""
    tags: tuple[str, ...] = ()
    languages_per_request: Literal["one", "all"] = "one"


@dataclass(frozen=True, slots=True)
class Project:
    """One project of a translation management system."""

    name: str
    """Name in `projects:`; `default` for the project of the manifest itself."""
    id: str
    """Project id; empty while it is to come from the environment."""
    id_variable: str = "SMARTLING_PROJECT_ID"
    """Environment variable that holds the id where the manifest gives none."""
    provider: str = "smartling"
    credentials: str = ""
    """Name of a credentials set `X` (`SMARTLING_X_USER_IDENTIFIER`…); empty for the plain ones."""
    source_locale: str = "en"
    locales: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """Locale id of the manifest to what the service calls it, where that is another."""
    order: OrderSettings = field(default_factory=OrderSettings)


@dataclass(frozen=True, slots=True)
class Resource:
    """One entry of `resources:`."""

    name: str
    project: str
    sources: tuple[str, ...]
    """Source patterns, relative to the manifest's folder."""
    target: str | None
    """Target pattern, relative to the manifest's folder; None means upload only."""
    excludes: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    file_uri: str = "{path}"
    namespace: str | None = None
    """Namespace pattern; None means the fileUri without the branch."""
    file_type: str | None = None
    charset: str | None = None
    directives: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    locales: LocaleRule = field(default_factory=LocaleRule)
    copies: tuple[str, ...] = ()
    """Local names under which the source itself is written."""
    push: bool = True
    optional: bool = False
    pull: PullSettings = field(default_factory=PullSettings)
    rules: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """Verification rule to `error`, `warning` or `ignore`, where its severity is not the usual one."""
    job: JobSettings = field(default_factory=JobSettings)
    place: Place = field(default_factory=lambda: Place(""))
    """Where the entry begins."""
    places: Mapping[str, Place] = field(default_factory=lambda: MappingProxyType({}))
    """Where each key's value stands, by dotted key: `target`, `source.0`, `locales.map.fr-FR`."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """What a gate lets through although it should not pass; until a day."""

    locale: str = ""
    """Locale id; empty for all."""
    resource: str = ""
    """Name or glob; empty for all."""
    check: Literal["", "complete", "fresh", "valid"] = ""
    until: str = ""
    """The last day on which it holds: ISO date, in UTC."""
    reason: str = ""
    place: Place = field(default_factory=lambda: Place(""))


@dataclass(frozen=True, slots=True)
class Gate:
    """What translations must be to be released."""

    name: str
    complete: Threshold = field(default_factory=lambda: Threshold(100))
    """Percent of words that have to be published."""
    fresh: bool = True
    """Whether the sources must be pushed, and the targets be what is published."""
    valid: bool = True
    """Whether the targets must pass the rules of their formats."""
    resources: tuple[str, ...] = ()
    """Names or globs; empty for all."""
    locales: tuple[str, ...] = ()
    """Locale ids; empty for all."""
    baseline: str = ""
    """A file, relative to the manifest's folder, that knows what was wrong before; empty for none."""
    allow: tuple[Waiver, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest that has passed the schema and the checks that need no repository."""

    file: str
    """Path as the user knows it, for messages."""
    folder: str
    """Its folder relative to the git root; empty for the root itself, never ends in a slash."""
    projects: Mapping[str, Project]
    resources: tuple[Resource, ...]
    default_branch: str = "main"
    gates: Mapping[str, Gate] = field(default_factory=lambda: MappingProxyType({}))
    digest: str = ""
    """SHA-256 of its bytes, in hex."""
    parts: tuple[Manifest, ...] = ()
    """The manifests that this one stands for, where a run takes several; empty for a manifest of its own."""


# --- what the manifest means for the files of a repository --------------------------------------------


@dataclass(frozen=True, slots=True)
class Target:
    """One file that a translation is written to."""

    locale: str
    """Smartling's id; empty for a copy of the source."""
    local_name: str
    path: str


@dataclass(frozen=True, slots=True)
class Source:
    """One source file with everything the manifest says about it."""

    path: str
    resource: str
    project: str
    file_uri: str
    namespace: str
    file_type: str
    charset: str | None
    directives: Mapping[str, str]
    locales: tuple[str, ...]
    """Locale ids asked for, in manifest order."""
    targets: tuple[Target, ...]
    """By locale then path; empty for an upload-only source."""
    default_uri: str = ""
    """The fileUri of the same file on the default branch, where it differs; else empty."""
    push: bool = True
    """False where this branch does not send the file: `push: false`, or it equals the default branch's."""
    pull: PullSettings = field(default_factory=PullSettings)
    rules: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    source_locale: str = ""
    """Locale id of the file itself."""
    job: JobSettings = field(default_factory=JobSettings)


# --- what a translation management system holds --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProjectDetails:
    """A project as the TMS describes it."""

    id: str
    name: str
    account: str
    source_locale: str
    locales: tuple[str, ...]
    """Enabled target locales."""


@dataclass(frozen=True, slots=True)
class ListedFile:
    """One row of the list of a project's files."""

    uri: str
    file_type: str
    last_uploaded: str
    """As the server said it: compared as text, never parsed."""
    versions: Mapping[str, tuple[str, ...]] | None = None
    """For a service that keeps every content it was sent: blob id to the locales it was sent for, the
    newest last. None where a file has one content, which is read as an original."""


@dataclass(frozen=True, slots=True)
class LocaleCounts:
    """Strings and words of one file in one locale, excluded content aside."""

    authorized_strings: int = 0
    authorized_words: int = 0
    completed_strings: int = 0
    completed_words: int = 0
    excluded_strings: int = 0
    excluded_words: int = 0
    percent: int = 0
    """How far it is by the service's own account, where `FileStatus.counted` is false."""
    state: str = ""
    """What is being done, in the service's words (`onHold`, `Validation`); often empty."""

    @property
    def asked_for(self) -> bool:
        """Whether any string of the file was ever sent to translation in this locale."""
        return bool(self.authorized_strings or self.completed_strings or self.excluded_strings or self.state)


@dataclass(frozen=True, slots=True)
class FileStatus:
    """The status of one file over all locales."""

    uri: str
    last_uploaded: str
    namespace: str
    directives: Mapping[str, str]
    total_strings: int
    total_words: int
    locales: Mapping[str, LocaleCounts]
    counted: bool = True
    """False where the service counts neither strings nor words, and only tells percentages."""


@dataclass(frozen=True, slots=True)
class OpenJob:
    """A job that still takes content, with the files asked about."""

    uid: str
    name: str
    status: str
    files: Mapping[str, tuple[str, ...]]
    """fileUri to the locales for which the job holds it."""


@dataclass(frozen=True, slots=True)
class ListedJob:
    """A job as a list of jobs shows it."""

    uid: str
    name: str
    number: str
    """Number for people, unique in the account; empty if the service has none."""
    status: str
    locales: tuple[str, ...]
    description: str = ""
    due_date: str = ""
    reference_number: str = ""
    created: str = ""
    url: str = ""
    """Its page in the dashboard."""


@dataclass(frozen=True, slots=True)
class LocaleProgress:
    """How far a job is in one locale."""

    locale: str
    percent: int
    words: int
    unauthorized_words: int = 0


@dataclass(frozen=True, slots=True)
class JobDetails:
    """A job with its content."""

    job: ListedJob
    files: Mapping[str, tuple[str, ...]]
    """fileUri to the locales for which the job holds it."""
    percent: int | None = None
    """None for a job without content."""
    words: int = 0
    """Words × locales."""
    progress: tuple[LocaleProgress, ...] = ()

    @property
    def unauthorized_words(self) -> int:
        """Words × locales that an authorization would start."""
        return sum(each.unauthorized_words for each in self.progress)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a job will cost, as the service estimates it."""

    amount: str
    """Decimal number."""
    currency: str

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}".strip()

    def exceeds(self, limit: str) -> bool:
        """Whether it is more than a decimal number."""
        return Decimal(self.amount) > Decimal(limit)


@dataclass(frozen=True, slots=True)
class PublishedPair:
    """A file × locale pair that was published, and when (the server's text)."""

    uri: str
    locale: str
    date: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a planner needs to know of one project; a provider answers just that."""

    project: bool = False
    files: bool = False
    """The list of all files."""
    originals: frozenset[str] = frozenset()
    """fileUris whose source is downloaded."""
    statuses: frozenset[str] = frozenset()
    """fileUris whose status is asked for."""
    jobs: frozenset[str] = frozenset()
    """fileUris for which open jobs are searched."""
    job_names: frozenset[str] = frozenset()
    """Texts that the names of the jobs to list begin with; an empty text lists every job."""
    open_jobs: Literal["", "listed", "with content"] = ""
    """The jobs that are not finished, answered as `job_list`; their files and progress as `job_details`."""
    job_details: frozenset[str] = frozenset()
    """Uids of jobs whose files and progress are asked for."""
    used_jobs: frozenset[str] = frozenset()
    """Uids of jobs of which is asked whether any file holds a string of them."""
    job_costs: frozenset[str] = frozenset()
    """Uids of jobs whose cost the service shall estimate."""
    published_since: str = ""
    """ISO time in UTC; what was published since then. `window` for as long back as the service goes."""
    modified: frozenset[str] = frozenset()
    """fileUris of which the locales are asked for whose translation changed after `modified_since`."""
    modified_since: str = ""
    """ISO time in UTC."""
    contents: Mapping[str, str] = field(default_factory=lambda: _NOTHING, compare=False)
    """fileUri to the blob id that the repository holds: a service that keeps every content it was sent
    answers for these. It asks for nothing by itself, so it does not tell questions apart."""

    def __bool__(self) -> bool:
        return self != Question()

    def __or__(self, other: Question) -> Question:
        """Return a question that asks for what either asks for."""
        merged = {}
        for each in fields(Question):
            mine, theirs = getattr(self, each.name), getattr(other, each.name)
            merged[each.name] = mine | theirs if isinstance(mine, frozenset) else mine or theirs
        return Question(**merged)


def fold(uri: str) -> str:
    """Return the form under which the service compares fileUris: NFC, without case."""
    from unicodedata import normalize

    return normalize("NFC", normalize("NFC", uri).casefold())


@dataclass(frozen=True, slots=True)
class RemoteState:
    """What a provider has answered so far; `None` and absent keys mean "not asked".

    Mappings are keyed by `fold(fileUri)` unless they say otherwise. Two states are merged by `|`, the right
    one winning.
    """

    project: ProjectDetails | None = None
    files: Mapping[str, ListedFile] | None = None
    originals: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    statuses: Mapping[str, FileStatus] = field(default_factory=lambda: MappingProxyType({}))
    jobs: tuple[OpenJob, ...] | None = None
    jobs_asked: frozenset[str] = frozenset()
    job_list: tuple[ListedJob, ...] | None = None
    """The oldest first."""
    job_details: Mapping[str, JobDetails] = field(default_factory=lambda: MappingProxyType({}))
    """By uid, as are the costs; a job that is gone is absent."""
    used_jobs: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    """By uid: whether any file holds a string of the job."""
    job_costs: Mapping[str, Cost] = field(default_factory=lambda: MappingProxyType({}))
    published: tuple[PublishedPair, ...] | None = None
    modified: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    """The locales of which the translation changed since the time asked about."""
    server_time: str = ""
    """ISO time in UTC that the server's clock showed at the first answer; empty if it did not say."""

    def __or__(self, other: RemoteState) -> RemoteState:
        return RemoteState(
            project=other.project or self.project,
            files=other.files if other.files is not None else self.files,
            originals={**self.originals, **other.originals},
            statuses={**self.statuses, **other.statuses},
            jobs=None if self.jobs is other.jobs is None else (self.jobs or ()) + (other.jobs or ()),
            jobs_asked=self.jobs_asked | other.jobs_asked,
            job_list=other.job_list if other.job_list is not None else self.job_list,
            job_details={**self.job_details, **other.job_details},
            used_jobs={**self.used_jobs, **other.used_jobs},
            job_costs={**self.job_costs, **other.job_costs},
            published=other.published if other.published is not None else self.published,
            modified={**self.modified, **other.modified},
            server_time=self.server_time or other.server_time,
        )


# --- what git's history says --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """What one commit did to one file."""

    kind: str
    """`A` added, `D` deleted, `M` changed, `R` renamed."""
    old: str
    """Path before; equal to `new` unless it was renamed."""
    new: str
    old_blob: str
    """Blob id before; empty for an added file."""
    new_blob: str
    """Blob id after; empty for a deleted file."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What one commit did to files, against its first parent."""

    id: str
    steps: tuple[Step, ...]
    merge: bool = False


# --- what goes to a translation management system, and what comes back ---------------------------------


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
    """What the list of files said before the upload; empty for a file that is new there."""
    blob: str = ""
    """Blob id of the content in git."""


@dataclass(frozen=True, slots=True)
class JobRequest:
    """The job that uploads go to, with every placeholder of its name filled in."""

    name: str
    reuse: bool = True
    authorize: bool = False
    description: str = ""
    due_date: str = ""
    """UTC, `YYYY-MM-DDThh:mm:ssZ`; empty for none."""
    reference_number: str = ""
    locale_workflows: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    custom_fields: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    max_words: int | None = None
    """Do not authorize more words than this, in all locales together."""
    max_cost: str = ""
    """Do not authorize a job that the service estimates to cost more; empty for no limit."""
    rush: bool = False
    """Ask for rush delivery with the authorization."""
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
class Rename:
    """A file that gets another fileUri; its strings and translations come along."""

    old: str
    new: str
    """Equal to `old` where an interrupted run has renamed it and only the namespace is missing."""
    restore: Upload | None = None
    """The file as the service has it already, with the namespace that it shall keep: sent if the service
    gave it another one. None: an upload follows anyway, or there is nothing to keep."""


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


@dataclass(frozen=True, slots=True)
class Submission:
    """Everything one push sends to one job of one project.

    Without uploads it authorizes what an earlier, interrupted push left in that job. With actions or
    imports it carries out these, and nothing else; a job without a
    name is no job.
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
    renames: tuple[Rename, ...] = ()
    """Carried out first, in this order; the uploads know the new fileUris only."""
    deletions: tuple[str, ...] = ()
    """fileUris; the first one that fails ends the deletions."""
    ending: tuple[str, ...] = ()
    """Uids of jobs to cancel, or to close if they are completed, where no file holds any string of them after
    the deletions."""
    fence: Fence = field(default_factory=Fence)
    """Tells whether the uploads may still go, where others push as well."""


OutcomeStatus = Literal["sending", "accepted", "processing", "done", "failed", "no strings"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one upload or rename; progress states come first, the last one for a uri is final."""

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

    rename: bool = False
    delete: bool = False
    imports: bool = False
    pseudo: bool = False
    matching: bool = False
    """A source that is not stored can be translated with the strings of one that is (`Wanted.content`)."""
    jobs: bool = False
    """Jobs can be listed, looked at, authorized and cancelled."""
    costs: bool = False
    """The cost of a job can be estimated before it is authorized."""
    orders: bool = False
    """What is sent is ordered, whole: there is no later authorization, and no text is reused."""


# --- what earlier runs learned --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sent:
    """An upload that was confirmed; good for as long as the server still shows `last_uploaded`.

    An empty `last_uploaded` is a promise: a rename was begun, and the file is to keep this namespace.
    """

    uri: str
    last_uploaded: str
    blob: str
    """Blob id of the content in git."""
    namespace: str
    locales: tuple[str, ...]
    settings: str
    """Digest of the directives that were sent."""
    authorized: bool = False
    path: str = ""
    """The source's path."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the last pull found for one target."""

    uri: str
    locale: str
    options: str
    """The download options, as one text."""
    source_blob: str
    """Blob id of the source that the translation was judged against."""
    date: str
    """When the pair was published, in the server's words; empty if that is not known."""
    digest: str
    """SHA-256 of the bytes in the work tree after the pull; empty where no file was written."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts of a file as they were read last; `plan.status` says how long they are good."""

    uri: str
    last_uploaded: str
    until: str
    """Publications up to this moment are in the counts: ISO time in UTC, by the server's clock."""
    total_strings: int
    total_words: int
    locales: Mapping[str, LocaleCounts]
