"""Prints a report in the format that was asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from l10nsync.cli.console import emit, emit_json, emit_result, painter
from l10nsync.cli.options import Options
from l10nsync.plan import Difference, Report
from l10nsync.render.paint import Paint, plain


def show(options: Options, report: Report, differences: Sequence[Difference] | None = None) -> int:
    """Print REPORT, and what its plan changes if that is given; return the report's exit code."""
    from l10nsync.render import plans, reports

    options.shown.append(report)
    if options.format == "json":
        data = report.as_data()
        emit_json({**data, "diff": diff_text(differences)} if differences is not None else data)
    elif options.format in {"markdown", "github"}:
        emit(plans.markdown(report.plan) if report.dry_run else reports.markdown(report))
        if differences:
            emit(plans.diff_block(diff_text(differences)))
    elif not (options.quiet and report.exit_code == 0):
        paint = painter(options, sys.stdout)
        text = plans.text(report.plan, paint) if report.dry_run else reports.text(report, paint)
        emit_result(options, text, *([diff_text(differences, paint)] if differences else []))
    return report.exit_code


def diff_text(differences: Sequence[Difference], paint: Paint = plain) -> str:
    """Return DIFFERENCES as a unified diff."""
    from l10nsync.render.differences import text

    return text(differences, paint)
