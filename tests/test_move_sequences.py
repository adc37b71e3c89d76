"""Splits, chains, squashes and other rules for fileUris, among all that sequences do: nothing is paid twice.

What a namespace cannot keep, because a source goes into one as a whole, is not among them: files that are
joined, strings that move between files that both stay, parts that are mostly new (`docs/guarantees.md`).
`tests/test_namespace_sequences.py` plays those.
"""

from __future__ import annotations

import json
import os
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
SEQUENCES = int(os.environ.get("SEQUENCES", "60"))
"""How many long sequences a sweep plays; `make test-sweeps SEQUENCES=2000` plays enough for a release."""


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

    def is_cut(self) -> bool:
        """Whether a source is back at a path where the TMS has it as it was before it was split."""
        plan = json.loads(self.runner.run(self.repo, "plan", "--format", "json").out)
        return any(change["reason"] == "shrunk" for change in plan["changes"])

    @rule()
    @recorded
    def push(self) -> None:
        """Push; a person says that a source has been split."""
        if self.is_cut():
            self.wait()
            self.runner.run(self.repo, "push", "--accept-shrink", "--yes")
            self.killed.discard(self.branch())
            self.note_payments()
        super().push()

    @rule(at=ANY, key=st.integers(0, 7))
    @recorded
    def edit(self, at: int, key: int) -> None:
        """Say one string otherwise; a part that is mostly new before its first push begins anew."""
        path = self.source(at)
        is_part = self.texts(path)["who"].startswith("This is part")
        if not is_part or f"{self.prefix()}{self.branch()}/{path}" in self.files():
            super().edit(at=at, key=key)

    @rule(
        command=st.sampled_from(["push", "push", "pull"]),
        point=st.integers(2, 12),
        when=st.sampled_from(["hold", "hold_before"]),
    )
    @recorded
    def kill(self, command: str, point: int, when: str) -> None:
        """Kill a push or a pull."""
        if command == "pull" or not self.is_cut():
            super().kill(command=command, point=point, when=when)

    @recorded
    def check(self) -> None:
        """Check what shall hold; the default branch is pushed first, since a branch may take its strings."""
        branch = self.branch()
        self.repo.git("switch", "--quiet", "main")
        self.push()
        self.repo.git("switch", "--quiet", branch)
        super().check()

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
@pytest.mark.parametrize("number", range(1, 1 + SEQUENCES // MANY))
def test_any_moves_end_well(own_sandbox: SandboxServer, tmp_path: Path, number: int) -> None:
    """The same, as many sequences of 30 steps as SEQUENCES says."""
    sweep(own_sandbox, tmp_path, number, MANY, 30, Moves)
