"""Fixtures that start the sandbox: one server process per test session, one fresh project per test."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest

from l10nsync.sandbox.testing import SECRET, USER, ControlClient, SandboxServer
from tests.sandbox import openapi

LOCALES = ("de-DE", "fr-FR", "ja-JP")


@dataclass(slots=True)
class Answer:
    """One HTTP answer as it came over the wire."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def data(self) -> Any:
        """What stands in the envelope of a success."""
        return self.json["response"].get("data")

    @property
    def error(self) -> dict[str, Any]:
        """The first error of the envelope."""
        found: dict[str, Any] = self.json["response"]["errors"][0]
        return found

    def header(self, name: str) -> str:
        """Return a header by its exact spelling; empty if absent."""
        return next((value for key, value in self.headers if key == name), "")


@dataclass(slots=True)
class RestClient:
    """A plain HTTP client of the simulated service, for one project."""

    url: str
    project: str
    control: ControlClient
    token: str = ""
    seen: list[tuple[str, str, Answer]] = field(default_factory=list)

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        form: Sequence[tuple[str, str]] = (),
        file: bytes | None = None,
        part: str = "file",
        headers: Mapping[str, str] | None = None,
        content_type: str = "text/plain",
        arrays: Mapping[str, Any] | None = None,
        **query: Any,
    ) -> Answer:
        """Send one request; PATH may hold `{project}`, query values may be lists, ARRAYS are more of it.

        FILE goes into the multipart field PART.
        """
        payload, kind = _payload(body, form, file, content_type, part)
        sent = {"Authorization": f"Bearer {self.token or self.authenticate()}", **kind, **(headers or {})}
        target = path.replace("{project}", self.project)
        asked = {key: value for key, value in {**query, **(arrays or {})}.items() if value is not None}
        if asked:
            target += "?" + urlencode(asked, doseq=True)
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        try:
            connection.request(method, target, payload, sent)
            raw = connection.getresponse()
            answer = Answer(raw.status, raw.getheaders(), raw.read())
        finally:
            connection.close()
        self.seen.append((method, path, answer))
        return answer

    def authenticate(self) -> str:
        """Open a session and keep its access token."""
        self.token = "none"
        credentials = {"userIdentifier": USER, "userSecret": SECRET}
        self.token = str(self.send("POST", "/auth-api/v2/authenticate", body=credentials).data["accessToken"])
        return self.token

    # the calls that most tests need

    def files(self, path: str = "") -> str:
        """Return an address of the Files API."""
        return f"/files-api/v2/projects/{{project}}{path}"

    def jobs(self, path: str = "") -> str:
        """Return an address of the Jobs API."""
        return f"/jobs-api/v3/projects/{{project}}/jobs{path}"

    def batches(self, path: str = "") -> str:
        """Return an address of the Job Batches API."""
        return f"/job-batches-api/v2/projects/{{project}}/batches{path}"

    def upload(self, uri: str, content: bytes, file_type: str = "json", **fields: str) -> Answer:
        """Upload a source file without a job; FIELDS use `__` for the dot of `smartling.…`."""
        form = [
            ("fileUri", uri),
            ("fileType", file_type),
            *((k.replace("__", "."), v) for k, v in fields.items()),
        ]
        return self.send("POST", self.files("/file"), form=form, file=content)

    def status(self, uri: str) -> Answer:
        """Read a file's status."""
        return self.send("GET", self.files("/file/status"), fileUri=uri)

    def translation(self, uri: str, locale: str, **options: Any) -> Answer:
        """Download one translation."""
        return self.send("GET", self.files(f"/locales/{quote(locale)}/file"), fileUri=uri, **options)

    def job(self, name: str, locales: Sequence[str] = LOCALES) -> str:
        """Create a job and return its uid."""
        answer = self.send("POST", self.jobs(), body={"jobName": name, "targetLocaleIds": list(locales)})
        return str(answer.data["translationJobUid"])

    def batch(self, job: str, uris: Sequence[str], *, authorize: bool = False) -> str:
        """Open a batch and return its uid."""
        body = {"authorize": authorize, "translationJobUid": job, "fileUris": list(uris)}
        return str(self.send("POST", self.batches(), body=body).data["batchUid"])

    def batch_upload(
        self, batch: str, uri: str, content: bytes, locales: Sequence[str] = LOCALES, file_type: str = "json"
    ) -> Answer:
        """Upload one file of a batch."""
        form = [
            ("fileUri", uri),
            ("fileType", file_type),
            *(("localeIdsToAuthorize[]", each) for each in locales),
        ]
        return self.send("POST", self.batches(f"/{batch}/file"), form=form, file=content)

    def batch_status(self, batch: str) -> Any:
        """Look at a batch."""
        return self.send("GET", self.batches(f"/{batch}")).data

    def push(
        self,
        name: str,
        contents: Mapping[str, bytes],
        *,
        authorize: bool = False,
        locales: Sequence[str] = LOCALES,
    ) -> str:
        """Send files through a job and a batch to the end; return the job's uid."""
        job = self.job(name, locales)
        batch = self.batch(job, list(contents), authorize=authorize)
        for uri, content in contents.items():
            self.batch_upload(batch, uri, content, locales)
        while self.batch_status(batch)["status"] != "COMPLETED":
            pass
        return job


def _payload(
    body: Any, form: Sequence[tuple[str, str]], file: bytes | None, content_type: str, name: str
) -> tuple[bytes | None, dict[str, str]]:
    if form or file is not None:
        mark = "sandbox-test-boundary"
        parts = [_part(mark, f'name="{key}"', value.encode()) for key, value in form]
        if file is not None:
            extra = f'name="{name}"; filename="file"\r\nContent-Type: {content_type}'
            parts.append(_part(mark, extra, file))
        whole = b"".join(parts) + f"--{mark}--\r\n".encode()
        return whole, {"Content-Type": f"multipart/form-data; boundary={mark}"}
    if body is None:
        return None, {}
    return json.dumps(body).encode(), {"Content-Type": "application/json"}


def _part(mark: str, disposition: str, content: bytes) -> bytes:
    return f"--{mark}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode() + content + b"\r\n"


@pytest.fixture(scope="session")
def sandbox_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    """One sandbox for the whole session; tests keep apart by using projects of their own.

    Whoever asked, every answer is held against the official API description at the end, if one is at hand.
    """
    if not openapi.available():
        with SandboxServer() as server:
            yield server
        return
    record = tmp_path_factory.mktemp("sandbox") / "record.jsonl"
    with SandboxServer("--record", str(record)) as server:
        yield server
    found = openapi.recorded_problems(record)
    assert not found, "\n".join(found)


@pytest.fixture
def own_sandbox() -> Iterator[SandboxServer]:
    """Give a sandbox to one test alone: for what concerns all projects, such as tokens and the clock."""
    with SandboxServer() as server:
        yield server


@pytest.fixture
def sandbox_control(sandbox_server: SandboxServer) -> ControlClient:
    """Return the control API of the shared sandbox."""
    return sandbox_server.control


@pytest.fixture
def sandbox_project(sandbox_control: ControlClient) -> str:
    """Create a project with three locales and no files."""
    return sandbox_control.project(LOCALES)


@pytest.fixture
def rest(sandbox_server: SandboxServer, sandbox_project: str) -> Iterator[RestClient]:
    """Give a plain client of the shared sandbox, in a project of its own.

    Whatever it was answered is held against the official API description afterwards, if one is at hand.
    """
    client = RestClient(sandbox_server.url, sandbox_project, sandbox_server.control)
    yield client
    if openapi.available():
        found = [problem for seen in client.seen for problem in _problems(*seen)]
        assert not found, "\n".join(found)


def _problems(method: str, path: str, answer: Answer) -> list[str]:
    """Return what is wrong with an answer in the service's envelope."""
    if not answer.body.startswith(b'{"response"') or answer.status == 501:
        return []
    return openapi.problems(method, path, answer.status, answer.body)
