"""Patterns and exclusions, held against git itself in a real repository."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from l10nsync.paths import Ignore, PatternError, compile_source

PATHS, PATTERNS, EXCLUDES = 500, 400, 200  # 200,000 and 100,000 pairs
_NAMES = [
    "a",
    "b",
    "ab",
    "en",
    "de",
    "x.json",
    "a.json",
    "ab.json",
    "en.xml",
    "a-b",
    "B",
    "0",
    "a b",
    "é",
    "x",
]
_WILD = [
    "*",
    "?",
    "**",
    "[ab]",
    "[!a]",
    "[^e]",
    "[a-c]",
    "[[:alpha:]]",
    "[]a]",
    "[a-]",
    "[![:digit:]b]",
    "[+-9]",
]


def _git(folder: Path, *words: str, given: str = "") -> str:
    done = subprocess.run(["git", *words], cwd=folder, input=given.encode(), capture_output=True, check=False)
    assert done.returncode in {0, 1}, done.stderr.decode()  # check-ignore says 1 for "none of them"
    return done.stdout.decode()


def _lines(answer: str) -> set[str]:
    return set(answer.split("\0")) - {""}


def _path(chance: random.Random) -> str:
    folders = chance.choices(
        ["a", "b", "ab", "en", "de", "a-b", "B", "é"], k=chance.choice([0, 0, 1, 1, 2, 3, 4])
    )
    return "/".join([*folders, chance.choice(_NAMES) + chance.choice(["", ".j", ".json"])])


def _part(chance: random.Random) -> str:
    pieces = [
        chance.choice(_NAMES if chance.random() < 0.5 else _WILD)
        for _ in range(chance.choice([1, 1, 1, 2, 3]))
    ]
    if chance.random() < 0.1:
        pieces.append("\\" + chance.choice("ab*?["))
    return "".join(pieces)


def _pattern(chance: random.Random) -> str:
    parts = [_part(chance) for _ in range(chance.choice([1, 1, 2, 2, 3, 4]))]
    for _ in range(chance.choice([0, 1, 1, 2])):
        parts.insert(chance.randrange(len(parts) + 1), "**")
    return "/".join(parts)


def _mutated(chance: random.Random, path: str) -> str:
    """Turn pieces of a real path into wildcards, so that many patterns match something."""
    parts = [part if chance.random() < 0.5 else _blurred(chance, part) for part in path.split("/")]
    if chance.random() < 0.5:
        parts[: chance.randrange(len(parts))] = ["**"]
    return "/".join(parts)


def _blurred(chance: random.Random, part: str) -> str:
    start = chance.randrange(len(part))
    end = chance.randrange(start, len(part)) + 1
    return part[:start] + chance.choice(["*", "?" * len(part[start:end].encode()), "***"]) + part[end:]


def _repository(folder: Path, paths: Sequence[str]) -> None:
    """Track PATHS without writing them: the index alone decides."""
    _git(folder, "init", "-q")
    blob = _git(folder, "hash-object", "-w", "--stdin").strip()
    rows = "".join(f"100644 {blob}\t{path}\0" for path in paths)
    _git(folder, "update-index", "--add", "-z", "--index-info", given=rows)


def _without_clashes(paths: set[str]) -> list[str]:
    """Leave out files that are also folders, which no index can hold."""
    folders = {"/".join(path.split("/")[:end]) for path in paths for end in range(1, path.count("/") + 1)}
    return sorted(paths - folders)


def _made(amount: int, make: Callable[[], str]) -> set[str]:
    made: set[str] = set()
    while len(made) < amount:
        made.add(make())
    return made


@pytest.fixture(scope="module")
def chance() -> random.Random:
    return random.Random(20261124)


@pytest.fixture(scope="module")
def tracked(chance: random.Random) -> list[str]:
    return _without_clashes(_made(PATHS, lambda: _path(chance)))


def _compiles(pattern: str) -> bool:
    try:
        compile_source(pattern)
    except PatternError:
        return False
    return True


def _trips_git(pattern: str) -> bool:
    """Say whether git itself strays from its documentation.

    Git compares the literal beginning of a pattern apart, and what is left then seems to begin with
    `**`: `a**/b` matches `ab`. By the documentation these stars are as one, and so they are here.
    """
    return re.match(r"!?/?[^*?\[\\]*[^/*?\[\\]\*{2,}(?:/|$)", pattern) is not None


def _counts_bytes(pattern: str) -> bool:
    """`?` and classes take a character here and a byte in git: beside `é` the two differ by intention."""
    return any(mark in pattern for mark in "?[")


def test_source_patterns_match_what_git_matches(
    tmp_path: Path, chance: random.Random, tracked: list[str]
) -> None:
    """`match` takes exactly the tracked files that `git ls-files ':(glob)…'` lists."""
    _repository(tmp_path, tracked)
    folders = {"/".join(path.split("/")[:end]) for path in tracked for end in range(1, path.count("/") + 1)}
    made = _made(PATTERNS // 2, lambda: _pattern(chance))
    made |= _made(PATTERNS // 2, lambda: _mutated(chance, chance.choice(tracked)))
    # git takes a pattern that spells a folder for everything below it; ours never match a folder
    patterns = [
        each for each in sorted(made) if _compiles(each) and each not in folders and not _trips_git(each)
    ]
    hits = 0
    for pattern in patterns:
        theirs = _lines(_git(tmp_path, "ls-files", "-z", "--", f":(glob){pattern}"))
        ours = {path for path in tracked if compile_source(pattern).match(path) is not None}
        if _counts_bytes(pattern):
            theirs, ours = ({path for path in each if path.isascii()} for each in (theirs, ours))
        assert ours == theirs, pattern
        hits += len(theirs)
    assert len(patterns) > PATTERNS * 0.9
    assert hits > PATTERNS  # the comparison is not one of nothing with nothing


def _exclude(chance: random.Random) -> str:
    pattern = _mutated(chance, _path(chance)) if chance.random() < 0.5 else chance.choice(_NAMES)
    pattern = chance.choice(["", "", "", "/", "!"]) + pattern + chance.choice(["", "", "", "/", "/**"])
    return "*.json" if _trips_git(pattern) else pattern


def test_excludes_match_what_git_ignores(tmp_path: Path, chance: random.Random, tracked: list[str]) -> None:
    """`exclude` patterns, also several with a negation among them, take out what git ignores."""
    _git(tmp_path, "init", "-q")
    given = "".join(f"{path}\0" for path in tracked)
    hits = 0
    for _ in range(EXCLUDES):
        patterns = [_exclude(chance) for _ in range(chance.choice([1, 1, 2, 3]))]
        (tmp_path / ".gitignore").write_text("\n".join(patterns) + "\n", "utf-8")
        theirs = _lines(_git(tmp_path, "check-ignore", "--no-index", "-z", "--stdin", given=given))
        ours = {path for path in tracked if Ignore(patterns).match(path)}
        if any(_counts_bytes(each) for each in patterns):
            theirs, ours = ({path for path in each if path.isascii()} for each in (theirs, ours))
        assert ours == theirs, patterns
        hits += len(theirs)
    assert hits > EXCLUDES
