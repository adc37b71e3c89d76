"""Exclusions: patterns as gitignore has them, decided as git decides."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from l10nsync.paths.source_pattern import SourcePattern, compile_source
from l10nsync.paths.tokens import PatternError

if TYPE_CHECKING:
    from pathspec import PathSpec, Pattern


@dataclass(frozen=True, slots=True)
class _Exclusion:
    """One line of gitignore patterns; none of them begins with a slash any more."""

    text: str
    include: bool
    """False after `!`: what it matches is not excluded after all."""
    folders_only: bool
    pattern: SourcePattern

    def match(self, path: str, *, folder: bool) -> bool:
        return (folder or not self.folders_only) and self.pattern.match(path) is not None


def _exclusion(line: str) -> _Exclusion | None:
    """Read one line; None for an empty one or a comment. Raises `PatternError`."""
    text = re.sub(r"(?<!\\) +\Z", "", line)
    if not text or text.startswith("#"):
        return None
    body = text.removeprefix("!")
    folders_only = body.endswith("/")
    body = body.removesuffix("/")
    # Without a slash but at the end, a pattern counts at every depth.
    pattern = body.removeprefix("/") if "/" in body else f"**/{body}"
    try:
        return _Exclusion(text, not text.startswith("!"), folders_only, compile_source(pattern))
    except PatternError as error:
        raise PatternError(f"`{text}`: {error.message}", 0, 0, hint=error.hint) from error


class Ignore:
    """gitignore patterns, in git's own order of precedence; falsy if there are none.

    As in git the last pattern that matches decides, and nothing below an excluded folder comes back.
    Raises `PatternError` for a line that could never match.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        found = [exclusion for line in lines if (exclusion := _exclusion(line)) is not None]
        self.patterns = tuple(exclusion.text for exclusion in found)
        self._spec = _spec(found) if found else None
        self._folders: dict[str, int | None] = {"": None}

    def __bool__(self) -> bool:
        return self._spec is not None

    def match(self, path: str) -> bool:
        """Say whether PATH, a file, is excluded."""
        return self._deciding(path) is not None

    def which(self, path: str) -> str:
        """Return the pattern that excludes PATH; empty if it is not excluded."""
        index = self._deciding(path)
        return "" if index is None else self.patterns[index]

    def _deciding(self, path: str) -> int | None:
        """Return the index of the pattern that excludes PATH or a folder above it."""
        if self._spec is None:
            return None
        above = self._folder(path.rpartition("/")[0])
        return self._last_match(path) if above is None else above

    def _folder(self, folder: str) -> int | None:
        if folder not in self._folders:
            above = self._folder(folder.rpartition("/")[0])
            self._folders[folder] = self._last_match(f"{folder}/") if above is None else above
        return self._folders[folder]

    def _last_match(self, path: str) -> int | None:
        """Decide about PATH alone; a folder ends in a slash."""
        if self._spec is None:
            return None
        found = self._spec.check_file(path)
        return found.index if found.include else None


def _spec(exclusions: Iterable[_Exclusion]) -> PathSpec[Pattern]:
    """Return a pathspec of patterns matched here.

    Its own gitignore patterns are regular expressions that can take exponential time, and it lets a
    later `!` or an earlier folder win where git does not.
    """
    from pathspec import PathSpec, Pattern

    class GitPattern(Pattern):
        """A line of gitignore patterns, as pathspec wants it."""

        __slots__ = ("exclusion",)

        def __init__(self, exclusion: _Exclusion) -> None:
            super().__init__(exclusion.include)
            self.exclusion = exclusion

        def match_file(self, file: str) -> bool | None:
            folder = file.endswith("/")
            return self.exclusion.match(file.rstrip("/"), folder=folder) or None

    return PathSpec([GitPattern(exclusion) for exclusion in exclusions], backend="simple")
