"""Where nobody knows how the service decides, the main flows work with both answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.in_process import InProcess
from tests.repositories import Repo
from tests.runner import Runner
from tests.sandbox_fixtures import RestClient

MANIFEST = """\
version: 1
sourceLocale: en-US
locales: {de-DE: de, fr-FR: fr}
resources:
  - {name: web, source: en/*.json, target: "{locale}/*.json"}
  - {name: docs, source: docs/en/*.md, target: "docs/{locale}/*.md"}
  - name: pages
    source: pages/en/*.json
    target: "pages/{locale}/*.json"
    directives: {string_format_paths: "html: [body]"}
"""
TWINS = {"open": "Open", "open_again": "Open", "close": "Close"}
PAGE = {"body": "<p>First part</p><p>Second part</p>", "title": "Open"}
FILES = {
    ".l10n.yml": MANIFEST,
    "en/a.json": json.dumps(TWINS),
    "docs/en/a.md": "# Title\n\n* one\n* two\n",
    "pages/en/a.json": json.dumps(PAGE),
}
SIDES: list[dict[str, Any]] = [
    {},
    {"json_keys_are_variants": False},
    {"markdown_rewritten": False},
    {"empty_batch_blocks": True},
    {"reupload_moves_namespace": False},
    {"inactive_strings_return": False},
]


@pytest.mark.parametrize("switches", SIDES, ids=lambda switches: "-".join(switches) or "as-usual")
def test_push_and_pull_work_with_either_answer(repo: Repo, runner: Runner, switches: dict[str, Any]) -> None:
    """Sent once, translated, written, complete; then nothing is left to do, and a change is sent alone."""
    runner.control.switches(runner.ident, **switches)
    repo.commit(FILES)
    runner.run(repo, "push", "--authorize")
    assert runner.run(repo, "push", "--authorize").out.startswith("No changes")
    runner.translate()
    runner.run(repo, "pull")
    german = json.loads(repo.read("de/a.json"))
    assert (german["open"], german["open"] != "Open") == (german["open_again"], True)
    body = json.loads(repo.read("pages/de/a.json"))["body"]
    assert (body.count("<p>"), "First" in body, "Second" in body) == (2, False, False)
    repo.commit()
    runner.run(repo, "pull", "--check")
    runner.run(repo, "verify")
    repo.commit({"en/a.json": json.dumps({**TWINS, "close": "Shut"})})
    runner.run(repo, "push", "--authorize")
    runner.translate()
    assert runner.run(repo, "pull").out.startswith("Wrote 2 files")


@pytest.mark.parametrize("switches", [{}, *SIDES[-2:]], ids=lambda switches: "-".join(switches) or "as-usual")
def test_a_rename_is_kept_with_either_answer(
    repo: Repo, in_process: InProcess, switches: dict[str, Any]
) -> None:
    """Renamed and edited, what is left over deleted, renamed back: one string is new, and that once."""
    runner = in_process
    runner.control.switches(runner.ident, **switches)
    repo.commit(FILES)
    runner.run(repo, "push", "--authorize")
    runner.translate()
    repo.git("mv", "en/a.json", "en/b.json")
    repo.commit({"en/b.json": json.dumps({**TWINS, "close": "Shut"})})
    for path, orphan in (("en/b.json", "en/a.json"), ("en/a.json", "en/b.json")):
        said = json.loads(runner.run(repo, "push", "--authorize", "--format", "json").out)["plan"]
        (change,) = [change for change in said["changes"] if change["action"] == "upload"]
        assert (change["source"], change["newStrings"]) == (path, int(path == "en/b.json"))
        runner.translate()
        assert orphan in runner.run(repo, "prune").out
        runner.run(repo, "prune", "--apply")
        if path == "en/b.json":
            repo.git("mv", "en/b.json", "en/a.json")
            repo.commit()
    assert runner.run(repo, "push", "--authorize").out.startswith("No changes")
    assert runner.run(repo, "pull").out.startswith("Wrote 6 files")


@pytest.mark.parametrize("blocks", [False, True])
def test_a_batch_that_somebody_left_does_not_stop_a_push(repo: Repo, runner: Runner, blocks: bool) -> None:
    """Whether a batch without any file counts as open or not."""
    runner.control.switches(runner.ident, empty_batch_blocks=blocks)
    repo.commit(FILES)
    runner.run(repo, "push")
    rest = RestClient(runner.server.url, runner.ident, runner.control)
    (job,) = rest.send("GET", rest.jobs()).data["items"]
    rest.batch(job["translationJobUid"], ["en/a.json"])
    repo.commit({"en/a.json": json.dumps({**TWINS, "close": "Shut"})})
    runner.run(repo, "push", "--authorize")
