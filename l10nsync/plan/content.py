"""What the formats say of a source's files, with everything that its manifest says about them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from l10nsync import formats, locales
from l10nsync.formats import Finding
from l10nsync.model import Source, Target


def language(source: Source, target: Target) -> formats.Language:
    """Return what a target's file says of its language."""
    tag = locales.tag(target.local_name, target.locale)
    return formats.Language(target.locale, target.local_name, source.source_locale, tag, target.path)


def service_language(source: Source, target: Target) -> formats.Language:
    """Return what a file says of its language where it goes to the service."""
    return formats.Language(target.locale, target.locale, source.source_locale, target.locale)


def languages(source: Source, target: Target) -> list[formats.Language]:
    """Return the languages of a target: of a file for all locales those of all that share its path."""
    return [language(source, twin) for twin in source.targets if twin.path == target.path and twin.locale]


def arrived(source: Source, target: Target, data: bytes, *, delivered: bool = False) -> bytes:
    """Return a file for all locales with the repository's names of these; any other file as it is."""
    return formats.renamed(
        source.file_type, data, languages(source, target), source.charset, delivered=delivered
    )


def reading(source: Source) -> Mapping[str, str]:
    """Return the directives of a source, and what its reader has to know of the names of languages."""
    kind = formats.get(source.file_type)
    if kind is None or kind.naming is None or not kind.naming.hint:
        return source.directives
    names = set(
        filter(None, chain.from_iterable((target.locale, target.local_name) for target in source.targets))
    )
    return {**source.directives, kind.naming.hint: "\n".join(sorted(names))}


def findings(
    source: Source, target: Target, original: bytes, translation: bytes, *, marks: bool = False
) -> tuple[Finding, ...]:
    """Return what is wrong with a translation by the rules of its resource, errors first.

    With MARKS, also if it names another language than its place does.
    """
    found = formats.check(
        source.file_type,
        original,
        translation,
        locale=target.locale,
        directives=reading(source),
        charset=source.charset,
        incomplete=source.pull.incomplete,
        language=source.source_locale if source.pull.retrieval_type == "published" else "",
    )
    if marks:
        found += _misnamed(source, target, original, translation)
    return formats.tuned(found, source.rules)


def _misnamed(source: Source, target: Target, original: bytes, translation: bytes) -> tuple[Finding, ...]:
    kind, charset = formats.get(source.file_type), source.charset
    if kind and kind.multilingual:
        return formats.misnamed_locales(source.file_type, translation, languages(source, target), charset)
    if not target.locale:  # a copy of the source
        return ()
    named = language(source, target)
    return formats.misnamed(source.file_type, original, translation, named, reading(source), charset)


def published(source: Source, delivered: bytes) -> bytes:
    """Return what the service delivered as it is judged: a published translation is not marked as none."""
    if source.pull.retrieval_type != "published":
        return delivered
    return formats.finished(source.file_type, delivered, delivered, reading(source), source.charset)


def styled(
    source: Source, target: Target, delivered: bytes, original: bytes, present: bytes | None, arrived: bytes
) -> bytes:
    """Return the bytes to write for a translation; PRESENT is what the work tree holds at its place.

    ARRIVED is what the service delivered; some strings of DELIVERED may be others. Equal to PRESENT where
    both say the same, and PRESENT says it of the right language.
    """
    published = source.pull.retrieval_type == "published"
    made = formats.restyle(
        source.file_type,
        delivered,
        source=original,
        target=present,
        style=source.pull.style,
        directives=reading(source),
        charset=source.charset,
        language=language(source, target),
        published=published,
    )
    if not published:
        return made
    return formats.finished(source.file_type, made, arrived, reading(source), source.charset)
