"""`l10nsync sandbox …`: run a local translation management system, and play its translators."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import click

from l10nsync.extras import require_sandbox
from l10nsync.sandbox import seeding
from l10nsync.sandbox.groups.projects.rules import DEFAULT_LOCALES
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
    return [f"export {key}={shlex.quote(value)}" for key, value in environment(url, project).items()]


@click.group()
def sandbox() -> None:
    """Run a local translation management system, and play its translators."""


class _NewFile(click.Path):
    """A file that is there, or whose folder is."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return VALUE; refuse what could not be made later, when there is work to lose."""
        found = os.fsdecode(super().convert(value, param, ctx))
        if not Path(found).absolute().parent.is_dir():
            self.fail(f"the folder of {found} does not exist", param, ctx)
        return found


_state = click.option(
    "--state", type=_NewFile(dir_okay=False, writable=True), help="Keep the state in this file."
)
_project = click.option("--project", help="Project id.")
_source = click.option(
    "--source-locale", default="", help="Source locale of the project; else the manifest's, else en-US."
)
_faults = click.option(
    "--faults", type=click.Path(exists=True, dir_okay=False), help="Rules of faults, in force from the start."
)
_record = click.option(
    "--record",
    type=_NewFile(dir_okay=False, writable=True),
    help="Add each request with its answer to this file.",
)
_locales = click.option(
    "--locales",
    default="",
    help="Target locales, with commas; else the manifest's and eight usual ones, and any is taken.",
)


@sandbox.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port; 0 takes a free one.")
@_state
@_project
@_source
@_locales
@_faults
@_record
def start(
    port: int,
    state: str | None,
    project: str | None,
    source_locale: str,
    locales: str,
    **files: str | None,
) -> None:
    """Start a sandbox and print the environment that leads to it."""
    require_sandbox()
    from l10nsync.sandbox import server
    from l10nsync.sandbox.server_state import Setup

    ident = project or _DEFAULT_PROJECT
    record = Path(files["record"]) if files["record"] else None
    source, listed = _languages(source_locale, locales)
    setup = Setup(ident, source, listed, not locales, tuple(_rules(files["faults"])))
    app = server.build(setup, state or ":memory:", record)
    try:
        sock = server.listen(port)
    except OSError as error:
        raise click.UsageError(f"port {port} cannot be used: {error.strerror}") from error
    url = server.url_of(sock)
    click.echo(f"sandbox running at {url}, project {ident}; stop it with Ctrl-C", err=True)
    click.echo(f"open {url}/ in a browser to authorize jobs and to translate", err=True)
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
@_faults
@_record
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(
    state: str | None,
    project: str | None,
    source_locale: str,
    locales: str,
    command: Sequence[str],
    **files: str | None,
) -> None:
    """Run COMMAND against a sandbox of its own and return its exit code."""
    require_sandbox()
    ident = project or _DEFAULT_PROJECT
    source, listed = _languages(source_locale, locales)
    options = ["--project", ident, "--source-locale", source, "--locales", ",".join(listed)]
    options += [] if locales else ["--open"]
    _rules(files["faults"])  # so that a mistake is reported here
    given = {"--state": state, **{f"--{name}": value for name, value in files.items()}}
    options += list(
        chain.from_iterable((name, str(Path(value).absolute())) for name, value in given.items() if value)
    )
    with SandboxServer(*options) as server:
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
@click.option("--pre-published", is_flag=True, help="Hand them out, but leave their work to be finished.")
@click.option("--source-copy", is_flag=True, help="Copy the source instead of pseudo-localizing it.")
@click.option("--texts", type=click.File("rb"), help="JSON object of translations by key or source text.")
@click.option(
    "--from",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Take whole translated files from this folder: LOCALE/FILEURI, as in a downloaded archive.",
)
@click.option("--again", is_flag=True, help="Also change what is already published.")
def translate(
    locales: Sequence[str], project: str | None, texts: Any, folder: Path | None, **flags: bool
) -> None:
    """Play the translators: translate each LOCALE (all of the project if none) to PERCENT (100)."""
    state = _state_of(**flags)
    chosen = dict(_percent(locale) for locale in locales)
    parts = texts is not None or flags["source_copy"] or any(percent != 100 for percent in chosen.values())
    if folder is not None and parts:
        raise click.UsageError("--from takes whole files, without --texts, --source-copy or a percentage")
    client, ident = ControlClient(find_url()), find_project(project)
    if folder is not None:
        number = _asked(lambda: _from_folder(client, ident, folder, list(chosen), state))
    else:
        how = _how(texts, copy=flags["source_copy"])
        work: dict[str, Any] = {"state": state, "how": how, "again": flags["again"]}
        number = _asked(lambda: client.translate(ident, chosen or None, **work))
    done = {"pending": "saved", "prepublished": "pre-published"}.get(state, state)
    click.echo(f"{number} translations {done} in project {ident}")


def _state_of(*, pending: bool, pre_published: bool, **_others: bool) -> str:
    if pending and pre_published:
        raise click.UsageError("--pending and --pre-published cannot be combined")
    return "pending" if pending else "prepublished" if pre_published else "published"


def _from_folder(client: ControlClient, project: str, folder: Path, locales: list[str], state: str) -> int:
    """Hand in every file of FOLDER that translates one of the project; return the strings."""
    found = seeding.archive(folder, list(client.view(project)["files"]), locales)
    if not found:
        raise click.UsageError(f"{folder} holds no translation of this project's files (LOCALE/FILEURI)")
    return sum(
        client.translation(project, uri, locale, path.read_bytes(), state=state, authorize=True)["strings"]
        for uri, locale, path in found
    )


@sandbox.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_project
def seed(folder: Path, project: str | None) -> None:
    """Load the repository in DIR with the translations that it has, as if they had been made here.

    Afterwards a push and a pull there have nothing to do. Sources are taken as the last commit has them,
    translations as they lie in the work tree; what is not translated yet stays unauthorized.
    """
    client, ident = ControlClient(find_url()), find_project(project)
    found = seeding.read(folder, {**os.environ, **environment(client.url, ident)})
    done = _asked(lambda: seeding.load(client, ident, found))
    for problem in done.problems:
        click.echo(f"left out: {problem}", err=True)
    click.echo(
        f"{done.sources} sources and {done.files} translated files with {done.strings} strings"
        f" loaded into project {ident}"
    )


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


@sandbox.command("env")
@_project
def environment_lines(project: str | None) -> None:
    """Print the exports that point a shell at the running sandbox: eval "$(l10nsync sandbox env)"."""
    for line in export_lines(find_url(), find_project(project)):
        click.echo(line)


def _rules(name: str | None) -> Sequence[Any]:
    """Return the rules of a fault file; raise an error in plain words if it is wrong."""
    from l10nsync.sandbox import faults, urls

    assert urls.ROUTES  # noqa: S101 - with them the names of operations are known
    try:
        return faults.read_file(Path(name)) if name else ()
    except (OSError, ValueError) as error:
        raise click.BadParameter(str(error), param_hint="--faults") from error


def _languages(source: str, locales: str) -> tuple[str, tuple[str, ...]]:
    """Return source locale and listed locales: as given, else those of the manifest here, else usual ones."""
    given = _split(locales)
    found_source, found = ("", ()) if source and given else seeding.languages(Path.cwd())
    return source or found_source or "en-US", given or tuple(dict.fromkeys((*found, *DEFAULT_LOCALES)))


def _split(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


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
    """Send a request to the control API; raise an error in plain words if nobody answers."""
    try:
        return request()
    except ControlError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"the sandbox at {find_url()} does not answer: {error}") from error


if __name__ == "__main__":
    sandbox()
