r"""Path patterns: match a source, render its targets, fileUri and namespace. Pure text.

A *source pattern* is an anchored glob over a whole path, as git's `:(glob)`::

    *       anything within a folder or name; takes as little as it can, from left to right
    ?       one character, not a slash (git: one byte)
    [a-z]   one character of a class; [!a] or [^a] negates, [[:digit:]] and its kind are known
    **      as a whole path part: any number of folders; at the end: everything below
    \       takes the next character as it is

A *template* (target, fileUri, namespace) has the same wildcards, of which the n-th takes what the n-th
wildcard of the source matched, `{2}` to name one, and placeholders such as `{dir}` and `{locale}`.
Here only, braces are special; `\{` is a brace. All paths are POSIX and relative.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from l10nsync.errors import UsageError

if TYPE_CHECKING:
    from pathspec import PathSpec, Pattern

Kind = Literal["*", "?", "[]", "**"]
TemplateKind = Literal["target", "fileUri", "namespace"]

PATTERN_LIMIT = 4096
"""Characters in a pattern."""


class PatternError(UsageError):
    """A pattern is malformed; OFFSET (from 0) and LENGTH mark the place in its text."""

    def __init__(self, message: str, offset: int = 0, length: int = 1, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.offset = offset
        self.length = length


class Capture(NamedTuple):
    """What one wildcard matched; the text of a `**` has no slash at its ends and may be empty."""

    kind: Kind
    text: str


class PathParts(NamedTuple):
    """A path and its pieces, as the placeholders of a template name them."""

    path: str
    dir: str
    """Without slash at its end; empty at the top."""
    name: str
    stem: str
    ext: str
    """Without dot; a name that only begins with a dot has none."""


def split(path: str) -> PathParts:
    """Return the pieces of PATH; only the last dot of the name counts."""
    folder, _, name = path.rpartition("/")
    dot = name.rfind(".")
    stem, ext = (name[:dot], name[dot + 1 :]) if dot > 0 else (name, "")
    return PathParts(path, folder, name, stem, ext)


# --- tokens -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Token:
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
        return self.kind in {"*", "?", "[]", "**"}


_Segment = tuple[_Token, ...]

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


def _tokens(text: str, *, braces: bool) -> list[_Token]:
    _check_shape(text)
    tokens: list[_Token] = []
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


def _token(text: str, at: int, *, braces: bool) -> _Token:
    match text[at]:
        case "/":
            return _Token("/", "/", at, 1)
        case "\\":
            return _escaped(text, at)
        case "?":
            return _Token("?", "?", at, 1)
        case "*":
            return _stars(text, at)
        case "[":
            return _class(text, at)
        case "{" if braces:
            return _placeholder(text, at)
        case "}" if braces:
            raise PatternError("`}` has no `{`", at, hint="Write `\\}` for the character itself.")
    found = re.compile(r"[^/\\?*\[{}]+" if braces else r"[^/\\?*\[]+").match(text, at)
    literal = found.group() if found else text[at]
    return _Token("text", literal, at, len(literal))


def _escaped(text: str, at: int) -> _Token:
    following = text[at + 1 : at + 2]
    if not following:
        raise PatternError("`\\` at the end escapes nothing", at, hint="Write `\\\\` for a backslash.")
    if following == "/":
        raise PatternError("a slash cannot be escaped", at, 2, hint="Paths are written with plain slashes.")
    return _Token("text", following, at, 2)


def _stars(text: str, at: int) -> _Token:
    """Two stars that fill a path part are `**`; within a name they are as one, as git has it."""
    end = at
    while text[end : end + 1] == "*":
        end += 1
    whole = (at == 0 or text[at - 1] == "/") and (end == len(text) or text[end] == "/")
    return _Token("**" if whole and end - at > 1 else "*", text[at:end], at, end - at)


def _class(text: str, at: int) -> _Token:
    """Read a bracket class as git's wildmatch does; a slash is never a member."""
    position = at + 1
    negated = text[position : position + 1] in {"!", "^"}
    position += negated
    first, members, previous = True, "", ""
    while first or text[position : position + 1] != "]":
        if position >= len(text) or text[position] == "/":
            hint = "Write `\\[` for the character itself."
            raise PatternError("`[` begins a class that has no `]` in its path part", at, 1, hint=hint)
        first = False
        piece, previous, position = _member(text, position, previous)
        members += piece
    regex = f"[^/{members}]" if negated else f"(?!/)[{members}]"
    return _Token("[]", text[at : position + 1], at, position + 1 - at, regex)


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


def _placeholder(text: str, at: int) -> _Token:
    end = text.find("}", at)
    if end < 0:
        raise PatternError("`{` has no `}`", at, hint="Write `\\{` for the character itself.")
    return _Token("{}", text[at + 1 : end], at, end + 1 - at)


def _segments(tokens: Iterable[_Token]) -> tuple[_Segment, ...]:
    """Cut at the slashes, and refuse what no path of a repository can look like."""
    segments: list[list[_Token]] = [[]]
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


def _misplaced_slash(token: _Token) -> PatternError:
    if token.offset == 0:
        hint = "Patterns begin at the manifest's folder: leave the slash out."
        return PatternError("a pattern cannot begin with a slash", 0, hint=hint)
    return PatternError("two slashes in a row", token.offset - 1, 2)


def _refuse_dots(segment: list[_Token]) -> None:
    name = "".join(token.text for token in segment if token.kind == "text")
    if name in {".", ".."} and all(token.kind == "text" for token in segment):
        hint = "Paths begin at the manifest's folder and cannot leave it."
        raise PatternError(f"`{name}` cannot be part of a pattern", segment[0].offset, len(name), hint=hint)


# --- matching ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SourcePattern:
    """A compiled source pattern; made by `compile_source`. Matching takes time linear in path × pattern."""

    text: str
    segments: tuple[_Segment, ...]

    @cached_property
    def wildcards(self) -> tuple[_Token, ...]:
        """The wildcards in order; each gives one capture."""
        return tuple(token for segment in self.segments for token in segment if token.wild)

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
    def doubtful(self) -> tuple[_Token, ...]:
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
        if path == self.text:  # git, too, takes a path that is spelled like the pattern: `app/[id]/en.json`
            return tuple(Capture(token.kind, token.text) for token in self.wildcards)  # type: ignore[arg-type]
        return None


@lru_cache(maxsize=4096)
def compile_source(text: str) -> SourcePattern:
    """Compile a source pattern; raise `PatternError` if it is malformed."""
    try:
        return SourcePattern(text, _segments(_tokens(text, braces=False)))
    except PatternError as error:
        raise _at_end(error, text) from None


def _at_end(error: PatternError, text: str) -> PatternError:
    """Turn an offset of -1, which means the last character, into a real one."""
    if error.offset < 0:
        error.offset = len(text) - 1
    return error


def _literal(segments: Iterable[_Segment]) -> str:
    return "/".join("".join(token.text for token in segment) for segment in segments)


def _run(segments: tuple[_Segment, ...], *, mirrored: bool = False) -> str:
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


def _path_regex(segments: tuple[_Segment, ...]) -> str:
    """Return a regex with a group per wildcard that never tries the same thing twice.

    Between two wildcards of one kind stands something of fixed length, for which the leftmost place is
    as good as any: if the whole can match, it matches with that one. So each such step is atomic.
    """
    groups: list[list[_Segment]] = [[]]
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


def _segment_regex(segment: _Segment) -> str:
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


def _one_regex(token: _Token) -> str:
    if token.kind == "?":
        return "([^/])"
    return f"({token.regex})" if token.kind == "[]" else re.escape(token.text)


# --- templates --------------------------------------------------------------------------------------

LOCALE_STYLES = ("android", "posix", "apple", "java", "bcp47", "lower")
"""What may stand behind the colon of `{locale:…}`; `locales.spell` knows them all."""

_PATH_NAMES = ("path", "dir", "name", "stem", "ext")
_LOCALE_NAMES = ("locale", *(f"locale:{style}" for style in LOCALE_STYLES), "language", "region")
_NAMES: Mapping[TemplateKind, tuple[str, ...]] = {
    "target": (*_PATH_NAMES, *_LOCALE_NAMES),
    "fileUri": (*_PATH_NAMES, "branch"),
    "namespace": _PATH_NAMES,
}


@dataclass(frozen=True)
class Template:
    """A compiled template; made by `compile_template`."""

    text: str
    kind: TemplateKind
    segments: tuple[_Segment, ...]

    @cached_property
    def wildcards(self) -> tuple[_Token, ...]:
        """The positional wildcards in order."""
        return tuple(token for segment in self.segments for token in segment if token.wild)

    @cached_property
    def placeholders(self) -> frozenset[str]:
        """The names between braces, without numbers: `dir`, `locale:android`, `branch`."""
        return frozenset(token.text for token in self._named if not token.text.isdigit())

    @cached_property
    def locale_placeholders(self) -> frozenset[str]:
        """Those placeholders that depend on the locale."""
        return self.placeholders & frozenset(_LOCALE_NAMES)

    @cached_property
    def _named(self) -> tuple[_Token, ...]:
        return tuple(token for segment in self.segments for token in segment if token.kind == "{}")

    @cached_property
    def numbers(self) -> Mapping[int, int]:
        """Offset of each positional or numbered wildcard to the number, from 1, of the source's wildcard."""
        numbers = {token.offset: place for place, token in enumerate(self.wildcards, 1)}
        numbers.update({token.offset: int(token.text) for token in self._named if token.text.isdigit()})
        return numbers


@lru_cache(maxsize=4096)
def compile_template(text: str, kind: TemplateKind) -> Template:
    """Compile a template; raise `PatternError` if it is malformed or names what KIND does not have."""
    try:
        tokens = _tokens(text, braces=True)
        for token in tokens:
            if token.kind == "{}":
                _check_placeholder(token, kind)
        return Template(text, kind, _segments(tokens))
    except PatternError as error:
        raise _at_end(error, text) from None


def _check_placeholder(token: _Token, kind: TemplateKind) -> None:
    name = token.text
    if name in _NAMES[kind] or (name.isascii() and name.isdigit() and len(name) < 5):
        return
    elsewhere = [other for other, names in _NAMES.items() if name in names]
    if elsewhere:
        message = f"`{{{name}}}` has no meaning in a {kind}, only in a {' or '.join(elsewhere)}"
        raise PatternError(message, token.offset, token.length)
    near = get_close_matches(name, _NAMES[kind], 1, 0.5)
    known = ", ".join(f"{{{each}}}" for each in _NAMES[kind])
    hint = f"Did you mean `{{{near[0]}}}`?" if near else f"Known are {known}; write `\\{{` for a brace."
    raise PatternError(f"unknown placeholder `{{{name}}}`", token.offset, token.length, hint=hint)


def bind(template: Template, pattern: SourcePattern) -> None:
    """Check that each wildcard of TEMPLATE has its counterpart in PATTERN; raise `PatternError` if not."""
    for token in (token for segment in template.segments for token in segment):
        number = template.numbers.get(token.offset)
        if number is None:
            continue
        if not 1 <= number <= len(pattern.wildcards):
            have = len(pattern.wildcards)
            said = f"only {have} wildcard{'s' if have > 1 else ''}" if have else "no wildcard"
            raise PatternError(
                f"`{token.text if token.wild else f'{{{number}}}'}` is wildcard {number}, "
                f"but the source `{pattern.text}` has {said}",
                token.offset,
                token.length,
            )
        theirs = pattern.wildcards[number - 1]
        if token.wild and token.kind != theirs.kind:
            raise PatternError(
                f"wildcard {number} is `{token.text}` here, `{theirs.text}` in the source `{pattern.text}`",
                token.offset,
                token.length,
                hint=f"Write `{theirs.text}`, or name the wildcard meant, such as `{{{number}}}`.",
            )


@dataclass(frozen=True, slots=True)
class Baked:
    """A template for one source, with only the locale's placeholders left open."""

    literals: tuple[str, ...]
    names: tuple[str, ...]
    """One less than literals: what stands between them."""

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the path for VALUES, which hold every open placeholder."""
        pieces = [self.literals[0]]
        for name, literal in zip(self.names, self.literals[1:], strict=True):
            pieces += (values[name], literal)
        return "".join(pieces)


def bake(template: Template, captures: tuple[Capture, ...], parts: PathParts, *, branch: str = "") -> Baked:
    """Put captures, the path's pieces and the branch into TEMPLATE (which `bind` has checked).

    A path part that comes out empty is left out with its slash; a dot before an empty `{ext}` goes too.
    """
    known = {**parts._asdict(), "branch": branch}
    literals, names, begun = [""], list[str](), False
    for segment in template.segments:
        pieces = [_value(template, token, captures, known) for token in segment]
        _drop_dot(segment, pieces)
        if not any(piece is None or piece for piece in pieces):
            continue
        literals[-1] += "/" if begun else ""
        begun = True
        for token, piece in zip(segment, pieces, strict=True):
            if piece is None:
                names.append(token.text)
                literals.append("")
            else:
                literals[-1] += piece
    return Baked(tuple(literals), tuple(names))


def render(
    template: Template, captures: tuple[Capture, ...], parts: PathParts, values: Mapping[str, str]
) -> str:
    """Return what TEMPLATE makes of one source; VALUES hold `branch` and the locale's placeholders."""
    return bake(template, captures, parts, branch=values.get("branch", "")).fill(values)


def _value(
    template: Template, token: _Token, captures: tuple[Capture, ...], known: Mapping[str, str]
) -> str | None:
    """Return the text of TOKEN; None for a placeholder that depends on the locale."""
    number = template.numbers.get(token.offset)
    if number is not None:
        return captures[number - 1].text
    return known.get(token.text) if token.kind == "{}" else token.text


def _drop_dot(segment: _Segment, pieces: list[str | None]) -> None:
    for index in range(1, len(segment)):
        before = pieces[index - 1]
        if segment[index].text == "ext" and segment[index].kind == "{}" and not pieces[index] and before:
            pieces[index - 1] = before.removesuffix(".")


# --- the way back: from a target to its source ---------------------------------------------------------


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
        tokens: list[_Token] = []
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
            return SourcePattern("", _segments(tokens))
        except PatternError:
            return None

    def _open(
        self, token: _Token, values: Mapping[str, str] | None, *, alone: bool, last: bool
    ) -> list[_Token] | None:
        number = self.template.numbers.get(token.offset)
        kind = self.pattern.wildcards[number - 1].kind if number else token.text
        if token.kind == "text":
            return [token]
        if kind in {"**", "dir"} or (kind == "path" and last):
            return [_wild("**", token)] if alone else None
        if kind == "path":
            return None
        if values is not None and token.text in values:
            return _literal_tokens(values[token.text])
        return [_wild("*", token)]

    def source(self, path: str, form: SourcePattern) -> str | None:
        """Return the path of the source that PATH would be a target of, as far as that can be told.

        FORM is what `form` returned; None if PATH does not match it or says too little of its source.
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
        folders = sum(token.wild for segment in self.pattern.segments[:-1] for token in segment)
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
    def _fill(segments: tuple[_Segment, ...], numbers: Mapping[int, str], start: int) -> str | None:
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


_SLASH = _Token("/", "/", -1, 1)


def _wild(kind: Literal["*", "**"], token: _Token) -> _Token:
    """Return a wildcard in the place of TOKEN that remembers which token it was."""
    return _Token(kind, token.text, token.offset, token.length)


def _literal_tokens(text: str) -> list[_Token]:
    pieces = [piece for part in text.split("/") for piece in (_SLASH, _Token("text", part, -1, len(part)))]
    return pieces[1:]


def _trailing(segment: _Segment) -> list[_Token]:
    """Return the literal tokens after the last wildcard of SEGMENT."""
    kept: list[_Token] = []
    for token in reversed(segment):
        if token.kind != "text":
            break
        kept.insert(0, token)
    return kept


# --- exclusions --------------------------------------------------------------------------------------


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
        found = [each for line in lines if (each := _exclusion(line)) is not None]
        self.patterns = tuple(each.text for each in found)
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
        return self._one(path) if above is None else above

    def _folder(self, folder: str) -> int | None:
        if folder not in self._folders:
            above = self._folder(folder.rpartition("/")[0])
            self._folders[folder] = self._one(f"{folder}/") if above is None else above
        return self._folders[folder]

    def _one(self, path: str) -> int | None:
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

    return PathSpec([GitPattern(each) for each in exclusions], backend="simple")


# --- safety ------------------------------------------------------------------------------------------

PART_LIMIT = 255
"""Bytes of UTF-8 in one part of a path."""

_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?: *\..*| *)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Code points that HFS+ leaves out when it compares names.
_IGNORED = re.compile(r"[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
_GIT_SHORT = re.compile(r"(?i)git~[0-9]+")
_PROTECTED = frozenset({".l10n.yml", ".l10nignore"})
_GIT_FILES = frozenset({".gitmodules", ".gitattributes", ".gitignore", ".mailmap"})


def unsafe(path: str) -> str | None:
    """Say why nothing may be written to PATH, on any system; None if it may."""
    if _CONTROL.search(path):
        return "it has control characters"
    if "\\" in path:
        return "it has a backslash"
    if path.startswith("/") or re.match("[A-Za-z]:", path):
        return "it is absolute"
    parts = path.split("/")
    found = next((reason for reason in map(_unsafe_part, parts) if reason), None)
    if found is None and [_plain(part) for part in parts[:2]] == [".github", "workflows"]:
        return "it lies in `.github/workflows`"
    return found


def _plain(part: str) -> str:
    """Return the name that lenient file systems take PART for."""
    return _IGNORED.sub("", part).partition(":")[0].rstrip(" .").casefold()


@lru_cache(maxsize=65536)
def _unsafe_part(part: str) -> str | None:
    if part in {"", ".", ".."}:
        return f"it has an empty part or `{part}`" if part else "it has an empty part"
    plain = _plain(part)
    if plain == ".git" or _GIT_SHORT.fullmatch(plain):
        return "it lies in `.git`"
    if plain in _GIT_FILES or re.fullmatch("gi7[0-9a-f]{3}~[0-9]|gitmod~[0-9]", plain):
        return "it is a file that git obeys"
    if plain in _PROTECTED:
        return f"it is `{plain}`"
    if len(part.encode("utf-8", "surrogateescape")) > PART_LIMIT:
        return f"a part of it is longer than {PART_LIMIT} bytes"
    if _IGNORED.search(part):
        return "it has invisible characters"
    if _RESERVED.fullmatch(part) or part != part.rstrip(" .") or re.search(r'[:<>"|?*]', part):
        return f"Windows cannot have a file `{part}`"
    return None
