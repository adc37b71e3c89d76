"""Start-up is part of the product: what a command does not need, it does not load."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.repositories import Repo

HEAVY = {"httpx", "jsonschema", "yaml", "rich"}
MANIFEST = """\
version: 1
sourceLocale: en
locales: {de-DE: de}
resources:
  - name: web
    source: en.json
    target: "{locale}.json"
"""


def loaded(*argv: str, cwd: Path) -> set[str]:
    """Return the modules that a call of the command line has loaded when it ends."""
    code = (
        "import sys\n"
        "from l10nsync.cli import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit as stop:\n"
        "    sys.stderr.write('\\n'.join(['EXIT %s' % stop.code, *sys.modules]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *argv], cwd=cwd, capture_output=True, text=True, check=True
    )
    lines = done.stderr.split("\n")
    assert "EXIT 0" in lines, done.stderr
    return {line.partition(".")[0] for line in lines[lines.index("EXIT 0") + 1 :]}


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_version_and_help_load_no_heavy_module(argument: str, tmp_path: Path) -> None:
    """Neither the HTTP client, nor YAML, nor the schema validator, nor rich."""
    assert not loaded(argument, cwd=tmp_path) & HEAVY


def test_a_check_of_a_good_manifest_loads_what_it_uses(tmp_path: Path) -> None:
    """An offline check does not even import what could go online, nor what explains mistakes."""
    Repo(tmp_path).commit({".l10n.yml": MANIFEST, "en.json": '{"a": "b"}'})

    modules = loaded("check", cwd=tmp_path)

    assert "yaml" in modules
    assert not modules & {"httpx", "jsonschema", "referencing", "rich", "starlette"}
