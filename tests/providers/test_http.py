"""The HTTP client against a real socket: authentication, waiting, repeating, checking, keeping secrets."""

from __future__ import annotations

import base64
import json
import random
import stat
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from threading import Barrier, Event, Thread
from threading import enumerate as enumerate_threads

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l10nsync.errors import (
    CredentialsError,
    Interrupted,
    L10nSyncError,
    ServiceError,
    TemporaryError,
    UsageError,
)
from l10nsync.printable import escape
from l10nsync.providers.http import Call, Client, Unanswered, checked_base_url
from l10nsync.providers.multipart import encode
from l10nsync.providers.replies import is_error_envelope, judge, read_reply
from l10nsync.providers.throttle import FLOOR, Throttle, fault_delay, limit_delay, retry_after
from l10nsync.providers.trace import HIDDEN, Redactor, encodings
from l10nsync.providers.workers import Crew, each, gather
from tests.canary import leaks, packed, spellings
from tests.providers.service import (
    SECRET,
    Asked,
    Service,
    VirtualClock,
    answer,
    client,
    connection,
    refusal,
    running,
    success,
)

GET = Call("read", "GET", "/thing")
POST = Call("create", "POST", "/thing", json={"a": 1}, repeatable=False)
FILE = Call("download", "GET", "/file", accept_file=True)


@pytest.fixture
def service() -> Iterator[Service]:
    with running(Service()) as made:
        yield made


def script(service: Service, *answers: bytes | None) -> None:
    """Let SERVICE give these answers in order, the last one for ever."""
    left = list(answers)
    service.respond = lambda _asked: left.pop(0) if len(left) > 1 else left[0]


# --- plain sending ---


def test_a_call_arrives_as_it_was_meant(service: Service) -> None:
    """Method, query, JSON body, token and our name reach the service; compression is not asked for."""
    with client(service) as (http, _):
        call = Call("make", "POST", "/a/b%20c", params=(("x", "ä&b"), ("x", "2")), json={"ü": [1]})
        assert http.send(call).data == {"items": []}
    asked = service.asked[-1]
    assert (asked.method, asked.path, asked.query) == ("POST", "/a/b%20c", "x=%C3%A4%26b&x=2")
    assert json.loads(asked.body) == {"ü": [1]}
    assert asked.token == "token-login-1-canary"
    assert asked.headers["accept-encoding"] == "identity"
    assert asked.headers["user-agent"] == "integration-test-cli/1"
    assert http.server_time == "2026-08-01T10:00:00Z"
    assert http.requests == {"authenticate": 1, "make": 1}


def test_netrc_never_replaces_our_token(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hostile `.netrc` and a proxy in the environment change nothing on loopback."""
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login evil password evil\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with client(service) as (http, _):
        http.send(GET)
    assert service.asked[-1].headers["authorization"] == "Bearer token-login-1-canary"


@pytest.mark.parametrize(
    "url",
    [
        "http://api.smartling.com",
        "ftp://127.0.0.1",
        "https://user:pw@api.smartling.com",
        "https://api.smartling.com?x=1",
        "api.smartling.com",
        "http://127.0.0.1.evil.example",
        "",
    ],
)
def test_a_bad_address_is_refused(url: str) -> None:
    """Credentials travel by https, or by http to this machine, and by nothing else."""
    with pytest.raises(UsageError):
        checked_base_url(url)


def test_test_credentials_stay_on_this_machine() -> None:
    """The sandbox's dummy credentials are never sent to a real host."""
    with pytest.raises(CredentialsError, match=r"not sent to api\.smartling\.com"):
        Client(connection("https://api.smartling.com"))


# --- tokens ---


def guarded(service: Service) -> None:
    """Let SERVICE accept only tokens that are still good."""
    service.respond = lambda asked: (
        success({})
        if asked.token in service.valid
        else refusal(401, "AUTHENTICATION_ERROR", key="invalid_token")
    )


@pytest.mark.parametrize("workers", [10, 50])
def test_many_threads_renew_a_token_once(service: Service, workers: int) -> None:
    """All requests in flight see a 401; one refresh serves them all, and none is lost."""
    barrier = Barrier(workers)

    def respond(asked: Asked) -> bytes:
        if asked.token == "token-login-1-canary":
            barrier.wait(10)
            return refusal(401, "AUTHENTICATION_ERROR", key="invalid_token")
        return success({"path": asked.path})

    service.respond = respond
    with client(service, concurrency=workers) as (http, _):
        calls = [Call("read", "GET", f"/{number}") for number in range(workers)]
        found = gather(lambda call: http.send(call).data, calls, workers)
    assert found == [{"path": f"/{number}"} for number in range(workers)]
    assert (service.counts["login"], service.counts["refresh"]) == (1, 1)
    assert http.requests["read"] == 2 * workers


def test_a_token_is_refreshed_before_it_ends(service: Service) -> None:
    """Within the margin before its end a token is replaced, without a failed request."""
    guarded(service)
    with client(service) as (http, clock):
        http.send(GET)
        clock.time += 449
        http.send(GET)
        clock.time += 2
        http.send(GET)
    assert (service.counts["login"], service.counts["refresh"], service.counts["/thing"]) == (1, 1, 3)


def test_a_dead_refresh_token_leads_to_a_new_login(service: Service) -> None:
    """A refresh that is refused is followed by one full authentication."""
    guarded(service)
    service.refuse_refresh = True
    with client(service) as (http, _):
        http.send(GET)
        service.expire()
        http.send(GET)
    assert service.counts["login"] == 2


def test_twelve_hours_pass_with_new_sessions(service: Service) -> None:
    """Lifetimes that shrink at the end of a session lead to a new login, not to failures."""
    guarded(service)
    began = 0.0

    def age(clock: VirtualClock) -> None:
        left = 12 * 3600 - (clock.now() - began)
        service.expires_in = max(0, min(480, int(left)))
        service.refresh_expires_in = max(0, min(3660, int(left)))

    with client(service, deadline=1e9) as (http, clock):
        logins = 0
        while clock.now() < 30 * 3600:
            if service.counts["login"] > logins:
                logins, began = service.counts["login"], clock.now()
            age(clock)
            http.send(GET)
            clock.time += 400
    assert 3 <= service.counts["login"] <= 4
    assert service.counts["/thing"] == 270


def test_a_wrong_secret_is_final(service: Service) -> None:
    """A refused login stops at once and says which variables to look at."""
    service.refuse_login = True
    with client(service) as (http, _), pytest.raises(CredentialsError) as raised:
        http.send(GET)
    assert "SMARTLING_USER_SECRET" in raised.value.hint
    assert service.counts["/auth-api/v2/authenticate"] == 1


def test_a_fresh_token_that_is_refused_is_final(service: Service) -> None:
    """Where nothing was served yet, new tokens that are refused mean wrong credentials, and soon."""
    script(service, refusal(401, "AUTHENTICATION_ERROR"))
    with client(service) as (http, clock), pytest.raises(CredentialsError):
        http.send(GET)
    assert service.counts["/thing"] == 3
    assert clock.now() < 2


def test_a_fresh_token_that_is_refused_here_and_taken_there_is_a_fault(service: Service) -> None:
    """Credentials that were good a moment ago are not wrong: the call is repeated, and then temporary."""
    service.respond = lambda asked: (
        refusal(401, "AUTHENTICATION_ERROR") if "bad" in asked.path else success({})
    )
    with client(service) as (http, _):
        http.send(GET)
        with pytest.raises(TemporaryError, match="AUTHENTICATION_ERROR"):
            http.send(Call("read", "GET", "/bad"))
        answers = iter([refusal(401, "x"), refusal(401, "x"), refusal(401, "x"), success({"done": True})])
        service.respond = lambda _asked: next(answers)
        assert http.send(POST).data == {"done": True}
    assert service.counts["/bad"] == 9


def test_no_credentials_send_nothing(service: Service) -> None:
    """An empty user is noticed before any request."""
    with client(service, user="") as (http, _), pytest.raises(CredentialsError):
        http.send(GET)
    assert service.asked == []


# --- waiting and repeating ---


@pytest.mark.parametrize(
    "trouble",
    [
        refusal(429, "MAX_OPERATIONS_LIMIT_EXCEEDED"),
        refusal(500, "SERVICE_BUSY"),
        refusal(423, "RESOURCE_LOCKED"),
        refusal(423, "VALIDATION_ERROR"),
        refusal(400, "VALIDATION_ERROR", "File locked: a.json"),
        refusal(401, "AUTHENTICATION_ERROR"),
        refusal(503, "MAINTENANCE_MODE_ERROR"),
    ],
)
def test_what_was_not_applied_is_repeated_even_for_a_create(service: Service, trouble: bytes) -> None:
    """Limits, locks, maintenance and an expired token are waited out, for every kind of call."""
    script(service, trouble, success({"done": True}))
    with client(service) as (http, _):
        assert http.send(POST).data == {"done": True}
    assert service.counts["/thing"] == 2


@pytest.mark.parametrize(
    "trouble", [refusal(500, "GENERAL_ERROR"), answer(502, b"<html>"), answer(503), answer(504), None]
)
def test_a_fault_is_repeated_only_where_that_is_harmless(service: Service, trouble: bytes | None) -> None:
    """A read is repeated; a create raises `Unanswered`, because it may have been applied."""
    script(service, trouble, success({"done": True}))
    with client(service) as (http, _):
        assert http.send(GET).data == {"done": True}
        script(service, trouble)
        before = service.counts["/thing"]
        with pytest.raises(Unanswered):
            http.send(POST)
    assert service.counts["/thing"] == before + 1


def test_an_unreachable_host_is_tried_until_the_deadline() -> None:
    """Nothing was sent, so even a create is tried again; in the end the run may be repeated."""
    service = Service(url="http://127.0.0.1:1")
    with client(service, deadline=100) as (http, clock), pytest.raises(TemporaryError) as raised:
        http.send(POST)
    assert "cannot reach 127.0.0.1" in raised.value.message
    assert raised.value.hint
    assert 60 < clock.now() <= 100


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "VALIDATION_ERROR", ServiceError),
        (404, "NOT_FOUND_ERROR", ServiceError),
        (403, "AUTHORIZATION_ERROR", CredentialsError),
        (500, "INSUFFICIENT_FUNDS_ERROR", ServiceError),
        (501, "GENERAL_ERROR", ServiceError),
        (200, "VALIDATION_ERROR", ServiceError),
    ],
)
def test_a_refusal_is_final(service: Service, status: int, code: str, kind: type[L10nSyncError]) -> None:
    """What would be refused again is sent once, and the error carries the request id."""
    script(service, refusal(status, code, "because"))
    with client(service) as (http, _), pytest.raises(kind, match=r"because \(request id req-1\)"):
        http.send(GET)
    assert service.counts["/thing"] == 1


def test_a_general_error_is_tried_a_few_times(service: Service) -> None:
    """A server fault that stays is given up long before the deadline."""
    script(service, refusal(500, "GENERAL_ERROR", "boom"))
    with client(service) as (http, clock), pytest.raises(TemporaryError, match="boom"):
        http.send(GET)
    assert service.counts["/thing"] == 8
    assert clock.now() < 60


def test_a_maintenance_is_named(service: Service) -> None:
    """Maintenance is waited for some minutes at most and named in the error."""
    script(service, refusal(503, "MAINTENANCE_MODE_ERROR"))
    with client(service) as (http, clock), pytest.raises(TemporaryError, match="in maintenance"):
        http.send(GET)
    assert 120 < clock.now() < 300


def test_a_429_for_ever_ends_at_the_deadline(service: Service) -> None:
    """The run's deadline ends the waiting, with the advice to run again."""
    script(service, refusal(429, "MAX_OPERATIONS_LIMIT_EXCEEDED", "slow down"))
    with client(service, deadline=300) as (http, clock), pytest.raises(TemporaryError) as raised:
        http.send(GET)
    assert "slow down" in raised.value.message
    assert raised.value.hint.startswith("Run the same command again")
    assert clock.now() <= 300


def test_retry_after_is_obeyed(service: Service) -> None:
    """The service's own waiting time wins, clamped to two minutes."""
    script(
        service,
        refusal(429, "MAX_OPERATIONS_LIMIT_EXCEEDED", Retry_After="7"),
        refusal(429, "MAX_OPERATIONS_LIMIT_EXCEEDED", Retry_After="9999"),
        success({}),
    )
    with client(service) as (http, clock):
        http.send(GET)
    assert clock.waits == [7.0, 120.0]


def test_a_storm_of_429_costs_time_but_no_request(service: Service) -> None:
    """With 30 % of all answers 429, everything succeeds with less than 1.6 times the requests."""
    chance = random.Random(7)
    service.respond = lambda _asked: (
        refusal(429, "MAX_OPERATIONS_LIMIT_EXCEEDED") if chance.random() < 0.3 else success({})
    )
    calls = 600
    with client(service, deadline=1e6) as (http, _):
        found = list(each(lambda _: http.send(GET), range(calls), 8))
    assert not [error for _, error in found if isinstance(error, Exception)]
    assert http.requests["read"] <= 1.6 * calls


def test_close_wakes_who_waits(service: Service) -> None:
    """A client that is closed sends nothing more and ends the wait of its threads."""
    script(service, refusal(423, "RESOURCE_LOCKED"))
    made = Client(connection(service.url))
    raised: list[BaseException] = []

    def run() -> None:
        try:
            made.send(Call("read", "GET", "/thing", authorized=False))
        except Interrupted as error:
            raised.append(error)

    thread = Thread(target=run)
    thread.start()
    while not service.asked:
        thread.join(0.01)
    made.close()
    thread.join(3)
    assert not thread.is_alive()
    assert len(raised) == 1


def test_a_tls_failure_is_final_at_once(service: Service) -> None:
    """A connection whose other end is not what it should be is tried once."""
    url = service.url.replace("http:", "https:")
    made = Client(connection(url), VirtualClock())
    with pytest.raises(TemporaryError, match="TLS connection to 127") as raised:
        made.send(Call("read", "GET", "/thing", authorized=False))
    made.close()
    assert "SSL_CERT_FILE" in raised.value.hint
    assert made.requests == {"read": 1}


# --- answers that must not be believed ---


@pytest.mark.parametrize(
    "broken",
    [
        answer(200, b"half", length=10, Connection="close"),
        answer(200, b""),
        answer(200, b"perhaps cut", framed=False),
        answer(200, b"packed", Content_Encoding="gzip"),
        answer(200, b"<!DOCTYPE html><title>Sign\n in</title>"),
        answer(202, b"later"),
        None,
    ],
)
def test_a_broken_download_is_never_returned(service: Service, broken: bytes | None) -> None:
    """A cut, empty, packed or unframed body and an HTML page are asked for again, then refused."""
    script(service, broken, answer(200, b"good"))
    with client(service, deadline=30) as (http, _):
        assert http.send(FILE).body == b"good"
        script(service, broken)
        with pytest.raises((ServiceError, TemporaryError)):
            http.send(FILE)


def test_an_error_envelope_is_no_file(service: Service) -> None:
    """A refusal with status 200 is an error, even where a file was asked for."""
    script(service, refusal(200, "VALIDATION_ERROR", "no such file"))
    with client(service) as (http, _), pytest.raises(ServiceError, match="no such file"):
        http.send(FILE)


def test_html_may_be_content(service: Service) -> None:
    """An HTML file is a file where one is expected."""
    page = b"<html><title>Hallo</title></html>"
    script(service, answer(200, page))
    with client(service) as (http, _):
        assert http.send(Call("download", "GET", "/f", accept_file=True, may_be_html=True)).body == page


def test_chunked_files_are_whole(service: Service) -> None:
    """A chunked body says where it ends, so it is taken."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    script(service, head + b"4\r\ngood\r\n0\r\n\r\n")
    with client(service) as (http, _):
        assert http.send(FILE).body == b"good"


@pytest.mark.parametrize("body", [b'{"response": {"code": "SUCC', b"<html><title>Login</title>", b"", b"7"])
def test_an_answer_that_is_no_envelope_is_refused(service: Service, body: bytes) -> None:
    """HTML or a part of JSON is no success."""
    script(service, answer(200, body))
    with client(service) as (http, _):
        with pytest.raises(ServiceError, match="expected JSON"):
            http.send(GET)
        with pytest.raises(Unanswered):
            http.send(POST)


def test_a_huge_answer_is_refused(service: Service) -> None:
    """More than the limit is not read."""
    script(service, answer(200, b"x" * 2000))
    with client(service) as (http, _), pytest.raises(L10nSyncError, match="larger than 1000 bytes"):
        http.send(Call("download", "GET", "/f", accept_file=True, limit=1000))


def test_redirects_are_not_followed(service: Service) -> None:
    """A redirect is an error that names the host; the body with the secret stays here."""
    script(service, answer(307, Location="https://evil.example/x?token=1"))
    with client(service) as (http, _), pytest.raises(ServiceError, match=r"redirect to evil\.example"):
        http.send(POST)


# --- secrets ---


def test_no_secret_in_any_output(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A service that echoes the secret in every encoding does not get it into output, log or errors."""
    log = tmp_path / "log.jsonl"
    echo = (
        " ".join(sorted({*spellings(SECRET), *packed(SECRET)}))
        + " token-login-1-canary again-token-login-1-canary"
    )
    script(service, refusal(400, "VALIDATION_ERROR", echo, key=SECRET))
    with client(service, verbosity=2, log_file=str(log)) as (http, _), pytest.raises(ServiceError) as raised:
        http.send(
            Call("read", "GET", "/thing", params=(("q", SECRET), ("callbackUrl", "https://x/?k=canary9")))
        )
    output = capsys.readouterr()
    everything = output.out + output.err + log.read_text() + str(raised.value) + repr(raised.value.reply)
    assert "canary" not in everything
    assert not leaks(SECRET, everything)
    assert "GET /thing 400" in output.err
    assert "req-1" in output.err
    assert output.out == ""
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    lines = [json.loads(each) for each in log.read_text().split("\n") if each]
    assert [line["operation"] for line in lines] == ["authenticate", "read"]


def test_what_a_service_says_is_escaped_in_traces(
    service: Service, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Neither terminal nor log of a CI obeys it: escapes, directions, lines and commands are made visible."""
    said = "\x1b[2J\u202e\x9b\n::error::x ##[error]y ##vso[task.setvariable]z"
    script(service, refusal(400, "VALIDATION_ERROR", said, X_SL_RequestId="\x1b[31mid"))
    log = tmp_path / "log"
    with client(service, verbosity=2, log_file=str(log)) as (http, _), pytest.raises(ServiceError):
        http.send(GET)
    for shown in (capsys.readouterr().err, log.read_text("utf-8")):
        assert not {"\x1b", "\x9b", "\u202e"} & set(shown)
        assert not [line for line in shown.split("\n") if line.lstrip().startswith("::")]
    assert escape("::add-mask::x ##[group]") == r"\x3a:add-mask::x #\x23[group]"


@pytest.mark.parametrize("header", ["0", "-5", "1", "Sat, 01 Aug 2026 10:00:00 GMT", "soon", "9" * 400])
@pytest.mark.parametrize("status", [429, 503])
def test_no_retry_after_makes_a_storm_or_an_endless_wait(service: Service, header: str, status: int) -> None:
    """Our own back-off is the least that is waited, and two minutes the most."""
    script(service, *[answer(status, Retry_After=header)] * 4, success({}))
    with client(service) as (http, clock):
        http.send(GET)
    assert max(clock.waits) <= 120
    assert min(clock.waits) >= FLOOR
    assert sum(clock.waits) > 1


def test_content_is_never_shown(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    """Even with `-vv` only names and sizes of what is sent are shown."""
    with client(service, verbosity=2) as (http, _):
        http.send(Call("up", "POST", "/up", form=(("fileUri", "a"),), file=b"private text"))
    shown = capsys.readouterr().err
    assert "file 12 B" in shown
    assert "private text" not in shown


@given(st.text(min_size=6), st.text(), st.text())
def test_a_secret_inside_base64_is_hidden(secret: str, before: str, after: str) -> None:
    """Wherever in a longer text a secret is encoded, its inner part is blanked out."""
    redact = Redactor([secret])
    packed = (before + secret + after).encode()
    texts = [*encodings(secret), base64.b64encode(packed).decode(), base64.urlsafe_b64encode(packed).decode()]
    assert [text for text in texts if HIDDEN not in redact(f"<{text}>")] == []


# --- small pieces ---


@given(st.binary(max_size=300), st.integers(100, 599))
def test_any_body_gives_a_reply(body: bytes, status: int) -> None:
    """Whatever bytes come, there is a reply and a verdict."""
    assert judge(read_reply(status, body)) in {
        "fine", "renew", "limit", "lock", "fault", "maintenance", "forbidden", "final",
    }  # fmt: skip


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["response", "data", "errors", "error", "code", "key", "message"]), inner
        )
    ),
)


@given(_json)
def test_any_json_gives_a_reply(value: object) -> None:
    """Envelopes of every shape are read without a fault."""
    reply = read_reply(400, json.dumps(value).encode())
    assert isinstance(reply.message, str)


@pytest.mark.parametrize(
    "body",
    [
        {"response": {"code": "X", "errors": [{"key": "k", "message": "m", "details": {"field": "f"}}]}},
        {"response": {"code": "X", "errors": {"key": "k", "message": "m", "details": {"field": "f"}}}},
        {
            "response": {
                "code": "X",
                "data": {"errors": [{"key": "k", "message": "m", "details": {"field": "f"}}]},
            }
        },
        {"code": "X", "errors": [{"key": "k", "message": "m", "details": {"field": "f"}}]},
        {"error": {"code": "X", "key": "k", "message": "m", "details": {"field": "f"}}},
    ],
)
def test_every_shape_of_error_is_understood(body: object) -> None:
    """Code, key, message and details are found wherever the service puts them."""
    reply = read_reply(400, json.dumps(body).encode())
    assert (reply.code, reply.key, reply.message, reply.details) == ("X", "k", "m", '{"field": "f"}')


def test_a_translated_file_may_have_a_response() -> None:
    """A JSON file with a key `response` is content unless it has the envelope's whole shape."""
    assert not is_error_envelope(b'{"response": "Antwort"}')
    assert not is_error_envelope(b'{"response": {"code": "Kode", "title": "Titel"}}')
    assert is_error_envelope(b'{"response": {"code": "GENERAL_ERROR", "errors": []}}')


@given(st.lists(st.tuples(st.text('abc[]._"\r\n', min_size=1), st.text())), st.binary())
def test_multipart_can_be_read_back(fields: list[tuple[str, str]], file: bytes) -> None:
    """Every field and the file come out of the body as they went in, whatever they hold."""
    content_type, body = encode(fields, file)
    boundary = content_type.partition("boundary=")[2].encode()
    parts = body.split(b"--" + boundary)
    assert parts[0] == b""
    assert parts[-1] == b"--\r\n"
    values = [part.partition(b"\r\n\r\n")[2][:-2] for part in parts[1:-1]]
    assert values == [*(value.encode() for _, value in fields), file]
    assert b'name="file"; filename="file"' in parts[-2]
    assert (content_type, body) == encode(fields, file)


@given(st.integers(0, 100), st.floats(0, 1, exclude_max=True))
def test_delays_stay_in_their_bounds(attempt: int, chance: float) -> None:
    """Limits wait at least half a second, never over a minute; faults never over 20 s."""
    assert 0.5 <= limit_delay(attempt, chance) <= 60
    assert FLOOR <= fault_delay(attempt, chance) <= 20


def test_retry_after_takes_only_seconds() -> None:
    """A date or nonsense is no waiting time."""
    assert retry_after(" 5 ") == 5.0
    assert retry_after("9" * 5000) == 120.0
    assert retry_after("Sat, 01 Aug 2026 10:00:00 GMT") == 0
    assert retry_after("-1") == 0
    assert retry_after("0") == 0
    assert retry_after("²") == 0
    assert retry_after("") == 0


def test_the_gate_halves_and_grows() -> None:
    """One event of throttling halves the limit once; 20 successes win one place back."""
    clock = VirtualClock()
    gate = Throttle(8, clock, Event())
    gate.throttled(0)
    gate.throttled(0)
    assert gate.limit == 4
    for _ in range(20):
        gate.succeeded()
    assert gate.limit == 5
    for _ in range(200):
        gate.succeeded()
    assert gate.limit == 8


def test_a_pause_holds_everybody() -> None:
    """Nobody passes before the pause is over."""
    clock = VirtualClock()
    gate = Throttle(2, clock, Event())
    gate.throttled(30.0)
    with gate.passing():
        assert clock.now() >= 30


def test_each_begins_nothing_after_the_reader_stops() -> None:
    """A reader that stops early leaves the rest undone."""
    begun: list[int] = []
    go_on = Event()

    def work(number: int) -> int:
        begun.append(number)
        if number > 1:
            go_on.wait(5)
        return number

    results = each(work, range(1000), 2)
    next(results)
    results.close()  # type: ignore[attr-defined]
    go_on.set()
    assert len(begun) <= 4


def test_each_hands_over_errors_and_gather_raises_them() -> None:
    """What a function raises is the item's result; `gather` raises it to the caller."""

    def work(number: int) -> int:
        if number == 1:
            raise ValueError
        return number * 2

    found = dict(each(work, range(3), 2))
    assert isinstance(found[1], ValueError)
    assert (found[0], found[2]) == (0, 4)
    with pytest.raises(ValueError):
        gather(work, range(3), 2)


def test_a_crew_starts_a_thread_only_where_none_is_free() -> None:
    """One that hangs is left alone; all others end when they are dismissed."""
    crew, done, go_on = Crew("crew-of-a-test"), SimpleQueue[str](), Event()

    def crew_now() -> list[Thread]:
        return [thread for thread in enumerate_threads() if thread.name == "crew-of-a-test"]

    crew.begin(lambda: done.put("hung" if go_on.wait(30) else "late"))
    for number in range(50):
        crew.begin(lambda number=number: done.put(str(number)))  # type: ignore[misc]
        assert done.get(timeout=30) == str(number)
    assert len(crew_now()) <= 3  # one is handed its work while the one before comes to rest
    crew.dismiss()
    go_on.set()
    assert done.get(timeout=30) == "hung"
    for thread in crew_now():
        thread.join(30)
    assert not crew_now()
