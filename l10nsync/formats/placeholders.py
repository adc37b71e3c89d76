"""Placeholders: which a text has, by what its file is, and whether a translation keeps them.

Order and repetition do not count. What counts is decided once for each string (`style`): by the type of the
file, by its directives, and by what the file itself says of the string.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from l10nsync.formats import flavours as _flavours
from l10nsync.formats import fluent_text, icu, markdown_text, messages, tags
from l10nsync.formats.expressions import expression
from l10nsync.formats.flavour_problems import ComparedTexts, token_problems
from l10nsync.formats.flavours import ENTITY_OR_URL, FLAVOURS
from l10nsync.formats.placeholder_styles import MODES, PlaceholderStyle, custom, style
from l10nsync.formats.string_problems import Problem, added, lost
from l10nsync.formats.text import TAG

__all__ = ["FLAVOURS", "PlaceholderStyle", "Problem", "compare", "custom", "merged", "protected", "style"]

# --- what a translation loses, adds or breaks -------------------------------------------------------------


def compare(
    source: str, target: str, how: PlaceholderStyle, *, plural: str = "", forms: Collection[str] = ()
) -> list[Problem]:
    """Return what TARGET loses, adds or breaks, each with its place in TARGET.

    PLURAL is the category that the target is for: `one` may say its number in words. FORMS are the texts of
    the source's other categories, whose placeholders every form may have.
    """
    problems = list(tags.bidi(source, target))
    if not _MAY_HOLD.search(source) and not _MAY_HOLD.search(target):
        return [*problems, *_custom_problems(source, target, how)]
    if "markdown" in how.flavours:
        return problems  # its parts may move from one paragraph to another: the whole file is compared
    if "fluent" in how.flavours:
        return [*problems, *fluent_text.compare(source, target, how.known)]
    problems += _custom_problems(source, target, how)
    if "xliff" in how.flavours:
        problems += tags.compare_inline(source, target)
        source, target = tags.without_inline(source), tags.without_inline(target)
        forms = [tags.without_inline(form) for form in forms]
    if "java" in how.flavours and _REFERENCE.fullmatch(target) and target != source:
        return [*problems, added(target, (0, len(target)), source)]
    found = _message_problems(source, target, how)
    texts = ComparedTexts(source, target, how, (source, *forms, how.given), plural)
    problems += [*(found or ()), *token_problems(texts, message=found is not None)]
    found_tags = tags.compare(source, target, strict=_mode(how, source, target) == "icu")
    if _tags_are_text(how):
        found_tags = (problem._replace(severity="warning") for problem in found_tags)
    return [*problems, *found_tags]


def _tags_are_text(how: PlaceholderStyle) -> bool:
    """Whether no tag is a part of a program: `<v Bob>` of WebVTT, `<nowiki>` of MediaWiki."""
    return "mediawiki" in how.flavours or not (how.flavours or how.suspects)


_MAY_HOLD = re.compile(r"[{}$:#<%@~]|__")


def may_hold(text: str) -> bool:
    """Return whether TEXT holds anything that `compare` looks at, expressions of directives aside."""
    return bool(_MAY_HOLD.search(text)) or (not text.isascii() and tags.has_controls(text))


def _mode(how: PlaceholderStyle, source: str, target: str) -> icu.MessageSyntax | None:
    for flavour in how.flavours:
        if flavour in MODES:
            return MODES[flavour]
    shown = icu.is_complex(source) or (icu.is_complex(target) and bool(FLAVOURS["brace"](source)))
    return "icu" if shown else None


def _message_problems(source: str, target: str, how: PlaceholderStyle) -> list[Problem] | None:
    """Judge a message pattern; None if the source is not one."""
    mode = _mode(how, source, target)
    if mode is None:
        return None
    if mode == "java" and "'" in source:
        # `it's {0}` formats nothing: then the file is not what MessageFormat reads, whatever its type.
        try:
            shown = len(icu.parse(source, "java").shown)
        except icu.MessageError:
            return None
        if shown < len(FLAVOURS["brace"](source)):
            return None
    return messages.compare(source, target, mode)


def _custom_problems(source: str, target: str, how: PlaceholderStyle) -> list[Problem]:
    problems: list[Problem] = []
    for pattern in how.custom:
        found = expression(pattern)
        wanted = dict.fromkeys(source[start:end] for start, end in found.spans(source))
        has = {target[start:end]: (start, end) for start, end in found.spans(target)}
        if not found.usable:
            continue  # half of a comparison does not count
        problems += [lost(spelled, source) for spelled in wanted if spelled not in has]
        problems += [added(spelled, span, source) for spelled, span in has.items() if spelled not in wanted]
    return problems


def lacking(source: str, target: str, how: PlaceholderStyle, locale: str) -> Iterator[tuple[str, str]]:
    """Yield argument and category of each plural form that the language needs and a message lacks."""
    mode = _mode(how, source, target)
    if mode is not None:
        yield from messages.lacking(target, mode, locale)


# --- what no translator may touch -------------------------------------------------------------------------

_SYNTAX = re.compile(r"<!--.*?-->|<!\[CDATA\[|\]\]>|<\?.*?\?>", re.DOTALL)
_REFERENCE = re.compile(r"[@?](?:\+?[\w.]+:)?[a-z]+/[\w.]+")
"""Of Android: a text that is another resource."""


def protected(text: str, how: PlaceholderStyle) -> list[tuple[int, int]]:
    """Return the spans that no translator may touch: placeholders, tags and message syntax."""
    if "fluent" in how.flavours:  # whose texts may be HTML, put into a page
        markup = chain(TAG.finditer(text), ENTITY_OR_URL.finditer(text))
        spans = [found.span() for found in markup]
        return merged([*_beside(fluent_text.free(text), len(text)), *spans])
    if "java" in how.flavours and _REFERENCE.fullmatch(text):
        return [(0, len(text))]
    spans = list(_held_spans(text, how))
    modes = [MODES[flavour] for flavour in how.flavours if flavour in MODES]
    if icu.is_complex(text):
        modes.append("icu")
    syntax = _syntax(text, modes[0]) if modes else []
    if syntax:  # its arguments are known exactly, so a brace alone protects nothing
        spans = [span for span in spans if text[span[0]] != "{"]
    return merged(spans + syntax)


def _held_spans(text: str, how: PlaceholderStyle) -> Iterator[tuple[int, int]]:
    """Yield what is a part of a program in a text, message syntax aside; spans may overlap."""
    yield from _flavours.held(text)
    yield from (found.span() for found in chain(TAG.finditer(text), _SYNTAX.finditer(text)))
    if "markdown" in how.flavours:
        yield from markdown_text.held(text)
    if "xliff" in how.flavours:
        yield from tags.inline_elements(text)
    if "shell" in how.flavours:  # `$name` is no sign of any other file
        yield from ((token.start, token.end) for token in FLAVOURS["shell"](text))
    for pattern in how.custom:
        yield from expression(pattern).spans(text)


def _syntax(text: str, mode: icu.MessageSyntax) -> list[tuple[int, int]]:
    """Return what is syntax in a message pattern; all of one with cases that cannot be read."""
    try:
        return _beside(icu.parse(text, mode).spans, len(text))
    except icu.MessageError:
        return [(0, len(text))] if icu.is_complex(text) else []


def _beside(free: Iterable[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    """Return what lies between the spans that are free to change."""
    spans, position = [], 0
    for start, end in sorted(free):
        spans.append((position, start))
        position = end
    return [*spans, (position, size)]


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return sorted spans without overlaps or empty ones."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result
