"""Issues v2: questions and complaints about strings. Changes answer with the fields that they changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from l10nsync.sandbox.clock import iso
from l10nsync.sandbox.common import records
from l10nsync.sandbox.groups.issues import rules as issues
from l10nsync.sandbox.groups.projects import rules as projects
from l10nsync.sandbox.parsed_request import ParsedRequest, paged
from l10nsync.sandbox.refusal import invalid
from l10nsync.sandbox.replies import Reply, data, items

LIST_LIMIT = 30


def create(call: ParsedRequest) -> Reply:
    """POST …/issues."""
    return data(issues.create(call.server.world, call.project, call.body))


def get(call: ParsedRequest) -> Reply:
    """GET …/issues/{issue}."""
    return data(records.find(call.server.world, issues.KIND, call.project, call.path["issue"]))


def listing(call: ParsedRequest) -> Reply:
    """POST …/issues/list: 30 at once unless asked otherwise."""
    return _page(call, [call.project])


def count(call: ParsedRequest) -> Reply:
    """POST …/issues/count."""
    return data({"count": len(issues.found(call.server.world, [call.project], call.body))})


def account_listing(call: ParsedRequest) -> Reply:
    """POST …/accounts/{account}/issues/list."""
    return _page(call, _projects(call))


def account_count(call: ParsedRequest) -> Reply:
    """POST …/accounts/{account}/issues/count."""
    return data({"count": len(issues.found(call.server.world, _projects(call), call.body))})


def _page(call: ParsedRequest, wanted: Sequence[str]) -> Reply:
    found = issues.found(call.server.world, wanted, call.body)
    limit = call.body.get("limit")
    limit = LIST_LIMIT if limit is None else int(limit)
    offset = int(call.body.get("offset") or 0)
    return items(found[offset : offset + limit], len(found))


def _projects(call: ParsedRequest) -> list[str]:
    mine = projects.of_account(call.server.world, call.path["account"], "", archived=True)
    wanted = call.array("projectIds")
    return [project["projectId"] for project in mine if not wanted or project["projectId"] in wanted]


def set_text(call: ParsedRequest) -> Reply:
    """PUT …/issueText."""
    text, now = issues.checked_text(call.body, "issueText"), iso(call.server.world.now())
    return _changed(call, ("issueText", "issueTextModifiedDate"), issueText=text, issueTextModifiedDate=now)


def set_state(call: ParsedRequest) -> Reply:
    """PUT …/state: resolve or reopen."""
    state = call.body.get("issueStateCode")
    issue = issues.set_state(call.server.world, call.project, call.path["issue"], state)
    return _part(issue, ("issueStateCode", "reopened"))


def set_answered(call: ParsedRequest) -> Reply:
    """PUT …/answered."""
    answered = call.body.get("answered")
    if not isinstance(answered, bool):
        raise invalid("answered must be true or false", "answered")
    return _changed(call, ("answered",), answered=answered)


def set_assignee(call: ParsedRequest) -> Reply:
    """PUT …/assignee."""
    if not call.body.get("assigneeUserUid"):
        raise invalid("assigneeUserUid is required", "assigneeUserUid")
    return _changed(call, ("assigneeUserUid",), assigneeUserUid=call.body["assigneeUserUid"])


def unassign(call: ParsedRequest) -> Reply:
    """DELETE …/assignee."""
    issues.change(call.server.world, call.project, call.path["issue"], assigneeUserUid=None)
    return data()


def set_severity(call: ParsedRequest) -> Reply:
    """PUT …/severity-level."""
    code = issues.checked_severity(call.body.get("issueSeverityLevelCode"))
    return _changed(call, ("issueSeverityLevelCode",), issueSeverityLevelCode=code)


def set_type(call: ParsedRequest) -> Reply:
    """PUT …/change-type."""
    issue = issues.set_type(call.server.world, call.project, call.path["issue"], call.body)
    locale = {"localeId": issue["string"]["localeId"]} if "localeId" in issue["string"] else {}
    return data({name: issue[name] for name in ("issueTypeCode", "issueSubTypeCode")} | locale)


def _changed(call: ParsedRequest, shown: Sequence[str], **fields: Any) -> Reply:
    return _part(issues.change(call.server.world, call.project, call.path["issue"], **fields), shown)


def _part(issue: dict[str, Any], shown: Sequence[str]) -> Reply:
    return data({name: issue[name] for name in shown})


# --- comments --------------------------------------------------------------------------------------------


def comments(call: ParsedRequest) -> Reply:
    """GET …/comments."""
    get(call)
    return items(records.listing(call.server.world, issues.COMMENT, call.path["issue"]))


def add_comment(call: ParsedRequest) -> Reply:
    """POST …/comments."""
    text = issues.checked_text(call.body, "commentText")
    return data(issues.comment(call.server.world, call.project, call.path["issue"], text))


def get_comment(call: ParsedRequest) -> Reply:
    """GET …/comments/{comment}."""
    get(call)
    return data(records.find(call.server.world, issues.COMMENT, call.path["issue"], call.path["comment"]))


def set_comment(call: ParsedRequest) -> Reply:
    """PUT …/comments/{comment}."""
    text, world = issues.checked_text(call.body, "commentText"), call.server.world
    return data(issues.set_comment(world, call.project, call.path["issue"], call.path["comment"], text))


def delete_comment(call: ParsedRequest) -> Reply:
    """DELETE …/comments/{comment}."""
    issues.remove_comment(call.server.world, call.project, call.path["issue"], call.path["comment"])
    return data()


# --- dictionaries ----------------------------------------------------------------------------------------


def states(_call: ParsedRequest) -> Reply:
    """GET …/dictionary/issue-states."""
    return items([{"issueStateCode": state} for state in issues.STATES])


def severities(_call: ParsedRequest) -> Reply:
    """GET …/dictionary/issue-severity-levels."""
    return items([{"issueSeverityLevelCode": severity} for severity in issues.SEVERITIES])


def types(_call: ParsedRequest) -> Reply:
    """GET …/dictionary/issue-types."""
    return items([_type(kind, ()) for kind in issues.TYPES])


def account_types(call: ParsedRequest) -> Reply:
    """GET …/accounts/{account}/issue-types."""
    world, account = call.server.world, call.path["account"]
    return items([_type(kind, issues.subtypes(world, account, kind)) for kind in issues.TYPES])


def _type(kind: str, more: Sequence[dict[str, Any]]) -> dict[str, Any]:
    codes = [*issues.TYPES[kind], *(subtype["issueSubTypeCode"] for subtype in more)]
    return {"issueTypeCode": kind, "subTypes": [{"issueSubTypeCode": code} for code in codes]}


def create_subtype(call: ParsedRequest) -> Reply:
    """POST …/issue-types/{kind}/sub-types."""
    path = call.path
    made = issues.create_subtype(call.server.world, path["account"], path["kind"], call.body)
    return _part(made, ("issueSubTypeCode", "description"))


def change_subtype(call: ParsedRequest) -> Reply:
    """PUT …/sub-types/{code}: its description."""
    return _subtype(call, ("issueSubTypeCode", "description"), description=call.body.get("description") or "")


def set_subtype_state(call: ParsedRequest) -> Reply:
    """PUT …/sub-types/{code}/state."""
    enabled = call.body.get("enabled")
    if not isinstance(enabled, bool):
        raise invalid("enabled must be true or false", "enabled")
    return _subtype(call, ("enabled",), enabled=enabled)


def _subtype(call: ParsedRequest, shown: Sequence[str], **fields: Any) -> Reply:
    path = call.path
    made = issues.change_subtype(
        call.server.world, path["account"], path["kind"], path["code"], **fields
    )  # fmt: skip
    return _part(made, shown)


def remove_subtype(call: ParsedRequest) -> Reply:
    """DELETE …/sub-types/{code}."""
    path = call.path
    issues.remove_subtype(call.server.world, path["account"], path["kind"], path["code"])
    return data()


# --- watchers --------------------------------------------------------------------------------------------


def account_watchers(call: ParsedRequest) -> Reply:
    """GET …/accounts/{account}/watchers."""
    email = call.text("email").casefold()
    found = records.listing(call.server.world, issues.WATCHER, call.path["account"])
    return paged(call, [user for user in found if email in user["email"].casefold()], 100)


def add_watcher(call: ParsedRequest) -> Reply:
    """POST …/accounts/{account}/watchers."""
    return data(issues.add_watcher(call.server.world, call.path["account"], call.body))


def change_watcher(call: ParsedRequest) -> Reply:
    """PUT …/accounts/{account}/watchers/{watcher}."""
    path = call.path
    return data(issues.change_watcher(call.server.world, path["account"], path["watcher"], call.body))


def watch(call: ParsedRequest) -> Reply:
    """PUT …/issues/{issue}/watchers/{watcher}."""
    path = call.path
    issues.watch(call.server.world, path["account"], call.project, path["issue"], path["watcher"])
    return data()


def unwatch(call: ParsedRequest) -> Reply:
    """DELETE …/issues/{issue}/watchers/{watcher}."""
    issues.unwatch(call.server.world, call.project, call.path["issue"], call.path["watcher"])
    return data()


def watchers(call: ParsedRequest) -> Reply:
    """GET …/issues/{issue}/watchers."""
    path = call.path
    return items(issues.watchers(call.server.world, path["account"], call.project, path["issue"]))
