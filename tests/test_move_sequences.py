"""Splits, chains, squashes and other rules for fileUris, among all that sequences do: nothing is paid twice.

What a namespace cannot keep, because a source goes into one as a whole, is not among them: files that are
joined, and strings that move between files that both stay (`docs/guarantees.md`).
"""

from __future__ import annotations

from pathlib import Path
from subprocess import CalledProcessError

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule

from l10nsync.sandbox.testing import SandboxServer
from tests.test_renames import BRANCHED
from tests.test_sequences import ANY, FOLDERS, NAMES, Sequences, recorded, sweep

OTHER = BRANCHED.replace("{branch}", "v2/{branch}")
SOME, MANY = 1, 15
"""Sequences of a seed."""


class Moves(Sequences):
    """The same, and what people do to a file that is more than a rename."""

    def prefix(self) -> str:
        return "v2/" if b"v2/" in self.repo.read(".l10n.yml") else ""

    def part(self, texts: dict[str, str], keys: list[str]) -> dict[str, str]:
        """Return KEYS of TEXTS as a file of its own."""
        who = texts["who"].removeprefix("This is ")
        return {"who": f"This is part {next(self.number)} of {who}"} | {key: texts[key] for key in keys}

    def is_free(self, path: str) -> bool:
        """Whether PATH is nobody's here, nor on any living branch."""
        return path not in self.sources() and not self.is_reused(path, "")

    @rule(at=ANY, kept=st.integers(2, 6), folder=FOLDERS, name=NAMES)
    @recorded
    def split(self, at: int, kept: int, folder: str, name: str) -> None:
        """Let a part of a source become a source of its own."""
        path, new = self.source(at), f"{folder}/en/{name}.json"
        texts = self.texts(path)
        keys = [key for key in texts if key != "who"]
        if len(keys) < 8 or not self.is_free(new):
            return
        self.repo.write({new: self.dumped(self.part(texts, keys[kept:]))})
        self.save(path, {key: text for key, text in texts.items() if key not in keys[kept:]})

    @rule(one=ANY, other=ANY, folder=FOLDERS, name=NAMES)
    @recorded
    def chain(self, one: int, other: int, folder: str, name: str) -> None:
        """Give a source another path, and its old path to another source."""
        left, right, new = self.source(one), self.source(other), f"{folder}/en/{name}.json"
        if left == right or not self.is_free(new) or self.is_reused(left, self.texts(right)["who"]):
            return
        contents = {new: self.repo.read(left), left: self.repo.read(right)}
        self.repo.git("rm", "--quiet", right)
        self.repo.commit(contents)

    @rule(at=ANY)
    @recorded
    def squash(self, at: int) -> None:
        """Merge a branch into the default branch as one commit, and delete it."""
        if not (found := self.branches()):
            return
        branch = found[at % len(found)]
        self.repo.git("switch", "--quiet", "main")
        try:
            self.repo.git("merge", "--quiet", "--squash", branch)
        except CalledProcessError:
            self.repo.git("reset", "--quiet", "--hard")
            return
        self.repo.commit()
        self.repo.git("branch", "--quiet", "--delete", "--force", branch)

    @rule()
    @recorded
    def another_rule(self) -> None:
        """Give all files other fileUris; a living branch would keep the old rule."""
        if self.branch() == "main" and not self.branches():
            self.repo.commit({".l10n.yml": BRANCHED if self.prefix() else OTHER})


def test_some_moves_end_well(own_sandbox: SandboxServer, tmp_path: Path) -> None:
    """Splits, chains, squashes, other rules, among edits, renames, branches and kills: a part of it."""
    sweep(own_sandbox, tmp_path, 0, SOME, 12, Moves)


@pytest.mark.sweep
@pytest.mark.parametrize("number", range(1, 68))
def test_any_moves_end_well(own_sandbox: SandboxServer, tmp_path: Path, number: int) -> None:
    """The same, 1,005 sequences of 30 steps in all."""
    sweep(own_sandbox, tmp_path, number, MANY, 30, Moves)
