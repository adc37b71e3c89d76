"""`init --from`: old configurations mean here what they meant there, and no key of theirs is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from l10nsync.discovery import Draft, configurations, convert, written
from l10nsync.errors import UsageError
from tests.command_line import CommandLine
from tests.in_process import InProcess
from tests.repositories import Repo


def text_of(name: str, content: str, files: tuple[str, ...] = ()) -> str:
    return written(convert(name, content.encode(), files))


PHRASE = """
phrase:
  frob: 1
  push: {sources: [{file: en.json, odd: x}]}
  pull: {targets: [{file: <locale_name>.json, even: y}]}
"""
LINGO = """{
  "locale": {"source": "en", "targets": ["de"], "odd": 1}, "frob": 2,
  "buckets": {"json": {"include": ["[locale].json"], "even": 3}}
}"""
# fmt: off
UNKNOWN: Mapping[str, tuple[str, str]] = {
    "smartling-config.json": (
        '{"locales": [], "resourceSets": [{"pathRegex": "a.json", "frob": 7}], "top": [1]}', "frob top"),
    "smartling.yml": ("frob: 1\nfiles:\n  a.json: {push: {type: json, odd: x}, even: y}", "frob odd even"),
    "crowdin.yml": ("frob: 1\nfiles: [{source: /a.json, translation: /%locale%.json, odd: x}]", "frob odd"),
    ".tx/config": ("[main]\nfrob = 1\n[o:p:r:w]\nsource_file = en.json\nfile_filter = <lang>.json\nodd = x",
                   "frob odd"),
    ".phrase.yml": (PHRASE, "frob odd even"),
    "i18n.json": (LINGO, "frob odd even"),
    "lokalise.yml": ("frob: 1\nodd: {a: b}", "frob odd"),
    ".tolgeerc.json": ('{"frob": 1, "odd": []}', "frob odd"),
    ".weblate": ("[frob]\nodd = 1", "frob odd"),
    "project.inlang/settings.json": ('{"baseLocale": "en", "locales": ["en", "de"], "frob": 1}', "frob"),
}
# fmt: on


@pytest.mark.parametrize("name", UNKNOWN)
def test_no_key_is_lost(name: str) -> None:
    """A key that nobody here knows is in the new manifest as a comment, wherever it stands."""
    content, keys = UNKNOWN[name]
    lines = [line for line in text_of(name, content).splitlines() if "# TODO key: " in line]
    assert all(any(key in line for line in lines) for key in keys.split()), lines


def test_variables_are_no_secrets_and_secrets_are_not_copied() -> None:
    """What names a variable of the environment is kept as it is; a token is named without its value."""
    said = text_of("crowdin.yml", "api_token_env: MY_TOKEN\napi_token: s3cret\nfiles: []")
    assert 'TODO key: api_token_env: "MY_TOKEN"' in said
    assert "holds a secret (`api_token`)" in said
    assert "s3cret" not in said
    assert "secret" not in text_of("lokalise.yml", "token: ${LOKALISE_TOKEN}")


def test_a_language_mapping_counts_for_its_own_placeholder() -> None:
    """The map of `android_code` is nothing to a path with `two_letters_code`; each entry has its own."""
    content = """
files:
  - {source: /web/en.json, translation: /web/%two_letters_code%.json,
     languages_mapping: {two_letters_code: {pt-BR: br}, android_code: {pt-BR: pt-rBR, ja: ja}}}
  - {source: /res/values/s.xml, translation: /res/values-%android_code%/s.xml,
     languages_mapping: {two_letters_code: {pt-BR: br}, android_code: {pt-BR: pt-rBR}}}
"""
    draft = convert("crowdin.yml", content.encode())
    web, android = draft.resources
    assert draft.locales == {"pt-BR": "br"}
    assert (web.locale_map, android.locale_map) == ({}, {"pt-BR": "pt-rBR"})


def test_languages_that_crowdin_exports_are_the_locales() -> None:
    """`export_languages` says which language a placeholder stands for: `pt` is Brazilian there."""
    content = """
export_languages: [de, pt-BR, zh-CN]
files:
  - {source: /web/en.json, translation: /web/%two_letters_code%.json}
  - {source: /res/values/s.xml, translation: /res/values-%android_code%/s.xml}
"""
    files = ("web/en.json", "web/pt.json", "web/fr.json", "res/values/s.xml")
    draft = convert("crowdin.yml", content.encode(), files)
    assert draft.locales == {"de-DE": "de", "pt-BR": "pt", "zh-CN": "zh"}
    assert draft.resources[1].locale_map["pt-BR"] == "pt-rBR"
    assert not any("export_languages" in note for note in draft.notes)


def test_an_i18n_json_of_another_tool_is_none_of_lingo() -> None:
    """next-translate's `i18n.json` is neither offered nor read as a configuration to convert."""
    content = '{"locales": ["en", "de"], "defaultLocale": "en", "pages": {}}'
    assert configurations(["i18n.json"], lambda _path: content.encode()) == []
    assert configurations(["i18n.json"], lambda _path: LINGO.encode()) == ["i18n.json"]
    with pytest.raises(UsageError, match="no `buckets`"):
        convert("i18n.json", content.encode())


def test_dots_that_a_regular_expression_does_not_escape_are_dots() -> None:
    """`en/app.json` as a regular expression is meant as a path, and written as one."""
    content = json.dumps({
        "locales": [{"smartling": "de-DE", "application": "de"}],
        "resourceSets": [{"pathRegex": "web/en/app.json", "type": "json",
                          "translationPathExpression": "web/${locale}/app.json"}],
    })  # fmt: skip
    draft = convert("smartling-config.json", content.encode(), ("web/en/app.json",))
    assert [each.sources for each in draft.resources] == [("web/en/app.json",)]
    assert not any("pathRegex" in note for each in draft.resources for note in each.notes)


def test_braces_and_slashes_of_globs_are_theirs() -> None:
    """`{a,b}` becomes two patterns, `//` one slash, and `**` within a name crosses folders."""
    crowdin = "files: [{source: '/l//en/{a,b}.json', translation: '/l//%locale%/%original_file_name%'}]"
    (only,) = convert("crowdin.yml", crowdin.encode()).resources
    assert (only.sources, only.target) == (("l/en/a.json", "l/en/b.json"), "l/{locale}/{name}")
    (cli,) = convert("smartling.yml", b'files: {"web/**.json": {push: {type: json}}}').resources
    assert cli.sources == ("web/**/*.json",)


def test_what_no_glob_says_is_the_files_of_today() -> None:
    """Alternation and named groups are translated by the files that they match, with a note."""
    content = json.dumps({
        "locales": [{"smartling": "de-DE", "application": "de"}],
        "resourceSets": [{"pathRegex": "(?<app>web|shop)/(en|us)\\.json", "type": "json",
                          "translationPathExpression": "${app}/${locale}.json"}],
    })  # fmt: skip
    files = ("web/en.json", "shop/us.json", "other/en.json")
    draft = convert("smartling-config.json", content.encode(), files)
    assert {each.sources: each.target for each in draft.resources} == {
        ("web/en.json",): "web/{locale}.json",
        ("shop/us.json",): "shop/{locale}.json",
    }
    assert "TODO" in written(draft)


def test_replacements_of_the_connector_are_carried_out() -> None:
    """`replaceAll` on a variable is done file by file; named groups stand beside the variables."""
    content = json.dumps({
        "locales": [{"smartling": "de-DE", "application": "values-de"}],
        "resourceSets": [
            {"pathRegex": ".*/values/strings.*\\.xml", "type": "android",
             "translationPathExpression": "${originalFile.fullName.replaceAll('values', locale)}"},
            {"pathRegex": "(?<path>.*)/a_en\\.json", "type": "json", "translationPathExpression":
             "${path}/${originalFile.baseName.replaceAll('_en$', '_'+locale)}.json"},
        ],
    })  # fmt: skip
    files = ("app/values/strings.xml", "lib/values/strings-x.xml", "web/a_en.json")
    draft = convert("smartling-config.json", content.encode(), files)
    assert {meant.source: meant.template for meant in draft.meaning} == {
        "app/values/strings.xml": "app/{locale}/strings.xml",
        "lib/values/strings-x.xml": "lib/{locale}/strings-x.xml",
        "web/a_en.json": "web/a_{locale}.json",
    }
    targets = {source: resource.target for resource in draft.resources for source in resource.sources}
    assert targets["web/a_en.json"] == "web/a_{locale}.json"
    assert "TODO: write as a target" not in written(draft)


def test_letters_tell_the_source_where_paths_do_not() -> None:
    """Pages in Russian with English ones beside them: English is the target."""
    pages = {"docs/a.md": "# Привет, мир\n", "docs/en/a.md": "# Hello, world\n"}
    crowdin = "files: [{source: /docs/*.md, translation: /docs/%two_letters_code%/%original_file_name%}]"
    draft = convert("crowdin.yml", crowdin.encode(), list(pages), lambda path: pages[path].encode())
    assert (draft.source_locale, dict(draft.locales)) == ("ru-RU", {"en-US": "en"})


def test_settings_of_unfinished_translations_are_carried_over() -> None:
    """Thresholds, skipped strings and excluded languages are settings of the resource."""
    tx = "[o:p:r:web]\nsource_file = en.json\nfile_filter = <lang>.json\nminimum_perc = 60\n"
    assert "pull: {minCompletion: 60}" in text_of(".tx/config", tx, ("en.json", "de.json"))
    crowdin = (
        "files: [{source: /en.json, translation: /%locale%.json, skip_untranslated_strings: true,"
        " excluded_target_languages: [ja]}]"
    )
    draft = convert("crowdin.yml", crowdin.encode(), ["en.json", "de.json", "ja.json"])
    assert draft.resources[0].pull == {"incomplete": "empty"}
    assert draft.locales == {"de-DE": "de"}


def lingo() -> Draft:
    buckets = {"json": {"include": ["l/[locale].json"]}}
    content = json.dumps({"locale": {"source": "en", "targets": ["de", "fr"]}, "buckets": buckets})
    return convert("i18n.json", content.encode(), ["l/en.json", "l/de.json"])


def test_what_is_pulled_alone_has_the_source_that_lies_beside_it() -> None:
    """Phrase may know targets alone: the platform says where their source lies, and a note asks."""
    phrase = "phrase: {pull: {targets: [{file: a/res/values-<locale_code>/strings.xml}]}}"
    files = [f"a/res/{values}/strings.xml" for values in ("values", "values-de")]
    draft = convert(".phrase.yml", phrase.encode(), files)
    assert (draft.resources[0].sources, draft.locales) == (("a/res/values/strings.xml",), {"de-DE": "de"})
    assert "pushes no source for it" in written(draft)


def test_old_files_of_phrase_name_each_language() -> None:
    """`phraseapp` is the older root key; a path for each language is one pattern, and a tag is a wildcard."""
    phrase = """
phraseapp:
  push: {sources: [{file: ./l/en-US.json}, {file: ./l/fr-CA.json, odd: x},
                   {file: ./p/<locale_code>/<tag>.php}]}
  pull: {targets: [{file: ./l/en-US.json}, {file: ./l/fr-CA.json}, {file: ./p/<locale_code>/a.php},
                   {file: ./p/<locale_code>/b.php}]}
"""
    files = [
        "l/en-US.json",
        "l/fr-CA.json",
        *(f"p/{name}/{file}.php" for name in ("en-US", "de") for file in "ab"),
    ]
    draft = convert(".phraseapp.yml", phrase.encode(), files)
    assert {resource.sources[0]: resource.target for resource in draft.resources} == {
        "l/en-US.json": "l/{locale}.json",
        "p/en-US/a.php": "p/{locale}/a.php",
        "p/en-US/b.php": "p/{locale}/b.php",
    }
    assert "TODO key: phraseapp.push.sources[1].odd" in written(draft)


def test_locales_are_known_where_the_source_is_made_by_a_program() -> None:
    """A template that the build makes is not in the repository, but the translations of it are."""
    tx = "[o:p:r:app]\nsource_file = po/app.pot\nfile_filter = po/<lang>.po\n"
    draft = convert(".tx/config", tx.encode(), ["po/de.po", "po/fr.po"])
    assert draft.locales == {"de-DE": "de", "fr-FR": "fr"}


def test_a_table_of_all_languages_is_named() -> None:
    """What holds all languages in columns is no source of one language."""
    content = (
        '{"locale": {"source": "en", "targets": ["de"]}, "buckets": {"csv": {"include": ["l/i18n.csv"]}}}'
    )
    draft = convert("i18n.json", content.encode(), ["l/i18n.csv"])
    assert draft.resources == ()
    assert "TODO key: buckets.csv: l/i18n.csv holds all languages" in written(draft)


def test_translations_that_an_old_pattern_matches_are_named() -> None:
    """The old tool would take them for sources; here a target is never one, and the manifest says so."""
    crowdin = (
        "files: [{source: /docs/**/*.md, translation: /docs/%two_letters_code%/**/%original_file_name%}]"
    )
    files = ["docs/a.md", "docs/de/a.md", "docs/fr/a.md"]
    said = text_of("crowdin.yml", crowdin, tuple(files))
    assert "also matches translations, which are not sources here: docs/de/a.md and 1 more are" in said


def test_a_placeholder_of_an_ignored_path_is_every_language() -> None:
    """What is ignored for each language is no source; a folder of another name stays one."""
    content = """
files:
  - {source: '/docs/**/*.md', ignore: ['/docs/%two_letters_code%/**/*'],
     translation: '/docs/%two_letters_code%/**/%original_file_name%'}
"""
    files = ["docs/a.md", "docs/guide/b.md", "docs/de/a.md", "docs/de/guide/b.md", "docs/fr/old.md"]
    draft = convert("crowdin.yml", content.encode(), files)
    assert sorted(meant.source for meant in draft.meaning) == ["docs/a.md", "docs/guide/b.md"]


def test_main_says_what_resources_do_not() -> None:
    """Type, source language and threshold of `[main]` count for every resource of Transifex."""
    content = (
        "[main]\ntype = QT\nsource_lang = de\nminimum_perc = 40\n[o:p:r:app]\nfile_filter = tr/<lang>.ts\n"
    )
    draft = convert(".tx/config", content.encode(), ["tr/de.ts", "tr/fr.ts"])
    (only,) = draft.resources
    assert (draft.source_locale, only.sources, dict(only.pull)) == (
        "de-DE",
        ("tr/de.ts",),
        {"minCompletion": "40"},
    )
    assert "TODO key: main.type" not in written(draft)


def test_the_source_language_is_never_a_target(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    """A stale `en` beside the source `en-US` is not ordered; it is named."""
    command = CommandLine(repo, capsys)
    repo.commit({f"l/{name}.json": '{"a": "b"}' for name in ("en-US", "en", "de")})
    repo.commit({"crowdin.yml": "files: [{source: /l/en-US.json, translation: /l/%locale%.json}]"})
    done = command("init", "--from", "crowdin.yml", "--report")
    assert "not taken  l/en.json: it is in the source language, but the source is another file" in done.out
    assert "(1 translation alike)" in done.out


def test_nothing_to_take_is_said_and_nothing_written(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    """Files of types that are not read make no manifest; the reasons stand in the hint."""
    command = CommandLine(repo, capsys)
    repo.commit({f"l/{name}.xyz": "a" for name in ("en", "de")})
    repo.commit({"crowdin.yml": "files: [{source: /l/en.xyz, translation: /l/%locale%.xyz}]"})
    assert "l/en.xyz" in command("init", "--from", "crowdin.yml", "-l", "de", code=2).err
    assert not (repo.root / ".l10n.yml").exists()


def test_locales_that_a_file_lists_are_all_taken() -> None:
    """A list of targets is the list, with or without files."""
    assert lingo().locales == {"de-DE": "de", "fr-FR": "fr"}
    assert lingo().resources[0].target == "l/{locale}.json"


def test_an_expression_that_is_none_is_a_note() -> None:
    """The other sets are taken, and what this one says is not lost."""
    sets = [{"pathRegex": "*.xml", "type": "xml", "frob": 1}, {"pathRegex": "en/a.json", "type": "json"}]
    content = json.dumps({"locales": [{"smartling": "de-DE", "application": "de"}], "resourceSets": sets})
    text = text_of("smartling-config.json", content, ("en/a.json", "b.xml"))
    assert 'TODO: pathRegex "*.xml" cannot be read: nothing to repeat' in text
    assert "source: en/a.json" in text
    assert "TODO key: resourceSets[0].frob: 1" in text


def test_the_source_of_phrase_is_the_file_that_is_there() -> None:
    """`<locale_code>` of English is `en-US` where the files are called so."""
    content = """
phrase:
  push: {sources: [{file: i/<locale_code>.json}]}
  pull: {targets: [{file: i/<locale_code>.json}]}
"""
    draft = convert(".phrase.yml", content.encode(), ("i/en-US.json", "i/lo.json"))
    assert [each.sources for each in draft.resources] == [("i/en-US.json",)]
    assert draft.locales == {"lo": "lo"}


def test_what_is_only_sent_is_the_same_here(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    """A set of the connector without an expression for translations is upload only: no difference."""
    sets = [{"pathRegex": "messages/.*\\.json", "type": "json"}]
    config = {"locales": [{"smartling": "de-DE", "application": "de"}], "resourceSets": sets}
    repo.commit({"messages/en.json": '{"a": "b"}', "smartling-config.json": json.dumps(config)})
    command = CommandLine(repo, capsys)
    assert "Parity" in command("init", "--from", "smartling-config.json", "--report").out
    assert b"target: null" in repo.read(".l10n.yml")


def test_the_report_tells_each_difference(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    """Parity is said and exit 0; a manifest that was changed since differs by file and locale, exit 3."""
    command = CommandLine(repo, capsys)
    repo.commit({f"l/{name}/{file}.json": '{"a": "b"}' for name in ("en", "de") for file in "xy"})
    repo.commit(
        {"crowdin.yml": "files: [{source: '/l/en/*.json', translation: '/l/%locale%/%original_file_name%'}]"}
    )
    done = command("init", "--from", "crowdin.yml", "--report")
    assert "Parity: the manifest matches the old configuration (2 translations alike)." in done.out
    path = repo.root / ".l10n.yml"
    path.write_text(path.read_text("utf-8").replace("l/{locale}/{name}", "out/{locale}/{name}"), "utf-8")
    done = command("init", "--from", "crowdin.yml", "--report", code=3)
    assert "l/en/x.json de-DE: l/de/x.json in the old file, out/de/x.json in the manifest" in done.out
    assert (
        json.loads(command("init", "--from", "crowdin.yml", "--report", "--format", "json", code=3).out)[
            "same"
        ]
        == 0
    )


def test_one_locale_with_two_names_is_no_difference(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    """`he` and `iw` are both what the old file means, and what the manifest writes."""
    command = CommandLine(repo, capsys)
    repo.commit({f"l/{name}.json": '{"a": "b"}' for name in ("en", "he", "iw")})
    repo.commit({"crowdin.yml": "files: [{source: /l/en.json, translation: /l/%two_letters_code%.json}]"})
    assert "(2 translations alike)" in command("init", "--from", "crowdin.yml", "--report").out
    path = repo.root / ".l10n.yml"
    path.write_text(path.read_text("utf-8").replace("[he, iw]", "he"), "utf-8")
    done = command("init", "--from", "crowdin.yml", "--report", code=3)
    assert "l/en.json he-IL: l/iw.json in the old file, nothing in the manifest" in done.out


def test_the_report_compares_places_not_guessed_ids(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    """An id that a person corrects (`de` for `de-DE`) changes no place; another language's does."""
    command = CommandLine(repo, capsys)
    repo.commit({f"l/{name}.json": '{"a": "b"}' for name in ("en", "de")})
    repo.commit({"crowdin.yml": "files: [{source: /l/en.json, translation: /l/%two_letters_code%.json}]"})
    command("init", "--from", "crowdin.yml")
    path = repo.root / ".l10n.yml"
    manifest = path.read_text("utf-8")
    path.write_text(manifest.replace("de-DE: de", "de: de"), "utf-8")
    assert "Parity: " in command("init", "--from", "crowdin.yml", "--report").out
    path.write_text(manifest.replace("de-DE: de", "fr-FR: de"), "utf-8")
    assert "l/en.json fr-FR: nothing in" in command("init", "--from", "crowdin.yml", "--report", code=3).out


def test_a_migration_pays_for_no_word(repo: Repo, in_process: InProcess) -> None:
    """Sources go up unordered, translations come in, the status is full, and a pull writes nothing."""
    german, french = {"a": "Hallo Welt", "b": "Bis bald"}, {"a": "Bonjour le monde", "b": "À bientôt"}
    files = {
        f"web/{name}/app.json": json.dumps(texts, ensure_ascii=False, indent=2) + "\n"
        for name, texts in {"en": {"a": "Hello world", "b": "See you"}, "de": german, "fr": french}.items()
    }
    crowdin = (
        "files: [{source: '/web/en/*.json', translation: '/web/%two_letters_code%/%original_file_name%'}]"
    )
    repo.commit({**files, "crowdin.yml": crowdin})
    in_process.run(repo, "init", "--from", "crowdin.yml", "--report")
    repo.commit({".l10n.yml": (repo.root / ".l10n.yml").read_text("utf-8")})

    in_process.run(repo, "check")
    in_process.run(repo, "push", "--no-authorize")
    in_process.run(repo, "import", "--yes")

    assert in_process.run(repo, "status", "--fail-if-incomplete").code == 0
    in_process.run(repo, "pull")
    assert {path: (repo.root / path).read_text("utf-8") for path in files} == files
    jobs = json.loads(in_process.run(repo, "job", "list", "--format", "json").out)["jobs"]
    assert not any(job["status"] == "IN_PROGRESS" for job in jobs), jobs
