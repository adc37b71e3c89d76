"""The first draft of a manifest: from a repository's files, or from another tool's configuration. Pure."""

from __future__ import annotations

from l10nsync.discovery.detect import detect
from l10nsync.discovery.draft import Draft, DraftResource, with_locales, written
from l10nsync.discovery.foreign import KNOWN, convert, local_names

__all__ = ["KNOWN", "Draft", "DraftResource", "convert", "detect", "local_names", "with_locales", "written"]
