"""One file on the TMS that no present source has: whose it is, and whether the default branch needs it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from l10nsync.model import ListedFile, Source, blob_id, fold
from l10nsync.plan.asking import decide_all, need
from l10nsync.plan.parked import base_of
from l10nsync.plan.prune.facts import PruneFacts
from l10nsync.plan.reasons import Action, Reason
from l10nsync.plan.strings import StringId, same_content, string_ids, strings_or_none
from l10nsync.plan.values import FileChange

READ_AT_MOST = 50
"""Earlier contents of one path that are compared with a file whose encoding the service has changed."""


@dataclass(frozen=True)
class Candidate:
    """A file on the TMS that no present source has."""

    facts: PruneFacts
    listed: ListedFile
    source: Source
    """What the manifest makes of its path."""
    branch: str = ""
    kind: str = ""
    """`merged` or `gone`; empty for an orphan."""
    branch_is_known: bool = False
    """Whether the branch is this repository's: it is there, or something names it."""

    @property
    def key(self) -> str:
        """The fileUri, as the service compares it."""
        return fold(self.listed.uri)

    @property
    def strings(self) -> frozenset[StringId]:
        """What the file holds."""
        return frozenset(string_ids(self.source, self.facts.push.stored(self.listed)))

    @property
    def was_sent(self) -> bool:
        """Whether a push from here sent what the TMS has."""
        return self.facts.sent(self.listed) is not None

    def is_ours(self) -> bool:
        """Whether the file is this repository's."""
        return self.was_sent or self.branch_is_known or self._is_held()

    def _is_held(self) -> bool:
        """Whether history had this content at this path."""
        original = self.facts.push.original(self.listed.uri)
        held = self.facts.held.get(self.source.path, frozenset())
        if blob_id(original, self.facts.example) in held:
            return True
        earlier = sorted(held)[:READ_AT_MOST]
        contents = decide_all(self.facts.push.content, earlier)
        return any(same_content(self.source, ours, original) for ours in contents if ours is not None)

    # --- the default branch --------------------------------------------------------------------------------

    def not_pushed_since(self) -> str:
        """Return which source has to be pushed on the default branch before a branch's file goes; else empty.

        What a merge brought must be on the TMS as the default branch's: a string that no file holds is
        nobody's, and would be paid for again.
        """
        if self.facts.branches is None:
            return ""
        default = self.facts.branches.defaults.get(self.source.path)
        if default is None:
            return next((source.path for source, blob in self._unsent if self._is_kin(source, blob)), "")
        return "" if self._is_on_tms(*default) else default[0].path

    def _is_on_tms(self, source: Source, blob: str) -> bool:
        """Whether the TMS has a source as the default branch has it."""
        listed = self.facts.files.get(fold(source.file_uri))
        if listed is None:
            return False
        sent = self.facts.sent(listed)
        if sent and sent.blob == blob:
            return True
        need(lambda: self.facts.push.content(blob), lambda: self.facts.push.stored(listed))
        ours = self.facts.push.content(blob)
        return ours is not None and same_content(source, ours, self.facts.push.stored(listed))

    @cached_property
    def _unsent(self) -> list[tuple[Source, str]]:
        """The default branch's sources that the TMS lacks: one may be this file under another path."""
        return list(self._lacking()) if self.branch else []

    def _lacking(self) -> Iterator[tuple[Source, str]]:
        for source, blob in self.facts.branches.defaults.values() if self.facts.branches else ():
            lacks = fold(source.file_uri) not in self.facts.files
            if lacks and source.push and source.file_type == self.source.file_type:
                yield source, blob

    def _is_kin(self, unsent: Source, blob: str) -> bool:
        """Whether a source of the default branch has any string of this file."""
        need(lambda: self.facts.push.content(blob), lambda: self.facts.push.original(self.listed.uri))
        ours, theirs = self.facts.push.content(blob), self.facts.push.original(self.listed.uri)
        return bool(strings_or_none(unsent, ours or b"") & strings_or_none(self.source, theirs))

    def change(self, action: Action, reason: Reason, detail: str) -> FileChange:
        """Return what happens to this file."""
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


def orphans(facts: PruneFacts) -> Iterator[Candidate]:
    """Yield the files whose source is gone, among the fileUris of this branch, including parked ones."""
    present = {fold(source.file_uri): source for source in facts.sources}
    past = {fold(source.file_uri): source for source in facts.past if facts.on_default or source.default_uri}
    for key, listed in facts.files.items():
        base = base_of(key)
        source = past.get(base) or (present.get(base) if base != key else None)
        if source is not None and (facts.on_default or source.default_uri):
            yield Candidate(facts, listed, source)
