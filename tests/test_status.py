"""`l10nsync status`, end to end: the real command line, real git, the real sandbox over HTTP."""

from __future__ import annotations

import json
import shutil
from collections import Counter

import pytest

from tests.repositories import Repo
from tests.runner import Runner

MANIFEST = """\
version: 1
sourceLocale: en-US
locales: {de-DE: de, fr-FR: fr}
job: {authorize: true}
resources:
  - name: web
    source: src/en/*.json
    target: src/{locale}/*.json
  - name: docs
    source: docs/*.md
    target: docs/{locale}/*.md
    locales: {only: [de-DE]}
    optional: true
"""
STATUS, LIST, PUBLISHED, PROJECT, ORIGINAL = (
    "getFileTranslationStatusAllLocales",
    "getRecentlyUploadedSourceFilesList",
    "getRecentlyPublishedFilesList",
    "getProjectDetails",
    "downloadSourceFile",
)


def files(number: int) -> dict[str, str]:
    """Return a repository with NUMBER sources of four strings each."""
    texts = {
        f"src/en/f{at}.json": json.dumps({f"key{each}": f"Text {each} of file {at}" for each in range(4)})
        for at in range(number)
    }
    return {".l10n.yml": MANIFEST, **texts}


def rows(out: str) -> dict[str, list[str]]:
    """Return the columns of each line of a table by the first one."""
    return {words[0]: words[1:] for line in out.splitlines() if (words := line.split())}


def test_a_status_follows_the_work(repo: Repo, runner: Runner) -> None:
    """Not uploaded, in translation, partly published, stale, orphaned, complete: each is told."""
    repo.commit({**files(2), "docs/guide.md": "# Guide\n\nSome words to translate.\n"})
    before = runner.call(repo, "status")
    assert before.out.splitlines()[0] == (
        "Status: 0 % published, 85 words left in de-DE, fr-FR; 3 not uploaded (3 files, 2 locales)."
    )
    assert rows(before.out)["src/en/f0.json"] == ["4", "20", "–", "–", "not", "uploaded"]

    runner.call(repo, "push")
    runner.translate({"de-DE": 100, "fr-FR": 50})
    half = runner.call(repo, "status", "--fail-if-incomplete", code=6)
    assert half.out.startswith("Status: 76 % published, 20 words left in fr-FR (3 files")
    assert rows(half.out)["src/en/f1.json"] == ["4", "20", "100", "50"]
    assert rows(half.out)["docs/guide.md"] == ["2", "5", "100"]

    runner.translate()
    done = runner.call(repo, "status", "--fail-if-incomplete")
    assert done.out.startswith("Status: complete (3 files, 2 locales).")

    repo.git("rm", "--quiet", "src/en/f1.json")
    repo.commit({"src/en/f0.json": '{"key0": "Something else entirely"}'})
    stale = runner.call(repo, "status", "--fail-if-incomplete", code=6)
    assert stale.out.startswith("Status: 100 % published; 1 stale (2 files")
    assert "On the TMS, no longer in the repository: 1 file\n  ? src/en/f1.json" in stale.out


def test_rows_are_files_resources_or_locales(repo: Repo, runner: Runner) -> None:
    """The same counts, added up as one wants to look at them; `-r` and `-l` leave out the others."""
    repo.commit({**files(2), "docs/guide.md": "# Guide\n\nSome words to translate.\n"})
    runner.call(repo, "push")
    runner.translate({"de-DE": 100, "fr-FR": 50})

    resources = rows(runner.call(repo, "status", "--by", "resource").out)
    assert (resources["web"], resources["docs"]) == (["8", "40", "100", "50"], ["2", "5", "100"])
    assert resources["all"] == ["10", "45", "100", "50"]
    locales = rows(runner.call(repo, "status", "--by", "locale").out)
    assert locales["de-DE"] == ["10", "45", "100", "%", "·", "·", "·", "·", "3/3"]
    assert locales["fr-FR"] == ["8", "40", "50", "%", "20", "20", "·", "·", "0/2"]

    some = runner.call(repo, "status", "-r", "docs", "-l", "de-DE", "--fail-if-incomplete")
    assert some.out.startswith("Status: complete (1 file, 1 locale).")


def test_a_status_changes_nothing(repo: Repo, runner: Runner) -> None:
    """It only reads, and the next push has as much to do as before."""
    repo.commit(files(2))
    runner.call(repo, "status")
    pushed = runner.call(repo, "push")
    assert pushed.out.startswith("Sent 2 files")

    view, mark = runner.control.view(runner.ident), runner.mark()
    runner.call(repo, "status")
    assert runner.control.view(runner.ident) == view
    assert all(each.startswith(("get", "download")) for each in runner.requests_since(mark))


@pytest.mark.parametrize("forgetful", [False, True], ids=["cache", "no cache"])
def test_the_cache_changes_the_requests_and_not_the_status(
    repo: Repo, runner: Runner, forgetful: bool
) -> None:
    """What is remembered saves requests only; a publication of something that was complete is noticed."""
    number = 8
    repo.commit(files(number))
    runner.call(repo, "push")
    runner.translate()
    runner.control.advance(400)  # beyond the overlap within which publications are looked at again
    if forgetful:
        shutil.rmtree(repo.root / ".git" / "l10nsync")

    mark = runner.mark()
    first = runner.call(repo, "status")
    asked = Counter(runner.requests_since(mark))
    originals = {ORIGINAL: number} if forgetful else {}
    assert asked == {PROJECT: 1, LIST: 1, PUBLISHED: 1, STATUS: number, **originals}

    mark = runner.mark()
    again = runner.call(repo, "status")
    assert Counter(runner.requests_since(mark)) == {PROJECT: 1, LIST: 1, PUBLISHED: 1}
    assert "8 files complete at an earlier run" in again.out
    assert again.out.splitlines()[:2] == first.out.splitlines()[:2]

    repo.commit({"src/en/f7.json": '{"key0": "Something else"}'})
    runner.call(repo, "push", "--accept-shrink")
    runner.translate({"de-DE": 100}, fileUris=["src/en/f5.json"], again=True)
    mark = runner.mark()
    changed = runner.call(repo, "status")
    assert Counter(runner.requests_since(mark)) == {PROJECT: 1, LIST: 1, PUBLISHED: 1, STATUS: 2}
    assert changed.out.startswith("Status: 98 % published, 4 words left in de-DE, fr-FR (8 files")
