"""Strings by hashcode, and the issues that people raise about them."""

from __future__ import annotations

from typing import Any

from tests.sandbox_fixtures import RestClient

HELLO = b'{"greeting": "Hello world", "farewell": "Good bye"}'
SOURCES = "/strings-api/v2/projects/{project}/source-strings"
TRANSLATIONS = "/strings-api/v2/projects/{project}/translations"
ISSUES = "/issues-api/v2/projects/{project}/issues"


def hashcodes(rest: RestClient, uri: str) -> dict[str, str]:
    """Return the hashcode of each key of a file."""
    items = rest.send("GET", SOURCES, fileUri=uri).data["items"]
    return {each["keys"][0]["key"]: each["hashcode"] for each in items}


def issue(rest: RestClient, hashcode: str, **more: Any) -> str:
    """Raise an issue and return its uid."""
    body = {
        "issueText": "What is this?",
        "issueTypeCode": "SOURCE",
        "issueSubTypeCode": "CLARIFICATION",
        "string": {"hashcode": hashcode},
        **more,
    }
    return str(rest.send("POST", ISSUES, body=body).data["issueUid"])


def test_a_file_has_its_strings_with_keys_and_hashcodes(rest: RestClient) -> None:
    """By file, by hashcode, both, or none; hashcodes are 32 hex digits."""
    rest.upload("a.json", HELLO)
    codes = hashcodes(rest, "A.json")
    assert sorted(codes) == ["farewell", "greeting"]
    assert all(len(code) == 32 and int(code, 16) >= 0 for code in codes.values())
    one = rest.send("POST", SOURCES, body={"hashcodes": [codes["greeting"]]}).data["items"]
    assert [each["parsedStringText"] for each in one] == ["Hello world"]
    assert rest.send("GET", SOURCES).data == {"items": [], "totalCount": 0}
    assert rest.send("GET", SOURCES, fileUri="a.json", limit=501).status == 400


def test_translations_are_those_of_authorized_strings(rest: RestClient) -> None:
    """Nothing before authorization; saved ones only as pending."""
    rest.upload("a.json", HELLO)
    assert rest.send("GET", TRANSLATIONS, fileUri="a.json").status == 400
    query: dict[str, Any] = {"fileUri": "a.json", "targetLocaleId": "de-DE"}
    assert rest.send("GET", TRANSLATIONS, **query).data["totalCount"] == 0
    rest.control.translate(rest.project, {"de-DE": 50}, how="source", state="pending")
    published = rest.send("GET", TRANSLATIONS, **query).data["items"]
    assert [each["translations"] for each in published] == [[], []]
    pending = rest.send("GET", TRANSLATIONS, **query, retrievalType="pending").data["items"]
    assert [len(each["translations"]) for each in pending] == [1, 0]
    assert pending[0]["translations"][0]["translation"] == "Hello world"


def test_issues_are_raised_answered_and_resolved(rest: RestClient) -> None:
    """Comment, answer, resolve: the three calls that close a question, and a reopening."""
    rest.upload("a.json", HELLO)
    uid = issue(rest, hashcodes(rest, "a.json")["greeting"])
    comment = rest.send("POST", f"{ISSUES}/{uid}/comments", body={"commentText": "It is a button"}).data
    rest.send("PUT", f"{ISSUES}/{uid}/answered", body={"answered": True})
    answer = rest.send("PUT", f"{ISSUES}/{uid}/state", body={"issueStateCode": "RESOLVED"}).data
    assert answer == {"issueStateCode": "RESOLVED", "reopened": False}
    resolved = rest.send("GET", f"{ISSUES}/{uid}").data
    assert (resolved["answered"], resolved["issueStateCode"], resolved["issueCommentsCount"]) == (
        True,
        "RESOLVED",
        1,
    )
    listed = rest.send("GET", f"{ISSUES}/{uid}/comments").data["items"]
    assert [each["issueCommentUid"] for each in listed] == [comment["issueCommentUid"]]
    rest.send("PUT", f"{ISSUES}/{uid}/state", body={"issueStateCode": "OPENED"})
    reopened = rest.send("GET", f"{ISSUES}/{uid}").data
    assert (reopened["reopened"], reopened["resolvedDate"]) == (True, None)


def test_issues_are_found_by_their_filters(rest: RestClient) -> None:
    """By state, type, strings and locale; the count takes the same filters."""
    rest.upload("a.json", HELLO)
    codes = hashcodes(rest, "a.json")
    source = issue(rest, codes["greeting"])
    german = issue(
        rest,
        codes["farewell"],
        issueTypeCode="TRANSLATION",
        issueSubTypeCode="POOR_TRANSLATION",
        string={"hashcode": codes["farewell"], "localeId": "de-DE"},
    )

    def found(**filters: Any) -> list[str]:
        items = rest.send("POST", f"{ISSUES}/list", body=filters).data["items"]
        assert rest.send("POST", f"{ISSUES}/count", body=filters).data["count"] == len(items)
        return [each["issueUid"] for each in items]

    assert found() == [source, german]
    assert found(issueTypeCodes=["SOURCE"], issueStateCodes=["OPENED"]) == [source]
    assert found(stringFilter={"hashcodes": [codes["farewell"]], "localeIds": ["de-DE"]}) == [german]
    assert found(answered=True) == []
    assert found(createdDateAfter="2100-01-01T00:00:00Z") == []


def test_issues_with_mistakes_are_refused(rest: RestClient) -> None:
    """Text, type and string are required; an unknown issue is a 404."""
    bad: list[dict[str, Any]] = [{"issueText": ""}, {"issueTypeCode": "NONE"}, {"string": {}}]
    for change in bad:
        body = {"issueText": "x", "issueTypeCode": "SOURCE", "string": {"hashcode": "h"}, **change}
        assert rest.send("POST", ISSUES, body=body).status == 400
    assert rest.send("GET", f"{ISSUES}/aaaaaaaaaaaa").status == 404
