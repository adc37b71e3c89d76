"""Real git repositories for tests, made in a folder of their own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_ENVIRONMENT = {
    "GIT_AUTHOR_NAME": "A. Tester",
    "GIT_AUTHOR_EMAIL": "tester@example.com",
    "GIT_COMMITTER_NAME": "A. Tester",
    "GIT_COMMITTER_EMAIL": "tester@example.com",
    "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z",
    "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "LC_ALL": "C",
}


class Repo:
    """A git repository that a test fills and changes."""

    def __init__(self, root: Path, *, branch: str = "main") -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--template=", f"--initial-branch={branch}")

    def git(self, *arguments: str) -> str:
        """Run git and return what it prints."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env=environment | _ENVIRONMENT,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    @property
    def branch(self) -> str:
        """The branch that is checked out; read without git, for those who ask often."""
        return (self.root / ".git" / "HEAD").read_text().strip().removeprefix("ref: refs/heads/")

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files, making their folders."""
        for path, content in files.items():
            full = self.root / path
            full.parent.mkdir(parents=True, exist_ok=True)
            full.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, files: Mapping[str, str | bytes] | None = None, message: str = "change") -> str:
        """Write files, add everything, commit, and return the commit's id."""
        self.write(files or {})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", f"--message={message}")
        return self.head()

    def head(self) -> str:
        """Return the commit that HEAD names; git itself is asked only where a file does not say it."""
        folder = self.root / ".git"
        try:
            named = (folder / "HEAD").read_text("utf-8", "surrogateescape").strip()
            reference = named.removeprefix("ref: ")
            return named if reference == named else (folder / reference).read_text("ascii").strip()
        except OSError:
            return self.git("rev-parse", "HEAD").strip()

    def read(self, path: str) -> bytes:
        """Return a file of the work tree."""
        return (self.root / path).read_bytes()
