"""Directives: each that the table names changes what is read or checked, and means what the service says."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from l10nsync import formats
from l10nsync.formats import Unit
from l10nsync.formats.table import COMMON
from tests.formats.samples import FILES


def units(file_type: str, data: str, **directives: str) -> tuple[Unit, ...]:
    """Read a file of a type that has a reader."""
    document = formats.parse(file_type, data.encode(), directives)
    assert document is not None
    return document.units


def rules(file_type: str, source: str, translation: str, **directives: str) -> list[str]:
    """Return the rules that a translation breaks."""
    found = formats.check(
        file_type, source.encode(), translation.encode(), locale="de", directives=directives
    )
    return [each.rule for each in found]


class Case(NamedTuple):
    """A file in which a directive makes a difference."""

    value: str
    data: str
    translation: str = ""


_ANDROID = "<resources><!-- note --><string name='a' hint='h'>{}</string></resources>"
_XML = (
    '<data><note>be short</note><item id="1" title="A {x}"><k>key</k><s>Text {x}</s></item>'
    "<other>Other</other></data>"
)
_XLIFF = (
    "<xliff><file original='f'><body><trans-unit id='a'><source>Use <g id='1'>X</g></source>"
    "<target>{}</target></trans-unit></body></file></xliff>"
)
_BOTH = "#smartling.x=y\na: 1x\n# smartling.sltrans = notranslate\nb: 2x\n"
CASES: dict[tuple[str, str], Case] = {
    ("android", "character_limit"): Case("2", _ANDROID.format("abc"), _ANDROID.format("xyz")),
    ("android", "instruction_attributes"): Case("hint", _ANDROID.format("abc")),
    ("android", "instruction_comments_enabled"): Case("off", _ANDROID.format("abc")),
    ("json", "plurals_detection"): Case("on", '{"n": {"one": "a", "other": "b"}}'),
    ("json", "source_key_paths"): Case("{*}/text", '{"a": {"text": "x"}}'),
    ("json", "string_format_paths"): Case("icu: */m", '{"a": {"m": "{x}"}}', '{"a": {"m": "{x"}}'),
    ("json", "translate_paths"): Case("*/m", '{"a": {"m": "x", "n": "y"}}'),
    ("json", "variants_enabled"): Case("off", '{"a": "x"}'),
    ("yaml", "plurals_detection"): Case("off", "en:\n  n:\n    one: a\n    other: b\n"),
    ("yaml", "source_key_paths"): Case("{*}/text", "en:\n  a:\n    text: b\n"),
    ("yaml", "string_format_paths"): Case("icu: */m", 'a:\n  m: "{x}"\n', 'a:\n  m: "{x"\n'),
    ("yaml", "yaml_locale_substitution"): Case("false", "en:\n  a: b\n"),
    ("csv", "field_separator"): Case(";", "a;b,c\n"),
    ("csv", "first_row_header"): Case("true", "a,b\nc,d\n"),
    ("csv", "paths"): Case("2", "a,b\nc,d\n"),
    ("csv", "source_key_paths"): Case("1", "a,b\nc,d\n"),
    ("csv", "string_encloser"): Case("'", "'a,b',c\n"),
    ("csv", "string_format_paths"): Case("icu: 2", "a,{x}\n", "a,{x\n"),
    ("csv", "string_instructions_paths"): Case("1", "a,b\nc,d\n"),
    ("html", "force_inline_for_tags"): Case("ref, x-note", "<p>A <ref>b</ref> c</p>"),
    ("html", "include_translatable_attributes"): Case("label", "<p title='A' label='B'>c</p>"),
    ("xliff", "xliff_tags_to_placeholders"): Case(
        "g", _XLIFF.format("Use <g id='1'>X</g>"), _XLIFF.format("<g id='1'>Y</g>")
    ),
    ("xml", "instruction_paths"): Case("data/note", _XML),
    ("xml", "source_key_paths"): Case("data/{item.id}", _XML),
    ("xml", "string_format_paths"): Case("icu: data/item/s", _XML, _XML.replace("Text {x}", "Text {x")),
    ("xml", "translate_paths"): Case("data/other", _XML),
    ("xml", "variants_enabled"): Case("off", _XML),
}
_SAME_AS = {"svg": "xml", "xliff2": "xliff"}
_ALSO = {"xml": {"translate_paths": "data/item/s"}, "svg": {"translate_paths": "data/item/s"}}


def outcome(file_type: str, case: Case, directives: dict[str, str]) -> list[Any]:
    """Return all that a directive may change."""
    data = case.data.encode()
    document = formats.parse(file_type, data, directives)
    assert document is not None
    read = [
        (each.key, each.plural, each.text, each.note, each.variant, each.limit) for each in document.units
    ]
    found = formats.check(
        file_type, data, (case.translation or case.data).encode(), locale="de", directives=directives
    )
    named = formats.named(file_type, data, formats.Language("de-DE", "de", "en"), directives)
    return [read, [(each.rule, each.severity, each.message) for each in found], named]


NAMED = sorted((row.name, directive) for row in formats.TYPES.values() for directive in row.directives)


@pytest.mark.parametrize(("file_type", "directive"), [each for each in NAMED if each[1] != "sltrans"])
def test_every_directive_of_the_table_makes_a_difference(file_type: str, directive: str) -> None:
    """A file that is read in one way without it is read or judged in another with it."""
    case = CASES[_SAME_AS.get(file_type, file_type), directive]
    usual = {name: value for name, value in _ALSO.get(file_type, {}).items() if name != directive}
    with_it = {**usual, directive: case.value}
    assert outcome(file_type, case, with_it) != outcome(file_type, case, usual)


_PARTS = {
    "xml": ("<!-- {} -->", "<items><item>One x</item>{0}<item>Two x</item>{1}<item>Three x</item></items>"),
    "android": (
        "<!-- {} -->",
        (
            "<resources><string name='a'>One x</string>{0}<string name='b'>Two x</string>{1}"
            "<string name='c'>Three x</string></resources>"
        ),
    ),
    "resx": (
        "<!-- {} -->",
        (
            "<root><data name='a'><value>One x</value></data>{0}<data name='b'><value>Two x</value></data>{1}"
            "<data name='c'><value>Three x</value></data></root>"
        ),
    ),
    "yaml": ("\n# {}\n", "a: One x{0}b: Two x{1}c: Three x\n"),
    "javaProperties": ("\n# {}\n", "a = One x{0}b = Two x{1}c = Three x\n"),
    "ios": ("\n// {}\n", '"a" = "One x";{0}"b" = "Two x";{1}"c" = "Three x";\n'),
    "gettext": (
        "\n# {}\n",
        'msgid "One x"\nmsgstr ""\n{0}msgid "Two x"\nmsgstr ""\n{1}msgid "Three x"\nmsgstr ""\n',
    ),
}  # fmt: skip
_PARTS["svg"] = _PARTS["xml"]


@pytest.mark.parametrize("file_type", [name for name, directive in NAMED if directive == "sltrans"])
def test_a_part_can_be_kept_from_translation(file_type: str) -> None:
    """What stands between `notranslate` and `translate` is no string."""
    comment, frame = _PARTS[file_type]
    stop, go = (
        f"\n{comment}\n".format(f"smartling.sltrans = {each}") for each in ("notranslate", "translate")
    )
    data = frame.format(stop, go)
    directives = {"translate_paths": "items/item"} if "<items>" in data else {}
    assert [each.text for each in units(file_type, data, **directives)] == ["One x", "Three x"]


@pytest.mark.parametrize("file_type", sorted(FILES))
def test_the_common_directives_count_everywhere(file_type: str) -> None:
    """A custom expression is a placeholder, and the inflation is the file's, in every type with strings."""
    source = FILES[file_type]
    made = {
        percent: formats.pseudo(file_type, source, {"pseudo_inflation": percent}) for percent in ("0", "100")
    }
    assert len(made["0"]) < len(made["100"])
    kept = formats.pseudo(file_type, source, {"placeholder_format_custom": "."})
    assert formats.same(file_type, kept, source) or kept != made["0"]
    assert set(COMMON) == {
        "placeholder_format", "placeholder_format_custom", "pseudo_inflation", "string_format",
    }  # fmt: skip


# --- what they mean -----------------------------------------------------------------------------------------


def test_a_named_format_ends_all_guessing() -> None:
    """`NONE` means that nothing is a placeholder, also what looks like one."""
    assert rules("json", '{"a":"{x} %s"}', '{"a":"b"}') == ["placeholder-missing"]
    assert rules("json", '{"a":"{x} %s"}', '{"a":"b"}', placeholder_format="NONE") == []
    assert rules("json", '{"a":"%s"}', '{"a":"x"}', placeholder_format="C") == ["placeholder-missing"]


def test_in_json_a_custom_expression_stands_instead_of_the_usual_ones() -> None:
    """Elsewhere it stands beside them."""
    custom = {"placeholder_format_custom": r"\[.+?\]"}
    assert rules("json", '{"a":"{x} [y]"}', '{"a":"z [y]"}', **custom) == []
    assert rules("json", '{"a":"{x} [y]"}', '{"a":"{x}"}', **custom) == ["placeholder-missing"]
    assert rules("ios", '"a"="%@ [y]";', '"a"="[y]";', **custom) == ["placeholder-missing"]


def test_message_patterns_in_properties_may_hold_printf_placeholders() -> None:
    """Both kinds count, unless `string_format` says that there are no patterns."""
    assert rules("javaProperties", "a={0} %s", "a={0}") == ["placeholder-missing"]
    assert rules("javaProperties", "a={0} b", "a=it's {0}", string_format="NONE") == []
    assert rules("javaProperties", "a={0} b", "a=it's {0}") == ["placeholder-missing"]


def test_string_formats_go_by_path_and_the_exact_path_wins() -> None:
    """A path means what lies below it too; `@default` takes a part out again."""
    data = '{"t": {"a": "{n, plural, other{#}} {x}"}, "log": {"t": {"b": "{x"}}}'
    said = "icu: */t, icu: t, @default: log/t"
    assert [each.flags for each in units("json", data, string_format_paths=said)] == ["icu", "text"]
    broken = data.replace("{x}", "{x")
    assert rules("json", data, broken, string_format_paths=said) == ["message-format"]


def test_string_formats_may_be_lists_in_brackets() -> None:
    """As in the service's own example."""
    data = '{"values": [{"textValue": {"text": "a"}}, {"htmlValue": {"text": "b"}}, {"m": "c"}]}'
    said = "icu: [values/m, x], txt: [values/textValue]"
    assert [each.flags for each in units("json", data, string_format_paths=said)] == ["text", "", "icu"]


def test_keys_variants_and_limits_of_json() -> None:
    """A key may be a part of the path; a limit stands beside the text or in the directive itself."""
    rule = {"path": "/*/text", "key": "/{*}/text", "instruction": "/*/notes", "character_limit": "/*/max"}
    data = json.dumps({
        "smartling": {"translate_paths": rule}, "a": {"text": "Open", "notes": "A button", "max": 5},
    })  # fmt: skip
    (unit,) = units("json", data)
    assert (unit.key, unit.variant, unit.note, unit.limit) == ("a/text", "a", "A button", 5)
    assert rules("json", data, data.replace("Open", "Öffnen")) == ["too-long"]
    fixed = json.dumps([{"path": "*/text", "character_limit": 3}])
    assert [each.limit for each in units("json", '{"a": {"text": "x"}}', translate_paths=fixed)] == [3]


def test_limits_of_android_hold_from_where_they_stand() -> None:
    """The last one before a string counts."""
    data = (
        "<resources><string name='a'>x</string><!-- smartling.character_limit = 4 -->"
        "<string name='b'>x</string><!-- smartling.character_limit = 9 --><string name='c'>x</string>"
        "</resources>"
    )
    assert [each.limit for each in units("android", data)] == [0, 4, 9]


def test_xml_paths_name_attributes_values_and_branches() -> None:
    """As in the service's own examples: `.title`, `[@name="x"]`, and a slash for all that lies below."""
    data = (
        '<data><localize name="navigation"><string>Browse</string></localize>\n'
        '<localize name="description"><string>Excellent</string></localize>\n'
        '<images><img src="1.png" title="Bedroom"/><img src="2.png" title="Bath &amp; more"/></images></data>'
    )
    found = {
        paths: [each.text for each in units("xml", data, translate_paths=paths)]
        for paths in (
            "data/localize/string",
            "data/images/img.title",
            'data/localize[@name="description"]/string',
            "data/localize/, data/images/img.title",
        )
    }
    assert list(found.values()) == [
        ["Browse", "Excellent"],
        ["Bedroom", "Bath & more"],
        ["Excellent"],
        ["<string>Browse</string>", "<string>Excellent</string>", "Bedroom", "Bath & more"],
    ]
    made = formats.translate(
        "xml", data.encode(), lambda unit: f'"{unit.text}"', {"translate_paths": "data/images/img.title"}
    )
    assert b'title="&quot;Bath &amp; more&quot;"' in made


def test_xml_keys_come_from_attributes_or_elements() -> None:
    """`{string.name}` is an attribute, `{string_name}` the text of an element beside."""
    data = "<data><item><string_name>k</string_name><string name='n'>Text</string></item></data>"
    chosen = {"translate_paths": "data/item/string"}
    said = ("data/item/{string.name}", "data/item/{string_name}")
    assert [units("xml", data, **chosen, source_key_paths=each)[0].key for each in said] == ["n", "k"]


def test_tables_have_their_directives_in_their_first_lines() -> None:
    """Those lines are no strings; key and instruction stand to the left of the text."""
    data = (
        "# smartling.paths=3\n# smartling.source_key_paths=1\n# smartling.string_instructions_paths=2\n"
        "# smartling.first_row_header=true\nKey,Note,Text\nk1,do,Hello\nk2,be,Bye\n"
    )
    assert [(each.key, each.note, each.text) for each in units("csv", data)] == [
        ("k1", "do", "Hello"), ("k2", "be", "Bye"),
    ]  # fmt: skip
    pairs = units("csv", "k1,One,k2,Two\n", paths="2,4", source_key_paths="1,3")
    assert [each.key for each in pairs] == ["k1", "k1/k2"]
    assert rules("csv", data, data.replace("k2,be,Bye\n", "k3,be,Tschüss\n")) == ["key-missing", "key-extra"]
    assert "structure" in rules("csv", data, data.replace("k2,be,Bye\n", ""))


def test_html_takes_texts_of_attributes_and_names_variants() -> None:
    """`title` and `alt` are spoken texts, unless a directive names others."""
    data = "<p data-sl-variant='v'>One</p><img alt='A boat'><input title=\"Type\" placeholder=\"Name\">"
    assert [(each.text, each.variant) for each in units("html", data)] == [
        ("One", "v"), ("A boat", ""), ("Type", ""),
    ]  # fmt: skip
    said = {"include_translatable_attributes": "placeholder"}
    assert [each.text for each in units("html", data, **said)] == ["One", "Name"]
    made = formats.translate("html", data.encode(), lambda unit: unit.text + "\"'")
    assert b"alt='A boat\"&#39;'" in made
