"""The service itself: files in memory behind a small HTTP server, with the faults that a test asks for."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Lock, Thread
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

TOKEN = "test-shelf-token"
SOURCE_LOCALE = "en-US"


@dataclass
class Fault:
    """What goes wrong with the next requests."""

    action: str
    operation: str
    status: int
    left: int
    """Requests that it still concerns; 0 for all."""


@dataclass
class Shelves:
    """What the service holds, and the means of a test to act on it."""

    projects: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    """Project to its files, by fileUri."""
    seen: list[dict[str, str]] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    locales: tuple[str, ...] = ("de-DE", "fr-FR")
    lock: Lock = field(default_factory=Lock)
    times: Any = field(default_factory=lambda: count(1))

    def project(self) -> str:
        """Make a project without files."""
        with self.lock:
            name = f"shelf{len(self.projects) + 1}"
            self.projects[name] = {}
        return name

    # --- what tests call ---

    def last(self) -> int:
        """Return how many requests came in."""
        return len(self.seen)

    def requests(self, since: int = 0, project: str = "") -> list[dict[str, str]]:
        """Return the requests after the first SINCE."""
        return [each for each in self.seen[since:] if each["project"] == project]

    def fault(
        self, action: str, *, project: str, operation: str = "", status: int = 0, count: int = 1
    ) -> None:
        """Let COUNT requests of a project go wrong."""
        self.faults.setdefault(project, []).append(Fault(action, operation, status, count))

    def clear_faults(self, project: str = "") -> None:
        """Let all go well again."""
        self.faults.pop(project, None)

    def translate(self, project: str, locales: Mapping[str, int] | None = None) -> int:
        """Play the translators: all strings of all files in LOCALES, or in all."""
        chosen = self.locales if locales is None else tuple(locales)
        for file in self.projects[project].values():
            file["done"].update(dict.fromkeys(chosen, file["strings"]))
            file["changed"] = f"2026-08-01T00:00:{next(self.times):02d}Z"
        return len(chosen)

    def view(self, project: str) -> dict[str, Any]:
        """Return the files without times."""
        hidden = {"uploaded", "changed"}
        return {
            uri: {name: value for name, value in file.items() if name not in hidden}
            for uri, file in self.projects[project].items()
        }

    def struck(self, project: str, operation: str) -> Fault | None:
        """Return the fault that this request meets, and use it up."""
        for fault in self.faults.get(project, []):
            if fault.operation in {"", operation} and fault.left >= 0:
                fault.left = {0: 0, 1: -1}.get(fault.left, fault.left - 1)
                return fault
        return None


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"
    shelves: Shelves

    def log_message(self, *_arguments: object) -> None:
        """Print nothing."""

    def do_GET(self) -> None:
        """Answer a question."""
        self.handle_request({})

    def do_POST(self) -> None:
        """Take a file."""
        self.handle_request(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def handle_request(self, body: dict[str, Any]) -> None:
        """Find what is asked for, and what goes wrong with it."""
        url = urlsplit(self.path)
        _, _version, _projects, project, *rest = url.path.split("/")
        kind = rest[0] if rest else "project"
        operation = "upload" if body else kind
        with self.shelves.lock:
            self.shelves.seen.append({"project": project, "operation": operation})
            fault = self.shelves.struck(project, operation)
        if fault and fault.action == "status":
            self.answer(fault.status, b"{}")
            return
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self.answer(401, b'{"message": "wrong token"}')
            return
        status, answer = self.answered(project, kind, dict(parse_qsl(url.query)), body)
        self.sent(status, answer, fault.action if fault else "")

    def answered(
        self, project: str, kind: str, query: dict[str, str], body: dict[str, Any]
    ) -> tuple[int, bytes]:
        """Return status and content of the answer."""
        files = self.shelves.projects.get(project)
        if files is None:
            return 404, b'{"message": "no such project"}'
        if kind == "project":
            about = {"name": project, "sourceLocale": SOURCE_LOCALE, "locales": self.shelves.locales}
            return 200, json.dumps(about).encode()
        if body:
            self.put(files, body)
            return 200, b"{}"
        if kind == "files":
            shown = [{name: each[name] for name in each if name != "content"} for each in files.values()]
            return 200, json.dumps({"items": shown}).encode()
        file = files.get(query["uri"])
        locale = query.get("locale", "")
        if file is None or (locale and not file["done"].get(locale)):
            return 404, b'{"message": "no such file"}'
        return 200, translated(b64decode(file["content"]), locale) if locale else b64decode(file["content"])

    def put(self, files: dict[str, dict[str, Any]], body: dict[str, Any]) -> None:
        """Keep a file."""
        strings = len(json.loads(b64decode(body["content"])))
        files[body["uri"]] = {
            **body,
            "strings": strings,
            "done": dict.fromkeys(body["locales"], 0),
            "uploaded": f"upload {next(self.shelves.times)}",
            "changed": "",
        }

    def sent(self, status: int, body: bytes, fault: str) -> None:
        """Answer, or do what a fault says."""
        match fault:
            case "drop_after":
                self.close_connection = True
            case "close_middle":
                self.answer(status, body, length=len(body), cut=len(body) // 2)
            case "wrong_length":
                self.answer(status, body, length=len(body) + 10, cut=len(body))
            case "html":
                self.answer(status, b"<!DOCTYPE html><html><title>Hotel Wi-Fi</title></html>")
            case "empty":
                self.answer(status, b"")
            case _:
                self.answer(status, body)

    def answer(self, status: int, body: bytes, length: int | None = None, cut: int | None = None) -> None:
        """Send an answer; CUT bytes of it where it is given, and then nothing more."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body if cut is None else body[:cut])
        if cut is not None:
            self.close_connection = True


def translated(content: bytes, locale: str) -> bytes:
    """Return a JSON file with every text marked as that of LOCALE."""
    return json.dumps({key: f"{text} ({locale})" for key, text in json.loads(content).items()}).encode()


class ShelfServer:
    """A running service: a context manager that ends it. `control` has what tests call."""

    def __init__(self) -> None:
        self.control = Shelves()
        handler = type("ShelvesHandler", (Handler,), {"shelves": self.control})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)
