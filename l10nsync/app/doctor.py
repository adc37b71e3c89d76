"""What a run would find here: git, manifest, branch, credentials, host, clock. Changes nothing."""

from __future__ import annotations

import platform
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlsplit

from l10nsync import __version__
from l10nsync.app.links import Connect, check_project
from l10nsync.app.repository import Repository, Settings, open_repository
from l10nsync.errors import EXIT_OK, EXIT_USAGE, CredentialsError, L10nSyncError, ManifestError, worst
from l10nsync.model import Project, Question
from l10nsync.plan.values import contents_of
from l10nsync.providers.base import Provider
from l10nsync.render.paint import count

SKEW = 60.0
"""Seconds that two clocks may differ: tokens live for minutes."""
_PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy")
_SECRETS = ("L10NSYNC_CALLBACK_URL", "L10NSYNC_WEBHOOK_SECRET", "L10NSYNC_GIT_TOKEN")
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")

CheckStatus = Literal["ok", "note", "fail"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    area: str
    status: CheckStatus
    text: str
    hint: str = ""
    code: int = EXIT_OK
    """Exit code of a failure."""


def exit_code(checks: list[Check]) -> int:
    """Return the exit code that CHECKS earn."""
    return worst(check.code for check in checks if check.status == "fail")


def examine(
    settings: Settings, environ: Mapping[str, str], connect: Connect, *, online: bool
) -> Iterator[Check]:
    """Yield what is found, one thing after the other; no secret is in it."""
    yield Check("program", "ok", f"l10nsync {__version__}, Python {platform.python_version()}")
    yield _git()
    try:
        repository = open_repository(settings, environ)
    except ManifestError as error:
        first = error.diagnostics[0]
        more = len(error.diagnostics) - 1
        text = f"{first.file}:{first.line}: {first.message}{f' (and {more} more)' if more else ''}"
        yield Check("manifest", "fail", text, "`l10nsync check` shows all problems.", error.exit_code)
        return
    except L10nSyncError as error:
        yield Check("repository", "fail", error.message, error.hint, error.exit_code)
        return
    yield from _repository(repository)
    yield from _environment(environ)
    for project in repository.manifest.projects.values():
        yield from _project(repository, project, environ, connect, online=online)


def _git() -> Check:
    program = shutil.which("git")
    if program is None:
        return Check("git", "fail", "git is not installed", "Install git.", EXIT_USAGE)
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        return Check("git", "fail", f"git cannot be run: {error}", "Install git.", EXIT_USAGE)
    return Check("git", "ok", done.stdout.strip())


def _repository(repository: Repository) -> Iterator[Check]:
    workspace, sources = repository.workspace, repository.sources
    targets = sum(len(source.targets) for source in sources)
    figures = f"{count(len(sources), 'source')}, {count(targets, 'target')}"
    yield Check("repository", "ok", str(workspace.root))
    yield Check("manifest", "ok", f"{repository.manifest.file}: {figures}")
    branch = repository.branch
    if branch.fork:
        yield Check(
            "branch", "note", f"{branch.name}, from {branch.origin}: a fork's branch, nothing is sent from it"
        )
    else:
        yield Check("branch", "ok", f"{branch.name or 'none'}, from {branch.origin}")


def _environment(environ: Mapping[str, str]) -> Iterator[Check]:
    for name in _PROXIES:
        if environ.get(name):
            yield Check("proxy", "note", f"{name}={_without_password(environ[name])}")
    for name in _CERTIFICATES:
        if environ.get(name):
            yield Check("certificates", "note", f"{name}={environ[name]}")
    for name in (*_SECRETS, "L10NSYNC_BRANCH", "L10NSYNC_MANIFEST"):
        if environ.get(name):
            shown = "set" if name in _SECRETS else environ[name]
            yield Check("setting", "note", f"{name}: {shown}")


def _without_password(address: str) -> str:
    """Return an address without the part before the host: it may be a password."""
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        if "@" not in parts.netloc:
            return address
        return parts._replace(netloc=f"***@{parts.netloc.rpartition('@')[2]}").geturl().removeprefix("//")
    except ValueError:
        return "(not an address)"


def _project(
    repository: Repository, project: Project, environ: Mapping[str, str], connect: Connect, *, online: bool
) -> Iterator[Check]:
    area = f"project {project.name}"
    if not project.id:
        hint = f"Set {project.id_variable}, or write the id into the manifest."
        yield Check(area, "fail", "no project id is set", hint, EXIT_USAGE)
        return
    origin = (
        project.id_variable if environ.get(project.id_variable, "").strip() == project.id else "the manifest"
    )
    yield Check(area, "ok", f"id {project.id} from {origin}, source locale {project.source_locale}")
    try:
        provider, connection = connect(project)
    except L10nSyncError as error:
        yield Check(area, "fail", error.message, error.hint, error.exit_code)
        return
    try:
        yield Check(area, "ok", f"user {masked(connection.user)}, secret set, host {connection.base_url}")
        if not online:
            return
        began = time.monotonic()
        state = provider.observe(Question(project=True))
        took = time.monotonic() - began
        details = state.project
        name = f'"{details.name}", {len(details.locales)} locales' if details else "no details"
        yield Check(area, "ok", f"{connection.base_url} answered in {took * 1000:.0f} ms: {name}")
        yield from _clock(area, state.server_time)
        check_project(repository, project, state)
        yield Check(area, "ok", "locales and source locale match the manifest")
        yield from _orders(area, repository, project, provider)
    except ManifestError as error:
        for diagnostic in error.diagnostics:
            yield Check(area, "fail", diagnostic.message, diagnostic.help, error.exit_code)
    except CredentialsError as error:
        yield Check(area, "fail", error.message, error.hint, error.exit_code)
    except L10nSyncError as error:
        hint = error.hint or "Check the network, the proxy and the address."
        yield Check(area, "fail", error.message, hint, error.exit_code)
    finally:
        provider.close()


def _orders(area: str, repository: Repository, project: Project, provider: Provider) -> Iterator[Check]:
    """Report what only a person can correct, for an order-based service."""
    if not provider.abilities.orders:
        return
    sources = [source for source in repository.sources if source.project == project.name]
    question = Question(files=True, contents=contents_of(sources, repository.tracked.files))
    for warning in provider.observe(question).warnings:
        yield Check(area, "note", warning)


def _clock(area: str, server_time: str) -> Iterator[Check]:
    if not server_time:
        return
    skew = abs((datetime.now(UTC) - datetime.fromisoformat(server_time)).total_seconds())
    if skew > SKEW:
        yield Check(area, "note", f"the clocks differ by {skew:.0f} s", "Set this machine's clock.")
    else:
        yield Check(area, "ok", "the clocks agree")


def masked(text: str) -> str:
    """Return enough of an identifier to know it again."""
    return f"{text[:3]}…{text[-2:]}" if len(text) > 8 else "***"
