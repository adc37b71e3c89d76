"""What git's history says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """What one commit did to one file."""

    kind: str
    """`A` added, `D` deleted, `M` changed, `R` renamed."""
    old: str
    """Path before; equal to `new` unless it was renamed."""
    new: str
    old_blob: str
    """Blob id before; empty for an added file."""
    new_blob: str
    """Blob id after; empty for a deleted file."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What one commit did to files, against its first parent."""

    id: str
    steps: tuple[Step, ...]
    merge: bool = False
