"""Strings and words of a file in a locale, and how much of them is published. Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields

from l10nsync.model import Counted, FileStatus, LocaleCounts


@dataclass(frozen=True, slots=True)
class Counts:
    """Strings and words, and how far they are; `+` adds up files and locales."""

    strings: int = 0
    """To be published: content that is excluded is not among them."""
    words: int = 0
    published_strings: int = 0
    published_words: int = 0
    in_translation_strings: int = 0
    """Authorized, and not published yet."""
    in_translation_words: int = 0
    unauthorized_strings: int = 0
    """Waiting for somebody to authorize them."""
    unauthorized_words: int = 0
    excluded_strings: int = 0
    excluded_words: int = 0
    uncounted: int = 0
    """How many parts could not be counted (a source that does not parse, say): the whole is not complete."""

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            **{field.name: getattr(self, field.name) + getattr(other, field.name) for field in _FIELDS}
        )

    @property
    def left_strings(self) -> int:
        """Strings that are not published."""
        return self.strings - self.published_strings

    @property
    def left_words(self) -> int:
        """Words that are not published."""
        return self.words - self.published_words

    @property
    def complete(self) -> bool:
        """Whether every string is published; nothing to publish counts as complete."""
        return not (self.left_strings or self.left_words or self.uncounted)

    @property
    def completion(self) -> int:
        """The published share of the words in percent, rounded down: 100 only if nothing at all is left.

        Strings stand in for words where there are none (a file of placeholders and numbers).
        """
        if self.complete:
            return 100
        done, total = (
            (self.published_words, self.words) if self.words else (self.published_strings, self.strings)
        )
        return min(done * 100 // total, 99) if total else 0


_FIELDS = fields(Counts)


def counts_of(status: FileStatus | Counted, locale: str) -> Counts:
    """Return the counts of a file in LOCALE.

    The service's own texts disagree on whether its totals hold excluded content. Excluded content is out
    of what has to be published only where that completes the file: the reading that never says too much.
    """
    given = status.locales.get(locale, LocaleCounts())
    strings, published_strings, waiting_strings = _divided(
        status.total_strings, given.completed_strings, given.authorized_strings, given.excluded_strings
    )
    words, published_words, waiting_words = _divided(
        status.total_words, given.completed_words, given.authorized_words, given.excluded_words
    )
    return Counts(
        strings=strings,
        words=words,
        published_strings=published_strings,
        published_words=published_words,
        in_translation_strings=given.authorized_strings,
        in_translation_words=given.authorized_words,
        unauthorized_strings=waiting_strings,
        unauthorized_words=waiting_words,
        excluded_strings=given.excluded_strings,
        excluded_words=given.excluded_words,
    )


def _divided(total: int, done: int, authorized: int, excluded: int) -> tuple[int, int, int]:
    """Return what has to be published, what is, and what nobody has authorized."""
    whole = done if done and done + excluded >= total else total
    waiting = total - done - authorized - excluded
    if waiting < 0:  # then the total cannot hold what is excluded
        waiting = total - done - authorized
    return whole, min(done, whole), max(waiting, 0)


def scaled(own: Counts, given: LocaleCounts) -> Counts:
    """Return the counts of a file for which the service reports only a percentage: that share of OWN."""
    if given.percent >= 100:
        return Counts(own.strings, own.words, own.strings, own.words)
    strings, words = own.strings * given.percent // 100, own.words * given.percent // 100
    left = (own.strings - strings, own.words - words)
    asked, open_ = (left, (0, 0)) if given.asked_for else ((0, 0), left)
    return Counts(own.strings, own.words, strings, words, *asked, *open_, uncounted=own.uncounted)


def completion(status: FileStatus, locale: str) -> int:
    """Return the published share of a file in LOCALE, in percent, rounded down."""
    if not status.counted:
        return status.locales.get(locale, LocaleCounts()).percent
    return counts_of(status, locale).completion
