"""Finds sources and their committed translations, by how paths name languages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from babel import Locale

from l10nsync import formats

BILINGUAL = frozenset({"gettext", "qt", "xliff", "xliff2"})
"""Types whose translations hold their source."""
_WORDS = frozenset({"in", "is", "no", "as", "or", "to", "so", "my", "id", "map", "new"})
_LANGUAGES = frozenset(Locale("en").languages) - _WORDS
_ALWAYS = {"is", "no", "id", "in"}
"""Words and languages: taken for a language where a file is named by nothing else."""
_TAG = re.compile(r"(?P<language>[a-z]{2,3})(?:[-_]r?(?:[A-Z][a-z]{3}|[A-Za-z]{2}|\d{3}|[a-z]{5,8}))*")
_LAST = re.compile(r"(?P<before>.*?)(?P<mark>[._-])(?P<tag>[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?)")
_ENGLISH = ("en", "en-us", "base", "values", "", "english", "en-gb")


class Pair(NamedTuple):
    """A source and a translation of it; the same file twice where one holds both."""

    file_type: str
    source: Path
    translation: Path
    locale: str
    """As babel spells it."""


def repositories(folder: Path) -> list[Path]:
    """Return the folders inside FOLDER, each of which is taken for a repository."""
    return sorted(path for path in folder.iterdir() if path.is_dir())


def resources(repository: Path) -> Iterator[tuple[str, Path]]:
    """Yield every file of a type that is read, with that type."""
    for path in sorted(repository.rglob("*")):
        if path.is_file() and not path.is_symlink() and (name := _type(path, repository)):
            yield name, path


def pairs(files: Iterable[tuple[str, Path]], repository: Path) -> Iterator[Pair]:
    """Yield the pairs that the paths of a repository's files show."""
    groups: dict[tuple[str, str], dict[str, Path]] = defaultdict(dict)
    for file_type, path in files:
        relative = path.relative_to(repository).as_posix()
        for template, tag in _named(relative):
            groups[file_type, template].setdefault(tag, path)
    for (file_type, _template), members in sorted(groups.items()):
        lowered = {tag.lower().replace("_", "-"): path for tag, path in members.items()}
        source = next((lowered[tag] for tag in _ENGLISH if tag in lowered), None)
        for tag, path in sorted(members.items()):
            locale = _locale(tag)
            if locale is None or locale.startswith("en"):
                continue
            if file_type in BILINGUAL:
                yield Pair(file_type, path, path, locale)
            elif source is not None:
                yield Pair(file_type, source, path, locale)


def _type(path: Path, repository: Path) -> str | None:
    relative = path.relative_to(repository).as_posix()
    row = formats.detect(relative)
    head = ""
    if path.suffix in {".ts", ".xlf", ".xliff"}:
        head = path.read_bytes()[:2000].decode("utf-8", "replace")
    if path.suffix == ".ts":
        return "qt" if re.search(r"<TS[\s>]", head) else None
    if row is None or row.parse is None or row.whole:
        return None
    if row.name == "xliff" and re.search(r'<xliff\b[^>]*\sversion=["\']2', head):
        return "xliff2"
    code = {"json", "yaml", "phpResource", "html", "plainText"}
    if row.name in code and not any(tag for _template, tag in _named(relative)):
        return None  # no sign of a language: code, settings or data
    return None if row.name == "xml" else row.name


def _named(path: str) -> Iterator[tuple[str, str]]:
    """Yield the path with its language left out, and the language; the path itself stands for the source."""
    parts = path.split("/")
    stem, dot, ending = parts[-1].partition(".") if parts[-1].count(".") == 1 else parts[-1].rpartition(".")
    for index, part in enumerate(parts[:-1]):
        name = part.removesuffix(".lproj")
        if name == "values" or (part.startswith("values-") and _locale(part[7:])):
            yield _joined(parts, index, "values*"), part[7:] or "values"
        elif name in {"Base", "english"} or (_locale(name) and name not in _ALWAYS):
            yield _joined(parts, index, "*"), name
    if _locale(stem) or stem == "english":
        yield _joined(parts, -1, f"*{dot}{ending}"), stem
    elif (found := _LAST.fullmatch(stem)) and _locale(found["tag"]):
        yield _joined(parts, -1, f"{found['before']}*{dot}{ending}"), found["tag"]
    elif ending in {"properties", "resx", "resw", "yml", "yaml", "xlf", "php", "json", "ts", "ftl"}:
        yield _joined(parts, -1, f"{stem}*{dot}{ending}"), ""


def _joined(parts: list[str], index: int, name: str) -> str:
    changed = list(parts)
    changed[index] = name
    return "/".join(changed)


@cache
def _locale(tag: str) -> str | None:
    """Return a language tag as babel spells it; None for what is not one."""
    found = _TAG.fullmatch(tag)
    if not found or (found["language"] not in _LANGUAGES and found["language"] not in _ALWAYS):
        return None
    pieces = re.split("[-_]r?", tag)
    return "-".join(
        [pieces[0], *(piece.title() if len(piece) == 4 else piece.upper() for piece in pieces[1:])]
    )
