"""The calls of the WorkFlow API that we use, each as one typed function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from urllib.parse import quote

from l10nsync.errors import ServiceError, TemporaryError
from l10nsync.providers.http import AGAIN, Answer, Call, Client
from l10nsync.providers.multipart import FilePart
from l10nsync.providers.replies import (
    JsonObject,
    items,
    nonsense,
    records,
    rows,
    text,
    texts,
    total,
    words,
)
from l10nsync.providers.smartmate.identity import TAGS, Known, normal, read_tags
from l10nsync.providers.workers import gather

ROOT = "/api/v1.0"
PAGE = 10
"""Requests on a page, fixed."""
COMPLETED = "completed"
FEW_ROUNDS = 3
"""How often a list is read again that changes under our hands."""
LONGEST_LIST = 1_000_000
"""Requests; a list that claims more is not believed."""


@dataclass(frozen=True, slots=True)
class Final:
    """One final document."""

    id: str
    name: str
    code: str
    """IsoCode; often empty."""


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """One source document with its final ones. Its id changes, and is left out."""

    name: str
    finals: tuple[Final, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentProgress:
    """How far a document is in a language, where the service says so."""

    status: str
    percent: int
    step: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One request."""

    id: str
    number: str
    status: str
    known: Known
    documents: tuple[SourceDocument, ...] = ()
    tracking: Mapping[tuple[str, str], DocumentProgress] | None = None
    """By language (in lower case) and document name; an empty name is the language as a whole."""

    @property
    def completed(self) -> bool:
        """Whether nothing more will happen to it; an unknown status is not the end."""
        return self.status == COMPLETED

    @property
    def order(self) -> tuple[tuple[int, ...], str]:
        """What sorts requests by age: the numbers in the request's number."""
        digits = "".join(sign if sign.isdigit() else " " for sign in self.number if sign.isascii())
        return tuple(int(digits_group) for digits_group in digits.split()), self.id


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What is ordered."""

    fields: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, bytes], ...]
    """Document name and content."""
    references: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class WorkFlowApi:
    """The WorkFlow API of one account."""

    client: Client

    def languages(self) -> dict[str, str]:
        """Return IsoCode to name."""
        operation = "list the languages"
        found = self._list(self.client.send(Call(operation, "GET", f"{ROOT}/languages")), operation)
        return {code: text(row, "LanguageName") for row in found if (code := text(row, "IsoCode"))}

    def with_tags(self, tags: Iterable[str]) -> list[Request]:
        """Return every request that has one of TAGS, each once, by age."""
        ordered = sorted(set(tags))
        chunks = [ordered[at : at + TAGS] for at in range(0, len(ordered), TAGS)]
        found = {request.id: request for request in chain.from_iterable(map(self._listed, chunks))}
        return sorted(found.values(), key=lambda request: request.order)

    def _listed(self, tags: list[str]) -> list[Request]:
        """Return all pages; read them again if they do not add up."""
        for _ in range(FEW_ROUNDS):
            number, first = self._page(tags, 1)
            if len(first) < min(PAGE, number):
                continue  # a page that is not full is the last one, whatever else is claimed
            pages = range(2, -(-min(number, LONGEST_LIST) // PAGE) + 1)
            rest = gather(lambda page: self._page(tags, page), pages, self.client.threads)
            found = {row.id: row for row in chain(first, *(rows for _, rows in rest))}
            if len(found) >= number:
                return list(found.values())
        raise TemporaryError("list the requests: the list changes while it is read", hint=AGAIN)

    def _page(self, tags: list[str], page: int) -> tuple[int, list[Request]]:
        operation = "list the requests"
        params = [("page", str(page))] if page > 1 else []
        params += [("Tags", tag) for tag in tags]
        call = Call(operation, "GET", f"{ROOT}/requests", params=tuple(params))
        try:
            data = self.client.send(call).record
        except ServiceError as error:
            if error.reply.status == 404 and page > 1:
                return 0, []  # the list has become shorter meanwhile
            raise
        return total(data, "count"), [_request(row, operation) for row in items(data, "results")]

    def create(self, new: NewRequest) -> str:
        """Order a translation and return the id of the request; raise `Unanswered` if that is not known."""
        files = [FilePart("files", name, content) for name, content in new.files]
        files += [FilePart("references", name, content) for name, content in new.references]
        call = Call(
            "create the request",
            "POST",
            f"{ROOT}/requests",
            form=new.fields,
            files=tuple(files),
            repeatable=False,
            timeout=300.0,
        )
        data = self.client.send(call).record
        return text(data, "RequestId") or text(data, "RequestNo")

    def set_tags(self, ident: str, tags: Iterable[str]) -> None:
        """Replace the tags of a request."""
        form = tuple(("Tags", tag) for tag in tags) or (("Tags", ""),)
        path = f"{ROOT}/requests/{quote(ident, safe='')}"
        self.client.send(Call("set the tags of the request", "PATCH", path, form=form))

    def document(self, ident: str, *, may_be_html: bool = False) -> bytes:
        """Download a final document."""
        path = f"{ROOT}/documents/{quote(ident, safe='')}"
        call = Call("download the document", "GET", path, accept_file=True, may_be_html=may_be_html)
        return self.client.send(call).body

    def _list(self, answer: Answer, operation: str) -> list[JsonObject]:
        value = answer.value
        if not isinstance(value, list):
            raise ServiceError(f"{operation}: the answer is not a list")
        return rows(value, None, "the languages")


def _request(value: JsonObject, operation: str) -> Request:
    number, ident = text(value, "RequestNo"), text(value, "RequestId")
    if not (number or ident):
        raise nonsense(value, "a request has no RequestId")
    tags = value.get("Tags")
    if not isinstance(tags, list):
        raise ServiceError(
            f"{operation}: request {number} shows no tags, so it is not known what was ordered",
            hint="Nothing was ordered. Ask the service why its answers have no `Tags`.",
        )
    return Request(
        id=ident or number,
        number=number or ident,
        status=text(value, "RequestStatus"),
        known=read_tags(texts(value, "Tags")),
        documents=tuple(_document(row) for row in records(value, "Documents")),
        tracking=_tracking(value),
    )


def _document(value: JsonObject) -> SourceDocument:
    finals = (
        Final(text(row, "DocumentId"), text(row, "DocumentName"), text(row, "IsoCode"))
        for row in records(value, "FinalDocuments")
    )
    return SourceDocument(text(value, "DocumentName"), tuple(finals))


def _tracking(request: JsonObject) -> Mapping[tuple[str, str], DocumentProgress] | None:
    if request.get("Tracking") is None:
        return None
    progress: dict[tuple[str, str], DocumentProgress] = {}
    for language in records(request, "Tracking"):
        code = normal(text(language, "LanguageCode"))
        progress[code, ""] = DocumentProgress(text(language, "LanguageStatus"), _percent(language))
        for row in records(language, "Documents"):
            tracked = DocumentProgress(text(row, "DocumentStatus"), _percent(row), text(row, "CurrentStep"))
            progress[code, text(row, "DocumentName")] = tracked
    return progress


def _percent(value: JsonObject) -> int:
    """Return a progress such as `50%`; 0 where there is none."""
    written = words(value, "Progress").strip().rstrip("%").strip()
    try:
        return max(0, min(100, int(float(written))))
    except (ValueError, OverflowError):
        return 0
