"""An import of the translations that the work tree holds: prepare it, carry it out."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from functools import partial

from l10nsync import formats
from l10nsync.app import execute, on_disk
from l10nsync.app.links import Link, check_project, committed, observe, requests, require_progress
from l10nsync.app.pull import fetch, local_targets, targets_of
from l10nsync.app.repository import Repository
from l10nsync.errors import ContentError, RefusedError, UsageError
from l10nsync.formats import Document
from l10nsync.lazy import Lazy
from l10nsync.model import Fetched, Import, Source, Wanted
from l10nsync.plan import LocalTarget, Plan, Report, Result, TargetChange, Wants, merge
from l10nsync.plan.imported import confirmed
from l10nsync.plan.imports import (
    ImportFacts,
    ImportOptions,
    plan_import,
    to_import,
    wanted_of,
)


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What an import was asked to do."""

    options: ImportOptions = field(default_factory=ImportOptions)
    yes: bool = False
    """Replace translations of the TMS."""


@dataclass(frozen=True)
class PreparedImport:
    """An import, ready to be carried out."""

    plan: Plan
    imports: Mapping[str, Import]
    """By path of the translation."""
    sources: Mapping[str, Source]
    """By path of the source."""
    before: Mapping[str, Mapping[Wanted, Fetched]] = field(default_factory=dict)
    """What the TMS had when the plan was made, by project."""
    originals: Mapping[str, bytes | None] = field(default_factory=dict)
    """Content of the sources, by path."""
    local: Mapping[str, LocalTarget] = field(default_factory=dict)
    """The translations, by path."""


def prepare_import(
    repository: Repository, links: Mapping[str, Link], request: ImportRequest
) -> PreparedImport:
    """Make the plan of an import; sends only reading requests."""
    sources = repository.sources
    local = local_targets(repository, targets_of(repository, sources))
    plans: list[Plan] = []
    imports: dict[str, Callable[[], Import]] = {}
    before: dict[str, Mapping[Wanted, Fetched]] = {}
    originals: dict[str, Callable[[], bytes | None]] = {}
    by_path = {source.path: source for source in sources}
    for name, link in links.items():
        if not link.provider.abilities.imports:
            raise UsageError(
                f"the provider of project {name!r} cannot import translations",
                hint="Choose other projects with --project, or resources with -r.",
            )
        waiting = on_disk.Waiting()
        facts = ImportFacts(
            sources=tuple(source for source in sources if source.project == name),
            blobs=repository.tracked.files,
            contents=waiting.contents,
            local=local,
            fetched=waiting.answers,
            options=request.options,
        )
        contents = on_disk.made()
        plan = _learn(repository, link, facts, waiting, contents)
        before[name] = waiting.answers
        for source in facts.sources:
            blob = facts.blobs.get(source.path, "")
            originals[source.path] = partial(waiting.contents.get, blob)
        plans.append(plan)
        for change in plan.work:
            if isinstance(change, TargetChange):
                source = by_path[change.source]
                imports[change.path] = partial(_to_import, change, source, contents, request.options)
    plan = merge(plans) if plans else Plan("import")
    return PreparedImport(plan, Lazy(imports), by_path, before, Lazy(originals), local)


def _to_import(
    change: TargetChange, source: Source, contents: Mapping[str, bytes], options: ImportOptions
) -> Import:
    return to_import(change, source, contents[change.path], options)


def _learn(
    repository: Repository,
    link: Link,
    facts: ImportFacts,
    waiting: on_disk.Waiting,
    contents: MutableMapping[str, bytes],
) -> Plan:
    """Ask the provider and git until the planner can decide."""
    before = Wants()
    while isinstance(found := plan_import(facts, contents), Wants):
        require_progress(before, found)
        before = found
        if found.question:
            facts = replace(facts, remote=observe(link, facts.remote, found.question))
            check_project(repository, link.project, facts.remote)
        on_disk.take_blobs(repository.workspace, waiting.contents, found.blobs)
        facts = replace(facts, committed=committed(repository.workspace, facts.committed, found))
        if found.pairs:
            waiting.answers.update(fetch(link, found.pairs))
    return found


def check_import_allowed(repository: Repository, plan: Plan, request: ImportRequest) -> None:
    """Raise `RefusedError` for what only a person may let through: a fork's branch, replaced translations."""
    if repository.branch.fork and plan.has_work:
        raise RefusedError(
            f"branch {repository.branch.name!r} belongs to a fork: nothing is imported from it"
        )
    replaced = sum(change.replaced for change in plan.work if isinstance(change, TargetChange))
    if replaced and not request.yes:
        raise RefusedError(
            f"{replaced} translation{'' if replaced == 1 else 's'} on the TMS would be replaced",
            hint="See them with --dry-run; --yes replaces them.",
        )


def carry_out_import(
    links: Mapping[str, Link],
    prepared: PreparedImport,
    *,
    watch: execute.Watch = lambda _change, _state: None,
) -> Report:
    """Send what the plan says, and read back what came about."""
    providers = {name: link.provider for name, link in links.items()}
    report = execute.import_(prepared.plan, providers, prepared.imports, watch=watch)
    after = {name: on_disk.answers() for name in links}
    for name, link in links.items():
        pairs = {
            _wanted(prepared, result)
            for result in report.results
            if result.change.project == name and result.status == "done"
        }
        after[name].update(fetch(link, frozenset(pairs)) if pairs else ())
    results = (_read_back(prepared, result, after) for result in report.results)
    with_lines = tuple(_with_lines(prepared, result) for result in results)
    return replace(report, results=with_lines, requests=requests(links))


def _wanted(prepared: PreparedImport, result: Result) -> Wanted:
    change = result.change
    assert isinstance(change, TargetChange)  # noqa: S101 - an import changes targets
    return wanted_of(prepared.sources[change.source], change.locale)


def _read_back(
    prepared: PreparedImport, result: Result, after: Mapping[str, Mapping[Wanted, Fetched]]
) -> Result:
    """Return RESULT, corrected by what the TMS has now."""
    change = result.change
    if result.status != "done" or not isinstance(change, TargetChange):
        return result
    wanted, source = _wanted(prepared, result), prepared.sources[change.source]
    sent = _document(source, prepared.imports[change.path].content)
    original = _document(source, prepared.originals.get(change.source) or b"")
    if sent is None or original is None:
        return result
    had, has = (
        _document(source, download.content) if download else None
        for download in (found[change.project].get(wanted) for found in (prepared.before, after))
    )
    return confirmed(result, sent, original, had, has)


def _document(source: Source, content: bytes | None) -> Document | None:
    """Return CONTENT read as its type; None if it is missing or cannot be read."""
    with contextlib.suppress(ContentError):
        if content is not None:
            return formats.parse(source.file_type, content, source.directives, source.charset)
    return None


def _with_lines(prepared: PreparedImport, result: Result) -> Result:
    """Return RESULT with the lines of the strings that the service did not take."""
    change = result.change
    if not result.findings or not isinstance(change, TargetChange):
        return result
    source = prepared.sources[change.source]
    try:
        content = prepared.local[change.path].content
        document = formats.parse(source.file_type, content, source.directives, source.charset)
    except ContentError:
        return result
    lines = {unit.key: unit.line for unit in document.units} if document else {}
    found = tuple(replace(finding, line=lines.get(finding.key, 0)) for finding in result.findings)
    return replace(result, findings=found)
