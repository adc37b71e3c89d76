"""Faults on request: each one over a real socket."""

from __future__ import annotations

import gzip
import http.client
import json
import threading
import zlib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from l10nsync.sandbox import commands
from l10nsync.sandbox.faults import STOPPED, Faults, rule_from
from l10nsync.sandbox.testing import ControlError, SandboxServer, wait_for
from tests.sandbox_fixtures import RestClient

HELLO = b'{"greeting": "Hello world"}'
DOWNLOAD = "downloadTranslatedFileSingleLocale"


def broken(rest: RestClient, operation: str, **rule: Any) -> None:
    """Break one operation of this test's project."""
    rest.control.fault(operation=operation, project=rest.project, **rule)


def test_a_status_is_answered_without_doing_anything(rest: RestClient) -> None:
    """Five times 429, then as usual; nothing was carried out meanwhile."""
    broken(
        rest, "uploadSourceFile", action="status", status=429, code="MAX_OPERATIONS_LIMIT_EXCEEDED", count=5
    )
    statuses = [rest.upload("a.json", HELLO).status for _ in range(6)]
    assert statuses == [429] * 5 + [200]
    assert rest.upload("a.json", HELLO).data["overWritten"] is True


def test_a_rule_can_wait_for_the_nth_match(rest: RestClient) -> None:
    """Only the third match is hit; other operations and projects do not count."""
    rest.upload("a.json", HELLO)
    broken(rest, DOWNLOAD, action="status", status=500, nth=3)
    rest.status("a.json")
    assert [rest.translation("a.json", "de-DE").status for _ in range(4)] == [200, 200, 500, 200]


def test_an_html_page_comes_with_any_status(rest: RestClient) -> None:
    """A sign-in page with 200 in the place of a file."""
    rest.upload("a.json", HELLO)
    broken(rest, DOWNLOAD, action="html")
    answer = rest.translation("a.json", "de-DE")
    assert (answer.status, answer.header("Content-Type")) == (200, "text/html; charset=utf-8")
    assert b"<title>Sign in</title>" in answer.body


@pytest.mark.parametrize("action", ["close_before", "drop_after"])
def test_a_connection_is_cut_before_or_after_the_deed(rest: RestClient, action: str) -> None:
    """No answer either way; only after `drop_after` the file is there."""
    broken(rest, "uploadSourceFile", action=action)
    with pytest.raises((http.client.HTTPException, OSError)):
        rest.upload("a.json", HELLO)
    assert rest.status("a.json").status == {"close_before": 400, "drop_after": 200}[action]


@pytest.mark.parametrize("action", ["close_middle", "wrong_length"])
def test_a_body_that_is_too_short_is_noticed(rest: RestClient, action: str) -> None:
    """The declared length and what comes do not fit."""
    rest.upload("a.json", HELLO)
    broken(rest, DOWNLOAD, action=action)
    with pytest.raises(http.client.IncompleteRead):
        rest.translation("a.json", "de-DE")
    assert rest.translation("a.json", "de-DE").status == 200


def test_half_a_gzip_stream(rest: RestClient) -> None:
    """Framing is right, the stream is not."""
    rest.upload("a.json", HELLO)
    broken(rest, DOWNLOAD, action="truncate_gzip")
    answer = rest.translation("a.json", "de-DE")
    assert answer.header("Content-Encoding") == "gzip"
    with pytest.raises((EOFError, zlib.error)):
        gzip.decompress(answer.body)


def test_an_empty_body_where_a_file_is_expected(rest: RestClient) -> None:
    """200 and nothing in it."""
    rest.upload("a.json", HELLO)
    broken(rest, DOWNLOAD, action="empty")
    answer = rest.translation("a.json", "de-DE")
    assert (answer.status, answer.body) == (200, b"")


def test_the_source_in_the_place_of_a_translation(rest: RestClient) -> None:
    """The bytes of the source, whatever is translated."""
    rest.upload("a.json", HELLO)
    rest.control.translate(rest.project, {"de-DE": 100})
    broken(rest, DOWNLOAD, action="source_text")
    assert rest.translation("a.json", "de-DE").body == HELLO
    assert rest.translation("a.json", "de-DE").body != HELLO


def test_a_lie_answers_success_and_does_nothing(rest: RestClient) -> None:
    """The answer looks right; the file is not there."""
    broken(rest, "uploadSourceFile", action="lie")
    assert rest.upload("a.json", HELLO).data["stringCount"] == 1
    assert rest.status("a.json").status == 400


@pytest.mark.parametrize(("action", "there"), [("hold", True), ("hold_before", False)])
def test_a_held_request_waits_for_its_release(rest: RestClient, action: str, there: bool) -> None:
    """`hold` has done what was asked when it is held, `hold_before` has not."""
    broken(rest, "uploadSourceFile", action=action)
    answers: list[int] = []
    client = RestClient(rest.url, rest.project, rest.control, rest.authenticate())
    thread = threading.Thread(target=lambda: answers.append(client.upload("a.json", HELLO).status))
    thread.start()
    held = wait_for(lambda: [each for each in rest.control.held() if rest.project in each["path"]])
    assert held[0]["operation"] == "uploadSourceFile"
    assert (rest.status("a.json").status == 200) is there
    assert answers == []
    assert rest.control.release() == 1
    thread.join(10)
    assert answers == [200]


def test_a_kept_alive_connection_is_closed_after_its_answer(rest: RestClient) -> None:
    """The answer is whole; the next request on that connection fails."""
    broken(rest, "getProjectDetails", action="close_after")
    connection = http.client.HTTPConnection(rest.url.removeprefix("http://"), timeout=10)
    headers = {"Authorization": f"Bearer {rest.authenticate()}"}
    connection.request("GET", f"/projects-api/v2/projects/{rest.project}", headers=headers)
    assert json.loads(connection.getresponse().read())["response"]["code"] == "SUCCESS"
    assert connection.sock is not None
    assert connection.sock.recv(1) == b""
    connection.close()


def test_a_body_and_headers_can_be_given(rest: RestClient) -> None:
    """For answers that no rule would make: redirects, other envelopes."""
    broken(
        rest,
        "getProjectDetails",
        action="status",
        status=307,
        body="",
        headers={"Location": "http://example.com/"},
    )
    answer = rest.send("GET", "/projects-api/v2/projects/{project}")
    assert (answer.status, answer.header("Location")) == (307, "http://example.com/")


@pytest.mark.parametrize(
    ("status", "code", "key"),
    [
        (401, "AUTHENTICATION_ERROR", "invalid_token"),
        (423, "RESOURCE_LOCKED", "resource.locked"),
        (429, "MAX_OPERATIONS_LIMIT_EXCEEDED", "too.many.requests"),
        (500, "GENERAL_ERROR", "general_error"),
        (503, "MAINTENANCE_MODE_ERROR", "maintenance"),
    ],
)
def test_a_status_comes_with_what_the_service_says(
    rest: RestClient, status: int, code: str, key: str
) -> None:
    """Code, key and message fit the status unless the rule names others."""
    broken(rest, "getProjectDetails", action="status", status=status, message="Mine")
    answer = rest.send("GET", "/projects-api/v2/projects/{project}")
    assert (answer.status, answer.json["response"]["code"]) == (status, code)
    assert (answer.error["key"], answer.error["message"]) == (key, "Mine")


def test_a_body_can_be_in_another_charset_than_it_says(rest: RestClient) -> None:
    """The header says UTF-8, the bytes are not."""
    rest.upload("a.json", '{"greeting": "Grüße"}'.encode())
    broken(rest, DOWNLOAD, action="wrong_charset")
    answer = rest.translation("a.json", "de-DE")
    assert answer.header("Content-Type") == "application/json;charset=UTF-8"
    assert "Grüße" in answer.body.decode("iso-8859-1")
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")


def test_a_request_can_ask_for_its_own_fault(rest: RestClient) -> None:
    """By a header; nobody else is hit, and a mistake in it is told."""
    path = "/projects-api/v2/projects/{project}"
    asked = rest.send("GET", path, headers={"X-Sandbox-Fault": "status; status=429; message=Slow down"})
    assert (asked.status, asked.error["message"]) == (429, "Slow down")
    assert rest.send("GET", path).status == 200
    for wrong in ("none", "status; status", "status; status=x", "delay; seconds=true", "html; colour=red"):
        answer = rest.send("GET", path, headers={"X-Sandbox-Fault": wrong})
        assert (answer.status, answer.error["key"]) == (400, "X-Sandbox-Fault")


@pytest.mark.parametrize(("action", "there"), [("stop", True), ("stop_before", False)])
def test_the_whole_server_can_go_away_after_a_request(tmp_path: Path, action: str, there: bool) -> None:
    """At exactly the k-th request; what it asked for was done, or not, and outlives the server."""
    state = ("--state", str(tmp_path / "state.db"))
    with SandboxServer(*state) as server:
        client = RestClient(server.url, "sandbox00", server.control)
        client.authenticate()
        server.control.fault(action, nth=2)
        assert client.upload("a.json", HELLO).status == 200
        with pytest.raises((http.client.HTTPException, OSError)):
            client.upload("b.json", HELLO)
        assert server.process.wait(10) == STOPPED
    with SandboxServer(*state) as server:
        assert ("b.json" in server.control.view("sandbox00")["files"]) is there


def test_rules_in_a_file_are_in_force_from_the_start(tmp_path: Path) -> None:
    """And again after a reset; requests and answers are recorded beside."""
    rules, record = tmp_path / "faults.yml", tmp_path / "record.jsonl"
    rules.write_text("- {action: status, status: 503, operation: getProjectDetails}\n", encoding="utf-8")
    with SandboxServer("--faults", str(rules), "--record", str(record)) as server:
        client = RestClient(server.url, "sandbox00", server.control)
        path = "/projects-api/v2/projects/{project}"
        assert [client.send("GET", path).status for _ in range(2)] == [503, 200]
        server.control.reset()
        assert client.send("GET", path).status == 503
    lines = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    told = [(each["operation"], each["status"], each["fault"]) for each in lines[1:]]
    assert told == [
        ("getProjectDetails", 503, "status"),
        ("getProjectDetails", 200, ""),
        ("getProjectDetails", 503, "status"),
    ]
    assert lines[2]["answer"]["response"]["data"]["projectId"] == "sandbox00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rules:\n- action: html\n- action: statsu\n", "faults.yml:3:3: unknown action 'statsu'"),
        ("- action: html\n  nth: two\n", "faults.yml:1:3: nth must be a int"),
        ("- {action: html, operation: getProjectDetail}", "do you mean getProjectDetails?"),
        ("- {action: html, where: x}", "unknown fields ['where']"),
        ("- html", "a rule is a mapping with an action"),
        ("action: html", "a list of rules is expected"),
        ("- {action: html", "faults.yml:1:"),
    ],
)
def test_mistakes_in_a_file_are_told_with_their_place(tmp_path: Path, text: str, expected: str) -> None:
    """A usage error of the command, before anything runs."""
    path = tmp_path / "faults.yml"
    path.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(commands.sandbox, ["run", "--faults", str(path), "--", "true"])
    assert result.exit_code == 2
    assert expected in " ".join(result.output.split())
    assert (result.output.rstrip().endswith("^")) is ("list of rules" not in expected)


def test_the_first_rule_decides_and_all_rules_count() -> None:
    """A second rule sees every match but hits only what the first leaves."""
    faults = Faults([rule_from({"action": "empty"}), rule_from({"action": "html", "nth": 2})])
    taken = [faults.take("op", "/p", "") for _ in range(3)]
    assert [each.action if each else "" for each in taken] == ["empty", "html", ""]


@pytest.mark.parametrize("rule", [{"action": "none"}, {"action": "html", "typo": 1}, {"nth": 1}])
def test_rules_with_mistakes_are_refused(rest: RestClient, rule: dict[str, Any]) -> None:
    """A fault that never happens would make a test pass for nothing."""
    with pytest.raises(ControlError, match="unknown"):
        rest.control.send("POST", "faults", rule)
