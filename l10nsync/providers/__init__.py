"""Translation management systems: one boundary (`base`), and one package for each service."""

from __future__ import annotations

from l10nsync import services
from l10nsync.model import Project
from l10nsync.providers.base import Connection, Provider, ProviderFactory


def connect_to(project: Project, connection: Connection) -> Provider:
    """Make the provider that PROJECT names; sends nothing yet. Raises `UsageError` for an unknown name."""
    connect: ProviderFactory = services.imported(services.service(project.provider).connect)
    return connect(project, connection)
