"""Push and pull, end to end: the real command line, real git, the real sandbox over HTTP."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Mapping
from math import ceil
from pathlib import Path

import pytest

from tests.forks import Forks
from tests.in_process import InProcess
from tests.manifests import small_manifest
from tests.repositories import Repo
from tests.runner import Runner

MANIFEST = small_manifest("src", "job: {authorize: %(authorize)s}", name="web")


def files(number: int, *, authorize: bool = True) -> Mapping[str, str]:
    """Return a repository with NUMBER small sources."""
    sources = {
        f"src/en/f{index}.json": json.dumps({"title": f"Text number {index}"}) for index in range(number)
    }
    return {".l10n.yml": MANIFEST % {"authorize": str(authorize).lower()}, **sources}


def forget(repo: Repo) -> None:
    """Delete the cache."""
    shutil.rmtree(repo.root / ".git" / "l10nsync", ignore_errors=True)


@pytest.mark.parametrize("authorize", [True, False])
def test_the_round_trip_ends_with_nothing_to_do(repo: Repo, runner: Runner, authorize: bool) -> None:
    """Push, translate, pull; then a second push and a second pull have nothing to do, cache or not."""
    repo.commit(files(3, authorize=authorize))

    pushed = runner.run(repo, "push")
    runner.translate()
    pulled = runner.run(repo, "pull")
    assert pushed.out.startswith("Sent 3 files"), pushed.out
    assert pulled.out.startswith("Wrote 6 files"), pulled.out
    assert json.loads(repo.read("src/de/f0.json"))["title"].endswith("(de-DE)")
    repo.commit()

    for forgetful in (False, True):
        if forgetful:
            forget(repo)
        mark = runner.mark()
        assert runner.run(repo, "push").out.startswith("No changes")
        assert runner.run(repo, "pull").out.startswith("No changes")
        assert "uploadFileToJobBatchV2" not in runner.requests_since(mark)
    assert len(runner.control.view(runner.ident)["jobs"]) == 1


def test_a_second_pull_before_the_commit_writes_nothing(repo: Repo, runner: Runner) -> None:
    """What the last pull wrote and nobody committed is not taken for somebody's edit."""
    repo.commit(files(1))
    runner.run(repo, "push")
    runner.translate()
    runner.run(repo, "pull")

    assert runner.run(repo, "pull").out.startswith("No changes")


def test_an_edited_target_is_kept(repo: Repo, runner: Runner) -> None:
    """Uncommitted work is never overwritten without --force; the others are written."""
    repo.commit(files(2))
    runner.run(repo, "push")
    runner.translate()
    repo.write({"src/de/f0.json": '{"title": "mine"}'})

    pulled = runner.run(repo, "pull", code=8)

    assert json.loads(repo.read("src/de/f0.json")) == {"title": "mine"}
    assert json.loads(repo.read("src/de/f1.json"))["title"].endswith("(de-DE)")
    assert "edited here" in pulled.out
    runner.run(repo, "pull", "--force")
    assert json.loads(repo.read("src/de/f0.json"))["title"].endswith("(de-DE)")


def test_only_what_changed_is_sent(repo: Repo, runner: Runner) -> None:
    """One edited source: one upload, in the same job while that is open."""
    repo.commit(files(5))
    runner.run(repo, "push")
    repo.commit({"src/en/f3.json": '{"title": "Another text"}'})

    mark = runner.mark()
    pushed = runner.run(repo, "push")

    assert Counter(runner.requests_since(mark))["uploadFileToJobBatchV2"] == 1
    assert "src/en/f3.json" in pushed.out
    assert len(runner.control.view(runner.ident)["jobs"]) == 1


def test_a_push_sends_what_is_committed(repo: Repo, runner: Runner) -> None:
    """Uncommitted edits are named and not sent, unless --worktree asks for them."""
    repo.commit(files(1))
    committed = repo.read("src/en/f0.json")
    repo.write({"src/en/f0.json": '{"title": "draft"}'})

    pushed = runner.run(repo, "push")
    assert "src/en/f0.json: uncommitted changes are not sent" in pushed.out
    assert runner.original("src/en/f0.json") == committed

    runner.run(repo, "push", "--worktree")
    assert runner.original("src/en/f0.json") == b'{"title": "draft"}'


def test_request_budgets_hold(repo: Repo, runner: Runner) -> None:
    """The number of requests of each scenario stays within its budget, authentication aside."""
    number = 120
    pages = ceil(number / 100)
    repo.commit(files(number))

    mark = runner.mark()
    runner.run(repo, "push")
    first = Counter(runner.requests_since(mark))
    polls = first.pop("getJobBatchStatusV2")
    assert first.total() <= (2 + pages) - pages + 1 + 3 + number + 1 + pages + 2, first
    assert polls <= 10

    mark = runner.mark()
    runner.run(repo, "plan")
    looked = 3  # at the job that waits: its strings, which files hold them, how many are not authorized
    assert len(runner.requests_since(mark)) <= 2 + pages + looked

    mark = runner.mark()
    runner.run(repo, "push")
    assert len(runner.requests_since(mark)) <= 2 + pages + looked

    runner.translate()
    runner.run(repo, "push")
    mark = runner.mark()
    runner.run(repo, "push")
    assert len(runner.requests_since(mark)) <= 2 + pages  # the project, its files, its open jobs

    runner.control.advance(3)  # a publication of this very second is asked for twice
    mark = runner.mark()
    runner.run(repo, "pull")
    assert len(runner.requests_since(mark)) <= 1 + pages + ceil(2 * number / 500)
    repo.commit()

    mark = runner.mark()
    runner.run(repo, "pull")
    assert len(runner.requests_since(mark)) <= 2

    forget(repo)
    mark = runner.mark()
    runner.run(repo, "plan")
    assert len(runner.requests_since(mark)) <= 2 + pages + 2 * number

    changed = {f"src/en/f{index}.json": '{"title": "changed"}' for index in range(3)}
    runner.run(repo, "push")
    repo.commit(changed)
    mark = runner.mark()
    runner.run(repo, "push")
    again = Counter(runner.requests_since(mark))
    polls = again.pop("getJobBatchStatusV2")
    assert again.total() <= 2 + pages + 3 + 3 + pages + 2, again


def test_a_saved_plan_is_carried_out_or_refused(repo: Repo, runner: Runner) -> None:
    """`push --plan` sends exactly what was saved, and refuses once anything has moved."""
    repo.commit(files(2))
    plan = repo.root.parent / "plan.json"
    runner.run(repo, "plan", "--out", str(plan))
    assert runner.run(repo, "push", "--plan", str(plan)).out.startswith("Sent 2 files")

    runner.run(repo, "plan", "--out", str(plan))
    repo.commit({"src/en/f0.json": '{"title": "moved on"}'})
    mark = runner.mark()
    refused = runner.run(repo, "push", "--plan", str(plan), code=8)

    assert "the saved plan no longer fits: src/en/f0.json" in refused.err
    assert "uploadFileToJobBatchV2" not in runner.requests_since(mark)


def test_plan_tells_by_its_exit_code(repo: Repo, runner: Runner) -> None:
    """3 while there is something to do, 0 afterwards; and it changes nothing."""
    repo.commit(files(1))
    mark = runner.mark()
    runner.run(repo, "plan", "--exit-code", code=3)
    assert not set(runner.requests_since(mark)) & {"addJob", "createJobBatchV2", "uploadFileToJobBatchV2"}

    runner.run(repo, "push")
    runner.run(repo, "plan", "--exit-code", code=0)
    runner.translate()
    runner.run(repo, "pull", "--check", code=3)
    assert not (repo.root / "src/de").exists()


def test_an_offline_plan_needs_no_credentials(repo: Repo, runner: Runner) -> None:
    """It compares with a revision: new, changed and deleted sources are told apart."""
    repo.commit(files(3))
    repo.git("switch", "--quiet", "--create", "feature")
    repo.git("rm", "--quiet", "src/en/f2.json")
    repo.commit(
        {"src/en/f0.json": '{"title": "Text number 0", "more": "And more"}', "src/en/new.json": '{"a": "b"}'}
    )
    mark = runner.mark()
    runner.environ = {"SMARTLING_USER_IDENTIFIER": "", "SMARTLING_USER_SECRET": "", "SMARTLING_API_URL": ""}

    plan = json.loads(runner.run(repo, "plan", "--offline", "--base", "main", "--format", "json").out)

    found = {each["source"]: (each["reason"], each.get("newStrings")) for each in plan["changes"]}
    assert found["src/en/f0.json"] == ("content changed", 1)
    assert found["src/en/new.json"] == ("new", 1)
    assert found["src/en/f1.json"][0] == "unchanged"
    assert [each["fileUri"] for each in plan["orphans"]] == ["src/en/f2.json"]
    assert runner.mark() == mark


def test_one_refused_file_does_not_stop_the_others(repo: Repo, runner: Runner) -> None:
    """It is cancelled in the batch, reported with what the service said, and nothing is authorized."""
    repo.commit(files(3))
    runner.control.fault(
        "status",
        operation="uploadFileToJobBatchV2",
        project=runner.ident,
        nth=2,
        status=400,
        message="not today",
    )

    pushed = runner.run(repo, "push", "--format", "json", code=7)

    report = json.loads(pushed.out)
    assert Counter(each["status"] for each in report["results"]) == {"done": 2, "failed": 1}
    assert [each["authorized"] for each in report["jobs"]] == [False]
    assert report["exitCode"] == 7
    runner.control.clear_faults(runner.ident)
    assert runner.run(repo, "push").out.startswith("Sent 1 file")
    assert not runner.control.view(runner.ident)["openBatches"]


def test_a_source_without_strings_is_not_sent(repo: Repo, runner: Runner) -> None:
    """It costs no upload and no failure, on every run."""
    repo.commit({**files(1), "src/en/empty.json": "{}"})

    for _run in range(2):
        done = runner.run(repo, "push")
        assert "without strings" in done.out
    assert list(runner.control.view(runner.ident)["files"]) == ["src/en/f0.json"]


def test_branches_share_strings(repo: Repo, runner: Runner) -> None:
    """A branch sends only its own change, under its own fileUri and the shared namespace."""
    manifest = (MANIFEST % {"authorize": "true"}).replace(
        "    target:", '    fileUri: "{branch}/{path}"\n    target:'
    )
    repo.commit({**files(3), ".l10n.yml": manifest})
    runner.run(repo, "push")
    runner.translate()
    repo.git("switch", "--quiet", "--create", "feature/x")
    repo.commit({"src/en/f1.json": '{"title": "Text number 1", "more": "Something new"}'})

    pushed = json.loads(runner.run(repo, "push", "--format", "json").out)
    runner.run(repo, "pull")

    view = runner.control.view(runner.ident)["files"]
    assert [each["change"]["fileUri"] for each in pushed["results"]] == ["feature/x/src/en/f1.json"]
    assert sorted(view) == ["feature/x/src/en/f1.json", *(f"main/src/en/f{index}.json" for index in range(3))]
    assert view["feature/x/src/en/f1.json"]["namespace"] == "src/en/f1.json"
    german = json.loads(repo.read("src/de/f1.json"))
    assert german["title"].endswith("(de-DE)")
    assert german["more"] == "Something new"
    assert json.loads(repo.read("src/de/f0.json"))["title"].endswith("(de-DE)")


def test_filters_limit_exactly_what_they_say(repo: Repo, runner: Runner) -> None:
    """`-l` pulls one locale and leaves the other to the next pull; an unknown one is an error."""
    repo.commit(files(1))
    runner.run(repo, "push")
    runner.translate()

    runner.run(repo, "pull", "-l", "de-DE")
    assert (repo.root / "src/de/f0.json").exists()
    assert not (repo.root / "src/fr/f0.json").exists()
    assert runner.run(repo, "pull").out.startswith("Wrote 1 file")

    refused = runner.run(repo, "pull", "-l", "xx-XX", code=2)
    assert "the manifest has no locale 'xx-XX'" in refused.err


def reference(repo: Repo, runner: Runner) -> tuple[dict[str, object], int]:
    """Return the remote state after an uninterrupted push, and the number of its requests."""
    mark = runner.mark()
    runner.run(repo, "push")
    return runner.control.view(runner.ident), len(runner.requests_since(mark))


@pytest.mark.parametrize("when", ["hold", "hold_before"])
def test_a_killed_push_ends_the_same_when_run_again(
    repo: Repo, in_process: InProcess, forks: Forks, when: str
) -> None:
    """SIGKILL at each request of a push of seven files, before or after it was applied: the same state."""
    runner = in_process
    repo.commit(files(7))
    expected, total = reference(repo, runner)
    for point in range(1, total + 1):
        forget(repo)
        runner.project()
        if not forks.kill(runner, repo.root, "push", at=point, when=when):
            continue  # this push needed fewer looks at the batch than the first

        runner.run(repo, "push")

        view = runner.control.view(runner.ident)
        assert view == expected, f"killed at request {point} of {total}"
        assert not view["openBatches"]
        assert len(view["jobs"]) == 1


@pytest.mark.sweep
@pytest.mark.parametrize("first", range(1, 13))
def test_a_push_killed_twice_ends_the_same(
    repo: Repo, in_process: InProcess, forks: Forks, first: int
) -> None:
    """Every pair of kill points, before and after the request: the recovery may be killed too."""
    runner = in_process
    repo.commit(files(7))
    expected, total = reference(repo, runner)
    assert total < 25
    killed = 0
    for second in range(1, total + 1):
        for at in (first, total + 1 - first):
            forget(repo)
            runner.project()
            killed += forks.kill(runner, repo.root, "push", at=at, when="hold_before")
            killed += forks.kill(runner, repo.root, "push", at=second)

            runner.run(repo, "push")

            assert runner.control.view(runner.ident) == expected, f"killed at {at}, then at {second}"
    assert killed > total


def test_a_pair_published_twice_in_one_second_is_not_missed(repo: Repo, runner: Runner) -> None:
    """Publish dates have whole seconds: the second publication may bear the date of the first."""
    repo.commit(files(1))
    runner.run(repo, "push")
    runner.translate()
    runner.run(repo, "pull")
    runner.translate({"de-DE": 100}, how={"texts": {"title": "Corrected"}}, again=True)

    runner.run(repo, "pull")

    assert json.loads(repo.read("src/de/f0.json")) == {"title": "Corrected"}


def test_more_words_than_allowed_are_not_authorized(repo: Repo, runner: Runner) -> None:
    """`maxWords` stops the push before anything is sent; --yes lets it through."""
    given = dict(files(2))
    given[".l10n.yml"] = str(given[".l10n.yml"]).replace("authorize: true", "authorize: true, maxWords: 11")
    repo.commit(given)

    refused = runner.run(repo, "push", code=8)

    assert "would authorize 12 words × locales, more than `maxWords: 11`" in refused.err
    assert not runner.control.view(runner.ident)["files"]
    assert "authorized" in runner.run(repo, "push", "--yes").out


@pytest.mark.parametrize(
    ("environ", "event"),
    [
        pytest.param({"GITHUB_REF": "refs/pull/7/merge", "GITHUB_HEAD_REF": "main"}, {}, id="pull request"),
        pytest.param(
            {
                "GITHUB_EVENT_NAME": "pull_request_target",
                "GITHUB_REF": "refs/heads/main",
                "GITHUB_HEAD_REF": "main",
            },
            {},
            id="target",
        ),
        pytest.param(
            {"GITHUB_EVENT_NAME": "issue_comment", "GITHUB_REF": "refs/heads/main"},
            {"issue": {"number": 7, "pull_request": {"url": "x"}}},
            id="comment",
        ),
        pytest.param({"GITHUB_REF": "refs/heads/gh-readonly-queue/main/pr-7-0a1b"}, {}, id="merge queue"),
    ],
)
def test_a_pull_request_authorizes_nothing_by_itself(
    repo: Repo, in_process: InProcess, environ: dict[str, str], event: object, tmp_path: Path
) -> None:
    """Its event sends the files and says why the job waits; --authorize starts it."""
    runner = in_process
    repo.commit(files(1))
    payload = tmp_path / "event.json"
    payload.write_text(json.dumps(event))
    runner.environ = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(payload), **environ}

    pushed = runner.run(repo, "push")
    assert "does not authorize by itself" in pushed.out
    assert [each["status"] for each in runner.control.view(runner.ident)["jobs"]] == [
        "AWAITING_AUTHORIZATION"
    ]

    runner.run(repo, "push", "--authorize")
    assert [each["status"] for each in runner.control.view(runner.ident)["jobs"]] == ["IN_PROGRESS"]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("    target:", "    directives: {string_format: icu}\n    target:", "directives changed"),
        ("fr-FR: fr}", "fr-FR: fr, ja-JP: ja}", "locale added"),
    ],
)
def test_a_changed_manifest_is_sent_with_and_without_the_cache(
    repo: Repo, runner: Runner, before: str, after: str, reason: str
) -> None:
    """The same content under new directives, or for another locale, is an upload; the cache hides nothing."""
    runner.project(["de-DE", "fr-FR", "ja-JP"])
    given = dict(files(2))
    repo.commit(given)
    runner.run(repo, "push")
    repo.commit({".l10n.yml": str(given[".l10n.yml"]).replace(before, after, 1)})

    warm = json.loads(runner.run(repo, "plan", "--format", "json").out)
    forget(repo)
    cold = json.loads(runner.run(repo, "plan", "--format", "json").out)

    assert [each["reason"] for each in warm["changes"]] == [reason, reason]
    assert [(each["action"], each["reason"]) for each in cold["changes"]] == [("upload", reason)] * 2
    assert runner.run(repo, "push").out.startswith("Sent 2 files")


def test_an_edit_made_during_the_download_is_kept(repo: Repo, runner: Runner) -> None:
    """What was there when the plan was made must still be there when it is replaced."""
    repo.commit({**files(1), "src/de/f0.json": '{"title": "alt"}'})
    runner.run(repo, "push", "--yes")
    runner.translate()
    runner.control.fault("hold", operation="downloadMultipleFilesTranslations", project=runner.ident)
    process = runner.start(repo, "pull")
    runner.held()
    repo.write({"src/de/f0.json": '{"title": "mine"}'})
    runner.control.release()
    process.communicate(timeout=60)

    assert process.returncode == 8
    assert json.loads(repo.read("src/de/f0.json")) == {"title": "mine"}
    assert json.loads(repo.read("src/fr/f0.json"))["title"].endswith("(fr-FR)")


def test_a_refused_authorization_is_no_success(repo: Repo, runner: Runner) -> None:
    """The files are there, the job is not started: exit 7, and the next push starts it."""
    repo.commit(files(1))
    runner.control.fault(
        "status", operation="authorizeJob", project=runner.ident, status=400, message="not now"
    )

    refused = runner.run(repo, "push", code=7)
    assert "not now" in refused.out + refused.err
    runner.control.clear_faults(runner.ident)

    assert runner.run(repo, "push").out.startswith("Authorized 1 job")


@pytest.mark.parametrize("cached", [True, False])
def test_an_authorization_that_does_not_come_about_is_no_success(
    repo: Repo, runner: Runner, cached: bool
) -> None:
    """The service says yes and does nothing: the push says so, and the next one does it."""
    repo.commit(files(1))
    runner.control.fault("lie", operation="authorizeJob", project=runner.ident, count=1)

    believed = runner.run(repo, "push", code=7)
    if not cached:
        forget(repo)

    assert "AWAITING_AUTHORIZATION" in believed.out + believed.err
    assert runner.run(repo, "push").out.startswith("Authorized 1 job")
    assert [job["status"] for job in runner.control.view(runner.ident)["jobs"]] == ["IN_PROGRESS"]


def test_what_is_done_with_a_job_is_read_back(repo: Repo, runner: Runner) -> None:
    """`job authorize` and `job cancel` report what the job's state shows, not what was answered."""
    repo.commit(files(1))
    runner.run(repo, "push", "--no-authorize")
    for operation, words in (("authorizeJob", ["authorize"]), ("cancelJob", ["cancel", "--yes"])):
        runner.control.fault("lie", operation=operation, project=runner.ident, count=1)
        done = runner.run(repo, "job", *words, code=7)
        assert "the job is AWAITING_AUTHORIZATION" in done.out + done.err
    runner.run(repo, "job", "cancel", "--yes")

    assert [job["status"] for job in runner.control.view(runner.ident)["jobs"]] == ["CANCELLED"]


def test_a_branch_that_was_deleted_is_not_pushed(repo: Repo, runner: Runner, tmp_path: Path) -> None:
    """What the event of its deletion has checked out is not its content; nor is its job authorized."""
    repo.commit(files(1))
    runner.run(repo, "push", "--no-authorize", "--job", "app gone")
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"ref": "refs/heads/gone", "deleted": True, "after": "0" * 40}))
    runner.environ = {
        "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/heads/gone",
        "GITHUB_EVENT_PATH": str(event),
    }  # fmt: skip

    repo.commit(files(2))

    done = runner.run(repo, "push")

    assert "branch 'gone' was deleted" in done.out
    refused = runner.run(repo, "job", "authorize", "app gone", code=8)
    assert "branch 'gone' was deleted" in refused.err
    view = runner.control.view(runner.ident)
    assert len(view["files"]) == 1
    assert [job["status"] for job in view["jobs"]] == ["AWAITING_AUTHORIZATION"]


def test_resources_of_one_job_must_agree(repo: Repo, runner: Runner) -> None:
    """A job is authorized as a whole: nobody's strings are paid for against the manifest."""
    given = dict(files(1))
    given[".l10n.yml"] = str(given[".l10n.yml"]) + (
        "  - name: other\n    source: other/*.json\n    target: null\n    job: {authorize: false}\n"
    )
    repo.commit({**given, "other/a.json": '{"a": "b"}'})

    assert "fill one job" in runner.run(repo, "push", code=2).err


def test_a_push_for_some_locales_is_refused(repo: Repo, runner: Runner) -> None:
    """The locales left out would never get the new strings."""
    repo.commit(files(1))

    assert "for all its locales" in runner.run(repo, "push", "-l", "de-DE", code=2).err
