"""The sandbox inside: a folder for each API, and contracts that know every module of it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GROUPS = ROOT / "l10nsync" / "sandbox" / "groups"
NAMES = sorted(folder.name for folder in GROUPS.iterdir() if (folder / "__init__.py").is_file())


def layers() -> list[list[str]]:
    """Return the layers of the contract, from the wire down to the store."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    contract = next(each for each in settings["contracts"] if each["name"].startswith("The sandbox: wire"))
    return [layer.replace("|", ":").replace(" ", "").split(":") for layer in contract["layers"]]


def layer_of(module: str) -> int:
    """Return the number of the layer that MODULE stands in."""
    return next(number for number, names in enumerate(layers()) if f"l10nsync.sandbox.{module}" in names)


@pytest.mark.parametrize("name", NAMES)
def test_a_group_has_its_rules_below_its_responses(name: str) -> None:
    """Each module of a group stands in the contract: what it says on the wire above, all else below."""
    modules = {path.stem for path in (GROUPS / name).glob("*.py")} - {"__init__"}
    assert "rules" in modules
    places = {module: layer_of(f"groups.{name}.{module}") for module in modules}
    said = places.pop("responses", 0)
    assert len(set(places.values())) == 1
    assert (
        layer_of("wire") < said < layer_of("parsed_request") < places["rules"] < layer_of("store") or not said
    )


def test_no_module_of_the_groups_stands_beside_them() -> None:
    """What all groups share is in `common`."""
    assert [path.name for path in GROUPS.glob("*.py")] == ["__init__.py"]
