"""One deadline bounds whatever a command waits for."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from math import inf
from pathlib import Path
from threading import Event, Thread

import pytest

from l10nsync.cli import cli
from l10nsync.cli.console import run
from l10nsync.deadline import left, within
from l10nsync.errors import TemporaryError, UsageError
from l10nsync.providers.http import Call, Client
from l10nsync.providers.smartling.session import Session
from l10nsync.workspace.command import Git
from tests.providers.service import connection


def silent(_connection: socket.socket, stop: Event) -> None:
    """Say nothing."""
    stop.wait()


def dripping(begin: bytes, drop: bytes) -> Callable[[socket.socket, Event], None]:
    def talk(connection: socket.socket, stop: Event) -> None:
        connection.recv(65536)
        connection.sendall(begin)
        while not stop.wait(0.1):
            connection.sendall(drop)

    return talk


HEAD = b"HTTP/1.1 200 OK\r\n"
SERVERS = {
    "says nothing": silent,
    "headers": dripping(HEAD + b"X: ", b"a"),
    "many headers": dripping(HEAD, b"X: a\r\n"),
    "interim answers": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": dripping(HEAD + b"Content-Length: 9999\r\n\r\n", b" "),
    "chunks": dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "a chunk's extension": dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", b"a"),
    "a status": dripping(b"HTTP/1.1 2", b"0"),
}


@pytest.fixture
def listener() -> Iterator[Callable[[str], int]]:
    stop = Event()
    server = socket.create_server(("127.0.0.1", 0))
    kinds: list[str] = []

    def serve() -> None:
        while not stop.is_set():
            try:
                accepted, _ = server.accept()
            except OSError:
                return
            Thread(target=talk, args=(accepted,), daemon=True).start()

    def talk(accepted: socket.socket) -> None:
        try:
            with accepted:
                SERVERS[kinds[0]](accepted, stop)
        except OSError:
            return

    def start(kind: str) -> int:
        kinds.append(kind)
        Thread(target=serve, daemon=True).start()
        port: int = server.getsockname()[1]
        return port

    yield start
    stop.set()
    server.close()


@pytest.mark.parametrize(
    ("scheme", "kind"), [*(("http", kind) for kind in sorted(SERVERS)), ("https", "says nothing")]
)
def test_a_service_that_never_ends_its_answer_is_left(
    listener: Callable[[str], int], kind: str, scheme: str
) -> None:
    """Whatever comes bit by bit, and in a handshake too: the deadline ends a wait that has no other end."""
    client = Client(connection(f"{scheme}://127.0.0.1:{listener(kind)}", deadline=0.3))
    client.authorizer = Session(client)
    with pytest.raises(TemporaryError, match="took too long"):
        client.send(Call("read", "GET", "/"))
    client.close()


def test_git_that_waits_for_a_remote_is_ended(listener: Callable[[str], int], tmp_path: Path) -> None:
    """A remote that says nothing costs the time that was given and no more."""
    address = f"http://127.0.0.1:{listener('says nothing')}/x.git"
    git = Git(tmp_path)
    git("init", "-q")
    with within(0.3), pytest.raises(TemporaryError, match="time limit"):
        git.remote(address, "ls-remote", address)
    assert left() == inf


def test_of_two_deadlines_the_inner_one_counts() -> None:
    """A watch that lasts for months gives each of its looks a deadline of its own."""
    with within(1), within(100):
        assert left() > 50
    with within(100):
        with within(1):
            assert left() < 2
        assert left() > 50


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS_PROXY", "socks5://127.0.0.1:9"),
        ("HTTPS_PROXY", "foo://user:s3cret@127.0.0.1:9"),
        ("ALL_PROXY", "http://127.0.0.1:abc"),
        ("HTTPS_PROXY", " http://127.0.0.1:9"),
        ("HTTPS_PROXY", "http://"),
        ("HTTPS_PROXY", "http://proxy:99999"),
        ("ALL_PROXY", f"http://{'a' * 64}.example.org"),
        ("SSL_CERT_FILE", "/nowhere/at/all.pem"),
    ],
)
def test_a_setting_of_the_environment_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """It is the user's to correct, and the message does not show what may hold a password."""
    monkeypatch.setenv(name, value)
    real = connection("https://tms.example.org", user="u", secret=connection("").secret.__class__("s"))
    with pytest.raises(UsageError) as raised:
        Client(real).close()
    assert "s3cret" not in f"{raised.value} {raised.value.hint}"
    assert raised.value.hint


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_what_knows_no_deadline_is_ended_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe that nobody writes to, where a file was expected, keeps a command for its time and no longer."""
    monkeypatch.setattr("l10nsync.deadline.LAST", 0.0)
    os.mkfifo(tmp_path / "plan")
    with pytest.raises(TemporaryError, match="time limit"), within(0.2):
        (tmp_path / "plan").read_bytes()
    with within(100), pytest.raises(TemporaryError, match="time limit"), within(0.2):
        (tmp_path / "plan").read_bytes()
    time.sleep(0.3)  # nothing comes later


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_git_that_waits_for_a_file_is_ended(tmp_path: Path) -> None:
    """Attributes may be a pipe; git itself would wait for ever."""
    git = Git(tmp_path)
    git("init", "-q")
    os.mkfifo(tmp_path / ".gitattributes")
    with within(0.3), pytest.raises(TemporaryError, match="`git check-attr` had not ended"):
        git("check-attr", "text", "--", "a")


@pytest.mark.parametrize(
    "time_given", ["0s", "-5s", "inf", "nan", "1e400s", "99999999999999999999h", "", "s"]
)
def test_a_time_that_is_none_is_refused(time_given: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing waits for ever by mistake."""
    assert run(cli, ["plan", "--timeout", time_given]) == 2
    assert "duration" in capsys.readouterr().err
