"""What matters on the wire itself: header names, hosts, limits, spelled-out oddities."""

from __future__ import annotations

import re
import socket
import threading
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from l10nsync.sandbox.loopback import is_loopback
from l10nsync.sandbox.parsed_request import ParsedRequest
from l10nsync.sandbox.server_state import Server
from l10nsync.sandbox.testing import SandboxServer
from tests.sandbox_fixtures import RestClient

HELLO = b'{"greeting": "Hello world"}'


def raw(url: str, text: str) -> bytes:
    """Send TEXT as it is and return all that comes back."""
    host = urlsplit(url)
    with socket.create_connection((host.hostname or "", host.port or 0), 10) as sock:
        sock.sendall(text.encode("latin-1"))
        parts = []
        while part := sock.recv(65536):
            parts.append(part)
    return b"".join(parts)


def test_header_names_are_spelled_as_clients_look_for_them(rest: RestClient) -> None:
    """Title case, and the request id in exactly its own case."""
    head = raw(rest.url, "GET /none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").split(
        b"\r\n\r\n"
    )[0]
    names = [line.partition(b":")[0].decode() for line in head.split(b"\r\n")[1:]]
    assert {"Content-Type", "Content-Length", "X-SL-RequestId", "Date"} <= set(names)
    assert all(name[0].isupper() for name in names)


def test_every_answer_has_a_request_id_and_echoes_the_clients(rest: RestClient) -> None:
    """A client may bring its own id."""
    answer = rest.send("GET", "/projects-api/v2/projects/{project}")
    assert re.fullmatch(r"[0-9a-f-]{36}", answer.header("X-SL-RequestId"))
    given = rest.send("GET", "/projects-api/v2/projects/{project}", headers={"X-SL-RequestId": "mine"})
    assert given.header("X-SL-RequestId") == "mine"


def test_what_is_not_there_says_so(rest: RestClient) -> None:
    """Unknown addresses and methods are 501 with the path, never a pretended success."""
    for method, path in (
        ("GET", "/files-api/v2/projects/{project}/none"),
        ("PATCH", "/jobs-api/v3/projects/p/jobs"),
    ):
        answer = rest.send(method, path)
        assert answer.status == 501
        assert path.replace("{project}", rest.project) in answer.error["message"]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Host", "example.com"),
        ("Host", "127.0.0.1.example.com"),
        ("Origin", "https://example.com"),
        ("Origin", "null"),
    ],
)
def test_other_hosts_and_origins_are_refused(rest: RestClient, header: str, value: str) -> None:
    """A web page cannot talk to the sandbox, by name tricks or otherwise."""
    connection = HTTPConnection(urlsplit(rest.url).netloc, timeout=10)
    connection.request("GET", "/sandbox/api/health", headers={header: value})
    assert connection.getresponse().status == 403
    connection.close()


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1:80", True),
        ("localhost", True),
        ("LOCALHOST:1", True),
        ("[::1]:80", True),
        ("127.9.9.9", True),
        ("10.0.0.1", False),
        ("localhost.evil.com", False),
        ("", False),
        ("[::1", True),
        ("0.0.0.0", False),  # noqa: S104
    ],
)
def test_loopback_is_recognised(host: str, expected: bool) -> None:
    """Names and addresses of this machine only."""
    assert is_loopback(host) is expected


def test_the_socket_listens_on_loopback_only(rest: RestClient) -> None:
    """The address is 127.0.0.1; another address of this machine does not answer."""
    assert urlsplit(rest.url).hostname == "127.0.0.1"
    with (
        pytest.raises(OSError, match=r"."),
        socket.create_connection(("127.0.0.2", urlsplit(rest.url).port or 0), 2),
    ):
        pass


def test_ten_file_operations_run_at_once_and_no_more(rest: RestClient) -> None:
    """The eleventh is refused with the published body, and nothing of it is done."""
    rest.upload("a.json", HELLO)
    rest.control.switches(rest.project, latency_ms=400, retry_after=None)
    answers = []
    start = threading.Barrier(14)

    def download() -> None:
        start.wait()
        answers.append(
            RestClient(rest.url, rest.project, rest.control, rest.token).translation("a.json", "de-DE")
        )

    threads = [threading.Thread(target=download) for _ in range(14)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = [each for each in answers if each.status == 429]
    assert len(refused) == 4
    assert refused[0].json["response"]["code"] == "MAX_OPERATIONS_LIMIT_EXCEEDED"
    assert refused[0].error["key"] == "too.many.requests"
    assert "limit of 10 concurrent" in refused[0].error["message"]


def test_a_file_has_one_writer_at_a_time(rest: RestClient) -> None:
    """A second upload of the same URI while the first runs is refused as locked."""
    rest.control.switches(rest.project, latency_ms=300)
    rest.authenticate()
    statuses = []
    start = threading.Barrier(2)

    def upload() -> None:
        start.wait()
        client = RestClient(rest.url, rest.project, rest.control, rest.token)
        statuses.append(client.upload("a.json", HELLO).status)

    threads = [threading.Thread(target=upload) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 423]


def test_projects_do_not_see_each_other(sandbox_server: SandboxServer, rest: RestClient) -> None:
    """The same URI in two projects is two files."""
    rest.upload("a.json", HELLO)
    other = RestClient(rest.url, sandbox_server.control.project(), sandbox_server.control)
    assert other.status("a.json").status == 400


@pytest.mark.parametrize("uri", ["../../etc/passwd", 'a"b\\c.json', "日本/😀.json", "a b&c=d+e%.json", "-rf"])
def test_any_uri_goes_through_and_back(rest: RestClient, uri: str) -> None:
    """Content is kept by its hash; a URI is only ever a text."""
    assert rest.upload(uri, HELLO).status == 200
    assert rest.send("GET", rest.files("/file"), fileUri=uri).body == HELLO
    assert [*rest.control.view(rest.project)["files"]] == [uri]


def test_bodies_that_are_no_json_are_refused(rest: RestClient) -> None:
    """A broken body is a validation error, not a crash."""
    connection = HTTPConnection(urlsplit(rest.url).netloc, timeout=10)
    headers = {"Authorization": f"Bearer {rest.authenticate()}", "Content-Type": "application/json"}
    for body in (b"{", b"[1]", b"\xff", b'"x"'):
        connection.request("POST", f"/jobs-api/v3/projects/{rest.project}/jobs", body, headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 400
    connection.close()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"--x\r\nbad\rheader: x\r\n\r\n--x--"),
    ],
)
def test_forms_that_cannot_be_read_are_refused(rest: RestClient, kind: str, body: bytes) -> None:
    """A form without its boundary, or with a broken part, is a validation error, not a crash."""
    connection = HTTPConnection(urlsplit(rest.url).netloc, timeout=10)
    headers = {"Authorization": f"Bearer {rest.authenticate()}", "Content-Type": kind}
    connection.request("POST", f"/files-api/v2/projects/{rest.project}/file", body, headers)
    answer = connection.getresponse()
    assert (answer.status, b"VALIDATION_ERROR" in answer.read()) == (400, True)
    connection.close()


def test_arrays_and_truths_are_read_leniently() -> None:
    """Brackets are optional, commas join body arrays, and every spelling of true counts."""
    call = ParsedRequest(
        Server(),
        "op",
        {},
        query=[("ids[]", "a"), ("ids", "b"), ("ids[7]", "c"), ("on", "True"), ("off", "no"), ("empty", "")],
        form=[("localeIds[]", "de,fr"), ("localeIds", "ja")],
    )
    assert call.texts("ids") == ["a", "b", "c"]
    assert call.fields("localeIds") == ["de", "fr", "ja"]
    assert call.flag("on", default=False)
    assert not call.flag("off", default=True)
    assert call.flag("empty", default=True)
