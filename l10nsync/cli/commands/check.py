"""`l10nsync check`."""

from __future__ import annotations

import sys

import click

from l10nsync.cli.console import emit, emit_json, emit_problems, emit_result, painter
from l10nsync.cli.help import Command
from l10nsync.cli.options import Options, common_with


@click.command("check", cls=Command)
@click.option("--online", is_flag=True, help="Also compare the locales with the project's.")
@common_with(formats=("text", "json", "github"))
def command(options: Options, *, online: bool) -> int:
    """Check the manifest against the schema and the repository; all problems at once."""
    from l10nsync import app
    from l10nsync.app import MANIFEST_NAME, open_repository
    from l10nsync.cli.settings import settings
    from l10nsync.errors import EXIT_OK, EXIT_USAGE, ManifestError
    from l10nsync.render import diagnostics
    from l10nsync.render.paint import count, escape

    try:
        repository = open_repository(settings(options), options.environ, checked=False, needs_branch=False)
        sources = repository.sources
    except ManifestError:
        if options.format == "text":
            emit(
                painter(options, sys.stdout)(
                    f"{', '.join(options.manifests) or MANIFEST_NAME}: not valid", "error"
                )
            )
        raise
    problems = [
        *repository.layout.diagnostics,
        *app.unreadable_sources(repository),
        *app.attributes_not_honoured(repository),
        *app.untracked_matches(repository),
        *app.unasked_questions(repository),
    ]
    failed = any(problem.severity == "error" for problem in problems)
    if online and not failed:
        from l10nsync.cli.connect import connector

        app.check_online(repository, connector(options))
    targets = sum(len(source.targets) for source in sources)
    orphans = repository.layout.orphans
    if options.format == "json":
        emit_json(
            {
                "schemaVersion": 1,
                "exitCode": EXIT_USAGE if failed else EXIT_OK,
                "sources": len(sources),
                "targets": targets,
                "orphanTranslations": list(orphans),
                "diagnostics": [diagnostics.data(problem) for problem in problems],
            }
        )
        return EXIT_USAGE if failed else EXIT_OK
    if options.format == "github":
        if problems:
            emit(diagnostics.github(problems))
        return EXIT_USAGE if failed else EXIT_OK
    if not options.quiet or failed:
        name = repository.manifest.file or MANIFEST_NAME
        figures = f"{count(len(sources), 'source')}, {count(targets, 'target')}"
        result = f"{name}: {'not valid' if failed else 'valid'} ({figures})"
        verdict = painter(options, sys.stdout)(result, "error" if failed else "good")
        about = f"{count(len(orphans), 'orphan translation')} (the source is gone; kept, and not uploaded):"
        listed = [about, *(f"  ? {escape(path)}" for path in orphans)]
        emit_result(options, "\n".join([verdict, *(listed if orphans and not options.quiet else [])]))
        if problems:
            emit_problems(options, problems, verdict)
    elif problems:
        emit_problems(options, problems, "")
    return EXIT_USAGE if failed else EXIT_OK
