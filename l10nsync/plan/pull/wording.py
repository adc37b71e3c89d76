"""How a pull says what it keeps and holds back."""

from __future__ import annotations

from collections.abc import Sequence

from l10nsync import formats
from l10nsync.model import Source


def held_back(good: formats.Salvaged) -> str:
    """Name the strings that are held back, and what replaces them."""
    number = len(good.bad)
    held = f"{_strings(number)} held back ({some(good.bad)})"
    if not good.present:
        return held
    stay = "the text here is kept" if number == len(good.present) else "the texts here are kept"
    return f"{held}: {stay}"


def names_of(spots: Sequence[formats.Spot], path: str) -> tuple[str, ...]:
    """Return what names strings to a reader: keys, and the file itself, PATH, where it has none."""
    return tuple(
        " ".join(part for part in (locale, key or path, plural) if part)
        for locale, key, plural, _number in spots
    )


def corrected_here(names: Sequence[str]) -> str:
    """Say which strings were corrected here; nothing if none was."""
    if not names:
        return ""
    return f"{_strings(len(names))} corrected here ({some(names)})"


def conflicting(names: Sequence[str], *, service_wins: bool) -> str:
    """Name the strings that both have changed, and whose text stays; nothing if there is none."""
    if not names:
        return ""
    changed = f"{_strings(len(names))} changed here and on the TMS ({some(names)})"
    if service_wins:
        return f"{changed}: the TMS's text is used"
    return f"{changed}: the text here is kept"


def ways_out(sendable: int, others: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Say once what can be done about texts that stay: SENDABLE strings, and files of types without import.

    OTHERS are path and type of these.
    """
    found: list[str] = []
    if sendable:
        is_single = sendable == 1
        differ = "1 string differs" if is_single else f"{sendable} strings differ"
        stay = (
            "stays: `push --corrections` sends it" if is_single else "stay: `push --corrections` sends them"
        )
        found.append(f"{differ} from the TMS and {stay}, `pull --force` takes the TMS's")
    if others:
        paths = some([path for path, _type in others])
        types = ", ".join(sorted({file_type for _path, file_type in others}))
        stay = "stays" if len(others) == 1 else "stay"
        found.append(
            f"{paths} {stay} unchanged, but {types} cannot be imported to the TMS: correct it there, or take"
            " the TMS's text with `pull --force`"
        )
    return tuple(found)


def other_versions(sources: Sequence[Source]) -> tuple[str, ...]:
    """Say once what brings SOURCES and the versions of them that the TMS has together."""
    ours = [source.path for source in sources if source.push]
    theirs = [source.path for source in sources if not source.push]
    has = "the TMS has another version of"
    found = [f"{has} {some(ours)}: push, then pull again"] if ours else []
    if theirs:
        way = "merge the branch that sent it, the default branch as a rule, then pull again"
        found.append(f"{has} {some(theirs)}, which is not sent from here: {way}")
    return tuple(found)


def first_finding(findings: Sequence[formats.Finding]) -> str:
    """Say what is wrong first, and how much more there is."""
    first = findings[0]
    named = [first.key] if first.key and first.key not in first.message else []
    named += [first.locale] if first.locale else []
    place = f" ({', '.join(named)})" if named else ""
    more = f", and {len(findings) - 1} more" if len(findings) > 1 else ""
    return f"{first.rule}: {first.message}{place}{more}"


def some(keys: Sequence[str]) -> str:
    """Return the first three of some keys, and how many more there are."""
    more = f" and {len(keys) - 3} more" if len(keys) > 3 else ""
    return ", ".join(keys[:3]) + more


def translations(number: int) -> str:
    """Return a number of translations."""
    return "1 translation" if number == 1 else f"{number} translations"


def _strings(number: int) -> str:
    return "1 string" if number == 1 else f"{number} strings"
