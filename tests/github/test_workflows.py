"""action.yml, the workflows and the hooks: valid, safe, and as the documentation shows them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from l10nsync.ci.inputs import NAMES, Inputs, parse
from l10nsync.ci.log import OUTPUTS
from tests.github.documented import PAGES, ROOT, action, filled

WORKFLOWS = sorted([*ROOT.glob("examples/workflows/*.yml"), *ROOT.glob(".github/workflows/*.yml")])
BIN = Path(sys.executable).parent


def tool(name: str, *arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a linter of the development environment."""
    path = shutil.which(name, path=str(BIN)) or shutil.which(name)
    if path is None:
        pytest.skip(f"needs tool: {name}")
    environ = {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(cwd)}
    return subprocess.run(
        [path, *arguments], cwd=cwd, capture_output=True, text=True, env=environ, check=False
    )


def clean(done: subprocess.CompletedProcess[str]) -> None:
    """Require that a linter found nothing."""
    assert done.returncode == 0, done.stdout + done.stderr


def test_action_and_workflows_fit_githubs_schemas() -> None:
    """check-jsonschema finds nothing."""
    clean(tool("check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml"))
    names = [str(path) for path in WORKFLOWS]
    clean(tool("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *names))


def test_workflows_are_right(tmp_path: Path) -> None:
    """Actionlint finds nothing, shell in them included."""
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for path in WORKFLOWS:
        (folder / path.name).write_bytes(path.read_bytes())
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    clean(tool("actionlint", "-no-color", cwd=tmp_path))


def test_action_and_workflows_are_safe() -> None:
    """Zizmor's strictest persona finds nothing."""
    names = ["action.yml", *(str(path) for path in WORKFLOWS)]
    clean(tool("zizmor", "--offline", "--persona=auditor", "--no-progress", *names))


def test_the_installer_is_right() -> None:
    """Shellcheck finds nothing."""
    clean(tool("shellcheck", "action/install.sh", ".ci/run"))


def test_the_action_has_no_logic_and_no_foreign_action() -> None:
    """No expression within a script, and of others' actions only GitHub's cache, by its full commit."""
    steps = action()["runs"]["steps"]
    nested = [step["uses"] for step in steps if "uses" in step]
    assert [re.sub(r"@[0-9a-f]{40}$", "", name) for name in nested] == [
        "actions/cache/restore",
        "actions/cache/save",
    ]
    assert len({name.partition("@")[2] for name in nested}) == 1
    for step in steps:
        if "uses" in step:
            # What it does saves requests: its failure is no failure of ours.
            assert step["continue-on-error"] is True
            continue
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"


def test_inputs_and_outputs_are_those_of_the_program() -> None:
    """What action.yml declares is what the program knows, with the same defaults."""
    declared = action()
    assert set(declared["inputs"]) == NAMES
    assert tuple(declared["outputs"]) == OUTPUTS
    for name, row in declared["outputs"].items():
        assert row["value"] == f"${{{{ steps.run.outputs.{name} }}}}"
    defaults = {name: str(row.get("default", "")) for name, row in declared["inputs"].items()}
    given = {**defaults, "command": "push", "github-token": ""}
    import json

    assert parse(json.dumps(given)) == Inputs(command="push")


@pytest.mark.parametrize("page", PAGES)
def test_pages_show_the_files_and_tables_as_they_are(page: str) -> None:
    """`make docs` has nothing to do."""
    text = (ROOT / page).read_text("utf-8")
    assert filled(text) == text


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_workflow_asks_for_little(path: Path) -> None:
    """No permission but by job, every action by its full commit, no credentials left in the checkout."""
    text = path.read_text("utf-8")
    loaded = yaml.safe_load(text)
    assert loaded["permissions"] == {}
    for job in loaded["jobs"].values():
        assert "timeout-minutes" in job
        for step in job["steps"]:
            if uses := step.get("uses"):
                assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", uses), uses
                if uses.startswith("actions/checkout@"):
                    assert step["with"]["persist-credentials"] is False
            if uses and uses.startswith("l10nsync/l10nsync@"):
                assert set(step["with"]) <= set(action()["inputs"])


def test_the_pinned_dependencies_are_those_of_the_project() -> None:
    """Every dependency is there with hashes, none with an address."""
    text = (ROOT / "action" / "requirements.txt").read_text("utf-8")
    assert "://" not in text
    # The index writes each of `-`, `_` and `.` as `-`.
    pinned = {re.sub(r"[-_.]+", "-", name) for name in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    block = project.partition("\ndependencies = [")[2].partition("]")[0]
    assert {re.sub(r"[-_.]+", "-", name) for name in re.findall(r'"([\w.-]+)[><=]', block)} <= pinned
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in each for each in blocks)
