"""Pictures and pages that show strings: sent once, looked through, bound, listed, deleted."""

from __future__ import annotations

import json
import shutil
import struct
import zlib
from collections import Counter
from html import escape
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from l10nsync import formats
from tests.forks import Forks
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.runner import Runner
from tests.test_push_pull import MANIFEST, forget
from tests.test_questions import translator

SCHEMA = json.loads((Path(__file__).parent.parent / "schemas" / "contexts.schema.json").read_text("utf-8"))
EXAMPLES = Path(__file__).parent.parent / "examples"
SOURCE = json.dumps({"save": "Save", "open": "Open", "menu": {"close": "Close the file"}}, indent=2)
CONTEXT = "context: [{files: ['e2e/out/**/*.png', 'e2e/out/*.html'], resources: [web]}]\n"
SHOT = "e2e/out/home.png"


def png(shade: int = 0) -> bytes:
    """Return a picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixel = zlib.compress(bytes([0, shade]))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


def page(*texts: str) -> str:
    """Return a page with a paragraph for each text."""
    return (
        "<!doctype html><html><body>" + "".join(f"<p>{escape(text)}</p>" for text in texts) + "</body></html>"
    )


def put(repo: Repo, **files: bytes | str) -> None:
    """Write files of a test's output, which git does not track; `__` stands for a dot."""
    for name, content in files.items():
        path = repo.root / "e2e" / "out" / name.replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def begin(runner: Runner, repo: Repo, *, push: bool = True) -> None:
    """Make a repository whose manifest names pictures and pages, and send its strings."""
    manifest = MANIFEST % {"authorize": "false"} + CONTEXT
    repo.commit({".l10n.yml": manifest, ".gitignore": "e2e/\n", "src/en/a.json": SOURCE})
    if push:
        runner.run(repo, "push")


def pushed(runner: Runner, repo: Repo, *options: str, code: int = 0) -> dict[str, Any]:
    """Run `context push` and return what it says."""
    data: dict[str, Any] = json.loads(
        runner.run(repo, "context", "push", "--format", "json", *options, code=code).out
    )
    jsonschema.validate(data, SCHEMA)
    return data


def statuses(data: dict[str, Any]) -> dict[str, str]:
    """Return what became of each file."""
    return {row["path"]: row["status"] for row in data["contexts"]}


def shown(runner: Runner) -> dict[str, dict[str, Any]]:
    """Return the bindings of the project's `a.json` on the service: text of the string to binding."""
    with translator(runner) as desk:
        texts = {row["hashcode"]: row["parsedStringText"] for row in desk.strings("src/en/a.json")}
        path = f"/context-api/v2/projects/{desk.ident}/bindings/list"
        found = desk.send("POST", path, {"contentFileUri": "src/en/a.json"})["items"]
    assert len({one["stringHashcode"] for one in found}) == len(found), "a string is bound twice"
    return {texts[one["stringHashcode"]]: one for one in found}


def test_a_second_push_sends_nothing(in_process: InProcess, repo: Repo) -> None:
    """With its memory and without it; the strings of a page are bound, and the requests are few."""
    begin(in_process, repo)
    put(repo, home__html=page("Save", "Open", "Something else"))

    mark = in_process.mark()
    assert in_process.run(repo, "context", "push").out.startswith(
        "1 picture or page: 1 sent, 0 already there; 2 strings bound."
    )
    assert Counter(in_process.requests_since(mark)) == {
        "getRecentlyUploadedSourceFilesList": 1,
        "getVisualContextsListByProject": 1,
        "uploadNewVisualContext": 1,
        "runAutomaticContextMatching": 1,
        "getAsyncProcessResults": 2,
    }
    assert set(shown(in_process)) == {"Save", "Open"}
    for forgetful in (False, True):
        if forgetful:
            forget(repo)
        mark = in_process.mark()
        assert statuses(pushed(in_process, repo)) == {"e2e/out/home.html": "unchanged"}
        assert Counter(in_process.requests_since(mark)) == {
            "getRecentlyUploadedSourceFilesList": 1, "getVisualContextsListByProject": 1, "getBindings": 1,
        }  # fmt: skip


def test_equal_and_renamed_files_are_one(in_process: InProcess, repo: Repo) -> None:
    """A picture is known by its content, whatever its file is called."""
    begin(in_process, repo)
    put(repo, a__html=page("Save"), b__html=page("Save"))
    (row,) = pushed(in_process, repo)["contexts"]
    assert (row["path"], row["also"], row["status"]) == ("e2e/out/a.html", ["e2e/out/b.html"], "sent")

    (repo.root / "e2e/out/a.html").unlink()
    assert statuses(pushed(in_process, repo)) == {"e2e/out/b.html": "unchanged"}


@pytest.mark.parametrize("example", ["web-i18next", "rails", "java"])
def test_a_page_made_from_an_example_binds_its_strings(runner: Runner, repo: Repo, example: str) -> None:
    """At least 95 % of them, one page for each source."""
    shutil.copytree(EXAMPLES / example, repo.root, dirs_exist_ok=True)
    manifest = repo.root / ".l10n.yml"
    manifest.write_text(manifest.read_text("utf-8") + "context: [{files: 'e2e/out/*.html'}]\n", "utf-8")
    repo.commit({".gitignore": "e2e/\n"})
    runner.project(("de-DE", "fr-FR", "es-ES", "pt-BR"))
    runner.run(repo, "push")
    rows = json.loads(runner.run(repo, "list", "--format", "json").out)["rows"]
    sources = {row["source"]: row for row in rows}
    for number, row in enumerate(sources.values()):
        document = formats.parse(row["fileType"], repo.read(row["source"]), {})
        assert document is not None
        put(repo, **{f"p{number}__html": page(*(unit.text for unit in document.units))})

    data = pushed(runner, repo)

    bound = sum(row["bound"] for row in data["contexts"])
    total = sum(len(texts) for texts in _strings(runner, [row["fileUri"] for row in sources.values()]))
    assert bound >= 0.95 * total > 0, (bound, total)


def _strings(runner: Runner, uris: list[str]) -> list[list[dict[str, Any]]]:
    with translator(runner) as desk:
        return [desk.strings(uri) for uri in uris]


def test_a_sidecar_binds_exactly_what_it_names(in_process: InProcess, repo: Repo) -> None:
    """Though a machine would see more; a change of it is brought without sending the picture."""
    begin(in_process, repo)
    in_process.control.switches(in_process.ident, context_recognition="all")
    box = {"top": 10, "left": 20, "width": 80, "height": 16}
    put(repo, home__png=png(), home__json=json.dumps({"save": box, "open": None}))
    assert statuses(pushed(in_process, repo)) == {SHOT: "sent"}
    found = shown(in_process)
    assert found.keys() == {"Save", "Open"}
    assert box.items() <= found["Save"]["coordinates"].items()
    assert statuses(pushed(in_process, repo)) == {SHOT: "unchanged"}

    put(repo, home__json=json.dumps({"save": {"x": 1.4, "y": 2, "width": 3, "height": 4}}))
    assert statuses(pushed(in_process, repo)) == {SHOT: "bound"}
    found = shown(in_process)
    assert found.keys() == {"Save"}
    assert (found["Save"]["coordinates"]["top"], found["Save"]["coordinates"]["left"]) == (2, 1)
    assert statuses(pushed(in_process, repo)) == {SHOT: "unchanged"}


def test_strings_have_to_be_there_first(in_process: InProcess, repo: Repo) -> None:
    """Before the push the command says so, and sends nothing; so it does for a new key of a sidecar."""
    begin(in_process, repo, push=False)
    put(repo, home__png=png())
    mark = in_process.mark()
    done = in_process.run(repo, "context", "push", code=2)
    assert "l10nsync push" in done.err
    assert "uploadNewVisualContext" not in in_process.requests_since(mark)

    in_process.run(repo, "push")
    repo.commit({"src/en/a.json": json.dumps({"save": "Save", "new": "New here"})})
    put(repo, home__json='{\n  "save": null,\n  "new": null\n}')
    done = in_process.run(repo, "context", "push", code=2)
    assert "e2e/out/home.json:3:3" in done.err
    assert "does not have the string `new` of src/en/a.json yet" in done.err


@pytest.mark.parametrize(
    ("sidecar", "place", "said"),
    [
        ('{\n  "nowhere": null\n}', "home.json:2:3", "no source has the key `nowhere`"),
        ('{\n  "save": {"top": 1}\n}', "home.json:2:3", "`height`"),
        ('{"save": {"top": -1, "left": 0, "width": 1, "height": 1}}', "home.json:1:2", "number of pixels"),
        ('{"save": null,\n}', "home.json:", "not JSON"),
        ("[]", "home.json:1:1", "not a mapping"),
    ],
)
def test_a_bad_sidecar_is_shown_at_its_place(
    in_process: InProcess, repo: Repo, sidecar: str, place: str, said: str
) -> None:
    """And nothing is sent."""
    begin(in_process, repo)
    put(repo, home__png=png(), home__json=sidecar)
    mark = in_process.mark()
    done = in_process.run(repo, "context", "push", code=2)
    assert place in done.err
    assert said in done.err
    assert "uploadNewVisualContext" not in in_process.requests_since(mark)


def test_what_is_no_picture_or_not_there_is_refused(in_process: InProcess, repo: Repo) -> None:
    """With the pattern's place in the manifest, or the file's name."""
    begin(in_process, repo)
    done = in_process.run(repo, "context", "push", code=2)
    assert ".l10n.yml:9:" in done.err
    assert "there is no HTML, PNG or JPEG" in done.err
    put(repo, home__png=b"GIF89a", empty__html="")
    done = in_process.run(repo, "context", "push", code=2)
    assert "home.png does not begin as a PNG file does" in done.err
    assert "empty.html is empty" in done.err


def test_links_are_not_followed(in_process: InProcess, repo: Repo, tmp_path: Path) -> None:
    """Neither to a file, nor through a folder, nor through the folder that the pattern begins with."""
    begin(in_process, repo)
    secret = tmp_path / "outside"
    secret.mkdir()
    (secret / "x.png").write_bytes(png(7))
    put(repo, home__png=png())
    (repo.root / "e2e/out/link.png").symlink_to(secret / "x.png")
    (repo.root / "e2e/out/deep").symlink_to(secret)
    assert statuses(pushed(in_process, repo, "--dry-run")) == {SHOT: "planned"}

    shutil.rmtree(repo.root / "e2e/out")
    (repo.root / "e2e/out").symlink_to(secret)
    in_process.run(repo, "context", "push", code=2)


@pytest.mark.parametrize(
    ("entry", "place", "said"),
    [
        ("{files: 'e2e/*.gif'}", "9:19", "a type that cannot show strings"),
        ("{files: '../x/*.png'}", "9:", ".."),
        ("{files: 'a.png', resources: [wep]}", "9:40", "Did you mean `web`?"),
        ("{resources: [web]}", "9:", "needs `files`"),
        ("{files: 'a.png', resource: [web]}", "9:", "Did you mean `resources`?"),
    ],
)
def test_the_manifest_key_is_checked(
    in_process: InProcess, repo: Repo, entry: str, place: str, said: str
) -> None:
    """At its line and column."""
    manifest = MANIFEST % {"authorize": "false"} + f"context: [{entry}]\n"
    repo.commit({".l10n.yml": manifest, "src/en/a.json": SOURCE})
    done = in_process.run(repo, "check", code=2)
    assert f".l10n.yml:{place}" in done.err
    assert said in done.err


def test_without_an_entry_the_command_says_what_to_write(in_process: InProcess, repo: Repo) -> None:
    """Exit code 2."""
    repo.commit({".l10n.yml": MANIFEST % {"authorize": "false"}, "src/en/a.json": SOURCE})
    assert "names no pictures or pages" in in_process.run(repo, "context", "push", code=2).err


# --- faults -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "operation",
    [
        "getVisualContextsListByProject", "uploadNewVisualContext", "runAutomaticContextMatching",
        "getAsyncProcessResults", "createStringToContextBindings",
    ],
)  # fmt: skip
@pytest.mark.parametrize("fault", ["limit", "close_before", "drop_after", "close_middle"])
def test_a_busy_service_and_lost_answers_only_cost_time(
    in_process: InProcess, repo: Repo, operation: str, fault: str
) -> None:
    """Every picture is there once, and every string is bound once."""
    begin(in_process, repo)
    put(repo, home__html=page("Open"), shot__png=png(), shot__json='{"save": null}')
    action, more = ("status", {"status": 429}) if fault == "limit" else (fault, {})
    in_process.control.fault(action, operation=operation, project=in_process.ident, **more)

    assert set(statuses(pushed(in_process, repo)).values()) == {"sent"}

    assert len(listed(in_process, repo)) == 2
    assert shown(in_process).keys() == {"Open", "Save"}
    in_process.control.clear_faults(in_process.ident)


def listed(runner: Runner, repo: Repo) -> list[dict[str, Any]]:
    """Return what `context list` lists."""
    data = json.loads(runner.run(repo, "context", "list", "--format", "json").out)
    jsonschema.validate(data, SCHEMA)
    rows: list[dict[str, Any]] = data["contexts"]
    return rows


@pytest.mark.parametrize("when", ["hold", "hold_before"])
def test_a_push_that_was_killed_goes_on(in_process: InProcess, repo: Repo, forks: Forks, when: str) -> None:
    """At any request that changes something, before or after it was carried out; remembered or not."""
    begin(in_process, repo, push=False)
    put(repo, home__html=page("Open"), shot__png=png(), shot__json='{"save": null}')
    changes = (
        ("uploadNewVisualContext", 2),
        ("runAutomaticContextMatching", 1),
        ("createStringToContextBindings", 1),
    )
    for number, (operation, at) in enumerate(changes):
        in_process.project()
        in_process.run(repo, "push")
        argv = ("context", "push")
        assert forks.kill(in_process, repo.root, *argv, at=at, when=when, operation=operation)
        if number % 2 == (when == "hold"):
            forget(repo)

        pushed(in_process, repo)

        assert shown(in_process).keys() == {"Open", "Save"}, operation
        assert len(listed(in_process, repo)) == 2, operation


def test_a_refused_picture_does_not_stop_the_others(in_process: InProcess, repo: Repo) -> None:
    """Exit code 7; the next push sends it."""
    begin(in_process, repo)
    put(repo, a__html=page("Open"), b__html=page("Save"))
    in_process.control.fault(
        "status",
        status=400,
        code="VALIDATION_ERROR",
        operation="uploadNewVisualContext",
        project=in_process.ident,
    )
    data = pushed(in_process, repo, code=7)
    assert sorted(statuses(data).values()) == ["failed", "sent"]
    assert data["exitCode"] == 7
    assert sorted(statuses(pushed(in_process, repo)).values()) == ["sent", "unchanged"]


# --- list and prune ---------------------------------------------------------------------------------------


def test_prune_deletes_what_was_listed_and_is_ours(in_process: InProcess, repo: Repo) -> None:
    """Only after the list was read; what others have sent stays."""
    begin(in_process, repo)
    put(repo, old__html=page("Open"), home__html=page("Save"))
    pushed(in_process, repo)
    foreign = {"files": [("content", ("x.png", png(9), "image/png"))], "data": {"name": "x.png"}}
    _send(in_process, foreign)
    (repo.root / "e2e/out/old.html").unlink()

    in_process.run(repo, "context", "prune", "--apply", code=8)
    done = in_process.run(repo, "context", "prune")
    assert done.out.splitlines()[0] == "1 picture or page left over."
    assert "e2e/out/old.html" in done.out
    put(repo, home__html=page("Close the file"))
    in_process.run(repo, "context", "prune", "--apply", code=8)

    in_process.run(repo, "context", "prune")
    assert "2 pictures and pages deleted" in in_process.run(repo, "context", "prune", "--apply").out
    assert listed(in_process, repo) == []
    assert len(_all(in_process)) == 1


def _all(runner: Runner) -> list[dict[str, Any]]:
    with translator(runner) as desk:
        rows: list[dict[str, Any]] = desk.send("GET", f"/context-api/v2/projects/{desk.ident}/contexts")[
            "items"
        ]
    return rows


def _send(runner: Runner, fields: dict[str, Any]) -> None:
    with translator(runner) as desk:
        desk.client.post(f"/context-api/v2/projects/{desk.ident}/contexts", **fields).raise_for_status()


def test_prune_stays_off_other_branches(in_process: InProcess, repo: Repo) -> None:
    """A picture that is gone there may be the default branch's."""
    begin(in_process, repo)
    put(repo, home__png=png())
    assert (
        "on the default branch" in in_process.run(repo, "--branch", "topic", "context", "prune", code=2).err
    )
