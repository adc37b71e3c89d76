"""What goes wrong gets one message that says what to do, its exit code, and changes nothing."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from typing import Any

import jsonschema
import pytest

from tests.repositories import Repo
from tests.runner import Runner
from tests.test_push_pull import files

MUTATING = {"addJob", "createJobBatchV2", "uploadFileToJobBatchV2", "authorizeJob"}


def unchanged(runner: Runner) -> bool:
    """Return whether the sandbox project is as empty as it was made."""
    view = runner.control.view(runner.ident)
    return not (view["files"] or view["jobs"])


@pytest.mark.parametrize("command", ["plan", "push", "pull"])
def test_missing_credentials(repo: Repo, runner: Runner, command: str) -> None:
    """Exit 4, naming the variables and never a value."""
    repo.commit(files(1))
    runner.environ = {"SMARTLING_USER_SECRET": ""}

    done = runner.run(repo, command, code=4)

    assert "SMARTLING_USER_SECRET is not set" in done.err
    assert "hint:" in done.err
    assert unchanged(runner)


def test_a_wrong_secret(repo: Repo, runner: Runner) -> None:
    """Exit 4 without a second try at the same door."""
    repo.commit(files(1))
    runner.environ = {"SMARTLING_USER_SECRET": "wrong-and-not-a-test-secret"}

    done = runner.run(repo, "push", code=4)

    assert "wrong-and-not-a-test-secret" not in done.err + done.out
    assert unchanged(runner)


def test_a_pattern_that_matches_nothing(repo: Repo, runner: Runner) -> None:
    """Exit 2 with the place in the manifest; the service is not even asked."""
    given = dict(files(1))
    given[".l10n.yml"] = str(given[".l10n.yml"]).replace("src/en/*.json", "srx/en/*.json", 1)
    repo.commit(given)
    mark = runner.mark()

    done = runner.run(repo, "push", code=2)

    assert re.search(r"--> .l10n.yml:7:\d+", done.err), done.err
    assert "srx/en/*.json" in done.err
    assert runner.mark() == mark


def test_an_unknown_locale(repo: Repo, runner: Runner) -> None:
    """Exit 2, naming the locale, its place and the locales that the project has."""
    repo.commit(files(1))
    runner.project(["de-DE"])

    done = runner.run(repo, "push", code=2)

    assert "has no locale 'fr-FR'" in done.err
    assert "de-DE" in done.err
    assert unchanged(runner)


@pytest.mark.parametrize("command", ["push", "pull"])
def test_a_wrong_project(repo: Repo, runner: Runner, command: str) -> None:
    """A project that is not there is neither a defect nor a success."""
    repo.commit(files(1))
    runner.environ = {"SMARTLING_PROJECT_ID": "nosuch000"}

    done = runner.run(repo, command, code=None)

    assert done.code in {2, 4, 7}
    assert "error" in done.err
    assert "request id" in done.err


def test_no_project_at_all(repo: Repo, runner: Runner) -> None:
    """Exit 2, naming the variable."""
    repo.commit(files(1))
    runner.environ = {"SMARTLING_PROJECT_ID": ""}

    assert "SMARTLING_PROJECT_ID" in runner.run(repo, "push", code=2).err


def test_a_server_that_is_not_there(repo: Repo, runner: Runner) -> None:
    """Exit 5 when the time is up: run again."""
    repo.commit(files(1))
    runner.environ = {"SMARTLING_API_URL": "http://127.0.0.1:9"}

    done = runner.run(repo, "push", "--timeout", "2s", code=5)

    assert "127.0.0.1" in done.err
    assert "hint:" in done.err


def test_credentials_of_the_sandbox_go_nowhere_else(repo: Repo, runner: Runner) -> None:
    """They are refused for any host that is not loopback, before anything is sent."""
    repo.commit(files(1))
    runner.environ = {"SMARTLING_API_URL": "https://api.smartling.example"}

    assert runner.run(repo, "push", code=None).code in {4, 8}


def test_plain_http_to_a_foreign_host_is_refused(repo: Repo, runner: Runner) -> None:
    """Credentials never travel in the clear."""
    repo.commit(files(1))
    runner.environ = {"SMARTLING_API_URL": "http://api.smartling.example"}

    assert runner.run(repo, "push", code=None).code in {2, 4, 8}


def test_outside_a_repository(repo: Repo, runner: Runner) -> None:
    """One line, not git's wall of text."""
    done = runner.run(repo.root.parent, "check", code=2)

    assert done.err.startswith("error: not inside a git repository")


def test_without_a_manifest(repo: Repo, runner: Runner) -> None:
    """The places that were looked at are named."""
    repo.commit({"a": "b"})

    assert "there is no .l10n.yml" in runner.run(repo, "check", code=2).err


def test_a_typo_in_the_manifest(repo: Repo, runner: Runner) -> None:
    """File, line, column, caret, and the key that was meant."""
    given = dict(files(1))
    given[".l10n.yml"] = str(given[".l10n.yml"]).replace("target:", "taget:")
    repo.commit(given)

    done = runner.run(repo, "check", code=2)

    assert re.search(r"--> .l10n.yml:8:5", done.err), done.err
    assert "^^^^^" in done.err
    assert "`target`" in done.err or "'target'" in done.err


def test_before_the_first_commit(repo: Repo, runner: Runner) -> None:
    """A push needs a commit; the manifest can be checked without one."""
    repo.write(files(1))
    repo.git("add", "--all")

    runner.run(repo, "check")
    assert "there are no commits yet" in runner.run(repo, "push", code=2).err


def test_an_unknown_option(repo: Repo, runner: Runner) -> None:
    """Usage is exit 2, with the nearest name."""
    assert "--dry-run" in runner.run(repo, "push", "--dry-ru", code=2).err


@pytest.mark.parametrize("case", ["manifest", "credentials", "success"])
def test_json_is_one_document_also_on_failure(
    repo: Repo, runner: Runner, case: str, report_schema: dict[str, Any]
) -> None:
    """It carries the exit code and fits the published schema."""
    given = dict(files(1))
    if case == "manifest":
        given[".l10n.yml"] = "version: 1\nresourcs: []\n"
    repo.commit(given)
    if case == "credentials":
        runner.environ = {"SMARTLING_USER_SECRET": ""}

    done = runner.run(repo, "push", "--format", "json", code=None)

    document = json.loads(done.out)
    jsonschema.validate(document, report_schema)
    assert document["exitCode"] == done.code == {"manifest": 2, "credentials": 4, "success": 0}[case]


def test_a_broken_translation_keeps_the_old_file(repo: Repo, runner: Runner) -> None:
    """Exit 7, the reason, and the next pull tries again."""
    repo.commit(files(2))
    runner.run(repo, "push")
    runner.translate()
    runner.control.fault("empty", operation="download*", project=runner.ident, nth=1, count=0)

    done = runner.run(repo, "pull", code=None)
    assert done.code in {5, 7}, done.out
    assert not list(repo.root.glob("src/de/*"))

    runner.control.clear_faults(runner.ident)
    assert runner.run(repo, "pull").out.startswith("Wrote 4 files")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_run_in_order(repo: Repo, runner: Runner, number: int, code: int) -> None:
    """Within seconds, with its own exit code and a word on what to do."""
    repo.commit(files(1))
    runner.control.fault("hold", operation="uploadFileToJobBatchV2", project=runner.ident)
    process = runner.start(repo, "push")
    runner.held()

    process.send_signal(number)
    _out, err = process.communicate(timeout=10)

    runner.control.clear_faults(runner.ident)
    runner.control.release()
    assert process.returncode == code, err
    assert "run the same command again" in err
    assert "Traceback" not in err


def test_a_reader_that_goes_away_is_no_failure(repo: Repo, runner: Runner) -> None:
    """`l10nsync list | head -1` ends without a traceback."""
    repo.commit(files(200))
    done = subprocess.run(
        f"{sys.executable} -m l10nsync list --format tsv | head -1",
        shell=True,
        cwd=repo.root,
        env=runner.environment() | {"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.startswith("resource\tsource")
    assert done.stderr == ""
