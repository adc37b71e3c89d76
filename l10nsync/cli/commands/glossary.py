"""`l10nsync glossary`: pull."""

from __future__ import annotations

import click

from l10nsync.cli.console import emit, emit_json
from l10nsync.cli.help import CommandGroup
from l10nsync.cli.linked import linked
from l10nsync.cli.options import Options, common_with


@click.group("glossary", cls=CommandGroup)
def command() -> None:
    """Take the glossary that the manifest names; `verify` warns where a translation breaks it."""


@command.command("pull")
@click.option("--force", is_flag=True, help="Overwrite a file with changes that are not committed.")
@common_with(formats=("text", "json"))
def pull_command(options: Options, *, force: bool) -> int:
    """Write the glossary as TBX into its file; a file that says the same already is left alone."""
    from l10nsync.app.glossary import pull_glossaries
    from l10nsync.render.paint import count, escape

    with linked(options) as (repository, links):
        taken = pull_glossaries(repository, links, force=force)
    if options.format == "json":
        rows = [
            {
                "name": glossary.name,
                "file": glossary.path,
                "entries": glossary.entries,
                "written": glossary.written,
            }
            for glossary in taken
        ]
        emit_json({"schemaVersion": 1, "exitCode": 0, "glossaries": rows})
        return 0
    for glossary in taken:
        entries = f"{count(glossary.entries, 'term')} in {escape(glossary.path)}"
        emit(f"Wrote {entries}." if glossary.written else f"No changes: {entries}.")
    return 0
