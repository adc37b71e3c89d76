"""A provider from outside, found by its entry point: what the boundary promises, and the command line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from l10nsync import services
from l10nsync.errors import UsageError
from l10nsync.model import Project
from l10nsync.providers.base import Connection, Provider, Secret
from l10nsync.providers.http import Client
from tests.providers.test_boundary import *  # noqa: F403 - the suite of every provider, held against this one
from tests.providers.worlds import World
from tests.repositories import Repo
from tests.runner import run_here
from tests.shelf import SERVICE, Shelf, ShelfSettings, Token
from tests.shelf.server import TOKEN, ShelfServer

ROOT = Path(__file__).parents[2]


class ShelfWorld(World):
    """A project of Shelf."""

    create, download = "upload", "translation"
    workflow = SERVICE.workflow
    server: Any

    def fresh(self) -> ShelfWorld:
        return ShelfWorld(self.server, self.control.project())

    def connection(self, **changes: Any) -> Connection:
        return replace(Connection(self.server.url, "", Secret(TOKEN), "integration-test-cli/1"), **changes)

    @property
    def project(self) -> Project:
        return Project("default", self.ident, provider="shelf", settings=ShelfSettings("attic"))

    def _made(self, client: Client) -> Provider:
        client.authorizer = Token(client.connection.secret.reveal())
        return Shelf(client, self.project)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Install a distribution that has nothing but the entry point."""
    folder = tmp_path_factory.mktemp("site")
    about = folder / "shelf_for_l10nsync-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: shelf-for-l10nsync\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[{services.GROUP}]\nshelf = tests.shelf:SERVICE\n")
    sys.path.insert(0, str(folder))
    services.outside.cache_clear()
    yield folder
    sys.path.remove(str(folder))
    services.outside.cache_clear()


@pytest.fixture(scope="module")
def shelf_server() -> Iterator[ShelfServer]:
    with ShelfServer() as server:
        yield server


@pytest.fixture  # type: ignore[no-redef]
def world(shelf_server: Any, installed: Path) -> World:
    return ShelfWorld(shelf_server, "").fresh()


# --- the command line ---

MANIFEST = """\
version: 1
provider: shelf
sourceLocale: en-US
locales: {de-DE: de, fr-FR: fr}
shelf: {room: cellar}
resources:
  - name: web
    source: src/en/*.json
    target: src/{locale}/*.json
"""


@dataclass
class Desk:
    """A repository whose project stands on the shelf, and the command line."""

    repo: Repo
    server: ShelfServer
    ident: str
    site: Path

    def run(self, *argv: str, code: int = 0, **environ: str) -> str:
        """Run the command line and return all that it prints."""
        clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        told = {
            "SHELF_URL": self.server.url,
            "SHELF_TOKEN": TOKEN,
            "SHELF_PROJECT_ID": self.ident,
            "GIT_CONFIG_GLOBAL": os.devnull,
            **environ,
        }
        done = run_here(self.repo.root, clean | told, ("--color", "never", *argv))
        assert done.code == code, done.out + done.err
        return done.out + done.err

    def sent(self) -> list[dict[str, str]]:
        """Return the uploads so far."""
        return [each for each in self.server.control.requests(0, self.ident) if each["operation"] == "upload"]


@pytest.fixture
def desk(tmp_path: Path, shelf_server: ShelfServer, installed: Path) -> Desk:
    repo = Repo(tmp_path / "repo")
    texts = {f"src/en/{name}.json": json.dumps({"title": name}) for name in ("home", "shop")}
    repo.commit({".l10n.yml": MANIFEST, **texts})
    return Desk(repo, shelf_server, shelf_server.control.project(), installed)


def test_a_process_of_its_own_finds_it(desk: Desk) -> None:
    """All that is needed is the entry point on the path."""
    paths = os.pathsep.join((str(desk.site), str(ROOT)))
    checked = subprocess.run(
        [sys.executable, "-m", "l10nsync", "check"],
        cwd=desk.repo.root,
        env=os.environ | {"PYTHONPATH": paths},
        check=True,
        capture_output=True,
        text=True,
    )
    assert checked.stdout == ".l10n.yml: valid (2 sources, 4 targets)\n"


def test_the_round_trip_ends_with_nothing_to_do(desk: Desk) -> None:
    """Push, translate, pull; then neither has anything to do, and a changed source is sent alone."""
    planned = desk.run("plan", "--push")
    assert planned.startswith("Plan: 2 files to add")
    assert "Job" not in planned
    assert desk.run("push").startswith("Sent 2 files")
    assert {file["room"] for file in desk.server.control.projects[desk.ident].values()} == {"cellar"}
    assert desk.run("push").startswith("No changes")
    desk.server.control.translate(desk.ident)
    assert desk.run("pull").startswith("Wrote 4 files")
    assert json.loads(desk.repo.read("src/de/shop.json")) == {"title": "shop (de-DE)"}
    desk.repo.commit()
    shutil.rmtree(desk.repo.root / ".git" / "l10nsync")
    assert desk.run("push").startswith("No changes")
    assert desk.run("pull").startswith("No changes")
    desk.repo.commit({"src/en/shop.json": '{"title": "store"}'})
    assert desk.run("push", SHELF_ROOM="attic").startswith("Sent 1 file")
    assert desk.server.control.projects[desk.ident]["src/en/shop.json"]["room"] == "attic"
    assert len(desk.sent()) == 3


def test_a_missing_credential_is_named(desk: Desk) -> None:
    """The error names the provider's own variable and says where the token is found."""
    said = desk.run("push", code=4, SHELF_TOKEN="")
    assert "SHELF_TOKEN is not set" in said
    assert "under Account" in said


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{room: cellar}", "{rom: cellar}", "unknown key `rom`"),
        ("{room: cellar}", f"{{room: {'x' * 41}}}", "at most 40"),
        ("    target", "    job: {rush: true}\n    target", "shelf does not use it"),
        ("    target", "    directives: {odd: 1}\n    target", "`directives.odd` has no effect"),
        ("provider: shelf", "provider: shlef", "Did you mean `shelf`?"),
        ("provider: shelf", "provider: smartling", "unknown key `shelf`"),
    ],
)
def test_its_keys_are_checked_as_ours_are(desk: Desk, old: str, new: str, words: str) -> None:
    """What the provider declares is checked with line and column, and so is what it has no use for."""
    desk.repo.commit({".l10n.yml": MANIFEST.replace(old, new)})
    said = desk.run("check", code=2)
    assert words in said
    assert ".l10n.yml:" in said


def test_a_type_that_it_does_not_take_is_refused(desk: Desk) -> None:
    """A file that the service cannot read is found before anything is sent."""
    more = "  - {name: docs, source: docs/*.md, target: 'docs/{locale}/*.md'}\n"
    desk.repo.commit({".l10n.yml": MANIFEST + more, "docs/a.md": "# A\n"})
    assert "shelf does not support files of type markdown" in desk.run("check", code=2)


def test_the_schema_for_editors_has_its_keys(desk: Desk) -> None:
    """`l10nsync schema` prints what this installation understands."""
    schema = json.loads(desk.run("schema"))
    assert schema["properties"]["shelf"]["properties"]["room"]["default"] == "hall"
    assert "shelf" in schema["properties"]["provider"]["enum"]


def test_a_broken_provider_is_an_error_that_names_it(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package that cannot be loaded is named, with a way out; ours go on working."""
    about = tmp_path / "broken-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[{services.GROUP}]\nbroken = tests.shelf:NOWHERE\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    services.outside.cache_clear()
    try:
        with pytest.raises(UsageError, match=r"'broken' .* cannot be loaded"):
            services.service("broken")
        assert services.service("smartling").name == "smartling"
    finally:
        services.outside.cache_clear()
