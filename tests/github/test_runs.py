"""The Action's program, as a workflow runs it: a process of its own, real git, the sandbox, GitHub's API."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.git_server import GitServer
from tests.github.stage import TOKEN, Stage
from tests.repositories import Repo
from tests.sandbox_fixtures import RestClient
from tests.test_questions import translator

MORE = {"locales/en/home.json": '{"title": "Welcome home", "leave": "Leave", "stay": "Stay a while"}\n'}
BROKEN = {".l10n.yml": "version: 1\nresorces: []\n"}


def publish(stage: Stage) -> None:
    """Push main and let everything be translated."""
    assert stage.step("push", command="push", authorize="true").code == 0
    stage.runner.translate()


def job_status(stage: Stage, name: str) -> str:
    """Return the status of a job at the sandbox."""
    view = stage.runner.control.view(stage.runner.ident)
    return next(str(each["status"]) for each in view["jobs"] if each["name"] == name)


def test_a_push_on_main_sends_the_sources_and_links_the_job(stage: Stage) -> None:
    """Outputs name the job and its address; GitHub is not asked for anything."""
    stage.process = True
    done = stage.step("push", command="push")
    assert done.code == 0, done.log
    assert done.outputs["outcome"] == "changes"
    assert done.outputs["files-to-push"] == "2"
    assert done.outputs["job-uid"]
    assert done.outputs["job-url"].startswith(stage.runner.server.url)
    assert "Sent 2 files" in done.summary
    assert stage.github.seen == []
    again = stage.step("push", command="push")
    assert (again.code, again.outputs["outcome"], again.outputs["has-changes"]) == (0, "clean", "false")


def test_a_pull_request_gets_one_comment_that_is_kept_up_to_date(stage: Stage) -> None:
    """The first run posts, the next ones change that comment, and an equal text is not sent again."""
    publish(stage)
    payload = stage.pull_request("more", MORE)
    first = stage.step("pull_request", payload, command="plan")
    assert first.code == 0, first.log
    assert stage.github.writes == ["POST issues/1/comments"]
    body = stage.github.comments[1][0]["body"]
    assert body.startswith("<!-- l10nsync:plan key=default -->\n### Localization: 1 new string, 3 words")
    assert "<code>locales/en/home.json</code>" in body
    assert first.outputs["words"] == "3"
    assert first.outputs["comment-url"]
    assert json.loads(Path(first.outputs["plan-file"]).read_text("utf-8"))["direction"] == "push"

    stage.step("pull_request", payload, command="plan")
    assert stage.github.writes == ["POST issues/1/comments"]

    stage.repo.git("checkout", "--quiet", "--detach", "main")
    stage.step("pull_request", payload, command="plan")
    assert stage.github.writes == ["POST issues/1/comments", "PATCH issues/comments/1000"]
    assert "nothing to send" in stage.github.comments[1][0]["body"]


def test_a_comment_lists_questions_on_what_the_pull_request_changes(stage: Stage) -> None:
    """Those on other strings of the same file are not among them; what a translator wrote stays text."""
    publish(stage)
    home = json.loads(stage.repo.read("locales/en/home.json"))
    with translator(stage.runner) as desk:
        for row in desk.strings("locales/en/home.json"):
            desk.ask(row["hashcode"], f"About {row['parsedStringText']}? <b>")
    payload = stage.pull_request("other", {"locales/en/home.json": json.dumps({**home, "leave": "Go"})})

    done = stage.step("pull_request", payload, command="plan")

    assert done.code == 0, done.log
    body = stage.github.comments[1][0]["body"]
    asked = [line for line in body.splitlines() if "About" in line]
    assert len(asked) == 1
    assert "<code>locales/en/home.json:1</code>: About Leave? &#60;b&#62;" in asked[0]


def test_a_comment_with_our_marker_by_somebody_else_is_left_alone(stage: Stage) -> None:
    """Anybody can write a marker; only the token's own comment is changed."""
    payload = stage.pull_request("more", MORE)
    stranger: dict[str, Any] = {
        "id": 7,
        "body": "<!-- l10nsync:plan key=default -->\nmine",
        "user": {"login": "eve", "type": "User"},
        "html_url": "https://github.example/7",
    }
    stage.github.comments[1] = [stranger]
    stage.step("pull_request", payload, command="plan")
    assert stage.github.writes == ["POST issues/1/comments"]
    assert stranger["body"].endswith("mine")


def test_nothing_to_say_makes_no_comment(stage: Stage) -> None:
    """With `comment: changes` a pull request without strings stays without a comment; `always` makes one."""
    publish(stage)
    payload = stage.pull_request("docs", {"README.md": "# The app\n"})
    assert stage.step("pull_request", payload, command="plan").outputs["comment-url"] == ""
    assert stage.github.writes == []
    stage.step("pull_request", payload, command="plan", comment="always")
    assert stage.github.writes == ["POST issues/1/comments"]


def test_a_token_that_may_not_comment_is_a_notice(stage: Stage) -> None:
    """The plan itself has succeeded."""
    stage.github.deny = ("POST issues",)
    done = stage.step("pull_request", stage.pull_request("more", MORE), command="plan")
    assert done.code == 0
    assert any("there is no comment" in message for _level, message in done.annotations)


def test_a_forks_pull_request_gets_an_offline_plan_without_secrets(stage: Stage) -> None:
    """Exit 0 with a notice; neither the service nor GitHub is asked, not even where secrets are present."""
    payload = stage.pull_request("more", MORE, fork=True)
    mark = stage.runner.mark()
    done = stage.step("pull_request", payload, command="plan")
    assert done.code == 0, done.log
    assert done.outputs["offline"] == "true"
    assert "1 new string, 3 words" in done.summary
    assert any("a fork" in message for level, message in done.annotations if level == "notice")
    assert stage.runner.requests_since(mark) == []
    assert stage.github.seen == []


def test_a_broken_manifest_is_annotated_at_its_line(stage: Stage) -> None:
    """The annotation names file, line and column; the exit code is 2, also for a fork."""
    done = stage.step("pull_request", stage.pull_request("bad", BROKEN, fork=True), command="plan")
    assert done.code == 2
    assert done.outputs["outcome"] == "invalid"
    assert "file=.l10n.yml,line=2,col=1" in done.log
    assert "resources" in done.log


def test_a_pull_opens_one_pull_request_with_just_its_files(stage: Stage) -> None:
    """One commit on main with what was written, found again, updated, and closed when it is merged."""
    publish(stage)
    stage.repo.write({"stray.txt": "not ours"})
    first = stage.step("schedule", command="pull", pr_labels="l10n, i18n", pr_reviewers="ann, example/team")
    assert first.code == 0, first.log
    assert first.outputs["pull-request-operation"] == "created"
    assert first.outputs["pull-request-number"] == "1"
    pull = stage.github.pulls[0]
    assert (pull["head"]["ref"], pull["base"]["ref"]) == ("l10nsync/main", "main")
    assert [each["name"] for each in pull["labels"]] == ["l10n", "i18n"]
    changed = stage.github.git("diff", "--name-only", "main", "l10nsync/main").split("\n")
    assert changed == json.loads(first.outputs["changed-files"])
    assert len(changed) == 4
    assert stage.github.git("rev-list", "--count", "main..l10nsync/main") == "1"
    assert "| Resource | de-DE | fr-FR |" in pull["body"]
    assert "| de-DE | 2 of 2 | 100 % |" in pull["body"]

    same = stage.step("schedule", command="pull")
    assert same.outputs["pull-request-operation"] == "unchanged"  # its files are there, and not committed

    stage.main()
    stage.forget()
    writes = len(stage.github.writes)
    second = stage.step("schedule", command="pull")
    assert second.outputs["pull-request-operation"] == "unchanged"
    assert len(stage.github.writes) == writes

    stage.github.git("update-ref", "refs/heads/main", "refs/heads/l10nsync/main")
    stage.main()
    stage.forget()
    last = stage.step("schedule", command="pull")
    assert last.outputs["pull-request-operation"] == "closed"
    assert pull["state"] == "closed"
    assert stage.github.git("for-each-ref", "refs/heads/l10nsync") == ""


def test_a_pull_request_names_what_was_corrected_here_and_sends_none_of_it(stage: Stage) -> None:
    """Only a person, or an input that says so, brings a correction to the TMS."""
    publish(stage)
    stage.step("schedule", command="pull")
    stage.github.git("update-ref", "refs/heads/main", "refs/heads/l10nsync/main")
    stage.main()
    german = "locales/de/home.json"
    texts = json.loads(stage.repo.read(german))
    key, before = next(iter(texts.items()))
    stage.commit_main({german: json.dumps({**texts, key: f"{before}, besser"})})
    stage.runner.translate({"fr-FR": 100}, how={"texts": {key: "Mieux"}}, again=True)
    stage.runner.control.advance(5)
    mark = stage.runner.mark()

    stage.step("schedule", command="pull")

    body = stage.github.pulls[-1]["body"]
    assert (
        "> Corrected in this repository: `l10nsync push --corrections` sends the correction to the TMS."
        in body
    )
    assert f"> - <code>{german}</code>: <code>{key}</code>" in body
    assert "besser" in stage.github.git("show", f"l10nsync/main:{german}")
    assert "importFileTranslations" not in stage.runner.requests_since(mark)


def test_a_base_that_moved_on_elsewhere_leaves_the_pull_request_alone(stage: Stage) -> None:
    """Checks do not run again because of commits that have nothing to do with translations."""
    publish(stage)
    stage.step("schedule", command="pull")
    before = stage.github.git("rev-parse", "l10nsync/main")
    stage.commit_main({"README.md": "# Another app\n"})
    stage.forget()
    assert stage.step("schedule", command="pull").outputs["pull-request-operation"] == "unchanged"
    assert stage.github.git("rev-parse", "l10nsync/main") == before


def test_new_translations_update_the_same_pull_request(stage: Stage) -> None:
    """The branch is made anew on the tip of main, as one commit."""
    publish(stage)
    stage.step("schedule", command="pull")
    tip = stage.commit_main(MORE)
    stage.step("push", command="push", authorize="true")
    stage.runner.translate()
    stage.forget()
    done = stage.step("schedule", command="pull")
    assert done.outputs["pull-request-operation"] == "updated"
    assert done.outputs["pull-request-number"] == "1"
    assert stage.github.git("rev-parse", "l10nsync/main^") == tip
    assert "Stay" not in stage.github.git("show", "l10nsync/main:locales/de/cart.json")


def another_run(stage: Stage, digest: str = "") -> Callable[[], object]:
    """Return what lets another run bring its commit to the branch: the same difference, or that of DIGEST."""

    def commit() -> None:
        made = next(seen.answer for seen in reversed(stage.github.seen) if seen.path == "git/commits")
        said = re.sub(r"(?<=: )[0-9a-f]{16,}", digest, made["message"]) if digest else made["message"]
        theirs = stage.github.git(
            "commit-tree", made["tree"]["sha"], "-p", "main", "-F", "-", stdin=said.encode()
        )
        stage.github.git("update-ref", "refs/heads/l10nsync/main", theirs)

    return commit


def test_of_two_pulls_at_once_one_takes_the_branch_of_the_other(stage: Stage) -> None:
    """Both made the same commit: the slower one finds it, and the pull request that it belongs to."""
    publish(stage)
    stage.github.meanwhile["POST git/refs"] = another_run(stage)
    stage.github.meanwhile["POST pulls"] = lambda: stage.github.open_pull("l10nsync/main", "main")

    done = stage.step("schedule", command="pull")

    assert done.code == 0, done.log
    assert done.outputs["pull-request-number"] == "1"
    assert len(stage.github.pulls) == 1


def test_a_pull_that_lost_to_another_says_so(stage: Stage) -> None:
    """The other run wrote something else: nothing of it is overwritten, and the job can be run again."""
    publish(stage)
    stage.github.meanwhile["POST git/refs"] = another_run(stage, "0" * 64)

    done = stage.step("schedule", command="pull")

    assert done.code == 5
    assert "another run was faster" in done.log
    assert stage.github.pulls == []


def test_somebody_elses_commit_on_the_branch_is_never_overwritten(stage: Stage) -> None:
    """Exit 8 with the way out; the branch stays as it is."""
    publish(stage)
    stage.step("schedule", command="pull")
    stage.main()
    stage.repo.git("checkout", "--quiet", "-B", "mine", "origin/l10nsync/main")
    theirs = stage.repo.commit({"locales/de/home.json": '{"title": "Zuhause"}\n'}, "Correct a word")
    stage.repo.git("push", "--quiet", "origin", "mine:l10nsync/main")
    stage.main()
    stage.forget()
    done = stage.step("schedule", command="pull")
    assert done.code == 8, done.log
    assert "did not make" in done.log
    assert stage.github.git("rev-parse", "l10nsync/main") == theirs


def test_git_can_deliver_instead_of_the_api(stage: Stage) -> None:
    """`commit-method: git` pushes with the checkout's credentials; index and HEAD stay as they were."""
    publish(stage)
    head = stage.repo.git("rev-parse", "HEAD")
    done = stage.step("schedule", command="pull", commit_method="git")
    assert done.code == 0, done.log
    assert done.outputs["pull-request-operation"] == "created"
    assert stage.repo.git("rev-parse", "HEAD") == head
    assert stage.repo.git("diff", "--cached", "--name-only") == ""
    assert stage.github.git("rev-list", "--count", "main..l10nsync/main") == "1"
    assert not any(each.startswith("POST git/") for each in stage.github.writes)
    stage.main()
    stage.forget()
    again = stage.step("schedule", command="pull", commit_method="git")
    assert again.outputs["pull-request-operation"] == "unchanged"


def test_what_cannot_be_asked_for_is_said_and_does_not_fail(stage: Stage) -> None:
    """An unknown reviewer is a warning; the pull request is there."""
    publish(stage)
    done = stage.step("schedule", command="pull", pr_reviewers="nobody")
    assert done.code == 0
    assert done.outputs["pull-request-operation"] == "created"
    assert any("no reviewers" in message for _level, message in done.annotations)


def test_the_default_token_is_named_where_checks_will_wait(stage: Stage) -> None:
    """The log and the body of the pull request say so; with an App's token neither does."""
    publish(stage)
    done = stage.step("schedule", command="pull")
    assert any("checks do not start" in message for _level, message in done.annotations)
    assert "checks do not start" in stage.github.pulls[0]["body"]


def test_a_private_checkout_that_kept_no_credentials_is_read_with_the_token(branch_stage: Stage) -> None:
    """One commit, `persist-credentials: false`: the Action's own token fetches what tells the change."""
    stage = branch_stage
    publish(stage)
    payload = stage.pull_request("more", MORE)
    origin = Path(stage.repo.git("remote", "get-url", "origin").strip())
    stage.repo.git("push", "--quiet", "origin", "HEAD:refs/pull/1/merge")
    shutil.rmtree(stage.repo.root)
    stage.repo = Repo(stage.repo.root)
    stage.repo.git("remote", "add", "origin", origin.as_uri())
    stage.repo.git("fetch", "--quiet", "--depth=1", "origin", "refs/pull/1/merge")
    stage.repo.git("checkout", "--quiet", "--detach", "FETCH_HEAD")

    with GitServer(origin, TOKEN) as host:
        stage.repo.git("remote", "set-url", "origin", host.url)
        stage.environ["GITHUB_SERVER_URL"] = host.server
        done = stage.step("pull_request", payload, command="push")

    assert (done.code, done.outputs["files-to-push"]) == (0, "1"), done.log
    assert host.login in host.logins


def test_a_pull_request_is_translated_before_it_is_merged(branch_stage: Stage) -> None:
    """Its file goes up under the branch's own fileUri, to a job that nobody authorized; and comes back."""
    stage = branch_stage
    publish(stage)
    stage.step("schedule", command="pull", deliver="none")
    stage.repo.commit()
    payload = stage.pull_request("feature/stay", MORE)
    pushed = stage.step("pull_request", payload, command="push")
    assert pushed.code == 0, pushed.log
    assert job_status(stage, "origin pull request 1") == "AWAITING_AUTHORIZATION"

    waiting = stage.step("pull_request", payload, command="pull", deliver="commit", check_name="translations")
    assert waiting.code == 0, waiting.log
    assert stage.github.checks[-1]["status"] == "in_progress"
    assert "Not translated yet" in stage.github.checks[-1]["output"]["title"]

    labelled = {**payload, "pull_request": {**payload["pull_request"], "labels": [{"name": "translate"}]}}
    stage.step("pull_request", labelled, command="push", authorize_label="translate")
    assert job_status(stage, "origin pull request 1") == "IN_PROGRESS"

    stage.runner.translate()
    done = stage.step("pull_request", payload, command="pull", deliver="commit", check_name="translations")
    assert done.code == 0, done.log
    assert done.outputs["pull-request-operation"] == "updated"
    assert stage.github.checks[-1]["conclusion"] == "success"
    sha = stage.github.git("rev-parse", "feature/stay")
    assert stage.github.checks[-1]["head_sha"] == sha == done.outputs["pull-request-head-sha"]
    assert "stay" in stage.github.git("show", "feature/stay:locales/de/home.json")


def test_a_pull_request_never_replaces_the_files_of_main(stage: Stage) -> None:
    """Without `{branch}` in the fileUri its push is refused, before anything is sent."""
    mark = stage.runner.mark()
    done = stage.step("pull_request", stage.pull_request("more", MORE), command="push")
    assert done.code == 8
    assert "{branch}" in done.log
    assert stage.runner.requests_since(mark) == []


def test_a_manifest_that_names_another_project_is_refused(stage: Stage) -> None:
    """A pull request cannot send to a project that the workflow does not name."""
    manifest = stage.repo.read(".l10n.yml").decode()
    payload = stage.pull_request("other", {".l10n.yml": f"project: 123456789\n{manifest}"})
    mark = stage.runner.mark()
    done = stage.step("pull_request", payload, command="plan")
    assert done.code == 8
    assert "123456789" in done.log
    assert stage.runner.requests_since(mark) == []


def test_missing_credentials_are_an_error_that_says_so(stage: Stage) -> None:
    """Exit 4: a run that could not ask is no success."""
    done = stage.step("push", command="push", user_id="", user_secret="")
    assert done.code == 4
    assert any("SMARTLING_USER_IDENTIFIER" in message for _level, message in done.annotations)


def test_where_secrets_go_is_said_by_the_inputs_alone(stage: Stage) -> None:
    """An earlier step's `SMARTLING_API_URL` is not used: it may be a stranger's."""
    stage.environ["SMARTLING_API_URL"] = "http://127.0.0.1:9"
    assert stage.step("push", command="push").code == 0


def test_a_translation_that_is_held_back_fails_the_step_and_is_named(stage: Stage) -> None:
    """Exit 7, annotated with rule and key, and told in the pull request that brings the others."""
    stage.commit_main({"locales/en/cart.json": '{"empty": "Hello {{name}}, nothing here"}\n'})
    publish(stage)
    stage.runner.translate({"de-DE": 100}, how={"texts": {"empty": "Hallo, nichts da"}}, again=True)
    done = stage.step("schedule", command="pull")
    assert done.code == 7, done.log
    assert done.outputs["outcome"] == "partial"
    assert done.outputs["pull-request-operation"] == "created"
    assert any("locales/de/cart.json" in message for level, message in done.annotations if level == "warning")
    assert "locales/de/cart.json" not in json.loads(done.outputs["changed-files"])
    assert "Held back" in stage.github.pulls[0]["body"]


def test_tokens_are_masked_as_soon_as_they_are_received(stage: Stage) -> None:
    """What GitHub does not know as a secret is made one, even while commands are switched off."""
    done = stage.step("push", command="push")
    masks = [line for line in done.log.splitlines() if line.startswith("::add-mask::")]
    assert len(masks) >= 4  # the secret, GitHub's token, access and refresh token
    position = done.log.index(masks[-1])
    before = done.log[:position]
    assert before.rindex("::stop-commands::") < before.rindex("\n::"), "commands must be on again"


@pytest.mark.parametrize("name", ["::add-mask::e", "a\n::stop-commands::t", "x](http:evil) @team <img>"])
def test_a_name_is_never_a_command_or_markup(stage: Stage, name: str) -> None:
    """A file name in the log, the summary and the comment is shown, and does nothing."""
    path = f"locales/en/{name}.json"
    manifest = (
        stage.repo.read(".l10n.yml").decode().replace("target: locales/{locale}/*.json", "target: null")
    )
    payload = stage.pull_request("names", {path: '{"a": "Some text"}\n', ".l10n.yml": manifest})
    done = stage.step("pull_request", payload, command="plan")
    assert done.code == (2 if "\n" in name else 0), done.log
    body = "".join(each["body"] for each in stage.github.comments.get(1, []))
    for text in (body, done.summary):
        assert "<img>" not in text
        assert "@team" not in text
        assert "](http" not in text
    commands = [line for line in done.log.splitlines() if line.startswith("::") and "mask" not in line]
    assert not any(line.removesuffix(".json") in {"::add-mask::e", "::stop-commands::t"} for line in commands)


def test_an_output_cannot_end_its_own_entry(stage: Stage) -> None:
    """Every output has a mark of its own that nobody can guess."""
    done = stage.step("push", command="push")
    assert set(done.outputs) >= {"version", "exit-code", "outcome", "has-changes", "job-url"}
    text = (stage.folder / "output.txt").read_text()
    marks = [line.partition("<<")[2] for line in text.splitlines() if "<<" in line]
    assert len(set(marks)) == len(marks)


def test_github_that_fails_is_asked_again(stage: Stage) -> None:
    """A read is repeated; the comment comes about."""
    stage.github.failing = [502, 503]
    done = stage.step("pull_request", stage.pull_request("more", MORE), command="plan")
    assert done.code == 0, done.log
    assert len(stage.github.comments[1]) == 1


def test_the_plan_of_a_fork_is_commented_by_the_trusted_side(stage: Stage) -> None:
    """`workflow_run` may only comment, and makes the comment itself from the plan's data."""
    payload = stage.pull_request("more", MORE, fork=True)
    offline = stage.step("pull_request", payload, command="plan")
    plan = Path(offline.outputs["plan-file"]).read_text("utf-8")
    stage.repo.write({"plan.json": plan})
    pull = payload["pull_request"]
    run = {
        "workflow_run": {
            "head_sha": pull["head"]["sha"],
            "head_branch": "more",
            "head_repository": {"full_name": "stranger/app"},
        }
    }
    done = stage.step("workflow_run", run, command="comment", comment_file="plan.json")
    assert done.code == 0, done.log
    assert "1 new string" in stage.github.comments[1][0]["body"]
    stage.repo.write({"plan.json": '{"direction": "push", "html": "<b>"}'})
    refused = stage.step("workflow_run", run, command="comment", comment_file="plan.json")
    assert refused.code == 2
    assert stage.step("workflow_run", run, command="plan").code == 8


def test_fail_on_changes_fails_a_plan_with_changes(stage: Stage) -> None:
    """For those who want a pull request to be empty of strings."""
    done = stage.step("push", command="plan", fail_on="changes")
    assert (done.code, done.outputs["outcome"]) == (3, "changes")


def test_what_is_refused_for_safety_has_an_input_of_its_own(stage: Stage) -> None:
    """A content that nothing here knows stays until the workflow itself lets it go."""
    client = RestClient(stage.runner.server.url, stage.runner.ident, stage.runner.control)
    client.upload("locales/en/home.json", b'{"theirs": "Somebody else\'s"}')
    refused = stage.step("push", command="push", accept_shrink="true")
    assert refused.code == 8, refused.log
    assert "collision" in refused.summary
    assert stage.runner.original("locales/en/home.json") == b'{"theirs": "Somebody else\'s"}'

    allowed = stage.step("push", command="push", accept_collision="true")
    assert allowed.code == 0, allowed.log
    assert b"theirs" not in stage.runner.original("locales/en/home.json")


def test_an_input_that_is_wrong_is_named(stage: Stage) -> None:
    """Exit 2, with what it can be."""
    done = stage.step("push", command="push", wait="forever")
    assert done.code == 2
    assert any("'wait'" in message and "`processed`" in message for _level, message in done.annotations)


def test_a_gate_that_stays_closed_names_its_locales(stage: Stage) -> None:
    """Exit 6 with the verdict, the completion by locale, and the locales that block; then it opens."""
    stage.step("push", command="push", authorize="true")
    stage.runner.translate({"de-DE": 100})
    stage.step("push", command="pull", deliver="none")
    stage.repo.commit()
    closed = stage.step("push", command="verify")
    assert (closed.code, closed.outputs["outcome"]) == (6, "gate-failed"), closed.log
    assert json.loads(closed.outputs["blocking-locales"]) == ["fr-FR"]
    assert json.loads(closed.outputs["completion"]) == {"de-DE": 100, "fr-FR": 0}
    stage.runner.translate()
    stage.step("push", command="pull", deliver="none")
    stage.repo.commit()
    opened = stage.step("push", command="verify")
    assert (opened.code, opened.outputs["outcome"]) == (0, "clean"), opened.log


def test_status_is_an_output_and_a_summary(stage: Stage) -> None:
    """The completion of every locale is there for later steps."""
    publish(stage)
    done = stage.step("schedule", command="status")
    assert done.code == 0, done.log
    assert json.loads(done.outputs["completion"]) == {"de-DE": 100, "fr-FR": 100}
    assert "100" in done.summary


def test_a_run_of_an_older_commit_says_that_it_is_superseded(stage: Stage) -> None:
    """Started again by hand after a newer one: nothing is replaced, and every channel says so."""
    older = stage.repo.git("rev-parse", "HEAD").strip()
    stage.commit_main({"locales/en/home.json": '{"title": "Welcome back", "leave": "Leave"}\n'})
    assert stage.step("push", command="push").code == 0
    stage.repo.git("checkout", "--quiet", "-B", "main", older)
    stage.forget()

    done = stage.step("push", command="push")

    assert (done.code, done.outputs["outcome"]) == (8, "superseded"), done.log
    said = "superseded: the TMS holds the content of a newer commit"
    assert any(said in text for _level, text in done.annotations)
    assert "superseded" in done.summary
    assert b"Welcome back" in stage.runner.original("locales/en/home.json")
    assert [(each.method, each.path) for each in stage.github.seen] == [("GET", "git/ref/heads/main")]


def test_files_of_the_runner_that_cannot_be_written(stage: Stage) -> None:
    """The work is done and says so; the step fails, since later steps rely on its outputs."""
    stage.environ["GITHUB_OUTPUT"] = stage.environ["GITHUB_STEP_SUMMARY"] = str(stage.folder)

    done = stage.step("push", command="push")

    assert done.code == 7, done.log
    assert "GITHUB_OUTPUT cannot be written" in done.log
    assert stage.runner.control.view(stage.runner.ident)["files"]
