"""The first draft of a manifest: from a repository's files, or from another tool's configuration. Pure."""

from __future__ import annotations

from l10nsync.discovery.configured import configured
from l10nsync.discovery.detect import detect, not_taken
from l10nsync.discovery.draft import Draft, DraftResource, named, with_locales, written
from l10nsync.discovery.ecosystem import configurations, from_command
from l10nsync.discovery.foreign import KNOWN, convert
from l10nsync.discovery.ids import with_ids
from l10nsync.discovery.inventory import Inventory, take_stock
from l10nsync.discovery.parity import Parity, parity

__all__ = [
    "KNOWN",
    "Draft",
    "DraftResource",
    "Inventory",
    "Parity",
    "configurations",
    "configured",
    "convert",
    "detect",
    "from_command",
    "named",
    "not_taken",
    "parity",
    "take_stock",
    "with_ids",
    "with_locales",
    "written",
]
