"""Values that hold HTML: each block of text is a string of its own; keys of JSON as variants, or not."""

from __future__ import annotations

import json

import pytest

from tests.sandbox_fixtures import RestClient

TWO = '<p>First <b>words</b></p>\n<p class="x">Second words</p>'
TEXTS = {"First <b>words</b>": "Erste <b>Worte</b>", "Second words": "Zweite Worte"}
GERMAN = '<p>Erste <b>Worte</b></p>\n<p class="x">Zweite Worte</p>'
SAMPLES = {
    "json": (json.dumps({"body": TWO, "title": "A < B"}), {"string_format_paths": "html: [body]"}),
    "yaml": (f"body: {json.dumps(TWO)}\ntitle: A < B\n", {"string_format_paths": "html: [body]"}),
    "csv": (
        'body,"{}"\ntitle,A < B\n'.format(TWO.replace('"', '""')),
        {"paths": "2", "source_key_paths": "1", "string_format_paths": "html: 2"},
    ),
    "xml": (
        f"<d><body><![CDATA[{TWO}]]></body><title>A &lt; B</title></d>",
        {"translate_paths": "d/body, d/title", "string_format_paths": "html: d/body"},
    ),
    "gettext": (
        f'msgid {json.dumps(TWO)}\nmsgstr ""\n\nmsgid "A &lt; B"\nmsgstr ""\n',
        {"string_format": "html"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("file_type", SAMPLES)
def test_a_value_of_html_is_a_string_for_each_block(rest: RestClient, file_type: str) -> None:
    """Counted and translated one by one; the markup between them stays."""
    source, directives = SAMPLES[file_type]
    fields = {f"smartling__{name}": value for name, value in directives.items()}
    counts = rest.upload("a", source.encode(), file_type, **fields).data
    assert (counts["stringCount"], counts["wordCount"]) == (3, 6)
    assert rest.status("a").data["totalStringCount"] == 3
    rest.control.translate(rest.project, {"de-DE": 100}, how={"texts": TEXTS})
    given = rest.translation("a", "de-DE").body.decode()
    for german in TEXTS.values():
        assert german in given
    assert given.count("First") == (file_type == "gettext")  # it keeps the source beside the translation


def test_blocks_are_shared_and_translated_one_at_a_time(rest: RestClient) -> None:
    """Equal blocks of one value are one string; what is not translated is source text, or nothing."""
    rest.upload("a.json", b'{"a": "<li>One</li><li>Two</li><li>One</li>"}', smartling__string_format="html")
    assert rest.status("a.json").data["totalStringCount"] == 2
    rest.control.translate(rest.project, {"de-DE": 50}, how={"texts": {"One": "Eins"}})
    kept = json.loads(rest.translation("a.json", "de-DE").body)
    bare = json.loads(rest.translation("a.json", "de-DE", includeOriginalStrings="false").body)
    assert kept == {"a": "<li>Eins</li><li>Two</li><li>Eins</li>"}
    assert bare == {"a": "<li>Eins</li><li></li><li>Eins</li>"}


def test_translations_of_html_are_imported_block_by_block(rest: RestClient) -> None:
    """A translation of another structure fits no string, and says so."""
    directives = {"smartling__string_format_paths": "html: [body]", "smartling__source_key_paths": "{*}"}
    rest.upload("a.json", json.dumps({"body": TWO}).encode(), **directives)
    form = [
        ("fileUri", "a.json"), ("fileType", "json"), ("translationState", "PUBLISHED"),
        ("smartling.string_format_paths", "html: [body]"),
    ]  # fmt: skip
    path = rest.files("/locales/de-DE/file/import")
    other = rest.send("POST", path, form=form, file=b'{"body": "<p>Eins</p>"}').data
    assert (other["stringCount"], other["translationImportErrors"][0]["importKey"]) == (0, "body")
    taken = rest.send("POST", path, form=form, file=json.dumps({"body": GERMAN}).encode()).data
    assert taken["stringCount"] == 2
    assert json.loads(rest.translation("a.json", "de-DE").body) == {"body": GERMAN}


def test_a_value_of_plain_text_is_one_string(rest: RestClient) -> None:
    """Also where the file is HTML as a whole and a path says otherwise."""
    said = {"smartling__string_format": "html", "smartling__string_format_paths": "txt: [b]"}
    rest.upload("a.json", json.dumps({"a": TWO, "b": TWO}).encode(), **said)
    assert rest.status("a.json").data["totalStringCount"] == 3


@pytest.mark.parametrize(
    ("switch", "directives", "strings"),
    [
        (True, {}, 2),
        (False, {}, 1),
        (False, {"variants_enabled": "true", "source_key_paths": "{*}"}, 2),
        (True, {"variants_enabled": "false"}, 1),
    ],
)
def test_whether_keys_tell_equal_texts_apart_is_a_switch(
    rest: RestClient, switch: bool, directives: dict[str, str], strings: int
) -> None:
    """A directive decides; without one the switch does. The delivery has a text at every key."""
    rest.control.switches(rest.project, json_keys_are_variants=switch)
    fields = {f"smartling__{name}": value for name, value in directives.items()}
    counts = rest.upload("a.json", b'{"a": "Open", "b": "Open"}', **fields).data
    assert counts["stringCount"] == strings
    rest.control.translate(rest.project, {"de-DE": 100}, how="source")
    given = rest.translation("a.json", "de-DE", includeOriginalStrings="false").body
    assert json.loads(given) == {"a": "Open", "b": "Open"}
