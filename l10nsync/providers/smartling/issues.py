"""Translators' questions: list them, look their strings up, and reply."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain

from l10nsync.model import AskedString, IssueComment, IssueReply, StringIssue
from l10nsync.providers.http import Call
from l10nsync.providers.replies import (
    LONGEST_TEXT,
    JsonObject,
    count,
    flag,
    items,
    moment,
    needed,
    record,
    records,
    text,
)
from l10nsync.providers.smartling.api import FILE_STRINGS_PAGE, SmartlingApi, segment
from l10nsync.providers.smartling.api.service_calls import page_of
from l10nsync.providers.workers import gather

PAGE = 100
"""Issues in a page; the service names no maximum."""
_STATES = {"open": ["OPENED"], "resolved": ["RESOLVED"]}


def issues(api: SmartlingApi, which: str) -> tuple[StringIssue, ...]:
    """Return the issues of the project, the oldest first: `open`, `resolved` or `all`."""
    chosen = {"issueStateCodes": _STATES[which]} if which in _STATES else {}
    path = api.path("issues-api/v2", "/issues/list")

    def page(offset: int) -> tuple[list[JsonObject], int]:
        order = {"items": [{"fieldName": "createdDate", "direction": "ASC"}]}
        body = {**chosen, "limit": PAGE, "offset": offset, "sortBy": order}
        return page_of(api.client.send(Call("list the questions", "POST", path, json=body)).record)

    return tuple(map(_issue, api.all_pages(page, PAGE, lambda row: needed(row, "issueUid"))))


def _issue(row: JsonObject) -> StringIssue:
    about = record(row, "string")
    return StringIssue(
        uid=needed(row, "issueUid"),
        number=text(row, "issueNumber") or text(row, "issueNUmber"),  # the documents spell it both ways
        kind=text(row, "issueTypeCode"),
        subtype=text(row, "issueSubTypeCode"),
        state=text(row, "issueStateCode"),
        answered=flag(row, "answered"),
        hashcode=text(about, "hashcode"),
        locale=text(about, "localeId"),
        text=text(row, "issueText", LONGEST_TEXT),
        author=text(row, "reportedByUserUid"),
        created=moment(row, "createdDate"),
        comments=count(row, "issueCommentsCount"),
    )


def comments(api: SmartlingApi, uid: str) -> tuple[IssueComment, ...]:
    """Return the comments on an issue, as the service orders them."""
    path = api.path("issues-api/v2", f"/issues/{segment(uid)}/comments")
    found = api.client.send(Call("read the comments", "GET", path)).record
    return tuple(
        IssueComment(
            text(row, "commentText", LONGEST_TEXT), text(row, "createdByUserUid"), moment(row, "createdDate")
        )
        for row in items(found)
    )


def strings(api: SmartlingApi, hashcodes: Collection[str]) -> dict[str, AskedString]:
    """Return the strings of some hashcodes; one that no file holds is absent."""
    ordered = sorted(hashcodes)
    parts = [ordered[at : at + FILE_STRINGS_PAGE] for at in range(0, len(ordered), FILE_STRINGS_PAGE)]
    found = gather(lambda part: list(_strings(api, part)), parts, api.client.threads)
    return dict(chain.from_iterable(found))


def _strings(api: SmartlingApi, part: list[str]) -> Iterator[tuple[str, AskedString]]:
    path = api.path("strings-api/v2", "/source-strings")
    body = {"hashcodes": part, "limit": FILE_STRINGS_PAGE, "offset": 0}
    for row in items(api.client.send(Call("look for strings", "POST", path, json=body)).record):
        holders = tuple(
            (text(key, "fileUri"), text(key, "key", LONGEST_TEXT)) for key in records(row, "keys")
        )
        source = text(row, "parsedStringText", LONGEST_TEXT) or text(row, "stringText", LONGEST_TEXT)
        yield needed(row, "hashcode"), AskedString(source, text(row, "stringVariant", LONGEST_TEXT), holders)


def reply(api: SmartlingApi, answer: IssueReply) -> None:
    """Comment on an issue, mark it as answered, and change its state, in this order."""
    path = api.path("issues-api/v2", f"/issues/{segment(answer.uid)}")
    steps = (
        (answer.comment, "answer the question", "POST", "/comments", {"commentText": answer.comment}),
        (answer.answered, "mark the question as answered", "PUT", "/answered", {"answered": True}),
        (answer.state, "change the question's state", "PUT", "/state", {"issueStateCode": answer.state}),
    )
    for wanted, operation, method, part, body in steps:
        if wanted:
            # A comment that is sent twice appears twice.
            again = method == "PUT"
            api.client.send(Call(operation, method, path + part, json=body, repeatable=again))
