"""Which files on the TMS a push renames: those whose source got another path. Pure.

A rename keeps strings and translations; an upload under a new fileUri begins anew. So a file is renamed if
git's history says that its source was, or if its content says so; and only on the default branch, or among
the fileUris of the branch itself: elsewhere the old path may still be somebody's.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from l10nsync.model import FILE_URI_LIMIT, ListedFile, Sent, Source, fold
from l10nsync.plan.lineage import Lineages
from l10nsync.plan.values import digest_of

ASIDE = ".l10nsync-"
"""Stands between the fileUri of a file that was put aside and a digest."""
READ_AT_MOST = 100
"""Files without a source that are read to compare their content with that of new sources."""


Heirs = Mapping[str, Mapping[str, frozenset[str]]]
"""Earlier path to the sources that had it, each with the blob ids of what it held then."""


@dataclass(frozen=True, slots=True)
class Move:
    """A file on the TMS gets another fileUri."""

    old: str
    new: str
    path: str = ""
    """The source that it belongs to; empty for one that has none and is put aside for good."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A file on the TMS that this repository has or had."""

    listed: ListedFile
    path: str
    """The path of the source that the fileUri stands for."""
    blob: str
    """Git's id of its content; empty if that is not known."""
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """What renames are decided from; everything is within the fileUris that may be renamed."""

    sources: Mapping[str, Source]
    """Present sources by path."""
    blobs: Mapping[str, str]
    """Path of a present source to the blob id of what would be sent."""
    remotes: tuple[Remote, ...]
    lineages: Lineages = field(default_factory=Lineages)
    forced: Mapping[str, str] = field(default_factory=dict)
    """New path to the fileUri that becomes it, as the user said."""


def remotes(
    files: Mapping[str, ListedFile],
    known: Mapping[str, str],
    memory: Mapping[str, Sent],
    blobs: Mapping[str, str],
) -> tuple[Remote, ...]:
    """Return the listed files among KNOWN (`fold(fileUri)` to path), and those that were put aside.

    BLOBS are the blob ids of those that were read.
    """
    found: list[Remote] = []
    for key, listed in sorted(files.items()):
        base = base_of(key)
        if base in known:
            sent = memory.get(key)
            current = sent and sent.last_uploaded == listed.last_uploaded
            blob = sent.blob if sent and current else blobs.get(key, "")
            found.append(Remote(listed, known[base], blob, aside=base != key))
    return tuple(found)


def base_of(key: str) -> str:
    """Return the folded fileUri that a file had before it was put aside; KEY itself if it was not."""
    base, mark, digest = key.rpartition(fold(ASIDE))
    return base if mark and len(digest) == 8 else key


def blob_id(content: bytes, example: str) -> str:
    """Return git's id of CONTENT; EXAMPLE is any id of the repository, which has SHA-1 or SHA-256."""
    make = hashlib.sha256 if len(example) == 64 else hashlib.sha1
    return make(b"blob %d\0" % len(content) + content).hexdigest()


def owners(scene: Scene) -> dict[str, str]:
    """Return whom each file on the TMS belongs to: its present fileUri to the path of a present source.

    A file that belongs to no present source is left out.
    """
    found: dict[str, str] = {uri: path for path, uri in scene.forced.items() if path in scene.sources}
    free = set(scene.sources.keys() - found.values())
    for remote, path in _claims(scene):
        if path in free and remote.listed.uri not in found:
            found[remote.listed.uri] = path
            free.discard(path)
    return found


def _claims(scene: Scene) -> Iterator[tuple[Remote, str | None]]:
    """Yield files with the source that they may belong to, None for none; the surest first.

    Content and path together; content that one source alone ever had (an interrupted push has renamed the
    file, and sent nothing since); the path, where nothing speaks against it; content without any history.
    """
    here = [each for each in scene.remotes if each.path in scene.sources and not each.aside]
    gone = [each for each in scene.remotes if each.path not in scene.sources and not each.aside]
    heirs, holders = _heirs(scene), _holders(scene)
    there = Counter(each.blob for each in scene.remotes)
    yield from ((each, each.path) for each in here if scene.lineages.held(each.path, each.blob))
    for remote in scene.remotes:
        had = heirs.get(remote.path, {}).items()
        yield remote, _only(heir for heir, blobs in had if remote.blob in blobs)
    alone = [each for each in scene.remotes if there[each.blob] == 1]
    yield from ((each, _only(holders.get(each.blob, ()))) for each in alone)
    yield from ((each, each.path) for each in here if not _is_former(scene, each))
    left = {
        each.path: each
        for each in gone
        if _only(heirs.get(each.path, ())) and each.blob not in _others(scene, each.path, heirs)
    }
    for path in sorted(scene.sources) if left else ():
        yield from ((left[each.path], path) for each in scene.lineages.earlier(path) if each.path in left)
    now = Counter(scene.blobs.values())
    new = {scene.blobs[path]: path for path in scene.sources}
    for remote in gone:
        if remote.blob and now[remote.blob] == 1 == there[remote.blob]:
            yield remote, new.get(remote.blob)


def _only(paths: Iterable[str]) -> str | None:
    """Return the one of PATHS; None for none, and for several."""
    found = [*paths]
    return found[0] if len(found) == 1 else None


def _heirs(scene: Scene) -> Heirs:
    """Return, by earlier path, the sources that had it and what they held then."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for heir in scene.sources:
        for stage in scene.lineages.earlier(heir):
            there = found.setdefault(stage.path, {})
            there[heir] = there.get(heir, frozenset()) | stage.blobs
    return found


def _holders(scene: Scene) -> Mapping[str, set[str]]:
    """Return, by blob id, the sources that ever held it, under whatever path."""
    found: dict[str, set[str]] = {}
    for path in scene.sources:
        for stage in scene.lineages.stages.get(path, ()):
            for blob in stage.blobs:
                found.setdefault(blob, set()).add(path)
    return found


def _others(scene: Scene, path: str, heirs: Heirs) -> frozenset[str]:
    """Return the blob ids of what PATH held while none of its heirs had it."""
    return scene.lineages.contents(path).difference(*heirs.get(path, {}).values())


def _is_former(scene: Scene, remote: Remote) -> bool:
    """Whether this is another file, which had the path before the source that has it now."""
    return remote.blob in scene.lineages.former.get(remote.path, ()) and bool(
        scene.lineages.earlier(remote.path)
    )


def moves(scene: Scene) -> tuple[Move, ...]:
    """Return the renames in the order in which they can be carried out.

    A fileUri must be free before another file gets it: a file without a source that stands in the way, and
    one of a circle, are put aside first.
    """
    belongs = owners(scene)
    pending = {
        uri: scene.sources[path].file_uri
        for uri, path in belongs.items()
        if fold(uri) != fold(scene.sources[path].file_uri)
    }
    stamps = {each.listed.uri: each.listed.last_uploaded for each in scene.remotes}
    return tuple(_ordered(pending, {uri: belongs[uri] for uri in pending}, stamps))


def _ordered(pending: dict[str, str], paths: dict[str, str], stamps: Mapping[str, str]) -> Iterator[Move]:
    taken = {fold(uri): uri for uri in stamps}
    while pending:
        old = min((old for old, new in pending.items() if fold(new) not in taken), default="")
        if old:
            new = pending.pop(old)
        else:
            in_the_way = {taken[fold(new)] for new in pending.values()} - pending.keys()
            old = min(in_the_way or pending)
            new = aside(old, stamps[old])
            if old in pending:
                pending[new], paths[new] = pending.pop(old), paths[old]
        yield Move(old, new, paths.get(old, ""))
        del taken[fold(old)]
        taken[fold(new)] = new


def aside(uri: str, last_uploaded: str) -> str:
    """Return the fileUri under which a file that stands in the way is kept."""
    mark = ASIDE + digest_of([uri, last_uploaded])[:8]
    return uri[: FILE_URI_LIMIT - len(mark)] + mark


def helpful(scene: Scene) -> frozenset[str]:
    """Return the fileUris whose content would tell more.

    These are files without a source, while a source is new, and those whose path several files have had: what
    owns such a one for its path alone may be wrong.
    """
    found = owners(scene)
    new = scene.sources.keys() - found.values()
    heirs = _heirs(scene)
    unknown = [
        each.listed.uri
        for each in scene.remotes
        if not each.blob
        and (
            bool(heirs.get(each.path) or scene.lineages.earlier(each.path))
            if each.path in scene.sources and not each.aside
            else (new if each.listed.uri not in found else _others(scene, each.path, heirs))
        )
    ]
    return frozenset(unknown) if len(unknown) <= READ_AT_MOST else frozenset()
