"""`l10nsync status`."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import click

from l10nsync.cli.console import emit, emit_json, emit_result, note, painter, save
from l10nsync.cli.help import Command
from l10nsync.cli.options import REPORTS, Options, common_with

if TYPE_CHECKING:
    from l10nsync.plan import Status
    from l10nsync.plan.gate import Judgement
    from l10nsync.render.status import By
    from l10nsync.render.status_page import PageParts


_MANY = 50
"""So many files are asked about without a word."""


@click.command("status", cls=Command)
@click.option(
    "--by",
    type=click.Choice(["file", "resource", "locale", "job"]),
    help="One row per file, resource, locale or job. [default: file, or resource if there are many files]",
)
@click.option("--fresh", is_flag=True, help="Ask about every file and ignore the cache.")
@click.option(
    "--html", metavar="FILE", type=click.Path(dir_okay=False), help="Also write a report as an HTML page."
)
@click.option("--badge", metavar="FILE", type=click.Path(dir_okay=False), help="Also write an SVG badge.")
@click.option(
    "--context", is_flag=True, help="Also count strings with a picture or page (one request per file)."
)
@click.option("--fail-if-incomplete", is_flag=True, help="Exit with 6 unless everything is published.")
@click.argument("paths", nargs=-1)
@common_with(formats=(*REPORTS, "tsv"))
def command(
    options: Options,
    *,
    by: By | None,
    fresh: bool,
    html: str | None,
    badge: str | None,
    context: bool,
    fail_if_incomplete: bool,
    paths: tuple[str, ...],
) -> int:
    """Show the progress of each file in each locale, and what the TMS does not have yet.

    With PATHS, only for the sources or translations that are named, or lie in the folders that are named.
    """
    from l10nsync import app
    from l10nsync.app.gate import judge_status
    from l10nsync.cli.connect import connector
    from l10nsync.cli.settings import settings
    from l10nsync.errors import EXIT_GATE, EXIT_OK

    repository = app.open_repository(settings(options, paths), options.environ, fetch=True)
    repository.require_sources(targets=True)
    needs_files = options.format in {"json", "tsv"} or html or badge or fail_if_incomplete or context
    request = app.StatusRequest(
        fresh=fresh or fail_if_incomplete,
        jobs=by == "job" or html is not None,
        only_jobs=by == "job" and not needs_files,
        pull=html is not None,
        context=context,
    )
    with app.linked(repository, connector(options), sources=repository.sources) as links:
        status = app.prepare_status(repository, links, request, tell=lambda files: _tell(options, files))
    code = EXIT_GATE if fail_if_incomplete and not status.complete else EXIT_OK
    gates = judge_status(repository, status) if html else ()
    _write(options, status, html, badge, gates)
    _show(options, status, by, code)
    return code


def _tell(options: Options, files: int) -> None:
    """Say why it takes a while."""
    from l10nsync.render.paint import count

    if files > _MANY:
        note(options, f"asking about {count(files, 'file')} …")


def _write(
    options: Options, status: Status, html: str | None, badge: str | None, gates: tuple[Judgement, ...]
) -> None:
    from l10nsync.render import badge as badges
    from l10nsync.render import status_page

    if html:
        save(html, status_page.page(status, _parts(options, status), gates))
    if badge:
        save(badge, badges.badge(status))


def _parts(options: Options, status: Status) -> PageParts:
    from importlib.resources import files

    from l10nsync import __version__
    from l10nsync.render.status_page import PageParts

    folder = files("l10nsync.render").joinpath("page")
    style, script = (folder.joinpath(f"status.{suffix}").read_text("utf-8") for suffix in ("css", "js"))
    return PageParts(style, script, __version__, _moment(options) or status.moment)


def _moment(options: Options) -> str:
    """Return the time that a reproducible build asks for; empty if none is set."""
    from datetime import UTC, datetime

    try:
        moment = datetime.fromtimestamp(int(options.environ["SOURCE_DATE_EPOCH"]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return ""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _show(options: Options, status: Status, by: By | None, code: int) -> None:
    from l10nsync.render import status as render
    from l10nsync.render import status_data

    if options.format == "json":
        emit_json(status_data.data(status, exit_code=code))
    elif options.format == "tsv":
        emit(status_data.tsv(status))
    elif options.format in {"markdown", "github"}:
        emit(render.markdown(status, by=by).rstrip("\n"))
    elif not (options.quiet and code == 0):
        _show_text(options, status, by)


def _show_text(options: Options, status: Status, by: By | None) -> None:
    from l10nsync.render import status as render

    options.shown.append(status)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    emit_result(options, render.text(status, painter(options, sys.stdout), by=by, width=width))
