"""Addresses with `{names}` in them, each standing for one path part."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TypeVar
from urllib.parse import unquote

T = TypeVar("T")


@cache
def pattern(path: str) -> re.Pattern[str]:
    """Return the pattern of an address, whose names in braces are its groups."""
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))


def match(table: Mapping[str, T], path: str) -> tuple[T | None, dict[str, str]]:
    """Return what TABLE holds for a (raw, still quoted) path, and what its names stand for."""
    for address, found in table.items():
        if names := pattern(address).fullmatch(path):
            return found, {key: unquote(value) for key, value in names.groupdict().items()}
    return None, {}
