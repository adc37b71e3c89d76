"""Prints a report in the format that was asked for."""

from __future__ import annotations

import sys

from l10nsync.cli.console import emit, emit_json, painter
from l10nsync.cli.options import Options
from l10nsync.plan import Report


def show(options: Options, report: Report) -> int:
    """Print REPORT and return its exit code."""
    from l10nsync.render import plans, reports

    if options.format == "json":
        emit_json(report.as_data())
    elif options.format in {"markdown", "github"}:
        emit(plans.markdown(report.plan) if report.dry_run else reports.markdown(report))
    elif not (options.quiet and report.exit_code == 0):
        paint = painter(options, sys.stdout)
        emit(plans.text(report.plan, paint) if report.dry_run else reports.text(report, paint))
    return report.exit_code
