"""The pytest plugin, as a project that uses it sees it: pytest in a process and a folder of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(folder: Path, test: str) -> str:
    """Run a file of tests as its project would, and return what pytest printed."""
    (folder / "test_translations.py").write_text(test, "utf-8")
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--strict-markers", "-p", "no:cacheprovider"],
        cwd=folder,
        env={**kept, "GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def documented() -> str:
    """Return the test that the documentation shows."""
    text = (ROOT / "docs/sandbox.md").read_text("utf-8")
    blocks: list[str] = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return next(block for block in blocks if "l10nsync_sandbox" in block)


def test_the_documented_test_passes(tmp_path: Path) -> None:
    """Who copies it from the documentation has a test that works."""
    assert " passed" in run(tmp_path, documented())


def test_each_test_has_a_project_of_its_own(tmp_path: Path) -> None:
    """The environment leads there for the test alone; the marker says what the project is like."""
    test = """
import os

import pytest

seen = []

@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.l10nsync_sandbox(locales=["sv-SE"], source="en-GB")
def test_project(l10nsync_sandbox, number):
    assert os.environ["SMARTLING_PROJECT_ID"] == l10nsync_sandbox.project
    assert os.environ["SMARTLING_API_URL"] == l10nsync_sandbox.url
    assert l10nsync_sandbox.view()["locales"] == ["sv-SE"]
    seen.append((l10nsync_sandbox.project, l10nsync_sandbox.url))

def test_without():
    assert "SMARTLING_PROJECT_ID" not in os.environ
    assert len({project for project, _ in seen}) == 2
    assert len({url for _, url in seen}) == 1
"""
    assert "3 passed" in run(tmp_path, test)


def test_the_fixtures_are_listed(tmp_path: Path) -> None:
    """`pytest --fixtures` shows them with what they do."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--fixtures", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert {"l10nsync_sandbox", "l10nsync_sandbox_server"} <= set(
        re.findall(r"^\w+", done.stdout, re.MULTILINE)
    )


def test_a_failure_shows_our_words_and_no_variables(tmp_path: Path) -> None:
    """A command that fails says why; however much pytest shows, the environment is not in it."""
    (tmp_path / "test_failing.py").write_text(
        """
def test_run(l10nsync_sandbox, tmp_path):
    l10nsync_sandbox.run("push", cwd=tmp_path)

def test_seed(l10nsync_sandbox, tmp_path):
    l10nsync_sandbox.seed(tmp_path)
"""
    )
    secrets = {f"A{number}_PASSWORD": "canary-of-the-environment" for number in range(5)}

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--showlocals", "--full-trace"],
        cwd=tmp_path, env={**secrets, "PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert "2 failed" in done.stdout
    assert "ended with exit code 2" in done.stdout
    assert "not inside a git repository" in done.stdout
    assert "canary-of-the-environment" not in done.stdout + done.stderr
