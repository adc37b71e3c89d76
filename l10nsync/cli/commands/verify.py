"""`l10nsync verify`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from l10nsync.cli.console import emit, emit_json, emit_problems, emit_result, note, painter
from l10nsync.cli.help import Command
from l10nsync.cli.options import REPORTS, Duration, Options, common_with

if TYPE_CHECKING:
    from l10nsync.app.gate import GateRequest
    from l10nsync.errors import TemporaryError
    from l10nsync.plan.gate import Judgement
    from l10nsync.plan.verify import Verification

_GRACE = 600.0
"""Seconds that the last look of `--wait` may take."""


@click.command("verify", cls=Command)
@click.option(
    "--gate", metavar="NAME", default="", help="Gate of the manifest. [default: `release`, or the only one]"
)
@click.option("--offline", is_flag=True, help="Check only the work tree; ask no service.")
@click.option("--waive", metavar="ID", multiple=True, help="Waive this locale, this time only.")
@click.option(
    "--wait",
    type=Duration(),
    metavar="TIME",
    help="Check again until it passes, for at most this long: 45m, 2h.",
)
@click.option(
    "--every", type=Duration(), metavar="TIME", default=300.0, help="How often --wait checks. [default: 5m]"
)
@click.option("--warn-only", is_flag=True, help="Exit with 0 whatever is found; the verdict stays the same.")
@click.option(
    "--if-unavailable",
    type=click.Choice(["fail", "pass"]),
    default="fail",
    help="What to do if the TMS does not answer. [default: fail]",
)
@click.option(
    "--write-baseline", is_flag=True, help="Write the present problems to the gate's baseline file."
)
@common_with(formats=(*REPORTS, "sarif"), endless=True)
def command(
    options: Options,
    *,
    gate: str,
    offline: bool,
    waive: tuple[str, ...],
    wait: float | None,
    every: float,
    warn_only: bool,
    if_unavailable: str,
    write_baseline: bool,
) -> int:
    """Say whether the translations may be released: complete, fresh and valid; exit 6 if not."""
    from l10nsync.app.gate import GateRequest
    from l10nsync.errors import EXIT_OK, TemporaryError, UsageError

    if offline and wait:
        raise UsageError("--wait cannot be combined with --offline")
    request = GateRequest(gate, frozenset(waive))
    try:
        found = _judged(options, request, offline=offline, wait=wait, every=every)
    except TemporaryError as error:
        return _unknown(options, gate, error, passes=warn_only or if_unavailable == "pass")
    if write_baseline:
        return _write_baseline(options, found)
    code = EXIT_OK if warn_only else found.exit_code
    _show(options, found, code)
    return code


def _judged(
    options: Options, request: GateRequest, *, offline: bool, wait: float | None, every: float
) -> Judgement:
    """Judge once, or again and again until the gate opens or the time is up."""
    from l10nsync.app.gate import judge_until
    from l10nsync.deadline import within

    def look(left: float) -> Judgement:
        # Each look has a deadline of its own: --wait may be longer than --timeout.
        with within(options.timeout):
            return _once(options, request, offline=offline, left=left)

    def tell(line: str) -> None:
        note(options, line)

    return judge_until(look, wait=wait or 0.0, every=every, tell=tell)


def _once(options: Options, request: GateRequest, *, offline: bool, left: float) -> Judgement:
    from l10nsync import app
    from l10nsync.app.gate import judge_offline, judge_online
    from l10nsync.cli.settings import settings

    repository = app.open_repository(
        settings(options), options.environ, fetch=not offline, needs_branch=not offline
    )
    if offline:
        return judge_offline(repository, request)
    from l10nsync.cli.connect import connector

    if left:
        options.timeout = min(options.timeout, left + _GRACE)
    with app.linked(repository, connector(options), sources=repository.sources) as links:
        return judge_online(repository, links, request)


def _unknown(options: Options, gate: str, error: TemporaryError, *, passes: bool) -> int:
    """Say first that nothing is known; could not ask is not the same as not translated."""
    from l10nsync.app.gate import DEFAULT_GATE
    from l10nsync.errors import EXIT_OK

    if not passes and options.format == "json":
        raise error
    line = f"gate {gate or DEFAULT_GATE}: unknown: {error.message}"
    if options.format == "json":
        emit_json(
            {"schemaVersion": 1, "command": "verify", "exitCode": EXIT_OK, "passed": None, "verdict": line}
        )
    else:
        emit(painter(options, sys.stdout)(line, "warning"))
    if not passes:
        raise error
    click.echo("warning: the gate was not checked; continuing because of --if-unavailable pass", err=True)
    return EXIT_OK


def _write_baseline(options: Options, found: Judgement) -> int:
    from l10nsync import app
    from l10nsync.app.gate import write_baseline
    from l10nsync.cli.settings import settings
    from l10nsync.errors import EXIT_OK
    from l10nsync.render.paint import count

    repository = app.open_repository(settings(options), options.environ, needs_branch=False)
    path, made = write_baseline(repository, found)
    locales, findings = count(len(made.complete), "locale"), count(len(made.valid), "finding")
    emit(f"wrote {path}: {locales} and {findings} are known; commit it")
    return EXIT_OK


# --- printing -----------------------------------------------------------------------------------------


def _show(options: Options, found: Judgement, code: int) -> None:
    from l10nsync import __version__
    from l10nsync.render import gate, verification

    options.shown.append(found)
    judged = found.verification
    if options.format == "json":
        emit_json(gate.data(found, exit_code=code))
    elif options.format == "sarif":
        emit_json(verification.sarif(judged or _nothing(), version=__version__, exit_code=code))
    elif options.format == "markdown":
        emit(gate.markdown(found))
    elif options.format == "github":
        emit("\n".join([_verdict(found), *_annotations(found)]))
    elif not options.quiet or not found.passed:
        _show_text(options, found)


def _nothing() -> Verification:
    from l10nsync.plan.verify import Verification

    return Verification()


def _verdict(found: Judgement) -> str:
    from l10nsync.render import gate, verification

    if _is_plain(found) and found.verification:
        return verification.verdict(found.verification)
    return gate.verdict(found)


def _is_plain(found: Judgement) -> bool:
    """Whether this is just a verification of the work tree, with nothing let through."""
    return found.offline and not (found.waived or found.known)


def _annotations(found: Judgement) -> list[str]:
    from l10nsync.errors import Diagnostic
    from l10nsync.render import diagnostics, gate, verification

    problems = verification.problems(found.verification) if found.verification else []
    if not (found.passed or found.offline):
        problems.insert(0, Diagnostic(code="verify", severity="error", message=gate.verdict(found)))
    return [diagnostics.github(problems)] if problems else []


def _show_text(options: Options, found: Judgement) -> None:
    from l10nsync.render import gate, verification
    from l10nsync.render.paint import count

    paint = painter(options, sys.stdout)
    judged = found.verification
    if _is_plain(found):
        emit(paint(_verdict(found), "good" if found.passed else "error"))
        if judged and judged.missing and not options.quiet:
            verb = "is" if len(judged.missing) == 1 else "are"
            emit(f"{count(len(judged.missing), 'target')} {verb} not there yet (no error)")
        if judged and judged.no_strings and not options.quiet:
            verb = "has" if len(judged.no_strings) == 1 else "have"
            emit(f"{count(len(judged.no_strings), 'source')} {verb} no strings")
    else:
        emit_result(options, gate.text(found, paint))
    if judged and (problems := verification.problems(judged)):
        emit_problems(options, problems, paint(_verdict(found), "good" if found.passed else "error"))
