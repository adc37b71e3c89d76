"""The list that a prune printed: kept, so that `--apply` deletes what was read and nothing else."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from l10nsync.app.repository import Repository
from l10nsync.errors import RefusedError

_Listed = TypeVar("_Listed")


@dataclass(frozen=True, slots=True)
class PrintedList:
    """A file in l10nsync's folder of the git directory."""

    path: Path

    def remember(self, listed: Any) -> None:
        """Keep LISTED, which goes into JSON; where that is not possible, nothing is listed yet."""
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.write_text(json.dumps(listed, ensure_ascii=True), "utf-8")

    def recall(self, kind: type[_Listed]) -> _Listed:
        """Return what was listed last; raise `RefusedError` if nothing was."""
        try:
            listed = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            listed = None
        if not isinstance(listed, kind):
            raise RefusedError(
                "nothing was listed yet: --apply deletes only what was listed",
                hint="Run the same command without --apply and read the list.",
            )
        return listed

    def forget(self) -> None:
        """Forget the list: what it named is deleted."""
        with contextlib.suppress(OSError):
            self.path.unlink()


def printed_list(repository: Repository, name: str) -> PrintedList:
    """Return the list that is called NAME in this clone."""
    return PrintedList(repository.workspace.git_dir / "l10nsync" / f"{name}.json")


def require_no_fork(repository: Repository) -> None:
    """Raise `RefusedError` on a fork's branch: it deletes nothing."""
    if repository.branch.fork:
        raise RefusedError(f"branch {repository.branch.name!r} belongs to a fork: it deletes nothing")
