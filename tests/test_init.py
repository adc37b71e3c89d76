"""A first manifest: what a repository holds is found, what another tool said is carried over or named."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l10nsync import layout, manifest
from l10nsync.discovery import Draft, DraftResource, convert, detect, take_stock, written
from l10nsync.discovery.foreign import glob_of, go_template
from l10nsync.errors import UsageError
from l10nsync.layout import Layout, TrackedTree
from l10nsync.model import Manifest
from tests.command_line import CommandLine
from tests.in_process import InProcess
from tests.repositories import Repo

EXAMPLES = sorted(Path(__file__).parents[1].glob("examples/*/.l10n.yml"))
NAMES_TELL = [each for each in EXAMPLES if each.parent.name not in {"docs-markdown", "qt", "string-catalogs"}]
"""Not so the branch in a fileUri, whether `.ts` is Qt's, and what a catalog holds."""
ENVIRONMENT = {"SMARTLING_PROJECT_ID": "p1"}


def loaded(text: str) -> Manifest:
    return manifest.load(text.encode(), file=".l10n.yml", folder="", environ=ENVIRONMENT)


def laid(text: str, files: list[str]) -> Layout:
    return layout.lay_out(loaded(text), TrackedTree(sorted(files), branch="main"))


@pytest.mark.parametrize("path", NAMES_TELL, ids=lambda path: path.parent.name)
def test_the_examples_are_found_again(path: Path) -> None:
    """From sources and translations alone, a manifest comes about that takes every source to its targets."""
    root = path.parent
    files = [each.relative_to(root).as_posix() for each in root.rglob("*") if each.is_file() and each != path]
    wanted = laid(path.read_text("utf-8"), files).sources
    files += [target.path for source in wanted for target in source.targets]

    found = laid(written(detect(take_stock(files))), files)

    assert [each.message for each in found.diagnostics if each.severity == "error"] == []
    targets = {each.path: {target.path for target in each.targets} for each in found.sources}
    for source in wanted:
        assert source.path in targets
        assert {each.path for each in source.targets if each.locale} <= targets[source.path], source.path


def test_words_and_strangers_are_no_locales() -> None:
    """`sign_in.json`, tests and packages of others are left alone."""
    files = [
        "src/sign_in.json",
        "src/sign.json",
        "node_modules/x/locales/en.json",
        "tests/locales/en.json",
        "a/id.json",
    ]
    assert detect(take_stock(files)).resources == ()


def test_folders_that_differ_in_one_name_are_one_resource() -> None:
    """Three packages with the same layout are one entry with a star; each target is its source's."""
    files = [f"pages/{page}/locales/{name}/{page}.json" for page in ("a", "b", "c") for name in ("en", "de")]
    draft = detect(take_stock([*files, "other/en.json", "other/de.json", "x/en-US.de.json"]))
    sources = {each.sources[0]: each.target for each in draft.resources}
    assert sources == {
        "pages/*/locales/en/*.json": "pages/*/locales/{locale}/*.json",
        "other/en.json": "other/{locale}.json",
    }
    found = laid(written(draft), [*files, "other/en.json", "other/de.json"])
    assert {each.path: each.targets[0].path for each in found.sources}["pages/b/locales/en/b.json"] == (
        "pages/b/locales/de/b.json"
    )


names = st.sampled_from(
    ["en", "de", "fr", "pt-BR", "zh_CN", "a", "locales", "values", "values-de", "x y", "ü"]
)
paths = st.lists(
    st.lists(names, min_size=1, max_size=3).flatmap(
        lambda parts: st.sampled_from([".json", ".yml", ".properties", ".strings", ".po", ".xml"]).map(
            lambda suffix: "/".join(parts) + suffix
        )
    ),
    max_size=12,
    unique=True,
)


@settings(deadline=None)
@given(paths)
def test_a_draft_is_always_a_manifest(files: list[str]) -> None:
    """Whatever files there are, what is drafted passes the schema and every check of a manifest."""
    draft = detect(take_stock(files))
    if draft.resources and draft.locales:
        loaded(written(draft))


@settings(deadline=None)
@given(st.text(max_size=20), st.text(min_size=1, max_size=20).filter(lambda text: "{" not in text))
def test_any_text_reads_back(name: str, value: str) -> None:
    """Names and values stand in the manifest as they are, whatever YAML would make of them."""
    clean = "".join(char for char in name + value if char.isprintable())
    draft = Draft(
        (DraftResource(clean or "x", ("a.json",), None, directives={"d": clean or "x"}),), {"de-DE": "de"}
    )
    resource = loaded(written(draft)).resources[0]
    assert (resource.name, resource.directives["d"]) == (clean or "x", clean or "x")


# --- other tools ------------------------------------------------------------------------------------------

CONNECTOR = r"""{
  // locales
  "locales": [{"smartling": "de-DE", "application": "de"}, {"smartling": "fr-FR"},],
  "resourceSets": [
    {"type": "android", "pathRegex": ".*/src/main/res/values/strings.*\\.xml", "authorizeContent": "true",
     "translationPathExpression": "${originalFile.path}-${locale}/${originalFile.name}",
     "smartlingDirectives": ["smartling.placeholder_format_custom = \\{.+?\\}", "entity_escaping:auto"]},
    {"type": "json", "pathRegex": "web/(?<app>[a-z]+)/(en|us)\\.json"}, /* too much for a glob */
  ],
}"""


def test_the_repository_connector_is_carried_over() -> None:
    """Comments and trailing commas are read; what a glob cannot say becomes a note with the old text."""
    draft = convert("smartling-config.json", CONNECTOR.encode())
    first, second = draft.resources
    assert draft.locales == {"de-DE": "de", "fr-FR": "fr-FR"}
    assert (draft.authorize, first.file_type) == (True, "android")
    assert first.sources == ("**/src/main/res/values/strings*.xml",)
    assert first.target == "{dir}-{locale}/{name}"
    assert first.directives == {"placeholder_format_custom": r"\{.+?\}", "entity_escaping": "auto"}
    assert second.target is None
    assert "TODO" in second.notes[0]
    assert "(en|us)" in second.notes[0]
    assert loaded(written(draft)).resources[0].target == first.target


def test_smartlings_command_line_is_carried_over() -> None:
    """Patterns, types and templates; the secret stays where it was, and that is said."""
    text = """
project_id: abc123
user_id: u
secret: s3cr3t
files:
  default: {pull: {format: "{{name .FileURI}}{{with .Locale}}_{{.}}{{end}}{{ext .FileURI}}"}}
  "locales/*.json": {push: {type: json, directives: {string_format: icu}}}
"""
    draft = convert("conf/smartling.yml", text.encode())
    (only,) = draft.resources
    assert (only.sources, only.target, only.file_type) == (
        ("locales/*.json",),
        "{dir}/{stem}_{locale}.{ext}",
        "json",
    )
    assert draft.project == "abc123"
    assert any("secret" in note for note in draft.notes)
    assert "s3cr3t" not in written(draft)
    assert go_template("{{.Unknown}}") is None


def test_crowdin_and_transifex_are_carried_over() -> None:
    """Their placeholders become ours; locales are read from the files that the targets mean."""
    crowdin = b"""
files:
  - source: /locales/en/**/*.json
    translation: /locales/%two_letters_code%/**/%original_file_name%
    ignore: [/locales/en/internal.json]
"""
    draft = convert("crowdin.yml", crowdin)
    (only,) = draft.resources
    assert (only.sources, only.target) == (("locales/en/**/*.json",), "locales/{locale}/**/{name}")
    transifex = b"""\
[main]
lang_map = de_DE: de

[o:a:p:b:r:app]
file_filter = po/<lang>.po
source_file = po/app.pot
source_lang = en
"""
    draft = convert(".tx/config", transifex)
    (only,) = draft.resources
    assert (only.name, only.sources, only.target) == ("app", ("po/app.pot",), "po/{locale}.po")
    assert draft.locales == {"de-DE": "de"}
    files = ["po/de.po", "po/pt_BR.po", "po/app.pot"]
    assert convert(".tx/config", transifex, files).locales == {"de-DE": "de", "pt-BR": "pt_BR"}


@pytest.mark.parametrize(
    ("regex", "glob"),
    [
        (r"^locales/en/[^/]+\.json$", "locales/en/*.json"),
        (r".*/values/strings\.xml", "**/values/strings.xml"),
        (r"src/.*\.properties", "src/**/*.properties"),
        (r"a/(?<name>.*)/b\.json", "a/**/b.json"),
        (r"a(b|c)\.json", None),
        (r"a[0-9]\.json", None),
    ],
)
def test_regular_expressions_become_globs_or_nothing(regex: str, glob: str | None) -> None:
    """A glob that means the same, or none."""
    assert glob_of(regex) == glob


@settings(deadline=None)
@given(
    st.sampled_from(["smartling-config.json", "smartling.yml", "crowdin.yml", "config"]),
    st.binary(max_size=80),
)
def test_a_configuration_that_cannot_be_read_is_an_error(name: str, content: bytes) -> None:
    """Whatever stands in it: a draft or a clear error."""
    with contextlib.suppress(UsageError):
        convert(name, content)


# --- the command ------------------------------------------------------------------------------------------


def test_init_writes_a_manifest_and_tells_of_the_translations(
    repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is valid as it is, names what to do next, and is not overwritten."""
    command = CommandLine(repo, capsys)
    repo.commit(
        {f"web/locales/{name}/{file}.json": '{"a": "b"}' for name in ("en", "de", "fr") for file in "xy"}
    )

    done = command("init")

    assert done.out.startswith("Wrote .l10n.yml (1 resource, 2 locales).")
    assert "web/locales/en/*.json" in done.out
    assert "4 translations: once the sources are pushed, `l10nsync import`" in done.out
    assert command("check").out.startswith(".l10n.yml: valid (2 sources, 4 targets)")
    assert "already" in command("init", code=8).err
    assert "version: 1" in command("init", "--print").out


def test_init_says_what_it_lacks(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    """No translations, no locale, no such file: an error that says how to go on."""
    command = CommandLine(repo, capsys)
    repo.commit(
        {"README.md": "x", "crowdin.yml": "files: [{source: a/en.json, translation: 'a/%locale%.json'}]"}
    )
    assert "no translations found" in command("init", code=2).err
    assert "-l de" in command("init", "--from", "crowdin.yml", code=2).err
    assert "cannot read none" in command("init", "--from", "none/crowdin.yml", code=2).err
    repo.commit({"a/en.json": "{}"})
    assert "(1 resource, 1 locale)" in command("init", "--from", "crowdin.yml", "-l", "de").out
    assert command("check").out.startswith(".l10n.yml: valid")


def test_the_projects_ids_decide(repo: Repo, in_process: InProcess) -> None:
    """With credentials the ids and the source are the project's; a locale that it lacks is named."""
    in_process.ident = in_process.control.project(("de-AT", "fr-FR", "pt-BR"), "en-GB")
    repo.commit({f"l/{name}.json": '{"a": "b"}' for name in ("en", "de", "fr", "pt_BR", "ja")})

    done = in_process.run(repo, "init")

    text = (repo.root / ".l10n.yml").read_text("utf-8")
    assert "sourceLocale: en-GB" in text
    assert [line.strip() for line in text.splitlines() if line.startswith("  ") and "-" in line][:3] == [
        "de-AT: de", "fr-FR: fr", "pt-BR: pt_BR",
    ]  # fmt: skip
    assert "not taken  locale ja-JP (ja): the project has no such locale" in done.out
    repo.commit({".l10n.yml": text})
    in_process.run(repo, "check", "--online")


def test_a_project_that_cannot_be_asked_does_not_hinder(repo: Repo, in_process: InProcess) -> None:
    """Without the service the ids are guesses, and that is said."""
    repo.commit({f"l/{name}.json": '{"a": "b"}' for name in ("en", "de")})
    in_process.environ = {"SMARTLING_USER_SECRET": "k7Gq2vX9nobody"}
    done = in_process.run(repo, "init")
    assert "so locale ids are guessed" in done.err
    assert "de-DE: de" in (repo.root / ".l10n.yml").read_text("utf-8")


def test_what_is_found_is_printed_as_json(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    """One object says what was written, what was left out and why; a report adds what differs."""
    command = CommandLine(repo, capsys)
    repo.commit({f"l/{name}.json": '{"a": "b"}' for name in ("en", "de", "klingon", "fr")})
    repo.commit({"crowdin.yml": "files: [{source: /l/en.json, translation: /l/%two_letters_code%.json}]"})
    said = json.loads(command("init", "--format", "json").out)
    assert (said["written"], said["translations"], said["strings"]) == (True, 2, 1)
    assert said["resources"] == [{"name": "l", "source": ["l/en.json"], "target": "l/{locale}.json"}]
    assert "klingon" in said["notTaken"][0]
    assert said["otherTools"] == [{"path": "crowdin.yml", "tool": "Crowdin"}]
    again = command("init", "--from", "crowdin.yml", "--force", "--report", "--format", "json").out
    assert json.loads(again)["differences"] == []
    assert "no format" in command("--format", "markdown", "init", "--force", code=2).err
