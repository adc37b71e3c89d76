"""The Files API: upload, lists, status, rename, delete."""

from __future__ import annotations

import json
from itertools import chain
from typing import Any

import pytest

from tests.sandbox_fixtures import LOCALES, RestClient

HELLO = b'{"greeting": "Hello world", "farewell": "Good bye"}'


def listed(rest: RestClient, **query: Any) -> list[str]:
    """Return the fileUris of a list."""
    return [each["fileUri"] for each in rest.send("GET", rest.files("/files/list"), **query).data["items"]]


def test_an_upload_counts_strings_and_words(rest: RestClient) -> None:
    """The first upload is new, the second one of the same URI overwrites."""
    assert rest.upload("a.json", HELLO).data == {"overWritten": False, "stringCount": 2, "wordCount": 4}
    assert rest.upload("a.json", HELLO).data["overWritten"] is True


def test_the_source_comes_back_as_it_was(rest: RestClient) -> None:
    """A UTF-8 source is served byte for byte, with its name."""
    rest.upload("dir/a.json", HELLO)
    answer = rest.send("GET", rest.files("/file"), fileUri="dir/a.json")
    assert answer.body == HELLO
    assert answer.header("Content-Disposition") == 'attachment; filename="dir/a.json"'


def test_uris_are_compared_without_case(rest: RestClient) -> None:
    """`A.json` and `a.json` are one file, under the spelling of its first upload."""
    rest.upload("Dir/A.json", HELLO)
    assert rest.upload("dir/a.JSON", HELLO).data["overWritten"] is True
    assert listed(rest) == ["Dir/A.json"]
    assert rest.status("DIR/A.JSON").data["fileUri"] == "Dir/A.json"


def test_a_leading_slash_makes_another_file(rest: RestClient) -> None:
    """Nothing is stripped from a URI."""
    rest.upload("/a.json", HELLO)
    rest.upload("a.json", HELLO)
    assert sorted(listed(rest)) == ["/a.json", "a.json"]


@pytest.mark.parametrize("path", ["/file", "/file/status", "/locales/de-DE/file", "/file/last-modified"])
def test_an_unknown_file_is_a_400_with_its_key(rest: RestClient, path: str) -> None:
    """The Files API answers 400, not 404, for a file that it does not know."""
    answer = rest.send("GET", rest.files(path), fileUri="none.json")
    assert (answer.status, answer.error["key"]) == (400, "file.not.found")


@pytest.mark.parametrize(
    ("uri", "file_type", "content", "key"),
    [
        ("x" * 513, "json", HELLO, "fileUri"),
        ("", "json", HELLO, "fileUri"),
        ("a.json", "Type(0)", HELLO, "fileType"),
        ("a.json", "json", b"{", "parse.error"),
        ("a.json", "json", b"{}", "parse.error"),
    ],
)
def test_bad_uploads_are_refused(
    rest: RestClient, uri: str, file_type: str, content: bytes, key: str
) -> None:
    """URIs too long, unknown types and files without strings are validation errors with a key."""
    answer = rest.upload(uri, content, file_type)
    assert (answer.status, answer.json["response"]["code"], answer.error["key"]) == (
        400,
        "VALIDATION_ERROR",
        key,
    )
    assert listed(rest) == []


@pytest.mark.parametrize("charset", ["UTF-9", "UTF\0-8"])
def test_an_unknown_charset_is_refused(rest: RestClient, charset: str) -> None:
    """Whatever its name is made of."""
    answer = rest.upload("a.json", HELLO, smartling__file_charset=charset)
    assert (answer.status, answer.error["key"]) == (400, "smartling.file_charset")


def test_a_uri_may_have_512_characters_of_any_kind(rest: RestClient) -> None:
    """The limit counts characters, not bytes."""
    uri = "ü" * 507 + ".json"
    assert rest.upload(uri, HELLO).status == 200
    assert listed(rest) == [uri]


def test_file_types_are_read_leniently_and_answered_in_one_spelling(rest: RestClient) -> None:
    """`java_properties`, `JAVA_PROPERTIES` and `javaProperties` are one type."""
    for number, name in enumerate(("java_properties", "JAVA_PROPERTIES", "javaProperties")):
        rest.upload(f"{number}.properties", b"k=Hello\n", name)
    found = rest.send("GET", rest.files("/files/list"), orderBy="fileUri").data["items"]
    assert {each["fileType"] for each in found} == {"javaProperties"}
    assert rest.send("GET", rest.files("/file-types")).data == {"items": ["javaProperties"]}


def test_a_reupload_drops_what_is_missing_and_keeps_translations(rest: RestClient) -> None:
    """Strings that stay keep their translation, those left out become inactive."""
    rest.upload("a.json", HELLO)
    rest.control.translate(rest.project, {"de-DE": 100}, how={"texts": {"greeting": "Hallo Welt"}})
    rest.upload("a.json", b'{"greeting": "Hello world", "new": "New"}')
    status = rest.status("a.json").data
    assert status["totalStringCount"] == 2
    texts = json.loads(rest.translation("a.json", "de-DE").body)
    assert texts == {"greeting": "Hallo Welt", "new": "New"}


def test_strings_are_shared_within_a_namespace_only(rest: RestClient) -> None:
    """Two files of one namespace share translations; by default each file has its own."""
    for uri in ("main/a.json", "branch/a.json"):
        rest.upload(uri, HELLO, smartling__namespace="a.json")
    rest.upload("other.json", HELLO)
    rest.control.translate(rest.project, {"de-DE": 100}, how="pseudo", fileUris=["main/a.json"])
    done = {
        uri: next(e for e in rest.status(uri).data["items"] if e["localeId"] == "de-DE")[
            "completedStringCount"
        ]
        for uri in ("main/a.json", "branch/a.json", "other.json")
    }
    assert done == {"main/a.json": 2, "branch/a.json": 2, "other.json": 0}


def test_a_rename_loses_the_namespace_unless_the_switch_says_otherwise(rest: RestClient) -> None:
    """By default the new URI becomes the namespace and every string is new."""
    rest.upload("a.json", HELLO, smartling__namespace="ns")
    rest.upload("b.json", HELLO, smartling__namespace="ns")
    rest.send("POST", rest.files("/file/rename"), form=[("fileUri", "a.json"), ("newFileUri", "c.json")])
    rest.control.switches(rest.project, rename_keeps_namespace=True)
    rest.send("POST", rest.files("/file/rename"), form=[("fileUri", "b.json"), ("newFileUri", "d.json")])
    names = {uri: rest.status(uri).data["namespace"]["name"] for uri in ("c.json", "d.json")}
    assert names == {"c.json": "c.json", "d.json": "ns"}


def test_a_rename_keeps_the_old_name_free_and_refuses_a_taken_one(rest: RestClient) -> None:
    """The new URI must not exist; the old one is gone at once. A change of case alone is allowed."""
    for uri in ("a.json", "b.json"):
        rest.upload(uri, HELLO)
    taken = rest.send("POST", rest.files("/file/rename"), body={"fileUri": "a.json", "newFileUri": "B.json"})
    assert taken.status == 400
    assert (
        rest.send(
            "POST", rest.files("/file/rename"), body={"fileUri": "a.json", "newFileUri": "A.json"}
        ).status
        == 200
    )
    assert sorted(listed(rest)) == ["A.json", "b.json"]


def test_a_deletion_takes_its_time_and_blocks_the_uri(rest: RestClient) -> None:
    """Accepted at once, done at the third look; until then an upload of that URI is refused as locked."""
    rest.upload("a.json", HELLO)
    assert rest.send("POST", rest.files("/file/delete"), form=[("fileUri", "a.json")]).status == 200
    answer = rest.upload("a.json", HELLO)
    assert (answer.status, answer.json["response"]["code"]) == (423, "RESOURCE_LOCKED")
    assert listed(rest) == ["a.json"]
    assert listed(rest) == []
    assert rest.upload("a.json", HELLO).data["overWritten"] is False


def test_translations_survive_a_deletion_in_the_memory(rest: RestClient) -> None:
    """What was published for a string is there again when the same file comes back."""
    rest.control.policies(rest.project, delete={"looks": 0})
    rest.upload("a.json", HELLO)
    rest.control.translate(rest.project, {"de-DE": 100})
    before = rest.translation("a.json", "de-DE").body
    rest.send("POST", rest.files("/file/delete"), form=[("fileUri", "a.json")])
    rest.upload("a.json", HELLO)
    assert rest.translation("a.json", "de-DE").body == before


def test_lists_are_paged_and_stable_only_with_an_order(rest: RestClient) -> None:
    """`orderBy` gives a fixed order; without it the pages of two requests do not fit together."""
    uris = [f"{number:03}.json" for number in range(7)]
    for uri in uris:
        rest.upload(uri, HELLO)
    pages = [listed(rest, orderBy="fileUri", limit=3, offset=offset) for offset in (0, 3, 6)]
    assert list(chain(*pages)) == uris
    loose = [listed(rest, limit=4, offset=offset) for offset in (0, 4)]
    assert set(chain(*loose)) != set(uris)
    assert listed(rest, orderBy="fileUri_desc", limit=1) == [uris[-1]]


def test_lists_are_limited_and_filtered(rest: RestClient) -> None:
    """At most 100 a page; masks ignore case; types come with or without brackets."""
    rest.upload("App/a.json", HELLO)
    rest.upload("b.properties", b"k=v\n", "javaProperties")
    assert rest.send("GET", rest.files("/files/list"), limit=101).status == 400
    assert listed(rest, uriMask="app/") == ["App/a.json"]
    assert listed(rest, arrays={"fileTypes[]": "java_properties"}) == ["b.properties"]
    assert listed(rest, fileTypes="json") == ["App/a.json"]
    assert listed(rest, lastUploadedAfter="2100-01-01T00:00:00Z") == []
    assert rest.send("GET", rest.files("/files/list"), orderBy="size").status == 400


def test_the_status_shows_namespace_and_effective_directives(rest: RestClient) -> None:
    """By default directives that nobody sent are shown too; a switch leaves only those sent."""
    rest.upload("a.json", HELLO, smartling__placeholder_format="NONE", smartling__client_lib_id="{}")
    shown = rest.status("a.json").data
    assert shown["namespace"] == {"name": "a.json"}
    assert shown["directives"]["file_uri_as_namespace"] == "true"
    rest.control.switches(rest.project, status_effective_directives=False)
    assert rest.status("a.json").data["directives"] == {"placeholder_format": "NONE"}


def test_the_status_has_every_locale_of_the_project(rest: RestClient) -> None:
    """One item a locale, zeros where nothing was asked for yet; the flat form has no items."""
    rest.upload("a.json", HELLO)
    shown = rest.status("a.json").data
    assert [each["localeId"] for each in shown["items"]] == list(LOCALES)
    assert shown["totalCount"] == len(LOCALES)
    assert {each["authorizedStringCount"] for each in shown["items"]} == {0}
    flat = rest.send("GET", rest.files("/locales/de-DE/file/status"), fileUri="a.json").data
    assert "items" not in flat
    assert flat["completedStringCount"] == 0


def test_the_charset_of_the_first_upload_sticks(rest: RestClient) -> None:
    """A charset given later is ignored; UTF-16 comes back as UTF-16."""
    first = HELLO.decode().encode("utf-16")
    assert rest.upload("a.json", first, smartling__file_charset="UTF-16").status == 200
    assert rest.upload("a.json", first, smartling__file_charset="UTF-8").status == 200
    answer = rest.translation("a.json", "de-DE")
    assert json.loads(answer.body.decode("utf-16"))["greeting"] == "Hello world"
    assert "UTF-16" in answer.header("Content-Type")


def test_templates_come_back_as_catalogues(rest: RestClient) -> None:
    """A `.pot` is delivered under the name of a `.po`."""
    rest.upload("app.pot", b'msgid ""\nmsgstr ""\n\nmsgid "Hello"\nmsgstr ""\n', "gettext")
    answer = rest.translation("app.pot", "de-DE")
    assert answer.header("Content-Disposition") == 'attachment; filename="app.po"'


def test_a_slow_upload_is_accepted_and_known_later(rest: RestClient) -> None:
    """202 has no counts; until the service has parsed the file its status is "not found"."""
    rest.control.policies(rest.project, upload={"looks": 2})
    answer = rest.upload("a.json", HELLO)
    assert (answer.status, sorted(answer.data)) == (202, ["message"])
    assert rest.status("a.json").status == 400
    assert rest.status("a.json").data["totalStringCount"] == 2


def test_last_modified_tells_what_changed_since(rest: RestClient) -> None:
    """All locales at first; none after a time to come."""
    rest.upload("a.json", HELLO)
    path = rest.files("/file/last-modified")
    assert rest.send("GET", path, fileUri="a.json").data["totalCount"] == len(LOCALES)
    later = rest.send("GET", path, fileUri="a.json", lastModifiedAfter="2100-01-01T00:00:00Z")
    assert later.data == {"items": [], "totalCount": 0}
    one = rest.send("GET", rest.files("/locales/de-DE/file/last-modified"), fileUri="a.json").data
    assert sorted(one) == ["lastModified", "localeId"]


def test_the_callback_is_dropped_by_an_upload_without_it(rest: RestClient) -> None:
    """Every upload says anew where to call back, or nowhere."""
    rest.upload("a.json", HELLO, callbackUrl="http://127.0.0.1/cb")
    assert rest.control.view(rest.project)["files"]["a.json"]["callback"] == "http://127.0.0.1/cb"
    rest.upload("a.json", HELLO)
    assert rest.control.view(rest.project)["files"]["a.json"]["callback"] is None
