"""Whether a translation is let through, whether two files say the same, and how style is kept."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l10nsync import formats
from tests.formats.samples import FILES, XCSTRINGS


def rules(
    file_type: str, source: str | bytes, translation: str | bytes, **more: str
) -> list[tuple[str, str]]:
    """Return rule and severity of every finding, for a German translation unless told."""
    before, after = (data if isinstance(data, bytes) else data.encode() for data in (source, translation))
    found = formats.check(
        file_type, before, after,
        locale=more.get("locale", "de-DE"), incomplete=more.get("incomplete", "source"),
        directives={key: value for key, value in more.items() if key not in {"locale", "incomplete"}},
    )  # fmt: skip
    return [(each.rule, each.severity) for each in found]


def archive(**parts: str) -> bytes:
    """Return a ZIP container with these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
        made.writestr("[Content_Types].xml", "<Types/>")
    return target.getvalue()


# --- what is no file of the type at all -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file_type", "translation", "rule"),
    [
        ("json", "", "empty"),
        ("json", " \n", "empty"),
        ("json", "<!DOCTYPE html><html></html>", "page"),
        ("javaProperties", "\n<HTML><body>Sign in</body></html>", "page"),
        ("json", '{"response":{"code":"NOT_FOUND_ERROR","errors":[]}}', "envelope"),
        ("javaProperties", '{"response": {"code": "X"}}', "envelope"),
        ("json", '{"a": "b"', "unreadable"),
        ("json", b'{"a": "\xff"}', "unreadable"),
        ("pdf", "", "empty"),
        ("pdf", "<html>", "page"),
    ],
)
def test_what_is_no_translation_at_all(file_type: str, translation: str | bytes, rule: str) -> None:
    """An empty body, a page, an error message, a cut file: each is one error."""
    assert rules(file_type, '{"a": "b"}', translation) == [(rule, "error")]


def test_a_source_of_that_shape_excuses_its_translation() -> None:
    """A real file may be empty, or look like an envelope; HTML may be a page."""
    envelope = '{"response":{"code":"hello"}}'
    assert rules("json", envelope, envelope) == []
    assert rules("javaProperties", "", "") == []
    assert rules("html", "<html><p>a b</p></html>", "<html><p>c d</p></html>") == []


def test_unreadable_translations_say_where() -> None:
    """The finding has the line."""
    (finding,) = formats.check("json", b"{}", b'{\n"a": }', locale="de")
    assert finding.line == 2


def test_containers_are_compared_part_by_part() -> None:
    """A damaged archive, a lost part and broken XML are found; a good one passes."""
    source = archive(word__document_xml="<a/>")
    assert rules("docx", source, archive(word__document_xml="<b>x</b>")) == []
    assert rules("docx", source, b"PK nothing") == [("container", "error")]
    assert rules("docx", source, source[:-30]) == [("container", "error")]
    assert rules("docx", source, archive(word__document_xml="<a>")) == [("container", "error")]
    assert rules("docx", source, archive(other_xml="<a/>")) == [("container", "error")]


# --- keys ---------------------------------------------------------------------------------------------------


def test_keys_must_be_those_of_the_source() -> None:
    """A lost or a new key is an error; a lost one is fine where untranslated strings are left out."""
    assert rules("json", '{"a":"1x","b":"2x"}', '{"a":"1x"}') == [("key-missing", "error")]
    assert rules("json", '{"a":"1x"}', '{"a":"1x","b":"2x"}') == [("key-extra", "error")]
    assert rules("json", '{"a":"1x","b":"2x"}', '{"a":"1x"}', incomplete="empty") == []


def test_yaml_roots_and_number_like_values_may_differ() -> None:
    """The root is the locale; a value that was a number or truth may come back quoted."""
    assert rules("yaml", "en:\n  a: text\n  b: 1.5\n", 'de:\n  a: "Text"\n  b: "1.5"\n') == []


def test_a_type_of_a_value_is_no_text() -> None:
    """What a `.stringsdict` needs to count must stay, though it looks like a string."""
    source = FILES["stringsdict"]
    changed = source.replace(b"<string>d</string>", b"<string>Tag</string>")
    assert rules("stringsdict", source, changed) == [("structure", "error")]


def test_the_elements_of_xml_must_stay() -> None:
    """What is lost or added beside the strings is found, with its line."""
    paths = {"translate_paths": "a/b"}
    source = "<a>\n<b>x</b>\n<c/></a>"
    assert rules("xml", source, source.replace("x", "y <i>z</i>"), **paths) == []
    lost = formats.check(
        "xml", source.encode(), source.replace("<c/>", "<d/>").encode(), locale="de", directives=paths
    )
    assert [(each.rule, each.line) for each in lost] == [("structure", 3)]
    assert "'a/d' where the source has 'a/c'" in lost[0].message


def test_a_translation_that_says_nothing_new_is_named() -> None:
    """Not in the source's own language, and not where a few words may well be alike."""
    source = b'{"a": "Time to sail", "b": "Pier"}'

    def found(data: bytes, language: str, locale: str = "de-DE") -> list[tuple[str, str]]:
        judged = formats.check("json", source, data, locale=locale, language=language)
        return [(each.rule, each.severity) for each in judged if each.rule != "text-empty"]

    assert found(source, "en-US") == [("untranslated", "warning")]
    assert found(source.replace(b"Pier", b""), "en-US") == [("untranslated", "warning")]
    assert found(source.replace(b"Pier", b"Kai"), "en-US") == []
    assert found(source, "en-US", "en-GB") == []
    assert found(source, "") == []
    assert found(source, "zh-CN", "zh-TW") == [("untranslated", "warning")]
    assert formats.check("json", b'{"a": "Skylark"}', b'{"a": "Skylark"}', locale="de", language="en") == ()


def test_qt_plurals_have_as_many_forms_as_the_others() -> None:
    """A file that says no number is measured by itself."""
    form = "<numerusform>%n</numerusform>"
    message = "<message><source>{0}</source><translation>{1}</translation></message>"
    frame = "<TS><context>{}</context></TS>"
    source = frame.format("".join(message.format(name, form * 2) for name in "abc"))
    good = frame.format("".join(message.format(name, form * 3) for name in "abc"))
    bad = frame.format(
        "".join(message.format(name, form * size) for name, size in zip("abc", (3, 3, 2), strict=True))
    )
    assert rules("qt", source, good) == []
    assert rules("qt", source, bad) == [("plural-count", "error")]


@pytest.mark.parametrize(
    ("flag", "source", "good", "bad"),
    [
        ("c-format", "%s of %d", "%2$d %1$s", "%d"),
        ("python-format", "%(a)s", "x %(a)s", "%(b)s"),
        ("python-brace-format", "{a}", "x {a}", "{b}"),
        ("objc-format", "%@", "x %@", "x"),
        ("csharp-format", "{0}", "x {0}", "{1}"),
        ("java-format", "{0} it", "x {0}", "dev'essere {0}"),
        ("java-printf-format", "%1$s", "x %1$s", "%2$s"),
        ("php-format", "%s", "x %s", "%d"),
        ("qt-format", "%1", "x %1", "% 1"),
        ("kde-format", "%1", "x %1", "%2"),
        ("ruby-format", "%{a}", "x %{a}", "%{b}"),
        ("rust-format", "{a}", "x {a}", "{}"),
        ("no-c-format", "100% sure", "sicher", None),
    ],
)
def test_catalogues_name_the_flavour_of_their_placeholders(
    flag: str, source: str, good: str, bad: str | None
) -> None:
    """Every flag of gettext's that means placeholders is heeded."""
    entry = f'#, {flag}\nmsgid "{source}"\nmsgstr "@"\n'
    assert rules("gettext", entry, f'{entry[:-3]}{good}"\n') == []
    if bad is not None:
        assert "error" in dict(rules("gettext", entry, f'{entry[:-3]}{bad}"\n')).values()


def test_types_without_keys_compare_their_structure() -> None:
    """Plain text must keep its number of lines."""
    assert rules("plainText", "a\nb\n", "c\n") == [("structure", "error")]
    assert rules("markdown", "# a\n\nx b\n", "# c\n") == [("structure", "warning")]


# --- plurals ------------------------------------------------------------------------------------------------


def plural(*categories: str) -> str:
    """Return Android plurals with these categories."""
    items = "".join(f'<item quantity="{category}">%d</item>' for category in categories)
    return f'<resources><plurals name="p">{items}</plurals></resources>'


@pytest.mark.parametrize(
    ("locale", "categories", "expected"),
    [
        ("ru", ("one", "few", "many", "other"), []),
        ("ru-RU", ("one", "other"), [("plural-missing", "warning")] * 2),
        ("ja", ("other",), []),
        ("ja", ("one", "other"), [("plural-extra", "warning")]),
        ("fr", ("one", "other"), []),
        ("fr", ("one", "many", "other"), []),
        ("he", ("one", "two", "many", "other"), []),
        ("iw", ("one", "two", "other"), []),
        ("xx-unknown", ("one", "other"), []),
        ("de", ("one",), [("plural-missing", "error")]),
        ("de", ("one", "other", "lots"), [("plural-unknown", "error")]),
    ],
)
def test_plural_categories(locale: str, categories: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    """Categories are those of the language, tolerant of the CLDR version."""
    assert rules("android", plural("one", "other"), plural(*categories), locale=locale) == expected


def test_forms_that_no_program_compiles_are_not_counted() -> None:
    """A fuzzy entry may still have the forms of another language."""
    entry = '#, fuzzy\nmsgid "ship"\nmsgid_plural "ships"\nmsgstr[0] "x"\nmsgstr[1] "y"\n'
    data = f'msgid ""\nmsgstr "Plural-Forms: nplurals=1; plural=0;\\n"\n\n{entry}'
    assert rules("gettext", data, data.replace("#, fuzzy\n", "")) == [("plural-count", "error")]
    assert ("plural-count", "error") not in rules("gettext", data, data)


def test_gettext_counts_by_the_header_of_the_file() -> None:
    """The number of forms is what `nplurals` says, whatever CLDR says."""
    header = (
        'msgid ""\nmsgstr "Plural-Forms: nplurals=4; plural=0;\\n"\n\nmsgid "%d a"\nmsgid_plural "%d b"\n'
    )
    forms = [f'msgstr[{index}] "%d x"\n' for index in range(4)]
    assert rules("gettext", header + "".join(forms[:2]), header + "".join(forms)) == []
    assert rules("gettext", header + "".join(forms[:2]), header + "".join(forms[:3])) == [
        ("plural-count", "error")
    ]


# --- placeholders -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file_type", "source", "translation"),
    [
        ("json", '{"a":"{x} of {y}"}', '{"a":"{y} von {x}"}'),
        ("json", '{"a":"100% sure"}', '{"a":"100 % sicher"}'),
        ("ios", '"a"="%@ and %d";', '"a"="%2$d und %1$@";'),
        ("android", "<resources><string name='a'>%s, 5%</string></resources>",
         "<resources><string name='a'>%1$s, 5%%</string></resources>"),
        ("javaProperties", "a={0} isn''t", "a=isn''t {0}"),
        ("javaProperties", "a=no arguments, it's", "a=kein's"),
        ("yaml", "en:\n  a: '%{x} y'\n", "de:\n  a: 'y %{x}'\n"),
        ("arb", '{"a":"\'{v}\'"}', '{"a":"«{v}»"}'),
        ("gettext", '#, c-format\nmsgid "%d"\nmsgstr ""\n', '#, c-format\nmsgid "%d"\nmsgstr ""\n'),
        ("json", '{"a":"<b>x</b>"}', '{"a":"<b>y</b>"}'),
        ("json", '{"a":"use <file> now"}', '{"a":"Datei"}'),
    ],
)  # fmt: skip
def test_placeholders_that_are_kept(file_type: str, source: str, translation: str) -> None:
    """Order, numbering, doubled percents and unbalanced sources are fine."""
    assert rules(file_type, source, translation) == []


@pytest.mark.parametrize(
    ("file_type", "source", "translation", "expected"),
    [
        ("json", '{"a":"{x}"}', '{"a":"{y}"}', ["placeholder-missing", "placeholder-extra"]),
        ("json", '{"a":"{{x}}"}', '{"a":"x"}', ["placeholder-missing"]),
        ("json", '{"a":"${x} y"}', '{"a":"y"}', ["placeholder-missing"]),
        ("json", '{"a":"%s y"}', '{"a":"%d y"}', ["placeholder-missing", "placeholder-extra"]),
        ("json", '{"a":"<user>x</user>"}', '{"a":"<nutzer>x</nutzer>"}', ["tag-missing", "tag-extra"]),
        ("json", '{"a":"<0>x</0>"}', '{"a":"<1>x</1>"}', ["tag-missing", "tag-extra"]),
        ("json", '{"a":"<B1>x</B1>"}', '{"a":"<B1>x<B1>"}', ["tag-balance"]),
        ("ios", '"a"="%@";', '"a"="% @";', ["placeholder-missing"]),
        ("javaProperties", "a=it {0}", "a=dev'essere {0}", ["placeholder-missing"]),
        ("yaml", "en:\n  a: '%{x}'\n", "de:\n  a: '%{z}'\n", ["placeholder-missing", "placeholder-extra"]),
        ("resx", "<root><data name='a'><value>{0}</value></data></root>",
         "<root><data name='a'><value>{{0}}</value></data></root>", ["placeholder-missing"]),
        ("qt", "<TS><context><message><source>%1</source><translation/></message></context></TS>",
         "<TS><context><message><source>%1</source><translation>% 1</translation></message></context></TS>",
         ["placeholder-missing"]),
        ("phpResource", "<?php return ['a' => ':name x'];", "<?php return ['a' => ':nom x'];",
         ["placeholder-missing", "placeholder-extra"]),
        ("json", '{"a":"{n, plural, one {#} other {#}}"}', '{"a":"{n, plural, un {#} otros {#}}"}',
         ["message-format"]),
        ("gettext", '#, c-format\nmsgid "%d"\nmsgstr ""\n', '#, c-format\nmsgid "%d"\nmsgstr "d"\n',
         ["placeholder-missing"]),
    ],
)  # fmt: skip
def test_placeholders_that_are_broken(
    file_type: str, source: str, translation: str, expected: list[str]
) -> None:
    """What is lost, added or changed is an error."""
    assert sorted(rules(file_type, source, translation)) == sorted((rule, "error") for rule in expected)


def test_directives_say_what_a_placeholder_is() -> None:
    """A custom expression counts; ICU is read as ICU where the file says so."""
    assert rules("json", '{"a":"[[x]] y"}', '{"a":"y"}', placeholder_format_custom=r"\[\[.+?\]\]") == [
        ("placeholder-missing", "error")
    ]
    assert rules("json", '{"a":"{x}"}', '{"a":"{x"}', string_format="icu") == [("message-format", "error")]


def test_a_lost_count_in_a_plural_form_is_fine() -> None:
    """`One file` needs no number."""
    source = plural("one", "other")
    assert rules("android", source, source.replace('one">%d', 'one">Eins')) == []


def catalog(*entries: str) -> str:
    """Return a String Catalog in Xcode's layout, with these entries."""
    joined = ",\n    ".join(entries)
    return f'{{\n  "sourceLanguage" : "en",\n  "strings" : {{\n    {joined}\n  }},\n  "version" : "1.0"\n}}'


def said(key: str, **texts: str) -> str:
    """Return one entry with a text for each locale."""
    unit = '          "stringUnit" : {\n            "state" : "translated",\n            "value" : "'
    forms = ",\n".join(
        f'        "{locale}" : {{\n{unit}{text}"\n          }}\n        }}' for locale, text in texts.items()
    )
    inner = f'\n      "localizations" : {{\n{forms}\n      }}\n    ' if texts else "\n\n    "
    return f'"{key}" : {{{inner}}}'


def test_every_locale_of_a_catalog_is_judged() -> None:
    """Placeholders and plural forms, each with its locale and line; keys may be newer here, or older."""
    source = catalog(said("%d boats"), said("Hi"))
    found = formats.check(
        "xcstrings",
        source.encode(),
        catalog(said("%d boats", de="Boote", fr="%d bateaux")).encode(),
        locale="*",
    )
    (finding,) = found
    assert (finding.rule, finding.locale, finding.key) == ("placeholder-missing", "de", "%d boats")
    assert finding.line == 4
    assert rules("xcstrings", XCSTRINGS, XCSTRINGS) == []
    assert rules("xcstrings", XCSTRINGS, "{}") == [("unreadable", "error")]


def test_a_delivered_catalog_gives_its_translations_and_nothing_else() -> None:
    """Keys that are new here stay, those that went stay away, and untouched lines keep their bytes."""
    here = catalog(said("Ahoy"), said("New here"), said("Bye", de="Alt", pl="Pa"))
    delivered = catalog(
        said("Ahoy", de="Ahoi"), said("Bye", de="Neu", fr="Au revoir"), said("Gone", de="Weg")
    )
    made = formats.restyle("xcstrings", delivered.encode(), source=here.encode(), target=here.encode())
    assert made.decode() == catalog(
        said("Ahoy", de="Ahoi"), said("New here"), said("Bye", de="Neu", fr="Au revoir", pl="Pa")
    )
    own = catalog(said("Ahoy", en="Ahoy there"))
    other = catalog(said("Ahoy", de="Ahoi", en="Changed on the way"))
    joined = formats.restyle("xcstrings", other.encode(), source=own.encode(), target=own.encode())
    assert joined.decode() == catalog(said("Ahoy", de="Ahoi", en="Ahoy there"))
    again = formats.restyle("xcstrings", delivered.encode(), source=here.encode(), target=made)
    assert again == made
    delivered_style = formats.restyle(
        "xcstrings", delivered.encode(), source=here.encode(), target=here.encode(), style="smartling"
    )
    assert delivered_style == made


@settings(deadline=None, derandomize=True)
@given(
    st.dictionaries(st.sampled_from("abc"), st.dictionaries(st.sampled_from(["de", "fr", "pl"]), st.text())),
    st.dictionaries(st.sampled_from("abd"), st.dictionaries(st.sampled_from(["de", "es", "pl"]), st.text())),
    st.sampled_from([None, 2, 4]),
)
def test_catalogs_are_joined_as_values_are(
    here: dict[str, dict[str, str]], there: dict[str, dict[str, str]], indent: int | None
) -> None:
    """Whatever they hold, the result is the catalog that is here with the other's localizations."""

    def value(strings: dict[str, dict[str, str]]) -> dict[str, Any]:
        return {
            "sourceLanguage": "en",
            "strings": {
                key: {
                    "localizations": {
                        locale: {"stringUnit": {"value": text}} for locale, text in each.items()
                    }
                }
                for key, each in strings.items()
            },
        }

    joined = {key: {**each, **there.get(key, {})} for key, each in here.items()}
    ours, theirs = (json.dumps(value(each), indent=indent).encode() for each in (here, there))
    made = formats.restyle("xcstrings", theirs, source=ours, target=ours)
    assert json.loads(made) == value(joined)


# --- the same, and in the same style ---------------------------------------------------------------------


def test_layout_order_and_encoding_make_no_difference() -> None:
    """Two files are the same if their strings are."""
    assert formats.same("json", b'{"a":"1","b":"2"}', b'{\n "b" : "2",\n "a" : "\\u0031" }\n')
    assert formats.same("yaml", b"en:\n  a: b\n", b'"en":\n  "a": "b"\n')
    assert formats.same("ios", '"a"="é";'.encode(), '"a" = "é";\n'.encode("utf-16"))
    assert not formats.same("json", b'{"a":"1"}', b'{"a":"2"}')
    assert not formats.same("json", b'{"a":"1","a":"1"}', b'{"a":"1"}')
    assert not formats.same("pdf", b"a", b"b")
    assert not formats.same("json", b"{", b"{ ")


def test_a_po_file_with_another_date_is_the_same() -> None:
    """The header does not count."""
    entry = '"\n\nmsgid "a"\nmsgstr "b"\n'
    one, other = (f'msgid ""\nmsgstr "PO-Revision-Date: {year}\\n{entry}'.encode() for year in (2025, 2026))
    assert formats.same("gettext", one, other)
    assert formats.restyle("gettext", other, source=b"", target=one) == one


def test_restyle_changes_only_the_lines_that_changed() -> None:
    """Delivered texts go into the repository's own layout."""
    model = b'{\n    "a": "one",\n    "b": {"c": "two"}\n}\n'
    delivered = b'{\n  "a" : "eins",\n  "b" : {\n    "c" : "two"\n  }\n}'
    assert formats.restyle("json", delivered, source=b"{}", target=model) == model.replace(b"one", b"eins")


def test_restyle_takes_the_root_of_the_delivered_language() -> None:
    """A new locale in the layout of its source still has its own root."""
    made = formats.restyle("yaml", b'"de":\n  "a": "x: y"\n', source=b"en: # root\n  a: z\n")
    assert made == b'de: # root\n  a: "x: y"\n'


def test_restyle_takes_the_header_of_the_delivered_language() -> None:
    """A catalogue made from a template has the language and plural forms that were delivered."""
    template = b'msgid ""\nmsgstr "Language: \\n"\n\nmsgid "a"\nmsgstr ""\n'
    delivered = b'msgid ""\nmsgstr ""\n"Language: de\\n"\n\nmsgid "a"\nmsgstr "b"\n'
    assert b"Language: de" in formats.restyle("gettext", delivered, source=template)


@pytest.mark.parametrize(
    ("file_type", "target", "delivered"),
    [
        ("json", b'{\n    "a": {"b": "\xc3\xa9"}\n}\n', b'{"a" : {\n  "b" : "\\u00e9"}}'),
        ("yaml", b"# ours\nde:\n  a: x\n  b: 'y z'\n  c: |\n    two\n    lines\n",
         b'"de":\n  "a": "x"\n  "b": "y z"\n  "c": "two\\nlines\\n"\n'),
        ("gettext", b'msgid "a"\nmsgstr ""\n"one long "\n"text"\n', b'msgid "a"\nmsgstr "one long text"\n'),
        ("javaProperties", b"a = one, \\\n    two\nb : \\u00e9\n", b"a=one, two\nb=\xc3\xa9\n"),
        ("android", b"<resources>\n  <string name='a'>It\\'s</string>\n</resources>\n",
         b'<?xml version="1.0" encoding="utf-8"?>\n<resources><string name="a">"It\'s"</string></resources>'),
        ("ios", b'/* Why */\n"a" = "x\\ny";\n', '"a" = "x\ny";'.encode("utf-16")),
        ("resx", b"<root><data name='a'><value>&quot;x&quot;</value></data></root>",
         b"<root>\n<data name='a'>\n<value>\"x\"</value>\n</data></root>\n"),
        ("xliff", b"<xliff><trans-unit id='1'><source>a</source><target>&#228;</target></trans-unit></xliff>",
         "<xliff>\n<trans-unit id='1'><source>a</source>\n<target>ä</target></trans-unit></xliff>".encode()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_another_way_to_write_the_same_makes_no_diff(file_type: str, target: bytes, delivered: bytes) -> None:
    """Spacing, quotes, escapes, wrapping and encoding of the delivery are the service's business alone."""
    assert formats.restyle(file_type, delivered, source=target, target=target) == target
    assert formats.restyle(file_type, delivered, source=target, target=target, style="smartling") == target


def test_a_new_key_is_the_only_line_that_changes() -> None:
    """It comes into the target in the source's layout; what the source lost goes with its line."""
    source = b'{\n  "a": "one",\n  "b": "two",\n  "d": {\n    "e": "five"\n  }\n}\n'
    delivered = b'{"a" : "eins","b" : "zwei","d" : {"e" : "f\\u00fcnf"}}'
    target = b'{\n  "a": "eins",\n  "c": "drei",\n  "d": {\n    "e": "f\\u00fcnf"\n  }\n}\n'
    made = formats.restyle("json", delivered, source=source, target=target)
    assert made == target.replace(b'"c": "drei"', b'"b": "zwei"')


def test_what_comes_in_looks_as_the_target_looks() -> None:
    """A target in the layout of the delivery gets a new key in that; its other lines keep even odd spaces."""
    source = b'{\n  "a": "x",\n  "b": "y",\n  "c": "z"\n}\n'
    delivered = b'{\n    "a" : "x",\n    "b" : "y",\n    "c" : "z"\n}\n'
    target = delivered.replace(b'    "b" : "y",\n', b"")
    assert formats.restyle("json", delivered, source=source, target=target) == delivered
    odd = b'{\n  "a": "x" ,\n  "c": "z"\n}\n'
    made = formats.restyle("json", delivered, source=source, target=odd)
    assert made == odd.replace(b'  "c"', b'  "b": "y" ,\n  "c"')


def test_a_target_keeps_its_own_order() -> None:
    """Where the keys are the same, their order in the delivery does not matter."""
    target = b"b = zwei\na = eins\n"
    made = formats.restyle("javaProperties", b"a=1\nb=zwei\n", source=b"a=x\nb=y\n", target=target)
    assert made == b"b = zwei\na = 1\n"


def test_plural_forms_of_the_language_come_into_the_layout_of_the_source() -> None:
    """A first translation has comments and style of its source, and the forms that it needs."""
    source = b"en: # root\n  n:\n    one: A # one\n    other: D\n  # why\n  x: Y\n"
    delivered = b'"ru":\n  "n":\n    "one": "a"\n    "few": "b"\n    "other": "d"\n  "x": "y"\n'
    assert formats.restyle("yaml", delivered, source=source) == (
        b'ru: # root\n  n:\n    one: a\n    "few": "b"\n    "other": d\n  # why\n  x: "y"\n'
    )


def test_the_header_of_a_catalogue_keeps_its_own_fields() -> None:
    """Only the language and the plural forms are taken from the delivery."""
    entry = '\nmsgid "a"\nmsgstr "{}"\n'
    target = (
        'msgid ""\nmsgstr ""\n"Last-Translator: Ada\\n"\n"Language: de\\n"\n'
        '"Plural-Forms: nplurals=2; "\n"plural=(n != 1);\\n"\n"X-Team: ours\\n"\n'
    )
    delivered = (
        'msgid ""\nmsgstr ""\n"Language: de_DE\\n"\n"Plural-Forms: nplurals=3; plural=0;\\n"\n'
        '"X-Tool: Z\\n"\n'
    )
    made = formats.restyle(
        "gettext",
        (delivered + entry.format("eins")).encode(),
        source=entry.format("").encode(),
        target=(target + entry.format("eins")).encode(),
    )
    assert made.decode() == (
        'msgid ""\nmsgstr ""\n"Last-Translator: Ada\\n"\n"Language: de_DE\\n"\n'
        '"Plural-Forms: nplurals=3; plural=0;\\n"\n"X-Team: ours\\n"\n\nmsgid "a"\nmsgstr "eins"\n'
    )


def test_a_new_entry_of_a_catalogue_leaves_the_others_as_they_are() -> None:
    """References, header fields and obsolete entries of the target stay."""
    entry = '#: a.c:{line}\nmsgid "{0}"\nmsgstr "{1}"\n\n'
    head = 'msgid ""\nmsgstr ""\n"Language: {0}\\n"\n{1}\n'
    source = head.format("", "") + entry.format("a", "", line=1) + entry.format("b", "", line=2)
    target = head.format("de", '"X-Team: ours\\n"\n') + entry.format("a", "eins", line=1) + '#~ msgid "z"\n'
    delivered = head.format("de", "") + 'msgid "a"\nmsgstr "eins"\n\nmsgid "b"\nmsgstr "zwei"\n'
    made = formats.restyle("gettext", delivered.encode(), source=source.encode(), target=target.encode())
    assert made.decode().startswith(
        head.format("de", '"X-Team: ours\\n"\n') + entry.format("a", "eins", line=1)
    )
    assert entry.format("b", "zwei", line=2).rstrip() in made.decode()


def test_objects_are_never_opened_twice() -> None:
    """A key that becomes the first of its object does not take the object from its neighbour."""
    source = b'{\n  "o": {"a": "1"},\n  "p": {\n    "b": "2",\n    "c": "3"\n  }\n}\n'
    target = b'{\n  "o": {"a": "1"},\n  "p": {\n    "c": "drei"\n  }\n}\n'
    delivered = b'{"o":{"a":"1"},"p":{"b":"zwei","c":"drei"}}'
    made = formats.restyle("json", delivered, source=source, target=target)
    assert made == source.replace(b'"2"', b'"zwei"').replace(b'"3"', b'"drei"')


Entries = list[tuple[str, str]]
_ENTRIES = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", "d/e", "d/f", "g/h"]), st.text("xé ", min_size=1, max_size=3)),
    unique_by=lambda each: each[0],
)


@settings(deadline=None, derandomize=True)
@given(_ENTRIES, _ENTRIES, _ENTRIES, st.sampled_from([None, 2, 4]))
def test_whatever_the_keys_the_result_says_what_was_delivered(
    source: list[tuple[str, str]],
    target: list[tuple[str, str]],
    delivered: list[tuple[str, str]],
    indent: int,
) -> None:
    """Keys that come, go and move never make a file that says something else."""
    first, present, new = (
        json.dumps(nested(each), indent=indent).encode() for each in (source, target, delivered)
    )
    new = new.replace(b": ", b" : ")
    made = formats.restyle("json", new, source=first, target=present)
    assert json.loads(made) == json.loads(new)


def nested(entries: Entries) -> dict[str, object]:
    """Return entries as the objects that their keys mean."""
    made: dict[str, Any] = {}
    for key, text in entries:
        *outer, last = key.split("/")
        holder = made.setdefault(outer[0], {}) if outer else made
        holder[last] = text
    return made


@pytest.mark.parametrize("file_type", sorted(FILES))
def test_restyle_always_says_what_was_delivered(file_type: str) -> None:
    """Whatever the model, the result reads as the delivered file."""
    source = FILES[file_type]
    delivered = formats.pseudo(file_type, source)
    made = formats.restyle(file_type, delivered, source=source.replace(b"\n", b"\r\n"))
    assert formats.same(file_type, made, delivered) or file_type in {"html", "markdown"}
    assert formats.restyle(file_type, source, source=source, target=source) == source


def test_the_style_of_the_service_is_what_it_delivered() -> None:
    """Not one byte is changed, but where the file that is there says the same."""
    delivered = b'{\n  "a" : "eins"\n}'
    for target in (None, b'{"a": "one"}\r\n'):
        made = formats.restyle("json", delivered, source=b'{"a": "x"}\r\n', target=target, style="smartling")
        assert made == delivered
    target = b'{"a": "eins"}\r\n'
    assert formats.restyle("json", delivered, source=b"{}", target=target, style="smartling") == target


# --- how much a rule weighs -------------------------------------------------------------------------------


def test_rules_can_be_turned_down() -> None:
    """A rule has the severity that the resource gives it; the others keep theirs."""
    found = formats.check("json", b'{"a":"{x}","b":"1"}', b'{"a":"y","c":"1"}', locale="de")
    assert [(each.rule, each.severity) for each in found] == [
        ("key-missing", "error"), ("placeholder-missing", "error"), ("key-extra", "error"),
    ]  # fmt: skip
    tuned = formats.tuned(found, {"key-missing": "ignore", "placeholder-missing": "warning"})
    assert [(each.rule, each.severity) for each in tuned] == [
        ("key-extra", "error"), ("placeholder-missing", "warning"),
    ]  # fmt: skip


def test_what_is_no_translation_at_all_stays_an_error() -> None:
    """No manifest lets an HTML page or a cut file into a repository."""
    for broken in (b"<html></html>", b"", b"{"):
        found = formats.check("json", b'{"a":"b"}', broken, locale="de")
        assert formats.tuned(found, dict.fromkeys(formats.RULES, "ignore")) == found


_FRAMES = {
    "javaProperties": ("# Head\n", "{0} = {1}\n", ""),
    "ios": ("/* Head */\n\n", '"{0}" = "{1}";\n', ""),
    "android": (
        "<resources>\n    <!-- Head -->\n", '    <string name="{0}">{1}</string>\n', "</resources>\n",
    ),
    "yaml": ("en:\n  app:\n", "    {0}: {1} # {0}\n", ""),
    "resx": ("<root>\n", '  <data name="{0}"><value>{1}</value></data>\n', "</root>\n"),
    "gettext": ('msgid ""\nmsgstr "Language: de\\n"\n\n', '#: {0}.c\nmsgid "{0}"\nmsgstr "{1}"\n\n', ""),
    "xliff": (
        "<xliff><file original='f'><body>\n",
        "  <trans-unit id='{0}'><source>{0}</source><target>{1}</target></trans-unit>\n",
        "</body></file></xliff>\n",
    ),
    "phpResource": ("<?php\nreturn [\n", "    '{0}' => '{1}',\n", "];\n"),
    "fluent": ("# Head\n\n", "{0} = {1}\n", ""),
}  # fmt: skip
_TEXTS = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["one", "two", "three"]))


@pytest.mark.parametrize("file_type", sorted(_FRAMES))
@settings(max_examples=25, deadline=None, derandomize=True)
@given(source=_TEXTS, target=_TEXTS, delivered=_TEXTS)
def test_what_did_not_change_keeps_its_lines(
    file_type: str, source: dict[str, str], target: dict[str, str], delivered: dict[str, str]
) -> None:
    """Whatever comes and goes around it; and the file always says what was delivered."""
    head, line, tail = _FRAMES[file_type]

    def file(texts: dict[str, str], spaces: str = "") -> bytes:
        lines = "".join(line.format(key, texts[key]) for key in sorted(texts))
        return f"{head}{lines}{tail}".replace(" = ", f"{spaces} = ").replace("\n  ", f"\n  {spaces}").encode()

    made = formats.restyle(file_type, file(delivered, "  "), source=file(source), target=file(target))
    assert formats.same(file_type, made, file(delivered))
    kept = [line.format(key, text) for key, text in target.items() if delivered.get(key) == text]
    assert [each for each in kept if each not in made.decode()] == []


_MODELS = st.sampled_from(
    [b"", b"a", b"a\n", b"a\r\nb\r\n", "é\n".encode("utf-16"), "é".encode("utf-8-sig"), "é".encode("latin-1")]
)


@settings(deadline=None, derandomize=True)
@given(
    text=st.text(), model=_MODELS, file_type=st.sampled_from(["javaProperties", "plainText", "ios", "json"])
)
def test_conform_twice_is_conform_once(text: str, model: bytes, file_type: str) -> None:
    """Taking on a style that is already there changes nothing."""
    once = formats.conform(text.encode(), model, file_type)
    assert formats.conform(once, model, file_type) == once


def test_conform_takes_encoding_mark_line_ends_and_final_newline() -> None:
    """Each of the four follows the model."""
    assert formats.conform("é\n".encode(), "ü\r\n".encode("utf-16"), "ios") == "é\r\n".encode("utf-16")
    assert formats.conform("\ufeffa\n".encode(), b"b\n", "json") == b"a\n"
    assert formats.conform(b"a\n", b"b", "json") == b"a"
    assert formats.conform(
        "a=é€".encode(), "b=ü".encode("latin-1"), "javaProperties"
    ) == b"a=\xe9\\u20AC" or (
        formats.conform("a=é€".encode(), "b=ü".encode("latin-1"), "javaProperties") == b"a=\\u00E9\\u20AC"
    )
    assert formats.conform(b"\x00", b"\x01", "pdf") == b"\x00"


def test_conform_renames_the_declared_encoding() -> None:
    """XML says the encoding that it is written in."""
    model = "<?xml version='1.0' encoding='ISO-8859-1'?>\n<a>é</a>\n".encode("latin-1")
    made = formats.conform("<?xml version='1.0' encoding='UTF-8'?>\n<a>ü</a>\n".encode(), model, "xml")
    assert made == "<?xml version='1.0' encoding='ISO-8859-1'?>\n<a>ü</a>\n".encode("latin-1")


def test_empty_texts_are_named_once_unless_they_are_asked_for() -> None:
    """One warning for a file, with the first; none with `incomplete: empty`."""
    source, translation = b'{"a": "x", "b": "y", "c": "z"}', b'{"a": "",\n "b": "",\n "c": "q"}'
    found = formats.check("json", source, translation, locale="de")
    assert [(each.rule, each.severity, each.key, each.line) for each in found] == [
        ("text-empty", "warning", "a", 1)
    ]
    assert found[0].message == "2 texts are empty, the first is 'a'"
    assert formats.check("json", source, translation, locale="de", incomplete="empty") == ()
