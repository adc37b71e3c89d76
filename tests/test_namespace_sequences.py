"""Whatever people do to files, a push pays for no more than the rule of `docs/branches.md#renames` does.

Unlike in `tests/test_move_sequences.py`, all is allowed: files are joined and copied, strings move between
files that stay, parts are mostly new, clones are shallow. There a push may pay again, but no oftener than the
rule that `tests/namespace_rule.py` says a second time, which knows all files and the whole history.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random
from subprocess import CalledProcessError

import pytest

from l10nsync.sandbox.testing import SandboxServer
from tests.edits import Edits, Texts, Tree
from tests.ideal_push import History, IdealPush, Paid, who_of
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.test_push_pull import forget
from tests.test_renames import BRANCHED

SEQUENCES = int(os.environ.get("SEQUENCES", "60"))
"""How many long sequences a sweep plays; `make test-sweeps SEQUENCES=2000` plays enough for a release."""
OTHER = BRANCHED.replace("{branch}", "v2/{branch}")
PERMISSIONS = ("--accept-shrink", "--accept-superseded", "--accept-collision", "--yes")


class Twice:
    """One repository whose pushes go to the sandbox, and by the rule; CHANCE decides what happens next."""

    def __init__(self, server: SandboxServer, folder: Path, chance: Random) -> None:
        self.folder, self.chance, self.edits = folder, chance, Edits(chance)
        self.repo, self.runner = Repo(folder / "repo"), InProcess(server)
        self.runner.project()
        self.ideal = IdealPush(History(self.repo))
        self.paid: set[Paid] = set()
        self.told: list[str] = []
        self.number = 0
        self.rule_changed = False
        self.sent: set[str] = set()
        """Commits of the default branch that were pushed to the TMS."""
        self.repo.commit({".l10n.yml": BRANCHED})
        tree: Tree = {}
        while len(tree) < 3:
            tree = self.edits.add(tree)
        self.save(tree)
        self.push()

    # the repository

    def tree(self) -> Tree:
        paths = sorted(self.repo.root.glob("*/en/*.json"))
        return {path.relative_to(self.repo.root).as_posix(): json.loads(path.read_bytes()) for path in paths}

    def save(self, tree: Tree) -> None:
        for path in self.tree().keys() - tree.keys():
            (self.repo.root / path).unlink()
        self.repo.commit({path: json.dumps(texts, indent=1) for path, texts in tree.items()})

    @property
    def branch(self) -> str:
        return self.repo.branch

    def branches(self) -> list[str]:
        return self.repo.git("branch", "--list", "--format=%(refname:short)").split()

    def others(self) -> list[str]:
        return [branch for branch in self.branches() if branch != "main"]

    def fits(self, *command: str) -> bool:
        """Run a command that merges; whether the sides fit."""
        try:
            self.repo.git(*command)
        except CalledProcessError:
            self.repo.git("reset", "--quiet", "--hard")
            if command[0] == "rebase":
                self.repo.git("rebase", "--abort")
            return False
        return True

    # what happens to branches

    def send_default(self) -> None:
        """Push the default branch before a branch builds upon it: what it renames is on the TMS then."""
        branch = self.branch
        self.repo.git("switch", "--quiet", "main")
        if self.repo.git("rev-parse", "HEAD").strip() not in self.sent:
            self.push()
        self.repo.git("switch", "--quiet", branch)

    def leave(self) -> None:
        self.send_default()
        if len(self.branches()) <= 3:
            self.number += 1
            self.repo.git("switch", "--quiet", "--create", f"idea{self.number}", "main")

    def switch(self) -> None:
        self.repo.git("switch", "--quiet", self.chance.choice(self.branches()))

    def merge(self) -> None:
        """Take a branch into the default branch, as it is or as one commit; it may go on, or not."""
        if not (others := self.others()):
            return
        branch, squash = self.chance.choice(others), self.chance.random() < 0.6
        self.repo.git("switch", "--quiet", "main")
        if not self.fits("merge", "--quiet", "--squash" if squash else "--no-ff", "--no-edit", branch):
            return
        if squash:
            self.repo.commit(message="Squashed")
        if squash or self.chance.random() < 0.6:
            self.repo.git("branch", "--quiet", "--delete", "--force", branch)

    def catch_up(self) -> None:
        if self.branch != "main":
            self.send_default()
            rebase = self.chance.random() < 0.5
            self.fits(
                *(("rebase", "--quiet", "main") if rebase else ("merge", "--quiet", "--no-edit", "main"))
            )

    def drop(self) -> None:
        if (branch := self.branch) != "main":
            self.repo.git("switch", "--quiet", "main")
            self.repo.git("branch", "--quiet", "--delete", "--force", branch)

    def revert(self) -> None:
        commits = self.repo.git("rev-list", "--first-parent", "--max-count=4", "HEAD").split()[1:]
        back = self.chance.choice([commit for commit in commits if self.sources_of(commit)] or ["HEAD"])
        self.save(
            {path: json.loads(self.repo.git("show", f"{back}:{path}")) for path in self.sources_of(back)}
        )

    def sources_of(self, commit: str) -> list[str]:
        found = self.repo.git("ls-tree", "-r", "--name-only", commit).split()
        return [path for path in found if "/en/" in path]

    def restore(self) -> None:
        """Take back a file that was deleted; of one that had several paths, history tells nothing then."""
        tree = self.tree()
        living = {texts["who"] for texts in tree.values()}
        gone: dict[str, dict[str, Texts]] = {}
        for past in self.ideal.history.trees_of("HEAD"):
            for path, strings in past.items():
                if who_of(strings) not in living:
                    gone.setdefault(who_of(strings), {})[path] = dict(sorted(strings))
        found = [paths for _who, paths in sorted(gone.items()) if len(paths) == 1]
        if found:
            ((path, texts),) = self.chance.choice(found).items()
            path = path if self.chance.random() < 0.6 else self.edits.path()
            if path not in tree:
                self.save(tree | {path: texts})

    def another_rule(self) -> None:
        """Give all files of the branch other fileUris."""
        if self.chance.random() < 0.3:
            self.rule_changed = True
            self.repo.commit({".l10n.yml": BRANCHED if self.prefix else OTHER})

    # what happens on the TMS

    @property
    def prefix(self) -> str:
        return "v2/" if b"v2/" in self.repo.read(".l10n.yml") else ""

    def push(self) -> None:
        self.pushed(self.repo, shallow=False)

    def push_from_a_shallow_clone(self) -> None:
        """Push without history.

        It would not tell what an earlier rule has called the files, nor what the default branch has renamed
        before its next push.
        """
        base = self.repo.git("merge-base", "main", "HEAD").strip()
        if self.rule_changed or (self.branch != "main" and base not in self.sent):
            return
        self.number += 1
        place = self.folder / f"clone{self.number}" / "repo"
        address = self.repo.root.as_uri()
        self.repo.git("clone", "--quiet", "--depth=1", "--branch", self.branch, address, str(place))
        self.pushed(Repo(place), shallow=True)

    def pushed(self, repo: Repo, *, shallow: bool) -> None:
        self.runner.control.advance(1)
        self.runner.run(repo, "push", "--authorize", *PERMISSIONS)
        if self.branch == "main":
            self.sent.add(repo.git("rev-parse", "HEAD").strip())
        self.ideal.push(self.branch, self.branches(), self.prefix, shallow=shallow)
        for file in self.runner.control.view(self.runner.ident)["files"].values():
            texts = {key: text for key, _plural, text in file["strings"]}
            given = {key for rows in file["locales"].values() for key, _state, _text in rows}
            self.paid |= {(file["namespace"], key, texts[key]) for key in given}

    def translate(self) -> None:
        self.runner.translate(authorize=False)

    def lose_the_cache(self) -> None:
        forget(self.repo)

    def prune(self) -> None:
        """Delete what is listed on the default branch: orphans, or what branches have left."""
        branch = self.branch
        self.repo.git("switch", "--quiet", "main")
        kinds = self.chance.choice([(), ("--branches", "merged", "--branches", "gone")])
        kinds = (*kinds, "--max-deletions", "99")
        listed = json.loads(self.runner.run(self.repo, "prune", *kinds, "--format", "json").out)["plan"]
        doomed = [change["fileUri"] for change in listed["changes"] if change["action"] == "delete"]
        if doomed:
            done = self.runner.run(self.repo, "prune", *kinds, "--apply", code=None)
            if done.code == 8:  # after renames that nobody has pushed, the TMS has none of these files
                assert "push first" in done.err, done.err
            else:
                assert done.code == 0, done.err
                self.ideal.forget(doomed)
        self.repo.git("switch", "--quiet", branch)

    # one after another

    def step(self, name: str) -> None:
        self.told.append(f"{self.branch}: {name}")
        if edit := getattr(self.edits, name, None):
            self.save(edit(self.tree()))
        else:
            getattr(self, name)()

    def check(self) -> None:
        """See that twice is once, and that nothing was paid beyond the rule."""
        self.push()
        assert len(self.paid) <= len(self.ideal.paid), self.told
        assert self.runner.run(self.repo, "push", "--authorize").out.startswith("No changes"), self.told


STEPS = {
    "edit": 4, "rewrite": 2, "grow": 2, "add": 6, "delete": 3, "rename": 5, "rename_and_edit": 4,
    "rename_folder": 2, "swap": 3, "chain": 2, "split": 3, "split_away": 2, "join": 2, "join_away": 2,
    "shift": 2, "copy": 2, "fan_out": 2, "restore": 3, "revert": 2, "another_rule": 1,
    "leave": 4, "switch": 5, "merge": 5, "catch_up": 2, "drop": 1,
    "push": 20, "push_from_a_shallow_clone": 4, "translate": 6, "prune": 3, "lose_the_cache": 3,
}  # fmt: skip
"""What happens, and how often."""


def play(server: SandboxServer, folder: Path, number: int, steps: int) -> Twice:
    """Let so many things happen, which seed NUMBER decides."""
    twice = Twice(server, folder, Random(number))
    for name in twice.chance.choices([*STEPS], [*STEPS.values()], k=steps):
        twice.step(name)
    twice.check()
    return twice


@pytest.mark.parametrize("number", range(2))
def test_any_moves_pay_no_more_than_the_rule(own_sandbox: SandboxServer, tmp_path: Path, number: int) -> None:
    """A part of the sweep."""
    play(own_sandbox, tmp_path, number, 12)


@pytest.mark.sweep
@pytest.mark.parametrize("batch", range(20))
def test_any_long_moves_pay_no_more_than_the_rule(
    own_sandbox: SandboxServer, tmp_path: Path, batch: int
) -> None:
    """As many sequences of thirty steps as SEQUENCES says."""
    for number in range(batch, SEQUENCES, 20):
        play(own_sandbox, tmp_path / str(number), 100 + number, 30)
