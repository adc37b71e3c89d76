"""The strings of a source, and whether two versions of it are one."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from l10nsync import formats
from l10nsync.errors import ContentError
from l10nsync.model import Source

Strings = Counter[tuple[str, str, str]]
"""The multiset of (key, plural category, text) of a source."""
StringId = tuple[str, str, str]
"""What identifies a string in a namespace: variant (empty if keys are none), plural category, text."""


WHOLE_FILE = ("", "", "")
"""The only string of a file whose type nobody here can read."""


def same_content(source: Source, ours: bytes, theirs: bytes) -> bool:
    """Return whether two versions of a source are one, as its type compares.

    Bytes; else the decoded text, since the service hands some encodings back as UTF-8; else, for a
    type that holds all locales, its source part alone.
    """
    if ours == theirs:
        return True
    kind = formats.get(source.file_type)
    if kind and kind.multilingual:
        return formats.same(source.file_type, ours, theirs, source.directives, source.charset)
    left, right = (
        formats.decode(content, source.file_type, charset)
        for content, charset in ((ours, source.charset), (theirs, None))
    )
    return left is not None and left == right


def strings_of(source: Source, content: bytes) -> Strings:
    """Return the multiset of (key, plural category, text) of a source; raise `ContentError`."""
    document = formats.parse(source.file_type, content, source.directives, source.charset)
    return _counted(document, source.directives)


def _counted(document: formats.Document | None, directives: Mapping[str, str]) -> Strings:
    if document is None:
        return Counter({WHOLE_FILE: 1})
    units = formats.strings(document, directives)
    return Counter((unit.key, unit.plural, unit.text) for unit in units if unit.text.strip())


def has_strings(source: Source, content: bytes) -> bool:
    """Return whether a source has anything to translate; one that is broken may, and one of an opaque type.

    Asked for each of its targets, and read once.
    """
    directives = tuple(sorted(source.directives.items()))
    return bool(content.strip()) and _has_strings(source.file_type, directives, source.charset, content)


@lru_cache(maxsize=64)  # those of a file's targets come together; each entry keeps its content in memory
def _has_strings(
    file_type: str, directives: tuple[tuple[str, str], ...], charset: str | None, content: bytes
) -> bool:
    try:
        document = formats.parse(file_type, content, dict(directives), charset)
    except ContentError:
        return True
    return document is None or any(unit.text.strip() for unit in document.units)


def known_strings(source: Source, content: bytes) -> Strings:
    """Return the same of a file that is compared with many: it is remembered, and not to be changed."""
    directives = tuple(sorted(source.directives.items()))
    return _remembered(source.file_type, directives, source.charset, content)


@lru_cache(maxsize=128)
def _remembered(
    file_type: str, directives: tuple[tuple[str, str], ...], charset: str | None, content: bytes
) -> Strings:
    try:
        document = formats.parse(file_type, content, dict(directives), charset)
    except ContentError:
        return Counter()
    return _counted(document, dict(directives))


def strings_or_none(source: Source, content: bytes) -> Strings:
    """Return the same of a source that may be broken: then it has none."""
    try:
        return strings_of(source, content)
    except ContentError:
        return Counter()


def lost_keys(before: Strings, now: Strings) -> int:
    """Return how many keys are gone; texts may have changed."""
    return (_keys(before) - _keys(now)).total()


def _keys(strings: Strings) -> Counter[tuple[str, str]]:
    keys: Counter[tuple[str, str]] = Counter()
    for (key, plural, _text), count in strings.items():
        keys[key, plural] += count
    return keys


def words_of(strings: Strings) -> int:
    """Return how many words they have."""
    return sum(formats.words(text) * count for (_key, _plural, text), count in strings.items())


def string_ids(source: Source, content: bytes) -> Mapping[StringId, int]:
    """Return the strings of a source as the service distinguishes them, with words; none for a broken one."""
    directives = tuple(sorted(source.directives.items()))
    return _identified(source.file_type, directives, source.charset, content)


@lru_cache(maxsize=20_000)  # a plan asks for each content several times, in each of its rounds
def _identified(
    file_type: str, directives: tuple[tuple[str, str], ...], charset: str | None, content: bytes
) -> Mapping[StringId, int]:
    try:
        document = formats.parse(file_type, content, dict(directives), charset)
    except ContentError:
        return {}
    if document is None:  # a type that is not read here is one string: all of it
        return {("", "", hashlib.sha256(content).hexdigest()): 0}
    return {
        (unit.variant, unit.plural, unit.text): formats.words(unit.text)
        for unit in formats.strings(document, dict(directives))
        if unit.text.strip()
    }
