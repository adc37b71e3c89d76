"""Which branch a run works for; one resolver for every command. Pure: the environment is an argument.

Order: the flag, `L10NSYNC_BRANCH`, the variables of the CI that runs us, then git itself. Full names
with their slashes; a tag has no branch; a fork's name is never used for writing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

_MERGE_QUEUE = "gh-readonly-queue/"


@dataclass(frozen=True, slots=True)
class Branch:
    """A resolved branch."""

    name: str
    """Full name without `refs/heads/`; empty where there is none (a tag, a detached HEAD)."""
    origin: str
    """Where it was found: `--branch`, a variable's name, or `git`."""
    fork: bool = False
    """The name belongs to somebody else's repository: good for reading, never for writing."""


def resolve(flag: str | None, environ: Mapping[str, str], git_branch: str) -> Branch:
    """Return the branch of this run; GIT_BRANCH is what git says, empty when HEAD is detached."""
    if flag:
        return Branch(_short(flag), "--branch")
    if environ.get("L10NSYNC_BRANCH"):
        return Branch(_short(environ["L10NSYNC_BRANCH"]), "L10NSYNC_BRANCH")
    for applies, read in _SYSTEMS:
        if environ.get(applies):
            found = read(environ)
            if found is not None:
                return found
    return Branch(git_branch, "git")


def pull_request(environ: Mapping[str, str]) -> str:
    """Return the number of the pull request this run is for; empty if it is for none."""
    ref = environ.get("GITHUB_REF", "")
    if ref.startswith("refs/pull/"):
        return ref.split("/")[2]
    names = (
        "CI_MERGE_REQUEST_IID",
        "BITBUCKET_PR_ID",
        "CHANGE_ID",
        "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER",
        "CIRCLE_PR_NUMBER",
    )
    buildkite = environ.get("BUILDKITE_PULL_REQUEST", "")
    found = next((environ[name] for name in names if environ.get(name)), buildkite)
    return "" if found == "false" else found


def _short(ref: str) -> str:
    return ref.removeprefix("refs/heads/")


def _github(environ: Mapping[str, str]) -> Branch | None:
    head = environ.get("GITHUB_HEAD_REF")
    if head:
        return Branch(head, "GITHUB_HEAD_REF", fork=environ.get("L10NSYNC_FORK") == "true")
    ref = environ.get("GITHUB_REF", "")
    queued = ref.removeprefix("refs/heads/")
    if queued.startswith(_MERGE_QUEUE):
        # gh-readonly-queue/<base>/pr-<number>-<sha>: the base may hold slashes, the rest does not.
        return Branch(queued.removeprefix(_MERGE_QUEUE).rpartition("/")[0], "GITHUB_REF")
    if environ.get("GITHUB_REF_TYPE") == "tag" or ref.startswith("refs/tags/"):
        return Branch("", "GITHUB_REF")
    if ref.startswith("refs/heads/"):
        return Branch(_short(ref), "GITHUB_REF")
    return None


def _gitlab(environ: Mapping[str, str]) -> Branch | None:
    merge_request = environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME")
    if merge_request:
        source = environ.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID")
        target = environ.get("CI_MERGE_REQUEST_PROJECT_ID")
        return Branch(merge_request, "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", fork=source != target)
    if environ.get("CI_COMMIT_TAG"):
        return Branch("", "CI_COMMIT_TAG")
    name = environ.get("CI_COMMIT_BRANCH")
    return Branch(name, "CI_COMMIT_BRANCH") if name else None


def _plain(
    variable: str, *, tag: str = "", fork: str = "", prefix: str = ""
) -> Callable[[Mapping[str, str]], Branch | None]:
    """Return a reader for a CI that puts the branch's name into one variable."""

    def read(environ: Mapping[str, str]) -> Branch | None:
        if tag and environ.get(tag):
            return Branch("", tag)
        name = environ.get(variable, "")
        if name.startswith("refs/") and not name.startswith("refs/heads/"):
            return None
        name = _short(name).removeprefix(prefix)
        return Branch(name, variable, fork=bool(fork and environ.get(fork))) if name else None

    return read


def _first(
    *readers: Callable[[Mapping[str, str]], Branch | None],
) -> Callable[[Mapping[str, str]], Branch | None]:
    def read(environ: Mapping[str, str]) -> Branch | None:
        return next((found for reader in readers if (found := reader(environ)) is not None), None)

    return read


_SYSTEMS: tuple[tuple[str, Callable[[Mapping[str, str]], Branch | None]], ...] = (
    ("GITHUB_ACTIONS", _github),
    ("GITLAB_CI", _gitlab),
    ("BITBUCKET_BUILD_NUMBER", _plain("BITBUCKET_BRANCH", tag="BITBUCKET_TAG")),
    ("BUILDKITE", _plain("BUILDKITE_BRANCH", tag="BUILDKITE_TAG")),
    ("CIRCLECI", _plain("CIRCLE_BRANCH", tag="CIRCLE_TAG", fork="CIRCLE_PR_USERNAME")),
    ("TF_BUILD", _first(_plain("SYSTEM_PULLREQUEST_SOURCEBRANCH"), _plain("BUILD_SOURCEBRANCH"))),
    (
        "JENKINS_URL",
        _first(
            _plain("CHANGE_BRANCH", fork="CHANGE_FORK"),
            _plain("BRANCH_NAME", tag="TAG_NAME"),
            _plain("GIT_BRANCH", prefix="origin/"),
        ),
    ),
)
