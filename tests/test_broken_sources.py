"""A source that a push refuses fails before it is merged; what git does not see as told is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from l10nsync.workspace import Workspace
from tests.command_line import CommandLine
from tests.manifests import GERMAN_ONLY, small_manifest
from tests.repositories import Repo

MANIFEST = small_manifest("i18n", name="app", locales=GERMAN_ONLY)
PO = """\
msgid ""
msgstr ""
"Plural-Forms: nplurals=1; plural=n != 1;\\n"

msgid "Open"
msgstr ""
"""
BROKEN = '{"a": "Hello",\n "b": }\n'


@pytest.fixture
def call(repo: Repo, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Give the command line in a repository with one sound source."""
    repo.commit({".l10n.yml": MANIFEST, "i18n/en/a.json": '{"a": "Hello"}'})
    return CommandLine(repo, capsys)


@pytest.mark.parametrize("where", ["default branch", "branch"])
def test_a_broken_source_fails(repo: Repo, call: CommandLine, where: str) -> None:
    """Also one that the base has just so: it was never sent."""
    if where == "branch":
        repo.git("switch", "--quiet", "--create", "feature")
    repo.commit({"i18n/en/b.json": BROKEN})

    checked = call("check", code=2)
    planned = call("plan", "--offline", "--exit-code", code=3)
    verified = call("verify", "--offline", code=6)

    for said in (checked.err, verified.err):
        assert "i18n/en/b.json:2:" in said
    assert "does not parse" in planned.out
    assert verified.out.startswith("verify: not passed: 1 error in 1 source")
    assert json.loads(call("check", "--format", "json", code=2).out)["exitCode"] == 2
    assert json.loads(call("verify", "--offline", "--format", "json", code=6).out)["passed"] is False


def test_a_broken_source_closes_any_gate_that_judges_it(repo: Repo, call: CommandLine) -> None:
    """A gate of some locales is about its translations, too."""
    gates = "gates:\n  some: {locales: [de-DE]}\n"
    repo.commit({".l10n.yml": MANIFEST + gates, "i18n/en/b.json": BROKEN, "i18n/de/b.json": "{}"})

    assert "source-unreadable" in call("verify", "--offline", "--gate", "some", code=6).err


@pytest.mark.parametrize(
    ("path", "content", "message", "place"),
    [
        ("menu.php", "<?php\nreturn [\n  'open' => ['file' => 'Open'],\n", "`[` that is not closed", (2, 8)),
        ("menu.po", PO, "gives 1, but nplurals is 1", (2, 0)),
        ("menu.json", '{"open": {"file": "Open"}, "open": {"url": "Visit"}}', "twice", (1, 0)),
    ],
)
def test_what_the_platform_refuses_in_a_source_is_a_warning(
    repo: Repo, call: CommandLine, path: str, content: str, message: str, place: tuple[int, int]
) -> None:
    """It is sent all the same: whoever owns the file decides."""
    repo.commit({".l10n.yml": MANIFEST.replace("*.json", path), f"i18n/en/{path}": content})

    (warned,) = json.loads(call("check", "--format", "json").out)["diagnostics"]

    assert (warned["code"], warned["severity"], warned["file"]) == ("W404", "warning", f"i18n/en/{path}")
    assert message in warned["message"]
    assert (warned["line"], warned.get("column", 0)) == place
    assert warned["help"]


def test_the_first_faults_of_a_source_are_shown(repo: Repo, call: CommandLine) -> None:
    """The others are counted: a file that was written for another program has one in each line."""
    lines = "".join(f"key{number} = \\u12\n" for number in range(5))
    repo.commit({".l10n.yml": MANIFEST.replace("*.json", "a.properties"), "i18n/en/a.properties": lines})

    warned = json.loads(call("check", "--format", "json").out)["diagnostics"]

    assert [each["line"] for each in warned] == [1, 2, 3]
    assert warned[-1]["message"].endswith("(and 2 more in this file)")


def test_no_branch_is_needed_where_none_is_asked_for(repo: Repo, call: CommandLine) -> None:
    """On a detached HEAD, the offline commands leave the branch open."""
    repo.commit({".l10n.yml": f'{MANIFEST}    fileUri: "{{branch}}/{{path}}"\n'})
    repo.git("switch", "--quiet", "--detach")

    for command in (["check"], ["verify", "--offline"], ["plan", "--offline"], ["pseudo", "--dry-run"]):
        call(*command)

    assert "fileUri {branch}/i18n/en/a.json" in call("list").out
    assert "no branch" in call("pull", code=2).err or "needs a branch" in call("pull", code=2).err


@pytest.mark.parametrize("kind", ["--merge", "--apply"])
@pytest.mark.parametrize("linked", [False, True])
def test_a_rebase_knows_its_branch(
    repo: Repo, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, linked: bool
) -> None:
    """HEAD is detached meanwhile; git keeps the name, in a linked work tree as well."""
    repo.commit({".l10n.yml": f'{MANIFEST}    fileUri: "{{branch}}/{{path}}"\n', "i18n/en/a.json": "{}"})
    repo.git("branch", "topic/one")
    repo.commit({"other": "main"})
    place = repo
    if linked:
        repo.git("worktree", "add", "--quiet", str(tmp_path / "linked"), "topic/one")
        place = Repo.__new__(Repo)
        place.root = tmp_path / "linked"
    else:
        repo.git("switch", "--quiet", "topic/one")
    place.commit({"other": "topic", "i18n/en/a.json": '{"a": "Hello"}'})
    with pytest.raises(Exception, match="rebase"):
        place.git("rebase", "--quiet", kind, "main")
    place.git("checkout", "--theirs", "other")
    place.git("add", "other")

    assert Workspace.open(place.root).branch() == "topic/one"
    assert "{branch}" not in CommandLine(place, capsys)("list").out
