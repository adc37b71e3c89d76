"""Open questions about the service: both sides of each switch, one after the other."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from l10nsync.sandbox.common.world import POLICIES, SWITCHES
from l10nsync.sandbox.testing import SandboxServer
from tests.sandbox_fixtures import RestClient

HELLO = b'{"greeting": "Hello world", "farewell": "Good bye"}'
DOCS = Path(__file__).parents[2] / "docs" / "sandbox.md"


@pytest.fixture
def apart(own_sandbox: SandboxServer) -> RestClient:
    """Give a client of a sandbox whose answers are not held against the description."""
    control = own_sandbox.control
    return RestClient(own_sandbox.url, control.project(["de-DE", "fr-FR", "ja-JP"]), control)


def test_the_documentation_names_every_switch_and_every_kind_of_step() -> None:
    """With its default, and nothing that is not there."""
    text = DOCS.read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", text, re.MULTILINE))
    assert sorted({*SWITCHES, *POLICIES} - set(told)) == []
    table = text.split("## Open questions")[1].split("\n## ")[0]
    assert sorted(set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) - set(SWITCHES)) == []
    plain = {
        name: value for name, value in SWITCHES.items() if value is not None and not isinstance(value, dict)
    }
    shown = {name: f"`{json.dumps(value) if value == '' else str(value)}`" for name, value in plain.items()}
    words = {"`True`": "`true`", "`False`": "`false`"}
    assert {name: told[name] for name in plain} == {
        name: words.get(text, text) for name, text in shown.items()
    }


def test_an_unknown_directive_is_taken_or_refused(rest: RestClient) -> None:
    """The error names the field."""
    assert rest.upload("a.json", HELLO, smartling__colour="red").status == 200
    rest.control.switches(rest.project, unknown_directives_refused=True)
    answer = rest.upload("a.json", HELLO, smartling__colour="red")
    assert (answer.status, answer.error["key"]) == (400, "unknown.field")
    assert rest.upload("a.json", HELLO, smartling__placeholder_format="NONE").status == 200


def test_directives_are_forgotten_or_stick(rest: RestClient) -> None:
    """A later upload that does not name one."""
    for stick, left in ((False, None), (True, "x")):
        rest.control.switches(rest.project, directives_stick=stick)
        uri = f"{stick}.json"
        rest.upload(uri, HELLO, smartling__placeholder_format_custom="x")
        rest.upload(uri, HELLO)
        assert rest.status(uri).data["directives"].get("placeholder_format_custom") == left


def test_an_upload_may_authorize_as_it_did_once(rest: RestClient) -> None:
    """For the locales named, or for all."""
    for heeded, number in ((False, 0), (True, 2)):
        rest.control.switches(rest.project, upload_authorizes=heeded)
        form = {"authorize": "true", "localeIdsToAuthorize[]": "de-DE"}
        assert rest.upload("a.json", HELLO, **form).status == 200
        counts = {
            each["localeId"]: each["authorizedStringCount"] for each in rest.status("a.json").data["items"]
        }
        assert (counts["de-DE"], counts["fr-FR"]) == (number, 0)


def test_an_upload_that_takes_time_is_a_success_or_accepted(rest: RestClient) -> None:
    """The status is what counts."""
    rest.control.policies(rest.project, upload={"looks": 1})
    codes = []
    for code in ("SUCCESS", "ACCEPTED"):
        rest.control.switches(rest.project, upload_accepted_code=code)
        answer = rest.upload(f"{code}.json", HELLO)
        codes.append((answer.status, answer.json["response"]["code"]))
    assert codes == [(202, "SUCCESS"), (202, "ACCEPTED")]


def test_an_unknown_file_is_one_error_or_another(rest: RestClient) -> None:
    """The key is the same."""
    for status, code in ((400, "VALIDATION_ERROR"), (404, "NOT_FOUND_ERROR")):
        rest.control.switches(rest.project, unknown_file_status=status)
        answer = rest.status("none.json")
        assert (answer.status, answer.json["response"]["code"]) == (status, code)
        assert answer.error["key"] == "file.not.found"


def test_placeholders_come_back_as_they_were_or_rewritten(rest: RestClient) -> None:
    """Numbered in iOS values, not in keys; doubled where an Android text has a lone percent sign."""
    ios = b'"%@ of %d" = "%@ of %d, 100%%, %2$@";\n'
    android = b'<resources><string name="a">100% of %1$s, 5%%</string></resources>'
    rest.upload("a.strings", ios, "ios")
    rest.upload("a.xml", android, "android")
    rest.control.translate(rest.project, {"de-DE": 100}, how="source")
    bodies = []
    for rewritten in (False, True):
        rest.control.switches(rest.project, placeholders_rewritten=rewritten)
        bodies += [rest.translation(uri, "de-DE").body for uri in ("a.strings", "a.xml")]
    assert bodies[0].rstrip() == ios.rstrip()
    assert b"100% of %1$s, 5%%" in bodies[1]
    assert b'"%@ of %d" = "%1$@ of %2$d, 100%%, %2$@";' in bodies[2]
    assert b">100%% of %1$s, 5%%<" in bodies[3]


def test_markdown_comes_back_as_it_was_or_rewritten(rest: RestClient) -> None:
    """In one spelling for each thing that has several; front matter and code keep every character."""
    source = (
        b"---\ntitle: _a_\n---\nTitle\n=====\n\nA _word_, `_code_`, __two__.  \nUnder_scores_stay.\n\n"
        b"* one\n+ two\n\n1) three\n\n~~~\n* _code_\n~~~\n\n## Closed ##\n"
    )
    rest.upload("a.md", source, "markdown")
    rest.control.translate(rest.project, {"de-DE": 100}, how="source")
    bodies = []
    for rewritten in (False, True):
        rest.control.switches(rest.project, markdown_rewritten=rewritten)
        bodies.append(rest.translation("a.md", "de-DE").body)
    assert bodies[0] == source
    assert bodies[1].decode() == (
        "---\ntitle: _a_\n---\n# Title\n\nA *word*, `_code_`, **two**.\\\nUnder_scores_stay.\n\n"
        "- one\n- two\n\n1. three\n\n~~~\n* _code_\n~~~\n\n## Closed\n"
    )


@pytest.mark.parametrize(
    ("file_type", "source", "named"),
    [
        (
            "xliff",
            (
                b'<xliff version="1.2"><file original="a" source-language="en" target-language="en"><body>'
                b'<trans-unit id="a"><source>One</source></trans-unit></body></file></xliff>'
            ),
            b'source-language="en" target-language="de-DE"',
        ),
        (
            "xliff2",
            (
                b'<xliff version="2.0" srcLang="en"><file id="f"><unit id="a"><segment><source>One</source>'
                b"</segment></unit></file></xliff>"
            ),
            b'srcLang="en" trgLang="de-DE"',
        ),
    ],
)
def test_xliff_names_its_target_or_not(rest: RestClient, file_type: str, source: bytes, named: bytes) -> None:
    """The attribute is replaced, or added where the source has none."""
    rest.upload("a.xlf", source, file_type)
    rest.control.translate(rest.project, {"de-DE": 100})
    for names in (True, False):
        rest.control.switches(rest.project, xliff_names_target=names)
        assert (named in rest.translation("a.xlf", "de-DE").body) is names


def test_a_file_in_work_can_be_read_or_not(rest: RestClient) -> None:
    """While it is parsed again; what was there before is what is read."""
    rest.upload("a.json", HELLO)
    rest.control.policies(rest.project, upload={"looks": 3})
    assert rest.upload("a.json", HELLO).status == 202
    assert rest.status("a.json").status == 200
    rest.control.switches(rest.project, reads_locked=True)
    assert (rest.status("a.json").status, rest.translation("a.json", "de-DE").status) == (423, 423)
    rest.control.finish(rest.project)
    assert rest.status("a.json").status == 200


def test_large_files_are_refused(rest: RestClient) -> None:
    """Ten megabytes, unless nobody counts."""
    large = b'{"a": "' + b"x" * 10 * 2**20 + b'"}'
    assert rest.upload("a.json", large).error["key"] == "file"
    rest.control.switches(rest.project, file_size_limits=False)
    assert rest.upload("a.json", large).status == 200


def test_saved_work_changes_the_date_or_does_not(apart: RestClient) -> None:
    """What is published always does."""
    rest = apart
    rest.upload("a.json", HELLO)
    path = rest.files("/locales/de-DE/file/last-modified")
    before = rest.send("GET", path, fileUri="a.json").data["lastModified"]
    rest.control.advance(100)
    rest.control.translate(rest.project, {"de-DE": 100}, state="pending")
    assert rest.send("GET", path, fileUri="a.json").data["lastModified"] > before
    rest.control.switches(rest.project, last_modified_counts_saved=False)
    assert rest.send("GET", path, fileUri="a.json").data["lastModified"] == before
    rest.control.publish(rest.project)
    assert rest.send("GET", path, fileUri="a.json").data["lastModified"] > before


def test_single_answers_may_be_lists(apart: RestClient) -> None:
    """As the text of the description says, or its example."""
    rest = apart
    rest.upload("a.json", HELLO)
    rest.control.switches(rest.project, locale_last_modified_is_list=True, add_locale_answers_list=True)
    found = rest.send("GET", rest.files("/locales/de-DE/file/last-modified"), fileUri="a.json").data
    assert (found["totalCount"], found["items"][0]["localeId"]) == (1, "de-DE")
    added = rest.send("POST", "/projects-api/v2/projects/{project}/targetLocales", body={"localeId": "it-IT"})
    assert [each["projectId"] for each in added.data] == [rest.project]


def test_totals_count_excluded_strings_or_leave_them_out(rest: RestClient) -> None:
    """In one locale, and over all."""
    rest.upload("a.json", HELLO)
    body = {"locale": "de-DE", "fileUri": "a.json", "keys": ["greeting"]}
    rest.control.send("POST", f"projects/{rest.project}/exclude", body)
    path = rest.files("/locales/de-DE/file/status")
    for leave_out, number in ((False, 2), (True, 1)):
        rest.control.switches(rest.project, totals_leave_out_excluded=leave_out)
        assert rest.send("GET", path, fileUri="a.json").data["totalStringCount"] == number
        assert rest.status("a.json").data["totalStringCount"] == 2


def test_files_of_a_batch_have_old_or_new_words(rest: RestClient) -> None:
    """A strict client knows the old ones only, the description the new."""
    words = []
    for vocabulary in ("v1", "v2"):
        rest.control.switches(rest.project, batch_file_statuses=vocabulary)
        batch = rest.batch(rest.job(vocabulary), ["good.json", "bad.json"])
        first = [each["status"] for each in rest.batch_status(batch)["files"]]
        rest.batch_upload(batch, "good.json", HELLO)
        rest.batch_upload(batch, "bad.json", b"{")
        words.append([*first, *(each["status"] for each in rest.batch_status(batch)["files"])])
        while rest.batch_status(batch)["status"] != "COMPLETED":
            pass
    assert words == [
        ["DRAFT", "DRAFT", "ATTACHING", "UPLOAD_FAILED"],
        ["UPLOADING", "UPLOADING", "PROCESSING", "FAILED"],
    ]


def test_a_batch_refuses_what_it_cannot_parse_at_once_or_later(apart: RestClient) -> None:
    """At once it is a general error with 400, and the file can be cancelled."""
    rest = apart
    rest.control.switches(rest.project, batch_parses_at_once=True)
    batch = rest.batch(rest.job("n"), ["a.json"])
    answer = rest.batch_upload(batch, "a.json", b"{}")
    assert (answer.status, answer.json["response"]["code"]) == (400, "GENERAL_ERROR")
    assert "No source strings found;" in answer.error["message"]
    body = {"action": "CANCEL_FILE", "fileUri": "a.json"}
    assert rest.send("PUT", rest.batches(f"/{batch}"), body=body).status == 200


def test_a_completed_job_is_left_or_reused(rest: RestClient) -> None:
    """By the template that made it."""
    path = "/job-batches-api/v2/projects/{project}/jobs"
    first = rest.push("n", {"a.json": HELLO}, authorize=True)
    rest.control.translate(rest.project)
    uids = []
    for reused in (True, False):
        rest.control.switches(rest.project, completed_job_reused=reused)
        uids.append(rest.send("POST", path, body={"nameTemplate": "n"}).data["translationJobUid"])
    assert (uids[0] == first, uids[1] == first) == (True, False)


@pytest.mark.parametrize("name", sorted(SWITCHES))
def test_a_switch_is_used(name: str) -> None:
    """A switch that nothing reads would be a promise that nothing keeps."""
    package = Path(__file__).parents[2] / "l10nsync" / "sandbox"
    asked = re.compile(rf'switch\([^)]*"{name}"')
    by_suffix = name.endswith("_seconds") and name.split("_", maxsplit=1)[0] in {
        "access",
        "refresh",
        "session",
    }
    assert by_suffix or any(asked.search(path.read_text(encoding="utf-8")) for path in package.rglob("*.py"))
