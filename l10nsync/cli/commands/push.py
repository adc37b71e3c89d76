"""`l10nsync push`."""

from __future__ import annotations

from typing import Any, cast

import click

from l10nsync.cli.help import Command
from l10nsync.cli.options import Options, common_with


@click.command("push", cls=Command)
@click.option("--dry-run", is_flag=True, help="Show the plan, and change nothing.")
@click.option(
    "--plan", "plan_file", metavar="FILE", help="Send exactly the saved plan; refuse if it is stale."
)
@click.option(
    "--corrections",
    is_flag=True,
    help="Send only the translations that were corrected here (needs --yes).",
)
@click.option("--worktree", is_flag=True, help="Send the work tree instead of HEAD.")
@click.option(
    "--wait",
    type=click.Choice(["processed", "accepted", "none"]),
    default="processed",
    help="How far to follow the upload; `accepted` and `none` confirm and authorize nothing.",
)
@click.option(
    "--authorize/--no-authorize",
    default=None,
    help="Start translation or not, instead of the manifest's setting.",
)
@click.option("--job", metavar="NAME", help="Name of the job, instead of the manifest's.")
@click.option(
    "--yes",
    is_flag=True,
    help="Confirm: authorize beyond the limits, strings of others and strings translated here; withdraw"
    " strings in translation.",
)
@click.option("--force", is_flag=True, help="Send every source, changed or not.")
@click.option(
    "--accept-shrink", is_flag=True, help="Send sources even if they lost many strings or do not parse."
)
@click.option(
    "--accept-namespace-change",
    is_flag=True,
    help="Move files to the manifest's namespace (all strings new).",
)
@click.option(
    "--accept-superseded",
    is_flag=True,
    help="Replace what another branch or a newer commit sent under the same fileUris.",
)
@click.option(
    "--accept-collision",
    is_flag=True,
    help="Replace content that is not from this repository, such as another repository's files.",
)
@click.argument("paths", nargs=-1)
@common_with(unused={"locales"})
def command(
    options: Options,
    *,
    dry_run: bool,
    plan_file: str | None,
    wait: str,
    paths: tuple[str, ...],
    **flags: Any,
) -> int:
    """Send changed sources to the TMS: one job, one batch, whole files; then confirm by reading back.

    With PATHS, only the sources that are named, or lie in the folders that are named.
    """
    from l10nsync import app
    from l10nsync.cli.connect import callback_url, connector
    from l10nsync.cli.progress import watching
    from l10nsync.cli.result import show
    from l10nsync.cli.saved import saved_plan
    from l10nsync.cli.settings import settings
    from l10nsync.plan import PushOptions, Report

    if flags["corrections"]:
        return _corrections(options, paths, dry_run=dry_run, plan_file=plan_file, **flags)
    repository = app.open_repository(settings(options, paths), options.environ, fetch=not flags["force"])
    repository.require_sources(targets=False)
    request = app.PushRequest(
        PushOptions(
            force=flags["force"],
            accept_shrink=flags["accept_shrink"],
            accept_namespace_change=flags["accept_namespace_change"],
            accept_superseded=flags["accept_superseded"],
            accept_collision=flags["accept_collision"],
        ),
        worktree=flags["worktree"],
        authorize=flags["authorize"],
        job=flags["job"],
        yes=flags["yes"],
        environ=options.environ,
        carried_out=not dry_run,
        head_of=options.head_of,
    )
    with app.linked(repository, connector(options), sources=repository.sources) as links:
        prepared = app.prepare_push(repository, links, request)
        if plan_file:
            app.check_saved(prepared.plan, saved_plan(plan_file, "push"))
        if dry_run:
            return show(options, Report(prepared.plan, dry_run=True))
        app.check_allowed(repository, prepared.plan)

        def plan_again() -> app.PreparedPush:
            found = app.prepare_push(repository, links, request)
            app.check_allowed(repository, found.plan)
            return found

        with watching(options, prepared.plan, wait=wait) as watch:
            report = app.carry_out_push(
                repository,
                links,
                prepared,
                wait=cast("Any", wait),
                callback_url=callback_url(options),
                watch=watch,
                # A saved plan is sent exactly, or not at all: nobody has agreed to another one.
                again=None if plan_file else plan_again,
            )
    return show(options, report)


def _corrections(
    options: Options, paths: tuple[str, ...], *, dry_run: bool, plan_file: str | None, **flags: Any
) -> int:
    """Import what was corrected in the repository, each string with what it replaces."""
    from l10nsync import app
    from l10nsync.app.corrections import carry_out_corrections, prepare_corrections
    from l10nsync.app.imports import check_import_allowed
    from l10nsync.cli.connect import connector
    from l10nsync.cli.progress import watching
    from l10nsync.cli.result import show
    from l10nsync.cli.settings import settings
    from l10nsync.errors import UsageError
    from l10nsync.plan import Report

    if plan_file or any(flags[name] for name in ("worktree", "job", "force")) or flags["authorize"]:
        raise UsageError(
            "--corrections sends no sources: it can be combined only with --dry-run, --yes and paths"
        )
    repository = app.open_repository(settings(options, paths), options.environ, fetch=True)
    repository.require_sources(targets=True)
    with app.linked(repository, connector(options), sources=repository.sources) as links:
        prepared, request = prepare_corrections(repository, links, yes=flags["yes"])
        if dry_run:
            return show(options, Report(prepared.plan, dry_run=True))
        if prepared.plan.has_work and not flags["yes"] and options.format == "text":
            show(options, Report(prepared.plan, dry_run=True))
        check_import_allowed(repository, prepared.plan, request)
        with watching(options, prepared.plan) as watch:
            report = carry_out_corrections(links, prepared, request, watch=watch)
    return show(options, report)
