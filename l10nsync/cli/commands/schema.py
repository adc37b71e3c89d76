"""`l10nsync schema`."""

from __future__ import annotations

import click

from l10nsync.cli.console import emit
from l10nsync.cli.help import Command
from l10nsync.cli.options import BARE, Options, common_with


@click.command("schema", cls=Command)
@common_with(formats=("text", "json"), unused=BARE)
def command(_options: Options) -> int:
    """Print the JSON Schema of the manifest, for editors and other tools."""
    from l10nsync.manifest import installed_schema

    emit(installed_schema().rstrip("\n"))
    return 0
