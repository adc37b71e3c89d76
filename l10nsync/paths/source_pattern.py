"""Source patterns: which paths match, and what each wildcard took."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import NamedTuple

from l10nsync.paths.tokens import Kind, PatternError, PatternToken, Segment, at_end, segmented, tokenize


class Capture(NamedTuple):
    """What one wildcard matched; the text of a `**` has no slash at its ends and may be empty."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class SourcePattern:
    """A compiled source pattern; made by `compile_source`. Matching takes time linear in path × pattern."""

    text: str
    segments: tuple[Segment, ...]

    @cached_property
    def wildcards(self) -> tuple[PatternToken, ...]:
        """The wildcards in order; each gives one capture."""
        return tuple(token for token in chain.from_iterable(self.segments) if token.wild)

    @cached_property
    def literal(self) -> str | None:
        """The one path that a pattern without wildcards matches; None for a real pattern."""
        return None if self.wildcards else _literal(self.segments)

    @cached_property
    def literal_prefix(self) -> str:
        """What every matching path begins with."""
        return _run(self.segments)

    @cached_property
    def literal_suffix(self) -> str:
        """What every matching path ends in."""
        mirrored = tuple(tuple(reversed(segment)) for segment in reversed(self.segments))
        return _run(mirrored, mirrored=True)

    @cached_property
    def literal_core(self) -> str:
        """What every matching path holds between its ends: the longest literal run there."""
        runs = [""]
        for number, segment in enumerate(self.segments):
            if number and segment[0].kind != "**" and runs[-1]:
                runs[-1] += "/"
            for token in segment:
                if token.kind == "text":
                    runs[-1] += token.text
                else:
                    runs.append("")
        return max(runs[1:-1], key=len, default="")

    @cached_property
    def doubtful(self) -> tuple[PatternToken, ...]:
        """Runs of stars within a name: legal, but they do not cross folders as their writer may expect."""
        return tuple(token for token in self.wildcards if token.kind == "*" and len(token.text) > 1)

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        return re.compile(_path_regex(self.segments), re.DOTALL)

    def match(self, path: str) -> tuple[Capture, ...] | None:
        """Return a capture per wildcard, in order; None if PATH does not match."""
        if self.literal_core not in path or not path.endswith(self.literal_suffix):
            return None
        if self.literal is not None:
            return () if path == self.literal else None
        found = self._regex.fullmatch(path)
        if found:
            return tuple(
                Capture(token.kind, text.strip("/"))  # type: ignore[arg-type]
                for token, text in zip(self.wildcards, found.groups(), strict=True)
            )
        if path == self.text:  # Like git, take a path that is spelled like the pattern: `app/[id]/en.json`
            return tuple(Capture(token.kind, token.text) for token in self.wildcards)  # type: ignore[arg-type]
        return None


@lru_cache(maxsize=4096)
def compile_source(text: str) -> SourcePattern:
    """Compile a source pattern; raise `PatternError` if it is malformed."""
    try:
        return SourcePattern(text, segmented(tokenize(text, braces=False)))
    except PatternError as error:
        raise at_end(error, text) from None


def _literal(segments: Iterable[Segment]) -> str:
    return "/".join("".join(token.text for token in segment) for segment in segments)


def _run(segments: tuple[Segment, ...], *, mirrored: bool = False) -> str:
    """Return the literal text up to the first wildcard, or back to the last one."""
    pieces: list[str] = []
    for number, segment in enumerate(segments):
        if number and segment[0].kind != "**":
            pieces.append("/")
        for token in segment:
            if token.kind != "text":
                # `**/x` matches `x` alone, so the slash beside a `**` is not certain.
                return _joined(pieces, mirrored)
            pieces.append(token.text)
    return _joined(pieces, mirrored)


def _joined(pieces: list[str], mirrored: bool) -> str:
    return "".join(reversed(pieces) if mirrored else pieces)


def _path_regex(segments: tuple[Segment, ...]) -> str:
    """Return a regex with a group per wildcard that never tries the same thing twice.

    Between two wildcards of one kind stands something of fixed length, for which the leftmost place is
    as good as any: if the whole can match, it matches with that one. So each such step is atomic.
    """
    groups: list[list[Segment]] = [[]]
    for segment in segments:
        if segment[0].kind == "**":
            groups.append([])
        else:
            groups[-1].append(segment)
    first, *others = ["/".join(map(_segment_regex, group)) for group in groups]
    if not others:
        return first
    regex = f"{first}/" if first else ""
    for group in others[:-1]:
        regex += f"(?>((?:[^/]+/)*?){group}/)" if group else "((?:[^/]+/)*?)"
    return regex + (f"(?>((?:[^/]+/)*?){others[-1]}\\Z)" if others[-1] else "(.+)")


def _segment_regex(segment: Segment) -> str:
    chunks = [""]
    for token in segment:
        if token.kind == "*":
            chunks.append("")
        else:
            chunks[-1] += _one_regex(token)
    first, *others = chunks
    if not others:
        return first
    middle = "".join(f"(?>([^/]*?){chunk})" for chunk in others[:-1])
    return f"{first}{middle}(?>([^/]*?){others[-1]}(?=/|\\Z))"


def _one_regex(token: PatternToken) -> str:
    if token.kind == "?":
        return "([^/])"
    return f"({token.regex})" if token.kind == "[]" else re.escape(token.text)
