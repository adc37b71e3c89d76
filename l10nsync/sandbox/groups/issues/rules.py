"""Issues: what people ask and complain about strings, with comments, watchers and own sub-types."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import chain
from typing import Any

from l10nsync.sandbox.clock import iso, moment, parse_iso
from l10nsync.sandbox.common import records
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.groups.webhooks import rules as events
from l10nsync.sandbox.refusal import Refusal, invalid

KIND, COMMENT, WATCHER, WATCHING, SUBTYPE = (
    "issue", "comment", "watcher", "watching", "issue sub-type",
)  # fmt: skip
TEXT_LIMIT = 4000
USER = "sandboxuser1"
STATES = ("OPENED", "RESOLVED")
SEVERITIES = ("LOW", "MEDIUM", "HIGH")
TYPES: Mapping[str, tuple[str, ...]] = {
    "SOURCE": ("CLARIFICATION", "MISSPELLING"),
    "TRANSLATION": (
        "POOR_TRANSLATION", "DOES_NOT_FIT_SPACE", "PLACEHOLDER_ISSUE", "REVIEW_TRANSLATION", "MT_ERROR",
    ),
}  # fmt: skip
"""Issue types with their sub-types; an account may define more, and `CUSTOM` fits both."""
_CODE = re.compile(r"[a-zA-Z0-9_]{1,80}")


# --- life of an issue ------------------------------------------------------------------------------------


def create(world: World, project: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Raise an issue about a string that the project has."""
    account = projects.find(world, project)["account"]
    text, string = checked_text(body, "issueText"), body.get("string") or {}
    kind, sub = _checked_type(world, account, body)
    ident, locale = string.get("hashcode"), string.get("localeId")
    if not ident:
        raise invalid("string.hashcode is required", "string")
    if world.store.value("select 1 from strings where project = ? and hash = ?", project, ident) is None:
        raise invalid(f"String {ident} is not found", "string")
    if kind == "TRANSLATION" and not locale:
        raise invalid("string.localeId is required for issues of type TRANSLATION", "string")
    uid, now = world.uid(), iso(world.now())
    issue = {
        "issueUid": uid,
        "issueNumber": world.store.count(f"issue {project}"),
        "issueText": text,
        "issueTextModifiedDate": now,
        "issueTypeCode": kind,
        "issueSubTypeCode": sub,
        "issueStateCode": "OPENED",
        "issueSeverityLevelCode": _checked(body.get("issueSeverityLevelCode") or "MEDIUM", SEVERITIES,
                                           "issueSeverityLevelCode"),
        "answered": False,
        "reopened": False,
        "reopenedByUserUid": None,
        "reopenedDate": None,
        "string": {"hashcode": ident, **({"localeId": locale} if locale else {})},
        "createdDate": now,
        "reportedByUserUid": USER,
        "assigneeUserUid": body.get("assigneeUserUid"),
        "resolvedDate": None,
        "resolvedByUserUid": None,
        "lastCommentDate": None,
        "issueCommentsCount": 0,
        "projectId": project,
        "accountUid": account,
    }  # fmt: skip
    records.add(world, KIND, project, uid, issue)
    events.issue(world, issue, "created")
    return issue


def change(world: World, project: str, uid: str, **fields: Any) -> dict[str, Any]:
    """Change an issue, notify the subscribers, and return it."""
    issue = records.change(world, KIND, project, uid, **fields)
    events.issue(world, issue, "updated")
    return issue


def set_state(world: World, project: str, uid: str, state: Any) -> dict[str, Any]:
    """Resolve an issue, or open it again."""
    old = records.find(world, KIND, project, uid)
    _checked(state, STATES, "issueStateCode")
    now = iso(world.now())
    if state == "RESOLVED":
        done = {"resolvedDate": now, "resolvedByUserUid": USER, "reopened": False}
        return change(world, project, uid, issueStateCode=state, **done)
    reopened = old["issueStateCode"] == "RESOLVED"
    again = {"reopened": True, "reopenedByUserUid": USER, "reopenedDate": now} if reopened else {}
    return change(
        world, project, uid, issueStateCode=state, resolvedDate=None, resolvedByUserUid=None, **again
    )


def set_type(world: World, project: str, uid: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Change what kind of issue it is; one about a translation needs a locale."""
    issue = records.find(world, KIND, project, uid)
    kind, sub = _checked_type(world, issue["accountUid"], body)
    locale = body.get("localeId") or issue["string"].get("localeId")
    if kind == "TRANSLATION" and not locale:
        raise invalid("localeId is required for issues of type TRANSLATION", "localeId")
    string = {"hashcode": issue["string"]["hashcode"]}
    if kind == "TRANSLATION":
        string["localeId"] = locale
    return change(world, project, uid, issueTypeCode=kind, issueSubTypeCode=sub, string=string)


def opened(world: World, project: str, hashes: Collection[str]) -> list[dict[str, Any]]:
    """Return the open issues about any of the strings."""
    return [
        issue
        for issue in records.listing(world, KIND, project)
        if issue["issueStateCode"] == "OPENED" and issue["string"]["hashcode"] in hashes
    ]


def checked_text(body: Mapping[str, Any], name: str) -> str:
    """Return a text of a body; raise a refusal if it is missing or too long."""
    text = body.get(name)
    if not isinstance(text, str) or not 1 <= len(text) <= TEXT_LIMIT:
        raise invalid(f"{name} must have 1 to {TEXT_LIMIT} characters", name)
    return text


def checked_severity(value: Any) -> str:
    """Return a severity; raise a refusal for another word."""
    return _checked(value, SEVERITIES, "issueSeverityLevelCode")


def _checked(value: Any, known: Collection[str], name: str) -> str:
    if value not in known:
        raise invalid(f"{name} must be one of {', '.join(known)}", name)
    return str(value)


def _checked_type(world: World, account: str, body: Mapping[str, Any]) -> tuple[str, str]:
    kind = _checked(body.get("issueTypeCode"), TYPES, "issueTypeCode")
    known = [
        *TYPES[kind],
        "CUSTOM",
        *(subtype["issueSubTypeCode"] for subtype in subtypes(world, account, kind)),
    ]
    return kind, _checked(body.get("issueSubTypeCode") or TYPES[kind][0], known, "issueSubTypeCode")


# --- comments --------------------------------------------------------------------------------------------


def comment(world: World, project: str, uid: str, text: str) -> dict[str, Any]:
    """Add a comment."""
    issue = records.find(world, KIND, project, uid)
    ident, now = world.uid(), iso(world.now())
    made = {
        "issueCommentUid": ident, "commentText": text, "commentTextModifiedDate": now,
        "createdByUserUid": USER, "createdDate": now,
    }  # fmt: skip
    number = int(issue["issueCommentsCount"]) + 1
    issue = records.change(world, KIND, project, uid, issueCommentsCount=number, lastCommentDate=now)
    records.add(world, COMMENT, uid, ident, made)
    events.issue(world, issue, "comment.created", made)
    return made


def set_comment(world: World, project: str, uid: str, ident: str, text: str) -> dict[str, Any]:
    """Change a comment's text."""
    issue = records.find(world, KIND, project, uid)
    now = iso(world.now())
    made = records.change(world, COMMENT, uid, ident, commentText=text, commentTextModifiedDate=now)
    events.issue(world, issue, "comment.updated", made)
    return made


def remove_comment(world: World, project: str, uid: str, ident: str) -> None:
    """Remove a comment."""
    issue = records.find(world, KIND, project, uid)
    gone = records.find(world, COMMENT, uid, ident)
    records.remove(world, COMMENT, uid, ident)
    left = records.listing(world, COMMENT, uid)
    last = left[-1]["createdDate"] if left else None
    issue = records.change(world, KIND, project, uid, issueCommentsCount=len(left), lastCommentDate=last)
    events.issue(world, issue, "comment.deleted", gone)


# --- filters ---------------------------------------------------------------------------------------------

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
SORTABLE = (
    "issueTypeCode", "issueSubTypeCode", "issueStateCode", "createdDate", "resolvedDate", "hashcode",
    "issueText", "issueTextModifiedDate", "resolvedByUserUid", "reportedByUserUid", "assigneeUserUid",
    "lastCommentDate",
)  # fmt: skip
Test = Callable[[dict[str, Any]], bool]


def found(world: World, wanted: Sequence[str], body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the issues of projects that fit the filters of a request, sorted as it says."""
    _check_limits(body)
    tests = [*_listed(body), *_equal(body), *_dated(body), *_of_strings(body), *_watched(world, body)]
    tests += _of_jobs(world, body)
    kept = [
        issue
        for issue in chain.from_iterable(records.listing(world, KIND, project) for project in wanted)
        if all(test(issue) for test in tests)
    ]
    for item in reversed((body.get("sortBy") or {}).get("items") or []):
        name = _checked(item.get("fieldName"), SORTABLE, "sortBy")
        kept.sort(key=lambda issue: _sort_key(issue, name), reverse=item.get("direction") == "DESC")
    return kept


def _check_limits(body: Mapping[str, Any]) -> None:
    uids = (body.get("jobFilter") or {}).get("jobUids") or ()
    for name, values in (("issueNumbers", body.get("issueNumbers") or ()), ("jobFilter", uids)):
        if not isinstance(values, list | tuple) or len(values) > 1000:
            raise invalid(f"{name} must have at most 1000 elements", name)


def _sort_key(issue: Mapping[str, Any], name: str) -> str:
    value = issue["string"]["hashcode"] if name == "hashcode" else issue.get(name)
    return str(value or "")


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
        tests.append(lambda issue: issue["string"].get("localeId") in wanted["localeIds"])
    return tests


def _of_jobs(world: World, body: Mapping[str, Any]) -> list[Test]:
    """Return the filter by jobs: those whose string is in any of them, or in none."""
    wanted = body.get("jobFilter") or {}
    if not wanted:
        return []
    presence = _checked(wanted.get("presence") or "HAS_ANY", ("HAS_ANY", "HAS_NOTHING"), "jobFilter")
    sql = "select project, hash from job_strings where ? or job in (select value from json_each(?))"
    uids = wanted.get("jobUids") or []
    held = {tuple(row) for row in world.store.rows(sql, not uids, json.dumps(uids))}
    inside = presence == "HAS_ANY"
    return [lambda issue: ((issue["projectId"], issue["string"]["hashcode"]) in held) is inside]


def _watched(world: World, body: Mapping[str, Any]) -> list[Test]:
    code = body.get("issueWatchingStateCode")
    if not code:
        return []
    watching = _checked(code, ("WATCHING", "NOT_WATCHING"), "issueWatchingStateCode") == "WATCHING"
    return [lambda issue: bool(records.listing(world, WATCHING, issue["issueUid"])) is watching]


# --- watchers --------------------------------------------------------------------------------------------


def add_watcher(world: World, account: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Make somebody known who may watch issues."""
    uid, now = world.uid(), iso(world.now())
    made = {"uid": uid, **_person(body), "created": now, "modified": now}
    return records.add(world, WATCHER, account, uid, made)


def change_watcher(world: World, account: str, uid: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Change what is known of a watcher."""
    return records.change(world, WATCHER, account, uid, **_person(body), modified=iso(world.now()))


def _person(body: Mapping[str, Any]) -> dict[str, Any]:
    for name in ("email", "name"):
        if not isinstance(body.get(name), str) or not body[name].strip():
            raise invalid(f"{name} is required", name)
    enabled = body.get("enabled")
    return {
        "email": body["email"],
        "name": body["name"],
        "enabled": True if enabled is None else bool(enabled),
    }


def watch(world: World, account: str, project: str, uid: str, watcher: str) -> None:
    """Let a watcher watch an issue."""
    records.find(world, KIND, project, uid)
    records.find(world, WATCHER, account, watcher)
    if not any(watching["uid"] == watcher for watching in records.listing(world, WATCHING, uid)):
        records.add(world, WATCHING, uid, f"{uid} {watcher}", {"uid": watcher})


def unwatch(world: World, project: str, uid: str, watcher: str) -> None:
    """Let a watcher watch an issue no more."""
    records.find(world, KIND, project, uid)
    records.remove(world, WATCHING, uid, f"{uid} {watcher}")


def watchers(world: World, account: str, project: str, uid: str) -> list[dict[str, Any]]:
    """Return who watches an issue."""
    records.find(world, KIND, project, uid)
    return [
        records.find(world, WATCHER, account, watching["uid"])
        for watching in records.listing(world, WATCHING, uid)
    ]


# --- sub-types of an account -----------------------------------------------------------------------------


def subtypes(world: World, account: str, kind: str) -> list[dict[str, Any]]:
    """Return the sub-types of its own that an account may use."""
    mine = records.listing(world, SUBTYPE, account)
    return [subtype for subtype in mine if subtype["issueTypeCode"] == kind and subtype["enabled"]]


def create_subtype(world: World, account: str, kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Define a sub-type."""
    _checked(kind, TYPES, "issueType")
    code = body.get("issueSubTypeCode")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise invalid("issueSubTypeCode must have 1 to 80 letters, digits or underscores", "issueSubTypeCode")
    taken = {"CUSTOM", *TYPES["SOURCE"], *TYPES["TRANSLATION"]}
    if code in taken or _subtype(world, account, kind, code) is not None:
        raise invalid(f"Sub-type {code} already exists", "issueSubTypeCode")
    made = {
        "issueTypeCode": kind, "issueSubTypeCode": code, "description": body.get("description") or "",
        "enabled": True,
    }  # fmt: skip
    return records.add(world, SUBTYPE, account, f"{account} {kind} {code}", made)


def _subtype(world: World, account: str, kind: str, code: str) -> dict[str, Any] | None:
    try:
        return records.find(world, SUBTYPE, account, f"{account} {kind} {code}")
    except Refusal:
        return None


def change_subtype(world: World, account: str, kind: str, code: str, **fields: Any) -> dict[str, Any]:
    """Change the description of a sub-type, or whether new issues may use it."""
    return records.change(world, SUBTYPE, account, f"{account} {kind} {code}", **fields)


def remove_subtype(world: World, account: str, kind: str, code: str) -> None:
    """Remove a sub-type; issues that have it keep it."""
    records.remove(world, SUBTYPE, account, f"{account} {kind} {code}")
