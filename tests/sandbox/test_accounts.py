"""What belongs to accounts and projects: copies, custom fields, schedules, issue sub-types, watchers."""

from __future__ import annotations

from typing import Any

import pytest

from l10nsync.sandbox.testing import wait_for
from tests.sandbox.test_callbacks import HOOKS, Listener, listener
from tests.sandbox.test_strings_and_issues import HELLO, ISSUES, hashcodes, issue
from tests.sandbox_fixtures import RestClient

__all__ = ["listener"]
FIELDS = "/jobs-api/v3/projects/{project}/custom-fields"


@pytest.fixture
def account(rest: RestClient) -> str:
    """Give an account that no other test uses."""
    made = rest.control.send(
        "POST", "projects", {"accountUid": f"acc{rest.project}", "targetLocaleIds": ["de-DE", "fr-FR"]}
    )
    rest.project = str(made["projectId"])
    return str(rest.send("GET", "/projects-api/v2/projects/{project}").data["accountUid"])


def test_a_project_is_copied_without_its_content(rest: RestClient, account: str) -> None:
    """The process ends after a while; only then the new project is there."""
    rest.upload("a.json", HELLO)
    path = "/projects-api/v2/projects/{project}/copy"
    body = {"projectName": "Second", "targetLocaleIds": ["fr-FR"]}
    process = rest.send("POST", path, body=body).data["processUid"]
    states = [rest.send("GET", f"{path}/{process}").data for _ in range(2)]
    assert [each["processState"] for each in states] == ["OPEN", "CLOSED"]
    found = rest.send("GET", f"/accounts-api/v2/accounts/{account}/projects", projectNameFilter="second").data
    assert [each["projectId"] for each in found["items"]] == [states[1]["newProjectUid"]]
    copy = RestClient(rest.url, states[1]["newProjectUid"], rest.control)
    details = copy.send("GET", "/projects-api/v2/projects/{project}").data
    assert [each["localeId"] for each in details["targetLocales"]] == ["fr-FR"]
    assert copy.send("GET", copy.files("/files/list")).data["totalCount"] == 0
    assert rest.send("POST", path, body={"projectName": "x", "targetLocaleIds": ["xx"]}).status == 400
    everywhere = rest.send("GET", "/accounts-api/v2/accounts").data["items"]
    assert account in {each["accountUid"] for each in everywhere}


def test_jobs_carry_the_custom_fields_of_their_project(rest: RestClient, account: str) -> None:
    """Defined by the account, assigned to the project, checked at creation."""
    where = f"/jobs-api/v3/accounts/{account}/custom-fields"
    team = rest.send("POST", where, body={"type": "SHORT_TEXT", "fieldName": "Team", "required": True}).data
    kind = rest.send(
        "POST", where, body={"type": "SELECTBOX", "fieldName": "Kind", "options": ["a", "b"]}
    ).data
    assert rest.send("POST", where, body={"type": "DATE", "fieldName": "x"}).status == 400
    body: Any = [{"fieldUid": team["fieldUid"]}, {"fieldUid": kind["fieldUid"]}]
    assert rest.send("POST", FIELDS, body=body).status == 200
    assert rest.send("POST", FIELDS, body={"fieldUid": "x"}).status == 400
    assert [each["fieldName"] for each in rest.send("GET", FIELDS).data["items"]] == ["Team", "Kind"]

    def create(name: str, **values: str) -> Any:
        fields = [{"fieldUid": uid, "fieldValue": value} for uid, value in values.items()]
        return rest.send("POST", rest.jobs(), body={"jobName": name, "customFields": fields})

    assert create("none").error["details"] == {"field": "customFields"}
    assert create("other", **{team["fieldUid"]: "x", "unknown": "y"}).status == 400
    assert create("bad", **{team["fieldUid"]: "x", kind["fieldUid"]: "c"}).status == 400
    made = create("good", **{team["fieldUid"]: "x", kind["fieldUid"]: "b"}).data["customFields"]
    assert [(each["fieldName"], each["fieldValue"]) for each in made] == [("Team", "x"), ("Kind", "b")]
    rest.send("PUT", f"{where}/{team['fieldUid']}", body={"enabled": False, "searchable": True})
    found = rest.send("GET", where, enabledOnly="true").data["items"]
    assert [each["fieldName"] for each in found] == ["Kind"]
    assert rest.send("GET", where, searchableOnly="true").data["totalCount"] == 1
    assert create("later").status == 200


def test_each_step_of_a_job_has_its_due_date(rest: RestClient) -> None:
    """One for each locale and step; setting it again changes it."""
    job = rest.job("n", ["de-DE"])
    path = rest.jobs(f"/{job}/schedule")
    item = {"targetLocaleId": "de-DE", "workflowStepUid": "sandboxstep1", "dueDate": "2030-01-01T00:00:00Z"}
    first = rest.send("POST", path, body={"schedules": [item]}).data["items"]
    rest.send("POST", path, body={"schedules": [{**item, "dueDate": "2031-01-01T00:00:00Z"}]})
    (found,) = rest.send("GET", path).data["items"]
    assert (found["scheduleUid"], found["dueDate"]) == (first[0]["scheduleUid"], "2031-01-01T00:00:00Z")
    for wrong in ({"targetLocaleId": "fr-FR"}, {"workflowStepUid": "none"}, {"dueDate": "soon"}):
        assert rest.send("POST", path, body={"schedules": [{**item, **wrong}]}).status == 400
    assert rest.send("GET", rest.jobs("/aaaaaaaaaaaa/schedule")).status == 404


def test_an_account_has_issue_types_of_its_own(rest: RestClient, account: str) -> None:
    """New issues may use them while they are enabled."""
    rest.upload("a.json", HELLO)
    code = hashcodes(rest, "a.json")["greeting"]
    path = f"/issues-api/v2/accounts/{account}/issue-types"
    mine = f"{path}/SOURCE/sub-types"
    assert rest.send("POST", mine, body={"issueSubTypeCode": "LEGAL", "description": "x"}).status == 200
    assert rest.send("POST", mine, body={"issueSubTypeCode": "LEGAL"}).status == 400
    assert rest.send("POST", mine, body={"issueSubTypeCode": "no space"}).status == 400
    rest.send("PUT", f"{mine}/LEGAL", body={"description": "For lawyers"})
    source = rest.send("GET", path).data["items"][0]["subTypes"]
    assert {"issueSubTypeCode": "LEGAL"} in source
    uid = issue(rest, code, issueSubTypeCode="LEGAL")
    assert rest.send("PUT", f"{mine}/LEGAL/state", body={"enabled": False}).data == {"enabled": False}
    body = {
        "issueText": "x",
        "issueTypeCode": "SOURCE",
        "issueSubTypeCode": "LEGAL",
        "string": {"hashcode": code},
    }
    assert rest.send("POST", ISSUES, body=body).status == 400
    assert rest.send("DELETE", f"{mine}/LEGAL").status == 200
    assert rest.send("GET", f"{ISSUES}/{uid}").data["issueSubTypeCode"] == "LEGAL"
    for name, number in (("issue-states", 2), ("issue-severity-levels", 3), ("issue-types", 2)):
        assert rest.send("GET", f"/issues-api/v2/dictionary/{name}").data["totalCount"] == number


def test_issues_are_changed_part_by_part(rest: RestClient) -> None:
    """Each answer tells what it changed; a translation's issue needs a locale."""
    rest.upload("a.json", HELLO)
    uid = issue(rest, hashcodes(rest, "a.json")["greeting"])

    def put(name: str, **body: Any) -> Any:
        return rest.send("PUT", f"{ISSUES}/{uid}/{name}", body=body)

    kind = {"issueTypeCode": "TRANSLATION", "issueSubTypeCode": "MT_ERROR"}
    assert put("change-type", **kind).status == 400
    assert put("change-type", **kind, localeId="de-DE").data == {**kind, "localeId": "de-DE"}
    assert put("change-type", issueTypeCode="SOURCE", issueSubTypeCode="MT_ERROR").status == 400
    assert put("severity-level", issueSeverityLevelCode="HIGH").data == {"issueSeverityLevelCode": "HIGH"}
    assert put("assignee", assigneeUserUid="u1").data == {"assigneeUserUid": "u1"}
    assert rest.send("DELETE", f"{ISSUES}/{uid}/assignee").status == 200
    assert put("issueText", issueText="Why?").data["issueText"] == "Why?"
    assert put("answered", answered="yes").status == 400
    put("state", issueStateCode="RESOLVED")
    put("state", issueStateCode="OPENED")
    found = rest.send("GET", f"{ISSUES}/{uid}").data
    assert (found["reopened"], bool(found["reopenedDate"]), found["assigneeUserUid"]) == (True, True, None)


def test_comments_come_and_go(rest: RestClient) -> None:
    """The issue counts them."""
    rest.upload("a.json", HELLO)
    uid = issue(rest, hashcodes(rest, "a.json")["greeting"])
    path = f"{ISSUES}/{uid}/comments"
    one, two = (
        rest.send("POST", path, body={"commentText": text}).data["issueCommentUid"] for text in ("a", "b")
    )
    assert rest.send("PUT", f"{path}/{one}", body={"commentText": "c"}).data["commentText"] == "c"
    assert rest.send("GET", f"{path}/{one}").data["commentText"] == "c"
    rest.send("DELETE", f"{path}/{two}")
    assert rest.send("GET", f"{path}/{two}").status == 404
    assert rest.send("GET", f"{ISSUES}/{uid}").data["issueCommentsCount"] == 1


def test_issues_of_jobs_and_of_all_projects(rest: RestClient, account: str) -> None:
    """A job counts the open issues of its strings; an account finds those of its projects."""
    job = rest.push("n", {"a.json": HELLO}, locales=["de-DE"])
    codes = hashcodes(rest, "a.json")
    uid = issue(rest, codes["greeting"])
    rest.upload("b.json", b'{"z": "Elsewhere"}')
    other = issue(rest, hashcodes(rest, "b.json")["z"])
    counts = rest.send("GET", rest.jobs(f"/{job}")).data["issues"]
    assert counts == {"sourceIssuesCount": 1, "translationIssuesCount": 0}
    where = f"/issues-api/v2/accounts/{account}/issues"

    def found(**body: Any) -> list[str]:
        items = rest.send("POST", f"{where}/list", body=body).data["items"]
        filters = {name: value for name, value in body.items() if name != "sortBy"}
        assert rest.send("POST", f"{where}/count", body=filters).data["count"] == len(items)
        return [each["issueUid"] for each in items]

    assert found() == [uid, other]
    assert found(projectIds=["none"]) == []
    assert found(jobFilter={"jobUids": [job], "presence": "HAS_ANY"}) == [uid]
    assert found(jobFilter={"presence": "HAS_NOTHING"}) == [other]
    descending = {"items": [{"fieldName": "hashcode", "direction": "DESC"}]}
    assert sorted(found(sortBy=descending)) == sorted([uid, other])
    assert rest.send("POST", f"{where}/list", body={"issueNumbers": list(range(1001))}).status == 400
    assert rest.send("POST", f"{where}/list", body={"limit": 0}).data["items"] == []


def test_watchers_watch_issues(rest: RestClient, account: str) -> None:
    """Known to the account, linked to issues one by one."""
    rest.upload("a.json", HELLO)
    uid = issue(rest, hashcodes(rest, "a.json")["greeting"])
    people = f"/issues-api/v2/accounts/{account}/watchers"
    mike = rest.send("POST", people, body={"email": "mike@example.com", "name": "Mike"}).data["uid"]
    assert rest.send("POST", people, body={"email": "x"}).status == 400
    rest.send("PUT", f"{people}/{mike}", body={"email": "m@example.com", "name": "M", "enabled": False})
    found = rest.send("GET", people, email="M@").data["items"]
    assert [(each["name"], each["enabled"]) for each in found] == [("M", False)]
    linked = f"/issues-api/v2/accounts/{account}/projects/{{project}}/issues/{uid}/watchers"
    rest.send("PUT", f"{linked}/{mike}")
    assert [each["uid"] for each in rest.send("GET", linked).data["items"]] == [mike]
    watching = {"issueWatchingStateCode": "WATCHING"}
    assert rest.send("POST", f"{ISSUES}/count", body=watching).data["count"] == 1
    rest.send("DELETE", f"{linked}/{mike}")
    assert rest.send("POST", f"{ISSUES}/count", body=watching).data["count"] == 0


def test_webhooks_tell_of_issues_and_can_be_tried_out(
    rest: RestClient, account: str, listener: Listener
) -> None:
    """Creation, comment and change; a test event is sent without anything having happened."""
    rest.upload("a.json", HELLO)
    hooks = HOOKS.replace("sandbox1", account)
    kinds = (
        "sourceIssue.created",
        "sourceIssue.updated",
        "sourceIssue.comment.created",
        "translationJob.updated",
    )
    body = {
        "subscriptionName": "n",
        "subscriptionUrl": listener.url,
        "events": [{"type": each, "schemaVersion": "1.0"} for each in kinds],
    }
    hook = rest.send("POST", hooks, body=body).data["subscriptionUid"]
    uid = issue(rest, hashcodes(rest, "a.json")["greeting"])
    rest.send("POST", f"{ISSUES}/{uid}/comments", body={"commentText": "a"})
    rest.send("PUT", f"{ISSUES}/{uid}/answered", body={"answered": True})
    job = rest.job("n", ["de-DE"])
    rest.send("PUT", rest.jobs(f"/{job}"), body={"jobName": "m"})
    wait_for(lambda: len(listener.got) >= 4)
    rest.send("POST", f"{hooks}/{hook}/test")
    wait_for(lambda: len(listener.got) >= 5)
    types = [each["eventType"] for each in rest.send("GET", f"{hooks}/{hook}/events").data["items"]]
    assert sorted(types) == sorted([*kinds, kinds[0]])
    changed = rest.send(
        "PUT", f"{hooks}/{hook}", body={**body, "subscriptionName": "m", "enabled": False}
    ).data
    assert (changed["subscriptionName"], changed["enabled"]) == ("m", False)
