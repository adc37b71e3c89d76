"""The plan as a value: changes with their actions and reasons, jobs, orphans; sorted and serialisable."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import Any, Literal

from l10nsync import formats
from l10nsync.model import (
    Cost,
    JobRequest,
    JobUpdate,
    Sent,
    Source,
    StringsOfJob,
    Written,
)
from l10nsync.plan.job_content import Stakes
from l10nsync.plan.reasons import WORK, Action, Awaits, Brings, Reason, Rival

ALL_LOCALES = "*"
"""Stands for the locale of a file that holds all of them."""


@dataclass(frozen=True, slots=True)
class SourceChange:
    """What a push does with one source."""

    action: Action
    reason: Reason
    project: str
    resource: str
    path: str
    uri: str
    file_type: str
    namespace: str
    locales: tuple[str, ...]
    directives: Mapping[str, str]
    charset: str | None = None
    blob: str = ""
    """Blob id of the content to send."""
    last_uploaded: str = ""
    """What the list of files said when the plan was made; empty for a new file."""
    job: str = ""
    """Name of the job it goes to; empty where nothing is sent."""
    detail: str = ""
    """One more sentence if the reason alone is not enough."""
    strings: int = 0
    words: int = 0
    new_strings: int = 0
    """Strings that the TMS does not have in this file yet."""
    new_words: int = 0
    unseen_strings: int = field(default=0, compare=False)
    """Those of `strings` that neither this file nor the one that it shares a namespace with has."""
    fresh: frozenset[tuple[str, str]] = field(default=frozenset(), compare=False)
    """Key and plural category of strings that are new as such, not just edited, in `fresh_locales`."""
    fresh_locales: tuple[str, ...] = field(default=(), compare=False)
    words_to_translate: int = 0
    """What an authorization would pay for at most, in all locales together: new words, and every word in
    a locale that the file was never sent for."""
    renamed_from: str = ""
    """The fileUri of the file without a source whose strings it takes; empty for none."""
    round: int = 0
    """Uploads of a later round go once those before are confirmed."""
    copy_of: str = ""
    """The fileUri whose present content is parked under this name before it is overwritten."""
    brings: Brings = field(default=Brings.NOTHING, compare=False)
    """What the TMS does not have of it."""
    awaits: Awaits = field(default=Awaits.NOTHING, compare=False)
    """What has to happen before it is sent."""
    rival: Rival = field(default=Rival.NOBODY, compare=False)
    """Whose content keeps it from being sent."""
    empty: bool = field(default=False, compare=False)
    """There is nothing in it to translate."""
    moves: bool = False
    """The file is not in this namespace yet, and its rule names another one: it has to be read back."""
    remember: Sent | None = field(default=None, compare=False)
    """The cache entry for an unchanged source."""


@dataclass(frozen=True, slots=True)
class TargetChange:
    """What a pull does with one target."""

    action: Action
    reason: Reason
    project: str
    resource: str
    source: str
    uri: str
    locale: str
    path: str
    detail: str = ""
    awaits: Awaits = field(default=Awaits.NOTHING, compare=False)
    """What has to happen before there is a translation."""
    new: bool = field(default=False, compare=False)
    """A write makes the file; else it is there."""
    current: bool = field(default=False, compare=False)
    """The file is as the TMS has it, but for what was corrected here."""
    digest: str = ""
    """SHA-256 of the bytes to write; of the present ones where the file is kept."""
    before: str = field(default="", compare=False)
    """SHA-256 of the bytes that were there when the plan was made; empty where there was no file."""
    findings: tuple[formats.Finding, ...] = ()
    kept: tuple[str, ...] = ()
    """Keys of translations that stay although the TMS has only source text for them."""
    held: tuple[str, ...] = ()
    """Keys of strings that are held back while the others are written: they do not fit the source."""
    corrected: tuple[str, ...] = ()
    """Keys of strings that were corrected in the repository and not on the TMS: they stay."""
    conflicts: tuple[str, ...] = ()
    """Keys of strings that were changed in the repository and, otherwise, on the TMS."""
    overrides: Mapping[str, tuple[str, str]] = field(
        default_factory=lambda: MappingProxyType({}), compare=False, repr=False
    )
    """Of strings that are corrected here, by key: what the TMS has, and what the repository has."""
    spots: tuple[formats.Spot, ...] = field(default=(), compare=False, repr=False)
    """The places of these strings."""
    delivered: bytes | None = field(default=None, compare=False, repr=False)
    """What was delivered, where strings of it are held back."""
    strings: int = 0
    """Strings to import."""
    replaced: int = 0
    """Those of them that replace a translation of the TMS."""
    remember: Written | None = field(default=None, compare=False)
    """The cache entry once this is done."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a prune does with one file on the TMS."""

    action: Action
    reason: Reason
    project: str
    resource: str
    source: str
    """Path of the source that the file came from."""
    uri: str
    branch: str = ""
    """The branch that it belonged to; empty for an orphan."""
    last_uploaded: str = ""
    detail: str = ""
    awaits: Awaits = field(default=Awaits.NOTHING, compare=False)
    """What has to happen before it can go."""

    @property
    def path(self) -> str:
        """What names the file to a reader."""
        return self.uri


Change = SourceChange | TargetChange | FileChange


@dataclass(frozen=True, slots=True)
class JobPlan:
    """One job of a push; its files are the uploads that name it.

    Where the service has no jobs, it has no name, and stands for what is sent together.
    """

    project: str
    request: JobRequest
    waiting: tuple[str, ...] = ()
    """fileUris that an interrupted push left in it, complete but not authorized."""
    words: int = 0
    """Words × locales that an authorization of it would pay for at most; `maxWords` limits these."""
    new_words: int = 0
    """New words of its uploads, each counted once."""
    translated: int = 0
    """Strings × locales among them whose translations the repository has."""
    uncounted: tuple[str, ...] = ()
    """Paths of uploads whose words cannot be counted here."""
    settings: str = ""
    """Digest of the manifest's settings for the job: a saved plan fits only while they are the same."""
    updates: tuple[JobUpdate, ...] = field(default=(), compare=False)
    """Settings that reach open jobs of the name."""
    differences: tuple[str, ...] = ()
    """The same in words."""
    leaving: tuple[StringsOfJob, ...] = ()
    """Strings that no source asks for any more: they leave open jobs of the name."""
    left_by: tuple[str, ...] = ()
    """fileUris that hold them when the plan is made."""
    leaving_text: str = ""
    """The same in words."""
    taken: tuple[StringsOfJob, ...] = ()
    """Strings that wait in other jobs and are authorized with this one."""
    starts: tuple[StringsOfJob, ...] = field(default=(), compare=False)
    """Strings that wait in open jobs of the name, and are authorized with it."""
    strangers: str = ""
    """What waits in it although no source of this commit asks for it, in words; empty if nothing does."""
    stakes: Stakes = field(default_factory=Stakes, compare=False)
    """What the strings of the job are held against once the uploads are there."""

    @property
    def changes_jobs(self) -> bool:
        """Whether anything is done to open jobs, apart from uploads."""
        return bool(self.waiting or self.updates or self.leaving or self.taken)


@dataclass(frozen=True, slots=True)
class Backlog:
    """Strings of this commit's sources that wait for an authorization which this push does not give."""

    project: str
    job: str
    """Name of the job in which they wait."""
    strings: int
    words: int
    """Each string counted once for each locale in which it waits."""
    locales: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JobEstimate:
    """What a job costs at most: by the service for what is in it, or by us for what is sent to it."""

    project: str
    job: str
    uid: str
    """Empty where it is our own calculation."""
    cost: Cost


@dataclass(frozen=True, slots=True)
class Orphan:
    """A file on the TMS that this repository once had and no longer has."""

    project: str
    uri: str


@dataclass(frozen=True, slots=True)
class JobEnd:
    """A job of a branch that is merged or gone: cancelled, or closed if it is completed, once it is empty."""

    project: str
    uid: str
    name: str
    status: str
    branch: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything one push, pull, import or `pseudo` will do, sorted; equal plans have equal digests."""

    direction: Literal["push", "pull", "pseudo", "import", "prune"]
    changes: tuple[Change, ...] = ()
    jobs: tuple[JobPlan, ...] = ()
    orphans: tuple[Orphan, ...] = ()
    notices: tuple[str, ...] = ()
    ending: tuple[JobEnd, ...] = ()
    """Jobs that a prune ends, if no file holds any string of them after the deletions."""
    backlog: tuple[Backlog, ...] = ()
    """What waits and is not authorized by this push."""
    base: str = ""
    """The revision that stands for the TMS in an offline plan; empty for the TMS itself."""
    estimates: tuple[JobEstimate, ...] = field(default=(), compare=False)
    """Of the open jobs, where that was asked for; a plan is the same plan without them."""
    own_prices: tuple[JobEstimate, ...] = field(default=(), compare=False)
    """What its jobs cost at most by the manifest's rates: our own calculation."""

    @property
    def work(self) -> tuple[Change, ...]:
        """The changes that carry something out."""
        return tuple(change for change in self.changes if change.action in WORK)

    @property
    def refused(self) -> tuple[Change, ...]:
        """The changes that are blocked or held back."""
        return tuple(change for change in self.changes if change.action in {Action.BLOCK, Action.HOLD})

    @property
    def held(self) -> tuple[TargetChange, ...]:
        """The changes with strings held back, written or not."""
        return tuple(change for change in self.changes if isinstance(change, TargetChange) and change.held)

    @property
    def has_work(self) -> bool:
        """Whether carrying the plan out changes anything."""
        return bool(self.work or self.ending or any(job.changes_jobs for job in self.jobs))

    def count(self, *actions: Action) -> int:
        """Return how many changes have one of ACTIONS."""
        return sum(1 for change in self.changes if change.action in actions)

    def as_data(self) -> dict[str, Any]:
        """Return the plan as JSON-ready data, as `schemas/plan.schema.json` describes it."""
        data: dict[str, Any] = {
            "schemaVersion": 3,
            "direction": self.direction,
            "changes": [change_data(change) for change in self.changes],
            "jobs": [
                {
                    "project": job.project,
                    "name": job.request.name,
                    "authorize": job.request.authorize,
                    "waiting": list(job.waiting),
                    "newWords": job.new_words,
                    "wordsToTranslate": job.words,
                    **({"translatedHere": job.translated} if job.translated else {}),
                    "settings": job.settings,
                    **_open_job_data(job),
                }
                for job in self.jobs
                if job.request.name
            ],
            "orphans": [{"project": orphan.project, "fileUri": orphan.uri} for orphan in self.orphans],
            "notices": list(self.notices),
        }
        if self.ending:
            data["ending"] = [
                {"project": end.project, "uid": end.uid, "name": end.name, "branch": end.branch}
                for end in self.ending
            ]
        if self.backlog:
            data["backlog"] = [
                {
                    "project": backlog.project,
                    "job": backlog.job,
                    "strings": backlog.strings,
                    "words": backlog.words,
                    "locales": list(backlog.locales),
                }
                for backlog in self.backlog
            ]
        data |= {"base": self.base} if self.base else {}
        digest = {"digest": digest_of(data)}
        return {
            **data,
            **digest,
            **_costs_data("ownPrices", self.own_prices),
            **_costs_data("estimates", self.estimates),
        }

    @property
    def digest(self) -> str:
        """SHA-256 over the whole plan, in hex: a saved plan fits only while this is the same."""
        return str(self.as_data()["digest"])


@dataclass(frozen=True, slots=True)
class Difference:
    """What a write changes in one file, as texts."""

    path: str
    new: bool
    """There is no such file yet."""
    before: str | None
    after: str | None
    """None if a content is not text."""


def _costs_data(name: str, costs: Sequence[JobEstimate]) -> dict[str, Any]:
    found = [_estimate_data(estimate) for estimate in costs]
    return {name: found} if found else {}


def _estimate_data(estimate: JobEstimate) -> dict[str, Any]:
    job = {"project": estimate.project, "job": estimate.job}
    return {**job, **({"uid": estimate.uid} if estimate.uid else {}), **cost_data(estimate.cost)}


def cost_data(cost: Cost) -> dict[str, Any]:
    """Return what the service estimates as JSON-ready data; words only where it says them."""
    words = {"words": cost.words, "weightedWords": cost.weighted_words}
    counts = {name: number for name, number in words.items() if number}
    matches = {"matches": asdict(cost.matches)} if cost.matches else {}
    return {"amount": cost.amount, "currency": cost.currency, **counts, **matches}


def _open_job_data(job: JobPlan) -> dict[str, Any]:
    """Return what happens to open jobs as JSON-ready data; what does not happen is left out."""
    data: dict[str, Any] = {
        "differences": list(job.differences),
        "leaving": [_strings_data(strings) for strings in job.leaving],
        "taken": [_strings_data(strings) for strings in job.taken],
        "strangers": job.strangers,
    }
    return {key: value for key, value in data.items() if value}


def _strings_data(some: StringsOfJob) -> dict[str, Any]:
    locales = sorted({locale for _hashcode, locale in some.pairs})
    hashcodes = {locale: sorted(code for code, place in some.pairs if place == locale) for locale in locales}
    return {"job": some.name, "uid": some.uid, "hashcodes": hashcodes}


def change_data(change: Change) -> dict[str, Any]:
    """Return one change as JSON-ready data with camelCase keys; empty fields are left out."""
    data: dict[str, Any]
    if isinstance(change, SourceChange):
        data = {
            "source": change.path,
            "fileUri": change.uri,
            "fileType": change.file_type,
            "namespace": change.namespace,
            "locales": list(change.locales),
            "directives": dict(sorted(change.directives.items())),
            "charset": change.charset,
            "blob": change.blob,
            "lastUploaded": change.last_uploaded,
            "job": change.job,
            "strings": change.strings,
            "words": change.words,
            "newStrings": change.new_strings,
            "newWords": change.new_words,
            "wordsToTranslate": change.words_to_translate,
            "renamedFrom": change.renamed_from,
            "round": change.round or None,
            "copyOf": change.copy_of,
        }
    elif isinstance(change, FileChange):
        data = {
            "source": change.source,
            "fileUri": change.uri,
            "branch": change.branch,
            "lastUploaded": change.last_uploaded,
        }
    else:
        data = {
            "source": change.source,
            "fileUri": change.uri,
            "locale": change.locale,
            "target": change.path,
            "digest": change.digest,
            "findings": [finding_data(finding) for finding in change.findings],
            "kept": list(change.kept),
            "held": list(change.held),
            "corrected": list(change.corrected),
            "conflicts": list(change.conflicts),
        }
        if change.action is Action.IMPORT:
            data |= {"strings": change.strings, "replaced": change.replaced}
            data["overrides"] = [
                {"key": key, "old": old, "new": new} for key, (old, new) in change.overrides.items()
            ]
    common = {
        "action": str(change.action),
        "reason": str(change.reason),
        "code": change.reason.code,
        "detail": change.detail,
        "project": change.project,
        "resource": change.resource,
    }
    return {key: value for key, value in (common | data).items() if value not in ("", None, [], {})}


def merge(plans: Sequence[Plan]) -> Plan:
    """Return the plans of several projects as one; they all go in one direction."""
    return Plan(
        plans[0].direction,
        tuple(
            sorted(
                (chain.from_iterable(plan.changes for plan in plans)),
                key=lambda change: (change.project, change.path),
            )
        ),
        tuple(chain.from_iterable(plan.jobs for plan in plans)),
        tuple(chain.from_iterable(plan.orphans for plan in plans)),
        tuple(chain.from_iterable(plan.notices for plan in plans)),
        tuple(chain.from_iterable(plan.ending for plan in plans)),
        tuple(chain.from_iterable(plan.backlog for plan in plans)),
    )


def finding_data(finding: formats.Finding) -> dict[str, Any]:
    """Return a finding of the verification as JSON-ready data."""
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "message": finding.message,
        "key": finding.key,
        "line": finding.line,
        "locale": finding.locale,
    }


def digest_of(data: Any) -> str:
    """Return the SHA-256, in hex, of DATA as canonical JSON."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def settings_digest(directives: Mapping[str, str]) -> str:
    """Return a digest of the directives that the manifest names for a file."""
    return digest_of(sorted(directives.items()))[:16]


def contents_of(sources: Iterable[Source], blobs: Mapping[str, str]) -> Mapping[str, str]:
    """Return fileUri to blob id for `Question.contents`; BLOBS is by path, and may lack some."""
    return {source.file_uri: blobs[source.path] for source in sources if source.path in blobs}
