"""Message patterns compared: what a translation shows in each of its cases, and its source there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from l10nsync.formats import icu, plurals
from l10nsync.formats.documents import CATEGORIES
from l10nsync.formats.string_problems import Problem, added, lost

MOST_LEAVES = 200
"""Cases of one message that are looked at; nested choices multiply."""
_TIMES = frozenset({"date", "time"})


def compare(source: str, target: str, mode: icu.MessageSyntax) -> list[Problem] | None:
    """Return what a translation loses, adds or breaks; None if the source is not a pattern of this mode."""
    try:
        before = icu.parse(source, mode)
    except icu.MessageError:
        return None
    try:
        after = icu.parse(target, mode)
    except icu.MessageError as error:
        if not before.arguments:
            return []
        hint = "Write the braces and the cases as the source has them; only the text in them is translated."
        place = min(error.position, max(len(target) - 1, 0))
        message = f"the message pattern cannot be read: {error}"
        return [Problem("message-format", "error", message, (place, place + 1), hint)]
    if mode == "java" and "'" in target and before.shown and not after.shown:
        apostrophe = target.index("'")
        shown = source[before.shown[0].start : before.shown[0].end]
        message = f"an apostrophe keeps `{shown}` from being filled in"
        return [
            Problem(
                "placeholder-missing", "error", message, (apostrophe, apostrophe + 1), "Write it twice: ''"
            )
        ]
    found = [*arguments(before, after, source, target), *_cases(before, after)]
    if not after.shown and not any(target[start:end].strip() for start, end in after.spans):
        return [problem._replace(severity="warning") for problem in found]  # as of an empty text
    return found


def arguments(before: icu.Message, after: icu.Message, source: str, target: str) -> Iterator[Problem]:
    """Yield arguments that are lost or new, each once."""
    known = _names(before)
    yield from _lost_arguments(before, after, source)
    yield from _new_arguments(after, known, source, target)
    for name in sorted(known - _names(after) - {argument.name for argument in before.shown}):
        message = f"`{name}`, by which the source chooses its text, is not used"
        yield Problem("placeholder-missing", "warning", message, None, _shows(source))
    kinds = {argument.name: argument.kind for argument in before.shown if argument.kind in _TIMES}
    for argument in after.shown:
        if kinds.get(argument.name, argument.kind) != argument.kind and argument.kind not in _TIMES:
            message = f"`{argument.name}` is a {kinds[argument.name]} in the source"
            yield Problem(
                "message-format", "warning", message, (argument.start, argument.end), _shows(source)
            )


def _lost_arguments(before: icu.Message, after: icu.Message, source: str) -> Iterator[Problem]:
    """Yield what a message no longer shows, in any case that the translation distinguishes."""
    spelled = {argument.name: source[argument.start : argument.end] for argument in reversed(before.shown)}
    reported: set[str] = set()
    for leaf in after.leaves[:MOST_LEAVES] or [()]:
        chosen = dict(leaf)
        where = f" in the case '{leaf[-1][1]}'" if leaf else ""
        for name in _shown(before, chosen) - _shown(after, chosen) - reported:
            if _may_go_without(name, chosen):
                continue
            reported.add(name)
            if spelled[name] == "#" and name not in _names(after):
                yield lost(name, source)  # the text is chosen by another argument, whose `#` is there
            else:
                yield lost(spelled[name], source, where=where)


def _new_arguments(after: icu.Message, known: set[str], source: str, target: str) -> Iterator[Problem]:
    """Yield what a translation shows and the source does not name."""
    reported = set(known)
    for argument in after.shown:
        if argument.name not in reported:
            reported.add(argument.name)
            shown = target[argument.start : argument.end]
            yield added(argument.name if shown == "#" else shown, (argument.start, argument.end), source)


def _shows(source: str) -> str:
    return f"The source says: {source if len(source) < 120 else source[:119] + '…'}"


def _names(message: icu.Message) -> set[str]:
    names = {argument.partition(",")[0] for argument in message.arguments}
    return names | {argument.name for argument in message.shown}


def _shown(message: icu.Message, chosen: Mapping[str, str]) -> set[str]:
    """Return what a message shows where these cases are chosen; one that it lacks is its `other`."""
    selectors: dict[str, set[str]] = {}
    for leaf in message.leaves:
        for name, selector in leaf:
            selectors.setdefault(name, set()).add(selector)

    def active(path: icu.CasePath) -> bool:
        for name, selector in path:
            wanted = chosen.get(name, "other")
            if selector != (wanted if wanted in selectors[name] else "other"):
                return False
        return True

    return {argument.name for argument in message.shown if active(argument.path)}


def _may_go_without(name: str, chosen: Mapping[str, str]) -> bool:
    """Whether this case says its number in words: `one file`, `no files`; `[1]` of Fluent is `=1`."""
    selector = chosen.get(name, "")
    return selector.startswith("=") or selector.isdecimal() or selector in {"zero", "one", "two"}


def _cases(before: icu.Message, after: icu.Message) -> Iterator[Problem]:
    for name, keys in before.choices.items():
        for key in sorted(keys - after.choices.get(name, keys)):
            message = f"case '{key}' of `{name}` is missing, so that 'other' is shown"
            yield Problem("select-missing", "warning", message)
        for key in sorted(after.choices.get(name, keys) - keys):
            message = f"case '{key}' of `{name}` is not in the source and never chosen"
            yield Problem("select-extra", "warning", message)


def lacking(target: str, mode: icu.MessageSyntax, locale: str) -> Iterator[tuple[str, str]]:
    """Yield argument and category of each plural form that the language needs and a pattern lacks."""
    known = plurals.of(locale)
    if known is None:
        return
    try:
        found = icu.parse(target, mode)
    except icu.MessageError:
        return
    exact = {"=0": "zero", "=1": "one", "=2": "two"}
    for argument, selectors in found.categories.items():
        name, _comma, kind = argument.partition(", ")
        if kind == "plural":
            has = selectors | {exact.get(selector, selector) for selector in selectors}
            yield from (
                (name, category) for category in CATEGORIES if category in known.required - has - {"other"}
            )
