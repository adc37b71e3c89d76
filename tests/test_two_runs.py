"""Two runs at once, and plans that are stale when they are carried out.

Here two processes run at once; `tests/test_interleavings.py` plays every order of their requests.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from l10nsync.sandbox.testing import SandboxServer, wait_for
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.runner import Runner
from tests.test_push_pull import files, forget

POINTS = (4, 8)
"""Requests at which a push is held."""
MUTATING = {
    "addJob",
    "createJobBatchV2",
    "uploadFileToJobBatchV2",
    "uploadSourceFile",
    "renameUploadedSourceFile",
    "deleteUploadedSourceFile",
    "authorizeJob",
}


def clone(repo: Repo, name: str) -> Repo:
    """Return another clone, such as another run of the CI has it."""
    folder = repo.root.parent / name
    repo.git("clone", "--quiet", repo.root.as_uri(), str(folder))
    return Repo(folder)


def stalled(first: Repo, runner: Runner, second: Repo, point: int) -> int:
    """Stall a push of FIRST at request POINT while SECOND is pushed; return the first exit code."""
    runner.control.fault("hold", project=runner.ident, nth=point)
    process = runner.start(first, "push", "--timeout", "60s")
    wait_for(lambda: runner.is_held() or process.poll() is not None, 60)
    runner.control.clear_faults(runner.ident)
    other = runner.start(second, "push", "--timeout", "60s")
    # A job takes one batch at a time: the second may have to wait for the first.
    wait_for(lambda: other.poll() is not None or _waits(runner), 60)
    runner.control.release()
    for each in (process, other):
        out, err = each.communicate(timeout=120)
        assert "Traceback" not in err, err
    assert other.returncode == 0, (out, err)
    return process.returncode


def _waits(runner: Runner) -> bool:
    return len(runner.control.view(runner.ident)["openBatches"]) > 0


def test_two_runs_of_one_commit_share_one_job(repo: Repo, runner: Runner) -> None:
    """Both succeed, each file is there once, one job, no open batch."""
    repo.commit(files(3))
    other = clone(repo, "other/repo")
    other.git("remote", "set-url", "origin", "repo")
    for point in POINTS:
        runner.project()
        for each in (repo, other):
            forget(each)

        assert stalled(repo, runner, other, point) == 0, point

        view = runner.control.view(runner.ident)
        assert len(view["jobs"]) == 1, point
        assert not view["openBatches"], point
        assert sorted(view["files"]) == [f"src/en/f{index}.json" for index in range(3)]


def test_the_newer_commit_wins_in_the_end(repo: Repo, runner: Runner) -> None:
    """Whatever the older run does when it goes on: the next push of the newer commit makes it right.

    Times of files have milliseconds here: in the sandbox's hurry, two uploads would have the same second.
    """
    repo.commit(files(2))
    newer = clone(repo, "other/repo")
    newer.git("remote", "set-url", "origin", "repo")
    newer.commit({"src/en/f0.json": '{"title": "The newer text"}'})
    for point in POINTS:
        runner.project()
        runner.control.switches(runner.ident, last_uploaded_millis=True)
        for each in (repo, newer):
            forget(each)

        assert stalled(repo, runner, newer, point) in {0, 5, 8}, point
        runner.run(newer, "push")

        assert runner.original("src/en/f0.json") == newer.read("src/en/f0.json"), point
        assert not runner.control.view(runner.ident)["openBatches"], point
        assert runner.run(newer, "push").out.startswith("No changes")


# --- stale plans ------------------------------------------------------------------------------------------


def _another_upload(repo: Repo, runner: Runner) -> None:
    from tests.sandbox_fixtures import RestClient

    runner.control.advance(2)  # times of files have whole seconds
    RestClient(runner.server.url, runner.ident, runner.control).upload(
        "src/en/f1.json", b'{"title": "Theirs"}'
    )
    forget(repo)


def _manifest(old: str, new: str) -> Callable[[Repo, Runner], None]:
    def change(repo: Repo, _runner: Runner) -> None:
        repo.commit({".l10n.yml": repo.read(".l10n.yml").decode().replace(old, new)})

    return change


def _git(*arguments: str) -> Callable[[Repo, Runner], None]:
    def change(repo: Repo, _runner: Runner) -> None:
        repo.git(*arguments)
        repo.commit()

    return change


STALE: dict[str, Callable[[Repo, Runner], object]] = {
    "edited": lambda repo, _runner: repo.commit({"src/en/f0.json": '{"title": "Moved on"}'}),
    "added": lambda repo, _runner: repo.commit({"src/en/new.json": '{"title": "Another"}'}),
    "deleted": _git("rm", "--quiet", "src/en/f2.json"),
    "renamed": _git("mv", "src/en/f2.json", "src/en/g2.json"),
    "emptied": lambda repo, _runner: repo.commit({"src/en/f0.json": "{}"}),
    "broken": lambda repo, _runner: repo.commit({"src/en/f0.json": '{"title": '}),
    "a directive": _manifest("    target:", "    directives: {string_format: icu}\n    target:"),
    "a locale": _manifest("fr-FR: fr}", "fr-FR: fr, ja-JP: ja}"),
    "a namespace": _manifest("    target:", "    namespace: other\n    target:"),
    "a fileUri": _manifest("    target:", '    fileUri: "x/{path}"\n    target:'),
    "the job": _manifest("job: {", "job: {name: another, "),
    "the branch": _git("switch", "--quiet", "--create", "feature"),
    "another upload": _another_upload,
}


@pytest.mark.parametrize("change", STALE)
def test_a_stale_plan_sends_nothing(repo: Repo, sandbox_server: SandboxServer, change: str) -> None:
    """Whatever moved between plan and push, in the repository, the manifest or on the TMS: exit 8."""
    runner = InProcess(sandbox_server)
    runner.project()
    repo.commit(files(3))
    runner.run(repo, "push")
    repo.commit({f"src/en/f{index}.json": f'{{"title": "Second text {index}"}}' for index in range(3)})
    plan = Path(repo.root.parent / "plan.json")
    runner.run(repo, "plan", "--out", str(plan))
    STALE[change](repo, runner)
    mark = runner.mark()

    done = runner.run(repo, "push", "--plan", str(plan), code=None)

    assert done.code in ({2, 8} if change == "a locale" else {8}), done.err
    assert not MUTATING & set(runner.requests_since(mark))
