"""Placeholders: which a text has, by what its file is, and whether a translation keeps them.

Order and repetition do not count. What counts is decided once for each string (`style`): by the type of the
file, by its directives, and by what the file itself says of the string.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import NamedTuple

from l10nsync.formats import flavours as _flavours
from l10nsync.formats import fluent_text, icu, markdown_text, messages, tags
from l10nsync.formats.documents import Directives
from l10nsync.formats.expressions import AT_MOST, expression
from l10nsync.formats.flavours import BARE, ENTITY_OR_URL, FLAVOURS, LAX, SIGNS, STRICT
from l10nsync.formats.library_signs import RAILS_GIVES
from l10nsync.formats.printf_flavours import RELATIVES, Placeholder, mixed
from l10nsync.formats.string_problems import Problem, added, displaced, lost, misplaced, quoted
from l10nsync.formats.text import TAG

__all__ = ["FLAVOURS", "PlaceholderStyle", "Problem", "compare", "merged", "protected", "style"]

BUNDLES: dict[str, tuple[str, ...]] = {
    "none": (),
    "prose": (),
    "yaml": ("ruby", "i18next"),
    "json": ("i18next", "dollar", "brace", "delimited"),
    "php": ("laravel",),
    "html": ("i18next", "dollar"),
    "message": ("message",),
    "markdown": ("markdown",),
    "mdx": ("markdown",),
}
"""Flavours that stand for several; all others stand for themselves."""
_CLOSED = frozenset({"prose", "markdown", "mdx", "html", "fluent", "arb", "icu"})
"""Types whose texts hold nothing but what their flavour is."""
_FLAGS = {
    "csharp": "resx", "java": "message", "java-printf": "java", "kde": "qt", "kde-kuit": "qt",
    "objc": "ios", "perl-brace": "python-brace", "php": "printf-php", "qt-plural": "qt",
    "ruby": "ruby-printf", "rust": "python-brace", "scheme": "lisp", "sh": "shell", "smalltalk": "ycp",
    "c++": "python-brace",
}  # fmt: skip
"""What gettext calls a flavour, where the name differs."""
_MODES: dict[str, icu.MessageSyntax] = {"message": "java", "icu": "icu", "arb": "plain"}
_TEXTUAL = frozenset({"fluent", "markdown", "xliff"})
"""Flavours whose syntax a module of their own knows."""
_PLATFORMS = frozenset({"java", "ios", "qt", "resx"})
"""Flavours of one platform, which formats every text of a file that has them."""
_PRINTF = frozenset({"c", "ios", "java", "python", "printf-php"}) | RELATIVES.keys()
_OF_BRACES = frozenset({"brace", "i18next", "resx", "python-brace"})
"""Flavours whose braces a message pattern has as its own."""
_ALONE = frozenset({"chrome", "mediawiki", "vue", "strftime", "rails-number"})
"""Where the file says one of these, it is the only flavour of a string."""


class PlaceholderStyle(NamedTuple):
    """What counts as a placeholder in one file, or in one string of it."""

    flavours: tuple[str, ...] = ()
    custom: tuple[str, ...] = ()
    """Regular expressions: of `placeholder_format_custom`, and of what stands for a tag."""
    suspects: tuple[str, ...] = ()
    """Flavours that count where the source has a sign of theirs that no language writes."""
    foreign: bool = False
    """Whether the suspects are not of the platform, which is known: then they are worth a warning."""
    formatted: bool = False
    """Whether the file says that the text is a format string, even if it has no argument."""
    given: str = ""
    """Placeholders that the library fills in in any text."""
    known: frozenset[str] = frozenset()
    """What the file defines and a text may refer to (Fluent)."""


def style(default: str, directives: Directives, flags: str = "") -> PlaceholderStyle:
    """Return the flavours of a string: its own FLAGS, then directives win over the type's DEFAULT."""
    named = directives.get("placeholder_format", "").strip().lower()
    expression = directives.get("placeholder_format_custom", "").strip()
    flavours = BUNDLES.get(named or default, (named or default,))
    if expression and not named and default == "json":
        flavours = ()  # there a custom expression replaces the usual ones
    message = directives.get("string_format", "").strip().lower()
    own = [_FLAGS.get(flag, flag) for flag in flags.split()]
    if "icu" in own or (message == "icu" and "text" not in own):
        flavours = ("icu",)
    elif message == "none" or "text" in own:
        flavours = tuple(flavour for flavour in flavours if flavour not in _MODES)
    elif default == "message":
        flavours = ("message", *(flavour for flavour in flavours if flavour != "message"))
    alone = [flag for flag in own if flag in _ALONE]
    if "unformatted" in own:
        flavours = ()
    elif alone and not named and not expression:
        flavours = tuple(alone)
    else:
        flavours = (*flavours, *(flag for flag in own if flag not in flavours))
    known = tuple(
        flavour for flavour in flavours if flavour in FLAVOURS or flavour in _MODES or flavour in _TEXTUAL
    )
    is_known = named or expression or alone or any(flag in FLAVOURS or flag in _MODES for flag in own)
    if alone == ["chrome"] and not named:
        return PlaceholderStyle(known, _custom(expression), ("i18next", "brace", "strict-c"), foreign=True)
    suspects = () if is_known or default in _CLOSED or "unformatted" in own else _suspects(known, own)
    formatted = any(flag in _PRINTF or flag in BARE for flag in own)
    given = RAILS_GIVES if "rails-errors" in own else ""
    foreign = not _PLATFORMS.isdisjoint(known)
    return PlaceholderStyle(
        known, (*_custom(expression), *_held_tags(directives)), suspects, foreign, formatted, given
    )


def _suspects(known: Collection[str], own: Collection[str]) -> tuple[str, ...]:
    """Return the strict flavours that do not contradict the type's own."""
    out = set(known)
    if _PRINTF & out or any(flag.startswith("no-") for flag in own):
        out |= {"strict-c", "strict-python", "percent-name"}
    if "message" in out or "icu" in out:
        out |= {"brace", "i18next"}
    if "delimited" in out:
        out |= {"percent-name"}
    if "resx" in out or "python-brace" in out:
        out |= {"i18next"}
    return tuple(flavour for flavour in STRICT if flavour not in out)


def _held_tags(directives: Directives) -> tuple[str, ...]:
    """Return the expression for tags whose content is a placeholder (`xliff_tags_to_placeholders`)."""
    listed = directives.get("xliff_tags_to_placeholders", "").split(",")
    names = [re.escape(name.strip()) for name in listed if name.strip()]
    return (rf"(?s)<({'|'.join(names)})\b[^<>]*>.*?</\1>",) if names else ()


def custom(directives: Directives) -> tuple[str, ...]:
    """Return the expressions of `placeholder_format_custom`, whether they can be run here or not."""
    return _custom(directives.get("placeholder_format_custom", "").strip())


def _custom(value: str) -> tuple[str, ...]:
    if value.upper() in {"", "NONE", "NULL"}:
        return ()
    try:
        listed = json.loads(value)
    except (ValueError, RecursionError):
        listed = value
    patterns = listed if isinstance(listed, list) else [value]
    return tuple(pattern for pattern in patterns if isinstance(pattern, str))[:AT_MOST]


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
    tokens = _token_problems(
        source, target, how, (source, *forms, how.given), plural, message=found is not None
    )
    problems += [*(found or ()), *tokens]
    found_tags = tags.compare(source, target, strict=_mode(how, source, target) == "icu")
    prose = not (how.flavours or how.suspects)
    if prose or "mediawiki" in how.flavours:  # no tag is a part of a program: `<v Bob>` of WebVTT, `<nowiki>`
        found_tags = (problem._replace(severity="warning") for problem in found_tags)
    return [*problems, *found_tags]


_MAY_HOLD = re.compile(r"[{}$:#<%@~]|__")


def may_hold(text: str) -> bool:
    """Return whether TEXT holds anything that `compare` looks at, expressions of directives aside."""
    return bool(_MAY_HOLD.search(text)) or (not text.isascii() and tags.has_controls(text))


def _mode(how: PlaceholderStyle, source: str, target: str) -> icu.MessageSyntax | None:
    for flavour in how.flavours:
        if flavour in _MODES:
            return _MODES[flavour]
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


def _token_problems(
    source: str, target: str, how: PlaceholderStyle, forms: Collection[str], plural: str, *, message: bool
) -> list[Problem]:
    """Judge by the flavours of the file, and by others where the source shows them."""
    problems: list[Problem] = []
    names = [flavour for flavour in how.flavours if flavour in FLAVOURS]
    if message:
        names = [flavour for flavour in names if flavour not in _OF_BRACES]
    elif _MODES.keys() & set(how.flavours):
        names.append("brace")
    for flavour in names:
        if any(sign in source or sign in target for sign in SIGNS[flavour]):
            problems += _flavour_problems(flavour, source, target, how, forms, plural)
    seen = {problem.message for problem in problems}
    for flavour in how.suspects if not problems else ():
        if message and flavour in _OF_BRACES:
            continue
        if any(sign in source for sign in SIGNS[flavour]) and FLAVOURS[flavour](source):
            for problem in _flavour_problems(flavour, source, target, how, forms, plural):
                if problem.message not in seen:
                    problems.append(problem._replace(severity="warning") if how.foreign else problem)
                    seen.add(problem.message)
    return _once(problems)


def _once(problems: Iterable[Problem]) -> list[Problem]:
    """Return each problem once: two flavours may see one sign, as `%{x}` and `{x}`."""
    kept: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        kept.setdefault((problem.rule, problem.message), problem)
    return list(kept.values())


def _flavour_problems(
    flavour: str, source: str, target: str, how: PlaceholderStyle, forms: Collection[str], plural: str
) -> Iterator[Problem]:
    find = FLAVOURS[flavour]
    before = find(source)
    after = _flavours.laravel_in(source, target) if flavour == "laravel" else find(target)
    if flavour == "laravel":
        yield from map(partial(_with_ending, source, target), filter(partial(_has_ending, target), after))
    wanted, has = _by_name(before), _by_name(after)
    kept, allowed = set(has), set(wanted)
    if wanted.keys() != has.keys():  # most translations have all, and nothing else
        allowed.update(*(_by_name(find(form)) for form in forms))
        if flavour in LAX:  # a placeholder right beside a letter on one side may be separate on the other
            kept |= _by_name(LAX[flavour](target)).keys()
            allowed |= _by_name(LAX[flavour](source)).keys()
    missing = [token for name, token in wanted.items() if name not in kept]
    if plural in _IN_WORDS:
        missing = [token for token in missing if not _counts(token, wanted)]
    numbers = {number: token for token in before if (number := _number(token))}
    for token in missing:
        spelled, number = source[token.start : token.end], _number(token)
        yield displaced(spelled, number, source) if number and spelled in target else lost(spelled, source)
    for name, token in has.items():
        if name in allowed or _is_given(flavour, name, source, plural, how.known):
            continue
        if flavour == "qt" and _is_percentage(source, target, token):
            continue
        spelled, span, number = target[token.start : token.end], (token.start, token.end), _number(token)
        if other := numbers.get(number):
            yield misplaced(spelled, span, number, source[other.start : other.end], source)
            continue
        surely = wanted or how.formatted or _unmistakable(flavour, target, token)
        severity = "error" if surely else "warning"
        yield added(spelled, span, source, severity=severity)
    if how.formatted and flavour in _ONE_WAY and mixed(before, source) is None:
        yield from _mixed(mixed(after, target), target)
    if not missing and (before or how.formatted or flavour == "vue"):
        yield from _bare(flavour, source, target)


_ONE_WAY = (_PRINTF - {"java", "librep", "perl", "printf-php"}) | {"python-brace"}
"""Flavours whose library takes all arguments of a text in turn, or all by number or name."""


def _mixed(token: Placeholder | None, target: str) -> Iterator[Problem]:
    if token is not None:
        spelled, span = target[token.start : token.end], (token.start, token.end)
        message = f"`{spelled}` takes the next argument, but others are taken by number or name"
        yield Problem("message-format", "error", message, span, "Number all of them, or none.")


def _bare(flavour: str, source: str, target: str) -> Iterator[Problem]:
    """Yield a sign of the flavour that begins no placeholder, unless the source also has one."""
    find = BARE.get(flavour)
    place = find(target) if find and find(source) is None else None
    if place is not None:
        sign = target[place[0] : place[1]]
        why = _WHY.get(flavour, _OF_PERCENT)
        yield Problem("message-format", "error", f"`{sign}` {why}", place, _twice(sign))


def _is_percentage(source: str, target: str, token: Placeholder) -> bool:
    """Whether a sign of Qt is a percentage as Turkish writes it: `%100` for `100%`."""
    number = re.match(r"%(\d+)", target[token.start :])
    return number is not None and re.search(rf"(?<!\d){number[1]}\s?%", source) is not None


def _is_given(flavour: str, name: str, source: str, plural: str, known: Collection[str]) -> bool:
    """Whether the library fills in a placeholder although the caller does not name it."""
    if flavour == "qt":
        return bool(plural) and name == "%n"  # wherever Qt counts
    if flavour in {"brace", "vue"} and "|" in source and name in {"n", "count"}:
        return True  # of vue-i18n, in a text with choices
    return flavour == "vue" and name.startswith("@:") and name[2:] in known


_OF_PERCENT = "belongs to no placeholder, and this text is a format string"
_WHY = {
    "vue": "has a meaning in vue-i18n, but none here",
    "resx": "belongs to no placeholder, and this text is a format string",
}
_IN_WORDS = frozenset({"zero", "one", "two", "singular"})
_COUNTS = re.compile(
    r"%(?:\d+\$|\()?(?:.*_)?\w*\)?[du]|%n|\d+|n|nb|cnt|(?:\w*_)?(?:count|num|number|total|amount|quantity|size|length|qty"
    r"|seconds?|minutes?|hours?|days?|weeks?|months?|years?|times?|percent)|\w+(?:Count|Number|Total|Num)",
    re.IGNORECASE,
)
_NAME_IN_PYTHON = re.compile(r"%\((\w+)\)[a-z]")
_POSITIONAL = re.compile(r"%?\d+(?:\$\w*)?@?")


def _twice(sign: str) -> str:
    return (
        "Write `%%` for a percent sign."
        if sign == "%"
        else f"To show the character itself, write `{{'{sign}'}}`."
        if sign == "@"
        else "Close the brace, or write it twice."
    )


def _has_ending(target: str, token: Placeholder) -> bool:
    return target[token.start + 1 : token.end].lower() != token.name


def _with_ending(source: str, target: str, token: Placeholder) -> Problem:
    spelled, size = target[token.start : token.end], len(token.name) + 1
    message = f"`{spelled}` is read as `{spelled[:size]}` and the letters `{spelled[size:]}`"
    hint = f"Leave it so if they are an ending; the source says: {quoted(source)}"
    return Problem("placeholder-extra", "warning", message, (token.start, token.end), hint)


def _number(token: Placeholder) -> str:
    """Return which argument a placeholder of printf's kind gets; empty for one with a name."""
    found = re.match(r"%(\d+)\$", token.name)
    return found[1] if found else ""


def _by_name(tokens: Iterable[Placeholder]) -> dict[str, Placeholder]:
    found: dict[str, Placeholder] = {}
    for token in tokens:
        found.setdefault(token.name, token)
    return found


def _counts(token: Placeholder, wanted: Collection[str]) -> bool:
    """Whether a placeholder is the number that a plural form may say in words."""
    name = _NAME_IN_PYTHON.sub(r"\1", token.name)
    if _COUNTS.fullmatch(name):
        return True
    return len(wanted) == 1 and bool(_POSITIONAL.match(token.name))


def _unmistakable(flavour: str, target: str, token: Placeholder) -> bool:
    """Whether a placeholder in a text whose source has none cannot be anything else."""
    if flavour in _PRINTF:
        return (
            any(strict.start == token.start for strict in FLAVOURS["strict-c"](target)) or "(" in token.name
        )
    return flavour not in {"laravel", "delimited", "chrome", "mediawiki", "percent-name", "rails-number"}


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
    spans = [*_flavours.held(text), *(found.span() for found in TAG.finditer(text))]
    spans += [found.span() for found in _SYNTAX.finditer(text)]
    if "markdown" in how.flavours:
        spans += markdown_text.held(text)
    if "xliff" in how.flavours:
        spans += tags.inline_elements(text)
    if "shell" in how.flavours:  # `$name` is no sign of any other file
        spans += [(token.start, token.end) for token in FLAVOURS["shell"](text)]
    for pattern in how.custom:
        spans += expression(pattern).spans(text)
    mode: icu.MessageSyntax | None = next(
        (_MODES[flavour] for flavour in how.flavours if flavour in _MODES), None
    )
    if mode is None and icu.is_complex(text):
        mode = "icu"
    syntax = _syntax(text, mode) if mode else []
    if syntax:  # its arguments are known exactly, so a brace alone protects nothing
        spans = [span for span in spans if text[span[0]] != "{"]
    return merged(spans + syntax)


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
