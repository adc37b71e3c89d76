"""`l10nsync verify --offline`: the translations of the work tree, judged through the real command line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from l10nsync.formats import RULES
from tests.command_line import CommandLine
from tests.manifests import small_manifest
from tests.repositories import Repo

MANIFEST = small_manifest("web", source_locale="en")
SOUND = '{\n  "hello": "Hallo, {name}!",\n  "bye": "Tschüss"\n}\n'
BROKEN = '{\n  "hello": "Hallo!",\n  "bye": "Tschüss"\n}\n'
FILES = {
    ".l10n.yml": MANIFEST,
    "web/en/app.json": '{\n  "hello": "Hello, {name}!",\n  "bye": "Bye"\n}\n',
    "web/de/app.json": SOUND,
}


@pytest.fixture
def call(repo: Repo, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Give the command line in a repository with one sound translation and one missing."""
    repo.commit(FILES)
    return CommandLine(repo, capsys)


def first(text: str) -> str:
    return text.split("\n", 1)[0]


def test_sound_translations_pass(call: CommandLine) -> None:
    """A target that is not there yet is counted, and is no error."""
    done = call("verify", "--offline")

    assert first(done.out) == "verify: passed (1 target, 0 errors, 0 warnings)"
    assert "1 target is not there yet (no error)" in done.out
    assert done.err == ""


def test_a_broken_translation_does_not_pass(repo: Repo, call: CommandLine) -> None:
    """The verdict counts, and the finding names rule, file and line and shows the line."""
    repo.write({"web/de/app.json": BROKEN, "web/fr/app.json": SOUND})

    done = call("verify", "--offline", code=6)

    assert first(done.out) == "verify: not passed: 1 error in 1 of 2 targets"
    assert "error[placeholder-missing]" in done.err
    assert "--> web/de/app.json:2:13" in done.err
    assert '"hello": "Hallo!",' in done.err


def test_the_process_ends_with_the_code_of_the_gate(repo: Repo, call: CommandLine) -> None:
    """A build can rely on it."""
    repo.write({"web/de/app.json": "<!doctype html><html>"})

    done = subprocess.run(
        [sys.executable, "-m", "l10nsync", "-C", str(repo.root), "verify", "--offline"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, first(done.stdout)) == (6, "verify: not passed: 1 error in 1 of 1 target")


def test_warnings_do_not_close_the_gate(repo: Repo, call: CommandLine) -> None:
    """A plural form that the language needs is missing: said, but passed."""
    repo.commit(
        {
            ".l10n.yml": """\
version: 1
sourceLocale: en
locales: {ru-RU: ru}
resources:
  - name: app
    source: values/strings.xml
    target: values-{locale}/strings.xml
""",
            "values/strings.xml": plural("one", "other"),
            "values-ru/strings.xml": plural("one", "many", "other"),
        }
    )

    done = call("verify", "--offline")

    assert first(done.out) == "verify: passed (1 target, 0 errors, 1 warning)"
    assert "warning[plural-missing]" in done.err


def plural(*categories: str) -> str:
    items = "".join(f'<item quantity="{each}">%d days</item>' for each in categories)
    return f'<resources><plurals name="days">{items}</plurals></resources>\n'


def test_the_work_tree_is_judged(repo: Repo, call: CommandLine) -> None:
    """What is committed does not count where the work tree holds something else."""
    repo.commit({"web/de/app.json": BROKEN})
    call("verify", "--offline", code=6)

    repo.write({"web/de/app.json": SOUND})
    call("verify", "--offline")


def test_warn_only_lets_through_and_keeps_the_verdict(repo: Repo, call: CommandLine) -> None:
    """For a start in a repository that has old errors."""
    repo.write({"web/de/app.json": BROKEN})

    assert first(call("verify", "--offline", "--warn-only").out).startswith("verify: not passed")
    data = json.loads(call("verify", "--offline", "--warn-only", "--format", "json").out)
    assert (data["exitCode"], data["passed"]) == (0, False)


@pytest.mark.parametrize(
    ("level", "said"), [("warning", "0 errors, 1 warning"), ("ignore", "0 errors, 0 warn")]
)
def test_a_resource_turns_rules_down(repo: Repo, call: CommandLine, level: str, said: str) -> None:
    """What the manifest makes a warning does not close the gate."""
    repo.commit({".l10n.yml": f"{MANIFEST}    rules: {{placeholder-missing: {level}}}\n"})
    repo.write({"web/de/app.json": BROKEN})

    assert said in first(call("verify", "--offline").out)


def test_filters_choose_what_is_judged(repo: Repo, call: CommandLine) -> None:
    """Only the locale that was asked for."""
    repo.write({"web/de/app.json": BROKEN, "web/fr/app.json": SOUND})

    call("verify", "--offline", "-l", "fr-FR")
    call("verify", "--offline", "-l", "de-DE", code=6)


def test_a_source_that_does_not_parse_proves_nothing(repo: Repo, call: CommandLine) -> None:
    """Its translations cannot be judged, so they do not pass."""
    repo.commit({"web/en/app.json": '{"hello": '})

    done = call("verify", "--offline", code=6)

    assert "error[source-unreadable]" in done.err
    assert "web/en/app.json" in done.err


def test_a_file_for_all_locales_is_judged_once(repo: Repo, call: CommandLine) -> None:
    """It is one target, and it has to parse."""
    catalog = '{"sourceLanguage": "en", "strings": {"a": {}}, "version": "1.0"}'
    repo.commit(
        {
            ".l10n.yml": """\
version: 1
sourceLocale: en
locales: {de-DE: de, fr-FR: fr}
resources:
  - name: catalog
    source: App.xcstrings
    target: App.xcstrings
    fileType: xcstrings
""",
            "App.xcstrings": catalog,
        }
    )
    assert first(call("verify", "--offline").out) == "verify: passed (1 target, 0 errors, 0 warnings)"

    repo.write({"App.xcstrings": "{"})
    assert "error[unreadable]" in call("verify", "--offline", code=6).err


def test_annotations_for_a_pull_request(repo: Repo, call: CommandLine) -> None:
    """The verdict first, then one workflow command per finding."""
    repo.write({"web/de/app.json": BROKEN})

    lines = call("verify", "--offline", "--format", "github", code=6).out.rstrip("\n").split("\n")

    assert lines[0].startswith("verify: not passed")
    assert len(lines) == 2
    assert lines[1].startswith("::error file=web/de/app.json,line=2,")
    assert "title=l10nsync placeholder-missing::" in lines[1]


def test_the_result_as_data(repo: Repo, call: CommandLine) -> None:
    """Everything that the text says, for a script."""
    repo.write({"web/de/app.json": BROKEN})

    data = json.loads(call("verify", "--offline", "--format", "json", code=6).out)

    assert (data["exitCode"], data["passed"], data["targets"], data["errors"]) == (6, False, 1, 1)
    assert data["missing"] == ["web/fr/app.json"]
    (found,) = data["diagnostics"]
    assert (found["code"], found["file"], found["line"]) == ("placeholder-missing", "web/de/app.json", 2)
    assert (found["key"], found["locale"], found["source"]) == ("hello", "de-DE", "web/en/app.json")


def test_sarif_names_rules_and_places(repo: Repo, call: CommandLine) -> None:
    """Each result points at its rule and at a file, spelled as an address."""
    repo.commit({"web/en/ü x.json": '{"a": "{b}"}'})
    repo.write({"web/de/app.json": BROKEN, "web/de/ü x.json": "{"})

    log: dict[str, Any] = json.loads(call("verify", "--offline", "--format", "sarif", code=6).out)

    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = [each["id"] for each in run["tool"]["driver"]["rules"]]
    assert rules == ["placeholder-missing", "unreadable"]
    assert all(rules[each["ruleIndex"]] == each["ruleId"] for each in run["results"])
    places = [each["locations"][0]["physicalLocation"] for each in run["results"]]
    assert [each["artifactLocation"]["uri"] for each in places] == [
        "web/de/app.json",
        "web/de/%C3%BC%20x.json",
    ]
    assert [each["region"] for each in places] == [{"startLine": 2}, {"startLine": 1}]
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 6}]


def test_sarif_of_a_clean_run_has_no_results(call: CommandLine) -> None:
    """An upload of it closes the alerts of an earlier one."""
    (run,) = json.loads(call("verify", "--offline", "--format", "sarif").out)["runs"]

    assert run["results"] == []


def test_a_gate_without_rules_is_nothing_for_offline(repo: Repo, call: CommandLine) -> None:
    """Nobody is led to believe that anything was judged."""
    repo.write({".l10n.yml": MANIFEST + "gates: {release: {valid: false}}\n"})
    done = call("verify", "--offline", code=2)

    assert "--offline" in done.err
    assert done.out == ""


def test_a_gate_limits_and_eases_what_offline_judges(repo: Repo, call: CommandLine) -> None:
    """Its resources, locales, waivers and baseline count here too; what is let through only warns."""
    repo.write({"web/de/app.json": BROKEN})
    gates = {
        "gates: {g: {locales: [fr-FR]}}": 0,
        "gates: {g: {resources: [web]}}": 6,
        "gates: {g: {allow: [{locale: de-DE, until: 2099-01-01, reason: x}]}}": 0,
        "gates: {g: {allow: [{locale: de-DE, until: 2020-01-01, reason: x}]}}": 6,
        "gates: {g: {baseline: known.json}}": 6,
    }
    for gate, code in gates.items():
        repo.write({".l10n.yml": f"{MANIFEST}{gate}\n"})
        call("verify", "--offline", code=code)

    call("verify", "--offline", "--write-baseline")
    done = call("verify", "--offline")

    assert (
        first(done.out) == "gate g: passed (1 locale, 1 resource, 1 valid target, 1 known from the baseline)"
    )
    assert "warning[placeholder-missing]" in done.err


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        ("{allow: [{until: 2026-13-40, reason: x}]}", "is not a date"),
        ("{allow: [{locale: de-DE, reason: x}]}", "needs `until`"),
        ("{resources: [wob]}", "Did you mean `web`?"),
        ("{locales: [de]}", "is not among the locales"),
        ("{complete: {de: 1}}", "is not among the locales"),
        ("{baseline: ../x}", "cannot be written"),
    ],
)
def test_a_gate_that_makes_no_sense_is_an_error(repo: Repo, call: CommandLine, gate: str, said: str) -> None:
    """With its place in the manifest."""
    repo.write({".l10n.yml": f"{MANIFEST}gates:\n  g: {gate}\n"})

    done = call("verify", "--offline", code=2)

    assert said in done.err
    assert "--> .l10n.yml:9:" in done.err or "--> " in done.err


def test_silence_when_all_is_well(repo: Repo, call: CommandLine) -> None:
    """With --quiet only what is wrong is printed."""
    assert call("verify", "--offline", "-q").out == ""
    repo.write({"web/de/app.json": BROKEN})
    assert first(call("verify", "--offline", "-q", code=6).out).startswith("verify: not passed")


def test_every_rule_is_described() -> None:
    """A reader of the log finds a sentence for each rule that the formats name."""
    folder = Path(__file__).parents[1] / "l10nsync"
    sources = [
        *folder.glob("formats/*.py"),
        folder / "plan" / "verify.py",
        folder / "plan" / "terms.py",
        folder / "app" / "pull.py",
    ]
    named = {
        rule
        for path in sources
        for rule in re.findall(
            r'(?:(?:Finding|Problem|_lost)\(\s*|rule: str = )"([a-z-]+)"', path.read_text("utf-8")
        )
    }
    assert "key-missing" in named
    assert named == RULES.keys()
