"""A prune lists what is left over on the TMS, and deletes exactly what was listed, and only what is ours."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.forks import Forks
from tests.repositories import Repo
from tests.runner import Done, Runner
from tests.test_push_pull import forget
from tests.test_renames import BRANCHED, MANIFEST, strings, view

pytestmark = pytest.mark.in_process

DELETE = "deleteUploadedSourceFile"


def many(manifest: str = MANIFEST, number: int = 12) -> dict[str, str]:
    """Return a repository with so many sources that one of them is less than a tenth."""
    return {
        ".l10n.yml": manifest,
        **{f"app/en/f{index}.json": strings(f"f{index}") for index in range(number)},
    }


def orphaned(repo: Repo, runner: Runner, manifest: str = MANIFEST) -> None:
    """Push twelve sources, translate them, and delete one of them in the repository."""
    repo.commit(many(manifest))
    runner.run(repo, "push")
    runner.translate()
    repo.git("rm", "--quiet", "app/en/f3.json")
    repo.commit()


def deletions(runner: Runner, mark: int) -> int:
    return runner.requests_since(mark).count(DELETE)


def listed(done: Done) -> dict[str, Any]:
    """Return reason by fileUri."""
    plan = json.loads(done.out)["plan"]
    return {each["fileUri"]: each["reason"] for each in plan["changes"]}


# --- orphans --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no cache"])
def test_orphans_are_listed_and_only_then_deleted(
    repo: Repo, runner: Runner, cache: bool, report_schema: dict[str, Any]
) -> None:
    """The list changes nothing; --apply deletes what it said, once; local files and others stay."""
    orphaned(repo, runner)
    repo.write({"app/de/f3.json": "{}"})
    if not cache:
        forget(repo)
    mark = runner.mark()

    unread = runner.run(repo, "prune", "--apply", code=8)
    first = runner.run(repo, "prune")
    assert "nothing was listed yet" in unread.err
    assert "app/en/f3.json" in first.out
    assert first.out.startswith("Plan: 1 file to delete"), first.out
    assert deletions(runner, mark) == 0

    applied = runner.run(repo, "prune", "--apply", "--format", "json")

    report = json.loads(applied.out)
    jsonschema.validate(report, report_schema)
    assert [(each["status"], each["change"]["fileUri"]) for each in report["results"]] == [
        ("done", "app/en/f3.json")
    ]
    assert deletions(runner, mark) == 1
    assert sorted(view(runner)) == sorted(f"app/en/f{index}.json" for index in range(12) if index != 3)
    assert repo.read("app/de/f3.json") == b"{}"
    assert runner.run(repo, "prune").out.startswith("No changes")
    assert "nothing was listed yet" not in runner.run(repo, "prune", "--apply").err


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no cache"])
def test_an_orphan_stays_until_its_strings_are_elsewhere(repo: Repo, runner: Runner, cache: bool) -> None:
    """The next push takes a renamed file's strings along: before it, a prune deletes none of them."""
    orphaned(repo, runner)
    repo.git("mv", "app/en/f5.json", "app/en/new.json")
    repo.commit({"app/en/f7.json": strings("f7", 9), "app/en/other.json": strings("other")})
    if not cache:
        forget(repo)

    early = json.loads(runner.run(repo, "prune", "--format", "json").out)["plan"]["changes"]
    runner.run(repo, "push")
    if not cache:
        forget(repo)

    assert {change["fileUri"]: (change["action"], change["reason"]) for change in early} == {
        "app/en/f3.json": ("delete", "orphan"),
        "app/en/f5.json": ("keep", "a source still needs it"),
    }
    assert "app/en/new.json" in next(change["detail"] for change in early if "f5" in change["fileUri"])
    assert listed(runner.run(repo, "prune", "--format", "json")) == {
        "app/en/f3.json": "orphan",
        "app/en/f5.json": "orphan",
    }


@pytest.mark.parametrize("authorize", [True, False])
def test_an_orphan_stays_while_translators_have_strings_that_a_source_has(
    repo: Repo, runner: Runner, authorize: bool
) -> None:
    """Another source has the same texts, in a namespace of its own; once they are translated, it goes."""
    files = many(MANIFEST, 3)
    repo.commit(files | {"app/en/f2.json": files["app/en/f1.json"]})
    runner.run(repo, "push", "--authorize" if authorize else "--no-authorize")
    repo.git("rm", "--quiet", "app/en/f1.json")
    repo.commit()

    found = json.loads(runner.run(repo, "prune", "--format", "json").out)["plan"]["changes"]
    assert [(change["action"], change["reason"]) for change in found] == [
        ("keep", "in a job, and in no other file")
    ]
    assert "8 strings" in found[0]["detail"]
    if authorize:
        runner.translate()
    else:
        runner.run(repo, "push", "--no-authorize")
    assert listed(runner.run(repo, "prune", "--format", "json")) == {"app/en/f1.json": "orphan"}


def test_the_list_says_what_is_not_translated_yet(repo: Repo, runner: Runner) -> None:
    """No source has the strings any more: the file may go, and the list says what that ends."""
    repo.commit(many(MANIFEST, 3))
    runner.run(repo, "push", "--authorize")
    repo.git("rm", "--quiet", "app/en/f1.json")
    repo.commit()

    shown = runner.run(repo, "prune").out
    assert "not translated yet: 8 strings (de-DE, fr-FR, " in shown
    assert 'in job "repo main"' in shown
    assert runner.run(repo, "prune", "--apply").out.startswith("Deleted 1 file")


def test_a_resource_of_which_nothing_is_left_can_be_chosen(repo: Repo, runner: Runner) -> None:
    """The filter goes by what the manifest sets, not by the sources that there still are."""
    second = '  - {name: old, source: "x/old/en/*.json", target: "x/old/{locale}/*.json", optional: true}\n'
    repo.commit(many(MANIFEST + second, 2) | {"x/old/en/a.json": strings("a")})
    runner.run(repo, "push")
    runner.translate()
    repo.git("rm", "-r", "--quiet", "x", "app/en/f1.json")
    repo.commit()

    assert listed(runner.run(repo, "prune", "-r", "old", "--format", "json")) == {"x/old/en/a.json": "orphan"}
    assert listed(runner.run(repo, "prune", "-r", "web", "--format", "json")) == {"app/en/f1.json": "orphan"}


def test_a_prune_need_not_wait_for_the_service(repo: Repo, runner: Runner) -> None:
    """With `--wait accepted` the verdict says that nothing is confirmed."""
    orphaned(repo, runner)
    runner.run(repo, "prune")
    done = runner.run(repo, "prune", "--apply", "--wait", "accepted")
    assert done.out.startswith("Accepted, not confirmed: 1 file.")
    runner.control.finish(runner.ident)
    assert "app/en/f3.json" not in view(runner)


def test_another_list_than_the_one_read_is_refused(repo: Repo, runner: Runner) -> None:
    """Whatever has moved since: nothing is deleted, and what is different is named."""
    orphaned(repo, runner)
    saved = repo.root.parent / "list.json"
    runner.run(repo, "prune", "--out", str(saved))
    repo.git("rm", "--quiet", "app/en/f4.json")
    repo.commit()
    mark = runner.mark()

    for arguments in (("--apply",), ("--apply", "--plan", str(saved))):
        refused = runner.run(repo, "prune", *arguments, code=8)
        assert "the saved plan no longer fits: app/en/f4.json" in refused.err
    assert deletions(runner, mark) == 0


def test_more_than_a_few_files_need_to_be_told(repo: Repo, runner: Runner) -> None:
    """More than three files are ten percent at most; the number that was told is the new limit."""
    orphaned(repo, runner)
    repo.git("rm", "--quiet", "app/en/f4.json", "app/en/f5.json", "app/en/f6.json")
    repo.commit()
    mark = runner.mark()

    first = runner.run(repo, "prune")
    assert "--apply refuses this: 4 of our 12 files" in first.out
    assert "more than 10 %" in runner.run(repo, "prune", "--apply", code=8).err
    runner.run(repo, "prune", "--max-deletions", "1")
    assert (
        "more than --max-deletions 1"
        in runner.run(repo, "prune", "--max-deletions", "1", "--apply", code=8).err
    )
    assert deletions(runner, mark) == 0

    runner.run(repo, "prune", "--max-deletions", "4")
    assert runner.run(repo, "prune", "--max-deletions", "4", "--apply").out.startswith("Deleted 4 files")
    assert len(view(runner)) == 8


def test_where_the_tms_has_none_of_our_files_nothing_is_an_orphan(repo: Repo, runner: Runner) -> None:
    """All sources were replaced and not pushed yet: the list may be another project's."""
    orphaned(repo, runner)
    repo.git("rm", "--quiet", "-r", "app/en")
    repo.commit({"app/en/new.json": strings("new")})
    forget(repo)
    runner.run(repo, "prune", "--max-deletions", "99")

    refused = runner.run(repo, "prune", "--max-deletions", "99", "--apply", code=8).err

    assert "it lacks all files of this repository" in refused
    assert "push first" in refused
    assert "--max-deletions N" not in refused


def test_a_few_files_go_in_a_small_repository(repo: Repo, runner: Runner) -> None:
    """Up to three deletions need no flag, though they are most of what the TMS has of a repository."""
    repo.commit(
        {".l10n.yml": MANIFEST, **{f"app/en/f{number}.json": strings(f"f{number}") for number in range(4)}}
    )
    runner.run(repo, "push")
    runner.translate()
    repo.git("rm", "--quiet", "app/en/f1.json", "app/en/f2.json", "app/en/f3.json")
    repo.commit()

    runner.run(repo, "prune")
    assert runner.run(repo, "prune", "--apply").out.startswith("Deleted 3 files")
    assert sorted(view(runner)) == ["app/en/f0.json"]


@pytest.mark.parametrize("body", ['{"response":{"code":"SUCCESS","data":{"items":[],"totalCount":0}}}', None])
def test_a_list_that_looks_wrong_deletes_nothing(repo: Repo, runner: Runner, body: str | None) -> None:
    """An empty list of files, or one that cannot be read, is no reason to delete anything."""
    orphaned(repo, runner)
    runner.run(repo, "prune")
    mark = runner.mark()
    runner.control.fault(
        "status",
        operation="getRecentlyUploadedSourceFilesList",
        project=runner.ident,
        count=0,
        status=200 if body else 400,
        body=body,
    )

    refused = runner.run(repo, "prune", "--apply", code=None)

    assert refused.code in {2, 8}
    assert deletions(runner, mark) == 0


LIST = "getRecentlyUploadedSourceFilesList"
BROKEN: dict[str, dict[str, Any]] = {
    "refused": {"action": "status", "status": 400},
    "forbidden": {"action": "status", "status": 403},
    "broken": {"action": "status", "status": 500},
    "a page": {"action": "html"},
    "no body": {"action": "empty"},
    "a lie": {"action": "status", "status": 200, "body": '{"response":{"code":"SUCCESS","data":null}}'},
    "cut": {"action": "close_middle"},
    "short": {"action": "wrong_length"},
    "half packed": {"action": "truncate_gzip"},
    "nobody": {"action": "close_before"},
}


@pytest.mark.sweep
@pytest.mark.parametrize("operation", [LIST, "getProjectDetails"])
@pytest.mark.parametrize("fault", BROKEN)
def test_a_reading_that_fails_deletes_nothing(repo: Repo, runner: Runner, operation: str, fault: str) -> None:
    """However the TMS's answers are cut, empty, refused or missing, --apply says so and deletes nothing."""
    orphaned(repo, runner)
    runner.run(repo, "prune")
    mark = runner.mark()
    runner.control.fault(operation=operation, project=runner.ident, count=0, **BROKEN[fault])

    refused = runner.run(repo, "--timeout", "1s", "prune", "--apply", code=None)

    assert deletions(runner, mark) == 0
    assert refused.code not in {0, 1} or operation != LIST


@pytest.mark.sweep
@pytest.mark.parametrize("shown", [0, 1, 6, 11])
@pytest.mark.parametrize("honest", [True, False], ids=["a smaller total", "the whole total"])
def test_a_list_that_lacks_files_deletes_none_that_are_here(
    repo: Repo, runner: Runner, shown: int, honest: bool
) -> None:
    """A truncated list deletes nothing, whether it contradicts itself or not."""
    orphaned(repo, runner)
    runner.run(repo, "prune")
    items = [
        {"fileUri": uri, "fileType": "json", "lastUploaded": "2026-01-01T00:00:00Z", "hasInstructions": False}
        for uri in sorted(view(runner))
    ][:shown]
    data = {"items": items, "totalCount": len(items) if honest else 12}
    body = json.dumps({"response": {"code": "SUCCESS", "data": data}})
    mark = runner.mark()
    runner.control.fault("status", operation=LIST, project=runner.ident, count=0, status=200, body=body)

    runner.run(repo, "--timeout", "1s", "prune", "--apply", code=None)

    assert deletions(runner, mark) == 0


def test_a_refused_deletion_ends_the_others(repo: Repo, runner: Runner) -> None:
    """What was deleted stays deleted, the rest is not tried, and the exit code says so."""
    orphaned(repo, runner)
    repo.git("rm", "--quiet", "app/en/f4.json", "app/en/f5.json")
    repo.commit()
    runner.run(repo, "prune")
    runner.control.fault("status", operation=DELETE, project=runner.ident, nth=2, status=400, message="no")
    mark = runner.mark()

    failed = runner.run(repo, "prune", "--apply", "--max-deletions", "3", code=7)

    assert failed.out.startswith("Deleted 1 of 3 files")
    assert deletions(runner, mark) == 2
    runner.control.clear_faults(runner.ident)
    runner.run(repo, "prune")
    assert runner.run(repo, "prune", "--apply", "--max-deletions", "2").out.startswith("Deleted 2 files")


def test_what_somebody_sends_meanwhile_stays(repo: Repo, runner: Runner, tmp_path: Path) -> None:
    """Each file is looked at right before its deletion: one that another clone's push brought back stays."""
    orphaned(repo, runner)
    repo.git("rm", "--quiet", "app/en/f4.json")
    repo.commit()
    repo.git("clone", "--quiet", str(repo.root), str(tmp_path / "other"))
    other = Repo(tmp_path / "other")
    other.commit({"app/en/f4.json": json.dumps({**json.loads(strings("f4")), "back": "It is back"})})
    runner.run(repo, "prune")
    runner.control.fault("hold_before", operation=DELETE, project=runner.ident, count=1)

    process = runner.start(repo, "prune", "--apply")
    runner.held()
    runner.run(other, "push")
    runner.control.release()
    out, _err = process.communicate(timeout=60)

    assert process.returncode == 8
    assert out.startswith("Deleted 1 of 2 files")
    assert "somebody sent it again" in out
    assert "app/en/f4.json" in view(runner)
    assert "app/en/f3.json" not in view(runner)


def test_a_project_shared_by_two_repositories(repo: Repo, runner: Runner, tmp_path: Path) -> None:
    """Neither sees the other's files as orphans, not even one that both once had."""
    common = {"shared/en/moved.json": strings("moved")}
    repo.commit({**many(), **common})
    runner.run(repo, "push")
    other = Repo(tmp_path / "other")
    other.git("pull", "--quiet", str(repo.root), "main")  # split off: it has the history
    other.git("rm", "-r", "--quiet", "app")
    other.commit({**{f"lib/en/g{index}.json": strings(f"g{index}") for index in range(12)}})
    runner.run(other, "push")
    other.commit({"shared/en/moved.json": strings("moved", 9)})
    runner.run(other, "push")
    runner.translate()
    repo.git("rm", "-r", "--quiet", "shared")
    repo.commit()
    forget(repo)
    before = set(view(runner))

    assert listed(runner.run(repo, "prune", "--format", "json")) == {
        "shared/en/moved.json": "not known to be ours"
    }
    runner.run(repo, "prune", "--apply")
    other_sees = listed(runner.run(other, "prune", "--format", "json"))

    assert set(view(runner)) == before
    assert not [uri for uri in other_sees if uri.startswith("lib/")]
    assert {reason for uri, reason in other_sees.items() if uri.startswith("app/")} <= {"orphan"}


def test_only_the_default_branch_tells_orphans(repo: Repo, runner: Runner) -> None:
    """What a branch has deleted, the default branch may still have."""
    repo.commit(many())
    runner.run(repo, "push")
    repo.git("switch", "--quiet", "--create", "feature")
    repo.git("rm", "--quiet", "app/en/f3.json")
    repo.commit()

    assert "on the default branch 'main' only" in runner.run(repo, "prune", code=2).err


def test_a_fork_deletes_nothing(repo: Repo, runner: Runner) -> None:
    """Its name is good for reading only."""
    orphaned(repo, runner)
    runner.run(repo, "prune", "--branch", "main")
    runner.environ = {"GITHUB_ACTIONS": "true", "GITHUB_HEAD_REF": "main", "L10NSYNC_FORK": "true"}

    assert runner.run(repo, "prune", "--apply", code=None).code in {2, 8}
    assert "app/en/f3.json" in view(runner)


# --- branches -------------------------------------------------------------------------------------------


def branch(repo: Repo, runner: Runner, name: str, file: str = "app/en/f1.json", *, text: str = "") -> None:
    """Make a branch that edits one file, push it, and go back to the default branch."""
    repo.git("switch", "--quiet", "--create", name)
    repo.commit({file: strings(Path(file).stem, 9).replace("number 0", f"number 0 {text}")}, name)
    runner.run(repo, "push")
    repo.git("switch", "--quiet", "main")


def remote_of(repo: Repo) -> Repo:
    """Give the repository a remote, with its branches."""
    there = Repo(repo.root.parent / "remote")
    there.git("config", "receive.denyCurrentBranch", "ignore")
    repo.git("remote", "add", "origin", there.root.as_uri())
    repo.git("push", "--quiet", "origin", "--all")
    return there


@pytest.mark.parametrize("how", ["merge", "squash"])
def test_merged_branches_leave_and_main_stays(repo: Repo, runner: Runner, how: str) -> None:
    """Once main was pushed, the branch's file goes; a living branch's files and main's are never in reach."""
    repo.commit(many(BRANCHED))
    runner.run(repo, "push")
    branch(repo, runner, "feature/x")
    branch(repo, runner, "feature/alive", "app/en/f2.json")
    if how == "merge":
        repo.git("merge", "--quiet", "--no-ff", "--no-edit", "feature/x")
    else:
        repo.git("merge", "--quiet", "--squash", "feature/x")
        repo.commit(message="A title (#7)")

    early = runner.run(repo, "prune", "--branches", "merged", "--format", "json")
    assert listed(early) == {"feature/x/app/en/f1.json": "not pushed since the merge"}
    runner.run(repo, "push")
    for forgetful in (False, True):
        if forgetful:
            forget(repo)
        found = runner.run(repo, "prune", "--branches", "merged", "--format", "json")
        assert listed(found) == {"feature/x/app/en/f1.json": "branch merged"}
    runner.run(repo, "prune", "--branches", "merged", "--apply")

    left = set(view(runner))
    assert left == {f"main/app/en/f{index}.json" for index in range(12)} | {"feature/alive/app/en/f2.json"}
    assert runner.run(repo, "prune", "--branches", "merged").out.startswith("No changes")


def test_a_merged_branch_leaves_what_a_living_one_of_nearly_its_name_has(repo: Repo, runner: Runner) -> None:
    """The TMS makes no difference between the two, so the files stay as long as one of them lives."""
    repo.commit(many(BRANCHED))
    runner.run(repo, "push")
    branch(repo, runner, "feature/x")
    repo.git("merge", "--quiet", "--no-ff", "--no-edit", "feature/x")
    runner.run(repo, "push")
    repo.git("checkout", "--quiet", "-b", "Feature/X")
    repo.commit({"app/en/f2.json": strings("not merged")})
    repo.git("checkout", "--quiet", "main")

    assert runner.run(repo, "prune", "--branches", "merged").out.startswith("No changes")
    repo.git("branch", "--quiet", "-D", "Feature/X")
    found = runner.run(repo, "prune", "--branches", "merged", "--format", "json")
    assert listed(found) == {"feature/x/app/en/f1.json": "branch merged"}


def test_gone_branches_are_told_by_the_remote(repo: Repo, runner: Runner) -> None:
    """A branch that was not fetched is not gone; one that the remote no longer has is."""
    repo.commit(many(BRANCHED))
    runner.run(repo, "push")
    branch(repo, runner, "old")
    branch(repo, runner, "alive", "app/en/f2.json")
    there = remote_of(repo)
    repo.git("branch", "--quiet", "-D", "old", "alive")

    assert runner.run(repo, "prune", "--branches", "gone").out.startswith("No changes")
    there.git("branch", "--quiet", "-D", "old")

    assert listed(runner.run(repo, "prune", "--branches", "gone", "--format", "json")) == {
        "old/app/en/f1.json": "branch gone"
    }
    runner.run(repo, "prune", "--branches", "gone", "--apply")
    assert "alive/app/en/f2.json" in view(runner)
    assert "old/app/en/f1.json" not in view(runner)


def test_a_branch_that_nothing_names_is_left_alone(repo: Repo, runner: Runner) -> None:
    """Another repository's branch, or one that left no trace: --ours says that it is ours."""
    manifest = BRANCHED.replace("authorize: true", 'authorize: true, name: "{branch}"')
    repo.commit(many(manifest))
    runner.run(repo, "push")
    branch(repo, runner, "old")
    repo.git("branch", "--quiet", "-D", "old")
    forget(repo)

    assert listed(runner.run(repo, "prune", "--branches", "gone", "--format", "json")) == {
        "old/app/en/f1.json": "not known to be ours"
    }
    runner.run(repo, "prune", "--branches", "gone", "--apply")
    assert "old/app/en/f1.json" in view(runner)

    runner.run(repo, "prune", "--branches", "gone", "--ours", "old")
    runner.run(repo, "prune", "--branches", "gone", "--ours", "old", "--apply")
    assert "old/app/en/f1.json" not in view(runner)


def test_a_shallow_clone_tells_nothing_of_branches(repo: Repo, runner: Runner) -> None:
    """What is not there cannot be told from what is gone."""
    repo.commit(many(BRANCHED))
    repo.commit({"README": "more"})
    clone = repo.root.parent / "clone"
    repo.git("clone", "--quiet", "--depth=1", repo.root.as_uri(), str(clone))

    assert "shallow clone" in runner.run(clone, "prune", "--branches", "gone", code=2).err


def test_a_remote_that_does_not_answer_is_an_error(repo: Repo, runner: Runner) -> None:
    """The list of its branches can be given instead."""
    repo.commit(many(BRANCHED))
    runner.run(repo, "push")
    branch(repo, runner, "old")
    remote_of(repo)
    heads = repo.root.parent / "heads"
    heads.write_text(repo.git("ls-remote", "--heads", "origin"))
    repo.git("remote", "set-url", "origin", (repo.root.parent / "nowhere").as_uri())
    repo.git("branch", "--quiet", "-D", "old")

    failed = runner.run(repo, "prune", "--branches", "gone", code=2)
    assert "--heads FILE" in failed.err

    found = runner.run(repo, "prune", "--branches", "gone", "--heads", str(heads))
    assert found.out.startswith("No changes")


def test_jobs_of_gone_branches_end_when_they_are_empty(repo: Repo, runner: Runner) -> None:
    """An abandoned branch's job is cancelled; one whose strings the default branch has taken over is not."""
    repo.commit(many(BRANCHED))
    runner.run(repo, "push")
    branch(repo, runner, "abandoned")
    branch(repo, runner, "merged", "app/en/f2.json")
    repo.git("merge", "--quiet", "--no-ff", "--no-edit", "merged")
    runner.run(repo, "push")
    repo.git("branch", "--quiet", "-D", "abandoned", "merged")
    arguments = ("prune", "--branches", "gone", "--max-deletions", "2")
    runner.run(repo, *arguments)

    done = runner.run(repo, *arguments, "--apply")

    jobs = {each["name"]: each["status"] for each in runner.control.view(runner.ident)["jobs"]}
    assert next(status for name, status in jobs.items() if "abandoned" in name) == "CANCELLED"
    assert jobs["repo merged"] == "IN_PROGRESS"
    assert "other files hold its strings" in done.out
    assert {each for each in view(runner) if not each.startswith("main/")} == set()


@pytest.mark.parametrize("evidence", ["cache", "job", "user"])
def test_a_file_that_only_an_abandoned_branch_had_goes_with_it(
    repo: Repo, runner: Runner, tmp_path: Path, evidence: str
) -> None:
    """History does not know its path; the file is ours by what was sent from here, by its job, or by --ours.

    What another repository has under the name of that branch is in reach of --ours alone; what a living
    branch has is not at all.
    """
    manifest = BRANCHED.replace("authorize: true", 'authorize: true, name: "{branch}"')
    repo.commit(many(manifest if evidence == "user" else BRANCHED, 2))
    runner.run(repo, "push")
    for name in ("tried/it", "alive"):
        branch(repo, runner, name, f"app/en/only-{name.partition('/')[0]}.json")
    other = Repo(tmp_path / "other")
    other.commit({".l10n.yml": BRANCHED, "app/en/theirs.json": strings("theirs")})
    other.git("switch", "--quiet", "--create", "tried/it")
    other.commit({"app/en/theirs.json": strings("theirs", 9)})
    runner.run(other, "push")
    repo.git("branch", "--quiet", "-D", "tried/it")
    if evidence != "cache":
        forget(repo)
    argv = (
        "prune",
        "--branches",
        "gone",
        *(("--ours", "tried/it") if evidence == "user" else ()),
    )

    found = listed(runner.run(repo, *argv, "--format", "json"))

    ours, theirs = "tried/it/app/en/only-tried.json", "tried/it/app/en/theirs.json"
    assert found == dict.fromkeys((ours, theirs) if evidence == "user" else (ours,), "branch gone")
    runner.run(repo, *argv, "--apply", "--max-deletions", "9")
    left = {each for each in view(runner) if not each.startswith("main/")}
    assert left == {"alive/app/en/only-alive.json", *(() if evidence == "user" else (theirs,))}
    if evidence != "user":
        jobs = {each["name"]: each["status"] for each in runner.control.view(runner.ident)["jobs"]}
        assert next(status for name, status in jobs.items() if "repo tried/it" in name) == "CANCELLED"


@pytest.mark.parametrize(
    "points", [(4,), pytest.param(range(1, 20), marks=pytest.mark.sweep)], ids=["one", "all"]
)
def test_a_killed_prune_is_finished_by_the_next(
    repo: Repo, runner: Runner, forks: Forks, points: Sequence[int]
) -> None:
    """Killed anywhere, also between files and jobs: the next prune deletes and ends what is left."""
    repo.commit(many(BRANCHED))
    runner.run(repo, "push")
    killed = 0
    for point in points:
        for name, file in (("open", "f1"), ("complete", "f2")):
            branch(repo, runner, f"{name}/{point}", f"app/en/{file}.json", text=f"{name} {point}")
            if name == "complete":
                runner.translate()
            repo.git("branch", "--quiet", "-D", f"{name}/{point}")
        arguments = ("prune", "--branches", "gone", "--max-deletions", "2")
        runner.run(repo, *arguments)
        killed += forks.kill(runner, repo.root, *arguments, "--apply", at=point)

        runner.control.finish(runner.ident)
        runner.run(repo, *arguments)
        runner.run(repo, *arguments, "--apply")

        assert {each for each in view(runner) if not each.startswith("main/")} == set()
        jobs = {each["name"]: each["status"] for each in runner.control.view(runner.ident)["jobs"]}
        ours = {status for name, status in jobs.items() if name.startswith(("repo open", "repo complete"))}
        assert ours <= {"CANCELLED", "CLOSED"}, (point, jobs)
    assert killed
    assert runner.run(repo, "prune", "--branches", "gone").out.startswith("No changes")


@pytest.mark.parametrize("how", ["merge", "squash"])
def test_a_file_renamed_on_its_branch_stays_until_the_default_branch_has_its_strings(
    repo: Repo, runner: Runner, how: str
) -> None:
    """The default branch has it under a path that no push saw; an abandoned branch's file need not wait."""
    repo.commit(many(BRANCHED))
    runner.run(repo, "push")
    branch(repo, runner, "abandoned", "app/en/never.json")
    repo.git("branch", "--quiet", "-D", "abandoned")
    branch(repo, runner, "feature/x", "app/en/first.json")
    runner.translate()
    repo.git("switch", "--quiet", "feature/x")
    repo.git("mv", "app/en/first.json", "app/en/second.json")
    repo.commit()
    repo.git("switch", "--quiet", "main")
    repo.git(
        "merge", "--quiet", *(("--no-ff", "--no-edit") if how == "merge" else ("--squash",)), "feature/x"
    )
    repo.commit(message="Merge branch 'feature/x'")
    arguments = ("prune", "--branches", "merged", "--branches", "gone", "--max-deletions", "2")

    early = listed(runner.run(repo, *arguments, "--format", "json"))
    runner.run(repo, "push")
    late = listed(runner.run(repo, *arguments, "--format", "json"))

    assert early == {
        "abandoned/app/en/never.json": "branch gone",
        "feature/x/app/en/first.json": "not pushed since the merge",
    }
    assert view(runner)["main/app/en/second.json"]["namespace"] == "app/en/first.json"
    assert set(late.values()) == {"branch gone", "branch merged"}
