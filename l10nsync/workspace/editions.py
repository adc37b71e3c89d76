"""What history holds of targets: each commit that changed one, and whether a pull made it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from l10nsync.model import Edition, Step
from l10nsync.workspace import Workspace, steps_of

TRAILER = "L10nsync-Difference"
"""Trailer of a commit with what a pull wrote; its value tells whether the commit holds just that."""
_VALUE = re.compile(rf"^{TRAILER}: (\S+)\s*$", re.MULTILINE)
_AT_MOST = 100
"""Commits of one target that are looked at."""


def editions(workspace: Workspace, paths: Collection[str]) -> dict[str, tuple[Edition, ...]]:
    """Return what the history of HEAD holds of each of PATHS, the newest first; as far as it is here."""
    found: dict[str, dict[str, Edition]] = {path: {} for path in paths}
    if not paths or not workspace.commit():
        return dict.fromkeys(found, ())
    arguments = ("-m", "--raw", "--no-abbrev", "--no-renames", "-z", "--format=%H %at%n%B")
    out = workspace.git("-c", "log.showRoot=true", "log", *arguments, "HEAD", "--", *sorted(found))
    marks: dict[str, tuple[str, ...]] = {}
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
    pulls = _pulls(workspace, marks)
    return {
        path: tuple(
            Edition(one.at, one.blob, one.before, pulled=commit in pulls, marked=commit in marks)
            for commit, one in entries.items()
        )
        for path, entries in found.items()
    }


def _take(entries: dict[str, Edition], commit: str, at: str, step: Step) -> None:
    """Add what COMMIT did against one of its parents."""
    known = entries.get(commit, Edition(at, step.new_blob))
    entries[commit] = Edition(at, step.new_blob, (*known.before, step.old_blob))


def _moment(head: str) -> str:
    seconds = int(head.split(" ")[1])
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _pulls(workspace: Workspace, marks: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Return those of the marked commits that changed just what their mark says."""
    found: set[str] = set()
    for commit, values in marks.items():
        out = workspace.git("diff-tree", "-r", "-z", "--no-renames", f"{commit}^1", commit, "--", ok=(0, 128))
        if hashlib.sha256(out).hexdigest() in values:
            found.add(commit)
    return frozenset(found)
