"""How git is called: argument lists, a scrubbed environment, `-z` output; the only user of gitpython.

No hook, filesystem monitor, pager, external diff or prompt of the repository can run.
"""

from __future__ import annotations

import os
import re
import tempfile
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from l10nsync.errors import RepositoryError

os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")  # a missing git is reported by us, not on import

import git

_SAFE = (
    "--no-pager",
    "--literal-pathspecs",
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "core.quotePath=false",
    "-c",
    "diff.external=",
)
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_ASKPASS": "",
    "LC_ALL": "C",
}
_KEPT = (
    "GIT_SSL",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_EXEC_PATH",
    "GIT_PYTHON_",
)

_REMOTE = ("-c", "protocol.ext.allow=never")
_NO_PROMPT = {"SSH_ASKPASS": "false", "SSH_ASKPASS_REQUIRE": "force", "GCM_INTERACTIVE": "never"}
_UNKNOWN_THERE = re.compile(r"could not read (Username|Password)|Authentication failed")


class AccessError(RepositoryError):
    """The remote does not know who asks."""


@dataclass(frozen=True, slots=True)
class Token:
    """What a remote is read with where the clone has kept no credentials that do."""

    value: str = field(repr=False)
    server: str
    """The only server that gets it, as `server_of` writes it."""

    def environment(self, address: str) -> dict[str, str]:
        """Return what makes git send it to ADDRESS, and nowhere else; needs git 2.31.

        No command line and no file ever holds it. Headers of the clone are dropped, since a service refuses a
        second login; certificates are checked, and redirects are not followed.
        """
        login = b64encode(f"x-access-token:{self.value}".encode()).decode()
        settings = (
            ("extraHeader", ""),
            ("extraHeader", f"Authorization: Basic {login}"),
            ("followRedirects", "false"),
            ("sslVerify", "true"),
            ("curloptResolve", ""),
        )
        found = {"GIT_CONFIG_COUNT": str(len(settings))}
        for number, (name, value) in enumerate(settings):
            found[f"GIT_CONFIG_KEY_{number}"] = f"http.{address}.{name}"
            found[f"GIT_CONFIG_VALUE_{number}"] = value
        return found


def server_of(address: str) -> str:
    """Return scheme, host and port of ADDRESS; empty unless it is HTTPS, or this machine itself."""
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and host == "127.0.0.1")):
        return ""
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}"


class Git:
    """Calls git in one folder."""

    def __init__(self, folder: Path) -> None:
        self._command = git.Git(str(folder))
        self.token: Token | None = None
        """What `remote` may send where the remote does not know us."""

    def __call__(
        self,
        *arguments: str,
        ok: tuple[int, ...] = (0,),
        stdin: bytes | None = None,
        env: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> bytes:
        """Run git and return its standard output; raise `RepositoryError` for an exit status not in OK.

        After SECONDS it is killed, where that is given and the system can.
        """
        with tempfile.TemporaryFile() as feed:
            feed.write(stdin or b"")
            feed.seek(0)
            options: dict[str, Any] = {
                "istream": feed,
                "with_extended_output": True,
                "with_exceptions": False,
                "stdout_as_string": False,
                "strip_newline_in_stdout": False,
                "env": {**_ENVIRONMENT, **(env or {})},
                "kill_after_timeout": None if os.name == "nt" else seconds,  # gitpython cannot do it there
            }
            try:
                status, out, complaint = self._command.execute(["git", *_SAFE, *arguments], **options)
            except git.GitCommandNotFound as error:
                raise RepositoryError(
                    "git was not found", hint="Install git 2.29 or newer and put it on PATH."
                ) from error
        if status not in ok:
            raise _repository_error(
                complaint if isinstance(complaint, str) else complaint.decode("utf-8", "replace")
            )
        return bytes(out)

    def remote(self, name: str, *arguments: str, seconds: float | None = None) -> bytes:
        """Run a command that reads from remote NAME, as `__call__` does: it asks nobody for a password.

        Raises `AccessError` where the remote does not know us, with the token either.
        """
        try:
            return self(*_REMOTE, *arguments, env=_NO_PROMPT, seconds=seconds)
        except AccessError as error:
            if self.token is None:
                raise
            address = self("ls-remote", "--get-url", name).decode("utf-8", "replace").strip()
            if server_of(address) != self.token.server:
                raise AccessError(
                    error.message, hint=f"The token in L10NSYNC_GIT_TOKEN is for {self.token.server} alone."
                ) from error
        try:
            environment = _NO_PROMPT | self.token.environment(address)
            return self(*_REMOTE, *arguments, env=environment, seconds=seconds)
        except AccessError as error:
            raise AccessError(
                error.message, hint="The token in L10NSYNC_GIT_TOKEN does not read this repository."
            ) from error


def fields(out: bytes) -> Iterator[str]:
    """Split NUL-terminated output; names that are not UTF-8 keep their bytes as surrogates."""
    return (part.decode("utf-8", "surrogateescape") for part in out.split(b"\0") if part)


def scrub_environment() -> None:
    """Drop `GIT_*` variables that a hook or a wrapper left behind: they would redirect our reads."""
    for name in [name for name in os.environ if name.startswith("GIT_") and not name.startswith(_KEPT)]:
        del os.environ[name]


def require_certificates() -> None:
    """Drop the variable that would let anybody stand in for a server: it outdoes every setting."""
    os.environ.pop("GIT_SSL_NO_VERIFY", None)


def _repository_error(complaint: str) -> RepositoryError:
    """Turn git's own words into one line with what to do."""
    lines = complaint.strip().split("\n")
    first = lines[0].removeprefix("fatal: ").removeprefix("error: ")
    if "not a git repository" in complaint:
        return RepositoryError(
            "not inside a git repository", hint="Run l10nsync in a checkout, or name one with -C."
        )
    if "dubious ownership" in complaint:
        command = next((line.strip() for line in lines if "safe.directory" in line), "")
        return RepositoryError("git refuses this folder: it belongs to another user", hint=f"Run: {command}")
    if unknown := next((line for line in lines if _UNKNOWN_THERE.search(line)), ""):
        return AccessError(
            f"git failed: {unknown.removeprefix('fatal: ')}",
            hint="Or set L10NSYNC_GIT_TOKEN to a token that reads the repository.",
        )
    return RepositoryError(f"git failed: {first}")
