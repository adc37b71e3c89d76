"""Translators' questions: shown where their strings stand, and answered."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from l10nsync.model import AskedString, Source
from l10nsync.plan.questions import find_places, read_sources
from tests.formats.samples import FILES, XCSTRINGS
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.runner import Runner
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


@dataclass
class Desk:
    """A translator's tool, over HTTP."""

    client: httpx.Client
    ident: str

    def send(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self.client.request(method, path, json=body).raise_for_status()
        data: dict[str, Any] = answer.json()["response"]["data"]
        return data

    def strings(self, uri: str) -> list[dict[str, Any]]:
        path = f"/strings-api/v2/projects/{self.ident}/source-strings?fileUri={uri}"
        rows: list[dict[str, Any]] = self.send("GET", path)["items"]
        return rows

    def ask(self, hashcode: str, question: str, kind: str = "SOURCE", locale: str = "de-DE") -> None:
        issue = {
            "issueText": question,
            "issueTypeCode": kind,
            "issueSubTypeCode": "CLARIFICATION" if kind == "SOURCE" else "POOR_TRANSLATION",
            "string": {"hashcode": hashcode, **({"localeId": locale} if locale else {})},
        }
        self.send("POST", f"/issues-api/v2/projects/{self.ident}/issues", issue)


@contextmanager
def translator(runner: Runner) -> Iterator[Desk]:
    """Give what a translator asks with."""
    with httpx.Client(base_url=runner.server.url) as client:
        desk = Desk(client, runner.ident)
        login = {"userIdentifier": "test-user", "userSecret": "test-secret"}
        token = desk.send("POST", "/auth-api/v2/authenticate", login)["accessToken"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield desk


def ask(
    runner: Runner, uri: str, text: str, question: str, kind: str = "SOURCE", locale: str = "de-DE"
) -> None:
    """Ask about a string of a file."""
    with translator(runner) as desk:
        (hashcode,) = [row["hashcode"] for row in desk.strings(uri) if row["parsedStringText"] == text]
        desk.ask(hashcode, question, kind, locale)


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


def test_a_text_that_was_changed_since_is_shown_beside_the_one_that_was_asked_about(
    asked: InProcess, repo: Repo
) -> None:
    """The answer may be in the commit already."""
    (before,) = listed(asked, repo)
    path, key, text = before["path"], before["key"], before["string"]
    source = json.loads(repo.read(path))
    repo.commit({path: json.dumps({**source, key: f"{text}  the file"})})

    (question,) = listed(asked, repo)

    assert (before["currentText"], question["currentText"]) == (None, f"{text}  the file")
    assert f"  string: {text}\n  changed since, now: {text}  the file\n" in asked.run(repo, "questions").out


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
    asked.control.fault("lie", operation="openOrCloseIssue", project=asked.ident)
    assert "does not show its state" in asked.run(repo, "questions", "close", number, code=2).err


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


SAMPLES = {**FILES, "xcstrings": XCSTRINGS}
_WORD = re.compile(r"\w+")
_NOT_TEXT = re.compile(r"<!\[CDATA\[")
BELOW = {"over two lines": "string", "a\nb": "multi"}
"""Texts that begin below the line of their entry, and the word that stands where that begins."""


def test_a_question_on_any_string_of_any_type_is_shown_at_its_line(in_process: InProcess, repo: Repo) -> None:
    """Where a place points to, the file goes on with the text that is asked about."""
    resources = [
        f"  - {{name: {name}, source: src/en/{name}.src, fileType: {name.removesuffix('2')},"
        f" target: 'src/{{locale}}/{name}.src', directives: {{source_key_paths: '*/{{*}}'}}}}"
        for name in SAMPLES
    ]
    head = "version: 1\nsourceLocale: en-US\nlocales: {de-DE: de}\nresources:\n"
    sources = {f"src/en/{name}.src": data for name, data in SAMPLES.items()}
    repo.commit({".l10n.yml": head + "\n".join(resources) + "\n", **sources})
    in_process.run(repo, "push", code=None)
    with translator(in_process) as desk:
        for path in sources:
            for row in desk.strings(path):
                desk.ask(row["hashcode"], row["parsedStringText"])

    found = listed(in_process, repo)

    assert {question["path"] for question in found} == sources.keys()
    wrong = [
        (place, question["text"])
        for question in found
        for place in question["places"]
        if not _begins(sources[place["path"]].decode(), place, question["text"])
    ]
    assert wrong == []
    changed = [place for question in found for place in question["places"] if place["currentText"]]
    assert changed == []


def _begins(source: str, place: dict[str, Any], text: str) -> bool:
    """Whether SOURCE goes on at PLACE with the first word of TEXT, whatever marks stand before it."""
    lines = source.split("\n")[place["line"] - 1 :] if place["line"] else [""]
    rest = _NOT_TEXT.sub("", "\n".join([lines[0][place["column"] - 1 :], *lines[1:]]))
    rest = rest.replace("\\u00e9", "é")
    word, there = _WORD.search(BELOW.get(text, text)), _WORD.search(rest)
    return word is None or (there is not None and there[0] == word[0])


@pytest.mark.parametrize(
    ("file_type", "data", "key", "text", "line"),
    [
        ("json", SOURCE, "open", "Open", 3),
        ("json", SOURCE, "", "Open", 3),
        ("yaml", "en:\n  menu:\n    open: Open\n", "", "Open", 3),
        ("android", '<resources>\n  <string name="open">Open</string>\n</resources>\n', "open", "Open", 2),
        ("ios", '"save" = "Save";\n"open" = "Open";\n', "open", "Open", 2),
        ("javaProperties", "save=Save\nopen=Open\n", "open", "Open", 2),
        ("gettext", 'msgid ""\nmsgstr ""\n\nmsgid "Open"\nmsgstr ""\n', "Open", "Open", 4),
        ("markdown", "# Save\n\nOpen\n", "", "Open", 3),
    ],
)
def test_the_place_of_a_string_is_found_in_every_type(
    file_type: str, data: str, key: str, text: str, line: int
) -> None:
    """By its key, else by its text."""
    source = Source("a", "web", "default", "A", "A", file_type, None, {}, (), ())

    documents = read_sources([source], {"a": data.encode()})
    (spot,) = find_places(AskedString(text, "", (("a", key),)), {"a": source}, documents)

    assert spot.line == line


def test_equal_texts_without_keys_are_all_named_and_a_gone_one_says_so() -> None:
    """Nobody can tell which of them is meant; what is gone has no line."""
    source = Source("a", "web", "default", "a", "a", "json", None, {}, (), ())
    twice = b'{"a": "Open",\n "b": "Open"}'
    string = AskedString("Open", "", (("a", ""),))

    def lines(data: bytes) -> list[int]:
        places = find_places(string, {"a": source}, read_sources([source], {"a": data}))
        return [spot.line for spot in places]

    assert lines(twice) == [1, 2]
    assert lines(b"{}") == [0]
    assert find_places(string, {}, {}) == ()


def test_questions_cost_a_request_a_hundred_and_one_for_five_hundred_strings(
    in_process: InProcess, repo: Repo
) -> None:
    """Where there is none, one in all."""
    texts = {f"k{number}": f"Text {number}" for number in range(501)}
    repo.commit({".l10n.yml": MANIFEST % {"authorize": "true"}, "src/en/a.json": json.dumps(texts)})
    in_process.run(repo, "push")

    def spent() -> Counter[str]:
        mark = in_process.mark()
        in_process.run(repo, "questions")
        return Counter(in_process.requests_since(mark))

    assert spent() == {"getProjectIssuesList": 1}
    with translator(in_process) as desk:
        rows = desk.strings("src/en/a.json") + desk.strings("src/en/a.json&offset=500")
        for row in rows:
            desk.ask(row["hashcode"], row["parsedStringText"])
    assert spent() == {"getProjectIssuesList": 6, "getAllSourceStringsByProjectPost": 2}


GATE = "gates:\n  release: {complete: 0, fresh: false, valid: false, questions: 0}\n"


def test_status_counts_what_waits_for_each_file_and_locale(asked: InProcess, repo: Repo) -> None:
    """A question about the source concerns every locale, one about a translation its own."""
    ask(asked, "src/en/a.json", "Save", "Too long", kind="TRANSLATION", locale="fr-FR")
    data = json.loads(asked.run(repo, "status", "--format", "json").out)
    page = repo.root / "report.html"
    text = asked.run(repo, "status", "--html", str(page)).out

    (file,) = data["files"]
    assert (data["questions"], file["questions"]) == (2, 2)
    assert {locale: cell["questions"] for locale, cell in file["locales"].items()} == {"de-DE": 1, "fr-FR": 2}
    assert "2 questions of translators wait for an answer" in text
    shown = page.read_text("utf-8")
    assert "src/en/a.json:3" in shown
    assert "Verb or adjective?" in shown

    for question in listed(asked, repo):
        asked.run(repo, "questions", "answer", question["number"], "A verb.")
    assert json.loads(asked.run(repo, "status", "--format", "json").out)["questions"] == 0


def test_a_gate_counts_questions_about_the_source(asked: InProcess, repo: Repo) -> None:
    """It names each with its place, and opens when they are answered."""
    ask(asked, "src/en/a.json", "Save", "Too long", kind="TRANSLATION", locale="fr-FR")
    repo.commit({".l10n.yml": repo.read(".l10n.yml").decode() + GATE})
    mark = asked.mark()

    closed = asked.run(repo, "verify", code=6)

    assert closed.out.startswith("gate release: not passed: 1 question not answered")
    assert "src/en/a.json:3" in closed.out
    assert Counter(asked.requests_since(mark))["getProjectIssuesList"] == 1
    number = next(question["number"] for question in listed(asked, repo) if question["type"] == "SOURCE")
    asked.run(repo, "questions", "answer", number, "A verb.")
    assert "passed" in asked.run(repo, "verify").out


def test_check_says_where_nobody_can_ask(in_process: InProcess, repo: Repo) -> None:
    """A gate that counts questions of SmartMATE lets everything through."""
    manifest = MANIFEST % {"authorize": "true"}
    repo.commit({".l10n.yml": f"{manifest}{GATE}provider: smartmate\n", "src/en/a.json": SOURCE})

    assert (
        "gate 'release' counts `questions`, and smartmate has no questions"
        in in_process.run(repo, "check").err
    )
