"""The calls of the WorkFlow API: parameters checked as the service does, answers in its shapes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from l10nsync.sandbox import faults
from l10nsync.sandbox.parsed_request import BodyPart, ParsedRequest
from l10nsync.sandbox.replies import Reply, download, plain
from l10nsync.sandbox.smartmate import accounts, orders
from l10nsync.sandbox.smartmate.refusal import Declined, not_found
from l10nsync.sandbox.store import Row

PAGE = 10
"""Requests on a page of the list."""
TAGS = 20
"""Tags of a request, and tags that one query may name."""
_TAG = re.compile(r"[A-Za-z0-9]{1,63}")
_REQUIRED = "This field is required."
_TEXTS = ("Title", "Note", "PurchaseOrder", "RequesterReference", "PIN")


@dataclass(frozen=True, slots=True)
class Visit:
    """One call, by whom, and on which of the two systems."""

    call: ParsedRequest
    account: Row
    base: str
    """Address of the API, without a final slash."""
    staging: bool = False

    @property
    def name(self) -> str:
        """The user name."""
        return str(self.account["name"])


def languages(visit: Visit) -> Reply:
    """GET languages."""
    found = accounts.languages(visit.account)
    return plain([{"IsoCode": code, "LanguageName": name} for code, name in sorted(found.items())])


def listing(visit: Visit) -> Reply:
    """GET requests: ten on a page, filtered by tags."""
    call = visit.call
    tags, hidden = _asked(call, "Tags"), _asked(call, "-Tags")
    rows = orders.listing(call.server.world, visit.name, staging=visit.staging, tags=tags, hidden=hidden)
    given = call.text("page", "1")
    pages = max(1, -(-len(rows) // PAGE))
    page = int(given) if given.isascii() and given.isdigit() else 0
    if not 1 <= page <= pages:
        raise Declined(404, "Invalid page.")

    def address(number: int) -> str:
        others = [(key, value) for key, value in call.query if key != "page"]
        pairs = [*([("page", str(number))] if number > 1 else []), *others]
        return f"{visit.base}/requests" + (f"?{urlencode(pairs)}" if pairs else "")

    world = call.server.world
    shown = [orders.look(world, row) for row in rows[(page - 1) * PAGE : page * PAGE]]
    return plain(
        {
            "count": len(rows),
            "next": address(page + 1) if page < pages else None,
            "previous": address(page - 1) if page > 1 else None,
            "results": [orders.shown(world, row) for row in shown],
        }
    )


def _asked(call: ParsedRequest, name: str) -> list[str]:
    found = call.texts(name)
    if len(found) > TAGS:
        raise Declined(400, fields={name: f"A maximum of {TAGS} tags can be specified."})
    return found


_NEEDED = ("CustomerName", "ContactName", "SourceLanguageCode", "TargetLanguageCodes", "DeliveryDate")


def create(visit: Visit) -> Reply:
    """POST requests."""
    call, wrong = visit.call, dict[str, str]()
    wrong |= {name: _REQUIRED for name in _NEEDED if not call.field(name).strip()}
    files = _parts(call, "files", "file_")
    wrong |= _checked_files(files)
    source = call.field("SourceLanguageCode")
    targets = tuple(dict.fromkeys(call.fields("TargetLanguageCodes")))
    wrong |= _checked_names(visit, wrong)
    for name, reason in _checked_languages(visit, source, targets).items():
        wrong.setdefault(name, reason)
    date = call.field("DeliveryDate")
    if date and not orders.is_moment(date):
        wrong["DeliveryDate"] = "Datetime has wrong format. Use this format: yyyy-MM-dd hh:mm:ss."
    tags = _tags(call, wrong)
    if wrong:
        raise Declined(400, fields=wrong)
    order = orders.Order(
        source=source,
        targets=targets,
        files=tuple((part.name, part.content) for part in files),
        references=tuple(part.name for part in _parts(call, "references", "reference_")),
        tags=tuple(tags),
        notify=call.field("NotifyUrl"),
        fields={name: call.field(name) for name in (*_TEXTS, "DeliveryDate") if call.field(name)},
        staging=visit.staging,
    )
    row = orders.create(call.server.world, visit.name, order)
    return plain(orders.created(call.server.world, row), 201)


def _checked_languages(visit: Visit, source: str, targets: Sequence[str]) -> dict[str, str]:
    """Return by field the reason why its languages are not among those of the account."""
    known = accounts.languages(visit.account)
    wrong = dict[str, str]()
    for name, codes in (("SourceLanguageCode", [source]), ("TargetLanguageCodes", targets)):
        if strange := [code for code in codes if code and code not in known]:
            wrong[name] = f"Unknown language code {strange[0]}."
    return wrong


def _checked_names(visit: Visit, wrong: Mapping[str, str]) -> dict[str, str]:
    call, account = visit.call, visit.account
    reasons = {}
    if "CustomerName" not in wrong and call.field("CustomerName") != account["customer"]:
        reasons["CustomerName"] = "Customer does not exist."
    if "ContactName" not in wrong and call.field("ContactName") != account["contact"]:
        reasons["ContactName"] = "Contact does not exist."
    return reasons


def _checked_files(files: Sequence[BodyPart]) -> dict[str, str]:
    if not files:
        return {"files": "No file was submitted."}
    return {"files": "The submitted file is empty."} if any(not part.content for part in files) else {}


def _parts(call: ParsedRequest, name: str, numbered: str) -> list[BodyPart]:
    """Return the files of one kind: repeated, or numbered from 0."""
    found = [part for key, part in call.uploads if key == name]
    rest = [(key, part) for key, part in call.uploads if re.fullmatch(rf"{numbered}\d+", key)]
    return found + [part for _, part in sorted(rest, key=lambda pair: int(pair[0][len(numbered) :]))]


def _tags(call: ParsedRequest, wrong: dict[str, str]) -> list[str]:
    """Return the tags that are given; one empty text means none."""
    given = [value for key, value in call.form if key == "Tags"]
    tags = [] if given == [""] else given
    if len(tags) > TAGS:
        wrong["Tags"] = f"One request can have maximum number of {TAGS} tags."
    elif any(not _TAG.fullmatch(tag) for tag in tags):
        wrong["Tags"] = "Tags can only be alphanumeric characters, and less than 64 characters."
    return list(dict.fromkeys(tags))


def read(visit: Visit) -> Reply:
    """GET requests/{id or number}."""
    world = visit.call.server.world
    row = orders.find(world, visit.name, visit.call.path["request"], staging=visit.staging)
    return plain(orders.shown(world, orders.look(world, row)))


def retag(visit: Visit) -> Reply:
    """PATCH requests/{id or number}: the tags, and nothing else."""
    world = visit.call.server.world
    row = orders.find(world, visit.name, visit.call.path["request"], staging=visit.staging)
    wrong: dict[str, str] = {}
    tags = _tags(visit.call, wrong)
    if wrong:
        raise Declined(400, fields=wrong)
    if any(key == "Tags" for key, _ in visit.call.form):
        orders.set_tags(world, row, tags)
    return read(visit)


def document(visit: Visit) -> Reply:
    """GET documents/{id}: a final document."""
    store = visit.call.server.world.store
    sql = """select f.* from mate_finals f join mate_requests r on r.id = f.request
             where f.id = ? and r.account = ? and r.staging = ?"""
    row = store.row(sql, visit.call.path["document"], visit.name, int(visit.staging))
    if row is None:
        raise not_found()
    return download(store.get(row["blob"]), "application/octet-stream", row["name"])


@dataclass(frozen=True, slots=True)
class WorkFlowRoute:
    """One operation, under all its addresses."""

    method: str
    paths: tuple[str, ...]
    operation: str
    handler: Callable[[Visit], Reply]


ROUTES: Sequence[WorkFlowRoute] = (
    WorkFlowRoute("GET", ("/languages",), "mateLanguages", languages),
    WorkFlowRoute("GET", ("/requests",), "mateRequests", listing),
    WorkFlowRoute("POST", ("/requests",), "mateCreate", create),
    WorkFlowRoute("GET", ("/requests/{request}", "/request/{request}"), "mateRequest", read),
    WorkFlowRoute("PATCH", ("/requests/{request}", "/request/{request}"), "mateTags", retag),
    WorkFlowRoute("GET", ("/documents/{document}", "/document/{document}"), "mateDocument", document),
)
faults.know(route.operation for route in ROUTES)


def addresses() -> Iterator[tuple[str, str, WorkFlowRoute]]:
    """Yield method, address and route; every address also works with a final slash."""
    for route in ROUTES:
        for path in route.paths:
            yield route.method, path, route
            yield route.method, f"{path}/", route
