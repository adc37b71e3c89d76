"""What translations look like when they come back."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from l10nsync.sandbox.groups.files.downloads import Archive, entry_name
from l10nsync.sandbox.groups.files.service_style import json_style, yaml_style
from tests.sandbox_fixtures import LOCALES, Answer, RestClient

HELLO = b'{"greeting": "Hello world", "farewell": "Good bye"}'
GERMAN = {"texts": {"greeting": "Hallo Welt"}}


def entries(answer: Answer) -> dict[str, bytes]:
    """Return what an archive holds."""
    with zipfile.ZipFile(io.BytesIO(answer.body)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def post_zip(rest: RestClient, pairs: dict[str, list[str]], **options: Any) -> Answer:
    """Ask for an archive."""
    wanted = [{"fileUri": uri, "localeIds": locales} for uri, locales in pairs.items()]
    return rest.send("POST", rest.files("/files/zip"), body={"files": wanted, **options})


def test_untranslated_strings_are_source_text_or_empty(rest: RestClient) -> None:
    """`includeOriginalStrings` decides what stands where nothing is published."""
    rest.upload("a.json", HELLO)
    rest.control.translate(rest.project, {"de-DE": 100}, how=GERMAN)
    with_source = json.loads(rest.translation("a.json", "de-DE").body)
    without = json.loads(rest.translation("a.json", "de-DE", includeOriginalStrings="False").body)
    assert with_source == {"greeting": "Hallo Welt", "farewell": "Good bye"}
    assert without == {"greeting": "Hallo Welt", "farewell": ""}


def test_saved_work_is_seen_only_as_pending(rest: RestClient) -> None:
    """A translation that is saved but not published comes only with retrievalType=pending."""
    rest.upload("a.json", HELLO)
    rest.control.translate(rest.project, {"de-DE": 100}, how=GERMAN, state="pending")
    assert json.loads(rest.translation("a.json", "de-DE").body)["greeting"] == "Hello world"
    pending = rest.translation("a.json", "de-DE", retrievalType="PENDING")
    assert json.loads(pending.body)["greeting"] == "Hallo Welt"
    assert rest.control.publish(rest.project, ["de-DE"]) == 1
    assert json.loads(rest.translation("a.json", "de-DE").body)["greeting"] == "Hallo Welt"


def test_pseudo_needs_no_translator(rest: RestClient) -> None:
    """retrievalType=pseudo changes every string of a file that nobody has translated."""
    rest.upload("a.json", HELLO)
    texts = json.loads(rest.translation("a.json", "de-DE", retrievalType="pseudo").body)
    assert all(text not in {"Hello world", "Good bye", ""} for text in texts.values())


def test_delivered_json_has_the_spacing_of_the_service(rest: RestClient) -> None:
    """A blank stands before the colon unless the switch is off."""
    rest.upload("a.json", HELLO)
    assert b'"greeting" : "Hello world"' in rest.translation("a.json", "de-DE").body
    rest.control.switches(rest.project, restyle_delivery=False)
    assert rest.translation("a.json", "de-DE").body == HELLO


def test_restyling_json_changes_no_string() -> None:
    """Colons inside strings, escaped quotes and arrays are left alone."""
    text = '{"a:b": "c: \\"d\\": e", "f" :["g","h: i"],\n"j":{"k":1}}'
    assert json.loads(json_style(text)) == json.loads(text)
    assert '"j" : {"k" : 1}' in json_style(text)


def test_restyling_yaml_quotes_what_was_plain() -> None:
    """Plain and single-quoted strings become double-quoted; numbers, truths and blocks stay."""
    text = (
        "de:\n  a: plain text\n  b: 'it''s'\n  c: 12\n  d: true\n  e: |\n    k: block\n"
        '  f: say "x"\n  g:\n  - one\n'
    )
    expected = (
        'de:\n  a: "plain text"\n  b: "it\'s"\n  c: 12\n  d: true\n  e: |\n    k: block\n'
        '  f: "say \\"x\\""\n  g:\n  - "one"\n'
    )
    assert yaml_style(text) == expected


@given(st.lists(st.text(max_size=12), min_size=1, max_size=4))
def test_restyling_yaml_changes_no_string(texts: list[str]) -> None:
    """Whatever stands in a file, in whatever style, says the same afterwards."""
    for style in (None, "'", "|", ">"):
        made = yaml.safe_dump({"en": {f"k{n}": text for n, text in enumerate(texts)}}, default_style=style)
        assert yaml.safe_load(yaml_style(made)) == yaml.safe_load(made)


def test_catalogues_name_their_language(rest: RestClient) -> None:
    """The header of a PO file has the target's locale."""
    rest.upload("a.po", b'msgid ""\nmsgstr ""\n"Language: en\\n"\n\nmsgid "Hello"\nmsgstr ""\n', "gettext")
    assert b'"Language: de_DE\\n"' in rest.translation("a.po", "de-DE").body


def test_yaml_comes_back_under_the_locale(rest: RestClient) -> None:
    """A first key that is the source locale becomes the target's, unless a directive forbids it."""
    rest.upload("a.yml", b"en:\n  k: Hello\n", "yaml")
    rest.upload("b.yml", b"en:\n  k: Hello\n", "yaml", smartling__yaml_locale_substitution="false")
    assert rest.translation("a.yml", "de-DE").body == b'de-DE:\n  k: "Hello"\n'
    assert rest.translation("b.yml", "de-DE").body.startswith(b"en:")


def test_an_old_encoding_comes_back_as_utf_8(rest: RestClient) -> None:
    """ISO-8859-1 is not kept, unless the switch says so."""
    rest.upload(
        "a.properties",
        "k=caf\xe9\n".encode("latin-1"),
        "javaProperties",
        smartling__file_charset="ISO-8859-1",
    )
    assert "café" in rest.translation("a.properties", "de-DE").body.decode("utf-8")
    rest.control.switches(rest.project, latin1_as_utf8=False)
    assert rest.send("GET", rest.files("/file"), fileUri="a.properties").body == b"k=caf\xe9\n"


def test_several_locales_at_once_are_for_multilingual_types_only(rest: RestClient) -> None:
    """A comma list or `all` is refused for a type that holds one locale."""
    rest.upload("a.json", HELLO)
    for locales in ("all", "de-DE,fr-FR"):
        assert rest.translation("a.json", locales).status == 400


def test_a_string_catalog_holds_all_locales(rest: RestClient) -> None:
    """One download with `all` gives every published translation; a list gives those of its locales."""
    source = b'{"sourceLanguage": "en", "version": "1.0", "strings": {"Hello": {}, "Bye": {}}}'
    rest.upload("a.xcstrings", source, "xcstrings")
    rest.control.translate(rest.project, {"de-DE": 100, "fr-FR": 50})
    found = {
        wanted: json.loads(rest.translation("a.xcstrings", wanted).body)["strings"]
        for wanted in ("all", "fr-FR,ja-JP", "de-DE")
    }
    locales = {wanted: sorted(strings["Hello"].get("localizations", {})) for wanted, strings in found.items()}
    assert locales == {"all": ["de-DE", "fr-FR"], "fr-FR,ja-JP": ["fr-FR"], "de-DE": ["de-DE"]}
    assert sorted(found["all"]["Bye"]["localizations"]) == ["de-DE"]


def test_an_unknown_locale_is_refused(rest: RestClient) -> None:
    """A project knows its own locales only; an open one takes any."""
    rest.upload("a.json", HELLO)
    assert rest.translation("a.json", "xx-XX").status == 400
    rest.project = rest.control.project()
    rest.upload("a.json", HELLO)
    assert rest.translation("a.json", "xx-XX").status == 200


def test_an_archive_holds_locale_and_uri(rest: RestClient) -> None:
    """Entries are `<locale>/<fileUri>`, for exactly the pairs asked for."""
    rest.upload("dir/a.json", HELLO)
    rest.upload("b.json", HELLO)
    answer = post_zip(rest, {"dir/a.json": ["de-DE", "fr-FR"], "b.json": ["ja-JP"]})
    assert sorted(entries(answer)) == ["de-DE/dir/a.json", "fr-FR/dir/a.json", "ja-JP/b.json"]
    assert answer.header("Content-Type") == "application/zip"


def test_an_archive_of_published_files_leaves_out_the_rest(rest: RestClient) -> None:
    """PUBLISHED_FILES_ONLY drops pairs with work to do; nothing left is 204 without a body."""
    rest.upload("a.json", HELLO)
    pairs = {"a.json": list(LOCALES)}
    empty = post_zip(rest, pairs, fileFilter="PUBLISHED_FILES_ONLY")
    assert (empty.status, empty.body) == (204, b"")
    rest.control.translate(rest.project, {"de-DE": 100, "fr-FR": 50})
    answer = post_zip(rest, pairs, fileFilter="published_files_only")
    assert sorted(entries(answer)) == ["de-DE/a.json"]


def test_an_archive_takes_500_pairs(rest: RestClient) -> None:
    """One pair more is refused, and so is one unknown file among many."""
    rest.upload("a.json", HELLO)
    pairs = {f"{number}.json": list(LOCALES) for number in range(167)}
    assert post_zip(rest, pairs).status == 400
    assert post_zip(rest, {"a.json": ["de-DE"], "none.json": ["de-DE"]}).error["key"] == "file.not.found"


def test_the_older_archives_still_answer(rest: RestClient) -> None:
    """GET files/zip and locales/all/file/zip give the same entries."""
    rest.upload("a.json", HELLO)
    old = rest.send(
        "GET", rest.files("/files/zip"), arrays={"fileUris[]": ["a.json"], "localeIds[]": ["de-DE"]}
    )
    every = rest.send("GET", rest.files("/locales/all/file/zip"), fileUri="a.json")
    assert sorted(entries(old)) == ["de-DE/a.json"]
    assert sorted(entries(every)) == [f"{locale}/a.json" for locale in LOCALES]


@pytest.mark.parametrize(
    ("name_mode", "locale_mode", "expected"),
    [
        ("", "", "es-ES/strings/nav.properties"),
        ("UNCHANGED", "", "es-ES/strings/nav.properties"),
        ("", "LOCALE_IN_PATH", "strings/es-ES/nav.properties"),
        ("LOCALE_LAST", "", "strings/es-ES/nav.properties"),
        ("TRIM_LEADING", "LOCALE_IN_NAME", "nav_es-ES.properties"),
        ("TRIM_LEADING", "", "es-ES/nav.properties"),
        ("", "LOCALE_IN_NAME_AND_PATH", "strings/es-ES/nav_es-ES.properties"),
    ],
)
def test_entries_are_named_by_the_modes(name_mode: str, locale_mode: str, expected: str) -> None:
    """The modes decide on folders and on where the locale stands."""
    wanted = Archive((), name_mode=name_mode, locale_mode=locale_mode)
    assert entry_name("strings/nav.properties", "es-ES", wanted) == expected


def test_what_was_published_is_listed_with_its_date(rest: RestClient) -> None:
    """A pair is listed once all its authorized strings are published, and again when corrected."""
    path = "/published-files-api/v2/projects/{project}/files/list/recently-published"
    rest.upload("a.json", HELLO)
    rest.upload("b.json", HELLO)
    assert rest.send("GET", path).status == 400
    rest.control.translate(rest.project, {"de-DE": 100, "fr-FR": 25})
    found = rest.send("GET", path, publishedAfter="2020-01-01T00:00:00Z").data["items"]
    assert {(each["fileUri"], each["localeId"]) for each in found} == {
        ("a.json", "de-DE"),
        ("b.json", "de-DE"),
    }
    query = {"publishedAfter": "2020-01-01T00:00:00Z", "fileUris[]": ["b.json"]}
    assert rest.send("GET", path, arrays=query).data["totalCount"] == 1
    assert rest.send("GET", path, publishedAfter="2100-01-01T00:00:00Z").data["totalCount"] == 0


def test_a_file_can_be_translated_without_being_stored(rest: RestClient) -> None:
    """get-translations reads the posted file with the stored one's settings and translations."""
    rest.upload("a.json", HELLO)
    rest.control.translate(rest.project, {"de-DE": 100}, how=GERMAN)
    posted = b'{"greeting": "Hello world", "other": "Other"}'
    path = rest.files("/locales/de-DE/file/get-translations")
    answer = rest.send("POST", path, form=[("fileUri", "a.json")], file=posted)
    assert json.loads(answer.body) == {"greeting": "Hallo Welt", "other": "Other"}


def test_what_is_no_text_is_translated_as_it_is(rest: RestClient) -> None:
    """A document whose format nobody reads here comes back unchanged, byte for byte."""
    content = bytes(range(256))
    rest.upload("a.docx", content, "docx")
    path = rest.files("/locales/de-DE/file/get-translations")
    answer = rest.send("POST", path, form=[("fileUri", "a.docx")], file=content)
    assert (answer.status, answer.body) == (200, content)


def test_translations_are_imported_by_key(rest: RestClient) -> None:
    """Known keys are taken, unknown ones come back as errors of a success; saved work needs `overwrite`."""
    rest.upload("a.json", HELLO, smartling__source_key_paths="{*}")
    path = rest.files("/locales/de-DE/file/import")
    form = [("fileUri", "a.json"), ("fileType", "json"), ("translationState", "PUBLISHED")]
    first = rest.send("POST", path, form=form, file=b'{"greeting": "Hallo", "nokey": "x"}').data
    assert first["stringCount"] == 1
    assert [each["importKey"] for each in first["translationImportErrors"]] == ["nokey"]
    again = rest.send("POST", path, form=form, file=b'{"greeting": "Servus"}').data
    assert again["stringCount"] == 0
    rest.send("POST", path, form=[*form, ("overwrite", "true")], file=b'{"greeting": "Servus"}')
    assert json.loads(rest.translation("a.json", "de-DE").body)["greeting"] == "Servus"
