"""What git's history says."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileStep:
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
    steps: tuple[FileStep, ...]
    merge: bool = False


def blob_id(content: bytes, example: str) -> str:
    """Return git's id of CONTENT; EXAMPLE is any id of the repository, which has SHA-1 or SHA-256."""
    digest = hashlib.sha256 if len(example) == 64 else hashlib.sha1
    return digest(b"blob %d\0" % len(content) + content).hexdigest()


STRING_MARK = 2
"""Bytes that stand for one string in the trailer of a pull's commit: one in 65,536 is taken for another."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What one commit made of one target."""

    at: str
    """When its author made it: ISO time in UTC, with whole seconds and without a zone."""
    blob: str
    """Blob id; empty where it deleted the file."""
    before: tuple[str, ...] = ()
    """Blob ids that its parents had; empty ones and none for a file that is new."""
    pulled: bool = False
    """Whether it is what a pull wrote, and nothing else."""
    marked: bool = False
    """Whether it says that it is; where it holds more than that, it was squashed with something else."""
    cut: bool = False
    """Whether a shallow clone ends here: an older commit may show who made its content."""
    brought: frozenset[bytes] | None = None
    """What its pulls brought, by `plan.corrections.brought`; None where it does not say that."""
    commit: str = ""
    """Its id."""
