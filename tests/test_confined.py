"""A pull writes the paths that the manifest declares, inside the repository, and never through a link."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from l10nsync import manifest, paths
from l10nsync.errors import LocalIOError, ManifestError, RefusedError
from l10nsync.layout import TrackedTree, lay_out
from l10nsync.model import Wanted
from l10nsync.providers.smartling.archives import unpack
from l10nsync.workspace import Workspace
from tests.names import names
from tests.repositories import Repo
from tests.runner import Runner
from tests.test_push_pull import MANIFEST, files

NAMES = list(names())


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workspace]:
    """Give a work tree inside a folder where nothing else may appear."""
    root = tmp_path / "around" / "tree"
    (root / ".git").mkdir(parents=True)
    yield Workspace(root, root / ".git")
    assert [path.name for path in tmp_path.iterdir()] == ["around"]
    assert [path.name for path in (tmp_path / "around").iterdir()] == ["tree"]
    assert list((root / ".git").iterdir()) == []


def test_there_are_enough_names() -> None:
    """The corpus is several hundred names long."""
    assert len(NAMES) >= 400


def test_a_dangerous_path_is_never_written(place: Workspace) -> None:
    """Whoever asks for it: what is not plainly inside the tree is refused, and nothing appears outside."""
    for name in NAMES:
        reason = paths.unsafe(name)
        if reason:
            with pytest.raises(RefusedError):
                place.write(name, b"x")
        else:
            with suppress(LocalIOError, RefusedError):
                place.write(name, b"x")


def test_a_local_name_never_leads_out(place: Workspace) -> None:
    """A manifest that spells a locale so is refused, or its targets are plain paths below its folder."""
    refused = 0
    for name in NAMES:
        text = json.dumps(
            {
                "version": 1,
                "locales": {"de-DE": name},
                "resources": [{"source": "en/*.json", "target": "out/{locale}/*.json"}],
            }
        )
        try:
            loaded = manifest.load(text.encode(), file=".l10n.yml", folder="", environ={})
        except ManifestError:
            refused += 1
            continue
        found = lay_out(loaded, TrackedTree(files=["en/a.json"], specials={}))
        if any(each.severity == "error" for each in found.diagnostics):
            refused += 1
            continue
        for source in found.sources:
            for target in source.targets:
                assert paths.unsafe(target.path) is None, (name, target.path)
                assert target.path.startswith("out/"), (name, target.path)
    assert refused > len(NAMES) // 2


def test_a_name_in_an_archive_is_never_a_path(place: Workspace) -> None:
    """Entries are compared with what was asked for; the others are passed over, whatever they are called."""
    pair = Wanted("en/a.json", "de-DE")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in NAMES:
            for entry in (name, f"de-DE/{name}"):
                info = zipfile.ZipInfo(entry)
                if info.filename not in archive.namelist():
                    archive.writestr(info, "evil")
        archive.writestr("de-DE/en/a.json", "good")

    assert unpack(buffer, (pair,), bytes) == {pair: b"good"}


def test_a_file_of_the_service_is_never_a_path(repo: Repo, runner: Runner) -> None:
    """Files that others put into the project are not written, however they are called."""
    from tests.sandbox_fixtures import RestClient

    repo.commit(files(1))
    runner.run(repo, "push")
    rest = RestClient(runner.server.url, runner.ident, runner.control)
    for name in ("../evil.json", "/tmp/evil.json", ".git/hooks/post-checkout", "src/de/evil.json"):  # noqa: S108
        rest.upload(name, b'{"a": "evil"}')
    runner.translate()

    runner.run(repo, "pull")

    assert repo.git("status", "--porcelain", "--untracked-files=all").split() == [
        "??", "src/de/f0.json", "??", "src/fr/f0.json",
    ]  # fmt: skip
    assert not list(repo.root.parent.glob("*evil*"))
    assert not list((repo.root / ".git/hooks").glob("post-checkout"))


SWAP = """
import os, shutil, sys
folder, link = sys.argv[1:]
aside = f"{folder}-aside"
while True:
    os.rename(folder, aside)
    try:
        os.symlink(link, folder)
        os.unlink(folder)
        os.rename(aside, folder)
    except OSError:  # a write has made the folder meanwhile
        shutil.rmtree(aside)
"""
"""Puts a link in the place of a folder and back, as fast as it goes."""


def race(tree: Path, refusals: int) -> int:
    """Write into a folder that somebody swaps until REFUSALS writes met the link; return how many did not."""
    outside, inside = tree / "outside", tree / "tree" / "out"
    outside.mkdir(parents=True)
    inside.mkdir(parents=True)
    workspace = Workspace(tree / "tree", tree / "tree" / ".git")
    done = refused = 0
    command = [sys.executable, "-c", SWAP, str(inside), str(outside)]
    with subprocess.Popen(command) as swapper:
        try:
            while refused < refusals and swapper.poll() is None:
                try:
                    workspace.write(f"out/f{done % 10}.json", b"x")
                    done += 1
                except (RefusedError, LocalIOError):
                    refused += 1
        finally:
            swapper.kill()
    assert list(outside.iterdir()) == []
    assert refused == refusals
    return done


def test_a_folder_that_becomes_a_link_leads_nowhere(tmp_path: Path) -> None:
    """Somebody swaps the folder for a link while files are written: not one lands behind the link."""
    race(tmp_path, 50)


@pytest.mark.long
def test_a_long_race_against_links_is_won(tmp_path: Path) -> None:
    """The same, for minutes."""
    race(tmp_path, 20_000)


def test_targets_of_hostile_manifests_are_refused_by_the_command(repo: Repo, runner: Runner) -> None:
    """Exit 2 before anything is asked or written."""
    mark = runner.mark()
    for target in ("../{locale}/*.json", ".git/{locale}/*.json", ".github/workflows/{locale}*.json"):
        given = (MANIFEST % {"authorize": "true"}).replace("src/{locale}/*.json", target)
        repo.commit({**files(1), ".l10n.yml": given})
        runner.run(repo, "pull", code=2)

    assert runner.mark() == mark
