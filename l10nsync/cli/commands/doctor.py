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
    for each in examine(settings(options), options.environ, connector(options), online=not offline):
        checks.append(each)
        if options.format == "json" or (options.quiet and each.status != "fail"):
            continue
        emit(f"{paint(f'{each.status:<4}', _ROLES[each.status])}  {escape(each.area)}: {escape(each.text)}")
        if each.hint:
            emit(f"      hint: {escape(each.hint)}")
    code = exit_code(checks)
    if options.format == "json":
        found = [
            {"area": each.area, "status": each.status, "text": each.text, "hint": each.hint}
            for each in checks
        ]
        emit_json({"schemaVersion": 1, "exitCode": code, "checks": found})
    return code
