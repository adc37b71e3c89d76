"""`l10nsync status`, end to end: the real command line, real git, the real sandbox over HTTP."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.manifests import small_manifest
from tests.repositories import Repo
from tests.runner import Runner
from tests.sandbox_fixtures import RestClient
from tests.test_render_status import validator

MANIFEST = (
    small_manifest("src", "job: {authorize: true}", name="web")
    + """\
  - name: docs
    source: docs/*.md
    target: docs/{locale}/*.md
    locales: {only: [de-DE]}
    optional: true
"""
)
STATUS, LIST, PUBLISHED, PROJECT, ORIGINAL, JOBS, JOB_FILES, PROGRESS, QUESTIONS = (
    "getFileTranslationStatusAllLocales",
    "getRecentlyUploadedSourceFilesList",
    "getRecentlyPublishedFilesList",
    "getProjectDetails",
    "downloadSourceFile",
    "getJobsByProject",
    "getJobFilesList",
    "getJobProgress",
    "getProjectIssuesList",
)
ALWAYS = {PROJECT: 1, LIST: 1, PUBLISHED: 1, JOBS: 1, QUESTIONS: 1}
"""What a status of up to 100 files with up to 50 open jobs costs before any file is asked about."""


def files(number: int) -> dict[str, str]:
    """Return a repository with NUMBER sources of four strings each."""
    texts = {
        f"src/en/f{at}.json": json.dumps({f"key{each}": f"Text {each} of file {at}" for each in range(4)})
        for at in range(number)
    }
    return {".l10n.yml": MANIFEST, **texts}


def rows(out: str) -> dict[str, list[str]]:
    """Return the columns of each line of a table by the first one."""
    return {words[0]: words[1:] for line in out.splitlines() if (words := line.split())}


def test_a_status_follows_the_work(repo: Repo, runner: Runner) -> None:
    """Not uploaded, in translation, partly published, stale, orphaned, complete: each is told."""
    repo.commit({**files(2), "docs/guide.md": "# Guide\n\nSome words to translate.\n"})
    before = runner.run(repo, "status")
    assert before.out.splitlines()[0] == (
        "Status: 0 % published, 85 words left in de-DE, fr-FR; 3 not uploaded (3 files, 2 locales)."
    )
    assert rows(before.out)["src/en/f0.json"] == ["4", "20", "–", "–", "not", "uploaded"]

    runner.run(repo, "push")
    runner.translate({"de-DE": 100, "fr-FR": 50})
    half = runner.run(repo, "status", "--fail-if-incomplete", code=6)
    assert half.out.startswith("Status: 76 % published, 20 words left in fr-FR (3 files")
    assert rows(half.out)["src/en/f1.json"] == ["4", "20", "100", "50"]
    assert rows(half.out)["docs/guide.md"] == ["2", "5", "100"]

    runner.translate()
    done = runner.run(repo, "status", "--fail-if-incomplete")
    assert done.out.startswith("Status: complete (3 files, 2 locales).")

    repo.git("rm", "--quiet", "src/en/f1.json")
    repo.commit({"src/en/f0.json": '{"key0": "Something else entirely"}'})
    stale = runner.run(repo, "status", "--fail-if-incomplete", code=6)
    assert stale.out.startswith("Status: 100 % published; 1 stale (2 files")
    assert "On the TMS, no longer in the repository: 1 file\n  ? src/en/f1.json" in stale.out


def test_what_is_never_uploaded_is_not_called_so(repo: Repo, runner: Runner) -> None:
    """A file that is only staged, and one that is only pulled, are called what they are, whatever is run."""
    only = '  - {name: pulled, source: "other/en/*.json", target: "other/{locale}/*.json", push: false}\n'
    made = files(1)
    repo.commit(
        {**made, ".l10n.yml": str(made[".l10n.yml"]) + only, "other/en/o.json": '{"o": "Other text"}'}
    )
    targets = {"src/de/new.json": '{"n": "Nicht eingetragen"}', "other/de/o.json": '{"o": "Anderer Text"}'}
    repo.write({"src/en/new.json": '{"n": "Not committed"}', **targets})
    repo.git("add", "--all")

    found = json.loads(runner.run(repo, "status", "--format", "json").out)["files"]
    standings = {each["source"]: each["standing"] for each in found}
    reasons = {}
    for command in (["plan", "--pull"], ["import", "--dry-run"], ["plan", "--push"]):
        said = json.loads(runner.run(repo, *command, "--format", "json").out)
        changes = said.get("plan", said)["changes"]
        reasons[command[0], command[-1]] = {change["source"]: change["reason"] for change in changes}

    assert standings["src/en/new.json"] == "not committed"
    assert standings["other/en/o.json"] == "not pushed from here"
    for found_by in reasons.values():
        assert found_by["src/en/new.json"] == "not committed"
        assert found_by["other/en/o.json"] == "not pushed from this branch"


def test_rows_are_files_resources_or_locales(repo: Repo, runner: Runner) -> None:
    """The same counts, added up as one wants to look at them; `-r` and `-l` leave out the others."""
    repo.commit({**files(2), "docs/guide.md": "# Guide\n\nSome words to translate.\n"})
    runner.run(repo, "push")
    runner.translate({"de-DE": 100, "fr-FR": 50})

    resources = rows(runner.run(repo, "status", "--by", "resource").out)
    assert (resources["web"], resources["docs"]) == (["8", "40", "100", "50"], ["2", "5", "100"])
    assert resources["all"] == ["10", "45", "100", "50"]
    locales = rows(runner.run(repo, "status", "--by", "locale").out)
    assert locales["de-DE"] == ["10", "45", "100", "%", "·", "·", "3/3"]
    assert locales["fr-FR"] == ["8", "40", "50", "%", "20", "20", "0/2"]

    some = runner.run(repo, "status", "-r", "docs", "-l", "de-DE", "--fail-if-incomplete")
    assert some.out.startswith("Status: complete (1 file, 1 locale).")


def test_a_status_changes_nothing(repo: Repo, runner: Runner) -> None:
    """It only reads, and the next push has as much to do as before."""
    repo.commit(files(2))
    runner.run(repo, "status")
    pushed = runner.run(repo, "push")
    assert pushed.out.startswith("Sent 2 files")

    view, mark = runner.control.view(runner.ident), runner.mark()
    runner.run(repo, "status")
    assert runner.control.view(runner.ident) == view
    assert all(each.startswith(("get", "download")) for each in runner.requests_since(mark))


@pytest.mark.parametrize("forgetful", [False, True], ids=["cache", "no cache"])
def test_the_cache_changes_the_requests_and_not_the_status(
    repo: Repo, runner: Runner, forgetful: bool
) -> None:
    """What is remembered saves requests only; a publication of something that was complete is noticed."""
    number = 8
    repo.commit(files(number))
    runner.run(repo, "push")
    runner.translate()
    runner.control.advance(400)  # beyond the overlap within which publications are looked at again
    if forgetful:
        shutil.rmtree(repo.root / ".git" / "l10nsync")

    mark = runner.mark()
    first = runner.run(repo, "status")
    asked = Counter(runner.requests_since(mark))
    originals = {ORIGINAL: number} if forgetful else {}
    assert asked == {**ALWAYS, STATUS: number, **originals}

    mark = runner.mark()
    again = runner.run(repo, "status")
    assert Counter(runner.requests_since(mark)) == ALWAYS
    assert "8 files complete in an earlier run" in again.out
    assert again.out.splitlines()[:2] == first.out.splitlines()[:2]

    repo.commit({"src/en/f7.json": '{"key0": "Something else"}'})
    runner.run(repo, "push", "--accept-shrink")
    runner.translate({"de-DE": 100}, fileUris=["src/en/f5.json"], again=True)
    mark = runner.mark()
    changed = runner.run(repo, "status")
    assert Counter(runner.requests_since(mark)) == {**ALWAYS, STATUS: 2}
    assert changed.out.startswith("Status: 98 % published, 4 words left in de-DE, fr-FR (8 files")


def test_jobs_are_told_by_their_progress_alone(repo: Repo, runner: Runner) -> None:
    """`--by job` asks about no file; a job of other files of the project is not ours."""
    repo.commit(files(2))
    runner.run(repo, "push", "--no-authorize")
    other = Repo(repo.root.parent / "other")
    other.commit({".l10n.yml": MANIFEST, "src/en/theirs.json": '{"a": "Their text"}'})
    runner.run(other, "push")

    mark = runner.mark()
    waiting = runner.run(repo, "status", "--by", "job")
    assert Counter(runner.requests_since(mark)) == {PROJECT: 1, JOBS: 1, JOB_FILES: 2, PROGRESS: 2}
    assert waiting.out.splitlines()[0] == ("Status: 1 open job; 0 % of 80 words; 80 words not authorized.")
    assert rows(waiting.out)["repo"][:5] == ["main", "80", "80", "0", "0"]
    assert "awaiting authorization" in waiting.out
    assert 'Job "repo main" · awaiting authorization' in runner.run(repo, "status").out

    runner.translate({"de-DE": 50})
    assert "25 % of 80 words" in runner.run(repo, "status", "--by", "job").out
    runner.translate()
    assert runner.run(repo, "status", "--by", "job").out == ("Status: no open job holds these files.\n")


def test_the_report_holds_what_a_pull_would_hold_back(repo: Repo, runner: Runner, tmp_path: Path) -> None:
    """`--html` and `--badge` write whole files; broken translations are on the page with rule and key."""
    gates = "gates: {release: {complete: 95}}\n"
    repo.commit({".l10n.yml": MANIFEST + gates, "src/en/f0.json": '{"hello": "Hello, {name}!"}'})
    runner.run(repo, "push")
    runner.translate(how={"texts": {"hello": "Hallo!"}})
    html, svg = tmp_path / "report.html", tmp_path / "badge.svg"
    html.write_text("an older one")

    mark = runner.mark()
    told = runner.run(repo, "status", "--html", str(html), "--badge", str(svg))

    assert told.out.startswith("Status: complete (1 file, 2 locales).")
    page = html.read_text("utf-8")
    assert "placeholder-missing" in page
    assert "src/de/f0.json" in page
    assert "Gate release: not passed: 2 targets not as published" in page
    assert "translated: 100 %" in svg.read_text("utf-8")
    assert sorted(each.name for each in tmp_path.iterdir() if each.is_file()) == ["badge.svg", "report.html"]
    asked = Counter(runner.requests_since(mark))
    assert asked.pop("downloadMultipleFilesTranslations") == 1
    assert asked == {**ALWAYS, PUBLISHED: 2, STATUS: 1}
    assert not (repo.root / "src/de/f0.json").exists()


def test_the_time_on_a_report_can_be_given(repo: Repo, runner: Runner, tmp_path: Path) -> None:
    """With SOURCE_DATE_EPOCH the same state gives the same bytes."""
    repo.commit(files(1))
    runner.environ["SOURCE_DATE_EPOCH"] = "1764100000"
    pages = []
    for at in range(2):
        runner.run(repo, "status", "--html", str(tmp_path / f"{at}.html"))
        pages.append((tmp_path / f"{at}.html").read_bytes())

    assert pages[0] == pages[1]
    assert b"2025-11-25 19:46:40 UTC" in pages[0]
    runner.environ["SOURCE_DATE_EPOCH"] = "9" * 30
    runner.run(repo, "status", "--html", str(tmp_path / "now.html"))
    assert b" UTC</time>" in (tmp_path / "now.html").read_bytes()


def test_a_report_that_cannot_be_written_is_an_error(repo: Repo, runner: Runner, tmp_path: Path) -> None:
    """The file is named, and nothing is printed as if all were well."""
    repo.commit(files(1))

    done = runner.run(repo, "status", "--html", str(tmp_path / "no" / "report.html"), code=2)

    assert done.out == ""
    assert "cannot write" in done.err


def test_data_is_printed_in_every_case(repo: Repo, runner: Runner) -> None:
    """JSON is whole and true with every option, and an error is an object, too."""
    repo.commit(files(1))
    schema = validator()

    for argv in ([], ["--by", "job"], ["--fail-if-incomplete"]):
        done = runner.run(
            repo, "status", "--format", "json", *argv, code=6 if "--fail-if-incomplete" in argv else 0
        )
        found = json.loads(done.out)
        assert list(schema.iter_errors(found)) == []
        assert (found["complete"], found["files"][0]["standing"]) == (False, "not uploaded")

    runner.environ["SMARTLING_USER_SECRET"] = "none-that-opens"
    failed = json.loads(runner.run(repo, "status", "--format", "json", code=4).out)
    assert list(schema.iter_errors(failed)) == []


def test_a_long_question_is_announced(repo: Repo, runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """On standard error, once, and not with --quiet; a few files are asked about without a word."""
    repo.commit(files(3))
    runner.run(repo, "push")
    assert runner.run(repo, "status").err == ""

    monkeypatch.setattr("l10nsync.cli.commands.status._MANY", 2)

    assert runner.run(repo, "status").err == "asking about 3 files …\n"
    assert runner.run(repo, "status", "--quiet").err == ""


def test_what_is_gone_is_forgotten(repo: Repo, runner: Runner) -> None:
    """The memory does not grow with files that the TMS no longer has."""
    repo.commit(files(2))
    runner.run(repo, "push")
    runner.translate()
    runner.run(repo, "status")
    (memory,) = (repo.root / ".git" / "l10nsync").glob("*.json")
    assert [each["uri"] for each in json.loads(memory.read_text())["counted"]] == [
        "src/en/f0.json",
        "src/en/f1.json",
    ]

    client = RestClient(runner.server.url, runner.ident, runner.control)
    client.send("POST", client.files("/file/delete"), form=[("fileUri", "src/en/f1.json")])
    runner.control.finish(runner.ident)
    repo.git("rm", "--quiet", "src/en/f1.json")
    repo.commit()
    runner.run(repo, "status")

    assert [each["uri"] for each in json.loads(memory.read_text())["counted"]] == ["src/en/f0.json"]


def test_a_refused_status_is_an_error(repo: Repo, runner: Runner) -> None:
    """A file of which nothing can be learned is never shown as untranslated, and no report is written."""
    repo.commit(files(2))
    runner.run(repo, "push")
    runner.control.fault("status", status=400, project=runner.ident, operation=STATUS, message="no such luck")
    report = repo.root / "report.html"

    done = runner.run(repo, "status", "--html", str(report), code=2)

    assert done.out == ""
    assert "no such luck" in done.err
    assert not report.exists()


def test_a_file_that_is_deleted_meanwhile_is_not_uploaded(repo: Repo, runner: Runner) -> None:
    """The list said that it is there, its status that it is gone: the status wins."""
    repo.commit(files(2))
    runner.run(repo, "push")
    gone = (
        '{"response": {"code": "NOT_FOUND_ERROR", "errors": [{"key": "file.not.found", "message": "gone"}]}}'
    )
    runner.control.fault("status", status=404, project=runner.ident, operation=STATUS, body=gone)

    done = runner.run(repo, "status")

    assert "1 not uploaded (2 files" in done.out


def test_several_projects_make_one_status(repo: Repo, runner: Runner) -> None:
    """Each file is looked for in its own project; sums are over all, and jobs of both are shown."""
    first = runner.ident
    second = runner.control.project(("de-DE", "fr-FR"), "en-US")
    manifest = f"""\
version: 1
projects:
  app: {{id: {first}, sourceLocale: en-US}}
  site: {{id: {second}, sourceLocale: en-US}}
locales: {{de-DE: de, fr-FR: fr}}
job: {{authorize: true}}
resources:
  - {{name: app, project: app, source: app/en/*.json, target: "app/{{locale}}/*.json"}}
  - {{name: site, project: site, source: site/en/*.json, target: "site/{{locale}}/*.json"}}
"""
    texts = {f"{each}/en/a.json": '{"a": "One text"}' for each in ("app", "site")}
    repo.commit({".l10n.yml": manifest, **texts})
    runner.run(repo, "push")
    runner.control.translate(second)

    shown = runner.run(repo, "status", "--by", "resource")
    assert shown.out.startswith("Status: 50 % published, 4 words left in de-DE, fr-FR (2 files, 2 locales).")
    assert (rows(shown.out)["app"], rows(shown.out)["site"]) == (
        ["1", "2", "0", "0"],
        ["1", "2", "100", "100"],
    )
    found = json.loads(runner.run(repo, "status", "--format", "json").out)
    assert [each["name"] for each in found["projects"]] == ["app", "site"]
    assert [each["project"] for each in found["jobs"]] == ["app"]  # the other's is complete, so not open
    assert runner.run(repo, "status", "--project", "site", "--fail-if-incomplete").out.startswith(
        "Status: complete (1 file, 2 locales)."
    )
