"""What a manifest means for the files of a repository."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10nsync.errors import Diagnostic
from l10nsync.layout import CODES, Layout, TrackedTree, explain, lay_out
from l10nsync.model import LocaleRule, Manifest, Place, Project, Resource, Source
from tests.effort import effort

DE_FR = {"de-DE": "de", "fr-FR": "fr"}


def spelled(names: Mapping[str, str | tuple[str, ...]], *explicit: str) -> LocaleRule:
    """Return a locale rule; EXPLICIT are the ids that the resource's own map names."""
    return LocaleRule(
        {key: (name,) if isinstance(name, str) else name for key, name in names.items()}, frozenset(explicit)
    )


def resource(
    source: str | tuple[str, ...],
    target: str | None,
    names: Mapping[str, str | tuple[str, ...]] = DE_FR,
    **more: Any,
) -> Resource:
    sources = (source,) if isinstance(source, str) else source
    more.setdefault("locales", spelled(names))
    more.setdefault("name", sources[0])
    return Resource(project="default", sources=sources, target=target, **more)


def manifest(*resources: Resource, folder: str = "", source_locale: str = "en") -> Manifest:
    project = Project("default", "p", source_locale=source_locale)
    return Manifest(".l10n.yml", folder, {"default": project}, resources)


def laid(rules: Manifest | Resource, *files: str, **tree: Any) -> Layout:
    whole = manifest(rules) if isinstance(rules, Resource) else rules
    return lay_out(whole, TrackedTree(sorted(files), **tree))


def targets(layout: Layout) -> dict[str, dict[str, str]]:
    """Return source to locale (or copy's name) to target."""
    return {
        source.path: {each.locale or each.local_name: each.path for each in source.targets}
        for source in layout.sources
    }


def codes(layout: Layout) -> list[str]:
    return [each.code for each in layout.diagnostics]


def sources(layout: Layout) -> list[str]:
    return [each.path for each in layout.sources]


def only(layout: Layout, code: str) -> Diagnostic:
    """Return the one diagnostic of CODE; no other error may be there."""
    assert [each.code for each in layout.diagnostics if each.severity == "error" or each.code == code] == [
        code
    ]
    return next(each for each in layout.diagnostics if each.code == code)


# --- what real repositories do ------------------------------------------------------------------------

SR = {"sr-Latn": "sr@latin", "zh-CN": "zh-rCN"}


@pytest.mark.parametrize(
    ("rule", "source", "expected"),
    [
        pytest.param(
            resource("a/en/**/*.json", "a/{locale}/**/*.json"),
            "a/en/x/y.json",
            {"de-DE": "a/de/x/y.json", "fr-FR": "a/fr/x/y.json"},
            id="locale folder beside the source folder",
        ),
        pytest.param(
            resource(
                "**/res/values/strings*.xml",
                "**/res/values-{locale:android}/strings*.xml",
                {"zh-Hans-CN": "zh", "pt-BR": "pt"},
            ),
            "app/src/main/res/values/strings_x.xml",
            {
                "zh-Hans-CN": "app/src/main/res/values-b+zh+Hans+CN/strings_x.xml",
                "pt-BR": "app/src/main/res/values-pt-rBR/strings_x.xml",
            },
            id="locale as part of a folder's name",
        ),
        pytest.param(
            resource("**/en.lproj/*.strings", "**/{locale:apple}.lproj/*.strings", {"zh-Hans": "cn"}),
            "App/en.lproj/L.strings",
            {"zh-Hans": "App/zh-Hans.lproj/L.strings"},
            id="lproj folders",
        ),
        pytest.param(
            resource("**/*.properties", "**/*_{locale}.properties"),
            "m/A.properties",
            {"de-DE": "m/A_de.properties", "fr-FR": "m/A_fr.properties"},
            id="source without a locale",
        ),
        pytest.param(
            resource("**/*_en.csv", "**/*_{locale}.csv"),
            "a/x_en.csv",
            {"de-DE": "a/x_de.csv", "fr-FR": "a/x_fr.csv"},
            id="replaced suffix",
        ),
        pytest.param(
            resource("**/*.en.resx", "**/*.{locale}.resx"),
            "Resource.en.resx",
            {"de-DE": "Resource.de.resx", "fr-FR": "Resource.fr.resx"},
            id="replaced inner extension",
        ),
        pytest.param(
            resource("api/us.json", "{dir}/{locale}.{ext}"),
            "api/us.json",
            {"de-DE": "api/de.json", "fr-FR": "api/fr.json"},
            id="replaced name",
        ),
        pytest.param(
            resource("json/en/*.json", "json/translated/*_{locale}.json"),
            "json/en/a.json",
            {"de-DE": "json/translated/a_de.json", "fr-FR": "json/translated/a_fr.json"},
            id="another folder",
        ),
        pytest.param(
            resource("en/**/*.ftl", "test/{locale}/**/*_{language}.ftl"),
            "en/a/b.ftl",
            {"de-DE": "test/de/a/b_de.ftl", "fr-FR": "test/fr/a/b_fr.ftl"},
            id="another root, two placeholders",
        ),
        pytest.param(
            resource("app/**", "out/{locale:bcp47}/{path}", file_type="json"),
            "app/x/y.json",
            {"de-DE": "out/de-DE/app/x/y.json", "fr-FR": "out/fr-FR/app/x/y.json"},
            id="mirror of the tree",
        ),
        pytest.param(
            resource("x.pot", "locales/{locale:posix}/LC_MESSAGES/x.po", {"sr-Latn": "sr", "de-DE": "de"}),
            "x.pot",
            {"sr-Latn": "locales/sr@latin/LC_MESSAGES/x.po", "de-DE": "locales/de_DE/LC_MESSAGES/x.po"},
            id="gettext template",
        ),
        pytest.param(
            resource("**/L.xcstrings", "{path}"),
            "App/L.xcstrings",
            {"de-DE": "App/L.xcstrings", "fr-FR": "App/L.xcstrings"},
            id="one file for all locales",
        ),
        pytest.param(resource("legal/*.md", None), "legal/a.md", {}, id="upload only"),
        pytest.param(
            resource(
                "en/x.json",
                "{locale}/x.json",
                {"nb": "no", "de-DE": "da.DK", "zh-CN": "asia/zh_Hans", "sr-YR": "sr-YR"},
            ),
            "en/x.json",
            {
                "nb": "no/x.json",
                "de-DE": "da.DK/x.json",
                "zh-CN": "asia/zh_Hans/x.json",
                "sr-YR": "sr-YR/x.json",
            },
            id="any local name",
        ),
        pytest.param(
            resource(
                "values/x.xml",
                "values-{locale:android}/x.xml",
                file_type="android",
                locales=spelled({"he": "iw", "de-DE": "de"}, "he"),
            ),
            "values/x.xml",
            {"he": "values-iw/x.xml", "de-DE": "values-de-rDE/x.xml"},
            id="the resource's own map is taken as it is",
        ),
        pytest.param(
            resource("en/x.json", "{locale}/x.json", {"es-ES": ("es-ES", "es-MX")}, copies=("en-AU",)),
            "en/x.json",
            {"es-ES": "es-MX/x.json", "en-AU": "en-AU/x.json"},
            id="several files of one locale, and copies",
        ),
        pytest.param(
            resource("**/*.resx", "**/*.{locale}.resx", {"de-DE": "de"}, file_type="xml"),
            "a.b/X.resx",
            {"de-DE": "a.b/X.de.resx"},
            id="another type, dots in folders",
        ),
    ],
)
def test_patterns_of_real_repositories(rule: Resource, source: str, expected: dict[str, str]) -> None:
    """Each way in which repositories lay out their translations can be said."""
    layout = laid(rule, source)
    assert layout.diagnostics == ()
    assert targets(layout) == {source: expected}


def test_each_resource_has_its_own_map_and_locales() -> None:
    """Two resources of one repository spell one locale differently and ask for different ones."""
    rules = manifest(
        resource("App/en.lproj/*.strings", "App/{locale}.lproj/*.strings", {"nb": "nb", "zh-CN": "zh-Hans"}),
        resource("store/en/*.txt", "store/{locale}/*.txt", {"nb": "no"}),
    )
    layout = laid(rules, "App/en.lproj/L.strings", "store/en/d.txt")
    assert targets(layout) == {
        "App/en.lproj/L.strings": {"nb": "App/nb.lproj/L.strings", "zh-CN": "App/zh-Hans.lproj/L.strings"},
        "store/en/d.txt": {"nb": "store/no/d.txt"},
    }
    assert [each.locales for each in layout.sources] == [("nb", "zh-CN"), ("nb",)]


def test_several_local_names_give_several_files() -> None:
    """One translation is written once for each of its local names, and a copy once for each of its own."""
    layout = laid(
        resource("en/x.json", "{locale}/x.json", {"es-ES": ("es-ES", "es-MX")}, copies=("en-AU", "en-GB")),
        "en/x.json",
    )
    assert [(each.locale, each.local_name, each.path) for each in layout.sources[0].targets] == [
        ("", "en-AU", "en-AU/x.json"),
        ("", "en-GB", "en-GB/x.json"),
        ("es-ES", "es-ES", "es-ES/x.json"),
        ("es-ES", "es-MX", "es-MX/x.json"),
    ]


def test_names_that_a_style_spells_alike_are_one_target() -> None:
    """A style derives from the id, so that two local names lead to one file, written once."""
    layout = laid(
        resource("values/x.xml", "values-{locale:android}/x.xml", {"es-ES": ("a", "b")}), "values/x.xml"
    )
    assert [each.path for each in layout.sources[0].targets] == ["values-es-rES/x.xml"]
    assert layout.diagnostics == ()


# --- which files are sources --------------------------------------------------------------------------


def test_first_match_wins() -> None:
    """A file belongs to the first resource that matches it and does not exclude it."""
    rules = manifest(
        resource("a/*.json", "x/{locale}/*.json", name="first", excludes=("b.json",)),
        resource("**/*.json", "y/{locale}/**/*.json", name="second"),
    )
    layout = laid(rules, "a/a.json", "a/b.json", "c.json")
    assert {each.path: each.resource for each in layout.sources} == {
        "a/a.json": "first",
        "a/b.json": "second",
        "c.json": "second",
    }


def test_excluded_and_ignored_files_are_no_sources() -> None:
    """`exclude` speaks for one resource, `.l10nignore` for all, and `include` brings one back."""
    rule = resource(
        "**/*.json", "{dir}/{stem}.{locale}.json", excludes=("fixtures/",), includes=("a/fixtures/real.json",)
    )
    files = ("a/x.json", "a/fixtures/f.json", "a/fixtures/real.json", "vendor/v.json")
    assert sources(laid(rule, *files, ignore="vendor/\n")) == ["a/fixtures/real.json", "a/x.json"]


@pytest.mark.parametrize("target", ["**/*_{locale}.properties", "{dir}/{stem}_{locale}.{ext}"])
def test_a_target_is_never_a_source(target: str) -> None:
    """Translations beside their source, of any locale of the manifest, are not uploaded."""
    layout = laid(
        resource("**/*.properties", target),
        "A.properties",
        "A_de.properties",
        "m/B.properties",
        "m/B_fr.properties",
    )
    assert sources(layout) == ["A.properties", "m/B.properties"]
    assert (layout.orphans, layout.diagnostics) == ((), ())


def test_ignore_file_is_read_by_lines() -> None:
    """Only line feeds separate lines; a malformed one is named with its place, and the others count."""
    text = "# no\r\nvendor/\r\n\na[b\nb\u2028c.json\n"
    layout = laid(
        manifest(resource("*.json", None), folder="sub"), "sub/a.json", "sub/b\u2028c.json", ignore=text
    )
    assert sources(layout) == ["sub/a.json"]
    found = only(layout, "E201")
    assert (found.file, found.line, found.text) == ("sub/.l10nignore", 4, "a[b")


def test_a_target_of_another_resource_is_no_source_either() -> None:
    """What one resource writes, an upload-only resource with a wide pattern does not take."""
    rules = manifest(
        resource("a/en/*.json", "a/{locale}/*.json"), resource("a/**/*.json", None, file_type="json")
    )
    layout = laid(rules, "a/en/x.json", "a/de/x.json", "a/other.json")
    assert sources(layout) == ["a/en/x.json", "a/other.json"]
    assert layout.diagnostics == ()


def test_a_copy_is_no_source() -> None:
    """A copy of the source under another name is a target like any other."""
    layout = laid(resource("*.json", "*.{locale}.json", copies=("en-AU",)), "x.json", "x.en-AU.json")
    assert sources(layout) == ["x.json"]


def test_translation_without_source_is_an_orphan() -> None:
    """A file in the place of a translation whose source is gone is named, wherever it lies."""
    beside = laid(resource("*.properties", "*_{locale}.properties"), "A.properties", "B_de.properties")
    assert (sources(beside), beside.orphans) == (["A.properties"], ("B_de.properties",))
    apart = laid(resource("a/en/*.json", "a/{locale}/*.json"), "a/en/x.json", "a/de/gone.json", "a/it/x.json")
    assert (sources(apart), apart.orphans) == (["a/en/x.json"], ("a/de/gone.json",))


def test_translation_of_a_translation_is_an_orphan() -> None:
    """A chain of suffixes never makes a translation a source."""
    layout = laid(
        resource("*.properties", "*_{locale}.properties"),
        "A.properties",
        "A_de.properties",
        "A_de_fr.properties",
    )
    assert (sources(layout), layout.orphans) == (["A.properties"], ("A_de_fr.properties",))


def test_include_claims_a_source_that_looks_like_a_translation() -> None:
    """`sign_in` ends in a locale of the manifest, yet it is a source if the manifest includes it."""
    rule = resource("*.properties", "*_{locale}.properties", {"in": "in", "de-DE": "de"})
    files = ("A.properties", "sign_in.properties")
    assert laid(rule, *files).orphans == ("sign_in.properties",)
    included = laid(replace(rule, includes=("sign_in.properties",)), *files)
    assert (sources(included), included.orphans) == (["A.properties", "sign_in.properties"], ())


def test_literal_source_is_taken_by_its_word() -> None:
    """A pattern without wildcards names its file, whatever it looks like."""
    layout = laid(
        resource(("sign_in.json", "us.json"), "{stem}_{locale}.json", {"in": "in"}), "sign_in.json", "us.json"
    )
    assert sources(layout) == ["sign_in.json", "us.json"]
    assert layout.diagnostics == ()


@pytest.mark.parametrize(
    ("rule", "files", "refused"),
    [
        (
            resource("*.properties", "*_{locale}.properties"),
            ("A.properties", "A_it.properties"),
            "A_it.properties",
        ),
        (
            resource("*.properties", "*_{locale}.properties"),
            ("A.properties", "B_zh_CN.properties"),
            "B_zh_CN.properties",
        ),
        (resource("i18n/*.json", "i18n/{locale}.json"), ("i18n/en.json", "i18n/it.json"), "i18n/it.json"),
        (
            resource("*/strings.json", "{locale}/strings.json"),
            ("en/strings.json", "pt-BR/strings.json"),
            "pt-BR/strings.json",
        ),
        (resource("*.json", "*.{locale:posix}.json"), ("x.json", "x.sr@latin.json"), "x.sr@latin.json"),
    ],
)
def test_lookalike_is_refused(rule: Resource, files: tuple[str, ...], refused: str) -> None:
    """A file that would be a target for a locale nobody named is neither uploaded nor silently dropped."""
    layout = laid(rule, *files)
    assert sources(layout) == [files[0]]
    assert only(layout, "E212").message.startswith(f"`{refused}` looks like a translation")
    for decided in (replace(rule, excludes=(refused,)), replace(rule, includes=(refused,))):
        assert "E212" not in codes(laid(decided, *files))


@pytest.mark.parametrize(
    ("rule", "files"),
    [
        (resource("a/en/*.json", "a/{locale}/*.json"), ("a/en/x.json",)),
        (resource("*.properties", "*_{locale}.properties"), ("sign_in.properties", "made_to.properties")),
        (resource("i18n/*.json", "i18n/{locale}.json"), ("i18n/en.json",)),
        (resource("*.xml", "*_{locale}.xml", file_type="xml"), ("main_land.xml", "x_v27.xml", "b_us.xml")),
        (resource("it/**/*.json", "{locale}/**/*.json"), ("it/x.json", "it/fr.json")),
    ],
)
def test_ordinary_names_are_no_lookalikes(rule: Resource, files: tuple[str, ...]) -> None:
    """The source's own locale, words that are codes too, and qualifiers are not refused."""
    rules = manifest(rule, source_locale="it" if rule.sources[0].startswith("it") else "en-US")
    layout = laid(rules, *files)
    assert "E212" not in codes(layout)
    assert sources(layout) == sorted(files)


def test_only_regular_tracked_files_count() -> None:
    """Symlinks, submodules and LFS pointers are left out with a notice."""
    layout = laid(
        resource("*.json", "*.{locale}.json"),
        "a.json",
        specials={"b.json": "symlink", "c.json": "lfs", "d": "submodule"},
    )
    assert sources(layout) == ["a.json"]
    assert [(each.code, each.severity, each.message) for each in layout.diagnostics] == [
        ("W254", "notice", "`b.json` is a symlink and is left out"),
        ("W254", "notice", "`c.json` is an LFS pointer and is left out"),
    ]


# --- names on the service -----------------------------------------------------------------------------


def test_uris_count_from_the_git_root_and_patterns_from_the_manifest() -> None:
    """A manifest in a folder sees only what is below it; its fileUris are unique in the repository."""
    rules = manifest(
        resource("en/*.json", "{locale}/*.json", file_uri="{dir}/{name}", namespace="ns/{stem}"),
        folder="apps/web",
    )
    source = laid(rules, "apps/web/en/x.json", "en/x.json").sources[0]
    assert (source.path, source.file_uri, source.namespace) == (
        "apps/web/en/x.json",
        "apps/web/en/x.json",
        "ns/x",
    )
    assert [each.path for each in source.targets] == ["apps/web/de/x.json", "apps/web/fr/x.json"]


def test_uri_is_in_composed_form() -> None:
    """A name that a Mac wrote in pieces has the same fileUri as everywhere else."""
    assert laid(resource("*.json", None), "e\u0301.json").sources[0].file_uri == "\u00e9.json"


@pytest.mark.parametrize(
    ("branch", "changed", "expected"),
    [
        ("main", None, ("main/a.json", "", True)),
        ("feat/x", None, ("feat/x/a.json", "main/a.json", True)),
        ("feat/x", frozenset({"a.json"}), ("feat/x/a.json", "main/a.json", True)),
        ("feat/x", frozenset({"b.json"}), ("main/a.json", "", False)),
    ],
)
def test_branch_in_the_uri(
    branch: str, changed: frozenset[str] | None, expected: tuple[str, str, bool]
) -> None:
    """A branch sends what differs from the default branch, and shares its namespace."""
    rule = resource("a.json", "{locale}.json", file_uri="{branch}/{path}")
    source = laid(rule, "a.json", branch=branch, changed=changed).sources[0]
    assert (source.file_uri, source.default_uri, source.push) == expected
    assert source.namespace == "a.json"


def test_branch_that_is_not_known_is_one_clear_error() -> None:
    """Without a branch there is no fileUri; without `{branch}` nobody asks for one."""
    rule = resource("*.json", None, file_uri="{branch}/{path}")
    assert only(laid(rule, "a.json", "b.json"), "E213").help.startswith("Give `--branch NAME`")
    assert codes(laid(resource("*.json", None), "a.json")) == []


def test_pull_only_resource_is_not_sent() -> None:
    """`push: false` keeps the source and its targets, but sends nothing."""
    layout = laid(resource("a.json", "{locale}.json", push=False), "a.json")
    assert [each.push for each in layout.sources] == [False]


def test_type_is_said_or_told_from_the_name() -> None:
    """An explicit type wins and is read leniently; its canonical name is kept."""
    rules = manifest(
        resource("a.resx", None, file_type="XML"),
        resource("b.resx", None),
        resource("c", None, file_type="java_properties"),
    )
    assert [each.file_type for each in laid(rules, "a.resx", "b.resx", "c").sources] == [
        "xml",
        "resx",
        "javaProperties",
    ]


# --- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "files", "code", "words"),
    [
        (resource("a/[b.json", None), (), "E201", "without a `]`"),
        (resource("*.json", "{lcoale}.json"), (), "E201", "unknown placeholder"),
        (resource("*.json", "a/{locale}", excludes=("a//b",)), (), "E201", "`a//b`"),
        (resource("*.json", "**/{locale}.json"), (), "E202", "wildcard 1"),
        (resource("*.json", None), (), "E203", "`*.json` matches no file"),
        (resource(("*.json", "*.yml"), None), ("a.json",), "E203", "`*.yml` matches no file"),
        (
            resource("*_de.json", "*_{locale}.json"),
            ("a_de.json",),
            "E203",
            "only translations, such as `a_de.json`",
        ),
        (
            resource("a.json", "out.json"),
            ("a.json",),
            "E204",
            "`de-DE` and `fr-FR` of `a.json` both write `out.json`",
        ),
        (
            resource("*/a.json", "out/{locale}.json"),
            ("x/a.json", "y/a.json"),
            "E204",
            "`x/a.json` for `de-DE` and `y/a.json` for `de-DE` both write `out/de.json` (and 1 more like it)",
        ),
        (
            resource("a.json", "{locale}.json", {"de-DE": "de", "fr-FR": "DE"}),
            ("a.json",),
            "E204",
            "both write",
        ),
        (resource("a.json", "{path}", {"de-DE": "de"}), ("a.json",), "E205", "`a.json` is the source itself"),
        (
            manifest(resource("a.json", "b/{locale}.json"), resource("b/de.json", None)),
            ("a.json", "b/de.json"),
            "E205",
            "`b/de.json` of `a.json` for `de-DE` is a source",
        ),
        (resource("a.yml", ".github/workflows/{locale}.yml"), ("a.yml",), "E206", "must not be written"),
        (resource("a.yml", "{locale}/.git/x"), ("a.yml",), "E206", "it lies in `.git`"),
        (
            resource("**/*.json", None, file_uri="{name}"),
            ("a/x.json", "b/X.json"),
            "E207",
            "case does not count",
        ),
        (resource("*.json", None, file_uri="x"), ("a.json", "b.json"), "E207", "the same fileUri `x`"),
        (
            resource("*.json", None, file_uri="é" * 500 + "{path}"),
            ("a-long-name.json",),
            "E208",
            "516 characters",
        ),
        (resource("*.json", None, {"en": "en"}), ("a.json",), "E209", "`en` is the source locale"),
        (resource("a.json", None, file_type="jsn"), ("a.json",), "E210", "unknown fileType `jsn`"),
        (resource("a.zzz", None), ("a.zzz",), "E211", "`a.zzz` cannot be recognized"),
        (resource("*.json", None, {"all": "x"}), ("a.json",), "E215", "`all` is not a locale id"),
        (resource("a.json", "{locale}/x", {"de-DE": "../x"}), ("a.json",), "E216", "'../x'"),
        (resource("a.json", "x-{region}.json", {"de": "de"}), ("a.json",), "E217", "`de` has no region"),
        (resource("*.json", None), ("a\nb.json",), "E218", "'a\\nb.json'"),
        (resource("a.json", "x/{locale}.json"), ("a.json", "x"), "E219", "a folder where `x` is a file"),
        (resource("a.json", "{locale}"), ("a.json", "de/x"), "E219", "`de` is a folder"),
    ],
)
def test_mistake_is_named(rules: Manifest | Resource, files: tuple[str, ...], code: str, words: str) -> None:
    """Each mistake is reported once, by its own code, and says what is wrong."""
    assert words in only(laid(rules, *files), code).message


def test_collision_names_both_sides() -> None:
    """Where two resources collide, the diagnostic points at one and relates the other."""
    one = Place("f.yml", 10, 5, 20, "    target: x")
    two = Place("f.yml", 20, 5, 20, "    target: y")
    rules = manifest(
        resource("a.json", "out/{locale}.json", name="a", places={"target": one}),
        resource("b.json", "out/{language}.json", name="b", places={"target": two}),
    )
    found = only(laid(rules, "a.json", "b.json"), "E204")
    assert (found.line, found.text) == (20, "    target: y")
    assert [(each.line, each.message) for each in found.related] == [(10, "the other one is written here")]


def test_same_uri_in_two_projects_is_legal() -> None:
    """A fileUri is unique within a project, not beyond it."""
    rules = manifest(
        resource("a.json", None, file_uri="x"),
        replace(resource("b.json", None, file_uri="x"), project="other"),
    )
    assert laid(rules, "a.json", "b.json").diagnostics == ()


def test_mistake_in_a_pattern_is_marked_in_its_line() -> None:
    """The caret stands under the placeholder itself, also in a quoted value."""
    line = '    target: "{dir}/{lcoale}.json"'
    place = Place("f.yml", 7, 13, len(line) + 1, line)
    found = only(laid(resource("*.json", "{dir}/{lcoale}.json", places={"target": place}), "a.json"), "E201")
    assert (found.file, found.line) == ("f.yml", 7)
    assert line[found.column - 1 : found.end_column - 1] == "{lcoale}"
    assert found.help == "Did you mean `{locale}`?"


@pytest.mark.parametrize(("key", "target"), [("link", "link/{locale}.json"), ("de.json", "{locale}.json")])
def test_target_behind_a_symlink_is_refused(key: str, target: str) -> None:
    """Nothing is written through a link or into a submodule."""
    layout = laid(resource("a.json", target, {"de-DE": "de"}), "a.json", specials={key: "symlink"})
    assert f"through the symlink `{key}`" in only(layout, "E214").message


def test_the_manifest_is_no_target() -> None:
    """A manifest under another name is not written over either."""
    rules = replace(manifest(resource("a.yml", "{locale}.yml", {"de-DE": "my"})), file="sub/my.yml")
    assert "it is the manifest" in only(laid(rules, "a.yml"), "E206").message


@pytest.mark.parametrize(
    ("rule", "files", "words"),
    [
        (resource("web/en/*.json", None), ("web/de/a.json",), "The nearest is `web/`."),
        (resource("web/en/*.json", None), ("apps/web/a.json",), "The nearest is `apps/web/a.json`."),
        (
            resource("web/*.json", None),
            ("x",),
            "Git tracks no file in such a folder. New files count once they are added with `git add`.",
        ),
        (resource("*.json", None, excludes=("a*",)), ("a.json",), "`a.json` is excluded by `a*`."),
    ],
)
def test_pattern_without_files_says_what_is_near(rule: Resource, files: tuple[str, ...], words: str) -> None:
    """The help names the nearest folder, or what keeps the files away."""
    assert words in only(laid(rule, *files), "E203").help


def test_optional_pattern_may_match_nothing() -> None:
    """`optional: true` allows a pattern without files."""
    assert laid(resource("*.json", None, optional=True)).diagnostics == ()


def test_shadowed_pattern_and_useless_include_are_warnings() -> None:
    """What has no effect is said, without failing the run."""
    rules = manifest(
        resource("**/*.json", None, name="wide"),
        resource("a/*.json", None, name="late", includes=("b.json",)),
        resource("x/**.md", None, name="stars"),
    )
    layout = laid(rules, "a/x.json", "b.json", "x/y.md")
    assert {(each.code, each.severity) for each in layout.diagnostics} == {
        ("W251", "warning"),
        ("W252", "warning"),
        ("W253", "warning"),
    }


def test_every_code_is_explained() -> None:
    """`l10nsync explain` knows each code, and each explanation is a sentence."""
    assert set(CODES) == {f"E{number}" for number in range(201, 222)} | {
        f"W{number}" for number in range(251, 255)
    }
    assert all(text.endswith(".") and len(text) > 30 for text in CODES.values())


# --- explain ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "role", "outcomes"),
    [
        ("a/en/x.json", "source", ["matches it", "belongs to an earlier entry"]),
        ("a/de/x.json", "target", ["no match", "not a source"]),
        ("a/fr/gone.json", "orphan translation", ["no match", "not a source"]),
        ("a/it/x.json", "look-alike", ["no match", "not a source"]),
        ("a/en/out.json", "source", ["excluded", "matches it"]),
        ("a/vendor/x.json", "ignored", []),
        ("README.md", "none", ["no match", "no match"]),
        ("a/new.json", "untracked", ["no match", "not a source"]),
        ("a/link.json", "special", []),
    ],
)
def test_explain_says_who_took_a_path(path: str, role: str, outcomes: list[str]) -> None:
    """For every path there is a reason, and what each resource made of it."""
    rules = manifest(
        resource("a/en/*.json", "a/{locale}/*.json", name="first", excludes=("out.json",)),
        resource("a/**/*.json", None, name="second"),
    )
    files = (
        "README.md",
        "a/de/x.json",
        "a/en/out.json",
        "a/en/x.json",
        "a/fr/gone.json",
        "a/it/x.json",
        "a/vendor/x.json",
    )
    found = explain(rules, TrackedTree(files, {"a/link.json": "symlink"}, "vendor/"), path)
    assert found.role == role
    assert [each.outcome for each in found.entries] == outcomes
    assert found.lines()[0] == f"{path}: {found.reason}"
    assert found.as_data()["role"] == role


def test_explain_shows_uri_and_targets() -> None:
    """A source and each of its targets lead to the same facts."""
    rules = manifest(resource("a.json", "{locale}.json", {"de-DE": "de"}, name="r"), folder="sub")
    tree = TrackedTree(("sub/a.json",))
    assert explain(rules, tree, "sub/de.json").source == explain(rules, tree, "sub/a.json").source
    assert explain(rules, tree, "sub/a.json").lines()[1:] == (
        "  source: sub/a.json",
        "  resource: r",
        "  fileUri: sub/a.json",
        "  namespace: sub/a.json",
        "  fileType: json",
        "  de-DE: sub/de.json",
        "  [r] matches it (`a.json`)",
    )
    assert explain(rules, tree, "other.json").role == "outside"


# --- as a whole ---------------------------------------------------------------------------------------

_name = st.sampled_from(["a", "b_de", "c_it", "sign_in", "en", "de", "fr", "x.y"])
_file = st.tuples(st.lists(_name, max_size=2), _name, st.sampled_from([".json", ".md"])).map(
    lambda it: "/".join([*it[0], it[1] + it[2]])
)
_rule = st.sampled_from(
    [
        resource("**/*.json", "**/*_{locale}.json"),
        resource("**/en/**/*.json", "**/{locale}/**/*.json"),
        resource("*.json", "{locale}.json"),
        resource("**/*.md", "{locale}/{path}"),
        resource("**/*.md", "{dir}/{locale}.md", includes=("sign_in.md",)),
        resource("**/*", None, file_type="plainText"),
    ]
)


@given(st.lists(_rule, min_size=1, max_size=3), st.sets(_file, max_size=12))
def test_no_source_is_written_and_nothing_is_taken_twice(rules: list[Resource], files: set[str]) -> None:
    """Sources are tracked files, never orphans, and never written to unless an error says so."""
    layout = laid(manifest(*(replace(rule, name=str(index)) for index, rule in enumerate(rules))), *files)
    taken = sources(layout)
    assert taken == sorted(set(taken))
    assert set(taken) <= files
    assert not set(taken) & set(layout.orphans)
    written: list[Source] = [each for each in layout.sources if any(t.path in taken for t in each.targets)]
    assert not written or "E205" in codes(layout)


def test_large_repositories_take_little_work() -> None:
    """A file that no resource wants costs a few calls, however many resources there are."""
    rules = manifest(
        *(
            resource(f"apps/a{n}/locales/en/**/*.json", f"apps/a{n}/locales/{{locale}}/**/*.json")
            for n in range(40)
        ),
        *(
            resource(f"**/r{n}/values/strings*.xml", f"**/r{n}/values-{{locale}}/strings*.xml")
            for n in range(10)
        ),
    )
    files = [
        f"apps/a{n % 40}/locales/{lang}/d{n % 7}/f{n}.json" for n in range(50) for lang in ("en", "de", "fr")
    ]
    files += [f"lib/r{n}/values/strings.xml" for n in range(10)]
    files += [f"src/p{n % 300}/m{n % 17}/F{n}.{'json' if n % 2 else 'java'}" for n in range(20_000)]
    tree = TrackedTree(sorted(files))
    assert len(lay_out(rules, tree).sources) == 60
    spent = effort(lambda: lay_out(rules, tree))
    assert spent < 150 * len(tree.files)
