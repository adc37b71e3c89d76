"""The names under which contents are kept that another file's upload would overwrite. Pure."""

from __future__ import annotations

from l10nsync.model import FILE_URI_LIMIT, fold
from l10nsync.plan.values import digest_of

MARK = ".l10nsync-"
"""Separates the fileUri whose content was parked from a digest."""


def parked_name(uri: str, last_uploaded: str) -> str:
    """Return the fileUri under which the present content of a file is parked."""
    mark = MARK + digest_of([uri, last_uploaded])[:8]
    return uri[: FILE_URI_LIMIT - len(mark)] + mark


def base_of(key: str) -> str:
    """Return the folded fileUri whose content a file keeps; KEY itself if it is not a parked one."""
    base, mark, digest = key.rpartition(fold(MARK))
    return base if mark and len(digest) == 8 else key
