"""One target of a pull: what is here, what the last pull left, and what it takes to translate it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from l10nsync import formats
from l10nsync.model import Source, Target, Wanted, Written, fold
from l10nsync.plan import content, corrections
from l10nsync.plan.pull.facts import LocalTarget, PullFacts
from l10nsync.plan.reasons import Action, Awaits, Reason
from l10nsync.plan.values import ALL_LOCALES, TargetChange

Decision = tuple[TargetChange, bytes | None]
"""What happens to a target, and the bytes to write, or those that were held back."""


def wanted(source: Source, target: Target, blob: str = "") -> Wanted | None:
    """Return the download for one target of the source with BLOB; None for a copy of the source."""
    kind = formats.get(source.file_type)
    how = (source.pull.retrieval_type, source.pull.incomplete)
    if kind and kind.multilingual:
        return Wanted(source.file_uri, "", *how, multilingual=True, blob=blob)
    return Wanted(source.file_uri, target.locale, *how, blob=blob) if target.locale else None


@dataclass(frozen=True)
class PullTarget:
    """One target, with the source that it translates."""

    facts: PullFacts
    source: Source
    file: Target
    """Where it is written to."""
    wanted: Wanted | None
    """The translation to download; None for a copy of the source."""
    date: str
    """When it was published, if the service listed it."""

    @property
    def path(self) -> str:
        """Where the translation is written to."""
        return self.file.path

    @property
    def blob(self) -> str:
        """The blob id of the source; empty where git has none."""
        return self.facts.blobs.get(self.source.path, "")

    @property
    def original(self) -> bytes:
        """The content of the source; empty where the repository lacks it."""
        return self.facts.content(self.blob) or b""

    @cached_property
    def local(self) -> LocalTarget | None:
        """What is there; None where there is no file."""
        return self.facts.local.get(self.path)

    @property
    def record(self) -> Written | None:
        """What the last pull remembers; None: nothing."""
        return self.facts.memory.get(self.path)

    @property
    def base(self) -> str:
        """What the service had at the last pull, as `corrections.packed`.

        Empty where that is not known, and where the last pull asked for something else.
        """
        record, pair = self.record, self.wanted
        if record is None or pair is None:
            return ""
        then = (record.uri, record.locale, record.options.partition("/")[0])
        now = (self.source.file_uri, self.file.locale, pair.retrieval_type)
        return record.texts if then == now else ""

    @property
    def locales(self) -> tuple[str, ...]:
        """The locales that the file holds."""
        return self.source.locales if self.file.locale == ALL_LOCALES else (self.file.locale,)

    # --- what is valid -------------------------------------------------------------------------------------

    @property
    def stands(self) -> bool:
        """Whether there is a file that need not be written again: one that is only deleted here is."""
        return self.local is not None and self.local.absent != "deleted"

    @cached_property
    def may_stand(self) -> bool:
        """Whether source, options and file are those of the last pull, and nothing newer was published."""
        record, pair = self.record, self.wanted
        if record is None or pair is None or self.facts.force or record.again:
            return False
        if pair.retrieval_type == "pending":
            return False  # a change of an unpublished translation has no date
        here = self.local.standing if self.local else ""
        then = (record.uri, record.source_blob, record.options, record.digest)
        newer = bool(self.date) and self.date != record.date
        return then == (self.source.file_uri, self.blob, _options(pair), here) and not newer

    @cached_property
    def is_known(self) -> bool:
        """Whether the last pull's result is still valid."""
        if not self.may_stand or not self.facts.stale:
            return self.may_stand
        changed = self.facts.changed_locales(self.source.file_uri)
        if self.file.locale == ALL_LOCALES:
            return not changed
        return changed.isdisjoint({self.file.locale, ALL_LOCALES})

    @property
    def is_edited(self) -> bool:
        """Whether the file holds uncommitted changes that the last pull did not make."""
        if self.local is None or not self.local.uncommitted:
            return False
        return self.record is None or self.record.digest != self.local.digest

    @property
    def is_untouched(self) -> bool:
        """Whether the file is just what the last pull took from the service."""
        if self.record is None or self.local is None:
            return False
        return self.record.digest == self.local.digest and not self.record.again

    # --- contents ------------------------------------------------------------------------------------------

    def arrived(self, data: bytes, *, delivered: bool = False) -> bytes:
        """Return a translation as it would be here."""
        return content.arrived(self.source, self.file, data, delivered=delivered)

    @cached_property
    def here(self) -> bytes | None:
        """The translation that is here; None where there is no file."""
        return self.arrived(self.local.content) if self.local else None

    def texts(self, data: bytes) -> corrections.TextBySpot:
        """Return the texts of a translation by their places."""
        source = self.source
        return formats.texts(source.file_type, self.original, data, content.reading(source), source.charset)

    def findings(self, data: bytes, of: bytes | None = None) -> tuple[formats.Finding, ...]:
        """Return what is wrong with a translation that has come, as it would be written.

        OF is the source that it translates; ours, if it is not given.
        """
        data = content.published(self.source, data)
        original = self.original if of is None else of
        return content.findings(self.source, self.file, original, data)

    # --- the change ----------------------------------------------------------------------------------------

    def change(self, action: Action, reason: Reason, detail: str = "") -> TargetChange:
        """Return what happens to this target."""
        return TargetChange(
            action=action,
            reason=reason,
            project=self.source.project,
            resource=self.source.resource,
            source=self.source.path,
            uri=self.source.file_uri,
            locale=self.file.locale,
            path=self.path,
            detail=detail,
            before=self.local.before if self.local else "",
        )

    def unchanged(self, *, remember: bool = False) -> TargetChange:
        """Return that this target is what it should be."""
        return replace(self.kept(Reason.UNCHANGED, remember=remember), current=True)

    def unpublished(self, detail: str = "", *, remember: bool = False) -> TargetChange:
        """Return that there is no translation yet."""
        kept = self.kept(Reason.NOT_PUBLISHED, detail, remember=remember)
        record = kept.remember
        if record:
            # What came in place of a translation is none: nobody has compared what was changed here with one.
            changed_here = bool(self.base) and self.stands and not self.is_untouched
            record = replace(record, texts=self.base, again=changed_here)
        return replace(kept, awaits=Awaits.PUBLICATION, remember=record)

    def kept(self, reason: Reason, detail: str = "", *, remember: bool = False) -> TargetChange:
        """Return that this target stays as it is."""
        here = self.local.standing if self.local else ""
        # A record that is no longer valid is dropped, so that the next pull asks again.
        record = self.to_remember(here) if remember else self.record if self.is_known else None
        return replace(self.change(Action.KEEP, reason, detail), digest=here, remember=record)

    def to_remember(self, digest: str) -> Written | None:
        """Return the cache entry of a file with DIGEST; None for a copy of the source."""
        if self.wanted is None:
            return None
        date = self.date if not self.facts.settled or self.date < self.facts.settled else ""
        answer = self.facts.fetched.get(self.wanted)
        came = answer.content if answer else None
        texts = self.base
        if came is not None:
            texts = corrections.packed(self.texts(self.arrived(came, delivered=True))) or texts
        return Written(
            self.source.file_uri, self.file.locale, _options(self.wanted), self.blob, date, digest, texts
        )


def _options(pair: Wanted) -> str:
    return f"{pair.retrieval_type}/{pair.incomplete}"


def targets_of(facts: PullFacts) -> Iterator[PullTarget]:
    """Yield the targets of all sources; a file for all locales once."""
    dates = {(fold(pair.uri), pair.locale): pair.date for pair in facts.published}
    newest: dict[str, str] = {}
    for (key, _locale), date in dates.items():
        newest[key] = max(newest.get(key, ""), date)
    for source in facts.sources:
        key, blob = fold(source.file_uri), facts.blobs.get(source.path, "")
        seen: set[str] = set()
        for file in source.targets:
            pair = wanted(source, file, blob)
            if pair is None or not pair.multilingual:
                pair = replace(pair, content=facts.posted.get(source.path)) if pair else None
                yield PullTarget(facts, source, file, pair, dates.get((key, file.locale), ""))
            elif file.path not in seen:
                seen.add(file.path)
                whole = replace(file, locale=ALL_LOCALES)
                yield PullTarget(facts, source, whole, pair, newest.get(key, ""))
