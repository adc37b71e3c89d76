"""What the formats say of a source's files, with everything that its manifest says about them. Pure."""

from __future__ import annotations

from l10nsync import formats
from l10nsync.formats import Finding
from l10nsync.model import Source


def findings(source: Source, locale: str, original: bytes, translation: bytes) -> tuple[Finding, ...]:
    """Return what is wrong with a translation by the rules of its resource, errors first."""
    found = formats.check(
        source.file_type,
        original,
        translation,
        locale=locale,
        directives=source.directives,
        charset=source.charset,
        incomplete=source.pull.incomplete,
        language=source.source_locale if source.pull.retrieval_type == "published" else "",
    )
    return formats.tuned(found, source.rules)


def styled(source: Source, delivered: bytes, original: bytes, present: bytes | None) -> bytes:
    """Return the bytes to write for a translation; PRESENT is what the work tree holds at its place.

    Equal to PRESENT where both say the same.
    """
    return formats.restyle(
        source.file_type,
        delivered,
        source=original,
        target=present,
        style=source.pull.style,
        directives=source.directives,
        charset=source.charset,
    )
