"""`l10nsync init`."""

from __future__ import annotations

import sys

import click

from l10nsync.cli.console import emit, note, painter
from l10nsync.cli.help import Command
from l10nsync.cli.options import Options, common


@click.command("init", cls=Command)
@click.option(
    "--from",
    "origin",
    metavar="FILE",
    help="Begin with smartling-config.json, smartling.yml, crowdin.yml or .tx/config.",
)
@click.option(
    "--project-id", default="", metavar="ID", help="The project's id; else ${SMARTLING_PROJECT_ID}."
)
@click.option("--source-locale", default="en", metavar="ID", help="Language of the sources (en).")
@click.option("--print", "only_print", is_flag=True, help="Print the manifest, write nothing.")
@click.option("--force", is_flag=True, help="Replace the manifest that is there.")
@common
def command(
    options: Options,
    *,
    origin: str | None,
    project_id: str,
    source_locale: str,
    only_print: bool,
    force: bool,
) -> int:
    """Write a first .l10n.yml: from what the repository holds, or from another tool's configuration."""
    from l10nsync.app.init import InitRequest, prepare_init, write_init
    from l10nsync.errors import EXIT_OK
    from l10nsync.render import diagnostics
    from l10nsync.render.paint import count, escape

    request = InitRequest(
        options.path, origin, project_id, source_locale, options.locales, force=force or only_print
    )
    begun = prepare_init(request)
    if only_print:
        emit(begun.text.rstrip("\n"))
        return EXIT_OK
    write_init(begun)
    paint = painter(options, sys.stdout)
    figures = f"{count(len(begun.draft.resources), 'resource')}, {count(len(begun.draft.locales), 'locale')}"
    emit(paint(f"Wrote {begun.path.name} ({figures}). No secret is stored in it.", "good"))
    for resource in begun.draft.resources:
        emit(f"  found  {escape(resource.found or resource.sources[0])}")
    todo = [*begun.draft.notes, *(each for resource in begun.draft.resources for each in resource.notes)]
    for each in todo:
        emit(paint(escape(each), "warning"))
    if begun.problems:
        click.echo(diagnostics.text(begun.problems, painter(options, sys.stderr)), err=True)
    if begun.targets:
        there = count(begun.targets, "translation")
        emit(f"The repository has {there}: once the sources are pushed, `l10nsync import` takes them over.")
    note(options, "next: look at it, then `l10nsync check`, `l10nsync check --online`, `l10nsync plan`")
    return EXIT_OK
