"""Whether two files say the same, and whether a translation fits its source."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Literal, NamedTuple

from l10nsync.errors import ContentError
from l10nsync.formats import containers, markdown_text, placeholders, plist, plurals
from l10nsync.formats.documents import CATEGORIES, Directives, Document, Format, Unit
from l10nsync.formats.expressions import expression
from l10nsync.formats.quality_rules import TUNABLE
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
    column: int = 0
    """From 1, in characters; 0 where the whole line is meant."""
    end_column: int = 0
    """One past the last character that is meant, on the same line."""
    hint: str = ""
    """What to do."""


def order(finding: Finding) -> tuple[str, int, str, str]:
    """Sort errors first, then by place."""
    return finding.severity, finding.line, finding.key, finding.message


def tuned(finding: Finding, level: str) -> Finding | None:
    """Return the finding with the severity that LEVEL says; None where that is `ignore`."""
    if finding.rule not in TUNABLE or level not in {"error", "warning", "ignore"}:
        return finding
    severity: Severity = "error" if level == "error" else "warning"
    return None if level == "ignore" else replace(finding, severity=severity)


class ContentCounts(NamedTuple):
    """What a file holds for translation."""

    strings: int
    words: int


def counts(units: Iterable[Unit]) -> ContentCounts:
    """Return strings and words; blank strings do not count."""
    texts = [unit.text for unit in units if unit.text.strip()]
    return ContentCounts(len(texts), sum(map(words, texts)))


def contents(document: Document) -> Counter[tuple[str, str, str, str, bool]]:
    """Return what counts when two files are compared."""
    return Counter(
        (unit.key, unit.plural, unit.text, unit.translation or "", unit.markup) for unit in document.units
    )


# --- before anything is parsed ------------------------------------------------------------------------


def gate(row: Format, source: bytes, translation: bytes) -> Iterator[Finding]:
    """Yield what shows that this is not a file of the type at all."""
    head = translation[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not translation.strip(b"\xef\xbb\xbf \t\r\n") and source.strip(b"\xef\xbb\xbf \t\r\n"):
        yield Finding("empty", "error", "the translation is empty")
    elif not row.page and head.startswith(_PAGE):
        yield Finding("page", "error", "the translation is an HTML page")
    elif is_envelope(translation) and not is_envelope(source):
        yield Finding("envelope", "error", "the translation is an error message of the service")
    elif row.parse is not None and b"\0" in _plain(translation) and b"\0" not in _plain(source):
        yield Finding("unreadable", "error", "the translation has NUL characters, which do not occur in text")
    elif row.container:
        for message in containers.differences(row.container, source, translation):
            yield Finding("container", "error", message)


def _plain(data: bytes) -> bytes:
    """Return the bytes of a text with one byte for a plain letter; nothing of UTF-16 and UTF-32."""
    if data.startswith(plist.MAGIC):
        return b""
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
    refused = {fault.key for fault in translation.faults}
    if not subset:
        missing = (before - after).keys() - translation.others - source.optional - refused
        for key in sorted(missing - unread(source, translation)):
            yield Finding("key-missing", "error", f"{shown(key)} is missing", key)
    for key, times in (after - before).items():
        if key in before:
            yield _twice(key, times + before[key], translation, row)
        elif key not in source.others | translation.optional and key not in refused:
            hint = "Take it out, or put it into the source."
            message = f"{shown(key)} is not in the source"
            yield Finding("key-extra", "error", message, key, lines.get(key, 0), hint=hint)


def unread(source: Document, translation: Document) -> frozenset[str]:
    """Return the source's keys that a fault hides: a message of Fluent with its attributes."""
    read = {unit.key for unit in translation.units}
    hidden = {fault.key for fault in translation.faults} - read
    return (
        frozenset(unit.key for unit in source.units if {unit.key, unit.key.partition(".")[0]} & hidden) - read
    )


_ONE_ENTRY = frozenset({"android", "gettext", "yaml", "resx", "fluent", "xliff", "xliff2"})
"""Types whose platform refuses a file that has a key twice; elsewhere the last one counts, or the first."""


def _twice(key: str, times: int, translation: Document, row: Format) -> Finding:
    lines = sorted({unit.line for unit in translation.units if unit.key == key})
    severity: Severity = "error" if row.name in _ONE_ENTRY else "warning"
    often = {2: "twice"}.get(times, f"{times} times")
    places = f" (lines {', '.join(map(str, lines))})" if len(lines) > 1 else ""
    hint = "Keep one of them." if severity == "error" else "Keep one of them: only one is ever shown."
    return Finding("key-twice", severity, f"{shown(key)} occurs {often}{places}", key, lines[-1], hint=hint)


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


def _alike(first: int, second: int) -> bool:
    """Whether two numbers of strings are close enough for one file, not cut: one or 30 % apart."""
    return abs(first - second) <= 1 or min(first, second) * 10 >= max(first, second) * 7


def _keys(document: Document) -> Counter[str]:
    """Return how often each key occurs; the categories of one plural are one."""
    plain = Counter(unit.key for unit in document.units if not unit.plural)
    plain.update({unit.key for unit in document.units if unit.plural} - plain.keys())
    return plain


def shown(key: str) -> str:
    """Return a key for a message: short, without control characters."""
    text = key.replace("\x04", " | ")
    return repr(text if len(text) < 80 else f"{text[:77]}…")


# --- plural categories --------------------------------------------------------------------------------


def categories(source: Document, translation: Document, locale: str) -> Iterator[Finding]:
    """Yield what is wrong with plural categories; gettext counts by its own header, others by CLDR."""
    whole = _source_plurals(source)
    forms = _plural_forms(translation, whole)
    number, basis = _usual_number(translation, forms)
    known = plurals.of(locale)
    needed = len(known.required) if known and "nplurals" not in translation.facts else 0
    for key, by_category in forms.items():
        if by_category.keys() & {"singular", "plural"}:
            continue  # of i18next's version 3: each language numbers its forms by itself
        if not all(category.isdigit() for category in by_category):
            yield from _named(key, by_category, locale, lacking="other" not in whole[key])
        elif not number < needed == len(by_category):  # then the others lack forms
            yield from _indexed(key, by_category, number, basis)


def _source_plurals(source: Document) -> dict[str, set[str]]:
    """Return by key the categories of the source's plurals."""
    whole: dict[str, set[str]] = defaultdict(set)
    for unit in source.units:
        if unit.plural:
            whole[unit.key].add(unit.plural)
    return whole


def _plural_forms(translation: Document, wanted: Collection[str]) -> dict[str, dict[str, Unit]]:
    """Return by key and category the forms of the plurals WANTED; gettext compiles no unfinished ones."""
    is_compiled = "nplurals" in translation.facts
    forms: dict[str, dict[str, Unit]] = defaultdict(dict)
    for unit in translation.units:
        if not unit.plural or unit.key not in wanted or (is_compiled and unit.unfinished):
            continue
        if not unit.plural.startswith(("context ", "ordinal_")):
            forms[unit.key][unit.plural] = unit
    return forms


def _usual_number(translation: Document, forms: Mapping[str, Mapping[str, Unit]]) -> tuple[int, str]:
    """Return how many forms a plural has in a file, 0 if that is not known, and what shows it."""
    number = int(translation.facts.get("nplurals", "0") or "0")
    if number or len(forms) < 2:
        return number, "the header says"
    (number, times), *_ = Counter(map(len, forms.values())).most_common(1)
    return number if times > 1 else 0, "most others have"


def _indexed(key: str, forms: dict[str, Unit], number: int, basis: str) -> Iterator[Finding]:
    if number and len(forms) != number and any(unit.value for unit in forms.values()):
        line = min(unit.line for unit in forms.values())
        message = f"{shown(key)} has {len(forms)} plural forms; {basis} {number}"
        yield Finding("plural-count", "error", message, key, line)


def _named(key: str, forms: dict[str, Unit], locale: str, *, lacking: bool) -> Iterator[Finding]:
    """Yield what is wrong with named forms; LACKING says that the source has no form `other` either."""
    line = min(unit.line for unit in forms.values())
    for category, unit in forms.items():
        if category not in CATEGORIES:
            message = f"{category!r} of {shown(key)} is not a plural category"
            yield Finding("plural-unknown", "error", message, key, unit.line)
    if "other" not in forms:
        severity: Severity = "warning" if lacking else "error"
        yield Finding("plural-missing", severity, f"{shown(key)} has no form 'other'", key, line)
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
    known = _known(source, translation)
    styles: dict[str, placeholders.PlaceholderStyle] = {}
    forms = _forms(source)
    sizes = Counter(unit.key for unit in translation.units if unit.plural)
    for before, after in pairs(source, translation, keyed=keyed(source, row)):
        skipped = row.skips_unfinished and after.unfinished
        if not after.value or before.text == after.value or skipped:
            continue
        style = styles.get(before.flags)
        if style is None:
            style = placeholders.style(row.placeholders, effective, before.flags)._replace(known=known)
            styles[before.flags] = style
        plural = _category(after.plural or before.plural, sizes[after.key])
        for problem in placeholders.compare(
            before.text, after.value, style, plural=plural, forms=forms.get(before.key, ())
        ):
            yield _finding(problem, after, translation)
        if before.limit and len(after.value) > before.limit:
            yield _too_long(after, before.limit)
    yield from _not_run(placeholders.custom(effective))
    if "markdown" in placeholders.style(row.placeholders, effective).flavours:
        yield from _of_markdown(source, translation, mdx=row.name == "mdx")


def _too_long(unit: Unit, limit: int) -> Finding:
    message = f"{shown(unit.key)} has {len(unit.value)} characters; at most {limit} are allowed"
    return Finding("too-long", "warning", message, unit.key, unit.line)


def _of_markdown(source: Document, translation: Document, *, mdx: bool) -> Iterator[Finding]:
    """Yield what a page lacks as a whole: its parts may move from one paragraph to another."""
    for problem, line in markdown_text.compare(source, translation, mdx=mdx):
        severity: Severity = "error" if problem.severity == "error" else "warning"
        yield Finding(problem.rule, severity, problem.message, "", line, hint=problem.hint)


def _known(source: Document, translation: Document) -> frozenset[str]:
    """Return what a text may refer to: what the files define, and what other files do.

    Only a source that refers to other files itself shows that there are any.
    """
    units = (*source.units, *translation.units)
    if any("vue" in unit.flags.split() for unit in units):  # which links messages by the path of their keys
        return frozenset(unit.key.replace("/", ".") for unit in units)
    beside = (source, translation) if source.facts.get("elsewhere") else ()
    names = [file.facts.get("names", "") for file in (source, translation)]
    names += [file.facts["elsewhere"] for file in beside]
    return frozenset(" ".join(names).split())


def _forms(source: Document) -> dict[str, list[str]]:
    """Return the texts of each plural of the source."""
    found: dict[str, list[str]] = defaultdict(list)
    for unit in source.units:
        if unit.plural:
            found[unit.key].append(unit.text)
    return found


def _category(plural: str, size: int) -> str:
    """Return what a plural form stands for: of numbered forms the first may be in words, the last not."""
    if not plural.isdigit():
        return plural
    worded = 0 if size < 2 else 1 if size < 4 else 2 if size == 4 else 3
    return "one" if int(plural) < worded else "other"


def _finding(problem: placeholders.Problem, after: Unit, translation: Document) -> Finding:
    """Return a problem with its place in the file: the very characters, if the file has them."""
    severity: Severity = "error" if problem.severity == "error" else "warning"
    message = f"{problem.message} in {shown(after.key)}" if after.key else problem.message
    line, column, end = _place(problem.span, after, translation)
    return Finding(problem.rule, severity, message, after.key, line, "", column, end, problem.hint)


def _place(span: tuple[int, int] | None, unit: Unit, document: Document) -> tuple[int, int, int]:
    """Return line and columns of a part of a unit's text, else of the whole value; columns on one line."""
    text = document.text
    start, end = unit.start, unit.end
    if not start < end <= len(text):
        return unit.line, 0, 0
    if span is not None and (meant := unit.value[slice(*span)]):
        found = text.find(meant, start, end)
        if text[start:end] == unit.value:
            start, end = start + span[0], start + span[1]
        elif found >= 0:
            start, end = found, found + len(meant)
    return _columns(text, start, end)


def _columns(text: str, start: int, end: int) -> tuple[int, int, int]:
    """Return the line of a place in a text, and its columns there."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", start)
    end = min(end, line_end if line_end >= 0 else len(text))
    line = text.count("\n", 0, start) + 1
    return line, start - line_start + 1, max(end, start + 1) - line_start + 1


def _not_run(expressions: Iterable[str]) -> Iterator[Finding]:
    """Yield the expressions of a directive that cannot be run here, or that took too long."""
    for written in expressions:
        if not expression(written).usable:
            message = f"the expression {shown(written)} cannot be run here: not checked"
            hint = "The service gets it unchanged; a simpler one, without nested repeats, can be checked."
            yield Finding("not-checked", "warning", message, hint=hint)


def patterns(
    source: Document, translation: Document, row: Format, directives: Directives, locale: str
) -> Iterator[Finding]:
    """Yield plural forms that the language needs and a message pattern lacks."""
    effective = {**directives, **source.directives}
    for before, after in pairs(source, translation, keyed=keyed(source, row)):
        if "plural" not in after.value:
            continue
        style = placeholders.style(row.placeholders, effective, before.flags)
        for name, category in placeholders.lacking(before.text, after.value, style, locale):
            message = f"{{{name}, plural}} of {shown(after.key)} has no form '{category}'"
            hint = f"{locale} needs it; without it 'other' is shown."
            yield Finding("plural-missing", "warning", message, after.key, after.line, hint=hint)


def faults(source: Document, translation: Document) -> Iterator[Finding]:
    """Yield what the platform refuses in a translation, unless the source has it just so.

    A source with the same fault in another string is evidence that its program takes that: Compose reads
    Android's files, but no backslash before an apostrophe.
    """
    excused = Counter((fault.key, fault.rule) for fault in source.faults)
    taken = {fault.message for fault in source.faults}
    read = {unit.key for unit in translation.units}
    for fault in translation.faults:
        if fault.message in taken and fault.key in read:
            continue
        if excused[fault.key, fault.rule]:
            excused[fault.key, fault.rule] -= 1
            continue
        message = f"{fault.message} in {shown(fault.key)}" if fault.key else fault.message
        line, column, end = fault.line, 0, 0
        if fault.span:
            line, column, end = _columns(translation.text, *fault.span)
        yield Finding(fault.rule, fault.severity, message, fault.key, line, "", column, end, fault.hint)


def untranslated(source: Document, translation: Document, row: Format) -> Iterator[Finding]:
    """Yield a warning where every string is the source's own text, in a file of some words."""
    couples = list(pairs(source, translation, keyed=keyed(source, row)))
    counted = ((before, after) for before, after in couples if not after.unfinished)
    if any(after.value.strip() not in {"", before.text.strip()} for before, after in counted):
        return
    if couples and counts(source.units).words >= _SOME_WORDS:
        yield Finding("untranslated", "warning", "every string is the source's own text")


def emptied(source: Document, translation: Document, row: Format) -> Iterator[Finding]:
    """Yield one warning for the texts of a file that are empty although their sources are not.

    In a type that has the source beside the translation, an empty one means that there is none yet.
    """
    if not keyed(source, row):
        return
    empty = [
        after
        for before, after in pairs(source, translation)
        if after.translation is None and not after.value.strip() and before.text.strip()
    ]
    keys = list(dict.fromkeys(unit.key for unit in empty if unit.key not in source.optional))
    if not keys:
        return
    strings = f"{len(keys)} texts are" if len(keys) > 1 else "1 text is"
    first = f", the first is {shown(keys[0])}" if len(keys) > 1 else f": {shown(keys[0])}"
    hint = "Translate it, or take it out so that the source's text is shown."
    line = next(unit.line for unit in empty if unit.key == keys[0])
    yield Finding("text-empty", "warning", f"{strings} empty{first}", keys[0], line, hint=hint)


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
