"""What earlier runs learned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from l10nsync.model.remote import LocaleCounts


@dataclass(frozen=True, slots=True)
class Sent:
    """An upload that was confirmed; good for as long as the server still shows `last_uploaded`.

    An empty `last_uploaded` is a promise: a rename was begun, and the file is to keep this namespace.
    """

    uri: str
    last_uploaded: str
    blob: str
    """Blob id of the content in git."""
    namespace: str
    locales: tuple[str, ...]
    settings: str
    """Digest of the directives that were sent."""
    authorized: bool = False
    path: str = ""
    """The source's path."""
    jobs: tuple[str, ...] = ()
    """Uids of the jobs that took it, until they are finished; empty where that is not known."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the last pull found for one target."""

    uri: str
    locale: str
    options: str
    """The download options, as one text."""
    source_blob: str
    """Blob id of the source that the translation was judged against; empty where nothing was judged since."""
    date: str
    """When the pair was published, in the server's words; empty if that is not known."""
    digest: str
    """SHA-256 of the bytes in the work tree after the pull; empty where no file was written."""
    texts: str = ""
    """What the service delivered, string by string, as `plan.corrections` packs it; empty if not known."""
    again: bool = False
    """Whether the next pull has to ask again, although nothing changed: it has something to say."""

    def outlived(self) -> Written:
        """Return what stays known where a pull decides nothing: the service's texts and the file's digest."""
        return replace(self, source_blob="", date="", again=True)


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts of a file as they were read last; `plan.status` decides how long they are valid."""

    uri: str
    last_uploaded: str
    until: str
    """Publications up to this moment are in the counts: ISO time in UTC, by the server's clock."""
    total_strings: int
    total_words: int
    locales: Mapping[str, LocaleCounts]
