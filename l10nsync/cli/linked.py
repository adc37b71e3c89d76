"""What most commands begin with: the repository as the options mean it, and its projects on the service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from l10nsync.cli.options import Options

if TYPE_CHECKING:
    from l10nsync.app import Link, Repository


@contextmanager
def linked(options: Options) -> Iterator[tuple[Repository, dict[str, Link]]]:
    """Open the repository and connect to every project of its sources; the connections are closed after."""
    from l10nsync import app
    from l10nsync.cli.connect import connector
    from l10nsync.cli.settings import settings

    repository = app.open_repository(settings(options), options.environ)
    with app.linked(repository, connector(options), sources=repository.sources) as links:
        yield repository, links
