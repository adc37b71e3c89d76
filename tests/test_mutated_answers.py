"""Any answer of the service, changed at any place, whatever command reads it: no defect, no lie."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from l10nsync.sandbox.testing import SandboxServer
from tests.in_process import InProcess
from tests.providers.between import AnswerChange, Between, standing_before
from tests.providers.test_nonsense import FREE, NONSENSE, at, may_be, places
from tests.repositories import Repo
from tests.runner import Runner
from tests.test_contexts import CONTEXT, SHOT, png
from tests.test_glossary import NAMED, keep
from tests.test_push_pull import MANIFEST, forget
from tests.test_questions import ask
from tests.test_smartmate import MANIFEST as ORDERS
from tests.test_smartmate import files as ordered_files

FEW, MANY = 1, 60
"""Changes while one command runs: in every run of the tests, and in `make test-sweeps`."""
READING = (
    "questions list", "questions show 1", "strings find Save", "files list", "files get src/de/a.json",
    "glossary pull", "plan", "plan --cost", "plan --pull", "job list", "job show 'repo main'",
    "job files 'repo main'", "context list", "context push --dry-run", "status", "verify",
    "pull --dry-run", "import --dry-run", "prune", "doctor", "check --online",
)  # fmt: skip
_TIMES = re.compile(r"\d+ m?s\b")
"""What `doctor` measures."""
SOURCE = json.dumps({"save": "Save", "cart": "The shopping cart"})


@pytest.fixture(scope="module")
def shop(
    sandbox_server: SandboxServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Runner, Repo, Between]]:
    """Give a project with a bit of everything, and what stands before its service."""
    runner = InProcess(sandbox_server)
    ident = runner.project()
    repo = Repo(tmp_path_factory.mktemp("mutated") / "repo")
    manifest = NAMED % ident + MANIFEST % {"authorize": "true"} + CONTEXT
    repo.commit(
        {".l10n.yml": manifest, "src/en/a.json": SOURCE, "src/en/b.json": SOURCE, ".gitignore": "e2e\n"}
    )
    (repo.root / SHOT).parent.mkdir(parents=True)
    (repo.root / SHOT).write_bytes(png())
    keep(runner)
    runner.run(repo, "push")
    runner.run(repo, "context", "push", code=None)
    runner.translate()
    runner.run(repo, "pull")
    ask(runner, "src/en/a.json", "Save", "Verb or noun?")
    runner.run(repo, "glossary", "pull")
    repo.commit({"src/en/c.json": SOURCE.replace("Save", "Open")})
    with standing_before(sandbox_server.url) as between:
        runner.environ = {"SMARTLING_API_URL": between.url, "SMARTMATE_API_URL": f"{between.url}/smartmate"}
        yield runner, repo, between


def changes(seen: list[Any]) -> Iterator[AnswerChange]:
    """Yield what can be changed in SEEN, so that no field may well have the new value."""
    for number, data in enumerate(seen):
        if is_file(data):
            continue
        for path in places(data):
            for new in NONSENSE:
                old = at(data, path)
                free = path[-1] in FREE or may_be(old, new) or type(old) is type(new)
                if not free:
                    yield number, path, new


def is_file(data: Any) -> bool:
    """Whether an answer is a file of the repository: with another content it is just another file."""
    return isinstance(data, dict) and data.keys() <= json.loads(SOURCE).keys()


def chosen(seen: list[Any], seed: str, many: int) -> list[AnswerChange]:
    possible = list(changes(seen))
    return Random(seed).sample(possible, min(many, len(possible)))


@pytest.mark.parametrize("many", [FEW, pytest.param(MANY, marks=pytest.mark.sweep)])
@pytest.mark.parametrize("command", READING)
def test_a_command_that_reads_is_not_deceived(
    shop: tuple[Runner, Repo, Between], command: str, many: int
) -> None:
    """It says what it would say anyway, or that something is wrong; it is no defect of its own."""
    runner, repo, between = shop
    argv = [*shlex.split(command), "--timeout", "60s", "--concurrency", "1"]

    def said(change: AnswerChange | None) -> tuple[int, str]:
        forget(repo)
        between.begin(change)
        done = runner.run(repo, *argv, code=None)
        return done.code, _TIMES.sub("", done.out)

    usual = said(None)
    assert usual[0] in {0, 6, 7}
    assert said(None) == usual
    wrong = []
    for change in chosen(list(between.seen), command, many):
        code, out = said(change)
        if code == 1 or (code == usual[0] and out != usual[1]):
            wrong.append((code, change[0], change[1], str(change[2])[:40]))

    assert wrong == []


@pytest.mark.parametrize("many", [2, pytest.param(MANY, marks=pytest.mark.sweep)])
def test_orders_are_neither_lost_nor_doubled(repo: Repo, sandbox_server: SandboxServer, many: int) -> None:
    """Whatever is wrong in an answer while texts are ordered: the next push makes it right, and once."""
    repo.commit({".l10n.yml": ORDERS, **ordered_files(1)})
    runner = Runner(sandbox_server)
    with standing_before(sandbox_server.url) as between:

        def push(change: AnswerChange | None) -> int:
            between.begin(change)
            return runner.run(repo, "push", "--timeout", "60s", "--concurrency", "1", code=None).code

        def fresh() -> None:
            runner.ident = sandbox_server.control.account()
            runner.environ = {
                "SMARTMATE_USERNAME": runner.ident,
                "SMARTMATE_API_URL": f"{between.url}/smartmate",
            }
            forget(repo)

        fresh()
        assert push(None) == 0
        usual = ordered(runner)
        wrong = []
        for change in chosen(list(between.seen), "orders", many):
            fresh()
            first, second = push(change), push(None)
            orders = ordered(runner)
            if first == 1 or second not in {0, 5} or orders != usual:
                wrong.append((first, second, orders, change[0], change[1], str(change[2])[:40]))

    assert wrong == []


def ordered(runner: Runner) -> int:
    """Return how many orders the account has."""
    view = runner.control.view(runner.ident)
    return len(view["requests"])
