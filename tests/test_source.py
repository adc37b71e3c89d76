"""The source keeps the rules that CONTRIBUTING gives it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "l10nsync"
ROOMS = sorted(
    path.stem
    for path in PACKAGE.iterdir()
    if (path / "__init__.py").exists() or (path.suffix == ".py" and not path.stem.startswith("__"))
)
"""What stands directly in the package: each has a place on the map and among the imports."""


@pytest.mark.parametrize("room", ROOMS)
def test_every_package_is_on_the_map(room: str) -> None:
    """CONTRIBUTING shows where each package stands."""
    chart = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split("## The map")[1].split("```")[1]
    assert re.search(rf"\b{room}\b", chart)


@pytest.mark.parametrize("room", sorted({*ROOMS} - {"sandbox"}))
def test_every_package_has_a_layer(room: str) -> None:
    """No package is left out of the order of imports; the sandbox has an order of its own."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = {contract["name"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}
    layers = contracts["Imports point down only"]["layers"]
    named = {name for layer in layers for name in layer.split(" | ")}
    assert f"l10nsync.{room}" in named
