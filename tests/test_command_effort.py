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
