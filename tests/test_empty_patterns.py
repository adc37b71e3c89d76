"""A pattern without files says why, and a file that git does not track is named before it is missed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.in_process import InProcess
from tests.repositories import Repo

MANIFEST = """\
version: 1
sourceLocale: en-US
locales: {{de-DE: de}}
resources:
  - name: app
    source: {source}
    target: null
"""
NFD, NFC = "re\u0301sume\u0301", "r\u00e9sum\u00e9"


@pytest.fixture
def call(repo: Repo, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Give the command line."""
    return CommandLine(repo, capsys)


@pytest.mark.parametrize(
    ("source", "files", "said"),
    [
        ("'app/EN/*.json'", ("app/en/a.json",), "`app/en/a.json` differs in case alone"),
        ("'APP/*/*.json'", ("app/en/a.json",), "`app/en/a.json` differs in case alone"),
        (f"'{NFC}/*.json'", (f"{NFD}/a.json",), "differs in the form of its accents (NFC or NFD) alone"),
        (f"'{NFC.upper()}/*'", (f"{NFD}/a.json",), "differs in case and the form of its accents"),
        (r"'app\en\*.json'", ("app/en/a.json",), "Write `app/en/*.json` that matches."),
        ("'app/{en,us}/*.json'", ("app/en/a.json",), 'Write a list: ["app/en/*.json"].'),
        ("'{a,b}/{c,d}.json'", ("x",), '["a/c.json", "a/d.json", "b/c.json", "b/d.json"]'),
        ("'nothing/*.json'", ("app/en/a.json",), "Git tracks no file in such a folder."),
    ],
)
def test_the_usual_causes(
    repo: Repo, call: CommandLine, source: str, files: tuple[str, ...], said: str
) -> None:
    """Case, accents, backslashes and braces: the help says which it is and what to write."""
    repo.git("config", "core.precomposeUnicode", "false")
    repo.commit({".l10n.yml": MANIFEST.format(source=source), **dict.fromkeys(files, "{}")})

    assert said in call("check", code=2).err
    told = json.loads(call("check", "--format", "json", code=2).out)["diagnostics"]
    assert [each["code"] for each in told] == ["E203"]


def test_what_lies_in_a_submodule(repo: Repo, call: CommandLine, tmp_path: Path) -> None:
    """Its files belong to another repository."""
    other = Repo(tmp_path / "other")
    other.commit({"en/a.json": "{}"})
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.root), "vendor")
    repo.commit({".l10n.yml": MANIFEST.format(source="'vendor/en/*.json'")})

    assert "`vendor` is a submodule" in call("check", code=2).err


def test_what_git_does_not_track(repo: Repo, call: CommandLine) -> None:
    """A file that is new and one that is ignored are two causes."""
    repo.commit({".l10n.yml": MANIFEST.format(source="['new/*.json', 'out/*.json']"), ".gitignore": "out/\n"})
    repo.write({"new/a.json": "{}", "out/a.json": "{}"})

    said = call("check", code=2).err

    assert "`new/a.json` is not tracked by git: run `git add`" in said
    assert "`out/a.json` is ignored by git" in said


def test_a_clone_without_a_checkout(repo: Repo, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The index is empty there, and HEAD has the file."""
    repo.commit({".l10n.yml": MANIFEST.format(source="'app/*.json'"), "app/a.json": "{}"})
    there = Repo(tmp_path / "there")
    there.git("fetch", "--quiet", str(repo.root), "main")
    there.git("update-ref", "refs/heads/main", "FETCH_HEAD")
    there.write({".l10n.yml": MANIFEST.format(source="'app/*.json'")})

    assert "`app/a.json` is in HEAD and not in the index" in CommandLine(there, capsys)("check", code=2).err


def test_files_that_wait_for_git_add_are_named(repo: Repo, in_process: InProcess) -> None:
    """Every command that would pass over them says so with their number; none sends them."""
    repo.commit({".l10n.yml": MANIFEST.format(source="'app/**/*.json'"), "app/a.json": '{"a": "Hello"}'})
    repo.commit({".gitignore": "app/out/\n"})
    repo.write({f"app/sub/new{at}.json": '{"n": "New"}' for at in range(5)})
    repo.write({"app/out/built.json": "{}", "elsewhere.json": "{}"})

    for command in (["check"], ["list"], ["plan"], ["plan", "--offline"], ["push"], ["status"]):
        done = in_process.run(repo, *command)
        said = done.out + done.err
        assert "5 files match a source pattern and are not tracked by git: app/sub/new0.json" in said, command
        assert "and 2 more" in said
        assert "built.json" not in said
    warned = json.loads(in_process.run(repo, "check", "--format", "json").out)["diagnostics"]
    assert [(each["code"], each["severity"]) for each in warned] == [("W403", "warning")]
    assert list(in_process.control.view(in_process.ident)["files"]) == ["app/a.json"]

    repo.commit()
    assert "not tracked" not in in_process.run(repo, "push").out
