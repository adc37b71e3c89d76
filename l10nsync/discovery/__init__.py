"""The first draft of a manifest: from a repository's files, or from another tool's configuration. Pure."""

from __future__ import annotations

from l10nsync.discovery.detect import detect, not_taken
from l10nsync.discovery.draft import Draft, DraftResource, named, with_locales, written
from l10nsync.discovery.facts import configurations
from l10nsync.discovery.foreign import KNOWN, convert

__all__ = [
    "KNOWN",
    "Draft",
    "DraftResource",
    "configurations",
    "convert",
    "detect",
    "named",
    "not_taken",
    "with_locales",
    "written",
]
