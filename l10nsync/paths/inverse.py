"""The way back: from a target to its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Literal

from l10nsync.paths.source_pattern import SourcePattern
from l10nsync.paths.template import Template
from l10nsync.paths.tokens import PatternError, PatternToken, Segment, segmented


@dataclass(frozen=True)
class Inverse:
    """Finds the source whose target a given path would be; TEMPLATE must be bound to PATTERN."""

    template: Template
    pattern: SourcePattern

    @cached_property
    def generic(self) -> SourcePattern | None:
        """Matches the targets of any source in any one-part locale, and more; None if that cannot be said."""
        return self.form(None)

    def form(self, values: Mapping[str, str] | None) -> SourcePattern | None:
        """Return a pattern for the targets of any source in the locale spelled as VALUES say."""
        tokens: list[PatternToken] = []
        for number, segment in enumerate(self.template.segments):
            alone = len(segment) == 1
            last = number == len(self.template.segments) - 1
            if number:
                tokens.append(_SLASH)
            for token in segment:
                opened = self._open(token, values, alone=alone, last=last)
                if opened is None:
                    return None
                tokens += opened
        try:
            return SourcePattern("", segmented(tokens))
        except PatternError:
            return None

    def _open(
        self, token: PatternToken, values: Mapping[str, str] | None, *, alone: bool, last: bool
    ) -> list[PatternToken] | None:
        number = self.template.numbers.get(token.offset)
        kind = self.pattern.wildcards[number - 1].kind if number else token.text
        if token.kind == "text":
            return [token]
        if kind in {"**", "dir"} or (kind == "path" and last):
            return [_wild("**", token)] if alone else None
        if kind == "path":
            return None
        if values is not None and token.text in values:
            return _literal_tokenize(values[token.text])
        return [_wild("*", token)]

    def source(self, path: str, form: SourcePattern) -> str | None:
        """Return the path of the source that PATH would be a target of, as far as that is known.

        FORM is what `form` returned; None if PATH does not match it or shows too little of its source.
        """
        found = form.match(path)
        if found is None:
            return None
        values: dict[str, str] = {}
        numbers: dict[int, str] = {}
        for token, capture in zip(form.wildcards, found, strict=True):
            number = self.template.numbers.get(token.offset)
            if number:
                numbers[number] = capture.text
            else:
                values[token.text] = capture.text
        if "path" in values:
            return values["path"]
        folder = values.get("dir", self._fill(self.pattern.segments[:-1], numbers, 1))
        name = self._name(values, numbers)
        if folder is None or name is None:
            return None
        return f"{folder}/{name}" if folder else name

    def _name(self, values: Mapping[str, str], numbers: Mapping[int, str]) -> str | None:
        if "name" in values:
            return values["name"]
        ext = values.get("ext", self._ext)
        if "stem" in values and ext is not None:
            return f"{values['stem']}.{ext}" if ext else values["stem"]
        folders = sum(token.wild for token in chain.from_iterable(self.pattern.segments[:-1]))
        return self._fill(self.pattern.segments[-1:], numbers, folders + 1)

    @cached_property
    def _ext(self) -> str | None:
        tail = self.pattern.segments[-1][-1]
        literal = (
            "".join(token.text for token in _trailing(self.pattern.segments[-1]))
            if tail.kind == "text"
            else ""
        )
        return literal.rpartition(".")[2] if "." in literal else None

    @staticmethod
    def _fill(segments: tuple[Segment, ...], numbers: Mapping[int, str], start: int) -> str | None:
        """Return the path that SEGMENTS spell with their wildcards, counted from START, filled in."""
        parts, number = list[str](), start
        for segment in segments:
            part = ""
            for token in segment:
                if not token.wild:
                    part += token.text
                    continue
                if number not in numbers:
                    return None
                part += numbers[number]
                number += 1
            if part:
                parts.append(part)
        return "/".join(parts)


_SLASH = PatternToken("/", "/", -1, 1)


def _wild(kind: Literal["*", "**"], token: PatternToken) -> PatternToken:
    """Return a wildcard in the place of TOKEN that remembers which token it was."""
    return PatternToken(kind, token.text, token.offset, token.length)


def _literal_tokenize(text: str) -> list[PatternToken]:
    pieces = list(
        chain.from_iterable((_SLASH, PatternToken("text", part, -1, len(part))) for part in text.split("/"))
    )
    return pieces[1:]


def _trailing(segment: Segment) -> list[PatternToken]:
    """Return the literal tokens after the last wildcard of SEGMENT."""
    kept: list[PatternToken] = []
    for token in reversed(segment):
        if token.kind != "text":
            break
        kept.insert(0, token)
    return kept
