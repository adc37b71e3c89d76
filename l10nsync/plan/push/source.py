"""One source beside its file on the TMS: what both hold, and why it is sent or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from l10nsync.model import FileStatus, ListedFile, Sent, Source
from l10nsync.plan.asking import need
from l10nsync.plan.push.facts import PushFacts
from l10nsync.plan.strings import StringId, same_content, string_ids
from l10nsync.plan.values import settings_digest


@dataclass(frozen=True, slots=True)
class Comparison:
    """A source of the commit and its file on the TMS."""

    source: Source
    blob: str
    """Blob id of what would be sent; empty where nothing is committed."""
    listed: ListedFile | None = None
    """The file as the TMS lists it; None for a new one."""
    sent: Sent | None = None
    """What an earlier run remembers of exactly this file; None: nothing."""
    status: FileStatus | None = None
    """What the TMS says of a file that no run remembers."""
    ours: bytes | None = None
    """Our content; None where it need not be known, or the repository lacks it."""
    theirs: bytes | None = None
    """What the TMS holds; None where it need not be known."""
    same: bool = False
    """Whether the TMS holds our content."""

    @property
    def uri(self) -> str:
        """The fileUri, spelled as the TMS does."""
        return self.listed.uri if self.listed else self.source.file_uri

    @property
    def takes_part(self) -> bool:
        """Whether this push is about the source at all."""
        return bool(self.source.push and self.blob)

    @property
    def strings(self) -> Mapping[StringId, int]:
        """Our strings as the service distinguishes them, with their words."""
        return string_ids(self.source, self.ours) if self.ours is not None else {}


def content_to_send(facts: PushFacts, found: Comparison) -> bytes:
    """Return our content, even if none was needed to compare; empty if the repository lacks it."""
    content = found.ours if found.ours is not None else facts.content(found.blob)
    return content or b""


def compare(facts: PushFacts, source: Source) -> Comparison:
    """Compare one source with its file on the TMS."""
    found = Comparison(source, facts.blobs.get(source.path, ""), facts.listed(source.file_uri))
    if not found.takes_part:
        return found
    listed = found.listed
    if listed is None:
        return replace(found, ours=facts.content(found.blob))
    sent = _kept(found, listed) if listed.versions is not None else facts.remembered(listed)
    if sent is None:
        return _compared_by_reading(facts, found, listed)
    if sent.blob == found.blob:
        return replace(found, sent=sent, same=True)
    if listed.versions is not None:
        need(lambda: facts.content(found.blob), lambda: facts.content(sent.blob) if sent.blob else None)
        theirs = facts.content(sent.blob) if sent.blob else None
    else:
        need(lambda: facts.content(found.blob), lambda: facts.stored(listed))
        theirs = facts.stored(listed)
    ours = facts.content(found.blob)
    same = ours is not None and theirs is not None and same_content(source, ours, theirs)
    return replace(found, sent=sent, ours=ours, theirs=theirs, same=same)


def _compared_by_reading(facts: PushFacts, found: Comparison, listed: ListedFile) -> Comparison:
    """Compare with what the TMS hands out: the namespace and the directives are asked for with it."""
    need(
        lambda: facts.content(found.blob),
        lambda: facts.original(listed.uri),
        lambda: facts.status(listed.uri),
    )
    ours, theirs = facts.content(found.blob), facts.original(listed.uri)
    same = ours is not None and same_content(found.source, ours, theirs)
    return replace(found, status=facts.status(listed.uri), ours=ours, theirs=theirs, same=same)


def _kept(found: Comparison, listed: ListedFile) -> Sent:
    """Return what a service that keeps all versions has: our content if it is there, or the newest."""
    versions = listed.versions or {}
    newest = next(iter(list(versions)[-1:]), "")
    blob = found.blob if found.blob in versions else newest
    return Sent(
        uri=listed.uri,
        last_uploaded=listed.last_uploaded,
        blob=blob,
        namespace=found.source.namespace,
        locales=versions.get(blob, ()),
        settings=settings_digest(found.source.directives),
        authorized=True,
    )
