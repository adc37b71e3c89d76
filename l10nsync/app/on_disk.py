"""What a run looks at, file by file, and would not fit into memory: it waits on the disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field, replace

from l10nsync.model import Fetched, Wanted
from l10nsync.plan import LocalTarget
from l10nsync.plan.pull import Decided, Decision
from l10nsync.spool import Spooled
from l10nsync.workspace import Workspace

PORTION = 4 * 1024 * 1024
"""Bytes that git is asked for at once: they are in memory together."""
Contents = MutableMapping[str, bytes | None]
"""Blob id to content; None for one that git lacks."""


def contents() -> Contents:
    """Return where the contents of sources wait."""
    return Spooled[str, bytes | None](lambda content: (None, content), lambda _none, content: content)


def answers() -> MutableMapping[Wanted, Fetched]:
    """Return where downloads wait."""
    return Spooled[Wanted, Fetched](
        lambda answer: (replace(answer, content=None), answer.content),
        lambda bare, content: replace(bare, content=content),
    )


def targets() -> MutableMapping[str, LocalTarget]:
    """Return where the contents of targets wait."""
    return Spooled[str, LocalTarget](
        lambda target: (replace(target, content=b""), target.content),
        lambda bare, content: replace(bare, content=content),
    )


def made() -> MutableMapping[str, bytes]:
    """Return where what is to be sent waits."""
    return Spooled[str, bytes](lambda content: (b"", content), lambda _none, content: content)


def decided() -> Decided:
    """Return where what is to be written waits."""
    return Spooled[str, Decision | None](_without_bytes, lambda bare, made: bare and (bare[0], made))


def _without_bytes(decision: Decision | None) -> tuple[Decision | None, bytes | None]:
    return ((decision[0], None), decision[1]) if decision else (None, None)


@dataclass(frozen=True)
class Waiting:
    """All of it for one project; the facts of a run look into these, which grow."""

    contents: Contents = field(default_factory=contents)
    answers: MutableMapping[Wanted, Fetched] = field(default_factory=answers)
    decided: Decided = field(default_factory=decided)


def take_blobs(workspace: Workspace, known: Contents, blobs: Iterable[str]) -> None:
    """Add contents of blobs to KNOWN."""
    wanted = sorted(blobs)
    known.update((blob, None) for blob in wanted)
    for portion in _portions(workspace.objects.sizes(wanted)):
        known.update(workspace.blobs(portion))


def _portions(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Divide blobs into what may be in memory together; a large one is alone."""
    held: list[str] = []
    size = 0
    for blob, more in sizes.items():
        if held and size + more > PORTION:
            yield held
            held, size = [], 0
        held.append(blob)
        size += more
    if held:
        yield held
