"""The language that a file says it is in: what its place asks for, or what was delivered."""

from __future__ import annotations

from collections.abc import Iterable

from l10nsync.errors import ContentError
from l10nsync.formats import marks as _marks
from l10nsync.formats.documents import NOTHING, Directives, Format, Language, Naming
from l10nsync.formats.judge import Finding
from l10nsync.formats.resource_files import read_or_none, reader_of, row_of


def named(
    file_type: str,
    data: bytes,
    language: Language,
    directives: Directives = NOTHING,
    charset: str | None = None,
    *,
    present: bytes | None = None,
    source: bytes | None = None,
) -> bytes:
    """Return a file with the language of a target wherever it names its own, as its type does that.

    PRESENT is the file that is there now: a name that its program accepts stays. SOURCE distinguishes a name
    from another word if its type needs that. Raises `ContentError` if DATA cannot be read.
    """
    row = row_of(file_type)
    read = reader_of(row, directives, charset)
    if read is None or row.naming is None:
        return data
    document = read(data)
    if _kept_off(row.naming, {**directives, **document.directives}):
        return data
    there, original = (read_or_none(version, read) if version else None for version in (present, source))
    return document.splice(list(_marks.edits(row.naming, document, there, original, language)))


def named_safely(
    file_type: str,
    data: bytes,
    language: Language,
    directives: Directives,
    charset: str | None,
    present: bytes | None,
    source: bytes | None,
) -> bytes:
    """Return DATA named, or DATA itself where it cannot be read or its encoding cannot hold the name."""
    try:
        return named(file_type, data, language, directives, charset, present=present, source=source)
    except ContentError:
        return data


def named_like(
    file_type: str, data: bytes, model: bytes, directives: Directives, charset: str | None
) -> bytes:
    """Return DATA with the names of languages that MODEL has."""
    row = row_of(file_type)
    read = reader_of(row, directives, charset)
    ours, theirs = (read_or_none(version, read) if read and row.naming else None for version in (data, model))
    if data == model or ours is None or theirs is None or len(ours.marks) != len(theirs.marks):
        return data
    pairs = zip(ours.marks, theirs.marks, strict=True)
    return ours.splice(
        [(old.start, old.end, old.write(new.value)) for old, new in pairs if old.value != new.value]
    )


def misnamed(
    file_type: str,
    source: bytes,
    translation: bytes,
    language: Language,
    directives: Directives = NOTHING,
    charset: str | None = None,
) -> tuple[Finding, ...]:
    """Return where a translation names another language than that of its place."""
    row = row_of(file_type)
    read = reader_of(row, directives, charset)
    if read is None or row.naming is None:
        return ()
    after, before = read_or_none(translation, read), read_or_none(source, read)
    if after is None or before is None or _kept_off(row.naming, {**directives, **after.directives}):
        return ()
    return tuple(_marks.contradictions(row.naming, after, before, language))


def renamed(
    file_type: str,
    data: bytes,
    languages: Iterable[Language],
    charset: str | None = None,
    *,
    delivered: bool = False,
) -> bytes:
    """Return a file for all locales with the repository's names in place of the service's ids.

    Where it has both, the repository's name counts; in a file that the service DELIVERED the id does.
    DATA itself if its type is not one of these, or if it cannot be read.
    """
    row = row_of(file_type)
    if row.rename is None:
        return data
    try:
        return row.rename(data, _names(row, languages), charset, delivered)
    except ContentError:
        return data


def misnamed_locales(
    file_type: str, data: bytes, languages: Iterable[Language], charset: str | None = None
) -> tuple[Finding, ...]:
    """Return which translations of a file for all locales have an id that the repository does not use."""
    row = row_of(file_type)
    if row.localize is None or row.rename is None:
        return ()
    try:
        locales = row.localize(data, charset)
    except ContentError:
        return ()
    return tuple(_marks.misnamed_locales(sorted(locales), _names(row, languages)))


def _names(row: Format, languages: Iterable[Language]) -> dict[str, tuple[str, ...]]:
    """Return by the service's id what a locale is called in the repository, as its type spells that."""
    names: dict[str, tuple[str, ...]] = {}
    for language in languages:
        own = (row.naming and _marks.spelled(row.naming, language)) or language.locale
        names[language.locale] = (*names.get(language.locale, ()), own)
    return names


def _kept_off(naming: Naming, directives: Directives) -> bool:
    """Whether a directive leaves the name as the service delivers it."""
    return bool(naming.directive) and directives.get(naming.directive, "true").lower() == "false"
