"""What is done with one item of a plan, and why: two closed sets of words. Pure."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """What the executor does with one item; a closed set."""

    UPLOAD = "upload"
    DELETE = "delete"
    WRITE = "write"
    IMPORT = "import"
    KEEP = "keep"
    BLOCK = "block"
    HOLD = "hold"


WORK = frozenset({Action.UPLOAD, Action.WRITE, Action.DELETE, Action.IMPORT})
"""What carries something out."""


class Reason(StrEnum):
    """Why; explains, never drives."""

    NEW = "new"
    CONTENT_CHANGED = "content changed"
    DIRECTIVES_CHANGED = "directives changed"
    LOCALE_ADDED = "locale added"
    IN_NO_JOB = "in no job"
    NAMESPACE_CHANGED = "namespace changed"
    RENAMED = "renamed"
    FORCED = "forced"
    UNCHANGED = "unchanged"
    NO_STRINGS = "no strings"
    NOT_COMMITTED = "not committed"
    NOT_PUSHED_HERE = "not pushed from this branch"
    NOT_AUTHORIZED = "not authorized"
    PARKED = "parked"
    SUPERSEDED = "superseded"
    COLLISION = "collision"
    SHRUNK = "shrunk"
    UNREADABLE = "does not parse"
    NEWER = "newer on the TMS"
    NOT_UPLOADED = "not uploaded yet"
    NOT_PUBLISHED = "not published yet"
    BELOW_COMPLETION = "below minCompletion"
    EDITED = "edited here"
    CORRECTED = "corrected here"
    CONFLICT = "corrected here, changed on the TMS"
    KEPT = "translations kept"
    HELD = "strings held back"
    BACKWARDS = "would become source text"
    INVALID = "failed verification"
    UNAVAILABLE = "not delivered"
    PSEUDO = "pseudo-localized"
    REPLACED = "replaced"
    TOO_LARGE = "too large"
    NO_IMPORT = "left out: its type cannot be imported"
    TWIN = "left out: another file of this locale"
    MULTILINGUAL = "left out: one file for all locales"
    COPY = "left out: a copy of the source"
    ORPHAN = "orphan"
    MERGED = "branch merged"
    GONE = "branch gone"
    FOREIGN = "not known to be ours"
    NOT_PUSHED_SINCE = "not pushed since the merge"
    NEEDED = "a source still needs it"
    IN_JOB = "in a job, and in no other file"
    NOT_SUPPORTED = "not possible with this service"
    NO_TEXT = "left out: no text that can be changed"


WAITING = frozenset(
    {
        Reason.NOT_UPLOADED,
        Reason.NOT_COMMITTED,
        Reason.NOT_PUSHED_HERE,
        Reason.NOT_PUBLISHED,
        Reason.BELOW_COMPLETION,
    }
)
"""Why there is no translation yet, without anything being wrong."""
