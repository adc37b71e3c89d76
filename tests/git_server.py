"""A git host over HTTP for tests: git's own server program behind a password."""

from __future__ import annotations

import os
import subprocess
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import pytest


class GitServer:
    """Serves the repository in one git folder to those who have TOKEN: a context manager."""

    def __init__(self, folder: Path, token: str) -> None:
        self.folder = folder
        self.login: str | None = "Basic " + b64encode(f"x-access-token:{token}".encode()).decode()
        """What lets somebody in; None lets everybody."""
        self.moved = ""
        """Where those who are let in are sent, if anywhere."""
        self.logins: list[str | None] = []
        """What came with each request."""
        self.program = Path(
            subprocess.check_output(["git", "--exec-path"], text=True).strip(), "git-http-backend"
        )
        if not self.program.exists():
            pytest.skip("needs tool: git http-backend")

    def __enter__(self) -> Self:
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server = f"http://127.0.0.1:{self._http.server_port}"
        self.url = f"{self.server}/{self.folder.name}"
        Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                login = self.headers["Authorization"]
                host.logins.append(login)
                if host.login == login and host.moved:
                    self.send_response(302)
                    self.send_header("Location", host.moved + self.path.removeprefix(f"/{host.folder.name}"))
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                if host.login not in {login, None}:
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="repository"')
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                body = self.rfile.read(int(self.headers["Content-Length"] or 0))
                head, _, answer = host.answer(self, body).partition(b"\r\n\r\n")
                headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
                self.send_response(int(headers.pop("Status", "200").split(" ")[0]))
                for name, value in {**headers, "Content-Length": str(len(answer))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

            do_POST = do_GET  # noqa: N815 - the name that http.server looks for

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        return Handler

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> bytes:
        """Return what git's program answers, as CGI has it."""
        address = urlsplit(request.path)
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self.folder.parent),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_PROTOCOL": request.headers["Git-Protocol"] or "",
            "PATH_INFO": address.path,
            "QUERY_STRING": address.query,
            "REQUEST_METHOD": request.command,
            "CONTENT_TYPE": request.headers["Content-Type"] or "",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": request.headers["Content-Encoding"] or "",
            "REMOTE_USER": "somebody",
        }
        return subprocess.run(
            [str(self.program)], input=body, env=environment, capture_output=True, check=True
        ).stdout
