"""Whether two files say the same, and whether a translation fits its source."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Literal, NamedTuple

from l10nsync.errors import ContentError
from l10nsync.formats import containers, placeholders, plurals
from l10nsync.formats.base import CATEGORIES, Directives, Document, Format, Unit
from l10nsync.formats.rules import TUNABLE
from l10nsync.formats.text import words

Severity = Literal["error", "warning"]
_SOME_WORDS = 3
"""A file of fewer words may be alike in two languages: a name, an abbreviation."""
_PAGE = (b"<!doctype html", b"<html")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a translation."""

    rule: str
    """Short name: `empty`, `page`, `unreadable`, `key-missing`, `placeholder-missing`, …"""
    severity: Severity
    """An `error` keeps the file from being written."""
    message: str
    key: str = ""
    line: int = 0
    """In the translation, from 1; 0 where it has no place."""
    locale: str = ""
    """Of a file that holds all locales: the one that is meant."""


def order(finding: Finding) -> tuple[str, int, str, str]:
    """Sort errors first, then by place."""
    return finding.severity, finding.line, finding.key, finding.message


def tuned(finding: Finding, level: str) -> Finding | None:
    """Return the finding with the severity that LEVEL says; None where that is `ignore`."""
    if finding.rule not in TUNABLE or level not in {"error", "warning", "ignore"}:
        return finding
    severity: Severity = "error" if level == "error" else "warning"
    return None if level == "ignore" else replace(finding, severity=severity)


class Counts(NamedTuple):
    """What a file holds for translation."""

    strings: int
    words: int


def counts(units: Iterable[Unit]) -> Counts:
    """Return strings and words; blank strings do not count."""
    texts = [unit.text for unit in units if unit.text.strip()]
    return Counts(len(texts), sum(map(words, texts)))


def contents(document: Document) -> Counter[tuple[str, str, str, str, bool]]:
    """Return what counts when two files are compared."""
    return Counter(
        (unit.key, unit.plural, unit.text, unit.translation or "", unit.markup) for unit in document.units
    )


# --- before anything is parsed ------------------------------------------------------------------------


def gate(row: Format, source: bytes, translation: bytes) -> Iterator[Finding]:
    """Yield what shows that this is no file of the type at all."""
    head = translation[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not translation.strip(b"\xef\xbb\xbf \t\r\n") and source.strip(b"\xef\xbb\xbf \t\r\n"):
        yield Finding("empty", "error", "the translation is empty")
    elif not row.page and head.startswith(_PAGE):
        yield Finding("page", "error", "the translation is an HTML page")
    elif is_envelope(translation) and not is_envelope(source):
        yield Finding("envelope", "error", "the translation is an error message of the service")
    elif row.parse is not None and b"\0" in _plain(translation) and b"\0" not in _plain(source):
        yield Finding("unreadable", "error", "the translation has NUL characters, as no text has")
    elif row.container:
        for message in containers.differences(row.container, source, translation):
            yield Finding("container", "error", message)


def _plain(data: bytes) -> bytes:
    """Return the bytes of a text with one byte for a plain letter; nothing of UTF-16 and UTF-32."""
    return b"" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or data[:1] == b"\0" or data[1:2] == b"\0" else data


def is_envelope(data: bytes) -> bool:
    """Return whether DATA is an answer of the service (`{"response": {"code": …}}`) and no file."""
    if b'"response"' not in data[:200]:
        return False
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return False
    response = value.get("response") if isinstance(value, dict) else None
    return isinstance(response, dict) and isinstance(response.get("code"), str)


def unreadable(error: ContentError) -> Finding:
    """Return the finding for a translation that cannot be parsed."""
    return Finding("unreadable", "error", str(error), "", error.line)


# --- keys ---------------------------------------------------------------------------------------------


def keys(source: Document, translation: Document, row: Format, *, subset: bool) -> Iterator[Finding]:
    """Yield keys that are lost or new, plural categories aside."""
    before, after = _keys(source), _keys(translation)
    if not keyed(source, row):
        if len(source.units) != len(translation.units) and not row.whole:
            message = f"{len(translation.units)} strings where the source has {len(source.units)}"
            lenient = row.rewritten and _alike(len(source.units), len(translation.units))
            yield Finding("structure", "warning" if lenient else "error", message)
        return
    lines = {unit.key: unit.line for unit in translation.units}
    if not subset:
        for key in before - after:
            if key not in translation.others:
                yield Finding("key-missing", "error", f"{shown(key)} is missing", key)
    for key in after - before:
        if key not in source.others:
            yield Finding("key-extra", "error", f"{shown(key)} is not in the source", key, lines.get(key, 0))


def keyed(source: Document, row: Format) -> bool:
    """Return whether the strings of a source have keys, by their type or by a directive."""
    return row.keeps_keys or any(unit.key for unit in source.units)


def fixed(source: Document, translation: Document, row: Format) -> Iterator[Finding]:
    """Yield the first part beside the strings that is not as the source has it."""
    for before, after in zip_longest(source.fixed, translation.fixed):
        if before and after and before[:2] == after[:2]:
            continue
        severity: Severity = "warning" if row.rewritten else "error"
        if after is None:
            message = f"{before.name} {shown(before.value)} is missing"
        elif before is None:
            message = f"{after.name} {shown(after.value)} is not in the source"
        else:
            wanted = "" if before.name == after.name else f"{before.name} "
            message = f"{after.name} {shown(after.value)} where the source has {wanted}{shown(before.value)}"
        yield Finding("structure", severity, message, "", after.line if after else 0)
        return


def _alike(one: int, other: int) -> bool:
    """Whether two numbers of strings are no sign of a cut or of another file: one or 30 % apart."""
    return abs(one - other) <= 1 or min(one, other) * 10 >= max(one, other) * 7


def _keys(document: Document) -> Counter[str]:
    """Return how often each key stands; the categories of one plural are one."""
    plain = Counter(unit.key for unit in document.units if not unit.plural)
    plain.update({unit.key for unit in document.units if unit.plural})
    return plain


def shown(key: str) -> str:
    """Return a key for a message: short, without control characters."""
    text = key.replace("\x04", " | ")
    return repr(text if len(text) < 80 else f"{text[:77]}…")


# --- plural categories --------------------------------------------------------------------------------


def categories(source: Document, translation: Document, locale: str) -> Iterator[Finding]:
    """Yield what is wrong with plural categories; gettext counts by its own header, others by CLDR."""
    wanted = {unit.key for unit in source.units if unit.plural}
    forms: dict[str, dict[str, Unit]] = defaultdict(dict)
    for unit in translation.units:
        if unit.plural and unit.key in wanted:
            forms[unit.key][unit.plural] = unit
    number, said = int(translation.facts.get("nplurals", "0") or "0"), "the header says"
    if not number and len(forms) > 1:
        said = "most others have"
        (number, times), *_ = Counter(map(len, forms.values())).most_common(1)
        number = number if times > 1 else 0
    for key, by_category in forms.items():
        if all(category.isdigit() for category in by_category):
            yield from _indexed(key, by_category, number, said)
        else:
            yield from _named(key, by_category, locale)


def _indexed(key: str, forms: dict[str, Unit], number: int, said: str) -> Iterator[Finding]:
    if number and len(forms) != number and any(unit.value for unit in forms.values()):
        line = min(unit.line for unit in forms.values())
        message = f"{shown(key)} has {len(forms)} plural forms; {said} {number}"
        yield Finding("plural-count", "error", message, key, line)


def _named(key: str, forms: dict[str, Unit], locale: str) -> Iterator[Finding]:
    line = min(unit.line for unit in forms.values())
    for category, unit in forms.items():
        if category not in CATEGORIES:
            message = f"{category!r} of {shown(key)} is no plural category"
            yield Finding("plural-unknown", "error", message, key, unit.line)
    if "other" not in forms:
        yield Finding("plural-missing", "error", f"{shown(key)} has no form 'other'", key, line)
    known = plurals.of(locale)
    if known is None:
        return
    for category in sorted(known.required - forms.keys() - {"other"}):
        yield Finding("plural-missing", "warning", f"{shown(key)} has no form {category!r}", key, line)
    for category in sorted(forms.keys() & set(CATEGORIES) - known.allowed - {"zero"}):
        message = f"{shown(key)} has a form {category!r} that {locale} does not use"
        yield Finding("plural-extra", "warning", message, key, forms[category].line)


# --- placeholders -------------------------------------------------------------------------------------


def texts(source: Document, translation: Document, row: Format, directives: Directives) -> Iterator[Finding]:
    """Yield placeholders, tags and message patterns that a translation breaks, and what is too long."""
    effective = {**directives, **source.directives}
    styles: dict[str, placeholders.Style] = {}
    for before, after in pairs(source, translation, keyed=keyed(source, row)):
        if not after.value or before.text == after.value:
            continue
        style = styles.get(before.flags)
        if style is None:
            style = styles[before.flags] = placeholders.style(row.placeholders, effective, before.flags)
        for problem in placeholders.compare(
            before.text, after.value, style, plural=bool(after.plural or before.plural)
        ):
            severity: Severity = "error" if problem.severity == "error" else "warning"
            message = f"{problem.message} in {shown(after.key)}" if after.key else problem.message
            yield Finding(problem.rule, severity, message, after.key, after.line)
        if before.limit and len(after.value) > before.limit:
            message = f"{shown(after.key)} has {len(after.value)} characters; at most {before.limit} may be"
            yield Finding("too-long", "warning", message, after.key, after.line)


def untranslated(source: Document, translation: Document, row: Format) -> Iterator[Finding]:
    """Yield a warning where every string is the source's own text, in a file of some words."""
    couples = list(pairs(source, translation, keyed=keyed(source, row)))
    if any(after.value.strip() not in {"", before.text.strip()} for before, after in couples):
        return
    if couples and counts(source.units).words >= _SOME_WORDS:
        yield Finding("untranslated", "warning", "every string is the source's own text")


def pairs(source: Document, translation: Document, *, keyed: bool = True) -> Iterator[tuple[Unit, Unit]]:
    """Yield each translated unit with its source; a category that the source lacks goes with `other`."""
    if not keyed:
        if len(source.units) == len(translation.units):
            yield from zip(source.units, translation.units, strict=True)
        return
    queues: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for unit in source.units:
        queues[unit.key, unit.plural].append(unit)
        if unit.plural:
            queues[unit.key, "*"] = [unit]
    for unit in source.units:
        if unit.plural == "other":
            queues[unit.key, "*"] = [unit]
    used: Counter[tuple[str, str]] = Counter()
    for unit in translation.units:
        place = (unit.key, unit.plural)
        candidates = queues.get(place) or queues.get((unit.key, "*")) or queues.get((unit.key, ""))
        if candidates:
            yield candidates[min(used[place], len(candidates) - 1)], unit
            used[place] += 1
