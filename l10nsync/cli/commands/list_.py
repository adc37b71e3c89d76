"""`l10nsync list`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import click

from l10nsync.cli.console import emit, emit_json, emit_result, note
from l10nsync.cli.help import Command
from l10nsync.cli.options import OFFLINE, Options, common_with
from l10nsync.model import Manifest, Source

COLUMNS = ("resource", "source", "fileUri", "fileType", "namespace", "locale", "localName", "target")


@click.command("list", cls=Command)
@common_with(formats=("text", "json", "tsv"), unused=OFFLINE)
def command(options: Options) -> int:
    """Show what the manifest means: one line per source and locale; an upload-only source has no target."""
    from l10nsync.app import open_repository, untracked_notice, untracked_sources
    from l10nsync.cli.settings import settings

    repository = open_repository(settings(options), options.environ, needs_branch=False)
    rows = list(chain.from_iterable(_rows(source) for source in repository.sources))
    if options.format == "json":
        emit_json({"schemaVersion": 1, "rows": [dict(zip(COLUMNS, row, strict=True)) for row in rows],
                   "settings": _settings(repository.sources),
                   "projects": _projects(repository.manifest)})  # fmt: skip
    elif options.format == "tsv":
        for row in (COLUMNS, *rows):
            emit("\t".join(row))
    else:
        emit_result(options, _text(rows))
    if found := untracked_sources(repository):
        note(options, f"notice: {untracked_notice(found)}")
    return 0


def _settings(sources: Iterable[Source]) -> dict[str, dict[str, Any]]:
    """Return by fileUri how the TMS is asked to read it."""
    return {
        source.file_uri: {"charset": source.charset, "directives": dict(source.directives)}
        for source in sources
    }


def _projects(manifest: Manifest) -> dict[str, dict[str, Any]]:
    """Return by name of a project its languages, as the TMS calls them."""
    locales: dict[str, set[str]] = {name: set() for name in manifest.projects}
    for resource in manifest.resources:
        locales[resource.project].update(resource.locales.names)
    return {
        name: {"sourceLocale": project.source_locale, "locales": sorted(locales[name])}
        for name, project in manifest.projects.items()
    }


def _rows(source: Source) -> Iterator[tuple[str, ...]]:
    head = (source.resource, source.path, source.file_uri, source.file_type, source.namespace)
    for target in source.targets:
        yield (*head, target.locale, target.local_name, target.path)
    if not source.targets:
        for locale in source.locales:
            yield (*head, locale, "", "")


def _text(rows: list[tuple[str, ...]]) -> str:
    """Return ROWS for a person: how many there are, then each source with its targets."""
    from l10nsync.render.paint import count, escape, pad

    if not rows:
        return "The manifest selects no sources."
    lines: list[str] = []
    seen = set()
    for resource, source, uri, kind, namespace, locale, name, target in rows:
        if source not in seen:
            extra = [f"fileUri {uri}"] if uri != source else []
            extra += [f"namespace {namespace}"] if namespace != uri else []
            parts = "".join(f"  {part}" for part in extra)
            lines.append(escape(f"  {source}  [{resource}, {kind}]{parts}"))
            seen.add(source)
        label = f"{locale} as {name}" if name and name != locale else locale or f"copy {name}"
        lines.append(f"    {pad(escape(label), 20)}  {escape(target) or '(upload only)'}")
    targets = sum(1 for row in rows if row[-1])
    return "\n".join([f"{count(len(seen), 'source')}, {count(targets, 'target')}.", *lines])
