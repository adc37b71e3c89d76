"""From options to the settings of a run."""

from __future__ import annotations

from l10nsync.app import Settings
from l10nsync.cli.options import Options


def settings(options: Options, paths: tuple[str, ...] = ()) -> Settings:
    """Return what the command line says about where and what to work on; PATHS are files or folders."""
    return Settings(
        directory=options.path,
        manifests=options.manifests or _lines(options.environ.get("L10NSYNC_MANIFEST", "")),
        branch=options.branch,
        resources=options.resources,
        locales=options.locales,
        project=options.project,
        paths=paths,
    )


def _lines(text: str) -> tuple[str, ...]:
    """Return the lines of a variable that hold something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
