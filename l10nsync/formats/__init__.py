"""File types: their names, how to tell them by path, how to read them, how to judge a translation.

The public face of the package; see `base` for the values. Everything here computes on bytes.
"""

from __future__ import annotations

from l10nsync.formats.base import Document, Format, Parse, Unit

__all__ = ["Document", "Format", "Parse", "Unit"]
