"""The Jobs API: names, life, content, progress."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox_fixtures import LOCALES, Answer, RestClient

HELLO = b'{"greeting": "Hello world", "farewell": "Good bye"}'


def job_status(rest: RestClient, uid: str) -> str:
    """Return a job's status."""
    return str(rest.send("GET", rest.jobs(f"/{uid}")).data["jobStatus"])


def add_file(rest: RestClient, uid: str, uri: str, **body: Any) -> Answer:
    """Add a file to a job."""
    return rest.send("POST", rest.jobs(f"/{uid}/file/add"), body={"fileUri": uri, **body})


def authorize(rest: RestClient, uid: str, body: Any = None) -> Answer:
    """Authorize a job."""
    return rest.send("POST", rest.jobs(f"/{uid}/authorize"), body={} if body is None else body)


def test_names_are_unique_and_limited(rest: RestClient) -> None:
    """A second job of a name is refused with the field in the details; 170 characters are the limit."""
    rest.job("n")
    again = rest.send("POST", rest.jobs(), body={"jobName": "n"})
    assert (again.status, again.error["key"], again.error["details"]) == (400, None, {"field": "jobName"})
    assert rest.send("POST", rest.jobs(), body={"jobName": "x" * 171}).status == 400
    assert rest.send("POST", rest.jobs(), body={"jobName": "x" * 170}).status == 200
    assert rest.send("POST", rest.jobs(), body={}).status == 400


def test_listing_matches_like_and_pages_by_fifty(rest: RestClient) -> None:
    """The name is a substring without case, `_` a wildcard; 50 come at once unless asked otherwise."""
    for number in range(53):
        rest.job(f"Push main {number}")
    first = rest.send("GET", rest.jobs(), jobName="push MAIN").data
    assert (len(first["items"]), first["totalCount"]) == (50, 53)
    rest_of_it = rest.send("GET", rest.jobs(), jobName="push MAIN", offset=50).data
    assert len(rest_of_it["items"]) == 3
    assert rest.send("GET", rest.jobs(), jobName="main_1").data["totalCount"] == 11


def test_listing_filters_by_status_number_and_uid(rest: RestClient) -> None:
    """Arrays come without brackets; an unknown status is refused."""
    one, two = rest.job("one"), rest.job("two")
    rest.send("POST", rest.jobs(f"/{two}/cancel"), body={})
    cancelled = rest.send("GET", rest.jobs(), translationJobStatus=["CANCELLED", "CLOSED"]).data["items"]
    assert [each["translationJobUid"] for each in cancelled] == [two]
    number = rest.send("GET", rest.jobs(f"/{one}")).data["jobNumber"]
    by_number = rest.send("GET", rest.jobs(), jobNumber=number).data["items"]
    assert [each["jobName"] for each in by_number] == ["one"]
    assert rest.send("GET", rest.jobs(), translationJobUids=[one]).data["totalCount"] == 1
    assert rest.send("GET", rest.jobs(), translationJobStatus="NONE").status == 400


def test_an_unknown_job_is_a_404_without_words(rest: RestClient) -> None:
    """Key and message are null, as the service has them."""
    answer = rest.send("GET", rest.jobs("/aaaaaaaaaaaa"))
    assert (answer.status, answer.json["response"]["code"]) == (404, "NOT_FOUND_ERROR")
    assert (answer.error["key"], answer.error["message"]) == (None, None)


def test_an_edit_replaces_all_fields(rest: RestClient) -> None:
    """What a PUT leaves out is blanked, except the locales."""
    body = {"jobName": "n", "description": "d", "referenceNumber": "r", "targetLocaleIds": ["de-DE"]}
    uid = rest.send("POST", rest.jobs(), body=body).data["translationJobUid"]
    changed = rest.send("PUT", rest.jobs(f"/{uid}"), body={"jobName": "m", "description": "e"}).data
    assert (changed["jobName"], changed["description"], changed["referenceNumber"]) == ("m", "e", None)
    assert changed["targetLocaleIds"] == ["de-DE"]


def test_content_makes_a_draft_wait_for_authorization(rest: RestClient) -> None:
    """An empty job cannot be authorized; one with content can, once."""
    rest.upload("a.json", HELLO)
    uid = rest.job("n")
    assert job_status(rest, uid) == "DRAFT"
    assert authorize(rest, uid).status == 400
    assert add_file(rest, uid, "a.json").data == {"successCount": 6, "failCount": 0}
    assert job_status(rest, uid) == "AWAITING_AUTHORIZATION"
    assert authorize(rest, uid).status == 200
    assert job_status(rest, uid) == "IN_PROGRESS"
    assert authorize(rest, uid).status == 400


def test_authorization_needs_a_body_and_workflows_in_full(rest: RestClient) -> None:
    """`{}` means the defaults; a locale without its workflow is refused here."""
    rest.upload("a.json", HELLO)
    uid = rest.job("n")
    add_file(rest, uid, "a.json")
    assert rest.send("POST", rest.jobs(f"/{uid}/authorize")).status == 400
    assert authorize(rest, uid, {"localeWorkflows": [{"targetLocaleId": "de-DE"}]}).status == 400
    flow = {"targetLocaleId": "de-DE", "workflowUid": "aaaaaaaaaaaa"}
    assert authorize(rest, uid, {"localeWorkflows": [flow]}).status == 200
    items = {each["localeId"]: each["authorizedStringCount"] for each in rest.status("a.json").data["items"]}
    assert items == {"de-DE": 2, "fr-FR": 0, "ja-JP": 0}


def test_new_content_reopens_a_job_in_progress(rest: RestClient) -> None:
    """A file added later has to be authorized again, unless the switch says otherwise."""
    rest.upload("a.json", HELLO)
    rest.upload("b.json", HELLO)
    rest.upload("c.json", HELLO)
    uid = rest.job("n")
    add_file(rest, uid, "a.json")
    authorize(rest, uid)
    add_file(rest, uid, "b.json")
    assert job_status(rest, uid) == "AWAITING_AUTHORIZATION"
    authorize(rest, uid)
    rest.control.switches(rest.project, new_content_reopens=False)
    add_file(rest, uid, "c.json")
    assert job_status(rest, uid) == "IN_PROGRESS"


def test_a_string_is_in_one_job_at_a_time(rest: RestClient) -> None:
    """Strings of another job stay there and count as failed; published ones count as nothing."""
    rest.upload("a.json", HELLO)
    first, second = rest.job("first"), rest.job("second")
    add_file(rest, first, "a.json", targetLocaleIds=["de-DE"])
    assert add_file(rest, second, "a.json").data == {"successCount": 4, "failCount": 2}
    rest.control.translate(rest.project, {"de-DE": 100, "fr-FR": 100, "ja-JP": 100})
    third = rest.job("third")
    assert add_file(rest, third, "a.json").data == {"successCount": 0, "failCount": 0}


def test_strings_can_be_moved_between_jobs(rest: RestClient) -> None:
    """MoveEnabled takes strings out of another job; removing them makes them free again."""
    rest.upload("a.json", HELLO)
    first, second = rest.job("first"), rest.job("second")
    add_file(rest, first, "a.json")
    codes = [each["hashcode"] for each in rest.send("GET", rest.jobs(f"/{first}/strings")).data["items"]]
    body = {"hashcodes": codes[:1], "targetLocaleIds": ["de-DE"]}
    path = rest.jobs(f"/{second}/strings/add")
    assert rest.send("POST", path, body=body).data == {"successCount": 0, "failCount": 1}
    assert rest.send("POST", path, body={**body, "moveEnabled": True}).data["successCount"] == 1
    found = rest.send(
        "POST", rest.jobs("/find-jobs-by-strings"), body={"hashcodes": codes[:1], "localeIds": ["de-DE"]}
    )
    assert [each["translationJobUid"] for each in found.data["items"]] == [second]
    gone = rest.send("POST", rest.jobs(f"/{second}/strings/remove"), body={"hashcodes": codes[:1]})
    assert gone.data["successCount"] == 1


def test_cancelling_frees_the_name_and_the_content(rest: RestClient) -> None:
    """The job is renamed, its strings are no longer authorized, its name can be used again."""
    rest.upload("a.json", HELLO)
    uid = rest.job("n")
    add_file(rest, uid, "a.json")
    authorize(rest, uid)
    rest.send("POST", rest.jobs(f"/{uid}/cancel"), body={"reason": "no"})
    shown = rest.send("GET", rest.jobs(f"/{uid}")).data
    assert shown["jobStatus"] == "CANCELLED"
    assert shown["jobName"].startswith("n (Cancelled 20")
    assert {each["authorizedStringCount"] for each in rest.status("a.json").data["items"]} == {0}
    assert add_file(rest, rest.job("n"), "a.json").data["successCount"] == 6


def test_only_cancelled_jobs_are_deleted_and_only_completed_ones_closed(rest: RestClient) -> None:
    """Each move of a job's life is allowed from its own statuses only."""
    uid = rest.job("n")
    assert rest.send("DELETE", rest.jobs(f"/{uid}")).status == 400
    assert rest.send("POST", rest.jobs(f"/{uid}/close")).status == 400
    rest.send("POST", rest.jobs(f"/{uid}/cancel"), body={})
    assert rest.send("POST", rest.jobs(f"/{uid}/cancel"), body={}).status == 400
    assert rest.send("DELETE", rest.jobs(f"/{uid}")).status == 200
    assert rest.send("GET", rest.jobs(f"/{uid}")).status == 404


def test_a_job_is_complete_when_all_is_published(rest: RestClient) -> None:
    """Its status, its dates and its locales' dates follow the translators; then it can be closed."""
    uid = rest.push("n", {"a.json": HELLO}, authorize=True)
    rest.control.translate(rest.project, {"de-DE": 100})
    dates = rest.send("GET", rest.jobs(f"/{uid}/locales-completion-dates")).data["items"]
    assert [each["targetLocaleId"] for each in dates] == ["de-DE"]
    assert job_status(rest, uid) == "IN_PROGRESS"
    rest.control.translate(rest.project)
    assert job_status(rest, uid) == "COMPLETED"
    assert rest.send("POST", rest.jobs(f"/{uid}/close")).status == 200
    assert rest.send("GET", rest.jobs(f"/{uid}/files")).data["totalCount"] == 0


def test_progress_is_null_without_content_and_counts_words(rest: RestClient) -> None:
    """An empty job has no progress at all; later it is the share of words published."""
    empty = rest.job("empty")
    assert rest.send("GET", rest.jobs(f"/{empty}/progress")).data["progress"] is None
    uid = rest.push("n", {"a.json": HELLO}, authorize=True)
    rest.control.translate(rest.project, {"de-DE": 50})
    shown = rest.send("GET", rest.jobs(f"/{uid}/progress"), targetLocaleId="").data
    assert shown["progress"] == {"percentComplete": 16, "totalWordCount": 12}
    german = rest.send("GET", rest.jobs(f"/{uid}/progress"), targetLocaleId="de-DE").data
    assert german["progress"]["percentComplete"] == 50
    assert [each["targetLocaleId"] for each in german["contentProgressReport"]] == ["de-DE"]
    by_file = rest.send("GET", rest.jobs(f"/{uid}/file/progress"), fileUri="a.json").data
    assert by_file["progress"] == shown["progress"]


def test_the_files_of_a_job_are_paged_with_their_locales(rest: RestClient) -> None:
    """Each file once, with the locales for which the job holds it; search finds the job by file."""
    rest.upload("a.json", HELLO)
    rest.upload("b.json", HELLO)
    uid = rest.job("n")
    add_file(rest, uid, "a.json", targetLocaleIds=["de-DE"])
    add_file(rest, uid, "b.json")
    items = rest.send("GET", rest.jobs(f"/{uid}/files"), limit=1).data
    assert (items["totalCount"], items["items"][0]["localeIds"]) == (2, ["de-DE"])
    found = rest.send(
        "POST", rest.jobs("/search"), body={"fileUris": ["A.json"], "translationJobUids": [uid]}
    )
    assert [each["translationJobUid"] for each in found.data["items"]] == [uid]
    assert rest.send("POST", rest.jobs("/search"), body={"fileUris": []}).status == 400


def test_locales_come_and_go_with_their_content(rest: RestClient) -> None:
    """A locale added takes the job's files along unless told not to; a request may have no body."""
    rest.upload("a.json", HELLO)
    uid = rest.job("n", ["de-DE"])
    add_file(rest, uid, "a.json")
    assert rest.send("POST", rest.jobs(f"/{uid}/locales/fr-FR")).data["successCount"] == 2
    bare = rest.send("POST", rest.jobs(f"/{uid}/locales/ja-JP"), body={"syncContent": False})
    assert bare.data["successCount"] == 0
    assert rest.send("GET", rest.jobs(f"/{uid}")).data["targetLocaleIds"] == list(LOCALES)
    assert rest.send("DELETE", rest.jobs(f"/{uid}/locales/fr-FR")).data["successCount"] == 2
    assert rest.send("DELETE", rest.jobs(f"/{uid}/locales/fr-FR")).status == 404


def test_a_job_without_locales_takes_none_by_default(rest: RestClient) -> None:
    """A request that names no locale needs a job that has some; named ones extend the job."""
    rest.upload("a.json", HELLO)
    uid = rest.job("n", [])
    assert add_file(rest, uid, "a.json").status == 400
    assert add_file(rest, uid, "a.json", targetLocaleIds=["de-DE"]).data["successCount"] == 2
    assert rest.send("GET", rest.jobs(f"/{uid}")).data["targetLocaleIds"] == ["de-DE"]


def test_an_unknown_file_cannot_be_added(rest: RestClient) -> None:
    """The message is the one that clients wait on, with a null key."""
    answer = add_file(rest, rest.job("n"), "none.json")
    assert (answer.status, answer.error["key"], answer.error["message"]) == (
        400,
        None,
        "File not found: none.json",
    )


def test_a_slow_change_is_a_process_to_poll(rest: RestClient) -> None:
    """202 names only the address; until the process is complete the change is not there."""
    rest.control.policies(rest.project, process={"looks": 2})
    rest.upload("a.json", HELLO)
    uid = rest.job("n")
    answer = add_file(rest, uid, "a.json")
    assert (answer.status, answer.json["response"]["code"]) == (202, "ACCEPTED")
    assert "processUid" not in answer.data
    states = [rest.send("GET", answer.data["url"]).data["processState"] for _ in range(3)]
    assert states == ["IN_PROGRESS", "COMPLETED", "COMPLETED"]
    assert rest.send("GET", rest.jobs(f"/{uid}/files")).data["totalCount"] == 1


@pytest.mark.parametrize("field", ["description", "callbackUrl"])
def test_long_fields_are_refused(rest: RestClient, field: str) -> None:
    """Descriptions and callback addresses have limits."""
    answer = rest.send("POST", rest.jobs(), body={"jobName": "n", field: "x" * 8193})
    assert (answer.status, answer.error["details"]) == (400, {"field": field})


def test_an_account_lists_the_jobs_of_its_projects(rest: RestClient) -> None:
    """The account-wide list says which project each job belongs to."""
    uid = rest.job("n")
    found = rest.send("GET", "/jobs-api/v3/accounts/sandbox1/jobs", projectIds=[rest.project]).data["items"]
    assert [(each["translationJobUid"], each["projectId"]) for each in found] == [(uid, rest.project)]


def test_a_file_in_work_is_not_added_to_a_job(rest: RestClient) -> None:
    """A new one is not known yet; one that is parsed again is locked, with the code of this API."""
    job = rest.job("n")
    path = rest.jobs(f"/{job}/file/add")
    rest.upload("old.json", HELLO)
    rest.control.policies(rest.project, upload={"looks": 2})
    assert [rest.upload(uri, HELLO).status for uri in ("new.json", "old.json")] == [202, 202]
    unknown = rest.send("POST", path, body={"fileUri": "new.json"})
    assert (unknown.status, unknown.error["message"]) == (400, "File not found: new.json")
    locked = rest.send("POST", path, body={"fileUri": "old.json"})
    assert (locked.status, locked.json["response"]["code"]) == (423, "VALIDATION_ERROR")
    rest.control.finish(rest.project)
    assert rest.send("POST", path, body={"fileUri": "old.json"}).data["successCount"] == 6
