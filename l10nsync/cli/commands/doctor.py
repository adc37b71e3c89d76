"""`l10nsync doctor`."""

from __future__ import annotations

import sys

import click

from l10nsync.cli.console import emit, emit_json, painter
from l10nsync.cli.help import Command
from l10nsync.cli.options import Options, common_with

_ROLES = {"ok": "good", "note": "notice", "fail": "error"}


@click.command("doctor", cls=Command)
@click.option("--offline", is_flag=True, help="Do not ask the service.")
@common_with(formats=("text", "json"))
def command(options: Options, *, offline: bool) -> int:
    """Say what a run would find: git, manifest, branch, credentials (masked), host, clock."""
    from l10nsync.app.doctor import examine, exit_code
    from l10nsync.cli.connect import connector
    from l10nsync.cli.settings import settings
    from l10nsync.render.paint import escape

    paint = painter(options, sys.stdout)
    checks = []
    for check in examine(settings(options), options.environ, connector(options), online=not offline):
        checks.append(check)
        if options.format == "json" or (options.quiet and check.status != "fail"):
            continue
        emit(
            f"{paint(f'{check.status:<4}', _ROLES[check.status])}  {escape(check.area)}: {escape(check.text)}"
        )
        if check.hint:
            emit(f"      hint: {escape(check.hint)}")
    code = exit_code(checks)
    if options.format == "json":
        found = [
            {"area": check.area, "status": check.status, "text": check.text, "hint": check.hint}
            for check in checks
        ]
        emit_json({"schemaVersion": 1, "exitCode": code, "checks": found})
    return code
