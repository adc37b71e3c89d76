"""What a push does with one source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.model import FileStatus, HeldString, ListedFile, Sent, Source, fold
from l10nsync.plan.counts import counts_of
from l10nsync.plan.elsewhere import Relative, held, nearest
from l10nsync.plan.ownership import Claim, Origin, Verdict, judge, refusal
from l10nsync.plan.push_facts import (
    AWAITING,
    SHRINK_LIMIT,
    PushFacts,
    is_own_name,
    jobs_known,
    jobs_with,
    waiting_in_jobs,
)
from l10nsync.plan.push_renames import Renames
from l10nsync.plan.renames import blob_id
from l10nsync.plan.strayed import Stray
from l10nsync.plan.strings import (
    WHOLE_FILE,
    Strings,
    known_strings,
    lost_keys,
    same_content,
    strings_of,
    strings_or_none,
    words_of,
)
from l10nsync.plan.values import Action, Reason, SourceChange, settings_digest


class SourceJudge:
    """Decides about one source; each question it asks is answered from the facts alone."""

    def __init__(self, facts: PushFacts, source: Source, renames: Renames) -> None:
        self.facts = facts
        self.source = source
        self.renames = renames
        self.old = renames.old.get(source.path, "")
        """The fileUri that the file still has, where it is renamed."""
        self.shared = renames.shares.get(source.path, "")
        """The fileUri of a file whose namespace a new one takes."""
        if not self.shared and fold(source.default_uri) in (facts.remote.files or {}):
            self.shared = source.default_uri
        self.key = fold(self.old or source.file_uri)
        self.blob = facts.blobs.get(source.path, "")
        files = facts.remote.files or {}
        vacated = not self.old and self.key in renames.vacated
        self.listed: ListedFile | None = None if vacated else files.get(self.key)
        """The file as the TMS has it; None where there is none, or where another source takes it along."""
        remembered = facts.memory.get(self.key)
        current = self.listed and remembered and remembered.last_uploaded == self.listed.last_uploaded
        self.sent: Sent | None = remembered if current else None
        if self.listed and self.listed.versions is not None:
            self.sent = self._kept(self.listed, self.listed.versions)
        self.status: FileStatus | None = facts.remote.statuses.get(self.key) if self.listed else None
        self.uri = self.listed.uri if self.listed else source.file_uri
        """The fileUri as the TMS has it."""
        blocking = {fold(move.old) for move in renames.moves if not move.path}
        self.in_the_way = files.get(fold(source.file_uri)) if fold(source.file_uri) in blocking else None
        """The file without a source that is put aside when this one is renamed."""
        asked = self.uri if self.listed else self.shared
        unknown = asked and not (self.sent if self.listed else self._remembers(asked))
        self._stray = Stray(facts, source, asked, renames.promises) if unknown else None
        """The file, or the one whose namespace it takes, where nothing is remembered of that."""

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

    def _remembers(self, uri: str) -> bool:
        """Whether a file was sent by a run that is remembered; a promise is none."""
        sent = self.facts.memory.get(fold(uri))
        return bool(sent and sent.last_uploaded)

    # the same source on other branches

    def is_new(self) -> bool:
        """Whether the TMS does not have the file."""
        return self.listed is None

    def is_alone(self) -> bool:
        """Whether the file is new, and none of this branch, or of the default branch, lends its namespace."""
        return not (self.listed or self.shared)

    @cached_property
    def near(self) -> list[Relative]:
        """Return the files of other branches that have our path, or an earlier one of ours."""
        earlier = self.facts.lineages.earlier(self.source.path) if self.facts.lineages else ()
        paths = [self.source.path, *(each.path for each in earlier)] if self.is_alone() else []
        return [self._relative(each) for each in self.renames.elsewhere.standing_for(paths)]

    @cached_property
    def akin(self) -> list[Relative]:
        """Return those of the near ones that have any string of ours, as far as that is known."""
        return [each for each in self.near if each.strings is None or held(each, self._our_strings)]

    @cached_property
    def far(self) -> list[Relative]:
        """Return the files of other branches under paths that are unknown here, where none near is akin."""
        if not self.is_alone() or self.facts.lineages is None or self.akin:
            return []
        return [self._relative(each) for each in self.renames.elsewhere.readable()]

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
            None if content is None else known_strings(self.source, content),
            blob,
            sent.authorized if sent else bool(status and _is_settled(status, self.source.locales)),
        )

    @cached_property
    def relatives(self) -> list[Relative]:
        """Return the files that may lend their namespace; one under an unknown path holds most of us."""
        far = [each for each in self.far if each.strings]
        half = self._our_strings.total() / 2 if far else 0
        return self.akin or [each for each in far if held(each, self._our_strings) > half]

    def unread(self) -> list[Relative]:
        """Return the files of other branches whose content has to be known."""
        akin = self.akin
        rules = {None, self.source.namespace}
        if akin and all(each.namespace in rules for each in akin):
            return self._uncounted(akin)
        return [each for each in akin or self.far if each.strings is None]

    def _uncounted(self, akin: list[Relative]) -> list[Relative]:
        """Return the next of AKIN to read: what it holds of ours is not paid for again."""
        settled = [each for each in akin if each.settled]
        left = self._our_strings - _together(settled)
        return [each for each in settled if each.strings is None][:1] if left else []

    def _strings_akin(self) -> Strings:
        """Return what files of other branches hold, settled, in the namespace that a new one takes."""
        fitting = {None, self.namespace()}
        return _together(each for each in self.relatives if each.settled and each.namespace in fitting)

    @cached_property
    def _our_strings(self) -> Strings:
        return strings_or_none(self.source, self.facts.contents.get(self.blob) or b"")

    def _lender(self) -> str:
        """Return the fileUri of the file whose namespace a new one takes; empty if it takes the rule's."""
        relatives = self.relatives
        if self.shared or all(each.namespace in {None, self.source.namespace} for each in relatives):
            return self.shared
        return nearest(relatives, self._our_strings)

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
            if self.shared and not (fold(self.shared) in statuses or self._remembers(self.shared)):
                yield self.shared
            yield from (each.uri for each in self.relatives if each.namespace is None)
        elif self.key not in statuses and (
            (not self.sent and self.key in self.facts.remote.originals) or self._may_be_in_no_job()
        ):
            yield self.uri

    def wants_jobs(self) -> Iterable[str]:
        """FileUris of which must be known what open jobs hold."""
        uri = self._stray.uri if self._stray and self._stray.is_suspect() else self.uri
        if fold(uri) not in self.facts.remote.jobs_asked and (uri != self.uri or self._wants_own_jobs()):
            yield uri

    def _wants_own_jobs(self) -> bool:
        """Whether open jobs may hold locales that the status does not show, or wait for authorization."""
        if not self.listed:
            return False
        if self.sent:
            return (
                not jobs_known(self.facts)
                and self.source.job.authorize
                and not self.sent.authorized
                and self.sent.blob == self.blob
            )
        if self._stray and self._stray.is_suspect():
            return True
        if self.status is None or not self._same_content():
            return False
        if set(self.source.locales) - self._locales_in_status():
            return True
        return not jobs_known(self.facts) and self.source.job.authorize and self._has_unauthorized()

    def _may_be_in_no_job(self) -> bool:
        """Whether strings that were never authorized have left the job that they were sent to."""
        sent = self.sent
        if sent is None or sent.authorized or sent.blob != self.blob or not jobs_known(self.facts):
            return False
        return any(not waiting_in_jobs(self.facts, self.uri, each) for each in self.source.locales)

    def _locales_in_no_job(self) -> tuple[str, ...]:
        """Return the locales in which strings are neither translated nor excluded nor in any job."""
        status = self.status
        if status is None or not (status.counted and jobs_known(self.facts)):
            return ()
        return tuple(
            each
            for each in self.source.locales
            if counts_of(status, each).unauthorized_strings > waiting_in_jobs(self.facts, self.uri, each)
        )

    def wants_lineage(self) -> bool:
        """Whether the file may have had another path: a new one, one that looks like another, a lost one.

        Only asked once everything else is known.
        """
        if self._stray and self._stray.is_possible():
            return True
        if self.old:
            return False
        if not self.listed:
            unknown = self.is_alone() and self.renames.elsewhere.unknown and not self.relatives
            return bool(unknown) or self.renames.has_gone
        return self.change().reason is Reason.SHRUNK

    def is_unlike_shared(self) -> bool:
        """Whether a new file holds mostly other strings than the file whose namespace it would take."""
        if self.listed or not self.shared:
            return False
        change = self.change()
        return change.action is Action.UPLOAD and change.new_strings * 2 > change.strings

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

    def wants_held(self) -> Iterable[tuple[str, str]]:
        """Jobs of which has to be known whether they hold the file's strings, or only its name."""
        return [(uid, self._stray.uri) for uid in self._stray.unasked()] if self._stray else []

    def _has_unauthorized(self) -> bool:
        """Whether strings of a locale were never authorized: an interrupted push may have left them."""
        return self.status is not None and _waits(self.status, self.source.locales)

    def _awaits(self) -> bool:
        """Whether an open job that waits for authorization holds the file."""
        return any(job.status == AWAITING for job in jobs_with(self.facts, self.uri))

    def waiting_words(self) -> int:
        """Return what authorizing the file costs at most: all its words in all its locales."""
        return words_of(self._our_strings) * len(self.source.locales)

    def rival(self) -> tuple[str, str] | None:
        """Return path and blob id of what would be replaced: somebody else may have put it there."""
        theirs = self._replaced()
        return (self.source.path, blob_id(theirs, self.blob)) if theirs is not None else None

    def _replaced(self) -> bytes | None:
        """Return the content that would be gone from its fileUri; None where it is not known, or the same."""
        if not self.blob or self.facts.abilities.orders:
            return None
        if self.in_the_way:
            return self.facts.remote.originals.get(fold(self.in_the_way.uri))
        return None if self._same_content() else self._theirs()

    @property
    def replaced_uri(self) -> str:
        """The fileUri whose content would be gone."""
        return self.in_the_way.uri if self.in_the_way else self.uri

    def wants_in_the_way(self) -> Iterable[str]:
        """Return the fileUri of a file that would be put aside, and whose content is not known."""
        if self.facts.origins is None or not self.in_the_way:
            return ()
        uri = self.in_the_way.uri
        return () if fold(uri) in self.facts.remote.originals else (uri,)

    def verdict(self) -> Verdict:
        """Return whose content would be replaced, as far as that is known by now, and asked at all."""
        rival = self.rival()
        origin = (self.facts.origins or {}).get(rival) if rival else None
        if origin is None:
            return Verdict.OURS
        key = fold(self.source.file_uri) if self.in_the_way else self.key
        remembered = self.facts.memory.get(key)
        sent = self.sent and not self.in_the_way
        claim = Claim(
            on_default=self.facts.on_default,
            branched=self.source.branched,
            named=self.source.named,
            remembered=bool(sent or (remembered and rival and remembered.blob == rival[1])),
            alike=self._is_alike(),
            jobs=self._has_job(key),
        )
        return judge(origin, claim)

    def is_told(self) -> bool:
        """Whether an unknown content is worth a notice: in a shallow clone most of the past is unknown."""
        origin = (self.facts.origins or {}).get(self.rival() or ("", ""))
        return origin is not None and not origin.cut

    def _is_alike(self) -> bool:
        """Whether at least half of what the TMS has is ours, too; a content that cannot be read is not."""
        content = self._replaced() or b""
        try:
            theirs = strings_of(self.source, content)
        except ContentError:
            return not content.strip()
        if WHOLE_FILE in theirs:
            return False
        return (theirs & self._our_strings).total() * 2 >= theirs.total()

    def _has_job(self, key: str) -> bool | None:
        """Whether a job that is called as ours are holds the file; None: not asked."""
        if not (self.facts.own_jobs and self.facts.abilities.jobs):
            return False
        names = self.facts.remote.holders.get(key)
        return None if names is None else any(is_own_name(name, self.facts) for name in names)

    def _foreign(self) -> SourceChange | None:
        """Return the refusal to replace what is not ours; None where it is, or where the user accepts it."""
        options, verdict = self.facts.options, self.verdict()
        accepted = {
            Verdict.NEWER: options.accept_superseded or options.force,
            Verdict.SUPERSEDED: options.accept_superseded,
            Verdict.COLLISION: options.accept_collision,
            Verdict.UNTOLD: options.accept_collision,
        }
        if accepted.get(verdict, True):
            return None
        origin = (self.facts.origins or {}).get(self.rival() or ("", ""), Origin())
        replaced = verdict in {Verdict.NEWER, Verdict.SUPERSEDED}
        reason = Reason.SUPERSEDED if replaced else Reason.COLLISION
        return self._change(Action.BLOCK, reason, refusal(verdict, origin))

    def loses(self, held: HeldString) -> bool:
        """Whether the upload takes a string out of the file that the TMS has."""
        if self._reason()[0] is Reason.NAMESPACE_CHANGED:
            return True
        keys = {key for uri, key in held.holders if fold(uri) == self.key}
        before, now = self._strings_before(), self._our_strings
        known = keys & {key for key, _plural, _text in before}
        if known:
            return any(_texts(before, key) != _texts(now, key) for key in known)
        texts = {text for _key, _plural, text in now}
        return held.text in {text for _key, _plural, text in before} - texts

    def gains(self, held: HeldString) -> bool:
        """Whether the upload brings a string into the file that another one has in the same namespace."""
        keys = {key for _uri, key in held.holders}
        return any(text == held.text and (key in keys or not key) for key, _plural, text in self._our_strings)

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
            return self._foreign() or self._change(Action.RENAME, reason, detail)
        if reason is Reason.UNCHANGED:
            return replace(self._keep(reason), remember=self._memory())
        checked = self._checked(reason, detail)
        if checked.action is not Action.KEEP and (foreign := self._foreign()):
            return foreign
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
        if loose := self._locales_in_no_job():
            return Reason.IN_NO_JOB, ", ".join(loose)
        return Reason.UNCHANGED, ""

    def _checked(self, reason: Reason, detail: str) -> SourceChange:
        """Return the upload, unless the content itself speaks against it."""
        content = self.facts.contents.get(self.blob)
        if content is None:
            return self._change(Action.BLOCK, Reason.UNREADABLE, "git does not have its content here")
        if not content.strip():
            return self._keep(Reason.NO_STRINGS)
        try:
            ours = strings_of(self.source, content)
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
        lost = lost_keys(before, ours)
        if before and lost * 100 > SHRINK_LIMIT * before.total() and not self.facts.options.accept_shrink:
            return self._change(
                Action.BLOCK,
                Reason.SHRUNK,
                f"{lost} of {before.total()} strings would be removed; --accept-shrink sends it as it is",
            )
        orders = self.facts.abilities.orders
        change = self._change(Action.UPLOAD, reason, detail)
        begins_anew = orders or reason is Reason.NAMESPACE_CHANGED
        shared, akin = self._strings_shared(), self._strings_akin()
        unseen = ours if begins_anew else ours - before - shared
        new = unseen if begins_anew else unseen - akin
        locales = self.source.locales
        added = self._locales_added() if reason is Reason.LOCALE_ADDED else ()
        counted = replace(
            change,
            strings=ours.total(),
            words=words_of(ours),
            new_strings=new.total(),
            new_words=words_of(new),
            unseen_strings=unseen.total(),
            fresh=_keys(ours) if begins_anew or added else _keys(new) - _keys(before | shared | akin),
            fresh_locales=added or locales,
            words_to_translate=self._words_in_no_job()
            if reason is Reason.IN_NO_JOB
            else words_of(new) * (len(locales) - len(added)) + words_of(ours) * len(added),
        )
        if orders and not (self.source.job.authorize or self.facts.options.order_all):
            return replace(counted, action=Action.KEEP, reason=Reason.NOT_AUTHORIZED)
        return counted

    def _words_in_no_job(self) -> int:
        """Return the words that an upload brings back into a job, in all locales together."""
        status = self.status
        loose = self._locales_in_no_job()
        return sum(counts_of(status, each).unauthorized_words for each in loose) if status else 0

    def _is_authorized(self) -> bool:
        """Whether no string of the file waits for authorization in any job."""
        if not jobs_known(self.facts):
            return not self._awaits()
        return not any(waiting_in_jobs(self.facts, self.uri, each) for each in self.source.locales)

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
            authorized=self._is_authorized(),
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
        uri = self.uri if self.listed else self._lender()
        status = self.facts.remote.statuses.get(fold(uri))
        if status:
            stray = self._stray if self._stray and self._stray.uri == uri else None
            return (stray and stray.namespace()) or status.namespace or self.source.namespace
        if not self.listed and self._remembers(uri):
            return self.facts.memory[fold(uri)].namespace
        return self.source.namespace

    def _is_lost(self) -> bool:
        """Whether an interrupted rename has left the file in another namespace than it shall keep."""
        if self.sent or self.old or self.status is None:
            return False
        return self.status.namespace not in {"", self._remote_namespace()}

    def _same_content(self) -> bool:
        if self.sent and self.sent.blob == self.blob:
            return True
        theirs = self._theirs()
        ours = self.facts.contents.get(self.blob)
        return theirs is not None and ours is not None and same_content(self.source, ours, theirs)

    def _theirs(self) -> bytes | None:
        """Return what the TMS holds: its original, or the blob that was sent and is still there."""
        if not self.listed:
            return None
        original = self.facts.remote.originals.get(self.key)
        if original is None and self.sent:
            return self.facts.contents.get(self.sent.blob)
        return original

    def _strings_before(self) -> Strings:
        theirs = self._theirs()
        if theirs is None:
            return Counter()
        return strings_or_none(self.source, theirs)

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
        return strings_or_none(self.source, content or b"")

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


def _texts(strings: Strings, key: str) -> Counter[tuple[str, str]]:
    return Counter(
        {(plural, text): number for (other, plural, text), number in strings.items() if other == key}
    )


def _together(relatives: Iterable[Relative]) -> Strings:
    """Return the strings that any of RELATIVES holds, as far as that is known."""
    found: Strings = Counter()
    for relative in relatives:
        found |= relative.strings or Counter()
    return found


def _waits(status: FileStatus, locales: Iterable[str]) -> bool:
    """Whether a file has strings in any of LOCALES that were never authorized."""
    return any(
        each.authorized_strings + each.completed_strings + each.excluded_strings < status.total_strings
        for locale, each in status.locales.items()
        if locale in locales
    )


def _is_settled(status: FileStatus, locales: Iterable[str]) -> bool:
    """Whether every string of a file was authorized, translated or excluded in all of LOCALES."""
    return set(locales) <= status.locales.keys() and not _waits(status, locales)


def _keys(strings: Strings) -> frozenset[tuple[str, str]]:
    return frozenset((key, plural) for key, plural, _text in strings)
