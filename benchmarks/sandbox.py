"""How long the sandbox takes, and how much memory, for a large project: upload, translate all, download all.

`python benchmarks/sandbox.py [FILES] [LOCALES]`; defaults: 500 files, 20 locales. The target for these is
60 seconds and 300 MB on two cores.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from round_trip import LOCALES

from l10nsync.sandbox.testing import SECRET, USER, SandboxServer

PAIRS = 500
"""File and locale pairs of one archive, the most that the service gives."""


class Client:
    """One kept-alive connection with a token."""

    def __init__(self, url: str) -> None:
        self.connection = HTTPConnection(urlsplit(url).netloc, timeout=120)
        self.token = ""
        body = json.dumps({"userIdentifier": USER, "userSecret": SECRET}).encode()
        answer = self.send("POST", "/auth-api/v2/authenticate", body)
        self.token = json.loads(answer)["response"]["data"]["accessToken"]

    def send(self, method: str, path: str, body: bytes, kind: str = "application/json") -> bytes:
        """Send a request and return the body of its answer."""
        headers = {"Content-Type": kind, "Authorization": f"Bearer {self.token}"}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {content[:500]!r}")
        return content


def form(uri: str, content: bytes) -> bytes:
    """Return the multipart body of an upload; the boundary is `x`."""
    parts = {"fileUri": uri, "fileType": "json", "smartling.namespace": uri}
    fields = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts.items()
    )
    head = '--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
    return (fields + head).encode() + content + b"\r\n--x--\r\n"


def upload(client: Client, project: str, uris: list[str]) -> int:
    """Upload every file, twenty strings each."""
    for number, uri in enumerate(uris):
        strings = {f"key{index}": f"Text {index} of file {number}" for index in range(20)}
        path = f"/files-api/v2/projects/{project}/file"
        client.send("POST", path, form(uri, json.dumps(strings).encode()), "multipart/form-data; boundary=x")
    return len(uris)


def download(client: Client, project: str, uris: list[str], locales: list[str]) -> int:
    """Download every translation in archives; return the bytes that came."""
    pairs = [(uri, locale) for locale in locales for uri in uris]
    total = 0
    for start in range(0, len(pairs), PAIRS):
        by_file: dict[str, list[str]] = {}
        for uri, locale in pairs[start : start + PAIRS]:
            by_file.setdefault(uri, []).append(locale)
        wanted = [{"fileUri": uri, "localeIds": some} for uri, some in by_file.items()]
        path = f"/files-api/v2/projects/{project}/files/zip"
        total += len(client.send("POST", path, json.dumps({"files": wanted}).encode()))
    return total


def peak(pid: int) -> int:
    """Return the most memory that a process has held, in megabytes; 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def processor(pid: int) -> float:
    """Return the processor time of a process so far, in seconds; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print one row per step."""
    count, number = (int(each) for each in [*sys.argv[1:], *("500", "20")[len(sys.argv) - 1 :]])
    uris, locales = [f"src/en/f{index}.json" for index in range(count)], LOCALES[:number]
    began = time.perf_counter()
    with SandboxServer() as server:
        project = server.control.project(locales)
        client = Client(server.url)

        def step(label: str, work: Callable[[], Any]) -> None:
            client.connection.close()  # the server gives up what was silent for a minute
            started, before = time.perf_counter(), processor(server.process.pid)
            done = work()
            seconds, used = time.perf_counter() - started, processor(server.process.pid) - before
            print(
                f"{label:<28} {seconds:7.2f} s {used:6.2f} s CPU {peak(server.process.pid):4} MB peak  {done}"
            )

        step("upload", lambda: upload(client, project, uris))
        step("translate all", lambda: server.control.translate(project))
        step("download all by zip", lambda: download(client, project, uris, locales))
    seconds = time.perf_counter() - began
    print(f"{count} files, {number} locales: {seconds:.1f} s in all, {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
