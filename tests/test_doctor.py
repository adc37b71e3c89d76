"""What stands in the way of a run is named before it is needed."""

from __future__ import annotations

import json

import pytest

from l10nsync.app.doctor import masked
from tests.repositories import Repo
from tests.runner import Runner

MANIFEST = """\
version: 1
sourceLocale: en-US
locales: {de-DE: de}
resources: [{source: en/*.json, target: "{locale}/*.json"}]
"""


@pytest.fixture
def healthy(repo: Repo) -> Repo:
    repo.commit({".l10n.yml": MANIFEST, "en/a.json": '{"a": "b"}'})
    return repo


def test_a_healthy_place_is_all_well(healthy: Repo, runner: Runner) -> None:
    """Every check is fine, and no secret is shown."""
    runner.environ = {"HTTPS_PROXY": "", "NO_PROXY": "127.0.0.1", "ALL_PROXY": ""}
    done = runner.run(healthy, "doctor")
    assert "fail" not in done.out
    assert "manifest: .l10n.yml: 1 source, 1 target" in done.out
    assert "branch: main, from git" in done.out
    assert "from SMARTLING_PROJECT_ID" in done.out
    assert "locales and source locale match the manifest" in done.out
    environment = runner.environment()
    assert environment["SMARTLING_USER_SECRET"] not in done.out
    assert environment["SMARTLING_USER_IDENTIFIER"] not in done.out


@pytest.mark.parametrize(
    ("environ", "code", "said"),
    [
        ({"SMARTLING_USER_SECRET": ""}, 4, "SMARTLING_USER_SECRET is not set"),
        ({"SMARTLING_USER_SECRET": "wrong-secret"}, 4, "project default"),
        ({"SMARTLING_PROJECT_ID": ""}, 2, "no project id is set"),
    ],
    ids=["missing", "wrong", "no project"],
)
def test_what_is_wrong_is_named(
    healthy: Repo, runner: Runner, environ: dict[str, str], code: int, said: str
) -> None:
    """Credentials and ids: the failing line, a hint, and the exit code of a run."""
    runner.environ = environ
    done = runner.run(healthy, "doctor", code=code)
    failing = [line for line in done.out.splitlines() if line.startswith("fail")]
    assert len(failing) == 1
    assert said in failing[0]
    assert "hint:" in done.out
    assert "wrong-secret" not in done.out


def test_locales_and_manifests_that_do_not_fit(healthy: Repo, runner: Runner) -> None:
    """A locale that the project lacks, and a manifest that is none; as data too."""
    healthy.commit({".l10n.yml": MANIFEST.replace("de-DE", "it-IT")})
    assert "has no locale 'it-IT'" in runner.run(healthy, "doctor", code=2).out
    assert runner.run(healthy, "doctor", "--offline").code == 0
    healthy.commit({".l10n.yml": "version: 1\n"})
    data = json.loads(runner.run(healthy, "doctor", "--format", "json", code=2).out)
    assert data["exitCode"] == 2
    assert [each["area"] for each in data["checks"] if each["status"] == "fail"] == ["manifest"]


def test_only_a_part_of_an_identifier_is_shown() -> None:
    """Enough to know it again; of a short one nothing."""
    assert masked("abcdefghijkl") == "abc…kl"
    assert masked("short") == "***"
