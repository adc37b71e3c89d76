"""A push that is no longer the newest says so, names the files, and spends nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from l10nsync.app.fence import Head
from l10nsync.workspace import Workspace
from l10nsync.workspace.origins import Histories
from tests.repositories import Repo
from tests.runner import Runner
from tests.test_push_pull import files, forget

AGAIN = "Run push again on the newest commit of the branch"
CI = {"CI": "true"}


def text(words: str) -> str:
    """Return a source."""
    return json.dumps({"title": words})


@pytest.fixture
def pair(repo: Repo, tmp_path: Path) -> tuple[Repo, Repo]:
    """Give two clones of one remote: of an older commit, and of a newer one the first has not fetched."""
    remote = tmp_path / "remote.git"
    repo.commit(files(2))
    repo.git("init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    repo.git("remote", "add", "origin", remote.as_uri())
    repo.git("push", "--quiet", "--set-upstream", "origin", "main")
    clones = []
    for name in ("older", "newer"):
        repo.git("clone", "--quiet", remote.as_uri(), str(tmp_path / name / "repo"))
        clones.append(Repo(tmp_path / name / "repo"))
    older, newer = clones
    newer.commit({"src/en/f0.json": text("The newer text")})
    newer.git("push", "--quiet", "origin", "main")
    return older, newer


def held_at(runner: Runner, repo: Repo, operation: str, *argv: str, nth: int = 1) -> Any:
    """Start a push and hold it at an operation that is done, but not answered."""
    runner.control.fault("hold", project=runner.ident, operation=operation, nth=nth)
    process = runner.start(repo, "push", *argv)
    runner.held()
    runner.control.clear_faults(runner.ident)
    return process


def ended(runner: Runner, process: Any, code: int) -> tuple[str, str]:
    """Let a push go on; return what it printed."""
    runner.control.release()
    out, err = process.communicate(timeout=60)
    assert process.returncode == code, (out, err)
    return out, err


def test_a_commit_made_meanwhile_stops_the_push(repo: Repo, runner: Runner, report_schema: Any) -> None:
    """Before anything is uploaded the branch is looked at once more; the next push sends what is newest."""
    repo.commit(files(2))
    process = held_at(runner, repo, "createJobBatchV2", "--format", "json")
    repo.commit({"src/en/f0.json": text("Newer")})

    out, _ = ended(runner, process, 8)

    report = json.loads(out)
    jsonschema.validate(report, report_schema)
    assert report["superseded"] == ["src/en/f0.json", "src/en/f1.json"]
    assert "main has moved from" in report["results"][0]["error"]["message"]
    view = runner.control.view(runner.ident)
    assert (view["files"], view["openBatches"]) == ({}, [])
    runner.run(repo, "push")
    assert runner.original("src/en/f0.json") == repo.read("src/en/f0.json")
    assert [job["status"] for job in runner.control.view(runner.ident)["jobs"]] == ["IN_PROGRESS"]


def test_a_commit_made_meanwhile_leaves_the_job_unauthorized(repo: Repo, runner: Runner) -> None:
    """Before the job is authorized the branch is looked at once more; the next push authorizes it."""
    repo.commit(files(1))
    process = held_at(runner, repo, "getJobBatchStatusV2")
    repo.commit({"src/en/f0.json": text("Newer")})

    out, _ = ended(runner, process, 8)

    assert "main has moved from" in out
    assert "the job was not authorized" in out
    assert AGAIN in out
    assert [job["status"] for job in runner.control.view(runner.ident)["jobs"]] == ["AWAITING_AUTHORIZATION"]
    runner.run(repo, "push")
    assert [job["status"] for job in runner.control.view(runner.ident)["jobs"]] == ["IN_PROGRESS"]


def test_a_commit_on_another_branch_stops_nothing(repo: Repo, runner: Runner) -> None:
    """Only the branch that is pushed counts, whatever is checked out meanwhile."""
    repo.commit(files(1))
    process = held_at(runner, repo, "createJobBatchV2")
    repo.git("switch", "--quiet", "--create", "feature")
    repo.commit({"src/en/f0.json": text("Another")})

    ended(runner, process, 0)


def test_what_a_newer_push_sent_meanwhile_stays(pair: tuple[Repo, Repo], runner: Runner) -> None:
    """The older run names the file and what is true now; the other file is sent; nothing is authorized."""
    older, newer = pair
    process = held_at(runner, older, "getRecentlyUploadedSourceFilesList")
    runner.run(newer, "push")

    out, _ = ended(runner, process, 8)

    assert out.startswith("Sent 1 of 2 files, 1 superseded.")
    assert "src/en/f0.json: superseded: another push was faster, and the TMS holds its content" in out
    assert AGAIN in out
    assert "not authorized: another push was faster" in out
    assert runner.original("src/en/f0.json") == newer.read("src/en/f0.json")
    assert runner.run(newer, "push").out.startswith("No changes")
    assert len(runner.control.view(runner.ident)["jobs"]) == 1


def test_an_older_push_that_came_between_is_replaced(pair: tuple[Repo, Repo], runner: Runner) -> None:
    """The newer run knows the older content from its history, and sends its own: exit 0."""
    older, newer = pair
    process = held_at(runner, newer, "getRecentlyUploadedSourceFilesList")
    runner.run(older, "push")

    ended(runner, process, 0)

    assert runner.original("src/en/f0.json") == newer.read("src/en/f0.json")
    assert runner.run(newer, "push").out.startswith("No changes")


def test_what_somebody_else_sent_meanwhile_stays(repo: Repo, runner: Runner) -> None:
    """Content that no history knows is never replaced blindly, nor paid for."""
    from tests.sandbox_fixtures import RestClient

    repo.commit(files(1))
    process = held_at(runner, repo, "getRecentlyUploadedSourceFilesList")
    client = RestClient(runner.server.url, runner.ident, runner.control)
    client.upload("src/en/f0.json", b'{"title": "Theirs"}')

    ended(runner, process, 8)

    assert runner.original("src/en/f0.json") == b'{"title": "Theirs"}'
    assert all(job["status"] != "IN_PROGRESS" for job in runner.control.view(runner.ident)["jobs"])
    runner.run(repo, "push", code=8)
    runner.run(repo, "push", "--accept-collision")
    assert runner.original("src/en/f0.json") == repo.read("src/en/f0.json")


def test_a_run_of_an_older_commit_in_ci_replaces_nothing_newer(
    pair: tuple[Repo, Repo], runner: Runner
) -> None:
    """Such as a run that is started again by hand: the remote says that the branch is further."""
    older, newer = pair
    runner.environ = CI
    runner.run(newer, "push")

    plan = runner.run(older, "plan", code=None)
    done = runner.run(older, "push", "--format", "json", code=8)

    assert "superseded" in plan.out
    report = json.loads(done.out)
    assert report["superseded"] == ["src/en/f0.json"]
    assert "main is at" in report["plan"]["changes"][0]["detail"]
    assert runner.original("src/en/f0.json") == newer.read("src/en/f0.json")
    runner.run(older, "push", "--force")
    assert runner.original("src/en/f0.json") == older.read("src/en/f0.json")


def test_an_older_clone_replaces_nothing_that_it_has_fetched(pair: tuple[Repo, Repo], runner: Runner) -> None:
    """A person's clone asks no remote; what the last fetch has brought tells it as well."""
    older, newer = pair
    runner.run(newer, "push")
    older.git("fetch", "--quiet")

    runner.run(older, "push", code=8)

    assert runner.original("src/en/f0.json") == newer.read("src/en/f0.json")
    older.git("merge", "--quiet", "--ff-only", "origin/main")
    assert runner.run(older, "push").out.startswith("No changes")


@pytest.mark.parametrize("how", ["earlier content", "ahead", "no answer"])
def test_the_newest_commit_is_not_held_up(pair: tuple[Repo, Repo], runner: Runner, how: str) -> None:
    """An older text on the TMS, commits that are not pushed yet, a remote that is silent: all are sent."""
    older, newer = pair
    runner.environ = CI
    if how == "earlier content":
        runner.run(older, "push")
        newer.git("commit", "--quiet", "--allow-empty", "--message=meanwhile")
        newer.git("push", "--quiet", "origin", "main")
    else:
        runner.run(newer, "push", "--worktree")
        newer.commit({"src/en/f0.json": text("Not pushed yet")})
    if how == "no answer":
        newer.git("remote", "set-url", "origin", str(newer.root / "nowhere"))
    forget(newer)

    runner.run(newer, "push")

    assert runner.original("src/en/f0.json") == newer.read("src/en/f0.json")


def test_a_pull_request_built_alone_is_the_newest(pair: tuple[Repo, Repo], tmp_path: Path) -> None:
    """Its checkout merges the branch's head into the base; a shallow one has not even that head."""
    _, newer = pair
    newer.git("switch", "--quiet", "--create", "feature", "HEAD~1")
    head = newer.commit({"src/en/f1.json": text("The branch's text")})
    newer.git("switch", "--quiet", "--detach", "main")
    newer.git("merge", "--quiet", "--no-ff", "--message=merge", "feature")
    newer.git("push", "--quiet", "origin", "feature", "HEAD:refs/pull/1/merge")
    remote = newer.git("remote", "get-url", "origin").strip()
    shallow = Repo(tmp_path / "shallow")
    shallow.git("remote", "add", "origin", remote)
    shallow.git("fetch", "--quiet", "--depth=1", "origin", "refs/pull/1/merge")
    shallow.git("checkout", "--quiet", "--detach", "FETCH_HEAD")

    for each, root in (("whole", newer.root), ("shallow", shallow.root)):
        workspace = Workspace.open(root)
        histories = Histories(workspace, "main", "feature")
        found = Head(workspace, workspace.commit(), "feature", "", asks=True, histories=histories)
        assert found.ahead() == (False, head), each
