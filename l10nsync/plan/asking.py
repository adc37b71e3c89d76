"""How a decision asks for what it does not know. Pure.

A decision reads facts. A fact that is not known yet raises `Unknown` with the question that answers it;
whoever plans collects the questions of all decisions into one, lets it be answered, and decides again. So
each need is written once: where it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from l10nsync.plan.values import Wants

_Item = TypeVar("_Item")
_Found = TypeVar("_Found")


class Unknown(Exception):  # noqa: N818 - it is no error: somebody is going to answer
    """Something has to be known first."""

    def __init__(self, wants: Wants) -> None:
        super().__init__("something has to be known first")
        self.wants = wants


def need(*reads: Callable[[], object]) -> None:
    """Read several facts at once; raise `Unknown` for all that are not known, so that it takes one round."""
    decide_all(lambda read: read(), reads)


def decide_all(decide: Callable[[_Item], _Found], items: Iterable[_Item]) -> list[_Found]:
    """Return what DECIDE says of each item; raise `Unknown` with the questions of all items together."""
    found: list[_Found] = []
    wants = Wants()
    for item in items:
        try:
            found.append(decide(item))
        except Unknown as unknown:
            wants |= unknown.wants
    if wants:
        raise Unknown(wants)
    return found
