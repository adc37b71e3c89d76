"""`l10nsync init`."""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import click

from l10nsync.cli.console import emit, emit_json, note, painter
from l10nsync.cli.help import Command
from l10nsync.cli.options import Options, common_with
from l10nsync.cli.pulse import paused

if TYPE_CHECKING:
    from l10nsync.app.init import Begun
    from l10nsync.model import ProjectDetails


_UNUSED = frozenset({"manifests", "resources", "project", "branch"})
"""Common options that speak of a manifest, which is not there yet."""


@click.command("init", cls=Command)
@click.option(
    "--from",
    "origin",
    metavar="FILE",
    help="Start from another tool's configuration: smartling-config.json, smartling.yml, crowdin.yml,"
    " .tx/config, .phrase.yml, i18n.json and others.",
)
@click.option(
    "--project-id", default="", metavar="ID", help="The project's id. [default: ${SMARTLING_PROJECT_ID}]"
)
@click.option(
    "--source-locale",
    default="",
    metavar="ID",
    help="Language of the sources. [default: found in the repository]",
)
@click.option("--print", "only_print", is_flag=True, help="Print the manifest and write nothing.")
@click.option(
    "--report", is_flag=True,
    help="With --from: compare the present or the new manifest with the old configuration,"
    " file by file; exit 3 if they differ.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Replace the existing manifest.")
@common_with(formats=("text", "json"), unused=_UNUSED)
def command(
    options: Options,
    *,
    origin: str | None,
    project_id: str,
    source_locale: str,
    only_print: bool,
    report: bool,
    force: bool,
) -> int:
    """Write a first .l10n.yml: from what the repository holds, or from another tool's configuration."""
    from l10nsync.app import MANIFEST_NAME
    from l10nsync.app.init import InitRequest, prepare_init, prepare_report, write_init
    from l10nsync.errors import EXIT_OK, UsageError

    if report and not origin:
        raise UsageError(
            "--report compares with another tool's configuration", hint="Name it with --from FILE."
        )
    request = InitRequest(
        options.path, origin, project_id, source_locale, options.locales, force=force or only_print,
        details=_project(options, project_id),
    )  # fmt: skip
    if report and not force and (options.path / MANIFEST_NAME).exists():
        return _report(options, prepare_report(request))
    begun = prepare_init(request)
    if begun.draft.doubt and not only_print and _is_asked(options):
        click.echo(begun.draft.doubt, err=True)
        with paused():
            answer = click.prompt("Source locale", default=begun.draft.source_locale, err=True)
        begun = prepare_init(replace(request, source_locale=answer))
    if not only_print:
        write_init(begun)
    if options.format == "json":
        return _print_json(begun, is_written=not only_print, report=report)
    if only_print:
        emit(begun.text.rstrip("\n"))
    else:
        _tell(options, begun)
    return _report(options, begun) if report else EXIT_OK


def _project(options: Options, project_id: str) -> ProjectDetails | None:
    """Return what the service says about the project, where the environment has what asking it needs."""
    from l10nsync.app.init import ask_project
    from l10nsync.cli.connect import connector, has_credentials
    from l10nsync.errors import L10nSyncError
    from l10nsync.model import Project

    known = project_id or options.environ.get("SMARTLING_PROJECT_ID", "").strip()
    if not known or not has_credentials(Project("default", known), options.environ):
        return None
    try:
        return ask_project(connector(options), known)
    except L10nSyncError as error:
        note(options, f"the project could not be asked, so locale ids are guessed: {error.message}")
        return None


def _tell(options: Options, begun: Begun) -> None:
    """Print what was found, what was not taken and why, and what to do next."""
    from l10nsync.render.paint import count, escape

    paint = painter(options, sys.stdout)
    draft = begun.draft
    figures = f"{count(len(draft.resources), 'resource')}, {count(len(draft.locales), 'locale')}"
    emit(paint(f"Wrote {begun.path.name} ({figures}). No secret is stored in it.", "good"))
    for resource in draft.resources:
        emit(f"  found  {escape(resource.found or resource.sources[0])}")
    for line in draft.not_taken:
        emit(paint(f"  not taken  {escape(line)}", "warning"))
    for remark in [*draft.notes, *(chain.from_iterable(resource.notes for resource in draft.resources))]:
        emit(paint(escape(remark), "warning"))
    for path, tool in draft.others:
        hint = f"{tool} is configured in {escape(path)}: `l10nsync init --from {escape(path)} --force`."
        emit(paint(hint, "warning"))
    figures = f"{count(begun.strings, 'string')}, {count(begun.words, 'word')}"
    emit(f"A first push would send {count(begun.sources, 'source')} with {figures}.")
    if begun.targets:
        there = count(begun.targets, "translation")
        emit(f"The repository has {there}: once the sources are pushed, `l10nsync import` imports them.")
    note(options, "next: review it, then `l10nsync check`, `l10nsync check --online`, `l10nsync plan`")


def _report(options: Options, begun: Begun) -> int:
    """Print where old and new mean something else, and return 3 if they do."""
    from l10nsync.errors import EXIT_DIFFERENCES, EXIT_OK
    from l10nsync.render.paint import count, escape

    if options.format == "json":
        code = EXIT_DIFFERENCES if begun.differences else EXIT_OK
        emit_json(
            {"schemaVersion": 1, "exitCode": code, "same": begun.same, "differences": list(begun.differences)}
        )
        return code
    paint = painter(options, sys.stdout)
    agreed = f"{count(begun.same, 'translation')} alike"
    if not begun.differences:
        emit(paint(f"Parity: the manifest matches the old configuration ({agreed}).", "good"))
        return EXIT_OK
    emit(
        paint(
            f"Parity: {count(len(begun.differences), 'difference')} from the old configuration ({agreed}).",
            "warning",
        )
    )
    for line in begun.differences:
        emit(f"  ! {escape(line)}")
    return EXIT_DIFFERENCES


def _print_json(begun: Begun, *, is_written: bool, report: bool) -> int:
    """Print all that was found as one object, and return the exit code."""
    from l10nsync.errors import EXIT_DIFFERENCES, EXIT_OK

    draft = begun.draft
    code = EXIT_DIFFERENCES if report and begun.differences else EXIT_OK
    emit_json(
        {
            "schemaVersion": 1, "exitCode": code, "written": is_written, "path": begun.path.name,
            "manifest": begun.text, "sourceLocale": draft.source_locale, "question": draft.doubt,
            "resources": [
                {"name": resource.name, "source": list(resource.sources), "target": resource.target}
                for resource in draft.resources
            ],
            "sources": begun.sources, "translations": begun.targets,
            "strings": begun.strings, "words": begun.words,
            "notTaken": list(draft.not_taken),
            "remarks": [*draft.notes, *chain.from_iterable(resource.notes for resource in draft.resources)],
            "otherTools": [{"path": path, "tool": tool} for path, tool in draft.others],
            **({"same": begun.same, "differences": list(begun.differences)} if report else {}),
        }
    )  # fmt: skip
    return code


def _is_asked(options: Options) -> bool:
    """Whether a person sits at a terminal and may be asked."""
    if options.format == "json":
        return False
    return sys.stdin.isatty() and sys.stderr.isatty() and not options.environ.get("CI")
