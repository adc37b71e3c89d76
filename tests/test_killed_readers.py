"""Commands that only read, killed at a request: nothing is half, and nothing is ordered."""

from __future__ import annotations

import json

import pytest

from tests.forks import Forks
from tests.in_process import InProcess
from tests.repositories import Repo
from tests.test_glossary import NAMED, SOURCE, UNAUTHORIZED, keep

COMMANDS = {
    "glossary": ("glossary", "pull"),
    "cost": ("plan", "--cost"),
    "files": ("files", "list"),
    "strings": ("strings", "find", "cart"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_killed_run_leaves_nothing_behind(
    in_process: InProcess, repo: Repo, forks: Forks, command: str
) -> None:
    """Before an answer and after it; the next run does all of it."""
    repo.commit({".l10n.yml": NAMED % in_process.ident + UNAUTHORIZED, "src/en/a.json": json.dumps(SOURCE)})
    keep(in_process)
    in_process.run(repo, "push")
    before = in_process.control.view(in_process.ident)
    for at, when in ((1, "hold"), (2, "hold_before"), (4, "hold")):
        if not forks.kill(in_process, repo.root, *COMMANDS[command], at=at, when=when):
            break
        assert not (repo.root / "l10n" / "glossary.tbx").exists()
        assert in_process.control.view(in_process.ident) == before

    assert in_process.run(repo, *COMMANDS[command]).code == 0
    assert (repo.root / "l10n" / "glossary.tbx").exists() == (command == "glossary")
    assert in_process.control.view(in_process.ident) == before
