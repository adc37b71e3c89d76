"""What the uploads of a push change about which file holds which string of a job. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from l10nsync.model import HeldString, fold
from l10nsync.plan.job_content import Turnover
from l10nsync.plan.push.facts import PushFacts
from l10nsync.plan.push.source import Comparison, content_to_send
from l10nsync.plan.reasons import Action
from l10nsync.plan.strings import WHOLE_FILE, Strings, strings_or_none
from l10nsync.plan.values import SourceChange


def turnover_of(
    facts: PushFacts, changes: Sequence[SourceChange], compared: Mapping[str, Comparison]
) -> Turnover:
    """Return what CHANGES take out of files and bring into them, of the strings of known jobs."""
    if not facts.remote.job_contents:
        return Turnover()
    sent = (change for change in changes if change.action is Action.UPLOAD and not change.copy_of)
    uploads = _Uploads([_Exchange(change, compared[change.path], facts) for change in sent])
    namespaces = _namespaces(facts, changes)
    gone: set[tuple[str, str]] = set()
    come: set[tuple[str, str]] = set()
    for content in facts.remote.job_contents.values():
        for code, held in content.strings.items():
            gone |= {(upload.key, code) for upload in uploads.that_lose(held)}
            come |= {(upload.change.uri, code) for upload in uploads.that_gain(held, namespaces)}
    return Turnover(frozenset(gone), frozenset(come))


def _namespaces(facts: PushFacts, changes: Sequence[SourceChange]) -> Mapping[str, str]:
    """Return what is known of the namespaces of files on the TMS, by fileUri, folded."""
    found = {key: sent.namespace for key, sent in facts.memory.items()}
    found |= {key: status.namespace for key, status in facts.remote.statuses.items()}
    return found | {fold(change.uri): change.namespace for change in changes}


@dataclass(frozen=True)
class _Exchange:
    """What an upload takes out of a file, and brings into it."""

    change: SourceChange
    found: Comparison
    facts: PushFacts

    @property
    def key(self) -> str:
        """The fileUri, folded."""
        return fold(self.change.uri)

    @cached_property
    def before(self) -> Strings:
        """What the TMS has in the file."""
        theirs = self.found.theirs
        if theirs is None and self.found.same:
            return self.now
        return strings_or_none(self.found.source, theirs or b"")

    @cached_property
    def now(self) -> Strings:
        """What the source has."""
        return strings_or_none(self.found.source, content_to_send(self.facts, self.found))

    def shares(self, uris: Iterable[str], namespaces: Mapping[str, str]) -> bool:
        """Whether one of URIS may be in the namespace of the upload: what is not known may be."""
        namespace = self.change.namespace
        return any(namespaces.get(uri, namespace) == namespace for uri in uris)

    def loses(self, held: HeldString) -> bool:
        """Whether the upload takes a string out of the file that the TMS has."""
        if self.change.moves:
            return True
        keys = {key for uri, key in held.holders if fold(uri) == self.key}
        known = keys & {key for key, _plural, _text in self.before}
        if known:
            return any(_texts(self.before, key) != _texts(self.now, key) for key in known)
        texts = {text for _key, _plural, text in self.now}
        return held.text in {text for _key, _plural, text in self.before} - texts

    def gains(self, held: HeldString) -> bool:
        """Whether the upload brings a string into the file that another one has in the same namespace.

        Where nobody can read the source string by string, it may bring all that its earlier file holds.
        """
        if not self.now or WHOLE_FILE in self.now:
            return fold(self.change.renamed_from) in {fold(uri) for uri, _key in held.holders}
        keys = {key for _uri, key in held.holders}
        return any(text == held.text and (key in keys or not key) for key, _plural, text in self.now)


class _Uploads:
    """The uploads of a push, by what a string of a job has to do with them."""

    def __init__(self, uploads: Iterable[_Exchange]) -> None:
        self.by_uri: dict[str, _Exchange] = {}
        self.by_text: dict[str, list[_Exchange]] = {}
        self.unread: dict[str, list[_Exchange]] = {}
        """Those that nobody can read string by string, by the file that they were."""
        for upload in uploads:
            self.by_uri[upload.key] = upload
            if not upload.now or WHOLE_FILE in upload.now:
                self.unread.setdefault(fold(upload.change.renamed_from), []).append(upload)
                continue
            for text in {text for _key, _plural, text in upload.now}:
                self.by_text.setdefault(text, []).append(upload)

    def that_lose(self, held: HeldString) -> Iterator[_Exchange]:
        """Yield the uploads that take a string out of their file."""
        for uri in _uris_of(held) & self.by_uri.keys():
            upload = self.by_uri[uri]
            if upload.found.listed and upload.loses(held):
                yield upload

    def that_gain(self, held: HeldString, namespaces: Mapping[str, str]) -> Iterator[_Exchange]:
        """Yield the uploads that bring a string into a file that does not hold it on the TMS yet."""
        uris = _uris_of(held)
        for upload in self._that_may_bring(held.text, uris):
            is_new = upload.key not in uris or not upload.found.listed
            if is_new and upload.shares(uris, namespaces) and upload.gains(held):
                yield upload

    def _that_may_bring(self, text: str, uris: Iterable[str]) -> list[_Exchange]:
        """Return the uploads that may bring a text which the files under some fileUris have."""
        unread = chain.from_iterable(self.unread.get(uri, ()) for uri in uris)
        return [*self.by_text.get(text, ()), *unread]


def _uris_of(held: HeldString) -> set[str]:
    """Return the fileUris of the files that hold a string, folded."""
    return {fold(uri) for uri, _key in held.holders}


def _texts(strings: Strings, key: str) -> dict[tuple[str, str], int]:
    """Return the texts that a key has, by plural category, with their number."""
    return {(plural, text): number for (other, plural, text), number in strings.items() if other == key}
