"""`l10nsync sandbox …`: run a local translation management system, and play its translators."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from l10nsync.sandbox.testing import ControlClient, ControlError, SandboxServer, environment

_DEFAULT_PROJECT = "sandbox00"


def runtime_file() -> Path:
    """Return the file in which a running sandbox leaves its address: the user's own, never shared."""
    folder = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return Path(folder) / f"l10nsync-sandbox-{os.getuid() if hasattr(os, 'getuid') else 'user'}.json"


def remember(url: str, project: str) -> None:
    """Leave the address of a running sandbox for the other commands."""
    path = runtime_file()
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump({"url": url, "project": project}, stream)


def forget(url: str) -> None:
    """Take back what `remember` left, if it is still ours."""
    if recalled().get("url") == url:
        runtime_file().unlink(missing_ok=True)


def recalled() -> dict[str, str]:
    """Return what a running sandbox left; an empty mapping if nothing."""
    try:
        path = runtime_file()
        if hasattr(os, "getuid") and path.stat().st_uid != os.getuid():
            return {}
        found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def find_url() -> str:
    """Return the address of the sandbox that is meant; raise a usage error if there is none."""
    url = (
        os.environ.get("L10NSYNC_SANDBOX_URL") or os.environ.get("SMARTLING_API_URL") or recalled().get("url")
    )
    if not url:
        raise click.UsageError("no sandbox is running here; start one with `l10nsync sandbox start`")
    return url


def find_project(given: str | None) -> str:
    """Return the project that is meant."""
    return given or os.environ.get("SMARTLING_PROJECT_ID") or recalled().get("project") or _DEFAULT_PROJECT


def export_lines(url: str, project: str) -> list[str]:
    """Return what a shell needs to lead a client to the sandbox."""
    return [f"export {key}={value}" for key, value in environment(url, project).items()]


@click.group()
def sandbox() -> None:
    """Run a local translation management system, and play its translators."""


_state = click.option("--state", type=click.Path(dir_okay=False), help="Keep the state in this file.")
_project = click.option("--project", help="Project id.")
_source = click.option(
    "--source-locale", default="en-US", show_default=True, help="Source locale of the project."
)
_locales = click.option("--locales", default="", help="Target locales, with commas; without it any will do.")


@sandbox.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port; 0 takes a free one.")
@_state
@_project
@_source
@_locales
def start(port: int, state: str | None, project: str | None, source_locale: str, locales: str) -> None:
    """Start a sandbox and print the environment that leads to it."""
    from l10nsync.sandbox import server
    from l10nsync.sandbox.server_state import Setup

    ident = project or _DEFAULT_PROJECT
    app = server.build(Setup(ident, source_locale, _split(locales)), state or ":memory:")
    try:
        sock = server.listen(port)
    except OSError as error:
        raise click.UsageError(f"port {port} cannot be used: {error.strerror}") from error
    url = server.url_of(sock)
    click.echo(f"sandbox running at {url}, project {ident}; stop it with Ctrl-C", err=True)
    for line in export_lines(url, ident):
        click.echo(line)
    sys.stdout.flush()
    remember(url, ident)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server.serve(app, sock)
    finally:
        forget(url)


@sandbox.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@_state
@_project
@_source
@_locales
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(
    state: str | None, project: str | None, source_locale: str, locales: str, command: Sequence[str]
) -> None:
    """Run COMMAND against a sandbox of its own and return its exit code."""
    ident = project or _DEFAULT_PROJECT
    options = ["--project", ident, "--source-locale", source_locale, "--locales", locales]
    with SandboxServer(*options, *(["--state", state] if state else [])) as server:
        variables = {**os.environ, **server.environment(ident), "L10NSYNC_SANDBOX_URL": server.url}
        try:
            done = subprocess.run(list(command), env=variables, check=False)
        except OSError as error:
            raise click.UsageError(f"{command[0]} cannot be run: {error.strerror}") from error
    raise SystemExit(done.returncode if done.returncode >= 0 else 128 - done.returncode)


@sandbox.command()
@click.argument("locales", nargs=-1, metavar="[LOCALE[=PERCENT]]…")
@_project
@click.option("--pending", is_flag=True, help="Save the translations without publishing them.")
@click.option("--source-copy", is_flag=True, help="Copy the source instead of pseudo-localizing it.")
@click.option("--texts", type=click.File("rb"), help="JSON object of translations by key or source text.")
@click.option("--again", is_flag=True, help="Change what is published already, too.")
def translate(locales: Sequence[str], project: str | None, texts: Any, **flags: bool) -> None:
    """Play the translators: translate each LOCALE (all of the project if none) to PERCENT (100)."""
    work: dict[str, Any] = {
        "state": "pending" if flags["pending"] else "published",
        "how": _how(texts, copy=flags["source_copy"]),
        "again": flags["again"],
    }
    chosen = dict(_percent(each) for each in locales)
    client, ident = ControlClient(find_url()), find_project(project)
    number = _asked(lambda: client.translate(ident, chosen or None, **work))
    click.echo(f"{number} translations {'saved' if flags['pending'] else 'published'} in project {ident}")


@sandbox.command()
@click.argument("locales", nargs=-1)
@_project
def publish(locales: Sequence[str], project: str | None) -> None:
    """Publish saved translations of each LOCALE, or of all."""
    client, ident = ControlClient(find_url()), find_project(project)
    number = _asked(lambda: client.publish(ident, locales))
    click.echo(f"{number} translations published in project {ident}")


@sandbox.command()
def reset() -> None:
    """Forget everything the sandbox holds."""
    client = ControlClient(find_url())
    _asked(client.reset)
    click.echo("the sandbox is empty")


@sandbox.command()
def url() -> None:
    """Print the address of the running sandbox."""
    click.echo(find_url())


def _split(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())


def _percent(text: str) -> tuple[str, int]:
    locale, _, percent = text.partition("=")
    if percent and not (percent.isdigit() and int(percent) <= 100):
        raise click.BadParameter(f"{text}: the percentage must be a whole number from 0 to 100")
    return locale, int(percent or 100)


def _how(texts: Any, *, copy: bool) -> Any:
    if texts is None:
        return "source" if copy else "pseudo"
    try:
        found = json.load(texts)
    except ValueError as error:
        raise click.BadParameter(f"--texts: {error}") from error
    if not isinstance(found, dict):
        raise click.BadParameter("--texts: a JSON object is expected")
    return {"texts": found}


def _asked(request: Any) -> Any:
    """Send a request to the control API; tell in plain words if nobody is there."""
    try:
        return request()
    except ControlError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"the sandbox at {find_url()} does not answer: {error}") from error


if __name__ == "__main__":
    sandbox()
