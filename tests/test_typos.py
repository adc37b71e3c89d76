"""A typing error in a manifest deletes nothing, on the TMS or here."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from l10nsync import layout, manifest
from l10nsync.errors import L10nSyncError
from l10nsync.layout import TrackedTree
from l10nsync.model import ListedFile, RemoteState, Sent, Source, fold
from l10nsync.plan import Action, Plan
from l10nsync.plan.prune import PruneFacts, plan_prune
from l10nsync.sandbox.testing import SandboxServer
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.test_prune import DELETE, branch, many
from tests.test_renames import BRANCHED, view

MANIFEST = BRANCHED + (
    "  - name: android\n    source: android/values/*.xml\n    target: android/values-{locale:android}/*.xml\n"
    '    exclude: ["**/secret*"]\n    directives: {placeholder_format: java}\n'
)
EXTRA = {
    f"android/values/s{index}.xml": f'<resources><string name="a">Text {index}</string></resources>'
    for index in range(3)
}
LETTERS = "abcdefghijklmnopqrstuvwxyz{}*/.-_\"': #,[]\n"


def typos(text: str, number: int, seed: int = 20260101) -> Iterator[str]:
    """Yield texts with one character dropped, inserted or replaced."""
    chance = random.Random(seed)
    made = 0
    while made < number:
        at = chance.randrange(len(text))
        wrong = {
            0: text[:at] + text[at + 1 :],
            1: text[:at] + chance.choice(LETTERS) + text[at:],
            2: text[:at] + chance.choice(LETTERS) + text[at + 1 :],
        }[chance.randrange(3)]
        if wrong != text:
            made += 1
            yield wrong


def laid_out(text: str, files: list[str]) -> tuple[Source, ...]:
    loaded = manifest.load(text.encode(), file=".l10n.yml", folder="", environ={"SMARTLING_PROJECT_ID": "p"})
    found = layout.lay_out(loaded, TrackedTree(files=files, branch="main"))
    if any(each.severity == "error" for each in found.diagnostics):
        raise L10nSyncError("the manifest does not fit the files")
    return found.sources


def test_a_thousand_typos_plan_no_deletion_of_a_source() -> None:
    """Decided from facts: whatever the manifest means by mistake, a path that git tracks is no orphan."""
    files = sorted([*many(), *EXTRA])
    gone = ["app/en/old.json"]
    right = laid_out(MANIFEST, files)
    listed = {fold(each.file_uri): ListedFile(each.file_uri, "json", "then") for each in right}
    memory = {
        key: Sent(each.uri, "then", "blob", "n", (), "s", path=source.path)
        for (key, each), source in zip(listed.items(), right, strict=True)
    }
    understood = 0
    for text in typos(MANIFEST, 1000):
        try:
            sources = laid_out(text, files)
            past = laid_out(text, [*files, *gone])
        except L10nSyncError:
            continue
        understood += 1
        facts = PruneFacts(
            project="default",
            sources=sources,
            past=tuple(each for each in past if each.path in gone),
            on_default=True,
            memory=memory,
            remote=RemoteState(files=listed),
        )
        plan = plan_prune(facts)
        assert isinstance(plan, Plan), text
        assert plan.count(Action.DELETE) == 0, text
    assert understood > 100


@pytest.mark.parametrize(
    ("number", "seed"),
    [(25, 0), *(pytest.param(125, seed, marks=pytest.mark.sweep) for seed in range(1, 9))],
)
def test_typos_delete_nothing(repo: Repo, sandbox_server: SandboxServer, number: int, seed: int) -> None:
    """The real commands, with every permission that can be given: 0 deletions there, and 0 here."""
    runner = InProcess(sandbox_server)
    runner.project()
    repo.commit({**many(MANIFEST), **EXTRA})
    runner.run(repo, "push")
    branch(repo, runner, "feature/alive")
    repo.commit({"app/en/never-sent.json": "{}"})
    repo.git("rm", "--quiet", "app/en/never-sent.json")
    repo.commit()
    before, here = view(runner), repo.git("ls-files", "-s")
    mark = runner.mark()

    for text in typos(MANIFEST, number, seed):
        repo.write({".l10n.yml": text})
        for kinds in ([], ["--branches", "merged", "--branches", "gone"]):
            arguments = ("prune", *kinds, "--max-deletions", "1000")
            if runner.run(repo, *arguments, code=None).code == 0:
                runner.run(repo, *arguments, "--apply", code=None)

    assert runner.requests_since(mark).count(DELETE) == 0
    assert view(runner) == before
    repo.git("checkout", "--quiet", ".l10n.yml")
    assert repo.git("ls-files", "-s") == here
    assert repo.git("status", "--porcelain", "--untracked-files=no") == ""
