"""How git is called: argument lists, a scrubbed environment, `-z` output.

There are two ways. A call reads what is here: nothing that the repository's configuration names can run, and
no transport, not even the one that a partial clone would use by itself. `Git.remote` reaches the remote as
the checkout does, with its transport and its credentials; all else stays silent there as well.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, product
from math import inf
from pathlib import Path
from urllib.parse import urlsplit

from l10nsync.deadline import left
from l10nsync.errors import L10nSyncError, RepositoryError, TemporaryError

os.environ.setdefault("NoDefaultCurrentDirectoryInExePath", "1")
"""Windows would run a `git.exe` that lies in the current folder."""

_SETTINGS = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.quotePath": "false",
    "core.alternateRefsCommand": "true",  # the program of that name, which says nothing
    "diff.external": "",
    "log.showSignature": "false",
    "push.gpgSign": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "protocol.ext.allow": "never",
}
"""What outdoes the configuration of the repository, in every call."""
_SAFE = (
    "--no-pager",
    "--literal-pathspecs",
    *(chain.from_iterable(("-c", f"{name}={value}") for name, value in _SETTINGS.items())),
)
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_ASKPASS": "",
    "LC_ALL": "C",
    "LANGUAGE": "C",
}
_NO_TRANSPORT = {"GIT_ALLOW_PROTOCOL": "", "GIT_NO_LAZY_FETCH": "1"}
"""Git before 2.45 knows the first alone."""
_NO_PROMPT = {"SSH_ASKPASS": "false", "SSH_ASKPASS_REQUIRE": "force", "GCM_INTERACTIVE": "never"}
_KEPT = (
    "GIT_SSL",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_EXEC_PATH",
)
_SHELL = ("BASH_ENV", "ENV")
"""Variables that make a shell run something before what it was started for."""

_LACKS = re.compile(r"promisor remote|lazy fetch")
"""What git says where a partial clone lacks an object."""
_OVER_SSH = re.compile(r"(git\+)?ssh(\+git)?://|(?!.*://)[^/]+:")
"""An address of ssh, in full or as `host:path`."""
_OTHER_ENDS = {
    "ls-remote": "--upload-pack=git-upload-pack",
    "fetch": "--upload-pack=git-upload-pack",
    "push": "--receive-pack=git-receive-pack",
}
_UNKNOWN_THERE = re.compile(r"could not read (Username|Password)|Authentication failed")


class AccessError(RepositoryError):
    """The remote does not know who asks."""


class _LackingError(RepositoryError):
    """A partial clone lacks an object that a call needs."""


@dataclass(frozen=True, slots=True)
class GitToken:
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
        variables = {"GIT_CONFIG_COUNT": str(len(settings))}
        for number, (name, value) in enumerate(settings):
            variables[f"GIT_CONFIG_KEY_{number}"] = f"http.{address}.{name}"
            variables[f"GIT_CONFIG_VALUE_{number}"] = value
        return variables


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
        self._folder = folder
        self.token: GitToken | None = None
        """What `remote` may send where the remote does not know us."""
        self.may_fetch = True
        """Whether what a partial clone lacks may come from its remote: an offline command asks nobody."""
        self._settings: Mapping[str, tuple[str, ...]] | None = None

    def __call__(
        self,
        *arguments: str,
        ok: tuple[int, ...] = (0,),
        stdin: bytes | None = None,
        env: Mapping[str, str] | None = None,
    ) -> bytes:
        """Run git and return its standard output; raise `RepositoryError` for an exit status not in OK.

        It reads what is here. Where a partial clone lacks something, and may fetch it, the call is made again
        with the transport of the checkout.
        """
        try:
            return self._run(arguments, ok, stdin, {**_NO_TRANSPORT, **(env or {})})
        except _LackingError:
            if not self.may_fetch or self._names_other_end("origin"):
                raise
        return self._reach("origin", arguments, ok, stdin, env or {})

    def settings(self) -> Mapping[str, tuple[str, ...]]:
        """Return git's configuration, as it was when it was first asked for: name to values, the last counts.

        Section and key are in lower case; a setting without a value, which means yes, has an empty one.
        """
        if self._settings is None:
            found: dict[str, tuple[str, ...]] = {}
            for entry in fields(self("config", "--null", "--list")):
                name, _, value = entry.partition("\n")
                found[name] = (*found.get(name, ()), value)
            self._settings = found
        return self._settings

    def setting(self, name: str) -> str:
        """Return the value of one setting; empty where there is none."""
        return self.settings().get(name, ("",))[-1]

    def _run(
        self,
        arguments: tuple[str, ...],
        ok: tuple[int, ...],
        stdin: bytes | None,
        env: Mapping[str, str],
        seconds: float = inf,
        *,
        talks: bool = False,
    ) -> bytes:
        """Run git once, at most until the deadline of the command, or for SECONDS where that is less.

        Where it TALKS with a remote, it is killed with all that it has started.
        """
        limit = max(0.1, min(left(), seconds))
        try:
            process = subprocess.Popen(
                ["git", *_SAFE, *arguments],
                cwd=self._folder,
                env={**os.environ, **_ENVIRONMENT, **env},
                stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                # A transport is a program of its own: git's session is what can be killed as a whole.
                start_new_session=talks,
            )
        except FileNotFoundError as error:
            if not self._folder.is_dir():
                raise RepositoryError(f"{self._folder} is not a folder") from error
            raise RepositoryError(
                "git was not found", hint="Install git 2.31 or newer and put it on PATH."
            ) from error
        except OSError as error:
            raise RepositoryError(f"git cannot be run: {error.strerror}") from error
        with process:
            try:
                out, complaint = process.communicate(stdin, timeout=None if limit == inf else limit)
            except subprocess.TimeoutExpired as error:
                _kill(process)
                raise _late(arguments, limit) from error
            except BaseException:
                _kill(process)
                raise
        words = complaint.decode("utf-8", "replace")
        if process.returncode != 0 and _LACKS.search(words):
            raise _LackingError(
                f"this partial clone lacks a part of the history: {_first_line(words)}",
                hint="Run git with a connection to its remote, such as `git fetch --refetch`.",
            )
        if process.returncode not in ok:
            raise _repository_error(words)
        return out

    def remote(
        self, name: str, *arguments: str, stdin: bytes | None = None, seconds: float | None = None
    ) -> bytes:
        """Run a command that talks with remote NAME, as the checkout does: it asks nobody for a password.

        Raises `AccessError` where the remote does not know us, with the token either. After SECONDS git is
        killed, where that is given and the system can.
        """
        return self._reach(name, arguments, (0,), stdin, {}, seconds)

    def _in_time(
        self,
        name: str,
        arguments: tuple[str, ...],
        ok: tuple[int, ...],
        stdin: bytes | None,
        env: Mapping[str, str],
        seconds: float | None,
    ) -> bytes:
        """Run git, at most until the deadline of the command; raise `TemporaryError` when that is over."""
        try:
            return self._run(arguments, ok, stdin, env, inf if seconds is None else seconds, talks=True)
        except (RepositoryError, TemporaryError) as error:
            if left() > 0:
                raise
            raise TemporaryError(
                f"the run's time limit is reached: git waited for the remote {name!r}",
                hint="Run the same command again, with a longer --timeout if the remote is slow.",
            ) from error

    def _reach(
        self,
        name: str,
        arguments: tuple[str, ...],
        ok: tuple[int, ...],
        stdin: bytes | None,
        env: Mapping[str, str],
        seconds: float | None = None,
    ) -> bytes:
        """Run git with the transport of the checkout; with the token where NAME does not know us without."""
        environment = {**_NO_PROMPT, **env}
        if self._names_other_end(name):
            arguments = _with_own_end(arguments)
        try:
            return self._in_time(name, arguments, ok, stdin, environment, seconds)
        except AccessError as error:
            if self.token is None:
                raise
            address = self("ls-remote", "--get-url", name).decode("utf-8", "replace").strip()
            if server_of(address) != self.token.server:
                raise AccessError(
                    error.message, hint=f"The token in L10NSYNC_GIT_TOKEN is only for {self.token.server}."
                ) from error
        try:
            environment |= self.token.environment(address)
            return self._in_time(name, arguments, ok, stdin, environment, seconds)
        except AccessError as error:
            raise AccessError(
                error.message, hint="The token in L10NSYNC_GIT_TOKEN cannot read this repository."
            ) from error

    def _names_other_end(self, name: str) -> bool:
        """Whether the configuration names a program that would run here, as the other end of NAME.

        One that is named for the other machine, behind ssh, runs there.
        """
        programs = {f"remote.{name}.uploadpack", f"remote.{name}.receivepack"}
        if self.settings().keys().isdisjoint(programs):
            return False
        address = self("ls-remote", "--get-url", name).decode("utf-8", "replace").strip()
        return not _OVER_SSH.match(address)


def _with_own_end(arguments: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ARGUMENTS of a call so that git itself is the other end.

    Of two settings git takes the first one, which is the repository's: only an option outdoes it.
    """
    at, word = next((at, word) for at, word in enumerate(arguments) if word in _OTHER_ENDS)
    return (*arguments[: at + 1], _OTHER_ENDS[word], *arguments[at + 1 :])


def _late(arguments: tuple[str, ...], seconds: float) -> L10nSyncError:
    """Return the error for a call that was killed after SECONDS."""
    if left() > 0:
        return RepositoryError(f"git did not finish within {seconds:.0f} seconds")
    called = next((word for word in arguments if not word.startswith("-")), "")
    return TemporaryError(
        f"the time limit of the run is used up: `git {called}` had not ended",
        hint="Run the same command again, with a longer --timeout; try whether git itself answers here.",
    )


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill git, and what it has started where that has a session of its own."""
    with contextlib.suppress(OSError, AttributeError):  # it has ended already; Windows has no sessions
        if os.getsid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def without_filters(git_here: Git) -> dict[str, str]:
    """Return the environment in which no `filter.*` of the configuration runs: files are read as they are."""
    settings = [
        (f"filter.{name}.{key}", value)
        for name, (key, value) in product(
            sorted(filters(git_here)), (("clean", ""), ("smudge", ""), ("process", ""), ("required", "false"))
        )
    ]
    found = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (name, value) in enumerate(settings):
        found |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return found


_PROGRAMS = frozenset({"clean", "smudge", "process"})


def filters(git_here: Git) -> frozenset[str]:
    """Return the names of the filters that the configuration has a program for."""
    parts = (name.rpartition(".") for name in git_here.settings())
    return frozenset(
        section.removeprefix("filter.")
        for section, _, key in parts
        if section.startswith("filter.") and key in _PROGRAMS
    )


def fields(out: bytes) -> Iterator[str]:
    """Split NUL-terminated output; names that are not UTF-8 keep their bytes as surrogates."""
    return (part.decode("utf-8", "surrogateescape") for part in out.split(b"\0") if part)


def scrub_environment() -> None:
    """Drop variables that a hook or a wrapper left behind: they would redirect our reads, or run programs."""
    for name in list(os.environ):
        redirects = name.startswith("GIT_") and not name.startswith(_KEPT)
        if redirects or name in _SHELL or name.startswith("BASH_FUNC_"):
            del os.environ[name]


def require_certificates() -> None:
    """Drop the variable that would let anybody impersonate a server: it overrides every setting."""
    os.environ.pop("GIT_SSL_NO_VERIFY", None)


def _first_line(complaint: str) -> str:
    return complaint.strip().split("\n")[0].removeprefix("fatal: ").removeprefix("error: ")


def _repository_error(complaint: str) -> RepositoryError:
    """Turn git's own words into one line with what to do."""
    lines = complaint.strip().split("\n")
    first = _first_line(complaint)
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
