"""File types: their names, how to recognize them, how to read them, how to judge a translation.

The public face of the package; see `base` for the values. Everything here computes on bytes.
"""

from __future__ import annotations

from l10nsync.formats.deliveries import conform, finished, recast, restyle
from l10nsync.formats.differ import WHOLE, Spot
from l10nsync.formats.documents import Document, Format, Language, Naming, Parse, Unit
from l10nsync.formats.edit import pseudo_text, pseudo_translation
from l10nsync.formats.judge import ContentCounts, Finding
from l10nsync.formats.losses import Kept, keep, salvage
from l10nsync.formats.named_languages import misnamed, misnamed_locales, named, renamed
from l10nsync.formats.quality_rules import RULES
from l10nsync.formats.resource_files import (
    check,
    count,
    decode,
    laid_over,
    parse,
    piece_spans,
    pseudo,
    pseudo_unit,
    refused,
    same,
    strings,
    texts,
    translate,
    tuned,
)
from l10nsync.formats.salvage import PresentTarget, Salvaged, TargetVersion
from l10nsync.formats.table import TYPES, canonical, detect, get, sharing
from l10nsync.formats.text import words

__all__ = [
    "RULES",
    "TYPES",
    "WHOLE",
    "ContentCounts",
    "Document",
    "Finding",
    "Format",
    "Kept",
    "Language",
    "Naming",
    "Parse",
    "PresentTarget",
    "Salvaged",
    "Spot",
    "TargetVersion",
    "Unit",
    "canonical",
    "check",
    "conform",
    "count",
    "decode",
    "detect",
    "finished",
    "get",
    "keep",
    "laid_over",
    "misnamed",
    "misnamed_locales",
    "named",
    "parse",
    "piece_spans",
    "pseudo",
    "pseudo_text",
    "pseudo_translation",
    "pseudo_unit",
    "recast",
    "refused",
    "renamed",
    "restyle",
    "salvage",
    "same",
    "sharing",
    "strings",
    "texts",
    "translate",
    "tuned",
    "words",
]
