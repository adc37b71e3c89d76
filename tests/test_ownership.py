"""A push replaces only what is ours: not what another branch has sent, nor what nobody here knows."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.in_process import InProcess
from tests.repositories import Repo
from tests.test_push_pull import forget

pytestmark = pytest.mark.in_process

MANIFEST = """version: 1
sourceLocale: en-US
locales: {de-DE: de}
job: {name: "NAME"}
resources:
  - {name: web, source: "app/en/*", target: "app/{locale}/*", fileUri: "RULE"}
"""
URI = "app/en/a.json"


def manifest(rule: str = "{path}", name: str = "{repo} {branch}") -> str:
    return MANIFEST.replace("RULE", rule).replace("NAME", name)


def text(**strings: str) -> str:
    return json.dumps(strings)


def started(repo: Repo, source: str, rule: str = "{path}", name: str = "{repo} {branch}") -> Repo:
    """Return a repository with one source, at a remote of its own."""
    repo.commit({".l10n.yml": manifest(rule, name), URI: source})
    remote = repo.root.parent / f"{repo.root.name}.git"
    repo.git("init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    repo.git("-C", str(remote), "config", "uploadpack.allowFilter", "true")
    repo.git("remote", "add", "origin", remote.as_uri())
    repo.git("push", "--quiet", "--set-upstream", "origin", "main")
    return repo


def clone(repo: Repo, folder: Path, *flags: str) -> Repo:
    """Return a clone that has the name of the repository, and no cache."""
    place = folder / repo.root.name
    repo.git("clone", "--quiet", *flags, f"{repo.root.as_uri()}.git", str(place))
    return Repo(place)


def amend(repo: Repo, source: str) -> None:
    """Say another thing in the commit that was pushed."""
    repo.write({URI: source})
    repo.git("add", "--all")
    repo.git("commit", "--quiet", "--amend", "--message=better")


# --- another repository ---------------------------------------------------------------------------------


def test_another_repository_is_not_replaced(repo: Repo, runner: InProcess, tmp_path: Path) -> None:
    """A content that nothing here knows stays, with both ways out, and other flags do not let it through."""
    theirs = text(a="One", b="Two", c="Three")
    runner.run(started(repo, theirs), "push")
    other = started(Repo(tmp_path / "other"), text(a="Eins", b="Zwei", c="Three"))

    for argv in (
        ("push",),
        ("push", "--accept-shrink"),
        ("push", "--accept-superseded"),
        ("push", "--force"),
    ):
        refused = runner.run(other, *argv, code=8)
        assert "collision" in refused.out
        assert 'fileUri: "{repo}/{path}"' in refused.out
        assert "--accept-collision" in refused.out
    plan = json.loads(runner.run(other, "plan", "--format", "json").out)
    assert [(each["action"], each["reason"]) for each in plan["changes"]] == [("block", "collision")]
    runner.run(other, "plan", "--exit-code", code=3)
    status = json.loads(runner.run(other, "status", "--format", "json").out)
    assert [each["standing"] for each in status["files"]] == ["collision"]
    assert "1 collision" in runner.run(other, "status", "--fail-if-incomplete", code=6).out
    assert runner.original(URI) == theirs.encode()

    runner.run(other, "push", "--accept-collision")
    assert runner.original(URI) == other.read(URI)


def test_a_rename_puts_nobody_elses_file_aside(repo: Repo, runner: InProcess, tmp_path: Path) -> None:
    """A source that gets the path of another repository's file waits: that one is not replaced."""
    runner.run(started(repo, text(a="One", b="Two")), "push")
    other = started(Repo(tmp_path / "other"), text(x="Eins", y="Zwei"))
    other.git("mv", URI, "app/en/z.json")
    other.commit()
    runner.run(other, "push")
    other.git("mv", "app/en/z.json", URI)
    other.commit()
    refused = runner.run(other, "push", code=8)

    assert "collision" in refused.out
    assert set(runner.control.view(runner.ident)["files"]) == {URI, "app/en/z.json"}
    assert runner.original(URI) == repo.read(URI)
    runner.run(other, "push", "--accept-collision")
    assert runner.original(URI) == other.read(URI)


def test_the_repository_in_the_file_uri_keeps_two_apart(
    repo: Repo, runner: InProcess, tmp_path: Path
) -> None:
    """Each has its own file, and may say there what it likes, however its history was rewritten."""
    other = Repo(tmp_path / "other")
    for place, words in ((repo, "One"), (other, "Two")):
        runner.run(started(place, text(a=words), "{repo}/{path}", "release"), "push")
    amend(other, text(a="Rewritten"))
    other.git("reflog", "expire", "--expire=now", "--all")
    forget(other)
    other.git("push", "--quiet", "--force", "origin", "main")
    runner.run(other, "push")

    assert runner.original(f"other/{URI}") == text(a="Rewritten").encode()
    assert runner.original(f"repo/{URI}") == text(a="One").encode()


def test_an_unknown_content_that_is_mostly_ours_is_replaced(
    repo: Repo, runner: InProcess, tmp_path: Path
) -> None:
    """Half of its strings are enough, and a notice says it."""
    runner.run(started(repo, text(a="One", b="Two")), "push")
    other = started(Repo(tmp_path / "other"), text(a="One", b="Zwei", c="Drei"))

    assert "replaces content that is not from this repository" in runner.run(other, "push").out
    assert runner.original(URI) == other.read(URI)


def test_a_file_of_another_type_is_not_replaced(repo: Repo, runner: InProcess, tmp_path: Path) -> None:
    """What cannot be read as ours has nothing in common with it."""
    rule = manifest().replace('"RULE"', '"x"').replace("{path}", "shared")
    repo.commit({".l10n.yml": rule, "app/en/a.properties": "a=One\n"})
    runner.run(repo, "push")
    other = Repo(tmp_path / "other")
    other.commit({".l10n.yml": rule, "app/en/a.json": text(a="One")})

    assert "collision" in runner.run(other, "push", code=8).out
    assert runner.original("shared") == b"a=One\n"


# --- ours, though rewritten -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("branch", "memory"),
    [
        ("main", "cache"),
        ("topic", "no cache"),
        ("main", "fresh clone"),
        ("topic", "fresh clone"),
        ("main", "depth 1"),
        ("topic", "depth 1"),
        ("main", "depth 1, amended there"),
    ],
)
def test_a_rewritten_commit_of_one_string_is_pushed(
    repo: Repo, runner: InProcess, tmp_path: Path, branch: str, memory: str
) -> None:
    """Nothing in the history has what the TMS holds any more, and it is ours all the same."""
    started(repo, text(a="Quite another text"))
    repo.git("checkout", "--quiet", "-B", branch)
    repo.commit({URI: text(a="The first wording")})
    repo.git("push", "--quiet", "origin", branch)
    runner.run(repo, "push")
    place = repo
    if memory == "depth 1, amended there":
        place = clone(repo, tmp_path / "clone", "--depth=1", f"--branch={branch}")
    amend(place, text(a="A better one"))
    place.git("push", "--quiet", "--force", "origin", branch)
    if memory in {"fresh clone", "depth 1"}:
        flags = ["--depth=1"] if memory == "depth 1" else []
        place = clone(repo, tmp_path / "clone", f"--branch={branch}", *flags)
    if memory == "no cache":
        forget(place)
    runner.run(place, "push")

    assert runner.original(URI) == place.read(URI)


def test_a_squashed_branch_of_one_string_is_pushed(repo: Repo, runner: InProcess) -> None:
    """On the default branch, what any branch known here has sent is ours."""
    started(repo, text(a="Quite another text"), name="release")
    repo.git("checkout", "--quiet", "-b", "topic")
    repo.commit({URI: text(a="The branch's first wording")})
    runner.run(repo, "push")
    repo.commit({URI: text(a="The branch's last wording")})
    repo.git("checkout", "--quiet", "main")
    repo.git("merge", "--quiet", "--squash", "topic")
    repo.commit()
    forget(repo)
    runner.run(repo, "push")

    assert runner.original(URI) == text(a="The branch's last wording").encode()


def test_what_only_the_resolution_of_a_merge_held_is_known(repo: Repo, runner: InProcess) -> None:
    """A content that no ordinary commit ever had is a part of the history, too."""
    started(repo, text(a="One"), name="release")
    repo.git("checkout", "--quiet", "-b", "topic")
    repo.commit({URI: text(a="Two")})
    repo.git("checkout", "--quiet", "main")
    repo.commit({URI: text(a="Three")})
    repo.git("merge", "--quiet", "--no-commit", "--strategy=ours", "topic")
    repo.commit({URI: text(a="Both")})
    runner.run(repo, "push")
    repo.commit({URI: text(a="Later")})
    forget(repo)

    assert "not from this repository" not in runner.run(repo, "push").out
    assert runner.original(URI) == text(a="Later").encode()


@pytest.mark.parametrize("flags", [None, ["--depth=1"]], ids=["here", "depth 1"])
def test_an_older_version_in_another_encoding_is_known(
    repo: Repo, runner: InProcess, tmp_path: Path, flags: list[str] | None
) -> None:
    """The service hands it back in UTF-8: it is compared as its type compares, not byte by byte."""
    rule = manifest(name="release").replace('"app/{locale}/*"', "null")
    path = "app/en/a.properties"
    started(repo, text(a="Another file"))
    repo.git("rm", "--quiet", "--cached", URI)
    repo.commit({".l10n.yml": rule, path: "a=Gr\u00fc\u00dfe\n".encode("latin-1")})
    runner.run(repo, "push")
    repo.commit({path: b"a=Other words\n"})
    repo.git("push", "--quiet", "origin", "main")
    place = repo if flags is None else clone(repo, tmp_path / "clone", *flags)
    forget(repo)
    runner.run(place, "push")

    assert b"Other words" in runner.original(path)


# --- another branch -------------------------------------------------------------------------------------


def stale(repo: Repo, runner: InProcess) -> str:
    """Leave a branch checked out that lacks what main has sent; return that."""
    started(repo, text(a="One", b="Two", c="Three"))
    repo.git("branch", "topic")
    theirs = text(a="One", b="Two", c="Three", d="Four on main")
    repo.commit({URI: theirs})
    repo.git("push", "--quiet", "origin", "main")
    runner.run(repo, "push")
    repo.git("checkout", "--quiet", "topic")
    repo.commit({URI: text(a="One, edited", b="Two", c="Three")})
    repo.git("push", "--quiet", "origin", "topic")
    return theirs


@pytest.mark.parametrize("memory", ["cache", "no cache", "clone", "depth 1", "detached"])
def test_a_branch_takes_nothing_away_from_another(
    repo: Repo, runner: InProcess, tmp_path: Path, memory: str
) -> None:
    """What main has sent stays; the branch is named with the three ways out."""
    theirs = stale(repo, runner)
    place = repo
    if memory == "no cache":
        forget(repo)
    elif memory in {"clone", "depth 1"}:
        flags = ["--depth=1"] if memory == "depth 1" else []
        place = clone(repo, tmp_path / "clone", "--branch=topic", *flags)
    elif memory == "detached":
        repo.git("checkout", "--quiet", "--detach")

    for argv in (("push",), ("push", "--accept-collision"), ("push", "--accept-shrink"), ("push", "--force")):
        refused = runner.run(place, *argv, code=8).out
        assert "superseded" in refused
        assert "branch 'main'" in refused
        assert "merge main" in refused
        assert "{branch}/{path}" in refused
        assert "--accept-superseded" in refused
    assert runner.original(URI) == theirs.encode()


def test_each_way_out_of_a_superseded_branch(repo: Repo, runner: InProcess) -> None:
    """The merge, the branch in the fileUri and the flag all let the branch be pushed."""
    theirs = stale(repo, runner)
    repo.commit({".l10n.yml": manifest("{branch}/{path}")})
    runner.run(repo, "push")
    assert runner.original(f"topic/{URI}") == repo.read(URI)
    assert runner.original(URI) == theirs.encode()

    repo.commit({".l10n.yml": manifest()})
    runner.run(repo, "push", "--accept-superseded")
    assert runner.original(URI) == repo.read(URI)

    repo.git("checkout", "--quiet", "main")
    repo.git("merge", "--quiet", "--strategy=ours", "topic")
    runner.run(repo, "push")
    repo.git("checkout", "--quiet", "topic")
    repo.git("merge", "--quiet", "main")
    repo.commit({URI: text(a="One, merged", b="Two", c="Three", d="Four on main")})
    runner.run(repo, "push")
    assert runner.original(URI) == repo.read(URI)


@pytest.mark.parametrize("flags", [[], ["--depth=1"]], ids=["clone", "depth 1"])
def test_a_default_branch_of_another_name(
    repo: Repo, runner: InProcess, tmp_path: Path, flags: list[str]
) -> None:
    """A manifest without {branch} need not name the default branch: the remote says which one it is."""
    started(repo, text(a="Quite another text"), name="release")
    for name in ("topic", "master"):
        repo.git("checkout", "--quiet", "-B", name)
        repo.commit({URI: text(a=f"The wording of {name}")})
        repo.git("push", "--quiet", "origin", name)
        if name == "topic":
            runner.run(repo, "push")
            repo.git("reset", "--quiet", "--hard", "HEAD~1")
    subprocess.run(["git", "symbolic-ref", "HEAD", "refs/heads/master"], cwd=f"{repo.root}.git", check=True)
    repo.git("push", "--quiet", "origin", "--delete", "main")
    place = clone(repo, tmp_path / "clone", *flags, "--no-single-branch", "--branch=master")
    runner.run(place, "push")

    assert runner.original(URI) == text(a="The wording of master").encode()


def test_a_branch_may_return_to_what_it_sent_itself(repo: Repo, runner: InProcess) -> None:
    """Its own earlier commits are no other branch, wherever they are known from."""
    started(repo, text(a="One"))
    repo.git("checkout", "--quiet", "-b", "topic")
    repo.commit({URI: text(a="Two")})
    repo.git("push", "--quiet", "origin", "topic")
    runner.run(repo, "push")
    amend(repo, text(a="Three"))
    forget(repo)
    runner.run(repo, "push")

    assert runner.original(URI) == text(a="Three").encode()


# --- a clone that does not know enough -------------------------------------------------------------------


def test_a_shallow_clone_asks_for_the_past(repo: Repo, runner: InProcess, tmp_path: Path) -> None:
    """An older content of ours is no collision only because the clone was cut; the clone stays as it is."""
    started(repo, text(a="The first wording"), name="release")
    runner.run(repo, "push")
    repo.commit({URI: text(a="The second one")})
    repo.git("push", "--quiet", "origin", "main")
    place = clone(repo, tmp_path / "clone", "--depth=1")
    config, shallow = (place.root / ".git" / name for name in ("config", "shallow"))
    before = (config.read_bytes(), shallow.read_bytes(), place.git("for-each-ref"))
    runner.run(place, "push")

    assert runner.original(URI) == place.read(URI)
    assert (config.read_bytes(), shallow.read_bytes(), place.git("for-each-ref")) == before


def test_a_shallow_clone_that_cannot_ask_says_so(repo: Repo, runner: InProcess, tmp_path: Path) -> None:
    """Nobody's content is called a collision in half a history; what helps is named."""
    started(repo, text(a="The first wording"), name="release")
    runner.run(repo, "push")
    repo.commit({URI: text(a="The second one")})
    repo.git("push", "--quiet", "origin", "main")
    place = clone(repo, tmp_path / "clone", "--depth=1")
    shutil.rmtree(f"{repo.root}.git")
    refused = runner.run(place, "push", code=8)

    assert "fetch-depth: 0" in refused.out
    assert "does not appear to be a git repository" in refused.out
    assert runner.original(URI) == text(a="The first wording").encode()


def test_a_shallow_clone_sees_a_collision(repo: Repo, runner: InProcess, tmp_path: Path) -> None:
    """Once the whole history was looked at, the verdict is the same as in a full clone."""
    runner.run(started(repo, text(a="One")), "push")
    other = started(Repo(tmp_path / "other"), text(a="Eins"))
    place = clone(other, tmp_path / "clone", "--depth=1")
    refused = runner.run(place, "push", code=8)

    assert "if a branch did that is deleted by now, replace it with --accept-collision" in refused.out
    assert runner.original(URI) == text(a="One").encode()
