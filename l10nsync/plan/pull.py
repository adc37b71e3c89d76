"""What a pull does with every target, and what must be known to decide it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.model import (
    Edition,
    Fetched,
    Pair,
    Question,
    RemoteState,
    Source,
    Target,
    Translated,
    Wanted,
    Written,
    fold,
)
from l10nsync.plan import content, corrections
from l10nsync.plan.asking import Unknown, decide_all
from l10nsync.plan.corrections import Changed, Corrections
from l10nsync.plan.counts import completion
from l10nsync.plan.strings import has_strings
from l10nsync.plan.values import ALL_LOCALES, Action, Change, Plan, Reason, TargetChange, Wants, contents_of


@dataclass(frozen=True, slots=True)
class LocalTarget:
    """A target as the work tree has it, or git where that lacks it; as git stores it."""

    content: bytes
    digest: str
    """SHA-256, in hex."""
    uncommitted: bool = False
    absent: Literal["", "left out", "deleted"] = ""
    """Why the work tree lacks it: a sparse checkout leaves it out, or it is deleted and not committed."""
    unreadable: str = ""
    """Why nobody can read what is there; empty for what can be read."""

    @property
    def before(self) -> str:
        """The digest of what a write replaces; empty where there is no file."""
        return "" if self.absent else self.digest

    @property
    def standing(self) -> str:
        """The digest of what stands if nothing is written; empty for a file that is deleted."""
        return "" if self.absent == "deleted" else self.digest


@dataclass(frozen=True, slots=True)
class PullFacts:
    """All that is known about one project for a pull."""

    sources: tuple[Source, ...]
    blobs: Mapping[str, str]
    """Path of a source to the blob id of its committed content."""
    contents: Mapping[str, bytes | None]
    """Blob id to content."""
    local: Mapping[str, LocalTarget]
    """Target path to what is there; absent where there is no file."""
    memory: Mapping[str, Written] = field(default_factory=dict)
    """By target path."""
    cursor: str = ""
    """Published changes are asked for since then; `window` for as long back as the service goes."""
    stale: str = ""
    """The last pull's cursor where it lies further back than the service goes: what the memory holds
    stands only for files whose translations did not change since."""
    bulk: int = 500
    """Translations that one download can bring."""
    remote: RemoteState = field(default_factory=RemoteState)
    fetched: Mapping[Wanted, Fetched] = field(default_factory=dict)
    settled: str = ""
    """Publish dates from this moment on are not remembered: dates have whole seconds, so the same pair
    may be published again under the same date. Empty: all are remembered."""
    past: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Path of a source to the blob ids of its earlier contents, as far as they were asked for."""
    posted: Mapping[str, bytes] = field(default_factory=dict)
    """Path of a source to its content, where that is not stored: another file's strings translate it."""
    force: bool = False
    """Take what the TMS has, whatever would be lost here."""
    editions: Mapping[str, tuple[Edition, ...]] = field(default_factory=dict)
    """Target path to what history holds of it, the newest first, as far as it was asked for."""
    since: str = ""
    """ISO time in UTC from which on the service has listed what was published."""


def wanted(source: Source, target: Target, blob: str = "") -> Wanted | None:
    """Return the download for one target of the source with BLOB; None for a copy of the source."""
    kind = formats.get(source.file_type)
    how = (source.pull.retrieval_type, source.pull.incomplete)
    if kind and kind.multilingual:
        return Wanted(source.file_uri, "", *how, multilingual=True, blob=blob)
    return Wanted(source.file_uri, target.locale, *how, blob=blob) if target.locale else None


def wants_pull(facts: PullFacts) -> Wants:
    """Return what `plan_pull` still has to know; ask again after it was answered."""
    contents = contents_of(facts.sources, facts.blobs)
    if facts.remote.published is None:
        files = not facts.memory or bool(facts.stale)
        files = files and facts.remote.files is None
        since = facts.cursor or "window"
        return Wants(Question(published_since=since, files=files, contents=contents))
    judges = list(_target_judges(facts))
    if asked := _modified(facts, judges):
        return Wants(Question(modified=asked, modified_since=facts.stale))
    if facts.remote.files is None and any(judge.wants_list() for judge in judges):
        return Wants(Question(files=True, contents=contents))
    if ours := frozenset(blob for judge in judges for blob in judge.wants_source()):
        return Wants(blobs=ours)
    statuses = frozenset(judge.source.file_uri for judge in judges if judge.wants_status())
    pairs = frozenset(judge.wanted for judge in judges if judge.wanted and judge.wants_content())
    blobs = frozenset(blob for judge in judges for blob in judge.wants_blobs(pairs))
    wants = Wants(Question(statuses=statuses, contents=contents), blobs, pairs - facts.fetched.keys())
    if wants:
        return wants
    proofs = frozenset(pair for judge in judges for pair in judge.wants_proof())
    past = frozenset(judge.source.path for judge in judges if judge.wants_past())
    wants = Wants(pairs=proofs - facts.fetched.keys(), past=past)
    if wants:
        return wants
    try:
        decide_all(lambda judge: judge.differing(), judges)
    except Unknown as unknown:
        return unknown.wants
    return Wants()


def _modified(facts: PullFacts, judges: Sequence[_TargetJudge]) -> frozenset[str]:
    """Return the fileUris to ask when their translations changed: where that is cheaper than to download."""
    if not facts.stale:
        return frozenset()
    judges = [
        each
        for each in judges
        if each.may_stand() and fold(each.source.file_uri) not in facts.remote.modified
    ]
    whole = {each.source.file_uri for each in judges if each.wanted and each.wanted.multilingual}
    pairs = [each.wanted for each in judges if each.wanted and not each.wanted.multilingual]
    uris = {pair.uri for pair in pairs}
    return frozenset(whole | (uris if len(uris) * facts.bulk < len(set(pairs)) + facts.bulk else set()))


def plan_pull(facts: PullFacts) -> tuple[Plan, dict[str, bytes]]:
    """Return what a pull of one project does, and by path the bytes to write and those held back."""
    contents: dict[str, bytes] = {}
    changes: list[Change] = []
    for judge in _target_judges(facts):
        change, made = judge.change()
        changes.append(change)
        if made is not None:
            contents[change.path] = made
    changes.sort(key=lambda each: (each.project, each.path))
    return Plan("pull", tuple(changes)), contents


def _target_judges(facts: PullFacts) -> Iterable[_TargetJudge]:
    dates = {(fold(each.uri), each.locale): each.date for each in facts.remote.published or ()}
    newest: dict[str, str] = {}
    for (key, _locale), date in dates.items():
        newest[key] = max(newest.get(key, ""), date)
    for source in facts.sources:
        seen: set[str] = set()
        for target in source.targets:
            pair = wanted(source, target, facts.blobs.get(source.path, ""))
            if pair and not pair.multilingual:
                pair = replace(pair, content=facts.posted.get(source.path))
            if pair and pair.multilingual:
                if target.path not in seen:
                    yield _TargetJudge(
                        facts,
                        source,
                        replace(target, locale=ALL_LOCALES),
                        pair,
                        newest.get(fold(source.file_uri), ""),
                    )
                seen.add(target.path)
            else:
                yield _TargetJudge(
                    facts, source, target, pair, dates.get((fold(source.file_uri), target.locale), "")
                )


class _TargetJudge:
    """Decides about one target."""

    def __init__(
        self, facts: PullFacts, source: Source, target: Target, pair: Wanted | None, date: str
    ) -> None:
        self.facts = facts
        self.source = source
        self.target = target
        self.wanted = pair
        self.date = date
        """When the pair was published, if the service listed it."""
        self.blob = facts.blobs.get(source.path, "")
        self.local = facts.local.get(target.path)
        self.record = facts.memory.get(target.path)
        self._came = ""
        """What came from the service, packed for the cache."""

    # what is still unknown

    def wants_content(self) -> bool:
        """Whether the translation must be downloaded to decide."""
        missing = self._is_uploaded() is False or self._has_no_strings()
        return not self._known() and not missing and not self._below()

    def wants_source(self) -> Iterable[str]:
        """Yield the source's content: one without strings is neither waited for nor downloaded."""
        if self.wanted and self.blob and self.blob not in self.facts.contents and not self._known():
            yield self.blob

    def wants_list(self) -> bool:
        """Whether the list of files must say if the source is on the TMS at all."""
        seen_there = self.date or (self.record and self.record.uri == self.source.file_uri)
        answer = self.facts.fetched.get(self.wanted) if self.wanted else None
        failed = answer is not None and answer.error is not None
        return bool(self.wanted) and not self._known() and (failed or not seen_there)

    def wants_status(self) -> bool:
        """Whether the completion must be asked for."""
        needed = self.source.pull.min_completion and not self._known() and self._is_uploaded() is not False
        needed = needed and not self._has_no_strings()
        return (
            bool(needed)
            and bool(self.wanted)
            and fold(self.source.file_uri) not in self.facts.remote.statuses
        )

    def wants_blobs(self, pairs: frozenset[Wanted]) -> Iterable[str]:
        """Yield the contents of the source, where a translation is to be judged against it."""
        needed = self.wanted in pairs if self.wanted else True
        blobs = (self.blob, *self.facts.past.get(self.source.path, ())) if needed else ()
        return (blob for blob in blobs if blob and blob not in self.facts.contents)

    def wants_proof(self) -> Iterable[Wanted]:
        """Yield the downloads that tell a translation that equals its source from source text."""
        delivered = self._delivered()
        if delivered is None:
            return
        same = self.local is not None and self.local.content == delivered
        proof, bare = self._proof(), self._bare()
        if proof and not same and self._looks_untranslated(delivered):
            yield proof
        if bare and self._endangers(delivered):
            yield bare

    def wants_past(self) -> bool:
        """Whether earlier sources must tell if a text here is a translation or an old source text."""
        delivered = self._delivered()
        if delivered is None or self.source.path in self.facts.past:
            return False
        return self._endangers(delivered) or self._has_rivals(delivered)

    def _has_rivals(self, delivered: bytes) -> bool:
        """Whether strings do not fit that may have a text here."""
        if self.local is None or self.source.pull.invalid == "file" or self._untranslated(delivered):
            return False
        good = self._salvaged(delivered)
        return good is not None and good.doubtful

    def _endangers(self, delivered: bytes) -> bool:
        """Whether a translation would be written that may take others away."""
        if self._untranslated(delivered) or not self._lost(delivered).strings:
            return False
        return not _errors(self._findings(delivered))

    # the decision

    def change(self) -> tuple[TargetChange, bytes | None]:
        """Return what happens to this target, why, and the bytes to write."""
        if self.local is not None and self.local.unreadable:
            return self._change(Action.HOLD, Reason.UNAVAILABLE, self.local.unreadable), None
        if self.wanted is None:
            return self._copied()
        if self._known():
            known = Reason.UNCHANGED if self._stands() else Reason.NOT_PUBLISHED
            return self._keep(known), None
        if self._has_no_strings():
            return self._keep(Reason.NO_STRINGS), None
        if self._is_uploaded() is False:
            pull_only = not self.source.push and not self.source.branched
            return self._keep(Reason.NOT_PUSHED_HERE if pull_only else Reason.NOT_UPLOADED), None
        if shortfall := self._shortfall():
            return self._keep(Reason.BELOW_COMPLETION, shortfall), None
        answer = self.facts.fetched.get(self.wanted)
        if answer is not None and answer.content is not None:
            self._came = corrections.packed(self._texts(self._arrived(answer.content)))
        if answer is None or answer.error is not None:
            return self._change(Action.HOLD, Reason.UNAVAILABLE, str(answer.error) if answer else ""), None
        if answer.content is None:
            return self._keep(Reason.NOT_PUBLISHED, remember=True), None
        if self.blob and self.facts.contents.get(self.blob, b"") is None:
            detail = f"git does not have the content of {self.source.path} here"
            return self._change(Action.HOLD, Reason.UNREADABLE, detail), None
        return self._judged(self._arrived(answer.content), outdated=answer.outdated)

    def _delivered(self) -> bytes | None:
        """Return the translation that has arrived, if it has a say in the decision."""
        answer = self.facts.fetched.get(self.wanted) if self.wanted and self.wants_content() else None
        return self._arrived(answer.content) if answer and answer.content is not None else None

    def _arrived(self, data: bytes) -> bytes:
        return content.arrived(self.source, self.target, data)

    def _judged(self, delivered: bytes, *, outdated: bool) -> tuple[TargetChange, bytes | None]:
        """Decide about a translation that has arrived."""
        if self._untranslated(delivered):
            return self._keep(Reason.NOT_PUBLISHED, remember=True), None
        findings = self._findings(delivered)
        errors = _errors(findings)
        if errors and outdated:
            detail = "the translation of an earlier version does not fit"
            return self._keep(Reason.NOT_PUBLISHED, detail, remember=True), None
        if errors:
            return self._without_bad_strings(delivered, findings)
        return self._taken(delivered, findings, delivered)

    def _without_bad_strings(
        self, delivered: bytes, findings: tuple[formats.Finding, ...]
    ) -> tuple[TargetChange, bytes | None]:
        """Return what is written of a translation some of whose strings do not fit; else it is held back."""
        good = self._salvaged(delivered)
        change, made = self._taken(good.content, (), delivered) if good else (None, None)
        if good is None or change is None or change.action is Action.BLOCK:
            change = self._change(Action.HOLD, Reason.INVALID, _first_finding(_errors(findings)))
            return replace(change, findings=findings), delivered
        detail = _held(good)
        detail = f"{detail}; {change.detail}" if change.detail else detail
        reason = Reason.HELD if change.action is Action.KEEP else change.reason
        # Nothing is remembered: the next pull asks again, to say so again.
        change = replace(
            change, reason=reason, detail=detail, findings=findings, held=good.bad, delivered=delivered,
            remember=None,
        )  # fmt: skip
        return change, made

    def _salvaged(self, delivered: bytes) -> formats.Salvaged | None:
        source = self.source
        if source.pull.invalid == "file":
            return None
        past = [self.facts.contents.get(blob) for blob in self.facts.past.get(source.path, ())]
        return formats.salvage(
            source.file_type,
            [self._original(), *(earlier for earlier in past if earlier is not None)],
            self._arrived(self.local.content) if self.local else None,
            delivered,
            self._findings,
            incomplete=source.pull.incomplete,
            directives=content.reading(source),
            charset=source.charset,
        )

    def _taken(
        self, delivered: bytes, findings: tuple[formats.Finding, ...], arrived: bytes
    ) -> tuple[TargetChange, bytes | None]:
        """Decide about a translation that fits its source; ARRIVED is what came, with what does not fit."""
        kept = self._lost(delivered)
        if kept.strings and kept.content is None:
            detail = f"{_translations(kept.strings)} would become source text; --force writes it"
            return self._change(Action.BLOCK, Reason.BACKWARDS, detail), None
        whole = delivered if kept.content is None else kept.content
        found = self._corrected(whole)
        mine = self._standing(found)
        if mine:
            over = self._laid_over(whole, mine)
            if over is None:
                return self._with_corrections(self._keep(Reason.CORRECTED, remember=True), found), None
            whole = over
        change, made = self._styled(whole, arrived)
        change = replace(change, findings=findings if change.action is Action.WRITE else ())
        change = self._with_kept(change, kept) if kept.strings else change
        return (self._with_corrections(change, found) if found.texts else change), made

    # what was corrected here

    def differing(self) -> Corrections:
        """Return who changed what differs here; raise `Unknown` for what has to be known for that."""
        delivered = self._delivered()
        if delivered is None or self._untranslated(delivered):
            return Corrections()
        if _errors(self._findings(delivered)):
            good = self._salvaged(delivered)
            delivered = good.content if good else None
        if delivered is None:
            return Corrections()
        kept = self._lost(delivered)
        if kept.strings and kept.content is None:
            return Corrections()
        return self._corrected(kept.content or delivered)

    def _corrected(self, delivered: bytes) -> Corrections:
        """Return the strings that differ from DELIVERED because somebody changed them here."""
        pair, local = self.wanted, self.local
        if local is None or pair is None or self.facts.force or self._edited():
            return Corrections()
        here = self._arrived(local.content)
        if pair.retrieval_type == "pseudo" or here == delivered or self._untouched(local):
            return Corrections()
        ours, theirs = self._texts(here), self._texts(delivered)
        spots = corrections.disputed(ours, theirs)
        if not spots:
            return Corrections()
        verdicts = corrections.judge(spots, self._evidence(ours, theirs, pair))
        found = {side: tuple(spot for spot in spots if verdicts[spot] is side) for side in Changed}
        named = (*found[Changed.HERE], *found[Changed.BOTH])
        texts = {spot: (theirs[spot], ours[spot]) for spot in named}
        return Corrections(found[Changed.HERE], found[Changed.BOTH], texts)

    def _untouched(self, local: LocalTarget) -> bool:
        """Whether the file is just what the last pull took from the service."""
        record = self.record
        return record is not None and record.digest == local.digest and not record.again

    def _evidence(
        self, ours: corrections.Texts, theirs: corrections.Texts, pair: Wanted
    ) -> corrections.Evidence:
        record = self.record
        same = record and (record.uri, record.locale) == (self.source.file_uri, self.target.locale)
        same = same and record and record.options.partition("/")[0] == pair.retrieval_type
        past = (self.facts.contents.get(blob) for blob in self.facts.past.get(self.source.path, ()))
        sources = (self._original(), *(earlier for earlier in past if earlier is not None))
        asked = (pair.uri, pair.locale, pair.retrieval_type)
        return corrections.Evidence(
            local=ours,
            delivered=theirs,
            remembered=corrections.unpacked(record.texts) if record and same else {},
            sources=frozenset(text.strip() for one in sources for text in self._source_texts(one)),
            editions=self._editions,
            texts=lambda blob: self._texts(self._arrived(self.facts.contents.get(blob) or b"")),
            published=self.date[: len(_SECONDS)],
            since=self.facts.since[: len(_SECONDS)] if pair.retrieval_type == "published" else "",
            translations=lambda: self._asked(asked) if not pair.multilingual else (),
        )

    def _editions(self) -> tuple[Edition, ...]:
        path = self.target.path
        if path not in self.facts.editions:
            raise Unknown(Wants(editions=frozenset({path})))
        found = self.facts.editions[path]
        blobs = frozenset(blob for one in found for blob in (one.blob, *one.before) if blob.strip("0"))
        if missing := blobs - self.facts.contents.keys():
            raise Unknown(Wants(blobs=missing))
        return found

    def _asked(self, pair: Pair) -> tuple[Translated, ...]:
        if pair not in self.facts.remote.translated:
            raise Unknown(Wants(Question(translated=frozenset({pair}))))
        return self.facts.remote.translated[pair]

    def _texts(self, data: bytes) -> corrections.Texts:
        source = self.source
        return formats.texts(
            source.file_type, self._original(), data, content.reading(source), source.charset
        )

    def _source_texts(self, data: bytes) -> Iterable[str]:
        source = self.source
        try:
            document = formats.parse(source.file_type, data, content.reading(source), source.charset)
        except ContentError:
            return ()
        return (unit.text for unit in document.units) if document else ()

    def _standing(self, found: Corrections) -> tuple[formats.Spot, ...]:
        """Return the places whose text stays."""
        return found.here if self.source.pull.corrections == "service" else (*found.here, *found.both)

    def _laid_over(self, delivered: bytes, spots: Sequence[formats.Spot]) -> bytes | None:
        source = self.source
        assert self.local is not None  # noqa: S101 - there is no correction without a file
        local = self._arrived(self.local.content)
        return formats.laid_over(
            source.file_type, self._original(), local, delivered, spots, content.reading(source),
            source.charset,
        )  # fmt: skip

    def _with_corrections(self, change: TargetChange, found: Corrections) -> TargetChange:
        """Say what was corrected here; ask again next time, to say so again."""
        here, both = (_names(self, spots) for spots in (found.here, found.both))
        detail = "; ".join(
            part for part in (_corrected(here), self._conflicting(both), change.detail) if part
        )
        if change.action is Action.KEEP and change.reason in {Reason.UNCHANGED, Reason.CORRECTED}:
            change = replace(change, reason=Reason.CONFLICT if both else Reason.CORRECTED)
        remember = change.remember
        if remember:
            before = self.record.texts if self.record else ""
            left = () if self.source.pull.corrections == "service" else found.both
            texts = corrections.settled(remember.texts, before, left)
            remember = replace(remember, texts=texts, again=True)
        overrides = {
            name: found.texts[spot]
            for name, spot in zip((*here, *both), (*found.here, *found.both), strict=True)
        }
        return replace(
            change,
            detail=detail,
            remember=remember,
            overrides=overrides,
            spots=(*found.here, *found.both),
            corrected=tuple(dict.fromkeys(here)),
            conflicts=tuple(dict.fromkeys(both)),
        )

    def _conflicting(self, names: Sequence[str]) -> str:
        if not names:
            return ""
        what = f"{_strings(len(names))} changed here and on the TMS ({_some(names)})"
        if self.source.pull.corrections == "service":
            return f"{what}: the TMS's text is taken"
        return f"{what}: the text here stays; `push --corrections` sends it, --force takes the TMS's"

    def _findings(self, delivered: bytes) -> tuple[formats.Finding, ...]:
        return content.findings(self.source, self.target, self._original(), delivered)

    def _styled(self, delivered: bytes, arrived: bytes) -> tuple[TargetChange, bytes | None]:
        there = self._arrived(self.local.content) if self.local else None
        made = content.styled(self.source, self.target, delivered, self._original(), there, arrived)
        if self.local and self._stands() and made == self.local.content:
            return self._keep(Reason.UNCHANGED, remember=True), None
        return self._written(made)

    def _with_kept(self, change: TargetChange, kept: formats.Kept) -> TargetChange:
        """Say that translations stay which the TMS does not have; ask again next time, to say so again."""
        what = f"{_translations(kept.strings)} kept ({_some(kept.keys)})"
        detail = f"{what}: the TMS has only source text, which --force writes"
        change = replace(change, kept=kept.keys, detail=change.detail or detail, remember=None)
        return replace(change, reason=Reason.KEPT) if change.action is Action.KEEP else change

    def _written(self, made: bytes) -> tuple[TargetChange, bytes | None]:
        """Return the write, unless somebody's work would be lost by it."""
        if self._edited() and not self.facts.force:
            detail = "uncommitted changes would be lost; commit them, or use --force"
            return self._change(Action.BLOCK, Reason.EDITED, detail), None
        reason = Reason.NEWER if self._stands() else Reason.NEW
        digest = hashlib.sha256(made).hexdigest()
        change = self._change(Action.WRITE, reason)
        return replace(change, digest=digest, remember=self._record(digest)), made

    def _copied(self) -> tuple[TargetChange, bytes | None]:
        original = self.facts.contents.get(self.blob)
        same = self._stands() and self.local is not None and self.local.content == original
        if original is None or same:
            return self._keep(Reason.UNCHANGED), None
        return self._written(original)

    def _stands(self) -> bool:
        """Whether there is a file that need not be written again: one that is only deleted here is."""
        return self.local is not None and self.local.absent != "deleted"

    def _known(self) -> bool:
        """Whether the last pull's result still stands."""
        if not self.may_stand():
            return False
        if not self.facts.stale:
            return True
        changed = self.facts.remote.modified.get(fold(self.source.file_uri), frozenset({ALL_LOCALES}))
        return (
            not changed
            if self.target.locale == ALL_LOCALES
            else not changed & {self.target.locale, ALL_LOCALES}
        )

    def may_stand(self) -> bool:
        """Whether source, options and file are those of the last pull, and nothing newer was published."""
        record = self.record
        if record is None or self.facts.force or record.again:
            return False
        if self.wanted is None or self.wanted.retrieval_type == "pending":
            return False  # nothing tells when a translation that is not published changes
        here = self.local.standing if self.local else ""
        settled = (record.uri, record.source_blob, record.options, record.digest)
        newer = bool(self.date) and self.date != record.date
        return settled == (self.source.file_uri, self.blob, _options(self.wanted), here) and not newer

    def _is_uploaded(self) -> bool | None:
        files = self.facts.remote.files
        return None if files is None else fold(self.source.file_uri) in files

    def _has_no_strings(self) -> bool:
        """Whether the source has nothing to translate: a push leaves it out, whatever the TMS has of it."""
        original = self.facts.contents.get(self.blob)
        return original is not None and not has_strings(self.source, original)

    def _locales(self) -> tuple[str, ...]:
        return self.source.locales if self.target.locale == ALL_LOCALES else (self.target.locale,)

    def _shortfall(self) -> str:
        """Return by how much the completion is too low; empty if it is not."""
        least = self.source.pull.min_completion
        status = self.facts.remote.statuses.get(fold(self.source.file_uri))
        if not least or self.wanted is None:
            return ""
        for locale in self._locales():
            done = completion(status, locale) if status else 0
            if done < least.of(locale):
                return f"{done} % of {least.of(locale)} %"
        return ""

    def _below(self) -> bool:
        return bool(self._shortfall())

    def _original(self) -> bytes:
        return self.facts.contents.get(self.blob) or b""

    def _untranslated(self, delivered: bytes) -> bool:
        """Whether this is the source's own text and nothing says that it was published as a translation."""
        proof = self._proof()
        shown = self.facts.fetched.get(proof) if proof else None
        return self._looks_untranslated(delivered) and (shown is None or shown.content is None)

    def _looks_untranslated(self, delivered: bytes) -> bool:
        record = self.record
        same = record and (record.uri, record.locale) == (self.source.file_uri, self.target.locale)
        if self.date or (record and same and record.date):
            return False
        if self.wanted is None or self.wanted.retrieval_type == "pseudo" or self.wanted.incomplete == "skip":
            return False
        return not self.wanted.multilingual and _says_nothing_new(self.source, self._original(), delivered)

    def _proof(self) -> Wanted | None:
        """Return the download that is answered only if the translation is published."""
        if self.wanted is None or self.wanted.retrieval_type != "published" or self.wanted.multilingual:
            return None
        return replace(self.wanted, incomplete="skip")

    def _bare(self) -> Wanted | None:
        """Return the download that has no source text in place of translations."""
        kind = formats.get(self.source.file_type)
        if self.wanted is None or not (kind and kind.original_strings) or self.wanted.incomplete == "empty":
            return None
        return replace(self.wanted, incomplete="empty")

    def _lost(self, delivered: bytes) -> formats.Kept:
        """Return what DELIVERED would take from the file that is here."""
        source = self.source
        if self.local is None or self.facts.force or (self.wanted and self.wanted.retrieval_type == "pseudo"):
            return formats.Kept()
        past = [self.facts.contents.get(blob) for blob in self.facts.past.get(source.path, ())]
        pair = self._bare() or self.wanted
        bare = self.facts.fetched.get(pair) if pair and pair.incomplete == "empty" else None
        return formats.keep(
            source.file_type,
            [self._original(), *(each for each in past if each is not None)],
            self._arrived(self.local.content),
            delivered,
            locale=self.target.locale,
            bare=bare.content if bare else None,
            directives=content.reading(source),
            charset=source.charset,
        )

    def _edited(self) -> bool:
        """Whether the file holds uncommitted changes that the last pull did not make."""
        if self.local is None or not self.local.uncommitted:
            return False
        return self.record is None or self.record.digest != self.local.digest

    def _record(self, digest: str) -> Written | None:
        if self.wanted is None:
            return None
        date = self.date if not self.facts.settled or self.date < self.facts.settled else ""
        texts = self._came or (self.record.texts if self.record else "")
        return Written(
            self.source.file_uri, self.target.locale, _options(self.wanted), self.blob, date, digest, texts
        )

    def _keep(self, reason: Reason, detail: str = "", *, remember: bool = False) -> TargetChange:
        here = self.local.standing if self.local else ""
        # A record that no longer stands is dropped, so that the next pull asks again.
        record = self._record(here) if remember else self.record if self._known() else None
        return replace(self._change(Action.KEEP, reason, detail), digest=here, remember=record)

    def _change(self, action: Action, reason: Reason, detail: str = "") -> TargetChange:
        return TargetChange(
            action=action,
            reason=reason,
            project=self.source.project,
            resource=self.source.resource,
            source=self.source.path,
            uri=self.source.file_uri,
            locale=self.target.locale,
            path=self.target.path,
            detail=detail,
            before=self.local.before if self.local else "",
        )


def _says_nothing_new(source: Source, original: bytes, delivered: bytes) -> bool:
    """Whether every string of a translation is the source's own text, or empty."""
    try:
        ours, theirs = (
            formats.parse(source.file_type, each, content.reading(source), source.charset)
            for each in (original, delivered)
        )
    except ContentError:
        return False
    if ours is None or theirs is None:
        return original == delivered
    texts: dict[str, set[str]] = {}
    for unit in ours.units:
        texts.setdefault(unit.key, {""}).add(unit.text.strip())
    return all(unit.value.strip() in texts.get(unit.key, ()) for unit in theirs.units)


_SECONDS = "2026-01-01T00:00:00"
"""How precisely times are compared."""


def _options(pair: Wanted) -> str:
    return f"{pair.retrieval_type}/{pair.incomplete}"


def _held(good: formats.Salvaged) -> str:
    """Say which strings are held back, and what stands in their place."""
    number = len(good.bad)
    strings = f"{number} string{'' if number == 1 else 's'} held back ({_some(good.bad)})"
    if not good.present:
        return strings
    stay = "the text that is here stays" if number == len(good.present) else "texts that are here stay"
    return f"{strings}: {stay}"


def _names(judge: _TargetJudge, spots: Sequence[formats.Spot]) -> tuple[str, ...]:
    """Return what names strings to a reader: keys, and the file itself where it has none."""
    return tuple(
        " ".join(part for part in (locale, key or judge.target.path, plural) if part)
        for locale, key, plural, _number in spots
    )


def _corrected(names: Sequence[str]) -> str:
    if not names:
        return ""
    what = f"{_strings(len(names))} corrected here ({_some(names)})"
    return f"{what}: `push --corrections` sends them to the TMS, --force takes the TMS's"


def _strings(number: int) -> str:
    return "1 string" if number == 1 else f"{number} strings"


def _translations(number: int) -> str:
    return "1 translation" if number == 1 else f"{number} translations"


def _some(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - 3} more" if len(keys) > 3 else ""
    return ", ".join(keys[:3]) + more


def _errors(findings: Iterable[formats.Finding]) -> list[formats.Finding]:
    return [each for each in findings if each.severity == "error"]


def _first_finding(findings: Sequence[formats.Finding]) -> str:
    first = findings[0]
    named = [first.key] if first.key and first.key not in first.message else []
    named += [first.locale] if first.locale else []
    place = f" ({', '.join(named)})" if named else ""
    more = f", and {len(findings) - 1} more" if len(findings) > 1 else ""
    return f"{first.rule}: {first.message}{place}{more}"
