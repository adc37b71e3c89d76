"""What history holds of targets: each commit that changed one, and whether a pull made it.

A commit that a pull made says so in a trailer: the digest of its difference, and what stands for the strings
that came with it, as far as these are few. The digest holds while the commit stays as it is; the strings are
known even after a rebase or a squash.
"""

from __future__ import annotations

import hashlib
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain

from l10nsync.model import STRING_MARK, Edition, FileStep, blob_id
from l10nsync.workspace import Workspace, steps_of
from l10nsync.workspace.command import fields

TRAILER = "L10nsync-Difference"
"""Trailer of a commit with what a pull wrote; its value shows whether the commit holds just that."""
_VALUE = re.compile(rf"^\s*{TRAILER}: ([0-9a-f]+)(?: (\S+))?\s*$", re.MULTILINE)
"""Digest and strings; git indents them in the message of a squash."""
_NO_STRINGS = "-"
"""What stands in a trailer for none at all."""
_AT_MOST = 100
"""Commits of one target that are looked at."""
_Values = tuple[tuple[str, str], ...]
"""Of one commit: the digest and the strings of each of its trailers."""


def trailer(digest: str, brought: frozenset[bytes] | None) -> str:
    """Return the trailer for a commit: the DIGEST of its difference, what a pull BROUGHT if that is known."""
    if brought is None:
        return f"{TRAILER}: {digest}"
    return f"{TRAILER}: {digest} {b64encode(b''.join(sorted(brought))).decode() or _NO_STRINGS}"


def digest_of(message: str) -> str:
    """Return the digest that the last trailer in a commit message says; empty if it has none."""
    found = _VALUE.findall(message)
    return found[-1][0] if found else ""


def future_digest(workspace: Workspace, contents: Mapping[str, bytes]) -> str:
    """Return the digest of a commit on HEAD with just CONTENTS (by path); empty before the first commit."""
    head = workspace.commit()
    if not head:
        return ""
    known: dict[str, tuple[str, str]] = {}
    for record in fields(workspace.git("ls-tree", "-r", "-z", "--full-tree", head)):
        meta, _, path = record.partition("\t")
        mode, _kind, blob = meta.split(" ")
        known[path] = mode, blob
    digest = hashlib.sha256()
    for path in sorted(contents, key=os.fsencode):
        mode, old = known.get(path, ("000000", "0" * len(head)))
        new = blob_id(contents[path], head)
        if new != old:
            status = "M" if path in known else "A"
            record = f":{mode} {mode if path in known else '100644'} {old} {new} {status}\0{path}\0"
            digest.update(os.fsencode(record))
    return digest.hexdigest()


def editions(workspace: Workspace, paths: Collection[str]) -> dict[str, tuple[Edition, ...]]:
    """Return what the history of HEAD holds of each of PATHS, the newest first; as far as it is here."""
    found: dict[str, dict[str, Edition]] = {path: {} for path in paths}
    if not paths or not workspace.commit():
        return dict.fromkeys(found, ())
    arguments = ("-m", "--raw", "--no-abbrev", "--no-renames", "-z", "--format=%H %at%n%B")
    out = workspace.git("-c", "log.showRoot=true", "log", *arguments, "HEAD", "--", *sorted(found))
    marks: dict[str, _Values] = {}
    commit, at = "", ""
    for step in steps_of(out):
        if isinstance(step, str):
            head, _, message = step.partition("\n")
            commit, at = head.split(" ")[0], _moment(head)
            if values := _VALUE.findall(message):
                marks[commit] = tuple(values)
            continue
        if step.new in found and (len(found[step.new]) < _AT_MOST or commit in found[step.new]):
            _take(found[step.new], commit, at, step)
    pulls, cut = _pulls(workspace, marks), workspace.cut()
    return {
        path: tuple(
            replace(
                edition,
                pulled=commit in pulls,
                marked=commit in marks,
                cut=commit in cut,
                brought=_brought(marks.get(commit, ())),
                commit=commit,
            )
            for commit, edition in entries.items()
        )
        for path, entries in found.items()
    }


def beside(workspace: Workspace, places: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return the blob id of each path in a commit, by commit and path; empty where the commit lacks it."""
    asked = sorted(place for place in places if "\n" not in place[1])  # git reads one of them a line
    names = "".join(f"{commit}:{path}\n" for commit, path in asked)
    out = workspace.git("cat-file", "--batch-check", stdin=os.fsencode(names)) if asked else b""
    answers = [line.rpartition(b"\n")[2].split(b" ") for line in out.splitlines()]
    found = [fields[0].decode() if fields[1:2] == [b"blob"] else "" for fields in answers]
    return {**dict.fromkeys(places, ""), **dict(zip(asked, found, strict=True))}


def _take(entries: dict[str, Edition], commit: str, at: str, step: FileStep) -> None:
    """Add what COMMIT did against one of its parents."""
    known = entries.get(commit, Edition(at, step.new_blob))
    entries[commit] = Edition(at, step.new_blob, (*known.before, step.old_blob))


def _moment(head: str) -> str:
    seconds = int(head.split(" ")[1])
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _brought(values: _Values) -> frozenset[bytes] | None:
    """Return the strings in all trailers of a commit; None if one of them lists none."""
    if not values or not all(strings for _digest, strings in values):
        return None
    try:
        found = [b64decode(strings) for _digest, strings in values if strings != _NO_STRINGS]
    except ValueError:
        return None
    return frozenset(chain.from_iterable(map(_marks, found)))


def _marks(data: bytes) -> Iterator[bytes]:
    """Yield the marks of the strings that DATA is made of."""
    for start in range(0, len(data), STRING_MARK):
        yield data[start : start + STRING_MARK]


def _pulls(workspace: Workspace, marks: Mapping[str, _Values]) -> frozenset[str]:
    """Return those of the marked commits that changed just what their mark says."""
    found: set[str] = set()
    for commit, values in marks.items():
        out = workspace.git("diff-tree", "-r", "-z", "--no-renames", f"{commit}^1", commit, "--", ok=(0, 128))
        if hashlib.sha256(out).hexdigest() in {digest for digest, _strings in values}:
            found.add(commit)
    return frozenset(found)
