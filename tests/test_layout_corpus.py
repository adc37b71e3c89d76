"""Layouts of real repositories, compared row by row with what is known of them.

The copies of those repositories are not part of this one: `L10NSYNC_CORPUS` names their folder.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from l10nsync import formats
from l10nsync.layout import Layout, TrackedTree, lay_out
from l10nsync.model import LocaleRule, Manifest, Project, Resource

CORPUS = Path(os.environ.get("L10NSYNC_CORPUS", ""))
pytestmark = pytest.mark.skipif(
    "L10NSYNC_CORPUS" not in os.environ, reason="L10NSYNC_CORPUS names no folder with sample repositories"
)

Row = tuple[str, str, str, str, str, str]
"""source, fileUri, fileType, locale, local name, target"""


def locales(**names: str) -> LocaleRule:
    """Return the locales with `_` for `-` in ids: `locales(de_DE="de")`."""
    return LocaleRule({key.replace("_", "-"): (name,) for key, name in names.items()})


def resource(
    name: str, source: str | tuple[str, ...], target: str | None, rule: LocaleRule, kind: str | None = None
) -> Resource:
    sources = (source,) if isinstance(source, str) else source
    return Resource(name, "default", sources, target, locales=rule, file_type=kind)


def manifest(source_locale: str, *resources: Resource) -> Manifest:
    project = Project("default", "p", source_locale=source_locale)
    return Manifest(".l10n.yml", "", {"default": project}, resources)


# --- the manifests ------------------------------------------------------------------------------------

TWO_LETTERS = (
    "bg-BG cs-CZ da-DK de-DE el-GR es-ES et-EE fi-FI fr-FR hr-HR hu-HU it-IT lt-LT lv-LV nb nl-NL pl-PL "
    "pt-PT ro-RO ru-RU sk-SK sl-SI sv-SE tr-TR"
)
ALL_24 = LocaleRule({each: (each[:2],) for each in TWO_LETTERS.split()})
SOME_8 = LocaleRule(
    {each: (each[:2],) for each in ("de-DE", "es-ES", "fr-FR", "it-IT", "nl-NL", "pl-PL", "pt-PT", "ru-RU")}
)

PAGES, ENGLISH, TRANSLATED = "special-pages/pages", "public/locales/en", "public/locales/{locale}"
CONTENT_SCOPE = manifest(
    "en",
    resource(
        "injected", "injected/src/locales/*/en/*.json", "injected/src/locales/*/{locale}/*.json", ALL_24
    ),
    *(
        resource(page, f"{PAGES}/{page}/{ENGLISH}/*.json", f"{PAGES}/{page}/{TRANSLATED}/*.json", ALL_24)
        for page in ("duckplayer", "special-error")
    ),
    replace(
        resource("pages", f"{PAGES}/*/{ENGLISH}/*.json", f"{PAGES}/*/{TRANSLATED}/*.json", SOME_8),
        excludes=("special-pages/pages/example/",),
    ),
)

ES = locales(es="es")
MANY_TYPES = manifest(
    "en",
    resource("api", "api2/resources/us.json", "{dir}/{locale}.{ext}", ES),
    resource("web", "web/app/**/en.json", "web/app/**/{locale}.json", ES),
    resource("resx", "mobile/**/TextResources.resx", "mobile/**/{stem}.{locale}.resx", ES, "xml"),
    resource("play", "mobile/publishPlayStore/*-description.txt", "{dir}/{stem}.{locale}.txt", ES),
    resource(
        "ios",
        tuple(f"mobile/publish-iOS/{name}.txt" for name in ("keywords", "whats-new", "description")),
        "{dir}/{stem}.{locale}.txt",
        ES,
        "plaintext",
    ),
    resource("dictionary", "db/data/locale_dict/en.csv", "db/data/locale_dict/{locale}.csv", ES),
    resource("contacts", "web/app/**/SSTOcontacts_en.csv", "web/app/**/SSTOcontacts_{locale}.csv", ES),
    resource("mail", "api2/templates/*.html", "api2/templates/*.{locale}.html", ES),
    resource("licences", "mobile/**/opensource.html", "mobile/**/opensource-{locale}.html", ES),
)

DE = locales(de_DE="de")
STORES_16 = locales(
    da_DK="da", sv_SE="sv", fr_FR="fr-FR", de_DE="de", ja_JP="ja", en_NZ="en-NZ", pt_BR="pt-BR",
    en_CA="en-CA", fr_CA="fr-CA", es_US="es-US", en_UK="en-GB", en_AU="en-AU", en_IE="en-IE",
    fi="fi", it="it", no="no",
)  # fmt: skip
MANY_TYPES_16 = manifest(
    "en",
    resource("api", "api2/resources/us.json", "{dir}/{stem}.{locale}.{ext}", DE),
    resource("web", "web/app/**/en.json", "web/app/**/en.{locale}.json", DE),
    resource("resx", "mobile/**/TextResources.resx", "mobile/**/{stem}.{locale}.resx", DE, "xml"),
    resource("play", "mobile/publishPlayStore/*.txt", "mobile/publishPlayStore/*.{locale}.txt", STORES_16),
    resource("ios", "mobile/publish-iOS/*.txt", "mobile/publish-iOS/*.{locale}.txt", STORES_16),
    resource("dictionary", "db/data/locale_dict/en.csv", "db/data/locale_dict/{locale}.csv", DE),
    resource("contacts", "web/app/**/SSTOcontacts_en.csv", "web/app/**/SSTOcontacts_{locale}.csv", DE),
    resource("mail", "api2/templates/*.html", "api2/templates/*.{locale}.html", DE),
    resource("licences", "mobile/**/opensource.html", "mobile/**/opensource-{locale}.html", DE),
)

MOJITO = manifest(
    "en-US",
    resource(
        "mojito",
        "en-us/mojitoen.xliff",
        "{locale:lower}/{name}",
        LocaleRule({each: (each,) for each in ("zh-CN", "fr", "fr-FR", "es", "it", "nl", "pt", "pt-PT")}),
    ),
)

FR_IT = locales(fr_FR="fr", it_IT="it")
UIPATH = manifest(
    "en",
    resource("json", "json/en/*.json", "json/translated/*_{locale}.json", FR_IT),
    resource("resx", "resx/en/*.resx", "resx/translated/*_{locale}.resx", FR_IT),
)

PLURALS = manifest("en", resource("ios", "**/en.lproj/*.strings", None, locales(fr_FR="fr")))

WHISKY_LOCALES = "ar cs da de es fi fr it ja ko nl pl pt-BR pt-PT ro ru tr uk vi zh-Hans zh-Hant"
WHISKY = manifest(
    "en",
    resource(
        "catalog",
        "Whisky/Localizable.xcstrings",
        "{path}",
        LocaleRule({each: (each,) for each in WHISKY_LOCALES.split()}),
    ),
)

CASES: Mapping[str, tuple[Manifest, str, str, str]] = {
    # manifest, repository, table of expected rows, value of its column `repo` ("" if it has none)
    "content-scope": (CONTENT_SCOPE, "json-content-scope/repo", "json-content-scope/expect.tsv", ""),
    "many-types": (MANY_TYPES, "many-types/repo", "many-types/expect.tsv", ""),
    "many-types-16": (
        MANY_TYPES_16,
        "many-types/repo-16locales",
        "many-types/expect-repo-16locales.tsv",
        "",
    ),
    "mojito": (MOJITO, "mini-mix/repo/mojito-xliff", "mini-mix/expect.tsv", "mojito-xliff"),
    "uipath": (UIPATH, "mini-mix/repo/uipath-json-resx", "mini-mix/expect.tsv", "uipath-json-resx"),
    "plurals": (PLURALS, "mini-mix/repo/ios-plurals", "mini-mix/expect.tsv", "ios-plurals"),
    "whisky": (WHISKY, "mini-mix/repo/whisky-xcstrings", "mini-mix/expect.tsv", "whisky-xcstrings"),
}


# --- the comparison -----------------------------------------------------------------------------------


def files_of(repository: Path) -> list[str]:
    return sorted(path.relative_to(repository).as_posix() for path in repository.rglob("*") if path.is_file())


def expected(table: Path, repository: str) -> Iterator[Row]:
    with table.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if row.get("repo", "") == repository:
                kind = formats.canonical(row["fileType"])
                yield row["source"], row["fileUri"], kind, row["smartling"], row["app"], row["target"]


def found(layout: Layout) -> Iterator[Row]:
    for source in layout.sources:
        head = (source.path, source.file_uri, source.file_type)
        for target in source.targets:
            yield *head, target.locale, target.local_name, target.path
        if not source.targets:
            for locale in source.locales:
                yield *head, locale, "", ""


@pytest.mark.parametrize("case", CASES)
def test_layout_is_what_the_repository_practises(case: str) -> None:
    """Sources, fileUris, types, locales and targets are exactly the known ones, without a complaint."""
    rules, repository, table, name = CASES[case]
    layout = lay_out(rules, TrackedTree(files_of(CORPUS / repository)))
    assert [each for each in layout.diagnostics if each.severity == "error"] == []
    rows = sorted(expected(CORPUS / table, name))
    upload_only = all(resource.target is None for resource in rules.resources)
    spelled = {row[:4]: row for row in rows}
    ours = sorted(
        (*row[:4], spelled[row[:4]][4], row[5]) if case in {"mojito", "plurals"} else row
        for row in found(layout)
    )
    assert rows
    assert ours == rows
    assert upload_only == (case == "plurals")
