"""The parts below the readers: the table, encodings, words, message patterns, pseudo-localization."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.formats import coding, flavours, icu, placeholders, plurals
from l10nsync.formats.documents import Coding

# --- the table ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "file_type"),
    [
        ("a/en.json", "json"),
        ("config/locales/en.yml", "yaml"),
        ("a/b.YAML", "yaml"),
        ("Messages.properties", "javaProperties"),
        ("app/src/main/res/values/strings.xml", "android"),
        ("app/src/main/res/values-de/arrays.xml", "android"),
        ("values/x.xml", "android"),
        ("strings_extra.xml", "android"),
        ("pom.xml", "xml"),
        ("en.lproj/Localizable.strings", "ios"),
        ("en.lproj/Localizable.stringsdict", "stringsdict"),
        ("po/app.pot", "gettext"),
        ("a.xlf", "xliff"),
        ("R.en.resx", "resx"),
        ("README.md", "markdown"),
        ("page.mdx", "mdx"),
        ("page.html", "html"),
        ("notes.txt", "plainText"),
        ("t.csv", "csv"),
        ("t.srt", "srt"),
        ("t.vtt", "vtt"),
        ("a.arb", "arb"),
        ("L.xcstrings", "xcstrings"),
        ("en.php", "phpResource"),
        ("a.ftl", "fluent"),
        ("a.docx", "docx"),
        ("a.idml", "idml"),
        ("main.ts", None),
        ("Makefile", None),
        ("a.json/b", None),
    ],
)
def test_types_are_told_by_path(path: str, file_type: str | None) -> None:
    """Names first, then endings; `.ts` is TypeScript unless somebody says otherwise."""
    row = formats.detect(path)
    assert (row.name if row else None) == file_type


@pytest.mark.parametrize("name", ["javaProperties", "java_properties", "JAVA_PROPERTIES", "javaproperties"])
def test_type_names_are_read_leniently(name: str) -> None:
    """Every spelling that clients use means one type."""
    assert formats.canonical(name) == "javaProperties"
    assert formats.get("PLAIN_TEXT") is formats.TYPES["plainText"]
    assert formats.get("nothing") is None
    with pytest.raises(KeyError):
        formats.canonical("nothing")


def test_the_table_is_consistent() -> None:
    """No suffix and no lenient name means two types."""
    suffixes = [suffix for row in formats.TYPES.values() for suffix in row.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert len({name.lower() for name in formats.TYPES}) == len(formats.TYPES)
    assert all(not row.removes_untranslated or row.original_strings for row in formats.TYPES.values())


def test_nothing_else_asks_for_the_name_of_a_type() -> None:
    """What is special about a type stands in its row, so that a new type touches its module and its row."""
    names = formats.TYPES.keys() - {"none"}
    package = Path(formats.__file__).parents[1]
    files = [path for name in _BEYOND for path in (package / name).rglob("*.py")]
    asked = {
        (path.name, node.value)
        for path in files
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in names
    }
    assert len(files) > 20
    assert asked == set()


_BEYOND = ("app", "layout", "manifest", "plan")
"""Packages that deal with files of all types."""


@pytest.mark.parametrize("flavour", sorted(flavours.FLAVOURS))
@given(text=st.text("ab{}%$@<>#_:;sd1(&t", max_size=20))
def test_a_flavour_finds_nothing_without_its_signs(flavour: str, text: str) -> None:
    """Texts without the signs of a flavour are not searched; nothing is missed by that."""
    if not any(sign in text for sign in flavours.SIGNS[flavour]):
        assert flavours.FLAVOURS[flavour](text) == []


# --- encodings ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "charset", "text", "encoding"),
    [
        ("é".encode(), None, "é", "utf-8"),
        ("é".encode("latin-1"), "ISO-8859-1", "é", "latin-1"),
        ("é".encode(), "ISO-8859-1", "é", "utf-8"),
        ("é".encode("utf-16-le"), "UTF-16LE", "é", "utf-16-le"),
        ("日本".encode("utf-16-be"), "UTF-16", "日本", "utf-16-be"),
        ("日本".encode("utf-16"), None, "日本", "utf-16-le"),
        ("日本".encode("shift_jis"), "Shift_JIS", "日本", "shift_jis"),
        (b"a", "ISO-8859-1", "a", "latin-1"),
    ],
)
def test_encodings_are_found(data: bytes, charset: str | None, text: str, encoding: str) -> None:
    """A mark, then the charset, then UTF-8; UTF-8 bytes beat a one-byte charset."""
    assert coding.decode(data, charset, Coding())[:2] == (text, encoding)


def test_wrong_bytes_and_unknown_charsets_are_errors() -> None:
    """With the place of the first byte that does not fit."""
    with pytest.raises(ContentError) as caught:
        coding.decode(b"ab\nc\xffd", None, Coding())
    assert (caught.value.line, caught.value.column) == (2, 2)
    with pytest.raises(ContentError, match="unknown charset"):
        coding.decode(b"a", "klingon", Coding())
    with pytest.raises(ContentError):
        coding.decode(b"abc", "utf-16-le", Coding())


def test_text_that_the_encoding_lacks_is_an_error_where_nothing_can_escape_it() -> None:
    """A Latin-1 `.strings` file cannot hold a Japanese text."""
    document = formats.parse("ios", '"a"="é";'.encode("latin-1"), {}, "ISO-8859-1")
    assert document is not None
    with pytest.raises(ContentError, match="cannot be written in latin-1"):
        document.replace({0: "日"})


def test_decoded_text_is_none_for_what_is_no_text() -> None:
    """Opaque types and broken bytes have none."""
    assert formats.decode(b"a", "json") == "a"
    assert formats.decode(b"\xff\xfe\x00", "json") is None
    assert formats.decode(b"a", "pdf") is None


# --- words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("Hello world", 2),
        ("Hello <b>big</b> world &amp; you", 4),
        ("You have {count} of %1$s and %@", 4),
        ("{{name}}", 0),
        ("well-known e-mail", 2),
        ("- … !", 0),
        ("日本語", 3),
        ("Hello 日本", 3),
        ("สวัสดี", 6),
        ("100% sure", 2),
        ("don't", 1),
    ],
)
def test_words(text: str, number: int) -> None:
    """Tags and placeholders are no words; scripts without spaces count characters."""
    assert formats.words(text) == number


def test_blank_strings_do_not_count() -> None:
    """Only what can be translated is counted."""
    assert formats.count("json", b'{"a":"two words","b":"","c":" "}') == (1, 2)


# --- message patterns -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("plain", set()),
        ("{a} and {b, number, percent}", {"a", "b, number"}),
        ("{n, plural, offset:1 =0 {none} one {# of {x}} other {#}}", {"n, plural", "x"}),
        ("{g, select, female {she} other {they}}", {"g, select"}),
        ("it's '{quoted}' {a}", {"a"}),
        ("''{a}''", {"a"}),
    ],
)
def test_patterns(text: str, arguments: set[str]) -> None:
    """Arguments are found at every depth, quoted ones are not."""
    assert icu.parse(text).arguments == arguments


@pytest.mark.parametrize(
    "text",
    [
        "{", "{a", "{a,", "}", "{a, thing}", "{n, plural, one {x}}", "{n, plural, uno {x} other {y}}",
        "{n, plural, one {x} one {y} other {z}}", "{n, plural, other {x}", "{}", "{a b}", "{n, plural}",
        "{n, select, other {" * 50,
    ],
)  # fmt: skip
def test_broken_patterns(text: str) -> None:
    """Each is refused, with a place inside the text."""
    with pytest.raises(icu.MessageError) as caught:
        icu.parse(text)
    assert 0 <= caught.value.position <= len(text)


def test_apostrophes_differ_by_mode() -> None:
    """Java quotes from any apostrophe, ICU before a brace, Flutter never."""
    assert icu.parse("dev'essere {0}", "java").arguments == set()
    assert icu.parse("dev'essere {0}", "icu").arguments == {"0"}
    assert icu.parse("'{a}'", "plain").arguments == {"a"}


@settings(deadline=None, derandomize=True)
@given(st.text("{}'#,abn plurselcto=01 ", max_size=40))
def test_any_text_is_a_pattern_or_an_error(text: str) -> None:
    """The parser ends, and its spans lie inside the text."""
    for mode in ("icu", "java", "plain"):
        try:
            found = icu.parse(text, mode)
        except icu.MessageError:
            continue
        assert all(0 <= start < end <= len(text) for start, end in found.spans)


# --- pseudo-localization --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "flavour", "result"),
    [
        ("Hello {name}!", "json", "Héllö {name}! éü"),
        ("Hello <b>you</b>", "none", "Héllö <b>ýöû éü</b>"),
        ("%1$s of %d", "java", "%1$s öf é %d"),
        ("", "json", ""),
        ("{n, plural, one {# day} other {# days}}", "icu", "{n, plural, one {# dåý} other {# dåýs éü}}"),
    ],
)
def test_pseudo_texts(text: str, flavour: str, result: str) -> None:
    """Letters get accents, the text gets longer, the rest stays."""
    assert formats.pseudo_text(text, flavour) == result


@given(
    st.text("ab {}%$@<>/#_&;sd1", max_size=30), st.sampled_from(["json", "java", "ios", "yaml", "icu", "qt"])
)
@example("%a%a", "json")
def test_pseudo_texts_keep_their_placeholders(text: str, flavour: str) -> None:
    """Whatever the check calls a placeholder survives."""
    how = placeholders.style(flavour, {})
    assert placeholders.compare(text, formats.pseudo_text(text, flavour), how) == []


def test_a_stand_in_closes_its_boxes() -> None:
    """The locale stands behind the last words, not behind what closes a box."""
    made = formats.pseudo_translation("b\n  :::\n:::\n", "markdown", "de-DE")
    assert made == "b é (de-DE)\n  :::\n:::\n"


def test_inflation_is_the_callers() -> None:
    """Zero adds nothing, a hundred doubles."""
    assert formats.pseudo_text("bbbbbbbbbb", "none", inflation=0) == "bbbbbbbbbb"
    assert len(formats.pseudo_text("bbbbbbbbbb", "none", inflation=100)) == 21


# --- plural categories ----------------------------------------------------------------------------------


def test_plural_tables_answer_every_spelling() -> None:
    """BCP 47, Android's and older spellings mean one language; Portuguese differs by region."""
    for locale in ("zh-TW", "zh_rTW", "zh-Hant-TW", "b+zh+Hant"):
        found = plurals.of(locale)
        assert found is not None
        assert found.required == {"other"}
    assert plurals.of("iw") == plurals.of("he")
    assert plurals.of("pt-PT") is not None
    assert plurals.of("qqq") is None


# --- real files -----------------------------------------------------------------------------------------


def _corpus() -> Path:
    folder = os.environ.get("L10NSYNC_CORPUS", "")
    if not folder:
        pytest.skip("set L10NSYNC_CORPUS to a folder of real resource files to read them all")
    return Path(folder)


def test_real_files_keep_their_bytes_and_take_new_texts() -> None:
    """Every file of the corpus is read; unchanged it keeps its bytes, with accents it passes."""
    read = 0
    for path in sorted(_corpus().rglob("*")):
        row = formats.detect(path.as_posix())
        if row is None or not path.is_file():
            continue
        data = path.read_bytes()
        try:
            document = formats.parse(row.name, data)
        except ContentError:
            continue
        if document is None:
            continue
        read += 1
        assert document.replace({}) == data, path
        made = formats.pseudo(row.name, data)
        findings = formats.check(row.name, data, made, locale="de")
        assert [each for each in findings if each.severity == "error"] == [], path
        restyled = formats.restyle(row.name, made, source=data)
        assert row.multilingual or formats.same(row.name, restyled, made), path
    assert read


def test_the_plural_table_agrees_with_babel() -> None:
    """Every form that Babel knows of a language is allowed; none is asked for that no number reaches."""
    from babel import Locale, localedata

    known = 0
    for ident in localedata.locale_identifiers():
        found = plurals.of(ident)
        if "_" in ident or found is None:
            continue
        known += 1
        rule = Locale.parse(ident).plural_form
        reached = {rule(number) for number in [*range(1001), 0.5, 1.5, 2.5, 1_000_000]}
        assert rule.tags | {"other"} <= found.allowed, ident
        assert found.required <= reached | {"other"}, ident
    assert known > 150
