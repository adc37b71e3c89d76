"""The service's official clients for Python and Node work against the sandbox."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from l10nsync.sandbox.testing import SandboxServer

ROOT = Path(__file__).parents[2]


def test_the_official_python_client_completes_everything(
    sandbox_server: SandboxServer, tmp_path: Path
) -> None:
    """All that the sandbox offers of it, unmodified but for host and scheme; issues by its request layer."""
    project = sandbox_server.control.project(["de-DE", "fr-FR"])
    result = tmp_path / "result.json"
    script = str(Path(__file__).with_name("sdk_tutorial.py"))
    done = subprocess.run(
        [sys.executable, script, sandbox_server.url, project, str(result)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    seen = json.loads(result.read_bytes())
    assert (seen["upload"], seen["authorize"]) == (202, 200)
    assert (seen["before"], seen["after"], seen["listed"]) == (0, 100, 2)
    status, german = seen["de-DE test-files/products.json"]
    assert status == 200
    assert german["product.ID1234.name"] not in {"", "Some product name"}
    assert german != seen["fr-FR test-files/products.json"][1]
    assert seen["more"] == {
        "direct": [False, 2, 4],
        "source": "Hello world",
        "status": 2,
        "german": 2,
        "zip": "PK",
        "many": "PK",
        "types": ["json"],
        "modified": ["de-DE", 2],
        "published": 2,
        "exported": 2,
        "imported": 1,
        "renamed": 200,
        "deleted": 200,
        "project": "en-US",
        "account": True,
        "added": 1,
        "found": 1,
        "name": "Third",
        "words": 2,
        "csv": "Project Name,Job Name",
        "strings": 1,
        "removed": 1,
        "cancelled": 200,
        "gone": 200,
        "created": 1,
        "process": "CLOSED",
        "sources": ["Too late"],
        "translations": 0,
        "match": [202, 1],
        "issue": "OPENED",
        "issues": 1,
        "context": 200,
    }


def test_the_official_node_client_completes_everything(sandbox_server: SandboxServer) -> None:
    """All that the sandbox offers of it, unmodified; rename, import and issues by its request layer."""
    modules = os.environ.get("L10NSYNC_NODE_MODULES", str(ROOT / ".node" / "node_modules"))
    if shutil.which("node") is None or not Path(modules, "smartling-api-sdk-nodejs").is_dir():
        pytest.skip("needs tool: node with smartling-api-sdk-nodejs (make .node/.ready)")
    project = sandbox_server.control.project(["de-DE", "fr-FR"])
    script = str(Path(__file__).with_name("node_tutorial.cjs"))
    done = subprocess.run(
        ["node", script, sandbox_server.url, project, "sandbox1"],
        env={**os.environ, "NODE_PATH": modules},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    seen = json.loads(done.stdout)
    assert seen.pop("german") not in {"", "Hello world"}
    assert seen == {
        "upload": {"overWritten": False, "stringCount": 2, "wordCount": 4},
        "again": {"overWritten": True, "stringCount": 2, "wordCount": 4},
        "listed": 1,
        "status": 2,
        "batch": ["COMPLETED", "CANCELED", "COMPLETED"],
        "batches": 1,
        "before": 0,
        "after": 100,
        "job": "COMPLETED",
        "files": 2,
        "found": 1,
        "zip": "PK",
        "published": 2,
        "modified": True,
        "imported": {"stringCount": 1, "wordCount": 2, "translationImportErrors": []},
        "deleted": True,
        "strings": 2,
        "created": [1, "false"],
        "process": "CLOSED",
        "match": 1,
        "contexts": 1,
        "contextDeleted": True,
        "issue": "RESOLVED",
        "project": 2,
        "projects": True,
        "locales": True,
        "glossary": True,
        "words": 4,
        "refused": "file.not.found",
        "requestId": True,
    }
