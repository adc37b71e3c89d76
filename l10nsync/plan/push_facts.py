"""What is known for a push."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from l10nsync.model import Abilities, ListedFile, OpenJob, RemoteState, Sent, Source, fold
from l10nsync.plan.lineage import Lineages
from l10nsync.plan.ownership import Origin
from l10nsync.plan.renames import base_of

SHRINK_LIMIT = 30
"""Percent of its keys that a source may lose before an upload is refused."""
AWAITING = "AWAITING_AUTHORIZATION"


@dataclass(frozen=True, slots=True)
class PushOptions:
    """What the user lets through, by flag."""

    force: bool = False
    accept_shrink: bool = False
    accept_namespace_change: bool = False
    accept_superseded: bool = False
    accept_collision: bool = False
    order_all: bool = False
    """Plan as if every job were authorized, where a service orders what it is sent."""
    yes: bool = False
    """What is in translation may leave a job, and what is not ours may be authorized."""


@dataclass(frozen=True, slots=True)
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
    own: tuple[Source, ...] | None = None
    """The files that this repository has and had, as this branch calls them; None: not asked."""
    stranded: frozenset[str] = frozenset()
    """Paths of earlier sources that only patterns match which match nothing any more."""
    removed: bool = False
    """Whether this branch has taken a source of the default branch away."""
    past: tuple[Source, ...] | None = None
    """Sources that earlier states of this repository had and the present one has not; None: not asked."""
    lineages: Lineages | None = None
    """Which earlier paths the sources had; None: not asked."""
    origins: Mapping[tuple[str, str], Origin] | None = None
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
    """Path of a source to the fileUri that shall become its own, as the user said."""
    remote: RemoteState = field(default_factory=RemoteState)
    abilities: Abilities = field(default_factory=Abilities)
    references: tuple[tuple[str, str], ...] = ()
    """Path and blob id of the files that go along with every order."""
    options: PushOptions = field(default_factory=PushOptions)
    due: Mapping[str, str] = field(default_factory=dict)
    """`dueDate` as written in the manifest to the moment it means (UTC)."""


def strangers_of(facts: PushFacts) -> list[ListedFile]:
    """Return the files that are no source here: earlier ones, those of other branches, or somebody else's."""
    here = {fold(uri) for each in facts.sources for uri in (each.file_uri, each.default_uri)} | facts.present
    return [listed for key, listed in sorted((facts.remote.files or {}).items()) if key not in here]


def project_of(facts: PushFacts) -> str:
    """Return the name of the project that is pushed."""
    return facts.sources[0].project if facts.sources else ""


def has_gone(facts: PushFacts) -> bool:
    """Whether a file may have lost its source: the TMS has one of an earlier path, or one that was put aside.

    A source that a branch takes away may have been under another path when the default branch was pushed.
    """
    files = (facts.remote.files or {}).keys()
    before = {fold(uri) for each in facts.past or () for uri in (each.file_uri, each.default_uri)}
    here = {fold(uri) for each in facts.sources for uri in (each.file_uri, each.default_uri)}
    put_aside = {base for key in files if (base := base_of(key)) != key}
    return facts.removed or not (files.isdisjoint(before) and put_aside.isdisjoint(before | here))


def jobs_with(facts: PushFacts, uri: str) -> list[OpenJob]:
    """Return the open jobs that hold a file, or its name."""
    key = fold(uri)
    return [job for job in facts.remote.jobs or () if any(fold(each) == key for each in job.files)]


_ANY = {"branch": r"\S*", "sha": r"[0-9a-f]*", "date": r"\d{4}-\d\d-\d\d", "user": r".*?", "pr": r"\d*"}
"""Placeholders of a job's name, and what their values look like: no branch has a space in its name."""


def is_own_name(name: str, facts: PushFacts) -> bool:
    """Whether a job is called as this repository calls its jobs: of any branch, time and number."""
    for template in facts.own_jobs:
        parts = re.split(r"(\{[a-z]+\})", template.replace("{repo}", facts.words.get("repo", "")))
        pattern = "".join(_ANY.get(part[1:-1], "") if part[:1] == "{" else re.escape(part) for part in parts)
        if re.fullmatch(rf"{pattern}( [0-9a-f]{{10}})?( \d+)?", name):
            return True
    return False


def jobs_known(facts: PushFacts) -> bool:
    """Whether the open jobs, and the strings of those that wait for authorization, are known."""
    listed = facts.remote.job_list
    return listed is not None and all(
        job.uid in facts.remote.job_contents for job in listed if job.status == AWAITING
    )


def waiting_in_jobs(facts: PushFacts, uri: str, locale: str) -> int:
    """Return how many strings of a file wait in any job; one that the file has twice counts twice."""
    key = fold(uri)
    return sum(
        [fold(holder) for holder, _key in content.strings[code].holders].count(key)
        for content in facts.remote.job_contents.values()
        for code, place in content.waiting
        if place == locale
    )
