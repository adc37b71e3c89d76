"""`l10nsync files`: list, get."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from l10nsync.cli.console import emit, emit_json, emit_result, note, painter, save
from l10nsync.cli.help import CommandGroup
from l10nsync.cli.options import Options, common_with

if TYPE_CHECKING:
    from l10nsync.app.lookups import FileContent


@click.group("files", cls=CommandGroup)
def command() -> None:
    """Look at the files that the TMS holds of this repository."""


@command.command("list")
@click.argument("paths", nargs=-1)
@common_with(formats=("text", "json"))
def list_command(options: Options, *, paths: tuple[str, ...]) -> int:
    """List the files of this manifest and branch that the TMS holds, each with its state."""
    from l10nsync import app
    from l10nsync.cli.connect import connector
    from l10nsync.cli.settings import settings
    from l10nsync.plan.lookups import files_data
    from l10nsync.render import lookups

    repository = app.open_repository(settings(options, paths), options.environ)
    repository.require_sources(targets=False)
    with app.linked(repository, connector(options), sources=repository.sources) as links:
        status = app.prepare_status(repository, links)
    if options.format == "json":
        emit_json(files_data(status))
    else:
        emit_result(options, lookups.files(status, painter(options, sys.stdout)))
    return 0


@command.command("get")
@click.argument("path")
@click.option("--original", is_flag=True, help="The source, as the TMS has it.")
@click.option("--out", metavar="FILE", help="Write to this file instead of standard output.")
@common_with(formats=("text", "json"))
def get_command(options: Options, *, path: str, original: bool, out: str | None) -> int:
    """Print what the TMS has of PATH: a translation's file, or a source with -l or --original.

    Nothing is checked, merged or restyled: these are the bytes of the service.
    """
    from l10nsync import app
    from l10nsync.app.lookups import get_file
    from l10nsync.cli.connect import connector
    from l10nsync.cli.settings import settings

    repository = app.open_repository(settings(options, (path,)), options.environ)
    repository.require_sources(targets=True)
    with app.linked(repository, connector(options), sources=repository.sources) as links:
        found = get_file(repository, links, original=original)
    if out:
        save(out, found.content)
        note(options, f"wrote {out}")
    elif options.format == "json":
        emit_json(_data(found))
    else:
        _print(found.content)
    return 0


def _print(content: bytes) -> None:
    """Print bytes as they are; to a terminal, whose controls they may hold, as text that is escaped."""
    from l10nsync.render.paint import escape

    if sys.stdout.isatty() or not hasattr(sys.stdout, "buffer"):
        emit("\n".join(escape(line) for line in content.decode("utf-8", "replace").splitlines()))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)


def _data(found: FileContent) -> dict[str, object]:
    from base64 import b64encode

    try:
        content, encoding = found.content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        content, encoding = b64encode(found.content).decode(), "base64"
    return {
        "schemaVersion": 1,
        "exitCode": 0,
        "fileUri": found.uri,
        "path": found.path,
        "locale": found.locale or None,
        "encoding": encoding,
        "content": content,
    }
