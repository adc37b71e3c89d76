"""What a pull does with every target, and what must be known to decide it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.model import (
    Fetched,
    Question,
    RemoteState,
    Source,
    Target,
    Wanted,
    Written,
    fold,
)
from l10nsync.plan import content
from l10nsync.plan.counts import completion
from l10nsync.plan.values import ALL_LOCALES, Action, Change, Plan, Reason, TargetChange, Wants


@dataclass(frozen=True, slots=True)
class LocalTarget:
    """A target as the work tree has it."""

    content: bytes
    digest: str
    """SHA-256, in hex."""
    uncommitted: bool = False


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
    remote: RemoteState = field(default_factory=RemoteState)
    fetched: Mapping[Wanted, Fetched] = field(default_factory=dict)
    settled: str = ""
    """Publish dates from this moment on are not remembered: dates have whole seconds, so the same pair
    may be published again under the same date. Empty: all are remembered."""
    force: bool = False
    trust: bool = True
    """Whether the memory may decide; if not, it only tells which files the last pull wrote."""


def wanted(source: Source, target: Target) -> Wanted | None:
    """Return the download for one target; None for a copy of the source."""
    kind = formats.get(source.file_type)
    if kind and kind.multilingual:
        return Wanted(
            source.file_uri, "", source.pull.retrieval_type, source.pull.incomplete, multilingual=True
        )
    if not target.locale:
        return None
    return Wanted(source.file_uri, target.locale, source.pull.retrieval_type, source.pull.incomplete)


def wants_pull(facts: PullFacts) -> Wants:
    """Return what `plan_pull` still has to know; ask again after it was answered."""
    if facts.remote.published is None:
        return Wants(
            Question(published_since=facts.cursor or "window", files=not (facts.memory and facts.trust))
        )
    judges = list(_target_judges(facts))
    if facts.remote.files is None and any(judge.wants_list() for judge in judges):
        return Wants(Question(files=True))
    statuses = frozenset(judge.source.file_uri for judge in judges if judge.wants_status())
    pairs = frozenset(judge.wanted for judge in judges if judge.wanted and judge.wants_content())
    blobs = frozenset(blob for judge in judges for blob in judge.wants_blobs(pairs))
    return Wants(Question(statuses=statuses), blobs, pairs - facts.fetched.keys())


def plan_pull(facts: PullFacts) -> tuple[Plan, dict[str, bytes]]:
    """Return what a pull of one project does, and the bytes to write by path."""
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
            pair = wanted(source, target)
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

    # what is still unknown

    def wants_content(self) -> bool:
        """Whether the translation must be downloaded to decide."""
        return not self._known() and self._is_uploaded() is not False and not self._below()

    def wants_list(self) -> bool:
        """Whether the list of files must say if the source is on the TMS at all."""
        seen_there = self.date or (self.record and self.record.uri == self.source.file_uri)
        answer = self.facts.fetched.get(self.wanted) if self.wanted else None
        failed = answer is not None and answer.error is not None
        return bool(self.wanted) and not self._known() and (failed or not seen_there)

    def wants_status(self) -> bool:
        """Whether the completion must be asked for."""
        needed = self.source.pull.min_completion and not self._known() and self._is_uploaded() is not False
        return (
            bool(needed)
            and bool(self.wanted)
            and fold(self.source.file_uri) not in self.facts.remote.statuses
        )

    def wants_blobs(self, pairs: frozenset[Wanted]) -> Iterable[str]:
        """Yield the source's content, where a translation is to be judged against it."""
        needed = self.wanted in pairs if self.wanted else True
        if needed and self.blob and self.blob not in self.facts.contents:
            yield self.blob

    # the decision

    def change(self) -> tuple[TargetChange, bytes | None]:
        """Return what happens to this target, why, and the bytes to write."""
        if self.wanted is None:
            return self._copied()
        if self._known():
            known = Reason.UNCHANGED if self.local else Reason.NOT_PUBLISHED
            return self._keep(known), None
        if self._is_uploaded() is False:
            return self._keep(Reason.NOT_UPLOADED), None
        if self._below():
            detail = f"{self._completion()} % of {self.source.pull.min_completion} %"
            return self._keep(Reason.BELOW_COMPLETION, detail), None
        answer = self.facts.fetched.get(self.wanted)
        if answer is None or answer.error is not None:
            return self._change(Action.HOLD, Reason.UNAVAILABLE, str(answer.error) if answer else ""), None
        if answer.content is None:
            return self._keep(Reason.NOT_PUBLISHED, remember=True), None
        return self._judged(answer.content)

    def _judged(self, delivered: bytes) -> tuple[TargetChange, bytes | None]:
        """Decide about a translation that has arrived."""
        source = self.source
        original = self.facts.contents.get(self.blob) or b""
        if self._untranslated(original, delivered):
            return self._keep(Reason.NOT_PUBLISHED, remember=True), None
        findings = content.findings(source, self.target.locale, original, delivered)
        if errors := [each for each in findings if each.severity == "error"]:
            change = self._change(Action.HOLD, Reason.INVALID, _first_finding(errors))
            return replace(change, findings=findings), None
        made = content.styled(source, delivered, original, self.local.content if self.local else None)
        if self.local and (made == self.local.content):
            return self._keep(Reason.UNCHANGED, remember=True), None
        return self._written(made, findings)

    def _written(
        self, made: bytes, findings: tuple[formats.Finding, ...] = ()
    ) -> tuple[TargetChange, bytes | None]:
        """Return the write, unless somebody's work would be lost by it."""
        if self._edited() and not self.facts.force:
            detail = "uncommitted changes would be lost; commit them, or use --force"
            return self._change(Action.BLOCK, Reason.EDITED, detail), None
        reason = Reason.NEWER if self.local else Reason.NEW
        digest = hashlib.sha256(made).hexdigest()
        change = self._change(Action.WRITE, reason)
        return replace(change, digest=digest, findings=findings, remember=self._record(digest)), made

    def _copied(self) -> tuple[TargetChange, bytes | None]:
        original = self.facts.contents.get(self.blob)
        if original is None or (self.local and self.local.content == original):
            return self._keep(Reason.UNCHANGED), None
        return self._written(original)

    def _known(self) -> bool:
        """Whether the last pull's result still stands: same source, options and file, and nothing newer."""
        record = self.record
        if record is None or not self.facts.trust:
            return False
        if self.wanted is None or self.wanted.retrieval_type == "pending":
            return False  # nothing tells when a translation that is not published changes
        here = self.local.digest if self.local else ""
        settled = (record.uri, record.source_blob, record.options, record.digest)
        newer = bool(self.date) and self.date != record.date
        return settled == (self.source.file_uri, self.blob, _options(self.wanted), here) and not newer

    def _is_uploaded(self) -> bool | None:
        files = self.facts.remote.files
        return None if files is None else fold(self.source.file_uri) in files

    def _completion(self) -> int:
        status = self.facts.remote.statuses.get(fold(self.source.file_uri))
        if status is None:
            return 0
        locales = [self.target.locale] if self.target.locale != ALL_LOCALES else list(self.source.locales)
        return min((completion(status, locale) for locale in locales), default=0)

    def _below(self) -> bool:
        least = self.source.pull.min_completion
        return bool(least) and self.wanted is not None and self._completion() < least

    def _untranslated(self, original: bytes, delivered: bytes) -> bool:
        """Whether this is the source's own text and nothing says that it was published as a translation."""
        record = self.record
        same = record and (record.uri, record.locale) == (self.source.file_uri, self.target.locale)
        if self.date or (record and same and record.date):
            return False
        if self.wanted is None or self.wanted.retrieval_type == "pseudo":
            return False
        return not self.wanted.multilingual and _says_nothing_new(self.source, original, delivered)

    def _edited(self) -> bool:
        """Whether the file holds uncommitted changes that the last pull did not make."""
        if self.local is None or not self.local.uncommitted:
            return False
        return self.record is None or self.record.digest != self.local.digest

    def _record(self, digest: str) -> Written | None:
        if self.wanted is None:
            return None
        date = self.date if not self.facts.settled or self.date < self.facts.settled else ""
        return Written(
            self.source.file_uri, self.target.locale, _options(self.wanted), self.blob, date, digest
        )

    def _keep(self, reason: Reason, detail: str = "", *, remember: bool = False) -> TargetChange:
        here = self.local.digest if self.local else ""
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
            before=self.local.digest if self.local else "",
        )


def _says_nothing_new(source: Source, original: bytes, delivered: bytes) -> bool:
    """Whether every string of a translation is the source's own text, or empty."""
    try:
        ours, theirs = (
            formats.parse(source.file_type, each, source.directives, source.charset)
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


def _options(pair: Wanted) -> str:
    return f"{pair.retrieval_type}/{pair.incomplete}"


def _first_finding(findings: Sequence[formats.Finding]) -> str:
    first = findings[0]
    place = f" ({first.key})" if first.key and first.key not in first.message else ""
    more = f", and {len(findings) - 1} more" if len(findings) > 1 else ""
    return f"{first.rule}: {first.message}{place}{more}"
