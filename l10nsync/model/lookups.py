"""Strings that are looked up on the service, and how far each is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class StringStage(StrEnum):
    """The progress of one string in one locale, as the service reports it; a closed set."""

    NOT_ASKED_FOR = "not asked for"
    """Nobody has authorized it; it may be in a job that waits."""
    IN_TRANSLATION = "in translation"
    TRANSLATED = "translated"
    """Saved by a translator, and not published."""
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class StoredString:
    """One string of a file, as the service keeps it."""

    hashcode: str
    text: str
    variant: str = ""
    key: str = ""
    """Empty where the service knows none."""
