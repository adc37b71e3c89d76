"""Which branch a run works for; one resolver for every command. Pure: the environment is an argument.

Order: the flag, `L10NSYNC_BRANCH`, the variables of the CI that runs us, then git itself. Full names
with their slashes; a tag has no branch, a merge queue works for its base, and a fork's name is never
used for writing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

_MERGE_QUEUE = "gh-readonly-queue/"
_GITHUB_REQUESTS = frozenset(
    {
        "pull_request",
        "pull_request_target",
        "pull_request_review",
        "pull_request_review_comment",
        "pull_request_comment",
        "merge_group",
    }
)
"""Events of GitHub, and of what is built like it, that are about something that is not merged."""
_REQUESTS = (
    "L10NSYNC_PULL_REQUEST",
    "CI_MERGE_REQUEST_IID",
    "CI_EXTERNAL_PULL_REQUEST_IID",
    "BITBUCKET_PR_ID",
    "CHANGE_ID",
    "ghprbPullId",
    "gitlabMergeRequestIid",
    "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER",
    "SYSTEM_PULLREQUEST_PULLREQUESTID",
    "CIRCLE_PR_NUMBER",
    "CIRCLE_PULL_REQUEST",
    "CIRCLE_PULL_REQUESTS",
    "BUILDKITE_PULL_REQUEST",
)
"""Variables that hold the number, or the address, of a pull request."""
_NO_REQUEST = frozenset({"", "false", "0", "null"})
"""What they hold where there is none."""
_REFS = ("GITHUB_REF", "BUILD_SOURCEBRANCH", "CIRCLE_BRANCH", "BUILDKITE_BRANCH", "CI_COMMIT_REF_NAME")
"""Variables whose ref, or branch, shows a pull request or a merge queue."""
_TARGETS = (
    "GITHUB_BASE_REF",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
    "CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME",
    "BITBUCKET_PR_DESTINATION_BRANCH",
    "CHANGE_TARGET",
    "SYSTEM_PULLREQUEST_TARGETBRANCH",
    "BUILDKITE_PULL_REQUEST_BASE_BRANCH",
)
"""Variables that name the target branch of a pull request."""
_MARKS: Mapping[str, frozenset[str]] = {
    "CI_PIPELINE_SOURCE": frozenset({"merge_request_event", "external_pull_request_event"}),
    "CI_MERGE_REQUEST_EVENT_TYPE": frozenset({"detached", "merged_result", "merge_train"}),
    "BUILD_REASON": frozenset({"PullRequest"}),
}
"""Variables with the kind of a run, and the kinds that are for a pull request."""
_Environ = Mapping[str, str]


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
    """Return the branch of this run; GIT_BRANCH is what git says, empty when HEAD is detached.

    A fork's name stays a fork's, whoever says it.
    """
    found = _of_system(environ) or Branch(_without_queue(git_branch), "git")
    for given, origin in ((flag, "--branch"), (environ.get("L10NSYNC_BRANCH"), "L10NSYNC_BRANCH")):
        if given and given.strip():
            name = _given_branch(given.strip())
            return Branch(name, origin, fork=found.fork and name == found.name)
    return found


def _of_system(environ: _Environ) -> Branch | None:
    for marks, read in _SYSTEMS:
        if any(environ.get(mark) for mark in marks):
            found = read(environ)
            if found is not None:
                return replace(found, name=_without_queue(found.name))
    return None


def in_ci(environ: Mapping[str, str]) -> bool:
    """Return whether a CI runs us, where the work tree is just what was committed."""
    return _says_true(environ.get("CI")) or any(
        environ.get(mark) for mark in chain.from_iterable(marks for marks, _ in _SYSTEMS)
    )


@dataclass(frozen=True, slots=True)
class PullRequest:
    """The pull request, or merge request, that a run is for: anybody may have opened it."""

    number: str
    """Empty if the system does not report it."""
    origin: str
    """The variable that it was read from."""
    target: str = ""
    """Its target branch; empty if the system does not report it."""
    merge: str = ""
    """The commit that merges it into its target, for a run that is for such a commit."""
    base: str = ""
    """The commit where it left its target; empty if the system does not report it."""
    default: str = ""
    """The default branch of the repository; empty if the system does not report it."""


def pull_request(environ: Mapping[str, str]) -> PullRequest | None:
    """Return the pull request that this run is for, be it a fork's or not, merged with its base or not.

    A merge queue's run counts as well: what it builds is not merged yet. So does any run that looks like one
    for a pull request to any system: nothing is then authorized unless somebody asks for it.
    """
    found = list(_signs_of_request(environ))
    if not found:
        return None
    number = next(
        (number for _, value in found if (number := value.rstrip("/").rpartition("/")[2]).isdigit()), ""
    )
    target = next((_short(environ[name]) for name in _TARGETS if environ.get(name)), "")
    base = environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", "")
    default = environ.get("L10NSYNC_DEFAULT_BRANCH") or environ.get("CI_DEFAULT_BRANCH", "")
    return PullRequest(number, found[0][0], target, _merge_commit(environ), base, default)


def _signs_of_request(environ: _Environ) -> Iterator[tuple[str, str]]:
    """Yield the variables that show a pull request, the surest first, with its number or address if any."""
    for name in _REQUESTS:
        value = environ.get(name, "").strip()
        if value.lower() not in _NO_REQUEST:
            yield name, value
    for name in _REFS:
        number = _number_in(environ.get(name, ""))
        if number is not None:
            yield name, number
    if environ.get("GITHUB_EVENT_NAME", "") in _GITHUB_REQUESTS or environ.get("GITHUB_HEAD_REF"):
        yield "GITHUB_EVENT_NAME", ""
    for name, values in _MARKS.items():
        if environ.get(name) in values:
            yield name, ""


def _merge_commit(environ: _Environ) -> str:
    """Return the commit that merges a pull request, where the run is for one."""
    for ref, commit in (("GITHUB_REF", "GITHUB_SHA"), ("BUILD_SOURCEBRANCH", "BUILD_SOURCEVERSION")):
        if re.fullmatch(r"refs/pull/\d+/merge", environ.get(ref, "")):
            return environ.get(commit, "")
    merged = environ.get("CI_MERGE_REQUEST_EVENT_TYPE", "") in {"merged_result", "merge_train"}
    return environ.get("CI_COMMIT_SHA", "") if merged else ""


def _number_in(ref: str) -> str | None:
    """Return the number in the ref or branch of a pull request or a merge queue; None if REF is neither."""
    parts = ref.removeprefix("refs/").removeprefix("heads/").split("/")
    if f"{parts[0]}/" == _MERGE_QUEUE:
        return next(iter(parts[-1].removeprefix("pr-").split("-")), "")
    if len(parts) > 1 and parts[0] in {"pull", "pull-requests", "merge-requests"} and parts[1].isdigit():
        return parts[1]
    return None


def event_environment(event: object) -> Mapping[str, str]:
    """Return what the event that GitHub describes in a file adds to the environment.

    EVENT is that file's content. A review's event has no `GITHUB_HEAD_REF`, and no event says in a variable
    that it comes from a fork, or that its branch was deleted; a fork that was deleted meanwhile has no name,
    and is one all the same. A comment on a pull request, and a workflow that follows another's run for it, do
    not say so in variables.
    """
    request = event.get("pull_request") if isinstance(event, dict) else None
    default = _inside(event, "repository", "default_branch")
    named = {"L10NSYNC_DEFAULT_BRANCH": default} if default else {}
    if not isinstance(request, dict):
        return {**named, **_followed(event), **_deleted(event)}
    theirs, ours = (_inside(request, side, "repo", "full_name") for side in ("head", "base"))
    found = named | ({"L10NSYNC_FORK": "true"} if not theirs or theirs != ours else {})
    ref, number = _inside(request, "head", "ref"), request.get("number")
    found |= {"GITHUB_HEAD_REF": ref} if ref else {}
    return found | ({"L10NSYNC_PULL_REQUEST": str(number)} if isinstance(number, int) else {})


def _deleted(event: object) -> Mapping[str, str]:
    """Return the branch that a push has deleted: the event says so, or its new commit is all zeros."""
    after, ref = _inside(event, "after"), _inside(event, "ref")
    gone = isinstance(event, dict) and (event.get("deleted") is True or (after and not after.strip("0")))
    return {"L10NSYNC_DELETED_BRANCH": _short(ref)} if gone and ref else {}


def _followed(event: object) -> Mapping[str, str]:
    """Return the pull request that a comment is on, or that a run was for which this one follows."""
    data = event if isinstance(event, dict) else {}
    issue, run = data.get("issue"), data.get("workflow_run")
    if isinstance(issue, dict) and issue.get("pull_request"):
        return {"L10NSYNC_PULL_REQUEST": str(issue.get("number", ""))}
    if isinstance(run, dict) and run.get("event") in _GITHUB_REQUESTS:
        # Of a fork's pull request, the list is empty.
        listed = run.get("pull_requests") or [{}]
        first = listed[0] if isinstance(listed, list) and isinstance(listed[0], dict) else {}
        return {"L10NSYNC_PULL_REQUEST": str(first.get("number", "unknown"))}
    return {}


def _inside(data: object, *keys: str) -> str:
    """Return the text below KEYS; empty if anything on the way is missing or of another kind."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, str) else ""


# --- reading a name -----------------------------------------------------------------------------------


def _given_branch(text: str) -> str:
    """Return the branch that a user names; a tag's or a pull request's ref, taken from a CI, names none."""
    name = _short(text)
    return "" if name.startswith("refs/") else name


def _short(ref: str) -> str:
    return ref.removeprefix("refs/heads/")


def _without_queue(name: str) -> str:
    """Return the base of a merge queue's branch: gh-readonly-queue/<base>/pr-<number>-<sha>."""
    # The base may hold slashes, the rest does not.
    return name.removeprefix(_MERGE_QUEUE).rpartition("/")[0] if name.startswith(_MERGE_QUEUE) else name


def _says_true(value: str | None) -> bool:
    return (value or "").strip().lower() in {"true", "1", "yes"}


def _repository(address: str) -> str:
    """Return owner and name of an address such as `git@host:owner/name.git`, to be compared."""
    path = address.strip().rstrip("/").removesuffix(".git").replace(":", "/")
    return "/".join(path.split("/")[-2:]).casefold()


# --- the systems --------------------------------------------------------------------------------------


def _github(environ: _Environ) -> Branch | None:
    head = environ.get("GITHUB_HEAD_REF")
    if head:
        return Branch(head, "GITHUB_HEAD_REF", fork=_says_true(environ.get("L10NSYNC_FORK")))
    ref = environ.get("GITHUB_REF", "")
    if environ.get("GITHUB_REF_TYPE") == "tag" or ref.startswith("refs/tags/"):
        return Branch("", "GITHUB_REF")
    if ref.startswith("refs/heads/"):
        return Branch(_short(ref), "GITHUB_REF")
    return None


def _gitlab(environ: _Environ) -> Branch | None:
    for request, here, there in (
        (
            "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
            "CI_MERGE_REQUEST_SOURCE_PROJECT_ID",
            "CI_MERGE_REQUEST_PROJECT_ID",
        ),
        (
            "CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME",
            "CI_EXTERNAL_PULL_REQUEST_SOURCE_REPOSITORY",
            "CI_EXTERNAL_PULL_REQUEST_TARGET_REPOSITORY",
        ),
    ):
        if environ.get(request):
            return Branch(environ[request], request, fork=environ.get(here) != environ.get(there))
    if environ.get("CI_COMMIT_TAG"):
        return Branch("", "CI_COMMIT_TAG")
    name = environ.get("CI_COMMIT_BRANCH")
    return Branch(name, "CI_COMMIT_BRANCH") if name else None


def _buildkite(environ: _Environ) -> Branch | None:
    """Read Buildkite; its pull request's repository is empty where there is no pull request."""
    found = _plain("BUILDKITE_BRANCH", tag="BUILDKITE_TAG")(environ)
    theirs, ours = environ.get("BUILDKITE_PULL_REQUEST_REPO", ""), environ.get("BUILDKITE_REPO", "")
    return replace(found, fork=bool(theirs) and _repository(theirs) != _repository(ours)) if found else None


def _circle(environ: _Environ) -> Branch | None:
    """Read CircleCI; a fork's pull request is built as branch `pull/<number>`."""
    found = _plain("CIRCLE_BRANCH", tag="CIRCLE_TAG")(environ)
    if found is None:
        return None
    kind, _, number = found.name.partition("/")
    return replace(
        found, fork=bool(environ.get("CIRCLE_PR_USERNAME")) or (kind == "pull" and number.isdigit())
    )


def _azure(environ: _Environ) -> Branch | None:
    fork = _says_true(environ.get("SYSTEM_PULLREQUEST_ISFORK"))
    found = _plain("SYSTEM_PULLREQUEST_SOURCEBRANCH")(environ)
    return replace(found, fork=fork) if found else _plain("BUILD_SOURCEBRANCH")(environ)


def _jenkins(environ: _Environ) -> Branch | None:
    if environ.get("CHANGE_ID"):
        # Of a change, `BRANCH_NAME` is PR-7 or the like: no branch that anybody pushed.
        return Branch(
            environ.get("CHANGE_BRANCH", ""), "CHANGE_BRANCH", fork=bool(environ.get("CHANGE_FORK"))
        )
    found = _plain("BRANCH_NAME", tag="TAG_NAME")(environ) or _plain("GIT_BRANCH")(environ)
    if found is None or found.origin != "GIT_BRANCH":
        return found
    # The git plugin puts the remote's name before the branch's, and says `detached` where there is none.
    return None if found.name == "detached" else replace(found, name=found.name.removeprefix("origin/"))


def _plain(variable: str, *, tag: str = "") -> Callable[[_Environ], Branch | None]:
    """Return a reader for a CI that puts the branch's name, or its ref, into one variable."""

    def read(environ: _Environ) -> Branch | None:
        if tag and environ.get(tag):
            return Branch("", tag)
        name = environ.get(variable, "")
        if name.startswith("refs/tags/"):
            return Branch("", variable)
        if name.startswith("refs/") and not name.startswith("refs/heads/"):
            return None
        return Branch(_short(name), variable) if name else None

    return read


_SYSTEMS: tuple[tuple[tuple[str, ...], Callable[[_Environ], Branch | None]], ...] = (
    (("GITHUB_ACTIONS",), _github),
    (("GITLAB_CI",), _gitlab),
    (("BITBUCKET_BUILD_NUMBER",), _plain("BITBUCKET_BRANCH", tag="BITBUCKET_TAG")),
    (("BUILDKITE",), _buildkite),
    (("CIRCLECI",), _circle),
    (("TF_BUILD",), _azure),
    # JENKINS_URL is set only where an administrator has configured it.
    (("JENKINS_URL", "JENKINS_HOME"), _jenkins),
)
"""Any of the variables shows that the system runs us; the function reads its branch."""
