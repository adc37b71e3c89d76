"""`l10nsync import`."""

from __future__ import annotations

from typing import cast

import click

from l10nsync.cli.help import Command
from l10nsync.cli.options import Options, common


@click.command("import", cls=Command)
@click.option("--dry-run", is_flag=True, help="Show the plan, and change nothing.")
@click.option(
    "--state",
    type=click.Choice(["published", "post-translation"]),
    default="published",
    help="State after import: published, or translated and waiting for review.",
)
@click.option("--overwrite", is_flag=True, help="Replace other translations that the TMS has (needs --yes).")
@click.option("--include-equal", is_flag=True, help="Also import texts equal to their source.")
@click.option("--yes", is_flag=True, help="Confirm --overwrite.")
@common
def command(
    options: Options, *, dry_run: bool, state: str, overwrite: bool, include_equal: bool, yes: bool
) -> int:
    """Take the translations that the repository has into the TMS: once, when a project begins."""
    from l10nsync import app
    from l10nsync.app.imports import ImportRequest, carry_out_import, check_import_allowed, prepare_import
    from l10nsync.cli.connect import connector
    from l10nsync.cli.progress import watching
    from l10nsync.cli.result import show
    from l10nsync.cli.settings import settings
    from l10nsync.model import ImportState
    from l10nsync.plan import Report
    from l10nsync.plan.imports import ImportOptions

    name = cast("ImportState", state.upper().replace("-", "_"))
    request = ImportRequest(ImportOptions(name, overwrite, include_equal), yes)
    repository = app.open_repository(settings(options), options.environ, fetch=True)
    with app.linked(repository, connector(options), sources=repository.sources) as links:
        prepared = prepare_import(repository, links, request)
        if dry_run:
            return show(options, Report(prepared.plan, dry_run=True))
        check_import_allowed(repository, prepared.plan, request)
        with watching(options, prepared.plan) as watch:
            report = carry_out_import(links, prepared, watch=watch)
    return show(options, report)
