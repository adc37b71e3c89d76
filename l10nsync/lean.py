"""httpx without what it loads for others: half of the time that a short command takes.

It has a command line of its own, with the libraries of that, and serves asynchronous programs, for which it
loads whatever such library is installed. None of it is used here. Where httpx cannot do without, it gets it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_OF_OTHERS = ("httpx._main", "trio", "anyio")


@contextmanager
def _without(names: tuple[str, ...]) -> Iterator[None]:
    """Let modules seem to be missing that nobody has loaded so far."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


try:
    with _without(_OF_OTHERS):
        import httpcore  # noqa: F401 - else the first connection loads it
        import httpx
except ImportError:
    import httpx

__all__ = ["httpx"]
