"""Translators' questions: shown where their strings stand, and answered."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from l10nsync.model import AskedString, Source
from l10nsync.plan.questions import find_places
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.test_push_pull import MANIFEST

SOURCE = '{\n  "save": "Save",\n  "open": "Open"\n}\n'
SCHEMA = json.loads((Path(__file__).parent.parent / "schemas" / "questions.schema.json").read_text("utf-8"))


@pytest.fixture
def asked(in_process: InProcess, repo: Repo) -> InProcess:
    """Give a project in which a translator has asked about the string `Open`."""
    repo.commit({".l10n.yml": MANIFEST % {"authorize": "true"}, "src/en/a.json": SOURCE})
    in_process.run(repo, "push")
    ask(in_process, "src/en/a.json", "Open", "Verb or adjective?\n::error::stop")
    return in_process


def ask(runner: InProcess, uri: str, text: str, question: str) -> None:
    """Ask about a string of a file, over HTTP as a translator's tool does."""
    login = {"userIdentifier": "test-user", "userSecret": "test-secret"}
    with httpx.Client(base_url=runner.server.url) as client:

        def send(method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
            answer = client.request(method, path, json=body).raise_for_status()
            data: dict[str, Any] = answer.json()["response"]["data"]
            return data

        token = send("POST", "/auth-api/v2/authenticate", login)["accessToken"]
        client.headers["Authorization"] = f"Bearer {token}"
        place = f"/strings-api/v2/projects/{runner.ident}/source-strings?fileUri={uri}"
        rows = send("GET", place)["items"]
        (hashcode,) = [row["hashcode"] for row in rows if row["parsedStringText"] == text]
        issue = {
            "issueText": question,
            "issueTypeCode": "SOURCE",
            "issueSubTypeCode": "CLARIFICATION",
            "string": {"hashcode": hashcode, "localeId": "de-DE"},
        }
        send("POST", f"/issues-api/v2/projects/{runner.ident}/issues", issue)


def listed(runner: InProcess, repo: Repo, *options: str) -> list[dict[str, Any]]:
    data = json.loads(runner.run(repo, "questions", "list", "--format", "json", *options).out)
    jsonschema.validate(data, SCHEMA)
    found: list[dict[str, Any]] = data["questions"]
    return found


def test_a_question_is_shown_at_its_line(asked: InProcess, repo: Repo) -> None:
    """In every form, with one request for the questions and one for their strings."""
    mark = asked.mark()
    (question,) = listed(asked, repo)
    assert (question["path"], question["line"], question["column"]) == ("src/en/a.json", 3, 12)
    assert (question["key"], question["state"], question["type"]) == ("open", "open", "SOURCE")
    assert Counter(asked.requests_since(mark)).total() == 2

    text = asked.run(repo, "questions").out
    assert "src/en/a.json:3:12 (open)" in text
    (line,) = asked.run(repo, "questions", "list", "--format", "github").out.splitlines()
    assert line.startswith("::notice file=src/en/a.json,line=3,col=12,")
    log = json.loads(asked.run(repo, "questions", "list", "--format", "sarif").out)
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 3, "startColumn": 12}


def test_a_question_is_answered_closed_and_reopened(asked: InProcess, repo: Repo) -> None:
    """Each time the service's own state is shown afterwards."""
    (question,) = listed(asked, repo)
    number = question["number"]

    answered = asked.run(repo, "questions", "answer", number, "A verb.").out
    assert "answered" in answered
    assert "comment: A verb." in answered
    assert "closed" in asked.run(repo, "questions", "close", number).out
    assert listed(asked, repo) == []
    assert len(listed(asked, repo, "--state", "closed")) == 1
    asked.run(repo, "questions", "reopen", number)
    assert [one["comments"][0]["text"] for one in listed(asked, repo)] == ["A verb."]
    asked.run(repo, "questions", "show", "999999", code=2)


def test_questions_are_chosen_by_path_locale_and_age(asked: InProcess, repo: Repo) -> None:
    """What is not meant is left out."""
    for options, number in (
        (("src/en",), 1),
        (("src/en/*.json",), 1),
        (("src/de",), 0),
        (("-l", "fr-FR"), 0),
        (("-l", "de-DE"), 1),
        (("--since", "2999-01-01"), 0),
    ):
        assert len(listed(asked, repo, *options)) == number, options


@pytest.mark.parametrize(
    ("file_type", "data", "key", "text", "line"),
    [
        ("json", SOURCE, "open", "Open", 3),
        ("json", SOURCE, "", "Open", 3),
        ("yaml", "en:\n  menu:\n    open: Open\n", "", "Open", 3),
        ("android", '<resources>\n  <string name="open">Open</string>\n</resources>\n', "open", "Open", 2),
        ("ios", '"save" = "Save";\n"open" = "Open";\n', "open", "Open", 2),
        ("javaProperties", "save=Save\nopen=Open\n", "open", "Open", 2),
        ("gettext", 'msgid ""\nmsgstr ""\n\nmsgid "Open"\nmsgstr ""\n', "Open", "Open", 5),
        ("markdown", "# Save\n\nOpen\n", "", "Open", 3),
    ],
)
def test_the_place_of_a_string_is_found_in_every_type(
    file_type: str, data: str, key: str, text: str, line: int
) -> None:
    """By its key, else by its text."""
    source = Source("a", "web", "default", "A", "A", file_type, None, {}, (), ())

    (spot,) = find_places(AskedString(text, "", (("a", key),)), {"a": source}, {"a": data.encode()})

    assert spot.line == line


def test_equal_texts_without_keys_are_all_named_and_a_gone_one_says_so() -> None:
    """Nobody can tell which of them is meant; what is gone has no line."""
    source = Source("a", "web", "default", "a", "a", "json", None, {}, (), ())
    twice = b'{"a": "Open",\n "b": "Open"}'
    string = AskedString("Open", "", (("a", ""),))

    assert [spot.line for spot in find_places(string, {"a": source}, {"a": twice})] == [1, 2]
    assert [spot.line for spot in find_places(string, {"a": source}, {"a": b"{}"})] == [0]
    assert find_places(string, {}, {}) == ()
