"""`l10nsync plan`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from l10nsync.cli.console import emit, emit_json, emit_result, note, painter
from l10nsync.cli.help import Command
from l10nsync.cli.options import Options, common

if TYPE_CHECKING:
    from l10nsync.plan import Difference, Plan


@click.command("plan", cls=Command)
@click.option(
    "--push", "direction", flag_value="push", default="push", help="What a push would send (the default)."
)
@click.option("--pull", "direction", flag_value="pull", help="What a pull would write.")
@click.option(
    "--offline", is_flag=True, help="Compare with a revision instead of the TMS, without credentials."
)
@click.option("--base", metavar="REV", help="The revision for --offline. [default: the default branch]")
@click.option("--worktree", is_flag=True, help="Plan the work tree instead of HEAD.")
@click.option(
    "--cost",
    is_flag=True,
    help="Also ask the service to estimate the cost of the open jobs; authorizes nothing.",
)
@click.option("--out", metavar="FILE", help="Save the plan; `push --plan FILE` sends exactly this.")
@click.option("--diff", is_flag=True, help="With --pull: show each change as a unified diff.")
@click.option("--exit-code", is_flag=True, help="Exit with 3 if there are changes.")
@click.argument("paths", nargs=-1)
@common
def command(
    options: Options,
    *,
    direction: str,
    offline: bool,
    base: str | None,
    worktree: bool,
    cost: bool,
    out: str | None,
    diff: bool,
    exit_code: bool,
    paths: tuple[str, ...],
) -> int:
    """Show what a push or a pull would do; changes nothing, here or there.

    With PATHS, only for the sources that are named, or lie in the folders that are named.
    """
    from dataclasses import replace

    from l10nsync import app
    from l10nsync.app.jobs import JobsRequest, estimates
    from l10nsync.cli.settings import settings
    from l10nsync.errors import EXIT_DIFFERENCES, EXIT_OK

    if direction == "pull":
        _refuse_for_pull(base=base, offline=offline, cost=cost, saves=bool(out), worktree=worktree)
    else:
        _refuse_for_push(base=base, offline=offline, cost=cost, diff=diff)
    repository = app.open_repository(
        settings(options, paths), options.environ, fetch=not offline, needs_branch=not offline
    )
    repository.require_sources(targets=direction == "pull")
    request = app.PushRequest(worktree=worktree, base=base, environ=options.environ, head_of=options.head_of)
    differences: Sequence[Difference] = ()
    if offline:
        plan = app.prepare_offline(repository, request).plan
    else:
        from l10nsync.cli.connect import connector

        with app.linked(repository, connector(options), sources=repository.sources) as links:
            if direction == "pull":
                prepared = app.prepare_pull(repository, links, app.PullOptions())
                plan = prepared.plan
                differences = app.differences(repository, prepared) if diff else ()
            else:
                plan = app.prepare_push(repository, links, request).plan
            if cost:
                plan = replace(plan, estimates=estimates(repository, links, JobsRequest(push=request)))
    if out:
        _save(plan, Path(out))
    _show(options, plan, differences if diff else None)
    if out:
        note(options, f"saved: {out}; `l10nsync push --plan {out}` sends exactly this")
    return EXIT_DIFFERENCES if exit_code and (plan.has_work or plan.refused or plan.held) else EXIT_OK


def _refuse_for_push(*, base: str | None, offline: bool, cost: bool, diff: bool) -> None:
    """Raise `UsageError` for a flag that the plan of a push does not have, or not offline."""
    from l10nsync.errors import UsageError

    if base and not offline:
        raise UsageError("--base requires --offline")
    if cost and offline:
        raise _costs_a_push()
    if diff:
        raise UsageError("--diff requires --pull", hint="Push sends committed files only.")


def _refuse_for_pull(*, base: str | None, offline: bool, cost: bool, saves: bool, worktree: bool) -> None:
    """Raise `UsageError` for a flag that the plan of a pull does not have."""
    from l10nsync.errors import UsageError

    if base and not offline:
        raise UsageError("--base requires --offline")
    if cost:
        raise _costs_a_push()
    if saves or worktree:
        raise UsageError("--out and --worktree cannot be combined with --pull")
    if offline:
        raise UsageError(
            "--offline cannot be combined with --pull", hint="Only the TMS knows what a pull would write."
        )


def _costs_a_push() -> Exception:
    from l10nsync.errors import UsageError

    return UsageError(
        "--cost cannot be combined with --offline or --pull", hint="`job.rates` calculates offline."
    )


def _save(plan: Plan, path: Path) -> None:
    from l10nsync.errors import UsageError

    try:
        path.write_text(json.dumps(plan.as_data(), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write the plan {path}: {error.strerror}") from error


def _show(options: Options, plan: Plan, differences: Sequence[Difference] | None) -> None:
    from l10nsync.cli.result import diff_text
    from l10nsync.render import plans

    options.shown.append(plan)
    if options.format == "json":
        data = plan.as_data()
        emit_json(data if differences is None else {**data, "diff": diff_text(differences)})
    elif options.format in {"markdown", "github"}:
        emit(plans.markdown(plan))
        if differences:
            emit(plans.diff_block(diff_text(differences)))
    else:
        paint = painter(options, sys.stdout)
        diff = [diff_text(differences, paint)] if differences else []
        emit_result(options, plans.text(plan, paint), *diff)
