"""Requests and their documents: created, moved on by the clock, completed by the translators."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from posixpath import splitext
from typing import Any
from urllib.parse import urlencode

from l10nsync.sandbox.common.world import OutgoingRequest, World
from l10nsync.sandbox.smartmate.accounts import LANGUAGES
from l10nsync.sandbox.smartmate.refusal import not_found
from l10nsync.sandbox.smartmate.translating import How, translated
from l10nsync.sandbox.store import Row

ON_HOLD, IN_PROGRESS, COMPLETED = "onHold", "inProgress", "completed"
ATTEMPTS = (300.0, 600.0, 1800.0, 3600.0, 21600.0, 43200.0, 86400.0)
"""Seconds between the attempts of a notification: seven after the first."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a client orders, checked."""

    source: str
    targets: tuple[str, ...]
    files: tuple[tuple[str, bytes], ...]
    references: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    notify: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Title, Note, DeliveryDate and the like, as they came."""
    staging: bool = False


def create(world: World, account: str, order: Order) -> Row:
    """Take an order and return the request."""
    number = world.store.count("mate")
    day = datetime.fromtimestamp(world.now(), UTC).strftime("%y%m%d")
    ident = f"1250936094-{13320 + number}"
    world.store.insert(
        "mate_requests",
        id=ident,
        account=account,
        staging=int(order.staging),
        number=f"TI-{day}-{number}",
        status=ON_HOLD,
        source=order.source,
        targets=json.dumps(order.targets),
        names=json.dumps(order.references),
        tags=json.dumps(order.tags if world.switch(account, "mate_tags_kept") else []),
        notify=order.notify,
        fields=json.dumps(dict(order.fields)),
        created=world.now(),
        looks=0,
    )
    for position, (name, content) in enumerate(order.files):
        blob = world.store.put(content)
        world.store.insert("mate_documents", request=ident, position=position, name=name, blob=blob)
    return find(world, account, ident, staging=order.staging)


def find(world: World, account: str, ident: str, *, staging: bool = False) -> Row:
    """Return a request by its id or number; raise a refusal if there is none."""
    sql = "select * from mate_requests where account = ? and staging = ? and (id = ? or number = ?)"
    row = world.store.row(sql, account, int(staging), ident, ident)
    if row is None:
        raise not_found()
    return row


def listing(
    world: World, account: str, *, staging: bool, tags: Sequence[str] = (), hidden: Sequence[str] = ()
) -> list[Row]:
    """Return the requests with at least one of TAGS (all, if none are named) and none of HIDDEN."""
    order = "desc" if world.switch(account, "mate_newest_first") else "asc"
    sql = f"select * from mate_requests where account = ? and staging = ? order by rowid {order}"  # noqa: S608
    wanted, unwanted = set(tags), set(hidden)
    found = [(row, set(tags_of(row))) for row in world.store.rows(sql, account, int(staging))]
    return [row for row, own in found if (not wanted or own & wanted) and not own & unwanted]


def tags_of(row: Row) -> list[str]:
    """Return the tags of a request."""
    return [str(tag) for tag in json.loads(row["tags"])]


def set_tags(world: World, row: Row, tags: Sequence[str]) -> None:
    """Replace the tags of a request."""
    world.store.run("update mate_requests set tags = ? where id = ?", json.dumps(list(tags)), row["id"])


def look(world: World, row: Row) -> Row:
    """Count a look at a request, by which one that is on hold is taken up at some time."""
    world.store.run("update mate_requests set looks = looks + 1 where id = ?", row["id"])
    looks, elapsed = row["looks"] + 1, world.now() - row["created"]
    if row["status"] == ON_HOLD and world.policy(row["account"], "order").done(looks, elapsed):
        _move(world, row, IN_PROGRESS)
    return _again(world, row)


def _again(world: World, row: Row) -> Row:
    found = world.store.row("select * from mate_requests where id = ?", row["id"])
    assert found is not None  # noqa: S101 - nothing deletes requests
    return found


def _move(world: World, row: Row, status: str) -> None:
    world.store.run("update mate_requests set status = ? where id = ?", status, row["id"])


# --- the people behind the service ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequestWork:
    """Instructions for translators."""

    languages: Mapping[str, int] | None = None
    """IsoCode to percent; None for everything that was ordered, to the end."""
    requests: tuple[str, ...] = ()
    """Ids or numbers; none means all."""
    how: How = "pseudo"
    extra: int = 0
    """Final documents that nobody ordered, for each document."""
    missing: tuple[str, ...] = ()
    """Languages without a final document."""


def translate(world: World, account: str, work: RequestWork) -> int:
    """Do the work; return how many final documents were delivered."""
    sql = "select * from mate_requests where account = ? and status != ? order by rowid"
    delivered = 0
    for row in world.store.rows(sql, account, COMPLETED):
        if work.requests and not {row["id"], row["number"]} & set(work.requests):
            continue
        targets = [str(target) for target in json.loads(row["targets"])]
        done = dict.fromkeys(targets, 100) if work.languages is None else work.languages
        for code in targets:
            if code in done:
                sql = "insert or replace into mate_progress values (?, ?, ?)"
                world.store.run(sql, row["id"], code, int(done[code]))
        if progress := _progress(world, row):
            _move(world, row, IN_PROGRESS)
        if all(progress.get(code, 0) >= 100 for code in targets):
            delivered += _complete(world, row, targets, work)
    return delivered


def _complete(world: World, row: Row, targets: Sequence[str], work: RequestWork) -> int:
    delivered = 0
    for document in documents(world, row):
        codes = [code for code in targets if code not in work.missing]
        codes += codes[:1] * work.extra
        for at, code in enumerate(codes, 1):
            stem, suffix = splitext(document["name"])
            content = translated(document["name"], world.store.get(document["blob"]), code, work.how)
            world.store.insert(
                "mate_finals",
                id=f"746155792-{85278 + world.store.count('mate document')}",
                request=row["id"],
                document=document["position"],
                name=f"{stem}_{at}{suffix}",
                language=code,
                blob=world.store.put(content),
            )
            delivered += 1
    _move(world, row, COMPLETED)
    if row["notify"]:
        world.outbox.append(_notification(world, row))
    return delivered


def _notification(world: World, row: Row) -> OutgoingRequest:
    """Return the message that a request is completed; form or JSON, the documentation does not say."""
    fields = {"RequestId": row["id"], "RequestNo": row["number"], "RequestStatus": COMPLETED}
    as_json = bool(world.switch(row["account"], "mate_notify_json"))
    kind = "application/json" if as_json else "application/x-www-form-urlencoded"
    body = json.dumps(fields) if as_json else urlencode(fields)
    scale = float(world.switch(row["account"], "mate_notify_scale"))
    return OutgoingRequest(
        project=row["account"],
        kind="notification",
        method="POST",
        url=row["notify"],
        body=body.encode(),
        headers={"Content-Type": kind},
        waits=tuple(attempt * scale for attempt in ATTEMPTS),
        only_200=True,
    )


def _progress(world: World, row: Row) -> dict[str, int]:
    sql = "select language, percent from mate_progress where request = ?"
    return {row["language"]: row["percent"] for row in world.store.rows(sql, row["id"])}


# --- how it is shown --------------------------------------------------------------------------------------


def documents(world: World, row: Row) -> list[Row]:
    """Return the source documents of a request, in the order in which they were posted."""
    return world.store.rows("select * from mate_documents where request = ? order by position", row["id"])


def finals(world: World, row: Row, position: int) -> list[Row]:
    """Return the final documents of one source document."""
    sql = "select * from mate_finals where request = ? and document = ? order by rowid"
    return world.store.rows(sql, row["id"], position)


def created(world: World, row: Row) -> dict[str, Any]:
    """Return a request as its creation answers."""
    return {
        "RequestId": row["id"],
        "RequestNo": row["number"],
        "RequestStatus": row["status"],
        "Documents": [_document(row, document, ident=None) for document in documents(world, row)],
        "References": [{"ReferenceName": name} for name in json.loads(row["names"])],
    }


def shown(world: World, row: Row) -> dict[str, Any]:
    """Return a request as it is read; its documents only once it is completed, as the service's examples."""
    value: dict[str, Any] = {
        "RequestId": row["id"],
        "RequestNo": row["number"],
        "RequestStatus": row["status"],
        "Tags": tags_of(row),
        "Tracking": _tracking(world, row),
    }
    complete = row["status"] == COMPLETED
    if complete or world.switch(row["account"], "mate_documents_while_open"):
        value["Documents"] = [
            {
                **_document(row, document, ident=_document_id(row, document)),
                "FinalDocuments": [
                    _final(world, row, final) for final in finals(world, row, document["position"])
                ],
            }
            for document in documents(world, row)
        ]
    return value


def _document_id(row: Row, document: Row) -> str:
    """Return the id of a source document, which changes with every look until the request is completed."""
    look_ = 0 if row["status"] == COMPLETED else row["looks"]
    return f"746155791-{document['id'] * 1000 + look_}"


def _document(row: Row, document: Row, *, ident: str | None) -> dict[str, Any]:
    return {"DocumentId": ident, "DocumentName": document["name"], **_language(row["source"])}


def _final(world: World, row: Row, final: Row) -> dict[str, Any]:
    shows_language = world.switch(row["account"], "mate_final_languages")
    language = _language(final["language"]) if shows_language else {"IsoCode": "", "LanguageName": ""}
    return {"DocumentId": final["id"], "DocumentName": final["name"], **language}


def _language(code: str) -> dict[str, str]:
    return {"IsoCode": code, "LanguageName": LANGUAGES.get(code, code)}


def _tracking(world: World, row: Row) -> list[dict[str, Any]] | None:
    if row["staging"] or row["status"] == ON_HOLD or not world.switch(row["account"], "mate_tracking"):
        return None
    progress = _progress(world, row)
    return [_tracked(world, row, code, progress.get(code, 0)) for code in json.loads(row["targets"])]


def _tracked(world: World, row: Row, code: str, percent: int) -> dict[str, Any]:
    status = COMPLETED if percent >= 100 else IN_PROGRESS
    step = {} if percent >= 100 else {"CurrentStep": "Translation" if percent < 80 else "Validation"}
    return {
        "LanguageCode": code,
        "LanguageStatus": status,
        "Progress": f"{percent}%",
        "Documents": [
            {
                "DocumentId": _document_id(row, document),
                "DocumentName": document["name"],
                "DocumentStatus": status,
                "Progress": f"{percent}%",
                **step,
            }
            for document in documents(world, row)
        ],
    }


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request for a page."""

    account: str
    id: str
    number: str
    status: str
    title: str
    targets: tuple[str, ...]
    documents: tuple[str, ...]
    created: float
    percent: int
    staging: bool


def desk(world: World) -> list[RequestRow]:
    """Return the requests of all accounts, the newest first."""
    return [
        RequestRow(
            account=row["account"],
            id=row["id"],
            number=row["number"],
            status=row["status"],
            title=json.loads(row["fields"]).get("Title", ""),
            targets=tuple(json.loads(row["targets"])),
            documents=tuple(document["name"] for document in documents(world, row)),
            created=row["created"],
            percent=_percent(world, row),
            staging=bool(row["staging"]),
        )
        for row in world.store.rows("select * from mate_requests order by rowid desc")
    ]


def _percent(world: World, row: Row) -> int:
    targets, progress = json.loads(row["targets"]), _progress(world, row)
    return sum(progress.get(code, 0) for code in targets) // max(1, len(targets))


def view(world: World, account: str) -> dict[str, Any]:
    """Return an account without ids and times, so that two states can be compared as values."""
    rows = world.store.rows("select * from mate_requests where account = ? order by rowid", account)
    return {"requests": sorted((_viewed(world, row) for row in rows), key=json.dumps)}


def _viewed(world: World, row: Row) -> dict[str, Any]:
    fields = json.loads(row["fields"])
    return {
        "title": fields.get("Title", ""),
        "status": row["status"],
        "source": row["source"],
        "targets": json.loads(row["targets"]),
        "tags": sorted(tags_of(row)),
        "documents": {document["name"]: document["blob"] for document in documents(world, row)},
        "references": json.loads(row["names"]),
        "fields": {key: value for key, value in fields.items() if key != "DeliveryDate"},
        "notify": row["notify"],
    }


def is_moment(text: str) -> bool:
    """Whether TEXT is a date as the service wants it: `yyyy-MM-dd hh:mm:ss`."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", text):
        return False
    try:
        datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - the service states no zone
    except ValueError:
        return False
    return True
