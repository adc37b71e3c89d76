"""The language that a file names: what it has to say at the place of a target, and where it says otherwise.

One rule for every command. The name is the repository's own, in the spelling of the type, whatever the
service delivered. A name that is there already stays if the program that loads the file accepts it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from l10nsync.formats.documents import Document, Language, Mark, Naming
from l10nsync.formats.judge import Finding, shown

_RENAMED = {"in": "id", "iw": "he", "ji": "yi", "jw": "jv", "mo": "ro", "nb": "no", "tl": "fil", "cmn": "zh"}
"""Codes that stand for one language with another: withdrawn ones, and two that products mix up."""
_MODIFIERS = {"arabic": "arab", "cyrillic": "cyrl", "devanagari": "deva", "latin": "latn"}
_FLUTTER = {"in": "id", "iw": "he", "ji": "yi", "jw": "jv", "mo": "ro"}
"""Withdrawn codes that `package:intl` replaces when it reads a file name."""
_IN_FILE_NAME = re.compile(
    r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?((?:[-_](?:[A-Za-z\d]{5,8}|\d[A-Za-z\d]{3}))*)"
)


def spelled(naming: Naming, language: Language) -> str:
    """Return the local name as the type spells it; empty if the type needs a language tag and it has none."""
    name = language.local_name.rpartition("/")[2]
    if naming.spelling == "as it is":
        return name
    if not language.tag:
        return ""
    if naming.spelling == "_":
        # What gettext and Qt know as `sr@latin` stays so; a tag has no such sign, and Flutter takes none.
        stays = "@" in name and not naming.decided_by
        return name if stays else language.tag.replace("-", "_")
    kept = name.replace("_", "-")
    return kept if kept.lower() == language.tag.lower() else language.tag


def demanded(naming: Naming, language: Language) -> str:
    """Return the only name that the program which loads the file takes at that path; empty if any."""
    if naming.decided_by == "file name":
        return in_file_name(language)
    return spelled(naming, language) if naming.decided_by else ""


def in_file_name(target: Language) -> str:
    """Return the locale that Flutter's `gen-l10n` reads from a target's file name: what follows a `_`."""
    stem = target.path.rpartition("/")[2].rpartition(".")[0]
    for sign in re.finditer("_", stem):
        found = _IN_FILE_NAME.fullmatch(stem, sign.end())
        if found and _language_of(found[1]) == _language_of(target.tag or target.locale):
            language, script, region, variants = (part or "" for part in found.groups())
            language = _FLUTTER.get(language.lower(), language.lower())
            names = [
                language,
                script.title(),
                region.upper(),
                *sorted(re.findall(r"[a-z\d]{4,8}", variants.lower())),
            ]
            return "_".join(name for name in names if name)
    return ""


def wanted(naming: Naming, language: Language, present: str) -> str:
    """Return the name that a target has to have where it has PRESENT now (empty: none)."""
    if only := demanded(naming, language):
        return only
    own = spelled(naming, language)
    if present and _accepted(present, language, own):
        return present
    return own or language.locale.replace("-", "_" if naming.spelling == "_" else "-")


def _accepted(present: str, language: Language, own: str) -> bool:
    """Whether a name stays where nothing but the language matters.

    The service's id does not where the repository has another name: earlier versions wrote it.
    """
    if not own:
        return _language_of(present) == _language_of(language.locale)
    if _plain(present) == _plain(language.locale) != _plain(own):
        return False
    return _agree(present, language.tag)


def _plain(name: str) -> str:
    return name.replace("_", "-").lower()


def _language_of(name: str) -> str:
    first = re.split("[-_@.]", name)[0].lower()
    return _RENAMED.get(first, first)


def _agree(first: str, second: str) -> bool:
    """Whether two names may mean one locale: same language, and no two different scripts or regions."""
    if _language_of(first) != _language_of(second):
        return False
    for pattern in (r"[a-z]{4}", r"[a-z]{2}|\d{3}"):
        named = [_part(name, pattern) for name in (first, second)]
        if all(named) and named[0] != named[1]:
            return False
    return True


def _part(name: str, pattern: str) -> str:
    parts = [_MODIFIERS.get(part, part) for part in re.split("[-_@.]", name.lower())[1:]]
    return next((part for part in parts if re.fullmatch(pattern, part)), "")


def counting(
    naming: Naming, document: Document, source: Document | None, language: Language
) -> tuple[Mark, ...]:
    """Return the marks of a file that name its language, as SOURCE does if they may be other words."""
    if not naming.like_source:
        return document.marks
    # Without a source, the file itself is one that becomes a translation.
    model = source or document
    counts = any(_language_of(mark.value) == _language_of(language.source) for mark in model.marks)
    return document.marks if counts else ()


def edits(
    naming: Naming, document: Document, present: Document | None, source: Document | None, language: Language
) -> Iterator[tuple[int, int, str]]:
    """Yield what makes DOCUMENT name the language of a target; PRESENT is the file that is there now."""
    there = [mark.value for mark in present.marks] if present else []
    fallback = next(filter(None, there), "")
    for index, mark in enumerate(counting(naming, document, source, language)):
        name_there = there[index] if index < len(there) else ""
        name = wanted(naming, language, name_there or fallback)
        if mark.value != name and (mark.value or mark.needed or fallback or present is None):
            yield mark.start, mark.end, mark.write(name)


def contradictions(
    naming: Naming, translation: Document, source: Document, language: Language
) -> Iterator[Finding]:
    """Yield what a translation says of its language that is not the language of its place.

    An error where the program that loads the file goes by it; else the name is only misleading.
    """
    only, own = demanded(naming, language), spelled(naming, language)
    for mark in counting(naming, translation, source, language):
        right = mark.value == only if only else _agree(mark.value, own or _language_of(language.locale))
        if mark.value and not right:
            name = wanted(naming, language, "")
            message = (
                f"{naming.where} says {shown(mark.value)} in a file for {shown(name)}: change it, or pull"
            )
            yield Finding("language-mark", "error" if only else "warning", message, "", mark.line)


def misnamed_locales(locales: Iterable[str], names: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    """Yield which of the LOCALES of a catalog are the service's ids where the repository has other names."""
    by_id = {_plain(locale): own for locale, own in names.items()}
    kept = set(chain.from_iterable(names.values()))
    for locale in locales:
        if locale not in kept and (own := by_id.get(_plain(locale))):
            called = " and ".join(map(shown, own))
            message = (
                f"translations are under {shown(locale)}, which is called {called} here: pull moves them"
            )
            yield Finding("language-mark", "warning", message, locale=locale)


# --- where files name their language ------------------------------------------------------------------

_HTML = re.compile(r"<html\b(?:\"[^\"]*\"|'[^']*'|[^<>\"'])*>", re.IGNORECASE)
_LANG = re.compile(r"""\s(?:xml:)?lang\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')""", re.IGNORECASE)
_FRONT = re.compile(r"---[ \t]*\r?\n.*?^---[ \t]*$", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(
    r"""^(?:lang|language|locale):[ \t]+(["']?)([A-Za-z]{2,3}(?:[-_]\w+)*)\1[ \t]*\r?$""", re.MULTILINE
)
_CUES = re.compile(r"WEBVTT[^\n]*\n(?:(?!\r?\n)[^\n]*\n)*?Language:[ \t]*([^\r\n]+)")


def of_html(text: str) -> tuple[Mark, ...]:
    """Return the `lang` attributes of the `html` element."""
    tag = _HTML.search(text)
    return tuple(_attributes(text, *tag.span())) if tag else ()


def of_root(text: str, start: int, end: int) -> tuple[Mark, ...]:
    """Return the `xml:lang` and `lang` attributes of a tag."""
    return tuple(_attributes(text, start, end))


def _attributes(text: str, start: int, end: int) -> Iterator[Mark]:
    for found in _LANG.finditer(text, start, end):
        group = 1 if found[1] is not None else 2
        yield Mark(*found.span(group), found[group], str, line=_line(text, found.start(group)))


def of_front_matter(text: str) -> tuple[Mark, ...]:
    """Return `lang`, `language` or `locale` of a page's front matter."""
    front = _FRONT.match(text)
    found = _FIELD.search(text, 0, front.end()) if front else None
    return (Mark(*found.span(2), found[2], str, line=_line(text, found.start())),) if found else ()


def of_cues(text: str) -> tuple[Mark, ...]:
    """Return the `Language` of a WebVTT header."""
    found = _CUES.match(text)
    return (Mark(*found.span(1), found[1].strip(), str, line=_line(text, found.start(1))),) if found else ()


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
