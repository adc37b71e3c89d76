"""`l10nsync pull`."""

from __future__ import annotations

import click

from l10nsync.cli.options import Options, common


@click.command("pull")
@click.option("--dry-run", is_flag=True, help="Make and show the plan, and stop there.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 3 if the repository is behind.")
@click.option(
    "--retrieval-type",
    type=click.Choice(["published", "pending", "pseudo"]),
    help="Which translations, instead of the manifest's.",
)
@click.option(
    "--min-completion",
    type=click.IntRange(0, 100),
    metavar="N",
    help="Leave targets below N percent as they are.",
)
@click.option("--force", is_flag=True, help="Overwrite uncommitted changes.")
@common
def command(
    options: Options,
    *,
    dry_run: bool,
    check: bool,
    retrieval_type: str | None,
    min_completion: int | None,
    force: bool,
) -> int:
    """Bring translations into the repository; each file is checked first, and old or new, never half."""
    from l10nsync import app
    from l10nsync.cli.connect import connector
    from l10nsync.cli.progress import watching
    from l10nsync.cli.result import show
    from l10nsync.cli.settings import settings
    from l10nsync.errors import EXIT_DIFFERENCES, EXIT_OK
    from l10nsync.plan import Report

    repository = app.open_repository(settings(options), options.environ)
    request = app.PullRequest(force, retrieval_type, min_completion)
    with app.linked(repository, connector(options), sources=repository.sources) as links:
        prepared = app.prepare_pull(repository, links, request)
        if dry_run or check:
            code = show(options, Report(prepared.plan, dry_run=True))
            return EXIT_DIFFERENCES if check and prepared.plan.has_work and code == EXIT_OK else code
        with watching(options, prepared.plan) as watch:
            report = app.carry_out_pull(repository, links, prepared, watch=watch)
    return show(options, report)
