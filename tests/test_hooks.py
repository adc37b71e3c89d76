"""Hooks and snippets for other CI systems: each recipe of the documentation is run or held to its schema."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repositories import Repo

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
NODE = ROOT / ".node" / "node_modules" / ".bin"
GOOD = {
    ".l10n.yml": "version: 1\nproject: abcdefghi\nsourceLocale: en-US\nlocales: {de-DE: de}\n"
    "resources:\n  - {name: app, source: en.json, target: '{locale}.json'}\n",
    "en.json": '{"hello": "Hello {{name}}"}\n',
    "de.json": '{"hello": "Hallo {{name}}"}\n',
}
BROKEN = {"de.json": '{"hello": "Hallo"}\n'}


def recipe(name: str) -> str:
    """Return a recipe of docs/hooks.md."""
    page = (ROOT / "docs" / "hooks.md").read_text("utf-8")
    found = re.search(rf"<!-- hook: {name} -->\n```\w+\n(.*?)```", page, re.DOTALL)
    assert found, name
    return found[1]


def run(repo: Repo, *argv: str) -> subprocess.CompletedProcess[str]:
    """Run a tool in REPO; skip where it is not to be had."""
    path = shutil.which(argv[0], path=os.pathsep.join((str(BIN), str(NODE), os.environ["PATH"])))
    if path is None:
        pytest.skip(f"needs tool: {argv[0]}")
    environ = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("GIT_", "SMARTLING", "L10NSYNC"))
    }
    environ |= {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PRE_COMMIT_HOME": str(repo.root.parent / "hooks-home"),
        "PREK_HOME": str(repo.root.parent / "prek-home"),
        "NO_COLOR": "1",
    }
    return subprocess.run(
        [path, *argv[1:]],
        cwd=repo.root,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.judges  # each installs the project into an environment of its own
@pytest.mark.parametrize("runner", ["pre-commit", "prek"])
def test_both_hooks_run_from_a_checkout(repo: Repo, tmp_path: Path, runner: str) -> None:
    """`try-repo` installs the project and runs the hooks: the first passes, the second finds the fault."""
    source = tmp_path / "project"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(source)], check=True)
    repo.commit({**GOOD, **BROKEN})
    checked = run(repo, runner, "try-repo", str(source), "l10nsync-check", "--all-files")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    arguments = ("l10nsync-verify", "--all-files", "--hook-stage", "pre-push")
    judged = run(repo, runner, "try-repo", str(source), *arguments)
    assert judged.returncode == 1, judged.stdout + judged.stderr
    assert "exit code: 6" in judged.stdout
    assert "placeholder" in judged.stdout


def test_the_hooks_of_the_manifest_are_valid() -> None:
    """pre-commit reads the file of hooks, and the recipe's hooks are in it."""
    done = subprocess.run(
        [str(BIN / "pre-commit"), "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    hooks = set(re.findall(r"- id: (\S+)", (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")))
    assert set(re.findall(r"- id: (\S+)", recipe("pre-commit"))) == hooks


@pytest.mark.parametrize(
    ("name", "file", "command"),
    [
        ("git", "hook.sh", ("sh", "hook.sh")),
        ("make", "Makefile", ("make", "--silent", "release")),
        ("tox", "tox.ini", ("tox", "-q", "-e", "translations")),
        ("nox", "noxfile.py", ("nox", "-s", "translations")),
    ],
)
def test_a_recipe_stops_a_release_and_says_why(
    repo: Repo, name: str, file: str, command: tuple[str, ...]
) -> None:
    """Whatever becomes of the exit code, it is not 0, and the verdict is in the output."""
    # The gate online needs a service; the recipes are the same with the offline one.
    text = recipe(name).replace("l10nsync verify\n", "l10nsync verify --offline\n")
    repo.commit({**GOOD, file: text})
    fine = run(repo, *command)
    assert fine.returncode == 0, fine.stdout + fine.stderr
    repo.commit(BROKEN)
    stopped = run(repo, *command)
    assert stopped.returncode != 0
    assert "1 error" in stopped.stdout + stopped.stderr or "not passed" in stopped.stdout + stopped.stderr


@pytest.mark.parametrize(
    ("name", "file", "options"),
    [
        ("release-it", ".release-it.json", ("--ci", "--no-git", "--no-npm")),
        ("semantic-release", ".releaserc.json", ("--dry-run", "--no-ci", "--branches", "main")),
    ],
)
def test_a_node_tool_stops_its_release(
    repo: Repo, tmp_path: Path, name: str, file: str, options: tuple[str, ...]
) -> None:
    """release-it and semantic-release go on with good translations and stop at broken ones."""
    bare = tmp_path / "origin.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(bare)], check=True)
    repo.git("remote", "add", "origin", str(bare))
    text = recipe(name).replace("l10nsync verify", "l10nsync verify --offline")
    package = '{"name": "x", "version": "1.0.0", "private": true}'
    where = ("--repository-url", bare.as_uri()) if name == "semantic-release" else ()
    for files, expected in (({**GOOD, file: text, "package.json": package}, 0), (BROKEN, 1)):
        repo.commit(files, "feat: something")
        repo.git("push", "--quiet", "origin", "main")
        done = run(repo, name, *options, *where)
        assert done.returncode == expected, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("page", "schema"),
    [
        ("gitlab", "vendor.gitlab-ci"),
        ("bitbucket", "vendor.bitbucket-pipelines"),
        ("circleci", "vendor.circle-ci"),
        ("azure", "vendor.azure-pipelines"),
    ],
)
def test_a_snippet_fits_the_schema_of_its_system(tmp_path: Path, page: str, schema: str) -> None:
    """What the page shows is a valid configuration of that system."""
    text = (ROOT / "docs" / "ci" / f"{page}.md").read_text("utf-8")
    found = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert found
    path = tmp_path / f"{page}.yml"
    path.write_text(found[1])
    arguments = ["--data-transform", "gitlab-ci"] if page == "gitlab" else []
    if page == "azure":  # its schema has expressions that only a lenient reader takes
        arguments = ["--data-transform", "azure-pipelines", "--regex-variant", "python"]
    done = subprocess.run(
        [str(BIN / "check-jsonschema"), *arguments, "--builtin-schema", schema, str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_recipes_name_only_commands_that_exist() -> None:
    """Every `l10nsync …` of the pages about hooks and CI systems is a command with those options."""
    pages = [ROOT / "docs" / "hooks.md", *sorted((ROOT / "docs" / "ci").glob("*.md"))]
    text = "\n".join(page.read_text("utf-8") for page in pages)
    called = set(re.findall(r"l10nsync (check|plan|push|pull|verify|status)\b([^\n`\"']*)", text))
    assert {name for name, _rest in called} >= {"check", "plan", "push", "verify"}
    for name in {name for name, _rest in called}:
        shown = subprocess.run(
            [sys.executable, "-m", "l10nsync", name, "--help"], capture_output=True, text=True, check=True
        ).stdout
        options = {
            option for each, rest in called if each == name for option in re.findall(r"--[a-z-]+", rest)
        }
        assert all(option in shown for option in options), (name, options)
