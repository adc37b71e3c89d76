"""A runner for tests that push thousands of times."""

from __future__ import annotations

from tests.runner import Runner


class InProcess(Runner):
    """A runner whose batches are finished at the first look."""

    def project(self, locales: object = ("de-DE", "fr-FR"), source: str = "en-US") -> str:
        """Make a fresh project whose batches keep nobody waiting."""
        found = super().project(("de-DE", "fr-FR"), source)
        self.control.policies(found, batch={"looks": 1})
        return found
