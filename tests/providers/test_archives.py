"""Archives that no honest service sends cost little, and their files still come."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator

import pytest

from l10nsync.errors import ServiceError
from l10nsync.model import Wanted
from l10nsync.providers.smartling import archives, fetch
from l10nsync.providers.smartling.api import SmartlingApi
from l10nsync.providers.smartling.archives import HostileArchiveError, UnusableArchiveError, unpack
from tests.providers.service import Asked, Service, answer, client, running

WANTED = tuple(Wanted(f"{name}.json", "de-DE") for name in "abc")
ENTRIES = [f"de-DE/{one.uri}" for one in WANTED]


def packed(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def lying(entries: dict[str, bytes], size: int) -> bytes:
    """Return an archive whose table of contents says SIZE for every entry."""
    body = bytearray(packed(entries))
    at = 0
    while (at := body.find(b"PK\x01\x02", at)) >= 0:
        body[at + 24 : at + 28] = size.to_bytes(4, "little")
        at += 4
    return bytes(body)


HOSTILE = {
    "one that is too large": lying(dict.fromkeys(ENTRIES, b"{}"), archives.ENTRY_LIMIT + 1),
    "all too large": lying({f"de-DE/{number}.json": b"{}" for number in range(5)}, archives.ENTRY_LIMIT),
    "too many": packed({str(number): b"" for number in range(archives.ENTRIES + 1)}),
    "packed with LZMA": packed(dict.fromkeys(ENTRIES, b"{}"), zipfile.ZIP_LZMA),
    "packed with bzip2": packed(dict.fromkeys(ENTRIES, b"{}"), zipfile.ZIP_BZIP2),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_an_archive_beyond_all_bounds_is_not_unpacked(name: str) -> None:
    """Its table of contents tells, before anything of it is read."""
    wanted = [*WANTED, *(Wanted(f"{number}.json", "de-DE") for number in range(5))]
    with pytest.raises(HostileArchiveError, match="archive of translations"):
        unpack(io.BytesIO(HOSTILE[name]), wanted, bytes)


@pytest.mark.parametrize("said", [1, 3000])
def test_an_entry_is_held_to_the_size_that_it_names(said: int) -> None:
    """One that unpacks to more, or to less, spoils the archive."""
    body = lying({ENTRIES[0]: b" " * 2000}, said)
    with pytest.raises(UnusableArchiveError):
        unpack(io.BytesIO(body), WANTED, bytes)


@pytest.mark.parametrize(
    "body", [b"", b"PK", b"no archive at all", packed({})[:-1], b"PK\x05\x06" + b"\xff" * 18]
)
def test_what_is_no_archive_is_unusable(body: bytes) -> None:
    """Nothing of it is taken."""
    with pytest.raises(UnusableArchiveError):
        unpack(io.BytesIO(body), WANTED, bytes)


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running(Service()) as made:
        yield made


def test_the_files_of_a_hostile_archive_come_one_by_one(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    """One message says so; no smaller archive is asked for."""

    def respond(asked: Asked) -> bytes:
        return answer(200, HOSTILE["packed with LZMA"] if asked.path.endswith("/zip") else b'{"a": "b"}')

    service.respond = respond
    with client(service) as (http, _):
        found = list(fetch.fetch(SmartlingApi(http, "p"), WANTED))
    assert [json.loads(each.content or b"") for each in found] == [{"a": "b"}] * 3
    assert sum(asked.path.endswith("/zip") for asked in service.asked) == 1
    assert capsys.readouterr().err.count("downloaded one by one") == 1


def test_a_pull_holds_only_so_much(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not fit is an error of its file, with what to do."""
    monkeypatch.setattr(fetch, "RUN_LIMIT", 25)
    service.respond = lambda _asked: answer(200, packed(dict.fromkeys(ENTRIES, b" " * 10)))
    with client(service) as (http, _):
        found = list(fetch.fetch(SmartlingApi(http, "p"), WANTED))
    assert [each.error is None for each in found] == [True, True, False]
    assert isinstance(found[2].error, ServiceError)
    assert "-r" in found[2].error.hint
