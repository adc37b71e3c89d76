"""Templates: what a target, a fileUri or a namespace is called for one source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache
from itertools import chain
from typing import Literal, NamedTuple

from l10nsync.paths.source_pattern import Capture, SourcePattern
from l10nsync.paths.tokens import (
    PatternError,
    PatternToken,
    Segment,
    at_end,
    backslash_hint,
    segmented,
    tokenize,
)

TemplateKind = Literal["target", "fileUri", "namespace"]

LOCALE_STYLES = ("android", "posix", "apple", "java", "bcp47", "lower")
"""The styles that may follow the colon of `{locale:…}`; `locales.spell` knows them all."""

_PATH_NAMES = ("path", "dir", "name", "stem", "ext")
_URI_NAMES = (*_PATH_NAMES, "path:trim", "repo")
_LOCALE_NAMES = ("locale", *(f"locale:{style}" for style in LOCALE_STYLES), "language", "region")
_NAMES: Mapping[TemplateKind, tuple[str, ...]] = {
    "target": (*_PATH_NAMES, *_LOCALE_NAMES),
    "fileUri": (*_URI_NAMES, "branch"),
    "namespace": _URI_NAMES,
}


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


@dataclass(frozen=True)
class Template:
    """A compiled template; made by `compile_template`."""

    text: str
    kind: TemplateKind
    segments: tuple[Segment, ...]

    @cached_property
    def wildcards(self) -> tuple[PatternToken, ...]:
        """The positional wildcards in order."""
        return tuple(token for token in chain.from_iterable(self.segments) if token.wild)

    @cached_property
    def placeholders(self) -> frozenset[str]:
        """The names between braces, without numbers: `dir`, `locale:android`, `branch`."""
        return frozenset(token.text for token in self._named if not token.text.isdigit())

    @cached_property
    def locale_placeholders(self) -> frozenset[str]:
        """Those placeholders that depend on the locale."""
        return self.placeholders & frozenset(_LOCALE_NAMES)

    @cached_property
    def _named(self) -> tuple[PatternToken, ...]:
        return tuple(token for token in chain.from_iterable(self.segments) if token.kind == "{}")

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
        tokens = tokenize(text, braces=True)
        for token in tokens:
            if token.kind == "{}":
                _check_placeholder(token, kind)
        return Template(text, kind, segmented(tokens))
    except PatternError as error:
        raise at_end(error, text) from None


def _check_placeholder(token: PatternToken, kind: TemplateKind) -> None:
    name = token.text
    if name in _NAMES[kind] or (name.isascii() and name.isdigit() and len(name) < 5):
        return
    elsewhere = [other for other, names in _NAMES.items() if name in names]
    if elsewhere:
        message = f"`{{{name}}}` has no meaning in a {kind}, only in a {' or '.join(elsewhere)}"
        raise PatternError(message, token.offset, token.length)
    near = get_close_matches(name, _NAMES[kind], 1, 0.5)
    known = ", ".join(f"{{{name}}}" for name in _NAMES[kind])
    hint = f"Did you mean `{{{near[0]}}}`?" if near else f"Known: {known}; write `\\{{` for a brace."
    raise PatternError(f"unknown placeholder `{{{name}}}`", token.offset, token.length, hint=hint)


def bind(template: Template, pattern: SourcePattern) -> None:
    """Check that each wildcard of TEMPLATE has its counterpart in PATTERN; raise `PatternError` if not."""
    for token in chain.from_iterable(template.segments):
        number = template.numbers.get(token.offset)
        if number is None:
            continue
        if not 1 <= number <= len(pattern.wildcards):
            have = len(pattern.wildcards)
            wildcards = f"only {have} wildcard{'s' if have > 1 else ''}" if have else "no wildcard"
            raise PatternError(
                f"`{token.text if token.wild else f'{{{number}}}'}` is wildcard {number}, "
                f"but the source `{pattern.text}` has {wildcards}",
                token.offset,
                token.length,
                hint=backslash_hint(pattern.text),
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
    """The parts between the literals, one fewer than these."""

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the path for VALUES, which hold every open placeholder."""
        pieces = [self.literals[0]]
        for name, literal in zip(self.names, self.literals[1:], strict=True):
            pieces += (values[name], literal)
        return "".join(pieces)


def bake(
    template: Template,
    captures: tuple[Capture, ...],
    parts: PathParts,
    *,
    branch: str = "",
    repo: str = "",
    trimmed: str = "",
) -> Baked:
    """Put captures, the path's pieces, branch and repository into TEMPLATE (which `bind` has checked).

    TRIMMED is what `{path:trim}` stands for. A path part that comes out empty is left out with its slash;
    a dot before an empty `{ext}` goes too.
    """
    known = {**parts._asdict(), "branch": branch, "repo": repo, "path:trim": trimmed}
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
    template: Template, token: PatternToken, captures: tuple[Capture, ...], known: Mapping[str, str]
) -> str | None:
    """Return the text of TOKEN; None for a placeholder that depends on the locale."""
    number = template.numbers.get(token.offset)
    if number is not None:
        return captures[number - 1].text
    return known.get(token.text) if token.kind == "{}" else token.text


def _drop_dot(segment: Segment, pieces: list[str | None]) -> None:
    for index in range(1, len(segment)):
        before = pieces[index - 1]
        if segment[index].text == "ext" and segment[index].kind == "{}" and not pieces[index] and before:
            pieces[index - 1] = before.removesuffix(".")
