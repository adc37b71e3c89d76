"""Strings without a file: the Strings API."""

from __future__ import annotations

import re
from typing import Any

import pytest

from l10nsync.sandbox.groups.strings.new_strings import parsed, placeholders
from l10nsync.sandbox.testing import wait_for
from tests.sandbox.test_callbacks import Listener, listener
from tests.sandbox_fixtures import RestClient

__all__ = ["listener"]
STRINGS = "/strings-api/v2/projects/{project}"


def add(rest: RestClient, *texts: str, **more: Any) -> Any:
    """Add strings and return the answer's data."""
    return rest.send("POST", STRINGS, body={"strings": [{"stringText": each} for each in texts], **more}).data


def test_strings_come_without_a_file(rest: RestClient) -> None:
    """They have hashcodes, no keys, and a virtual file that holds no bytes."""
    made = add(rest, "Hello world", "Good bye")
    assert (made["stringCount"], made["wordCount"]) == (2, 4)
    assert [each["overWritten"] for each in made["items"]] == ["false", "false"]
    assert [each["overWritten"] for each in add(rest, "Hello world")["items"]] == ["true"]
    source = rest.send("GET", f"{STRINGS}/source-strings", fileUri="/strings").data["items"]
    assert [each["stringText"] for each in source] == ["Hello world", "Good bye"]
    assert source[0]["keys"] == [{"fileUri": "/Strings", "key": None}]
    listed = rest.send("GET", rest.files("/files/list")).data["items"]
    assert [(each["fileUri"], each["fileType"]) for each in listed] == [("/Strings", "none")]
    assert rest.translation("/Strings", "de-DE").status == 400
    assert rest.upload("/Strings", b"{}", "none").status == 400


def test_placeholders_do_not_make_strings_different(rest: RestClient) -> None:
    """Custom ones are regular expressions; what is left tells strings apart, with namespace and variant."""
    made = add(rest, "Results for [city]:", placeholderFormatCustom=r"\[\w+\]")["items"][0]
    assert (made["parsedStringText"], made["stringText"]) == ("Results for {0}:", "Results for [city]:")
    assert (
        add(rest, "Results for [town]:", placeholderFormatCustom=r"\[\w+\]")["items"][0]["overWritten"]
        == "true"
    )
    other = add(rest, "Results for [city]:", placeholderFormatCustom=r"\[\w+\]", namespace=None)["items"][0]
    assert other["hashcode"] != made["hashcode"]
    assert (
        rest.send(
            "POST", STRINGS, body={"strings": [{"stringText": "a"}], "placeholderFormatCustom": "("}
        ).status
        == 400
    )


@pytest.mark.parametrize(
    "body",
    [
        {"strings": []},
        {"strings": [{"stringText": "a"}] * 101},
        {"strings": [{"stringText": "a" * 10_001}]},
        {"strings": [{"stringText": "a", "format": "pdf"}]},
        {"strings": [{"stringText": "a"}], "placeholderFormat": "COBOL"},
        {
            "strings": [{"stringText": "a"}],
            "authorization": {"localeWorkflows": [{"targetLocaleId": "de-DE"}]},
        },
    ],
)
def test_limits_hold(rest: RestClient, body: dict[str, Any]) -> None:
    """A hundred strings of ten thousand characters; locales with workflows."""
    assert rest.send("POST", STRINGS, body=body).status == 400


def test_strings_are_authorized_with_or_without_a_job(rest: RestClient) -> None:
    """In a job they begin its work; without one they are translated all the same."""
    flow = [{"targetLocaleId": "de-DE", "workflowUid": "sandboxflow1"}]
    job = rest.job("n")
    add(rest, "Hello world", authorization={"localeWorkflows": flow, "translationJobUid": job})
    assert rest.send("GET", rest.jobs(f"/{job}")).data["jobStatus"] == "IN_PROGRESS"
    code = add(rest, "Good bye", authorization={"localeWorkflows": flow})["items"][0]["hashcode"]
    assert rest.control.translate(rest.project, {"de-DE": 100}, authorize=False) == 2
    query: dict[str, Any] = {"hashcodes": code, "targetLocaleId": "de-DE"}
    (found,) = rest.send("GET", f"{STRINGS}/translations", **query).data["items"]
    assert found["stringText"] == "Good bye"
    assert found["translations"][0]["translation"] not in {"", "Good bye"}


def test_the_service_may_take_its_time(rest: RestClient) -> None:
    """202 without strings, then a process to look at."""
    rest.control.policies(rest.project, strings={"looks": 2})
    answer = rest.send("POST", STRINGS, body={"strings": [{"stringText": "Hello"}]})
    assert (answer.status, answer.data.get("items")) == (202, None)
    process = f"{STRINGS}/processes/{answer.data['processUid']}"
    states = [rest.send("GET", process).data for _ in range(2)]
    assert [each["processState"] for each in states] == ["OPEN", "CLOSED"]
    assert states[1]["processStatistics"]["processed"] == 1
    assert rest.send("GET", f"{STRINGS}/processes/none").status == 404


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_string_calls_back_when_it_is_published(rest: RestClient, listener: Listener, method: str) -> None:
    """With its translations if asked to by POST."""
    string = {"stringText": "Hello", "callbackUrl": listener.url, "callbackMethod": method}
    code = rest.send("POST", STRINGS, body={"strings": [string]}).data["items"][0]["hashcode"]
    rest.control.translate(rest.project, {"de-DE": 100})
    wait_for(lambda: listener.got)
    ((how, path, body, _headers),) = listener.got
    assert how == method
    told = body.decode() if method == "POST" else path
    assert code in told
    assert "string.localeCompleted" in told
    assert ("translation" in body.decode()) is (method == "POST")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("C", "%1$s of %d", "{0} of {1}"),
        ("PYTHON", "%(name)s and %(name)s", "{0} and {0}"),
        ("JAVA", "{0,number} {1}", "{0} {1}"),
        ("YAML", "%{count} items", "{0} items"),
        ("NONE", "%d", "%d"),
    ],
)
def test_known_placeholders_are_numbered(name: str, text: str, expected: str) -> None:
    """Each flavour has its own; the same one twice has one number."""
    assert parsed(text, placeholders({"placeholderFormat": name})) == expected
    assert parsed("ab", re.compile("x*")) == "ab"
