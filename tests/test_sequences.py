"""Whatever is done in whatever order: the plan is what happens, twice is once, nothing is paid twice.

A full sweep is 300 sequences of 30 steps (`make test-sweeps`); every run of the tests does a part of it.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from itertools import count
from pathlib import Path
from subprocess import CalledProcessError

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from l10nsync.sandbox.testing import SandboxServer
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.test_push_pull import forget, kill
from tests.test_renames import BRANCHED

UPLOADS = {"uploadFileToJobBatchV2", "uploadSourceFile", "renameUploadedSourceFile", "addJob"}
NAMES = st.sampled_from("abcdefgh")
MANIFEST = BRANCHED.replace("*/en/*.json", "en/*.json").replace("*/{locale}/*.json", "{locale}/*.json")


class Sequences(RuleBasedStateMachine):
    """One repository, one project, and everything that people do with them.

    No rule has a precondition: what a kill leaves depends on the moment, and Hypothesis wants to see the same
    choices whenever it plays a sequence again. A rule that does not apply does nothing.
    """

    server: SandboxServer

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="l10nsync-sequence-"))
        self.repo = Repo(self.folder / "repo")
        self.runner = InProcess(self.server)
        self.runner.project()
        self.start = self.runner.mark()
        self.number = count()
        self.main_files: set[str] = set()
        """Files that the default branch had when the present branch left it."""

    # what there is

    def sources(self) -> list[str]:
        """Return the names of the sources here."""
        return sorted(path.name for path in (self.repo.root / "en").glob("*.json"))

    def branch(self) -> str:
        return self.repo.git("branch", "--show-current").strip()

    def texts(self, name: str) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.repo.read(f"en/{name}"))
        return found

    def save(self, name: str, texts: dict[str, str]) -> None:
        self.repo.commit({f"en/{name}": json.dumps(texts, indent=1)})

    def fresh(self) -> str:
        """Return a text that there never was."""
        return f"Text that is number {next(self.number)} of all"

    # what people do

    @initialize()
    def begin(self) -> None:
        """Three sources, pushed and translated."""
        texts = {name: {f"k{index}": self.fresh() for index in range(6)} for name in "abc"}
        files = {f"en/{name}.json": json.dumps(each, indent=1) for name, each in texts.items()}
        self.repo.commit({".l10n.yml": MANIFEST, **files})
        self.push()
        self.translate()

    @rule(name=NAMES, at=st.integers(0, 5))
    def edit(self, name: str, at: int) -> None:
        """Say one string otherwise."""
        if f"{name}.json" in self.sources():
            self.save(f"{name}.json", self.texts(f"{name}.json") | {f"k{at}": self.fresh()})

    @rule(name=NAMES)
    def add(self, name: str) -> None:
        """Add a source, on the default branch."""
        if f"{name}.json" not in self.sources() and self.branch() == "main":
            self.save(f"{name}.json", {f"k{index}": self.fresh() for index in range(6)})

    @rule(old=NAMES, new=NAMES)
    def rename(self, old: str, new: str) -> None:
        """Give a source another name."""
        if f"{old}.json" in self.sources() and f"{new}.json" not in self.sources():
            self.repo.git("mv", f"en/{old}.json", f"en/{new}.json")
            self.repo.commit()

    @rule(name=NAMES)
    def delete(self, name: str) -> None:
        """Delete a source, on the default branch."""
        if f"{name}.json" in self.sources() and self.branch() == "main" and len(self.sources()) > 2:
            self.repo.git("rm", "--quiet", f"en/{name}.json")
            self.repo.commit()

    @rule()
    def leave(self) -> None:
        """Begin a branch."""
        if self.branch() == "main":
            self.repo.git("switch", "--quiet", "--create", f"feature/{next(self.number)}")

    @rule(edit=st.booleans())
    def merge(self, edit: bool) -> None:
        """Merge the branch into the default branch, which may have moved on; leave it, if they clash."""
        branch = self.branch()
        if branch == "main":
            return
        self.repo.git("switch", "--quiet", "main")
        if edit:
            self.edit(self.sources()[0].removesuffix(".json"), 0)
        try:
            self.repo.git("merge", "--quiet", "--no-ff", "--no-edit", branch)
        except CalledProcessError:
            self.repo.git("merge", "--abort")

    @rule()
    def translate(self) -> None:
        """Let the translators work."""
        self.runner.translate()

    @rule()
    def push(self) -> None:
        """Push, and see that exactly the plan was carried out."""
        plan = json.loads(self.runner.run(self.repo, "plan", "--format", "json").out)
        mark = self.runner.mark()
        self.runner.run(self.repo, "push")
        done = Counter(self.runner.requests_since(mark))
        actions = Counter(each["action"] for each in plan["changes"])
        assert done["uploadFileToJobBatchV2"] == actions["upload"], plan
        assert done["renameUploadedSourceFile"] == len(plan.get("renames", ())), plan
        assert done["uploadSourceFile"] <= actions["rename"], plan
        assert done["createJobBatchV2"] <= len(plan["jobs"]), plan
        assert done["authorizeJob"] <= len(plan["jobs"]), plan

    @rule()
    def pull(self) -> None:
        self.runner.run(self.repo, "pull", code=None)
        self.repo.commit()

    @rule()
    def lose_the_cache(self) -> None:
        forget(self.repo)

    @rule(point=st.integers(3, 12))
    def kill(self, point: int) -> None:
        """Kill a push at some request, and run it again."""
        kill(self.repo, self.runner, point)
        self.push()

    # what holds

    def teardown(self) -> None:
        """Check what shall hold after any sequence."""
        try:
            if self.sources():
                self.check()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def check(self) -> None:
        """Twice is once, with the cache and without; nothing was deleted; no text was paid in two places."""
        self.push()
        for forgetful in (False, True):
            if forgetful:
                forget(self.repo)
            mark = self.runner.mark()
            assert self.runner.run(self.repo, "push").out.startswith("No changes")
            assert not UPLOADS & set(self.runner.requests_since(mark))
        self.translate()
        self.pull()
        assert self.runner.run(self.repo, "pull").out.startswith("No changes")
        assert "deleteUploadedSourceFile" not in self.runner.requests_since(self.start)
        self.check_payments()

    def check_payments(self) -> None:
        """Each text was given to translators in one namespace only; no two runs left an open batch."""
        view = self.runner.control.view(self.runner.ident)
        assert not view["openBatches"]
        places: dict[str, set[str]] = {}
        for file in view["files"].values():
            texts = {key: text for key, _plural, text in file["strings"]}
            for strings in file["locales"].values():
                for key, _state, _text in strings:
                    places.setdefault(texts[key], set()).add(file["namespace"])
        assert {text: found for text, found in places.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    ("sequences", "steps"),
    [(4, 12), pytest.param(300, 30, marks=pytest.mark.sweep)],
    ids=["some", "all"],
)
def test_any_sequence_ends_well(sandbox_server: SandboxServer, sequences: int, steps: int) -> None:
    """Edits, additions, renames, deletions, branches, merges, kills, lost caches, in any order."""
    Sequences.server = sandbox_server
    run_state_machine_as_test(
        Sequences,
        settings=settings(
            max_examples=sequences,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
        ),
    )
