"""Visual contexts: uploads, what is found in them, bindings by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from l10nsync.sandbox.groups.contexts.rules import PageTexts
from tests.sandbox.test_strings_and_issues import hashcodes
from tests.sandbox_fixtures import RestClient

CONTEXT = "/context-api/v2/projects/{project}"
HELLO = b'{"greeting": "Hello <b>world</b>", "farewell": "Good bye", "other": "Not on the page"}'
PAGE = b"""<!DOCTYPE html><title>Page</title><div><p data-sl-anchor="11">Hello
 <b>world</b></p><br><p>Good bye</p></div>"""
PNG = b"\x89PNG\r\n\x1a\n rest"


def upload(rest: RestClient, name: str = "page.html", content: bytes = PAGE, media: str = "text/html") -> Any:
    """Upload a context and return what the service says of it."""
    form = [("name", name)] if name else []
    answer = rest.send(
        "POST", f"{CONTEXT}/contexts", form=form, file=content, part="content", content_type=media
    )
    return answer.data if answer.status == 200 else answer.error


def matched(rest: RestClient, path: str, **body: Any) -> dict[str, Any]:
    """Run a match to its end and return its process."""
    answer = rest.send("POST", CONTEXT + path, body=body)
    assert (answer.status, answer.json["response"]["code"]) == (202, "SUCCESS")
    return ended(rest, answer.data["processUid"])


def ended(rest: RestClient, process: str) -> dict[str, Any]:
    """Poll a process until it has ended."""
    while (found := rest.send("GET", f"{CONTEXT}/processes/{process}").data)["processState"] == "IN_PROGRESS":
        pass
    return dict(found)


@pytest.mark.parametrize(
    ("name", "content", "media", "kind"),
    [
        ("a.png", PNG, "image/png", "IMAGE"),
        ("shot", PNG, "application/octet-stream", "IMAGE"),
        ("https://example.com/page", PAGE, "", "HTML"),
        ("film.mp4", b"film", "", "VIDEO"),
    ],
)
def test_the_type_of_a_context_follows_from_what_it_is(
    rest: RestClient, name: str, content: bytes, media: str, kind: str
) -> None:
    """By media type, name, or the first bytes; the content comes back as it was."""
    made = upload(rest, name, content, media)
    assert (made["contextType"], made["name"]) == (kind, name)
    assert rest.send("GET", f"{CONTEXT}/contexts/{made['contextUid']}/content").body == content


def test_a_film_may_be_a_link_and_other_things_are_refused(rest: RestClient) -> None:
    """The error names its reason and a reference."""
    link = rest.send("POST", f"{CONTEXT}/contexts", form=[("name", "https://example.com/film.mp4")]).data
    assert link["contextType"] == "VIDEO"
    refused = upload(rest, "a.pdf", b"%PDF", "application/pdf")
    assert refused["key"] == "wrong_parameters"
    assert "ref id" in refused["message"]
    assert rest.send("POST", f"{CONTEXT}/contexts", form=[("name", "nothing")]).status == 400


def test_contexts_are_listed_newest_first_by_name_and_type(rest: RestClient) -> None:
    """The cursor of the next page is a text; null at the end."""
    for number in range(101):
        upload(rest, f"shot {number}.png", PNG, "image/png")
    first = rest.send("GET", f"{CONTEXT}/contexts", type="IMAGE").data
    assert (len(first["items"]), first["items"][0]["name"]) == (100, "shot 100.png")
    rest_of_it = rest.send("GET", f"{CONTEXT}/contexts", offset=first["offset"]).data
    assert ([each["name"] for each in rest_of_it["items"]], rest_of_it["offset"]) == (["shot 0.png"], None)
    assert len(rest.send("GET", f"{CONTEXT}/contexts", nameFilter="SHOT 10").data["items"]) == 2
    assert rest.send("GET", f"{CONTEXT}/contexts", type="VIDEO").data["items"] == []
    assert rest.send("GET", f"{CONTEXT}/contexts", offset="5").status == 400


def test_strings_are_found_on_a_page(rest: RestClient) -> None:
    """With their anchors; markup and line breaks do not matter, and what has context is skipped."""
    rest.upload("a.json", HELLO)
    codes = hashcodes(rest, "a.json")
    uid = upload(rest)["contextUid"]
    process = matched(rest, f"/contexts/{uid}/match/async", contentFileUri="a.json", stringHashcodes=[])
    assert (process["processState"], process["processType"]) == ("COMPLETED", "MATCH_CONTEXT")
    result = process["result"]
    assert (result["contextUid"], result["checkedStringsCount"]) == (uid, 3)
    found = {each["stringHashcode"]: each.get("anchors") for each in result["bindings"]}
    assert found == {codes["greeting"]: ["11"], codes["farewell"]: None}
    again = matched(rest, f"/contexts/{uid}/match/async")
    assert (again["result"]["checkedStringsCount"], again["result"]["bindings"]) == (1, [])
    rest.control.switches(rest.project, context_recognition="all")
    picture = upload(rest, "a.png", PNG, "image/png")["contextUid"]
    seen = matched(rest, f"/contexts/{picture}/match/async")["result"]["bindings"]
    assert [each["stringHashcode"] for each in seen] == [codes["other"]]


def test_a_context_without_any_string_is_not_kept(rest: RestClient) -> None:
    """Upload-and-match makes the context only if something is found in it."""
    rest.upload("a.json", HELLO)
    for content, kept in ((PAGE, True), (b"<html><p>Nothing</p></html>", False)):
        form = [("name", "p.html"), ("matchParams", json.dumps({"contentFileUri": "a.json"}))]
        path = f"{CONTEXT}/contexts/upload-and-match-async"
        answer = rest.send("POST", path, form=form, file=content, part="content", content_type="text/html")
        result = ended(rest, answer.data["processUid"])["result"]
        assert ("contextUid" in result) is kept
    assert len(rest.send("GET", f"{CONTEXT}/contexts").data["items"]) == 1
    form = [("name", "p.html"), ("matchParams", "{")]
    assert rest.send("POST", path, form=form, file=PAGE, part="content").error["key"] == "wrong_parameters"


def test_a_match_is_of_one_thing_at_a_time(rest: RestClient) -> None:
    """A file, strings, or one job."""
    uid = upload(rest)["contextUid"]
    wrong: list[dict[str, Any]] = [
        {"contentFileUri": "a.json", "stringHashcodes": ["x"]},
        {"translationJobUids": ["a", "b"]},
        {"overrideContextOlderThanDays": -1},
    ]
    for body in wrong:
        answer = rest.send("POST", f"{CONTEXT}/contexts/{uid}/match/async", body=body)
        assert answer.error["key"] == "wrong_parameters"
    job = rest.push("n", {"a.json": HELLO})
    assert (
        len(matched(rest, f"/contexts/{uid}/match/async", translationJobUids=[job])["result"]["bindings"])
        == 2
    )
    failed = matched(rest, f"/contexts/{uid}/match/async", contentFileUri="none.json")
    assert failed["processState"] == "FAILED"


def test_bindings_are_made_listed_and_removed_by_hand(rest: RestClient) -> None:
    """What cannot be bound is an error of a success; one filter at a time."""
    rest.upload("a.json", HELLO)
    code = hashcodes(rest, "a.json")["farewell"]
    uid = upload(rest, "a.png", PNG, "image/png")["contextUid"]
    box = {"top": 1, "left": 2, "width": 3, "height": 4}
    wanted = [
        {"contextUid": uid, "stringHashcode": code, "coordinates": box},
        {"contextUid": uid, "stringHashcode": "none"},
        {"contextUid": "none", "stringHashcode": code},
    ]
    made = rest.send("POST", f"{CONTEXT}/bindings", body={"bindings": wanted}).data
    assert (made["created"]["totalCount"], made["errors"]["totalCount"]) == (1, 2)
    assert made["created"]["items"][0]["coordinates"] == box
    for by in ({"contextUid": uid}, {"contentFileUri": "A.json"}, {"stringHashcodes": [code]}):
        listed = rest.send("POST", f"{CONTEXT}/bindings/list", body=by).data["items"]
        assert [each["bindingUid"] for each in listed] == [made["created"]["items"][0]["bindingUid"]]
    assert rest.send("POST", f"{CONTEXT}/bindings/list", body={}).status == 400
    rest.send("POST", f"{CONTEXT}/bindings/remove", body={"contextUid": uid})
    assert rest.send("POST", f"{CONTEXT}/bindings/list", body={"contextUid": uid}).data["items"] == []
    many = {"bindings": wanted[:1] * 151}
    assert rest.send("POST", f"{CONTEXT}/bindings", body=many).error["key"] == "wrong_parameters"


def test_contexts_are_deleted_at_once_or_later(rest: RestClient) -> None:
    """Their bindings go with them; what is gone is a 404."""
    one, two = (upload(rest, f"{name}.png", PNG, "image/png")["contextUid"] for name in "ab")
    assert rest.send("DELETE", f"{CONTEXT}/contexts/{one}").status == 200
    answer = rest.send("POST", f"{CONTEXT}/contexts/remove/async", body={"contextUids": [two]})
    assert rest.send("GET", f"{CONTEXT}/contexts/{two}").status == 200
    assert ended(rest, answer.data["processUid"])["processType"] == "DELETE_CONTEXTS"
    gone = rest.send("GET", f"{CONTEXT}/contexts/{two}")
    assert (gone.status, gone.error["key"]) == (404, "not_found_error")
    assert rest.send("GET", f"{CONTEXT}/processes/none").error["key"] == "not_found"
    assert rest.send("GET", f"{CONTEXT}/match/none").error["message"] == "Match not found"


def test_the_innermost_element_holds_a_text() -> None:
    """An element around another with the same text says nothing more; unclosed ones are closed."""
    page = PageTexts('<div><p data-sl-anchor="1">A b<br></p></div><p>A  b<p>c')
    assert [place["contextPosition"] for place in page.places("A <i>b</i>")] == [2]
    assert [place["contextPosition"] for place in page.places("c")] == [5]
    assert page.places("<br>") == []
