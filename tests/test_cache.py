"""The cache saves requests and is never trusted blindly."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l10nsync.app.cache import Cache
from l10nsync.model import Counted, LocaleCounts, Sent, Written

SENT = Sent("A.json", "2026-01-01T00:00:00Z", "b1", "A.json", ("de-DE", "fr-FR"), "digest", authorized=True)
WRITTEN = Written("A.json", "de-DE", "published/source", "b1", "2026-01-01T00:00:00Z", "d1")

COUNTED = Counted(
    "A.json", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", 4, 9, {"de-DE": LocaleCounts(1, 2, 3, 7)}
)


def filled(folder: Path) -> Cache:
    cache = Cache.open(folder, "https://host", "p1")
    cache.sent["a.json"] = SENT
    cache.written["de.json"] = WRITTEN
    cache.counted["a.json"] = COUNTED
    cache.cursor = "2026-01-01T00:00:00Z"
    cache.save()
    return cache


def test_what_was_saved_is_read_again(tmp_path: Path) -> None:
    """Sent files are found by the folded fileUri, written ones by their path."""
    filled(tmp_path)

    again = Cache.open(tmp_path, "https://host", "p1")

    assert (again.sent, again.written, again.counted, again.cursor) == (
        {"a.json": SENT},
        {"de.json": WRITTEN},
        {"a.json": COUNTED},
        "2026-01-01T00:00:00Z",
    )


def test_two_runs_in_one_clone_keep_what_the_other_wrote(tmp_path: Path) -> None:
    """A run that began earlier and ends later changes only what it has learned itself."""
    filled(tmp_path)
    push, pull = (Cache.open(tmp_path, "https://host", "p1") for _ in range(2))
    other = replace(SENT, uri="B.json")
    pull.written["fr.json"] = WRITTEN
    del pull.written["de.json"]
    pull.cursor = "2026-02-01T00:00:00Z"
    pull.save()
    push.sent["b.json"] = other
    push.commit = "c2"
    push.save()
    pull.counted.clear()
    pull.save()

    again = Cache.open(tmp_path, "https://host", "p1")

    assert again.sent == {"a.json": SENT, "b.json": other}
    assert again.written == {"fr.json": WRITTEN}
    assert again.counted == {}
    assert (again.cursor, again.commit) == ("2026-02-01T00:00:00Z", "c2")


def test_of_two_pulls_the_earlier_cursor_stays(tmp_path: Path) -> None:
    """What only one of them has seen is looked at again."""
    filled(tmp_path)
    first, second = (Cache.open(tmp_path, "https://host", "p1") for _ in range(2))
    first.cursor, second.cursor = "2026-02-02T00:00:00Z", "2026-02-03T00:00:00Z"
    second.save()
    first.save()

    assert Cache.open(tmp_path, "https://host", "p1").cursor == "2026-02-02T00:00:00Z"


@pytest.mark.parametrize(("host", "project"), [("https://other", "p1"), ("https://host", "p2")])
def test_memories_of_hosts_and_projects_do_not_meet(tmp_path: Path, host: str, project: str) -> None:
    """Another host or project starts with an empty memory."""
    filled(tmp_path)

    assert not Cache.open(tmp_path, host, project).sent


def test_only_the_user_can_read_it(tmp_path: Path) -> None:
    """File names of a private repository are nobody else's business."""
    path = filled(tmp_path).path

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@settings(max_examples=200, deadline=None)
@given(position=st.integers(0, 10_000), byte=st.integers(0, 255), cut=st.booleans())
def test_a_damaged_file_is_ignored(
    tmp_path_factory: pytest.TempPathFactory, position: int, byte: int, cut: bool
) -> None:
    """Whatever happens to its bytes, opening it raises nothing."""
    path = filled(tmp_path_factory.mktemp("cache")).path
    data = bytearray(path.read_bytes())
    position %= len(data)
    if cut:
        del data[position:]
    else:
        data[position] = byte
    path.write_bytes(data)

    assert Cache.open(path.parent.parent, "https://host", "p1").path == path


@pytest.mark.parametrize("version", [2, 99], ids=["earlier", "future"])
def test_a_file_of_another_version_is_ignored(tmp_path: Path, version: int) -> None:
    """Its entries may mean something else: the server is asked instead."""
    path = filled(tmp_path).path
    path.write_text(json.dumps(json.loads(path.read_text()) | {"version": version}))

    assert not Cache.open(tmp_path, "https://host", "p1").sent


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    """The run itself has succeeded; only the next one costs more requests."""
    (tmp_path / "l10nsync").write_text("a file in the way")

    Cache.open(tmp_path, "https://host", "p1").save()


def test_what_was_pulled_by_earlier_rules_is_looked_at_again(tmp_path: Path) -> None:
    """A memory of an earlier version keeps what was sent, and forgets which targets need no look."""
    path = filled(tmp_path).path
    data = json.loads(path.read_text())
    del data["pullRules"]
    path.write_text(json.dumps(data))

    again = Cache.open(tmp_path, "https://host", "p1")

    assert (again.sent, again.written, again.cursor) == ({"a.json": SENT}, {}, "")
