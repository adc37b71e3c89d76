"""What a run learned is carried to the fresh clones of later runs, and nobody else's file is believed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from typing import Any

import pytest

from l10nsync.sandbox.testing import SECRET
from tests.canary import leaks
from tests.github.stage import Stage, Stepped

DEFAULT = {"repository": {"default_branch": "main"}}
SOURCES = {f"locales/en/part{number}.json": f'{{"title": "Part {number}"}}\n' for number in range(12)}
MOST = 7
"""Requests of a plan while the job is open, however many sources there are."""
MORE = {"locales/en/home.json": '{"title": "Welcome home", "leave": "Leave", "stay": "Stay a while"}\n'}


class Carrier:
    """GitHub's cache, as far as the Action uses it: the newest file whose key begins with one of several."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.kept: dict[str, bytes] = {}

    def step(self, event: str, payload: Mapping[str, Any] | None = None, **inputs: str) -> Stepped:
        """Run the steps of the Action in a fresh clone: ask, restore, run, save."""
        stage, payload = self.stage, {**DEFAULT, **(payload or {})}
        stage.forget()
        asked = stage.memory_step(event, payload, **inputs).outputs
        for prefix in asked.get("memory-keys", "").splitlines():
            if found := [key for key in self.kept if key.startswith(prefix)]:
                place = stage.repo.root / asked["memory-file"]
                place.parent.mkdir()
                place.write_bytes(self.kept[found[-1]])
                break
        done = stage.step(event, payload, **inputs)
        if key := done.outputs.get("memory-key"):
            assert key not in self.kept
            self.kept[key] = (stage.repo.root / done.outputs["memory-file"]).read_bytes()
        return done


@pytest.fixture
def carrier(stage: Stage) -> Carrier:
    """Give a repository whose main was pushed, with what the push has left."""
    carrier = Carrier(stage)
    stage.runner.control.policies(stage.runner.ident, batch={"looks": 1})
    stage.commit_main(SOURCES)
    assert carrier.step("push", command="push").code == 0
    assert len(carrier.kept) == 1
    return carrier


def requests(carrier: Carrier, event: str, payload: Mapping[str, Any] | None = None) -> list[str]:
    """Return what a plan in a fresh clone asks for."""
    mark = carrier.stage.runner.mark()
    done = carrier.step(event, payload, command="plan", comment="never")
    assert done.code == 0, done.log
    return carrier.stage.runner.requests_since(mark)


def test_a_fresh_clone_asks_as_little_as_one_that_remembers(carrier: Carrier) -> None:
    """With what an earlier run left, no request is about one source; without it, two a source are."""
    assert len(requests(carrier, "push")) <= MOST
    payload = carrier.stage.pull_request("more", MORE)
    assert len(requests(carrier, "pull_request", payload)) <= MOST
    carrier.kept.clear()
    assert len(requests(carrier, "push")) > 2 * len(SOURCES)


def test_what_is_known_already_is_not_kept_again(carrier: Carrier) -> None:
    """A run that learned nothing leaves nothing."""
    requests(carrier, "push")
    requests(carrier, "pull_request", carrier.stage.pull_request("same", {}))
    assert len(carrier.kept) == 1


def test_a_strangers_run_takes_and_leaves_nothing(carrier: Carrier) -> None:
    """Neither a fork's nor Dependabot's, nor one that asks no service or was told not to."""
    stage, kept = carrier.stage, dict(carrier.kept)
    carrier.step("pull_request", stage.pull_request("fork", MORE, fork=True), command="plan")
    carrier.step("push", {"sender": {"login": "dependabot[bot]"}}, command="plan")
    carrier.step("push", command="check")
    carrier.step("push", command="plan", cache="false", fail_on="never")
    assert carrier.kept == kept
    assert not (stage.repo.root / ".git" / "l10nsync").exists()


def tampered(text: bytes) -> bytes:
    """Return a file whose memories say that nothing was sent, under the seal of what it was."""
    found = json.loads(text)
    body = json.loads(found["body"])
    files = body["files"]
    body["files"] = {name: value.replace('"sent": [', '"sent": [], "x": [') for name, value in files.items()}
    return json.dumps({**found, "body": json.dumps(body)}).encode()


@pytest.mark.parametrize(
    "spoilt",
    [tampered, lambda text: text[:-9], lambda _text: b"[" * 99_999],
    ids=["tampered", "cut", "deep"],
)
def test_a_file_that_no_run_of_ours_has_sealed_is_not_believed(carrier: Carrier, spoilt: Any) -> None:
    """The plan is made as without it."""
    carrier.kept = {key: spoilt(text) for key, text in carrier.kept.items()}
    carrier.stage.step("push", DEFAULT, command="check")
    assert len(requests(carrier, "push")) > 2 * len(SOURCES)


def test_a_file_of_other_credentials_is_not_believed(carrier: Carrier) -> None:
    """The seal is made with the secret that the service gave."""
    stage = carrier.stage
    stage.environ["SMARTMATE_PASSWORD"] = "another"
    assert len(requests(carrier, "push")) > 2 * len(SOURCES)


def test_main_does_not_believe_the_file_of_another_branch(carrier: Carrier) -> None:
    """Were a pull request's file restored on main, under main's key, nothing would be taken from it."""
    stage, (key,) = carrier.stage, carrier.kept
    del carrier.kept[key]
    carrier.step("pull_request", stage.pull_request("more", MORE), command="status")
    (theirs,) = carrier.kept.values()
    carrier.kept = {key: theirs}
    stage.main()
    assert len(requests(carrier, "push")) > 2 * len(SOURCES)


def test_a_clone_that_remembers_keeps_its_own_memory(carrier: Carrier) -> None:
    """A runner that is not made anew has a clone that knows more."""
    stage = carrier.stage
    (memory,) = (stage.repo.root / ".git" / "l10nsync").glob("*.json")
    assert stage.memory_step("push", DEFAULT, command="plan").outputs == {}
    own = memory.read_bytes()
    assert stage.step("push", DEFAULT, command="plan").code == 0
    memory.write_bytes(own.replace(b'"commit": "', b'"commit": "0'))
    assert stage.step("push", DEFAULT, command="plan").code == 0
    assert b'"commit": "0' in memory.read_bytes()


def test_only_memories_are_carried(carrier: Carrier) -> None:
    """No configuration of git, no link, nothing outside the folder; and no secret."""
    stage = carrier.stage
    folder = stage.repo.root / ".git" / "l10nsync"
    (folder / "history.git").mkdir()
    (folder / "history.git" / "config").write_text("[core]\n")
    stage.commit_main(MORE)
    done = stage.step("push", DEFAULT, command="push")
    assert done.outputs["memory-file"] == ".git/l10nsync/carried-memory"
    text = (folder / "carried-memory").read_text()
    assert not leaks(SECRET, text)
    body = json.loads(json.loads(text)["body"])
    assert sorted(body) == ["files", "ref", "repository"]
    assert [len(name) for name in body["files"]] == [len("0123456789abcdef.json")]
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "carried-memory").write_text(text)
    assert stage.step("push", DEFAULT, command="plan").code == 0
    assert sorted(path.suffix for path in folder.iterdir()) == ["", ".json"]
