"""`l10nsync verify`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from l10nsync.cli.console import emit, emit_json, painter
from l10nsync.cli.options import Options, common

if TYPE_CHECKING:
    from l10nsync.plan.verify import Verification


@click.command("verify")
@click.option("--offline", is_flag=True, help="Judge what the work tree holds; asks no service.")
@click.option("--warn-only", is_flag=True, help="Exit with 0 whatever is found.")
@common
def command(options: Options, *, offline: bool, warn_only: bool) -> int:
    """Judge the translations in the repository: they parse, and keep their sources' keys and placeholders."""
    from l10nsync import app
    from l10nsync.app.verify import verify_offline
    from l10nsync.cli.settings import settings
    from l10nsync.errors import EXIT_OK, UsageError

    if not offline:
        raise UsageError("only `verify --offline` exists yet", hint="It judges what the work tree holds.")
    found = verify_offline(app.open_repository(settings(options), options.environ))
    code = EXIT_OK if warn_only else found.exit_code
    _show(options, found, code)
    return code


def _show(options: Options, found: Verification, code: int) -> None:
    from l10nsync import __version__
    from l10nsync.render import diagnostics, verification

    if options.format == "json":
        emit_json(verification.data(found, exit_code=code))
    elif options.format == "sarif":
        emit_json(verification.sarif(found, version=__version__, exit_code=code))
    elif options.format == "github":
        emit("\n".join([verification.verdict(found), *_annotations(found)]))
    elif not options.quiet or not found.passed:
        _show_text(options, found)
        if problems := verification.problems(found):
            click.echo(diagnostics.text(problems, painter(options, sys.stderr)), err=True)


def _annotations(found: Verification) -> list[str]:
    from l10nsync.render import diagnostics, verification

    problems = verification.problems(found)
    return [diagnostics.github(problems)] if problems else []


def _show_text(options: Options, found: Verification) -> None:
    from l10nsync.render import verification
    from l10nsync.render.paint import count

    emit(painter(options, sys.stdout)(verification.verdict(found), "good" if found.passed else "error"))
    if found.missing and not options.quiet:
        verb = "is" if len(found.missing) == 1 else "are"
        emit(f"{count(len(found.missing), 'target')} {verb} not there yet (no error)")
