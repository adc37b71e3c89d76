"""Three real repositories: the manifest means exactly what is expected, and the round trip settles.

The files are not part of this project; `L10NSYNC_CORPUS` names the folder that holds them.
"""

from __future__ import annotations

import csv
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.repositories import Repo
from tests.runner import Runner

CORPUS = os.environ.get("L10NSYNC_CORPUS", "")
pytestmark = pytest.mark.skipif(
    not CORPUS, reason="L10NSYNC_CORPUS does not name the folder of real repositories"
)

_ALL = (
    "bg-BG: bg, cs-CZ: cs, da-DK: da, de-DE: de, el-GR: el, es-ES: es, et-EE: et, fi-FI: fi, fr-FR: fr,"
    " hr-HR: hr, hu-HU: hu, it-IT: it, lt-LT: lt, lv-LV: lv, nb: nb, nl-NL: nl, pl-PL: pl, pt-PT: pt,"
    " ro-RO: ro, ru-RU: ru, sk-SK: sk, sl-SI: sl, sv-SE: sv, tr-TR: tr"
)
_STORE = (
    "da-DK: da, de-DE: de, en-AU: en-AU, en-CA: en-CA, en-IE: en-IE, en-NZ: en-NZ, en-UK: en-GB,"
    " es-US: es-US, fi: fi, fr-CA: fr-CA, fr-FR: fr-FR, it: it, ja-JP: ja, no: no, pt-BR: pt-BR, sv-SE: sv"
)

CONTENT_SCOPE = f"""\
version: 1
sourceLocale: en
locales: {{{_ALL}}}
resources:
  - name: injected
    source: injected/src/locales/*/en/*.json
    target: injected/src/locales/*/{{locale}}/*.json
  - name: duckplayer
    source: special-pages/pages/duckplayer/public/locales/en/*.json
    target: special-pages/pages/duckplayer/public/locales/{{locale}}/*.json
  - name: special-error
    source: special-pages/pages/special-error/public/locales/en/*.json
    target: special-pages/pages/special-error/public/locales/{{locale}}/*.json
  - name: pages
    source: special-pages/pages/*/public/locales/en/*.json
    exclude: [special-pages/pages/example/]
    target: special-pages/pages/*/public/locales/{{locale}}/*.json
    locales: {{only: [de-DE, es-ES, fr-FR, it-IT, nl-NL, pl-PL, pt-PT, ru-RU]}}
"""


def many_types(locales: str, *, dotted: bool, store: str) -> str:
    """Return the manifest of the nine resource sets; two layouts of the JSON names, two sets of locales."""
    json_names = ("us.{locale}.json", "en.{locale}.json") if dotted else ("{locale}.json", "{locale}.json")
    return f"""\
version: 1
sourceLocale: en-US
locales: {{{locales}}}
resources:
  - {{name: api, source: api2/resources/us.json, target: "api2/resources/{json_names[0]}"}}
  - {{name: web, source: web/app/**/en.json, target: "web/app/**/{json_names[1]}"}}
  - name: resx
    source: mobile/SstoMobile/SstoMobile.Shared.Localization/Resx/TextResources.resx
    target: "{{dir}}/{{stem}}.{{locale}}.{{ext}}"
    fileType: xml
    directives: {{translate_paths: root/data/value}}
  - name: play-store
    source: mobile/publishPlayStore/*-description.txt
    target: "{{dir}}/{{stem}}.{{locale}}.{{ext}}"
    fileType: plaintext
    {store}
  - name: app-store
    source: [mobile/publish-iOS/keywords.txt, mobile/publish-iOS/whats-new.txt,
             mobile/publish-iOS/description.txt]
    target: "{{dir}}/{{stem}}.{{locale}}.{{ext}}"
    fileType: plaintext
    {store}
  - {{name: dictionary, source: db/data/locale_dict/en.csv, target: "db/data/locale_dict/{{locale}}.csv"}}
  - name: contacts
    source: web/app/assets/csv/**/SSTOcontacts_en.csv
    target: "web/app/assets/csv/**/SSTOcontacts_{{locale}}.csv"
  - name: mails
    source: [api2/templates/free_trial_email.html, api2/templates/package_notification.html,
             api2/templates/welcome_email.html]
    target: "{{dir}}/{{stem}}.{{locale}}.{{ext}}"
  - name: licence
    source: mobile/SstoMobile/SstoMobile.Shared.UI/Htmls/opensource.html
    target: "{{dir}}/{{stem}}-{{locale}}.{{ext}}"
"""


MOJITO = """\
version: 1
sourceLocale: en-US
locales: {zh-CN: zh-cn, fr: fr, fr-FR: fr-fr, es: es, it: it, nl: nl, pt: pt, pt-PT: pt-pt}
resources:
  - {name: all, source: en-us/*.xliff, target: "{locale}/*.xliff"}
"""
UIPATH = """\
version: 1
sourceLocale: en-US
locales: {fr-FR: fr, it-IT: it}
resources:
  - {name: json, source: json/en/*.json, target: "json/translated/*_{locale}.json"}
  - {name: resx, source: resx/en/*.resx, target: "resx/translated/*_{locale}.resx"}
"""
PLURALS = """\
version: 1
sourceLocale: en-US
locales: {fr-FR: fr}
resources:
  - {name: app, source: SwiftDemo/Geese/Geese/en.lproj/*.strings, target: null}
"""
WHISKY = """\
version: 1
sourceLocale: en
locales: [ar, cs, da, de, es, fi, fr, it, ja, ko, nl, pl, pt-BR, pt-PT, ro, ru, tr, uk, vi, zh-Hans, zh-Hant]
resources:
  - {name: app, source: Whisky/Localizable.xcstrings, target: Whisky/Localizable.xcstrings}
"""


@dataclass(frozen=True)
class Case:
    """One repository of the corpus."""

    name: str
    folder: str
    manifest: str
    expected: str
    source_locale: str
    only: str = ""
    """Value of the column `repo`, where one table holds several repositories."""


CASES = (
    Case("content-scope", "json-content-scope/repo", CONTENT_SCOPE, "json-content-scope/expect.tsv", "en"),
    Case(
        "many-types",
        "many-types/repo",
        many_types("es: es", dotted=False, store=""),
        "many-types/expect.tsv",
        "en-US",
    ),
    Case(
        "many-types-16",
        "many-types/repo-16locales",
        many_types("de-DE: de", dotted=True, store=f"locales: {{{_STORE}}}"),
        "many-types/expect-repo-16locales.tsv",
        "en-US",
    ),
    Case("mojito", "mini-mix/repo/mojito-xliff", MOJITO, "mini-mix/expect.tsv", "en-US", "mojito-xliff"),
    Case(
        "uipath", "mini-mix/repo/uipath-json-resx", UIPATH, "mini-mix/expect.tsv", "en-US", "uipath-json-resx"
    ),
    Case("ios-plurals", "mini-mix/repo/ios-plurals", PLURALS, "mini-mix/expect.tsv", "en-US", "ios-plurals"),
    Case("whisky", "mini-mix/repo/whisky-xcstrings", WHISKY, "mini-mix/expect.tsv", "en", "whisky-xcstrings"),
)
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def checked_out(case: Case, folder: Path) -> Repo:
    """Return the repository as a git repository with its manifest committed."""
    shutil.copytree(Path(CORPUS) / case.folder, folder, copy_function=shutil.copyfile)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    repo = Repo(folder)
    repo.commit({".l10n.yml": case.manifest})
    return repo


def expected_rows(case: Case) -> set[tuple[str, ...]]:
    """Return (source, fileUri, fileType, locale, target) of every row of the expectation."""
    with (Path(CORPUS) / case.expected).open(encoding="utf-8", newline="") as stream:
        rows = [
            row for row in csv.DictReader(stream, delimiter="\t") if not case.only or row["repo"] == case.only
        ]
    kinds = {"plaintext": "plainText"}
    return {
        (
            row["source"],
            row["fileUri"],
            kinds.get(row["fileType"], row["fileType"]),
            row["smartling"],
            "" if row["target"].startswith("(none") else row["target"],
        )
        for row in rows
    }


@each_case
def test_the_manifest_means_what_is_expected(case: Case, tmp_path: Path, runner: Runner) -> None:
    """The set of (source, locale, target) is equal to the expectation, no more and no less."""
    repo = checked_out(case, tmp_path / "repo")

    listed = runner.run(repo, "list", "--format", "tsv").out

    rows = list(csv.DictReader(listed.split("\n"), delimiter="\t"))
    found = {(row["source"], row["fileUri"], row["fileType"], row["locale"], row["target"]) for row in rows}
    assert found == expected_rows(case)


@each_case
def test_the_round_trip_settles(case: Case, tmp_path: Path, runner: Runner) -> None:
    """Push sends the committed bytes, pull brings translations, and then there is nothing left to do."""
    repo = checked_out(case, tmp_path / "repo")
    locales = sorted({row[3] for row in expected_rows(case)})
    runner.project(locales, source=case.source_locale)

    runner.run(repo, "push", "--authorize", "--yes")
    for source in sorted({row[0] for row in expected_rows(case)}):
        assert runner.original(source) == (Path(CORPUS) / case.folder / source).read_bytes(), source
    runner.translate()
    runner.run(repo, "pull")
    repo.commit(message="translations")

    again = runner.run(repo, "push")
    assert again.out.startswith("No changes"), again.out
    assert runner.run(repo, "pull").out.startswith("No changes")
    assert repo.git("status", "--porcelain") == ""
