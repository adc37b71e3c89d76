"""A push of corrections: what was put right in the repository goes into the TMS, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from l10nsync.app import execute
from l10nsync.app.imports import ImportRequest, PreparedImport, carry_out_import, prepare_import
from l10nsync.app.links import Link
from l10nsync.app.pull import PullOptions, prepare_pull
from l10nsync.app.repository import Repository
from l10nsync.model import Written
from l10nsync.plan import Action, Report, TargetChange
from l10nsync.plan.corrections import TextBySpot, amended, texts_of
from l10nsync.plan.imports import ImportOptions


def prepare_corrections(
    repository: Repository, links: Mapping[str, Link], *, yes: bool
) -> tuple[PreparedImport, ImportRequest]:
    """Return the import of the strings that a pull would keep because they were corrected here."""
    pulled = prepare_pull(repository, links, PullOptions())
    changes = (change for change in pulled.plan.changes if isinstance(change, TargetChange))
    only = {change.path: change for change in changes if change.spots}
    request = ImportRequest(ImportOptions(overwrite=True, equal=True, only=only), yes)
    able = {name: link for name, link in links.items() if link.provider.abilities.imports}
    return prepare_import(repository, able, request), request


def carry_out_corrections(
    links: Mapping[str, Link],
    prepared: PreparedImport,
    request: ImportRequest,
    *,
    watch: execute.Watch = lambda _change, _state: None,
) -> Report:
    """Send what the plan says, and remember that the service has it: what it publishes later is news."""
    report = carry_out_import(links, prepared, watch=watch)
    corrected = request.options.only or {}
    for result in report.results:
        change = corrected.get(result.change.path)
        if change is None or result.status != "done" or result.findings:
            continue
        cache = links[change.project].cache
        before = cache.written.get(change.path) or _as_pulled(change)
        if before is not None:
            texts = amended(before.texts, _sent_texts(prepared, change))
            cache.written = {**cache.written, change.path: replace(before, texts=texts, again=True)}
            cache.save()
    return report


def _as_pulled(change: TargetChange) -> Written | None:
    """Return what a pull would remember now; of a file that it would write, no texts."""
    remember = change.remember
    if remember is None or change.action is Action.KEEP:
        return remember
    # What the pull would write is not here yet: remembered, it would turn the old texts into corrections.
    return replace(remember, texts="")


def _sent_texts(prepared: PreparedImport, change: TargetChange) -> TextBySpot:
    source = prepared.sources[change.source]
    target = next(target for target in source.targets if target.path == change.path)
    original = prepared.originals.get(source.path) or b""
    texts = texts_of(source, target, original, prepared.local[change.path].content)
    return {spot: texts[spot] for spot in change.spots if spot in texts}
