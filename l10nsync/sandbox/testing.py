"""A sandbox in a process of its own, and a small client for its control API; standard library only."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from http.client import HTTPConnection
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

PREFIX = "/sandbox/api/"
USER = "test-user"
SECRET = "test-secret"  # noqa: S105 - the sandbox's own, accepted nowhere else
CUSTOMER, CONTACT = "Example Corporation", "Doe, Jane"
"""In whose name an account of the sandbox's WorkFlow API orders, unless it was made for others."""
T = TypeVar("T")


def rounds(requests: Iterable[Mapping[str, Any]]) -> int:
    """Return how many of REQUESTS, as `ControlClient.requests` has them, came one after the other.

    It is the longest row of which each came when the one before was answered: what a run takes at least, in
    times that a request takes.
    """
    found, last = 0, 0
    answered = (request for request in requests if request["ended"])
    for request in sorted(answered, key=lambda request: int(request["ended"])):
        if request["began"] > last:
            found, last = found + 1, int(request["ended"])
    return found


class ControlError(RuntimeError):
    """The control API refused a request."""


class ControlClient:
    """Talks to `/sandbox/api/` of a running sandbox."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def send(self, method: str, name: str, body: Mapping[str, Any] | None = None) -> Any:
        """Send one request and return the answer; raise ControlError unless it is a success."""
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=120)
        try:
            payload = None if body is None else json.dumps(body)
            connection.request(method, PREFIX + name, payload, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise ControlError(f"{method} {name}: {answer.status} {text.decode(errors='replace')}")
        return json.loads(text)

    def reset(self) -> None:
        """Forget everything; not for tests that share a server."""
        self.send("POST", "reset", {})

    def project(
        self,
        locales: Sequence[str] | None = None,
        source: str = "en-US",
        *,
        ident: str | None = None,
        name: str = "",
    ) -> str:
        """Create a fresh project and return its id; without LOCALES it takes any locale."""
        body = {"projectId": ident, "name": name, "sourceLocaleId": source, "targetLocaleIds": locales}
        return str(
            self.send("POST", "projects", {key: value for key, value in body.items() if value is not None})[
                "projectId"
            ]
        )

    def account(self, languages: Sequence[str] | None = None, **names: str) -> str:
        """Create a fresh account of the WorkFlow API and return its user name."""
        return str(self.send("POST", "accounts", {"languages": languages, **names})["username"])

    def translate(self, project: str, locales: Mapping[str, int] | None = None, **work: Any) -> int:
        """Play the translators; see `control.translate` for WORK. Returns the strings changed."""
        return int(
            self.send("POST", f"projects/{project}/translate", {"locales": locales, **work})["strings"]
        )

    def source(
        self, project: str, uri: str, file_type: str, content: bytes, **settings: Any
    ) -> dict[str, int]:
        """Put a source into the project without a job; SETTINGS are namespace, charset, directives."""
        body = {"fileUri": uri, "fileType": file_type, "content": b64encode(content).decode(), **settings}
        found: dict[str, int] = self.send("POST", f"projects/{project}/files", body)
        return found

    def translation(
        self, project: str, uri: str, locale: str, content: bytes, *, state: str = "published", **more: Any
    ) -> dict[str, int]:
        """Take a whole translated file as the translation of a source; returns `strings` and `unknown`."""
        body = {"fileUri": uri, "localeId": locale, "content": b64encode(content).decode(), "state": state}
        found: dict[str, int] = self.send("POST", f"projects/{project}/translations", {**body, **more})
        return found

    def publish(self, project: str, locales: Sequence[str] = ()) -> int:
        """Publish what is saved."""
        return int(self.send("POST", f"projects/{project}/publish", {"locales": list(locales)})["strings"])

    def view(self, project: str) -> dict[str, Any]:
        """Return the project without ids and times."""
        found: dict[str, Any] = self.send("GET", f"projects/{project}/view")
        return found

    def finish(self, project: str) -> int:
        """End all background work of a project now."""
        return int(self.send("POST", f"projects/{project}/finish", {})["finished"])

    def last(self) -> int:
        """Return the ordinal of the last request that came in."""
        return int(self.send("GET", "requests?since=999999999")["last"])

    def requests(self, since: int = 0, project: str = "") -> list[dict[str, Any]]:
        """Return the requests after one; of one project (with the auth calls) or all."""
        found: list[dict[str, Any]] = self.send("GET", f"requests?since={since}&project={project}")[
            "requests"
        ]
        return found

    def deliveries(self, project: str = "") -> list[dict[str, Any]]:
        """Return the callbacks and webhooks that were sent, with the status of each attempt."""
        found: list[dict[str, Any]] = self.send("GET", f"deliveries?project={project}")["deliveries"]
        return found

    def fault(self, action: str, **rule: Any) -> None:
        """Add a fault rule; see `faults.Rule`."""
        self.send("POST", "faults", {"action": action, **rule})

    def faults(self) -> dict[str, Any]:
        """Return the rules in force and what is held."""
        found: dict[str, Any] = self.send("GET", "faults")
        return found

    def held(self, timeout: float = 10.0) -> list[dict[str, Any]]:
        """Wait until at least one request is held and return all that are."""
        return wait_for(lambda: self.faults()["held"], timeout)

    def release(self) -> int:
        """Let held requests go on."""
        return int(self.send("POST", "faults/release", {})["released"])

    def clear_faults(self, project: str = "") -> None:
        """Forget the rules of a project, or all."""
        self.send("POST", "faults/clear", {"project": project})

    def advance(self, seconds: float) -> str:
        """Move the virtual clock of the whole server forward."""
        return str(self.send("POST", "clock", {"advance": seconds})["now"])

    def expire_tokens(self, *, refresh: bool = False) -> None:
        """End all access tokens now."""
        self.send("POST", "tokens/expire", {"refresh": refresh})

    def policies(self, project: str = "", **kinds: Mapping[str, float | None] | None) -> None:
        """Say when background steps end: `batch={"looks": 1}`."""
        self.send("POST", "policies", {"project": project, **kinds})

    def switches(self, project: str = "", **values: Any) -> dict[str, Any]:
        """Choose the other side of open questions; returns all settings."""
        found: dict[str, Any] = self.send("POST", "switches", {"project": project, **values})
        return found


class SandboxServer:
    """A running sandbox: a context manager that ends the process.

    `url` is its address; `control` steers it; `environment(project)` is what a client needs.
    """

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "l10nsync.sandbox.server", "--until-eof", *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout is not None  # noqa: S101 - asked for above
        self.url = self.process.stdout.readline().decode().strip()
        if not self.url:
            self.stop()
            raise RuntimeError("the sandbox did not start")
        self.control = ControlClient(self.url)

    def environment(self, project: str = "sandbox00") -> dict[str, str]:
        """Return the variables that lead a client here."""
        return environment(self.url, project)

    def stop(self) -> None:
        """End the process."""
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()
        self.process.terminate()
        self.process.wait(10)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def environment(url: str, project: str) -> dict[str, str]:
    """Return the variables that lead a client to a sandbox."""
    return {
        "SMARTLING_API_URL": url,
        "SMARTLING_USER_IDENTIFIER": USER,
        "SMARTLING_USER_SECRET": SECRET,
        "SMARTLING_PROJECT_ID": project,
        "SMARTMATE_API_URL": f"{url}/smartmate",
        "SMARTMATE_USERNAME": USER,
        "SMARTMATE_PASSWORD": SECRET,
        "SMARTMATE_CUSTOMER": CUSTOMER,
        "SMARTMATE_CONTACT": CONTACT,
    }


def wait_for(look: Callable[[], T], timeout: float = 10.0) -> T:
    """Look again and again until there is something; raise TimeoutError if it takes too long."""
    deadline = time.monotonic() + timeout
    while not (found := look()):
        if time.monotonic() > deadline:
            message = f"nothing after {timeout} s"
            raise TimeoutError(message)
        time.sleep(0.01)
    return found
