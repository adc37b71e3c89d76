"""What is built to be installed is whole: wheel, source archive, man page, completions."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tomllib
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests import manual

ROOT = Path(__file__).parents[1]
UV = Path(sys.executable).with_name("uv")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with wheel and source archive."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([UV, "build", "--quiet", "--sdist", "--wheel", "--out-dir", folder, ROOT], check=True)
    return folder


def wheel_of(folder: Path) -> Path:
    """Return the only wheel of a folder."""
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.mark.parametrize("path", manual.files())
def test_man_page_and_completions_are_up_to_date(path: str) -> None:
    """`make docs` writes them from the commands themselves."""
    assert (ROOT / "docs" / path).read_text("utf-8") == manual.files()[path]


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_the_man_page_is_one() -> None:
    """The typesetter has nothing to warn of."""
    page = ROOT / "docs/man/l10nsync.1"
    done = subprocess.run(
        ["groff", "-man", "-ww", "-z", "-K", "utf8", page], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""


@pytest.mark.judges
def test_the_wheel_has_all_that_runs(built: Path) -> None:
    """Types, schemas, pages, the demo's repository, licence, man page and completions; no tests."""
    with ZipFile(wheel_of(built)) as wheel:
        names = set(wheel.namelist())
        (meta,) = [name for name in names if name.endswith(".dist-info/METADATA")]
        metadata = message_from_bytes(wheel.read(meta))
    package = {
        str(path.relative_to(ROOT))
        for path in ROOT.glob("l10nsync/**/*")
        if path.suffix in {".py", ".html", ".css"}
    }
    assert package <= names
    assert {
        "l10nsync/py.typed",
        "l10nsync/schemas/manifest.schema.json",
        "l10nsync/demo/web-i18next/.l10n.yml",
    } <= names
    data = {name.partition(".data/data/")[2] for name in names if ".data/data/" in name}
    assert data == {
        "share/man/man1/l10nsync.1",
        "share/bash-completion/completions/l10nsync",
        "share/zsh/site-functions/_l10nsync",
        "share/fish/vendor_completions.d/l10nsync.fish",
    }
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"l10nsync"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert metadata["License-Expression"] == project["license"]
    assert metadata["Requires-Python"] == project["requires-python"]
    assert metadata.get_all("Provides-Extra") == ["sandbox"]
    assert len(metadata.get_all("Project-URL") or ()) == len(project["urls"])


@pytest.mark.judges
def test_the_source_archive_builds_the_same_wheel(built: Path, tmp_path: Path) -> None:
    """A distribution that packages l10nsync begins with the archive; nothing is missing from it."""
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    subprocess.run([UV, "build", "--quiet", "--wheel", "--out-dir", tmp_path / "again", source], check=True)
    with ZipFile(wheel_of(built)) as first, ZipFile(wheel_of(tmp_path / "again")) as second:
        assert {each.filename: each.CRC for each in first.infolist()} == {
            each.filename: each.CRC for each in second.infolist()
        }
