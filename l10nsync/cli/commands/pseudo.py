"""`l10nsync pseudo`."""

from __future__ import annotations

import click

from l10nsync.cli.help import Command
from l10nsync.cli.options import OFFLINE, Options, common_with


@click.command("pseudo", cls=Command)
@click.option("--dry-run", is_flag=True, help="Show the plan, and change nothing.")
@click.option(
    "--inflation",
    type=click.IntRange(0, 100),
    default=None,
    metavar="N",
    help="Make texts longer by N percent: 0 to 100, else what `pseudo_inflation` says, else 30.",
)
@click.option("--into", metavar="DIR", help="Write below DIR instead of into the repository.")
@click.option("--force", is_flag=True, help="Overwrite uncommitted changes.")
@common_with(unused=OFFLINE)
def command(options: Options, *, dry_run: bool, inflation: int | None, into: str | None, force: bool) -> int:
    """Write pseudo-localized targets, made from the committed sources; needs no service."""
    from l10nsync import app
    from l10nsync.app.pseudo import PseudoRequest, carry_out_pseudo, prepare_pseudo
    from l10nsync.cli.progress import watching
    from l10nsync.cli.result import show
    from l10nsync.cli.settings import settings
    from l10nsync.plan import Report

    repository = app.open_repository(settings(options), options.environ, needs_branch=False)
    request = PseudoRequest(inflation, force, options.path / into if into else None)
    prepared = prepare_pseudo(repository, request)
    if dry_run:
        return show(options, Report(prepared.plan, dry_run=True))
    with watching(options, prepared.plan) as watch:
        report = carry_out_pseudo(prepared, watch=watch)
    return show(options, report)
