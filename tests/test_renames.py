"""A renamed source is renamed on the TMS, and its translations survive."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l10nsync.model import FILE_URI_LIMIT, ListedFile, Source, fold
from l10nsync.plan.lineage import Lineages, Stage
from l10nsync.plan.renames import ASIDE, Remote, Scene, base_of, moves, owners
from tests.forks import Forks
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.runner import Runner
from tests.test_push_pull import forget


@pytest.fixture
def runner(in_process: InProcess) -> InProcess:
    """Let the command line run in this process."""
    return in_process


# --- decided from facts alone ---------------------------------------------------------------------------


def source(path: str) -> Source:
    return Source(path, "web", "default", path, path, "json", None, {}, ("de-DE",), ())


def remote(path: str, blob: str = "") -> Remote:
    return Remote(ListedFile(path, "json", "2026-01-01T00:00:00Z"), path, blob)


def scene(sources: dict[str, str], remotes: list[Remote], **earlier: tuple[str, str]) -> Scene:
    """Return a scene; SOURCES is path to blob, EARLIER is present path to (earlier path, blob then)."""
    stages = {path: [Stage(path, frozenset({blob}))] for path, blob in sources.items()}
    former: dict[str, set[str]] = {}
    for path, (old, blob) in earlier.items():
        stages[path].append(Stage(old, frozenset({blob})))
        former.setdefault(old, set()).add(blob)
    for each in remotes:
        former.setdefault(each.path, set()).add(each.blob)
    return Scene(
        sources={path: source(path) for path in sources},
        blobs=sources,
        remotes=tuple(remotes),
        lineages=Lineages(
            {path: tuple(found) for path, found in stages.items()},
            {path: frozenset(blobs - {sources.get(path, "")}) for path, blobs in former.items()},
        ),
    )


def names(found: Scene) -> list[tuple[str, str]]:
    return [(move.old, move.new) for move in moves(found)]


def test_a_rename_that_git_knows_needs_no_content() -> None:
    """The old path is gone, the new one is not on the TMS."""
    assert names(scene({"b": "B"}, [remote("a")], b=("a", "A"))) == [("a", "b")]


def test_a_file_that_is_there_already_is_not_renamed_onto() -> None:
    """Both fileUris are on the TMS, and the new one is what the repository has: the old one is an orphan."""
    assert names(scene({"b": "A"}, [remote("a", "A"), remote("b", "A")], b=("a", "A"))) == []


def test_a_swap_puts_one_aside() -> None:
    """A fileUri must be free before another file can have it."""
    found = names(
        scene({"a": "B", "b": "A"}, [remote("a", "A"), remote("b", "B")], a=("b", "B"), b=("a", "A"))
    )

    assert [old for old, _ in found] == ["a", "b", found[0][1]]
    assert found[0][1].startswith("a" + ASIDE)
    assert [new for _, new in found[1:]] == ["a", "b"]


def test_a_finished_swap_is_not_swapped_again() -> None:
    """The fileUris look the same before and after; what they hold does not."""
    after = scene({"a": "B", "b": "A"}, [remote("a", "B"), remote("b", "A")], a=("b", "B"), b=("a", "A"))

    assert names(after) == []


def test_a_file_without_a_source_makes_way() -> None:
    """A rename onto a deleted name keeps what had it, under another fileUri."""
    (away, back) = moves(scene({"x": "Y"}, [remote("x", "X"), remote("y", "Y")], x=("y", "Y")))

    assert (away.old, away.path) == ("x", "")
    assert base_of(fold(away.new)) == "x"
    assert (back.old, back.new, back.path) == ("y", "x", "x")


def test_content_that_only_two_files_share_is_a_rename() -> None:
    """Without any history; not where a third file holds the same."""
    assert names(scene({"b": "A"}, [remote("a", "A")])) == [("a", "b")]
    assert names(scene({"b": "A", "c": "A"}, [remote("a", "A")])) == []
    assert names(scene({"b": "A"}, [remote("a", "A"), remote("d", "A")])) == []


def test_a_file_that_was_renamed_but_not_sent_is_known_by_what_it_held_before() -> None:
    """An interrupted push has renamed c to a; then the source got the path b, and another one the path a."""
    found = scene({"a": "New", "b": "Edited"}, [remote("a", "First")], b=("a", "Edited"))
    past = (*found.lineages.stages["b"], Stage("c", frozenset({"First"})))

    assert names(replace(found, lineages=Lineages({"b": past}))) == [("a", "b")]


def test_a_name_put_aside_keeps_within_the_limit() -> None:
    """The longest fileUri, too, can make way."""
    long = "x" * FILE_URI_LIMIT
    (away, _) = moves(scene({long: "Y"}, [remote(long, "X"), remote("y", "Y")], **{long: ("y", "Y")}))

    assert len(away.new) == FILE_URI_LIMIT


FILES = "abcdef"


@settings(max_examples=300, deadline=None)
@given(st.permutations(FILES), st.integers(0, 12), st.sets(st.sampled_from(FILES)))
def test_any_permutation_is_carried_out_and_taken_up(order: list[str], done: int, deleted: set[str]) -> None:
    """Each file ends at its name, no fileUri is ever taken twice, and a run stopped anywhere is finished."""
    sources = {new: old.upper() for new, old in zip(FILES, order, strict=True) if old not in deleted}
    earlier = {new: (old, old.upper()) for new, old in zip(FILES, order, strict=True) if old not in deleted}
    tms = {name: name.upper() for name in FILES}

    def carry_out(limit: int) -> None:
        found = [
            Remote(ListedFile(uri, "json", "then"), base_of(fold(uri)), blob, aside=base_of(fold(uri)) != uri)
            for uri, blob in sorted(tms.items())
        ]
        for move in moves(scene(sources, found, **earlier))[:limit]:
            assert move.new not in tms, move
            tms[move.new] = tms.pop(move.old)

    carry_out(done)
    carry_out(99)

    assert {name: tms[name] for name in sources} == sources
    assert sorted(tms.values()) == sorted(FILES.upper())
    assert owners(scene(sources, [remote(uri, blob) for uri, blob in tms.items()], **earlier)).keys() >= set(
        sources
    )
    carry_out(0)


# --- end to end -----------------------------------------------------------------------------------------

MANIFEST = """\
version: 1
sourceLocale: en-US
locales: {de-DE: de, fr-FR: fr}
job: {authorize: true}
resources:
  - name: web
    source: "*/en/*.json"
    target: "*/{locale}/*.json"
"""
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


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no cache"])
@pytest.mark.parametrize("keeps", [True, False], ids=["kept by the service", "lost by the service"])
def test_a_renamed_folder_keeps_its_translations(
    repo: Repo, runner: Runner, keeps: bool, cache: bool
) -> None:
    """The namespace is kept, or brought back; no word is new, no job is made, and a second push is idle."""
    runner.control.switches(runner.ident, rename_keeps_namespace=keeps)
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
    assert pushed.out.startswith("Renamed 2 files"), pushed.out
    assert calls(runner, mark) == {"rename": 2} | ({} if keeps else {"store": 2})
    assert {uri: each["namespace"] for uri, each in view(runner).items()} == {
        "web/en/a.json": "app/en/a.json",
        "web/en/b.json": "app/en/b.json",
    }
    assert translations(runner) == before == 32
    for forgetful in (False, True):
        if forgetful:
            forget(repo)
        assert runner.run(repo, "push").out.startswith("No changes")
    assert runner.run(repo, "pull").out.startswith("No changes")


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
    assert calls(runner, mark) | {"job": 1} == {"rename": 1, "upload": 1, "job": 1}
    assert translations(runner) == 30
    assert runner.run(repo, "push").out.startswith("No changes")


@pytest.mark.parametrize("keeps", [True, False], ids=["kept", "lost"])
def test_a_swap_a_shift_and_a_deleted_name(repo: Repo, runner: Runner, keeps: bool) -> None:
    """Two files swap their names, a third takes a deleted name: nothing is new, and nothing is deleted."""
    runner.control.switches(runner.ident, rename_keeps_namespace=keeps)
    translated(repo, runner, names="abcd")
    repo.commit({"app/en/a.json": strings("b"), "app/en/b.json": strings("a")})
    repo.git("rm", "--quiet", "app/en/c.json")
    repo.git("mv", "app/en/d.json", "app/en/c.json")
    repo.commit()

    pushed = runner.run(repo, "push")

    assert pushed.out.startswith("Renamed 3 files"), pushed.out
    found = {uri: each["namespace"] for uri, each in view(runner).items()}
    (away,) = [uri for uri in found if ASIDE in uri]
    assert found | {away: ""} == {
        "app/en/a.json": "app/en/b.json",
        "app/en/b.json": "app/en/a.json",
        "app/en/c.json": "app/en/d.json",
        away: "",
    }
    for forgetful in (False, True):
        if forgetful:
            forget(repo)
        assert runner.run(repo, "push").out.startswith("No changes")


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


def test_nothing_takes_the_place_of_a_file_that_cannot_leave(repo: Repo, runner: Runner) -> None:
    """A renamed source does not parse, and its old path has another file: both wait."""
    translated(repo, runner)
    before = view(runner)
    repo.git("mv", "app/en/a.json", "app/en/z.json")
    repo.commit({"app/en/z.json": strings("a").rstrip("}\n")})
    repo.commit({"app/en/a.json": strings("other").replace('"other', '"a')})

    refused = runner.run(repo, "push", code=None)

    assert refused.code != 0
    assert "does not parse" in refused.out
    assert view(runner) == before
    repo.commit({"app/en/z.json": strings("a")})
    assert runner.run(repo, "push").out.startswith("Sent 1 file, renamed 1 file")
    assert view(runner)["app/en/z.json"]["namespace"] == "app/en/a.json"


def test_a_case_only_rename_keeps_the_file(repo: Repo, runner: Runner) -> None:
    """The service compares without case: nothing is sent, nothing is renamed."""
    translated(repo, runner, names="a")
    repo.git("mv", "app/en/a.json", "app/en/A.json")
    repo.commit()
    mark = runner.mark()

    assert runner.run(repo, "push").out.startswith("No changes")
    assert calls(runner, mark) == {}
    assert list(view(runner)) == ["app/en/a.json"]


def test_a_branch_renames_only_its_own_files(repo: Repo, runner: Runner) -> None:
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
    mark = runner.mark()
    runner.run(repo, "push")
    assert calls(runner, mark)["rename"] == 1
    found = view(runner)
    assert found["feature/x/app/en/y.json"]["namespace"] == "app/en/a.json"
    assert "feature/x/app/en/z.json" not in found
    assert translations(runner) == before + 16


def test_a_branch_without_fileuris_of_its_own_renames_nothing(repo: Repo, runner: Runner) -> None:
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


RENAME, STORE = "renameUploadedSourceFile", "uploadSourceFile"
WINDOWS = [("hold", 1, RENAME), ("hold_before", 1, STORE)]
"""Between a rename and the repair of its namespace."""
EVERY_POINT = [*WINDOWS, *((when, point, "") for when in ("hold", "hold_before") for point in range(1, 17))]


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
    points: Sequence[tuple[str, int, str]],
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
    for number, (when, point, operation) in enumerate(points):
        repo.git("mv", where, f"at-{number}")
        where = f"at-{number}"
        length += edited
        repo.commit({f"{where}/en/a.json": strings("a", length)})
        which = {"operation": operation} if operation else {}
        killed += forks.kill(runner, repo.root, "push", at=point, when=when, **which)
        if not cache:
            forget(repo)

        runner.run(repo, "push")

        found = {uri: each["namespace"] for uri, each in view(runner).items()}
        assert found == {f"{where}/en/{name}.json": f"app/en/{name}.json" for name in "ab"}, (when, point)
    assert killed >= 2
    assert runner.run(repo, "push").out.startswith("No changes")
    assert not runner.control.view(runner.ident)["openBatches"]
    if state == "not authorized":
        runner.run(repo, "push", "--authorize")
    if state != "translated":
        assert len(runner.control.view(runner.ident)["jobs"]) == 1
    runner.translate()
    assert translations(runner) == (length + 8) * 2


def test_a_file_renamed_before_its_first_push_finds_its_namespace_again(
    repo: Repo, runner: Runner, forks: Forks
) -> None:
    """Its earliest path was never its namespace: nobody translated it there, so the next path is tried."""
    repo.commit({".l10n.yml": MANIFEST, "app/en/a.json": strings("a")})
    repo.git("mv", "app", "web")
    repo.commit()
    runner.run(repo, "push")
    repo.git("mv", "web", "net")
    repo.commit()
    forks.kill(runner, repo.root, "push", at=1, operation=RENAME)
    forget(repo)

    runner.run(repo, "push")
    forget(repo)
    runner.run(repo, "push")

    forget(repo)
    assert runner.run(repo, "push").out.startswith("No changes")
    assert view(runner)["net/en/a.json"]["namespace"] == "web/en/a.json"
    runner.translate()
    assert translations(runner) == 16


def test_a_refused_rename_fails_alone(repo: Repo, runner: Runner) -> None:
    """The file stays what it was, is not sent under its new name, and the next push tries again."""
    translated(repo, runner)
    repo.git("mv", "app/en/a.json", "app/en/z.json")
    repo.commit({"app/en/z.json": strings("a", 9), "app/en/b.json": strings("b", 9)})
    runner.control.fault(
        "status", operation="renameUploadedSourceFile", project=runner.ident, status=400, message="not today"
    )

    failed = runner.run(repo, "push", code=7)

    assert "not today" in failed.out
    assert set(view(runner)) == {"app/en/a.json", "app/en/b.json"}
    runner.control.clear_faults(runner.ident)
    runner.run(repo, "push")
    assert set(view(runner)) == {"app/en/z.json", "app/en/b.json"}
    assert runner.run(repo, "push").out.startswith("No changes")


def test_a_rename_by_hand(repo: Repo, runner: Runner) -> None:
    """Where nothing tells that two files are one, the user does; what must not be renamed is refused."""
    translated(repo, runner)
    repo.git("rm", "--quiet", "app/en/a.json")
    repo.commit({"app/en/z.json": strings("q")})
    before = view(runner)["app/en/a.json"]["namespace"]

    assert "no source of the manifest" in runner.run(repo, "rename", "app/en/a.json", "nowhere", code=2).err
    assert "the TMS has no file" in runner.run(repo, "rename", "nowhere", "app/en/z.json", code=2).err
    assert "still a source" in runner.run(repo, "rename", "app/en/b.json", "app/en/z.json", code=8).err
    assert (
        "1 blocked" in runner.run(repo, "rename", "--dry-run", "app/en/a.json", "app/en/z.json", code=8).out
    )
    repo.commit(
        {"app/en/z.json": strings("a").replace("number 3", "number three").replace("number", "No.", 2)}
    )
    repo.git("rm", "--quiet", "app/en/z.json")
    repo.commit({"app/en/y.json": strings("a", 7)})

    done = runner.run(repo, "rename", "app/en/a.json", "app/en/y.json")

    assert "renamed" in done.out
    assert set(view(runner)) == {"app/en/y.json", "app/en/b.json"}
    assert view(runner)["app/en/y.json"]["namespace"] == before
    assert runner.run(repo, "push").out.startswith("No changes")


@pytest.mark.parametrize("keeps", [True, False], ids=["kept", "lost"])
def test_a_folder_of_many_files_costs_what_its_renames_cost(repo: Repo, runner: Runner, keeps: bool) -> None:
    """Each is renamed, looked at, and sent once more where its namespace was lost; all else is asked once."""
    number = 40
    runner.control.switches(runner.ident, rename_keeps_namespace=keeps)
    repo.commit({".l10n.yml": MANIFEST, **{f"app/en/f{i}.json": strings(f"f{i}", 1) for i in range(number)}})
    runner.run(repo, "push")
    repo.git("mv", "app", "web")
    repo.commit()
    mark = runner.mark()

    assert runner.run(repo, "push").out.startswith(f"Renamed {number} files")

    rest = {
        "getProjectDetails": 1,
        "getRecentlyUploadedSourceFilesList": 1,
        "getJobsByProject": 1,
        "getJobBatchesListV2": 1,
    }
    status = "getFileTranslationStatusAllLocales"
    costs = {RENAME: number, status: number, **({} if keeps else {STORE: number, status: 2 * number}), **rest}
    assert Counter(runner.requests_since(mark)) == costs

    forget(repo)
    repo.git("mv", "web", "net")
    repo.commit()
    mark = runner.mark()
    runner.run(repo, "push")

    # Without the cache each file is read, and its namespace asked for, before.
    assert Counter(runner.requests_since(mark)) == costs | {
        status: costs[status] + number,
        "downloadSourceFile": number,
    }


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

    found = {uri: each["namespace"] for uri, each in view(runner).items() if ASIDE not in uri}
    assert found == {
        "app/en/a.json": "app/en/b.json",
        "app/en/b.json": "app/en/a.json",
        "app/en/c.json": "app/en/d.json",
    }
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

    assert runner.run(repo, "push").out.startswith("Renamed 3 files")

    found = {uri[7:8]: each["namespace"][7:8] for uri, each in view(runner).items() if ASIDE not in uri}
    assert found == {"a": "b", "b": "a", "c": "d"}
    for forgetful in (False, True):
        if forgetful:
            forget(repo)
        assert runner.run(repo, "push").out.startswith("No changes")
