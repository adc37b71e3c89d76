"""`l10nsync prune`."""

from __future__ import annotations

import sys
from typing import Any, cast

import click

from l10nsync.cli.help import Command
from l10nsync.cli.options import Options, common_with


@click.command("prune", cls=Command)
@click.option(
    "--branches",
    type=click.Choice(["merged", "gone"]),
    multiple=True,
    help="Look at the files of branches that are merged, or gone, instead of orphans; may be given twice.",
)
@click.option(
    "--ours",
    metavar="NAME",
    multiple=True,
    help="Treat this branch as this repository's, without evidence.",
)
@click.option(
    "--heads",
    metavar="FILE",
    help="The branches of the remote, as `git ls-remote --heads` prints them; - for stdin.",
)
@click.option("--apply", is_flag=True, help="Delete what was listed; refuse if the list has changed.")
@click.option("--plan", "plan_file", metavar="FILE", help="With --apply: the list is the one saved in FILE.")
@click.option(
    "--out", metavar="FILE", help="Save the list; `prune --apply --plan FILE` deletes exactly this."
)
@click.option(
    "--max-deletions",
    type=click.IntRange(0),
    metavar="N",
    help="Delete N files at most; else 3, or up to 10 that are at most 10 % of the repository's files.",
)
@click.option(
    "--wait",
    type=click.Choice(["processed", "accepted"]),
    default="processed",
    help="How far to follow the deletions; `accepted` confirms nothing and ends no job.",
)
@common_with(unused={"locales"})
def command(options: Options, *, branches: tuple[str, ...], ours: tuple[str, ...], **flags: Any) -> int:
    """List files on the TMS whose sources, or whose branches, are gone; with --apply, delete what was listed.

    Only files of this repository are listed. Translations in the translation memory, and files of the
    repository, are never touched.
    """
    from l10nsync import app
    from l10nsync.cli.connect import connector
    from l10nsync.cli.progress import watching
    from l10nsync.cli.result import show
    from l10nsync.cli.saved import save_plan, saved_plan
    from l10nsync.cli.settings import settings
    from l10nsync.errors import UsageError
    from l10nsync.plan import Report

    if flags["plan_file"] and not flags["apply"]:
        raise UsageError("--plan requires --apply")
    if flags["apply"] and flags["out"]:
        raise UsageError("--out saves a list, --apply deletes one", hint="Run one, then the other.")
    if (ours or flags["heads"]) and not branches:
        raise UsageError("--ours and --heads require --branches")
    repository = app.open_repository(settings(options), options.environ)
    request = app.PruneRequest(
        frozenset(branches),
        frozenset(ours),
        _heads(flags["heads"]),
        flags["max_deletions"],
        app.PushRequest(environ=options.environ),
    )
    projects = {resource.project for resource in repository.resources}
    sources = [source for source in repository.layout.sources if source.project in projects]
    with app.linked(repository, connector(options), sources=sources) as links:
        prepared = app.prepare_prune(repository, links, request)
        if not flags["apply"]:
            app.remember_list(repository, prepared.plan)
            if flags["out"]:
                save_plan(flags["out"], prepared.plan.as_data())
            return show(options, Report(app.with_refusal(prepared), dry_run=True))
        saved = (
            saved_plan(flags["plan_file"], "prune") if flags["plan_file"] else app.listed_before(repository)
        )
        app.check_prune(repository, prepared, saved)
        with watching(options, prepared.plan, wait=flags["wait"]) as watch:
            report = app.carry_out_prune(
                repository, links, prepared, wait=cast("Any", flags["wait"]), watch=watch
            )
    return show(options, report)


def _heads(path: str | None) -> dict[str, str] | None:
    from pathlib import Path

    from l10nsync.errors import UsageError
    from l10nsync.workspace import parse_heads

    if path is None:
        return None
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8", "surrogateescape")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    heads = parse_heads(text)
    if not heads:
        raise UsageError(
            f"{path} names no branch", hint="It holds what `git ls-remote --heads origin` prints."
        )
    return heads
