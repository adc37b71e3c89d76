"""Watching: calls of the service are heard, checked, put together, and never believed."""

from __future__ import annotations

import base64
import hmac
import json
import os
import socket
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from l10nsync import github as github_client
from l10nsync.app import listener
from l10nsync.app.listener import BODY_LIMIT, Listener
from l10nsync.app.repository import Settings
from l10nsync.app.watch import Ear, _Look
from l10nsync.cli.connect import connector
from l10nsync.cli.options import Options
from l10nsync.errors import CredentialsError, TemporaryError, UsageError
from l10nsync.github import GitHub
from l10nsync.plan.notify import UNSIGNED_LIMIT, Address, IncomingRequest, PendingCalls, WatchPace, hear
from l10nsync.providers.base import Secret
from l10nsync.sandbox.groups.webhooks.rules import SIGNATURE, signature
from l10nsync.sandbox.testing import wait_for
from tests.manifests import small_manifest
from tests.repositories import Repo
from tests.runner import Runner
from tests.test_questions import ask

ROOT = Path(__file__).parents[1]
URL = "https://ci.example.org/l10n?k=s3cret"
SECRET = "shared"
MANIFEST = small_manifest("src", "job: {authorize: true}")
HOOK = json.dumps(
    {"eventType": "file.published", "eventId": "e1", "publishedFile": {"fileUri": "../x"}}
).encode()


def get(target: str, **headers: str) -> IncomingRequest:
    return IncomingRequest("GET", target, {name.replace("_", "-"): value for name, value in headers.items()})


def post(body: bytes, target: str = "/l10n?k=s3cret", **headers: str) -> IncomingRequest:
    return IncomingRequest(
        "POST", target, {name.replace("_", "-"): value for name, value in headers.items()}, body
    )


def mac(text: str, name: str = "sha1") -> bytes:
    return hmac.new(SECRET.encode(), text.encode(), name).digest()


# --- what a call means ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "meaning"),
    [
        (get("/?locale=de-DE&fileUri=a.json"), "published"),
        (get("/?type=job.completed&translationJobUid=j"), "published"),
        (get("/?type=job.localeCompleted&localeId=de-DE&translationJobUid=j"), "published"),
        (get("/?type=job.cancelled&translationJobUid=j"), "other"),
        (post(b"type=job.completed&translationJobUid=j", "/"), "published"),
        (post(b'{"type": "string.localeCompleted", "hashcode": "h"}', "/"), "published"),
        (post(HOOK, "/"), "published"),
        (post(b'{"eventType": "translationJob.created", "eventId": "e"}', "/"), "other"),
        (post(b'{"eventType": "sourceIssue.created", "eventId": "e"}', "/"), "asked"),
        (post(b'{"eventType": "translationIssue.comment.created", "eventId": "e"}', "/"), "asked"),
        (get("/"), "nothing"),
        (get("/?locale=de-DE"), "nothing"),
        (post(b"\xff\xfe[", "/"), "nothing"),
        (post(b"[" * 16_000, "/"), "nothing"),
    ],
)
def test_every_kind_of_call_is_understood(call: IncomingRequest, meaning: str) -> None:
    """Callbacks of files, jobs and strings, and webhooks, in the forms that the service sends."""
    heard = hear(call, Address())
    assert (heard.status, heard.meaning, heard.signed) == (204, meaning, False)


@pytest.mark.parametrize("status", ["completed", "inProgress"])
@pytest.mark.parametrize("form", [False, True], ids=["json", "form"])
def test_notifications_of_orders_are_answered_as_the_service_wants(status: str, form: bool) -> None:
    """Only 200 ends SmartMATE's attempts, and an attempt that is repeated is known by the request."""
    fields = {"RequestId": "1250936094-13321", "RequestNo": "TI-160302-1", "RequestStatus": status}
    call = post((urlencode(fields) if form else json.dumps(fields)).encode(), "/")
    heard = hear(call, Address())
    assert (heard.status, heard.meaning) == (200, "published" if status == "completed" else "other")
    assert heard.event
    assert heard == hear(call, Address())


def test_only_our_own_address_is_answered() -> None:
    """Another path, or an address without the token that ours has, is not found."""
    address = Address(URL)
    assert hear(get("/l10n?k=s3cret&locale=de&fileUri=a"), address).status == 204
    for target in (
        "/l10n?locale=de&fileUri=a",
        "/l10n?k=wrong&locale=de&fileUri=a",
        "/?k=s3cret",
        "/l10n/x?k=s3cret",
    ):
        assert hear(get(target), address).status == 404
    assert hear(IncomingRequest("DELETE", "/l10n?k=s3cret", {}), address).status == 405


@pytest.mark.parametrize(
    ("url", "target", "status"),
    [
        ("https://x/h?repo=shop&k=1", "/h?repo=shop&k=1", 204),
        ("https://x/h?repo=shop&k=1", "/h?locale=de&k=1&repo=shop", 204),
        ("https://x/h?repo=shop&k=1", "/h?repo=shop&repo=shop", 404),
        ("https://x/h?repo=shop&k=1", "/h?repo=shop&k=2&k=3", 404),
        ("https://x/h?s3cret", "/h?s3cret&locale=de", 204),
        ("https://x/h?s3cret", "/h?locale=de", 404),
        ("https://x", "/?locale=de", 204),
        ("https://x/", "/h", 404),
    ],
)
def test_all_that_our_address_says_must_come_back(url: str, target: str, status: int) -> None:
    """Each part by itself: saying one part twice does not stand for another, which may be the token."""
    assert hear(get(target), Address(url)).status == status


@pytest.mark.parametrize(
    "call",
    [
        post(HOOK, x_smartling_signature=signature(SECRET, HOOK)),
        post(HOOK, x_hub_signature_256="sha256=" + mac(HOOK.decode(), "sha256").hex()),
        get("/l10n?k=s3cret&locale=de&fileUri=a",
            x_smartling_signature=base64.b64encode(mac(URL + "&locale=de&fileUri=a")).decode()),
        post(b'{"b": [{"c": 1}], "type": "job.completed"}',
             x_smartling_signature=base64.b64encode(mac("b[0].c=1|type=job.completed")).decode()),
    ],
    ids=["webhook", "hex", "address", "fields"],
)  # fmt: skip
def test_a_right_signature_is_known_and_a_wrong_one_refused(call: IncomingRequest) -> None:
    """Signed by the secret: heard as signed. Signed by another, or tampered with: 403 and not heard."""
    address = Address(URL, SECRET)
    assert (hear(call, address).status, hear(call, address).signed) == (204, True)
    assert hear(call, Address(URL, "other")).status == 403
    if call.body:
        tampered = IncomingRequest(call.method, call.target, call.headers, call.body.replace(b"e", b"f", 1))
        assert (hear(tampered, address).status, hear(tampered, address).meaning) == (403, "nothing")
    bare = IncomingRequest(call.method, call.target, {}, call.body)
    assert (hear(bare, address).status, hear(bare, address).signed) == (204, False)


@settings(deadline=None)
@given(
    st.sampled_from(["GET", "POST", "PUT", "BREW"]),
    st.text(max_size=40),
    st.dictionaries(st.sampled_from(["x-smartling-signature", "host", "x"]), st.text(max_size=20)),
    st.binary(max_size=60),
)
def test_whatever_is_sent_is_answered(method: str, target: str, headers: dict[str, str], body: bytes) -> None:
    """No call makes the watch fail."""
    for address in (Address(), Address(URL, SECRET)):
        status = hear(IncomingRequest(method, target, headers, body), address).status
        assert status in {204, 403, 404, 405}


# --- when it looks ----------------------------------------------------------------------------------------

PACE = WatchPace(quiet=2, longest=30, unsigned=60, every=600)


def test_calls_that_come_together_are_one_look() -> None:
    """A look waits until it has been quiet, but not for ever; unsigned calls cannot ask for many."""
    quiet = PendingCalls(looked=0)
    assert quiet.due(PACE) == 600
    one = quiet.heard(100, signed=True)
    assert one.due(PACE) == 102
    many = one
    for now in range(101, 140):
        many = many.heard(now, signed=True)
    assert many.due(PACE) == 130
    assert quiet.heard(10, signed=False).due(PACE) == 60
    assert quiet.heard(10, signed=False).heard(11, signed=True).due(PACE) == 13
    assert quiet.heard(599.5, signed=True).due(PACE) == 600


def test_an_event_that_is_sent_again_is_no_news() -> None:
    """The service sends an event until it is taken; the same id makes one look."""
    now = [0.0]
    ear = Ear(Address(), WatchPace(quiet=0, unsigned=0, every=600), lambda: now[0])
    assert ear.answer(post(HOOK, "/")) == 204
    assert ear.wait() == "call"
    assert ear.answer(post(HOOK, "/")) == 204
    now[0] = 600
    assert ear.wait() == "time"
    now[0] = 700
    with pytest.raises(TemporaryError, match="nothing was published"):
        ear.wait(until=700)


def test_a_signed_call_that_is_kept_and_sent_again_is_only_a_hint() -> None:
    """It wakes the watch no oftener than a call that nobody signed."""
    now = [0.0]
    ear = Ear(Address("", SECRET), WatchPace(quiet=2, unsigned=60, every=600), lambda: now[0])
    target = "/?locale=de-DE&fileUri=a.json"
    call = get(target, host="x", x_signature=mac(f"https://x{target}").hex())
    for expected in (2, 62):
        assert ear.answer(call) == 204
        now[0] = expected - 0.1
        with pytest.raises(TemporaryError):
            ear.wait(until=now[0])
        now[0] = expected
        assert ear.wait() == "call"


@pytest.mark.parametrize("spell", [bytes.hex, lambda digest: base64.b64encode(digest).decode()])
@pytest.mark.parametrize("before", ["", "sha1=", "sha256=", " "])
def test_a_signature_is_remembered_by_its_value(spell: Callable[[bytes], str], before: str) -> None:
    """Who writes a kept signature in another way has still only kept it."""
    digest = hmac.new(SECRET.encode(), HOOK, "sha256").digest()
    seals = {
        hear(post(HOOK, x_signature=each), Address("", SECRET)).seal
        for each in (digest.hex(), before + spell(digest))
    }
    assert len(seals) == 1
    assert "" not in seals


def nested(size: int, depth: int = 5) -> bytes:
    return b"[" * depth + b",".join([b"1"] * (size // 2)) + b"]" * depth


@pytest.mark.parametrize(
    "call",
    [
        post(nested(16_000)),
        post(b"[" * 16_000),
        post(b'{"a":' * 3000 + b"1" + b"}" * 3000),
        post(b"a&" * 8000),
        post(nested(250_000), x_signature="0" * 64),
        post(b"a=b&" * 60_000, x_signature="0" * 64),
        get("/?" + "a&" * 30_000),
        post(b'{"eventType": "file.published", "eventId": {"a": [' + b"9" * 15_000 + b"]}}"),
    ],
    ids=["list", "deep", "objects", "form", "signed list", "signed form", "query", "number"],
)
def test_what_nobody_signed_costs_next_to_nothing(call: IncomingRequest) -> None:
    """Whatever a stranger sends, hearing it takes less than a megabyte."""
    hear(call, Address("", SECRET))
    tracemalloc.start()
    try:
        heard = hear(call, Address("", SECRET))
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    assert (heard.signed, heard.event) == (False, "")


def test_a_long_call_needs_a_signature() -> None:
    """A body that is long is taken apart only after its bytes are known to be the service's."""
    long = json.dumps({"eventType": "file.published", "eventId": 7, "pad": "x" * UNSIGNED_LIMIT}).encode()
    assert hear(post(long), Address("", SECRET)).status == 413
    heard = hear(post(long, x_signature=mac(long.decode()).hex()), Address("", SECRET))
    assert (heard.meaning, heard.signed, bool(heard.event)) == ("published", True, True)


def test_a_watch_with_an_end_comes_to_it_although_looks_take_longer_than_their_pause() -> None:
    """The time that was given is looked at before the time of the next look."""
    now = [0.0]
    ear = Ear(Address(), WatchPace(every=1), lambda: now[0])
    now[0] = 10.0
    with pytest.raises(TemporaryError, match="in the time given"):
        ear.wait(until=9)


# --- over real sockets ------------------------------------------------------------------------------------


def send(address: str, method: str, target: str, body: bytes = b"", headers: Any = None) -> int:
    connection = HTTPConnection(address, timeout=5)
    try:
        connection.request(method, target, body or None, headers or {})
        return connection.getresponse().status
    finally:
        connection.close()


def test_the_listener_answers_well_and_badly_behaved_clients() -> None:
    """Bodies too long and lengths that are none are refused; what hangs or breaks off holds up nobody."""
    calls: list[IncomingRequest] = []

    def answer(call: IncomingRequest) -> int:
        calls.append(call)
        return 204

    with Listener("127.0.0.1", 0, answer) as listener:
        host, _, port = listener.address.rpartition(":")
        hanging = socket.create_connection((host, int(port)))
        hanging.sendall(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc")
        assert send(listener.address, "POST", "/x?y=1", b"hello") == 204
        long, longest = ({"Content-Length": str(size + 1)} for size in (UNSIGNED_LIMIT, BODY_LIMIT))
        assert send(listener.address, "POST", "/", headers=long) == 413
        assert send(listener.address, "POST", "/", headers={**longest, "X-Signature": "x"}) == 413
        assert send(listener.address, "POST", "/", headers={"Content-Length": "9" * 5000}) == 413
        assert send(listener.address, "POST", "/", headers={"Content-Length": "-1"}) == 400
        many = {f"x{number}": "y" * 1000 for number in range(90)}
        with suppress(OSError, HTTPException):  # it may be cut off before it has sent them all
            assert send(listener.address, "GET", "/", headers=many) == 431
        hanging.close()
        with pytest.raises(UsageError, match="cannot listen"):
            Listener(host, int(port), answer).__enter__()
    assert [(each.method, each.target, each.body) for each in calls] == [("POST", "/x?y=1", b"hello")]


def test_clients_that_send_too_slowly_lose_their_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Headers that drip in would keep every place taken; they are cut off, and others are served again."""
    monkeypatch.setattr(listener, "LONGEST", 0.2)
    with Listener("127.0.0.1", 0, lambda _call: 204) as listening:
        host, _, port = listening.address.rpartition(":")
        slow = [socket.create_connection((host, int(port))) for _ in range(listener.CONNECTIONS)]
        for each in slow:
            each.sendall(b"POST / HTTP/1.1\r\nX: ")
            each.settimeout(10)
        assert all(each.recv(100) == b"" for each in slow)
        wait_for(lambda: send(listening.address, "GET", "/") == 204)
        for each in slow:
            each.close()


def test_a_publication_calls_and_is_pulled(repo: Repo, runner: Runner) -> None:
    """The service's own callback makes the watch pull, and the command after it run; with --once it ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    runner.environ = {
        "L10NSYNC_CALLBACK_URL": f"http://127.0.0.1:{port}/hook?k=1",
        "L10NSYNC_WEBHOOK_SECRET": SECRET,
    }
    repo.commit({".l10n.yml": MANIFEST, "src/en/a.json": '{"title": "One text"}'})
    runner.run(repo, "push")
    command = (sys.executable, "-c", "open('ran', 'a').write('x')")
    watching = runner.start(
        repo, "watch", "--once", "--every", "1h", "--listen", f"127.0.0.1:{port}", "--", *command
    )
    assert watching.stderr
    assert f"listening on http://127.0.0.1:{port}" in watching.stderr.readline()
    assert watching.stderr.readline() == "nothing new is published; waiting\n"

    runner.translate()
    body = json.dumps({"eventType": "file.published", "eventId": "e"}).encode()
    headers = {SIGNATURE: signature(SECRET, body)}
    assert send(f"127.0.0.1:{port}", "POST", "/hook?k=1", body, headers) == 204
    out, err = watching.communicate(timeout=60)

    assert watching.returncode == 0, (out, err)
    assert "the service called: polling" in err
    assert out.startswith("Wrote 2 files")
    assert (repo.root / "ran").read_text() == "x"
    assert json.loads(repo.read("src/de/a.json"))["title"].endswith("(de-DE)")
    kinds = {(each["kind"], each["taken"]) for each in runner.control.deliveries(runner.ident)}
    assert ("file", True) in kinds


def test_without_calls_it_polls(repo: Repo, runner: Runner) -> None:
    """Callbacks may be lost: what was published is found by looking from time to time."""
    repo.commit({".l10n.yml": MANIFEST, "src/en/a.json": '{"title": "One text"}'})
    runner.run(repo, "push")
    watching = runner.start(repo, "watch", "--once", "--every", "0.3s", "--listen", "none")
    assert watching.stderr
    assert watching.stderr.readline() == "nothing new is published; waiting\n"
    runner.translate()
    out, err = watching.communicate(timeout=60)
    assert (watching.returncode, err) == (0, ""), out
    assert out.startswith("Wrote")


# --- GitHub -----------------------------------------------------------------------------------------------


@pytest.fixture
def github() -> Iterator[tuple[str, list[tuple[str, dict[str, str], Any]], list[int]]]:
    """Give a stand-in for GitHub's API on loopback: address, what it got, statuses to answer.

    A negative status comes with a limit of requests that is used up.
    """
    got: list[tuple[str, dict[str, str], Any]] = []
    statuses: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, dict(self.headers), json.loads(body)))
            status = statuses.pop(0) if statuses else 204
            self.send_response(abs(status))
            if status < 0:
                self.send_header("X-RateLimit-Remaining", "0")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", got, statuses
    server.shutdown()
    thread.join()
    server.server_close()


def test_github_is_told_again_until_it_listens(github: Any) -> None:
    """Faults are passed over, wrong tokens and names are told; the token is in the header alone."""
    url, got, statuses = github
    slept: list[float] = []
    statuses += [502, 429, -403]
    GitHub(url, "o/r", Secret("t0ken"), sleep=slept.append).dispatch({"translations": 2})
    path, headers, body = got[-1]
    assert (len(got), path, body["event_type"]) == (4, "/repos/o/r/dispatches", "l10nsync-published")
    assert headers["Authorization"] == "Bearer t0ken"
    assert len(slept) == 3
    for refused in (404, 403):
        statuses += [refused]
        with pytest.raises(CredentialsError, match="o/r"):
            GitHub(url, "o/r", Secret("t"), sleep=slept.append).dispatch({})
    statuses += [500] * 9
    with pytest.raises(TemporaryError, match="HTTP 500"):
        GitHub(url, "o/r", Secret("t"), sleep=slept.append).dispatch({})
    with pytest.raises(UsageError):
        GitHub(url, "o/r/../x", Secret("t"))
    with pytest.raises(CredentialsError):
        GitHub(url, "o/r", Secret(""))
    with pytest.raises(UsageError, match="https"):
        GitHub("http://github.example.org/api/v3", "o/r", Secret("t0ken"))


def test_github_is_told_instead_of_pulling(repo: Repo, runner: Runner, github: Any) -> None:
    """With --dispatch nothing is written here; the event says how many translations wait, no more."""
    url, got, _statuses = github
    runner.environ = {"GITHUB_TOKEN": "t", "GITHUB_API_URL": url}
    repo.commit({".l10n.yml": MANIFEST, "src/en/a.json": '{"title": "One text"}'})
    runner.run(repo, "push")
    runner.translate()

    done = runner.run(repo, "watch", "--once", "--listen", "none", "--dispatch", "octo/shop")

    assert "notified octo/shop: 2 translations are waiting" in done.err
    assert [body for _path, _headers, body in got] == [
        {"event_type": "l10nsync-published", "client_payload": {"translations": 2}}
    ]
    assert repo.git("status", "--short") == ""


def test_github_is_told_once_of_what_waits(repo: Repo, runner: Runner, github: Any) -> None:
    """A second look that finds the same is silent; one that finds more, or another text, is not."""
    url, got, _statuses = github
    repo.commit({".l10n.yml": MANIFEST, "src/en/a.json": '{"title": "One text"}'})
    runner.run(repo, "push")
    environ = runner.environment()
    told: list[str] = []
    look = _Look(
        Settings(repo.root), environ, connector(Options(environ=environ)),
        GitHub(url, "octo/shop", Secret("t")), told.append, lambda _report: None,
    )  # fmt: skip

    assert look() == (False, 0)
    runner.translate({"de-DE": 100})
    assert [look(), look()] == [(True, 0), (False, 0)]
    runner.translate()
    assert [look(), look()] == [(True, 0), (False, 0)]
    assert [body["client_payload"]["translations"] for _, _, body in got] == [1, 2]


def test_a_question_is_told_of_once(repo: Repo, runner: Runner) -> None:
    """After a call about questions the watch looks for them, and tells of those that are new."""
    repo.commit({".l10n.yml": MANIFEST, "src/en/a.json": '{"title": "One text"}'})
    runner.run(repo, "push")
    ask(runner, "src/en/a.json", "One text", "Which text?")
    environ = runner.environment()
    told: list[str] = []
    look = _Look(
        Settings(repo.root), environ, connector(Options(environ=environ)), None, told.append,
        lambda _report: None,
    )  # fmt: skip
    ear = Ear(Address(), WatchPace())
    event = {"eventType": "sourceIssue.created", "eventId": "e1"}

    assert ear.answer(post(json.dumps(event).encode())) == 204
    for _ in range(2):
        look(asked=ear.take_asked())
    look(asked=True)

    (line,) = told
    assert "src/en/a.json:1:12 (title)" in line
    assert "Which text?" in line


def test_the_workflow_that_pulls_waits_for_the_event_that_is_sent() -> None:
    """The relay, the workflow of the examples and the page speak of one type of event."""
    workflow = yaml.safe_load((ROOT / "examples/workflows/l10n-pull.yml").read_text("utf-8"))
    assert workflow[True]["repository_dispatch"]["types"] == [github_client.EVENT]
    assert f"types: [{github_client.EVENT}]" in (ROOT / "docs/watch.md").read_text("utf-8")


def test_a_signal_ends_the_command_with_the_watch(repo: Repo, runner: Runner) -> None:
    """SIGTERM while the command runs: neither it nor the watch is left behind."""
    repo.commit({".l10n.yml": MANIFEST, "src/en/a.json": '{"title": "One text"}'})
    runner.run(repo, "push")
    runner.translate()
    command = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    watching = runner.start(repo, "watch", "--listen", "none", "--", sys.executable, "-c", command)
    assert watching.stdout
    while not (line := watching.stdout.readline().strip()).isdigit():
        assert line, "the watch ended"

    watching.terminate()

    assert watching.wait(timeout=20) == 143
    with pytest.raises(ProcessLookupError):
        os.kill(int(line), 0)


def test_an_interrupt_ends_a_watch_in_order(repo: Repo, runner: Runner) -> None:
    """SIGTERM while it waits: exit code 143, no traceback."""
    repo.commit({".l10n.yml": MANIFEST, "src/en/a.json": '{"title": "One text"}'})
    watching = runner.start(repo, "watch", "--listen", "127.0.0.1:0")
    assert watching.stderr
    watching.stderr.readline()
    assert watching.stderr.readline() == "nothing new is published; waiting\n"
    watching.terminate()
    _out, err = watching.communicate(timeout=30)
    assert watching.returncode == 143
    assert "Traceback" not in err
