"""One resolver finds the branch of every run."""

from __future__ import annotations

import pytest

from l10nsync.branches import Branch, pull_request, resolve

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
            {"JENKINS_URL": "x", "CHANGE_BRANCH": "a/b", "BRANCH_NAME": "PR-1"},
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
    ("environ", "number"),
    [
        ({"GITHUB_REF": "refs/pull/42/merge"}, "42"),
        ({"CI_MERGE_REQUEST_IID": "7"}, "7"),
        ({"BUILDKITE_PULL_REQUEST": "false"}, ""),
        ({"GITHUB_REF": "refs/heads/main"}, ""),
    ],
)
def test_the_pull_request_is_known(environ: dict[str, str], number: str) -> None:
    """A job may be named after the pull request that filled it."""
    assert pull_request(environ) == number
