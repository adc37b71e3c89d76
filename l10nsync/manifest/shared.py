"""What the parts of a manifest share while it is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from l10nsync.manifest.problems import Problems
from l10nsync.manifest.tree import ManifestNode
from l10nsync.model import Place, Project

DEFAULT_PROJECT = "default"
DEFAULT_LOCALE = "default"
"""Means every locale that a threshold does not name."""
Spellings = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ManifestLocales:
    """Locales with their spellings and the place of each."""

    names: Spellings
    places: Mapping[str, Place]
    explicit: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ManifestContext:
    """What resources share."""

    root: ManifestNode
    defaults: ManifestNode
    locales: ManifestLocales
    projects: Mapping[str, Project]
    environ: Mapping[str, str]
    problems: Problems
