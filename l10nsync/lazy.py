"""Values that are made when they are asked for, and not kept. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Lazy(Mapping[_Key, _Value]):
    """A mapping of values too large to be all in memory: each is made anew whenever it is asked for."""

    def __init__(self, makers: Mapping[_Key, Callable[[], _Value]] | None = None) -> None:
        self._makers = dict(makers or {})

    def __getitem__(self, key: _Key) -> _Value:
        return self._makers[key]()

    def __contains__(self, key: object) -> bool:
        return key in self._makers

    def __iter__(self) -> Iterator[_Key]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def __or__(self, other: Lazy[_Key, _Value]) -> Lazy[_Key, _Value]:
        return Lazy({**self._makers, **other._makers})
