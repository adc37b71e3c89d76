"""Source patterns, templates, exclusions and the safety of target paths."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from l10nsync import paths
from l10nsync.paths import Ignore, Inverse, PatternError, TemplateKind, bind, compile_source, compile_template


def captures(pattern: str, path: str) -> list[str] | None:
    found = compile_source(pattern).match(path)
    return None if found is None else [each.text for each in found]


def render(source: str, template: str, path: str, kind: TemplateKind = "target", **values: str) -> str:
    pattern, compiled = compile_source(source), compile_template(template, kind)
    bind(compiled, pattern)
    found = pattern.match(path)
    assert found is not None
    return paths.render(compiled, found, paths.split(path), values)


# --- source patterns ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("a/en.json", "a/en.json", []),
        ("*.json", "en.json", ["en"]),
        ("*.json", ".json", [""]),
        ("a/*/c", "a/b/c", ["b"]),
        ("a?c", "abc", ["b"]),
        ("a?c", "aéc", ["é"]),
        ("[ab].x", "a.x", ["a"]),
        ("[!ab].x", "c.x", ["c"]),
        ("[^ab].x", "c.x", ["c"]),
        ("[a-c-].x", "-.x", ["-"]),
        ("[]a].x", "].x", ["]"]),
        ("[[:digit:]x]", "7", ["7"]),
        ("[\\]]", "]", ["]"]),
        ("**/en.json", "en.json", [""]),
        ("**/en.json", "a/b/en.json", ["a/b"]),
        ("a/**/b", "a/b", [""]),
        ("a/**/b", "a/x/y/b", ["x/y"]),
        ("a/**", "a/b/c", ["b/c"]),
        ("**", "a", ["a"]),
        ("**/*.json", "x/y.json", ["x", "y"]),
        ("**/en/**/*.json", "a/en/b/en/c.json", ["a", "b/en", "c"]),
        ("**/res/values/strings*.xml", "m/src/res/values/strings_a.xml", ["m/src", "_a"]),
        ("*-*.json", "a-b-c.json", ["a", "b-c"]),
        ("!a/#b", "!a/#b", []),
        ("\\*", "*", []),
        ("a**b", "axxb", ["xx"]),
        ("app/[id]/en.json", "app/i/en.json", ["i"]),
        ("app/[id]/en.json", "app/[id]/en.json", ["[id]"]),
        ("{a}/b", "{a}/b", []),
    ],
)
def test_pattern_matches_and_captures(pattern: str, path: str, expected: list[str]) -> None:
    """Each wildcard captures what it stands for, as little as possible from left to right."""
    assert captures(pattern, path) == expected


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.json", "a/en.json"),
        ("a/*", "a/b/c"),
        ("a?b", "a/b"),
        ("a[+-9]b", "a/b"),
        ("a[!x]b", "a/b"),
        ("a/**", "a"),
        ("a", "a/b"),
        ("**/en.json", "xen.json"),
        ("a**/b", "ax/y/b"),
        ("en.json", "EN.json"),
        ("*.strings", "Localizable.stringsdict"),
    ],
)
def test_pattern_is_anchored_and_keeps_to_folders(pattern: str, path: str) -> None:
    """Only `**` crosses a slash, case counts, and the whole path must match."""
    assert captures(pattern, path) is None


@pytest.mark.parametrize(
    ("pattern", "offset", "length", "words"),
    [
        ("", 0, 0, "empty"),
        ("/a", 0, 1, "begin with a slash"),
        ("a//b", 1, 2, "two slashes"),
        ("a/", 1, 1, "not a folder"),
        ("a/../b", 2, 2, "`..`"),
        ("./a", 0, 1, "`.`"),
        ("a/[b", 2, 1, "without a `]`"),
        ("a/[b/c]", 2, 1, "without a `]`"),
        ("[[:alhpa:]]", 1, 9, "unknown class"),
        ("x[z-a]", 2, 3, "backwards"),
        ("a\\", 1, 1, "escapes nothing"),
        ("a\\/b", 1, 2, "slash"),
        ("a\nb", 1, 1, "control"),
        ("a" * 5000, 0, 5000, "4096"),
    ],
)
def test_malformed_pattern_is_refused_at_its_place(
    pattern: str, offset: int, length: int, words: str
) -> None:
    """An error marks the characters that are wrong and says why."""
    with pytest.raises(PatternError) as caught:
        compile_source(pattern)
    assert (caught.value.offset, caught.value.length) == (offset, length)
    assert words in caught.value.message


def test_misspelt_class_names_the_nearest() -> None:
    """A class that does not exist is answered with the one that was probably meant."""
    with pytest.raises(PatternError) as caught:
        compile_source("[[:alhpa:]]")
    assert caught.value.hint == "Did you mean `[:alpha:]`?"


def test_literal_ends_of_a_pattern() -> None:
    """Prefix and suffix are what every match begins and ends with; a `**` may take its slash along."""
    pattern = compile_source("apps/*/en/**/x.json")
    assert (pattern.literal_prefix, pattern.literal_suffix) == ("apps/", "x.json")
    assert compile_source("a/**/b").literal_prefix == "a"
    assert compile_source("a/b.json").literal == "a/b.json"
    assert compile_source("a/*.json").literal is None


def test_doubled_stars_in_a_name_are_noticed() -> None:
    """`src/**.json` is legal, but its writer most likely meant something else."""
    assert [token.text for token in compile_source("src/**.json").doubtful] == ["**"]
    assert compile_source("src/**/*.json").doubtful == ()


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 20 + "b", "a" * 4000),
        ("**/a/" * 20 + "b", "a/" * 2000 + "c"),
        ("**/*a*a*a*a*/" * 10 + "b", "aaaaaaaaaaaaaaa/" * 300 + "c"),
        ("**/" * 100 + "b", "a/" * 2000 + "c"),
        ("?*" * 100 + "x", "y" * 4000),
    ],
)
def test_hostile_patterns_take_no_time(pattern: str, path: str) -> None:
    """Matching never tries the same thing twice, so that no pattern can stall a run."""
    compiled = compile_source(pattern)
    started = time.process_time()
    assert compiled.match(path) is None
    # The regular expression is a call of its own: a pattern that tries things twice would take minutes.
    assert time.process_time() - started < 5


_part = st.text("ab.-é", min_size=1, max_size=4).filter(lambda part: part not in {".", ".."})
_path = st.lists(_part, min_size=1, max_size=5).map("/".join)


@st.composite
def _pattern_of(draw: st.DrawFn, path: str) -> str:
    """Return a pattern that matches PATH: some pieces of it become wildcards."""
    parts = [draw(st.sampled_from([part, "*", part[0] + "*", "?" * len(part)])) for part in path.split("/")]
    start = draw(st.integers(0, len(parts) - 1))
    end = draw(st.integers(start, len(parts)))
    return "/".join([*parts[:start], "**", *parts[end:]] if draw(st.booleans()) else parts)


@given(_path, st.data())
def test_captures_put_back_give_the_path(path: str, data: st.DataObject) -> None:
    """A template that repeats the pattern renders the path itself."""
    text = data.draw(_pattern_of(path))
    assert render(text, text, path) == path


@given(st.text("a*?[]!^-:\\/{}", max_size=12), _path)
def test_any_text_compiles_or_is_refused(text: str, path: str) -> None:
    """No pattern raises anything but a `PatternError`, and its place lies within the text."""
    refused: PatternError | None = None
    try:
        compile_source(text).match(path)
        compile_template(text, "target")
    except PatternError as error:
        refused = error
    assert refused is None or 0 <= refused.offset <= refused.offset + refused.length <= len(text) + 1


@given(st.text("ab*/?", min_size=1, max_size=8), _path)
def test_matching_agrees_with_a_plain_definition(text: str, path: str) -> None:
    """The matcher takes what the obvious regular expression takes."""
    assume("//" not in text and not text.startswith("/") and not text.endswith("/"))
    parts = ["**" if re.fullmatch(r"\*\*+", part) else re.sub(r"\*+", "*", part) for part in text.split("/")]
    regex = "/".join(parts).replace(".", "\\.").replace("?", "[^/]")
    regex = re.sub(r"(?<![*])\*(?![*])", "[^/]*", regex)
    regex = re.sub(r"(?:^|(?<=/))\*\*(?=/)/", "(?:[^/]+/)*", regex)
    regex = regex.replace("**", ".+")
    assert (captures(text, path) is not None) == (re.fullmatch(regex, path) is not None)


# --- templates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "template", "path", "expected"),
    [
        ("a/en/**/*.json", "a/{locale}/**/*.json", "a/en/x/y.json", "a/de/x/y.json"),
        ("a/en/**/*.json", "a/{locale}/**/*.json", "a/en/y.json", "a/de/y.json"),
        ("**/*.json", "{dir}/{locale}.{ext}", "en.json", "de.json"),
        ("**/*.json", "{dir}/{stem}_{locale}.{ext}", "a/b.c.json", "a/b.c_de.json"),
        ("**/*", "{dir}/{stem}.{locale}.{ext}", "a/README", "a/README.de"),
        ("**/*", "{locale}/{path}", "a/b.json", "de/a/b.json"),
        ("**/*", "{locale}/{name}", "a/b.json", "de/b.json"),
        ("*/*.json", "{2}/{locale}/{1}.json", "a/b.json", "b/de/a.json"),
        ("**/*.json", "out/{1}/{locale}.json", "b.json", "out/de.json"),
        ("a.pot", "\\{x\\}/{locale}.po", "a.pot", "{x}/de.po"),
        ("[ab].json", "[xy]/{locale}.json", "a.json", "a/de.json"),
        ("**/.env", "{dir}/{stem}.{locale}.{ext}", "a/.env", "a/.env.de"),
    ],
)
def test_template_renders(source: str, template: str, path: str, expected: str) -> None:
    """Wildcards and placeholders take the pieces of the path; what is empty goes with its slash or dot."""
    assert render(source, template, path, locale="de") == expected


def test_branch_and_its_slash_can_be_left_out() -> None:
    """The default namespace is the fileUri without the branch."""
    template = "{branch}/{path}"
    assert render("**/*", template, "a/b.json", "fileUri", branch="feature/x") == "feature/x/a/b.json"
    assert render("**/*", template, "a/b.json", "fileUri") == "a/b.json"


@pytest.mark.parametrize(
    ("template", "kind", "offset", "hint"),
    [
        ("a/{lcoale}.json", "target", 2, "Did you mean `{locale}`?"),
        ("{locale:androd}/x", "target", 0, "Did you mean `{locale:android}`?"),
        (
            "{zzz}",
            "namespace",
            0,
            "Known: {path}, {dir}, {name}, {stem}, {ext}, {path:trim}, {repo}; write `\\{` for a brace.",
        ),
        ("{locale}/x", "fileUri", 0, ""),
        ("{branch}/x", "target", 0, ""),
        ("{branch}/x", "namespace", 0, ""),
        ("a{", "target", 1, "Write `\\{` for the character itself."),
        ("a}", "target", 1, "Write `\\}` for the character itself."),
        ("a/../{locale}", "target", 2, "Paths begin at the manifest's folder and cannot leave it."),
    ],
)
def test_malformed_template_is_refused(template: str, kind: TemplateKind, offset: int, hint: str) -> None:
    """A placeholder that does not exist, or not there, is named with the nearest one that does."""
    with pytest.raises(PatternError) as caught:
        compile_template(template, kind)
    assert (caught.value.offset, caught.value.hint) == (offset, hint)


@pytest.mark.parametrize(
    ("source", "template", "words"),
    [
        ("*.json", "*/*.json", "is wildcard 2, but the source `*.json` has only 1 wildcard"),
        ("a.json", "*.json", "has no wildcard"),
        ("*.json", "{2}.json", "has only 1 wildcard"),
        ("*.json", "{0}.json", "has only 1 wildcard"),
        ("**/*.json", "*.json", "wildcard 1 is `*` here, `**` in the source"),
        ("?.json", "*.json", "wildcard 1 is `*` here, `?` in the source"),
    ],
)
def test_wildcards_must_correspond(source: str, template: str, words: str) -> None:
    """The n-th wildcard needs an n-th wildcard of the same kind in the source."""
    with pytest.raises(PatternError, match=re.escape(words)):
        bind(compile_template(template, "target"), compile_source(source))


def test_a_backslash_between_folders_is_named() -> None:
    """It makes the wildcard literal, so the template has one too many."""
    with pytest.raises(PatternError) as caught:
        bind(compile_template("app/{locale}/*.json", "target"), compile_source(r"app\en\*.json"))
    assert "Write `app/en/*.json`" in caught.value.hint


@pytest.mark.parametrize(
    ("source", "template", "target", "expected"),
    [
        ("a/en/**/*.json", "a/{locale}/**/*.json", "a/de/x/y.json", "a/en/x/y.json"),
        ("**/*.json", "{dir}/{stem}_{locale}.{ext}", "a/b_de.json", "a/b.json"),
        ("**/*.properties", "**/*_{locale}.properties", "a/b_c_de.properties", "a/b_c.properties"),
        ("json/en/*.json", "json/out/{stem}_{locale}.json", "json/out/a_de.json", "json/en/a.json"),
        ("web/**/en.json", "{dir}/{locale}.json", "web/a/de.json", "web/a/en.json"),
        ("x.pot", "po/{locale}/x.po", "po/de/x.po", "x.pot"),
        ("**/*", "{locale}/{path}", "de/a/b.json", "a/b.json"),
        ("*/*.json", "{locale}/*.json", "de/a.json", None),
        ("a/*.json", "{stem}/{locale}.json", "b/fr.json", None),
    ],
)
def test_target_leads_back_to_its_source(
    source: str, template: str, target: str, expected: str | None
) -> None:
    """As far as a target says it, its source can be told."""
    inverse = Inverse(compile_template(template, "target"), compile_source(source))
    form = inverse.form({"locale": "de"})
    assert form is not None
    assert inverse.source(target, form) == expected


@given(_path, st.sampled_from(["{dir}/{locale}/{name}", "{locale}/{path}", "{dir}/{name}.{locale}"]))
def test_inverse_undoes_rendering(path: str, template: str) -> None:
    """A rendered target leads back to a source that renders it again."""
    inverse = Inverse(compile_template(template, "target"), compile_source("**"))
    form = inverse.form({"locale": "zz"})
    assert form is not None
    target = render("**", template, path, locale="zz")
    source = inverse.source(target, form)
    assert source is not None
    assert render("**", template, source, locale="zz") == target


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/b.c.json", ("a", "b.c.json", "b.c", "json")),
        ("b", ("", "b", "b", "")),
        ("a.b/c", ("a.b", "c", "c", "")),
        (".env", ("", ".env", ".env", "")),
        ("x.", ("", "x.", "x", "")),
    ],
)
def test_pieces_of_a_path(path: str, expected: tuple[str, str, str, str]) -> None:
    """Only the last dot of the name counts, and not one at its beginning."""
    assert paths.split(path) == (path, *expected)


# --- exclusions ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "path", "which"),
    [
        (["*.json"], "a/b.json", "*.json"),
        (["/b.json"], "a/b.json", ""),
        (["**/fixtures/**"], "a/fixtures/b/c", "**/fixtures/**"),
        (["fixtures/"], "a/fixtures/b/c", "fixtures/"),
        (["fixtures/"], "a/fixtures", ""),
        (["*.json", "!b.json"], "a/b.json", ""),
        (["a/", "!a/b.json"], "a/b.json", "a/"),
        (["# a", "", "\\#b"], "#b", "\\#b"),
        (["a\\ "], "a ", "a\\ "),
        (["a  "], "a", "a"),
    ],
)
def test_exclusions_are_gitignore_patterns(lines: list[str], path: str, which: str) -> None:
    """The last pattern that matches decides, and an excluded folder keeps what is below it."""
    assert Ignore(lines).which(path) == which
    assert Ignore(lines).match(path) == bool(which)


def test_malformed_exclusion_is_named() -> None:
    """A line that could never match is an error, where git would stay silent."""
    with pytest.raises(PatternError, match=re.escape("`a[b`")):
        Ignore(["a[b"])


# --- safety -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "a/b.json", "values-b+sr+Latn/strings.xml", "da.DK/x", ".github/l10n.json", "a b/é.json",
        "CONTACT/x", "git/x", ".gitx/y", "auxiliary.json", "com10.json", "..a/b", "a..b", "-x",
        "'q'", "#1", "workflows/x.yml",
    ],
)  # fmt: skip
def test_ordinary_targets_are_safe(path: str) -> None:
    """Names that only resemble dangerous ones may be written."""
    assert paths.unsafe(path) is None


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/etc/passwd", "absolute"),
        ("C:/x", "absolute"),
        ("c:x", "absolute"),
        ("a\\b", "backslash"),
        ("\\\\server\\x", "backslash"),
        ("a/../b", "`..`"),
        ("a/./b", "`.`"),
        ("a//b", "empty part"),
        ("a/", "empty part"),
        ("", "empty part"),
        (".git/config", ".git"),
        ("a/.GIT/hooks/x", ".git"),
        ("git~1/x", ".git"),
        ("GIT~2/x", ".git"),
        (".git /x", ".git"),
        (".git./x", ".git"),
        (".git. ./x", ".git"),
        (".git::$INDEX_ALLOCATION/x", ".git"),
        (".g\u200cit/x", ".git"),
        ("\ufeff.git/x", ".git"),
        (".gitmodules", "configures git"),
        (".GitModules", "configures git"),
        ("gitmod~1", "configures git"),
        ("gi7eba~1", "configures git"),
        ("a/.gitattributes", "configures git"),
        (".github/workflows/x.yml", "workflows"),
        (".GitHub/Workflows/x.yml", "workflows"),
        (".l10n.yml", ".l10n.yml"),
        ("a/.L10N.yml", ".l10n.yml"),
        ("a\nb", "control"),
        ("a\x7f", "control"),
        ("a\u2028b", "control"),
        ("CON", "Windows"),
        ("a/nul.json", "Windows"),
        ("aux.de.json", "Windows"),
        ("COM1", "Windows"),
        ("lpt¹.txt", "Windows"),
        ("a./b", "Windows"),
        ("a /b", "Windows"),
        ("ab:ads", "Windows"),
        ("a*b", "Windows"),
        ("a\u202eb", "invisible"),
        ("x" * 256, "255"),
        ("é" * 128, "255"),
    ],
)
def test_dangerous_targets_are_refused(path: str, words: str) -> None:
    """What leaves the repository, what git or a workflow obeys, and what some system cannot have."""
    reason = paths.unsafe(path)
    assert reason is not None
    assert words in reason


@given(st.text(max_size=40))
def test_a_safe_path_stays_below_its_folder(path: str) -> None:
    """No text that passes is absolute, climbs, or touches git's folder."""
    if paths.unsafe(path) is None:
        parts = path.split("/")
        assert not {"", ".", ".."} & set(parts)
        assert all(part.casefold().rstrip(" .") != ".git" for part in parts)
        assert "\\" not in path
