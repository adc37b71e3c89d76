"""What was ordered, looked up by file and content; which final document is whose. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, product

from l10nsync.model import FileStatus, ListedFile, LocaleCounts, Project, PublishedPair, fold
from l10nsync.providers.smartmate.api import DocumentProgress, Final, Request, SourceDocument
from l10nsync.providers.smartmate.identity import is_document_of, key, normal, short, spelled

_NOT_QUITE = 99
"""Percent of what is not delivered, whatever the tracking says: documents win over tracking."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One content of one file, ordered in one language."""

    request: Request
    key: str
    """Of the fileUri under which it was ordered."""
    blob: str
    code: str
    """In lower case."""

    @property
    def document(self) -> SourceDocument | None:
        """The source document; None where the request shows none, or two, of that name."""
        found = [document for document in self.request.documents if is_document_of(document.name, self.key)]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Why no final document can be taken for a language."""

    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Where a translation comes from."""

    final: Final | Ambiguity
    outdated: bool = False


class Ledger:
    """The orders of one project."""

    def __init__(
        self, project: Project, requests: Iterable[Request], languages: Mapping[str, str] | None = None
    ) -> None:
        self.project = project
        self.entries = list(_entries_of(requests))
        self._by_key: dict[str, list[LedgerEntry]] = {}
        self._by_blob: dict[str, list[LedgerEntry]] = {}
        for entry in self.entries:
            self._by_key.setdefault(entry.key, []).append(entry)
            self._by_blob.setdefault(entry.blob, []).append(entry)
        self._spelling = {normal(code): code for code in languages or ()}

    def code(self, locale: str) -> str:
        """Return the IsoCode of a locale of the manifest."""
        return self.project.locales.get(locale, locale)

    def locales(self, code: str) -> list[str]:
        """Return the locales of the manifest that a language may stand for."""
        named = [locale for locale, own in self.project.locales.items() if normal(own) == code]
        plain = self._spelling.get(code) or spelled(code)
        return named if named or plain in self.project.locales else [plain]

    def of(self, uri: str, blob: str = "") -> list[LedgerEntry]:
        """Return the orders of a file, and those of BLOB under whatever name, the oldest first."""
        same = self._by_key.get(key(self.project.id, uri), [])
        others = self._by_blob.get(short(blob), []) if blob else []
        once = {id(entry): entry for entry in (*same, *others)}
        return sorted(once.values(), key=lambda entry: entry.request.order)

    def doubles(self, contents: Mapping[str, str]) -> tuple[str, ...]:
        """Return a sentence for each set of requests that holds present contents in one language twice.

        The service takes no order back: a person has to ask for it, while one is not completed yet.
        """
        found: dict[tuple[str, ...], dict[str, None]] = {}
        for uri, blob in sorted(contents.items()):
            by_code: dict[str, dict[str, Request]] = {}
            for entry in self._by_blob.get(short(blob), []) if blob else []:
                by_code.setdefault(entry.code, {})[entry.request.id] = entry.request
            for requests in by_code.values():
                if len(requests) > 1 and not all(request.completed for request in requests.values()):
                    numbers = tuple(sorted(request.number for request in requests.values()))
                    found.setdefault(numbers, {})[uri] = None
        return tuple(
            f"ordered twice: the same content of {', '.join(uris)} was ordered in each of"
            f" {', '.join(numbers)}; ask SmartMATE to cancel all but one"
            for numbers, uris in sorted(found.items())
        )

    # --- what a planner asks ---

    def listed(self, contents: Mapping[str, str]) -> dict[str, ListedFile]:
        """Return the files of the repository that were ever ordered, each with all its contents."""
        found: dict[str, ListedFile] = {}
        for uri, blob in contents.items():
            entries = self.of(uri, blob)
            if not entries:
                continue
            versions: dict[str, list[str]] = {}
            for entry in entries:
                own = blob if entry.blob == short(blob) else entry.blob
                versions.setdefault(own, []).extend(self.locales(entry.code))
            held = {version: tuple(sorted(set(locales))) for version, locales in versions.items()}
            found[fold(uri)] = ListedFile(uri, "", entries[-1].request.number, held)
        return found

    def published(self, contents: Mapping[str, str]) -> tuple[PublishedPair, ...]:
        """Return the pairs with a completed order; the date stands for all that is there to choose from."""
        pairs: list[PublishedPair] = []
        for uri, blob in contents.items():
            completed: dict[str, list[Request]] = {}
            for entry in self.of(uri, blob):
                if entry.request.completed:
                    completed.setdefault(entry.code, []).append(entry.request)
            for code, requests in completed.items():
                seen = "\n".join(f"{request.id} {_finals(request)}" for request in requests)
                date = sha256(seen.encode("utf-8", "replace")).hexdigest()[:16]
                pairs += [PublishedPair(uri, locale, date) for locale in self.locales(code)]
        return tuple(pairs)

    def status(self, uri: str, blob: str) -> FileStatus | None:
        """Return how far the present content is; None for a file that was never ordered."""
        entries = self.of(uri, blob)
        if not entries:
            return None
        counts: dict[str, LocaleCounts] = {}
        for entry in entries:
            if entry.blob == short(blob):
                for locale in self.locales(entry.code):
                    known = counts.get(locale)
                    found = _progress(entry)
                    counts[locale] = found if known is None or found.percent >= known.percent else known
        return FileStatus(uri, entries[-1].request.number, "", {}, 0, 0, counts, counted=False)

    def choose(self, uri: str, locale: str, blob: str) -> Choice | None:
        """Return the document to take for a locale; None while there is none.

        That of the present content comes first, even if it is not known which: an older one must not hide
        that. Else it is the newest of an earlier content.
        """
        code = normal(self.code(locale))
        entries = [entry for entry in self.of(uri, blob) if entry.code == code and entry.request.completed]
        exact = [entry for entry in entries if entry.blob == short(blob)]
        outdated = bool(blob) and not exact
        found = [final_of(entry) for entry in reversed(exact or entries)]
        certain = [final for final in found if isinstance(final, Final)]
        return Choice((certain or found)[0], outdated) if found else None


def _finals(request: Request) -> str:
    return " ".join(
        final.id for final in chain.from_iterable(document.finals for document in request.documents)
    )


def final_of(entry: LedgerEntry) -> Final | Ambiguity:
    """Return the final document of a completed order in its language, or why it is not known.

    Final documents may lack their language, there may be fewer or more than languages, and a document's
    name is all that ties them to their source. What is not certain is not taken.
    """
    document, number = entry.document, entry.request.number
    if document is None:
        return Ambiguity(f"request {number} is completed and does not show the document that was sent")
    language = spelled(entry.code)
    finals = document.finals
    if not finals:
        return Ambiguity(f"request {number} is completed without a final document for {language}")
    codes = entry.request.known.codes
    same_code = [final for final in finals if normal(final.code) == entry.code]
    silent = [final for final in finals if not final.code.strip()]
    if len(same_code) == 1:
        return same_code[0]
    if not same_code and len(silent) == 1 and _only_one_is_left(finals, codes, entry.code):
        return silent[0]
    names = ", ".join(final.name for final in finals)
    return Ambiguity(
        f"request {number} has {len(finals)} final documents, and it is not known which is for"
        f" {language}: {names}"
    )


def _only_one_is_left(finals: Iterable[Final], codes: Iterable[str], code: str) -> bool:
    """Whether every other language has just its own document, so that the silent one is for CODE."""
    named = sorted(normal(final.code) for final in finals if final.code.strip())
    return named == sorted(other for other in codes if other != code)


def _progress(entry: LedgerEntry) -> LocaleCounts:
    """Return how far an order is: by its documents, else by the tracking, which only the live system has."""
    request, document = entry.request, entry.document
    if request.completed:
        delivered = isinstance(final_of(entry), Final)
        return LocaleCounts(percent=100 if delivered else _NOT_QUITE, state=request.status)
    name = document.name if document else ""
    tracking = request.tracking or {}
    found = tracking.get((entry.code, name)) or _tracked(entry) or tracking.get((entry.code, ""))
    if found is None:
        return LocaleCounts(state=request.status or "ordered")
    state = found.step or found.status or request.status or "ordered"
    return LocaleCounts(percent=min(found.percent, _NOT_QUITE), state=state)


def _tracked(entry: LedgerEntry) -> DocumentProgress | None:
    """Return the tracking of a document that the request itself does not show yet."""
    tracking = entry.request.tracking or {}
    for (code, name), tracked in tracking.items():
        if code == entry.code and name and is_document_of(name, entry.key):
            return tracked
    return None


def _entries_of(requests: Iterable[Request]) -> Iterator[LedgerEntry]:
    """Yield each file of REQUESTS in each of its languages, those of the oldest request first."""
    for request in sorted(requests, key=lambda request: request.order):
        for (uri_key, blob), code in product(request.known.files, request.known.codes):
            yield LedgerEntry(request, uri_key, blob, code)
