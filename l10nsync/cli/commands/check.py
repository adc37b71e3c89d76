"""`l10nsync check`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from l10nsync.cli.console import emit, emit_json, emit_problems, emit_result, painter
from l10nsync.cli.help import Command
from l10nsync.cli.options import Options, common_with

if TYPE_CHECKING:
    from l10nsync.app.repository import Repository
    from l10nsync.errors import Diagnostic


@click.command("check", cls=Command)
@click.option("--online", is_flag=True, help="Also compare the locales with the project's.")
@common_with(formats=("text", "json", "github"))
def command(options: Options, *, online: bool) -> int:
    """Check the manifest against the schema and the repository; all problems at once."""
    from l10nsync import app
    from l10nsync.errors import EXIT_OK, EXIT_USAGE
    from l10nsync.render import diagnostics

    repository = _opened(options)
    problems = _problems(repository)
    failed = any(problem.severity == "error" for problem in problems)
    exit_code = EXIT_USAGE if failed else EXIT_OK
    if online and not failed:
        from l10nsync.cli.connect import connector

        app.check_online(repository, connector(options))
    if options.format == "json":
        emit_json({"schemaVersion": 1, "exitCode": exit_code, **_data(repository, problems)})
    elif options.format == "github":
        if problems:
            emit(diagnostics.github(problems))
    else:
        _show(options, repository, problems, failed=failed)
    return exit_code


def _opened(options: Options) -> Repository:
    """Return the repository with its sources read; say whose manifest is not valid."""
    from l10nsync.app import MANIFEST_NAME, open_repository
    from l10nsync.cli.settings import settings
    from l10nsync.errors import ManifestError

    try:
        repository = open_repository(settings(options), options.environ, checked=False, needs_branch=False)
        _ = repository.sources
    except ManifestError:
        if options.format == "text":
            verdict = f"{', '.join(options.manifests) or MANIFEST_NAME}: not valid"
            emit(painter(options, sys.stdout)(verdict, "error"))
        raise
    return repository


def _problems(repository: Repository) -> list[Diagnostic]:
    from l10nsync import app

    return [
        *repository.layout.diagnostics,
        *app.unreadable_sources(repository),
        *app.attributes_not_honoured(repository),
        *app.untracked_matches(repository),
        *app.unasked_questions(repository),
    ]


def _data(repository: Repository, problems: Sequence[Diagnostic]) -> dict[str, Any]:
    from l10nsync.render import diagnostics

    return {
        "sources": len(repository.sources),
        "targets": sum(len(source.targets) for source in repository.sources),
        "orphanTranslations": list(repository.layout.orphans),
        "diagnostics": [diagnostics.data(problem) for problem in problems],
    }


def _show(options: Options, repository: Repository, problems: Sequence[Diagnostic], *, failed: bool) -> None:
    """Print the verdict with the orphans, and the problems; with `--quiet` a good verdict is not printed."""
    from l10nsync.app import MANIFEST_NAME
    from l10nsync.render.paint import count, escape

    verdict = ""
    if not options.quiet or failed:
        targets = sum(len(source.targets) for source in repository.sources)
        figures = f"{count(len(repository.sources), 'source')}, {count(targets, 'target')}"
        name = repository.manifest.file or MANIFEST_NAME
        result = f"{name}: {'not valid' if failed else 'valid'} ({figures})"
        verdict = painter(options, sys.stdout)(result, "error" if failed else "good")
        lines, orphans = [verdict], repository.layout.orphans
        if orphans and not options.quiet:
            kinds = count(len(orphans), "orphan translation")
            lines.append(f"{kinds} (the source is gone; kept, and not uploaded):")
            lines += [f"  ? {escape(path)}" for path in orphans]
        emit_result(options, "\n".join(lines))
    if problems:
        emit_problems(options, problems, verdict)
