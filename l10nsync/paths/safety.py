"""Paths that nothing may be written to, on any system."""

from __future__ import annotations

import re
from functools import lru_cache

PART_LIMIT = 255
"""Bytes of UTF-8 in one part of a path."""

_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?: *\..*| *)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Code points that HFS+ leaves out when it compares names.
_IGNORED = re.compile(r"[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
_GIT_SHORT = re.compile(r"(?i)git~[0-9]+")
_PROTECTED = frozenset({".l10n.yml", ".l10nignore"})
_GIT_FILES = frozenset({".gitmodules", ".gitattributes", ".gitignore", ".mailmap"})


def unsafe(path: str) -> str | None:
    """Say why nothing may be written to PATH, on any system; None if it may."""
    if _CONTROL.search(path):
        return "it has control characters"
    if "\\" in path:
        return "it has a backslash"
    if path.startswith("/") or re.match("[A-Za-z]:", path):
        return "it is absolute"
    parts = path.split("/")
    found = next((reason for reason in map(_unsafe_part, parts) if reason), None)
    if found is None and [_plain(part) for part in parts[:2]] == [".github", "workflows"]:
        return "it lies in `.github/workflows`"
    return found


def _plain(part: str) -> str:
    """Return the name that lenient file systems take PART for."""
    return _IGNORED.sub("", part).partition(":")[0].rstrip(" .").casefold()


@lru_cache(maxsize=65536)
def _unsafe_part(part: str) -> str | None:
    if part in {"", ".", ".."}:
        return f"it has an empty part or `{part}`" if part else "it has an empty part"
    plain = _plain(part)
    if plain == ".git" or _GIT_SHORT.fullmatch(plain):
        return "it lies in `.git`"
    if plain in _GIT_FILES or re.fullmatch("gi7[0-9a-f]{3}~[0-9]|gitmod~[0-9]", plain):
        return "it is a file that configures git"
    if plain in _PROTECTED:
        return f"it is `{plain}`"
    if len(part.encode("utf-8", "surrogateescape")) > PART_LIMIT:
        return f"a part of it is longer than {PART_LIMIT} bytes"
    if _IGNORED.search(part):
        return "it has invisible characters"
    if _RESERVED.fullmatch(part) or part != part.rstrip(" .") or re.search(r'[:<>"|?*]', part):
        return f"a file cannot be called `{part}` on Windows"
    return None
