"""Holds translations against a glossary: fixed translations, and terms that stay as they are. Pure.

A term that is not translated is one whose translation is the term itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from l10nsync import formats
from l10nsync.formats import Finding
from l10nsync.formats.tbx import TermEntry

_NO_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
"""Letters of scripts that write no space between words, or attach endings without one: Thai, Lao, Burmese,
Khmer, Kana, Han, Hangul."""


def term_findings(
    entries: Sequence[TermEntry],
    languages: tuple[str, str],
    source: formats.Document,
    translation: formats.Document,
) -> Iterator[Finding]:
    """Yield a warning for each term of a source string whose translation lacks what the glossary says.

    LANGUAGES are those of source and translation. Strings that are not translated are not judged.
    """
    pairs = _pairs(entries, languages)
    if not pairs:
        return
    originals = {(unit.key, unit.plural): unit.text for unit in source.units}
    for unit in translation.units:
        original = originals.get((unit.key, unit.plural)) or originals.get((unit.key, "other"), "")
        if not unit.value.strip() or unit.value == original:
            continue
        for term in _used(original, pairs):
            wanted = pairs[term]
            if not any(_pattern(word).search(unit.value) for word in wanted):
                yield _finding(term, wanted, unit)


def _finding(term: str, wanted: Sequence[str], unit: formats.Unit) -> Finding:
    named = " or ".join(f"`{word}`" for word in wanted)
    kept = term in wanted
    message = (
        f"the glossary does not translate `{term}`"
        if kept
        else f"the glossary translates `{term}` as {named}"
    )
    hint = f"Leave `{term}` as it is." if kept else f"Write {named}, or correct the glossary."
    return Finding("term", "warning", message, unit.key, unit.line, hint=hint)


def _pairs(entries: Iterable[TermEntry], languages: tuple[str, str]) -> dict[str, tuple[str, ...]]:
    """Return each source term with its translations: of several entries, any of them is right."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        terms, wanted = entry.of(languages[0]), entry.of(languages[1])
        for term in terms if wanted else ():
            found[term] = tuple(dict.fromkeys((*found.get(term, ()), *wanted)))
    return found


def _used(text: str, pairs: Iterable[str]) -> Iterator[str]:
    """Yield the terms in a text; one inside a longer one (`cart` in `shopping cart`) is not meant."""
    left = text
    for term in sorted(pairs, key=len, reverse=True):
        without, number = _pattern(term).subn("\0", left)
        if number:
            left = without
            yield term


@lru_cache(maxsize=4096)
def _pattern(term: str) -> re.Pattern[str]:
    """Return what finds a term: as a whole word, on the sides where its script has words."""
    before = "" if _NO_SPACES.match(term[:1]) else r"(?<!\w)"
    after = "" if _NO_SPACES.match(term[-1:]) else r"(?!\w)"
    words = r"\s+".join(map(re.escape, term.split()))
    # Beside a letter of such a script (`Acmeを開く`) a word of another script ends as well.
    if before:
        before = rf"(?:{before}|(?<={_NO_SPACES.pattern}))"
    if after:
        after = rf"(?:{after}|(?={_NO_SPACES.pattern}))"
    return re.compile(before + words + after, re.IGNORECASE)
