"""`l10nsync rename`."""

from __future__ import annotations

import click

from l10nsync.cli.help import Command
from l10nsync.cli.options import Options, common_with


@click.command("rename", cls=Command)
@click.argument("old")
@click.argument("new")
@click.option("--dry-run", is_flag=True, help="Show the plan, and change nothing.")
@common_with(unused={"locales", "resources"})
def command(options: Options, *, old: str, new: str, dry_run: bool) -> int:
    """Rename the file OLD on the TMS to that of the source NEW, where a push cannot know that they are one.

    OLD is a fileUri, or the earlier path of a source. The file keeps its namespace and its translations; if
    its content changed, it is also sent.
    """
    from l10nsync import app
    from l10nsync.cli.connect import callback_url, connector
    from l10nsync.cli.progress import watching
    from l10nsync.cli.result import show
    from l10nsync.cli.settings import settings
    from l10nsync.plan import Report

    repository = app.open_repository(settings(options), options.environ, fetch=True)
    source = app.source_to_rename(repository, new)
    request = app.PushRequest(environ=options.environ, head_of=options.head_of)
    with app.linked(repository, connector(options), sources=(source,)) as links:
        prepared = app.prepare_rename(repository, links, old, source, request)
        if dry_run:
            return show(options, Report(prepared.plan, dry_run=True))
        app.check_allowed(repository, prepared.plan)
        with watching(options, prepared.plan) as watch:
            report = app.carry_out_push(
                repository, links, prepared, callback_url=callback_url(options), watch=watch
            )
    return show(options, report)
