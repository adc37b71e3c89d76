"""Issues v2: questions and complaints about strings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from l10nsync.sandbox.clock import iso, parse_iso
from l10nsync.sandbox.exchange import Call, Reply, data, items, moment
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.state import projects, records

TEXT_LIMIT = 4000
STATES = ("OPENED", "RESOLVED")
TYPES = ("SOURCE", "TRANSLATION")
SEVERITIES = ("LOW", "MEDIUM", "HIGH")
_LISTED = {
    "issueStateCodes": "issueStateCode",
    "issueTypeCodes": "issueTypeCode",
    "issueSubTypeCodes": "issueSubTypeCode",
    "issueSeverityLevelCodes": "issueSeverityLevelCode",
    "issueNumbers": "issueNumber",
}
_EQUAL = ("answered", "reopened", "assigneeUserUid", "reportedByUserUid")
_DATES = {"createdDateAfter": "createdDate", "createdDateBefore": "createdDate",
          "resolvedDateAfter": "resolvedDate", "resolvedDateBefore": "resolvedDate"}  # fmt: skip


def create(call: Call) -> Reply:
    """POST …/issues."""
    body, world = call.body, call.server.world
    text, string = _text(body, "issueText"), body.get("string")
    if body.get("issueTypeCode") not in TYPES:
        raise invalid(f"issueTypeCode must be one of {', '.join(TYPES)}", "issueTypeCode")
    if not isinstance(string, dict) or not string.get("hashcode"):
        raise invalid("string.hashcode is required", "string")
    uid, now = world.uid(), iso(world.now())
    issue = {
        "issueUid": uid,
        "issueNumber": world.store.count(f"issue {call.project}"),
        "issueText": text,
        "issueTextModifiedDate": now,
        "issueTypeCode": body["issueTypeCode"],
        "issueSubTypeCode": body.get("issueSubTypeCode") or "CLARIFICATION",
        "issueStateCode": "OPENED",
        "issueSeverityLevelCode": body.get("issueSeverityLevelCode") or "MEDIUM",
        "answered": False,
        "reopened": False,
        "string": {"hashcode": string["hashcode"], "localeId": string.get("localeId")},
        "createdDate": now,
        "reportedByUserUid": "sandboxuser1",
        "assigneeUserUid": body.get("assigneeUserUid"),
        "resolvedDate": None,
        "resolvedByUserUid": None,
        "lastCommentDate": None,
        "issueCommentsCount": 0,
        "projectId": call.project,
        "accountUid": projects.find(world, call.project)["account"],
    }
    return data(records.add(world, "issue", call.project, uid, issue))


def get(call: Call) -> Reply:
    """GET …/issues/{issue}."""
    return data(records.find(call.server.world, "issue", call.project, call.path["issue"]))


def listing(call: Call) -> Reply:
    """POST …/issues/list: 30 at once unless asked otherwise."""
    found = _filtered(call)
    for item in reversed((call.body.get("sortBy") or {}).get("items") or []):
        name = str(item.get("fieldName"))
        found.sort(key=lambda issue: str(issue.get(name) or ""), reverse=item.get("direction") == "DESC")
    limit, offset = int(call.body.get("limit") or 30), int(call.body.get("offset") or 0)
    return items(found[offset : offset + limit], len(found))


def count(call: Call) -> Reply:
    """POST …/issues/count."""
    return data({"count": len(_filtered(call))})


def set_text(call: Call) -> Reply:
    """PUT …/issueText."""
    now = iso(call.server.world.now())
    return _changed(call, issueText=_text(call.body, "issueText"), issueTextModifiedDate=now)


def set_state(call: Call) -> Reply:
    """PUT …/state: resolve or reopen."""
    state = call.body.get("issueStateCode")
    if state not in STATES:
        raise invalid(f"issueStateCode must be one of {', '.join(STATES)}", "issueStateCode")
    resolved = state == "RESOLVED"
    when = iso(call.server.world.now()) if resolved else None
    by = "sandboxuser1" if resolved else None
    return _changed(
        call, issueStateCode=state, resolvedDate=when, resolvedByUserUid=by, reopened=not resolved
    )


def set_answered(call: Call) -> Reply:
    """PUT …/answered."""
    return _changed(call, answered=bool(call.body.get("answered")))


def set_assignee(call: Call) -> Reply:
    """PUT …/assignee."""
    return _changed(call, assigneeUserUid=call.body.get("assigneeUserUid"))


def unassign(call: Call) -> Reply:
    """DELETE …/assignee."""
    return _changed(call, assigneeUserUid=None)


def set_severity(call: Call) -> Reply:
    """PUT …/severity-level."""
    code = call.body.get("issueSeverityLevelCode")
    if code not in SEVERITIES:
        raise invalid(
            f"issueSeverityLevelCode must be one of {', '.join(SEVERITIES)}", "issueSeverityLevelCode"
        )
    return _changed(call, issueSeverityLevelCode=code)


# --- comments --------------------------------------------------------------------------------------------


def comments(call: Call) -> Reply:
    """GET …/comments."""
    get(call)
    return items(records.listing(call.server.world, "comment", call.path["issue"]))


def add_comment(call: Call) -> Reply:
    """POST …/comments."""
    world, issue = call.server.world, call.path["issue"]
    found = records.find(world, "issue", call.project, issue)
    uid, now = world.uid(), iso(world.now())
    comment = {
        "issueCommentUid": uid,
        "commentText": _text(call.body, "commentText"),
        "commentTextModifiedDate": now,
        "createdByUserUid": "sandboxuser1",
        "createdDate": now,
    }
    number = int(found["issueCommentsCount"]) + 1
    records.change(world, "issue", call.project, issue, issueCommentsCount=number, lastCommentDate=now)
    return data(records.add(world, "comment", issue, uid, comment))


def get_comment(call: Call) -> Reply:
    """GET …/comments/{comment}."""
    return data(records.find(call.server.world, "comment", call.path["issue"], call.path["comment"]))


def set_comment(call: Call) -> Reply:
    """PUT …/comments/{comment}."""
    world, text = call.server.world, _text(call.body, "commentText")
    now = iso(world.now())
    owner, uid = call.path["issue"], call.path["comment"]
    return data(records.change(world, "comment", owner, uid, commentText=text, commentTextModifiedDate=now))


def delete_comment(call: Call) -> Reply:
    """DELETE …/comments/{comment}."""
    records.remove(call.server.world, "comment", call.path["issue"], call.path["comment"])
    return data()


def _text(body: Mapping[str, Any], name: str) -> str:
    text = body.get(name)
    if not isinstance(text, str) or not 1 <= len(text) <= TEXT_LIMIT:
        raise invalid(f"{name} must have 1 to {TEXT_LIMIT} characters", name)
    return text


def _changed(call: Call, **fields: Any) -> Reply:
    return data(records.change(call.server.world, "issue", call.project, call.path["issue"], **fields))


def _filtered(call: Call) -> list[dict[str, Any]]:
    body = call.body
    tests = [*_listed(body), *_equal(body), *_dated(body), *_of_strings(body)]
    issues = records.listing(call.server.world, "issue", call.project)
    return [issue for issue in issues if all(test(issue) for test in tests)]


Test = Callable[[dict[str, Any]], bool]


def _listed(body: Mapping[str, Any]) -> list[Test]:
    given = [(field, body[name]) for name, field in _LISTED.items() if body.get(name)]
    return [_is_one_of(field, values) for field, values in given]


def _equal(body: Mapping[str, Any]) -> list[Test]:
    given = [(name, body[name]) for name in _EQUAL if body.get(name) is not None]
    tests = [_is_one_of(name, [value]) for name, value in given]
    if body.get("hasComments") is not None:
        tests.append(lambda issue: bool(issue["issueCommentsCount"]) == bool(body["hasComments"]))
    return tests


def _is_one_of(field: str, values: Any) -> Test:
    return lambda issue: issue[field] in values


def _dated(body: Mapping[str, Any]) -> list[Test]:
    given = [(name, field, moment(name, body[name])) for name, field in _DATES.items() if body.get(name)]
    return [_is_dated(field, limit, after=name.endswith("After")) for name, field, limit in given]


def _is_dated(field: str, limit: float, *, after: bool) -> Test:
    def test(issue: dict[str, Any]) -> bool:
        value = str(issue.get(field) or "")
        return bool(value) and (parse_iso(value) >= limit if after else parse_iso(value) <= limit)

    return test


def _of_strings(body: Mapping[str, Any]) -> list[Test]:
    wanted = body.get("stringFilter") or {}
    tests: list[Test] = []
    if wanted.get("hashcodes"):
        tests.append(lambda issue: issue["string"]["hashcode"] in wanted["hashcodes"])
    if wanted.get("localeIds"):
        tests.append(lambda issue: issue["string"]["localeId"] in wanted["localeIds"])
    return tests
