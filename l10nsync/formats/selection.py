"""What directives select by paths: the strings of a file, their keys, instructions, limits and formats.

A path is names joined by slashes; `*` stands for one or more of them. A leading slash does not count.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from l10nsync.formats.documents import Directives
from l10nsync.formats.expressions import Expression, expression

_FORMAT = re.compile(r"(@?\w+)\s*:\s*(\[(?!@)[^\]]*\]|(?:\[@[^\]]*\]|[^,\[\]])*)")
_FLAGS = {"icu": "icu", "html": "text html", "txt": "text", "text": "text", "@default": "text"}


@dataclass(frozen=True, slots=True)
class PathRule:
    """One entry of `translate_paths`."""

    path: str
    key: str = ""
    instruction: str = ""
    limit: str = ""

    @property
    def pattern(self) -> Expression:
        """The expression that the whole path of a string matches."""
        return path_pattern(self.path)

    @property
    def steps(self) -> int:
        """How many names follow the last wildcard of the path."""
        tail = self.path.strip("/").rpartition("*")[2].strip("/")
        return len(tail.split("/")) if tail else 0


def rules(directives: Directives) -> list[PathRule]:
    """Return the entries of `translate_paths`: a JSON list of objects or paths, or comma-separated paths."""
    value = directives.get("translate_paths", "").strip()
    if not value:
        return []
    try:
        listed = json.loads(value)
    except (ValueError, RecursionError):
        listed = _parts(value.removeprefix("[").removesuffix("]") if value.startswith("[") else value)
    entries = listed if isinstance(listed, list) else [listed]
    return [_rule(entry) for entry in entries if isinstance(entry, str | dict)]


def _rule(entry: str | Mapping[str, object]) -> PathRule:
    if isinstance(entry, str):
        return PathRule(entry.strip())
    texts = {name: str(entry.get(name, "")) for name in ("path", "key", "instruction", "character_limit")}
    return PathRule(texts["path"].strip(), texts["key"], texts["instruction"], texts["character_limit"])


def _parts(value: str) -> list[str]:
    """Return what commas part, those in `[…]` aside."""
    return [part.strip() for part in re.split(r",(?![^\[]*\])", value) if part.strip()]


@lru_cache(maxsize=256)
def path_pattern(path: str, *, below: bool = False) -> Expression:
    """Return the expression for a path; with BELOW, also for the paths below it."""
    parts = [".+" if part == "*" else re.escape(part) for part in path.strip().strip("/").split("/")]
    return expression("(?s)" + "/".join(parts) + ("(?:/.*)?" if below else ""))


@lru_cache(maxsize=64)
def string_formats(value: str) -> tuple[tuple[str, str], ...]:
    """Return path and flag of each entry of `string_format_paths`; exact paths come first, as they win."""
    found: list[tuple[str, str]] = []
    for entry in _FORMAT.finditer(value):
        flag = _FLAGS.get(entry[1].lower(), "")
        found += [(path, flag) for path in _paths_of_entry(entry[2])]
    return tuple(sorted(found, key=lambda rule: "*" in rule[0]))


def _paths_of_entry(text: str) -> list[str]:
    """Return the one path that an entry of `string_format_paths` names, or those of a list in brackets."""
    is_list = text.startswith("[") and "]" in text
    paths = text[1:-1].split(",") if is_list else [text]
    return [path.strip() for path in paths if path.strip()]


def flag(directives: Directives, *paths: str) -> str:
    """Return the flags that `string_format_paths` gives to PATHS: `icu`, `text`, `text html` or none."""
    for path, named in string_formats(directives.get("string_format_paths", "")):
        pattern = path_pattern(path, below=True)
        if any(pattern.fits(path) for path in paths):
            return named
    return ""


def _key_pattern(pattern: str) -> Expression:
    """Return the expression for a path with the part that is the key in braces."""
    parts = []
    for part in pattern.strip().strip("/").split("/"):
        named = part.startswith("{") and part.endswith("}")
        core = part[1:-1] if named else part
        written = ".+" if core == "*" else re.escape(core)
        parts.append(f"({written})" if named else written)
    return expression("(?s)" + "/".join(parts))


@lru_cache(maxsize=64)
def _key_patterns(patterns: str) -> tuple[Expression, ...]:
    return tuple(_key_pattern(part) for part in _parts(patterns) if "{" in part)


def captured(patterns: str, path: str) -> str | None:
    """Return the part of PATH that a pattern (`*/{*}/text`) has in braces; None where none of them fits."""
    for pattern in _key_patterns(patterns):
        groups = pattern.groups(path)
        if groups is not None:
            return "/".join(groups)
    return None
