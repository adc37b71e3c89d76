"""`l10nsync skill`."""

from __future__ import annotations

import click

from l10nsync.cli.console import emit
from l10nsync.cli.help import Command
from l10nsync.cli.options import BARE, Options, common_with


@click.command("skill", cls=Command)
@common_with(formats=("text",), unused=BARE)
def command(_options: Options) -> int:
    """Print a SKILL.md: what a coding agent has to know to use l10nsync, and what it must leave to people."""
    from l10nsync.cli.skill import skill

    emit(skill().rstrip("\n"))
    return 0
