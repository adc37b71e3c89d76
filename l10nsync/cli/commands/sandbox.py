"""`l10nsync sandbox`: hands over to the sandbox through its own entry point."""

from __future__ import annotations

from importlib.metadata import entry_points

import click

from l10nsync.errors import UsageError
from l10nsync.extras import install_command, require_sandbox


def _load() -> click.Command:
    for point in entry_points(group="l10nsync.commands", name="sandbox"):
        try:
            found: click.Command = point.load()
        except ModuleNotFoundError:
            require_sandbox()
            raise
        return found
    raise UsageError("the sandbox is not installed", hint=f"Install it with: {install_command('sandbox')}")


command = _load()
