"""The source keeps the rules that CONTRIBUTING gives it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
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


def type_names() -> Iterator[tuple[str, str]]:
    """Yield each class and type alias of the package, without its underscore, and where it stands."""
    for path in sorted(PACKAGE.rglob("*.py")):
        module = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        tree = ast.parse(path.read_text("utf-8"))
        classes = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        aliases = [
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign) and "TypeVar" not in ast.dump(node.value)
            for target in node.targets
            if isinstance(target, ast.Name) and re.fullmatch(r"_?[A-Z]\w*[a-z]\w*", target.id)
        ]
        for name in (*classes, *aliases):
            yield name.lstrip("_"), module


def test_no_type_name_means_two_things() -> None:
    """A reader who has met a type knows what its name means wherever it stands."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for name, module in type_names():
        places[name].append(module)
    assert len(places) > 400
    assert {name: modules for name, modules in places.items() if len(modules) > 1} == {}


COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
NAMELESS = {"each", "one", "it"}
"""Loop variables that name nothing; single letters neither."""


def loop_variables(tree: ast.AST) -> Iterator[ast.Name]:
    """Yield what loops and comprehensions bind."""
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.comprehension):
            yield from (name for name in ast.walk(node.target) if isinstance(name, ast.Name))


def test_loop_variables_are_nouns() -> None:
    """A line says what it deals with: no `each`, no single letter."""
    seen, nameless = 0, []
    for path in sorted(PACKAGE.rglob("*.py")):
        for name in loop_variables(ast.parse(path.read_text("utf-8"))):
            seen += 1
            if name.id in NAMELESS or (len(name.id) == 1 and name.id != "_"):
                nameless.append(f"{path.relative_to(ROOT)}:{name.lineno}: {name.id}")
    assert seen > 2000
    assert nameless == []


def test_a_comprehension_goes_through_one_thing() -> None:
    """What needs two loops is a chain, a product, a loop, or a generator with a name."""
    seen, several = 0, []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, COMPREHENSIONS):
                seen += 1
                if len(node.generators) > 1 and path.name != "resource_files.py":
                    several.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert seen > 1000
    assert several == []
