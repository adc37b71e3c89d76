"""What sources are called on the TMS: names that fit its limit, and the repository's own name in them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.in_process import InProcess
from tests.repositories import Repo

MANIFEST = """version: 1
sourceLocale: en-US
locales: {de-DE: de}
resources:
  - {name: web, source: "**/en/*.json", target: null, fileUri: "RULE"}
"""
DEEP = "/".join(f"a-folder-with-quite-a-long-name-{number:03}" for number in range(16))


def listed(repo: Repo, runner: InProcess, *flags: str) -> list[dict[str, str]]:
    """Return what `list` says of each source."""
    found: list[dict[str, str]] = json.loads(runner.run(repo, *flags, "list", "--format", "json").out)["rows"]
    return found


def said(repo: Repo, runner: InProcess) -> str:
    """Return what `check` says against the manifest."""
    done = runner.run(repo, "check", code=2)
    return done.out + done.err


@pytest.mark.parametrize("rule", ["{path:trim}", "{branch}/{path:trim}", "{repo}-{path:trim}"])
def test_a_long_path_loses_its_first_folders(repo: Repo, in_process: InProcess, rule: str) -> None:
    """As many go as the limit asks for, what stands before them counts, too, and short paths keep all."""
    repo.git("remote", "add", "origin", "git@example.com:acme/shop.git")
    repo.commit(
        {
            ".l10n.yml": MANIFEST.replace("RULE", rule),
            f"{DEEP}/en/a.json": '{"a": "A"}',
            "en/b.json": '{"b": "B"}',
        }
    )
    uris = {row["source"]: row["fileUri"] for row in listed(repo, in_process)}
    prefix = {"{p": "", "{b": "main/", "{r": "shop-"}[rule[:2]]
    deep = uris[f"{DEEP}/en/a.json"]
    kept = deep.removeprefix(prefix)
    dropped = f"{DEEP}/en/a.json".removesuffix(kept)

    assert uris["en/b.json"] == f"{prefix}en/b.json"
    assert deep.startswith(prefix)
    assert dropped.endswith("/")
    last = dropped.rstrip("/").rpartition("/")[2]
    assert len(deep) <= 512 < len(f"{prefix}{last}/{kept}")


def test_two_paths_that_are_one_when_trimmed(repo: Repo, in_process: InProcess) -> None:
    """What they were told apart by is gone, so neither may replace the other."""
    files = {f"{top}/{DEEP}/en/a.json": '{"a": "A"}' for top in ("one", "two")}
    repo.commit({".l10n.yml": MANIFEST.replace("RULE", "{path:trim}"), **files})

    assert "have the same fileUri" in said(repo, in_process)


def test_long_paths_are_one_error_with_its_remedy(repo: Repo, in_process: InProcess) -> None:
    """The first is named with what helps, the others are counted."""
    files = {f"{DEEP}/en/{name}.json": '{"a": "A"}' for name in "abc"}
    repo.commit({".l10n.yml": MANIFEST.replace("RULE", "{branch}/{path}"), **files})
    text = said(repo, in_process)

    assert text.count("E208") == 1
    assert "(and 2 more like it)" in text
    assert '`fileUri: "{branch}/{path:trim}"`' in text


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("git@example.com:acme/shop.git", "shop"),
        ("https://example.com/acme/shop/", "shop"),
        ("ssh://git@example.com:7999/acme/web-shop.git", "web-shop"),
        ("C:\\repositories\\shop.git", "shop"),
    ],
)
def test_the_name_of_the_repository_comes_from_origin(
    repo: Repo, in_process: InProcess, address: str, name: str
) -> None:
    """Whatever the folder is called, every clone and work tree has the same fileUris and namespaces."""
    rule = '{repo}/{path}", namespace: "{repo}:{name}'
    repo.commit({".l10n.yml": MANIFEST.replace("RULE", rule), "en/a.json": '{"a": "A"}'})
    repo.git("remote", "add", "origin", address)
    linked = repo.root.parent / "elsewhere"
    repo.git("worktree", "add", "--quiet", "-b", "other", str(linked))

    for root in (repo.root, linked):
        row = json.loads(in_process.run(root, "list", "--format", "json").out)["rows"][0]
        assert (row["fileUri"], row["namespace"]) == (f"{name}/en/a.json", f"{name}:a.json")


@pytest.mark.parametrize("rule", ["{repo}/{path}", '{path}", namespace: "{repo}/{path}'])
def test_without_origin_no_clone_may_name_the_repository(
    repo: Repo, in_process: InProcess, rule: str
) -> None:
    """A folder's name differs from clone to clone, so it is refused with what helps."""
    repo.commit({".l10n.yml": MANIFEST.replace("RULE", rule), "en/a.json": '{"a": "A"}'})
    repo.git("remote", "add", "upstream", "git@example.com:acme/shop.git")
    text = said(repo, in_process)

    assert "E220" in text
    assert "git remote add origin" in text


def test_a_job_is_called_alike_in_a_linked_work_tree(
    repo: Repo, in_process: InProcess, tmp_path: Path
) -> None:
    """Without `origin` the name is the main work tree's folder."""
    repo.commit({".l10n.yml": MANIFEST.replace("RULE", "{path}"), "en/a.json": '{"a": "A"}'})
    linked = tmp_path / "elsewhere"
    repo.git("worktree", "add", "--quiet", "-b", "other", str(linked))
    plan = json.loads(in_process.run(linked, "plan", "--format", "json").out)

    assert plan["jobs"][0]["name"] == f"{repo.root.name} other"
