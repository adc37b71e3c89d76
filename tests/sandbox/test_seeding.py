"""Loading what exists: repositories with their translations, and translated files handed in."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from l10nsync.sandbox import commands, seeding
from tests.repositories import Repo
from tests.runner import Runner

MANIFEST = """\
version: 1
sourceLocale: en-US
locales: {de-DE: de, es-ES: [es-ES, es-MX]}
resources:
  - name: web
    source: locales/en/**/*.json
    target: locales/{locale}/**/*.json
    directives: {placeholder_format_custom: '\\{\\{.+?\\}\\}'}
"""
POT = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Save"
msgstr ""

msgid "%d file"
msgid_plural "%d files"
msgstr[0] ""
msgstr[1] ""
"""
SHOP = {"title": "Shop", "nested": {"pay": "Pay now"}}


def as_json(value: object) -> str:
    """Return a file as people write it."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def sandbox(runner: Runner, folder: Path, *arguments: str, code: int = 0) -> str:
    """Run a sandbox command and return what it printed."""
    environ = {**runner.environment(), "L10NSYNC_SANDBOX_URL": runner.server.url}
    done = subprocess.run(
        [sys.executable, "-m", "l10nsync", "sandbox", *arguments],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def test_a_seeded_repository_has_nothing_to_push_or_pull(runner: Runner, repo: Repo) -> None:
    """Sources, settings and translations are those that a push and a pull would have made."""
    runner.project(["de-DE", "es-ES"])
    german = {"title": "Laden", "nested": {"pay": "Jetzt zahlen"}}
    spanish = {"title": "Tienda", "nested": {"pay": "Pagar"}}
    repo.commit(
        {
            ".l10n.yml": MANIFEST,
            "locales/en/shop/main.json": as_json(SHOP),
            "locales/de/shop/main.json": as_json(german),
            "locales/es-ES/shop/main.json": as_json(spanish),
            "locales/es-MX/shop/main.json": as_json(spanish),
        }
    )
    said = sandbox(runner, repo.root, "seed", ".")
    assert "1 sources and 2 translated files with 4 strings" in said
    assert runner.run(repo, "push").out.startswith("No changes")
    assert runner.run(repo, "pull").out.startswith("No changes")


def test_what_is_not_translated_is_left_to_translate(runner: Runner, repo: Repo) -> None:
    """A missing target, and an edited source, are pushed as ever."""
    repo.commit({
        ".l10n.yml": MANIFEST, "locales/en/shop.json": as_json(SHOP),
        "locales/de/shop.json": as_json({"title": "Laden", "nested": {"pay": "Zahlen"}, "old": "Alt"}),
    })  # fmt: skip
    runner.project(["de-DE", "es-ES"])
    sandbox(runner, repo.root, "seed", ".")
    file = runner.control.view(runner.ident)["files"]["locales/en/shop.json"]
    assert list(file["locales"]) == ["de-DE"]
    assert [text for _key, _state, text in file["locales"]["de-DE"]] == ["Laden", "Zahlen"]
    assert "locale added" in runner.run(repo, "plan", "--push").out


APPLE = '/* A button */\n"ok" = "OK";\n"hi" = "Hi %@";\n'
CATALOG = {"sourceLanguage": "en", "version": "1.0", "strings": {"Hello": {}, "%lld cups": {}}}
MIXED = """\
version: 1
sourceLocale: en-US
locales: {de-DE: de, cs-CZ: cs}
resources:
  - {name: po, source: po/app.pot, target: "po/{locale}.po", fileType: gettext}
  - {name: apple, source: App/en.lproj/*.strings, target: "App/{locale}.lproj/*.strings"}
  - {name: catalog, source: App/Localizable.xcstrings, target: App/Localizable.xcstrings}
  - {name: pages, source: docs/en/*.md, target: "docs/{locale}/*.md"}
"""


def test_a_round_trip_survives_a_new_sandbox(runner: Runner, repo: Repo) -> None:
    """Translated in one project, seeded into a second from the files alone: nothing to do there."""
    repo.commit({
        ".l10n.yml": MIXED,
        "po/app.pot": POT,
        "App/en.lproj/Localizable.strings": APPLE.encode("utf-16"),
        "App/Localizable.xcstrings": as_json(CATALOG),
        "docs/en/a.md": "# Title\n\nOne paragraph.\n\nAnother one.\n",
    })  # fmt: skip
    runner.project(["de-DE", "cs-CZ"])
    runner.run(repo, "push")
    runner.translate()
    runner.run(repo, "pull")
    repo.commit()
    runner.project(["de-DE", "cs-CZ"])
    said = sandbox(runner, repo.root, "seed", ".")
    assert "left out" not in said
    assert runner.run(repo, "push").out.startswith("No changes"), said
    assert runner.run(repo, "pull").out.startswith("No changes"), said


def test_a_string_catalog_gives_what_is_translated(runner: Runner, repo: Repo) -> None:
    """What Xcode has marked as new holds the source and is left to translate."""
    units = {"de": ("translated", "Hallo"), "cs": ("new", "Hello")}
    localizations = {
        locale: {"stringUnit": {"state": state, "value": value}} for locale, (state, value) in units.items()
    }
    catalog = {
        "sourceLanguage": "en",
        "version": "1.0",
        "strings": {"Hello": {"localizations": localizations}},
    }
    manifest = """\
version: 1
sourceLocale: en
locales: [de, cs]
resources:
  - {name: app, source: Localizable.xcstrings, target: Localizable.xcstrings}
"""
    repo.commit({".l10n.yml": manifest, "Localizable.xcstrings": as_json(catalog)})
    runner.project(["de", "cs"], source="en")
    sandbox(runner, repo.root, "seed", ".")
    file = runner.control.view(runner.ident)["files"]["Localizable.xcstrings"]
    assert file["locales"] == {"de": [["Hello", "published", "Hallo"]]}


def test_a_folder_without_a_manifest_is_said(runner: Runner, tmp_path: Path) -> None:
    """The message is that of the command that reads manifests."""
    Repo(tmp_path / "repo").commit({"a.txt": "a"})
    assert ".l10n.yml" in sandbox(runner, tmp_path / "repo", "seed", ".", code=2)


def test_translators_hand_in_whole_files(runner: Runner, repo: Repo, tmp_path: Path) -> None:
    """A folder laid out as a downloaded archive is taken file by file, published or not."""
    repo.commit({".l10n.yml": MANIFEST, "locales/en/shop.json": as_json(SHOP)})
    runner.project(["de-DE", "es-ES"])
    runner.run(repo, "push")
    done = tmp_path / "done" / "de-DE" / "locales" / "en"
    done.mkdir(parents=True)
    (done / "shop.json").write_text(as_json({"title": "Laden", "nested": {"pay": "Zahlen"}}), "utf-8")
    assert "2 translations saved" in sandbox(
        runner, repo.root, "translate", "--from", str(tmp_path / "done"), "--pending"
    )
    assert "not published yet" in runner.run(repo, "pull").out
    sandbox(runner, repo.root, "translate", "de-DE", "--from", str(tmp_path / "done"))
    runner.run(repo, "pull")
    assert json.loads(repo.read("locales/de/shop.json"))["nested"] == {"pay": "Zahlen"}


def test_prepublished_work_is_pulled_before_it_is_finished(runner: Runner, repo: Repo) -> None:
    """`--pre-published` hands out a first draft; the job stays open."""
    repo.commit({".l10n.yml": MANIFEST, "locales/en/shop.json": as_json(SHOP)})
    runner.project(["de-DE", "es-ES"])
    runner.run(repo, "push")
    assert "pre-published" in sandbox(runner, repo.root, "translate", "de-DE", "--pre-published")
    assert [job["status"] for job in runner.control.view(runner.ident)["jobs"]] == ["IN_PROGRESS"]
    assert (
        "(de-DE)"
        in runner.control.view(runner.ident)["files"]["locales/en/shop.json"]["locales"]["de-DE"][0][2]
    )


def test_a_hostile_uri_reads_nothing_outside_the_folder(tmp_path: Path) -> None:
    """A fileUri is only ever looked for below the folder and the locale named."""
    (tmp_path / "secret.json").write_text("{}")
    inside = tmp_path / "done" / "de-DE"
    inside.mkdir(parents=True)
    (inside / "a.json").write_text("{}")
    (inside / "link.json").symlink_to(tmp_path / "secret.json")
    uris = ["../../secret.json", str(tmp_path / "secret.json"), "link.json", "a.json"]
    assert seeding.archive(tmp_path / "done", uris, []) == [("a.json", "de-DE", inside / "a.json")]


@pytest.mark.parametrize("options", [("--pending", "--pre-published"), ("de-DE=50", "--from", ".")])
def test_options_that_exclude_each_other_are_refused(options: tuple[str, ...]) -> None:
    """Neither is silently ignored."""
    done = CliRunner().invoke(commands.sandbox, ["translate", *options])
    assert done.exit_code == 2
    assert "--p" in done.output or "--from" in done.output
