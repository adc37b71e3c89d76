"""`l10nsync explain`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from l10nsync.cli.console import emit, emit_json
from l10nsync.cli.help import DOCS, Command
from l10nsync.cli.options import OFFLINE, Options, common_with

if TYPE_CHECKING:
    from l10nsync.layout import Explanation

EXIT_CODES = {
    0: "Done and confirmed, or nothing to do. Strings not translated yet are not an error.",
    1: "A defect of l10nsync. The message names a file with the details; please report it.",
    2: "Usage, manifest or repository state. Nothing was changed.",
    3: "There are differences: `plan --exit-code` or `pull --check` found changes.",
    4: "Credentials are missing, wrong or not permitted.",
    5: "Temporary: retries or the deadline are used up, or the service has not finished. Run again.",
    6: (
        "The gate is not passed: `verify` found errors in translations (correct the files that it names), or"
        " `status --fail-if-incomplete` found that not everything is published."
    ),
    7: "Partial: some items failed or were held back; the others are done. Running again is safe.",
    8: "Refused for safety, or a conflict: a stale plan, edits that would be lost, a source that shrank.",
    130: "Interrupted (SIGINT) and ended in order. Running again continues.",
    143: "Terminated (SIGTERM) and ended in order. Running again continues.",
}


@click.command("explain", cls=Command)
@click.argument("subject", metavar="WHAT")
@common_with(formats=("text", "json"), unused=OFFLINE)
def command(options: Options, *, subject: str) -> int:
    """Explain WHAT: a path of the repository, an exit code (`7`) or an error code (`E204`)."""
    from l10nsync.errors import UsageError

    if subject.isdigit() and int(subject) in EXIT_CODES:
        return _explain_code(options, f"exit {subject}", EXIT_CODES[int(subject)])
    if re.fullmatch(r"[EWew]\d{3}", subject):
        code = subject.upper()
        text = codes().get(code)
        if text is None:
            raise UsageError(f"unknown code {code}", hint=f"{DOCS}/errors.md lists all.")
        return _explain_code(options, code, text)
    if subject.isdigit() and not (options.path / subject).exists():
        known = ", ".join(map(str, EXIT_CODES))
        raise UsageError(
            f"there is no exit code {subject}, and no file of that name", hint=f"Exit codes are {known}."
        )
    return _explain_path(options, subject)


def codes() -> dict[str, str]:
    """Return every code of a problem with what it means."""
    from l10nsync import app, layout, manifest

    return {**manifest.CODES, **layout.CODES, **app.CODES}


def _explain_code(options: Options, code: str, text: str) -> int:
    if options.format == "json":
        emit_json({"schemaVersion": 1, "code": code, "meaning": text})
    else:
        emit(f"{code}: {text}")
    return 0


def _explain_path(options: Options, path: str) -> int:
    from l10nsync import app
    from l10nsync.cli.settings import settings

    repository = app.open_repository(settings(options), options.environ, checked=False, needs_branch=False)
    found = app.explain(repository, options.path / path)
    if options.format == "json":
        emit_json({"schemaVersion": 1, **found.as_data()})
    else:
        _emit_text(found)
    return 0


def _emit_text(found: Explanation) -> None:
    from l10nsync.render.paint import escape

    for line in found.lines():
        emit(escape(line))
