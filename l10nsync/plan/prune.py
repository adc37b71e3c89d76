"""Which files on the TMS a prune deletes: orphans, or what merged and gone branches left there. Pure.

Nothing is deleted that is not this repository's. A project may be shared, so a file counts as ours only if a
push from here sent it, or if its path is in our history and its content, or its branch, is known here, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from l10nsync.model import Abilities, ListedFile, Question, RemoteState, Sent, Source, blob_id, fold
from l10nsync.plan.elsewhere import patterns_of, readings
from l10nsync.plan.parked import base_of
from l10nsync.plan.strings import same_content, strings_or_none
from l10nsync.plan.values import Action, FileChange, JobEnd, Plan, Reason, Wants

FEW_FILES = 3
"""Files that one prune deletes without a flag, however small the repository is."""
MOST_FILES = 10
"""Files that one prune deletes at most without a flag."""
MOST_PERCENT = 10
"""Percent of the repository's files on the TMS that more than `FEW_FILES` may be."""
READ_AT_MOST = 50
"""Earlier contents of one path that are compared with a file whose encoding the service has changed."""
LOOK_AT_MOST = 20
"""Completed jobs of branches without files that are looked at: those of all times are many."""
OPEN = frozenset({"DRAFT", "AWAITING_AUTHORIZATION", "IN_PROGRESS"})


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


@dataclass(frozen=True, slots=True)
class PruneFacts:
    """All that is known about one project for a prune."""

    project: str
    sources: tuple[Source, ...]
    """Present sources of the project, whatever a filter leaves out."""
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


def wants_prune(facts: PruneFacts) -> Wants:
    """Return what `plan_prune` still has to know; ask again after it was answered."""
    if facts.remote.files is None:
        return Wants(Question(project=True, files=True))
    names = facts.branches.job_names if facts.branches and facts.abilities.jobs else ()
    if names and facts.remote.job_list is None:
        return Wants(Question(job_names=frozenset(map(_prefix, names))))
    if facts.branches and facts.branches.guesses is None and (unread := _unread(facts, facts.branches)):
        return Wants(elsewhere=frozenset(each.uri for each in unread))
    held = frozenset(_held_by_jobs(facts) - facts.remote.jobs_asked)
    if held:
        return Wants(Question(jobs=held))
    originals: set[str] = set()
    blobs: set[str] = set()
    for candidate in _candidates(facts):
        originals |= set(candidate.wants_originals())
        blobs |= set(candidate.wants_blobs())
    if originals or blobs:
        return Wants(Question(originals=frozenset(originals)), frozenset(blobs))
    changes = [candidate.change() for candidate in _candidates(facts)]
    unknown = {job.uid for job, now in _ended_jobs(facts, changes) if not now}
    return Wants(Question(used_jobs=frozenset(unknown - facts.remote.used_jobs.keys())))


def plan_prune(facts: PruneFacts) -> Plan:
    """Return what a prune of one project deletes; every want of `wants_prune` must have been answered."""
    changes = [candidate.change() for candidate in _candidates(facts)]
    doubt = doubt_of(facts)
    return Plan(
        "prune",
        tuple(sorted(changes, key=lambda each: (each.project, each.uri))),
        notices=(doubt,) if doubt else (),
        ending=tuple(_endings(facts, changes)),
    )


def doubt_of(facts: PruneFacts) -> str:
    """Return why the list of files cannot be believed; empty if nothing speaks against it."""
    if facts.abilities.orders:
        return "what was ordered is no list of files, and the service deletes nothing of it"
    files = facts.remote.files or {}
    present = {fold(each.file_uri) for each in facts.sources}
    sent = {key for key, each in facts.memory.items() if each.last_uploaded and key in present}
    missing = sent - files.keys()
    if sent and len(missing) * 2 > len(sent):
        return f"the list of files looks wrong: it lacks {len(missing)} of {len(sent)} files sent from here"
    expected = present | {fold(each.default_uri) for each in facts.sources}
    if not facts.branches and not expected & files.keys():
        return "the list of files looks wrong: it has none of the files of this repository"
    return ""


def over_limit(plan: Plan, facts: Iterable[PruneFacts], limit: int | None) -> str:
    """Return why PLAN deletes more than may be deleted at once; empty if it does not."""
    deleted = plan.count(Action.DELETE)
    if limit is not None:
        return (
            f"{deleted} files would be deleted, more than --max-deletions {limit}" if deleted > limit else ""
        )
    if deleted <= FEW_FILES:
        return ""
    if deleted > MOST_FILES:
        return f"{deleted} files would be deleted, more than {MOST_FILES} at once"
    ours = deleted + sum(len(_present(each)) for each in facts)
    if deleted * 100 > MOST_PERCENT * ours:
        return f"{deleted} of our {ours} files on the TMS would be deleted, more than {MOST_PERCENT} %"
    return ""


def _present(facts: PruneFacts) -> set[str]:
    """Return the files of present sources that the TMS has."""
    here = {fold(uri) for each in facts.sources for uri in (each.file_uri, each.default_uri) if uri}
    return here & (facts.remote.files or {}).keys()


# --- one file -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Candidate:
    """A file on the TMS that no present source has."""

    facts: PruneFacts
    listed: ListedFile
    source: Source
    """What the manifest makes of its path."""
    branch: str = ""
    kind: str = ""
    """`merged` or `gone`; empty for an orphan."""

    @property
    def key(self) -> str:
        return fold(self.listed.uri)

    @cached_property
    def was_sent(self) -> bool:
        """Whether a push from here sent what the TMS has."""
        sent = self.facts.memory.get(self.key)
        return sent is not None and sent.last_uploaded == self.listed.last_uploaded

    def wants_originals(self) -> Iterator[str]:
        doubtful = not (self.was_sent or self._branch_is_known()) or any(self._unsent())
        if doubtful and self.key not in self.facts.remote.originals:
            yield self.listed.uri
        default = self._default()
        if default:
            source, _ = default
            listed = (self.facts.remote.files or {}).get(fold(source.file_uri))
            unread = fold(source.file_uri) not in self.facts.remote.originals
            if listed and unread and not self._sent_of(listed):
                yield listed.uri

    def wants_blobs(self) -> Iterator[str]:
        default = self._default()
        if default and default[1] not in self.facts.contents:
            yield default[1]
        yield from (blob for _, blob in self._unsent() if blob not in self.facts.contents)
        original = self.facts.remote.originals.get(self.key)
        if original is not None and not self._held_exactly(original):
            yield from (each for each in self._earlier() if each not in self.facts.contents)

    def change(self) -> FileChange:
        """Return what happens to this file, and why."""
        if not (self.was_sent or self._branch_is_known() or self._is_held()):
            name = f"branch {self.branch!r}; --ours says so" if self.branch else "content"
            return self._change(
                Action.KEEP, Reason.FOREIGN, f"this repository's history does not know its {name}"
            )
        if not self.facts.abilities.delete:
            return self._change(Action.BLOCK, Reason.NOT_SUPPORTED, "the service deletes no files")
        if waiting := self._waits_for():
            return self._change(Action.KEEP, Reason.NOT_PUSHED_SINCE, waiting)
        reason = {"": Reason.ORPHAN, "merged": Reason.MERGED, "gone": Reason.GONE}[self.kind]
        return self._change(Action.DELETE, reason, f"branch {self.branch}" if self.branch else "")

    def _branch_is_known(self) -> bool:
        """Whether the branch is known to be this repository's: it is there, or something names it."""
        branches = self.facts.branches
        if not self.branch or branches is None:
            return False
        return self.kind == "merged" or self.branch in branches.known | _branches_of_jobs(self.facts)

    def _is_held(self) -> bool:
        """Whether history had this content at this path."""
        original = self.facts.remote.originals.get(self.key)
        if original is None:
            return False
        contents = (self.facts.contents.get(each) for each in self._earlier())
        return self._held_exactly(original) or any(
            same_content(self.source, ours, original) for ours in contents if ours is not None
        )

    def _held_exactly(self, original: bytes) -> bool:
        return blob_id(original, self.facts.example) in self.facts.held.get(self.source.path, ())

    def _earlier(self) -> list[str]:
        return sorted(self.facts.held.get(self.source.path, ()))[:READ_AT_MOST]

    def _default(self) -> tuple[Source, str] | None:
        """Return the same path as the default branch has it, for the file of another branch."""
        return self.facts.branches.defaults.get(self.source.path) if self.facts.branches else None

    def _sent_of(self, listed: ListedFile) -> Sent | None:
        sent = self.facts.memory.get(fold(listed.uri))
        return sent if sent and sent.last_uploaded == listed.last_uploaded else None

    def _waits_for(self) -> str:
        """Return why the branch's strings would lose their translators; empty if the default branch has them.

        What a merge brought must be on the TMS as the default branch's before the branch's file goes: a
        string that no file holds is nobody's, and would be paid for again.
        """
        default = self._default()
        if default is None:
            unsent = next((each for each, _ in self._unsent() if self._is_kin(each)), None)
            return f"push {unsent.path} on the default branch first" if unsent else ""
        source, blob = default
        listed = (self.facts.remote.files or {}).get(fold(source.file_uri))
        if listed is not None:
            sent = self._sent_of(listed)
            if sent and sent.blob == blob:
                return ""
            theirs = self.facts.remote.originals.get(fold(source.file_uri))
            if theirs is None and sent:
                theirs = self.facts.contents.get(sent.blob)
            ours = self.facts.contents.get(blob)
            if ours is not None and theirs is not None and same_content(source, ours, theirs):
                return ""
        return f"push {source.path} on the default branch first"

    def _unsent(self) -> Iterator[tuple[Source, str]]:
        """Yield the default branch's sources that the TMS lacks: one may be this file under another path."""
        if self.branch and self._default() is None and self.facts.branches:
            for source, blob in self.facts.branches.defaults.values():
                lacks = fold(source.file_uri) not in (self.facts.remote.files or {})
                if lacks and source.push and source.file_type == self.source.file_type:
                    yield source, blob

    def _is_kin(self, unsent: Source) -> bool:
        """Whether a source of the default branch has any string of this file."""
        blob = self.facts.branches.defaults[unsent.path][1] if self.facts.branches else ""
        ours, theirs = self.facts.contents.get(blob), self.facts.remote.originals.get(self.key)
        if ours is None or theirs is None:
            return False
        return bool(strings_or_none(unsent, ours) & strings_or_none(self.source, theirs))

    def _change(self, action: Action, reason: Reason, detail: str) -> FileChange:
        return FileChange(
            action,
            reason,
            self.facts.project,
            self.source.resource,
            self.source.path,
            self.listed.uri,
            branch=self.branch,
            last_uploaded=self.listed.last_uploaded,
            detail=detail,
        )


def _candidates(facts: PruneFacts) -> Iterator[_Candidate]:
    """Yield the files of which something has to be decided."""
    branches = facts.branches
    found = chain(_of_branches(facts, branches), _guessed(facts, branches)) if branches else _orphans(facts)
    present = {fold(uri) for each in facts.sources for uri in (each.file_uri, each.default_uri) if uri}
    for candidate in found:
        wanted = facts.resources is None or candidate.source.resource in facts.resources
        if wanted and candidate.key not in present:
            yield candidate


def _orphans(facts: PruneFacts) -> Iterator[_Candidate]:
    """Yield the files whose source is gone, among the fileUris of this branch itself."""
    present = {fold(each.file_uri): each for each in facts.sources}
    past = {fold(each.file_uri): each for each in facts.past if facts.on_default or each.default_uri}
    for key, listed in (facts.remote.files or {}).items():
        base = base_of(key)
        source = past.get(base) or (present.get(base) if base != key else None)
        if source is not None and (facts.on_default or source.default_uri):
            yield _Candidate(facts, listed, source)


# --- files of branches ------------------------------------------------------------------------------------


def _of_branches(facts: PruneFacts, branches: BranchFacts) -> Iterator[_Candidate]:
    """Yield the files of branches that are merged or gone; never one that a living branch may have."""
    patterns = patterns_of(branches.patterns)
    for listed in (facts.remote.files or {}).values():
        read = list(readings(listed.uri, patterns))
        states = {_state(branches, name) for name, _ in read}
        if len(states) == 1 and (state := states.pop()) in branches.kinds:
            name, source = read[0]
            yield _Candidate(facts, listed, source, name, state)


def _unread(facts: PruneFacts, branches: BranchFacts) -> list[ListedFile]:
    """Return the files under paths that this repository's history does not know."""
    if "gone" not in branches.kinds:
        return []
    patterns = patterns_of(branches.patterns)
    present = {fold(uri) for each in facts.sources for uri in (each.file_uri, each.default_uri)}
    return [
        listed
        for key, listed in (facts.remote.files or {}).items()
        if key not in present and not any(readings(listed.uri, patterns))
    ]


def _gone_readings(facts: PruneFacts, branches: BranchFacts) -> Iterator[tuple[ListedFile, str, Source]]:
    """Yield the unknown files that only gone branches may have, with each branch and source."""
    patterns = patterns_of(each for each in branches.guesses or () if each.project == facts.project)
    for listed in _unread(facts, branches) if patterns else ():
        read = list(readings(listed.uri, patterns))
        if all(_state(branches, name) == "gone" for name, _ in read):
            yield from ((listed, name, source) for name, source in read)


def _held_by_jobs(facts: PruneFacts) -> set[str]:
    """Return the unknown files that a job of a gone branch may hold: then they are the branch's."""
    named = _branches_of_jobs(facts)
    found = _gone_readings(facts, facts.branches) if facts.branches and named else ()
    return {fold(listed.uri) for listed, name, _ in found if name in named}


def _guessed(facts: PruneFacts, branches: BranchFacts) -> Iterator[_Candidate]:
    """Yield the files that only a gone branch had, so that history does not know their paths.

    One is ours if a push from here sent it, a job named after the branch holds it, or the user says so.
    """
    seen: set[str] = set()
    for listed, name, source in _gone_readings(facts, branches):
        candidate = _Candidate(facts, listed, source, name, "gone")
        sent = facts.memory.get(candidate.key)
        holders = {
            _branch_of(job.name, branches.job_names)
            for job in facts.remote.jobs or ()
            if candidate.key in map(fold, job.files)
        }
        if candidate.key not in seen and (
            (candidate.was_sent and sent and sent.path == source.path) or name in branches.ours | holders
        ):
            seen.add(candidate.key)
            yield candidate


def _state(branches: BranchFacts, name: str) -> str:
    """Return `merged`, `gone` or `living`: as living as any branch that has the same fileUris."""
    if fold(name) in {fold(branch) for branch in (*branches.living, branches.default)}:
        return "living"
    return "merged" if fold(name) in {fold(branch) for branch in branches.merged} else "gone"


# --- their jobs ---------------------------------------------------------------------------------------------


def _endings(facts: PruneFacts, changes: Iterable[FileChange]) -> Iterator[JobEnd]:
    """Yield the jobs of the branches that may be empty once CHANGES are carried out."""
    for job, now in _ended_jobs(facts, changes):
        if now or not facts.remote.used_jobs.get(job.uid, True):
            yield job


def _ended_jobs(facts: PruneFacts, changes: Iterable[FileChange]) -> Iterator[tuple[JobEnd, bool]]:
    """Yield the jobs of branches without files, and whether that is so only after CHANGES.

    A prune that was interrupted has left jobs of branches whose files are gone already: of the completed ones
    the newest are looked at.
    """
    branches = facts.branches
    if branches is None or not facts.abilities.jobs:
        return
    kept = {each.branch for each in changes if each.action is not Action.DELETE}
    deleted = {each.branch for each in changes if each.action is Action.DELETE}
    looked_at = 0
    for job in reversed(facts.remote.job_list or ()):
        name = _branch_of(job.name, branches.job_names)
        if not name or name in kept or _state(branches, name) not in branches.kinds:
            continue
        if job.status not in OPEN and name not in deleted:
            looked_at += job.status == "COMPLETED"
        if job.status in OPEN or (
            job.status == "COMPLETED" and (name in deleted or looked_at <= LOOK_AT_MOST)
        ):
            yield JobEnd(facts.project, job.uid, job.name, job.status, name), name in deleted


def _branches_of_jobs(facts: PruneFacts) -> frozenset[str]:
    """Return the branches that jobs of this repository are named after."""
    names = facts.branches.job_names if facts.branches else ()
    return frozenset(found for job in facts.remote.job_list or () if (found := _branch_of(job.name, names)))


def _branch_of(job: str, templates: Iterable[str]) -> str:
    """Return the branch that the name of a JOB holds; empty if the name is none of ours."""
    for template in templates:
        parts = re.split(r"(\{branch\}|\{\*\})", template)
        pattern = "".join(
            {"{branch}": "(?P<branch>.+?)", "{*}": ".*?"}.get(part, re.escape(part)) for part in parts
        )
        found = re.fullmatch(pattern + r"( [0-9a-f]{10})?( \d+)?", job, re.DOTALL)
        if found:
            return found["branch"]
    return ""


def _prefix(template: str) -> str:
    """Return the text that all job names of a template begin with."""
    return template.partition("{")[0].rstrip()
