"""Pulls end to end: what is asked, what is kept, what is held back; the real command line and sandbox."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pytest

from tests.repositories import Repo
from tests.runner import Runner
from tests.test_push_pull import MANIFEST, files, forget
from tests.test_render import schema

DAY = 86_400.0


def translated(repo: Repo, runner: Runner, given: Mapping[str, str]) -> None:
    """Push, translate, pull and commit everything."""
    repo.commit(given)
    runner.run(repo, "push")
    runner.translate()
    runner.control.advance(5)
    runner.run(repo, "pull")
    repo.commit()


def strings(repo: Repo, path: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(repo.read(path))
    return found


def clone(repo: Repo, name: str) -> Repo:
    """Return a fresh clone: it has everything but the cache."""
    folder = repo.root.parent / name
    subprocess.run(["git", "clone", "--quiet", repo.root, folder], check=True)
    return Repo(folder)


def tree(repo: Repo) -> dict[str, bytes]:
    """Return the targets of the work tree."""
    paths = (repo.root / "src").rglob("*.json")
    return {path.relative_to(repo.root).as_posix(): path.read_bytes() for path in sorted(paths)}


# --- incremental ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [1, 20])
def test_a_clone_with_a_cache_and_one_without_end_alike(own_runner: Runner, repo: Repo, days: int) -> None:
    """However long the last pull is ago, and whatever was published since."""
    runner = own_runner
    translated(repo, runner, {**files(4), "src/en/same.json": '{"brand": "ACME", "by": "by"}'})
    runner.translate(
        {"fr-FR": 100},
        how={"texts": {"brand": "ACME", "by": "par"}},
        fileUris=["src/en/same.json"],
        again=True,
    )
    runner.control.advance(days * DAY)
    for index in range(2):
        runner.translate(
            {"de-DE": 100},
            how={"texts": {"title": f"Neu {index}"}},
            fileUris=[f"src/en/f{index}.json"],
            again=True,
        )
    runner.control.advance(5)
    other = clone(repo, "other")
    bare = clone(repo, "bare")
    for path in ("src/de", "src/fr"):
        shutil.rmtree(bare.root / path)
    bare.commit()

    for each in (repo, other, bare):
        runner.run(each, "pull")

    assert tree(other) == tree(repo)
    assert tree(bare) == tree(repo)
    assert strings(repo, "src/de/f1.json") == {"title": "Neu 1"}


def test_a_pull_after_a_long_time_needs_no_download_if_nothing_changed(
    own_runner: Runner, repo: Repo
) -> None:
    """The service forgets after 14 days what was published; one small question per file tells."""
    runner = own_runner
    translated(repo, runner, files(1))
    runner.control.advance(600)  # beyond the overlap of two pulls
    runner.run(repo, "pull")
    runner.control.advance(30 * DAY)
    mark = runner.mark()

    assert runner.run(repo, "pull").out.startswith("No changes")

    asked = Counter(runner.requests_since(mark))
    assert asked["getTranslatedFileLastModifiedDateAllLocales"] == 1
    assert not asked["downloadMultipleFilesTranslations"]


def test_a_warm_pull_is_two_requests(repo: Repo, runner: Runner) -> None:
    """What was published since, and one archive with just that; the rest is neither asked nor read again."""
    translated(repo, runner, files(12))
    for index in range(5):
        locale = ("de-DE", "fr-FR")[index % 2]
        texts = {"texts": {"title": f"Anders {index}"}}
        runner.translate({locale: 100}, how=texts, fileUris=[f"src/en/f{index}.json"], again=True)
    runner.control.advance(5)
    mark = runner.mark()

    assert runner.run(repo, "pull").out.startswith("Wrote 5 files")

    asked = Counter(runner.requests_since(mark))
    assert asked["downloadMultipleFilesTranslations"] == 1
    assert asked.total() == 2, asked


# --- never backwards ------------------------------------------------------------------------------------


def test_a_translation_stays_when_its_source_text_comes(repo: Repo, runner: Runner) -> None:
    """A string that was edited at the source keeps its translation until a new one is there."""
    translated(
        repo,
        runner,
        {".l10n.yml": MANIFEST % {"authorize": "true"}, "src/en/a.json": '{"x": "Save", "y": "Go"}'},
    )
    before = strings(repo, "src/de/a.json")
    repo.commit({"src/en/a.json": '{"x": "Save now", "y": "Go", "z": "More"}'})
    runner.run(repo, "push")

    pulled = runner.run(repo, "pull")

    after = strings(repo, "src/de/a.json")
    assert after == {**before, "z": "More"}
    assert "1 translation kept (x)" in pulled.out
    repo.commit()
    again = runner.run(repo, "pull")
    assert again.out.startswith("No changes")
    assert "1 translation kept (x)" in again.out
    runner.run(repo, "pull", "--force")
    assert strings(repo, "src/de/a.json")["x"] == "Save now"


def test_a_string_that_was_never_translated_follows_its_source(repo: Repo, runner: Runner) -> None:
    """The history of the source tells its earlier texts from translations."""
    repo.commit({".l10n.yml": MANIFEST % {"authorize": "true"}, "src/en/a.json": '{"x": "Save", "y": "Go"}'})
    runner.run(repo, "push")
    runner.translate(how={"texts": {"y": "Los"}})
    runner.run(repo, "pull")
    assert strings(repo, "src/de/a.json") == {"x": "Save", "y": "Los"}
    repo.commit({"src/en/a.json": '{"x": "Store", "y": "Go"}'})
    runner.run(repo, "push")

    runner.run(repo, "pull")

    assert strings(repo, "src/de/a.json") == {"x": "Store", "y": "Los"}


def test_a_source_that_comes_as_translation_changes_nothing(repo: Repo, runner: Runner) -> None:
    """The service answers downloads with the source file: every translation stays."""
    translated(repo, runner, files(2))
    before = tree(repo)
    forget(repo)
    runner.control.fault("source_text", operation="download*", project=runner.ident, count=0)

    runner.run(repo, "pull", code=None)

    assert tree(repo) == before


def test_a_target_without_a_file_on_the_tms_stays(repo: Repo, runner: Runner) -> None:
    """What somebody deleted there is not deleted here."""
    translated(repo, runner, files(2))
    before = tree(repo)
    runner.delete("src/en/f0.json")

    for forgetful in (False, True):
        if forgetful:
            forget(repo)
        runner.run(repo, "pull")
        assert tree(repo) == before


# --- one job --------------------------------------------------------------------------------------------


def test_a_job_is_pulled_alone_and_once_it_is_complete(repo: Repo, runner: Runner) -> None:
    """Its files in its locales; with --complete nothing before all of them are done; and nothing is lost."""
    manifest = MANIFEST % {"authorize": "true"}
    repo.commit(
        {".l10n.yml": manifest, "src/en/a.json": '{"t": "One text"}', "src/en/b.json": '{"u": "More"}'}
    )
    runner.run(repo, "push", "--job", "spring", "src/en/a.json")
    runner.run(repo, "push", "--job", "summer", "src/en/b.json")
    runner.translate({"de-DE": 100})

    waiting = runner.run(repo, "pull", "--job", "spring", "--complete", "--format", "json", code=5)
    assert "fr-FR 0 %" in json.loads(waiting.out)["error"]["message"]
    assert not (repo.root / "src/de").exists()
    runner.run(repo, "pull", "--job", "spring")
    assert sorted(path for path in tree(repo) if "/en/" not in path) == ["src/de/a.json"]

    runner.translate()
    runner.run(repo, "pull", "--job", "summer", "--complete")
    found = sorted(path for path in tree(repo) if "/en/" not in path)
    assert found == ["src/de/a.json", "src/de/b.json", "src/fr/b.json"]
    runner.run(repo, "pull")
    assert (repo.root / "src/fr/a.json").exists()


def test_a_job_that_is_not_there_is_refused(repo: Repo, runner: Runner) -> None:
    """A name of no job writes nothing; --complete means a job."""
    repo.commit({".l10n.yml": MANIFEST % {"authorize": "true"}, "src/en/a.json": '{"t": "One text"}'})
    assert "'autumn'" in runner.run(repo, "pull", "--job", "autumn", code=2).err
    assert "--job" in runner.run(repo, "pull", "--complete", code=2).err


# --- held back ------------------------------------------------------------------------------------------


def test_what_is_held_back_is_named_and_can_be_kept(repo: Repo, runner: Runner, tmp_path: Path) -> None:
    """Exit 7 every time; rule, line and key of each finding; the text stays; what came lies in DIR."""
    given = {
        ".l10n.yml": MANIFEST % {"authorize": "true"},
        "src/en/a.json": '{\n  "n": "{count} files",\n  "t": "Text"\n}\n',
    }
    translated(repo, runner, given)
    before = repo.read("src/de/a.json")
    runner.translate({"de-DE": 100}, how={"texts": {"n": "Dateien", "t": "Text!"}}, again=True)
    kept = tmp_path / "kept"

    pulled = runner.run(repo, "pull", "--keep-invalid", str(kept), code=7)

    assert json.loads(repo.read("src/de/a.json")) == {**json.loads(before), "t": "Text!"}
    assert pulled.out.startswith("Wrote 1 file, 1 string held back.")
    assert "error[placeholder-missing] line 2: " in pulled.out
    assert "'n'" in pulled.out
    assert json.loads((kept / "src/de/a.json").read_bytes()) == {"n": "Dateien", "t": "Text!"}
    again = runner.run(repo, "pull", code=7)
    assert again.out.startswith("Nothing to pull. 1 string held back.")
    assert again.out.count("error[placeholder-missing]") == 1
    report = json.loads(runner.run(repo, "pull", "--format", "json", code=7).out)
    (held,) = [each for each in report["plan"]["changes"] if each.get("held") == ["n"]]
    assert held["action"] == "keep"
    assert [(each["rule"], each["line"], each["key"]) for each in held["findings"]] == [
        ("placeholder-missing", 2, "n")
    ]


def test_a_text_stays_while_its_source_is_what_it_was_committed_with(repo: Repo, runner: Runner) -> None:
    """However often the source changed before: only a change after that commit makes the text an old one."""
    given = {".l10n.yml": MANIFEST % {"authorize": "true"}, "src/en/a.json": '{"n": "{all} of them"}\n'}
    repo.commit(given)
    repo.commit({"src/en/a.json": '{"n": "{count} files", "t": "Text"}\n'})
    translated(repo, runner, given={})
    repo.commit({"src/de/a.json": '{"n": "Dateien", "t": "Text!"}\n'})
    runner.translate({"de-DE": 100}, how={"texts": {"n": "Akten", "t": "Text!"}}, again=True)

    runner.run(repo, "pull", code=7)

    assert strings(repo, "src/de/a.json") == {"n": "Dateien", "t": "Text!"}
    repo.commit({"src/en/a.json": '{"n": "{count} new files", "t": "Text"}\n'})
    runner.run(repo, "push")
    runner.translate({"de-DE": 100}, how={"texts": {"n": "Akten", "t": "Text!"}}, again=True)
    runner.run(repo, "pull", code=7)
    assert strings(repo, "src/de/a.json") == {"n": "{count} new files", "t": "Text!"}


@pytest.mark.in_process
def test_a_text_that_comes_as_fuzzy_is_judged_as_it_is_written(repo: Repo, runner: Runner) -> None:
    """The mark of the source goes with the translation, so it excuses nothing, and nothing is said of it."""
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    entries = '#, fuzzy, c-format\nmsgid "%d files"\nmsgstr ""\n\n#, fuzzy\nmsgid "Good day"\nmsgstr ""\n'
    manifest = (MANIFEST % {"authorize": "true"}).replace("*.json", "*.po")
    repo.commit({".l10n.yml": manifest, "src/en/a.po": header + entries})
    runner.run(repo, "push")
    runner.translate(how={"texts": {"%d files": "Dateien", "Good day": "Guten Tag"}})

    pulled = runner.run(repo, "pull", code=7)

    assert "error[placeholder-missing]" in pulled.out
    assert "unfinished" not in pulled.out
    written = repo.read("src/de/a.po").decode()
    assert '\nmsgid "Good day"\nmsgstr "Guten Tag"\n' in written
    assert "Dateien" not in written


def test_what_is_held_back_never_lands_in_the_repository(repo: Repo, runner: Runner) -> None:
    """A folder that holds files of the repository is refused before anything is asked."""
    repo.commit(files(1))
    mark = runner.mark()

    for folder in (".", ".git/x", "src"):
        runner.run(repo, "pull", "--keep-invalid", folder, code=2)

    assert runner.mark() == mark


# --- only looking ---------------------------------------------------------------------------------------


def test_markdown_that_the_service_rewrote_keeps_the_layout_of_its_source(repo: Repo, runner: Runner) -> None:
    """Bullets, headings and breaks stay as the source has them; a second pull writes nothing."""
    repo.commit(
        {
            ".l10n.yml": files(1)[".l10n.yml"].replace(".json", ".md"),
            "src/en/guide.md": "Guide\n=====\n\nRead _this_.\n\n* One thing\n* Another thing\n\n1) Then\n",
        }
    )
    runner.run(repo, "push")
    runner.translate(how="source")

    runner.run(repo, "pull", code=None)

    assert repo.read("src/de/guide.md").decode() == (
        "Guide\n=====\n\nRead *this*.\n\n* One thing\n* Another thing\n\n1) Then\n"
    )
    repo.commit()
    assert runner.run(repo, "pull").out.startswith("No changes")


def test_looking_changes_nothing(repo: Repo, runner: Runner) -> None:
    """No byte and no time of the work tree, of git or of the cache."""
    repo.commit(files(2))
    runner.run(repo, "push")
    runner.translate()

    def state() -> dict[str, tuple[int, bytes]]:
        paths = [each for each in repo.root.rglob("*") if each.is_file()]
        return {str(each): (each.stat().st_mtime_ns, each.read_bytes()) for each in paths}

    before = state()
    runner.run(repo, "pull", "--check", code=3)
    runner.run(repo, "pull", "--dry-run")
    shown = runner.run(repo, "plan", "--pull", "--diff").out

    assert state() == before
    assert "+++ b/src/de/f0.json" in shown


def test_the_diff_is_what_a_pull_writes(repo: Repo, runner: Runner, tmp_path: Path) -> None:
    """`git apply` makes of it the very files that the pull writes; new files and changed ones."""
    given = {**files(2), "src/en/long.json": json.dumps({f"k{n}": f"Text {n}" for n in range(40)}, indent=1)}
    translated(repo, runner, given)
    runner.translate({"de-DE": 100}, how={"texts": {"k7": "Sieben\u00e4", "k30": "Drei\u00dfig"}}, again=True)
    (repo.root / "src/fr/f0.json").unlink()
    repo.commit()
    other = clone(repo, "other")

    shown = runner.run(repo, "plan", "--pull", "--diff", "--format", "json")
    document = json.loads(shown.out)
    jsonschema.validate(document, schema("plan"))
    patch = tmp_path / "pull.diff"
    patch.write_text(document["diff"] + "\n", encoding="utf-8")
    other.git("apply", "--whitespace=nowarn", str(patch))
    runner.run(repo, "pull")

    assert tree(other) == tree(repo)
    assert '+ "k7": "Sieben\u00e4",' in document["diff"]
    assert "new file mode" in document["diff"]


def test_flags_stand_over_the_manifest(repo: Repo, runner: Runner) -> None:
    """`--incomplete`, `--retrieval-type` and `--min-completion` for all or one locale."""
    repo.commit(
        {".l10n.yml": MANIFEST % {"authorize": "true"}, "src/en/a.json": '{"x": "Save it", "y": "Go on"}'}
    )
    runner.run(repo, "push")
    runner.translate({"de-DE": 50, "fr-FR": 100})

    shown = runner.run(repo, "pull", "--dry-run", "--min-completion", "100").out
    assert "50 % of 100 %" in shown
    shown = runner.run(repo, "pull", "--dry-run", "--min-completion", "fr-FR=100").out
    assert "2 translations to write" in shown
    shown = runner.run(repo, "pull", "--dry-run", "--incomplete", "skip").out
    assert "1 translation to write" in shown
    assert "is not a percentage" in runner.run(repo, "pull", "--min-completion", "fr-FR=101", code=2).err
