"""Start-up is part of the product: what a command does not need, it does not load."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from itertools import chain, product
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
    """Return the packages that a call of the command line has loaded when it ends."""
    return {name.partition(".")[0] for name in modules(*argv, cwd=cwd)}


def modules(*argv: str, cwd: Path) -> list[str]:
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
    return lines[lines.index("EXIT 0") + 1 :]


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_version_and_help_load_no_heavy_module(argument: str, tmp_path: Path) -> None:
    """Neither the HTTP client, nor YAML, nor the schema validator, nor rich."""
    assert not loaded(argument, cwd=tmp_path) & HEAVY


def test_a_check_of_a_good_manifest_loads_what_it_uses(tmp_path: Path) -> None:
    """An offline check does not even import what could go online, nor what explains mistakes."""
    Repo(tmp_path).commit({".l10n.yml": MANIFEST, "en.json": '{"a": "b"}'})

    found = modules("check", cwd=tmp_path)

    packages = {name.partition(".")[0] for name in found}
    assert "yaml" in packages
    assert not packages & {"httpx", "jsonschema", "referencing", "rich", "starlette"}
    assert len(found) < 345  # of which Python loads a third by itself
    assert not {"l10nsync.app.push", "l10nsync.app.pull", "l10nsync.plan.push.facts"} & set(found)


FRONTS = ("l10nsync.app", "l10nsync.plan", "l10nsync.plan.gate", "l10nsync.plan.push", "l10nsync.plan.status")


@pytest.mark.parametrize("name", FRONTS)
def test_the_front_of_a_package_shows_what_is_imported_there(name: str) -> None:
    """The names are said twice, for those who check types and for those who run them: none is forgotten."""
    front = import_module(name)
    tree = ast.parse(Path(str(front.__file__)).read_text("utf-8"))
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    own = [node for node in imports if str(node.module).startswith(f"{name}.")]
    said = set(
        chain.from_iterable(product([node.module], [alias.name for alias in node.names]) for node in own)
    )
    homes: dict[str, tuple[str, ...]] = front._HOMES
    pairs = ((f"{name}.{module}", names) for module, names in homes.items())
    assert said == set(chain.from_iterable(product([module], names) for module, names in pairs))
    assert all(getattr(front, shown) is not None for _module, shown in said)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        front.nothing  # noqa: B018


def test_httpx_comes_without_what_others_need_of_it() -> None:
    """Its own command line, and libraries of asynchronous programs, are half of what it takes to load it."""
    code = "import sys; from l10nsync.providers import http; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found = set(done.stdout.split())
    assert {"httpx", "httpcore"} <= found
    assert not found & {"httpx._main", "anyio", "trio", "rich"}
