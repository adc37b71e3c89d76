"""What git has counts where the work tree does not show it; its attributes say how a target is written."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest

from l10nsync.workspace.attributes import Conversion, conversion
from tests.command_line import CommandLine
from tests.in_process import InProcess
from tests.manifests import small_manifest
from tests.repositories import Repo

MANIFEST = small_manifest("desk")
OLD = json.dumps({"open": "Open the drawer", "close": "Close it"})
EDITED = json.dumps({"open": "Open the upper drawer", "close": "Close it"})


def translated(repo: Repo, in_process: InProcess) -> bytes:
    """Bring a translated source into REPO, then edit and push it; return the French target."""
    repo.commit({".l10n.yml": MANIFEST, "desk/en/a.json": OLD})
    in_process.run(repo, "push", "--authorize")
    in_process.translate()
    in_process.run(repo, "pull")
    repo.commit({"desk/en/a.json": EDITED})
    in_process.run(repo, "push")
    return repo.read("desk/fr/a.json")


def hide(repo: Repo, way: str) -> None:
    """Take the French target from the work tree, in one of the ways that git knows."""
    if way == "sparse":
        repo.git("sparse-checkout", "set", "--cone", "desk/en", "desk/de")
    elif way == "skip-worktree":
        repo.git("update-index", "--skip-worktree", "desk/fr/a.json")
        (repo.root / "desk/fr/a.json").unlink()
    elif way == "deleted":
        (repo.root / "desk/fr/a.json").unlink()
    else:
        repo.git("rm", "--quiet", "desk/fr/a.json")
    assert not (repo.root / "desk/fr/a.json").exists()


@pytest.mark.parametrize("way", ["sparse", "skip-worktree", "deleted", "removed from the index"])
def test_a_translation_that_git_holds_stays_one(repo: Repo, in_process: InProcess, way: str) -> None:
    """Neither a pull nor a verification takes a hidden target for a missing one."""
    french = translated(repo, in_process)
    hide(repo, way)
    (repo.root / ".git/l10nsync").rename(repo.root.parent / "cache")

    assert in_process.run(repo, "verify", "--offline").out.startswith("verify: passed (2 targets")
    pulled = in_process.run(repo, "pull")

    assert "1 translation kept (open)" in pulled.out
    if way in {"sparse", "skip-worktree"}:
        assert not (repo.root / "desk/fr/a.json").exists()
        assert repo.git("status", "--porcelain") == ""
    else:
        assert repo.read("desk/fr/a.json") == french
    assert in_process.run(repo, "pull", "--check").code == 0


@pytest.mark.parametrize("way", ["sparse", "deleted"])
def test_a_broken_target_is_seen_where_the_work_tree_lacks_it(
    repo: Repo, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    """A verification of no target at all would pass."""
    repo.commit({".l10n.yml": MANIFEST, "desk/en/a.json": OLD, "desk/fr/a.json": '{"open": '})
    hide(repo, way)

    assert "unreadable" in CommandLine(repo, capsys)("verify", "--offline", code=6).err


def test_hidden_translations_are_imported(repo: Repo, in_process: InProcess) -> None:
    """An import of a sparse checkout knows all translations, without writing any."""
    repo.commit({".l10n.yml": MANIFEST, "desk/en/a.json": OLD})
    in_process.run(repo, "push")
    repo.commit({"desk/fr/a.json": '{"open": "Ouvrir le tiroir"}'})
    hide(repo, "sparse")

    assert "1 string of 1 file to import" in in_process.run(repo, "import", "--dry-run").out


def test_a_hidden_manifest_is_read_from_git(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    """One outside of the sparse checkout counts; one that is only deleted is an error with a remedy."""
    repo.commit({"part/.l10n.yml": MANIFEST, "part/desk/en/a.json": OLD, "rest/x": ""})
    repo.git("sparse-checkout", "set", "--cone", "rest")

    assert "part/desk/en/a.json" in CommandLine(repo, capsys)("list").out

    repo.git("sparse-checkout", "disable")
    (repo.root / "part/.l10n.yml").unlink()
    assert "git restore part/.l10n.yml" in CommandLine(repo, capsys)("list", code=2).err


# --- attributes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "attributes",
    [
        "working-tree-encoding=UTF-16LE-BOM eol=lf",
        "text working-tree-encoding=UTF-16 eol=crlf",
        "text working-tree-encoding=UTF-16BE",
        "working-tree-encoding=ISO-8859-1",
        "text eol=crlf",
        "text=auto eol=crlf",
        "-text",
        "",
    ],
)
def test_git_stores_what_was_translated(repo: Repo, in_process: InProcess, attributes: str) -> None:
    """Whatever the work tree holds, git has the translation and sees no difference after a checkout."""
    manifest = MANIFEST.replace("*.json", "*.strings")
    repo.commit({".l10n.yml": manifest, ".gitattributes": f"desk/fr/* {attributes}\n" if attributes else ""})
    repo.commit({"desk/en/a.strings": '"open" = "Open {x}";\n"close" = "Close";\n'})
    in_process.run(repo, "push", "--authorize")
    in_process.translate()
    in_process.run(repo, "pull")
    repo.commit()

    stored = repo.git("show", "HEAD:desk/fr/a.strings")
    written = repo.read("desk/fr/a.strings")
    assert '"open" = ' in stored
    assert (
        stored == repo.git("show", "HEAD:desk/de/a.strings").replace("de-DE", "fr-FR") or "\r" not in stored
    )
    (repo.root / "desk/fr/a.strings").unlink()
    repo.git("checkout", "--", "desk/fr/a.strings")
    assert repo.read("desk/fr/a.strings") == written
    assert in_process.run(repo, "pull").out.startswith("No changes")
    assert in_process.run(repo, "verify", "--offline").out.startswith("verify: passed (2 targets")

    repo.commit({"desk/en/a.strings": '"open" = "Open {x}";\n"close" = "Close";\n"more" = "More";\n'})
    in_process.run(repo, "push", "--authorize")
    in_process.translate()
    in_process.run(repo, "pull")
    added = [line for line in repo.git("diff", "--numstat").splitlines() if "fr/a.strings" in line]
    assert added == ["1\t0\tdesk/fr/a.strings"]


def test_what_an_encoding_lacks_is_held_back(repo: Repo, in_process: InProcess) -> None:
    """A target whose encoding cannot hold the language is named, and the others are written."""
    repo.commit({".l10n.yml": MANIFEST, ".gitattributes": "desk/fr/* working-tree-encoding=US-ASCII\n"})
    repo.commit({"desk/en/a.json": OLD})
    in_process.run(repo, "push", "--authorize")
    in_process.translate()

    done = in_process.run(repo, "pull", code=7)

    assert "working-tree-encoding" in done.out
    assert not (repo.root / "desk/fr/a.json").exists()
    assert (repo.root / "desk/de/a.json").exists()


@pytest.mark.parametrize("attribute", ["working-tree-encoding=KLINGON-8", "working-tree-encoding", "eol=cr"])
def test_an_attribute_that_cannot_be_honoured_is_an_error(
    repo: Repo, capsys: pytest.CaptureFixture[str], attribute: str
) -> None:
    """`check` names the attribute and a file that has it, also one that is not there yet."""
    repo.commit(
        {".l10n.yml": MANIFEST, "desk/en/a.json": OLD, ".gitattributes": f"desk/de/* text {attribute}\n"}
    )

    failed = CommandLine(repo, capsys)("check", code=2)

    assert "desk/de/a.json has `" in failed.err
    assert attribute.partition("=")[0] in failed.err


_CONTENTS = (
    b"one\ntwo\n",
    b"one\r\ntwo\r\n",
    b"one\r\ntwo\n",
    b"one\rtwo\n",
    b"\0one\n",
    b"",
    b"a\x01\x02\x03\n",
)


_TEXT = ("", "text", "text=auto", "-text", "crlf", "-crlf", "crlf=input")
_EOL = ("", "eol=lf", "eol=crlf")


@pytest.mark.parametrize("automatic", ["", "true", "input"])
def test_conversions_are_those_of_git(repo: Repo, automatic: str) -> None:
    """Git itself, asked to store and to check out, is the judge, for every pair of attributes."""
    if automatic:
        repo.git("config", "core.autocrlf", automatic)
    pairs = {f"{row}-{column}": pair for row, column, pair in _pairs()}
    files = {f"{folder}/{at}": content for folder in pairs for at, content in enumerate(_CONTENTS)}
    rules = "".join(f"/{folder}/* {' '.join(pair)}\n" for folder, pair in pairs.items())
    repo.write({".gitattributes": rules, **files})
    repo.git("add", ".")
    stored = {path: blob(repo, path) for path in files}
    for path in files:
        (repo.root / path).unlink()
    repo.git("checkout", "--", ".")

    for path, content in files.items():
        settings = {"autocrlf": automatic} if automatic else {}
        found = conversion(_given(*pairs[path.partition("/")[0]]), settings, native="\n")
        kept = Conversion() if found.text == "auto" and b"\r\n" in stored[path] else found
        assert found.stored(content) == stored[path], path
        assert kept.checked_out(stored[path]) == repo.read(path), path


def _pairs() -> Iterator[tuple[int, int, tuple[str, str]]]:
    for row, text in enumerate(_TEXT):
        yield from ((row, column, (text, eol)) for column, eol in enumerate(_EOL))


def _given(*attributes: str) -> dict[str, str]:
    """Return attributes as `git check-attr` names them."""
    parts = [part for part in attributes if part]
    return {
        part.lstrip("-").partition("=")[0]: "unset" if part[0] == "-" else part.partition("=")[2] or "set"
        for part in parts
    }


def blob(repo: Repo, name: str) -> bytes:
    """Return what the index has, byte for byte."""
    return subprocess.check_output(["git", "-C", str(repo.root), "cat-file", "blob", f":{name}"])
