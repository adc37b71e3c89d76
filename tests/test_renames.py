"""A source that gets another path goes on in its namespace: its translations survive."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from l10nsync.plan.parked import MARK
from tests.forks import Forks
from tests.manifests import small_manifest
from tests.repositories import Repo
from tests.runner import Runner
from tests.test_push_pull import forget

pytestmark = pytest.mark.in_process


MANIFEST = small_manifest("*", "job: {authorize: true}", name="web")
UPLOAD = "uploadFileToJobBatchV2"
BRANCHED = MANIFEST + '    fileUri: "{branch}/{path}"\n'


def strings(name: str, number: int = 8) -> str:
    return json.dumps({f"{name}{index}": f"Text {name} number {index}" for index in range(number)}, indent=1)


def translated(repo: Repo, runner: Runner, manifest: str = MANIFEST, names: str = "ab") -> None:
    """Commit sources, push them, translate everything, and commit the translations."""
    repo.commit({".l10n.yml": manifest, **{f"app/en/{name}.json": strings(name) for name in names}})
    runner.run(repo, "push")
    runner.translate()
    runner.run(repo, "pull")
    repo.commit()


def view(runner: Runner) -> dict[str, Any]:
    found: dict[str, Any] = runner.control.view(runner.ident)["files"]
    return found


def translations(runner: Runner) -> int:
    """Return how many strings of how many locales the files show as completed."""
    from tests.sandbox_fixtures import RestClient

    rest = RestClient(runner.server.url, runner.ident, runner.control)
    return sum(
        int(item["completedStringCount"]) for uri in view(runner) for item in rest.status(uri).data["items"]
    )


def calls(runner: Runner, mark: int) -> dict[str, int]:
    found = runner.requests_since(mark)
    return {
        short: found.count(name)
        for short, name in {
            "rename": "renameUploadedSourceFile",
            "upload": "uploadFileToJobBatchV2",
            "store": "uploadSourceFile",
            "delete": "deleteUploadedSourceFile",
            "job": "addJob",
        }.items()
        if name in found
    }


def sources(runner: Runner) -> dict[str, str]:
    """Return fileUri to namespace of everything that is not parked."""
    return {uri: file["namespace"] for uri, file in view(runner).items() if MARK not in uri}


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no cache"])
def test_a_renamed_folder_keeps_its_translations(repo: Repo, runner: Runner, cache: bool) -> None:
    """Each file goes on in its namespace, no word is new, and what is left behind is named."""
    translated(repo, runner)
    before = translations(runner)
    repo.git("mv", "app", "web")
    repo.commit()
    if not cache:
        forget(repo)
    mark = runner.mark()

    plan = runner.run(repo, "plan")
    pushed = runner.run(repo, "push")

    assert "renamed" in plan.out
    assert "(0 new); was app/en/a.json" in plan.out
    assert pushed.out.startswith("Sent 2 files"), pushed.out
    assert "l10nsync prune" in pushed.out
    assert calls(runner, mark)["upload"] == 2
    assert "rename" not in calls(runner, mark)
    assert sources(runner) == {
        f"{folder}/en/{name}.json": f"app/en/{name}.json" for folder in ("app", "web") for name in "ab"
    }
    assert translations(runner) == 2 * before == 64
    assert_idle(repo, runner)
    assert runner.run(repo, "pull").out.startswith("No changes")


def assert_idle(repo: Repo, runner: Runner) -> None:
    """See that there is nothing to push, with the cache and without it."""
    for forgetful in (False, True):
        if forgetful:
            forget(repo)
        assert runner.run(repo, "push").out.startswith("No changes")


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no cache"])
def test_a_renamed_and_edited_file_sends_only_what_is_new(repo: Repo, runner: Runner, cache: bool) -> None:
    """One edited string of eight is one new string; the others keep their translations."""
    translated(repo, runner)
    repo.git("mv", "app/en/a.json", "app/en/z.json")
    repo.commit({"app/en/z.json": strings("a").replace("number 3", "number three")})
    if not cache:
        forget(repo)
    mark = runner.mark()

    pushed = json.loads(runner.run(repo, "push", "--format", "json").out)

    (change,) = [each["change"] for each in pushed["results"]]
    assert (change["reason"], change["renamedFrom"], change["newStrings"]) == ("renamed", "app/en/a.json", 1)
    assert calls(runner, mark) | {"job": 1} == {"upload": 1, "job": 1}
    assert translations(runner) == 32 + 14
    assert runner.run(repo, "push").out.startswith("No changes")


@pytest.mark.parametrize(
    "inactive", [True, False], ids=["inactive strings return", "inactive strings are lost"]
)
def test_a_swap_a_shift_and_a_deleted_name(repo: Repo, runner: Runner, inactive: bool) -> None:
    """Two files swap their names, a third takes a deleted name: nothing is new, and nothing is deleted.

    What would be overwritten before another file has taken its strings is parked.
    """
    runner.control.switches(runner.ident, inactive_strings_return=inactive)
    translated(repo, runner, names="abcd")
    repo.commit({"app/en/a.json": strings("b"), "app/en/b.json": strings("a")})
    repo.git("rm", "--quiet", "app/en/c.json")
    repo.git("mv", "app/en/d.json", "app/en/c.json")
    repo.commit()

    pushed = runner.run(repo, "push")

    assert "parked" in pushed.out
    assert sources(runner) == {
        "app/en/a.json": "app/en/b.json",
        "app/en/b.json": "app/en/a.json",
        "app/en/c.json": "app/en/d.json",
        "app/en/d.json": "app/en/d.json",
    }
    assert sum(MARK in uri for uri in view(runner)) == 1
    for name in "abc":
        assert len(view(runner)[f"app/en/{name}.json"]["locales"]["de-DE"]) == 8
    assert_idle(repo, runner)


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no cache"])
@pytest.mark.parametrize("branch", ["main", "feature/x"])
def test_files_with_the_same_keys_are_told_apart(
    repo: Repo, runner: Runner, branch: str, cache: bool
) -> None:
    """A swap, and a name that a deleted file had: nothing is new, although no key tells who is who."""
    texts = {name: strings(name).replace(f'"{name}', '"k') for name in "abcd"}
    repo.commit({".l10n.yml": BRANCHED, **{f"app/en/{name}.json": text for name, text in texts.items()}})
    runner.run(repo, "push")
    runner.translate()
    if branch != "main":
        repo.git("switch", "--quiet", "--create", branch)
    repo.commit({"app/en/a.json": texts["b"], "app/en/b.json": texts["a"]})
    repo.git("rm", "--quiet", "app/en/c.json")
    repo.git("mv", "app/en/d.json", "app/en/c.json")
    repo.commit()
    if not cache:
        forget(repo)

    runner.run(repo, "push")

    found = [view(runner)[f"{branch}/app/en/{name}.json"] for name in "abc"]
    assert [each["namespace"] for each in found] == ["app/en/b.json", "app/en/a.json", "app/en/d.json"]
    assert [len(each["locales"]["de-DE"]) for each in found] == [8, 8, 8]


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no cache"])
def test_a_file_that_takes_the_path_of_a_deleted_one_like_it_follows_history(
    repo: Repo, runner: Runner, cache: bool
) -> None:
    """Most of its strings are in the deleted file's namespace as well, but all are in its own."""
    shared = json.loads(strings("shared"))
    repo.commit(
        {
            ".l10n.yml": MANIFEST,
            "app/en/a.json": json.dumps({**shared, "own": "Only here"}, indent=1),
            "app/en/b.json": json.dumps(shared, indent=1),
        }
    )
    runner.run(repo, "push")
    repo.git("rm", "--quiet", "app/en/b.json")
    repo.commit()
    repo.git("mv", "app/en/a.json", "app/en/b.json")
    repo.commit()
    if not cache:
        forget(repo)

    assert "(0 new)" in runner.run(repo, "push").out

    assert sources(runner)["app/en/b.json"] == "app/en/a.json"
    assert_idle(repo, runner)


def test_nothing_takes_the_place_of_a_file_that_cannot_be_sent(repo: Repo, runner: Runner) -> None:
    """A renamed source does not parse, its old path has another file: what the TMS has of it is parked."""
    translated(repo, runner)
    before = view(runner)
    repo.git("mv", "app/en/a.json", "app/en/z.json")
    repo.commit({"app/en/z.json": strings("a").rstrip("}\n")})
    repo.commit({"app/en/a.json": strings("other").replace('"other', '"a')})

    refused = runner.run(repo, "push", code=None)

    assert refused.code != 0
    assert "does not parse" in refused.out
    assert before["app/en/a.json"]["sha"] in {file["sha"] for file in view(runner).values()}
    repo.commit({"app/en/z.json": strings("a")})
    runner.run(repo, "push")
    assert sources(runner)["app/en/z.json"] == "app/en/a.json"


def test_a_case_only_rename_keeps_the_file(repo: Repo, runner: Runner) -> None:
    """The service compares without case: nothing is sent, nothing is renamed."""
    translated(repo, runner, names="a")
    repo.git("mv", "app/en/a.json", "app/en/A.json")
    repo.commit()
    mark = runner.mark()

    assert runner.run(repo, "push").out.startswith("No changes")
    assert calls(runner, mark) == {}
    assert list(view(runner)) == ["app/en/a.json"]


def test_a_branch_shares_the_namespace_of_a_renamed_file(repo: Repo, runner: Runner) -> None:
    """A branch's copy of a renamed file shares the namespace; the default branch's file stays where it is."""
    translated(repo, runner, BRANCHED)
    before = translations(runner)
    repo.git("switch", "--quiet", "--create", "feature/x")
    repo.git("mv", "app/en/a.json", "app/en/z.json")
    repo.commit()
    mark = runner.mark()

    runner.run(repo, "push")

    assert "rename" not in calls(runner, mark)
    found = view(runner)
    assert found["feature/x/app/en/z.json"]["namespace"] == "app/en/a.json"
    assert "main/app/en/a.json" in found
    assert translations(runner) == before + 16

    repo.git("mv", "app/en/z.json", "app/en/y.json")
    repo.commit()
    runner.run(repo, "push")
    found = view(runner)
    assert found["feature/x/app/en/y.json"]["namespace"] == "app/en/a.json"
    assert translations(runner) == before + 32


def test_a_branch_without_fileuris_of_its_own_shares_it_too(repo: Repo, runner: Runner) -> None:
    """Elsewhere the old path may be in use: the new file shares its namespace, so nothing is paid twice."""
    translated(repo, runner, names="a")
    repo.git("switch", "--quiet", "--create", "feature")
    repo.git("mv", "app/en/a.json", "app/en/z.json")
    repo.commit()
    mark = runner.mark()

    runner.run(repo, "push")

    assert "rename" not in calls(runner, mark)
    assert {uri: each["namespace"] for uri, each in view(runner).items()} == {
        "app/en/a.json": "app/en/a.json",
        "app/en/z.json": "app/en/a.json",
    }


WINDOWS = [("hold", 8), ("hold_before", 10)]
"""Between the uploads and the end of their batch."""
EVERY_POINT = [(when, point) for when in ("hold", "hold_before") for point in range(1, 19)]


def swept(*values: object) -> Any:
    return pytest.param(*values, marks=pytest.mark.sweep)


@pytest.mark.parametrize(
    ("points", "state", "cache", "edited"),
    [
        (WINDOWS, "translated", True, False),
        (WINDOWS, "translated", False, True),
        (WINDOWS, "in progress", False, False),
        *(
            swept(EVERY_POINT, state, cache, edited)
            for state in ("translated", "in progress", "not authorized")
            for cache in (True, False)
            for edited in (True, False)
        ),
    ],
)
def test_a_killed_rename_is_finished_by_the_next_push(
    repo: Repo,
    runner: Runner,
    forks: Forks,
    points: Sequence[tuple[str, int]],
    state: str,
    cache: bool,
    edited: bool,
) -> None:
    """Killed at a request, before or after it was applied; with its cache lost; while a job holds the files.

    The namespaces are those from the beginning, no word is paid twice, and one job holds everything.
    """
    manifest = (
        MANIFEST if state != "not authorized" else MANIFEST.replace("authorize: true", "authorize: false")
    )
    repo.commit({".l10n.yml": manifest, **{f"app/en/{name}.json": strings(name) for name in "ab"}})
    runner.run(repo, "push")
    if state == "translated":
        runner.translate()
    where, killed, length = "app", 0, 8
    for number, (when, point) in enumerate(points):
        repo.git("mv", where, f"at-{number}")
        where = f"at-{number}"
        length += edited
        repo.commit({f"{where}/en/a.json": strings("a", length)})
        killed += forks.kill(runner, repo.root, "push", at=point, when=when)
        if not cache:
            forget(repo)

        runner.run(repo, "push")

        found = sources(runner)
        for name in "ab":
            assert found[f"{where}/en/{name}.json"] == f"app/en/{name}.json", (when, point)
    assert killed >= 2
    assert runner.run(repo, "push").out.startswith("No changes")
    runner.control.finish(runner.ident)  # what nobody looks at comes to its end, too
    assert not runner.control.view(runner.ident)["openBatches"]
    if state == "not authorized":
        runner.run(repo, "push", "--authorize")
    if state != "translated":
        assert len(runner.control.view(runner.ident)["jobs"]) == 1
    runner.translate()
    shown = view(runner)
    assert len(shown[f"{where}/en/a.json"]["locales"]["de-DE"]) == length
    assert len(shown[f"{where}/en/b.json"]["locales"]["de-DE"]) == 8


def test_a_file_renamed_before_its_first_push_keeps_what_it_got(
    repo: Repo, runner: Runner, forks: Forks
) -> None:
    """Its earliest path was never its namespace: the file that was sent tells, not the path."""
    repo.commit({".l10n.yml": MANIFEST, "app/en/a.json": strings("a")})
    repo.git("mv", "app", "web")
    repo.commit()
    runner.run(repo, "push")
    first = sources(runner)["web/en/a.json"]
    repo.git("mv", "web", "net")
    repo.commit()
    forks.kill(runner, repo.root, "push", at=8)
    forget(repo)

    runner.run(repo, "push")

    assert_idle(repo, runner)
    assert sources(runner)["net/en/a.json"] == first
    runner.translate()
    assert len(view(runner)["net/en/a.json"]["locales"]["de-DE"]) == 8


def test_an_upload_that_does_not_move_its_file_is_refused(repo: Repo, runner: Runner) -> None:
    """The service keeps a file in its namespace: nothing is authorized, and the remedy is named."""
    runner.control.switches(runner.ident, reupload_moves_namespace=False)
    translated(repo, runner)
    repo.commit({"app/en/a.json": strings("b"), "app/en/b.json": strings("a")})

    refused = runner.run(repo, "push", code=8)

    assert "namespace" in refused.out
    assert "prune" in refused.out
    jobs = runner.control.view(runner.ident)["jobs"]
    assert not [job for job in jobs if job["status"] == "IN_PROGRESS"]


def test_a_rename_by_hand(repo: Repo, runner: Runner) -> None:
    """Where nothing tells that two files are one, the user does: what they share is not paid again."""
    translated(repo, runner)
    repo.git("rm", "--quiet", "app/en/a.json")
    mostly_new = {"a0": "Text a number 0"} | {f"z{at}": f"New text {at}" for at in range(9)}
    repo.commit({"app/en/z.json": json.dumps(mostly_new, indent=1)})

    assert "nowhere" in runner.run(repo, "rename", "app/en/a.json", "nowhere", code=2).err
    assert "the TMS has no file" in runner.run(repo, "rename", "nowhere", "app/en/z.json", code=2).err
    shown = runner.run(repo, "rename", "--dry-run", "app/en/a.json", "app/en/z.json")
    assert "(9 new)" in shown.out
    assert "app/en/z.json" not in view(runner)

    runner.run(repo, "rename", "app/en/a.json", "app/en/z.json")

    assert sources(runner)["app/en/z.json"] == "app/en/a.json"
    assert_idle(repo, runner)


def test_a_folder_of_many_files_costs_an_upload_and_a_status_each(repo: Repo, runner: Runner) -> None:
    """Each file is uploaded, and its namespace read back; all else is asked once."""
    number = 40
    repo.commit({".l10n.yml": MANIFEST, **{f"app/en/f{i}.json": strings(f"f{i}", 1) for i in range(number)}})
    runner.run(repo, "push")
    repo.git("mv", "app", "web")
    repo.commit()
    mark = runner.mark()

    assert runner.run(repo, "push").out.startswith(f"Sent {number} files")

    status = "getFileTranslationStatusAllLocales"
    asked = Counter(runner.requests_since(mark))
    assert (asked[UPLOAD], asked[status]) == (number, number)
    assert sum(asked.values()) - 2 * number <= 14

    forget(repo)
    repo.git("mv", "web", "net")
    repo.commit()
    mark = runner.mark()
    runner.run(repo, "push")

    # Without the cache each file is read, and its namespace asked for, before.
    asked = Counter(runner.requests_since(mark))
    assert (asked[UPLOAD], asked[status], asked["downloadSourceFile"]) == (number, 2 * number, number)
    assert set(sources(runner).values()) == {f"app/en/f{i}.json" for i in range(number)}


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no cache"])
@pytest.mark.parametrize("length", [8, 40], ids=["small", "large"])
def test_files_that_are_swapped_and_edited_at_once_are_told_apart(
    repo: Repo, runner: Runner, length: int, cache: bool
) -> None:
    """A swap, and a name taken from a deleted file, with an edit in the same commit: only that is new."""
    repo.commit({".l10n.yml": MANIFEST, **{f"app/en/{name}.json": strings(name, length) for name in "abcd"}})
    runner.run(repo, "push")
    runner.translate()
    before = translations(runner)
    repo.git("rm", "--quiet", "app/en/c.json")
    repo.git("mv", "app/en/d.json", "app/en/c.json")
    repo.commit(
        {
            "app/en/a.json": strings("b", length).replace("b number 1", "b number one"),
            "app/en/b.json": strings("a", length + 1),
            "app/en/c.json": strings("d", length).replace("d number 1", "d number one", 1),
        }
    )
    if not cache:
        forget(repo)

    runner.run(repo, "push")

    found = sources(runner)
    assert [found[f"app/en/{name}.json"] for name in "abc"] == [f"app/en/{name}.json" for name in "bad"]
    assert before == 4 * length * 2
    forget(repo)
    assert runner.run(repo, "push").out.startswith("No changes")


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no cache"])
def test_files_that_the_service_hands_back_in_another_encoding_are_told_apart(
    repo: Repo, runner: Runner, cache: bool
) -> None:
    """No id of git fits what comes back; what it says does."""
    manifest = MANIFEST.replace(".json", ".properties").replace(
        "    target:", "    charset: ISO-8859-1\n    target:"
    )
    texts = {
        name: "".join(f"{name}{index}=Täxt {name} nümber {index}\n" for index in range(8)).encode("latin-1")
        for name in "abcd"
    }
    repo.commit({".l10n.yml": manifest, **{f"app/en/{name}.properties": texts[name] for name in "abcd"}})
    runner.run(repo, "push")
    assert runner.original("app/en/a.properties") == texts["a"].decode("latin-1").encode()
    runner.translate()
    repo.git("rm", "--quiet", "app/en/c.properties")
    repo.git("mv", "app/en/d.properties", "app/en/c.properties")
    repo.commit({"app/en/a.properties": texts["b"], "app/en/b.properties": texts["a"]})
    if not cache:
        forget(repo)

    runner.run(repo, "push")

    found = {uri[7:8]: namespace[7:8] for uri, namespace in sources(runner).items()}
    assert found == {"a": "b", "b": "a", "c": "d", "d": "d"}
    for forgetful in (False, True):
        if forgetful:
            forget(repo)
        assert runner.run(repo, "push").out.startswith("No changes")


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no cache"])
def test_another_rule_for_file_uris_keeps_translations(repo: Repo, runner: Runner, cache: bool) -> None:
    """The files under the earlier manifest's fileUris are found, named as orphans, and deleted by a prune."""
    translated(repo, runner)
    before = translations(runner)
    repo.commit({".l10n.yml": MANIFEST + '    fileUri: "v2/{path}"\n'})
    if not cache:
        forget(repo)

    plan = json.loads(runner.run(repo, "plan", "--format", "json").out)

    changes = [(each["reason"], each["detail"], each["newWords"]) for each in plan["changes"]]
    assert changes == [("renamed", f"was app/en/{name}.json", 0) for name in "ab"]
    assert [each["fileUri"] for each in plan["orphans"]] == ["app/en/a.json", "app/en/b.json"]
    assert "l10nsync prune" in runner.run(repo, "push").out
    assert translations(runner) == 2 * before
    runner.run(repo, "prune", "--max-deletions", "2")
    runner.run(repo, "prune", "--max-deletions", "2", "--apply")
    assert sorted(view(runner)) == ["v2/app/en/a.json", "v2/app/en/b.json"]
    assert runner.run(repo, "push").out.startswith("No changes")


def test_another_rule_and_a_rename_of_a_file_that_has_the_same_texts(repo: Repo, runner: Runner) -> None:
    """Its own file under the earlier rule tells where a source was, not what another file has of it."""
    common = {"ok": "OK", "cancel": "Cancel", "close": "Close"}
    own = {"title": "The first of all", "text": "There is more", "end": "That is all"}
    files = {"app/en/a.json": common | own, "app/en/b.json": common | {"title": "The second of all"}}
    repo.commit({".l10n.yml": MANIFEST, **{path: json.dumps(file, indent=1) for path, file in files.items()}})
    runner.run(repo, "push")
    repo.git("mv", "app/en/a.json", "app/en/c.json")
    repo.commit({".l10n.yml": MANIFEST + '    fileUri: "v2/{path}"\n'})

    runner.run(repo, "push")

    assert view(runner)["v2/app/en/b.json"]["namespace"] == "app/en/b.json"
    assert view(runner)["v2/app/en/c.json"]["namespace"] == "app/en/a.json"


def test_a_plan_says_what_no_rule_can_keep(repo: Repo, runner: Runner) -> None:
    """Two files joined into one: the strings of one of them enter another namespace, and are counted."""
    translated(repo, runner)
    joined = json.loads(repo.read("app/en/a.json")) | json.loads(repo.read("app/en/b.json"))
    repo.git("rm", "--quiet", "app/en/a.json", "app/en/b.json")
    repo.commit({"app/en/all.json": json.dumps(joined, indent=1)})

    plan = json.loads(runner.run(repo, "plan", "--format", "json").out)

    (change,) = plan["changes"]
    assert change["newWords"] == 32
    (notice,) = [each for each in plan["notices"] if "namespace" in each]
    assert notice == (
        "app/en/all.json: 8 strings enter another namespace; 32 words are new"
        " (`l10nsync rename OLD NEW` chooses by hand)"
    )
