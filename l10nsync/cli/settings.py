"""From options to the settings of a run."""

from __future__ import annotations

from l10nsync.app import Settings
from l10nsync.cli.options import Options


def settings(options: Options) -> Settings:
    """Return what the command line says about where and what to work on."""
    return Settings(
        directory=options.path,
        manifest=options.manifest or options.environ.get("L10NSYNC_MANIFEST"),
        branch=options.branch,
        resources=options.resources,
        locales=options.locales,
        project=options.project,
    )
