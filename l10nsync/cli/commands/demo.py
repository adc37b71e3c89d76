"""`l10nsync demo`: the whole round trip on an example repository, against a sandbox of its own.

Every step is a real process, as a user would start it; what is shown is what it printed.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from l10nsync.cli.console import emit, painter
from l10nsync.cli.help import Command
from l10nsync.cli.options import BARE, Options, common_with
from l10nsync.errors import L10nSyncError, TemporaryError, UsageError
from l10nsync.extras import require_sandbox
from l10nsync.render.paint import Paint

EXAMPLE = "web-i18next"
MARKER = ".made-by-l10nsync-demo"
_PATIENCE = 300  # seconds; a step takes two, on a busy machine many more
LOCALES = "de-DE,fr-FR,es-ES"
_FOREIGN = (
    *("SMARTLING_", "L10NSYNC_", "GIT_", "GITHUB_", "GITLAB_", "CI_", "BITBUCKET_", "BUILDKITE_"),
    *("CIRCLE_", "JENKINS_", "BUILD_", "SYSTEM_", "BRANCH_NAME", "CHANGE_"),
)
"""Beginnings of variables that would make the demo depend on where it runs."""
_GIT = ("git", "-c", "user.name=Demo", "-c", "user.email=demo@example.com", "-c", "commit.gpgsign=false")


@dataclass(frozen=True, slots=True)
class DemoStep:
    """One command of the demo, as it is typed, with what it has to print."""

    typed: str
    expected: str
    about: str


STEPS = (
    DemoStep("l10nsync check", "valid", "Is the manifest correct? No network, no credentials."),
    DemoStep("l10nsync plan", "to add", "What would a push do? Changes nothing, here or on the TMS."),
    DemoStep(
        "l10nsync push", "Sent", "Send the sources: one job, one batch, confirmed by reading them back."
    ),
    DemoStep("l10nsync sandbox translate", "published", "Translators at work (played by the sandbox)."),
    DemoStep("l10nsync status", "complete", "What is the progress of each file in each locale?"),
    DemoStep("l10nsync pull", "Wrote", "Bring the published translations into the repository."),
    DemoStep("git status --short", "??", "What the pull wrote:"),
    DemoStep("git add --all", "", ""),
    DemoStep("git commit --quiet --message 'Add translations'", "", ""),
    DemoStep("l10nsync push", "No changes", "Again: the content is known, so there is nothing to send."),
    DemoStep("l10nsync pull", "No changes", "And nothing to write."),
)


@click.command("demo", cls=Command)
@click.option(
    "--into",
    default=".demo",
    show_default=True,
    metavar="DIR",
    help="Where to create the example repository, from scratch.",
)
@common_with(formats=("text",), unused=BARE)
def command(options: Options, *, into: str) -> int:
    """Play the whole round trip on an example repository, against a local sandbox; needs no account."""
    require_sandbox()
    folder = (options.path / into).resolve()
    repository = prepare(folder, example())
    paint = painter(options, sys.stdout)
    environ = clean(options.environ, folder)
    emit(paint(f"An example repository: {folder / EXAMPLE}", "strong"))
    with sandbox(environ) as address:
        for step in STEPS:
            play(step, repository, environ | address, paint)
    for line in closing(repository):
        emit(line)
    return 0


def example() -> Path:
    """Return the folder of the example: beside the package in a checkout, inside it once installed."""
    package = Path(__file__).parents[2]
    places = (package.parent / "examples" / EXAMPLE, package / "demo" / EXAMPLE)
    found = next((place for place in places if (place / ".l10n.yml").is_file()), None)
    if found is None:
        raise UsageError(
            "the example repository is missing from this installation",
            hint="Run the demo from a checkout: make demo",
        )
    return found


def prepare(folder: Path, source: Path) -> Path:
    """Put a fresh copy of SOURCE below FOLDER, as a repository with one commit; return its folder."""
    repository = folder / EXAMPLE
    try:
        if folder.exists() and any(folder.iterdir()) and not (folder / MARKER).exists():
            raise UsageError(f"{folder} was not made by the demo", hint="Name another folder with --into.")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(source, repository)
        (folder / MARKER).touch()
    except OSError as error:
        hint = "Name another folder with --into."
        raise UsageError(f"cannot make the folder {folder}: {error.strerror}", hint=hint) from error
    environ = clean(os.environ, folder)
    for words in (
        ("init", "--quiet", "--initial-branch=main"),
        ("add", "--all"),
        ("commit", "--quiet", "--message=Begin"),
    ):
        done = run((*_GIT, *words), repository, environ)
        if done.code:
            raise L10nSyncError(f"git {words[0]} failed: {done.err.strip()}")
    return repository


def clean(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return ENVIRON without credentials and CI variables; the sandbox leaves its address in FOLDER."""
    kept = {name: value for name, value in environ.items() if not name.startswith(_FOREIGN)}
    return kept | {"XDG_RUNTIME_DIR": str(folder), "PYTHONUTF8": "1"}


@contextmanager
def sandbox(environ: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Run a sandbox on a free port of the loopback interface; give the variables that lead to it."""
    process = subprocess.Popen(
        [*_us(), "sandbox", "start", "--port", "0", "--locales", LOCALES],
        env=dict(environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        yield _address(process)
    finally:
        process.terminate()
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _address(process: subprocess.Popen[str]) -> dict[str, str]:
    """Read the `export NAME=value` lines that a starting sandbox prints, up to the project id."""
    found: dict[str, str] = {}
    for line in process.stdout or ():
        if line.startswith("export "):
            name, _, value = line.removeprefix("export ").strip().partition("=")
            found[name] = shlex.split(value)[0] if value else ""
        if {"SMARTLING_API_URL", "SMARTLING_PROJECT_ID", "SMARTLING_USER_SECRET"} <= found.keys():
            return found
    complaint = process.stderr.read() if process.stderr else ""
    raise UsageError(f"the sandbox did not start: {complaint.strip()}")


def play(step: DemoStep, repository: Path, environ: Mapping[str, str], paint: Paint) -> None:
    """Run one step and show it; raise `L10nSyncError` if it did not do what the demo promises."""
    if step.about:
        emit(f"\n# {step.about}")
    emit(paint(f"$ {step.typed}", "strong"))
    done = run(words(step.typed), repository, environ)
    if done.out:
        emit(done.out.rstrip("\n"))
    if done.code or step.expected not in done.out:
        wanted = f" and {step.expected!r} in its output" if step.expected else ""
        click.echo(done.err, err=True, nl=False)
        raise L10nSyncError(f"`{step.typed}` ended with exit code {done.code}; expected was 0{wanted}")


def words(typed: str) -> tuple[str, ...]:
    """Return the process that stands for a typed command: this very installation, and a git with a user."""
    program, *arguments = shlex.split(typed)
    return (*(_us() if program == "l10nsync" else _GIT), *arguments)


def _us() -> tuple[str, ...]:
    return (sys.executable, "-m", "l10nsync")


@dataclass(frozen=True, slots=True)
class Done:
    """A process that ended."""

    code: int
    out: str
    err: str
    """Progress and diagnostics; shown only where something went wrong."""


def run(argv: Sequence[str], folder: Path, environ: Mapping[str, str]) -> Done:
    """Run a process in FOLDER to its end; raise `TemporaryError` if it comes to none."""
    try:
        done = subprocess.run(
            list(argv),
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=_PATIENCE,
        )
    except subprocess.TimeoutExpired as error:
        hint = "Is the machine very busy? Run the demo again."
        raise TemporaryError(f"a step of the demo took longer than {_PATIENCE} s", hint=hint) from error
    return Done(done.returncode, done.stdout, done.stderr)


def closing(repository: Path) -> list[str]:
    """Return where to look: one source with its translations."""
    shown = "apps/shop/locales/{}/common.json"
    files = "\n".join(f"  {repository / shown.format(name)}" for name in ("en", "de", "fr", "es-ES", "es-MX"))
    return [
        "\nDone: sources sent, translations pulled and committed, and a second round changed nothing.",
        f"Look at the source and its translations:\n{files}",
        f"The manifest: {repository / '.l10n.yml'}",
    ]
