"""`l10nsync sandbox`: hands over to the sandbox through its own entry point."""

from __future__ import annotations

from importlib.metadata import entry_points

import click

from l10nsync.errors import UsageError


def _load() -> click.Command:
    for point in entry_points(group="l10nsync.commands", name="sandbox"):
        try:
            found: click.Command = point.load()
        except ImportError as error:
            raise UsageError(
                f"the sandbox is not installed: {error.name} is missing",
                hint="Install it with: pip install 'l10nsync[sandbox]'",
            ) from error
        return found
    raise UsageError("the sandbox is not installed", hint="Install it with: pip install 'l10nsync[sandbox]'")


command = _load()
