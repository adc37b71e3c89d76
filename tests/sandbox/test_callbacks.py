"""What the sandbox tells others by itself: callbacks and webhooks, to real listeners."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from l10nsync.sandbox.groups.webhooks.rules import SIGNATURE, signature
from l10nsync.sandbox.testing import wait_for
from tests.sandbox_fixtures import RestClient

HELLO = b'{"greeting": "Hello world", "farewell": "Good bye"}'
HOOKS = "/webhooks-api/v2/accounts/sandbox1/subscriptions"


@dataclass(slots=True)
class Listener:
    """A receiver that keeps what it gets."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    """Answers to give, in turn; afterwards 204."""
    got: list[tuple[str, str, bytes, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Run a real HTTP listener on loopback."""
    kept = Listener()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            """Keep the request and answer it."""
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kept.got.append((self.command, self.path, body, dict(self.headers)))
            self.send_response(kept.statuses.pop(0) if kept.statuses else 204)
            self.end_headers()

        do_GET = do_POST = answer  # noqa: N815 - the names that the base class looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_file_calls_back_when_it_is_published(rest: RestClient, listener: Listener) -> None:
    """A GET with `locale` and `fileUri`, once all authorized strings are published there."""
    rest.upload("dir/a b.json", HELLO, callbackUrl=f"{listener.url}?x=1")
    rest.control.translate(rest.project, {"de-DE": 100, "fr-FR": 50})
    wait_for(lambda: listener.got)
    (method, path, _, _) = listener.got[0]
    assert method == "GET"
    assert parse_qs(urlsplit(path).query) == {"x": ["1"], "locale": ["de-DE"], "fileUri": ["dir/a b.json"]}
    assert len(listener.got) == 1


def test_a_callback_is_repeated_until_it_is_taken(rest: RestClient, listener: Listener) -> None:
    """Anything but a 2xx means again; then no more."""
    rest.control.switches(rest.project, resend_seconds=0.01)
    listener.statuses += [500, 302, 404]
    rest.upload("a.json", HELLO, callbackUrl=listener.url)
    rest.control.translate(rest.project, {"de-DE": 100})
    wait_for(lambda: rest.control.deliveries(rest.project)[0]["taken"])
    assert rest.control.deliveries(rest.project)[0]["statuses"] == [500, 302, 404, 204]


def test_only_this_machine_is_called(rest: RestClient) -> None:
    """A callback to another host is not sent."""
    rest.upload("a.json", HELLO, callbackUrl="http://192.0.2.1/hook")
    rest.control.translate(rest.project, {"de-DE": 100})
    wait_for(lambda: rest.control.deliveries(rest.project)[0]["statuses"])
    assert rest.control.deliveries(rest.project)[0]["statuses"] == [-1]


def test_a_job_calls_back_by_locale_and_as_a_whole(rest: RestClient, listener: Listener) -> None:
    """Its own method; `type` tells what happened."""
    body = {
        "jobName": "n",
        "callbackUrl": listener.url,
        "callbackMethod": "POST",
        "targetLocaleIds": ["de-DE", "fr-FR"],
    }
    uid = rest.send("POST", rest.jobs(), body=body).data["translationJobUid"]
    rest.upload("a.json", HELLO)
    rest.send("POST", rest.jobs(f"/{uid}/file/add"), body={"fileUri": "a.json"})
    rest.control.translate(rest.project, {"de-DE": 100})
    rest.control.translate(rest.project, {"fr-FR": 100})
    wait_for(lambda: len(listener.got) == 3)
    got = [parse_qs(content.decode()) for _, _, content, _ in listener.got]
    assert sorted((each["type"][0], each.get("localeId", [""])[0]) for each in got) == [
        ("job.completed", ""),
        ("job.localeCompleted", "de-DE"),
        ("job.localeCompleted", "fr-FR"),
    ]
    assert {each["translationJobUid"][0] for each in got} == {uid}


def test_a_subscription_gets_signed_events_of_its_projects(rest: RestClient, listener: Listener) -> None:
    """The payload names project, file and locale; the signature fits the raw body."""
    body = {
        "subscriptionName": "s",
        "subscriptionUrl": listener.url,
        "events": [{"type": "file.published", "schemaVersion": "1.0"}],
        "projectUids": [rest.project],
        "payloadSecret": "k3y",
        "requestHeaders": [{"headerName": "X-Mine", "headerValue": "1"}],
    }
    made = rest.send("POST", HOOKS, body=body).data
    assert "payloadSecret" not in made
    rest.upload("a.json", HELLO)
    rest.control.translate(rest.project, {"de-DE": 100})
    wait_for(lambda: listener.got)
    _, _, content, headers = listener.got[0]
    payload = json.loads(content)
    assert (payload["eventType"], payload["project"]["projectUid"]) == ("file.published", rest.project)
    assert payload["publishedFile"]["publishedLocale"]["localeId"] == "de-DE"
    assert headers[SIGNATURE] == signature("k3y", content)
    assert headers["X-Mine"] == "1"
    hook = f"{HOOKS}/{made['subscriptionUid']}"
    wait_for(lambda: rest.send("GET", f"{hook}/statistics").data["successEvents"] == 1)
    (event,) = rest.send("GET", f"{hook}/events").data["items"]
    rest.send("POST", f"{hook}/events/{event['eventId']}/send")
    wait_for(lambda: rest.send("GET", f"{hook}/events/{event['eventId']}/attempts").data["totalCount"] == 2)
    assert json.loads(listener.got[1][2])["eventId"] == event["eventId"]
    rest.send("DELETE", hook)
    assert rest.send("GET", hook).status == 404


def test_a_subscription_can_be_changed_and_switched_off(rest: RestClient, listener: Listener) -> None:
    """Disabled subscriptions hear nothing; unknown event types are refused."""
    body = {
        "subscriptionName": "s",
        "subscriptionUrl": listener.url,
        "events": [{"type": "translationJob.created", "schemaVersion": "1.0"}],
        "projectUids": [rest.project],
    }
    hook = f"{HOOKS}/{rest.send('POST', HOOKS, body=body).data['subscriptionUid']}"
    rest.send("POST", f"{hook}/disable")
    rest.job("unheard")
    rest.send("POST", f"{hook}/enable")
    rest.send("PUT", f"{hook}/secret", body={"payloadSecret": "k"})
    assert rest.send("GET", f"{hook}/secret").data == {"payloadSecret": "k"}
    rest.job("heard")
    wait_for(lambda: listener.got)
    assert json.loads(listener.got[0][2])["translationJob"]["jobName"] == "heard"
    assert rest.send("POST", f"{hook}/patch", body={"events": [{"type": "none"}]}).status == 400
    assert rest.send("POST", f"{hook}/patch", body={"description": "d"}).data["description"] == "d"
    rest.send("DELETE", hook)
