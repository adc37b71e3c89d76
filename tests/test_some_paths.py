"""Commands that are given paths do their work for these files and folders, and for nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.in_process import InProcess
from tests.repositories import Repo

MANIFEST = """version: 1
sourceLocale: en-US
locales: {de-DE: de, fr-FR: fr}
resources:
  - {name: web, source: "*/en/**/*.json", target: "*/{locale}/**/*.json"}
"""


@pytest.fixture
def shop(repo: Repo) -> Repo:
    """Give a repository with four sources in two folders."""
    files = {
        f"{path}.json": f'{{"key": "Text of {path}"}}' for path in ("app/en/a", "app/en/b/c", "web/en/a")
    }
    repo.commit({".l10n.yml": MANIFEST, "app/english.md": "# Not a source", **files})
    return repo


def planned(repo: Repo | Path, runner: InProcess, *argv: str) -> set[str]:
    """Return the paths of what a plan sends or writes."""
    plan = json.loads(runner.run(repo, "plan", *argv, "--format", "json").out)
    return {each.get("target") or each["source"] for each in plan["changes"]}


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["app/en/a.json"], {"app/en/a.json"}),
        (["app"], {"app/en/a.json", "app/en/b/c.json"}),
        (["app/en/b/", "./web"], {"app/en/b/c.json", "web/en/a.json"}),
        (["."], {"app/en/a.json", "app/en/b/c.json", "web/en/a.json"}),
    ],
)
def test_a_plan_of_some_paths(
    shop: Repo, in_process: InProcess, paths: list[str], expected: set[str]
) -> None:
    """Files and folders are as they are typed; online and offline say the same."""
    assert planned(shop, in_process, *paths) == expected
    assert planned(shop, in_process, "--offline", "--base", "HEAD", *paths) == expected


def test_paths_are_relative_to_where_the_command_runs(shop: Repo, in_process: InProcess) -> None:
    """In a folder of the repository, and with -C, paths begin there."""
    folder = shop.root / "app" / "en"

    assert planned(folder, in_process, "b") == {"app/en/b/c.json"}
    assert planned(folder, in_process, "../../web/en/a.json") == {"web/en/a.json"}


def test_a_push_and_a_pull_of_some_paths(shop: Repo, in_process: InProcess) -> None:
    """Only what is named is sent, and written; translations may be named, too; the rest follows later."""
    in_process.run(shop, "push", "app/en/a.json", "web")
    assert set(in_process.control.view(in_process.ident)["files"]) == {"app/en/a.json", "web/en/a.json"}
    in_process.run(shop, "push")
    in_process.translate()

    status = json.loads(in_process.run(shop, "status", "app/en/b", "--format", "json").out)
    assert [each["source"] for each in status["files"]] == ["app/en/b/c.json"]
    in_process.run(shop, "pull", "app/en/a.json", "web/fr")
    assert (shop.root / "app/de/a.json").exists()
    assert (shop.root / "app/fr/a.json").exists()
    assert (shop.root / "web/fr/a.json").exists()
    assert not (shop.root / "web/de").exists()
    assert not (shop.root / "app/de/b").exists()
    in_process.run(shop, "pull")
    assert (shop.root / "web/de/a.json").exists()
    assert (shop.root / "app/fr/b/c.json").exists()


def test_a_path_that_names_nothing_is_an_error(shop: Repo, in_process: InProcess) -> None:
    """A typing error must not look like a file without changes, even beside a path that is right."""
    for command in ("push", "plan", "pull", "status"):
        for path in ("app/english.md", "nowhere", "app/en/a.json.orig", "../elsewhere"):
            assert path in in_process.run(shop, command, "web", path, code=2).err
    assert in_process.control.view(in_process.ident)["files"] == {}


def test_a_push_of_a_translation_says_what_it_is(shop: Repo, in_process: InProcess) -> None:
    """Sources are sent; what they become is not."""
    assert "translations, but push sends sources" in in_process.run(shop, "push", "app/de", code=2).err


def test_renamed_files_keep_their_names_where_only_one_is_pushed(shop: Repo, in_process: InProcess) -> None:
    """Two files that swapped their paths: a push of one takes nothing from the other."""
    in_process.run(shop, "push")
    before = {each: in_process.original(f"{each}/en/a.json") for each in ("app", "web")}
    shop.write({"app/en/a.json": before["web"], "web/en/a.json": before["app"]})
    shop.commit()
    in_process.run(shop, "push", "app/en/a.json", code=None)
    in_process.run(shop, "push")

    assert in_process.original("app/en/a.json") == before["web"]
    assert in_process.original("web/en/a.json") == before["app"]
    assert set(in_process.control.view(in_process.ident)["files"]) == {
        "app/en/a.json",
        "app/en/b/c.json",
        "web/en/a.json",
    }
