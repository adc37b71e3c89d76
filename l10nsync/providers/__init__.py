"""Translation management systems: one boundary (`base`), and one package for each service."""

from __future__ import annotations

from importlib import import_module

from l10nsync.errors import UsageError
from l10nsync.model import Project
from l10nsync.providers.base import Connect, Connection, Provider

_TABLE = {
    "smartling": "l10nsync.providers.smartling.provider",
    "smartmate": "l10nsync.providers.smartmate.provider",
}
"""Name in the manifest to the module whose `connect` makes a provider."""

NAMES = tuple(_TABLE)


def connector(name: str) -> Connect:
    """Return the `connect` function of the provider called NAME, importing it only now."""
    if name not in _TABLE:
        raise UsageError(f"unknown provider {name!r}", hint=f"known are: {', '.join(NAMES)}")
    found: Connect = import_module(_TABLE[name]).connect
    return found


def connect_to(project: Project, connection: Connection) -> Provider:
    """Make the provider that PROJECT names; sends nothing yet."""
    return connector(project.provider)(project, connection)
