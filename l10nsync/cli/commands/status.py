"""`l10nsync status`."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import click

from l10nsync.cli.console import emit, painter
from l10nsync.cli.options import Options, common

if TYPE_CHECKING:
    from l10nsync.plan import Status
    from l10nsync.render.status import By


@click.command("status")
@click.option(
    "--by",
    type=click.Choice(["file", "resource", "locale"]),
    help="What the rows are; else files while they are few, else resources.",
)
@click.option("--fresh", is_flag=True, help="Ask about every file, whatever is remembered.")
@click.option("--fail-if-incomplete", is_flag=True, help="Exit with 6 unless everything is published.")
@common
def command(options: Options, *, by: By | None, fresh: bool, fail_if_incomplete: bool) -> int:
    """Show how far every file is in every locale, and what the TMS does not have yet."""
    from l10nsync import app
    from l10nsync.cli.connect import connector
    from l10nsync.cli.settings import settings
    from l10nsync.errors import EXIT_GATE, EXIT_OK

    repository = app.open_repository(settings(options), options.environ)
    request = app.StatusRequest(fresh=fresh or fail_if_incomplete)
    with app.linked(repository, connector(options), sources=repository.sources) as links:
        status = app.prepare_status(repository, links, request)
    code = EXIT_GATE if fail_if_incomplete and not status.complete else EXIT_OK
    _show(options, status, by)
    return code


def _show(options: Options, status: Status, by: By | None) -> None:
    from l10nsync.render import status as render

    options.shown.append(status)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    emit(render.text(status, painter(options, sys.stdout), by=by, width=width))
