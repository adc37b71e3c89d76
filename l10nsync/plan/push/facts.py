"""What is known for a push. Each method returns a fact, or raises `Unknown` with its question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from l10nsync.model import (
    Abilities,
    FileStatus,
    JobState,
    ListedFile,
    Question,
    RemoteState,
    Sent,
    Source,
    fold,
)
from l10nsync.plan.asking import Unknown, Wants
from l10nsync.plan.lineage import Lineages
from l10nsync.plan.ownership import ContentOrigin
from l10nsync.plan.push.push_options import PushOptions
from l10nsync.plan.values import contents_of

AWAITING = JobState.AWAITING_AUTHORIZATION
CANCELLED = frozenset({JobState.CANCELLED, JobState.DELETED})


@dataclass(frozen=True, slots=True)
class OurFiles:
    """The files that are this repository's, whatever branch or state of its manifest sent them."""

    sources: tuple[Source, ...]
    """Those that it has and had, as this branch calls them."""
    stranded: frozenset[str] = frozenset()
    """Paths of earlier sources that only patterns match which match nothing any more."""
    earlier_uris: frozenset[str] = frozenset()
    """fileUris, folded, that earlier rules of the manifest gave to our files."""
    uris_of_branches: frozenset[str] = frozenset()
    """fileUris, folded, that hold strings of jobs and that our files have on a branch."""


@dataclass(frozen=True)
class PushFacts:
    """All that is known about one project for a push."""

    sources: tuple[Source, ...]
    blobs: Mapping[str, str]
    """Path to blob id of what would be sent; a path that is not committed is absent."""
    words: Mapping[str, str]
    """Values of the placeholders of job names: repo, branch, sha, date, user, pr."""
    contents: Mapping[str, bytes | None] = field(default_factory=dict)
    """Blob id to content; None for a blob that the repository lacks."""
    memory: Mapping[str, Sent] = field(default_factory=dict)
    """By `fold(fileUri)`."""
    present: frozenset[str] = frozenset()
    """fileUris, folded, of all sources of the manifest, those included that a filter leaves out."""
    everything: tuple[Source, ...] = ()
    """All sources of the project, those included that a filter leaves out."""
    filtered: bool = False
    """Whether resources or paths are chosen: then nothing is taken out of jobs, even if all are."""
    own: OurFiles | None = None
    """The files that this repository has and had; None: not asked."""
    removed: bool = False
    """Whether this branch has taken a source of the default branch away."""
    shallow: bool = False
    """Whether the history that was asked for ends early."""
    past: tuple[Source, ...] | None = None
    """Sources that earlier states of this repository had and the present one has not; None: not asked."""
    lineages: Lineages | None = None
    """Which earlier paths the sources had; None: not asked."""
    traced: frozenset[str] = frozenset()
    """Paths of the sources whose history was looked into as far as it goes."""
    origins: Mapping[tuple[str, str], ContentOrigin] | None = None
    """Of the rivals asked about, path and blob id: where they come from.

    None where nobody can say, and nobody is asked.
    """
    own_jobs: frozenset[str] = frozenset()
    """Templates of the names of jobs that the manifest has, whatever the command line says."""
    elsewhere: tuple[Source, ...] | None = None
    """Sources with the fileUris that they have on any branch; None: not asked."""
    on_default: bool = False
    """Whether this is the default branch: fileUris without a branch in them are its own."""
    forced: Mapping[str, str] = field(default_factory=dict)
    """Path of a source to the fileUri whose namespace the user chose for it."""
    remote: RemoteState = field(default_factory=RemoteState)
    abilities: Abilities = field(default_factory=Abilities)
    references: tuple[tuple[str, str], ...] = ()
    """Path and blob id of the files that go along with every order."""
    options: PushOptions = field(default_factory=PushOptions)
    due: Mapping[str, str] = field(default_factory=dict)
    """`dueDate` as written in the manifest to the moment it means (UTC)."""

    @property
    def project(self) -> str:
        """Name of the project that is pushed."""
        return self.sources[0].project if self.sources else ""

    # --- the TMS -------------------------------------------------------------------------------------------

    @property
    def files(self) -> Mapping[str, ListedFile]:
        """The files of the project, by `fold(fileUri)`."""
        if self.remote.files is None:
            known = contents_of(self.sources, self.blobs)
            open_jobs: Literal["", "listed"] = "listed" if self.abilities.jobs else ""
            raise Unknown(Wants(Question(project=True, files=True, contents=known, open_jobs=open_jobs)))
        return self.remote.files

    def listed(self, uri: str) -> ListedFile | None:
        """Return the row of the list of files; None for a file that is not there."""
        return self.files.get(fold(uri))

    def remembered(self, listed: ListedFile) -> Sent | None:
        """Return what an earlier push remembered of a file, unless it or its job changed on the service."""
        sent = self.memory.get(fold(listed.uri))
        if sent is None or sent.last_uploaded != listed.last_uploaded:
            return None
        return self._checked(sent) if sent.authorized and sent.jobs else sent

    def _checked(self, sent: Sent) -> Sent | None:
        """Return what is remembered; nothing if somebody cancelled a job that took the file."""
        if self.remote.job_list is None:
            return sent
        ended = frozenset(sent.jobs) - {job.uid for job in self.remote.job_list}
        if not ended:
            return sent
        if unknown := ended - self.remote.job_states.keys():
            raise Unknown(Wants(Question(job_states=unknown)))
        if any(self.remote.job_states[uid] in CANCELLED for uid in ended):
            return None
        return replace(sent, jobs=tuple(uid for uid in sent.jobs if uid not in ended))

    def original(self, uri: str) -> bytes:
        """Return what the TMS holds under a fileUri, as it hands it out."""
        content = self.remote.originals.get(fold(uri))
        if content is None:
            raise Unknown(Wants(Question(originals=frozenset({uri}))))
        return content

    def status(self, uri: str) -> FileStatus:
        """Return the status of a file: its namespace, directives and counts."""
        found = self.remote.statuses.get(fold(uri))
        if found is None:
            raise Unknown(Wants(Question(statuses=frozenset({uri}))))
        return found

    def stored(self, listed: ListedFile) -> bytes:
        """Return what a file on the TMS holds: the blob that was sent and is still there, or its original."""
        sent = self.remembered(listed)
        content = self.content(sent.blob) if sent and sent.blob else None
        return self.original(listed.uri) if content is None else content

    def namespace_of(self, listed: ListedFile) -> str:
        """Return the namespace that a file has on the TMS."""
        sent = self.remembered(listed)
        return sent.namespace if sent else self.status(listed.uri).namespace

    # --- the repository ------------------------------------------------------------------------------------

    def content(self, blob: str) -> bytes | None:
        """Return the content of a blob; None where the repository lacks it."""
        if blob not in self.contents:
            raise Unknown(Wants(blobs=frozenset({blob})))
        return self.contents[blob]

    def gone(self) -> tuple[Source, ...]:
        """Return the sources of earlier states of this repository that the present one lacks."""
        if self.past is None:
            raise Unknown(Wants(gone=True))
        return self.past

    def history(self, path: str) -> Lineages:
        """Return the history of the sources, that of PATH as far as it goes."""
        if self.lineages is None or path not in self.traced:
            raise Unknown(Wants(lineages=frozenset({path}), gone=self.past is None))
        return self.lineages

    @cached_property
    def here(self) -> frozenset[str]:
        """The fileUris, folded, that sources of this commit have here or on the default branch."""
        own = {fold(source.file_uri) for source in self.sources}
        default = {fold(source.default_uri) for source in self.sources if source.default_uri}
        return frozenset(own | default | self.present)

    @cached_property
    def strangers(self) -> tuple[ListedFile, ...]:
        """The files that are not sources here: earlier ones, those of other branches, or somebody else's."""
        return tuple(listed for key, listed in sorted(self.files.items()) if key not in self.here)

    def known_elsewhere(self) -> tuple[Source, ...]:
        """Return the sources with the fileUris that they have on any branch."""
        if self.elsewhere is None:
            raise Unknown(Wants(elsewhere=frozenset(listed.uri for listed in self.strangers)))
        return self.elsewhere
