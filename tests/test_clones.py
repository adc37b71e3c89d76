"""What a branch has changed is known in any clone that a CI makes; never is everything sent silently."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.git_server import GitServer
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.runner import Runner
from tests.test_renames import BRANCHED, translated, view

pytestmark = pytest.mark.in_process

BRANCH = "feature/x"
TOKEN = "ghs_a-token-that-reads"
UPLOAD = "uploadFileToJobBatchV2"


def edit(repo: Repo, *names: str, text: str = "another") -> str:
    return repo.commit({f"app/en/{name}.json": json.dumps({"key": f"Text {name} {text}"}) for name in names})


def origin(repo: Repo, runner: Runner) -> str:
    """Push six sources of the default branch; let a branch edit one, and the default branch two others.

    Returns the commit that would merge the branch, as a host keeps it for a pull request.
    """
    repo.commit({".l10n.yml": BRANCHED})
    edit(repo, "first")
    edit(repo, *"abcdef", text="one")
    runner.run(repo, "push")
    repo.git("switch", "--quiet", "--create", BRANCH)
    edit(repo, "a")
    repo.commit({"README": "more of the branch"})
    repo.git("switch", "--quiet", "main")
    edit(repo, "b", "c")
    repo.git("switch", "--quiet", "--detach")
    repo.git("merge", "--quiet", "--no-ff", "--no-edit", BRANCH)
    repo.git("update-ref", "refs/pull/7/merge", "HEAD")
    merge = repo.git("rev-parse", "HEAD").strip()
    repo.git("switch", "--quiet", "main")
    return merge


def clone(repo: Repo, reference: str, *options: str, branch: str = "") -> Repo:
    """Check REFERENCE out as CI systems do: fetch this one commit, and nothing else."""
    there = Repo(repo.root.parent / "clone")
    there.git("remote", "add", "origin", repo.root.as_uri())
    there.git("fetch", "--quiet", "--no-tags", *options, "origin", f"+{reference}:refs/remotes/ci/it")
    there.git("checkout", "--quiet", *(("-B", branch) if branch else ("--detach",)), "refs/remotes/ci/it")
    return there


def pull_request(merge: str, **more: str) -> Mapping[str, str]:
    given = {"GITHUB_REF": "refs/pull/7/merge", "GITHUB_HEAD_REF": BRANCH, "GITHUB_BASE_REF": "main"}
    return {"GITHUB_ACTIONS": "true", **given, "GITHUB_SHA": merge, **more}


def sent(runner: Runner) -> set[str]:
    """Return the files of the branch."""
    return {uri for uri in view(runner) if uri.startswith(f"{BRANCH}/")}


def test_a_rename_in_a_shallow_clone_to_a_path_that_was_taken_once(repo: Repo, runner: InProcess) -> None:
    """What the branch has taken away is known without history, and its strings are not paid again."""
    translated(repo, runner, BRANCHED)
    repo.git("rm", "--quiet", "app/en/b.json")
    repo.commit()
    repo.git("switch", "--quiet", "--create", BRANCH)
    repo.git("mv", "app/en/a.json", "app/en/b.json")
    repo.commit()
    here = clone(repo, f"refs/heads/{BRANCH}", "--depth=1", branch=BRANCH)

    runner.run(here, "push")

    assert view(runner)[f"{BRANCH}/app/en/b.json"]["namespace"] == "app/en/a.json"


DEEPER = [pytest.param(each, marks=pytest.mark.sweep) for each in ("--depth=2", "--depth=50", "--no-auto-gc")]


@pytest.mark.parametrize("depth", ["--depth=1", *DEEPER])
@pytest.mark.parametrize(
    "how", ["pull request", "merged results", "merge request", "push", "head of a request"]
)
def test_only_what_the_branch_changed_is_sent(repo: Repo, runner: InProcess, how: str, depth: str) -> None:
    """However little was cloned: one upload, and nothing of what the default branch has changed meanwhile."""
    merge = origin(repo, runner)
    left = repo.git("merge-base", "main", BRANCH).strip()
    merged = how in {"pull request", "merged results"}
    here = clone(
        repo,
        "refs/pull/7/merge" if merged else f"refs/heads/{BRANCH}",
        depth,
        branch="" if merged or how != "push" else BRANCH,
    )
    gitlab = {
        "GITLAB_CI": "true",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": BRANCH,
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": left,
        "CI_COMMIT_SHA": merge,
    }
    runner.environ = dict(
        {
            "pull request": pull_request(merge),
            "head of a request": pull_request(merge),
            "merged results": gitlab | {"CI_MERGE_REQUEST_EVENT_TYPE": "merged_result"},
            "merge request": gitlab | {"CI_MERGE_REQUEST_EVENT_TYPE": "detached"},
            "push": {},
        }[how]
    )
    mark = runner.mark()

    runner.run(here, "push")

    assert sent(runner) == {f"{BRANCH}/app/en/a.json"}
    assert runner.requests_since(mark).count(UPLOAD) == 1
    assert not here.git("status", "--porcelain")
    assert runner.run(here, "push").out.startswith("No changes")
    runner.translate()
    runner.run(here, "pull")
    assert sorted(path.stem for path in (here.root / "app/de").iterdir()) == sorted([*"abcdef", "first"])


@pytest.mark.parametrize("how", ["pull request", "push"])
def test_what_was_fetched_once_is_not_fetched_again(repo: Repo, runner: InProcess, how: str) -> None:
    """The next command of the same job finds it, also when the remote is away."""
    merge = origin(repo, runner)
    if how == "push":
        here = clone(repo, f"refs/heads/{BRANCH}", "--depth=1", branch=BRANCH)
    else:
        here = clone(repo, "refs/pull/7/merge", "--depth=1")
        runner.environ = dict(pull_request(merge))
    runner.run(here, "push")
    here.git("remote", "set-url", "origin", "file:///nowhere")

    assert runner.run(here, "push").out.startswith("No changes")
    runner.run(here, "pull")


def test_a_branch_that_took_the_default_branch_in_sends_its_own(repo: Repo, runner: InProcess) -> None:
    """Behind a merge the fork cannot be told: then the default branch's tip is what it is compared with."""
    origin(repo, runner)
    repo.git("switch", "--quiet", BRANCH)
    repo.git("merge", "--quiet", "--no-edit", "main")
    here = clone(repo, f"refs/heads/{BRANCH}", "--depth=1", branch=BRANCH)

    runner.run(here, "push")

    assert sent(runner) == {f"{BRANCH}/app/en/a.json"}


def test_a_request_into_another_branch_is_compared_with_the_default_branch(
    repo: Repo, runner: InProcess
) -> None:
    """What its target has changed, the default branch has not: the translations are on the branch."""
    origin(repo, runner)
    repo.git("switch", "--quiet", "--create", "release", "main~1")
    edit(repo, "d")
    repo.git("switch", "--quiet", BRANCH)
    repo.git("merge", "--quiet", "--no-edit", "release")
    head = repo.git("rev-parse", "HEAD").strip()
    repo.git("update-ref", "refs/pull/7/merge", "HEAD")
    here = clone(repo, "refs/pull/7/merge", "--depth=1")
    runner.environ = dict(pull_request(head, GITHUB_BASE_REF="release"))

    runner.run(here, "push")

    assert sent(runner) >= {f"{BRANCH}/app/en/a.json", f"{BRANCH}/app/en/d.json"}


@pytest.mark.parametrize("command", ["push", "pull", "status", "plan"])
def test_where_nothing_can_be_compared_nothing_is_sent(repo: Repo, runner: InProcess, command: str) -> None:
    """The error says the command that helps; `push --force` sends every source."""
    merge = origin(repo, runner)
    here = clone(repo, "refs/pull/7/merge", "--depth=1")
    here.git("remote", "set-url", "origin", "file:///nowhere")
    runner.environ = dict(pull_request(merge))
    mark = runner.mark()

    failed = runner.run(here, command, code=2)

    assert "'main' is not in this clone" in failed.err
    assert "git fetch --depth=1 origin main:refs/remotes/origin/main" in failed.err
    assert "fetch-depth: 0" in failed.err
    assert not runner.requests_since(mark)
    if command == "push":
        runner.run(here, "push", "--force")
        assert len(sent(runner)) == 7


def test_a_default_branch_that_nobody_has_is_named(repo: Repo, runner: InProcess) -> None:
    """A repository whose default branch is called otherwise is told which key says so."""
    repo.commit({".l10n.yml": BRANCHED, "app/en/a.json": '{"a": "One text"}'})
    repo.git("branch", "--quiet", "-m", "trunk")

    failed = runner.run(repo, "push", code=2)

    assert "`branch.default`" in failed.err
    there = clone(repo, "refs/heads/trunk", branch="trunk")
    assert "`branch.default`" in runner.run(there, "push", code=2).err


def test_offline_commands_fetch_nothing(repo: Repo, runner: InProcess) -> None:
    """They name the fileUris that the branch would have."""
    origin(repo, runner)
    here = clone(repo, f"refs/heads/{BRANCH}", "--depth=1", branch=BRANCH)
    before = here.git("for-each-ref")

    for argv in (("list",), ("check",), ("plan", "--offline")):
        runner.run(here, *argv, code=None)

    assert here.git("for-each-ref") == before


def test_a_fetch_runs_no_hook_and_asks_nobody(repo: Repo, runner: InProcess, tmp_path: Path) -> None:
    """Hooks of the clone stay silent; a remote that wants a password gets none, and the error says so."""
    origin(repo, runner)
    here = clone(repo, f"refs/heads/{BRANCH}", "--depth=1", branch=BRANCH)
    for name in ("reference-transaction", "post-checkout", "post-merge", "post-index-change"):
        hook = here.root / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        hook.chmod(0o755)
    runner.run(here, "push")
    assert sent(runner) == {f"{BRANCH}/app/en/a.json"}
    assert not (tmp_path / "ran").exists()

    shutil.rmtree(here.root)
    here = clone(repo, f"refs/heads/{BRANCH}", "--depth=1", branch=BRANCH)
    with GitServer(repo.root / ".git", "nobody-has-it") as host:
        here.git("remote", "set-url", "origin", host.url)
        failed = runner.run(here, "push", code=2)

    assert "cannot be fetched" in failed.err
    assert "git fetch --depth=1 origin main:refs/remotes/origin/main" in failed.err
    assert "L10NSYNC_GIT_TOKEN" in failed.err
    assert {*host.logins} == {None}


def test_a_private_repository_is_read_with_a_token(repo: Repo, runner: InProcess) -> None:
    """A clone that kept no credentials fetches with the token of the environment, and keeps nothing of it."""
    merge = origin(repo, runner)
    here = clone(repo, "refs/pull/7/merge", "--depth=1")
    with GitServer(repo.root / ".git", TOKEN) as host:
        here.git("remote", "set-url", "origin", host.url)
        runner.environ |= pull_request(merge, GITHUB_SERVER_URL=host.server, L10NSYNC_GIT_TOKEN=TOKEN)
        done = runner.run(here, "push", "-vv")

    assert sent(runner) == {f"{BRANCH}/app/en/a.json"}
    assert host.login in host.logins
    login = str(host.login).removeprefix("Basic ")
    kept = [path.read_bytes() for path in here.root.rglob("*") if path.is_file()]
    for said in (done.out.encode(), done.err.encode(), *kept):
        assert TOKEN.encode() not in said
        assert login.encode() not in said


@pytest.mark.parametrize(
    ("name", "server"),
    [
        ("GITHUB_SERVER_URL", "https://github.example.com"),
        ("GITHUB_SERVER_URL", "http://github.example.com"),
        ("CI_SERVER_URL", "https://gitlab.example.com"),
    ],
)
def test_a_token_is_given_to_its_own_server_only(
    repo: Repo, runner: InProcess, name: str, server: str
) -> None:
    """Whatever the remote is, the CI says whose the token is."""
    merge = origin(repo, runner)
    here = clone(repo, "refs/pull/7/merge", "--depth=1")
    with GitServer(repo.root / ".git", TOKEN) as host:
        here.git("remote", "set-url", "origin", host.url)
        runner.environ |= pull_request(merge, L10NSYNC_GIT_TOKEN=TOKEN, **{name: server})
        runner.run(here, "push", code=2)

    assert host.logins
    assert {*host.logins} == {None}


def test_a_token_follows_no_redirect(repo: Repo, runner: InProcess) -> None:
    """The server that may have it sends to another one, which lets everybody in: that one gets nothing."""
    merge = origin(repo, runner)
    here = clone(repo, "refs/pull/7/merge", "--depth=1")
    with GitServer(repo.root / ".git", "") as other, GitServer(repo.root / ".git", TOKEN) as host:
        other.login = None
        host.moved = other.url.replace("127.0.0.1", "localhost")
        here.git("remote", "set-url", "origin", host.url)
        runner.environ |= pull_request(merge, GITHUB_SERVER_URL=host.server, L10NSYNC_GIT_TOKEN=TOKEN)
        runner.run(here, "push", code=2)

    assert host.login in host.logins
    assert not any(other.logins)


def test_a_token_stands_in_for_credentials_that_do_not_work(
    repo: Repo, runner: InProcess, tmp_path: Path
) -> None:
    """A helper that complains first, and a header that an earlier checkout has left."""
    merge = origin(repo, runner)
    here = clone(repo, "refs/pull/7/merge", "--depth=1")
    helper = tmp_path / "helper.sh"
    helper.write_text("#!/bin/sh\necho 'fatal: Cannot ask anybody.' >&2\nexit 1\n")
    helper.chmod(0o755)
    with GitServer(repo.root / ".git", TOKEN) as host:
        here.git("remote", "set-url", "origin", host.url)
        here.git("config", "credential.helper", str(helper))
        here.git("config", f"http.{host.server}/.extraHeader", "Authorization: basic c3RhbGU=")
        runner.environ |= pull_request(merge, GITHUB_SERVER_URL=host.server, L10NSYNC_GIT_TOKEN=TOKEN)
        runner.run(here, "push")

    assert sent(runner) == {f"{BRANCH}/app/en/a.json"}


def test_a_token_that_does_not_read_is_named(repo: Repo, runner: InProcess) -> None:
    """The error says that there is one, and that it is refused."""
    merge = origin(repo, runner)
    here = clone(repo, "refs/pull/7/merge", "--depth=1")
    with GitServer(repo.root / ".git", "another") as host:
        here.git("remote", "set-url", "origin", host.url)
        runner.environ |= pull_request(merge, GITHUB_SERVER_URL=host.server, L10NSYNC_GIT_TOKEN=TOKEN)
        failed = runner.run(here, "push", code=2)

    assert failed.err.count("The token in L10NSYNC_GIT_TOKEN cannot read this repository.") == 1
