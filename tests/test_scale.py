"""A thousand repositories against one service, as docs/scale.md has it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.long
def test_a_thousand_repositories_end_as_one_does() -> None:
    """None fails, no translation is missing, though a project takes 10 operations at once."""
    command = [sys.executable, "benchmarks/scale.py", "--repositories", "1000", "--files", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=5400, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
