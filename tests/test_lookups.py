"""What the service holds of a repository, looked up: files, strings, and what a job says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from tests.in_process import InProcess
from tests.repositories import Repo
from tests.test_push_pull import MANIFEST

SCHEMAS = Path(__file__).parents[1] / "schemas"
SOURCE = '{\n  "nav": {"save": "Save changes"},\n  "cart": {"empty": "Nothing here"}\n}\n'


@pytest.fixture
def sent(in_process: InProcess, repo: Repo) -> InProcess:
    """Give a project that holds one file, which is translated into German and not into French."""
    repo.commit({".l10n.yml": MANIFEST % {"authorize": "true"}, "src/en/a.json": SOURCE})
    in_process.run(repo, "push")
    in_process.translate({"de-DE": 100})
    return in_process


def data(runner: InProcess, repo: Repo, schema: str, *argv: str) -> Any:
    found = json.loads(runner.run(repo, *argv, "--format", "json").out)
    Draft7Validator(json.loads((SCHEMAS / schema).read_text("utf-8"))).validate(found)
    return found


def test_files_are_listed_with_their_state(sent: InProcess, repo: Repo) -> None:
    """What changed since is stale, what was never sent is counted, what has no source is left over."""
    (row,) = data(sent, repo, "files.schema.json", "files", "list")["files"]
    assert (row["fileUri"], row["state"]) == ("src/en/a.json", "current")
    assert {part["locale"]: part["published"] for part in row["locales"]} == {"de-DE": 100, "fr-FR": 0}

    repo.commit({"src/en/a.json": SOURCE.replace("Nothing", "No thing"), "src/en/b.json": SOURCE})
    text = sent.run(repo, "files", "list").out
    assert "src/en/a.json  stale" in text
    assert text.endswith("1 source is not uploaded.\n")

    repo.git("rm", "--quiet", "src/en/a.json")
    repo.commit()
    found = data(sent, repo, "files.schema.json", "files", "list")
    assert [row["state"] for row in found["files"]] == ["left over"]
    assert found["notUploaded"] == ["src/en/b.json"]


def test_the_bytes_of_one_file_are_given(sent: InProcess, repo: Repo, tmp_path: Path) -> None:
    """A translation by its own path or by its source and a locale, and the source itself."""
    original = sent.process(repo, "files", "get", "src/en/a.json", "--original").out
    assert original == SOURCE
    by_target = sent.process(repo, "files", "get", "src/de/a.json").out
    assert json.loads(by_target)["nav"]["save"].endswith("(de-DE)")
    assert sent.run(repo, "files", "get", "src/en/a.json", "-l", "de", "--out", str(tmp_path / "x")).out == ""
    assert (tmp_path / "x").read_text("utf-8") == by_target
    found = json.loads(sent.run(repo, "files", "get", "src/de/a.json", "--format", "json").out)
    assert (found["locale"], found["encoding"], found["content"]) == ("de-DE", "utf-8", by_target)


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("src/en/a.json",), "has 2 translations"),
        (("src/en",), "matches 2 sources"),
        (("README",), "names no source"),
        (("src/en/b.json", "--original"), "the TMS has no file src/en/b.json"),
        (("src/de/b.json",), "the TMS has no file src/en/b.json"),
    ],
)
def test_a_file_that_is_not_one_is_refused(
    sent: InProcess, repo: Repo, argv: tuple[str, ...], message: str
) -> None:
    """The message says what is wrong with the path."""
    repo.commit({"src/en/b.json": SOURCE})
    assert message in sent.run(repo, "files", "get", *argv, code=2).err


def test_a_string_is_found_by_text_and_by_key(sent: InProcess, repo: Repo) -> None:
    """With its place, and state and job in each locale; keys also where the service knows none."""
    for argv in (("save CH",), ("--key", "nav.save"), ("--key", "nav/*"), ("changes", "--key", "*save")):
        found = data(sent, repo, "strings.schema.json", "strings", "find", *argv)
        (string,) = found["strings"]
        assert (string["path"], string["key"], string["text"]) == (
            "src/en/a.json",
            "nav/save",
            "Save changes",
        )
        assert string["places"] == [{"line": 2, "column": 20, "key": "nav/save"}]
        states = {part["locale"]: part["state"] for part in string["locales"]}
        assert states == {"de-DE": "published", "fr-FR": "in translation"}
        assert {part["job"] for part in string["locales"]} == {f"{repo.root.name} main"}
    assert sent.run(repo, "strings", "find", "nowhere").out == "No strings.\n"
    assert "2 strings, the first 1 are shown" in sent.run(repo, "strings", "find", "h", "--most", "1").out
    sent.run(repo, "strings", "find", code=2)


def test_a_string_that_waits_is_named_with_its_job(in_process: InProcess, repo: Repo) -> None:
    """Nobody has authorized it."""
    repo.commit({".l10n.yml": MANIFEST % {"authorize": "false"}, "src/en/a.json": SOURCE})
    in_process.run(repo, "push")
    out = in_process.run(repo, "strings", "find", "save", "-l", "de-DE").out
    assert f'de-DE  not asked for · job "{repo.root.name} main"' in out
    assert "fr-FR" not in out


def test_looking_up_takes_few_requests_and_changes_nothing(sent: InProcess, repo: Repo) -> None:
    """One list, one for the file, two for the locale, and the jobs."""
    before = sent.control.view(sent.ident)
    mark = sent.mark()
    sent.run(repo, "strings", "find", "save", "-l", "de-DE")
    assert sorted(sent.requests_since(mark)) == sorted(
        ["getRecentlyUploadedSourceFilesList", "getAllSourceStringsByProject"]
        + ["getAllTranslationsByProjectPost"] * 2
        + ["searchForJob", "getStringsForTranslationJob"]
    )
    assert sent.control.view(sent.ident) == before


FAULTS = [{"action": "status", "status": 429}, {"action": "close_middle"}, {"action": "close_before"}]


@pytest.mark.parametrize("fault", FAULTS, ids=["busy", "cut", "closed"])
def test_a_look_up_survives_what_passes(sent: InProcess, repo: Repo, fault: dict[str, Any]) -> None:
    """An answer that is cut and a service that is busy are asked again."""
    sent.control.fault(**fault, project=sent.ident, operation="*Strings", count=1)
    assert "published" in sent.run(repo, "strings", "find", "save").out


def test_the_files_of_a_job_are_listed(sent: InProcess, repo: Repo) -> None:
    """With the locales that it holds them for."""
    out = sent.run(repo, "job", "files", f"{repo.root.name} main").out
    assert "src/en/a.json  de-DE fr-FR" in out
    (job,) = data(sent, repo, "jobs.schema.json", "job", "files", f"{repo.root.name} main")["jobs"]
    assert job["files"] == [{"fileUri": "src/en/a.json", "locales": ["de-DE", "fr-FR"]}]


def test_a_job_says_what_the_manifest_leaves_open(in_process: InProcess, repo: Repo) -> None:
    """All else of it stays; what the manifest sets is changed there."""
    manifest = (MANIFEST % {"authorize": "false"}).replace("{authorize", "{description: Texts, authorize")
    repo.commit({".l10n.yml": manifest, "src/en/a.json": SOURCE})
    in_process.run(repo, "push")
    done = in_process.run(
        repo, "job", "update", "--due-date", "2030-01-02", "--custom-field", "fielduid1=web"
    )
    assert done.out.startswith("Changed 1 open job.")
    (job,) = in_process.control.view(in_process.ident)["jobs"]
    assert job["fields"]["description"] == "Texts"
    assert job["fields"]["dueDate"] == "2030-01-02T00:00:00Z"
    assert job["fields"]["customFields"] == [{"fieldUid": "fielduid1", "fieldValue": "web"}]

    refused = in_process.run(repo, "job", "update", "--description", "Other", code=2)
    assert "the manifest sets description" in refused.err
    in_process.run(repo, "job", "update", code=2)
    in_process.run(repo, "job", "update", "--custom-field", "fielduid1", code=2)
    assert in_process.run(repo, "push").out.startswith("No changes")
