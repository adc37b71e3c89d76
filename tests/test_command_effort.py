"""What whole commands cost, counted: processes, requests, and which of these wait for one another."""

from __future__ import annotations

from pathlib import Path

from tests.in_process import InProcess
from tests.processes import started
from tests.repositories import Repo
from tests.test_push_pull import files


def git_processes(runner: InProcess, repo: Repo, *argv: str) -> int:
    """Run a command and return how often it called git."""
    with started() as commands:
        runner.run(repo, *argv)
    return sum(command[0] == "git" for command in commands)


def test_git_is_called_as_often_for_many_files_as_for_two(in_process: InProcess, tmp_path: Path) -> None:
    runner = in_process
    calls: list[list[int]] = []
    for number in (2, 8):
        repo = Repo(tmp_path / str(number))
        runner.project()
        repo.commit(files(number))
        pushes = [git_processes(runner, repo, "push")]
        repo.commit({f"src/en/f{index}.json": '{"title": "New"}' for index in range(number)})
        pushes.append(git_processes(runner, repo, "push", "--worktree") - number)  # git stores each of them
        runner.translate()
        runner.control.advance(5)
        calls.append([*pushes, git_processes(runner, repo, "pull")])
    assert calls[0] == calls[1]


def test_git_is_asked_each_question_once(in_process: InProcess, repo: Repo) -> None:
    """The commit, the branch and the configuration are those of the run; small sources are read once."""
    runner = in_process
    repo.commit(files(8))
    runner.run(repo, "push")
    runner.translate()
    runner.run(repo, "pull")
    found = {command: git_processes(runner, repo, command) for command in ("check", "push", "pull", "status")}
    assert found == {"check": 7, "push": 12, "pull": 11, "status": 12}


def test_a_push_of_one_file_waits_for_few_answers(in_process: InProcess, repo: Repo) -> None:
    """Each needs the answer of the one before.

    Sign in; look around, and for the job along with that; make a job; a batch; look again; send; watch; read
    back; authorize; read that back, too.
    """
    runner = in_process
    repo.commit(files(3))
    runner.run(repo, "push")
    runner.translate()
    runner.run(repo, "pull")
    runner.run(repo, "push")  # asks once what has become of the job
    repo.commit({"src/en/f0.json": '{"title": "Another text"}'})
    mark = runner.mark()
    runner.run(repo, "push")
    asked = runner.requests_since(mark)
    # Looks at the batch take the service's time; within one second, only the content tells two uploads apart.
    left_out = {"getJobBatchStatusV2", "downloadSourceFile"}
    asked = [operation for operation in asked if operation not in left_out]
    listing = "getRecentlyUploadedSourceFilesList"
    assert sorted(asked[:4]) == ["getJobsByProject", "getJobsByProject", "getProjectDetails", listing]
    steps = ["addJob", "createJobBatchV2", listing, "uploadFileToJobBatchV2", listing]
    assert asked[4:] == [*steps, "authorizeJob", "getJobDetails"]


def test_a_push_with_nothing_to_do_looks_for_no_job(in_process: InProcess, repo: Repo) -> None:
    runner = in_process
    repo.commit(files(3))
    runner.run(repo, "push")
    mark = runner.mark()
    runner.run(repo, "push")
    assert len(runner.requests_since(mark)) == 3
