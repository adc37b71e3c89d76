"""What is known for a prune. Each method returns a fact, or raises `Unknown` with its question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from l10nsync.model import (
    Abilities,
    JobContent,
    ListedFile,
    ListedJob,
    Question,
    RemoteState,
    Sent,
    Source,
    file_uris,
    fold,
)
from l10nsync.plan.asking import Unknown, Wants
from l10nsync.plan.push.facts import PushFacts


@dataclass(frozen=True, slots=True)
class BranchFacts:
    """What git knows of the branches of this repository."""

    kinds: frozenset[str]
    """Whose files are deleted: those of branches that are `merged`, `gone`, or both."""
    default: str
    living: frozenset[str]
    """Every branch that there is, here or on the remote, and the one that this run works for."""
    merged: frozenset[str]
    """Those of them whose sources the default branch has taken in; never the default branch."""
    known: frozenset[str]
    """Branches of this repository that a merge, or the user, names."""
    patterns: tuple[Source, ...]
    """Every path that is or was a source, with `elsewhere.BRANCH` in its fileUri."""
    defaults: Mapping[str, tuple[Source, str]]
    """Path to the source and its blob id, as the tip of the default branch has them."""
    ours: frozenset[str] = frozenset()
    """Those that the user names."""
    guesses: tuple[Source, ...] | None = None
    """Sources that the fileUris of unknown paths may stand for, like `patterns`; None: not asked."""
    job_names: tuple[str, ...] = ()
    """Templates of the names of jobs, with everything but {branch} filled in, or replaced by {*}."""


@dataclass(frozen=True)
class PruneFacts:
    """All that is known about one project for a prune."""

    project: str
    sources: tuple[Source, ...]
    """Present sources of the project, whatever a filter leaves out."""
    blobs: Mapping[str, str] = field(default_factory=dict)
    """Path to the blob id of what HEAD has."""
    past: tuple[Source, ...] = ()
    """Earlier ones, with the fileUris that they have on this branch."""
    held: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Path to the blob ids of everything that history ever had there."""
    on_default: bool = False
    branches: BranchFacts | None = None
    """Given where the files of branches are deleted, and not the orphans."""
    contents: Mapping[str, bytes | None] = field(default_factory=dict)
    memory: Mapping[str, Sent] = field(default_factory=dict)
    remote: RemoteState = field(default_factory=RemoteState)
    abilities: Abilities = field(default_factory=lambda: Abilities(delete=True))
    example: str = ""
    """A blob id of this repository."""
    resources: frozenset[str] | None = None
    """Names of the resources that are looked at; None for all."""

    @property
    def files(self) -> Mapping[str, ListedFile]:
        """The files of the project, by `fold(fileUri)`."""
        if self.remote.files is None:
            raise Unknown(Wants(Question(project=True, files=True)))
        return self.remote.files

    @cached_property
    def present(self) -> frozenset[str]:
        """The fileUris, folded, that sources have here or on the default branch."""
        return frozenset(fold(uri) for uri in file_uris(self.sources))

    @cached_property
    def push(self) -> PushFacts:
        """The same facts, for the question what a push would send."""
        return PushFacts(
            self.sources,
            self.blobs,
            {},
            contents=self.contents,
            memory=self.memory,
            present=self.present,
            remote=self.remote,
            abilities=self.abilities,
        )

    def sent(self, listed: ListedFile) -> Sent | None:
        """Return what an earlier push remembered of a file, unless the file changed on the service since."""
        return self.push.remembered(listed)

    # --- jobs ---------------------------------------------------------------------------------------------

    @property
    def jobs(self) -> tuple[ListedJob, ...]:
        """The jobs that are named as those of our branches, the oldest first."""
        names = self.branches.job_names if self.branches and self.abilities.jobs else ()
        if names and self.remote.job_list is None:
            # All job names of a template begin with the text before its first placeholder.
            beginnings = frozenset(template.partition("{")[0].rstrip() for template in names)
            raise Unknown(Wants(Question(job_names=beginnings)))
        return self.remote.job_list or ()

    def job_content(self, uid: str) -> JobContent:
        """Return the strings of a job."""
        if uid not in self.remote.job_contents:
            raise Unknown(Wants(Question(job_contents=frozenset({uid}))))
        return self.remote.job_contents[uid]

    def is_used(self, uid: str) -> bool:
        """Whether files hold strings of a job."""
        if uid not in self.remote.used_jobs:
            raise Unknown(Wants(Question(used_jobs=frozenset({uid}))))
        return self.remote.used_jobs[uid]
