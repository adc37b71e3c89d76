"""Context v2: uploads, matching, bindings."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any

from l10nsync.sandbox import shapes
from l10nsync.sandbox.groups.contexts import rules as contexts
from l10nsync.sandbox.parsed_request import ParsedRequest
from l10nsync.sandbox.replies import Reply, data, download


def upload(call: ParsedRequest) -> Reply:
    """POST …/contexts."""
    return data(contexts.shown(_uploaded(call)))


def upload_and_match(call: ParsedRequest) -> Reply:
    """POST …/contexts/upload-and-match-async."""
    given = _match_params(call)
    uid = _uploaded(call)["contextUid"]
    return _begun(contexts.match(call.server.world, call.project, uid, given, fresh=True))


def _uploaded(call: ParsedRequest) -> dict[str, Any]:
    part = call.parts.get("content")
    name = call.field("name") or (part.name if part else "")
    media = part.content_type if part else ""
    return contexts.upload(call.server.world, call.project, name, part.content if part else None, media)


def _match_params(call: ParsedRequest) -> dict[str, Any]:
    part = call.parts.get("matchParams")
    text = part.content.decode("utf-8", "replace") if part else call.field("matchParams")
    try:
        given = json.loads(text or "{}")
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise contexts.wrong(call.server.world, "matchParams must be a JSON object")
    shapes.check(given)
    return given


def listing(call: ParsedRequest) -> Reply:
    """GET …/contexts: a hundred at a time; `offset` is a text from the page before."""
    found = contexts.listing(call.server.world, call.project, call.text("nameFilter"), call.text("type"))
    return _scrolled(call, found, contexts.LIST_LIMIT, call.text("offset"), contexts.shown)


def get(call: ParsedRequest) -> Reply:
    """GET …/contexts/{context}."""
    return data(contexts.shown(contexts.find(call.server.world, call.project, call.path["context"])))


def delete(call: ParsedRequest) -> Reply:
    """DELETE …/contexts/{context}."""
    contexts.delete(call.server.world, call.project, call.path["context"])
    return data()


def remove_later(call: ParsedRequest) -> Reply:
    """POST …/contexts/remove/async: 200, and a process to poll."""
    uids = call.array("contextUids")
    return data({"processUid": contexts.remove_later(call.server.world, call.project, uids)})


def content(call: ParsedRequest) -> Reply:
    """GET …/contexts/{context}/content."""
    found, media = contexts.content(call.server.world, call.project, call.path["context"])
    name = contexts.find(call.server.world, call.project, call.path["context"])["name"]
    return download(found, media, name)


def match(call: ParsedRequest) -> Reply:
    """POST …/contexts/{context}/match/async."""
    return _begun(contexts.match(call.server.world, call.project, call.path["context"], call.body))


def _begun(process: str) -> Reply:
    """Return the answer of this API to what goes on: 202, but `SUCCESS`."""
    return data({"processUid": process, "matchId": process}, 202)


def process(call: ParsedRequest) -> Reply:
    """GET …/processes/{process}."""
    return data(contexts.shown(contexts.process(call.server.world, call.project, call.path["process"])))


def match_result(call: ParsedRequest) -> Reply:
    """GET …/match/{process}: the older form of the same."""
    found = contexts.process(call.server.world, call.project, call.path["process"], "Match")
    return data({
        "matchId": found["processUid"], "status": found["processState"], "createdDate": found["createdDate"],
        "modifiedDate": found["modifiedDate"], "bindings": (found.get("result") or {}).get("bindings") or [],
    })  # fmt: skip


def bind(call: ParsedRequest) -> Reply:
    """POST …/bindings."""
    return data(contexts.bind(call.server.world, call.project, call.array("bindings")))


def bindings(call: ParsedRequest) -> Reply:
    """POST …/bindings/list."""
    found = contexts.bindings(call.server.world, call.project, call.body)
    offset = call.text("offset") or str(call.body.get("offset") or "")
    return _scrolled(call, found, contexts.BINDINGS_LIST_LIMIT, offset, contexts.shown)


def unbind(call: ParsedRequest) -> Reply:
    """POST …/bindings/remove."""
    contexts.unbind(call.server.world, call.project, call.body)
    return data()


def _scrolled(
    call: ParsedRequest, found: Sequence[Any], limit: int, cursor: str, show: Callable[[Any], Any]
) -> Reply:
    """Return one page and the cursor of the next: an opaque text, null at the end."""
    start = 0
    if cursor:
        try:
            start = int(base64.urlsafe_b64decode(cursor))
        except ValueError:
            raise contexts.wrong(call.server.world, "offset is not one that an answer gave") from None
    page = [show(row) for row in found[start : start + limit]]
    more = start + limit < len(found)
    following = base64.urlsafe_b64encode(str(start + limit).encode()).decode() if more else None
    return data({"items": page, "offset": following})
