"""What earlier runs learned; lives in the git directory, never in the work tree.

The cache saves requests and decides nothing alone: each entry is good only while the server still says
what it said then. A damaged, foreign or future file is ignored, and failing to write one is no failure.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from l10nsync.model import Counted, LocaleCounts, Sent, Written, fold

_VERSION = 2
_PULL_RULES = 2
"""Counts the rules by which a delivered file becomes the one to write. With a new number each target is
looked at once more, so that what earlier versions wrote is repaired."""
_Entry = TypeVar("_Entry", Sent, Written)


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

    @classmethod
    def open(cls, folder: Path, host: str, project: str) -> Cache:
        """Read the memory of PROJECT on HOST below FOLDER; empty if there is none that can be used."""
        name = hashlib.sha256(f"{host}\0{project}".encode()).hexdigest()[:16]
        cache = cls(folder / "l10nsync" / f"{name}.json")
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
            data = json.loads(cache.path.read_text("utf-8", "surrogateescape"))
            if data["version"] == _VERSION and data["project"] == project and data["host"] == host:
                cache.sent = {fold(each["uri"]): _entry(Sent, each) for each in data["sent"]}
                cache.counted = {fold(each["uri"]): _counted(each) for each in data.get("counted", ())}
                cache.commit = str(data["commit"])
                if data.get("pullRules") == _PULL_RULES:
                    cache.written = {path: _entry(Written, each) for path, each in data["written"].items()}
                    cache.cursor = str(data["cursor"])
        cache._identity = {"version": _VERSION, "host": host, "project": project}
        return cache

    _identity: dict[str, Any] = field(default_factory=dict)

    def save(self) -> None:
        """Write the memory; whoever reads meanwhile sees the old or the new file."""
        data = {
            **self._identity,
            "pullRules": _PULL_RULES,
            "cursor": self.cursor,
            "commit": self.commit,
            "sent": [asdict(each) for _key, each in sorted(self.sent.items())],
            "written": {path: asdict(each) for path, each in sorted(self.written.items())},
            "counted": [asdict(each) for _key, each in sorted(self.counted.items())],
        }
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            temporary = self.path.with_suffix(f".{os.getpid()}.tmp")
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape") as stream:
                json.dump(data, stream)
            temporary.replace(self.path)


def _entry(kind: type[_Entry], data: Mapping[str, Any]) -> _Entry:
    """Return DATA as an entry; raise `TypeError` or `KeyError` for anything of another shape."""
    values = {each.name: data[each.name] for each in fields(kind)}
    for each in fields(kind):
        expected = {"str": str, "bool": bool}.get(str(each.type), list)
        if not isinstance(values[each.name], expected):
            raise TypeError(each.name)
        if expected is list:
            values[each.name] = tuple(values[each.name])
    return kind(**values)


def _counted(data: Mapping[str, Any]) -> Counted:
    """Return DATA as an entry; raise `TypeError` or `KeyError` for anything of another shape."""
    values = {each.name: data[each.name] for each in fields(Counted)}
    locales = {str(locale): _counts(each) for locale, each in values["locales"].items()}
    found = Counted(**{**values, "locales": locales})
    texts = (found.uri, found.last_uploaded, found.until)
    if not all(isinstance(each, str) for each in texts) or not all(
        type(each) is int and each >= 0 for each in (found.total_strings, found.total_words)
    ):
        raise TypeError(data["uri"])
    return found


def _counts(data: Mapping[str, Any]) -> LocaleCounts:
    """Return the counts of one locale; fields that an older version did not know have their defaults."""
    found = LocaleCounts(**data)
    for each in fields(LocaleCounts):
        value = getattr(found, each.name)
        if type(value) is not type(each.default) or (isinstance(value, int) and value < 0):
            raise TypeError(each.name)
    return found
