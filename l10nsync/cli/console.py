"""Prints: results to standard output, everything else to standard error; maps errors to exit codes."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from l10nsync.cli.options import Options
from l10nsync.errors import (
    EXIT_DEFECT,
    EXIT_OK,
    EXIT_SIGINT,
    EXIT_SIGTERM,
    EXIT_USAGE,
    Diagnostic,
    Interrupted,
    L10nSyncError,
    LocalIOError,
    ServiceError,
    UsageError,
)

_LONGEST_SHOWN = 300
"""Characters of a path that an error shows."""
_COLORS: dict[str, dict[str, Any]] = {
    "error": {"fg": "red", "bold": True},
    "refused": {"fg": "red"},
    "warning": {"fg": "yellow", "bold": True},
    "notice": {"fg": "cyan"},
    "good": {"fg": "green", "bold": True},
    "new": {"fg": "green"},
    "changed": {"fg": "yellow"},
    "dim": {"dim": True},
    "strong": {"bold": True},
}


def run(command: click.Command, argv: Sequence[str], options: Options | None = None) -> int:
    """Run COMMAND and return its exit code; no error leaves this function but a defect's report.

    OPTIONS are what the command starts from; its `shown` also gets the error that ended the run.
    """
    signal.signal(signal.SIGTERM, _terminated)
    try:
        _require_clock()
        result = command.main(args=list(argv), prog_name="l10nsync", standalone_mode=False, obj=options)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return EXIT_USAGE
    except click.ClickException as error:
        return _refused(_usage_error(error), argv, options)
    except (click.Abort, KeyboardInterrupt):
        return _stopped(Interrupted(EXIT_SIGINT))
    except Interrupted as error:
        return _stopped(error)
    except L10nSyncError as error:
        return _refused(error, argv, options)
    except Exception as error:  # noqa: BLE001 - the last line of defence: a message, never a traceback
        return _defect(error)
    return result if isinstance(result, int) else EXIT_OK


def _require_clock() -> None:
    """Raise `UsageError` where the clock is beyond what can be counted with: every library would stumble."""
    try:
        time.time()
    except OverflowError:
        hint = "Set the date and run again; with this clock, certificates and tokens are rejected as well."
        raise UsageError("the clock of this machine is centuries ahead", hint=hint) from None


def _refused(error: L10nSyncError, argv: Sequence[str], options: Options | None) -> int:
    if options is not None:
        options.shown.append(error)
    return fail(error, _option("--format", argv, "text"), _option("--color", argv, "auto"))


def _usage_error(error: click.ClickException) -> UsageError:
    """Return what click says of a command line as an error of ours."""
    message = " ".join(error.format_message().rstrip(".").split())
    context = error.ctx if isinstance(error, click.UsageError) else None
    called = context.command_path if context else "l10nsync"
    return UsageError(message[:1].lower() + message[1:], hint=f"`{called} --help` shows how it is called.")


def _terminated(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Interrupted(EXIT_SIGTERM)


def _stopped(error: Interrupted) -> int:
    click.echo("\ninterrupted; run the same command again to continue", err=True)
    return error.exit_code


def _option(name: str, argv: Sequence[str], default: str) -> str:
    """Return an option's value, even if the command line was not read to its end."""
    for index, word in enumerate(argv):
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
        if word == name and index + 1 < len(argv):
            return argv[index + 1]
    return default


def fail(error: L10nSyncError, form: str, color: str = "auto") -> int:
    """Print an error, with its places or with what the service said and what to do; return its exit code."""
    from l10nsync.render import diagnostics
    from l10nsync.render.paint import escape

    if form == "json":
        emit_json(failure_data(error))
    if form == "github":
        click.echo(
            diagnostics.github(error.diagnostics)
            or diagnostics.command("error", escape(error.message), {"title": "l10nsync"})
        )
    paint = painter(Options(color=color), sys.stderr)
    if error.diagnostics:
        most = diagnostics.FEW if sys.stderr.isatty() else None
        click.echo(diagnostics.text(error.diagnostics, paint, most), err=True)
    else:
        click.echo(f"{paint('error', 'error')}: {escape(error.message)}", err=True)
    reply = escape(str(error.reply)) if isinstance(error, ServiceError) and error.reply.status else ""
    if reply and reply not in escape(error.message):
        click.echo(f"  service: {reply}", err=True)
    elif request_id := getattr(error, "request_id", ""):
        click.echo(f"  request id: {escape(request_id)}", err=True)
    if error.hint:
        click.echo(f"  hint: {escape(error.hint)}", err=True)
    return code_of(error)


def code_of(error: L10nSyncError) -> int:
    """Return the exit code of an error that ended the whole run: a plain refusal, and nothing was changed."""
    return EXIT_USAGE if isinstance(error, ServiceError) else error.exit_code


def failure_data(error: L10nSyncError) -> dict[str, Any]:
    """Return an error that ended the whole run as JSON-ready data."""
    from l10nsync.plan.report import error_data
    from l10nsync.render import diagnostics

    return {
        "schemaVersion": 1,
        "exitCode": code_of(error),
        "error": error_data(error),
        "diagnostics": [diagnostics.data(diagnostic) for diagnostic in error.diagnostics],
    }


def _defect(error: Exception) -> int:
    """Report a defect of ours: one line, and the traceback in a file that only the user can read.

    A refusal of the operating system is not a defect, wherever it happens.
    """
    import tempfile
    import traceback

    if refusal := _refusal(error):
        click.echo(f"error: the system refused a request: {refusal}", err=True)
        click.echo("  hint: Free some space or raise the limit, then run the same command again.", err=True)
        return LocalIOError.exit_code
    click.echo(f"error: this is a defect of l10nsync: {type(error).__name__}", err=True)
    try:
        handle, name = tempfile.mkstemp(prefix="l10nsync-defect-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as stream:
            traceback.print_exception(error, file=stream)
    except OSError:
        traceback.print_exception(error)
    else:
        click.echo(f"  hint: Please report it with the file {name}", err=True)
    return EXIT_DEFECT


def _refusal(error: Exception) -> str:
    """Return the system's message if it refused us disk space, handles, memory or threads; else nothing."""
    from l10nsync.render.paint import escape

    if isinstance(error, MemoryError):
        return "there is no memory left"
    if isinstance(error, RuntimeError) and "start new thread" in str(error):
        return "there may be no more threads"
    if not isinstance(error, OSError) or error.errno is None:
        return ""
    named = isinstance(error.filename, str | bytes)
    where = f" ({os.fsdecode(error.filename)[:_LONGEST_SHOWN]})" if named else ""
    return escape(f"{error.strerror}{where}")


def painter(options: Options, stream: Any) -> Any:
    """Return what colours texts for STREAM, as `--color`, `NO_COLOR` and the terminal want it."""
    from l10nsync.render.paint import plain

    environ = options.environ
    forced = environ.get("FORCE_COLOR") or environ.get("CLICOLOR_FORCE") or environ.get("GITHUB_ACTIONS")
    terminal = bool(getattr(stream, "isatty", lambda: False)()) and environ.get("TERM") != "dumb"
    wanted = {"always": True, "never": False}.get(
        options.color, False if environ.get("NO_COLOR") else bool(forced) or terminal
    )
    if not wanted:
        return plain
    return lambda text, role: click.style(text, **_COLORS.get(role, {}))


def emit(text: str) -> None:
    """Print a result."""
    stream = sys.stdout
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        text = text.encode(stream.encoding, "backslashreplace").decode(stream.encoding)
    stream.write(f"{text}\n")


def emit_result(options: Options, text: str, *more: str) -> None:
    """Print a result for a person, whose first line is the verdict; a long one repeats it at the end.

    On a terminal long lists are folded, unless `-v` asks for all; MORE texts, such as a diff, never are.
    """
    from l10nsync.render.folding import folded, is_long

    lines = text.split("\n")
    shown = folded(lines) if sys.stdout.isatty() and not options.verbose else lines
    whole = "\n".join([*shown, *more]).split("\n")
    emit("\n".join([*whole, lines[0]] if is_long(whole) else whole))


def emit_problems(options: Options, problems: Sequence[Diagnostic], verdict: str) -> None:
    """Print PROBLEMS, and again the VERDICT above them if they move it out of sight."""
    from l10nsync.render import diagnostics
    from l10nsync.render.folding import is_long

    most = diagnostics.FEW if sys.stderr.isatty() and not options.verbose else None
    text = diagnostics.text(problems, painter(options, sys.stderr), most)
    click.echo(text, err=True)
    if verdict and is_long(text.split("\n")):
        emit(verdict)


def emit_json(data: Any) -> None:
    """Print one JSON document."""
    emit(json.dumps(data, indent=2, ensure_ascii=True))


def save(path: str, content: str | bytes) -> None:
    """Write CONTENT to the file that an option names; there is the old file or the whole new one.

    A device or a pipe, such as /dev/stdout, is written to and stays what it is.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    target = Path(path)
    if target.exists() and not target.is_file() and not target.is_dir():
        try:
            target.write_bytes(data)
        except OSError as error:
            raise UsageError(f"cannot write {path}: {error.strerror}") from error
        return
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UsageError(f"cannot write {path}: {error.strerror}") from error


def note(options: Options, text: str) -> None:
    """Print progress or a hint, unless `--quiet` asks for silence."""
    if not options.quiet:
        click.echo(text, err=True)
