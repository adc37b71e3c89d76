"""How a decision asks for what it does not know. Pure.

A decision reads facts. A fact that is not known yet raises `Unknown` with the question that answers it;
whoever plans collects the questions of all decisions into one, lets it be answered, and decides again. So
each need is written once: where it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from l10nsync.model import Question, Wanted

_NO_QUESTION = Question()
_Item = TypeVar("_Item")
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Wants:
    """What a planner still has to know; false when there is nothing."""

    question: Question = _NO_QUESTION
    blobs: frozenset[str] = frozenset()
    pairs: frozenset[Wanted] = frozenset()
    past: frozenset[str] = frozenset()
    """Paths of sources whose earlier contents are asked for."""
    editions: frozenset[str] = frozenset()
    """Paths of targets: what does history hold of them?"""
    beside: frozenset[tuple[str, str]] = frozenset()
    """Commits and paths: which content a path had there is asked for."""
    deeper: int = 0
    """Older history than a shallow clone has: asked for so often, 0 for not at all."""
    committed: bool = False
    """The paths that the commit has."""
    gone: bool = False
    """The sources that earlier states of the repository had."""
    lineages: frozenset[str] = frozenset()
    """Present sources: which earlier paths did they have? As many as can be found."""
    elsewhere: frozenset[str] = frozenset()
    """FileUris: may they be another branch's?"""
    own: bool = False
    """The files that this repository has and had, as this branch calls them."""
    rivals: frozenset[tuple[str, str]] = frozenset()
    """Path and blob id of contents on the TMS that would be replaced, and may not be ours."""
    histories: frozenset[tuple[str, str]] = frozenset()
    """Those of them for which the whole history has to be looked at, of all branches."""

    def __or__(self, other: Wants) -> Wants:
        return united([self, other])

    def __bool__(self) -> bool:
        return self != Wants()


def united(wants: Iterable[Wants]) -> Wants:
    """Return what any of WANTS asks for; thousands of them take work in proportion."""
    questions: dict[int, Question] = {}
    found: dict[str, set[Any]] = {}
    numbers: dict[str, int] = {}
    for asked in wants:
        for name in Wants.__slots__:
            value = getattr(asked, name)
            if isinstance(value, Question):
                questions[id(value)] = value
            elif isinstance(value, frozenset):
                if value:
                    found.setdefault(name, set()).update(value)
            elif value:
                numbers[name] = numbers.get(name, value) | value
    question = reduce(or_, (question for question in questions.values() if question), _NO_QUESTION)
    sets = {name: frozenset(values) for name, values in found.items()}
    return Wants(question=question, **sets, **numbers)  # type: ignore[arg-type]


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
    asked: list[Wants] = []
    for item in items:
        try:
            found.append(decide(item))
        except Unknown as unknown:
            asked.append(unknown.wants)
    if asked and (wants := united(asked)):
        raise Unknown(wants)
    return found
