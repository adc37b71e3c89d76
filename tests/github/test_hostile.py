"""What strangers control - names, branches, titles, earlier steps - never acts, and secrets never leave."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from l10nsync.ci.github import Ran, act
from l10nsync.errors import UsageError
from l10nsync.sandbox.testing import SECRET
from tests.canary import kept, leaks
from tests.github.stage import TOKEN, Stage, Stepped

MORE = {"locales/en/home.json": '{"title": "Welcome home", "leave": "Leave", "stay": "Stay a while"}\n'}
HOSTILE = (
    "$(touch pwned)",
    "`touch pwned`",
    "a;touch pwned",
    "a&&touch${IFS}pwned",
    "--upload-pack=touch",
    "ünï/コード",
)


def everything(stage: Stage, done: Stepped) -> str:
    """Return all that a step printed, wrote and sent to GitHub."""
    sent = json.dumps([(each.path, each.body) for each in stage.github.seen], ensure_ascii=False)
    files = [
        stage.folder / name
        for name in ("output.txt", "summary.txt", "l10nsync-plan.json", "l10nsync-plan.md")
    ]
    written = [path.read_text("utf-8") for path in files if path.exists()]
    return "\n".join([done.log, sent, *written, *kept(stage.repo.root)])


@pytest.mark.parametrize("name", HOSTILE)
def test_a_branch_name_is_never_a_command(branch_stage: Stage, name: str) -> None:
    """Whatever a branch is called, it is data: in the plan, the comment and git's arguments."""
    stage = branch_stage
    if name.startswith("-"):
        with pytest.raises(Exception, match="non-zero exit status"):  # git itself has no such branch
            stage.pull_request(name, MORE)
        return
    payload = stage.pull_request(name.replace(" ", "-"), MORE)
    done = stage.step("pull_request", payload, command="plan")
    assert done.code == 0, done.log
    assert not list(stage.folder.rglob("pwned"))


def test_secrets_are_in_nothing_that_leaves(stage: Stage) -> None:
    """Log, outputs, summary, comment, cache, GitHub: none gets them, however spelled, in debug mode too."""
    stage.environ["RUNNER_DEBUG"] = "1"
    stage.environ["ACTIONS_STEP_DEBUG"] = "true"
    stage.step("push", command="push", args="-vv")
    done = stage.step("pull_request", stage.pull_request("more", MORE), command="plan", args="-vv")
    text = everything(stage, done)
    masks = (
        f"::add-mask::{SECRET}\n",
        f"::add-mask::{TOKEN}\n",
    )  # told to the runner, which does not print them
    for each in masks:
        text = text.replace(each, "")
    assert not [*leaks(SECRET, text), *leaks(TOKEN, text)]


@pytest.mark.parametrize("fork", [True, False])
def test_a_strangers_run_is_given_no_secret(stage: Stage, fork: bool) -> None:
    """What a fork's code leads to does not even hold one: neither the service's nor the repository's."""
    given: list[Mapping[str, str]] = []

    def invoke(_argv: Sequence[str], environ: Mapping[str, str], *_more: object) -> Ran:
        given.append(environ)
        raise UsageError("enough is known")

    payload = stage.pull_request("more", MORE, fork=fork)
    files = {name: stage.folder / f"{name}.txt" for name in ("output", "summary")}
    (stage.folder / "event.json").write_text(json.dumps(payload))
    environ = stage.environment("pull_request", payload, files)
    environ["L10NSYNC_ACTION_INPUTS"] = json.dumps({**stage.defaults(), "command": "plan"})

    assert act(environ, invoke) == 2

    held = {name for name, value in given[0].items() if value in {SECRET, TOKEN}}
    assert held == (set() if fork else {"SMARTLING_USER_SECRET", "L10NSYNC_GIT_TOKEN"})


def test_a_step_writes_no_variables_for_later_steps(stage: Stage) -> None:
    """`GITHUB_ENV` and `GITHUB_PATH` stay as they are."""
    for name in ("GITHUB_ENV", "GITHUB_PATH"):
        path = stage.folder / name
        path.write_text("")
        stage.environ[name] = str(path)
    stage.step("push", command="push")
    stage.step("pull_request", stage.pull_request("more", MORE), command="plan")
    assert [(stage.folder / name).read_text() for name in ("GITHUB_ENV", "GITHUB_PATH")] == ["", ""]


def test_modules_of_the_checkout_are_never_imported(stage: Stage) -> None:
    """A pull request that plants `yaml.py` or `sitecustomize.py` runs nothing."""
    planted = {
        f"{name}.py": f"open({str(stage.folder / 'pwned')!r}, 'w').close()\n"
        for name in ("yaml", "click", "httpx", "git", "rich", "l10nsync", "sitecustomize", "usercustomize")
    }
    stage.process = True
    payload = stage.pull_request("planted", {**MORE, **planted})
    done = stage.step("pull_request", payload, command="plan")
    assert done.code == 0, done.log
    assert not (stage.folder / "pwned").exists()


def test_what_stands_between_us_and_the_service_is_named(stage: Stage) -> None:
    """A proxy or a certificate file that an earlier step may have set is told, without its password."""
    stage.environ["HTTPS_PROXY"] = "http://user:hunter2@proxy.example:3128"
    done = stage.step("push", command="plan")
    said = [message for _level, message in done.annotations if "HTTPS_PROXY" in message]
    assert said == ["HTTPS_PROXY is set: proxy.example:3128"]
    assert "hunter2" not in done.log


@pytest.mark.parametrize("target", [".github/workflows/{locale}.yml", "../{locale}.json", ".git/{locale}"])
def test_a_pull_never_writes_what_git_or_a_workflow_obeys(stage: Stage, target: str) -> None:
    """A manifest with such a target is refused before anything is asked."""
    manifest = stage.repo.read(".l10n.yml").decode().replace("locales/{locale}/*.json", target)
    stage.commit_main({".l10n.yml": manifest.replace("*.json", "home.json", 1)})
    mark = stage.runner.mark()
    done = stage.step("schedule", command="pull")
    assert done.code == 2, done.log
    assert stage.runner.requests_since(mark) == []
    assert stage.github.seen == []


@pytest.mark.parametrize("name", ["working_directory", "report", "comment_file"])
def test_no_input_leads_out_of_the_workspace(stage: Stage, name: str) -> None:
    """A path that climbs is refused."""
    Path(stage.folder / "outside.json").write_text("{}")
    command = {"report": "status", "comment_file": "comment"}.get(name, "plan")
    event = "workflow_run" if command == "comment" else "push"
    done = stage.step(event, None, command=command, **{name: "../outside.json"})
    assert done.code == 2, done.log


def test_two_pushes_of_one_commit_make_one_job(stage: Stage) -> None:
    """Matrix jobs that push the same thing converge: the second finds nothing to do."""
    first = stage.step("push", command="push")
    stage.forget()
    second = stage.step("push", command="push")
    assert (first.code, second.code) == (0, 0)
    assert len(stage.runner.control.view(stage.runner.ident)["jobs"]) == 1
