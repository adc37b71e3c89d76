"""What a push does with every source, and what must be known to decide it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.model import (
    JOB_NAME_LIMIT,
    Abilities,
    FileStatus,
    JobRequest,
    JobSettings,
    ListedFile,
    OpenJob,
    Question,
    RemoteState,
    Rename,
    Sent,
    Source,
    Upload,
    fold,
)
from l10nsync.plan.elsewhere import Elsewhere, Relative, Strings, elsewhere, held, nearest
from l10nsync.plan.lineage import Lineages
from l10nsync.plan.renames import Move, Scene, base_of, blob_id, helpful, moves, owners, remotes
from l10nsync.plan.values import (
    Action,
    JobPlan,
    Orphan,
    Plan,
    Reason,
    RenamePlan,
    SourceChange,
    Wants,
    contents_of,
    digest_of,
    settings_digest,
)

SHRINK_LIMIT = 30
"""Percent of its keys that a source may lose before an upload is refused."""
AWAITING = "AWAITING_AUTHORIZATION"


@dataclass(frozen=True, slots=True)
class PushOptions:
    """What the user lets through, by flag."""

    force: bool = False
    accept_shrink: bool = False
    accept_namespace_change: bool = False
    may_order: bool = True
    """Whether a service that orders what it is sent may be sent anything."""


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
    past: tuple[Source, ...] | None = None
    """Sources that earlier states of this repository had and the present one has not; None: not asked."""
    lineages: Lineages | None = None
    """Which earlier paths the sources had; None: not asked."""
    newer: Mapping[tuple[str, str], str] | None = None
    """Of the rivals asked about: where the newer commit is that put them on the TMS, empty for none.

    None where nobody can say, and nobody is asked.
    """
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


def wants_push(facts: PushFacts) -> Wants:
    """Return what `plan_push` still has to know; ask again after it was answered."""
    if facts.remote.files is None:
        return Wants(Question(project=True, files=True, contents=contents_of(facts.sources, facts.blobs)))
    if facts.past is None and _strangers(facts):
        return Wants(gone=True)
    renames = _renames(facts)
    judges = [
        _Judge(facts, source, renames)
        for source in facts.sources
        if source.push and source.path in facts.blobs
    ]
    originals = frozenset(judge.uri for judge in judges if judge.wants_original()) | renames.helpful
    originals |= frozenset(each.uri for judge in judges for each in judge.unread() if not each.blob)
    originals |= frozenset(judge.shared for judge in judges if judge.wants_shared())
    statuses = frozenset(uri for judge in judges for uri in judge.wants_statuses())
    jobs = frozenset(judge.uri for judge in judges if judge.wants_jobs())
    blobs = frozenset(blob for judge in judges for blob in judge.wants_blobs())
    wants = Wants(Question(originals=originals, statuses=statuses, jobs=jobs), blobs)
    strangers = frozenset(each.uri for each in _strangers(facts))
    if not wants and strangers and facts.elsewhere is None and any(each.is_alone() for each in judges):
        return Wants(elsewhere=strangers)
    if not wants and facts.lineages is None and _wants_lineages(facts, judges):
        return Wants(lineages=True, gone=facts.past is None)
    if not wants and (held := frozenset(pair for judge in judges for pair in judge.wants_held())):
        return Wants(Question(held=held))
    if not wants and facts.newer is not None:
        rivals = frozenset(rival for judge in judges if (rival := judge.rival()) is not None)
        return Wants(rivals=rivals - facts.newer.keys())
    return wants


def _wants_lineages(facts: PushFacts, judges: Sequence[_Judge]) -> bool:
    """Whether history may tell another story than paths do.

    Where a file took the path of another one there is a second sign: its own path is taken as well or gone,
    or the other one is new elsewhere.
    """
    if any(judge.wants_lineage() for judge in judges):
        return True
    taken = sum(judge.may_be_another() for judge in judges)
    new = sum(not (judge.listed or judge.shared) for judge in judges)
    return bool(taken) and (taken + new > 1 or _has_gone(facts))


def plan_push(facts: PushFacts) -> Plan:
    """Return what a push of one project does; every want of `wants_push` must have been answered."""
    renames, changes = _judged(facts)
    jobs = _jobs(facts, changes)
    names = {source.path: name for name, sources in jobs.items() for source in sources}
    changes = [
        replace(each, job=names[each.path]) if each.action is Action.UPLOAD else each for each in changes
    ]
    sending = {change.job for change in changes}
    plans = [_job_plan(facts, name, sources, changes) for name, sources in jobs.items() if name in sending]
    resumed, notices = _left_waiting(facts, jobs, {plan.request.name for plan in plans})
    plans += resumed
    return Plan(
        "push",
        tuple(sorted(changes, key=lambda each: (each.project, each.path))),
        tuple(sorted(plans, key=lambda each: each.request.name)),
        _orphans(facts, renames),
        tuple(
            sorted(
                [
                    *_namespace_notices(facts, renames, changes),
                    *_order_notices(facts, changes),
                    *_rename_notices(facts, renames, changes),
                    *notices,
                ]
            )
        ),
        renames=tuple(RenamePlan(_project(facts), each.old, each.new, each.path) for each in renames.moves),
    )


# --- renames --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Renames:
    """What is renamed, and whose namespace a new file takes."""

    moves: tuple[Move, ...] = ()
    old: Mapping[str, str] = field(default_factory=dict)
    """Path of a source to the fileUri that its file still has on the TMS."""
    shares: Mapping[str, str] = field(default_factory=dict)
    """Path of a source to the fileUri of the file that it was, where that stays as it is."""
    helpful: frozenset[str] = frozenset()
    """fileUris whose content would tell more."""
    elsewhere: Elsewhere = field(default_factory=Elsewhere)
    """The files of other branches."""


def _renames(facts: PushFacts, without: frozenset[str] = frozenset()) -> _Renames:
    """Decide about renames as far as the facts go; WITHOUT names sources that shall not take part."""
    own = _scene(facts, without, own=True)
    asked = helpful(own)
    stays: dict[str, str] = {}
    if not facts.on_default:
        base = _scene(facts, without, own=False)
        asked |= helpful(base)
        stays = {
            path: uri for uri, path in owners(base).items() if fold(uri) != fold(base.sources[path].file_uri)
        }
    if not facts.abilities.rename:
        stays |= {move.path: move.old for move in moves(own) if move.path}
        return _Renames(shares=stays, helpful=asked, elsewhere=_elsewhere(facts))
    found = moves(own)
    old: dict[str, str] = {}
    for move in found:
        old.setdefault(move.path, move.old)
    old.pop("", None)
    return _Renames(found, old, stays, asked, _elsewhere(facts))


def _elsewhere(facts: PushFacts) -> Elsewhere:
    """Return the files of other branches, once it is known what a fileUri may stand for."""
    if not facts.elsewhere:
        return Elsewhere()
    return elsewhere(_strangers(facts), facts.elsewhere, facts.blobs)


def _scene(facts: PushFacts, without: frozenset[str], *, own: bool) -> Scene:
    """Return the files among the fileUris of this branch itself, or among those of the default branch."""

    def uri(source: Source) -> str:
        return source.file_uri if own else source.default_uri or source.file_uri

    everything = [
        each
        for each in (*(facts.past or ()), *facts.sources)
        if each.project == _project(facts) and (not own or _is_own(facts, each))
    ]
    return Scene(
        sources={
            each.path: replace(each, file_uri=uri(each))
            for each in everything
            if each.push and each.path in facts.blobs and each.path not in without
        },
        blobs=facts.blobs,
        remotes=remotes(
            facts.remote.files or {},
            {fold(uri(each)): each.path for each in everything}
            | {fold(each): path for path, each in facts.forced.items() if own},
            facts.memory,
            facts.remote.originals,
            next(iter(facts.blobs.values()), ""),
        ),
        lineages=facts.lineages or Lineages(),
        forced=facts.forced if own else {},
    )


def _is_own(facts: PushFacts, source: Source) -> bool:
    """Whether the fileUri belongs to this branch: another branch may still have the file elsewhere."""
    return facts.on_default or bool(source.default_uri)


def _strangers(facts: PushFacts) -> list[ListedFile]:
    """Return the files that are no source here: earlier ones, those of other branches, or somebody else's."""
    here = {fold(uri) for each in facts.sources for uri in (each.file_uri, each.default_uri)} | facts.present
    return [listed for key, listed in sorted((facts.remote.files or {}).items()) if key not in here]


def _project(facts: PushFacts) -> str:
    return facts.sources[0].project if facts.sources else ""


def _judged(facts: PushFacts) -> tuple[_Renames, list[SourceChange]]:
    """Return the renames and the changes; a source that cannot be sent takes no part in renames."""
    renames = _renames(facts)
    changes = [_Judge(facts, source, renames).change() for source in facts.sources]
    idle = frozenset(each.path for each in changes if each.path in renames.old and each.action is Action.KEEP)
    if idle:
        renames = _renames(facts, idle)
        changes = [_Judge(facts, source, renames).change() for source in facts.sources]
    blocked = [each.path for each in changes if each.path in renames.old and each.action is Action.BLOCK]
    if blocked:
        detail = f"it waits for {blocked[0]}, whose rename is blocked"
        changes = [
            replace(each, action=Action.BLOCK, detail=detail)
            if each.path in renames.old and each.path not in blocked
            else each
            for each in changes
        ]
        renames = replace(renames, moves=())
    return renames, changes


class _Judge:
    """Decides about one source; each question it asks is answered from the facts alone."""

    def __init__(self, facts: PushFacts, source: Source, renames: _Renames) -> None:
        self.facts = facts
        self.source = source
        self.old = renames.old.get(source.path, "")
        """The fileUri that the file still has, where it is renamed."""
        self.shared = renames.shares.get(source.path, "")
        """The fileUri of a file whose namespace a new one takes."""
        if not self.shared and fold(source.default_uri) in (facts.remote.files or {}):
            self.shared = source.default_uri
        self.elsewhere = renames.elsewhere
        self.key = fold(self.old or source.file_uri)
        self.blob = facts.blobs.get(source.path, "")
        files = facts.remote.files or {}
        vacated = not self.old and self.key in {fold(move.old) for move in renames.moves}
        self.listed: ListedFile | None = None if vacated else files.get(self.key)
        """The file as the TMS has it; None where there is none, or where another source takes it along."""
        remembered = facts.memory.get(self.key)
        current = self.listed and remembered and remembered.last_uploaded == self.listed.last_uploaded
        self.sent: Sent | None = remembered if current else None
        if self.listed and self.listed.versions is not None:
            self.sent = self._kept(self.listed, self.listed.versions)
        self.status: FileStatus | None = facts.remote.statuses.get(self.key)
        self.uri = self.listed.uri if self.listed else source.file_uri
        """The fileUri as the TMS has it."""

    def _kept(self, listed: ListedFile, versions: Mapping[str, tuple[str, ...]]) -> Sent:
        """Return what the service itself remembers: of our content if it has that, else of the newest."""
        blob = self.blob if self.blob in versions else next(iter(list(versions)[-1:]), "")
        return Sent(
            uri=listed.uri,
            last_uploaded=listed.last_uploaded,
            blob=blob,
            namespace=self.source.namespace,
            locales=versions.get(blob, ()),
            settings=settings_digest(self.source.directives),
            authorized=True,
        )

    # the same source on other branches

    def is_alone(self) -> bool:
        """Whether the file is new, and none of this branch, or of the default branch, lends its namespace."""
        return not (self.listed or self.shared)

    def near(self) -> list[Relative]:
        """Return the files of other branches that have our path, or an earlier one of ours."""
        earlier = self.facts.lineages.earlier(self.source.path) if self.facts.lineages else ()
        paths = [self.source.path, *(each.path for each in earlier)] if self.is_alone() else []
        found = {each.uri: each for path in paths for each in self.elsewhere.by_path.get(path, ())}
        return [self._relative(each) for each in found.values()]

    def far(self) -> list[Relative]:
        """Return the files of other branches under paths that are unknown here, where none is near."""
        if not self.is_alone() or self.facts.lineages is None or self.near():
            return []
        return [self._relative(each) for each in self.elsewhere.readable()]

    def _relative(self, listed: ListedFile) -> Relative:
        key, sent = fold(listed.uri), self.facts.memory.get(fold(listed.uri))
        sent = sent if sent and sent.last_uploaded == listed.last_uploaded else None
        status = self.facts.remote.statuses.get(key)
        blob = sent.blob if sent and self.facts.contents.get(sent.blob, b"") is not None else ""
        content = self.facts.remote.originals.get(key)
        content = self.facts.contents.get(blob) if content is None else content
        return Relative(
            listed.uri,
            status.namespace if status else sent.namespace if sent else None,
            None if content is None else _strings_or_none(self.source, content),
            blob,
        )

    def relatives(self) -> list[Relative]:
        """Return the files that may lend their namespace; one under an unknown path holds most of us."""
        ours = self._our_strings()
        return self.near() or [each for each in self.far() if held(each, ours) * 2 > ours.total()]

    def unread(self) -> list[Relative]:
        """Return the files of other branches whose content has to be known."""
        near = self.near()
        rules = {None, self.source.namespace}
        if near and all(each.namespace in rules for each in near):
            return []
        return [each for each in near or self.far() if each.strings is None]

    def _our_strings(self) -> Strings:
        return _strings_or_none(self.source, self.facts.contents.get(self.blob) or b"")

    def _lender(self) -> str:
        """Return the fileUri of the file whose namespace a new one takes; empty if it takes the rule's."""
        relatives = self.relatives()
        if self.shared or all(each.namespace in {None, self.source.namespace} for each in relatives):
            return self.shared
        return nearest(relatives, self._our_strings())

    # what is still unknown

    def wants_blobs(self) -> Iterable[str]:
        """Contents of our side, and of what was sent last, where the blob ids alone do not decide."""
        if self.sent and not self.old and self._reason()[0] is Reason.UNCHANGED and not self._awaits():
            return
        theirs = [each.blob for each in self.unread()]
        for blob in (self.blob, self.sent.blob if self.sent else "", self._shared_blob(), *theirs):
            if blob and blob not in self.facts.contents:
                yield blob

    def wants_original(self) -> bool:
        """Whether the TMS's copy must be read: nothing local tells what it holds."""
        if not self.listed or self.key in self.facts.remote.originals or self.listed.versions is not None:
            return False
        if self.sent:
            return self.sent.blob != self.blob and self.facts.contents.get(self.sent.blob, b"") is None
        return True

    def wants_shared(self) -> bool:
        """Whether the copy of the file whose namespace a new one takes must be read, to tell what is new."""
        if self.listed or not self.shared or self.facts.abilities.orders:
            return False
        blob = self._shared_blob()
        unknown = not blob or self.facts.contents.get(blob, b"") is None
        return unknown and fold(self.shared) not in self.facts.remote.originals

    def wants_statuses(self) -> Iterable[str]:
        """FileUris whose namespace, directives or locales must be asked for."""
        statuses = self.facts.remote.statuses
        if not self.listed:
            if self.shared and not {fold(self.shared)} & (statuses.keys() | self.facts.memory.keys()):
                yield self.shared
            yield from (each.uri for each in self.relatives() if each.namespace is None)
        elif not self.sent and self.key in self.facts.remote.originals and self.key not in statuses:
            yield self.uri

    def wants_jobs(self) -> bool:
        """Whether open jobs may hold locales that the status does not show, or wait for authorization."""
        if self.key in self.facts.remote.jobs_asked or not self.listed:
            return False
        if self.sent:
            return self.source.job.authorize and not self.sent.authorized and self.sent.blob == self.blob
        if self.status is None or not self._same_content():
            return False
        if set(self.source.locales) - self._locales_in_status():
            return True
        return self.source.job.authorize and self._has_unauthorized()

    def wants_lineage(self) -> bool:
        """Whether the file may have had another path: a new one, one that looks like another, a lost one.

        Only asked once everything else is known.
        """
        if self.old:
            return False
        if not self.listed:
            unknown = self.is_alone() and self.elsewhere.unknown and not self.relatives()
            return bool(unknown) or _has_gone(self.facts)
        return self.change().reason is Reason.SHRUNK or (not self.sent and self._may_be_lost())

    def may_be_another(self) -> bool:
        """Whether a file may have taken the path of another one: the TMS has something else there."""
        if self.old or (self.sent and self.sent.blob == self.blob):
            return False
        if not self.listed:
            return bool(self.shared)
        change = self.change()
        if change.action is not Action.UPLOAD or change.reason is not Reason.CONTENT_CHANGED:
            return False
        return not change.words or change.new_strings * 2 > change.strings

    def _may_be_lost(self) -> bool:
        """Whether an interrupted rename may have left the file: nobody was ever asked to translate it."""
        return self.status is not None and not self._locales_in_status()

    def wants_held(self) -> Iterable[tuple[str, str]]:
        """Jobs of which has to be known whether they hold the file's strings, or only its name."""
        known = self._promised() or self._earlier_namespaces()
        if self.sent or self.old or not (known and self._may_be_lost()):
            return []
        return [(job.uid, self.uri) for job in self._jobs_here() if job.uid not in self._held()]

    def _held(self) -> Mapping[str, bool]:
        """Return whether jobs hold any string of the file, by their uids."""
        return {uid: held for (uid, uri), held in self.facts.remote.held.items() if fold(uri) == self.key}

    def _jobs_here(self) -> list[OpenJob]:
        jobs = self.facts.remote.jobs or ()
        return [job for job in jobs if any(fold(uri) == self.key for uri in job.files)]

    def _has_unauthorized(self) -> bool:
        """Whether strings of a locale were never authorized: an interrupted push may have left them."""
        status = self.status
        return status is not None and any(
            each.authorized_strings + each.completed_strings + each.excluded_strings < status.total_strings
            for locale, each in status.locales.items()
            if locale in self.source.locales
        )

    def _awaits(self) -> bool:
        """Whether an open job that waits for authorization holds the file."""
        return any(
            job.status == AWAITING and any(fold(uri) == self.key for uri in job.files)
            for job in self.facts.remote.jobs or ()
        )

    def waiting_words(self) -> int:
        """Return what authorizing the file costs at most: all its words in all its locales."""
        try:
            ours = _strings(self.source, self.facts.contents.get(self.blob) or b"")
        except ContentError:
            return 0
        return _words(ours) * len(self.source.locales)

    def rival(self) -> tuple[str, str] | None:
        """Return path and blob id of what would be replaced: a newer commit may have put it there."""
        theirs = self._theirs()
        if theirs is None or self.facts.abilities.orders or self._reason()[0] is not Reason.CONTENT_CHANGED:
            return None
        return self.source.path, blob_id(theirs, self.blob)

    # the decision

    def change(self) -> SourceChange:
        """Return what happens to this source, and why."""
        source = self.source
        if not source.push:
            return self._keep(Reason.NOT_PUSHED_HERE)
        if not self.blob:
            return self._keep(Reason.NOT_COMMITTED, "commit it to send it, or use --worktree")
        reason, detail = self._reason()
        if reason is Reason.RENAMED:
            return self._change(Action.RENAME, reason, detail)
        if reason is Reason.UNCHANGED:
            return replace(self._keep(reason), remember=self._memory())
        rival = self.rival()
        if rival is not None and (newer := (self.facts.newer or {}).get(rival)):
            return self._change(
                Action.BLOCK,
                Reason.SUPERSEDED,
                f"the TMS holds what a newer commit says ({newer}); push that one, or this one with --force",
            )
        checked = self._checked(reason, detail)
        if not self.old or checked.action is not Action.UPLOAD:
            return checked
        why = f"was {self.old}; {reason}" + (f": {detail}" if detail else "")
        return replace(checked, reason=Reason.RENAMED, detail=why)

    def _reason(self) -> tuple[Reason, str]:
        reason, detail = self._reason_here()
        if reason is not Reason.UNCHANGED:
            return reason, detail
        if self.old:
            return Reason.RENAMED, f"was {self.old}"
        if self._is_lost() and self.status:
            return Reason.RENAMED, f"an interrupted rename left it in namespace {self.status.namespace!r}"
        return reason, detail

    def _reason_here(self) -> tuple[Reason, str]:
        """Return why the content would be sent, renamed or not."""
        if self.listed is None:
            return Reason.NEW, ""
        if self.facts.options.force and not self.facts.abilities.orders:  # nothing is ordered twice
            return Reason.FORCED, ""
        if self.facts.options.accept_namespace_change and self._remote_namespace() != self.source.namespace:
            return Reason.NAMESPACE_CHANGED, f"was {self._remote_namespace()!r}"
        if not self._same_content():
            return Reason.CONTENT_CHANGED, ""
        if self._is_lost():
            return Reason.UNCHANGED, ""  # what the status shows is not about its strings
        if changed := self._changed_directives():
            return Reason.DIRECTIVES_CHANGED, ", ".join(changed)
        if added := self._locales_added():
            return Reason.LOCALE_ADDED, ", ".join(added)
        return Reason.UNCHANGED, ""

    def _checked(self, reason: Reason, detail: str) -> SourceChange:
        """Return the upload, unless the content itself speaks against it."""
        content = self.facts.contents.get(self.blob)
        if content is None:
            return self._change(Action.BLOCK, Reason.UNREADABLE, "git does not have its content here")
        if not content.strip():
            return self._keep(Reason.EMPTY)
        try:
            ours = _strings(self.source, content)
        except ContentError as error:
            if not self.facts.options.accept_shrink:
                return self._change(
                    Action.BLOCK, Reason.UNREADABLE, f"{error}; --accept-shrink sends it as it is"
                )
            ours = Counter()
        else:
            if not ours:
                return self._keep(Reason.NO_STRINGS)
        before = self._strings_before()
        lost = _lost(before, ours)
        if before and lost * 100 > SHRINK_LIMIT * before.total() and not self.facts.options.accept_shrink:
            return self._change(
                Action.BLOCK,
                Reason.SHRUNK,
                f"{lost} of {before.total()} strings would be removed; --accept-shrink sends it as it is",
            )
        orders = self.facts.abilities.orders
        if orders and not self.facts.options.may_order:
            return self._keep(Reason.NOT_AUTHORIZED, "what is sent is ordered; --authorize lets it through")
        change = self._change(Action.UPLOAD, reason, detail)
        begins_anew = orders or reason is Reason.NAMESPACE_CHANGED
        new = ours if begins_anew else ours - before - self._strings_shared()
        locales = self.source.locales
        added = self._locales_added() if reason is Reason.LOCALE_ADDED else ()
        return replace(
            change,
            strings=ours.total(),
            words=_words(ours),
            new_strings=new.total(),
            new_words=_words(new),
            words_to_translate=_words(new) * (len(locales) - len(added)) + _words(ours) * len(added),
        )

    def _memory(self) -> Sent | None:
        """Return what a later run may rely on while the server shows the same `last_uploaded`."""
        if self.listed is None:
            return None
        return Sent(
            uri=self.listed.uri,
            last_uploaded=self.listed.last_uploaded,
            blob=self.blob,
            namespace=self.namespace(),
            locales=tuple(sorted(self._locales_asked_for())),
            settings=settings_digest(self.source.directives),
            authorized=not self._awaits(),
            path=self.source.path,
        )

    def _keep(self, reason: Reason, detail: str = "") -> SourceChange:
        return self._change(Action.KEEP, reason, detail)

    def _change(self, action: Action, reason: Reason, detail: str) -> SourceChange:
        source = self.source
        return SourceChange(
            action=action,
            reason=reason,
            project=source.project,
            resource=source.resource,
            path=source.path,
            uri=source.file_uri if self.old else self.uri,
            file_type=source.file_type,
            namespace=self.namespace(),
            locales=source.locales,
            directives=source.directives,
            charset=source.charset,
            blob=self.blob,
            last_uploaded=self.listed.last_uploaded if self.listed else "",
            detail=detail,
            renamed_from=self.old,
        )

    def namespace(self) -> str:
        """Return the namespace to send: the TMS's own wins, then the default branch's, then the rule's."""
        if self.facts.options.accept_namespace_change:
            return self.source.namespace
        return self._remote_namespace()

    def _remote_namespace(self) -> str:
        if self.sent:
            return self.sent.namespace
        if self.status:
            return self._namespace_lost_in_rename() or self.status.namespace or self.source.namespace
        if self.listed is None and (lender := self._lender()):
            shared = fold(lender)
            if shared in self.facts.remote.statuses:
                return self.facts.remote.statuses[shared].namespace or self.source.namespace
            if shared in self.facts.memory:
                return self.facts.memory[shared].namespace
        return self.source.namespace

    def _is_lost(self) -> bool:
        """Whether an interrupted rename has left the file in another namespace than it shall keep."""
        if self.sent or self.old or self.status is None:
            return False
        return self.status.namespace not in {"", self._remote_namespace()}

    def _namespace_lost_in_rename(self) -> str:
        """Return the namespace that a rename was to keep and an interruption took; empty if none was.

        The service may give a renamed file a namespace of its new fileUri. A run that was killed right then
        has left a file that nobody ever translated, in that namespace: jobs hold its name, and none of its
        strings. The cache has the promise to bring the old one back. Without it history tells: the file began
        under its earliest path; if nobody translated it in that namespace, it was sent only after its next
        rename.
        """
        promised, earlier = self._promised(), self._earlier_namespaces()
        if not ((promised or earlier) and self.status and self._may_be_lost()):
            return ""
        if any(self._held().get(job.uid, True) for job in self._jobs_here()):
            return ""
        now = self.status.namespace
        if fold(now) == fold(self.uri):
            return promised or earlier[0]
        return earlier[earlier.index(now) + 1] if now in earlier[:-1] else ""

    def _promised(self) -> str:
        """Return the namespace that an interrupted rename shall still bring back, as the cache has it."""
        found = (self.facts.memory.get(key) for key in (fold(self.source.file_uri), self.key))
        return next((each.namespace for each in found if each and not each.last_uploaded), "")

    def _earlier_namespaces(self) -> list[str]:
        """Return the namespaces that the rule gives the file under its earlier paths, the earliest first."""
        if self.facts.lineages is None:
            return []
        rules = {each.path: each.namespace for each in (*(self.facts.past or ()), *self.facts.sources)}
        paths = [each.path for each in reversed(self.facts.lineages.earlier(self.source.path))]
        found = list(dict.fromkeys(rules[path] for path in paths if path in rules))
        return [] if self.source.namespace in found[:1] else [x for x in found if x != self.source.namespace]

    def _same_content(self) -> bool:
        if self.sent and self.sent.blob == self.blob:
            return True
        theirs = self._theirs()
        ours = self.facts.contents.get(self.blob)
        return theirs is not None and ours is not None and same_content(self.source, ours, theirs)

    def _theirs(self) -> bytes | None:
        """Return what the TMS holds: its original, or the blob that was sent and is still there."""
        original = self.facts.remote.originals.get(self.key)
        if original is None and self.sent:
            return self.facts.contents.get(self.sent.blob)
        return original

    def _strings_before(self) -> Strings:
        theirs = self._theirs()
        if theirs is None:
            return Counter()
        return _strings_or_none(self.source, theirs)

    def _shared_blob(self) -> str:
        """Return the blob that was sent as the file whose namespace a new one takes; empty if unknown."""
        key = fold(self.shared)
        listed = (self.facts.remote.files or {}).get(key) if self.shared and not self.listed else None
        sent = self.facts.memory.get(key)
        return sent.blob if listed and sent and sent.last_uploaded == listed.last_uploaded else ""

    def _strings_shared(self) -> Strings:
        """Return the strings that a new file has in common with the file whose namespace it takes."""
        if self.listed or not self.shared:
            return Counter()
        content = self.facts.remote.originals.get(fold(self.shared))
        if content is None:
            content = self.facts.contents.get(self._shared_blob())
        return _strings_or_none(self.source, content or b"")

    def _changed_directives(self) -> list[str]:
        if self.sent:
            return ["settings"] if self.sent.settings != settings_digest(self.source.directives) else []
        shown, inside = self.status.directives if self.status else {}, self._directives_inside()
        ours = sorted(self.source.directives.items())
        return [name for name, value in ours if name not in inside and shown.get(name) != value]

    def _directives_inside(self) -> frozenset[str]:
        """Return the directives that the file itself names: they win, so the status shows theirs."""
        source, content = self.source, self.facts.contents.get(self.blob) or b""
        try:
            document = formats.parse(source.file_type, content, source.directives, source.charset)
        except ContentError:
            return frozenset()
        return frozenset(document.directives if document else ())

    def _locales_added(self) -> tuple[str, ...]:
        asked = self._locales_asked_for()
        return tuple(each for each in self.source.locales if each not in asked)

    def _locales_asked_for(self) -> set[str]:
        if self.sent:
            return set(self.sent.locales)
        jobs = self.facts.remote.jobs or ()
        listed = (locales for job in jobs for uri, locales in job.files.items() if fold(uri) == self.key)
        return self._locales_in_status().union(*listed)

    def _locales_in_status(self) -> set[str]:
        counts = self.status.locales if self.status else {}
        return {locale for locale, each in counts.items() if each.asked_for}


def same_content(source: Source, ours: bytes, theirs: bytes) -> bool:
    """Return whether two versions of a source are one, as its type compares.

    Bytes; else the decoded text, since the service hands some encodings back as UTF-8; else, for a
    type that holds all locales, its source part alone.
    """
    if ours == theirs:
        return True
    kind = formats.get(source.file_type)
    if kind and kind.multilingual:
        return formats.same(source.file_type, ours, theirs, source.directives, source.charset)
    left, right = (
        formats.decode(each, source.file_type, charset)
        for each, charset in ((ours, source.charset), (theirs, None))
    )
    return left is not None and left == right


def _strings(source: Source, content: bytes) -> Strings:
    """Return the multiset of (key, plural category, text) of a source; raise `ContentError`."""
    document = formats.parse(source.file_type, content, source.directives, source.charset)
    if document is None:
        return Counter({("", "", ""): 1})
    return Counter((unit.key, unit.plural, unit.text) for unit in document.units if unit.text.strip())


def _strings_or_none(source: Source, content: bytes) -> Strings:
    """Return the same of a source that may be broken: then it has none."""
    try:
        return _strings(source, content)
    except ContentError:
        return Counter()


def _lost(before: Strings, now: Strings) -> int:
    """Return how many keys are gone; texts may have changed."""
    return (_keys(before) - _keys(now)).total()


def _keys(strings: Strings) -> Counter[tuple[str, str]]:
    keys: Counter[tuple[str, str]] = Counter()
    for (key, plural, _text), count in strings.items():
        keys[key, plural] += count
    return keys


def _words(strings: Strings) -> int:
    return sum(formats.words(text) * count for (_key, _plural, text), count in strings.items())


def _jobs(facts: PushFacts, changes: Sequence[SourceChange]) -> dict[str, list[Source]]:
    """Return the sources by the name of their job, for all sources that are pushed from here."""
    uploads = sorted(f"{each.uri}\0{each.blob}" for each in changes if each.action is Action.UPLOAD)
    suffix = digest_of(uploads)[:10]
    jobs: dict[str, list[Source]] = {}
    for source in facts.sources:
        if source.push:
            jobs.setdefault(
                job_name(source.job.name, facts.words, "" if source.job.reuse else suffix), []
            ).append(source)
    return jobs


def job_name(template: str, words: Mapping[str, str], suffix: str = "") -> str:
    """Return a job's name: placeholders filled in, braces of their values dropped, 170 characters at most."""
    name = template
    for word, value in words.items():
        name = name.replace(f"{{{word}}}", value.replace("{", "(").replace("}", ")"))
    name = " ".join(name.split())
    tail = f" {suffix}" if suffix else ""
    return name[: JOB_NAME_LIMIT - len(tail)].rstrip() + tail


def _job_request(facts: PushFacts, name: str, sources: Sequence[Source]) -> JobRequest:
    job = sources[0].job
    return JobRequest(
        name=name,
        reuse=job.reuse,
        authorize=job.authorize or facts.abilities.orders,
        description=job.description,
        due_date=facts.due.get(job.due_date, ""),
        reference_number=job.reference_number,
        locale_workflows=job.locale_workflows,
        custom_fields=job.custom_fields,
        max_words=min(
            (each.job.max_words for each in sources if each.job.max_words is not None), default=None
        ),
        max_cost=lowest(each.job.max_cost for each in sources),
        rush=job.rush,
        references=facts.references,
    )


def lowest(limits: Iterable[str]) -> str:
    """Return the lowest of some limits of cost; an empty one is none."""
    return min((each for each in limits if each), key=Decimal, default="")


def _job_plan(
    facts: PushFacts, name: str, sources: Sequence[Source], changes: Sequence[SourceChange]
) -> JobPlan:
    waiting = _waiting(facts, name, sources)
    keys = frozenset(map(fold, waiting))
    held = [_Judge(facts, each, _Renames()) for each in sources if fold(each.file_uri) in keys]
    sent = {each.path for each in changes if each.job and each.action is Action.UPLOAD}
    return JobPlan(
        project=sources[0].project,
        request=_job_request(facts, name, sources),
        waiting=waiting,
        words=sum(each.words_to_translate for each in changes if each.job == name)
        + sum(judge.waiting_words() for judge in held if judge.source.path not in sent),
        uncounted=tuple(each.path for each in changes if each.job == name and not each.words),
        settings=_settings_of([each.job for each in sources], facts.references),
    )


def _settings_of(jobs: Sequence[JobSettings], references: Sequence[tuple[str, str]]) -> str:
    """Return a digest of what a job is made from, as the manifest writes it: a due date may be `+5d`."""
    said = {
        json.dumps(
            [
                each.reuse,
                each.authorize,
                each.description,
                each.due_date,
                each.reference_number,
                sorted(each.locale_workflows.items()),
                sorted(each.custom_fields.items()),
                each.max_words,
                each.max_cost,
                each.rush,
            ]
        )
        for each in jobs
    }
    return digest_of([sorted(said), references])[:16]


def _waiting(facts: PushFacts, name: str, sources: Sequence[Source]) -> tuple[str, ...]:
    """Return our files in job NAME that wait for an authorization that the manifest asks for."""
    ours = {fold(source.file_uri) for source in sources if source.job.authorize}
    jobs = (job for job in facts.remote.jobs or () if (job.name, job.status) == (name, AWAITING))
    return tuple(sorted({uri for job in jobs for uri in job.files if fold(uri) in ours}))


def _left_waiting(
    facts: PushFacts, jobs: Mapping[str, Sequence[Source]], planned: set[str]
) -> tuple[list[JobPlan], list[str]]:
    """Return the jobs that an interrupted push left to be authorized, and a notice for those of others.

    A job is ours if its name is one that this manifest gives here, numbered or with the digest of
    another plan; a branch's job, say, is somebody else's: its other files are not ours to pay for.
    """
    plans: dict[str, JobPlan] = {}
    notices: list[str] = []
    for left in facts.remote.jobs or ():
        if left.status != AWAITING or left.name in planned:
            continue
        for sources in jobs.values():
            waiting = _waiting(facts, left.name, sources)
            if not waiting:
                continue
            base = job_name(sources[0].job.name, facts.words)
            if is_form_of(left.name, base, digest=not sources[0].job.reuse):
                plans[left.name] = _job_plan(facts, left.name, sources, ())
            else:
                notices.append(
                    f"{_files(waiting)} for authorization in job"
                    f" {left.name!r}, which this push does not authorize"
                    f" (`push --job {left.name!r} --authorize` does)"
                )
    return list(plans.values()), notices


def _files(uris: Sequence[str]) -> str:
    return f"{uris[0]} waits" if len(uris) == 1 else f"{len(uris)} files, such as {uris[0]}, wait"


def is_form_of(name: str, base: str, *, digest: bool) -> bool:
    """Whether NAME is BASE with a digest (where jobs are not reused) or a number, cut or not."""
    if name == base and not digest:  # a base may itself end in a number
        return True
    tail = r"( [0-9a-f]{10})( \d+)?" if digest else r"( \d+)?"
    found = re.fullmatch(f"(.*?){tail}", name, re.DOTALL)
    head = name[: found.end(1)] if found else name
    return head == base or (len(name) >= JOB_NAME_LIMIT - 8 and base.startswith(head[: JOB_NAME_LIMIT - 40]))


def _has_gone(facts: PushFacts) -> bool:
    """Whether the TMS has a file of an earlier source."""
    files = facts.remote.files or {}
    return any(fold(uri) in files for each in facts.past or () for uri in (each.file_uri, each.default_uri))


def _orphans(facts: PushFacts, renames: _Renames) -> tuple[Orphan, ...]:
    """Return files that are on the TMS and in this repository's past, but not in its present."""
    present = {fold(source.file_uri) for source in facts.sources} | {
        fold(source.default_uri) for source in facts.sources
    }
    past = {fold(each.file_uri) for each in facts.past or () if each.project == _project(facts)}
    known = past - present - facts.present
    moved = {fold(each.old) for each in renames.moves}
    aside = {fold(each.new): each.new for each in renames.moves if not each.path}
    found = {
        key: listed.uri
        for key, listed in (facts.remote.files or {}).items()
        if key not in moved and (key in known or (base_of(key) != key and base_of(key) in past | present))
    } | aside
    return tuple(Orphan(_project(facts), found[key]) for key in sorted(found))


def _rename_notices(facts: PushFacts, renames: _Renames, changes: Sequence[SourceChange]) -> Iterable[str]:
    """Say which files begin anew because the service renames none."""
    for change in changes:
        old = renames.shares.get(change.path)
        if old and change.action is Action.UPLOAD and not facts.abilities.rename:
            yield f"{change.path}: was {old}, but this service renames no files: it is sent as a new one"


def _namespace_notices(facts: PushFacts, renames: _Renames, changes: Sequence[SourceChange]) -> Iterable[str]:
    rules = {source.path: source for source in facts.sources}
    kept = [
        change
        for change in changes
        if change.reason not in {Reason.NOT_PUSHED_HERE, Reason.NOT_COMMITTED, Reason.RENAMED}
        and change.namespace != rules[change.path].namespace
        and not (rules[change.path].default_uri or change.path in renames.shares)
        and not (change.reason is Reason.NEW and facts.elsewhere)
    ]
    if kept:
        first = kept[0]
        more = f" (and {len(kept) - 1} more)" if len(kept) > 1 else ""
        yield (
            f"{first.path}{more}: keeps namespace {first.namespace!r} that it has on the TMS; the manifest"
            f" says {rules[first.path].namespace!r} (--accept-namespace-change moves it and makes every"
            " string new)"
        )


def _order_notices(facts: PushFacts, changes: Sequence[SourceChange]) -> Iterable[str]:
    whole = [each for each in changes if each.job and each.reason is Reason.CONTENT_CHANGED]
    if facts.abilities.orders and whole:
        files = "1 changed file is" if len(whole) == 1 else f"{len(whole)} changed files are"
        yield f"{files} ordered whole: the service does not tell new text from old"


def uploads_of(plan: Plan, job: str, project: str) -> tuple[SourceChange, ...]:
    """Return the uploads of PLAN that go to one job."""
    return tuple(
        each
        for each in plan.changes
        if isinstance(each, SourceChange)
        and each.action is Action.UPLOAD
        and (each.job, each.project) == (job, project)
    )


def renames_of(plan: Plan, project: str, contents: Mapping[str, bytes]) -> tuple[Rename, ...]:
    """Return the renames of PLAN in one project; CONTENTS maps blob ids to bytes.

    A file that is not sent afterwards brings what the service needs to give it its namespace back.
    """
    kept = {
        fold(each.uri): upload(each, contents[each.blob])
        for each in plan.changes
        if isinstance(each, SourceChange) and each.action is Action.RENAME and each.project == project
    }
    renames = [
        Rename(each.old, each.new, kept.pop(fold(each.new), None))
        for each in plan.renames
        if each.project == project
    ]
    return (*renames, *(Rename(each.uri, each.uri, each) for each in kept.values()))


def upload(change: SourceChange, content: bytes) -> Upload:
    """Return the upload that CHANGE stands for."""
    return Upload(
        uri=change.uri,
        file_type=change.file_type,
        namespace=change.namespace,
        locales=change.locales,
        content=content,
        charset=change.charset,
        directives=change.directives,
        last_uploaded=change.last_uploaded,
        blob=change.blob,
        expected=len(change.locales)
        * (change.strings if change.reason is Reason.LOCALE_ADDED else change.new_strings),
    )
