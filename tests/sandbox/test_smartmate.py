"""The sandbox's WorkFlow API over plain HTTP, held to what its documentation says."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from l10nsync.sandbox.testing import CONTACT, CUSTOMER, SECRET, ControlClient, SandboxServer, wait_for
from tests.sandbox_fixtures import Answer

FILE = ("files", "one.json", b'{"title": "Hello"}')
TOO_LONG, TAGS_SAID = "x" * 64, "alphanumeric"


@dataclass
class Plain:
    """A plain client of one account."""

    url: str
    user: str
    control: ControlClient
    password: str = SECRET
    root: str = "/smartmate/api/v1.0"

    def send(
        self,
        method: str,
        path: str,
        form: Sequence[tuple[str, str]] = (),
        files: Sequence[tuple[str, str, bytes]] = (),
        query: Sequence[tuple[str, str]] = (),
    ) -> Answer:
        mark = "plain-client-boundary"
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in form
        ]
        for field, name, content in files:
            head = f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
            parts.append(head.encode() + content + b"\r\n")
        body = b"".join(parts) + f"--{mark}--\r\n".encode() if parts else None
        pair = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}"} if self.user else {}
        headers |= {"Content-Type": f"multipart/form-data; boundary={mark}"} if parts else {}
        target = self.root + path + (f"?{urlencode(query)}" if query else "")
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        try:
            connection.request(method, target, body, headers)
            raw = connection.getresponse()
            return Answer(raw.status, raw.getheaders(), raw.read())
        finally:
            connection.close()

    def order(self, *tags: str, files: Sequence[tuple[str, str, bytes]] = (FILE,), **fields: str) -> Answer:
        """Order a translation into German, unless FIELDS say otherwise; an empty text leaves a field out."""
        form = {
            "CustomerName": CUSTOMER,
            "ContactName": CONTACT,
            "SourceLanguageCode": "en-US",
            "TargetLanguageCodes": "de-DE",
            "DeliveryDate": "2026-12-12 12:12:12",
            **fields,
        }
        pairs = [(name, value) for name, value in form.items() if value]
        return self.send("POST", "/requests", [*pairs, *(("Tags", tag) for tag in tags)], files)

    def list(self, *query: tuple[str, str]) -> Any:
        return self.send("GET", "/requests", query=query).json

    def read(self, ident: str) -> Any:
        return self.send("GET", f"/requests/{ident}").json


@pytest.fixture
def mate(sandbox_server: SandboxServer) -> Plain:
    return Plain(sandbox_server.url, sandbox_server.control.account(), sandbox_server.control)


def test_languages_are_a_bare_array(mate: Plain) -> None:
    """Each language has its IsoCode and its name; there is no envelope."""
    found = mate.send("GET", "/languages").json
    assert {"IsoCode": "ach-EA", "LanguageName": "Acholi"} in found
    assert all(set(each) == {"IsoCode", "LanguageName"} for each in found)


def test_a_request_goes_its_way(mate: Plain) -> None:
    """On hold, in progress, completed: documents and their ids come at the end, without their language."""
    files = [("file_1", "two.json", b'{"a": "Two"}'), ("file_0", "one.json", b'{"a": "One"}')]
    made = mate.order(files=[*files, ("references", "terms.csv", b"a,b")], TargetLanguageCodes="de-DE, fr-FR")
    assert made.status == 201
    assert made.json["RequestStatus"] == "onHold"
    assert [each["DocumentName"] for each in made.json["Documents"]] == ["one.json", "two.json"]
    assert {each["DocumentId"] for each in made.json["Documents"]} == {None}
    assert made.json["References"] == [{"ReferenceName": "terms.csv"}]

    number, ident = made.json["RequestNo"], made.json["RequestId"]
    seen = [mate.read(number) for _ in range(3)]
    assert [each["RequestStatus"] for each in seen] == ["onHold", "onHold", "inProgress"]
    assert "Documents" not in seen[0]
    assert seen[0]["Tracking"] is None
    mate.control.translate(mate.user, {"de-DE": 100, "fr-FR": 50})
    tracked = {each["LanguageCode"]: each for each in mate.read(ident)["Tracking"]}
    assert (tracked["fr-FR"]["Progress"], tracked["de-DE"]["LanguageStatus"]) == ("50%", "completed")
    assert tracked["fr-FR"]["Documents"][0]["CurrentStep"] == "Translation"

    assert mate.control.translate(mate.user) == 4
    done = mate.send("GET", f"/request/{ident}").json
    assert done["RequestStatus"] == "completed"
    finals = done["Documents"][0]["FinalDocuments"]
    assert [(each["DocumentName"], each["IsoCode"]) for each in finals] == [
        ("one_1.json", ""),
        ("one_2.json", ""),
    ]
    for path in ("documents", "document"):
        got = mate.send("GET", f"/{path}/{finals[1]['DocumentId']}")
        assert got.header("Content-Type") == "application/octet-stream"
        assert got.json["a"].endswith("(fr-FR)")
    assert mate.send("GET", f"/documents/{done['Documents'][0]['DocumentId']}").status == 404


def test_source_documents_change_their_ids_until_the_end(mate: Plain) -> None:
    """Only names are stable; a switch shows the documents early."""
    mate.control.switches(mate.user, mate_documents_while_open=True)
    ident = mate.order().json["RequestId"]
    early = [mate.read(ident)["Documents"][0]["DocumentId"] for _ in range(2)]
    assert early[0] != early[1]
    mate.control.translate(mate.user)
    assert len({mate.read(ident)["Documents"][0]["DocumentId"] for _ in range(2)}) == 1


def test_thirty_five_requests_are_four_pages(mate: Plain) -> None:
    """Ten on a page, each request once, with addresses of the neighbours that keep the filter."""
    for number in range(35):
        mate.order(f"n{number}", "all")
    pages = [mate.list(("Tags", "all"), *([("page", str(at))] if at > 1 else [])) for at in range(1, 5)]
    assert [(each["count"], len(each["results"])) for each in pages] == [(35, 10)] * 3 + [(35, 5)]
    assert len({row["RequestId"] for page in pages for row in page["results"]}) == 35
    assert (pages[0]["previous"], pages[3]["next"]) == (None, None)
    followed = urlsplit(pages[1]["next"])
    assert dict(parse_qsl(followed.query)) == {"page": "3", "Tags": "all"}
    refused = mate.send("GET", "/requests", query=[("page", "5"), ("Tags", "all")])
    assert (refused.status, refused.json) == (404, {"detail": "Invalid page."})


def test_tags_filter_and_hide(mate: Plain) -> None:
    """Any of the tags asked for is enough; any of those hidden is enough, too; 20 of each at most."""
    for tags in (("a",), ("b",), ("a", "c")):
        mate.order(*tags)

    def seen(*query: tuple[str, str]) -> list[list[str]]:
        return sorted(each["Tags"] for each in mate.list(*query)["results"])

    assert seen(("Tags", "a"), ("Tags", "b")) == [["a"], ["a", "c"], ["b"]]
    assert seen(("Tags", "a"), ("-Tags", "c")) == [["a"]]
    assert seen(("-Tags", "a")) == [["b"]]
    assert mate.send("GET", "/requests/", query=[("Tags", "b")]).json["count"] == 1
    many = mate.send("GET", "/requests", query=[("Tags", f"t{at}") for at in range(21)])
    assert (many.status, list(many.json)) == (400, ["Tags"])


def test_tags_can_be_changed_and_nothing_else(mate: Plain) -> None:
    """PATCH replaces them, one empty text clears them, and nothing given leaves them."""
    ident = mate.order("old").json["RequestId"]
    path = f"/requests/{ident}"
    assert mate.send("PATCH", path, [("Tags", "n1"), ("Tags", "n2")]).json["Tags"] == ["n1", "n2"]
    assert mate.send("PATCH", path, [("Title", "x")]).json["Tags"] == ["n1", "n2"]
    assert mate.send("PATCH", path, [("Tags", "")]).json["Tags"] == []
    assert mate.send("PATCH", path, [("Tags", "no-dash")]).status == 400


@pytest.mark.parametrize(
    ("fields", "tags", "files", "name", "said"),
    [
        ({"CustomerName": ""}, (), (FILE,), "CustomerName", "required"),
        ({"CustomerName": "Nobody"}, (), (FILE,), "CustomerName", "does not exist"),
        ({"ContactName": "Jane Doe"}, (), (FILE,), "ContactName", "does not exist"),
        ({"SourceLanguageCode": "xx"}, (), (FILE,), "SourceLanguageCode", "xx"),
        ({"TargetLanguageCodes": "de-DE,yy"}, (), (FILE,), "TargetLanguageCodes", "yy"),
        ({"DeliveryDate": "2026-12-12"}, (), (FILE,), "DeliveryDate", "yyyy-MM-dd"),
        ({"DeliveryDate": "2026-13-12 10:00:00"}, (), (FILE,), "DeliveryDate", "yyyy-MM-dd"),
        ({}, (), (), "files", "No file"),
        ({}, (), (("files", "a.txt", b""),), "files", "empty"),
        ({}, ("no-dash",), (FILE,), "Tags", TAGS_SAID),
        ({}, (TOO_LONG,), (FILE,), "Tags", TAGS_SAID),
        ({}, tuple(f"t{at}" for at in range(21)), (FILE,), "Tags", "20"),
    ],
    ids=lambda value: str(value)[:24] if isinstance(value, str | dict) else "",
)
def test_each_wrong_parameter_is_named(
    mate: Plain, fields: dict[str, str], tags: tuple[str, ...], files: Any, name: str, said: str
) -> None:
    """The body names the parameter with its reasons, or one reason; nothing is created."""
    for in_arrays in (True, False):
        mate.control.switches(mate.user, mate_reasons_in_arrays=in_arrays)
        refused = mate.order(*tags, files=files, **fields)
        assert refused.status == 400
        assert list(refused.json) == [name]
        assert isinstance(refused.json[name], list) is in_arrays
        assert said in str(refused.json[name])
    assert mate.list()["count"] == 0


def test_who_may_not_in_is_told(mate: Plain) -> None:
    """Missing and wrong credentials are 401; what is not there is 404, with a detail."""
    stranger = Plain(mate.url, mate.user, mate.control, password="wrong")
    nobody = Plain(mate.url, "", mate.control)
    for client in (stranger, nobody):
        refused = client.send("GET", "/languages")
        assert (refused.status, list(refused.json)) == (401, ["detail"])
    for path in ("/requests/none", "/documents/none", "/nothing"):
        assert mate.send("GET", path).json == {"detail": "Not found."}


def test_staging_is_a_system_of_its_own(mate: Plain) -> None:
    """It knows nothing of the live system's requests and has no tracking."""
    staging = Plain(mate.url, mate.user, mate.control, root="/smartmate/staging/api/v1.0")
    mate.order()
    assert staging.list()["count"] == 0
    ident = staging.order().json["RequestId"]
    mate.control.translate(mate.user, {"de-DE": 50})
    assert staging.read(ident)["Tracking"] is None
    assert mate.send("GET", f"/requests/{ident}").status == 404


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[bytes], list[int]]]:
    """Take notifications and answer with the statuses that a test puts in."""
    taken: list[bytes] = []
    statuses: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(statuses.pop(0) if statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/hook?token=1", taken, statuses
    server.shutdown()
    server.server_close()


def test_a_notification_is_tried_eight_times(
    mate: Plain, receiver: tuple[str, list[bytes], list[int]]
) -> None:
    """Only 200 ends it, no other success does; after eight attempts the service gives up."""
    url, taken, statuses = receiver
    mate.control.switches(mate.user, mate_notify_scale=1e-6)
    statuses += [204, 500, 302, 404, 202, 503, 500, 500, 500]
    made = mate.order(NotifyUrl=url).json
    mate.control.translate(mate.user)
    wait_for(lambda: len(mate.control.deliveries(mate.user)[0]["statuses"]) == 8)
    (delivery,) = mate.control.deliveries(mate.user)
    assert delivery["statuses"] == [204, 500, 302, 404, 202, 503, 500, 500]
    assert not delivery["taken"]
    assert len(taken) == 8
    assert dict(parse_qsl(taken[0].decode())) == {
        "RequestId": made["RequestId"],
        "RequestNo": made["RequestNo"],
        "RequestStatus": "completed",
    }


def test_a_notification_that_is_taken_is_not_repeated(
    mate: Plain, receiver: tuple[str, list[bytes], list[int]]
) -> None:
    """Two failures and a 200 make three attempts; the body may be JSON."""
    url, taken, statuses = receiver
    mate.control.switches(mate.user, mate_notify_scale=1e-6, mate_notify_json=True)
    statuses += [500, 500]
    mate.order(NotifyUrl=url)
    mate.control.translate(mate.user)
    wait_for(lambda: mate.control.deliveries(mate.user)[0]["taken"])
    assert json.loads(taken[2])["RequestStatus"] == "completed"
    assert len(mate.control.deliveries(mate.user)[0]["statuses"]) == 3


def test_faults_speak_the_services_own_language(mate: Plain) -> None:
    """A fault is worded as this service words errors; requests are recorded under the account."""
    since = mate.control.last()
    mate.control.fault("status", project=mate.user, operation="mateLanguages", status=503, message="Busy")
    refused = mate.send("GET", "/languages")
    assert (refused.status, refused.json) == (503, {"detail": "Busy"})
    assert mate.send("GET", "/languages").status == 200
    recorded = mate.control.requests(since, mate.user)
    assert [(each["operation"], each["status"]) for each in recorded] == [
        ("mateLanguages", 503),
        ("mateLanguages", 200),
    ]
    assert re.fullmatch(r"test-\w+", recorded[0]["project"])
