"""The story that `docs/branches.md` tells: a branch and the default branch go apart and meet again."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.repositories import Repo
from tests.runner import Runner
from tests.test_push_pull import forget
from tests.test_renames import BRANCHED, MANIFEST, view

pytestmark = pytest.mark.in_process

STRINGS = 200
EDITED = 117
STORY = Path(__file__).parents[1] / "docs" / "branches.md"


def texts(*, edited: bool = False) -> dict[str, str]:
    """Return two hundred strings of three words; the branch says one of them otherwise."""
    found = {f"key{index}": f"Sentence number {index}" for index in range(STRINGS)}
    return found | ({f"key{EDITED}": f"Better sentence {EDITED}"} if edited else {})


@dataclass
class Bill:
    """The words × locales of all strings that were ever given to translators, each string once."""

    runner: Runner
    words: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def total(self) -> int:
        """Return the words paid so far, those of strings that are gone by now included."""
        for file in view(self.runner).values():
            texts = {key: text for key, _plural, text in file["strings"]}
            for locale, strings in file["locales"].items():
                for key, _state, _text in strings:
                    self.words[file["namespace"], locale, texts[key]] = len(texts[key].split())
        return sum(self.words.values())


def complete(runner: Runner, uri: str) -> bool:
    """Whether every string of a file is published in both locales."""
    from tests.sandbox_fixtures import RestClient

    rest = RestClient(runner.server.url, runner.ident, runner.control)
    items = rest.status(uri).data["items"]
    return [item["completedStringCount"] for item in items] == [STRINGS, STRINGS]


@pytest.mark.parametrize("cache", [True, False], ids=["cache", "no cache"])
def test_what_a_pull_request_left_waiting_is_authorized_after_the_merge(
    repo: Repo, runner: Runner, cache: bool
) -> None:
    """Its strings are in its own job, which nobody authorizes: main's job takes them over, and no others."""
    repo.commit({".l10n.yml": BRANCHED, "app/en/shop.json": '{"a": "One text", "b": "Two texts"}'})
    runner.run(repo, "push")
    runner.translate()
    repo.git("switch", "--quiet", "--create", "feature/other")
    repo.commit({"app/en/other.json": '{"z": "Of another request"}'})
    runner.run(repo, "push", "--no-authorize")
    repo.git("switch", "--quiet", "--create", "feature/more", "main")
    changed = {"app/en/shop.json": '{"a": "One text", "b": "Three texts"}', "app/en/new.json": '{"c": "New"}'}
    repo.commit(changed)
    runner.run(repo, "push", "--no-authorize")
    repo.git("switch", "--quiet", "main")
    repo.git("merge", "--quiet", "--no-ff", "--no-edit", "feature/more")
    repo.commit({"app/en/shop.json": '{"a": "One text", "b": "Three texts", "d": "Main says this"}'})
    if not cache:
        forget(repo)

    pushed = runner.run(repo, "push")

    assert '2 strings taken over from "repo feature/more", which waited for authorization' in pushed.out
    assert runner.translate(authorize=False) == 3 * 2
    waiting = [each for each in runner.control.view(runner.ident)["jobs"] if "AWAITING" in each["status"]]
    assert {each["name"]: each["strings"] for each in waiting} == {
        "repo feature/more": 0,
        "repo feature/other": 2,
    }
    forget(repo)
    assert runner.run(repo, "push").out.startswith("No changes")


def german(repo: Repo, path: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(repo.read(path))
    return found


def test_the_story_of_a_branch(repo: Repo, runner: Runner) -> None:
    """Words paid are words new, main is complete throughout, and what a branch left behind is pruned."""
    bill = Bill(runner)
    repo.commit({".l10n.yml": BRANCHED, "app/en/shop.json": json.dumps(texts(), indent=1)})
    runner.run(repo, "push")
    runner.translate()
    runner.run(repo, "pull")
    repo.commit(message="Translations")
    assert complete(runner, "main/app/en/shop.json")
    words = STRINGS * 3 * 2
    assert bill.total() == words

    # A branch edits one string of two hundred: one file is sent, one string is new.
    repo.git("switch", "--quiet", "--create", "feature/better")
    repo.commit({"app/en/shop.json": json.dumps(texts(edited=True), indent=1)}, "Say it better")
    pushed = json.loads(runner.run(repo, "push", "--format", "json").out)
    (change,) = [each["change"] for each in pushed["results"]]
    assert change["fileUri"] == "feature/better/app/en/shop.json"
    assert [change[each] for each in ("newStrings", "newWords", "wordsToTranslate")] == [1, 3, 6]
    assert view(runner)["feature/better/app/en/shop.json"]["namespace"] == "app/en/shop.json"
    words += 3 * 2
    assert bill.total() == words
    assert complete(runner, "main/app/en/shop.json")

    # The branch's pull takes its own file: 199 strings are translated, the new one is not yet.
    runner.run(repo, "pull")
    assert german(repo, "app/de/shop.json")["key1"].endswith("(de-DE)")
    assert not german(repo, "app/de/shop.json")[f"key{EDITED}"].startswith("Bé")
    runner.translate()
    runner.run(repo, "pull")
    assert german(repo, "app/de/shop.json")[f"key{EDITED}"].startswith("Bé")
    repo.commit(message="Translations of the branch")

    # Meanwhile main renames the folder: the file goes on in its namespace, no word is new.
    repo.git("switch", "--quiet", "main")
    repo.git("mv", "app", "web")
    repo.commit(message="Move the folder")
    assert runner.run(repo, "push").out.startswith("Sent 1 file")
    assert bill.total() == words
    assert complete(runner, "main/web/en/shop.json")

    # The branch is merged: its one string is main's now, already translated.
    repo.git("merge", "--quiet", "--no-edit", "feature/better")
    assert german(repo, "web/en/shop.json") == texts(edited=True)
    merged = json.loads(runner.run(repo, "push", "--format", "json").out)
    assert [each["change"]["fileUri"] for each in merged["results"]] == ["main/web/en/shop.json"]
    assert bill.total() == words
    assert complete(runner, "main/web/en/shop.json")
    runner.run(repo, "pull")
    assert german(repo, "web/de/shop.json")[f"key{EDITED}"].startswith("Bé")

    # What the rename and the branch left behind is listed, and deleted.
    arguments = ("prune", "--branches", "merged", "--max-deletions", "1")
    assert "feature/better/app/en/shop.json" in runner.run(repo, *arguments).out
    assert runner.run(repo, *arguments, "--apply").out.startswith("Deleted 1 file")
    assert "main/app/en/shop.json" in runner.run(repo, "prune").out
    assert runner.run(repo, "prune", "--apply").out.startswith("Deleted 1 file")
    assert list(view(runner)) == ["main/web/en/shop.json"]
    assert complete(runner, "main/web/en/shop.json")
    assert bill.total() == words
    assert runner.run(repo, "push").out.startswith("No changes")
    assert runner.run(repo, "prune", "--branches", "merged").out.startswith("No changes")


def test_the_story_in_the_documentation_is_this_one() -> None:
    """The figures that the page tells are those that the test asserts."""
    told = STORY.read_text("utf-8")

    assert re.search(rf"\b{STRINGS} strings\b", told)
    assert re.search(r"\b1 new\b", told)
    assert f"{STRINGS * 3 * 2:,} words" in told


@pytest.mark.parametrize("manifest", [BRANCHED, MANIFEST], ids=["own fileUris", "one fileUri for all"])
def test_a_branch_that_was_never_pushed_has_the_translations_of_main(
    repo: Repo, runner: Runner, manifest: str
) -> None:
    """Its new string stands in the source language, all others are translated, and nothing is stored."""
    repo.commit({".l10n.yml": manifest, "app/en/shop.json": json.dumps({"a": "One text", "b": "Two texts"})})
    runner.run(repo, "push")
    runner.translate()
    repo.git("switch", "--quiet", "--create", "feature/new")
    repo.commit({"app/en/shop.json": json.dumps({"a": "One text", "b": "Two texts", "c": "Something new"})})
    before = runner.control.view(runner.ident)
    assert runner.run(repo, "pull", "--from-main", "--branch", "main", code=2).err

    pulled = runner.run(repo, "pull", "--from-main")

    assert pulled.out.startswith("Wrote 2 files"), pulled.out
    found = german(repo, "app/de/shop.json")
    assert [found["a"][-7:], found["b"][-7:], found["c"]] == ["(de-DE)", "(de-DE)", "Something new"]
    assert runner.control.view(runner.ident) == before
    repo.commit()
    assert runner.run(repo, "pull", "--from-main").out.startswith("No changes")
