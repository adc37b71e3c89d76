"""What may be spent: on a pull request, the limits of the default branch count and not its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.manifests import GERMAN_ONLY, small_manifest
from tests.repositories import Repo
from tests.runner import Runner

pytestmark = pytest.mark.in_process

MANIFEST = small_manifest(
    "app",
    "branch: {default: main}",
    "job: {authorize: true, maxWords: 5}",
    locales=GERMAN_ONLY,
    resource=('fileUri: "{branch}/{path}"',),
)
TEXT = {"app/en/new.json": json.dumps({"a": "Many more words that somebody has to pay for"})}
REQUEST = {
    "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_REF": "refs/pull/7/merge",
    "GITHUB_HEAD_REF": "topic", "GITHUB_BASE_REF": "main",
}  # fmt: skip


def requested(repo: Repo, runner: Runner, manifest: str, *, base: str = MANIFEST) -> None:
    """Commit BASE to main, and MANIFEST with a text to a branch that a pull request wants merged."""
    repo.commit({".l10n.yml": base, "app/en/a.json": '{"a": "One"}'} if base else {"readme": "none"})
    repo.git("checkout", "--quiet", "-b", "topic")
    repo.commit({".l10n.yml": manifest, **TEXT})
    runner.environ = dict(REQUEST)


def states(runner: Runner) -> list[str]:
    return [each["status"] for each in runner.control.view(runner.ident)["jobs"]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("maxWords: 5", "maxWords: 5000"),
        (", maxWords: 5", ""),
        ("maxWords: 5", 'maxWords: 5000, name: "another {branch}"'),
        ("name: app", "name: other\n    job: {maxWords: 5000}"),
        ("default: main}", "default: topic}"),
    ],
    ids=["raised", "taken out", "another job", "another resource", "another default branch"],
)
@pytest.mark.parametrize("job", [(), ("--job", "of the request")], ids=["its job", "one job"])
def test_a_pull_request_is_held_to_the_default_branch(
    repo: Repo, runner: Runner, old: str, new: str, job: tuple[str, ...]
) -> None:
    """Whatever it says about its own limits, nothing is authorized beyond those that are merged."""
    requested(repo, runner, MANIFEST.replace(old, new))

    refused = runner.run(repo, "push", "--authorize", *job, code=8)

    assert "`maxWords: 5`" in refused.err
    assert "IN_PROGRESS" not in states(runner)


def test_a_person_may_lift_the_limits_of_a_pull_request(repo: Repo, runner: Runner) -> None:
    """`--yes` is not said by a manifest."""
    requested(repo, runner, MANIFEST)

    runner.run(repo, "push", "--authorize", "--yes")

    assert states(runner) == ["IN_PROGRESS"]


def test_a_default_branch_without_a_manifest_lets_nothing_through(repo: Repo, runner: Runner) -> None:
    """The pull request that brings the first manifest authorizes nothing: nobody has merged its limits."""
    requested(repo, runner, MANIFEST.replace(", maxWords: 5", ""), base="")

    refused = runner.run(repo, "push", "--authorize", code=8)
    runner.run(repo, "push")

    assert "the limits of the default branch 'main' are not known (it has no .l10n.yml)" in refused.err
    assert "limits of the default branch" in runner.run(repo, "job", "authorize", code=8).err
    assert states(runner) == ["AWAITING_AUTHORIZATION"]


def test_the_service_of_the_ci_says_which_branch_is_the_default(
    repo: Repo, runner: Runner, tmp_path: Path
) -> None:
    """A pull request onto another branch, which has raised the limit itself, is held to the default one."""
    requested(repo, runner, MANIFEST.replace("maxWords: 5", "maxWords: 5000"))
    repo.git("branch", "release")
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"repository": {"default_branch": "main"}}))
    runner.environ |= {"GITHUB_BASE_REF": "release", "GITHUB_EVENT_PATH": str(event)}

    assert "`maxWords: 5`" in runner.run(repo, "push", "--authorize", code=8).err


def test_without_a_pull_request_the_manifest_of_the_branch_counts(repo: Repo, runner: Runner) -> None:
    """Who pushes by hand is trusted with the manifest that is there."""
    requested(repo, runner, MANIFEST.replace("maxWords: 5", "maxWords: 5000"))
    runner.environ = {}

    runner.run(repo, "push", "--authorize")

    assert states(runner) == ["IN_PROGRESS"]
