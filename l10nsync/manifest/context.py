"""What the parts of a manifest share while it is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from l10nsync.manifest.problems import Problems
from l10nsync.manifest.tree import Node
from l10nsync.model import Place, Project

DEFAULT_PROJECT = "default"
DEFAULT_LOCALE = "default"
"""Stands for every locale that a threshold does not name."""
Spellings = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Locales:
    """Locales with their spellings and the place of each."""

    names: Spellings
    places: Mapping[str, Place]
    explicit: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Context:
    """What resources share."""

    root: Node
    defaults: Node
    locales: Locales
    projects: Mapping[str, Project]
    environ: Mapping[str, str]
    problems: Problems
