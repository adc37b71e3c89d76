"""What official clients send is understood; what the service refuses is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from l10nsync.sandbox.fields import FIELDS
from l10nsync.sandbox.parsed_request import listed_in
from l10nsync.sandbox.urls import ROUTES
from tests.sandbox import openapi
from tests.sandbox_fixtures import RestClient

HELLO = b'{"greeting": "Hello world"}'
IN_ACCOUNTS = [route for route in ROUTES if "{account}" in route.path]


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("de-DE,fr-FR", ["de-DE", "fr-FR"]),
        ("[de-DE, fr-FR]", ["de-DE", "fr-FR"]),
        ('["de-DE","fr-FR"]', ["de-DE", "fr-FR"]),
        ("[de-DE]", ["de-DE"]),
        ("[]", []),
        ("", []),
    ],
)
def test_a_list_in_one_field_is_read_as_clients_write_it(sent: str, meant: list[str]) -> None:
    """Python's client joins with commas, Java's writes its own text of a list."""
    assert listed_in(sent) == meant


def test_a_batch_upload_takes_its_locales_as_java_writes_them(rest: RestClient) -> None:
    """One part with `[de-DE, fr-FR]` is two locales, and they are those of the file."""
    batch = rest.batch(rest.job("n"), ["a.json"])
    form = [("fileType", "JSON"), ("fileUri", "a.json"), ("localeIdsToAuthorize[]", "[de-DE, fr-FR]")]
    assert rest.send("POST", rest.batches(f"/{batch}/file"), form=form, file=HELLO).status == 202
    (file,) = rest.send("GET", rest.batches(f"/{batch}")).data["files"]
    assert [target["localeId"] for target in file["targetLocales"]] == ["de-DE", "fr-FR"]


@pytest.mark.parametrize("route", IN_ACCOUNTS, ids=lambda route: route.operation)
def test_an_account_that_does_not_exist_is_refused(rest: RestClient, route: object) -> None:
    """No operation of an account answers for one that is not there."""
    assert isinstance(route, type(ROUTES[0]))
    path = route.path.replace("{account}", "nosuch").replace("{project}", rest.project)
    body: dict[str, str] | None = None if route.method in {"GET", "DELETE"} else {}
    answer = rest.send(route.method, path.replace("{", "").replace("}", ""), body=body)
    assert (answer.status, "nosuch" in (answer.error["message"] or "")) == (404, True)


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "/jobs", {"jobName": "j", "targetLocalIds": ["de-DE"]}, "targetLocalIds"),
        (
            "POST",
            "/jobs",
            {"jobName": "j", "customFields": [{"fieldUid": "f", "value": "v"}]},
            "customFields.value",
        ),
        ("POST", "/jobs/search", {"fileUri": ["a.json"]}, "fileUri"),
    ],
)
def test_a_field_that_is_not_expected_is_refused(
    rest: RestClient, method: str, path: str, body: dict[str, object], field: str
) -> None:
    """A misspelt field is an error with its name, and nothing is done; deep in the body, too."""
    answer = rest.send(method, f"/jobs-api/v3/projects/{{project}}{path}", body=body)
    assert (answer.status, answer.error["key"], answer.error["details"]) == (400, "unknown.field", field)
    assert rest.send("GET", rest.jobs()).data["totalCount"] == 0


def test_the_fields_are_those_of_the_description() -> None:
    """Every field that the description gives to a JSON body is known; the others are here by name."""
    if not openapi.available():
        pytest.skip(f"{openapi.VARIABLE} names no copy of the official API description")
    described = openapi.body_fields()
    operations = {(route.method, openapi.blank(route.path)): route.operation for route in ROUTES}
    beyond: set[tuple[str, str]] = set()
    for where, names in described.items():
        known = FIELDS.get(operations[where])
        if known is not None:
            assert names <= known, operations[where]
            beyond |= {(operations[where], name) for name in known - names}
    assert beyond == {
        ("addJob", "customFields.fieldName"),
        ("updateJob", "customFields.fieldName"),
        ("getAllTranslationsByProjectPost", "published"),
        ("openOrCloseIssue", "description"),
        ("createStringToContextBindings", "bindings.anchors"),
        ("createStringToContextBindings", "bindings.page"),
    }
    assert set(operations.values()) >= set(FIELDS)


def test_a_report_on_an_account_that_does_not_exist_is_refused(rest: RestClient) -> None:
    """The account stands in the query there."""
    dates: dict[str, Any] = {"startDate": "2020-01-01T00:00:00Z", "endDate": "2030-01-01T00:00:00Z"}
    for path in ("/reports-api/v3/word-count", "/reports-api/v3/word-count/csv"):
        assert rest.send("GET", path, accountUid="nosuch", **dates).status == 404
        assert rest.send("GET", path, accountUid="sandbox1", **dates).status == 200


def test_an_empty_file_is_no_part_of_a_batch(rest: RestClient) -> None:
    """Nothing is accepted that could not become a file; the URI can still be uploaded."""
    batch = rest.batch(rest.job("n"), ["a.json"])
    assert rest.batch_upload(batch, "a.json", b"").status == 400
    assert rest.batch_upload(batch, "a.json", HELLO).status == 202


@pytest.mark.parametrize(
    ("file_type", "source", "directives", "status"),
    [
        ("json", HELLO, {}, 400),
        ("json", HELLO, {"smartling.source_key_paths": "{*}"}, 200),
        ("json", b'{"smartling": {"source_key_paths": "{*}"}, "greeting": "Hello world"}', {}, 200),
        ("json", HELLO, {"smartling.translate_paths": '[{"path": "*", "key": "{*}"}]'}, 200),
        ("json", HELLO, {"smartling.translate_paths": "*"}, 400),
        ("xml", b"<d><s n='k'>Hi</s></d>", {"smartling.translate_paths": "d/s"}, 400),
        (
            "xml",
            b"<d><s n='k'>Hi</s></d>",
            {"smartling.translate_paths": "d/s", "smartling.source_key_paths": "d/{s.n}"},
            200,
        ),
        ("yaml", b"greeting: Hello world\n", {}, 200),
    ],
)
def test_json_and_xml_are_imported_only_by_keys_that_were_named(
    rest: RestClient, file_type: str, source: bytes, directives: dict[str, str], status: int
) -> None:
    """The source has to say where its keys are; other types have keys of their own."""
    form = [("fileUri", "a"), ("fileType", file_type), *directives.items()]
    assert rest.send("POST", rest.files("/file"), form=form, file=source).status == 200
    path = rest.files("/locales/de-DE/file/import")
    answer = rest.send("POST", path, form=[*form, ("translationState", "PUBLISHED")], file=source)
    assert answer.status == status
    if status == 200:
        assert (answer.data["stringCount"], answer.data["translationImportErrors"]) == (1, [])


def test_a_batch_without_any_file_does_not_block_its_job(rest: RestClient) -> None:
    """Created and never used, it is no open batch; a switch makes it one."""
    job = rest.job("n")
    first = rest.batch(job, ["a.json"])
    second = rest.batch(job, ["b.json"])
    body = {"authorize": False, "translationJobUid": job, "fileUris": ["c.json"]}
    rest.control.switches(rest.project, empty_batch_blocks=True)
    assert rest.send("POST", rest.batches(), body=body).error["key"] == "batch.not.created"
    rest.control.switches(rest.project, empty_batch_blocks=False)
    rest.batch_upload(second, "b.json", HELLO)
    for _ in range(3):
        rest.send("GET", rest.batches(f"/{second}"))
    assert rest.send("POST", rest.batches(), body=body).status == 200
    assert rest.batch_upload(first, "a.json", HELLO).status == 202


def test_a_download_comes_in_two_parts_where_that_is_wanted(rest: RestClient) -> None:
    """The file first, with its own type, then an object that says the file is whole."""
    rest.upload("a.json", HELLO)
    plain = rest.translation("a.json", "de-DE")
    path = rest.files("/locales/de-DE/file")
    parted = rest.send("GET", path, fileUri="a.json", headers={"Accept": "multipart/mixed"})
    kind, _, boundary = parted.header("Content-Type").partition("; boundary=")
    parts = parted.body.split(f"--{boundary}".encode())
    assert (kind, len(parts), parts[3]) == ("multipart/mixed", 4, b"--\r\n")
    head, _, body = parts[1].partition(b"\r\n\r\n")
    assert body == plain.body + b"\r\n"
    assert plain.header("Content-Type").encode() in head
    assert parts[2].partition(b"\r\n\r\n")[2] == b"{}\r\n"


def test_locales_are_described_with_their_country(rest: RestClient) -> None:
    """As the service's own examples have them."""
    listed = rest.send("GET", "/locales-api/v2/dictionary/locales", localeIds=["it-IT", "es-419", "ar"]).data
    assert {item["localeId"]: item["description"] for item in listed["items"]} == {
        "ar": "Arabic [ar]",
        "es-419": "Spanish (Latin America) [es-419]",
        "it-IT": "Italian (Italy) [it-IT]",
    }
    italian = next(item for item in listed["items"] if item["localeId"] == "it-IT")
    assert italian["country"] == {"countryId": "IT", "description": "Italy"}


def test_strings_are_marked_for_the_tool_that_matches_contexts(rest: RestClient) -> None:
    """`contextMatchingInstrumented` is the source with two invisible characters around each string."""
    rest.upload("a.json", HELLO)
    rest.control.translate(rest.project, {"de-DE": 100})
    given = rest.translation("a.json", "de-DE", retrievalType="contextMatchingInstrumented")
    assert json.loads(given.body) == {"greeting": "\u2063Hello world\u2064"}
    rest.control.switches(rest.project, latin1_as_utf8=False)
    latin = {"smartling__file_charset": "ISO-8859-1"}
    rest.upload("a.txt", "Grüße".encode("latin-1"), "plainText", **latin)
    given = rest.translation("a.txt", "de-DE", retrievalType="CONTEXT_MATCHING_INSTRUMENTED")
    assert given.body.decode() == "\u2063Grüße\u2064"
