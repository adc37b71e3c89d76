"""Installing as the documentation says, from the built wheel, in environments that have nothing of ours."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from l10nsync.sandbox.testing import SandboxServer
from tests.test_tutorial import fits

ROOT = Path(__file__).parents[1]
UV = Path(sys.executable).with_name("uv")
KEPT = re.compile(r"LANG|TMPDIR|(?:PIP|SSL|HTTPS?|NO)_.*|UV_(?!TOOL|PROJECT).*")
"""Variables by which a package index is found; no other reaches a stranger's shell."""
Ended = subprocess.CompletedProcess[str]
pytestmark = pytest.mark.judges


@dataclass(frozen=True)
class Stranger:
    """Somebody with uv, git and a Python, and a home of their own."""

    home: Path

    def environment(self) -> dict[str, str]:
        """Return what their shell has."""
        places = (self.home / ".local/bin", self.home / "tools", "/usr/local/bin", "/usr/bin", "/bin")
        who = dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME", "EMAIL"), "s@example.com")
        kept = {name: value for name, value in os.environ.items() if KEPT.fullmatch(name)}
        cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
        return {
            **kept,
            **who,
            "UV_CACHE_DIR": f"{cache}/uv",
            "HOME": str(self.home),
            "PATH": os.pathsep.join(map(str, places)),
        }

    def type(
        self, line: str, folder: Path, code: int = 0, variables: Mapping[str, str] | None = None
    ) -> Ended:
        """Run a line in a shell; CODE is the exit code expected."""
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=folder,
            env={**self.environment(), **(variables or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == code, f"{line}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done


@pytest.fixture
def stranger(tmp_path: Path) -> Stranger:
    """Return somebody who has never seen l10nsync."""
    tools = tmp_path / "home/tools"
    tools.mkdir(parents=True)
    (tools / "uv").symlink_to(UV)
    return Stranger(tmp_path / "home")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with wheel and source archive."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([UV, "build", "--quiet", "--sdist", "--wheel", "--out-dir", folder, ROOT], check=True)
    return folder


INSTALLERS = {
    "uv": (("uv tool install --quiet {wheel}",), "l10nsync"),
    "pipx": (("uv tool run --quiet pipx install --quiet {wheel}",), "l10nsync"),
    "pip": (("uv venv --quiet --seed venv", "venv/bin/pip install --quiet {wheel}"), "venv/bin/l10nsync"),
}
"""What is typed, and how the program is called afterwards."""


@pytest.mark.parametrize("installer", INSTALLERS)
def test_an_installation_says_how_it_gets_the_sandbox(
    installer: str, stranger: Stranger, built: Path
) -> None:
    """The plain wheel runs; what it says to type for the demo is right for the tool that installed it."""
    (wheel,) = built.glob("*.whl")
    lines, program = INSTALLERS[installer]
    for line in lines:
        stranger.type(line.format(wheel=wheel), stranger.home)
    assert stranger.type(f"{program} version", stranger.home).stdout.startswith("l10nsync ")
    refused = stranger.type(f"{program} demo", stranger.home, code=2)
    found = re.search(r"Install it with: (.*)", refused.stderr)
    assert found is not None
    command = found[1].removeprefix("pipx") if installer == "pipx" else found[1]
    prefix = {"pipx": "uv tool run --quiet pipx", "pip": "venv/bin/", "uv": ""}[installer]
    stranger.type(f"{prefix}{command}", stranger.home)
    assert "second round changed nothing" in stranger.type(f"{program} demo", stranger.home).stdout


def steps(page: Path) -> list[tuple[str, Sequence[str]]]:
    """Return the commands of a page's console blocks with what is shown below them."""
    blocks = re.findall(r"^```console\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    found: list[tuple[str, list[str]]] = []
    for line in "".join(blocks).splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        else:
            found[-1][1].append(line)
    return [(typed, shown) for typed, shown in found]


def test_the_readme_can_be_followed(stranger: Stranger, built: Path, tmp_path: Path) -> None:
    """Copied from top to bottom: its line installs, and its commands print what it shows."""
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path / "source", filter="data")
    (checkout,) = (tmp_path / "source").iterdir()
    readme = checkout / "README.md"
    found = re.search(r"^uv tool install .*$", readme.read_text("utf-8"), re.MULTILINE)
    assert found is not None
    stranger.type(found[0], checkout)

    repository = tmp_path / "web-i18next"
    shutil.copytree(checkout / "examples/web-i18next", repository)
    stranger.type("git init -q -b main && git add -A && git commit -q -m Begin", repository)
    with SandboxServer("--locales", "de-DE,fr-FR,es-ES") as server:
        for typed, shown in steps(readme):
            if typed == "l10nsync pull":
                server.control.translate("sandbox00")
            printed = stranger.type(typed, repository, variables=server.environment()).stdout.splitlines()
            said = [line for line in printed if line]
            assert fits([line for line in shown if line], said), (typed, printed)
