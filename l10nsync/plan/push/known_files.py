"""The files on the TMS that may have to do with sources that are sent: homes, and those without a source.

Reading a file of the TMS costs a request, so each is read only where its content can change a decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from l10nsync.model import ListedFile, Source, fold
from l10nsync.plan.asking import decide_all, need
from l10nsync.plan.counts import counts_of
from l10nsync.plan.elsewhere import Elsewhere, elsewhere
from l10nsync.plan.parked import base_of
from l10nsync.plan.push.facts import PushFacts
from l10nsync.plan.push.job_holdings import are_jobs_known, waiting_in_jobs
from l10nsync.plan.push.namespace_strings import HeldFile
from l10nsync.plan.push.source import Comparison
from l10nsync.plan.strings import StringId, string_ids


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file on the TMS, and the source that it stands for."""

    listed: ListedFile
    source: Source
    orphan: bool = False
    """It is this branch's or the default branch's, and no source of this commit has it."""
    other: bool = False
    """It is another branch's."""

    @property
    def path(self) -> str:
        """Path of the source."""
        return self.source.path


def orphans_of(facts: PushFacts) -> tuple[KnownFile, ...]:
    """Return the files that this branch, or the default branch, has on the TMS and that have no source here.

    Also those that were parked, whatever source they stand for.
    """
    if not facts.strangers:
        return ()
    gone: dict[str, Source] = {}
    for source in facts.gone():
        if source.project == facts.project:
            for uri in (source.default_uri, source.file_uri):
                gone[fold(uri)] = source
    present = {fold(source.file_uri): source for source in facts.sources}
    found = []
    for listed in facts.strangers:
        key = fold(listed.uri)
        base = base_of(key)
        source_of = gone.get(base) or (present.get(base) if base != key else None)
        if source_of:
            found.append(KnownFile(listed, source_of, orphan=True))
    return tuple(found)


class KnownFiles:
    """The sources that are sent, their homes, and the files that may hold their strings."""

    def __init__(self, facts: PushFacts, moving: Sequence[Comparison]) -> None:
        self.facts = facts
        self.moving = moving

    @cached_property
    def homes(self) -> Mapping[str, tuple[KnownFile | None, KnownFile | None]]:
        """Path to the source's own file, or to the default branch's if it has none."""
        return {found.source.path: self._homes_of(found) for found in self.moving}

    def _homes_of(self, found: Comparison) -> tuple[KnownFile | None, KnownFile | None]:
        if found.listed:
            return KnownFile(found.listed, found.source), None
        default = self.facts.listed(found.source.default_uri) if found.source.default_uri else None
        return None, KnownFile(default, found.source) if default else None

    @cached_property
    def here(self) -> Mapping[str, int]:
        """Path to how many of the source's strings are in its home."""
        return dict(decide_all(self._here, self.moving))

    def _here(self, found: Comparison) -> tuple[str, int]:
        own, default = self.homes[found.source.path]
        home = own or default
        held = self.read(home).strings if home else frozenset()
        return found.source.path, len(found.strings.keys() & held)

    @cached_property
    def open(self) -> list[Comparison]:
        """The sources whose home holds less than half of them: their strings may be elsewhere."""
        return [found for found in self.moving if 2 * self.here[found.source.path] < len(found.strings)]

    @cached_property
    def orphans(self) -> tuple[KnownFile, ...]:
        """The files whose source is gone."""
        return orphans_of(self.facts)

    @cached_property
    def elsewhere(self) -> Elsewhere:
        """The files that other branches may have."""
        known = self.facts.known_elsewhere()
        orphans = {file.listed.uri for file in self.orphans}
        strangers = (listed for listed in self.facts.strangers if listed.uri not in orphans)
        return elsewhere(strangers, known, self.facts.blobs) if known else Elsewhere()

    @cached_property
    def unknown(self) -> tuple[ListedFile, ...]:
        """The files of other branches that stand for no source here."""
        return self.elsewhere.unknown if self.facts.strangers else ()

    def is_accounted_for(self, file: KnownFile) -> bool:
        """Whether an upload that shares strings with a file brings none of them into a job.

        They are authorized, or wait in a job: each is authorized there, and counted there.
        """
        sent = self.facts.remembered(file.listed)
        if sent and (sent.authorized or not are_jobs_known(self.facts)):
            return sent.authorized
        status = self.facts.status(file.listed.uri)
        return all(
            locale in status.locales
            and counts_of(status, locale).unauthorized_strings <= self._waiting(file, locale)
            for locale in file.source.locales
        )

    def _waiting(self, file: KnownFile, locale: str) -> int:
        return waiting_in_jobs(self.facts, file.listed.uri, locale) if are_jobs_known(self.facts) else 0

    def strings(self, file: KnownFile) -> frozenset[StringId]:
        """Return the strings of a file as the service distinguishes them."""
        return frozenset(string_ids(file.source, self.facts.stored(file.listed)))

    def read(self, file: KnownFile) -> HeldFile:
        """Return what a file holds, and in which namespace."""
        need(lambda: self.facts.stored(file.listed), lambda: self.facts.namespace_of(file.listed))
        namespace = self.facts.namespace_of(file.listed) or file.source.namespace
        return HeldFile(file.listed.uri, file.path, namespace, self.strings(file))
