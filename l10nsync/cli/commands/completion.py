"""`l10nsync completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from l10nsync.cli.console import emit
from l10nsync.cli.help import Command
from l10nsync.cli.options import BARE, Options, common_with
from l10nsync.errors import UsageError


@click.command("completion", cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@common_with(formats=("text",), unused=BARE)
def command(_options: Options, *, shell: str) -> int:
    """Print a completion script for SHELL; source it from the shell's start file."""
    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(f"no completion is available for {shell}")
    emit(kind(click.Group("l10nsync"), {}, "l10nsync", "_L10NSYNC_COMPLETE").source().rstrip())
    return 0
