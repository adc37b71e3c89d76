"""What is known for a pull. Each method returns a fact, or raises `Unknown` with its question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

from l10nsync.model import (
    Edition,
    Fetched,
    FileStatus,
    ListedFile,
    PublicationKey,
    PublishedPair,
    Question,
    RemoteState,
    Source,
    Translated,
    Wanted,
    Written,
    fold,
)
from l10nsync.plan.asking import Unknown, Wants, decide_all
from l10nsync.plan.values import ALL_LOCALES, contents_of


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
        """The digest of what is there if nothing is written; empty for a file that is deleted."""
        return "" if self.absent == "deleted" else self.digest


@dataclass(frozen=True, slots=True)
class PullFacts:
    """All that is known about one project for a pull."""

    sources: tuple[Source, ...]
    blobs: Mapping[str, str]
    """Path of a source to the blob id of its content in git."""
    contents: Mapping[str, bytes | None]
    """Blob id to content."""
    local: Mapping[str, LocalTarget]
    """Target path to what is there; absent where there is no file."""
    memory: Mapping[str, Written] = field(default_factory=dict)
    """By target path."""
    cursor: str = ""
    """Published changes are asked for since then; `window` for as long back as the service goes."""
    stale: str = ""
    """The last pull's cursor if it is older than the service's lists:
    the memory is valid only for files whose translations did not change since."""
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
    beside: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Commit and path to the blob id of the path there; empty where the commit lacks it."""
    deepened: int = 0
    """How often older history was asked for."""
    deepest: bool = True
    """Whether no older history can be had than is known."""
    committed: frozenset[str] | None = None
    """Paths that the commit has; None: not asked."""
    shows_originals: bool = True
    """Whether the service hands out the sources that it has."""
    since: str = ""
    """ISO time in UTC from which on the service has listed what was published."""

    # --- the TMS -------------------------------------------------------------------------------------------

    @property
    def published(self) -> tuple[PublishedPair, ...]:
        """What was published since the last pull."""
        if self.remote.published is None:
            # Without a memory many targets ask whether their source is there at all: both in one round.
            files = self.remote.files is None and (not self.memory or bool(self.stale))
            raise self._unknown(Question(published_since=self.cursor or "window", files=files))
        return self.remote.published

    @property
    def files(self) -> Mapping[str, ListedFile]:
        """The files of the project, by `fold(fileUri)`."""
        if self.remote.files is None:
            raise self._unknown(Question(files=True))
        return self.remote.files

    def status(self, uri: str) -> FileStatus:
        """Return the status of a file: its completion."""
        found = self.remote.statuses.get(fold(uri))
        if found is None:
            raise self._unknown(Question(statuses=frozenset({uri})))
        return found

    def original(self, uri: str) -> bytes | None:
        """Return the source as the TMS has it; None where the service does not hand it out."""
        if not self.shows_originals:
            return None
        if fold(uri) not in self.remote.originals:
            raise self._unknown(Question(originals=frozenset({uri})))
        return self.remote.originals[fold(uri)]

    def changed_locales(self, uri: str) -> frozenset[str]:
        """Return the locales of a file that changed since the last pull; all where nobody was asked."""
        return self.remote.modified.get(fold(uri), frozenset({ALL_LOCALES}))

    def answer(self, pair: Wanted) -> Fetched:
        """Return what the TMS delivers of a translation."""
        self.require_answer(pair)
        return self.fetched[pair]

    def require_answer(self, pair: Wanted) -> None:
        """Raise `Unknown` where it is not known what the TMS delivers of a translation."""
        if pair not in self.fetched:
            raise Unknown(Wants(pairs=frozenset({pair})))

    def translated(self, pair: PublicationKey) -> tuple[Translated, ...]:
        """Return when each translation of a file was changed."""
        if pair not in self.remote.translated:
            raise Unknown(Wants(Question(translated=frozenset({pair}))))
        return self.remote.translated[pair]

    def _unknown(self, question: Question) -> Unknown:
        """Return what asks QUESTION of a service that may have to know which contents are here."""
        return Unknown(Wants(question | Question(contents=contents_of(self.sources, self.blobs))))

    # --- the repository ------------------------------------------------------------------------------------

    def content(self, blob: str) -> bytes | None:
        """Return the content of a blob; None where the repository lacks it, and for no blob."""
        if blob and blob not in self.contents:
            raise Unknown(Wants(blobs=frozenset({blob})))
        return self.contents.get(blob)

    def is_committed(self, path: str) -> bool:
        """Return whether the commit has a source: one that is only staged is not sent."""
        if self.committed is None:
            raise Unknown(Wants(committed=True))
        return path in self.committed

    def earlier_contents(self, path: str) -> tuple[bytes, ...]:
        """Return what a source held before, as far as git has it."""
        if path not in self.past:
            raise Unknown(Wants(past=frozenset({path})))
        found = decide_all(self.content, self.past[path])
        return tuple(content for content in found if content is not None)

    def content_in(self, commit: str, path: str) -> bytes | None:
        """Return what a path held in a commit; None where it was not there."""
        if (commit, path) not in self.beside:
            raise Unknown(Wants(beside=frozenset({(commit, path)})))
        return self.content(self.beside[commit, path])

    def require_older(self) -> None:
        """Raise `Unknown` where a shallow clone may have older history."""
        if not self.deepest:
            raise Unknown(Wants(deeper=self.deepened + 1))

    def history_of(self, path: str) -> tuple[Edition, ...]:
        """Return what history holds of a target, the newest first; the contents are known."""
        if path not in self.editions:
            raise Unknown(Wants(editions=frozenset({path})))
        found = self.editions[path]
        blobs = {
            blob
            for blob in chain.from_iterable((edition.blob, *edition.before) for edition in found)
            if blob.strip("0")
        }
        decide_all(self.content, sorted(blobs))
        return found
