"""How the service compares fileUris and names, and how long they may be."""

from __future__ import annotations

from unicodedata import normalize

FILE_URI_LIMIT = 512
"""Characters in a fileUri (Files API, `fileUri`)."""
JOB_NAME_LIMIT = 170
"""Characters in the name of a job (Jobs API, `jobName`)."""


def fold(uri: str) -> str:
    """Return the form under which the service compares fileUris: NFC, without case."""
    return normalize("NFC", normalize("NFC", uri).casefold())
