"""The process: a socket on loopback, one event loop, a line on stdout when it is ready."""

from __future__ import annotations

import argparse
import os
import socket
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import uvicorn

from l10nsync.sandbox.asgi import Service
from l10nsync.sandbox.common.world import World
from l10nsync.sandbox.control import Control
from l10nsync.sandbox.faults import read_file
from l10nsync.sandbox.groups.projects.rules import DEFAULT_PROJECT
from l10nsync.sandbox.page.asgi import Pages
from l10nsync.sandbox.server_state import Server, Setup
from l10nsync.sandbox.smartmate.asgi import WorkFlow
from l10nsync.sandbox.store import Store
from l10nsync.sandbox.wire import Wire

HOST = "127.0.0.1"


def build(setup: Setup | None = None, state: str = ":memory:", record: Path | None = None) -> Wire:
    """Return the whole application; RECORD is a file that gets requests and answers."""
    server = Server(World(Store(state)), setup or Setup())
    server.recorder.file = record
    server.begin()
    return Wire(Service(server), Control(server), Pages(server), WorkFlow(server))


def listen(port: int = 0) -> socket.socket:
    """Open the socket; only loopback, always."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # With the protocol named, asyncio switches the delay of small packets off (44 ms an answer otherwise).
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((HOST, port))
    sock.listen(1024)
    return sock


def url_of(sock: socket.socket) -> str:
    """Return the address that a socket listens on."""
    return f"http://{HOST}:{sock.getsockname()[1]}"


def serve(app: Wire, sock: socket.socket) -> None:
    """Serve until a signal comes."""
    config = uvicorn.Config(
        app,
        http="h11",
        loop="asyncio",
        lifespan="off",
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=1,
        ws="none",
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[sock])


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a server; `--until-eof` ends it with its parent, who holds the other end of stdin."""
    parser = argparse.ArgumentParser(prog="l10nsync.sandbox.server")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state", default=":memory:")
    parser.add_argument("--project", default=DEFAULT_PROJECT)
    parser.add_argument("--source-locale", default="en-US")
    parser.add_argument("--locales", default="")
    parser.add_argument("--open", action="store_true")
    parser.add_argument("--faults", type=Path)
    parser.add_argument("--record", type=Path)
    parser.add_argument("--until-eof", action="store_true")
    given = parser.parse_args(arguments)
    locales = tuple(name for name in given.locales.split(",") if name)
    try:
        rules = tuple(read_file(given.faults)) if given.faults else ()
    except (OSError, ValueError) as error:
        parser.error(str(error))
    setup = Setup(given.project, given.source_locale, locales, given.open, rules)
    app = build(setup, given.state, given.record)
    sock = listen(given.port)
    sys.stdout.write(f"{url_of(sock)}\n")
    sys.stdout.flush()
    if given.until_eof:
        threading.Thread(target=_leave_with_parent, daemon=True).start()
    serve(app, sock)


def _leave_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
