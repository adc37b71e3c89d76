"""`l10nsync strings`: find."""

from __future__ import annotations

import sys

import click

from l10nsync.cli.console import emit_json, emit_result, painter
from l10nsync.cli.help import CommandGroup
from l10nsync.cli.linked import linked
from l10nsync.cli.options import Options, common_with


@click.group("strings", cls=CommandGroup)
def command() -> None:
    """Look at single strings of this repository on the TMS."""


@command.command("find")
@click.argument("text", default="")
@click.option("--key", metavar="KEY", default="", help="Find by key; * matches any characters.")
@click.option(
    "--most",
    metavar="N",
    type=click.IntRange(1, 1000),
    default=100,
    help="Show at most this many. [default: 100]",
)
@common_with(formats=("text", "json"))
def find_command(options: Options, *, text: str, key: str, most: int) -> int:
    """Find strings by a part of their source TEXT or by their key: file, and state and job by locale."""
    from l10nsync.app.lookups import find_strings
    from l10nsync.errors import UsageError
    from l10nsync.plan.lookups import StringQuery, strings_data
    from l10nsync.render import lookups

    if not (text.strip() or key):
        raise UsageError("nothing to look for: give a part of the source text, or --key KEY")
    with linked(options) as (repository, links):
        found, total = find_strings(repository, links, StringQuery(text.strip(), key), most)
    if options.format == "json":
        emit_json(strings_data(found, total))
    else:
        emit_result(options, lookups.strings(found, total, painter(options, sys.stdout)))
    return 0
