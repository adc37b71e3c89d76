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


class Awaits(StrEnum):
    """What has to happen first, where an item is left as it is and nothing is wrong with it."""

    NOTHING = ""
    COMMIT = "commit"
    """The source is not committed."""
    BRANCH = "branch"
    """The source is sent from another branch."""
    UPLOAD = "upload"
    """The source is not on the TMS."""
    PUBLICATION = "publication"
    """The translation is not there, or not enough of it."""
    AUTHORIZATION = "authorization"
    """Nobody has said that it may be ordered."""
    PUSH = "push"
    """The default branch has not been pushed since the merge."""
    VERSION = "version"
    """The TMS has another version of the source, and a translation of that one."""


class Brings(StrEnum):
    """What an upload brings that the TMS does not have."""

    NOTHING = ""
    FILE = "file"
    MOVED_FILE = "moved file"
    """A file whose strings the TMS has under another fileUri."""
    CONTENT = "content"
    DIRECTIVES = "directives"
    LOCALES = "locales"
    """The content is there, and is asked for in more locales."""
    NAMESPACE = "namespace"
    JOB = "job"
    """The content is there, and is in no job."""
    AGAIN = "again"
    """Nothing: the user wants it sent again."""


class Rival(StrEnum):
    """Whose content the TMS has, where it is not replaced."""

    NOBODY = ""
    NEWER = "newer"
    """That of a newer commit, or of another branch of this repository."""
    STRANGER = "stranger"
    """Content that this repository does not know."""


class Reason(StrEnum):
    """Why, in words; it explains and never drives: decisions use fields of their own."""

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
    NEWER = "updated"
    NOT_UPLOADED = "not uploaded yet"
    OTHER_VERSION = "of another version of the source"
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

    @property
    def code(self) -> str:
        """The code for programs: it stays when the words change."""
        return self.name.lower().replace("_", "-")

    @property
    def counted(self) -> str:
        """The words as they follow a number of files: `1 source without strings`."""
        return _COUNTED.get(self.name, self.value)


_COUNTED = {"NO_STRINGS": "without strings"}
