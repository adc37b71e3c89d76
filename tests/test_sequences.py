"""Whatever is done in whatever order: the plan is what happens, twice is once, nothing is paid twice.

A full sweep is 300 sequences of 30 steps (`make test-sweeps`); every run of the tests does a part of it. Each
seed is a test of its own, so that a failure can be repeated; it tells the calls that led to it.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import wraps
from itertools import count
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from l10nsync.sandbox.testing import SandboxServer
from tests.forks import Forks
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.test_push_pull import forget
from tests.test_renames import BRANCHED as MANIFEST

LOCALES = {"de-DE": "de", "fr-FR": "fr"}
UPLOADS = {"uploadFileToJobBatchV2", "uploadSourceFile", "addJob"}
SOME, MANY = 3, 15
"""Sequences of a seed."""
ANY = st.integers(0, 59)
"""Chooses one of what there is, however many there are."""
FOLDERS, NAMES = st.sampled_from(["app", "web"]), st.sampled_from("abcde")


def recorded(step: Callable[..., None]) -> Callable[..., None]:
    """Note a step before it is done; an error tells all steps that led to it, to be played again."""

    @wraps(step)
    def noted(state: Sequences, *positional: Any, **arguments: Any) -> None:
        if state.inside:
            step(state, *positional, **arguments)
            return
        state.inside = True
        shown = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
        state.steps.append(f"state.{step.__name__}({shown})")
        try:
            step(state, *positional, **arguments)
        except Exception as error:
            error.add_note("\n".join(["", *state.steps]))
            raise
        finally:
            state.inside = False

    return noted


class Sequences(RuleBasedStateMachine):
    """One repository, one project, and everything that people do with them.

    No rule has a precondition: what a kill leaves depends on the moment, and Hypothesis wants to see the same
    choices whenever it plays a sequence again. A rule that does not apply does nothing. Every text names the
    file that it was written for, and each file holds one that never changes: who is who is told by that.
    """

    server: SandboxServer
    forks: Forks

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="l10nsync-sequence-"))
        self.repo = Repo(self.folder / "repo")
        self.runner = InProcess(self.server)
        self.runner.project()
        self.start = self.runner.mark()
        self.number = count()
        self.steps: list[str] = []
        self.inside = False
        self.killed: set[str] = set()
        """Branches whose last push was killed."""
        self.paid: dict[str, set[str]] = {}
        """Text to the namespaces in which it was given to translators."""
        self.deleted = 0
        """Files that prunes have deleted."""

    # what there is

    def sources(self) -> list[str]:
        """Return the paths of the sources here."""
        found = self.repo.root.glob("*/en/*.json")
        return sorted(path.relative_to(self.repo.root).as_posix() for path in found)

    def source(self, at: int) -> str:
        """Return one of the sources."""
        found = self.sources()
        return found[at % len(found)]

    def branch(self) -> str:
        return self.repo.branch

    def branches(self) -> list[str]:
        """Return the branches that are alive, the default branch aside."""
        return self.repo.git("branch", "--list", "--format=%(refname:short)", "feature/*").split()

    def prefix(self) -> str:
        """Return what the manifest puts before the branch in fileUris."""
        return ""

    def dumped(self, texts: dict[str, str]) -> str:
        return json.dumps(texts, indent=1)

    def texts(self, path: str) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.repo.read(path))
        return found

    def save(self, path: str, texts: dict[str, str]) -> None:
        self.repo.commit({path: self.dumped(texts)})

    def fresh(self, about: str) -> str:
        """Return a text that there never was."""
        number = next(self.number)
        return f"Text {number} of {about}, unlike any other by {number * 7919}"

    def new(self) -> dict[str, str]:
        """Return the texts of a file that there never was; git tells no story of files below 400 bytes."""
        who = f"file {next(self.number)}"
        return {"who": f"This is {who}"} | {f"k{index}": self.fresh(who) for index in range(8)}

    def is_reused(self, path: str, who: str) -> bool:
        """Whether another living branch has another file at PATH.

        What then happens is not promised (`docs/branches.md`): such a branch takes the file that the default
        branch has there now for its own, and may begin anew in that file's namespace.
        """
        for branch in {"main", *self.branches()} - {self.branch()}:
            if self.repo.git("ls-tree", branch, path):
                there = json.loads(self.repo.git("show", f"{branch}:{path}"))
                if there["who"] != who:
                    return True
        return False

    def files(self) -> dict[str, Any]:
        """Return what the TMS has, by fileUri."""
        found: dict[str, Any] = self.runner.control.view(self.runner.ident)["files"]
        return found

    def translations(self) -> dict[str, dict[str, dict[str, str]]]:
        """Return the translations that the TMS has, by fileUri, locale and key."""
        return {
            uri: {
                locale: {key: text for key, _state, text in strings}
                for locale, strings in file["locales"].items()
            }
            for uri, file in self.files().items()
        }

    # what people do

    @initialize()
    @recorded
    def begin(self) -> None:
        """Three sources, pushed and translated."""
        texts = {f"app/en/{name}.json": json.dumps(self.new(), indent=1) for name in "abc"}
        self.repo.commit({".l10n.yml": MANIFEST, **texts})
        self.push()
        self.translate()

    @rule(at=ANY, key=st.integers(0, 7))
    @recorded
    def edit(self, at: int, key: int) -> None:
        """Say one string otherwise."""
        path = self.source(at)
        texts = self.texts(path)
        self.save(path, texts | {f"k{key}": self.fresh(texts["who"].removeprefix("This is "))})

    @rule(at=ANY, back=st.integers(1, 3))
    @recorded
    def revert(self, at: int, back: int) -> None:
        """Give a source a text again that it had before."""
        path = self.source(at)
        who = self.texts(path)["who"]
        earlier = self.repo.git("log", "--format=%H", f"--skip={back}", "--max-count=1", "--", path).strip()
        if not earlier or not self.repo.git("ls-tree", earlier, path):
            return
        texts = self.repo.git("show", f"{earlier}:{path}")
        if json.loads(texts)["who"] == who:
            self.repo.commit({path: texts})

    @rule(folder=FOLDERS, name=NAMES)
    @recorded
    def add(self, folder: str, name: str) -> None:
        """Add a source."""
        path = f"{folder}/en/{name}.json"
        texts = self.new()
        if path not in self.sources() and not self.is_reused(path, texts["who"]):
            self.save(path, texts)

    @rule(at=ANY, folder=FOLDERS, name=NAMES)
    @recorded
    def rename(self, at: int, folder: str, name: str) -> None:
        """Give a source another path."""
        self.move(self.source(at), f"{folder}/en/{name}.json")
        self.repo.commit()

    @rule(old=FOLDERS, new=st.sampled_from(["app", "web", "lib"]))
    @recorded
    def rename_folder(self, old: str, new: str) -> None:
        """Give a folder another name, or put what it has into another folder, translations and all."""
        for path in self.repo.git("ls-files", "-z", f"{old}/").split("\0")[:-1]:
            self.move(path, path.replace(f"{old}/", f"{new}/", 1))
        self.repo.commit()

    def move(self, old: str, new: str) -> None:
        """Move a file, unless something is there."""
        taken = (self.repo.root / new).exists()
        if taken or (old in self.sources() and self.is_reused(new, self.texts(old)["who"])):
            return
        (self.repo.root / new).parent.mkdir(parents=True, exist_ok=True)
        self.repo.git("mv", old, new)

    @rule(one=ANY, other=ANY)
    @recorded
    def swap(self, one: int, other: int) -> None:
        """Let two sources have each other's path."""
        left, right = self.source(one), self.source(other)
        if not (
            self.is_reused(left, self.texts(right)["who"]) or self.is_reused(right, self.texts(left)["who"])
        ):
            self.repo.commit({left: self.repo.read(right), right: self.repo.read(left)})

    @rule(at=ANY)
    @recorded
    def delete(self, at: int) -> None:
        """Delete a source."""
        if len(self.sources()) > 2:
            self.repo.git("rm", "--quiet", self.source(at))
            self.repo.commit()

    @rule()
    @recorded
    def leave(self) -> None:
        """Begin a branch; three are alive at most."""
        if len(self.branches()) < 3:
            self.repo.git("switch", "--quiet", "--create", f"feature/{next(self.number)}", "main")

    @rule(at=ANY)
    @recorded
    def switch(self, at: int) -> None:
        """Go on with another branch."""
        found = ["main", *self.branches()]
        self.repo.git("switch", "--quiet", found[at % len(found)])

    @rule()
    @recorded
    def catch_up(self) -> None:
        """Merge the default branch into the present one."""
        self.take("main")

    @rule(at=ANY, keep=st.booleans())
    @recorded
    def merge(self, at: int, keep: bool) -> None:
        """Merge a branch into the default branch; leave it, if they clash."""
        if not (found := self.branches()):
            return
        branch = found[at % len(found)]
        self.repo.git("switch", "--quiet", "main")
        if self.take(branch) and not keep:
            self.repo.git("branch", "--quiet", "--delete", "--force", branch)

    def take(self, branch: str) -> bool:
        """Merge BRANCH into the present one; whether they fit."""
        try:
            self.repo.git("merge", "--quiet", "--no-ff", "--no-edit", branch)
        except CalledProcessError:
            self.repo.git("merge", "--abort")
            return False
        return True

    @rule()
    @recorded
    def translate(self) -> None:
        """Let the translators do all that they were given."""
        self.runner.translate(authorize=False)

    @rule(locale=st.sampled_from([*LOCALES]), percent=st.integers(1, 99), saved=st.booleans())
    @recorded
    def translate_some(self, locale: str, percent: int, saved: bool) -> None:
        """Let them do a part, of one locale; what is only saved is not published yet."""
        state = "pending" if saved else "published"
        self.runner.translate({locale: percent}, state=state, authorize=False)

    @rule(locale=st.sampled_from([*LOCALES]))
    @recorded
    def publish(self, locale: str) -> None:
        """Publish what is saved, of one locale."""
        self.runner.control.publish(self.runner.ident, [locale])

    @rule(at=ANY, key=st.sampled_from(["who", "k0", "k1"]))
    @recorded
    def correct(self, at: int, key: str) -> None:
        """Let the translators say something otherwise."""
        text = self.texts(self.source(at)).get(key, "")
        self.runner.translate(how={text: f"Correction {next(self.number)} of {text}"}, authorize=False)

    @rule()
    @recorded
    def push(self) -> None:
        """Push, and see that exactly the plan was carried out."""
        self.wait()
        plan = json.loads(self.runner.run(self.repo, "plan", "--format", "json").out)
        mark = self.runner.mark()
        said = self.pushed()
        killed = self.branch() in self.killed
        self.killed.discard(self.branch())
        if "taken first" in said:
            assert killed  # another plan was made once the files of the killed push were there
        else:
            self.check_plan(plan, Counter(self.runner.requests_since(mark)), killed=killed)
        self.note_payments()

    def pushed(self) -> str:
        """Push, and return what that said.

        A pull before the push of a source that has taken another one's path leaves translations of other
        texts under the same keys: a person has to say that these are no translations.
        """
        done = self.runner.run(self.repo, "push", code=None)
        if done.code == 8 and "that are translated here" in done.err:
            done = self.runner.run(self.repo, "push", "--yes", code=None)
        assert done.code == 0, done.err
        return done.out

    def check_plan(self, plan: dict[str, Any], done: Counter[str], *, killed: bool) -> None:
        """See that what was done is what PLAN says; KILLED says whether the push before was."""
        actions = Counter(each["action"] for each in plan["changes"])
        uploads, planned = done["uploadFileToJobBatchV2"], actions["upload"]
        # What a killed push has sent into a batch that still runs is taken up, not sent again; what has
        # changed since then may need a batch of its own.
        assert uploads <= planned if killed else uploads == planned, plan
        # While an empty job is removed, a batch of ours keeps others out of it.
        # What has to be confirmed before something else goes is in a batch of its own.
        rounds = 1 + max((each.get("round", 0) for each in plan["changes"]), default=0)
        assert done["createJobBatchV2"] <= rounds * len(plan["jobs"]) + done["deleteJob"] + killed, plan
        assert done["authorizeJob"] <= len(plan["jobs"]), plan

    def wait(self) -> None:
        """Let a second pass: the service's times have whole ones."""
        self.runner.control.advance(1)

    @rule()
    @recorded
    def pull(self) -> None:
        """Pull, and commit what came."""
        self.wait()
        self.runner.run(self.repo, "pull")
        self.repo.commit()

    @rule()
    @recorded
    def prune(self) -> None:
        """Delete the files of branches that are merged or gone; the default branch has all that it had."""
        self.wait()
        kinds = ("--branches", "merged", "--branches", "gone")
        listed = json.loads(self.runner.run(self.repo, "prune", *kinds, "--format", "json").out)["plan"]
        doomed = {each["fileUri"] for each in listed["changes"] if each["action"] == "delete"}
        if not doomed:
            return
        before = self.files()
        self.runner.run(self.repo, "prune", *kinds, "--apply", "--max-deletions", "99")
        after = self.files()
        assert before.keys() - after.keys() == doomed
        assert not any(uri.startswith("main/") for uri in doomed)
        self.deleted += len(doomed)
        held = {text for file in after.values() for _key, _plural, text in file["strings"]}
        for path in self.repo.git("ls-tree", "-r", "--name-only", "main").split():
            if "/en/" in path:
                texts = json.loads(self.repo.git("show", f"main:{path}")).values()
                assert self.paid.keys() & texts <= held, path

    @rule()
    @recorded
    def lose_the_cache(self) -> None:
        """Go on as a fresh clone does."""
        forget(self.repo)

    @rule(
        command=st.sampled_from(["push", "push", "pull"]),
        point=st.integers(2, 12),
        when=st.sampled_from(["hold", "hold_before"]),
    )
    @recorded
    def kill(self, command: str, point: int, when: str) -> None:
        """Kill a run at some request."""
        self.wait()
        self.runner.control.fault(when, project=self.runner.ident, nth=point)
        worker = self.forks.start(self.repo.root, self.runner.environment(), command)
        while worker.poll(0.005) is None:
            if self.runner.is_held():
                worker.kill()
        self.runner.control.clear_faults(self.runner.ident)
        self.runner.control.release()
        assert worker.code in {0, -9}, self.forks.output.read_text()
        if command == "push" and worker.code:
            self.killed.add(self.branch())
        self.note_payments()
        self.repo.commit()

    # what holds

    def teardown(self) -> None:
        """Check what shall hold after any sequence."""
        try:
            if self.steps:
                self.check()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    @recorded
    def check(self) -> None:
        """Check the present branch, and the default branch.

        What a killed push of the default branch has left is for that branch to authorize: it comes first.
        """
        if "main" in self.killed - {(branch := self.branch())}:
            self.repo.git("switch", "--quiet", "main")
            self.push()
            self.repo.git("switch", "--quiet", branch)
        self.check_branch()
        if self.branch() != "main":
            self.repo.git("switch", "--quiet", "main")
            self.check_branch()

    def check_branch(self) -> None:
        """See that twice is once, with the cache and without, that all is there, and nothing paid twice."""
        self.push()
        for forgetful in (False, True):
            if forgetful:
                forget(self.repo)
            mark = self.runner.mark()
            assert self.runner.run(self.repo, "push").out.startswith("No changes")
            assert not UPLOADS & set(self.runner.requests_since(mark))
        self.check_batches()
        self.translate()
        self.pull()
        for forgetful in (False, True):
            if forgetful:
                forget(self.repo)
            assert self.runner.run(self.repo, "pull").out.startswith("No changes")
        assert self.runner.requests_since(self.start).count("deleteUploadedSourceFile") == self.deleted
        self.check_payments()
        self.check_contents()

    def open_batches(self) -> list[Any]:
        """Return the batches of the present branch's open jobs that still wait for something."""
        self.runner.control.finish(self.runner.ident)
        view = self.runner.control.view(self.runner.ident)
        ended = {each["name"] for each in view["jobs"] if each["status"] in {"COMPLETED", "CANCELLED"}}
        mine = f"repo {self.branch()}"
        return [
            each for each in view["openBatches"] if each["job"].startswith(mine) and each["job"] not in ended
        ]

    def check_batches(self) -> None:
        """See that the next push ends what a killed one left open, of files that nobody sends any more."""
        if self.open_batches():
            self.edit(0, 0)
            self.push()
        assert not self.open_batches()

    def note_payments(self) -> None:
        """Remember in which namespaces each text was given to translators until now."""
        for file in self.files().values():
            texts = {key: text for key, _plural, text in file["strings"]}
            for strings in file["locales"].values():
                for key, _state, _text in strings:
                    self.paid.setdefault(texts[key], set()).add(file["namespace"])

    def check_payments(self) -> None:
        """See that each text was given to translators in one namespace only, all the time."""
        self.note_payments()
        assert {text: found for text, found in self.paid.items() if len(found) > 1} == {}

    def check_contents(self) -> None:
        """See that the TMS has our sources, and that our targets are its translations, none missing."""
        branch = self.branch()
        files, there = self.files(), self.translations()
        own = set(self.repo.git("diff", "--name-only", "main...HEAD").splitlines())
        for path in self.sources():
            uri = f"{self.prefix()}{branch}/{path}"
            if branch != "main" and path not in own:
                continue  # the default branch's file stands for it, as that branch has it
            texts = self.texts(path)
            assert {key: text for key, _plural, text in files[uri]["strings"]} == texts, uri
            for locale, name in LOCALES.items():
                assert there[uri].get(locale, {}).keys() == texts.keys(), (uri, locale)
                assert self.texts(path.replace("/en/", f"/{name}/")) == there[uri][locale], (uri, locale)


def sweep(
    server: SandboxServer,
    folder: Path,
    number: int,
    sequences: int,
    steps: int,
    kind: type[Sequences] = Sequences,
) -> None:
    """Play SEQUENCES of STEPS, which seed NUMBER decides."""
    with Forks(folder / "killed.txt") as forks:
        named: dict[str, Any] = {"server": server, "forks": forks}
        run_state_machine_as_test(
            seed(number)(type("Seeded", (kind,), named)),
            settings=settings(
                max_examples=sequences,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=(Phase.generate,),
            ),
        )


@pytest.fixture
def state(own_sandbox: SandboxServer, tmp_path: Path) -> Iterator[Sequences]:
    """Give a sequence that a test plays itself."""
    with Forks(tmp_path / "killed.txt") as forks:
        found: Sequences = type("Known", (Sequences,), {"server": own_sandbox, "forks": forks})()
        found.begin()
        yield found
        shutil.rmtree(found.folder)


def test_a_branch_after_swaps_that_no_push_saw(state: Sequences) -> None:
    """Swaps on the default branch, not pushed; a branch renames their folder, and back, and edits a file."""
    for one, other in ((1, 2), (1, 2), (2, 0)):
        state.swap(one=one, other=other)
    state.leave()
    state.rename_folder(old="app", new="web")
    state.rename_folder(old="web", new="app")
    state.edit(at=0, key=0)
    state.lose_the_cache()
    state.check()


def test_a_killed_swap_beside_a_new_file(state: Sequences) -> None:
    """A swap and a new file, and a push that is killed between the renames: no file begins anew."""
    state.swap(one=0, other=1)
    state.add(folder="web", name="c")
    state.kill(command="push", point=8, when="hold")
    state.check()


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "cache lost"])
def test_a_killed_swap_that_is_taken_back(state: Sequences, cache: bool) -> None:
    """Two files swap, the push is killed between the renames, they swap back: each keeps its namespace."""
    state.swap(one=2, other=1)
    state.translate()
    state.lose_the_cache()
    state.kill(command="push", point=11, when="hold")
    state.swap(one=1, other=2)
    if not cache:
        state.lose_the_cache()
    state.check()


def test_a_killed_swap_of_which_one_is_renamed(state: Sequences) -> None:
    """The cache is lost, and what a file holds tells whose it is: its namespace is told by history alone."""
    state.translate()
    state.swap(one=0, other=1)
    state.kill(command="push", point=10, when="hold")
    state.lose_the_cache()
    state.rename(at=1, folder="web", name="a")
    state.check()


@pytest.mark.parametrize("renamed", [3, 0], ids=["new file", "edited file"])
@pytest.mark.parametrize("when", ["hold", "hold_before"])
def test_a_file_that_is_renamed_after_its_upload_was_killed(
    state: Sequences, when: str, renamed: int
) -> None:
    """Its bytes are in a batch that nobody can take back: they are taken first, then the file is renamed."""
    state.add(folder="web", name="c")
    state.edit(at=0, key=0)
    state.kill(command="push", point=9, when=when)
    state.rename(at=renamed, folder="web", name="d")
    state.check()


def test_a_swap_after_an_upload_was_killed(state: Sequences) -> None:
    """What a batch still holds is not stored under the name that another file has got meanwhile."""
    state.edit(at=0, key=2)
    state.edit(at=2, key=1)
    state.kill(command="push", point=8, when="hold_before")
    state.swap(one=1, other=2)
    state.check()


def test_any_sequence_ends_well(own_sandbox: SandboxServer, tmp_path: Path) -> None:
    """Edits, renames, branches, merges, translations, kills, lost caches, in any order: a part of it."""
    sweep(own_sandbox, tmp_path, 0, SOME, 12)


@pytest.mark.sweep
@pytest.mark.parametrize("number", range(1, 21))
def test_any_long_sequence_ends_well(own_sandbox: SandboxServer, tmp_path: Path, number: int) -> None:
    """The same, 300 sequences of 30 steps in all."""
    sweep(own_sandbox, tmp_path, number, MANY, 30)
