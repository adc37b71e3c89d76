"""Talks to the runner: workflow commands, outputs, the job summary. All text in it may be a stranger's."""

from __future__ import annotations

import contextlib
import secrets
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from l10nsync.render.diagnostics import command

SUMMARY_LIMIT = 900 * 1024
"""Bytes; a summary of over 1 MiB is dropped whole by GitHub."""
OUTPUTS = (
    "version", "exit-code", "outcome", "has-changes", "offline", "files-to-push", "files-to-pull", "strings",
    "words", "plan-file", "markdown-file", "report-file", "job-uid", "job-url", "changed-files", "completion",
    "blocking-locales", "comment-url", "pull-request-number", "pull-request-url", "pull-request-operation",
    "pull-request-head-sha",
)  # fmt: skip
"""All outputs of the Action."""
OWN_OUTPUTS = ("memory-file", "memory-key", "memory-keys")
"""What one step of `action.yml` passes to another."""


class Log:
    """The runner that this process works for."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._stopped = ""
        self.failed = False
        """Whether something that later steps rely on could not be written."""

    # --- workflow commands ------------------------------------------------------------------------------

    def say(self, level: str, message: str, **properties: str) -> None:
        """Print one annotation: LEVEL is error, warning or notice."""
        self._command(command(level, message, {"title": "l10nsync", **properties}))

    def miss(self, failure: str) -> None:
        """Say that something is missing for the steps that follow, though the work itself is done."""
        self.failed = True
        self.say("error", f"{failure}: the step's work is done, but later steps cannot see its outputs")

    def mask(self, value: str) -> None:
        """Have the runner hide VALUE in its log from now on."""
        for line in value.splitlines():
            if line.strip():
                self._command(command("add-mask", line))

    def _command(self, text: str) -> None:
        if self._stopped:
            text = f"::{self._stopped}::\n{text}\n::stop-commands::{self._stopped}"
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    @contextlib.contextmanager
    def quoted(self) -> Iterator[None]:
        """Let nothing that is printed meanwhile be taken for a command of the runner."""
        token = secrets.token_hex(16)
        self._command(f"::stop-commands::{token}")
        self._stopped = token
        try:
            yield
        finally:
            self._stopped = ""
            self._command(f"::{token}::")

    # --- files --------------------------------------------------------------------------------------------

    def outputs(self, values: Mapping[str, str]) -> None:
        """Set outputs of the step; a value cannot end its own entry and begin another."""
        lines = []
        for name, value in values.items():
            if name not in (*OUTPUTS, *OWN_OUTPUTS):
                raise ValueError(name)
            mark = secrets.token_hex(16)
            lines += [f"{name}<<{mark}", *value.rstrip("\n").split("\n"), mark]
        self._append("GITHUB_OUTPUT", "".join(f"{line}\n" for line in lines))

    def summary(self, markdown: str) -> None:
        """Add MARKDOWN to the job summary, cut at a line where it is too long."""
        self._append("GITHUB_STEP_SUMMARY", cut(markdown, SUMMARY_LIMIT) + "\n")

    def _append(self, variable: str, text: str) -> None:
        path = self._environ.get(variable)
        if not path:
            return
        try:
            with Path(path).open("a", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
        except OSError as error:
            self.miss(f"{variable} cannot be written ({error.strerror})")


def cut(markdown: str, limit: int) -> str:
    """Return MARKDOWN with at most LIMIT bytes of UTF-8, ended at a line, and saying so."""
    data = markdown.encode()
    if len(data) <= limit:
        return markdown
    note = "\n\n… cut here; the log has all of it.\n"
    kept = data[: limit - len(note.encode())].decode("utf-8", "ignore")
    return kept.rpartition("\n")[0] + note
