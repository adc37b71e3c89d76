"""What trips other readers of localization files: a small file for each trap that real ones hold."""

from __future__ import annotations

import json

import pytest
import yaml

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.formats import Document, xcstrings


def read(file_type: str, data: bytes | str, directives: dict[str, str] | None = None) -> Document:
    """Read a file of a type that has a reader."""
    raw = data if isinstance(data, bytes) else data.encode()
    document = formats.parse(file_type, raw, directives or {})
    assert document is not None
    return document


def texts(file_type: str, data: bytes | str) -> list[tuple[str, str]]:
    """Return key and text of every unit."""
    return [(unit.key, unit.value) for unit in read(file_type, data).units]


def changed(file_type: str, data: str, text: str, index: int = 0) -> str:
    """Return the file with one string changed."""
    return read(file_type, data).replace({index: text}).decode()


def errors(file_type: str, source: str, translation: str, locale: str = "de-DE") -> set[str]:
    """Return the rules by which a translation is refused."""
    found = formats.check(file_type, source.encode(), translation.encode(), locale=locale)
    return {each.rule for each in found if each.severity == "error"}


# --- gettext --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_a_separator_inside_a_text_ends_no_line(separator: str) -> None:
    """Where only the line feed ends a line, nothing behind a paragraph separator is lost."""
    data = f'msgid "Across {separator}down"\nmsgstr "Quer {separator}hinab"\n'
    assert texts("gettext", data) == [(f"Across {separator}down", f"Quer {separator}hinab")]
    assert texts("javaProperties", f"a = b{separator}c\n")[0][1] == f"b{separator}c".replace("\x0c", "\x0c")
    assert texts("plainText", f"a{separator}b\nc\n") == [("", f"a{separator}b"), ("", "c")]


def test_a_plural_entry_comes_to_an_end() -> None:
    """A template with a plural is read in one pass, with or without a final newline."""
    data = 'msgid "%d boat"\nmsgid_plural "%d boats"\nmsgstr[0] ""\nmsgstr[1] ""'
    assert [(unit.plural, unit.text) for unit in read("gettext", data).units] == [
        ("0", "%d boat"), ("1", "%d boats"),
    ]  # fmt: skip


def test_a_template_header_is_filled_in_later() -> None:
    """`CHARSET`, `nplurals=INTEGER` and a date of letters are no fault of a template."""
    data = (
        'msgid ""\nmsgstr ""\n"PO-Revision-Date: YEAR-MO-DA HO:MI+ZONE\\n"\n'
        '"Content-Type: text/plain; charset=CHARSET\\n"\n'
        '"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"\n\nmsgid "Ferry"\nmsgstr ""\n'
    )
    document = read("gettext", data)
    assert [unit.text for unit in document.units] == ["Ferry"]
    assert "nplurals" not in document.facts


# --- nesting and entities -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file_type", "opening"),
    [
        ("yaml", "["), ("yaml", "{a: "), ("yaml", "? "), ("yaml", "- "), ("json", "["), ("json", '{"a":'),
        ("arb", '{"a":'), ("xcstrings", '{"a":'), ("android", "<resources>"), ("xliff", "<xliff>"),
        ("stringsdict", "<plist>"), ("phpResource", "<?php return [["),
    ],
)  # fmt: skip
def test_nesting_is_bounded(file_type: str, opening: str) -> None:
    """A hundred thousand open brackets are an error of the file, not the end of the process."""
    with pytest.raises(ContentError) as caught:
        read(file_type, opening * 100_000)
    assert caught.value.line == 1


def test_message_patterns_are_bounded() -> None:
    """A message of braces alone is judged without running out of stack."""
    deep = json.dumps({"a": "{n, plural, other{" * 5000})
    assert errors("json", json.dumps({"a": "{n, plural, other{#}}"}), deep)


@pytest.mark.parametrize("file_type", ["android", "resx", "xliff", "qt", "stringsdict", "svg"])
def test_entities_are_never_expanded(file_type: str) -> None:
    """A document whose entities would fill the memory is refused, or read with the reference as it stands."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    root = {"android": "resources", "resx": "root", "qt": "TS", "stringsdict": "plist"}.get(
        file_type, file_type
    )
    data = f'<!DOCTYPE {root} [<!ENTITY e0 "x">{levels}]><{root}><dict/>&e11;</{root}>'
    assert read(file_type, data).replace({}) == data.encode()


# --- YAML -----------------------------------------------------------------------------------------------


def test_yaml_duplicate_keys_are_two_strings() -> None:
    """Neither of them is lost, and each can be changed."""
    data = "en:\n  open: Open\n  open: Unlock\n"
    assert texts("yaml", data) == [("open", "Open"), ("open", "Unlock")]
    assert changed("yaml", data, "Close", 1) == "en:\n  open: Open\n  open: Close\n"


def test_yaml_keys_are_what_the_file_says() -> None:
    """`no`, `yes`, `on`, numbers and `null` as keys are names, not truths."""
    data = "en:\n  no: Nope\n  yes: Yep\n  on: In service\n  404: Lost\n  null: Nothing\n"
    assert [key for key, _ in texts("yaml", data)] == ["no", "yes", "on", "404", "null"]
    assert read("yaml", "no:\n  a: Hei\n").marks[0].value == "no"


def test_yaml_anchors_are_translated_once() -> None:
    """Aliases and merge keys stay as they are; anchor and tag lie outside the text."""
    data = (
        "en:\n  base: &base\n    save: &s Save\n    send: !!str Send\n  form:\n    <<: *base\n    keep: *s\n"
    )
    assert texts("yaml", data) == [("base/save", "Save"), ("base/send", "Send")]
    made = formats.translate("yaml", data.encode(), lambda unit: unit.text.upper()).decode()
    assert made == data.replace("Save", "SAVE").replace("Send", "SEND")


def test_yaml_gets_no_empty_plural_form() -> None:
    """A file keeps the forms that it has."""
    data = "fr:\n  boats:\n    one: un bateau\n    other: des bateaux\n"
    assert changed("yaml", data, "une barque") == data.replace("un bateau", "une barque")


# --- duplicate keys -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file_type", "data"),
    [
        ("json", '{"a": "one", "a": "two"}'),
        ("arb", '{"a": "one", "a": "two"}'),
        ("ios", '"a" = "one";\n"a" = "two";\n'),
        ("javaProperties", "a=one\na=two\n"),
        ("android", "<resources><string name='a'>one</string><string name='a'>two</string></resources>"),
        (
            "resx",
            "<root><data name='a'><value>one</value></data><data name='a'><value>two</value></data></root>",
        ),
    ],
)
def test_keys_are_a_multiset(file_type: str, data: str) -> None:
    """A key that stands twice is two strings, and a translation must hold both."""
    assert texts(file_type, data) == [("a", "one"), ("a", "two")]
    assert errors(file_type, data, data.replace("one", "eins")) == set()
    assert "two" not in changed(file_type, data, "zwei", 1)


# --- encodings ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file_type", "text"),
    [
        ("ios", '"a" = "Ä – 日";\n'),
        (
            "stringsdict",
            (
                "<plist><dict><key>a</key><dict><key>NSStringLocalizedFormatKey</key>"
                "<string>Ä – 日</string></dict></dict></plist>\n"
            ),
        ),
        ("javaProperties", "a = Ä – 日\n"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encoding_is_seen_and_never_guessed_wrong(file_type: str, text: str, encoding: str) -> None:
    """UTF-8 is not read as UTF-16 nor the other way round, with and without a mark."""
    document = read(file_type, text.encode(encoding))
    assert document.units[0].text == "Ä – 日"
    assert document.replace({}) == text.encode(encoding)


def test_utf_16_properties_may_hold_a_key_alone() -> None:
    """Big-endian, without a value: a text gets its sign in the same encoding."""
    document = read("javaProperties", "\ufeffalone\n".encode("utf-16-be"))
    assert document.replace({0: "x"}) == "\ufeffalone=x\n".encode("utf-16-be")


def test_html_without_a_charset_is_utf_8() -> None:
    """A fragment that names no encoding is not read as Latin-1."""
    assert texts("html", "<p>© Skylark – Ferries</p>".encode()) == [("", "© Skylark – Ferries")]


# --- XML ------------------------------------------------------------------------------------------------

QUOTED_QT = (
    "<?xml version='1.0' encoding='utf-8'?>\r\n<!DOCTYPE TS>\r\n<TS version=\"2.1\">\r\n<context>"
    "<name>A</name>\r\n<message><source>It&apos;s &quot;x&quot;</source><location line='1' />\r\n"
    "<translation>@</translation></message>\r\n</context>\r\n</TS>"
)
SPACED_ANDROID = (
    "<?xml version='1.0'?>\n<resources   >\n  <item />\n  <string\n name='a' >@</string>\n"
    "  <!-- &c -->\n</resources\n>\n\n"
)
REFERRING_XLIFF = (
    "<xliff><file><body><trans-unit id='a'><source>&#169;</source>\n"
    "<target\tstate='new'>@</target></trans-unit></body></file></xliff>"
)


@pytest.mark.parametrize(
    ("file_type", "data"),
    [
        ("qt", QUOTED_QT),
        ("android", SPACED_ANDROID),
        ("resx", '<?xml version="1.0" ?>\r\n<root><a/>\r\n<data name="a"><value>@</value></data></root>'),
        ("xliff", REFERRING_XLIFF),
    ],
)
def test_xml_is_never_written_anew(file_type: str, data: str) -> None:
    """Declaration quotes, spaces in tags, references and line ends outlive a change of one string."""
    document = read(file_type, data.replace("@", "Old"))
    assert document.replace({0: "New"}).decode() == data.replace("@", "New")


def test_an_undeclared_prefix_is_read() -> None:
    """`xliff:g` without its namespace is common in Android files."""
    data = "<resources><string name='a'>Pier <xliff:g>%d</xliff:g></string></resources>"
    assert texts("android", data) == [("a", "Pier <xliff:g>%d</xliff:g>")]


def test_other_android_resources_are_left_alone() -> None:
    """`bool`, `integer`, `dimen` and names that begin with a digit do no harm."""
    data = (
        "<resources><bool name='b'>true</bool><integer name='i'>3</integer><dimen name='d'>4dp</dimen>"
        "<string name='100_steps'>Stairs</string></resources>"
    )
    assert texts("android", data) == [("100_steps", "Stairs")]
    assert changed("android", data, "Treppe") == data.replace("Stairs", "Treppe")


def test_android_surrogate_escapes_are_one_character() -> None:
    r"""`\uD83E\uDDD8` is read as one, and what is written reads back."""
    data = "<resources><string name='a'>Rest \\uD83E\\uDDD8</string></resources>"
    assert texts("android", data) == [("a", "Rest \U0001f9d8")]
    assert texts("android", changed("android", data, "\U0001f9d8")) == [("a", "\U0001f9d8")]


def test_json_arrays_are_read() -> None:
    """Lists of strings and of objects hold strings too."""
    data = '{"stops": ["Pier", {"name": "Harbour"}], "smartling": [{"string_format": "none"}]}'
    assert texts("json", data) == [("stops/0", "Pier"), ("stops/1/name", "Harbour")]


def test_xliff_units_need_no_id_and_may_share_a_name() -> None:
    """Units without an id, and many of one name, are all there, in both versions of the format."""
    unit = "<trans-unit{}><source>{}</source><target>x</target></trans-unit>"
    body = "".join(
        unit.format(*each) for each in (("", "A"), ("", "B"), (" resname='n'", "C"), (" id='n'", "D"))
    )
    data = f"<xliff version='1.0'><file original='o'><body>{body}</body></file></xliff>"
    assert [(each.key, each.text) for each in read("xliff", data).units] == [
        ("o", "A"), ("o", "B"), ("o/n", "C"), ("o/n", "D"),
    ]  # fmt: skip
    assert errors("xliff", data, data) == set()
    second = (
        "<xliff version='2.0' srcLang='en'><file id='f'><unit id='u'><segment><source>A</source></segment>"
        "<segment><source>B</source></segment></unit></file></xliff>"
    )
    assert [each.text for each in read("xliff2", second).units] == ["A", "B"]


@pytest.mark.parametrize("target", ["<target/>", "<target></target>", "<target>old</target>", ""])
def test_xliff_targets_take_inline_tags_as_tags(target: str) -> None:
    """A target that held no tag yet gets those of its source unescaped."""
    unit = f"<trans-unit id='a'><source>At <x id='1'/> &amp; on</source>{target}</trans-unit>"
    data = f"<xliff><body>{unit}</body></xliff>"
    made = changed("xliff", data, "Um <x id='1'/> &amp; ab")
    assert "<target>Um <x id='1'/> &amp; ab</target>" in made
    assert [unit.value for unit in read("xliff", made).units] == ["Um <x id='1'/> &amp; ab"]


# --- Apple ----------------------------------------------------------------------------------------------


def test_strings_files_keep_comments_order_and_duplicates() -> None:
    """An empty key, escapes and a comment between the parts of an entry are read, and nothing is lost."""
    data = '/* One */ "" = ""; \'z\' /* why */ = "a\\n\\t\\"b\\"";\n"a" = "x"; "z" = "y";\n'
    assert texts("ios", data) == [("", ""), ("z", 'a\n\t"b"'), ("a", "x"), ("z", "y")]
    assert changed("ios", data, "w", 2) == data.replace('"x"', '"w"')


def test_string_catalogs_are_spliced() -> None:
    """Xcode's empty objects, its order of keys and the missing final newline outlive a new locale."""
    data = (
        '{\n  "sourceLanguage" : "en",\n  "strings" : {\n    "b" : {\n\n    },\n    "a" : {\n\n    },\n'
        '    "%@" : {\n      "shouldTranslate" : false\n    }\n  },\n  "version" : "1.0"\n}'
    )
    made = xcstrings.merge(data.encode(), "de", lambda unit: "B" if unit.key == "b" else None).decode()
    assert made.endswith("}")
    assert made.index('"b"') < made.index('"a"') < made.index('"%@"')
    assert '"a" : {\n\n    }' in made
    assert xcstrings.merge(data.encode(), "de", lambda _unit: None).decode() == data


# --- properties, PHP, CSV, SRT ----------------------------------------------------------------------------


def test_properties_change_one_entry() -> None:
    """Continued lines of the others stay continued; separators and comments stay."""
    data = "a : one, \\\n    two\n!note\nb\tthree, \\\n  four\nc=five"
    assert changed("javaProperties", data, "six", 2) == data.replace("five", "six")
    assert changed("javaProperties", data, "six", 1) == data.replace("three, \\\n  four", "six")


def test_php_keeps_backslashes() -> None:
    """A backslash that escapes nothing is a character, and survives a change elsewhere."""
    data = "<?php\nreturn ['a' => 'App\\Models\\\\Boat', 'b' => \"x\\d\", 'c' => 'y'];\n"
    assert texts("phpResource", data) == [("a", "App\\Models\\Boat"), ("b", "x\\d"), ("c", "y")]
    assert changed("phpResource", data, "z", 2) == data.replace("'y'", "'z'")
    assert texts("phpResource", changed("phpResource", data, "C:\\new\\"))[0] == ("a", "C:\\new\\")


def test_a_column_without_a_name_hides_no_other() -> None:
    """As in a table of Godot, whose first cell is empty."""
    data = ",en,de\nship,Ship,Schiff\n"
    assert [text for _, text in texts("csv", data)] == ["en", "de", "ship", "Ship", "Schiff"]


def test_the_separator_of_a_table_is_never_guessed() -> None:
    """A comma unless a directive says otherwise, however many semicolons there are."""
    data = "subject;status;author\na;b;c, d\n"
    assert [text for _, text in texts("csv", data)] == ["subject;status;author", "a;b;c", " d"]
    said = read("csv", data, {"field_separator": ";"})
    assert [unit.text for unit in said.units][3:] == ["a", "b", "c, d"]


def test_text_goes_on_after_a_quote_in_a_table() -> None:
    """As PHP reads it, whose tables of translations have quotes that nobody doubled."""
    data = 'a,"say "x" y",b\n'
    assert [text for _, text in texts("csv", data)] == ["a", 'say x" y"', "b"]
    assert changed("csv", data, "z", 1) == 'a,"z",b\n'
    with pytest.raises(ContentError, match="after a closing quote"):
        read("csv", '"a";"b"\n')


def test_subtitles_keep_blank_lines_and_tags() -> None:
    """A blank line inside a cue and a cue without one before it are read; style tags stay."""
    data = (
        "1\n00:00:01,000 --> 00:00:02,000\n{\\b1}One{\\b0}\n\nstill one\n"
        "2\n00:00:03,000 --> 00:00:04,000\nTwo\n"
    )
    assert [text for _, text in texts("srt", data)] == ["{\\b1}One{\\b0}\n\nstill one", "Two"]
    assert changed("srt", data, "Zwei", 1) == data.replace("Two", "Zwei")


def test_numbers_of_any_length_do_no_harm() -> None:
    """Digits beyond what Python turns into a number are read, or refused with their place."""
    digits = "9" * 5000
    assert texts("json", f'{{"n": {digits}, "a": "b"}}') == [("a", "b")]
    assert texts("phpResource", '<?php return ["a" => "\\u{ffffffffffff}"];') == [("a", "\\u{ffffffffffff}")]
    assert texts("csv", "a\nb\n") == [
        (each.key, each.text) for each in read("csv", "a\nb\n", {"paths": "²"}).units
    ]
    with pytest.raises(ContentError) as caught:
        read("gettext", f'msgid "a"\nmsgstr[{digits}] "b"\n')
    assert caught.value.line == 2


def test_a_string_catalog_of_other_shapes_is_read() -> None:
    """Localizations that are no object count as none, and are replaced by those of the first locale."""
    data = (
        b'{"sourceLanguage": ["en"], "strings": {"a": {"localizations": null}, "b": {"localizations": "x"}}}'
    )
    assert texts("xcstrings", data) == [("a", "a"), ("b", "b")]
    made = json.loads(xcstrings.merge(data, "de", lambda unit: unit.text.upper()))
    assert made["strings"]["b"]["localizations"]["de"]["stringUnit"]["value"] == "B"


# --- what translators and services break ------------------------------------------------------------------


@pytest.mark.parametrize(
    "translation",
    [
        "{contar, plural, un {un barco} otros {# barcos}}",
        "{count, plural, satu {perahu} lain {# perahu}}",
        "{count, plural, one {boat}}",
        "{count, plural, one {a} other {b}",
    ],
)
def test_translated_message_syntax_is_an_error(translation: str) -> None:
    """Names and keywords of a message are no words to translate."""
    source = json.dumps({"a": "{count, plural, one {# boat} other {# boats}}"})
    assert errors("json", source, json.dumps({"a": translation}), "es-ES")


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("{endTimestamp, date, short}", "{endTimestamp, data, short}"),
        ("{first} of {all}", "{Përdoruesi i parë} of {all}"),
    ],
)
def test_translated_arguments_are_an_error(source: str, translation: str) -> None:
    """The type and the name of an argument must stay."""
    assert errors("arb", json.dumps({"a": source}), json.dumps({"a": translation}), "sq")


def test_a_lone_apostrophe_eats_arguments_in_java_alone() -> None:
    """Java quotes from one apostrophe on; a Flutter message does not."""
    java = {"string_format": "MESSAGE_FORMAT"}
    lost = formats.check(
        "javaProperties",
        b"a = Choose {0}\n",
        b"a = Dev'essere {0}\n",
        locale="it-IT",
        directives=java,
    )
    assert any("{0}" in each.message or each.rule.startswith("placeholder") for each in lost)
    kept = formats.check(
        "javaProperties", b"a = Choose {0}\n", b"a = Dev''essere {0}\n", locale="it-IT", directives=java
    )
    assert kept == ()
    assert errors("arb", '{"a": "Say {value}"}', '{"a": "\'{value}\'"}', "ko-KR") == set()


@pytest.mark.parametrize(
    ("file_type", "source", "translation"),
    [
        ("qt", "%1 of %2", "% 1 of %2"),
        ("qt", "%1 of %2", "1% of %2"),
        ("ios", "%1$llu of %2$llu", "%1$llu of %2llu"),
        ("ios", "%lu files", "$lu files"),
        ("resx", "Page {0}", "Page {{0}}"),
        ("resx", "Size {0:0,000.0}", "Size {3,000.0}"),
        ("resx", "Page {0}", "Page ({0)"),
    ],
)
def test_damaged_placeholders_are_errors(file_type: str, source: str, translation: str) -> None:
    """Moved signs, spaces and brackets are found."""
    message = "<message><source>@s</source><translation>@t</translation></message>"
    frame = {
        "qt": f"<TS><context>{message}</context></TS>",
        "ios": '"a" = "@t";',
        "resx": "<root><data name='a'><value>@t</value></data></root>",
    }[file_type].replace("@s", source)
    assert errors(file_type, frame.replace("@t", source), frame.replace("@t", translation))


def test_positions_with_macros_are_good_gettext() -> None:
    """`%2$<PRIuMAX>` is a numbered placeholder."""
    entry = '#, c-format\nmsgid "%s has %<PRIuMAX> parts"\nmsgstr "{}"\n'
    source = entry.format("")
    assert errors("gettext", source, entry.format("%2$<PRIuMAX> Teile hat %1$s"), "zh-CN") == set()
    assert errors("gettext", source, entry.format("%2$s Teile hat %1$s"), "zh-CN")


def test_quotes_may_be_escaped_in_cdata() -> None:
    r"""`href=\"\"` and `href=""` are the same tag to Android."""
    frame = "<resources><string name='a'><![CDATA[{}]]></string></resources>"
    source, translation = (
        frame.format('Read <a href="">terms</a>'),
        frame.format('<a href=\\"\\">AGB</a> lesen'),
    )
    assert errors("android", source, translation) == set()
    without = frame.format("<b>AGB</b> lesen").encode()
    found = formats.check("android", source.encode(), without, locale="de")
    assert {(each.rule, each.severity) for each in found} == {
        ("tag-missing", "warning"),
        ("tag-extra", "warning"),
    }


def test_pseudo_localized_markdown_keeps_its_blocks() -> None:
    """No sign is added that Markdown or a message would read: neither brackets nor bars."""
    data = b"# Title\n\n1. first\n2. second [link](x.md)\n\n[ref]: x.md\n\n| a | b |\n|---|---|\n| c | d |\n"
    made = formats.pseudo("markdown", data)
    assert [made.count(sign) for sign in (b"[", b"|", b"\n")] == [
        data.count(sign) for sign in (b"[", b"|", b"\n")
    ]
    assert len(read("markdown", made).units) == len(read("markdown", data).units)


def test_what_html_leaves_open_goes_on_to_the_end() -> None:
    """An unclosed comment or script hides the rest, as in a browser; the text before it is read."""
    assert texts("html", "<p>One</p><!-- <p>Two</p>") == [("", "One")]
    assert texts("html", "<p>One</p><script>let a = '<p>Two</p>'") == [("", "One")]
    assert texts("html", "<p class='a > b'>One</p>") == [("", "One")]


@pytest.mark.parametrize("data", ['{"a": "b",}', '["a",]', "{'a': 'b'}", '{"a": "b"} x', '{"a": "\t"}'])
def test_nearly_json_is_no_json(data: str) -> None:
    """What a lenient parser lets through is refused, with its place."""
    with pytest.raises(ContentError) as caught:
        read("json", data)
    assert caught.value.column > 0


def test_long_texts_are_written_at_once() -> None:
    """Two hundred words with a colon at their end: a pattern that tried every split would never come back."""
    text = "palabra " * 200 + "fin: ya"

    written = formats.translate("yaml", b"en:\n  terms: Terms\n", lambda _unit: text)

    assert yaml.safe_load(written)["en"]["terms"] == text


def test_pseudo_keeps_the_names_of_functions_that_hold_others() -> None:
    """MediaWiki's functions may stand inside each other; their words are free, their names are not."""
    source = b'{"@metadata": {}, "a": "{{PLURAL:$4|one by {{GENDER:$2|him}}|many by {{GENDER:$2|them}}}}"}'

    made = formats.pseudo("json", source)

    assert made.count(b"GENDER:$2|") == 2
    assert b"{{PLURAL:$4|" in made
    assert [
        found for found in formats.check("json", source, made, locale="de-DE") if found.severity == "error"
    ] == []
    assert made != source


@pytest.mark.parametrize("case", ["1", "0", "one"])
def test_a_case_for_one_number_may_say_it_in_words(case: str) -> None:
    """Fluent chooses by an exact number too; the case for all others has to show it."""
    source = b"hours = { $n ->\n    [one] { $n } hour\n   *[other] { $n } hours\n}\n"
    spelled = f"hours = {{ $n ->\n    [{case}] an hour\n   *[other] {{ $n }} hours\n}}\n".encode()
    lost = spelled.replace(b"{ $n } hours", b"hours")

    rules = [
        [finding.rule for finding in formats.check("fluent", source, made, locale="pt-BR")]
        for made in (spelled, lost)
    ]

    assert "placeholder-missing" not in rules[0]
    assert "placeholder-missing" in rules[1]
