"""What a translation management system holds, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from l10nsync.model.contexts import Binding, ListedContext
from l10nsync.model.lookups import StoredString, StringStage
from l10nsync.model.questions import AskedString, IssueComment, StringIssue

_NOTHING: Mapping[str, str] = MappingProxyType({})


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
    """As the server sent it: compared as text, never parsed."""
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
    """False if the service reports only percentages, neither strings nor words."""


class JobState(StrEnum):
    """The state of a job; a provider maps each state of its service to one of these."""

    DRAFT = "DRAFT"
    AWAITING_AUTHORIZATION = "AWAITING_AUTHORIZATION"
    """It has content, and nobody has authorized it: nothing costs anything yet."""
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    CLOSED = "CLOSED"
    DELETED = "DELETED"
    UNKNOWN = "UNKNOWN"
    """A state that the provider does not know: nothing is done to such a job."""


@dataclass(frozen=True, slots=True)
class OpenJob:
    """A job that still takes content, with the files asked about."""

    uid: str
    name: str
    status: JobState
    files: Mapping[str, tuple[str, ...]]
    """fileUri to the locales for which the job holds it."""


@dataclass(frozen=True, slots=True)
class ListedJob:
    """A job as a list of jobs shows it."""

    uid: str
    name: str
    number: str
    """Number for people, unique in the account; empty if the service has none."""
    status: JobState
    locales: tuple[str, ...]
    sent: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What it says for the keys of the manifest that are sent as they are: `description`, `dueDate`…"""
    created: str = ""
    url: str = ""
    """Its page in the dashboard."""

    @property
    def due_date(self) -> str:
        """When it is due, as the service writes it; empty for no date."""
        return self.sent.get("dueDate", "")


StringLocale = tuple[str, str]
"""Hashcode and locale."""


@dataclass(frozen=True, slots=True)
class HeldString:
    """A string of a job, and where it comes from."""

    text: str = ""
    """Empty where the service no longer says: no file holds the string."""
    holders: tuple[tuple[str, str], ...] = ()
    """fileUri and key of each file that holds it."""


@dataclass(frozen=True, slots=True)
class JobContent:
    """The strings that are in a job, by locale."""

    strings: Mapping[str, HeldString] = field(default_factory=lambda: MappingProxyType({}))
    """By hashcode."""
    waiting: frozenset[StringLocale] = frozenset()
    """Hashcode and locale of what nobody has authorized yet."""
    under_way: frozenset[StringLocale] = frozenset()
    """Hashcode and locale of the rest, including strings that the service does not report."""


@dataclass(frozen=True, slots=True)
class LocaleProgress:
    """How far a job is in one locale."""

    locale: str
    percent: int
    words: int
    unauthorized_words: int = 0
    unauthorized_strings: int = 0


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
        return sum(progress.unauthorized_words for progress in self.progress)


@dataclass(frozen=True, slots=True)
class WordMatches:
    """Words × locales by their matches with what was translated before."""

    new: int
    fuzzy: int
    """Like something that is translated, or the same."""
    repeated: int
    """Repetitions within the job."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a job will cost, as the service estimates it."""

    amount: str
    """Decimal number."""
    currency: str
    words: int = field(default=0, compare=False)
    """Words that the estimate counts."""
    weighted_words: int = field(default=0, compare=False)
    """Fuzzy matches and repetitions count as they are paid for; 0 where it does not say."""
    matches: WordMatches | None = field(default=None, compare=False)
    """The words by what is known of them; None where it does not say."""

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
class Translated:
    """One translation as the service keeps it."""

    keys: tuple[str, ...]
    """Of the file that was asked about; none where the service knows none."""
    text: str
    changed: str
    """When it was changed last: ISO time in UTC, with whole seconds and without a zone."""


PublicationKey = tuple[str, str, str]
"""fileUri, locale and retrieval type."""


@dataclass(frozen=True, slots=True)
class Question:
    """The questions of a planner about one project; a provider answers these and no others."""

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
    filled: frozenset[str] = frozenset()
    """Names of jobs that are likely to be filled next: a provider may look for them along with the rest."""
    open_jobs: Literal["", "listed", "with content"] = ""
    """The jobs that are not finished, answered as `job_list`; their files and progress as `job_details`."""
    job_details: frozenset[str] = frozenset()
    """Uids of jobs whose files and progress are asked for."""
    job_contents: frozenset[str] = frozenset()
    """Uids of jobs: which strings do they hold, and from which files?"""
    jobs_of: frozenset[str] = frozenset()
    """fileUris: which jobs hold any of them?"""
    job_states: frozenset[str] = frozenset()
    """Uids of jobs: which state is each in?"""
    job_fields: frozenset[str] = frozenset()
    """Uids of jobs whose custom fields are asked for."""
    used_jobs: frozenset[str] = frozenset()
    """Uids of jobs: does any file hold a string of them?"""
    held: frozenset[tuple[str, str]] = frozenset()
    """Uids of jobs and fileUris: does the job hold any string of the file?"""
    holders: frozenset[str] = frozenset()
    """fileUris: what are all jobs called that hold the file, including finished ones?"""
    job_costs: frozenset[str] = frozenset()
    """Uids of jobs: what does the service estimate them to cost?"""
    published_since: str = ""
    """ISO time in UTC; what was published since then. `window` for as long back as the service goes."""
    modified: frozenset[str] = frozenset()
    """fileUris: in which locales did their translation change after `modified_since`?"""
    modified_since: str = ""
    """ISO time in UTC."""
    issues: Literal["", "open", "resolved", "all"] = ""
    """Which of the translators' questions are listed."""
    issue_comments: frozenset[str] = frozenset()
    """Uids of issues whose comments are asked for."""
    asked_strings: frozenset[str] = frozenset()
    """Hashcodes of strings: what is their text, and which files do they come from?"""
    contexts: str = ""
    """What the names of the pictures and pages hold that are listed; empty for none."""
    bindings: frozenset[str] = frozenset()
    """fileUris: which of their strings are shown in pictures and pages?"""
    translated: frozenset[PublicationKey] = frozenset()
    """Files and locales: when was each translation changed?"""
    glossaries: frozenset[str] = frozenset()
    """Names of glossaries that are asked for as TBX."""
    strings_of: frozenset[str] = frozenset()
    """fileUris: which strings do they hold?"""
    string_stages: frozenset[tuple[str, str]] = frozenset()
    """Hashcode and locale of strings: what is their progress, and which jobs hold them?"""
    contents: Mapping[str, str] = field(default_factory=lambda: _NOTHING, compare=False)
    """fileUri to the blob id that the repository holds: a service that keeps every content it was sent
    answers for these. It asks for nothing by itself, so it does not distinguish questions."""

    def __bool__(self) -> bool:
        return self != Question()

    def __or__(self, other: Question) -> Question:
        """Return a question that asks for what either asks for."""
        merged = {}
        for question_field in fields(Question):
            mine, theirs = getattr(self, question_field.name), getattr(other, question_field.name)
            merged[question_field.name] = mine | theirs if isinstance(mine, frozenset) else mine or theirs
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
    job_contents: Mapping[str, JobContent] = field(default_factory=lambda: MappingProxyType({}))
    """By uid; a job that is gone holds nothing."""
    jobs_of: frozenset[str] | None = None
    """Uids of the jobs that hold any of the files that were asked about."""
    job_states: Mapping[str, JobState] = field(default_factory=lambda: MappingProxyType({}))
    """By uid; a job that is gone is deleted."""
    job_fields: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    """By uid of the job: uid of a custom field to its value."""
    used_jobs: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    """By uid: whether any file holds a string of the job."""
    held: Mapping[tuple[str, str], bool] = field(default_factory=lambda: MappingProxyType({}))
    """By uid of a job and fileUri as asked: whether the job holds any string of the file."""
    holders: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Names of the jobs that hold a file."""
    job_costs: Mapping[str, Cost] = field(default_factory=lambda: MappingProxyType({}))
    published: tuple[PublishedPair, ...] | None = None
    modified: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    """The locales whose translation changed since the time asked about."""
    issues: tuple[StringIssue, ...] | None = None
    issue_comments: Mapping[str, tuple[IssueComment, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """By uid of the issue."""
    asked_strings: Mapping[str, AskedString] = field(default_factory=lambda: MappingProxyType({}))
    """By hashcode; one that no file holds is absent."""
    contexts: tuple[ListedContext, ...] | None = None
    """Those that were asked about, the newest first."""
    bindings: Mapping[str, tuple[Binding, ...]] = field(default_factory=lambda: MappingProxyType({}))
    translated: Mapping[PublicationKey, tuple[Translated, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """By fileUri as asked, locale and retrieval type."""
    glossaries: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    """By name; one that the account lacks is absent."""
    strings_of: Mapping[str, tuple[StoredString, ...]] = field(default_factory=lambda: MappingProxyType({}))
    string_stages: Mapping[tuple[str, str], StringStage] = field(default_factory=lambda: MappingProxyType({}))
    """By hashcode and locale."""
    string_jobs: Mapping[tuple[str, str], str] = field(default_factory=lambda: MappingProxyType({}))
    """Hashcode and locale to the name of the job that holds it; absent where none does."""
    warnings: tuple[str, ...] = ()
    """What only a person can put right at the service: an order that is there twice."""
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
            job_contents={**self.job_contents, **other.job_contents},
            jobs_of=other.jobs_of if other.jobs_of is not None else self.jobs_of,
            job_states={**self.job_states, **other.job_states},
            job_fields={**self.job_fields, **other.job_fields},
            used_jobs={**self.used_jobs, **other.used_jobs},
            held={**self.held, **other.held},
            holders={**self.holders, **other.holders},
            job_costs={**self.job_costs, **other.job_costs},
            published=other.published if other.published is not None else self.published,
            modified={**self.modified, **other.modified},
            issues=other.issues if other.issues is not None else self.issues,
            issue_comments={**self.issue_comments, **other.issue_comments},
            asked_strings={**self.asked_strings, **other.asked_strings},
            contexts=other.contexts if other.contexts is not None else self.contexts,
            bindings={**self.bindings, **other.bindings},
            translated={**self.translated, **other.translated},
            glossaries={**self.glossaries, **other.glossaries},
            strings_of={**self.strings_of, **other.strings_of},
            string_stages={**self.string_stages, **other.string_stages},
            string_jobs={**self.string_jobs, **other.string_jobs},
            warnings=tuple(dict.fromkeys((*self.warnings, *other.warnings))),
            server_time=self.server_time or other.server_time,
        )
