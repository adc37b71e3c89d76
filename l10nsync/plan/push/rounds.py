"""In which rounds uploads go, so that nothing is overwritten that another source still takes. Pure.

A file on the TMS is a list of strings; what no file lists any more may lose its translation. So a file that
alone holds a string which another source brings again is overwritten only after that source's upload is
confirmed. Uploads of one round go together, in any order. Where sources wait for each other in a circle (two
files swapped their paths), the content of one file is uploaded once more, under a name of its own: it is
*parked*, and `prune` removes it later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from l10nsync.model import Source, blob_id, fold
from l10nsync.plan.asking import decide_all
from l10nsync.plan.parked import parked_name
from l10nsync.plan.push.evidence import NamespaceEvidence
from l10nsync.plan.push.facts import PushFacts
from l10nsync.plan.push.namespace_strings import HeldFile
from l10nsync.plan.reasons import Action, Brings, Reason
from l10nsync.plan.strings import StringId, string_ids
from l10nsync.plan.values import SourceChange

ROUNDS = 4
"""Rounds that one chain of uploads may take; beyond that, parking the rest costs less than waiting."""
StringPlace = tuple[str, StringId]
"""A string in its namespace."""


@dataclass(frozen=True, slots=True)
class NextUpload:
    """What an upload puts into a fileUri."""

    uri: str
    namespace: str
    strings: frozenset[StringId]

    @property
    def places(self) -> frozenset[StringPlace]:
        """What the file holds afterwards."""
        return _places(self.namespace, self.strings)


@dataclass(frozen=True, slots=True)
class Round:
    """What goes together."""

    parked: tuple[str, ...]
    """fileUris whose present content is uploaded once more, before a later round overwrites it."""
    uploads: tuple[str, ...]
    """fileUris."""


def rounds_of(
    uploads: Iterable[NextUpload], files: Mapping[str, HeldFile], kept: Iterable[StringPlace] = ()
) -> Sequence[Round]:
    """Return the rounds in which UPLOADS go.

    FILES are what the TMS has now, by fileUri. KEPT are strings that a source takes which cannot be sent yet.
    """
    plan = _Rounds(uploads, files, kept)
    found: list[Round] = []
    while plan.pending:
        found.append(plan.next(last=len(found) + 2 >= ROUNDS))
    return found


def _places(namespace: str, strings: frozenset[StringId]) -> frozenset[StringPlace]:
    return frozenset((namespace, string) for string in strings)


class _Rounds:
    """What is left to upload, and who holds and who takes which string."""

    def __init__(
        self, uploads: Iterable[NextUpload], files: Mapping[str, HeldFile], kept: Iterable[StringPlace]
    ) -> None:
        self.pending = {upload.uri: upload for upload in uploads}
        self.now = {uri: _places(held.namespace, held.strings) for uri, held in files.items()}
        self.holders: Counter[StringPlace] = Counter()
        self.takers: Counter[StringPlace] = Counter(kept)
        for places in self.now.values():
            self.holders.update(places)
        for upload in self.pending.values():
            self.takers.update(upload.places)

    def next(self, *, last: bool) -> Round:
        """Return one more round; LAST: it parks whatever the others would have to wait for."""
        going: list[str] = []
        waiting: list[str] = []
        for uri, upload in self.pending.items():
            if self._is_needed(upload):
                waiting.append(uri)
            else:
                going.append(uri)
                # What this round takes out of a file is not safe there any more; what it brings is not yet.
                self.holders.subtract(self.now.get(uri, frozenset()) - upload.places)
        for uri in going:
            upload = self.pending.pop(uri)
            self.holders.update(upload.places - self.now.get(uri, frozenset()))
            self.now[uri] = upload.places
            self.takers.subtract(upload.places)
        parked = self._to_park(waiting, last=last)
        for uri in parked:
            self.holders.update(self.now[uri])
        return Round(tuple(parked), tuple(going))

    def _to_park(self, waiting: Sequence[str], *, last: bool) -> Sequence[str]:
        """Return the fileUris to park: one where all wait for each other, all where that takes too long."""
        if last:
            return waiting
        stuck = all(self._is_needed(self.pending[uri]) for uri in waiting)
        return waiting[:1] if stuck else ()

    def _is_needed(self, upload: NextUpload) -> bool:
        """Whether UPLOAD would overwrite the only file with a string that another upload still takes."""
        brings = upload.places
        return any(
            self.holders[place] == 1 and self.takers[place] > 0
            for place in self.now.get(upload.uri, frozenset()) - brings
        )


def in_rounds(
    facts: PushFacts, changes: Sequence[SourceChange], evidence: NamespaceEvidence
) -> list[SourceChange]:
    """Return CHANGES with the rounds in which they go, and with what has to be parked before."""
    if facts.abilities.orders:
        return list(changes)
    sources = {source.path: source for source in facts.sources}
    files = {fold(file.uri): file for file in evidence.files}
    uploads = {fold(change.uri): change for change in changes if change.action is Action.UPLOAD}
    kept = _kept_for(facts, changes, evidence) if uploads.keys() & files.keys() else []
    if not files or (len(uploads) < 2 and not kept):  # nobody can take what another one overwrites
        return list(changes)
    coming = [
        NextUpload(key, change.namespace, _strings_of(facts, sources[change.path], change))
        for key, change in uploads.items()
    ]
    parked: list[SourceChange] = []
    numbers: dict[str, int] = {}
    for number, turn in enumerate(rounds_of(coming, files, kept)):
        numbers |= dict.fromkeys(turn.uploads, number)
        parked += [_parked(facts, uploads[key], files[key], number) for key in turn.parked]
    placed = (replace(change, round=numbers.get(fold(change.uri), 0)) for change in changes)
    return [*placed, *parked]


def _strings_of(facts: PushFacts, source: Source, change: SourceChange) -> frozenset[StringId]:
    return frozenset(string_ids(source, facts.content(change.blob) or b""))


def _kept_for(
    facts: PushFacts, changes: Sequence[SourceChange], evidence: NamespaceEvidence
) -> list[StringPlace]:
    """Return the strings of files that history says were sources which cannot be sent yet."""
    blocked = [change for change in changes if change.action is Action.BLOCK and not change.last_uploaded]
    histories = decide_all(lambda change: facts.history(change.path), blocked)
    kept: set[StringPlace] = set()
    for change, history in zip(blocked, histories, strict=True):
        paths = {stage.path for stage in history.earlier(change.path)}
        for file in evidence.files:
            if file.path in paths:
                kept |= _places(file.namespace, file.strings)
    return sorted(kept)


def _parked(facts: PushFacts, change: SourceChange, held: HeldFile, number: int) -> SourceChange:
    """Return the upload that keeps the content which CHANGE is going to overwrite."""
    listed = facts.listed(held.uri)
    content = facts.stored(listed) if listed else b""
    return replace(
        change,
        reason=Reason.PARKED,
        brings=Brings.NOTHING,
        uri=parked_name(held.uri, change.last_uploaded),
        namespace=held.namespace,
        blob=blob_id(content, change.blob),
        last_uploaded="",
        detail=f"what {held.uri} holds, until another file has taken its strings",
        strings=len(held.strings),
        words=0,
        new_strings=0,
        new_words=0,
        words_to_translate=0,
        renamed_from="",
        round=number,
        copy_of=held.uri,
        remember=None,
    )
