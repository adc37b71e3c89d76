"""The spellings in which a secret could get out."""

from __future__ import annotations

import base64
import json
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, quote_plus


@lru_cache
def spellings(secret: str) -> frozenset[str]:
    """Return a secret in every usual encoding, Base64 aside."""
    return frozenset(
        {
            secret,
            secret[::-1],
            json.dumps(secret)[1:-1],
            repr(secret)[1:-1],
            quote(secret, safe=""),
            quote_plus(secret),
            secret.encode().hex(),
        }
    )


@lru_cache
def packed(secret: str) -> tuple[str, ...]:
    """Return a secret in Base64, at each place of a group of three bytes."""
    return tuple(base64.b64encode(b"x" * pad + secret.encode()).decode() for pad in range(3))


def leaks(secret: str, *texts: str) -> list[str]:
    """Return the spellings of a secret that stand in TEXTS."""
    inner = (each[4:-4] for each in packed(secret))  # what does not depend on the text beside it
    return [each for each in (*spellings(secret), *inner) if any(each in text for text in texts)]


def kept(root: Path) -> list[str]:
    """Return all texts that l10nsync keeps beside a repository."""
    files = root.glob(".git/l10nsync/**/*")
    return [path.read_text("utf-8", "replace") for path in files if path.is_file()]
