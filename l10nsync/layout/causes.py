"""Why a source pattern matches no file: the usual causes, the surest first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from unicodedata import normalize

from l10nsync.layout.resource_rules import ResourceRule
from l10nsync.paths import PatternError, SourcePattern, compile_source

_BRACES = re.compile(r"\{([^{}/]*(?:,[^{}/]*)+)\}")
_EXPANDED = 64
"""Patterns that braces may stand for; more are not tried."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is near the files that a manifest may take; paths from the manifest's folder."""

    files: Sequence[str]
    """Tracked regular files."""
    specials: Mapping[str, str]
    """Path to `symlink`, `submodule` or `lfs`."""
    untracked: Mapping[str, str]
    """Path of a file that git does not track here, to what it is: a predicate with the remedy."""


def why_nothing(rule: ResourceRule, pattern: SourcePattern, around: Surroundings) -> str:
    """Return why PATTERN matches nothing, as far as that can be seen, and what to do."""
    for cause in (_special, _excluded, _untracked, _behind, _spelled, _backslash, _braces):
        if found := cause(rule, pattern, around):
            return found
    nearest = _nearest(pattern, around.files)
    tail = " New files count once they are added with `git add`."
    return (f"The nearest is `{nearest}`." if nearest else "Git tracks no file in such a folder.") + tail


def _special(_rule: ResourceRule, pattern: SourcePattern, around: Surroundings) -> str:
    path = _first(pattern, around.specials)
    kind = {"lfs": "an LFS pointer"}.get(around.specials[path], f"a {around.specials[path]}") if path else ""
    return f"`{path}` is {kind}, not a regular file." if path else ""


def _excluded(rule: ResourceRule, pattern: SourcePattern, around: Surroundings) -> str:
    path = _first(pattern, around.files)
    if not path:
        return ""
    exclusion = rule.excludes.which(path)
    return f"`{path}` is excluded by `{exclusion}`." if exclusion else f"`{path}` is in .l10nignore."


def _untracked(_rule: ResourceRule, pattern: SourcePattern, around: Surroundings) -> str:
    path = _first(pattern, around.untracked)
    return f"`{path}` {around.untracked[path]}." if path else ""


def _behind(_rule: ResourceRule, pattern: SourcePattern, around: Surroundings) -> str:
    """Name a folder that belongs to another repository, or leads elsewhere."""
    for path, kind in around.specials.items():
        if kind != "lfs" and pattern.literal_prefix.startswith(f"{path}/"):
            remedy = (
                "its files are tracked by its own repository: put a manifest there, and run l10nsync in it"
                if kind == "submodule"
                else "git does not look behind it: name the folder that it leads to"
            )
            return f"`{path}` is a {kind}; {remedy}."
    return ""


def _spelled(_rule: ResourceRule, pattern: SourcePattern, around: Surroundings) -> str:
    """Name a file that differs in what a reader, or a file system, takes for the same."""
    for difference, fold in _FOLDS.items():
        path = _first_folded(pattern, around.files, fold)
        if path:
            return f"`{path}` differs in {difference}: write the pattern as git spells the file."
    return ""


_FOLDS: Mapping[str, Callable[[str], str]] = {
    "the form of its accents (NFC or NFD) alone": lambda text: normalize("NFC", text),
    "case alone": str.lower,
    "case and the form of its accents (NFC or NFD)": lambda text: normalize("NFC", text).lower(),
}


def _backslash(_rule: ResourceRule, pattern: SourcePattern, around: Surroundings) -> str:
    if "\\" not in pattern.text:
        return ""
    meant = pattern.text.replace("\\", "/")
    known = " that matches" if _any(meant, around.files) else ""
    return f"`\\` escapes the next character; folders are separated by `/`. Write `{meant}`{known}."


def _braces(_rule: ResourceRule, pattern: SourcePattern, around: Surroundings) -> str:
    expanded = _expanded(pattern.text)
    if not expanded:
        return ""
    meant = [pattern for pattern in expanded if _any(pattern, around.files)] or expanded
    listed = ", ".join(f'"{pattern}"' for pattern in meant)
    return f"Braces are not expanded in a pattern. Write a list: [{listed}]."


def _expanded(text: str) -> list[str]:
    """Return the patterns that a shell would take TEXT for; none where it has no braces with commas."""
    parts = _BRACES.split(text)
    choices = [part.split(",") if at % 2 else [part] for at, part in enumerate(parts)]
    number = 1
    for choice in choices:
        number *= len(choice)
    return ["".join(parts) for parts in product(*choices)] if 1 < number <= _EXPANDED else []


def _any(text: str, files: Sequence[str]) -> bool:
    try:
        return bool(_first(compile_source(text), files))
    except PatternError:
        return False


def _first(pattern: SourcePattern, paths: Sequence[str] | Mapping[str, str]) -> str:
    return next((path for path in paths if pattern.match(path) is not None), "")


def _first_folded(pattern: SourcePattern, files: Sequence[str], fold: Callable[[str], str]) -> str:
    try:
        folded = compile_source(fold(pattern.text))
    except PatternError:
        return ""
    return next(_matching(folded, files, fold), "")


def _matching(pattern: SourcePattern, files: Sequence[str], fold: Callable[[str], str]) -> Iterator[str]:
    return (path for path in files if pattern.match(fold(path)) is not None)


def _nearest(pattern: SourcePattern, files: Sequence[str]) -> str:
    """Return the deepest existing folder that the pattern begins with, or one that holds its last part."""
    folder = pattern.literal_prefix.rpartition("/")[0]
    while folder:
        if any(path.startswith(f"{folder}/") for path in files):
            return f"{folder}/"
        folder = folder.rpartition("/")[0]
    tail = pattern.literal_prefix.partition("/")[0]
    return next((path for path in files if tail and f"/{tail}/" in path), "")
