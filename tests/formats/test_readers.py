"""What each reader finds, on files with the odd things that real ones have."""

from __future__ import annotations

import json
import plistlib

import pytest

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.formats import Document, yaml
from tests.formats.samples import FILES, XCSTRINGS


def read(file_type: str, data: bytes | str, directives: dict[str, str] | None = None) -> Document:
    """Read a file of a type that has a reader."""
    raw = data if isinstance(data, bytes) else data.encode()
    document = formats.parse(file_type, raw, directives or {})
    assert document is not None
    return document


def found(
    file_type: str, data: bytes | str, directives: dict[str, str] | None = None
) -> list[tuple[str, str, str]]:
    """Return key, plural category and text of every unit."""
    return [(unit.key, unit.plural, unit.text) for unit in read(file_type, data, directives).units]


def changed(file_type: str, data: str, texts: dict[int, str | None]) -> str:
    """Return the file with some of its units changed."""
    return read(file_type, data).replace(texts).decode()


# --- JSON -----------------------------------------------------------------------------------------------


def test_json_takes_every_string_but_directives_and_keeps_duplicate_keys() -> None:
    """Keys are paths; a key that stands twice is two units; the `smartling` node is none."""
    assert found("json", FILES["json"]) == [
        ("title", "", "Hello {name}"),
        ("nested/list/0", "", "one"),
        ("nested/list/1/deep", "", "two é \n"),
        ("empty", "", ""),
        ("same", "", "first"),
        ("same", "", "second"),
    ]
    assert read("json", FILES["json"]).directives == {"translate_mode": "all", "string_format": "none"}


def test_json_translate_paths_choose_strings_and_instructions() -> None:
    """Objects of path, key and instruction pick the texts; what stands beside them is the note."""
    rules = [{"path": "*/title", "key": "{*}/title", "instruction": "*/note"}]
    data = json.dumps({"smartling": {"translate_paths": rules}, "a": {"title": "Open", "note": "A button"}})
    (unit,) = read("json", data).units
    assert (unit.key, unit.text, unit.note) == ("a/title", "Open", "A button")


def test_json_variants_come_from_the_key_path_and_arrays_are_transparent() -> None:
    """Array indices are no part of a path that a directive names; a key without braces is a value's path."""
    said = '[{"path": "/values/*/text", "key": "/values/*/variant", "instruction": "/*/instruction"}]'
    data = '{"values": [{"html": {"text": "Hi", "variant": "v1", "instruction": "do"}, "key": "no"}]}'
    (unit,) = read("json", data, {"translate_paths": said, "variants_enabled": "true"}).units
    assert (unit.text, unit.variant, unit.note) == ("Hi", "v1", "do")


def test_json_directives_may_be_an_array_and_paths_may_be_commas() -> None:
    """Both older spellings are read."""
    data = '{"smartling": [{"variants_enabled": "true"}, {"x": "y"}], "a": {"t": "1", "u": "2"}, "b": "3"}'
    assert read("json", data).directives == {"variants_enabled": "true", "x": "y"}
    assert [text for _, _, text in found("json", data, {"translate_paths": "*/t, b"})] == ["1", "3"]


def test_json_keeps_the_habit_of_escaping() -> None:
    r"""A file that writes `\u00e9` gets its new texts written the same way; another one does not."""
    assert changed("json", '{"a": "\\u00e9"}', {0: "ö"}) == '{"a": "\\u00f6"}'
    assert changed("json", '{"a": "e"}', {0: "ö"}) == '{"a": "ö"}'


@pytest.mark.parametrize("data", ["[" * 100_000, '{"a":' * 100_000, "[" * 300 + "]" * 300])
def test_json_nested_too_deeply_is_an_error_of_the_file(data: str) -> None:
    """No depth makes the interpreter run out of stack."""
    with pytest.raises(ContentError, match="nested too deeply"):
        read("json", data)


def test_json_errors_say_where() -> None:
    """Line and column of what is wrong, from 1."""
    with pytest.raises(ContentError) as caught:
        read("json", '{\n  "a": "b",\n}')
    assert (caught.value.line, caught.value.column) == (3, 1)


# --- YAML -----------------------------------------------------------------------------------------------


def test_yaml_reads_every_style_and_never_expands_an_alias() -> None:
    """The root locale is no part of a key; numbers and truths are no strings; `Yes` is one."""
    assert found("yaml", FILES["yaml"]) == [
        ("plain", "", "Hello %{name}"),
        ("double", "", "two é\n"),
        ("single", "", "it's"),
        ("literal", "", "first\n  second\n"),
        ("folded", "", "one two"),
        ("keep", "", "kept\n\n"),
        ("yes", "", "Yes"),
        ("list/0", "", "a"),
        ("list/1", "", "b"),
        ("list/2", "", "c"),
        ("items/0", "", "anchored"),
        ("items/2/key", "", "nested"),
        ("messages", "one", "one message"),
        ("messages", "other", "%{count} messages"),
        ("dup", "", "x"),
        ("dup", "", "y"),
    ]


def test_yaml_changes_one_line_and_keeps_anchors_and_comments() -> None:
    """A new text goes in where the old one was."""
    data = "de:\n  a: &x old # why\n  b: *x\n"
    assert changed("yaml", data, {0: "new"}) == "de:\n  a: &x new # why\n  b: *x\n"
    assert changed("yaml", data, {0: "yes"}) == 'de:\n  a: &x "yes" # why\n  b: *x\n'


def test_yaml_leaves_untranslated_keys_out() -> None:
    """None cuts the lines of the key."""
    assert (
        changed("yaml", "en:\n  a: x\n  b: |\n    y\n    z\n  c: w\n", {1: None}) == "en:\n  a: x\n  c: w\n"
    )


@pytest.mark.parametrize("data", ["[" * 100_000, "{a: " * 100_000, "- " * 3000])
def test_yaml_nested_too_deeply_is_an_error_of_the_file(data: str) -> None:
    """Deep nesting must not reach a parser that recurses: libyaml would end the process."""
    with pytest.raises(ContentError, match="nested too deeply"):
        read("yaml", data)


def test_yaml_errors_say_where() -> None:
    """Line and column of what is wrong, from 1."""
    with pytest.raises(ContentError) as caught:
        read("yaml", "a: b\nc: [d\n")
    assert caught.value.line >= 2
    with pytest.raises(ContentError):
        read("yaml", "a: \x01\n")


@pytest.mark.parametrize(
    ("data", "target", "result"),
    [
        (b"en:\n  a: b\n", "de", b"de:\n  a: b\n"),
        (b'"en-US":\n  a: b\n', "de-DE", b'"de-DE":\n  a: b\n'),
        (b"# c\nen_US:\n  a: b\n", "no", b'# c\n"no":\n  a: b\n'),
        (b"app:\n  a: b\n", "de", b"app:\n  a: b\n"),
        (b"en: text\n", "de", b"en: text\n"),
        (b"en: [\n", "de", b"en: [\n"),
    ],
)
def test_the_root_locale_is_replaced(data: bytes, target: str, result: bytes) -> None:
    """A first key that is the source locale, or its language, becomes the target's."""
    assert yaml.substitute_root(data, "en-US", target) == result


def test_sltrans_excludes_a_part() -> None:
    """What stands between `notranslate` and `translate` is no unit."""
    data = "a: 1x\n# smartling.sltrans = notranslate\nb: 2x\n# smartling.sltrans = translate\nc: 3x\n"
    assert [key for key, _, _ in found("yaml", data)] == ["a", "c"]
    assert [key for key, _, _ in found("javaProperties", data)] == ["a", "c"]


# --- properties -----------------------------------------------------------------------------------------


def test_properties_logical_lines() -> None:
    """Continuation, escapes in keys, white-space separators, keys alone, no final newline."""
    assert [(key, text) for key, _, text in found("javaProperties", FILES["javaProperties"])] == [
        ("hello", "Hello {0}"),
        ("keyonly", ""),
        ("long", "first second"),
        ("colon:key", "café"),
        ("indented", "value"),
        ("tail", ""),
    ]
    assert read("javaProperties", FILES["javaProperties"]).units[0].note == "A greeting"


def test_properties_in_latin_1_and_utf_16() -> None:
    """Bytes that are no UTF-8 are Latin-1, which escapes what it lacks; UTF-16 without a mark is seen."""
    document = read("javaProperties", "a = é\n".encode("latin-1"))
    assert document.units[0].text == "é"
    assert document.replace({0: "ü€"}) == "a = ü\\u20AC\n".encode("latin-1")
    wide = read("javaProperties", "key\na = é\n".encode("utf-16-be"))
    assert [(unit.key, unit.text) for unit in wide.units] == [("key", ""), ("a", "é")]


def test_a_key_alone_gets_its_separator() -> None:
    """A text for a key without one needs an equals sign."""
    assert changed("javaProperties", "key\nb=1\n", {0: "x"}) == "key=x\nb=1\n"


# --- Android --------------------------------------------------------------------------------------------


def test_android_escapes_quotes_markup_and_plurals() -> None:
    """Escapes are resolved, tags stay, white space collapses, fixed strings are no units."""
    assert [(key, plural, text) for key, plural, text in found("android", FILES["android"])] == [
        ("hello", "", "Hello '%1$s'"),
        ("mixed", "", 'Use <b>bold</b> &amp; <xliff:g id="x">%d</xliff:g>'),
        ("quoted", "", "  two  "),
        ("cdata", "", '<a href="x">link</a>'),
        ("entity", "", "Open &app; <now>"),
        ("wrapped", "", "over two lines"),
        ("songs", "one", "%d song"),
        ("songs", "other", "%d songs \U0001f9d8"),
        ("days/0", "", "Mon"),
        ("days/1", "", "Tue"),
        ("empty", "", ""),
    ]
    assert read("android", FILES["android"]).units[0].note == "Greeting"


def test_android_leaves_untranslated_strings_out_with_their_lines() -> None:
    """None cuts the whole element; a plural goes as a whole."""
    data = (
        "<resources>\n  <string name='a'>x</string>\n  <plurals name='p'>\n"
        "    <item quantity='one'>1</item>\n  </plurals>\n</resources>\n"
    )
    assert changed("android", data, {0: None}) == data.replace("  <string name='a'>x</string>\n", "")
    assert "plurals" not in changed("android", data, {1: None})


def test_android_writes_what_aapt_would_misread() -> None:
    """Quotes, backslashes, leading signs and spaces that would be lost are escaped."""
    data = "<resources><string name='a'>x</string></resources>"
    assert changed("android", data, {0: " it's <b> & @"}) == (
        "<resources><string name='a'>\\u0020it\\'s &lt;b&gt; &amp; @</string></resources>"
    )
    assert ">\\@home<" in changed("android", data, {0: "@home"})


def test_an_undeclared_prefix_is_read() -> None:
    """Real files use `xliff:g` without declaring it; only well-formedness is asked for."""
    assert (
        len(read("android", "<resources><string name='a'>x <xliff:g>%s</xliff:g></string></resources>").units)
        == 1
    )


def test_entity_bombs_do_not_expand() -> None:
    """Entities of the document are never expanded, so their size does not matter."""
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    data = f'<!DOCTYPE r [<!ENTITY a0 "x">{levels}]><resources><string name="a">&a11;</string></resources>'
    assert found("android", data) == [("a", "", "&a11;")]


def test_deep_xml_is_an_error_of_the_file() -> None:
    """Nesting is bounded."""
    with pytest.raises(ContentError, match="nested too deeply"):
        read("android", "<resources>" + "<a>" * 1000 + "</a>" * 1000 + "</resources>")


# --- Apple ----------------------------------------------------------------------------------------------


def test_strings_files() -> None:
    """Plural keys, bare and empty keys, notes; the tool's own comment is no note."""
    units = read("ios", FILES["ios"]).units
    assert [(unit.key, unit.plural, unit.text) for unit in units] == [
        ("hello", "", 'Hello "%@" é'),
        ("songs", "one", "%d song"),
        ("songs", "other", "%d songs"),
        ("bare", "", "single"),
        ("", "", ""),
        ("multi\nline", "", "a\nb"),
    ]
    assert [unit.note for unit in units] == ["Greeting", "", "", "", "", ""]


def test_strings_files_leave_untranslated_entries_out_with_their_comments() -> None:
    """None cuts the entry, its line end and the comment right above it."""
    data = '/* One */\n"a" = "b";\n\n// Two\n"c" = "d";\n'
    assert changed("ios", data, {0: None}) == '\n// Two\n"c" = "d";\n'
    assert changed("ios", data, {1: None}) == '/* One */\n"a" = "b";\n\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_strings_files_in_every_encoding(encoding: str) -> None:
    """UTF-16 with and without a mark is read as what it is, and kept."""
    data = '"a" = "日本";\n'.encode(encoding)
    document = read("ios", data)
    assert document.units[0].text == "日本"
    assert document.replace({0: "x"}) == '"a" = "x";\n'.encode(encoding)


@pytest.mark.parametrize("data", ['"a" = "b"', '"a" "b";', '"a" = "b', "= ;", '"a" = "b"; }'])
def test_broken_strings_files(data: str) -> None:
    """What is not finished is an error with its line."""
    with pytest.raises(ContentError) as caught:
        read("ios", data)
    assert caught.value.line == 1


def test_strings_files_as_old_property_lists() -> None:
    """Braces may be around all entries, and a key alone stands for itself until it is translated."""
    document = read("ios", '/* x */ { "a" = "Ship"; "b"; }\n')
    assert [(unit.key, unit.text) for unit in document.units] == [("a", "Ship"), ("b", "b")]
    assert document.replace({1: "Steg"}).decode() == '/* x */ { "a" = "Ship"; "b" = "Steg"; }\n'


def test_binary_stringsdict_stays_binary() -> None:
    """Apple's binary form is read as the XML that says the same, and written back."""
    value = plistlib.loads(FILES["stringsdict"])
    data = plistlib.dumps(value, fmt=plistlib.FMT_BINARY)
    assert found("stringsdict", data) == found("stringsdict", FILES["stringsdict"])

    made = read("stringsdict", data).replace({1: "ein Lied"})

    assert made.startswith(b"bplist")
    assert "ein Lied" in str(plistlib.loads(made))


def test_stringsdict_plurals() -> None:
    """Each variable is a plural; a format with words of its own is a string too."""
    assert found("stringsdict", FILES["stringsdict"]) == [
        ("songs", "", "%#@count@ here"),
        ("songs/count", "one", "%d song"),
        ("songs/count", "other", "%d songs <3"),
    ]


def test_string_catalogs_hold_source_strings_and_take_one_locale() -> None:
    """A key without a text is its own text; `merge` adds a locale and changes no other."""
    from l10nsync.formats import xcstrings

    assert found("xcstrings", XCSTRINGS) == [
        ("", "", ""),
        ("Only key", "", "Only key"),
        ("songs", "one", "%d song"),
        ("songs", "other", "%d songs"),
    ]
    made = xcstrings.merge(XCSTRINGS, "fr", lambda unit: unit.text.upper() or None)
    value = json.loads(made)
    assert value["strings"]["Only key"]["localizations"]["fr"]["stringUnit"]["value"] == "ONLY KEY"
    assert "localizations" not in value["strings"]["fixed"]
    assert value["strings"]["songs"]["localizations"]["de"]["stringUnit"]["value"] == "%d Lieder"
    assert formats.same("xcstrings", XCSTRINGS, made)
    assert not made.endswith(b"\n")


# --- gettext --------------------------------------------------------------------------------------------


def test_gettext_units() -> None:
    """The text is the msgid, the translation the msgstr; context, notes and flags are kept."""
    units = read("gettext", FILES["gettext"]).units
    assert [(unit.key, unit.plural, unit.text, unit.translation) for unit in units] == [
        ("menu\x04Hello %s", "", "Hello %s", "Hallo %s"),
        ("First\nsecond", "", "First\nsecond", "Erste\nzweite"),
        ("%d file", "0", "%d file", "%d Datei"),
        ("%d file", "1", "%d files", "%d Dateien"),
        ("open", "", "open", ""),
    ]
    assert (units[0].note, units[0].variant, units[0].flags) == ("Greeting", "menu", "c")


def test_gettext_keeps_odd_line_breaks_inside_a_text() -> None:
    """U+2029 and U+0085 do not end a line of the file."""
    data = 'msgid "a"\nmsgstr "x \u2029 y \x85 z"\n'
    assert read("gettext", data).units[0].translation == "x \u2029 y \x85 z"


def test_gettext_templates_of_xgettext_are_read() -> None:
    """Placeholders in the header (`CHARSET`, `INTEGER`, `YYYY`) are no error."""
    data = (
        'msgid ""\nmsgstr ""\n"PO-Revision-Date: YYYY-mm-DD\\n"\n'
        '"Content-Type: text/plain; charset=CHARSET\\n"\n'
        '"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"\n'
        '\nmsgid "a"\nmsgid_plural "as"\nmsgstr[0] ""\n'
    )
    assert len(read("gettext", data).units) == 1


@pytest.mark.parametrize(
    "data", ['msgid "a"\n', 'msgstr "a"\n', '"a"\n', 'msgid "a"\nmsgid "b"\n', "hello\n"]
)
def test_broken_catalogues(data: str) -> None:
    """What is no catalogue is an error with its line."""
    with pytest.raises(ContentError) as caught:
        read("gettext", data)
    assert caught.value.line >= 1


# --- other types ----------------------------------------------------------------------------------------


def test_xliff_reads_both_versions_and_adds_missing_targets() -> None:
    """Sources are texts, targets translations; units without ids and with the same id are all there."""
    units = read("xliff", FILES["xliff"]).units
    assert [(unit.key, unit.text, unit.translation) for unit in units] == [
        ("app/a", "Hello", "Hallo"),
        ("app/b", "Bye & co", ""),
        ("app/c", 'Use <x id="1"/> it', ""),
        ("app", "no id", ""),
        ("app/a", "again", "wieder"),
    ]
    made = read("xliff", FILES["xliff"]).replace({1: "Tschüs & so"}).decode()
    assert "</source>\n        <target>Tschüs &amp; so</target>\n" in made
    assert [unit.note for unit in read("xliff2", FILES["xliff2"]).units] == ["Greeting", "Greeting"]


def test_resx_takes_text_data_only() -> None:
    """Typed data and designer names are no text; spaces count; comments are notes."""
    document = read("resx", FILES["resx"])
    assert [(unit.key, unit.text) for unit in document.units] == [
        ("Hello", "Hello {0} & co"),
        ("Lines", "  one\ntwo  "),
        ("Empty", ""),
    ]
    assert document.units[0].note == "Greeting"


def test_qt_messages() -> None:
    """Context, source and comment make the key; a finished translation loses its mark."""
    units = read("qt", FILES["qt"]).units
    assert [(unit.key, unit.plural, unit.translation) for unit in units] == [
        ("Main|It's %1", "", ""),
        ("Main|%n file(s)", "0", "%n Datei"),
        ("Main|%n file(s)", "1", "%n Dateien"),
        ("Main|Open|menu", "", '"Öffnen"'),
    ]
    made = read("qt", FILES["qt"]).replace({0: "Es ist %1"}).decode()
    assert '<translation type="unfinished">Es ist %1</translation>' in made
    made = formats.finished("qt", made.encode(), made.encode()).decode()
    assert "<translation>Es ist %1</translation>" in made


def test_xml_takes_only_what_translate_paths_name() -> None:
    """Without paths there is no string; keys come from `source_key_paths`."""
    assert [key for key, _, _ in found("xml", FILES["xml"])] == ["a", "b", "items/deep/title"]
    assert found("xml", "<a><b>text</b></a>") == []


def test_csv_cells_and_columns() -> None:
    """Quotes, separators and line ends inside cells; chosen columns have keys."""
    assert [text for _, _, text in found("csv", FILES["csv"])][:5] == [
        "key", "text", 'quoted "cell"', "b", "two\nlines",
    ]  # fmt: skip
    chosen = {"paths": "text", "source_key_paths": "id", "first_row_header": "true", "field_separator": ";"}
    assert found("csv", "id;text;x\nk1;Hello, you;no\n", chosen) == [("k1", "", "Hello, you")]


def test_subtitles_keep_blank_lines_inside_a_cue() -> None:
    """A cue ends where the next begins."""
    assert [text for _, _, text in found("srt", FILES["srt"])] == [
        "Hello\n\nthere", "{\\b1}Bye", "No blank line before",
    ]  # fmt: skip
    assert [text for _, _, text in found("vtt", FILES["vtt"])] == ["Hello", "Bye"]


def test_php_takes_literal_strings_only() -> None:
    """What PHP computes is left alone; keys are paths; list items have numbers."""
    assert [(key, text) for key, _, text in found("phpResource", FILES["phpResource"])] == [
        ("hello", "It's :name \\ C:\\new"),
        ("double", "two\n $x é"),
        ("nested/a", "first"),
        ("nested/0", "second"),
        ("nested/1", "third"),
    ]


def test_php_assignments_have_the_index_as_key() -> None:
    """`$texts['a']['b'] = 'c';` is a string too; a call's arguments are none."""
    data = "<?php\n$texts['a']['b'] = 'c';\n$x = ['k' => 'v'];\nf('no');\n$y = g($z['no'], 'no');\n"
    assert found("phpResource", data) == [("a/b", "", "c"), ("k", "", "v")]


def test_fluent_messages_terms_and_attributes() -> None:
    """A whole pattern is one string, its common indentation aside."""
    assert found("fluent", FILES["fluent"]) == [
        ("hello", "", "Hello { $name }"),
        ("hello.title", "", "A title"),
        ("-brand", "", "Firefox"),
        ("many", "", "{ $n ->\n    [one] one file\n   *[other] { $n } files\n}"),
        ("long", "", "first\nsecond\n\nthird"),
        ("last", "", "end"),
    ]


def test_html_blocks_hold_their_inline_tags() -> None:
    """Scripts, styles and preformatted text are not strings."""
    assert [text for _, _, text in found("html", FILES["html"])] == [
        "Page", 'Hello <b>you</b> &amp; <a href="x.html">others</a>.', "One", "Two\nlines",
    ]  # fmt: skip
    made = read("html", FILES["html"]).replace({2: "Eins"}).decode()
    assert "<li>Eins</li>" in made


def test_markdown_blocks() -> None:
    """Headings, paragraphs, items, quotes and cells; neither front matter nor code."""
    assert [text for _, _, text in found("markdown", FILES["markdown"])] == [
        "Heading *one*",
        "First paragraph\non two lines.",
        "item one",
        "item two\ncontinued",
        "quoted text\ngoes on",
        "a",
        "b",
        "cell",
        "other",
    ]
    made = read("markdown", FILES["markdown"]).replace({3: "zwei\nweiter"}).decode()
    assert "- zwei\n  weiter\n" in made


def test_mdx_is_markdown_between_code() -> None:
    """Imports, exports, tags and expressions are no strings; the text between them is."""
    data = (
        "import X from 'y'\nimport Z from 'z'\n\n# Hi\n\n<Tabs\n  a=\"b\"\n>\n\nText in <b>it</b>\n"
        "\n</Tabs>\n\n{/* no */}\n\nexport const a = {\n  b: 1\n}\n\nEnd\n"
    )
    assert [text for _, _, text in found("mdx", data)] == ["Hi", "Text in <b>it</b>", "End"]
    assert [text for _, _, text in found("markdown", "import this\n\nEnd\n")] == ["import this", "End"]


def test_markdown_takes_texts_of_any_shape() -> None:
    """A further line gets its markers, a heading stays one line, a cell keeps its bars."""
    data = "# Head #\n\n> q a\n> q b\n\n- one\n\n| a | b \\| c |\n|--|--|\n| d | e |\n\nTitle\n===\n"
    made = changed("markdown", data, {0: "x\ny", 1: "r\ns\nt", 2: "u\nv", 4: "p|q", 7: "Z"})
    assert made == ("# x y #\n\n> r\n> s\n> t\n\n- u\n  v\n\n| a | p\\|q |\n|--|--|\n| d | e |\n\nZ\n===\n")
    windows = "- one\r\n  two\r\n\r\n> q\r\n"
    assert changed("markdown", windows, {0: "u\nv", 1: "r\ns"}) == "- u\r\n  v\r\n\r\n> r\r\n> s\r\n"


def test_code_in_markdown_must_stay() -> None:
    """A changed code block is named, though no error: the service may write blocks anew."""
    data = b"Text\n\n```sh\nrun me\n```\n\n    more\n"
    assert [each.value for each in read("markdown", data).fixed] == ["run me", "    more"]
    found = formats.check("markdown", data, data.replace(b"run me", b"lauf"), locale="de")
    assert [(each.rule, each.severity, each.line) for each in found] == [("structure", "warning", 3)]


def test_plain_text_lines_keep_the_spaces_around_them() -> None:
    """One line is one string; U+2028 is no line end."""
    assert [text for _, _, text in found("plainText", FILES["plainText"])] == [
        "First line", "Second line with spaces", "Third \u2028 still third",
    ]  # fmt: skip
    assert changed("plainText", "  a  \nb", {0: "x"}) == "  x  \nb"


def test_arb_skips_metadata() -> None:
    """`@` names describe; a duplicate key is two units; the locale is a label."""
    document = read("arb", FILES["arb"])
    assert [unit.key for unit in document.units] == ["pageTitle", "count", "pageTitle"]
    assert document.units[0].note == "Title"
    assert [mark.value for mark in document.marks] == ["en"]


def test_whole_text_types_never_change() -> None:
    """A type without a reader of its own is one unit for counting, and keeps its bytes."""
    data = b"Hello ${world}\n"
    assert formats.translate("freemarker", data, lambda _unit: "x") == data
    assert formats.count("freemarker", data) == (1, 1)


def test_opaque_types_count_as_one_string() -> None:
    """Nothing is known of their words."""
    assert formats.parse("pdf", b"%PDF") is None
    assert formats.count("pdf", b"%PDF") == (1, 0)
    assert formats.translate("pdf", b"%PDF", lambda _unit: "x") == b"%PDF"


def test_too_large_files_are_refused() -> None:
    """The limit holds before anything is parsed."""
    with pytest.raises(ContentError, match="bytes"):
        read("plainText", b"x" * 50_000_001)
