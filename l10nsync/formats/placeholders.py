"""Placeholders: which a text has, in each flavour, and whether a translation keeps them.

A flavour turns a text into a set of normalized tokens; order and repetition do not count.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from l10nsync.formats import icu
from l10nsync.formats.base import Directives
from l10nsync.formats.text import TAG, balanced, tags

Tokens = frozenset[str]
Severity = str


class Problem(NamedTuple):
    """One way in which a translation does not keep what its source has."""

    rule: str
    severity: str
    message: str


_PRINTF = re.compile(
    r"%(?:(?P<percent>%)|(?P<position>\d+)\$)?(?:[-+#0'](?=[-+#0'\d.*hlqLjztA-Za-z@]))*"
    r"(?P<width>\d+|\*(?:\d+\$)?)?(?:\.(?P<precision>\d+|\*(?:\d+\$)?)?)?"
    r"(?:(?P<length>hh|h|ll|l|q|L|j|z|t)?(?P<kind>[diouxXeEfFgGaAcCsSpnm@])|<(?P<macro>PRI\w+)>)"
)
_PERCENTS = re.compile(r"%%")
_JAVA = re.compile(
    r"%(?:(?P<position>\d+)\$)?[-#+0,(<]*\d*(?:\.\d+)?(?P<kind>[bBhHsScCdoxXeEfgGaAn]|[tT][A-Za-z])"
)
_PYTHON = re.compile(r"%\((?P<name>[^()]+)\)[-+#0 ]*\d*(?:\.\d+)?[hlL]?(?P<kind>[diouxXeEfFgGcrsa])")
_BRACES = re.compile(r"\{\{|\}\}|\{(?P<name>[\w.\[\]]*)(?:![rsa])?(?::[^{}]*)?\}")
_RESX = re.compile(r"\{\{|\}\}|\{(?P<name>\d+)(?:,[^{}]*)?(?::[^{}]*)?\}")
_RUBY = re.compile(
    r"%\{(?P<name>[^{}]+)\}|%<(?!PRI[diouxX])(?P<other>\w+)>[-+#0 ]*\d*(?:\.\d+)?(?P<kind>[a-zA-Z])?"
)
_I18NEXT = re.compile(r"\{\{-?\s*(?P<name>[^{},\s]+)\s*(?:,[^{}]*)?\}\}|(?P<nested>\$t\([^()]*\))")
_DOLLAR = re.compile(r"\$\{\s*[^{}]*\}")
_SINGLE_BRACE = re.compile(r"(?<![{$%#])\{([\w.-]+)\}(?!\})")
_DELIMITED = re.compile(r"%%\w+%%|(?<!%)%[A-Za-z_]\w*%(?!%)|##\w+##|__\w+?__")
_QT = re.compile(r"%(?:L?\d{1,2}|n)")
_LARAVEL = re.compile(r"(?<![\w:]):([A-Za-z_][A-Za-z0-9_]*)")
_FLUENT = re.compile(r"\{\s*(\$[\w-]+|-[\w-]+|[A-Z]+\([^{}]*\))[^{}]*\}")


def _printf(text: str) -> Tokens:
    found: set[str] = set()
    number = 0
    for match in _PRINTF.finditer(text.replace("%%", "\x00")):
        stars = (match["width"] or "").startswith("*") + (match["precision"] or "").startswith("*")
        number += stars
        if match["position"]:
            place = match["position"]
        elif match["kind"] == "m":
            place = "m"
        else:
            number += 1
            place = str(number)
        kind = match["macro"] or (match["length"] or "") + {"i": "d"}.get(match["kind"], match["kind"])
        found.add(f"%{place}${kind}")
    return frozenset(found)


def _java_printf(text: str) -> Tokens:
    found: set[str] = set()
    number = 0
    for match in _JAVA.finditer(text.replace("%%", "\x00")):
        if match["kind"] == "n":
            continue
        if not match["position"]:
            number += 1
        found.add(f"%{match['position'] or number}${match['kind']}")
    return frozenset(found)


def _python(text: str) -> Tokens:
    named = frozenset(
        f"%({match['name']}){match['kind']}" for match in _PYTHON.finditer(text.replace("%%", ""))
    )
    return named or _printf(text)


def _named(pattern: re.Pattern[str], shape: str) -> Callable[[str], Tokens]:
    def tokens(text: str) -> Tokens:
        return frozenset(
            shape.format(match["name"]) for match in pattern.finditer(text) if match["name"] is not None
        )

    return tokens


def _whole(pattern: re.Pattern[str]) -> Callable[[str], Tokens]:
    def tokens(text: str) -> Tokens:
        return frozenset(match[0] for match in pattern.finditer(text))

    return tokens


def _ruby(text: str) -> Tokens:
    return frozenset(f"%{{{match['name'] or match['other']}}}" for match in _RUBY.finditer(text))


def _i18next(text: str) -> Tokens:
    return frozenset(match["nested"] or f"{{{{{match['name']}}}}}" for match in _I18NEXT.finditer(text))


def _laravel(text: str) -> Tokens:
    return frozenset(f":{match[1].lower()}" for match in _LARAVEL.finditer(text))


def _fluent(text: str) -> Tokens:
    return frozenset(match[1] for match in _FLUENT.finditer(text))


FLAVOURS: dict[str, Callable[[str], Tokens]] = {
    "c": _printf,
    "ios": _printf,
    "java": _java_printf,
    "python": _python,
    "python-brace": _named(_BRACES, "{{{}}}"),
    "ruby": _ruby,
    "resx": _named(_RESX, "{{{}}}"),
    "i18next": _i18next,
    "dollar": _whole(_DOLLAR),
    "brace": _whole(_SINGLE_BRACE),
    "delimited": _whole(_DELIMITED),
    "qt": _whole(_QT),
    "laravel": _laravel,
    "fluent": _fluent,
}
"""What each elementary flavour finds."""

_SIGNS: dict[str, tuple[str, ...]] = {
    "c": ("%",), "ios": ("%",), "java": ("%",), "python": ("%",), "ruby": ("%{", "%<"), "qt": ("%",),
    "i18next": ("{{", "$t("), "dollar": ("${",), "brace": ("{",), "delimited": ("%", "##", "__"),
    "python-brace": ("{", "}"), "resx": ("{", "}"), "fluent": ("{",), "laravel": (":",),
}  # fmt: skip
"""What a text has at least, if a flavour finds anything in it."""
BUNDLES: dict[str, tuple[str, ...]] = {
    "none": (),
    "yaml": ("ruby", "i18next", "python"),
    "json": ("i18next", "dollar", "brace", "delimited"),
    "php": ("laravel", "c"),
    "message": ("message", "java"),
    "arb": ("arb",),
    "icu": ("icu",),
}
"""Flavours that stand for several; all others stand for themselves."""
_SUSPECTS = ("c", "i18next", "dollar", "brace", "ruby", "python")
_FLAGS = {
    "boost": "c", "csharp": "resx", "gcc-internal": "c", "java": "message", "java-printf": "java",
    "javascript": "c", "kde": "qt", "kde-kuit": "qt", "lua": "c", "objc": "ios", "object-pascal": "c",
    "perl": "c", "perl-brace": "python-brace", "php": "c", "qt-plural": "qt", "rust": "python-brace",
    "sh": "dollar", "c++": "python-brace",
}  # fmt: skip
"""What gettext calls a flavour, where the name differs."""
_MESSAGES = frozenset({"icu", "message", "arb"})


class Style(NamedTuple):
    """What counts as a placeholder in one file, or in one string of it."""

    flavours: tuple[str, ...] = ()
    custom: tuple[str, ...] = ()
    """Regular expressions: of `placeholder_format_custom`, and of what stands for a tag."""
    suspects: tuple[str, ...] = ()
    """Flavours that are looked for where the source shows them, as nothing says which it has."""


def style(default: str, directives: Directives, flags: str = "") -> Style:
    """Return the flavours of a string: its own FLAGS, then directives win over the type's DEFAULT."""
    named = directives.get("placeholder_format", "").strip().lower()
    said = directives.get("placeholder_format_custom", "").strip()
    flavours = BUNDLES.get(named or default, (named or default,))
    if said and not named and default == "json":
        flavours = ()  # there a custom expression stands instead of the usual ones
    message = directives.get("string_format", "").strip().lower()
    own = [_FLAGS.get(each, each) for each in flags.split()]
    if "icu" in own or (message == "icu" and "text" not in own):
        flavours = ("icu",)
    elif message == "none" or "text" in own:
        flavours = tuple(each for each in flavours if each not in _MESSAGES)
    elif default == "message":
        flavours = ("message", *(each for each in flavours if each != "message"))
    flavours = (*flavours, *(each for each in own if each not in flavours))
    known = tuple(each for each in flavours if each in FLAVOURS or each in _MESSAGES)
    open_to_all = not named and not said and not _MESSAGES & set(known)
    suspects = tuple(each for each in _SUSPECTS if each not in known) if open_to_all else ()
    return Style(known, (*_custom(said), *_held_tags(directives)), suspects)


def _held_tags(directives: Directives) -> tuple[str, ...]:
    """Return the expression for tags whose content is a placeholder (`xliff_tags_to_placeholders`)."""
    names = [re.escape(each.strip()) for each in directives.get("xliff_tags_to_placeholders", "").split(",")]
    names = [each for each in names if each]
    return (rf"(?s)<({'|'.join(names)})\b[^<>]*>.*?</\1>",) if names else ()


def _custom(value: str) -> tuple[str, ...]:
    """Return the expressions that Python can compile; Java's others are the service's business."""
    if value.upper() in {"", "NONE", "NULL"}:
        return ()
    try:
        listed = json.loads(value)
    except ValueError:
        listed = value
    patterns = listed if isinstance(listed, list) else [value]
    return tuple(each for each in patterns if isinstance(each, str) and _compiled(each))


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return None


def compare(source: str, target: str, how: Style, *, plural: bool = False) -> list[Problem]:
    """Return what TARGET loses, adds or breaks; in a plural form a lost or added count is fine."""
    if "%" not in source + target and not _MAY_HOLD.search(source) and not _MAY_HOLD.search(target):
        return _custom_problems(source, target, how)
    problems: list[Problem] = []
    flavours, suspects = how.flavours, how.suspects
    if "icu" not in flavours and "message" not in flavours and icu.is_complex(source):
        flavours, suspects = ("arb" if "arb" in flavours else "icu",), ()
    for flavour in flavours:
        if flavour in _MESSAGES:
            problems += _message_problems(source, target, flavour, plural=plural)
    rest = [each for each in flavours if each not in _MESSAGES]
    problems += _token_problems(source, target, rest, suspects, plural=plural)
    return [*problems, *_custom_problems(source, target, how), *_tag_problems(source, target)]


_MAY_HOLD = re.compile(r"[{}$:#<]|__")


def _token_problems(
    source: str, target: str, flavours: Iterable[str], suspects: Iterable[str], *, plural: bool
) -> list[Problem]:
    """Judge by the flavours of the file, and by others where the source shows them."""
    problems: dict[str, Problem] = {}
    for flavour in flavours:
        if not any(sign in source or sign in target for sign in _SIGNS[flavour]):
            continue
        before, after = FLAVOURS[flavour](source), FLAVOURS[flavour](target)
        if before != after:
            for problem in _differences(before, after, plural=plural):
                problems.setdefault(problem.message, problem)
    for flavour in suspects if not problems else ():
        if any(sign in source for sign in _SIGNS[flavour]) and (before := FLAVOURS[flavour](source)):
            for problem in _differences(before, FLAVOURS[flavour](target), plural=plural):
                problems.setdefault(problem.message, problem)
    return list(problems.values())


def _differences(before: Tokens, after: Tokens, *, plural: bool) -> list[Problem]:
    lost, added = sorted(before - after), sorted(after - before)
    if plural and len(lost) + len(added) == 1:
        return []
    severity = "error" if before else "warning"
    return [
        *(Problem("placeholder-missing", "error", f"{token} is missing") for token in lost),
        *(Problem("placeholder-extra", severity, f"{token} is not in the source") for token in added),
    ]


def _message_problems(source: str, target: str, flavour: str, *, plural: bool) -> list[Problem]:
    mode: icu.Mode = "java" if flavour == "message" else "plain" if flavour == "arb" else "icu"
    try:
        before = icu.parse(source, mode)
    except icu.MessageError:
        return []  # the source is no pattern, so nothing can be asked of its translation
    try:
        after = icu.parse(target, mode)
    except icu.MessageError as error:
        severity = "error" if before.arguments else "warning"
        return [Problem("message-format", severity, f"{error} (character {error.position + 1})")]
    problems = _differences(frozenset(before.arguments), frozenset(after.arguments), plural=plural)
    for name, keys in before.choices.items():
        for key in sorted(keys - after.choices.get(name, keys)):
            problems.append(Problem("select-missing", "error", f"case {key!r} of {{{name}}} is missing"))
        for key in sorted(after.choices.get(name, keys) - keys):
            problems.append(
                Problem("select-extra", "error", f"case {key!r} of {{{name}}} is not in the source")
            )
    return problems


def _custom_problems(source: str, target: str, how: Style) -> list[Problem]:
    problems: list[Problem] = []
    for pattern in how.custom:
        compiled = _compiled(pattern)
        if compiled is not None:
            before, after = ({match[0] for match in compiled.finditer(text)} for text in (source, target))
            problems += _differences(frozenset(before), frozenset(after), plural=False)
    return problems


def _tag_problems(source: str, target: str) -> list[Problem]:
    if "<" not in source + target:
        return []
    before = tags(source)
    if not before or not balanced(source):
        return []
    after = tags(target)
    problems = [Problem("tag-missing", "error", f"<{name}> is missing") for name in sorted(before - after)]
    problems += [
        Problem("tag-extra", "error", f"<{name}> is not in the source") for name in sorted(after - before)
    ]
    if not problems and not balanced(target):
        problems.append(Problem("tag-balance", "error", "tags are not closed as they were opened"))
    return problems


def protected(text: str, how: Style) -> list[tuple[int, int]]:
    """Return the spans that no translator may touch: placeholders, tags and message syntax."""
    # Each pattern by itself: a placeholder of one flavour may begin within that of another, as in `%a%a`.
    spans = [found.span() for pattern in _HELD for found in pattern.finditer(text)]
    for pattern in how.custom:
        if compiled := _compiled(pattern):
            spans += [found.span() for found in compiled.finditer(text)]
    mode: icu.Mode | None = None
    if "message" in how.flavours:
        mode = "java"
    elif "icu" in how.flavours or icu.is_complex(text):
        mode = "icu"
    elif "arb" in how.flavours:
        mode = "plain"
    syntax = _syntax(text, mode) if mode else []
    if syntax:  # its arguments are known exactly, so a brace alone protects nothing
        spans = [span for span in spans if text[span[0]] != "{"]
    return merged(spans + syntax)


def _syntax(text: str, mode: icu.Mode) -> list[tuple[int, int]]:
    try:
        free = icu.parse(text, mode).spans
    except icu.MessageError:
        return []
    spans, position = [], 0
    for start, end in sorted(free):
        spans.append((position, start))
        position = end
    return [*spans, (position, len(text))]


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


_HELD = (
    *(_I18NEXT, _DOLLAR, _RUBY, _PYTHON, _DELIMITED, _PRINTF, _JAVA, _QT, _FLUENT, TAG),
    re.compile(r"\{[^{}]*\}|(?<![\w:]):[A-Za-z_]\w*|&(?:#\w+|\w+);|https?://\S+|\$t\([^()]*\)"),
)
