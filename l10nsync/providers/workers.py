"""Doing many slow things at once, in threads that never keep the process alive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def each(function: Callable[[T], R], items: Iterable[T], threads: int) -> Iterator[tuple[T, R | Exception]]:
    """Yield (item, result or the exception it raised) as they get ready.

    FUNCTION runs in up to THREADS threads. When the caller stops reading, no further item is begun.
    Anything but an `Exception` (an interrupt) is raised to the caller. The threads are daemons: a request
    that hangs must not hold up the end of the process, which a pool of `concurrent.futures` would.
    """
    todo = list(items)
    if len(todo) == 1 or threads <= 1:
        yield from ((item, _attempt(function, item)) for item in todo)
        return
    yield from _in_threads(function, todo, min(threads, len(todo)))


def gather(function: Callable[[T], R], items: Iterable[T], threads: int) -> list[R]:
    """Return the results in the order of ITEMS; raise the first exception."""
    todo = list(items)
    ready: dict[int, R] = {}
    for index, result in each(lambda index: function(todo[index]), range(len(todo)), threads):
        if isinstance(result, Exception):
            raise result
        ready[index] = result
    return [ready[index] for index in range(len(todo))]


def _attempt(function: Callable[[T], R], item: T) -> R | Exception:
    try:
        return function(item)
    except Exception as error:  # noqa: BLE001 - handed to the caller, as promised
        return error


def _in_threads(function: Callable[[T], R], todo: list[T], threads: int) -> Iterator[tuple[T, R | Exception]]:
    results: SimpleQueue[tuple[T, R | BaseException]] = SimpleQueue()
    left, lock, stop = iter(todo), Lock(), Event()

    def work() -> None:
        while not stop.is_set():
            with lock:
                found = next(((item,) for item in left), None)
            if found is None:
                return
            try:
                results.put((found[0], function(found[0])))
            except BaseException as error:  # noqa: BLE001 - handed to the caller, as promised
                results.put((found[0], error))

    for number in range(threads):
        Thread(target=work, name=f"l10nsync-{number}", daemon=True).start()
    try:
        for _ in todo:
            item, result = results.get()
            if isinstance(result, BaseException) and not isinstance(result, Exception):
                raise result
            yield item, result
    finally:
        stop.set()


class Crew:
    """Threads that each do one thing after the other: to start one takes as long as a small request.

    They are daemons as well. One that hangs is left alone; the next thing gets another one.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._idle: list[SimpleQueue[Callable[[], None] | None]] = []
        self._is_dismissed = False

    def begin(self, work: Callable[[], None]) -> None:
        """Let a thread do WORK, which must not raise."""
        try:
            inbox = self._idle.pop()
        except IndexError:
            inbox = SimpleQueue()
            Thread(target=self._serve, args=(inbox,), name=self._name, daemon=True).start()
        inbox.put(work)

    def dismiss(self) -> None:
        """Let all threads end, those that are busy after what they do."""
        self._is_dismissed = True
        with suppress(IndexError):
            while True:
                self._idle.pop().put(None)

    def _serve(self, inbox: SimpleQueue[Callable[[], None] | None]) -> None:
        while (work := inbox.get()) is not None:
            work()
            self._idle.append(inbox)
            if self._is_dismissed:
                self.dismiss()
