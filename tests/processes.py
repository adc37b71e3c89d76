"""Which processes this one starts, told by Python itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_watching: list[list[list[str]]] = []
"""The lists to be filled; an audit hook stays for good, so there is one for all."""
_hooked: list[bool] = []


def _noted(event: str, arguments: tuple[object, ...]) -> None:
    if event == "subprocess.Popen":
        command = arguments[1]
        words = [str(word) for word in command] if isinstance(command, list | tuple) else [str(command)]
        for found in _watching:
            found.append(words)


@contextmanager
def started() -> Iterator[list[list[str]]]:
    """Give the list of the argument lists that are started meanwhile."""
    if not _hooked:
        sys.addaudithook(_noted)
        _hooked.append(True)
    found: list[list[str]] = []
    _watching.append(found)
    try:
        yield found
    finally:
        _watching.remove(found)
