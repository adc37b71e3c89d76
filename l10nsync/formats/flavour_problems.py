"""Which placeholders a translation loses, adds or breaks, by the flavours of its string."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import NamedTuple

from l10nsync.formats import flavours as _flavours
from l10nsync.formats.flavours import BARE, FLAVOURS, LAX, SIGNS
from l10nsync.formats.placeholder_styles import MODES, PRINTF, PlaceholderStyle
from l10nsync.formats.printf_flavours import Placeholder, mixed
from l10nsync.formats.string_problems import Problem, added, displaced, lost, misplaced, quoted

_OF_BRACES = frozenset({"brace", "i18next", "resx", "python-brace"})
"""Flavours whose braces a message pattern has as its own."""


class ComparedTexts(NamedTuple):
    """A text and its translation, with all that decides about their placeholders."""

    source: str
    target: str
    how: PlaceholderStyle
    forms: Collection[str]
    """Texts whose placeholders the translation may have."""
    plural: str
    """The plural category that the translation is for."""


def token_problems(texts: ComparedTexts, *, message: bool) -> list[Problem]:
    """Judge by the flavours of the file, and by others where the source shows them.

    MESSAGE: the source is a message pattern, whose own arguments are judged elsewhere.
    """
    problems: list[Problem] = []
    for flavour in _flavours_to_judge(texts.how, message=message):
        if any(sign in texts.source or sign in texts.target for sign in SIGNS[flavour]):
            problems += _flavour_problems(flavour, texts)
    if not problems:
        problems += chain.from_iterable(
            _flavour_problems(flavour, texts)
            for flavour in texts.how.suspects
            if not (message and flavour in _OF_BRACES) and _shows(flavour, texts.source)
        )
        if texts.how.foreign:
            problems = [problem._replace(severity="warning") for problem in problems]
    return _once(problems)


def _flavours_to_judge(how: PlaceholderStyle, *, message: bool) -> list[str]:
    """Return the elementary flavours of a style; a message pattern has its braces judged as what they are."""
    names = [flavour for flavour in how.flavours if flavour in FLAVOURS]
    if message:
        return [flavour for flavour in names if flavour not in _OF_BRACES]
    return [*names, "brace"] if MODES.keys() & set(how.flavours) else names


def _shows(flavour: str, text: str) -> bool:
    """Whether a text has a placeholder of a flavour; its signs are looked for first, which is quick."""
    return any(sign in text for sign in SIGNS[flavour]) and bool(FLAVOURS[flavour](text))


def _once(problems: Iterable[Problem]) -> list[Problem]:
    """Return each problem once: two flavours may see one sign, as `%{x}` and `{x}`."""
    kept: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        kept.setdefault((problem.rule, problem.message), problem)
    return list(kept.values())


def _flavour_problems(flavour: str, texts: ComparedTexts) -> Iterator[Problem]:
    source, target, how = texts.source, texts.target, texts.how
    before, after = FLAVOURS[flavour](source), _found_in_target(flavour, source, target)
    if flavour == "laravel":
        yield from map(partial(_with_ending, source, target), filter(partial(_has_ending, target), after))
    wanted, has = _by_name(before), _by_name(after)
    kept, allowed = _kept_and_allowed(flavour, texts, wanted, has)
    missing = _missing(wanted, kept, texts.plural)
    yield from (_lost_token(token, source, target) for token in missing)
    new = {name: token for name, token in has.items() if name not in allowed}
    yield from _new_tokens(flavour, new, before, texts)
    if how.formatted and flavour in _ONE_WAY and mixed(before, source) is None:
        yield from _mixed(mixed(after, target), target)
    is_format = bool(before) or how.formatted or flavour == "vue"
    if is_format and not missing:
        yield from _bare(flavour, source, target)


def _found_in_target(flavour: str, source: str, target: str) -> list[Placeholder]:
    """Return the placeholders of a translation; of Laravel only names of the source are any."""
    return _flavours.laravel_in(source, target) if flavour == "laravel" else FLAVOURS[flavour](target)


def _kept_and_allowed(
    flavour: str, texts: ComparedTexts, wanted: Mapping[str, Placeholder], has: Mapping[str, Placeholder]
) -> tuple[set[str], set[str]]:
    """Return the names that a translation keeps, and those that it may have."""
    kept, allowed = set(has), set(wanted)
    if wanted.keys() != has.keys():  # most translations have all, and nothing else
        allowed.update(*(_by_name(FLAVOURS[flavour](form)) for form in texts.forms))
        if flavour in LAX:  # a placeholder right beside a letter on one side may be separate on the other
            kept |= _by_name(LAX[flavour](texts.target)).keys()
            allowed |= _by_name(LAX[flavour](texts.source)).keys()
    return kept, allowed


def _missing(wanted: Mapping[str, Placeholder], kept: Collection[str], plural: str) -> list[Placeholder]:
    """Return the placeholders that a translation lacks; `one file` may say its number in words."""
    missing = [token for name, token in wanted.items() if name not in kept]
    return [token for token in missing if not _counts(token, wanted)] if plural in _IN_WORDS else missing


def _lost_token(token: Placeholder, source: str, target: str) -> Problem:
    """Return the problem of a placeholder that is not there; one with a number may be there without it."""
    spelled, number = source[token.start : token.end], _number(token)
    return displaced(spelled, number, source) if number and spelled in target else lost(spelled, source)


def _is_excused(flavour: str, name: str, token: Placeholder, texts: ComparedTexts) -> bool:
    """Whether a placeholder may be new: the library fills it in, or it is a percentage."""
    if _is_given(flavour, name, texts.source, texts.plural, texts.how.known):
        return True
    return flavour == "qt" and _is_percentage(texts.source, texts.target, token)


def _new_tokens(
    flavour: str, new: Mapping[str, Placeholder], before: Sequence[Placeholder], texts: ComparedTexts
) -> Iterator[Problem]:
    """Yield what is wrong with placeholders that are not in the source, or there with another number."""
    source, target = texts.source, texts.target
    numbers = {number: token for token in before if (number := _number(token))}
    for name, token in new.items():
        if _is_excused(flavour, name, token, texts):
            continue
        spelled, span, number = target[token.start : token.end], (token.start, token.end), _number(token)
        if other := numbers.get(number):
            yield misplaced(spelled, span, number, source[other.start : other.end], source)
            continue
        surely = before or texts.how.formatted or _unmistakable(flavour, target, token)
        yield added(spelled, span, source, severity="error" if surely else "warning")


_ONE_WAY = (PRINTF - {"java", "librep", "perl", "printf-php"}) | {"python-brace"}
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
    if flavour in PRINTF:
        return (
            any(strict.start == token.start for strict in FLAVOURS["strict-c"](target)) or "(" in token.name
        )
    return flavour not in {"laravel", "delimited", "chrome", "mediawiki", "percent-name", "rails-number"}
