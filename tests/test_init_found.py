"""What `init` finds: sources by facts, languages by their neighbours, and nothing dropped without a word."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from l10nsync import layout, manifest
from l10nsync.discovery import Draft, configured, detect, not_taken, take_stock, written
from l10nsync.layout import TrackedTree
from tests.command_line import CommandLine
from tests.repositories import Repo

CONTENTS = {
    "ts": '<?xml version="1.0"?><!DOCTYPE TS><TS version="2.1"></TS>',
    "resx": '<root><data name="a"><value>b</value></data></root>',
}
STRINGS = '<resources><string name="a">Hi</string></resources>'
ONE_TEXT = {
    "xml": STRINGS,
    "json": '{"a": {"message": "b"}}',
    "strings": '"a" = "b";',
    "arb": '{"a": "b"}',
    "php": "<?php return ['a' => 'b'];",
    "pot": 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a"\nmsgstr ""\n',
}


def found(files: Mapping[str, str], source_locale: str = "") -> Draft:
    return detect(take_stock(files, lambda path: files[path].encode()), source_locale)


def pairs(draft: Draft, files: Mapping[str, str]) -> dict[str, set[str]]:
    """Return each source that a draft means with its targets."""
    loaded = manifest.load(
        written(draft).encode(), file=".l10n.yml", folder="", environ={"SMARTLING_PROJECT_ID": "p"}
    )
    laid = layout.lay_out(loaded, TrackedTree(sorted(files), branch="main"))
    assert [each.message for each in laid.diagnostics if each.severity == "error"] == []
    return {each.path: {target.path for target in each.targets} for each in laid.sources}


@pytest.mark.parametrize(
    ("files", "source", "targets"),
    [
        (("lib/l10n/app_en.arb", "lib/l10n/app_it.arb"), "lib/l10n/app_en.arb", {"lib/l10n/app_it.arb"}),
        (("tr/app_en.ts", "tr/app_pt_BR.ts"), "tr/app_en.ts", {"tr/app_pt_BR.ts"}),
        (("i18n/de/x.de.xlf", "i18n/en/x.en.xlf"), "i18n/en/x.en.xlf", {"i18n/de/x.de.xlf"}),
        (("Res/A.resx", "Res/A.no.resx"), "Res/A.resx", {"Res/A.no.resx"}),
        (("Strings/en-US/R.resw", "Strings/he/R.resw"), "Strings/en-US/R.resw", {"Strings/he/R.resw"}),
        (("A/Base.lproj/L.strings", "A/id.lproj/L.strings", "A/de.lproj/L.strings"), "A/Base.lproj/L.strings",
         {"A/id.lproj/L.strings", "A/de.lproj/L.strings"}),
        (("languages/p.pot", "languages/p-de_DE.po"), "languages/p.pot", {"languages/p-de_DE.po"}),
        (("locale/d.pot", "locale/fr/LC_MESSAGES/d.po"), "locale/d.pot", {"locale/fr/LC_MESSAGES/d.po"}),
        (("lang/en/auth.php", "lang/de/auth.php"), "lang/en/auth.php", {"lang/de/auth.php"}),
        (("translations/messages+intl-icu.en.yaml", "translations/messages+intl-icu.de.yaml"),
         "translations/messages+intl-icu.en.yaml", {"translations/messages+intl-icu.de.yaml"}),
        (("docs/a.md", "i18n/fr/docusaurus-plugin-content-docs/current/a.md"), "docs/a.md",
         {"i18n/fr/docusaurus-plugin-content-docs/current/a.md"}),
        (("site/index.md", "site/index.de.md", "site/index.fr.md"), "site/index.md",
         {"site/index.de.md", "site/index.fr.md"}),
        (("src/locales/english.json", "src/locales/german.json"), "src/locales/english.json",
         {"src/locales/german.json"}),
        (("subs/a.en.srt", "subs/a.ja.srt"), "subs/a.en.srt", {"subs/a.ja.srt"}),
        (("locales/en.default.json", "locales/de.json", "locales/fr.json"), "locales/en.default.json",
         {"locales/de.json", "locales/fr.json"}),
        (("i18n/source/en.json", "i18n/translations/de.json", "i18n/translations/fr.json"),
         "i18n/source/en.json", {"i18n/translations/de.json", "i18n/translations/fr.json"}),
        (("a/res/raw/help.html", "a/res/raw-de/help.html", "a/res/raw-fr/help.html"), "a/res/raw/help.html",
         {"a/res/raw-de/help.html", "a/res/raw-fr/help.html"}),
        (("a/src/main/res/values/strings.xml", "a/src/release/res/values-de/strings.xml"),
         "a/src/main/res/values/strings.xml", {"a/src/release/res/values-de/strings.xml"}),
        (("A/English.lproj/L.strings", "A/BrazilianPortuguese.lproj/L.strings", "A/Welsh.lproj/L.strings"),
         "A/English.lproj/L.strings", {"A/BrazilianPortuguese.lproj/L.strings", "A/Welsh.lproj/L.strings"}),
        (("i18n/messages.xlf", "i18n/de/messages.de.xlf", "i18n/fr/messages.fr.xlf"), "i18n/messages.xlf",
         {"i18n/de/messages.de.xlf", "i18n/fr/messages.fr.xlf"}),
        (("tr/src/app.ts", "tr/app_de.ts", "tr/app_fr.ts"), "tr/src/app.ts",
         {"tr/app_de.ts", "tr/app_fr.ts"}),
        (("app/viewer/texts/R_en.properties", "app/editor/texts/R_de.properties",
          "app/editor/texts/R_fr.properties"), "app/viewer/texts/R_en.properties",
         {"app/editor/texts/R_de.properties", "app/editor/texts/R_fr.properties"}),
        (("translations/security.en.xlf", "translations/security.de.xlf"), "translations/security.en.xlf",
         {"translations/security.de.xlf"}),
        (("docs/changelog.md", "docs/de/changelog.md", "docs/fr/changelog.md"), "docs/changelog.md",
         {"docs/de/changelog.md", "docs/fr/changelog.md"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_each_platform_is_found(files: tuple[str, ...], source: str, targets: set[str]) -> None:
    """The layout of each platform becomes a source and the translations that are there."""
    contents = {path: CONTENTS.get(path.rpartition(".")[2], "") for path in files}
    assert pairs(found(contents), contents) == {source: targets}


@pytest.mark.parametrize(
    ("setting", "text", "name"),
    [
        ("config/application.rb", "config.i18n.default_locale = :de", "de"),
        ("angular.json", '{"projects": {"a": {"i18n": {"sourceLocale": "fr"}}}}', "fr"),
        ("lingui.config.js", "module.exports = {sourceLocale: 'de'}", "de"),
        ("next-i18next.config.js", "i18n: { defaultLocale: 'fr', locales: [] }", "fr"),
        ("i18n.json", '{"locale": {"source": "fr", "targets": ["de"]}, "buckets": {}}', "fr"),
        (".tx/config", "[main]\nsource_lang = de\n", "de"),
        ("README.txt", "nothing", "en"),
    ],
)
def test_the_ecosystems_setting_names_the_source(setting: str, text: str, name: str) -> None:
    """What the platform itself is told wins over English, which wins where nothing is said."""
    files = {f"app/locales/{each}.json": '{"a": "b"}' for each in ("de", "en", "fr")} | {setting: text}
    assert list(pairs(found(files), files)) == [f"app/locales/{name}.json"]


def test_the_fullest_language_is_the_source_and_a_question() -> None:
    """Where English lags far behind, it follows; a comment asks, as nothing else tells."""
    full = "{" + ", ".join(f'"k{number}": "x"' for number in range(9)) + "}"
    files = {"l/en.json": '{"k1": "x"}', "l/nl.json": full, "l/sv.json": '{"k1": "x", "k2": "x"}'}
    draft = found(files)
    assert draft.source_locale == "nl-NL"
    assert "has more strings than `en`" in draft.doubt
    assert "# TODO sourceLocale: `nl`" in written(draft)


def test_strings_that_are_left_over_make_no_source() -> None:
    """Where all but one language have just what English has, that one has old strings besides."""
    some, many = ("{" + ", ".join(f'"k{number}": "x"' for number in range(count)) + "}" for count in (9, 20))
    files = {f"l/{name}.json": some for name in ("en", "de", "fr", "ja")} | {"l/ru.json": many}
    assert (found(files).source_locale, found(files).doubt) == ("en-US", "")


def test_of_two_englishes_the_full_one_is_the_source() -> None:
    """A few American spellings beside a whole `en-GB` are a translation; of two whole ones `en-US` is it."""
    full = "{" + ", ".join(f'"k{number}": "x"' for number in range(9)) + "}"
    files = {"l/en-GB.json": full, "l/en-US.json": '{"k1": "x"}', "l/de.json": full}
    assert pairs(found(files), files) == {"l/en-GB.json": {"l/de.json", "l/en-US.json"}}
    assert found({**files, "l/en-US.json": full}).source_locale == "en-US"


def test_english_is_the_source_where_all_files_hold_the_source_text() -> None:
    """The English file of a Qt program has no translations, and is the source all the same."""
    full = CONTENTS["ts"].replace("</TS>", "<context><name>M</name><message><source>Hi</source>"
        "<translation>Oi</translation></message></context></TS>")  # fmt: skip
    files = {"tr/bg.ts": full, "tr/el.ts": full, "tr/en.ts": CONTENTS["ts"]}
    assert (found(files).source_locale, found(files).doubt) == ("en-US", "")


@pytest.mark.parametrize(("ending", "maker"), [("po", "xgettext"), ("ts", "lupdate")])
def test_a_translation_of_a_program_is_never_its_source(ending: str, maker: str) -> None:
    """Files that hold the source text beside the translation have none of them as source, however full."""
    text = CONTENTS.get(ending, 'msgid "a"\nmsgstr "b"\n')
    files = {f"tr/app_{name}.{ending}": text for name in ("ar", "de", "fr")}
    draft = found(files)
    assert (draft.resources, draft.source_locale) == ((), "en-US")
    (line,) = not_taken(draft, take_stock(files, lambda path: files[path].encode()), ())
    assert "no file in the source language en-US" in line
    assert maker in line


def test_rare_languages_are_languages() -> None:
    """What real products are translated into is known: Kaqchikel, Santali, Lojban, Scots."""
    files = {f"l/{name}.json": '{"a": "b"}' for name in ("en", "cak", "sat", "jbo", "sco")}
    assert pairs(found(files), files) == {
        "l/en.json": {f"l/{name}.json" for name in ("cak", "sat", "jbo", "sco")}
    }


def test_letters_tell_the_language_of_a_nameless_source() -> None:
    """`values` of an app that is written in Japanese is not English, and `values-en` is a translation."""
    files = {
        "res/values/strings.xml": STRINGS.replace("Hi", "こんにちは、世界"),
        "res/values-en/strings.xml": STRINGS,
    }
    assert found(files).source_locale == "ja-JP"
    assert pairs(found(files), files) == {"res/values/strings.xml": {"res/values-en/strings.xml"}}


def test_words_are_languages_among_languages_alone() -> None:
    """`app_it` beside `app_de` is Italian; `sign_in` beside `sign` is no Indonesian."""
    files = {f"p/app_{each}.properties": "a=b" for each in ("en", "de", "it")}
    files |= {"p/sign.properties": "b=c", "p/sign_in.properties": "d=e"}
    assert pairs(found(files), files) == {
        "p/app_en.properties": {"p/app_de.properties", "p/app_it.properties"}
    }


def test_each_resource_has_the_locales_that_it_has() -> None:
    """One map at the top; what is spelled otherwise, or missing, is said where it is."""
    files = {f"web/{each}.json": '{"a": "b"}' for each in ("en", "de", "pt-BR")}
    files |= {f"app/src/main/res/{each}/strings.xml": STRINGS for each in ("values", "values-pt-rBR")}
    files |= {"app/src/main/res/values/colors.xml": "<resources><color name='a'>#fff</color></resources>"}
    draft = found(files)
    assert draft.locales == {"de-DE": "de", "pt-BR": "pt-BR"}
    android = next(each for each in draft.resources if each.name == "android")
    assert (android.only, android.locale_map) == (("pt-BR",), {"pt-BR": "pt-rBR"})
    assert pairs(draft, files)["app/src/main/res/values/strings.xml"] == {
        "app/src/main/res/values-pt-rBR/strings.xml"
    }


def test_two_codes_of_one_language_are_both_kept() -> None:
    """`iw` and `he` are one locale with two files; `es` and `es-ES` are two locales."""
    files = {f"l/{each}.json": '{"a": "b"}' for each in ("en", "iw", "he", "es", "es-ES", "ja", "jp")}
    locales = found(files).locales
    assert set(locales["he-IL"]) == {"he", "iw"}
    assert set(locales["ja-JP"]) == {"ja", "jp"}
    assert (locales["es-ES"], locales["es"]) == ("es-ES", "es")


def test_one_language_is_one_locale_however_it_is_spelled() -> None:
    """`de` of an app and `de-DE` of its store entry are one locale; a resource with both has two."""
    store = {f"fastlane/metadata/android/{name}/title.txt": "x" for name in ("en-US", "de-DE", "af-ZA")}
    app = {f"app/src/main/res/{name}/strings.xml": STRINGS for name in ("values", "values-de", "values-af")}
    draft = found({**app, **store})
    assert set(draft.locales) == {"de-DE", "af-ZA"}
    assert pairs(draft, {**app, **store})["fastlane/metadata/android/en-US/title.txt"] == {
        "fastlane/metadata/android/de-DE/title.txt",
        "fastlane/metadata/android/af-ZA/title.txt",
    }
    both = {f"l/{name}.json": '{"a": "b"}' for name in ("en", "de", "de-DE")}
    assert set(found({**both, **store}).locales) == {"de", "de-DE", "af-ZA"}


def test_withdrawn_codes_are_the_same_with_a_region() -> None:
    """`iw-IL` is Hebrew, `in-rID` Indonesian, `no-NO` Norwegian."""
    files = {f"l/{name}.json": '{"a": "b"}' for name in ("en", "iw-IL", "in-ID", "no-NO")}
    assert set(found(files).locales) == {"he-IL", "id-ID", "nb-NO"}


def test_lists_of_words_are_no_texts() -> None:
    """Stop words of a search engine are for a program; plain text counts where a store's entry lies."""
    files = {f"solr/lang/stopwords_{name}.txt": "x" for name in ("en", "de", "fr")}
    draft = found(files)
    assert draft.resources == ()
    (line,) = not_taken(draft, take_stock(files, lambda path: files[path].encode()), ())
    assert (
        line
        == "solr/lang/stopwords_{locale}.txt (de, en, fr): plain text, which is not detected automatically"
    )


def test_many_files_are_one_pattern_without_the_few() -> None:
    """What lies among many sources and has no translation is excluded, the many are not listed."""
    names = ("strings", "strings_a", "strings_b", "strings_c", "strings_d")
    files = {
        f"a/src/main/res/{place}/{name}.xml": STRINGS for place in ("values", "values-de") for name in names
    }
    files["a/src/main/res/values/strings_static.xml"] = STRINGS
    (only,) = found(files).resources
    assert (only.sources, only.exclude) == (
        ("a/src/main/res/values/strings*.xml",),
        ("/a/src/main/res/values/strings_static.xml",),
    )
    few = {path: text for path, text in files.items() if path.rpartition("/")[2] in {
        "strings.xml", "strings_a.xml", "strings_static.xml"}}  # fmt: skip
    (only,) = found(few).resources
    assert only.sources == ("a/src/main/res/values/strings.xml", "a/src/main/res/values/strings_a.xml")


def test_sources_in_many_folders_are_one_pattern() -> None:
    """Packages and add-ons of one layout are one resource; templates without translations belong to it."""
    files = {
        f"src/com/acme/shop/{place}_{name}.properties": "a=b"
        for place in ("cart/Cart", "cart/pay/Pay", "Main")
        for name in ("en", "de")
    }
    (only,) = found(files).resources
    assert (only.name, only.sources) == ("shop", ("src/com/acme/shop/**/*_en.properties",))
    addons = {f"{addon}/locales/{name}": "" for addon in "abc" for name in ("messages.pot", "de.po", "fr.po")}
    addons["d/locales/messages.pot"] = ""
    (only,) = found(addons).resources
    assert (only.sources, only.target) == (("*/locales/messages.pot",), "*/locales/{locale}.po")


def test_resources_of_one_kind_are_told_apart_by_their_folders() -> None:
    """No number stands in a name where a folder, or the type, says more."""
    files = {
        f"{place}/src/main/res/{values}/strings{more}.xml": STRINGS
        for place, more in (("app", ""), ("core", "_core"))
        for values in ("values", "values-de")
    }
    files |= {f"app/src/main/res/values/strings_{name}.xml": STRINGS for name in "abc"}
    files |= {
        f"site/{kind}/{name}.{kind}": '{"a": "b"}' for kind in ("json", "yaml") for name in ("en", "de")
    }
    files |= {f"config/locales/{file}{name}.yml": "a: b" for file in ("", "devise.") for name in ("en", "de")}
    assert {resource.name for resource in found(files).resources} == {
        "android",
        "android-core",
        "locales",
        "locales-devise",
        "site-json",
        "site-yaml",
    }


def test_translations_into_the_source_language_are_named() -> None:
    """Pages in Russian with English ones beside them are no part of a manifest with English sources."""
    files = {f"src/{file}_{name}.properties": "a=b" for name in ("en", "ru") for file in "abcdefghijklmn"}
    for page in "abcd":
        files |= {f"docs/{page}.md": "# Привет, мир\n", f"docs/en/{page}.md": "# Hello, world\n"}
    draft = found(files)
    assert pairs(draft, files) == {
        f"src/{file}_en.properties": {f"src/{file}_ru.properties"} for file in "abcdefghijklmn"
    }
    used = {path for path in files if path.startswith("src/")}
    (line,) = not_taken(draft, take_stock(files, lambda path: files[path].encode()), used)
    assert line == "docs/{locale}… (4 files) (en): it is translated from a language other than en-US"


def test_lists_of_words_in_json_are_no_texts() -> None:
    """What has no keys is read by a program: a dictionary, or a list of names."""
    files = {f"data/words-{name}.json": '["a", "b"]' for name in ("en", "de")}
    draft = found(files)
    assert draft.resources == ()
    (line,) = not_taken(draft, take_stock(files, lambda path: files[path].encode()), ())
    assert line == "data/words-{locale}.json (de, en): it is a list without keys, which is data"
    dates = {f"lang/dateTimeFormats/{name}.json": '{"short": {"month": "long"}}' for name in ("en", "de")}
    assert found(dates).resources == ()


def test_sources_without_translations_are_named() -> None:
    """Texts of an app that nobody has translated yet are not dropped without a word."""
    files = {f"web/{name}.json": '{"a": "b"}' for name in ("en", "de")}
    files["core/src/main/res/values/strings.xml"] = STRINGS
    draft = found(files)
    used = {"web/en.json", "web/de.json"}
    assert not_taken(draft, take_stock(files, lambda path: files[path].encode()), used) == (
        "core/src/main/res/values/strings.xml: a source that has no translation yet; add a resource for it",
    )


def test_php_includes_of_languages_are_php(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    """`.inc` says nothing, the content does, and the manifest sets the type."""
    command = CommandLine(repo, capsys)
    repo.commit(
        {f"localization/{name}/labels.inc": "<?php\n$labels['a'] = 'b';\n" for name in ("en_US", "de_DE")}
    )
    command("init")
    assert "fileType: phpResource" in (repo.root / ".l10n.yml").read_text("utf-8")


def test_what_is_not_taken_is_said_with_the_reason() -> None:
    """Programs, strangers, packages and translations without a source are named, each with why."""
    files = {f"src/lang/{each}.json": '{"a": "b"}' for each in ("en", "de", "fr", "klingon")}
    files |= {f"src/msg/{each}.ts": "export default {}" for each in ("en", "de")}
    files |= {f"po/{each}.po": "" for each in ("de", "fr")}
    files |= {f"vendor/x/{each}.json": '{"a": "b"}' for each in ("en", "de")}
    draft = found(files)
    used = {each for source, targets in pairs(draft, files).items() for each in (source, *targets)}
    lines = "\n".join(not_taken(draft, take_stock(files, lambda path: files[path].encode()), used))
    assert "src/lang/klingon.json: `klingon` is not a known locale" in lines
    assert "src/msg/{locale}.ts (de, en): a program" in lines
    assert "po/{locale}.po (de, fr): it has no file in the source language en-US; `makemessages`" in lines
    assert "2 files in folders called `vendor`" in lines


def test_directives_come_with_the_layout() -> None:
    """Extensions, Docusaurus, react-intl and i18next: what is text, and what holds a place."""
    chrome = {
        f"_locales/{each}/messages.json": '{"a": {"message": "Hi", "description": "x"}}'
        for each in ("en", "de")
    }
    assert found(chrome).resources[0].directives["translate_paths"] == "*/message"
    docusaurus = {
        f"i18n/{each}/code.json": '{"theme.next": {"message": "Next", "description": "x"}}'
        for each in ("en", "de")
    }
    assert found(docusaurus).resources[0].directives["translate_paths"] == "*/message"
    intl = {
        f"lang/{each}.json": '{"a": {"defaultMessage": "{n, plural, other {}}"}}' for each in ("en", "de")
    }
    assert found(intl).resources[0].directives["string_format"] == "icu"
    i18next = {f"lang/{each}.json": '{"a": "Hi {{name}}"}' for each in ("en", "de")}
    assert found(i18next).resources[0].directives == {
        "placeholder_format_custom": r"\{\{.+?\}\}",
        "source_key_paths": "{*}",
    }


def test_a_variant_of_the_source_language_is_a_translation_of_its_template() -> None:
    """Transifex says `en`; beside the template, `en_GB` is a locale to translate into."""
    files = {
        "i18n/app.pot": ONE_TEXT["pot"],
        **{f"i18n/{each}/LC_MESSAGES/app.po": ONE_TEXT["pot"] for each in ("en_GB", "fi")},
        ".tx/config": "[main]\nhost = x\n[o:p:r:app]\nsource_lang = en\n",
    }
    draft = found(files)
    assert (draft.source_locale, set(draft.locales)) == ("en-US", {"en-GB", "fi-FI"})


def test_files_of_one_place_have_the_same_directives() -> None:
    """What one file of a program needs holds for the one beside it that does not show it: one resource."""
    files = {
        f"locales/{each}/{name}.json": text
        for each in ("en", "de")
        for name, text in (("home", '{"a": "Hi {{name}}"}'), ("profile", '{"b": "Profile"}'))
    }
    (resource,) = found(files).resources
    assert resource.sources == ("locales/en/*.json",)
    assert resource.directives["placeholder_format_custom"] == r"\{\{.+?\}\}"


def test_the_source_language_of_a_program_is_what_its_files_say() -> None:
    """XLIFF names the language of its sources; one with the same sources beside it is no doubt."""

    def xliff(language: str, target: str = "") -> str:
        unit = f'<trans-unit id="a"><source>Titre</source>{target}</trans-unit>'
        file = f'<file source-language="{language}" datatype="x" original="y"><body>{unit * 1}</body></file>'
        return f'<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">{file}</xliff>'

    files = {"l/m.xlf": xliff("fr"), "l/m.en.xlf": xliff("fr", "<target>Title</target>")}
    draft = found(files)
    assert (draft.source_locale, draft.doubt) == ("fr-FR", "")
    russian = {path: text.replace("fr", "en").replace("Titre", "Привет") for path, text in files.items()}
    assert found(russian).source_locale == "ru-RU"


def test_names_of_languages_are_known_in_their_odd_spellings() -> None:
    """A region in mixed case, a country for a language, both glued together; two regions are none."""
    files = {f"locales/{each}.json": '{"a": "b"}' for each in ("en", "ru-Ru", "gb", "ptbr", "zhcn", "rs")}
    assert found(files).locales == {
        "en-GB": "gb", "pt-BR": "ptbr", "ru-RU": "ru-Ru", "sr-RS": "rs", "zh-CN": "zhcn",
    }  # fmt: skip
    files = {f"j/file_{each}.json": '{"a": "b"}' for each in ("en", "en_de-DE", "en_nl-NL")}
    assert found(files).resources[0].target == "j/file_en_{locale}.json"


UNKNOWN_TARGET = """{"locales": [], "resourceSets": [
  {"pathRegex": "l/pt-BR.yml", "type": "yaml", "translationPathExpression": "$unknown.yml"}]}"""


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("crowdin.yml", "files: [{source: /l/pt-BR.yml, translation: /l/%locale%.yml}]"),
        ("smartling-config.json", UNKNOWN_TARGET),
    ],
)
def test_another_tools_configuration_tells_the_source(path: str, content: str) -> None:
    """What it sends is the source, even where English is as full, and where its targets are not known."""
    files = {f"l/{each}.yml": f"{each}:\n  a: b\n" for each in ("en", "pt-BR", "de")} | {path: content}
    stock = take_stock(files, lambda path: files[path].encode())
    assert detect(stock, "", configured(stock)).source_locale == "pt-BR"
    files[path] = "]"
    stock = take_stock(files, lambda path: files[path].encode())
    assert detect(stock, "", configured(stock)).source_locale == "en-US"


def test_letters_of_all_sources_say_more_than_english_that_is_as_full() -> None:
    """The first page may hold code alone; pages in Russian outweigh tables that have both languages."""
    russian = "Привет, мир"
    files = {f"docs/{name}.md": text for name, text in (("a", "`x`"), ("b", russian), ("c", russian))}
    files |= {f"docs/en/{name}.md": "Hello" for name in "abc"}
    files |= {f"src/{name}_{each}.properties": "a=b" for each in ("en", "ru") for name in ("X", "Y")}
    draft = found(files)
    assert draft.source_locale == "ru-RU"
    assert pairs(draft, files)["src/X_ru.properties"] == {"src/X_en.properties"}


def test_codes_of_three_letters_are_languages() -> None:
    """ISO 639-3 where others use two letters, in one map."""
    files = {f"t/{each}/a.{each}.po": ONE_TEXT["pot"] for each in ("eng", "spa", "fra")}
    assert found(files).locales == {"es-ES": "spa", "fr-FR": "fra"}


def test_languages_are_known_by_name_and_country() -> None:
    """`Portuguese-BR` beside `Portuguese`, below the folder of the translations of a site."""
    files = {f"content/translations/{each}/a.md": "x" for each in ("German", "Portuguese", "Portuguese-BR")}
    files |= {"content/a.md": "x", "content/translations/a.md": "list"}
    draft = found(files)
    assert draft.locales == {"de-DE": "German", "pt-BR": "Portuguese-BR", "pt-PT": "Portuguese"}
    assert list(pairs(draft, files)) == ["content/a.md"]


def test_settings_in_comments_are_none() -> None:
    """A new Rails application has an example in German in a comment; the setting below it counts."""
    files = {f"config/locales/{each}.yml": f"{each}:\n  a: b\n" for each in ("de", "en", "fr")}
    files["config/application.rb"] = "class A\n  # config.i18n.default_locale = :de\nend\n"
    assert found(files).source_locale == "en-US"
    files["config/application.rb"] += "config.i18n.default_locale = :fr\n"
    assert found(files).source_locale == "fr-FR"


def test_notes_beside_texts_in_json_are_not_sent() -> None:
    """Whatever the field of the text is called; a description beside a `text` may be one for readers."""
    for text, note, taken in (
        ("string", "developer_comment", True),
        ("translation", "context", True),
        ("value", "comment", True),
        ("text", "description", False),
    ):
        files = {f"l/{each}.json": f'{{"a": {{"{text}": "b", "{note}": "c"}}}}' for each in ("en", "de")}
        directives = found(files).resources[0].directives
        assert directives.get("translate_paths") == (f"*/{text}" if taken else None)


def test_configurations_in_folders_are_named_with_their_folders() -> None:
    """A part of a repository has its own manifest: the command says where; packages do not count."""
    files = {f"l/{each}.json": '{"a": "b"}' for each in ("en", "de")}
    files |= {
        "app/crowdin.yml": "files: []",
        "web/.tx/config": "[main]",
        "node_modules/x/crowdin.yml": "files: []",
    }
    text = written(found(files))
    assert "Crowdin is configured in app/crowdin.yml: `l10nsync -C app init --from crowdin.yml`" in text
    assert "`l10nsync -C web init --from .tx/config`" in text
    assert "node_modules" not in text


def test_one_page_in_another_language_is_found_where_a_site_has_its_pages() -> None:
    """Starlight keeps the pages of its first language above the folders of the others."""
    files = {f"src/content/docs/{each}a.mdx": "x" for each in ("", "de/")}
    assert pairs(found(files), files) == {"src/content/docs/a.mdx": {"src/content/docs/de/a.mdx"}}


def test_a_lone_translation_is_named() -> None:
    """A program makes the template of the one translation that there is: it is not dropped in silence."""
    files = {"locales/ja/LC_MESSAGES/index.po": ONE_TEXT["pot"]}
    files |= {f"dist/l/{each}.json": '{"a": "b"}' for each in ("en", "de")}
    stock = take_stock(files, lambda path: files[path].encode())
    first, second = not_taken(found(files), stock, ())
    assert first.startswith("locales/{locale}/LC_MESSAGES/index.po (ja): it has no file in the source")
    assert second.startswith("2 files in folders called `dist`")


def test_words_are_languages_where_other_pages_have_them() -> None:
    """A page that is translated into Italian alone follows its neighbours, which are in more languages."""
    files = {f"site/docs/{place}a.mdx": "x" for place in ("", "fr/", "it/", "ja/")}
    files |= {f"site/docs/{place}b.mdx": "x" for place in ("", "it/")}
    files |= {f"site/docs/{place}c.mdx": "x" for place in ("", "id/")}
    assert pairs(found(files), files)["site/docs/b.mdx"] == {
        f"site/docs/{name}/b.mdx" for name in ("fr", "id", "it", "ja")
    }


def test_a_folder_of_translations_follows_the_one_beside_it() -> None:
    """`translated/a_de` is made from `messages/a`, whose name is the same without the language."""
    files = {f"messages/{file}.properties": "a=b" for file in "xy"}
    files |= {f"translated/{file}_{name}.properties": "a=b" for file in "xy" for name in ("nl_NL", "zh_Hans")}
    draft = found(files)
    assert (draft.source_locale, draft.doubt) == ("en-US", "")
    assert pairs(draft, files)["messages/x.properties"] == {
        "translated/x_nl_NL.properties",
        "translated/x_zh_Hans.properties",
    }


def test_messages_in_yaml_come_with_a_warning() -> None:
    """Extensions may have their messages in YAML, where descriptions cannot be told from texts."""
    text = "hi:\n  message: Hi\n  description: Greeting\n"
    files = {f"_locales/{name}/messages.yml": text for name in ("en", "de")}
    assert "TODO: the descriptions are also sent" in written(found(files))


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("app/src/main/res/values/strings.xml", "app/src/main/res/values-de/strings.xml"),
        ("App/en.lproj/Localizable.strings", "App/de.lproj/Localizable.strings"),
        ("App/Base.lproj/Main.strings", "App/de.lproj/Main.strings"),
        ("languages/shop.pot", "languages/shop-de.po"),
        ("shop/locale/django.pot", "shop/locale/de/LC_MESSAGES/django.po"),
        ("po/shop.pot", "po/de.po"),
        ("Shop/Resources.resx", "Shop/Resources.de.resx"),
        ("src/main/resources/messages.properties", "src/main/resources/messages_de.properties"),
        ("locales/en.json", "locales/de.json"),
        ("lang/en/auth.php", "lang/de/auth.php"),
        ("lib/l10n/app_en.arb", "lib/l10n/app_de.arb"),
        ("_locales/en/messages.json", "_locales/de/messages.json"),
    ],
)
def test_a_first_language_is_named_where_there_is_none(
    source: str, target: str, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the first translation, the source is named and the language asked for; `-l` gives it."""
    command = CommandLine(repo, capsys)
    ending = source.rpartition(".")[2]
    repo.commit({source: ONE_TEXT.get(ending) or CONTENTS.get(ending, "a=b\n")})
    assert f"Sources: {source}." in command("init", code=2).err
    command("init", "-l", "de")
    listed = command("list", "--format", "tsv").out
    assert target in listed


def test_the_order_of_files_does_not_count() -> None:
    """The same files in any order make the same text."""
    files = [f"{top}/{name}.json" for top in ("a/x", "a/y", "b/z") for name in ("en", "de", "pt-BR", "pt_BR")]
    assert written(detect(take_stock(files))) == written(detect(take_stock(reversed(files))))


def test_what_is_written_passes_check(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    """A source that does not parse stays out with a line; the offline plan runs on what is left."""
    command = CommandLine(repo, capsys)
    repo.commit({f"web/{name}/{file}.json": '{"a": "b"}' for name in ("en", "de") for file in "xy"})
    repo.commit({"web/en/broken.json": "{", ".crowdin.yml": "files: []"})
    done = command("init")
    assert "not taken  web/en/broken.json: it does not parse as json" in done.out
    assert "Crowdin is configured in .crowdin.yml" in done.out
    assert "A first push would send 2 sources with 2 strings, 2 words." in done.out
    repo.commit({".l10n.yml": (repo.root / ".l10n.yml").read_text("utf-8")})
    command("check")
    command("plan", "--offline", "--base", "HEAD")
