"""What earlier runs learned; lives in the git directory, never in the work tree.

The cache saves requests and decides nothing alone: each entry is good only while the server still says
what it said then. Two runs in one clone share it: what one wrote while the other was under way stays.
A damaged, foreign or future file is ignored, and failing to write one is not a failure.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from l10nsync.deadline import left
from l10nsync.model import Counted, LocaleCounts, Sent, Written, fold

_VERSION = 3
"""Counts what an entry means. A file of an earlier version counts as none: a run then asks the server."""
_PULL_RULES = 3
"""Counts the rules by which a delivered file becomes the one to write. With a new number each target is
looked at once more, so that what earlier versions wrote is repaired."""
LOCK_LIMIT = 5.0
"""Seconds for which another run may hold the lock."""
_DAMAGE = (OSError, ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError)
"""What reading a file of any content may raise."""
_JSON_KINDS = {"str": str, "bool": bool}
_FIELDS: Mapping[Any, tuple[tuple[str, type], ...]] = {
    kind: tuple((found.name, _JSON_KINDS.get(str(found.type), list)) for found in fields(kind))
    for kind in (Sent, Written, Counted, LocaleCounts)
}
"""The fields of each kind of entry, with the type that JSON has for what is not a number."""
_COUNTS = tuple((found.name, type(found.default)) for found in fields(LocaleCounts))
_Entry = TypeVar("_Entry", Sent, Written)
_Value = TypeVar("_Value", Sent, Written, Counted)


@dataclass
class Cache:
    """The memory of one project on one host."""

    path: Path
    sent: dict[str, Sent] = field(default_factory=dict)
    """By `fold(fileUri)`."""
    written: dict[str, Written] = field(default_factory=dict)
    """By target path."""
    counted: dict[str, Counted] = field(default_factory=dict)
    """By `fold(fileUri)`."""
    cursor: str = ""
    """ISO time in UTC, by the server's clock: what was published before it has been seen."""
    commit: str = ""
    """The commit that was pushed last."""
    in_flight: frozenset[str] = frozenset()
    """Keys of orders whose answer has not come."""
    _identity: dict[str, Any] = field(default_factory=dict)
    """What the file must say of itself: the version of its entries, host and project."""
    _seen: tuple[int, ...] = ()
    """Which version of the file this run has read, or written: every one is a new file."""
    _begun: Cache | None = None
    """What the file held then."""

    @classmethod
    def open(cls, folder: Path, host: str, project: str) -> Cache:
        """Read the memory of PROJECT on HOST below FOLDER; empty if there is none that can be used."""
        name = hashlib.sha256(f"{host}\0{project}".encode()).hexdigest()[:16]
        cache = cls(folder / "l10nsync" / f"{name}.json")
        cache._identity = {"version": _VERSION, "host": host, "project": project}
        cache._take(cache._stored())
        return cache

    def _stored(self) -> Cache:
        """Return what the file holds; empty if there is none that can be used."""
        stored = Cache(self.path, _identity=self._identity, _seen=self._version())
        with contextlib.suppress(*_DAMAGE):
            data = json.loads(self.path.read_text("utf-8", "surrogateescape"))
            if all(data[name] == value for name, value in self._identity.items()):
                stored._fill(data)
        return stored

    def _fill(self, data: Mapping[str, Any]) -> None:
        """Take over the entries of a file; raise one of `_DAMAGE` where they are not what they must be."""
        sent = {fold(row["uri"]): _entry(Sent, row) for row in data["sent"]}
        counted = {fold(row["uri"]): _counted(row) for row in data.get("counted", ())}
        self.sent, self.counted, self.commit = sent, counted, str(data["commit"])
        self.in_flight = frozenset(str(key) for key in data.get("inFlight", ()))
        if data.get("pullRules") == _PULL_RULES:
            written = {path: _entry(Written, row) for path, row in data["written"].items()}
            self.written, self.cursor = written, str(data["cursor"])

    def _take(self, other: Cache) -> None:
        """Become what OTHER is, and remember it as what this run began with."""
        self.sent, self.written, self.counted = dict(other.sent), dict(other.written), dict(other.counted)
        self.cursor, self.commit, self.in_flight = other.cursor, other.commit, other.in_flight
        self._begun, self._seen = replace(other), other._seen

    def _version(self) -> tuple[int, ...]:
        """Return what tells the file that is there from any other one; empty if there is none."""
        try:
            found = self.path.stat()
        except OSError:
            return ()
        return found.st_ino, found.st_mtime_ns, found.st_size

    def save(self) -> None:
        """Write what this run has learned over what the file holds by now.

        Whoever reads meanwhile sees the old or the new file.
        """
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _alone(self.path.with_suffix(".lock")):
                is_as_we_left_it = bool(self._seen) and self._seen == self._version()
                self._take(replace(self) if is_as_we_left_it else self._merged(self._stored()))
                self._write()
                self._seen = self._version()

    def _merged(self, now: Cache) -> Cache:
        """Return NOW, what another run may have written, with what this run has changed."""
        begun = self._begun or Cache(self.path)
        return replace(
            now,
            sent=_changed(begun.sent, self.sent, now.sent),
            written=_changed(begun.written, self.written, now.written),
            counted=_changed(begun.counted, self.counted, now.counted),
            cursor=_cursor(begun.cursor, self.cursor, now.cursor),
            commit=now.commit if self.commit == begun.commit else self.commit,
            in_flight=(now.in_flight - (begun.in_flight - self.in_flight))
            | (self.in_flight - begun.in_flight),
        )

    def _write(self) -> None:
        data = {
            **self._identity,
            "pullRules": _PULL_RULES,
            "cursor": self.cursor,
            "commit": self.commit,
            "inFlight": sorted(self.in_flight),
            "sent": [_row(entry) for _key, entry in sorted(self.sent.items())],
            "written": {path: _row(entry) for path, entry in sorted(self.written.items())},
            "counted": [_counted_row(entry) for _key, entry in sorted(self.counted.items())],
        }
        temporary = self.path.with_suffix(f".{os.getpid()}.tmp")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape") as stream:
            # In one piece: in many, it would be Python that writes it, which takes thrice as long.
            stream.write(json.dumps(data))
        temporary.replace(self.path)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock of PATH: between reading and writing, no other run writes.

    It is held for an instant. Where the system, or the file system, has no such lock, or somebody does not
    let go of it, it does without: what is lost then costs requests and nothing else.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with contextlib.suppress(ImportError, OSError):
            import fcntl

            until = time.monotonic() + min(LOCK_LIMIT, left())
            while time.monotonic() < until:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    time.sleep(0.02)
                else:
                    break
        yield
    finally:
        os.close(handle)


def _changed(
    begun: Mapping[str, _Value], ours: Mapping[str, _Value], now: Mapping[str, _Value]
) -> dict[str, _Value]:
    """Return NOW with the entries that are new, different or gone in OURS since it was as BEGUN."""
    fresh = {key: value for key, value in ours.items() if key not in begun or begun[key] != value}
    gone = begun.keys() - ours.keys()
    return {**{key: value for key, value in now.items() if key not in gone}, **fresh}


def _cursor(begun: str, ours: str, now: str) -> str:
    """Return until when publications have been seen: where both runs moved on, what both have seen."""
    if ours == begun:
        return now
    return ours if now == begun else min(ours, now)


def _row(entry: Sent | Written | LocaleCounts) -> dict[str, Any]:
    """Return an entry as JSON has it; none of its values is an entry itself."""
    return {name: getattr(entry, name) for name, _kind in _FIELDS[type(entry)]}


def _counted_row(entry: Counted) -> dict[str, Any]:
    row = {name: getattr(entry, name) for name, _kind in _FIELDS[Counted]}
    return row | {"locales": {locale: _row(counts) for locale, counts in entry.locales.items()}}


def _entry(kind: type[_Entry], data: Mapping[str, Any]) -> _Entry:
    """Return DATA as an entry; raise `TypeError` or `KeyError` for anything of another shape."""
    values: dict[str, Any] = {}
    for name, expected in _FIELDS[kind]:
        if not isinstance(data[name], expected):
            raise TypeError(name)
        values[name] = tuple(data[name]) if expected is list else data[name]
    return kind(**values)


def _counted(data: Mapping[str, Any]) -> Counted:
    """Return DATA as an entry; raise `TypeError` or `KeyError` for anything of another shape."""
    values = {field.name: data[field.name] for field in fields(Counted)}
    locales = {str(locale): _counts(counts) for locale, counts in values["locales"].items()}
    entry = Counted(**{**values, "locales": locales})
    texts = (entry.uri, entry.last_uploaded, entry.until)
    numbers = (entry.total_strings, entry.total_words)
    if not all(isinstance(text, str) for text in texts) or not all(map(_is_count, numbers)):
        raise TypeError(data["uri"])
    return entry


def _is_count(value: object) -> bool:
    """Whether a value of JSON is a whole number from 0; `true` is none, though Python takes it for 1."""
    return type(value) is int and value >= 0


def _counts(data: Mapping[str, Any]) -> LocaleCounts:
    """Return the counts of one locale; fields that an older version did not know have their defaults."""
    found = LocaleCounts(**data)
    for name, kind in _COUNTS:
        value = getattr(found, name)
        if type(value) is not kind or (isinstance(value, int) and value < 0):
            raise TypeError(name)
    return found
