"""`l10nsync context`: send pictures and pages that show strings, list them, delete what is left over."""

from __future__ import annotations

import sys
from typing import Any

import click

from l10nsync.cli.console import emit_json, emit_result, painter
from l10nsync.cli.help import CommandGroup
from l10nsync.cli.linked import linked
from l10nsync.cli.options import Options, common_with


@click.group("context", cls=CommandGroup)
def command() -> None:
    """Show translators where strings appear, with pictures and pages from end-to-end tests."""


@command.command("push")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and send nothing.")
@common_with(formats=("text", "json"), unused={"locales"})
def push_command(options: Options, *, dry_run: bool) -> int:
    """Send the pictures and pages that are new, and bind the strings that they show.

    The strings have to be on the service first: `l10nsync push` sends them. What is there already is not sent
    again, whichever clone sent it.
    """
    from l10nsync.app.contexts import carry_out_context_push, prepare_context_push
    from l10nsync.plan.contexts import step_data
    from l10nsync.plan.report import error_data
    from l10nsync.render import contexts

    with linked(options) as (repository, links):
        prepared = prepare_context_push(repository, links)
        report = prepared.planned() if dry_run else carry_out_context_push(repository, links, prepared)
    if options.format == "json":
        rows = [
            {
                **step_data(result.step),
                "uid": result.uid or result.step.uid or None,
                "status": result.status,
                "checked": result.checked,
                "bound": result.bound,
                "error": error_data(result.error) if result.error else None,
            }
            for result in report.results
        ]
        emit_json(_data("push", rows, report.exit_code, dryRun=dry_run, missingSources=list(report.missing)))
    elif not (options.quiet and report.exit_code == 0):
        paint = painter(options, sys.stdout)
        emit_result(options, contexts.push(report.results, report.missing, paint, dry_run=dry_run))
    return report.exit_code


def _data(operation: str, rows: list[dict[str, Any]], code: int = 0, **more: Any) -> dict[str, Any]:
    """Return JSON-ready data as `schemas/contexts.schema.json` describes it."""
    return {"schemaVersion": 1, "operation": operation, "exitCode": code, **more, "contexts": rows}


@command.command("list")
@common_with(formats=("text", "json"), unused={"locales"})
def list_command(options: Options) -> int:
    """List the pictures and pages that this repository has sent."""
    from l10nsync.app.contexts import list_contexts
    from l10nsync.plan.contexts import context_data
    from l10nsync.render import contexts

    with linked(options) as (repository, links):
        found = list_contexts(repository, links)
    if options.format == "json":
        emit_json(_data("list", [context_data(context) for context in found]))
    else:
        emit_result(options, contexts.listing(found, paint=painter(options, sys.stdout)))
    return 0


@command.command("prune")
@click.option("--apply", is_flag=True, help="Delete what was listed; refuse if the list has changed.")
@common_with(formats=("text", "json"), unused={"locales", "resources", "project"})
def prune_command(options: Options, *, apply: bool) -> int:
    """List what this repository has sent and its output no longer has; with --apply, delete what was listed.

    Strings are never touched; a string that only such a picture shows has no picture until the next one.
    """
    from l10nsync.app.contexts import (
        carry_out_context_prune,
        check_context_prune,
        prepare_context_prune,
        remember_contexts,
    )
    from l10nsync.errors import worst
    from l10nsync.plan.contexts import context_data
    from l10nsync.plan.report import error_data
    from l10nsync.render import contexts

    with linked(options) as (repository, links):
        found = prepare_context_prune(repository, links)
        if apply:
            check_context_prune(repository, found)
            done = carry_out_context_prune(repository, links, found)
        else:
            remember_contexts(repository, found)
            done = {}
    errors = {uid: outcome.error for uid, outcome in done.items() if outcome.error}
    code = worst(error.exit_code for error in errors.values())
    if options.format == "json":
        rows = [
            {
                **context_data(ours),
                "status": done[ours.context.uid].state if ours.context.uid in done else "left over",
                "error": error_data(errors[ours.context.uid]) if ours.context.uid in errors else None,
            }
            for ours in found
        ]
        emit_json(_data("prune", rows, code, dryRun=not apply))
        return code
    paint = painter(options, sys.stdout)
    reasons = {uid: error.message for uid, error in errors.items()}
    text = contexts.deleted(found, reasons, paint) if apply else contexts.listing(found, "left over", paint)
    emit_result(options, text)
    return code
