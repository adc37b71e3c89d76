"""Which earlier paths the present files had, told by git's history."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from l10nsync.model import Commit, FileStep
from l10nsync.plan.lineage import Lineages, trace
from l10nsync.workspace import Workspace
from tests.repositories import Repo


def followed(repo: Repo) -> Lineages:
    """Return the lineages of the files that HEAD has."""
    workspace = Workspace.open(repo.root)
    tree = workspace.tree()
    return trace(workspace.commits(), tree, workspace.brought, tree, workspace.blobs)


def earlier(repo: Repo, path: str) -> list[str]:
    """Return the earlier paths of a file, the latest first."""
    return [stage.path for stage in followed(repo).earlier(path)]


def long(name: str) -> str:
    """Return a text that git takes for a file of its own."""
    return "".join(f"{name} says {number} things\n" for number in range(40))


def test_a_chain_of_renames_is_followed(repo: Repo) -> None:
    """One rename after the other, with edits between them."""
    repo.commit({"a": long("one")})
    repo.git("mv", "a", "b")
    repo.commit({"b": long("one") + "more\n"})
    repo.git("mv", "b", "c")
    repo.commit({"c": long("one") + "more\nand more\n"})

    assert earlier(repo, "c") == ["b", "a"]


def test_a_swap_is_seen_for_small_and_for_large_files(repo: Repo) -> None:
    """Git takes a swap of small files for two changes; what they hold tells."""
    repo.commit({"a": "one\n", "b": "two\n", "c": long("three"), "d": long("four")})
    repo.commit({"a": "two\n", "b": "one\n", "c": long("four"), "d": long("three")})

    for path, other in ("ab", "ba", "cd", "dc"):
        assert earlier(repo, path) == [other], path


def test_a_swap_with_edits_is_seen_for_small_files(repo: Repo) -> None:
    """What is most like it was the same file, also in another encoding; a file that was only edited stays."""
    one, two, three = (
        "".join(f"{name} {number}\n" for number in range(6)) for name in ("one", "two", "three")
    )
    repo.commit({"a": one, "b": two, "c": three})
    repo.commit({"a": two + "more\n", "b": (one + "and\n").encode("utf-16"), "c": three.replace("3", "9")})

    assert (earlier(repo, "a"), earlier(repo, "b"), earlier(repo, "c")) == (["b"], ["a"], [])


def test_a_rename_onto_a_deleted_name_with_edits_is_seen_for_small_files(repo: Repo) -> None:
    """The deleted file and the one that took its name are told apart."""
    one, two = ("".join(f"{name} {number}\n" for number in range(6)) for name in ("one", "two"))
    former = {"x": one, "y": two}
    repo.commit(former)
    old = repo.git("rev-parse", "HEAD:x").strip()
    repo.git("rm", "--quiet", "y")
    repo.commit({"x": two + "more\n"})

    found = followed(repo)

    assert [stage.path for stage in found.earlier("x")] == ["y"]
    assert not found.held("x", old)


def test_a_shift_is_seen(repo: Repo) -> None:
    """Each file takes the name of the next."""
    repo.commit({"a": "one\n", "b": "two\n"})
    repo.git("mv", "b", "c")
    repo.git("mv", "a", "b")
    repo.commit()

    assert (earlier(repo, "c"), earlier(repo, "b")) == (["b"], ["a"])


def test_a_rename_onto_a_deleted_name_remembers_the_other_file(repo: Repo) -> None:
    """What had the name before is told apart from what has it now."""
    repo.commit({"x": "old x\n", "y": "why\n"})
    former = repo.git("rev-parse", "HEAD:x").strip()
    repo.git("rm", "--quiet", "x")
    repo.git("mv", "y", "x")
    repo.commit()

    found = followed(repo)

    assert [stage.path for stage in found.earlier("x")] == ["y"]
    assert former in found.former["x"]
    assert not found.held("x", former)


def test_a_merge_brings_its_renames(repo: Repo) -> None:
    """The line of the branch is followed; what a merge brought in is one step of it."""
    repo.commit({"a": long("one"), "b": long("two")})
    repo.git("switch", "--quiet", "--create", "feature")
    repo.git("mv", "a", "z")
    repo.commit()
    repo.git("switch", "--quiet", "main")
    repo.commit({"b": long("two") + "more\n"})
    repo.git("merge", "--quiet", "--no-ff", "--no-edit", "feature")

    assert earlier(repo, "z") == ["a"]


def test_a_file_that_a_merge_brought_is_followed_into_the_branch(repo: Repo) -> None:
    """Through its renames there, and back to the default branch, however much was edited between."""
    repo.commit({"a": long("one"), "other": long("two")})
    repo.git("switch", "--quiet", "--create", "feature")
    repo.commit({"new": long("new")})
    repo.git("mv", "new", "newer")
    repo.git("mv", "a", "b")
    repo.commit()
    lines = long("one").splitlines(keepends=True)
    repo.commit({"b": "".join([*lines[:26], *long("three").splitlines(keepends=True)[26:]])})
    repo.commit({"b": long("three")})
    repo.git("switch", "--quiet", "main")
    repo.commit({"README": "moved on"})
    repo.git("merge", "--quiet", "--no-ff", "--no-edit", "feature")

    assert earlier(repo, "newer") == ["new"]
    assert earlier(repo, "b") == ["a"]


def test_a_file_that_was_deleted_and_added_again_begins_anew(repo: Repo) -> None:
    """What had the same path before a deletion is another file."""
    repo.commit({"a": long("one")})
    repo.git("mv", "a", "b")
    repo.commit()
    repo.git("rm", "--quiet", "b")
    repo.commit()
    repo.commit({"b": long("another")})

    assert earlier(repo, "b") == []


def test_any_name_is_followed(repo: Repo) -> None:
    """Spaces, line breaks, quotes, letters of any script."""
    repo.commit({"a b": long("one")})
    (repo.root / "ü").mkdir()
    repo.git("mv", "a b", 'ü/"日"\n\x01')
    repo.commit()

    assert earlier(repo, 'ü/"日"\n\x01') == ["a b"]


NAMES = st.sampled_from("abcdef")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.tuples(NAMES, NAMES), max_size=4), max_size=6))
def test_files_are_followed_through_any_permutation(moves: list[list[tuple[str, str]]]) -> None:
    """Whatever is renamed in one commit at once, each file is traced back to the name it began with."""
    tree = {name: name.upper() for name in "abcdef"}
    origin = dict(tree)
    commits: list[Commit] = []
    for swaps in moves:
        before = dict(tree)
        for first, second in swaps:
            tree[first], tree[second] = tree[second], tree[first]
        steps = (
            FileStep("M", name, name, before[name], tree[name]) for name in tree if tree[name] != before[name]
        )
        commits.append(Commit("", tuple(steps)))
    began = {content: name for name, content in origin.items()}

    found = trace(reversed(commits), tree)

    for name, content in tree.items():
        stages = found.stages[name]
        assert stages[-1].path == began[content]
        assert all(content in stage.blobs for stage in stages)
