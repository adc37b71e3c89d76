"""The official clients call every operation that they have; the table of them in the docs is made of that."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import pytest

from l10nsync.sandbox.testing import SandboxServer

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs/sandbox.md").read_text(encoding="utf-8")
HERE = Path(__file__).parent


def row(name: str, release: str, statuses: Mapping[str, int | str]) -> str:
    """Return the row of a client in the table of the docs; anything but success and 501 is a failure."""
    wrong = {operation: status for operation, status in statuses.items() if status not in {200, 202, 501}}
    assert wrong == {}
    works = [operation for operation, status in statuses.items() if status != 501]
    return f"| {name} | {release} | {len(statuses)} | {len(works)} |"


def unnamed(statuses: Mapping[str, int | str]) -> list[str]:
    """Return the operations that are missing and that the docs do not name."""
    missing = [operation.rpartition(".")[2] for operation, status in statuses.items() if status == 501]
    return [operation for operation in missing if f"`{operation}`" not in DOCS]


def test_the_python_client_calls_every_operation(sandbox_server: SandboxServer, tmp_path: Path) -> None:
    """Each works, or the docs name it as missing."""
    project = sandbox_server.control.project(["de-DE", "fr-FR"])
    result = tmp_path / "result.json"
    done = subprocess.run(
        [sys.executable, str(HERE / "python_operations.py"), sandbox_server.url, project, str(result)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode()[-2000:] + done.stderr.decode()[-2000:]
    statuses = json.loads(result.read_bytes())
    assert row("`SmartlingApiSdk` for Python", version("SmartlingApiSdk"), statuses) in DOCS
    assert unnamed(statuses) == []


def test_the_node_client_calls_every_operation(sandbox_server: SandboxServer) -> None:
    """Each works, or the docs name it as missing."""
    modules = Path(os.environ.get("L10NSYNC_NODE_MODULES", str(ROOT / ".node" / "node_modules")))
    if shutil.which("node") is None or not (modules / "smartling-api-sdk-nodejs").is_dir():
        pytest.skip("needs tool: node with smartling-api-sdk-nodejs (make .node/.ready)")
    project = sandbox_server.control.project(["de-DE", "fr-FR"])
    done = subprocess.run(
        ["node", str(HERE / "node_operations.cjs"), sandbox_server.url, project, "sandbox1"],
        env={**os.environ, "NODE_PATH": str(modules)},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    statuses = json.loads(done.stdout)
    release = json.loads((modules / "smartling-api-sdk-nodejs/package.json").read_bytes())["version"]
    assert row("`smartling-api-sdk-nodejs`", release, statuses) in DOCS
    assert unnamed(statuses) == []
