"""The pieces of a pattern: texts, slashes, wildcards and placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from l10nsync.errors import UsageError

Kind = Literal["*", "?", "[]", "**"]
PATTERN_LIMIT = 4096
"""Characters in a pattern."""


class PatternError(UsageError):
    """A pattern is malformed; OFFSET (from 0) and LENGTH mark the place in its text."""

    def __init__(self, message: str, offset: int = 0, length: int = 1, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.offset = offset
        self.length = length


def backslash_hint(text: str) -> str:
    """Return what to write where backslashes seem to separate folders; empty for a text without any."""
    if "\\" not in text:
        return ""
    meant = text.replace("\\", "/")
    return f"`\\` escapes the next character; folders are separated by `/`. Write `{meant}`."


def at_end(error: PatternError, text: str) -> PatternError:
    """Turn an offset of -1, which means the last character, into a real one."""
    if error.offset < 0:
        error.offset = len(text) - 1
    return error


@dataclass(frozen=True, slots=True)
class PatternToken:
    """A piece of a pattern: a literal text, one slash, a wildcard or a placeholder."""

    kind: Literal["text", "/", "*", "?", "[]", "**", "{}"]
    text: str
    """A literal without its escapes; the name in a placeholder; else as it was written."""
    offset: int
    length: int
    regex: str = ""
    """Of a class: what matches one of its characters."""

    @property
    def wild(self) -> bool:
        """Whether it is a wildcard."""
        return self.kind in {"*", "?", "[]", "**"}


Segment = tuple[PatternToken, ...]

_POSIX_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": r"\ \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": r"!-\~",
    "lower": "a-z",
    "print": r"\ -\~",
    "punct": r"!-/:-@\[-`\{-\~",
    "space": r"\ \t\n\v\f\r",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}


def tokenize(text: str, *, braces: bool) -> list[PatternToken]:
    """Return the pieces of a pattern, with placeholders if BRACES; raise `PatternError`."""
    _check_shape(text)
    tokens: list[PatternToken] = []
    position = 0
    while position < len(text):
        token = _token(text, position, braces=braces)
        tokens.append(token)
        position += token.length
    return tokens


def _check_shape(text: str) -> None:
    if not text:
        raise PatternError("an empty pattern matches nothing", 0, 0)
    if len(text) > PATTERN_LIMIT:
        raise PatternError(f"a pattern has at most {PATTERN_LIMIT} characters", 0, len(text))
    control = re.search(r"[\x00-\x1f\x7f]", text)
    if control:
        raise PatternError("a pattern cannot hold control characters", control.start())


def _token(text: str, at: int, *, braces: bool) -> PatternToken:
    match text[at]:
        case "/":
            return PatternToken("/", "/", at, 1)
        case "\\":
            return _escaped(text, at)
        case "?":
            return PatternToken("?", "?", at, 1)
        case "*":
            return _stars(text, at)
        case "[":
            return _class(text, at)
        case "{" if braces:
            return _placeholder(text, at)
        case "}" if braces:
            hint = backslash_hint(text) or "Write `\\}` for the character itself."
            raise PatternError("`}` has no `{`", at, hint=hint)
    found = re.compile(r"[^/\\?*\[{}]+" if braces else r"[^/\\?*\[]+").match(text, at)
    literal = found.group() if found else text[at]
    return PatternToken("text", literal, at, len(literal))


def _escaped(text: str, at: int) -> PatternToken:
    following = text[at + 1 : at + 2]
    if not following:
        raise PatternError("a final `\\` escapes nothing", at, hint="Write `\\\\` for a backslash.")
    if following == "/":
        raise PatternError("a slash cannot be escaped", at, 2, hint="Paths are written with plain slashes.")
    return PatternToken("text", following, at, 2)


def _stars(text: str, at: int) -> PatternToken:
    """Two stars that fill a path part are `**`; within a name they are as one, as git has it."""
    end = at
    while text[end : end + 1] == "*":
        end += 1
    whole = (at == 0 or text[at - 1] == "/") and (end == len(text) or text[end] == "/")
    return PatternToken("**" if whole and end - at > 1 else "*", text[at:end], at, end - at)


def _class(text: str, at: int) -> PatternToken:
    """Read a bracket class as git's wildmatch does; a slash is never a member."""
    position = at + 1
    negated = text[position : position + 1] in {"!", "^"}
    position += negated
    first, members, previous = True, "", ""
    while first or text[position : position + 1] != "]":
        if position >= len(text) or text[position] == "/":
            hint = "Write `\\[` for the character itself."
            raise PatternError(
                "`[` begins a class without a `]` in the same part of the path", at, 1, hint=hint
            )
        first = False
        piece, previous, position = _member(text, position, previous)
        members += piece
    regex = f"[^/{members}]" if negated else f"(?!/)[{members}]"
    return PatternToken("[]", text[at : position + 1], at, position + 1 - at, regex)


def _member(text: str, at: int, previous: str) -> tuple[str, str, int]:
    """Return the regex of one class member, what a range may begin with after it, and where it ends."""
    named = re.compile(r"\[:([^\]]*):\]").match(text, at)
    if named:
        if named[1] not in _POSIX_CLASSES:
            near = get_close_matches(named[1], _POSIX_CLASSES, 1)
            hint = f"Did you mean `[:{near[0]}:]`?" if near else ""
            raise PatternError(f"unknown class `{named[0]}`", at, len(named[0]), hint=hint)
        return _POSIX_CLASSES[named[1]], "", named.end()
    if text[at] == "-" and previous and text[at + 1 : at + 2] not in {"", "]"}:
        last, end = _character(text, at + 1)
        if last < previous:
            raise PatternError(f"the range `{previous}-{last}` runs backwards", at - 1, end - at + 1)
        return f"-{re.escape(last)}", "", end
    character, end = _character(text, at)
    return re.escape(character), character, end


def _character(text: str, at: int) -> tuple[str, int]:
    if text[at] == "\\" and at + 1 < len(text):
        return text[at + 1], at + 2
    return text[at], at + 1


def _placeholder(text: str, at: int) -> PatternToken:
    end = text.find("}", at)
    if end < 0:
        raise PatternError("`{` has no `}`", at, hint="Write `\\{` for the character itself.")
    return PatternToken("{}", text[at + 1 : end], at, end + 1 - at)


def segmented(tokens: Iterable[PatternToken]) -> tuple[Segment, ...]:
    """Cut at the slashes, and refuse what no path of a repository can look like."""
    segments: list[list[PatternToken]] = [[]]
    for token in tokens:
        if token.kind != "/":
            segments[-1].append(token)
            continue
        if not segments[-1]:
            raise _misplaced_slash(token)
        segments.append([])
    if not segments[-1]:
        raise PatternError("a pattern names files, not a folder", -1, hint="Add `**` for all files below.")
    for segment in segments:
        _refuse_dots(segment)
    return tuple(map(tuple, segments))


def _misplaced_slash(token: PatternToken) -> PatternError:
    if token.offset == 0:
        hint = "Patterns begin at the manifest's folder: leave the slash out."
        return PatternError("a pattern cannot begin with a slash", 0, hint=hint)
    return PatternError("two slashes in a row", token.offset - 1, 2)


def _refuse_dots(segment: list[PatternToken]) -> None:
    name = "".join(token.text for token in segment if token.kind == "text")
    if name in {".", ".."} and all(token.kind == "text" for token in segment):
        hint = "Paths begin at the manifest's folder and cannot leave it."
        raise PatternError(f"`{name}` cannot be part of a pattern", segment[0].offset, len(name), hint=hint)
