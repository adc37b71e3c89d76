"""`l10nsync pull`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from l10nsync.cli.help import Command
from l10nsync.cli.options import Options, common


class Percent(click.ParamType[tuple[str, int]]):
    """`80`, or `ja-JP=95` for one locale."""

    name = "percent"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """Return the locale (empty for all) and the percentage."""
        if isinstance(value, tuple):
            return value
        locale, _, number = str(value).rpartition("=")
        if not (number.isascii() and number.isdigit() and int(number) <= 100):
            self.fail(f"{value!r} is not a percentage; write 80, or ja-JP=95 for one locale", param, ctx)
        return locale, int(number)


@click.command("pull", cls=Command)
@click.option("--dry-run", is_flag=True, help="Show the plan, and change nothing.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 3 if the repository is behind.")
@click.option("--diff", is_flag=True, help="With --dry-run or --check: show each change as a unified diff.")
@click.option(
    "--retrieval-type",
    type=click.Choice(["published", "pending", "pseudo"]),
    help="Which translations, instead of the manifest's setting.",
)
@click.option(
    "--incomplete",
    type=click.Choice(["source", "empty", "skip"]),
    help="What to write where nothing is translated, instead of the manifest's setting.",
)
@click.option(
    "--min-completion",
    type=Percent(),
    multiple=True,
    metavar="N|LOCALE=N",
    help="Leave targets below N percent as they are.",
)
@click.option(
    "--keep-invalid",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Store translations that are held back below DIR, for inspection.",
)
@click.option("--job", metavar="NAME", help="Only what this job holds: its name, number or uid.")
@click.option(
    "--complete",
    is_flag=True,
    help="With --job: write nothing until all its locales are complete (else exit 5).",
)
@click.option(
    "--from-main",
    is_flag=True,
    help="On a branch that was not pushed, translate its sources with the default branch's strings.",
)
@click.option(
    "--force", is_flag=True, help="Overwrite uncommitted changes and kept translations with what the TMS has."
)
@click.argument("paths", nargs=-1)
@common
def command(
    options: Options,
    *,
    dry_run: bool,
    check: bool,
    diff: bool,
    min_completion: tuple[tuple[str, int], ...],
    keep_invalid: Path | None,
    job: str | None,
    complete: bool,
    paths: tuple[str, ...],
    **flags: Any,
) -> int:
    """Bring translations into the repository; each file is checked first, and old or new, never half.

    With PATHS, only those of the sources that are named, or the translations that are named; folders mean all
    that lies in them.
    """
    from l10nsync import app
    from l10nsync.app.job_pull import of_job
    from l10nsync.cli.connect import connector
    from l10nsync.cli.console import note
    from l10nsync.cli.progress import watching
    from l10nsync.cli.result import show
    from l10nsync.cli.settings import settings
    from l10nsync.errors import EXIT_DIFFERENCES, EXIT_OK
    from l10nsync.plan import Report

    only_looks = dry_run or check
    _refuse_contradictions(
        only_looks=only_looks, diff=diff, keeps=bool(keep_invalid), job=bool(job), complete=complete
    )
    repository = app.open_repository(settings(options, paths), options.environ, fetch=True)
    repository.require_sources(targets=True)
    if keep_invalid:
        app.check_keep_folder(repository, keep_invalid)
    request = app.PullOptions(min_completion=dict(min_completion), **flags)
    with app.linked(repository, connector(options), sources=repository.sources) as links:
        if job:
            asked = app.PushRequest(environ=options.environ)
            repository = of_job(repository, links, asked, job, complete=complete)
        prepared = app.prepare_pull(repository, links, request)
        if only_looks:
            found = app.differences(repository, prepared) if diff else None
            code = show(options, Report(prepared.plan, dry_run=True), found)
            return EXIT_DIFFERENCES if check and prepared.plan.has_work and code == EXIT_OK else code
        with watching(options, prepared.plan) as watch:
            report = app.carry_out_pull(repository, links, prepared, watch=watch)
        kept = app.keep_invalid(repository, prepared, keep_invalid) if keep_invalid else ()
    code = show(options, report)
    if kept:
        note(options, f"{len(kept)} of what was held back is below {keep_invalid}")
    return code


def _refuse_contradictions(*, only_looks: bool, diff: bool, keeps: bool, job: bool, complete: bool) -> None:
    """Raise `UsageError` for flags that do not go together."""
    from l10nsync.errors import UsageError

    if diff and not only_looks:
        raise UsageError("--diff requires --dry-run or --check")
    if keeps and only_looks:
        raise UsageError("--keep-invalid writes files; --dry-run and --check do not")
    if complete and not job:
        raise UsageError("--complete requires --job")
