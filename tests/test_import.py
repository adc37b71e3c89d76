"""Existing translations go into the TMS: planned string by string, nothing spoiled, nothing done twice."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from l10nsync import formats
from l10nsync.formats import Document
from l10nsync.model import Fetched, Import, ListedFile, RemoteState, Source, Target, Wanted
from l10nsync.plan import LocalTarget, Plan, imports
from l10nsync.plan.imports import sort_strings
from l10nsync.providers.smartling.imports import read_outcome
from tests.manifests import small_manifest
from tests.repositories import Repo
from tests.runner import Runner

MANIFEST = (
    small_manifest("src", name="web")
    + """\
    directives: {placeholder_format_custom: '\\{\\{.+?\\}\\}', source_key_paths: '{*}'}
"""
)
SOURCE = {"hello": "Hello {{name}}", "bye": "Goodbye", "ok": "OK", "new": "Brand new"}
GERMAN = {"hello": "Hallo {{name}}", "bye": "Auf Wiedersehen", "ok": "OK", "gone": "Weg", "new": ""}


def text(strings: Mapping[str, str]) -> str:
    return json.dumps(strings, ensure_ascii=False, indent=2)


def published(runner: Runner, locale: str = "de-DE", uri: str = "src/en/a.json") -> dict[str, str]:
    """Return what is published on the TMS, by key."""
    rows = runner.control.view(runner.ident)["files"][uri]["locales"].get(locale, [])
    return {key: value for key, state, value in rows if state == "published"}


@pytest.fixture
def begun(repo: Repo, runner: Runner) -> Repo:
    """Give a repository with translations whose sources are on the TMS."""
    repo.commit({".l10n.yml": MANIFEST, "src/en/a.json": text(SOURCE), "src/de/a.json": text(GERMAN)})
    runner.run(repo, "push")
    return repo


def test_what_the_repository_has_is_imported_once(begun: Repo, runner: Runner) -> None:
    """New strings go in; equal ones, blank ones and those without a source stay out; then nothing is left."""
    plan = runner.run(begun, "import", "--dry-run")
    assert plan.out.startswith("Plan: 2 strings of 1 file to import.\n")
    assert "2 new, 1 equal to the source, left out, 1 without a source" in plan.out
    assert "warning: src/de/a.json:5: `gone` has no source" in plan.out
    assert "notice:" not in plan.out
    assert published(runner) == {}

    done = runner.run(begun, "import")
    assert done.out.startswith("Imported 2 strings in 1 file.\n")
    assert published(runner) == {"hello": "Hallo {{name}}", "bye": "Auf Wiedersehen"}

    mark = runner.mark()
    again = runner.run(begun, "import")
    assert again.out.startswith("No changes: the TMS already has everything that can be imported.")
    assert "importFileTranslations" not in runner.requests_since(mark)


def test_the_answer_fits_its_schema(begun: Repo, runner: Runner, report_schema: dict[str, Any]) -> None:
    """The report of an import is one document of the published schema."""
    done = json.loads(runner.run(begun, "import", "--format", "json").out)
    assert list(Draft7Validator(report_schema).iter_errors(done)) == []
    (change,) = [each for each in done["plan"]["changes"] if each["action"] == "import"]
    assert (change["locale"], change["strings"], change["replaced"]) == ("de-DE", 2, 0)


def test_other_translations_are_replaced_only_on_demand(begun: Repo, runner: Runner) -> None:
    """What differs is kept; --overwrite alone is refused with the number; with --yes it is replaced."""
    runner.run(begun, "import")
    begun.commit({"src/de/a.json": text({**GERMAN, "bye": "Tschüss"})})

    kept = runner.run(begun, "import")
    assert "1 differ, kept" in kept.out
    assert (
        "1 translation on the TMS would be replaced" in runner.run(begun, "import", "--overwrite", code=8).err
    )
    assert published(runner)["bye"] == "Auf Wiedersehen"

    done = runner.run(begun, "import", "--overwrite", "--yes")
    assert done.out.startswith("Imported 1 string in 1 file.")
    assert published(runner)["bye"] == "Tschüss"


def test_texts_that_are_the_same_as_their_source_are_imported_on_demand(begun: Repo, runner: Runner) -> None:
    """`OK` may be German, too; only its author knows."""
    done = runner.run(begun, "import", "--include-equal")
    assert done.out.startswith("Imported 3 strings in 1 file.")
    assert published(runner)["ok"] == "OK"


def test_of_several_files_of_a_locale_the_first_is_taken(repo: Repo, runner: Runner) -> None:
    """One translation, two files: a second one that says otherwise is named, and not imported."""
    both = MANIFEST.replace("de-DE: de,", "de-DE: [de, at],")
    repo.commit({".l10n.yml": both, "src/en/a.json": text({"bye": "Goodbye"})})
    runner.run(repo, "push")
    repo.commit({"src/de/a.json": text({"bye": "Auf Wiedersehen"}), "src/at/a.json": text({"bye": "Servus"})})

    done = runner.run(repo, "import")

    assert "differs from src/de/a.json, which is taken" in done.out
    assert published(runner) == {"bye": "Auf Wiedersehen"}


def test_a_string_that_lost_its_placeholder_is_held_back(begun: Repo, runner: Runner) -> None:
    """It is found before anything is sent, named with key and line; the others go in; exit code 7."""
    begun.commit({"src/de/a.json": text({**GERMAN, "hello": "Hallo du"})})

    done = runner.run(begun, "import", code=7)

    assert "1 held back" in done.out
    assert "error: src/de/a.json:2:" in done.out
    assert "hello" in done.out
    assert published(runner) == {"bye": "Auf Wiedersehen"}


def test_post_translation_is_work_for_reviewers(begun: Repo, runner: Runner) -> None:
    """With that state nothing is published, and a second import still finds nothing to do."""
    runner.run(begun, "import", "--state", "post-translation")
    assert published(runner) == {}
    assert runner.run(begun, "import", "--state", "post-translation").out.startswith("No changes")


def test_only_what_can_be_imported_is(repo: Repo, runner: Runner) -> None:
    """No source on the TMS, a type without import, a broken file, a file too large: each with its reason."""
    manifest = MANIFEST + "  - {name: docs, source: docs/en/*.md, target: 'docs/{locale}/*.md'}\n"
    repo.commit(
        {
            ".l10n.yml": manifest,
            "src/en/a.json": text(SOURCE),
            "docs/en/a.md": "# Title\n",
            "docs/de/a.md": "# Titel\n",
        }
    )
    runner.run(repo, "push")
    repo.commit(
        {
            "src/en/b.json": text({"b": "Later"}),
            "src/de/b.json": text({"b": "Später"}),
            "src/de/a.json": '{"hello": ',
        }
    )

    done = runner.run(repo, "import", code=7)

    assert re.search(r"src/de/b.json +not uploaded yet +push the source first", done.out)
    assert re.search(r"docs/de/a.md +left out: its type cannot be imported +markdown", done.out)
    assert re.search(r"src/de/a.json +does not parse", done.out)
    assert published(runner) == {}


def test_an_import_with_nothing_to_import_says_why(repo: Repo, runner: Runner) -> None:
    """No translation here is another matter than sources that were never pushed."""
    repo.commit({".l10n.yml": MANIFEST, "src/en/a.json": text(SOURCE)})
    assert runner.run(repo, "import").out == "No changes: there are no translations here.\n"
    repo.commit({"src/de/a.json": text(GERMAN)})
    found = runner.run(repo, "import").out
    assert found.startswith("No changes: push the sources first, then 1 translation can be imported.\n")


def test_a_finding_of_a_translation_that_is_held_back_is_told_once(begun: Repo, runner: Runner) -> None:
    """Below its line, and not again."""
    begun.commit({"src/de/a.json": text({"hello": "Hallo du"})})
    done = runner.run(begun, "import", "--dry-run", code=7)
    assert done.out.count("is missing") == 1


def test_a_file_over_the_limit_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service takes 10 MB: a larger file is told before anything is sent."""
    assert imports.LIMIT == 10 * 1024 * 1024
    monkeypatch.setattr(imports, "LIMIT", 40)
    source = Source(
        "en.json", "web", "default", "en.json", "en.json", "json", None, {}, ("de-DE",),
        (Target("de-DE", "de", "de.json"),),
    )  # fmt: skip
    wanted = Wanted("en.json", "de-DE", "pending", "empty")
    facts = imports.ImportFacts(
        sources=(source,),
        blobs={"en.json": "b1"},
        contents={"b1": text(SOURCE).encode()},
        local={"de.json": LocalTarget(text(GERMAN).encode(), "digest")},
        remote=RemoteState(files={"en.json": ListedFile("en.json", "json", "t")}),
        fetched={wanted: Fetched(wanted)},
    )
    made: dict[str, bytes] = {}
    plan = imports.plan_import(facts, made)
    assert isinstance(plan, Plan)
    assert [(str(each.action), str(each.reason)) for each in plan.changes] == [("hold", "too large")]
    assert made == {}


def test_json_without_keys_is_announced_and_refused(repo: Repo, runner: Runner) -> None:
    """The service knows JSON by key through a directive alone: the plan says so, and its refusal is shown."""
    manifest = MANIFEST.replace(", source_key_paths: '{*}'", "")
    repo.commit({".l10n.yml": manifest, "src/en/a.json": text(SOURCE), "src/de/a.json": text(GERMAN)})
    runner.run(repo, "push")
    plan = runner.run(repo, "import", "--dry-run")
    assert "notice: web: the service finds strings of json files by key only" in plan.out
    assert "source_key_paths" in runner.run(repo, "import", code=7).out
    assert published(runner) == {}


def test_one_failure_does_not_stop_the_others(repo: Repo, runner: Runner) -> None:
    """A file that the service refuses is reported; running again sends just that one."""
    repo.commit(
        {
            ".l10n.yml": MANIFEST,
            "src/en/a.json": text(SOURCE),
            "src/de/a.json": text(GERMAN),
            "src/fr/a.json": text({"bye": "Au revoir"}),
        }
    )
    runner.run(repo, "push")
    runner.control.fault(
        "status", operation="importFileTranslations", count=1, status=400, code="VALIDATION_ERROR",
        message="no", project=runner.ident,
    )  # fmt: skip

    runner.run(repo, "import", "--concurrency", "1", code=7)
    mark = runner.mark()
    done = runner.run(repo, "import")

    assert done.out.startswith("Imported")
    assert runner.requests_since(mark).count("importFileTranslations") == 1
    assert published(runner)["bye"] == "Auf Wiedersehen"
    assert published(runner, "fr-FR") == {"bye": "Au revoir"}


def test_a_killed_import_is_run_again(repo: Repo, runner: Runner) -> None:
    """Killed while the service works on the second file: the next run sends what is missing, and no more."""
    sources = {f"src/en/{name}.json": text({"bye": f"Goodbye {name}"}) for name in "abc"}
    german = {f"src/de/{name}.json": text({"bye": f"Tschüss {name}"}) for name in "abc"}
    repo.commit({".l10n.yml": MANIFEST, **sources, **german})
    runner.run(repo, "push")
    runner.control.fault("hold", operation="importFileTranslations", nth=2, project=runner.ident)

    killed = runner.start(repo, "import", "--concurrency", "1")
    runner.held()
    killed.kill()
    killed.communicate(timeout=30)
    runner.control.clear_faults(runner.ident)
    runner.control.release()
    mark = runner.mark()
    done = runner.run(repo, "import")

    assert runner.requests_since(mark).count("importFileTranslations") == 1
    assert done.out.startswith("Imported 1 string in 1 file.")
    for name in "abc":
        assert published(runner, uri=f"src/en/{name}.json") == {"bye": f"Tschüss {name}"}


def test_strings_that_the_service_refuses_are_named() -> None:
    """A success with errors by string is read, in the shapes that occur."""
    one = Import("a.json", "json", "de-DE", b"{}")
    data = {
        "stringCount": 3,
        "translationImportErrors": [
            {"importKey": "hello", "messages": ["Placeholders differ", "Again"], "fileUri": "a.json"},
            "a plain text",
        ],
    }
    found = read_outcome(one, data)
    assert found.strings == 3
    assert [(each.key, each.message) for each in found.issues] == [
        ("hello", "Placeholders differ; Again"),
        ("", "a plain text"),
    ]


def test_a_string_that_the_service_refuses_has_its_key_and_line(begun: Repo, runner: Runner) -> None:
    """An answer that is a success for the file, and no success for one of its strings: exit code 7."""
    data = {
        "fileUri": "src/en/a.json",
        "stringCount": 1,
        "wordCount": 1,
        "translationImportErrors": [{"importKey": "bye", "messages": ["No such string"]}],
    }
    body = json.dumps({"response": {"code": "SUCCESS", "data": data}})
    runner.control.fault(
        "status", operation="importFileTranslations", status=200, body=body, project=runner.ident
    )

    done = runner.run(begun, "import", code=7)

    assert "error: src/de/a.json:3: No such string (bye)" in done.out
    assert "the service accepted it, but does not have it (hello)" in done.out
    assert done.out.startswith("Imported 0 strings in 1 file.")


@pytest.mark.parametrize(
    "counts", [{"stringCount": 0, "wordCount": 0}, {"stringCount": 1, "wordCount": 1}, {}, {"stringCount": 2}]
)
def test_an_import_is_what_the_service_has_afterwards(
    begun: Repo, runner: Runner, counts: dict[str, int]
) -> None:
    """A success of any count that leaves nothing there is exit code 7, and the next import does it."""
    body = json.dumps({"response": {"code": "SUCCESS", "data": {**counts, "translationImportErrors": []}}})
    runner.control.fault(
        "status", operation="importFileTranslations", status=200, body=body, project=runner.ident
    )

    done = runner.run(begun, "import", code=7)
    assert "has none of its 2 strings" in done.out

    runner.control.clear_faults(runner.ident)
    assert runner.run(begun, "import").out.startswith("Imported 2 strings in 1 file.")


def test_a_translation_that_waits_for_a_review_is_there(begun: Repo, runner: Runner) -> None:
    """What the TMS has and has not published yet is not planned again, and not imported twice."""
    runner.run(begun, "import", "--state", "post-translation")

    assert runner.run(begun, "import").out.startswith(
        "No changes: the TMS already has everything that can be imported."
    )


# --- which string goes where ------------------------------------------------------------------------------


def document(strings: Mapping[str, str]) -> Document:
    found = formats.parse("json", json.dumps(strings).encode())
    assert found
    return found


values = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["", " ", "x", "y", "z"]))


@settings(deadline=None)
@given(values, values, st.none() | values, st.booleans())
def test_every_string_has_one_place(
    before: dict[str, str], ours: dict[str, str], theirs: dict[str, str] | None, equal: bool
) -> None:
    """Each string that is not blank is counted once; what the TMS has as it is, is never sent."""
    found = sort_strings(
        document(before), document(ours), document(theirs) if theirs is not None else None, (), equal=equal
    )
    total = len(found.new) + len(found.other) + found.present + found.equal + len(found.unknown)
    assert total == sum(1 for value in ours.values() if value.strip())
    for unit in (*found.new, *found.other):
        assert unit.key in before
        assert equal or unit.value != before[unit.key]
        assert unit.value == before[unit.key] or (theirs or {}).get(unit.key) != unit.value
    for unit in found.new:
        known = (theirs or {}).get(unit.key, "")
        assert not known.strip() or known == before[unit.key]


def test_a_plural_form_that_the_source_lacks_is_no_stranger() -> None:
    """A language with more plural categories than the source's brings its own forms."""
    forms = b'<item quantity="one">1 day</item><item quantity="other">days</item>'
    source = b'<resources><plurals name="n">' + forms + b"</plurals></resources>"
    target = (
        source.replace(b"1 day", b"1 den")
        .replace(b"days", b"dni")
        .replace(b"</plurals>", b'<item quantity="few">dny</item></plurals>')
    )
    before, ours = (formats.parse("android", each) for each in (source, target))
    assert before
    assert ours
    found = sort_strings(before, ours, None, (), equal=False)
    assert {unit.plural for unit in found.new} == {"one", "few", "other"}
