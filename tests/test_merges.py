"""What a branch has sent is found again on the default branch, however it gets there, and paid once."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from subprocess import CalledProcessError

import pytest

from tests.forks import Forks
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.test_branch_story import Bill
from tests.test_push_pull import forget
from tests.test_renames import BRANCHED, MANIFEST, view

pytestmark = pytest.mark.in_process

HOW = ("merge", "squash", "rebase")
NEW = {f"new{index}": f"Added sentence {index}" for index in range(8)}
WORDS = 3 * 2
"""Words of one string in two locales."""


def save(repo: Repo, name: str, texts: dict[str, str], message: str = "change") -> None:
    repo.commit({f"app/en/{name}.json": json.dumps(texts, indent=1)}, message)


def begin(repo: Repo, runner: InProcess) -> Bill:
    """Push and translate a default branch with one source of eight strings; begin a branch."""
    repo.commit({".l10n.yml": BRANCHED})
    save(repo, "shop", {f"key{index}": f"Sentence number {index}" for index in range(8)})
    runner.run(repo, "push")
    runner.translate()
    repo.git("switch", "--quiet", "--create", "feature/new")
    return Bill(runner)


def add_and_rename(repo: Repo, runner: InProcess) -> None:
    """Push and translate a new source; rename it, with a string more."""
    save(repo, "first", NEW)
    runner.run(repo, "push")
    runner.translate()
    repo.git("mv", "app/en/first.json", "app/en/second.json")
    save(repo, "second", {**NEW, "more": "One more sentence"})


def take_in(repo: Repo, how: str, branch: str = "feature/new") -> None:
    """Bring a branch into the default branch, which has moved in the meantime."""
    repo.git("switch", "--quiet", "main")
    repo.commit({"README": f"{how} {branch}"})
    if how == "merge":
        repo.git("merge", "--quiet", "--no-ff", "--no-edit", branch)
    elif how == "squash":
        repo.git("merge", "--quiet", "--squash", branch)
        repo.commit(message="A title (#7)")
    else:
        repo.git("rebase", "--quiet", "main", branch)
        repo.git("switch", "--quiet", "main")
        repo.git("merge", "--quiet", "--ff-only", branch)


def push_main(repo: Repo, runner: InProcess, where: str) -> Repo:
    """Push the default branch: with what this clone knows, without it, or from a clone that knows nothing."""
    if where == "cache lost":
        forget(repo)
    if where == "fresh clone":
        clone = Repo(repo.root.parent / "fresh")
        clone.git("remote", "add", "origin", repo.root.as_uri())
        clone.git("fetch", "--quiet", "origin", "main")
        clone.git("reset", "--quiet", "--hard", "origin/main")
        repo = clone
    runner.run(repo, "push")
    return repo


@pytest.mark.parametrize("keeps", [pytest.param(True, marks=pytest.mark.sweep, id="kept"), False])
@pytest.mark.parametrize("where", ["cache", "cache lost", "fresh clone"])
@pytest.mark.parametrize("how", HOW)
def test_a_file_added_and_renamed_on_a_branch_is_paid_once(
    repo: Repo, runner: InProcess, how: str, where: str, keeps: bool
) -> None:
    """The default branch takes the namespace in which the branch's file has its strings."""
    runner.control.switches(runner.ident, rename_keeps_namespace=keeps)
    bill = begin(repo, runner)
    add_and_rename(repo, runner)
    runner.run(repo, "push")
    runner.translate()
    paid = bill.total()
    assert paid == (8 + 8 + 1) * WORDS
    take_in(repo, how)

    here = push_main(repo, runner, where)

    found = view(runner)
    assert found["main/app/en/second.json"]["namespace"] == "app/en/first.json"
    runner.translate()
    assert bill.total() == paid
    assert runner.run(here, "push").out.startswith("No changes")


@pytest.mark.parametrize("how", HOW)
def test_a_rename_that_no_push_saw_is_paid_once(repo: Repo, runner: InProcess, how: str) -> None:
    """The branch sent the file under a path that the default branch never had; what it holds tells."""
    bill = begin(repo, runner)
    add_and_rename(repo, runner)
    take_in(repo, how)

    push_main(repo, runner, "cache lost")

    assert view(runner)["main/app/en/second.json"]["namespace"] == "app/en/first.json"
    runner.translate()
    assert bill.total() == (8 + 8 + 1) * WORDS


def test_another_branchs_file_of_the_same_name_lends_nothing(repo: Repo, runner: InProcess) -> None:
    """Two files that only have their path in common are two files: each stays in its own namespace."""
    begin(repo, runner)
    repo.git("mv", "app/en/shop.json", "app/en/store.json")
    repo.commit()
    runner.run(repo, "push")
    assert view(runner)["feature/new/app/en/store.json"]["namespace"] == "app/en/shop.json"
    repo.git("switch", "--quiet", "main")
    save(repo, "store", NEW)

    runner.run(repo, "push")

    assert view(runner)["main/app/en/store.json"]["namespace"] == "app/en/store.json"


@pytest.mark.parametrize("path", ["shop", "fresh"])
def test_a_file_that_had_the_path_does_not_hide_the_one_that_holds_the_strings(
    repo: Repo, runner: InProcess, path: str
) -> None:
    """The default branch gave a path away and used it again, unpushed; a branch renamed and sent the file."""
    bill = begin(repo, runner)
    repo.git("switch", "--quiet", "main")
    repo.git("mv", "app/en/shop.json", "app/en/store.json")
    repo.commit()
    save(repo, "shop", NEW)
    if path != "shop":
        repo.git("mv", "app/en/shop.json", f"app/en/{path}.json")
        repo.commit()
    repo.git("switch", "--quiet", "--create", "feature/more")
    repo.git("mv", f"app/en/{path}.json", "app/en/other.json")
    repo.commit()
    runner.run(repo, "push")
    runner.translate()
    repo.git("switch", "--quiet", "main")
    forget(repo)

    runner.run(repo, "push")

    found = view(runner)
    assert found["main/app/en/store.json"]["namespace"] == "app/en/shop.json"
    shared = found["feature/more/app/en/other.json"]["namespace"]
    assert found[f"main/app/en/{path}.json"]["namespace"] == shared
    runner.translate()
    assert bill.total() == (8 + 8) * WORDS


def test_a_branch_renames_a_file_that_another_one_changed_places_with(repo: Repo, runner: InProcess) -> None:
    """The default branch has not pushed that yet: its file on the TMS still has the other path."""
    bill = begin(repo, runner)
    repo.git("switch", "--quiet", "main")
    shop = json.loads(repo.read("app/en/shop.json"))
    save(repo, "shop", {**shop, "key0": "Another sentence"})
    shop = repo.read("app/en/shop.json")
    save(repo, "fresh", NEW)
    repo.commit({"app/en/shop.json": repo.read("app/en/fresh.json"), "app/en/fresh.json": shop})
    repo.git("switch", "--quiet", "--create", "feature/more")
    repo.git("mv", "app/en/fresh.json", "app/en/store.json")
    repo.commit()
    forget(repo)

    runner.run(repo, "push")

    assert view(runner)["feature/more/app/en/store.json"]["namespace"] == "app/en/shop.json"
    runner.translate()
    assert bill.total() == 8 * WORDS + 2 * 2


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "cache lost"])
@pytest.mark.parametrize("path", ["store", "other"])
def test_a_branch_goes_on_beside_an_interrupted_rename(
    repo: Repo, runner: InProcess, forks: Forks, path: str, cache: bool
) -> None:
    """The default branch's file was renamed and is being sent; a branch edits it, or renames it again."""
    bill = begin(repo, runner)
    repo.git("switch", "--quiet", "main")
    repo.git("mv", "app/en/shop.json", "app/en/store.json")
    repo.commit()
    assert forks.kill(runner, repo.root, "push", at=1, operation="uploadFileToJobBatchV2")
    if not cache:
        forget(repo)
    repo.git("switch", "--quiet", "--create", "feature/more")
    if path != "store":
        repo.git("mv", "app/en/store.json", f"app/en/{path}.json")
    save(repo, path, {**json.loads(repo.read(f"app/en/{path}.json")), "key0": "Another sentence"})

    runner.run(repo, "push")
    repo.git("switch", "--quiet", "main")
    runner.run(repo, "push")

    assert {each["namespace"] for each in view(runner).values()} == {"app/en/shop.json"}
    runner.translate()
    assert bill.total() == 8 * WORDS + 2 * 2


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "cache lost"])
@pytest.mark.parametrize("renamed", [False, True], ids=["was edited", "was renamed"])
def test_a_killed_rename_on_a_branch_keeps_the_namespace(
    repo: Repo, runner: InProcess, forks: Forks, renamed: bool, cache: bool
) -> None:
    """The branch's own file goes on in it, although the default branch's file is there, too."""
    bill = begin(repo, runner)
    path = "store" if renamed else "shop"
    if renamed:
        repo.git("mv", "app/en/shop.json", "app/en/store.json")
    save(repo, path, {**json.loads(repo.read(f"app/en/{path}.json")), "key0": "Another sentence"})
    runner.run(repo, "push")
    runner.translate()
    repo.git("mv", f"app/en/{path}.json", "app/en/other.json")
    repo.commit()
    assert forks.kill(runner, repo.root, "push", at=1, operation="uploadFileToJobBatchV2")
    if not cache:
        forget(repo)

    runner.run(repo, "push")

    assert view(runner)["feature/new/app/en/other.json"]["namespace"] == "app/en/shop.json"
    runner.translate()
    assert bill.total() == 8 * WORDS + 2 * 2


def test_a_branch_on_top_of_a_branch_shares_its_strings(repo: Repo, runner: InProcess) -> None:
    """What is new on the first is not new on the second, although the default branch has none of it."""
    bill = begin(repo, runner)
    save(repo, "first", NEW)
    runner.run(repo, "push")
    repo.git("mv", "app/en/first.json", "app/en/second.json")
    repo.commit()
    runner.run(repo, "push")
    runner.translate()
    repo.git("switch", "--quiet", "--create", "feature/newer")
    forget(repo)

    runner.run(repo, "push")

    assert view(runner)["feature/newer/app/en/second.json"]["namespace"] == "app/en/first.json"
    runner.translate()
    assert bill.total() == 16 * WORDS


@pytest.mark.parametrize("kept", ["one", "both"])
def test_two_branches_rename_one_file_differently(repo: Repo, runner: InProcess, kept: str) -> None:
    """The first merge renames the file; the second renames it again, or makes a second one that shares it."""
    bill = begin(repo, runner)
    for branch, name in (("feature/x", "ex"), ("feature/y", "why")):
        repo.git("switch", "--quiet", "--create", branch, "main")
        repo.git("mv", "app/en/shop.json", f"app/en/{name}.json")
        repo.commit()
        runner.run(repo, "push")
    take_in(repo, "merge", "feature/x")
    runner.run(repo, "push")
    with pytest.raises(CalledProcessError):
        repo.git("merge", "--quiet", "--no-ff", "--no-edit", "feature/y")
    if kept == "one":
        repo.git("rm", "--quiet", "--force", "--ignore-unmatch", "app/en/ex.json", "app/en/shop.json")
    repo.commit(message="Merge branch 'feature/y'")

    runner.run(repo, "push")

    found = {uri: each["namespace"] for uri, each in view(runner).items() if uri.startswith("main/")}
    assert set(found.values()) == {"app/en/shop.json"}
    assert found.keys() >= ({"main/app/en/why.json"} | ({"main/app/en/ex.json"} if kept == "both" else set()))
    runner.translate()
    assert bill.total() == 8 * WORDS
    forget(repo)
    assert runner.run(repo, "push").out.startswith("No changes")


def test_a_reverted_rename_goes_back(repo: Repo, runner: InProcess) -> None:
    """The old path is in the history twice; its file is still there, with all it has."""
    bill = begin(repo, runner)
    repo.git("switch", "--quiet", "main")
    repo.git("mv", "app/en/shop.json", "app/en/store.json")
    repo.commit()
    runner.run(repo, "push")
    repo.git("revert", "--no-edit", "HEAD")
    forget(repo)

    assert runner.run(repo, "push").out.startswith("No changes")

    assert {each["namespace"] for each in view(runner).values()} == {"app/en/shop.json"}
    runner.translate()
    assert bill.total() == 8 * WORDS
    assert runner.run(repo, "push").out.startswith("No changes")


@pytest.mark.parametrize("manifest", [BRANCHED, MANIFEST], ids=["own fileUris", "one fileUri for all"])
def test_a_rename_that_a_shallow_clone_has_forgotten_is_paid_once(
    repo: Repo, runner: InProcess, manifest: str
) -> None:
    """Without history and cache the file is sent as a new one, in the namespace that has its strings."""
    repo.commit({".l10n.yml": manifest})
    save(repo, "shop", NEW)
    runner.run(repo, "push")
    runner.translate()
    bill = Bill(runner)
    paid = bill.total()
    repo.git("mv", "app/en/shop.json", "app/en/store.json")
    save(repo, "store", {**NEW, "more": "One more sentence"})
    repo.git("clone", "--quiet", "--depth=1", repo.root.as_uri(), "../shallow")

    runner.run(repo.root.parent / "shallow", "push")

    new = [each for uri, each in view(runner).items() if uri.endswith("store.json")]
    assert [each["namespace"] for each in new] == ["app/en/shop.json"]
    runner.translate()
    assert bill.total() == paid + WORDS


def test_a_chain_of_renames_over_many_pushes_ends_in_one_namespace(repo: Repo, runner: InProcess) -> None:
    """Pushed after each rename or not, with the cache or without; at the end from a clone of one commit."""
    bill = begin(repo, runner)
    repo.git("switch", "--quiet", "main")
    texts = {f"key{index}": f"Sentence number {index}" for index in range(8)}
    names = ["shop", "one", "two", "three", "four", "five"]
    for number, (old, new) in enumerate(pairwise(names)):
        repo.git("mv", f"app/en/{old}.json", f"app/en/{new}.json")
        texts |= {f"more{number}": f"One more {number}"}
        save(repo, new, texts)
        if number % 3 == 1:
            forget(repo)
        if number != 2:
            runner.run(repo, "push")
    save(repo, "five", texts | {"last": "The last one"})
    repo.git("clone", "--quiet", "--depth=1", repo.root.as_uri(), "../shallow")

    runner.run(repo.root.parent / "shallow", "push")

    assert {each["namespace"] for each in view(runner).values()} == {"app/en/shop.json"}
    runner.translate()
    assert bill.total() == (8 + 5 + 1) * WORDS


def test_new_files_cost_two_questions_each_where_a_branch_has_them(repo: Repo, runner: InProcess) -> None:
    """Nothing is asked where no branch has the file."""
    begin(repo, runner)
    for number in range(4):
        save(repo, f"new{number}", {"key": f"Sentence of {number}"})
    runner.run(repo, "push")
    take_in(repo, "squash")
    save(repo, "other", {"key": "Sentence of main"})
    forget(repo)
    mark = runner.mark()

    plan = json.loads(runner.run(repo, "plan", "--format", "json").out)

    assert sum(each["action"] == "upload" for each in plan["changes"]) == 5
    asked = Counter(runner.requests_since(mark))
    assert asked.pop("getFileTranslationStatusAllLocales") == 4 + 1  # and the one that is unchanged
    # What a branch has paid for is not counted as new: each of its files is read once.
    assert asked.pop("downloadSourceFile") == 4 + 1
    once = ("getProjectDetails", "getJobsByProject", "getRecentlyUploadedSourceFilesList")
    assert asked == dict.fromkeys(once, 1)


def test_a_pull_on_a_branch_behind_the_default_branch_is_no_failure(repo: Repo, runner: InProcess) -> None:
    """Main has taken a key out of a source: its translations fit there, and here once main is merged."""
    begin(repo, runner)
    repo.git("switch", "--quiet", "main")
    save(repo, "shop", {f"key{index}": f"Sentence number {index}" for index in range(7)})
    runner.run(repo, "push")
    repo.git("switch", "--quiet", "feature/new")

    behind = runner.run(repo, "pull").out

    assert "2 targets of another version of the source" in behind
    assert "app/en/shop.json, which is not sent from here: merge the branch" in behind
    assert not (repo.root / "app/de/shop.json").exists()

    repo.git("merge", "--quiet", "main")
    runner.run(repo, "pull")
    assert len(json.loads(repo.read("app/de/shop.json"))) == 7
    save(repo, "shop", {f"key{index}": f"Sentence number {index}" for index in range(6)})
    runner.run(repo, "push")
    save(repo, "shop", {f"key{index}": f"Sentence number {index}" for index in range(8)})
    assert "app/en/shop.json: push, then pull again" in runner.run(repo, "pull").out


def test_a_path_with_another_content_is_not_explained_by_a_branch(repo: Repo, runner: InProcess) -> None:
    """In a shallow clone: the branch's file of that path tells nothing of the file that is there now."""
    bill = begin(repo, runner)
    save(repo, "shop", {f"key{index}": f"Sentence number {index}" for index in range(9)})
    runner.run(repo, "push")
    repo.git("switch", "--quiet", "main")
    repo.git("merge", "--quiet", "feature/new")
    save(repo, "first", NEW)
    runner.run(repo, "push")
    runner.translate()
    paid = bill.total()
    repo.git("mv", "app/en/shop.json", "app/en/store.json")
    repo.git("mv", "app/en/first.json", "app/en/shop.json")
    repo.commit()
    place = repo.root.parent / "shallow"
    repo.git("clone", "--quiet", "--depth=1", repo.root.as_uri(), str(place))

    runner.run(place, "push")
    runner.translate()

    assert bill.total() == paid
    assert view(runner)["main/app/en/shop.json"]["namespace"] == "app/en/first.json"
