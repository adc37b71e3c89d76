"""What is in an open job, held against what the sources of this commit ask for. Pure.

A string is one over all files that hold it, so content leaves a job by string and locale, never by file: a
file that was renamed or copied shares its strings with the old one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

from l10nsync import formats
from l10nsync.model import Consent, HeldString, JobContent, StringLocale, fold


@dataclass(frozen=True, slots=True)
class Stakes:
    """Who asks for what, and whose files there are."""

    asks: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """fileUri, folded, to the locales that a source of this commit asks for."""
    ours: frozenset[str] = frozenset()
    """fileUris, folded, of this repository; where branches have files of their own, of this branch."""
    whole: bool = True
    """False where only some of the sources are pushed: then nothing is taken out."""
    yes: bool = False
    """A person lets through what is in translation, and what is not ours."""


@dataclass(frozen=True, slots=True)
class SortedContent:
    """The content of a job, by what becomes of it."""

    wanted: frozenset[StringLocale] = frozenset()
    """Waits to be authorized, and a source of this commit asks for it."""
    leaving: frozenset[StringLocale] = frozenset()
    """Nobody asks for it, and it is taken out."""
    under_way: frozenset[StringLocale] = frozenset()
    """Nobody asks for it, and it is in translation: it stays."""
    unasked: frozenset[StringLocale] = frozenset()
    """Ours, waits, nobody asks for it, and this run takes nothing out."""
    foreign: frozenset[StringLocale] = frozenset()
    """Waits, and somebody else's files hold it."""

    @property
    def strangers(self) -> frozenset[StringLocale]:
        """What an authorization would start although no source of this commit asks for it."""
        return self.unasked | self.foreign


def sort_content(content: JobContent, stakes: Stakes) -> SortedContent:
    """Return what becomes of the strings of a job of ours, each in each locale."""
    found: dict[str, set[StringLocale]] = {name: set() for name in SortedContent.__slots__}
    for pair in content.waiting | content.under_way:
        hashcode, locale = pair
        held = content.strings.get(hashcode, HeldString())
        waits = pair in content.waiting
        if is_asked_for(held, locale, stakes):
            name = "wanted" if waits else ""
        # A string that no file holds any more is ours: the job has our name.
        elif not all(fold(uri) in stakes.ours for uri, _key in held.holders):
            name = "foreign" if waits else ""
        elif not stakes.whole:
            name = "unasked" if waits else ""
        else:
            name = "leaving" if waits or stakes.yes else "under_way"
        if name:
            found[name].add(pair)
    return SortedContent(**{name: frozenset(pairs) for name, pairs in found.items()})


def is_asked_for(held: HeldString, locale: str, stakes: Stakes) -> bool:
    """Whether a source of this commit asks for a string in LOCALE."""
    return any(locale in stakes.asks.get(fold(uri), ()) for uri, _key in held.holders)


def consent(stakes: Stakes, content: JobContent) -> Consent:
    """Return what may leave a job by what it holds now, and why the rest may not be authorized."""
    found = sort_content(content, stakes)
    if stakes.yes or not found.strangers:
        return Consent(found.leaving)
    strangers = described(content, found.strangers)
    return Consent(found.leaving, f"it holds {strangers} that no source of this commit needs")


@dataclass(frozen=True, slots=True)
class Turnover:
    """What the uploads of a plan change about who holds what."""

    gone: frozenset[tuple[str, str]] = frozenset()
    """fileUri, folded, and hashcode of strings that a file is about to lose."""
    come: frozenset[tuple[str, str]] = frozenset()
    """The same of strings that a file is about to get."""

    def applied(self, content: JobContent) -> JobContent:
        """Return CONTENT as it will be after the uploads."""
        if not (self.gone or self.come):
            return content
        return replace(
            content, strings={code: self._held(code, held) for code, held in content.strings.items()}
        )

    def _held(self, code: str, held: HeldString) -> HeldString:
        left = tuple(holder for holder in held.holders if (fold(holder[0]), code) not in self.gone)
        new = tuple((uri, "") for uri, other in sorted(self.come) if other == code)
        return replace(held, holders=left + new)


def words_in(content: JobContent, pairs: Iterable[StringLocale]) -> int:
    """Return the words of some strings, each counted once for each locale."""
    return sum(
        formats.words(content.strings[code].text) for code, _locale in pairs if code in content.strings
    )


def described(content: JobContent, pairs: frozenset[StringLocale]) -> str:
    """Return how many strings that are, in which locales, with their words."""
    number, words = len({code for code, _locale in pairs}), words_in(content, pairs)
    locales = ", ".join(sorted({locale for _code, locale in pairs}))
    about = f", {words} word{'' if words == 1 else 's'}" if words else ""
    return f"{number} string{'' if number == 1 else 's'} ({locales}{about})"


def holders_of(content: JobContent, pairs: Iterable[StringLocale]) -> tuple[str, ...]:
    """Return the fileUris that hold some strings, sorted."""
    codes = {code for code, _locale in pairs}
    return tuple(
        sorted({uri for uri, _key in chain.from_iterable(content.strings[code].holders for code in codes)})
    )
