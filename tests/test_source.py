"""The source keeps the rules that CONTRIBUTING gives it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
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


@cache
def parsed() -> Mapping[Path, ast.Module]:
    """Return each module of the package as a tree."""
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


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
    for path, tree in parsed().items():
        module = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
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


WHOLE_WAY = "one command's way: read, planned, carried out, shown"
SAME_OBJECT = "the same object of the service"
SAME_PART = "the same part of each package of its kind"
SAME_VALUE = "one value of the model, here made or used"
BOTH_ENDS = "one thing of the service, which the product reads and the sandbox plays"

REPEATED = {
    "check": WHOLE_WAY,
    "ci": WHOLE_WAY,
    "corrections": WHOLE_WAY,
    "doctor": WHOLE_WAY,
    "glossary": WHOLE_WAY,
    "gate": WHOLE_WAY,
    "imports": WHOLE_WAY,
    "init": WHOLE_WAY,
    "past": WHOLE_WAY,
    "plan": WHOLE_WAY,
    "prune": WHOLE_WAY,
    "pseudo": WHOLE_WAY,
    "pull": WHOLE_WAY,
    "push": WHOLE_WAY,
    "questions": WHOLE_WAY,
    "rename": WHOLE_WAY,
    "sandbox": WHOLE_WAY,
    "skill": WHOLE_WAY,
    "status": WHOLE_WAY,
    "verify": WHOLE_WAY,
    "watch": WHOLE_WAY,
    "batches": SAME_OBJECT,
    "contexts": SAME_OBJECT,
    "files": SAME_OBJECT,
    "glossaries": SAME_OBJECT,
    "issues": SAME_OBJECT,
    "job": SAME_OBJECT,
    "job_content": SAME_OBJECT,
    "jobs": SAME_OBJECT,
    "lookups": SAME_OBJECT,
    "projects": SAME_OBJECT,
    "strings": SAME_OBJECT,
    "uploads": SAME_OBJECT,
    "uris": SAME_OBJECT,
    "api": SAME_PART,
    "asgi": SAME_PART,
    "commands": SAME_PART,
    "common": SAME_PART,
    "control": SAME_PART,
    "facts": SAME_PART,
    "fetch": SAME_PART,
    "planner": SAME_PART,
    "provider": SAME_PART,
    "refusal": SAME_PART,
    "responses": SAME_PART,
    "rules": SAME_PART,
    "service": SAME_PART,
    "submit": SAME_PART,
    "values": SAME_PART,
    "limits": SAME_VALUE,
    "manifest": SAME_VALUE,
    "memory": SAME_VALUE,
    "sources": SAME_VALUE,
    "replies": BOTH_ENDS,
    "smartmate": BOTH_ENDS,
    "github": "the service: its client, and the Action that runs there",
    "render": "values as text that people read",
}
"""Names that several modules or packages have, and the one thing that each means."""


def test_no_module_name_means_two_things() -> None:
    """The name of a module or package repeats only where it means the same, in the sandbox as well."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.parent.name if path.stem == "__init__" else path.stem
        if path.parent != PACKAGE or not path.stem.startswith("__"):
            places[name].append(path.relative_to(PACKAGE).as_posix())
    assert len(places) > 300
    assert {name: paths for name, paths in places.items() if len(paths) > 1 and name not in REPEATED} == {}
    assert {name for name in REPEATED if len(places[name]) < 2} == set()


COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
NAMELESS = {"each", "one", "it"}
"""Loop variables that name nothing; single letters neither."""


def loop_variables(tree: ast.AST) -> Iterator[ast.Name]:
    """Yield what loops and comprehensions bind."""
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.comprehension):
            yield from (name for name in ast.walk(node.target) if isinstance(name, ast.Name))


NONDESCRIPT = {
    "said",
    "it",
    "one",
    "them",
    "each",
    "thing",
    "things",
    "what",
    "this",
    "that",
    "these",
    "those",
}
"""Words that stand for a noun: a variable, a parameter or an attribute has the noun itself."""


def bound_names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield what a module binds, with lines: variables, parameters, attributes and functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.id if isinstance(node, ast.Name) else node.attr, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif (
            isinstance(node, ast.FunctionDef) and node.name != "each"
        ):  # `for path, target in targets.each()`
            yield node.name, node.lineno


def test_names_say_what_they_hold() -> None:
    """No name is a pronoun, and none holds what somebody `said`: it is a message, an answer, a setting."""
    seen, nondescript = 0, []
    for path, tree in parsed().items():
        for name, line in bound_names(tree):
            seen += 1
            bare = name.lower().strip("_")
            if "said" in bare.split("_") or bare in NONDESCRIPT:
                nondescript.append(f"{path.relative_to(ROOT)}:{line}: {name}")
    assert seen > 20000
    assert nondescript == []


def test_loop_variables_are_nouns() -> None:
    """A line says what it deals with: no `each`, no single letter."""
    seen, nameless = 0, []
    for path, tree in parsed().items():
        for name in loop_variables(tree):
            seen += 1
            if name.id in NAMELESS or (len(name.id) == 1 and name.id != "_"):
                nameless.append(f"{path.relative_to(ROOT)}:{name.lineno}: {name.id}")
    assert seen > 2000
    assert nameless == []


def test_a_comprehension_goes_through_one_thing() -> None:
    """What needs two loops is a chain, a product, a loop, or a generator with a name."""
    seen, several = 0, []
    for path, tree in parsed().items():
        for node in ast.walk(tree):
            if isinstance(node, COMPREHENSIONS):
                seen += 1
                if len(node.generators) > 1:
                    several.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert seen > 1000
    assert several == []


CEILING = 15
"""Cyclomatic complexity below which every function stays, counted as lizard counts it."""
BRANCHES = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler)


def branches(node: ast.AST) -> int:
    """Return how many branches a piece of code adds, those of functions inside it left out."""
    added: int = isinstance(node, BRANCHES)
    if isinstance(node, ast.BoolOp):
        added = len(node.values) - 1
    elif isinstance(node, ast.comprehension):
        added = 1 + len(node.ifs)
    elif isinstance(node, ast.Try):
        added = bool(node.finalbody)
    elif isinstance(node, ast.match_case):
        added = node.guard is not None
    inner = (child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.FunctionDef))
    return added + sum(map(branches, inner))


def test_no_function_decides_too_much() -> None:
    """A function holds few enough branches to be read at once; a rule in it has a function of its own."""
    seen, complex_ones = 0, []
    for path, tree in parsed().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                seen += 1
                if 1 + branches(node) >= CEILING:
                    complex_ones.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}")
    assert seen > 4000
    assert complex_ones == []


HINTS = {"hint", "help", "help_text"}
"""Arguments that say what to do."""


def hints(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield the first text of each hint that is given by keyword, outside the options of the command line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in HINTS:
            text = node.value
            first = text.values[0] if isinstance(text, ast.JoinedStr) and text.values else text
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and " " in first.value:
                yield first


def test_hints_are_sentences() -> None:
    """A hint begins with a capital, or with what is to be typed."""
    found = [(path, hint) for path, tree in parsed().items() for hint in hints(tree)]
    assert len(found) > 200
    small = [
        f"{path.relative_to(ROOT)}:{hint.lineno}" for path, hint in found if str(hint.value)[0].islower()
    ]
    assert small == []


STUMBLING = re.compile(
    r"\bshall\b|\b(?<![Tt]here )(?:is|are) no (?!longer|more|one|worse)[a-z]"
    r"|, too(?=[.;:,)]|$)|\bnewer on the TMS\b"
)
"""What a native reader reads twice: `is no file` for `is not a file`, `shall` for `must`, a late `too`."""


def test_texts_are_plain_english() -> None:
    """Messages, help and docstrings use the words that a technical editor would."""
    found = []
    for path, tree in parsed().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            if STUMBLING.search(" ".join(node.value.split())):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []
