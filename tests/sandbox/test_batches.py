"""Job batches: their life, and what becomes of each file."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10nsync.sandbox.groups.batches.rules import evaluate
from l10nsync.sandbox.refusal import Refusal
from tests.sandbox_fixtures import LOCALES, Answer, RestClient

HELLO = b'{"greeting": "Hello world", "farewell": "Good bye"}'
MOMENT = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)


def act(rest: RestClient, batch: str, action: str, uri: str, **more: str) -> Answer:
    """Cancel or register a file."""
    return rest.send("PUT", rest.batches(f"/{batch}"), body={"action": action, "fileUri": uri, **more})


def statuses(shown: Any) -> dict[str, str]:
    """Return the status of each file."""
    return {each["fileUri"]: each["status"] for each in shown["files"]}


def test_a_batch_lives_from_draft_to_completed(rest: RestClient) -> None:
    """It waits for every file, executes by itself, and is complete at the second look after that."""
    batch = rest.batch(rest.job("n"), ["a.json", "b.json"])
    assert rest.batch_status(batch)["status"] == "DRAFT"
    answer = rest.batch_upload(batch, "a.json", HELLO)
    assert (answer.status, answer.json) == (202, {"response": {"code": "ACCEPTED", "data": None}})
    shown = rest.batch_status(batch)
    assert (shown["status"], statuses(shown)) == ("ADDING_FILES", {"a.json": "ATTACHING", "b.json": "DRAFT"})
    rest.batch_upload(batch, "b.json", HELLO)
    assert rest.batch_status(batch)["status"] == "EXECUTING"
    shown = rest.batch_status(batch)
    assert (shown["status"], set(statuses(shown).values())) == ("COMPLETED", {"COMPLETED"})
    assert shown["files"][0]["targetLocales"] == [{"localeId": each, "stringsAdded": 2} for each in LOCALES]
    assert (shown["generalErrors"], shown["files"][0]["errors"], shown["authorized"]) == ("", "", False)


def test_a_file_is_not_there_before_the_service_has_taken_it_in(rest: RestClient) -> None:
    """Accepted bytes are not yet a file."""
    batch = rest.batch(rest.job("n"), ["a.json", "b.json"])
    rest.batch_upload(batch, "a.json", HELLO)
    assert rest.status("a.json").status == 400
    rest.batch_status(batch)
    assert rest.status("a.json").status == 200


def test_time_alone_completes_a_batch(rest: RestClient) -> None:
    """A batch that nobody looks at is complete after a while, by the policy of its project."""
    rest.control.policies(rest.project, batch={"seconds": 0})
    job = rest.job("n")
    batch = rest.batch(job, ["a.json"])
    rest.batch_upload(batch, "a.json", HELLO)
    assert rest.send("GET", rest.jobs(f"/{job}/files")).data["totalCount"] == 1


def test_authorize_true_sends_the_job_to_translation(rest: RestClient) -> None:
    """With it the job is in progress once the batch is complete; without it, it waits."""
    for name, wanted, expected in (("a", True, "IN_PROGRESS"), ("b", False, "AWAITING_AUTHORIZATION")):
        job = rest.push(name, {f"{name}.json": HELLO}, authorize=wanted)
        assert rest.send("GET", rest.jobs(f"/{job}")).data["jobStatus"] == expected


def test_a_missing_file_keeps_the_batch_waiting_until_it_is_cancelled(rest: RestClient) -> None:
    """Cancelling writes the reason into the file's errors and lets the rest run."""
    batch = rest.batch(rest.job("n"), ["a.json", "b.json"])
    rest.batch_upload(batch, "a.json", HELLO)
    assert [rest.batch_status(batch)["status"] for _ in range(4)] == ["ADDING_FILES"] * 4
    assert act(rest, batch, "CANCEL_FILE", "b.json", reason="not found").status == 200
    rest.batch_status(batch)
    shown = rest.batch_status(batch)
    assert statuses(shown) == {"a.json": "COMPLETED", "b.json": "CANCELED"}
    assert shown["files"][1]["errors"] == "not found"


def test_a_file_can_be_registered_while_files_are_added(rest: RestClient) -> None:
    """Registering again changes nothing; once the batch executes it takes no more."""
    batch = rest.batch(rest.job("n"), ["a.json"])
    assert act(rest, batch, "REGISTER_FILE", "b.json").status == 200
    assert act(rest, batch, "REGISTER_FILE", "B.json").status == 200
    rest.batch_upload(batch, "a.json", HELLO)
    rest.batch_upload(batch, "b.json", HELLO)
    refused = act(rest, batch, "REGISTER_FILE", "c.json")
    assert (refused.status, refused.error["key"]) == (400, "file.not.registered")
    assert act(rest, batch, "CANCEL_FILE", "a.json").error["key"] == "file.not.cancelled"


def test_a_broken_file_fails_alone(rest: RestClient) -> None:
    """The batch is complete all the same; the error is a text that holds JSON."""
    batch = rest.batch(rest.job("n"), ["a.json", "b.json", "c.json"])
    rest.batch_upload(batch, "a.json", HELLO)
    rest.batch_upload(batch, "b.json", b"{}")
    rest.batch_upload(batch, "c.json", b"{")
    rest.batch_status(batch)
    shown = rest.batch_status(batch)
    assert shown["status"] == "COMPLETED"
    assert statuses(shown) == {"a.json": "COMPLETED", "b.json": "UPLOAD_FAILED", "c.json": "UPLOAD_FAILED"}
    error = json.loads(shown["files"][1]["errors"])
    assert error["key"] == "parse.error"
    assert "No source strings found" in error["message"]


def test_a_uri_is_uploaded_once(rest: RestClient) -> None:
    """A second upload, an unregistered URI and a finished batch are refused."""
    batch = rest.batch(rest.job("n"), ["a.json", "b.json"])
    rest.batch_upload(batch, "a.json", HELLO)
    assert rest.batch_upload(batch, "A.json", HELLO).error["key"] == "batch.not.suitable"
    assert rest.batch_upload(batch, "c.json", HELLO).error["key"] == "file.not.registered"
    rest.batch_upload(batch, "b.json", HELLO)
    assert rest.batch_upload(batch, "b.json", HELLO).error["key"] == "batch.not.suitable"


def test_an_upload_needs_locales_of_the_project(rest: RestClient) -> None:
    """Locales are required, repeated or joined by commas, and must exist."""
    job = rest.job("n", [])
    batch = rest.batch(job, ["a.json", "b.json"])
    assert rest.batch_upload(batch, "a.json", HELLO, []).status == 400
    assert rest.batch_upload(batch, "a.json", HELLO, ["xx-XX"]).status == 400
    assert rest.batch_upload(batch, "a.json", HELLO, ["de-DE,fr-FR"]).status == 202
    assert rest.batch_upload(batch, "b.json", HELLO, ["ja-JP"]).status == 202
    rest.batch_status(batch)
    rest.batch_status(batch)
    assert rest.send("GET", rest.jobs(f"/{job}")).data["targetLocaleIds"] == list(LOCALES)


@pytest.mark.parametrize(
    ("change", "status", "key"),
    [
        ({"translationJobUid": "aaaaaaaaaaaa"}, 404, "job.not.found"),
        ({"translationJobUid": None}, 400, "translationJobUid"),
        ({"fileUris": []}, 400, "fileUris"),
        ({"fileUris": ["a", "A"]}, 400, "fileUris"),
        ({"fileUris": ["x" * 513]}, 400, "fileUris[0]"),
        ({"authorize": None}, 400, "authorize"),
    ],
)
def test_bad_batches_are_refused(rest: RestClient, change: dict[str, Any], status: int, key: str) -> None:
    """Each wrong field is named; an unknown job is a 404 with a validation code."""
    body = {"authorize": False, "translationJobUid": rest.job("n"), "fileUris": ["a"], **change}
    answer = rest.send("POST", rest.batches(), body=body)
    assert (answer.status, answer.json["response"]["code"], answer.error["key"]) == (
        status,
        "VALIDATION_ERROR",
        key,
    )


def test_an_unknown_batch_is_a_404_with_a_validation_code(rest: RestClient) -> None:
    """So say all calls on a batch."""
    for answer in (
        rest.send("GET", rest.batches("/none")),
        act(rest, "none", "CANCEL_FILE", "a"),
        rest.batch_upload("none", "a", HELLO),
    ):
        assert (answer.status, answer.error["key"]) == (404, "batch.not.found")


def test_a_job_has_one_open_batch_at_a_time(rest: RestClient) -> None:
    """The next is refused until the first is complete; the switch lets it through."""
    job = rest.job("n")
    batch = rest.batch(job, ["a.json", "late.json"])
    rest.batch_upload(batch, "a.json", HELLO)
    body = {"authorize": False, "translationJobUid": job, "fileUris": ["b.json"], "localeWorkflows": None}
    assert rest.send("POST", rest.batches(), body=body).error["key"] == "batch.not.created"
    rest.control.switches(rest.project, second_batch_refused=False)
    assert rest.send("POST", rest.batches(), body=body).status == 200
    found = rest.send("GET", rest.batches(), translationJobUid=job, orderBy="asc").data
    assert (found["totalCount"], found["items"][0]["batchUid"]) == (2, batch)


def test_batches_are_listed_newest_first_with_their_errors(rest: RestClient) -> None:
    """20 come at once, 100 at most; hasError tells of any file."""
    job = rest.push("n", {"a.json": HELLO})
    second = rest.batch(job, ["b.json"])
    rest.batch_upload(second, "b.json", b"{}")
    rest.batch_status(second)
    found = rest.send("GET", rest.batches(), translationJobUid=job).data["items"]
    assert [each["hasError"] for each in found] == [True, False]
    assert [each["status"] for each in found] == ["EXECUTING", "COMPLETED"]
    assert rest.send("GET", rest.batches(), status="EXECUTING").data["totalCount"] == 1
    assert rest.send("GET", rest.batches(), limit=101).status == 400


def test_a_job_cancelled_meanwhile_fails_the_files_not_the_batch(rest: RestClient) -> None:
    """The batch still ends; its files say that they could not be attached."""
    job = rest.job("n")
    batch = rest.batch(job, ["a.json"], authorize=True)
    rest.batch_upload(batch, "a.json", HELLO)
    rest.send("POST", rest.jobs(f"/{job}/cancel"), body={})
    rest.batch_status(batch)
    shown = rest.batch_status(batch)
    assert (shown["status"], statuses(shown)) == ("COMPLETED", {"a.json": "ATTACH_FAILED"})


def test_a_job_is_reused_by_name_or_made(rest: RestClient) -> None:
    """A living job of the name is taken; a finished one of that name means a salted new one."""
    path = "/job-batches-api/v2/projects/{project}/jobs"
    first = rest.send("POST", path, body={"nameTemplate": "n", "targetLocaleIds": ["de-DE"]}).data
    again = rest.send("POST", path, body={"nameTemplate": "n"}).data
    assert again["translationJobUid"] == first["translationJobUid"]
    new = rest.send("POST", path, body={"nameTemplate": "n", "mode": "CREATE_NEW"}).data
    assert new["translationJobUid"] != first["translationJobUid"]
    assert new["jobName"].startswith("n ")
    assert rest.send("POST", path, body={"nameTemplate": " "}).error["key"] == "nameTemplate"
    unknown = rest.send("POST", path, body={"nameTemplate": "n {!!} {bb}"})
    assert unknown.error["key"] == "job.name.evaluation.failed"


def test_name_templates_follow_java() -> None:
    """Date patterns are evaluated; `QQQ` gives `Q1`, so that `Q{QQQ}` gives `QQ1`."""
    assert evaluate("Release {yyyy-MM-dd} Q{QQQ} {'of' yy}", MOMENT) == "Release 2026-02-03 QQ1 of 26"


@given(st.text(alphabet=st.characters(exclude_characters="{}")))
def test_names_without_braces_stay_as_they_are(name: str) -> None:
    """Only what stands between braces is a pattern."""
    assert evaluate(name, MOMENT) == name


@given(st.text())
def test_any_template_is_a_name_or_a_refusal(template: str) -> None:
    """Only letters in a pattern can be refused; nothing else makes the evaluation fail."""
    patterns = re.findall(r"\{([^{}]*)\}", template)
    if any(re.search(r"[A-Za-z]", each) for each in patterns):
        with suppress(Refusal):
            evaluate(template, MOMENT)
    else:
        assert isinstance(evaluate(template, MOMENT), str)
