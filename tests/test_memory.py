"""What a pull holds in memory does not grow with what it brings."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tracemalloc
import zipfile

import pytest

from l10nsync.model import Wanted
from l10nsync.providers.smartling.archives import UnusableArchiveError, unpack
from l10nsync.spool import IN_MEMORY, Spooled
from tests import peaks
from tests.providers.test_archives import packed
from tests.repositories import Repo
from tests.runner import Runner
from tests.test_push_pull import files

LONG_TEXT = "x" * 400_000
"""So long that what is held of it shows."""

needs_peaks = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak")


def peak(runner: Runner, repo: Repo, *argv: str) -> int:
    """Run a command to its end; return the most memory that it held, in megabytes."""
    done = subprocess.run(
        peaks.measured(argv),
        cwd=repo.root,
        env=runner.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return peaks.megabytes(done.stderr)


def test_contents_wait_on_the_disk() -> None:
    """Of five megabytes of contents memory holds one at most; each comes back as it was."""
    given = {at: f"{at} ".encode() * 50_000 for at in range(40)}
    waiting = Spooled[int, bytes | None](lambda content: (None, content), lambda _none, content: content)
    tracemalloc.start()
    try:
        for at in given:
            waiting[at] = f"{at} ".encode() * 50_000
        waiting[0] = None
        assert tracemalloc.get_traced_memory()[0] < 2 * IN_MEMORY
    finally:
        tracemalloc.stop()
    assert dict(waiting) == {**given, 0: None}
    assert 40 not in waiting


def test_a_content_that_is_asked_for_again_is_not_read_again() -> None:
    """Only the last one: two that take turns are read each time."""
    made: list[bytes] = []

    def join(_bare: bytes, content: bytes) -> bytes:
        made.append(content)
        return content

    waiting = Spooled[str, bytes](lambda content: (b"", content), join)
    waiting.update(source=b"source", target=b"target")
    assert [waiting["source"], waiting["source"], waiting["target"], waiting["source"]] == [
        b"source", b"source", b"target", b"source",
    ]  # fmt: skip
    waiting["source"] = b"another"
    assert waiting["source"] == b"another"
    assert made == [b"source", b"target", b"source", b"another"]


def test_an_archive_is_handed_over_entry_by_entry() -> None:
    """Nothing of it is, before all of it was read; then memory holds one entry."""
    entries = {f"de-DE/{at}.json": f"{at}".encode() * 1_000_000 for at in range(20)}
    body = packed(entries)
    chunk = [Wanted(f"{at}.json", "de-DE") for at in range(20)]
    tracemalloc.start()
    try:
        sizes = unpack(io.BytesIO(body), chunk, len)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000  # of 30
    finally:
        tracemalloc.stop()
    assert set(sizes.values()) == {1_000_000, 2_000_000}
    assert len(sizes) == 20

    kept: list[bytes] = []
    with pytest.raises(UnusableArchiveError):
        unpack(io.BytesIO(spoiled(body)), chunk, kept.append)
    assert kept == []


def spoiled(body: bytes) -> bytes:
    """Return an archive whose last entry is not what its checksum says."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        checksum = archive.infolist()[-1].CRC.to_bytes(4, "little")
    return body.replace(checksum, bytes(each ^ 1 for each in checksum))


@needs_peaks
@pytest.mark.sweep
def test_a_pull_of_much_holds_no_more_than_one_of_little(repo: Repo, runner: Runner) -> None:
    """Sources, translations that come and that are here, what is written: all wait on the disk."""
    peaks = []
    for count in (2, 30):
        sources = {f"src/en/f{at}.json": json.dumps({"a": f"{at} {LONG_TEXT}"}) for at in range(count)}
        repo.commit({**files(count), **sources})
        runner.run(repo, "push", "--yes")
        runner.translate()
        first = peak(runner, repo, "pull")
        assert len(list(repo.root.glob("src/de/*.json"))) == count
        repo.commit({})
        again = peak(runner, repo, "pull", "--force")
        peaks.append(max(first, again))

    little, much = peaks

    assert much - little < 25, peaks  # the texts have 36 MB, and several forms each


@needs_peaks
@pytest.mark.long
def test_a_pull_of_six_thousand_files(repo: Repo, runner: Runner) -> None:
    """It stays below 150 MB, the first time and when everything is here."""
    texts = {f"key{at}": "A text of some words. " * 20 for at in range(20)}
    sources = {f"src/en/f{at}.json": json.dumps({"of": f"{at}", **texts}) for at in range(3000)}
    repo.commit({**files(3000), **sources})
    runner.run(repo, "push", "--yes")
    for first in range(0, 3000, 250):  # one call for all takes long
        runner.translate(fileUris=[f"src/en/f{at}.json" for at in range(first, first + 250)])
    runner.control.advance(5)

    assert peak(runner, repo, "pull") < 150
    assert len(list(repo.root.glob("src/de/*.json"))) == 3000
    assert peak(runner, repo, "pull", "--force") < 150
