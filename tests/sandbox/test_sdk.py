"""The service's official Python client works against the sandbox."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from l10nsync.sandbox.testing import SandboxServer

ROOT = Path(__file__).parents[2]


def test_the_official_client_completes_the_tutorial(sandbox_server: SandboxServer, tmp_path: Path) -> None:
    """Job, batch, uploads, progress, authorization, downloads: unmodified but for host and scheme."""
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
