"""99designs' client in Go, as its module is published, works against the sandbox and is in the docs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.sandbox.test_clients import DOCS, row
from tests.sandbox_fixtures import RestClient, rest, sandbox_project

__all__ = ["rest", "sandbox_project"]
ROOT = Path(__file__).parents[2]


@pytest.mark.judges
def test_the_go_client_calls_every_operation(rest: RestClient) -> None:
    """It decodes strictly: numbers, dates and errors have to be just what it expects."""
    program = Path(os.environ.get("L10NSYNC_GO_CLIENT", str(ROOT / ".judges" / "go_client")))
    if not program.is_file():
        pytest.skip("needs tool: go, for 99designs' client (make .judges/.ready)")
    done = subprocess.run(
        [str(program), rest.url, rest.project, "sandbox1"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    statuses: dict[str, int | str] = {
        name: 200 if answer == "ok" else answer for name, answer in said.items()
    }
    assert row("`99designs/api-sdk-go`", "0.0.0-20180919023439", statuses) in DOCS
