"""Two pushes at the same moment, in every order of their requests that a seed may choose.

Two clones, as two runs of a CI have them, push to one project; at every request a scheduler decides which of
them moves on (`tests/racers.py`). Then the next push of the newest commit has to bring the TMS to what that
commit says. Every run of the tests plays a few races of each kind, `make test-sweeps` 2,000, and lets each
run stall before and after each of its requests. A failure names its seed: the race of that kind and seed is
always the same.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from l10nsync.sandbox.testing import SandboxServer
from tests.racers import Entry, Finish, Racers
from tests.repositories import Repo
from tests.test_push_pull import MANIFEST, forget

RACES = {
    "one commit": 320,
    "two commits": 360,
    "two commits, by whole seconds": 80,
    "a rename": 320,
    "two branches": 160,
    "an empty job": 200,
    "a lost cache": 280,
    "a kill": 280,
}
"""Kinds of races, and how many of each are played."""
SHARE = 20
"""Races of one test."""
FEW = 3
"""Races of each kind in every run of the tests."""
STEPS = 44
"""At least as many as a push has: one before, and one after each of its requests."""
STALLS = {"one commit": "a run", "two commits": "the older run", "two commits, swapped": "the newer run"}
"""Kinds of races to which of the runs stalls."""
LOCALES = ("de-DE", "fr-FR")


def shares() -> Iterator[Any]:
    """Yield kinds of races with the seeds that one test plays."""
    for kind, number in RACES.items():
        yield pytest.param(kind, range(FEW), id=f"{kind}-few")
        for first in range(0, number, SHARE):
            seeds = range(first, min(first + SHARE, number))
            yield pytest.param(kind, seeds, id=f"{kind}-{first:03}", marks=pytest.mark.sweep)


def stalls() -> Iterator[Any]:
    """Yield kinds of races with the steps at which one run stalls."""
    for kind, which in STALLS.items():
        yield pytest.param(kind, (9, 17, 21), id=f"{which}-few")
        for first in range(1, STEPS, SHARE):
            points = range(first, min(first + SHARE, STEPS + 1))
            yield pytest.param(kind, points, id=f"{which}-{first:03}", marks=pytest.mark.sweep)


@dataclass(frozen=True)
class Field:
    """Clones of one remote, as their runs of the CI have them: none has fetched what came later."""

    base: Repo
    """Of the commit that all come from, or that of the default branch."""
    older: Repo
    newer: Repo
    twin: Repo
    """Another one of the newest commit."""
    first: Mapping[str, str]
    """fileUri to texts, by lines, of what the commit `base` says."""
    newest: Mapping[str, str]
    """The same of the newest commit."""
    texts: int
    """How many texts all of them have: each is paid for once."""
    gone: tuple[str, ...] = ()
    """fileUris that the newest commit has renamed."""


def _source(text: str) -> str:
    return json.dumps({f"key{number}": line for number, line in enumerate(text.split("\n"))})


BASE = {"src/en/f0.json": "Text zero", "src/en/f1.json": "Text one", "src/en/f2.json": "Text two"}
OLDER = {**BASE, "src/en/f0.json": "The older text", "src/en/f1.json": "Text one of both"}
NEWER = {**OLDER, "src/en/f0.json": "The newer text", "src/en/f3.json": "A new text"}
RENAMED = {"src/en/g0.json": OLDER["src/en/f0.json"], **{k: v for k, v in OLDER.items() if "f0" not in k}}
EDITED = {**RENAMED, "src/en/g0.json": "Renamed and edited"}
LONG = {**BASE, "src/en/f0.json": "Zero\nOne\nTwo\nThree\nFour"}
SHORTER = {**LONG, "src/en/f0.json": "Zero\nOne\nTwo\nThree"}
GROWN = {**SHORTER, "src/en/f1.json": "Text one\nand another"}
BRANCHED = {**BASE, "src/en/f0.json": "The text of the branch"}


@pytest.fixture(scope="module")
def fields(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Field]:
    """Give the clones of each kind of history."""
    folder = tmp_path_factory.mktemp("fields")
    return {
        "newer": _field(folder / "newer", (BASE, OLDER, NEWER)),
        "renamed": _field(folder / "renamed", (BASE, OLDER, RENAMED), gone=("src/en/f0.json",)),
        "edited": _field(folder / "edited", (BASE, OLDER, EDITED), gone=("src/en/f0.json",)),
        "empty": _field(folder / "empty", (LONG, SHORTER, GROWN)),
        "branches": _branches(folder / "branches"),
    }


def _field(folder: Path, states: Sequence[Mapping[str, str]], gone: tuple[str, ...] = ()) -> Field:
    made = Repo(folder / "made")
    clones = []
    for texts in states:
        for path in gone if texts is states[-1] else ():
            made.git("mv", path, path.replace("/f", "/g"))
        made.commit({".l10n.yml": MANIFEST % {"authorize": "true"}, **_sources(texts)})
        clones.append(_clone(made, folder))
    base, older, newer = clones
    return Field(base, older, newer, _clone(made, folder), states[0], states[-1], len(_lines(*states)), gone)


def _lines(*states: Mapping[str, str]) -> set[str]:
    return {line for texts in states for text in texts.values() for line in text.split("\n")}


def _branches(folder: Path) -> Field:
    made = Repo(folder / "made")
    manifest = (MANIFEST % {"authorize": "true"}).replace(
        "    target:", '    fileUri: "{branch}/{path}"\n    target:'
    )
    made.commit({".l10n.yml": manifest, **_sources(BASE)})
    main, twin = _clone(made, folder), _clone(made, folder)
    made.git("switch", "--quiet", "--create", "feature")
    made.commit(_sources(BRANCHED))
    feature = _clone(made, folder)
    newest = {f"main/{path}": text for path, text in BASE.items()}
    newest["feature/src/en/f0.json"] = BRANCHED["src/en/f0.json"]
    return Field(main, main, feature, twin, BASE, newest, len(_lines(newest)))


def _sources(texts: Mapping[str, str]) -> dict[str, str]:
    return {path: _source(text) for path, text in texts.items()}


def _clone(made: Repo, folder: Path) -> Repo:
    """Push what MADE has checked out, and return a clone of that moment."""
    remote = folder / "app.git"
    if not remote.exists():
        made.git("init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    made.git("push", "--quiet", remote.as_uri(), "HEAD")
    branch = made.git("branch", "--show-current").strip()
    root = folder / f"clone{len(list(folder.glob('clone*')))}" / "app"
    made.git("clone", "--quiet", "--branch", branch, remote.as_uri(), str(root))
    return Repo(root)


# --- one race -----------------------------------------------------------------------------------------


@dataclass
class Race:
    """One race in a project of its own."""

    kind: str
    seed: int
    field: Field
    server: SandboxServer
    racers: Racers
    stall: int = 0
    """The step at which one of them stalls; 0 leaves everything to chance."""

    def __post_init__(self) -> None:
        self.chance = Random(f"{self.kind} {self.seed}")
        self.project = self.server.control.project(LOCALES)
        # In the sandbox's hurry, two uploads would have the same second, unless each step takes one.
        seconds = "whole seconds" in self.kind
        self.clock = self.server.url if seconds else ""
        self.server.control.switches(self.project, last_uploaded_millis=not seconds)
        self.server.control.policies(self.project, batch={"looks": 1})

    def entry(self, repo: Repo, *argv: str, dies_at: int = 0) -> Entry:
        """Return a push from a clone."""
        clean = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "TMPDIR") if key in os.environ}
        environ = {
            **clean,
            **self.server.environment(self.project),
            "CI": "true",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        return Entry(str(repo.root), ["--concurrency", "1", "push", *argv], environ, dies_at)

    def run(self) -> None:
        """Prepare, race, judge, repair, judge."""
        field = self.field
        for each in (field.base, field.older, field.newer, field.twin):
            forget(each)
        first, second = self._rivals()
        self._prepare(first, second)
        dying = self.chance.randrange(2) if self.kind == "a kill" else None
        entries = [
            self.entry(each, dies_at=self.chance.randint(1, STEPS) if number == dying else 0)
            for number, each in enumerate((first, second))
        ]
        if "swapped" in self.kind:
            ended = self.racers.race(entries[::-1], self.seed, self.stall)[::-1]
        else:
            ended = self.racers.race(entries, self.seed, self.stall, self.clock)
        self._judge(ended)
        if self.chance.random() < 0.5:
            forget(second)
        repairs = [first, second] if self.kind == "two branches" else [second]
        for repo in repairs:
            (again,) = self.racers.race([self.entry(repo)])
            assert again.code == 0, self._told([*ended, again])
        if ended[0].code == -9 and again.out.startswith("No changes") and self._view()["openBatches"]:
            # Of an older commit, and after the newer one had ended: it waits for a push that sends something.
            (again,) = self.racers.race([self.entry(second, "--force")])
        self._judge_the_end([*ended, again])

    def _rivals(self) -> tuple[Repo, Repo]:
        field = self.field
        return (field.newer, field.twin) if self.kind == "one commit" else (field.older, field.newer)

    def _prepare(self, *rivals: Repo) -> None:
        """Leave the TMS empty, or let it hold what the base says; give the cache of that push to some."""
        control = self.server.control
        if self.kind == "a lost cache":
            self.racers.race([self.entry(self.field.base)])
            for each in rivals:
                if self.chance.random() < 0.5:
                    shutil.copytree(self.field.base.root / ".git/l10nsync", each.root / ".git/l10nsync")
        elif self.kind != "two branches" and (
            self.kind in {"a rename", "an empty job"} or self.chance.random() < 0.5
        ):
            for path, text in self.field.first.items():
                control.source(self.project, path, "json", _source(text).encode(), namespace=path)
            control.translate(self.project)

    def _judge(self, ended: Sequence[Finish]) -> None:
        """Hold the runs to what they say: success, or superseded; nothing newer is lost in silence."""
        told, newest = self._told(ended), ended[-1]
        superseded = [each for each in ended if each.code == 8]
        assert {each.code for each in ended} <= {0, 8, -9}, told
        assert all("supersede" in each.out + each.err for each in superseded), told
        if self.kind in {"one commit", "two branches"}:
            assert not superseded, told
        assert superseded or newest.code == -9 or self._missing() == [], f"lost silently: {told}"

    def _judge_the_end(self, ended: Sequence[Finish]) -> None:
        told = self._told(ended)
        assert self._missing() == [], told
        view = self._view()
        assert view["openBatches"] == [], told
        assert view["files"].keys() - self.field.newest.keys() <= set(self.field.gone), told
        branches = 2 if self.kind == "two branches" else 1
        assert len(view["jobs"]) == branches, told
        for uri in self.field.newest:
            rows = view["files"][uri]["locales"]
            states = [state for locale in LOCALES for _key, state, _text in rows.get(locale, ())]
            assert len(states) == len(view["files"][uri]["strings"]) * len(LOCALES), (uri, told)
            assert "new" not in states, (uri, told)
        paid = sum(job["strings"] for job in view["jobs"])
        assert paid <= self.field.texts * len(LOCALES), (paid, told)

    def _view(self) -> dict[str, Any]:
        self.server.control.finish(self.project)  # what the service does by itself, in its own time
        return self.server.control.view(self.project)

    def _missing(self) -> list[str]:
        """Return the fileUris that the TMS does not hold as the newest commit says."""
        files = self.server.control.view(self.project)["files"]
        return [
            uri
            for uri, text in self.field.newest.items()
            if uri not in files or [each[2] for each in files[uri]["strings"]] != text.split("\n")
        ]

    def _told(self, ended: Sequence[Finish]) -> str:
        runs = (f"--- exit {each.code} after {each.steps} steps\n{each.out}{each.err}" for each in ended)
        return "\n".join((f"{self.kind}, seed {self.seed}", *runs))


@pytest.fixture(scope="module")
def racers() -> Iterator[Racers]:
    """Give a process that lets pushes race."""
    with Racers() as found:
        yield found


def _of(kind: str, seed: int) -> str:
    """Return the history that a race is about."""
    rename = ("renamed", "edited")[seed % 2]
    return {"two branches": "branches", "a rename": rename, "an empty job": "empty"}.get(kind, "newer")


@pytest.mark.parametrize(("kind", "seeds"), list(shares()))
def test_in_any_order_the_newest_commit_has_the_last_word(
    sandbox_server: SandboxServer,
    racers: Racers,
    fields: Mapping[str, Field],
    kind: str,
    seeds: Iterable[int],
) -> None:
    """The newest wins or somebody says *superseded*; the next run repairs; one job, all paid once."""
    for seed in seeds:
        Race(kind, seed, fields[_of(kind, seed)], sandbox_server, racers).run()


@pytest.mark.parametrize(("kind", "points"), list(stalls()))
def test_a_run_may_stall_anywhere(
    sandbox_server: SandboxServer,
    racers: Racers,
    fields: Mapping[str, Field],
    kind: str,
    points: Iterable[int],
) -> None:
    """Before or after any request, while the other one runs to its end, however long that takes."""
    for point in points:
        Race(kind, point, fields["newer"], sandbox_server, racers, stall=point).run()
