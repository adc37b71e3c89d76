"""The command line: argv in, exit code out; the only package that prints.

Each command is one module of `commands`, imported when it is called, so that `--version` and `--help`
stay quick. Errors are turned into messages and exit codes here and nowhere else.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from l10nsync import __version__
from l10nsync.cli.help import CommandGroup
from l10nsync.cli.options import Options, apply, global_options

_COMMANDS = {
    "init": ("init", "Write a first manifest."),
    "check": ("check", "Check the manifest; offline unless --online."),
    "list": ("list_", "What the manifest means: one line per source and locale."),
    "explain": ("explain", "Why a path is (not) a source; what an exit or error code means."),
    "plan": ("plan", "What a push or a pull would do."),
    "push": ("push", "Send changed sources to the TMS."),
    "pull": ("pull", "Bring published translations into the repository."),
    "status": ("status", "The progress of each file in each locale."),
    "import": ("import_", "Import existing translations into the TMS."),
    "job": ("job", "List, show, change, authorize, cancel or open translation jobs."),
    "files": ("files", "The files of this repository on the TMS."),
    "strings": ("strings", "Find a string: its file, and its state and job in each locale."),
    "questions": ("questions", "Translators' questions, at file and line; answer them."),
    "glossary": ("glossary", "Pull the glossary that `verify` checks translations against."),
    "context": ("context", "Pictures and pages that show translators where strings appear."),
    "watch": ("watch", "Pull whenever something is published; callbacks, webhooks, polling."),
    "verify": ("verify", "The release gate: complete, fresh and valid translations."),
    "rename": ("rename", "Rename a file on the TMS."),
    "prune": ("prune", "List, and then delete, leftover files on the TMS."),
    "pseudo": ("pseudo", "Write pseudo-localized targets; needs no service."),
    "doctor": ("doctor", "Check the setup: git, manifest, credentials, host, clock."),
    "schema": ("schema", "Print the JSON Schema of the manifest."),
    "sandbox": ("sandbox", "A local server that behaves like Smartling."),
    "demo": ("demo", "The whole round trip against the sandbox."),
    "completion": ("completion", "Print a completion script for a shell."),
    "skill": ("skill", "Print instructions for coding agents (SKILL.md)."),
    "ci": ("ci", "The command behind a CI integration."),
}
"""Name to module and the line that `--help` shows, so that showing help imports no command."""


_SYNONYMS = {
    "push": ("upload", "send", "sync", "submit"),
    "pull": ("download", "fetch", "get", "export"),
    "check": ("lint", "validate", "config"),
    "plan": ("diff", "preview", "dry-run"),
    "list": ("ls",),
    "init": ("new", "create", "setup", "configure"),
    "verify": ("test", "gate"),
    "prune": ("delete", "rm", "remove", "clean", "gc"),
    "rename": ("mv", "move"),
    "job": ("jobs",),
    "questions": ("issues", "issue", "comments"),
    "strings": ("search", "find", "grep"),
    "context": ("contexts", "screenshots", "screenshot", "shots"),
    "status": ("progress", "stats", "st"),
    "doctor": ("login", "auth", "whoami", "ping", "env"),
    "sandbox": ("server", "mock"),
    "demo": ("tutorial", "example"),
    "completion": ("completions",),
}
"""What other tools call a command."""


def _meant(name: str) -> str:
    """Return the command that an unknown name resembles; empty if there is none."""
    from difflib import get_close_matches

    known: dict[str, str] = {}
    for command, synonyms in _SYNONYMS.items():
        known |= dict.fromkeys(synonyms, command)
    known |= {command: command for command in _COMMANDS}
    return next((known[near] for near in get_close_matches(name, known, n=1, cutoff=0.65)), "")


class _Commands(CommandGroup):
    """Finds commands by name and imports them when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return [name for name in _COMMANDS if name != "ci"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        from importlib import import_module

        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"l10nsync.cli.commands.{_COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, *rest = args
        if name == "version":
            click.echo(f"l10nsync {__version__}")
            ctx.exit()
        if name == "help" and not rest:
            click.echo(ctx.get_help())
            ctx.exit()
        if name == "help":
            return super().resolve_command(ctx, [*rest, "--help"])
        if name not in _COMMANDS and (near := _meant(name)):
            ctx.fail(f"No such command {name!r}. Did you mean {near!r}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, _COMMANDS[name][1]) for name in self.list_commands(ctx)])
        with formatter.section("Exit codes"):
            formatter.write_dl(
                [
                    ("0", "done and confirmed, or nothing to do"),
                    ("2", "usage, manifest or repository state; nothing was changed"),
                    ("3", "differences (plan --exit-code, pull --check)"),
                    ("4", "credentials missing, wrong or not permitted"),
                    ("5", "temporary: run again"),
                    ("6", "the gate is not passed (verify, status --fail-if-incomplete)"),
                    ("7", "partial: some items failed; running again is safe"),
                    ("8", "refused for safety, or a conflict"),
                ]
            )


@click.command(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="l10nsync", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, /, **values: object) -> None:
    """Keep the resource files of a git repository and their translations in step with a TMS."""
    apply(ctx.ensure_object(Options), values)


for _option in global_options():
    cli = _option(cli)


def _require_utf8() -> None:
    """Start Python once more where it would not write names of files as git does: as UTF-8."""
    if sys.getfilesystemencoding() != "utf-8":
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run one command and end the process with its exit code."""
    from l10nsync.cli import streams
    from l10nsync.cli.console import run

    # A large file is many objects and hardly a circle: looking for circles took most of the time to read one.
    gc.set_threshold(200_000, 20, 50)
    streams.guard()
    _require_utf8()
    sys.exit(streams.finish(run(cli, list(sys.argv[1:] if argv is None else argv))))
