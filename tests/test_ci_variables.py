"""One resolver finds the branch of every run."""

from __future__ import annotations

from pathlib import Path

import pytest

from l10nsync.ci_variables import Branch, event_environment, pull_request, resolve
from l10nsync.workspace import Workspace
from tests.command_line import CommandLine
from tests.in_process import InProcess
from tests.repositories import Repo

GITHUB = {"GITHUB_ACTIONS": "true"}


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        pytest.param(
            GITHUB | {"GITHUB_REF": "refs/heads/feature/x"}, Branch("feature/x", "GITHUB_REF"), id="push"
        ),
        pytest.param(
            GITHUB | {"GITHUB_REF": "refs/pull/7/merge", "GITHUB_HEAD_REF": "fix/é#1"},
            Branch("fix/é#1", "GITHUB_HEAD_REF"),
            id="pull request",
        ),
        pytest.param(
            GITHUB | {"GITHUB_REF": "refs/pull/7/merge", "GITHUB_HEAD_REF": "main", "L10NSYNC_FORK": "true"},
            Branch("main", "GITHUB_HEAD_REF", fork=True),
            id="fork",
        ),
        pytest.param(
            GITHUB | {"GITHUB_REF": "refs/heads/gh-readonly-queue/release/1.x/pr-12-abc"},
            Branch("release/1.x", "GITHUB_REF"),
            id="merge queue",
        ),
        pytest.param(
            GITHUB | {"GITHUB_REF": "refs/tags/v1", "GITHUB_REF_TYPE": "tag"},
            Branch("", "GITHUB_REF"),
            id="tag",
        ),
        pytest.param(
            {"GITLAB_CI": "1", "CI_COMMIT_BRANCH": "a/b"}, Branch("a/b", "CI_COMMIT_BRANCH"), id="gitlab"
        ),
        pytest.param(
            {
                "GITLAB_CI": "1",
                "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "a",
                "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "2",
                "CI_MERGE_REQUEST_PROJECT_ID": "1",
            },
            Branch("a", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", fork=True),
            id="gitlab fork",
        ),
        pytest.param({"GITLAB_CI": "1", "CI_COMMIT_TAG": "v1"}, Branch("", "CI_COMMIT_TAG"), id="gitlab tag"),
        pytest.param(
            {"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_BRANCH": "a/b"},
            Branch("a/b", "BITBUCKET_BRANCH"),
            id="bitbucket",
        ),
        pytest.param(
            {"BUILDKITE": "true", "BUILDKITE_BRANCH": "a/b"},
            Branch("a/b", "BUILDKITE_BRANCH"),
            id="buildkite",
        ),
        pytest.param(
            {"BUILDKITE": "true", "BUILDKITE_BRANCH": "x", "BUILDKITE_TAG": "v1"},
            Branch("", "BUILDKITE_TAG"),
            id="buildkite tag",
        ),
        pytest.param(
            {"CIRCLECI": "true", "CIRCLE_BRANCH": "a/b"}, Branch("a/b", "CIRCLE_BRANCH"), id="circle"
        ),
        pytest.param(
            {"CIRCLECI": "true", "CIRCLE_BRANCH": "pull/1", "CIRCLE_PR_USERNAME": "eve"},
            Branch("pull/1", "CIRCLE_BRANCH", fork=True),
            id="circle fork",
        ),
        pytest.param(
            {"JENKINS_URL": "x", "CHANGE_ID": "1", "CHANGE_BRANCH": "a/b", "BRANCH_NAME": "PR-1"},
            Branch("a/b", "CHANGE_BRANCH"),
            id="jenkins change",
        ),
        pytest.param(
            {"JENKINS_URL": "x", "GIT_BRANCH": "origin/a/b"}, Branch("a/b", "GIT_BRANCH"), id="jenkins"
        ),
        pytest.param(
            {"TF_BUILD": "True", "BUILD_SOURCEBRANCH": "refs/heads/a/b"},
            Branch("a/b", "BUILD_SOURCEBRANCH"),
            id="azure",
        ),
        pytest.param(
            {
                "TF_BUILD": "True",
                "BUILD_SOURCEBRANCH": "refs/pull/1/merge",
                "SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/a/b",
            },
            Branch("a/b", "SYSTEM_PULLREQUEST_SOURCEBRANCH"),
            id="azure pull request",
        ),
        pytest.param(
            GITHUB | {"GITHUB_REF": "refs/pull/7/merge"},
            Branch("from-git", "git"),
            id="pull request's review",
        ),
        pytest.param(
            {
                "GITLAB_CI": "1",
                "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "a b/ü#1",
                "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "1",
                "CI_MERGE_REQUEST_PROJECT_ID": "1",
            },
            Branch("a b/ü#1", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"),
            id="gitlab merge request",
        ),
        pytest.param(
            {
                "GITLAB_CI": "1",
                "CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME": "a",
                "CI_EXTERNAL_PULL_REQUEST_SOURCE_REPOSITORY": "eve/shop",
                "CI_EXTERNAL_PULL_REQUEST_TARGET_REPOSITORY": "acme/shop",
            },
            Branch("a", "CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME", fork=True),
            id="gitlab external fork",
        ),
        pytest.param(
            {"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_TAG": "v1"},
            Branch("", "BITBUCKET_TAG"),
            id="bitbucket tag",
        ),
        pytest.param(
            {
                "BUILDKITE": "true",
                "BUILDKITE_BRANCH": "a",
                "BUILDKITE_REPO": "git@github.com:acme/shop.git",
                "BUILDKITE_PULL_REQUEST_REPO": "git://github.com/acme/Shop",
            },
            Branch("a", "BUILDKITE_BRANCH"),
            id="buildkite pull request",
        ),
        pytest.param(
            {
                "BUILDKITE": "true",
                "BUILDKITE_BRANCH": "a",
                "BUILDKITE_REPO": "git@github.com:acme/shop.git",
                "BUILDKITE_PULL_REQUEST_REPO": "https://github.com/eve/shop.git",
            },
            Branch("a", "BUILDKITE_BRANCH", fork=True),
            id="buildkite fork",
        ),
        pytest.param(
            {"BUILDKITE": "true", "BUILDKITE_BRANCH": "gh-readonly-queue/main/pr-7-abc"},
            Branch("main", "BUILDKITE_BRANCH"),
            id="buildkite merge queue",
        ),
        pytest.param(
            {"CIRCLECI": "true", "CIRCLE_BRANCH": "pull/12"},
            Branch("pull/12", "CIRCLE_BRANCH", fork=True),
            id="circle pull request of a fork",
        ),
        pytest.param({"CIRCLECI": "true", "CIRCLE_TAG": "v1"}, Branch("", "CIRCLE_TAG"), id="circle tag"),
        pytest.param(
            {"JENKINS_HOME": "x", "CHANGE_ID": "7", "CHANGE_BRANCH": "a", "CHANGE_FORK": "eve"},
            Branch("a", "CHANGE_BRANCH", fork=True),
            id="jenkins fork",
        ),
        pytest.param(
            {"JENKINS_URL": "x", "CHANGE_ID": "7", "BRANCH_NAME": "PR-7"},
            Branch("", "CHANGE_BRANCH"),
            id="jenkins change without a branch",
        ),
        pytest.param(
            {"JENKINS_URL": "x", "BRANCH_NAME": "v1", "TAG_NAME": "v1"},
            Branch("", "TAG_NAME"),
            id="jenkins tag",
        ),
        pytest.param(
            {"JENKINS_URL": "x", "GIT_BRANCH": "detached"}, Branch("from-git", "git"), id="jenkins detached"
        ),
        pytest.param(
            {"TF_BUILD": "True", "BUILD_SOURCEBRANCH": "refs/tags/v1"},
            Branch("", "BUILD_SOURCEBRANCH"),
            id="azure tag",
        ),
        pytest.param(
            {
                "TF_BUILD": "True",
                "SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/a",
                "SYSTEM_PULLREQUEST_ISFORK": "True",
            },
            Branch("a", "SYSTEM_PULLREQUEST_SOURCEBRANCH", fork=True),
            id="azure fork",
        ),
        pytest.param({}, Branch("from-git", "git"), id="git"),
    ],
)
def test_each_system_says_its_branch(environ: dict[str, str], expected: Branch) -> None:
    """The full name with its slashes, where it came from, and whether it is a fork's."""
    assert resolve(None, environ, "from-git") == expected


def test_the_flag_wins_over_the_variable_and_the_variable_over_the_ci() -> None:
    """The nearest word of the user decides."""
    environ = GITHUB | {"GITHUB_REF": "refs/heads/ci", "L10NSYNC_BRANCH": "variable"}

    assert resolve("flag", environ, "git") == Branch("flag", "--branch")
    assert resolve(None, environ, "git") == Branch("variable", "L10NSYNC_BRANCH")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("refs/heads/a/b", "a/b"),
        (" a#b ", "a#b"),
        ("refs-like/x", "refs-like/x"),
        ("refs/tags/v1", ""),
        ("refs/pull/7/merge", ""),
        (" ", "git"),
    ],
)
def test_a_ref_that_is_no_branch_is_not_taken_for_one(given: str, name: str) -> None:
    """A pipeline hands on the ref it was started for, which may be a tag's: then there is no branch."""
    assert resolve(given, {}, "git").name == name
    assert resolve(None, {"L10NSYNC_BRANCH": given}, "git").name == name


@pytest.mark.parametrize("name", ["main", "fix"])
def test_a_forks_branch_stays_a_forks_if_it_is_said_by_hand(name: str) -> None:
    """A pipeline may hand the name on; another name is the user's own word."""
    fork = GITHUB | {"GITHUB_HEAD_REF": "fix", "L10NSYNC_FORK": "true"}
    assert resolve(name, fork, "git").fork is (name == "fix")
    assert resolve(None, fork | {"L10NSYNC_BRANCH": name}, "git").fork is (name == "fix")


QUEUE = "refs/heads/gh-readonly-queue/release/1.x/pr-12-0a1b2c"


@pytest.mark.parametrize(
    ("environ", "number"),
    [
        pytest.param({"GITHUB_REF": "refs/pull/42/merge"}, "42", id="github pull request"),
        pytest.param({"GITHUB_REF": "refs/pull/42/head"}, "42", id="gitea pull request"),
        pytest.param(
            {"GITHUB_EVENT_NAME": "pull_request_target", "GITHUB_REF": "refs/heads/main"},
            "",
            id="github pull_request_target, without its event's file",
        ),
        pytest.param(
            {
                "GITHUB_EVENT_NAME": "pull_request_target",
                "GITHUB_REF": "refs/heads/main",
                "GITHUB_HEAD_REF": "x",
                "L10NSYNC_PULL_REQUEST": "9",
            },
            "9",
            id="github pull_request_target",
        ),
        pytest.param({"GITHUB_HEAD_REF": "x"}, "", id="github head alone"),
        pytest.param(
            {"GITHUB_EVENT_NAME": "pull_request_review", "GITHUB_REF": "refs/pull/3/merge"},
            "3",
            id="github review",
        ),
        pytest.param(
            {"GITHUB_EVENT_NAME": "merge_group", "GITHUB_REF": QUEUE}, "12", id="github merge queue"
        ),
        pytest.param({"GITHUB_REF": QUEUE}, "12", id="github merge queue's push"),
        pytest.param(
            {
                "CI_MERGE_REQUEST_IID": "7",
                "CI_PIPELINE_SOURCE": "merge_request_event",
                "CI_MERGE_REQUEST_EVENT_TYPE": "detached",
            },
            "7",
            id="gitlab merge request",
        ),
        pytest.param(
            {"CI_MERGE_REQUEST_IID": "7", "CI_MERGE_REQUEST_EVENT_TYPE": "merged_result"},
            "7",
            id="gitlab merged results",
        ),
        pytest.param(
            {"CI_MERGE_REQUEST_IID": "7", "CI_MERGE_REQUEST_EVENT_TYPE": "merge_train"},
            "7",
            id="gitlab merge train",
        ),
        pytest.param(
            {
                "CI_PIPELINE_SOURCE": "external_pull_request_event",
                "CI_EXTERNAL_PULL_REQUEST_IID": "8",
                "CI_COMMIT_BRANCH": "x",
            },
            "8",
            id="gitlab external pull request",
        ),
        pytest.param({"CI_PIPELINE_SOURCE": "merge_request_event"}, "", id="gitlab kind alone"),
        pytest.param({"BITBUCKET_PR_ID": "5", "BITBUCKET_BRANCH": "x"}, "5", id="bitbucket"),
        pytest.param(
            {"CIRCLE_PULL_REQUEST": "https://github.com/acme/shop/pull/9"}, "9", id="circle pull request"
        ),
        pytest.param(
            {"CIRCLE_BRANCH": "pull/9", "CIRCLE_PR_NUMBER": "9", "CIRCLE_PR_USERNAME": "eve"},
            "9",
            id="circle fork",
        ),
        pytest.param({"CIRCLE_BRANCH": "pull/9"}, "9", id="circle fork, by its branch alone"),
        pytest.param({"CHANGE_ID": "11", "CHANGE_FORK": "eve"}, "11", id="jenkins fork"),
        pytest.param({"ghprbPullId": "13"}, "13", id="jenkins pull request builder"),
        pytest.param({"gitlabMergeRequestIid": "14"}, "14", id="jenkins gitlab plugin"),
        pytest.param(
            {"BUILD_REASON": "PullRequest", "SYSTEM_PULLREQUEST_PULLREQUESTID": "17"},
            "17",
            id="azure pull request",
        ),
        pytest.param(
            {
                "SYSTEM_PULLREQUEST_PULLREQUESTID": "500017",
                "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER": "18",
                "SYSTEM_PULLREQUEST_ISFORK": "True",
            },
            "18",
            id="azure github fork",
        ),
        pytest.param({"BUILD_SOURCEBRANCH": "refs/pull/19/merge"}, "19", id="azure ref alone"),
        pytest.param({"BUILDKITE_PULL_REQUEST": "20"}, "20", id="buildkite"),
        pytest.param(
            {"BUILDKITE_PULL_REQUEST": "false", "BUILDKITE_BRANCH": "gh-readonly-queue/main/pr-7-abc"},
            "7",
            id="buildkite merge queue",
        ),
        pytest.param({"L10NSYNC_PULL_REQUEST": "21"}, "21", id="said by the user"),
    ],
)
def test_what_is_not_merged_is_seen(environ: dict[str, str], number: str) -> None:
    """Pull requests and merge queues of every system; the number, where the system says it."""
    found = pull_request(environ)

    assert found is not None
    assert found.number == number


@pytest.mark.parametrize(
    "environ",
    [
        pytest.param({}, id="no CI"),
        pytest.param({"GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/heads/main"}, id="github push"),
        pytest.param(
            {"GITHUB_EVENT_NAME": "schedule", "GITHUB_REF": "refs/heads/main"}, id="github schedule"
        ),
        pytest.param({"GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/tags/v1"}, id="github tag"),
        pytest.param({"GITHUB_REF": "refs/heads/fix/pull/7"}, id="github branch"),
        pytest.param(
            {
                "CI_PIPELINE_SOURCE": "push",
                "CI_COMMIT_REF_NAME": "main",
                "CI_OPEN_MERGE_REQUESTS": "acme/shop!7",
            },
            id="gitlab branch",
        ),
        pytest.param({"CIRCLE_BRANCH": "main", "CIRCLE_PULL_REQUEST": ""}, id="circle branch"),
        pytest.param({"BUILDKITE_PULL_REQUEST": "false", "BUILDKITE_BRANCH": "main"}, id="buildkite branch"),
        pytest.param({"BUILD_REASON": "IndividualCI", "BUILD_SOURCEBRANCH": "refs/heads/main"}, id="azure"),
        pytest.param({"BITBUCKET_BRANCH": "main"}, id="bitbucket branch"),
        pytest.param({"BRANCH_NAME": "main", "JENKINS_URL": "x"}, id="jenkins branch"),
    ],
)
def test_what_is_merged_is_no_pull_request(environ: dict[str, str]) -> None:
    """A push of a branch or of a tag, a schedule, a person."""
    assert pull_request(environ) is None


@pytest.mark.parametrize(
    ("event", "number"),
    [
        pytest.param({"pull_request": {"number": 7, "head": {"ref": "x"}}}, "7", id="pull request"),
        pytest.param({"issue": {"number": 8, "pull_request": {"url": "x"}}}, "8", id="comment"),
        pytest.param(
            {"workflow_run": {"event": "pull_request", "pull_requests": [{"number": 9}]}}, "9", id="follows"
        ),
        pytest.param(
            {"workflow_run": {"event": "pull_request_target", "pull_requests": []}}, "", id="follows a fork's"
        ),
    ],
)
def test_the_event_tells_the_pull_request(event: dict[str, object], number: str) -> None:
    """Also where the run's own ref is the default branch: a comment, a run that follows another."""
    found = pull_request({"GITHUB_REF": "refs/heads/main", **event_environment(event)})

    assert found is not None
    assert found.number == number


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param({}, {"GITHUB_HEAD_REF": "fix/é#1"}, id="own"),
        pytest.param(
            {"repo": {"full_name": "eve/shop"}},
            {"GITHUB_HEAD_REF": "fix/é#1", "L10NSYNC_FORK": "true"},
            id="fork",
        ),
        pytest.param(
            {"repo": None}, {"GITHUB_HEAD_REF": "fix/é#1", "L10NSYNC_FORK": "true"}, id="deleted fork"
        ),
        pytest.param({"ref": 7}, {}, id="strange"),
    ],
)
def test_the_event_tells_the_fork_and_the_branch(head: dict[str, object], expected: dict[str, str]) -> None:
    """What no variable says is read from the event; whoever cannot be known is a fork."""
    own = {"ref": "fix/é#1", "repo": {"full_name": "acme/shop"}}
    event = {"pull_request": {"head": {**own, **head}, "base": {"repo": {"full_name": "acme/shop"}}}}

    assert event_environment(event) == expected


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        {},
        {"pull_request": None},
        {"pull_request": []},
        {"issue": {"number": 7}},
        {"workflow_run": {"event": "push", "pull_requests": [{"number": 7}]}},
        {"workflow_run": "odd"},
    ],
)
def test_an_event_of_another_kind_adds_nothing(event: object) -> None:
    """A push, a schedule, or a file that is no event at all."""
    assert event_environment(event) == {}


NAMES = ("feature/a/b", "fix#12", "über/ßé日本", "a'b\"c", "v1.0-rc.1", "HEAD-like", "refs-like/heads/x")


@pytest.mark.parametrize("name", NAMES)
def test_git_says_any_name_as_it_is(repo: Repo, name: str) -> None:
    """Slashes, `#`, quotes and letters of any script; before the first commit and after it."""
    repo.git("symbolic-ref", "HEAD", f"refs/heads/{name}")
    assert Workspace.open(repo.root).branch() == name

    repo.commit({"a": "b"})
    assert Workspace.open(repo.root).branch() == name


def test_a_branch_named_like_a_tag_is_not_mistaken(repo: Repo) -> None:
    """Git itself would call it `heads/…` to tell the two apart."""
    repo.commit({"a": "b"})
    repo.git("tag", "twin")
    repo.git("switch", "--quiet", "--create", "twin")

    assert Workspace.open(repo.root).branch() == "twin"


def test_a_worktree_has_a_branch_of_its_own(repo: Repo) -> None:
    """Its `.git` is a file, and its HEAD is not the main repository's."""
    repo.commit({"a": "b"})
    repo.git("worktree", "add", "--quiet", "-b", "side/x", "../side")

    assert Workspace.open(repo.root.parent / "side").branch() == "side/x"
    assert Workspace.open(repo.root).branch() == "main"


def test_a_detached_head_has_no_branch(repo: Repo) -> None:
    """A tag build, say: nothing is guessed from the refs that happen to point there."""
    repo.commit({"a": "b"})
    repo.git("tag", "v1")
    repo.git("checkout", "--quiet", "v1")

    assert Workspace.open(repo.root).branch() == ""


MANIFEST = """\
version: 1
sourceLocale: en-US
locales: {de-DE: de}
resources:
  - source: en/*.json
    fileUri: "{branch}/{path}"
    target: "{locale}/*.json"
"""


@pytest.mark.parametrize("where", ["detached", "tag"])
def test_a_branch_that_is_needed_and_not_there_is_an_error(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A push says where the manifest needs it and how to give it; --branch does."""
    repo.commit({".l10n.yml": MANIFEST, "en/a.json": '{"a": "b"}'})
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    if where == "tag":
        for name, value in {"GITHUB_ACTIONS": "true", "GITHUB_REF": "refs/tags/v1"}.items():
            monkeypatch.setenv(name, value)
    repo.git("checkout", "--quiet", "--detach")
    command = CommandLine(repo, capsys)

    failed = command("push", code=2)

    assert "{branch}" in failed.err
    assert "--branch" in failed.err
    repo.commit({"en/a.json": '{"a": "c"}'})
    assert "a#b/é/en/a.json" in command("list", "--branch", "a#b/é").out


# --- names that are one on the TMS ----------------------------------------------------------------------

TWINS = """version: 1
sourceLocale: en-US
locales: {de-DE: de}
resources:
  - {name: web, source: "app/en/*.json", target: "app/{locale}/*.json", fileUri: "{branch}/{path}"}
"""


@pytest.mark.parametrize(
    ("first", "second"),
    [("main", "Main"), ("feature/x", "Feature/X"), ("caf\u00e9", "cafe\u0301"), ("stra\u00dfe", "STRASSE")],
)
def test_two_branches_that_are_one_on_the_tms(
    repo: Repo, in_process: InProcess, first: str, second: str
) -> None:
    """The second one neither sends nor fetches anything, and is named with the first."""
    repo.commit({".l10n.yml": TWINS, "app/en/a.json": '{"a": "The default text"}'})
    in_process.run(repo, "push")
    if first != "main":
        repo.git("checkout", "--quiet", "-b", first)
        repo.commit({"app/en/a.json": '{"a": "The first text"}'})
        in_process.run(repo, "push")
    before = in_process.original(f"{first}/app/en/a.json")
    repo.git("checkout", "--quiet", "-b", second, "main")
    repo.commit({"app/en/a.json": '{"a": "The second text"}'})

    for command in ("push", "plan", "pull", "status"):
        refused = in_process.run(repo, command, code=8)
        assert repr(first) in refused.err
        assert repr(second) in refused.err
    assert in_process.original(f"{first}/app/en/a.json") == before


def test_a_clone_of_one_branch_asks_the_remote_for_others(
    repo: Repo, in_process: InProcess, tmp_path: Path
) -> None:
    """What a CI has cloned does not show that another branch has the same files on the TMS."""
    repo.commit({".l10n.yml": TWINS, "app/en/a.json": '{"a": "The default text"}'})
    for name in ("topic/x", "Topic/x"):
        repo.git("checkout", "--quiet", "-b", name, "main")
        repo.commit({"app/en/a.json": f'{{"a": "The text of {name}"}}'})
    repo.git("checkout", "--quiet", "main")
    repo.git("config", "uploadpack.allowAnySHA1InWant", "true")
    repo.git("clone", "--quiet", "--depth=1", "--branch=Topic/x", repo.root.as_uri(), str(tmp_path / "clone"))
    in_process.environ = {"CI": "true"}
    refused = in_process.run(tmp_path / "clone", "push", code=8)

    assert "'topic/x'" in refused.err
    assert in_process.control.view(in_process.ident)["files"] == {}


def test_the_default_branch_keeps_its_files(repo: Repo, in_process: InProcess) -> None:
    """That somebody made a branch of nearly its name does not stop it."""
    repo.commit({".l10n.yml": TWINS, "app/en/a.json": '{"a": "The default text"}'})
    repo.git("branch", "MAIN")
    in_process.run(repo, "push")

    assert in_process.original("main/app/en/a.json") == b'{"a": "The default text"}'


def test_a_name_on_the_command_line_counts_as_a_branch(repo: Repo, in_process: InProcess) -> None:
    """A spelling that differs is refused wherever it comes from; without {branch} it is a mere word."""
    repo.commit({".l10n.yml": TWINS, "app/en/a.json": '{"a": "The default text"}'})
    assert "'main'" in in_process.run(repo, "push", "--branch", "MAIN", code=8).err

    repo.commit({".l10n.yml": TWINS.replace("{branch}/", "")})
    in_process.run(repo, "push", "--branch", "MAIN")
