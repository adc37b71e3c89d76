"""Regular expressions that a manifest or a file brings, run within a limit of time.

They are written for Java, often by whoever opened the pull request: one alone can keep a program busy for
ever. One that cannot be run, or not in time, is not checked here; the service still gets it as it is.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from functools import lru_cache
from time import thread_time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import regex

LONGEST = 10_000
"""Characters of an expression."""
AT_MOST = 50
"""Expressions of one directive."""
ONCE = 0.25
"""Seconds for one text; an expression that needs longer is not run again."""
IN_ALL = 5.0
"""Seconds of computing that all slow expressions of a process may take together.

Waiting for a busy machine is none: an expression that finds nothing leaves a file without strings.
"""
_SLOW = 0.01
"""Seconds; what is faster is not counted, however often it is done."""


@dataclass(slots=True)
class _Budget:
    left: float = IN_ALL


_budget = _Budget()


@dataclass(slots=True)
class Expression:
    """One expression; it finds nothing where it cannot be run."""

    pattern: str
    usable: bool = True
    """Whether it can be run, as far as it has been."""
    _compiled: regex.Pattern[str] | None = field(default=None, repr=False)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where it matches in TEXT."""
        found = self._run(lambda compiled: list(compiled.finditer(text, timeout=ONCE)))
        return [match.span() for match in found or ()]

    def fits(self, text: str) -> bool:
        """Return whether it matches the whole TEXT."""
        return self.groups(text) is not None

    def groups(self, text: str) -> tuple[str, ...] | None:
        """Return the groups of a match of the whole TEXT; None where it does not match."""
        found = self._run(lambda compiled: compiled.fullmatch(text, timeout=ONCE))
        return None if found is None else tuple(found.groups())

    def _run(self, work: Any) -> Any:
        if not self.usable or self._compiled is None:
            return None
        began = thread_time()
        try:
            return work(self._compiled)
        except (TimeoutError, MemoryError):
            self.usable = False
            return None
        finally:
            took = thread_time() - began
            if took > _SLOW:
                _budget.left -= took
                self.usable = self.usable and _budget.left > 0


@lru_cache(maxsize=512)
def expression(pattern: str) -> Expression:
    """Return the expression, usable or not."""
    import regex

    if len(pattern) > LONGEST:
        return Expression(pattern, usable=False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Expression(pattern, _compiled=regex.compile(pattern))
    except (regex.error, ValueError, OverflowError, RecursionError, MemoryError):
        return Expression(pattern, usable=False)
