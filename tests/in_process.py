"""A runner for tests that push thousands of times."""

from __future__ import annotations

from pathlib import Path

from tests.repositories import Repo
from tests.runner import Done, Runner


class InProcess(Runner):
    """A runner whose batches are finished at the first look."""

    def project(self, locales: object = ("de-DE", "fr-FR"), source: str = "en-US") -> str:
        """Make a fresh project whose batches keep nobody waiting."""
        found = super().project(("de-DE", "fr-FR"), source)
        self.control.policies(found, batch={"looks": 1})
        return found

    def run(self, repo: Repo | Path, *argv: str, code: int | None = 0) -> Done:
        """Run the command line as `Runner` does, without the colours that some CI's variables turn on."""
        return super().run(repo, "--color", "never", *argv, code=code)
