"""Contents by their ids, read through an empty configuration: nothing that the clone's own names takes part.

Git reads the clone's objects from a folder without settings, so an object that is not here is simply missing:
no remote is asked on the way. What a partial clone lacks is then fetched once, all of it together.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from l10nsync.errors import RepositoryError
from l10nsync.workspace.command import Git

_FETCH = (
    "-c", "fetch.negotiationAlgorithm=noop", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head",
    "--no-recurse-submodules", "--no-auto-gc", "--filter=blob:none", "--stdin",
)  # fmt: skip
_YES = frozenset({"", "true", "yes", "on", "1"})
_BARE = Path(__file__).parent / "bare"
"""The least that git takes for a repository, one for each kind of ids: no settings, and no objects."""
_ABSENT = frozenset({"missing", "ambiguous"})


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects of one clone."""

    git: Git
    folder: str
    """Where the clone has them."""
    kind: str
    """How their ids are made: `sha1` or `sha256`."""
    also: str = ""
    """Another folder that has some of them."""
    kept: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    """The small contents that were read already, by id: most are asked for again."""

    def contents(self, ids: Iterable[str]) -> dict[str, bytes]:
        """Return the contents by id; ids that can be found neither here nor at the remote are left out."""
        wanted = frozenset(ids)
        found = {blob: self.kept[blob] for blob in wanted & self.kept.keys()}
        found |= self._contents(wanted - found.keys())
        if (lacking := wanted - found.keys()) and self._fetch(lacking):
            found |= self._contents(lacking)
        return found

    def small(self, ids: Iterable[str], most: int) -> dict[str, bytes]:
        """Return the contents of at most MOST bytes by id, and keep them, as `contents` finds them."""
        sizes = self.sizes(ids)
        found = self.contents(blob for blob, size in sizes.items() if size <= most)
        self.kept.update(found)
        return found

    def sizes(self, ids: Iterable[str]) -> dict[str, int]:
        """Return the sizes by id, as `contents` finds them."""
        wanted = frozenset(ids)
        found = self._sizes(wanted)
        if (lacking := wanted - found.keys()) and self._fetch(lacking):
            found |= self._sizes(lacking)
        return found

    def _contents(self, wanted: Iterable[str]) -> dict[str, bytes]:
        out = self._ask("--batch", wanted)
        found: dict[str, bytes] = {}
        position = 0
        while position < len(out):
            end = out.index(b"\n", position)
            header = out[position:end].decode().split(" ")
            position = end + 1
            if header[-1] in _ABSENT:
                continue
            size = int(header[2])
            found[header[0]] = out[position : position + size]
            position += size + 1
        return found

    def _sizes(self, wanted: Iterable[str]) -> dict[str, int]:
        rows = (line.split(" ") for line in self._ask("--batch-check", wanted).decode().split("\n") if line)
        return {row[0]: int(row[2]) for row in rows if row[-1] not in _ABSENT}

    def _ask(self, how: str, wanted: Iterable[str]) -> bytes:
        lines = "".join(f"{object_id}\n" for object_id in sorted(wanted))
        if not lines:
            return b""
        environment = {"GIT_DIR": str(_BARE / self.kind), "GIT_OBJECT_DIRECTORY": self.folder}
        if self.also:
            environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = self.also
        return self.git("cat-file", how, stdin=lines.encode(), env=environment)

    def _fetch(self, lacking: Iterable[str]) -> bool:
        """Fetch what a partial clone lacks; return whether the remote was asked, and answered."""
        if not self.git.may_fetch or not (remote := self._promisor()):
            return False
        lines = "".join(f"{object_id}\n" for object_id in sorted(lacking))
        with suppress(RepositoryError):  # who asked for the content says that it is missing
            self.git.remote(remote, *_FETCH, "--end-of-options", remote, stdin=lines.encode())
            return True
        return False

    def _promisor(self) -> str:
        """Return the remote that a partial clone gets its objects from; empty for a whole clone."""
        for name, values in self.git.settings().items():
            if name == "extensions.partialclone":
                return values[-1]
            if name.startswith("remote.") and name.endswith(".promisor") and values[-1] in _YES:
                return name.removeprefix("remote.").removesuffix(".promisor")
        return ""
